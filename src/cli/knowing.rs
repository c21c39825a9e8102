//! `explain`, `rules`, `completions` and `man`: what the program knows of itself.

use clap::{CommandFactory as _, Parser as _};
use clap_complete::Shell;

use super::accept::{find, is_fingerprint};
use super::arguments::{Arguments, CatalogueFormat, Command};
use super::inspect::inspect;
use super::output::{CommandError, print, say};
use crate::policy::JudgedFinding;
use crate::report::catalogue;
use crate::rules;

/// The pages of the rules, by id.
static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// From which likeness on a word is taken for a misspelt rule.
const LEAST_LIKENESS: f64 = 0.8;

/// Prints what a rule means, with an example; of a fingerprint the rule of its finding.
pub(super) fn explain(word: &str) -> Result<u8, CommandError> {
    if let Some(rule) = rules::find(word) {
        return print(&page(rule));
    }
    if is_fingerprint(word) {
        return explain_finding(word);
    }
    let near = rules::catalogue()
        .map(|rule| (strsim::jaro_winkler(rule.id, word), rule.id))
        .max_by(|left, right| left.0.total_cmp(&right.0));
    let hint = match near {
        Some((likeness, near)) if likeness > LEAST_LIKENESS => format!("; did you mean `{near}`?"),
        _ => "; `unbroken rules` lists them".to_owned(),
    };
    Err(CommandError::Usage(format!("there is no rule `{word}`{hint}")))
}

/// Prints what a finding of the comparison that `check` makes here says, and what its rule means.
fn explain_finding(digits: &str) -> Result<u8, CommandError> {
    let usual = Arguments::try_parse_from(["unbroken", "doctor"]).map(|usual| usual.command);
    let Ok(Command::Doctor(scope)) = usual else {
        return Err(CommandError::Usage(format!("there is no rule `{digits}`")));
    };
    let inspection = inspect(&scope)?;
    let (contract, judged) = find(&inspection, digits)?;
    let JudgedFinding { finding, fingerprint, verdict, .. } = judged;
    let (path, site) = (&contract.path, finding.site.to_string());
    let said = [fingerprint, path, &site].into_iter().filter(|word| !word.is_empty());
    let said = said.map(String::as_str).collect::<Vec<&str>>().join(" · ");
    say(&format!("{said}\n{}: {}\n", verdict.name(), finding.message))?;
    print(&format!("\n{}", page(finding.rule)))
}

fn page(rule: &rules::Rule) -> String {
    let written = PAGES.iter().find(|(name, _)| *name == rule.id).map(|(_, page)| *page);
    match written {
        Some(page) => catalogue::plain(page),
        None => catalogue::plain(&catalogue::page(rule, None)),
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
    print(&with_rules(shell, &String::from_utf8_lossy(&script)))
}

/// Teaches the shells what `explain` takes to which nobody else tells the values of what has no flag.
fn with_rules(shell: Shell, script: &str) -> String {
    let offer = |mark: &str, line: &dyn Fn(&rules::Rule) -> String| {
        let lines: String = rules::catalogue().map(line).collect();
        script.replacen(mark, &format!("{mark}{lines}"), 1)
    };
    match shell {
        Shell::Fish => {
            let ids: Vec<&str> = rules::catalogue().map(|rule| rule.id).collect();
            let seen = "__fish_unbroken_using_subcommand explain";
            format!("{script}complete -c unbroken -n \"{seen}\" -f -a \"{}\"\n", ids.join(" "))
        }
        Shell::PowerShell => offer("'unbroken;explain' {\n", &|rule| {
            let id = rule.id;
            let kind = "[CompletionResultType]::ParameterValue";
            format!("            [CompletionResult]::new('{id}', '{id}', {kind}, '{id}')\n")
        }),
        Shell::Elvish => offer("&'unbroken;explain'= {\n", &|rule| {
            format!("            cand {id} '{id}'\n", id = rule.id)
        }),
        Shell::Bash | Shell::Zsh | _ => script.to_owned(),
    }
}

/// What the manual says beside commands and options, in the words of roff.
const BESIDE_THE_OPTIONS: &str = r#".SH "EXIT STATUS"
.TP
0
compared, and nothing at or above the threshold of \-\-fail\-on
.TP
1
findings at or above it
.TP
2
a wrong argument, or a config that cannot be understood
.TP
3
something could not be compared: no base, or a contract that cannot be read
.TP
4
something was refused for safety: a reference out of the repository, or a limit
.PP
The report is written in any case, as \-\-format and \-o say.
.SH ENVIRONMENT
.TP
UNBROKEN_CONFIG, UNBROKEN_CONFIG_FROM, UNBROKEN_FAIL_ON, UNBROKEN_TODAY
the flags \-\-config, \-\-config\-from, \-\-fail\-on and \-\-today, where they are not given
.TP
NO_COLOR, CLICOLOR, CLICOLOR_FORCE
whether a terminal is shown colours
.TP
GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE
the repository and its index, as git reads them
.SH FILES
.TP
unbroken.yaml
what the team says of its contracts, and what it minds
.TP
\&.unbroken/accepted.yaml
the findings that it has accepted
"#;

/// Prints the manual, for `man`.
pub(super) fn man() -> Result<u8, CommandError> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    let render = |command: clap::Command, page: &mut Vec<u8>| {
        let written = clap_mangen::Man::new(command).render(page);
        written.map_err(|error| CommandError::Write {
            path: "the manual".to_owned(),
            reason: error.to_string(),
        })
    };
    let subcommands: Vec<clap::Command> = command.get_subcommands().cloned().collect();
    render(command, &mut page)?;
    page.extend_from_slice(BESIDE_THE_OPTIONS.as_bytes());
    for subcommand in subcommands {
        if subcommand.get_name() != "help" {
            render(subcommand, &mut page)?;
        }
    }
    print(&String::from_utf8_lossy(&page))
}
