//! `unbroken init`: a config from what is found.

use std::fmt::Write as _;

use clap::Args;

use super::inspect::here;
use super::output::{self, CommandError};
use crate::document::references;
use crate::load::Format;
use crate::policy::Owners;
use crate::policy::config::{CONFIG_PATH, ConfigFile};
use crate::source::{Discovered, Files, RepoPath, Repository, Seen, Selection, WorkTree, discover};

/// Options of `init`.
#[derive(Debug, Args)]
pub(super) struct InitOptions {
    /// Write over a config that is there
    #[arg(long)]
    force: bool,
}

/// Writes `unbroken.yaml` at the root of the work tree.
pub(super) fn run(options: &InitOptions) -> Result<u8, CommandError> {
    let (folder, environment) = here()?;
    let repository = Repository::open(&folder, &environment)?;
    let path = repository.work_folder()?.join(CONFIG_PATH);
    if path.exists() && !options.force {
        let shown = path.display();
        let message = format!("{shown} is there already; --force writes over it");
        return Err(CommandError::Usage(message));
    }
    let tree = WorkTree::open(repository)?;
    let (contracts, seen) = discover(&tree, &Selection::default(), &references)?;
    let text = config(&contracts, &seen, &Owners::of(&tree)?);
    // What is written must be readable by the next run.
    let name = RepoPath::new(CONFIG_PATH).unwrap_or_else(|_| RepoPath::fallback());
    ConfigFile::parse(&mut Files::default(), &name, text.as_bytes())
        .map_err(|error| CommandError::Team(error.into()))?;
    output::write_file(&path, &text)?;
    let count = contracts.len();
    let plural = if count == 1 { "" } else { "s" };
    output::print(&format!("{count} contract{plural} found; written to {}\n", path.display()))
}

const BEGINNING: &str = "\
# What Unbroken is told of the contracts of this repository, and what this team minds. Every part may
# be left out: contracts are found without being named, and what is not said has a default.
# `unbroken doctor` says what is seen and why, `unbroken check --print-config` what holds.

";

const END: &str = "
# Copies, fixtures and generated files that are no contracts of this team.
ignore: []

# Where imports of `.proto` files are looked up, in this order; what is not named is found.
import-roots: []

# Versions that are still in use; head is compared with each of them too.
supported: []
#  - tags: v2.*
#    until: 2027-12-31
#  - branches: release/*
#    side-by-side: true

policy:
  # From which severity on `unbroken check` fails: note, warning, error or never.
  fail-on: error
  # How much the team minds a kind of change: off, note, warning or error.
  rules: {}
  # The same for some contracts, or for what breaks some surfaces only.
  severities: []
#    - {paths: [internal/**], severity: warning}
  sunset:
    # How many days at least lie between the announcement and the sunset.
    minimum-days: 0

# Where findings are accepted: `unbroken accept`.
accept: .unbroken/accepted.yaml
";

/// The text of a config that says what was found.
fn config(contracts: &[Discovered], seen: &Seen, owners: &Owners) -> String {
    let mut text = BEGINNING.to_owned();
    if contracts.is_empty() {
        text.push_str("# No contract was found.\ncontracts: []\n");
    } else {
        text.push_str("contracts:\n");
    }
    for contract in contracts {
        let Discovered {
            kind,
            root,
            files,
            reached: _,
            identified: _,
            import_roots: _,
            named_roots: _,
            at_rest: _,
            names: _,
            imports: _,
            beside: _,
            adopted: _,
        } = contract;
        let path = match (root.as_str(), files.as_slice()) {
            // The root of the repository has no name that a pattern could say.
            (".", _) => "**/*.proto",
            (path, _) => path,
        };
        let mut notes = Vec::new();
        let why = seen.contracts.iter().find(|(path, _)| files.contains(path));
        if let Some((_, why)) = why {
            notes.push(match files.len() {
                1 => (*why).to_owned(),
                many => format!("{many} files"),
            });
        }
        if let Some(owner) = owners.of_files(files.iter().map(RepoPath::as_str)) {
            notes.push(format!("owned by {owner} (CODEOWNERS)"));
        }
        let note = notes.join("; ").replace(|letter: char| letter.is_control(), " ");
        let quoted = serde_json::Value::from(path).to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  # {note}");
        let _ = writeln!(text, "  - paths: [{quoted}]");
        let _ = writeln!(text, "    kind: {}", Format::from(*kind).name());
    }
    text.push_str(END);
    text
}
