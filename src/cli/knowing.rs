//! `explain`, `rules`, `completions` and `man`: what the program knows of itself.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::arguments::{Arguments, CatalogueFormat};
use super::output::{CommandError, print};
use crate::report::catalogue;
use crate::rules;

/// The pages of the rules, by id.
static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// From which likeness on a word is taken for a misspelt rule.
const LEAST_LIKENESS: f64 = 0.8;

/// Prints what a rule means, with an example.
pub(super) fn explain(id: &str) -> Result<u8, CommandError> {
    let Some(rule) = rules::find(id) else {
        let near = rules::catalogue()
            .map(|rule| (strsim::jaro_winkler(rule.id, id), rule.id))
            .max_by(|left, right| left.0.total_cmp(&right.0));
        let hint = match near {
            Some((likeness, near)) if likeness > LEAST_LIKENESS => {
                format!("; did you mean `{near}`?")
            }
            _ => "; `unbroken rules` lists them".to_owned(),
        };
        return Err(CommandError::Usage(format!("there is no rule `{id}`{hint}")));
    };
    let written = PAGES.iter().find(|(name, _)| *name == rule.id).map(|(_, page)| *page);
    match written {
        Some(page) => print(&catalogue::plain(page)),
        None => print(&catalogue::plain(&catalogue::page(rule, None))),
    }
}

/// Prints all rules.
pub(super) fn rules(format: CatalogueFormat) -> Result<u8, CommandError> {
    print(&match format {
        CatalogueFormat::Text => catalogue::text(),
        CatalogueFormat::Json => catalogue::json(),
        CatalogueFormat::Markdown => catalogue::markdown(),
    })
}

/// Prints what a shell needs to complete our words.
pub(super) fn completions(shell: Shell) -> Result<u8, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "unbroken", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual, for `man`.
pub(super) fn man() -> Result<u8, CommandError> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    let mut render = |command: clap::Command| {
        let written = clap_mangen::Man::new(command).render(&mut page);
        written.map_err(|error| CommandError::Write {
            path: "the manual".to_owned(),
            reason: error.to_string(),
        })
    };
    let subcommands: Vec<clap::Command> = command.get_subcommands().cloned().collect();
    render(command)?;
    for subcommand in subcommands {
        if subcommand.get_name() != "help" {
            render(subcommand)?;
        }
    }
    print(&String::from_utf8_lossy(&page))
}
