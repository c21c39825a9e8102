//! `unbroken check --print-config`: every value that holds, and where it comes from.

use clap::ArgMatches;

use super::arguments::ScopeOptions;
use super::inspect::request;
use super::output::{self, CommandError};
use super::team::given;
use crate::document::references;
use crate::load::Format;
use crate::model::Surface;
use crate::policy::config::{Given, Origin, Setting, settings};
use crate::policy::{Owners, Team};
use crate::report::escape;
use crate::source::{Discovered, RepoPath, discover, open};

/// Writes the values of the config and of the command line, then what follows for each contract.
pub(super) fn run(options: &ScopeOptions, matches: &ArgMatches) -> Result<u8, CommandError> {
    let opened = open(&request(options)?)?;
    let team = options.team.read(&opened)?;
    let given = given(matches);
    let owners = match options.team.owners(&opened)? {
        Some(owners) => owners,
        None => Owners::of(opened.head.as_ref())?,
    };
    let selection = team.config.config.selection();
    let (contracts, _) = discover(opened.head.as_ref(), &selection, &references)?;
    let mut all = settings(&team.config, &team.files, &given);
    let named = all.clone();
    let holding = Holding { team: &team, named: &named, given: &given, owners: &owners };
    all.extend(contracts.iter().flat_map(|contract| holding.of(contract)));
    output::say(&table(&all))
}

/// What decides on a contract.
struct Holding<'t> {
    team: &'t Team,
    /// What the config says, value by value.
    named: &'t [Setting],
    given: &'t [Given],
    owners: &'t Owners,
}

impl Holding<'_> {
    /// What holds for the contract, key by key: the flag, else the last entry that says it, else what
    /// is usual.
    fn of(&self, contract: &Discovered) -> Vec<Setting> {
        let root = escape(contract.root.as_str()).into_owned();
        let files: Vec<&str> = contract.files.iter().map(RepoPath::as_str).collect();
        let entries = self.team.config.config.contracts.iter().enumerate();
        let covering: Vec<usize> = entries
            .filter(|(_, entry)| entry.covers(contract.root.as_str(), &files))
            .map(|(index, _)| index)
            .collect();
        let owner = match self.owners.of_files(files.iter().copied()) {
            Some(owner) => (owner, self.owners.place().map_or(Origin::Default, file)),
            None => ("nobody".to_owned(), Origin::Default),
        };
        let usual = usual(Format::from(contract.kind)).into_iter();
        let usual = usual.map(|(key, value)| (key, (value, Origin::Default)));
        std::iter::once(("owner", owner))
            .chain(usual)
            .map(|(key, otherwise)| {
                let said = self.flag(key).or_else(|| self.entry(&covering, key));
                let (value, origin) = said.unwrap_or(otherwise);
                Setting { name: format!("{root}: {key}"), value, origin }
            })
            .collect()
    }

    fn flag(&self, key: &str) -> Option<(String, Origin)> {
        let given = self.given.iter().find(|given| given.name == key)?;
        Some((given.value.clone(), given.origin.clone()))
    }

    fn entry(&self, covering: &[usize], key: &str) -> Option<(String, Origin)> {
        covering.iter().rev().find_map(|index| {
            let name = format!("contracts[{index}].{key}");
            let setting = self.named.iter().find(|setting| setting.name == name)?;
            Some((setting.value.clone(), setting.origin.clone()))
        })
    }
}

fn file(path: &str) -> Origin {
    Origin::File(path.to_owned())
}

/// What holds for a contract of this format of which nobody says anything, in the order of the page on
/// the config.
fn usual(format: Format) -> Vec<(&'static str, String)> {
    let surfaces = format.default_surfaces();
    let surfaces = Surface::ALL.into_iter().filter(|surface| surfaces.get(*surface));
    let surfaces: Vec<&str> = surfaces.map(Surface::name).collect();
    let surfaces = ("surfaces", format!("[{}]", surfaces.join(", ")));
    let said = |key: &'static str, value: &str| (key, value.to_owned());
    let stability = said("stability", "stable");
    match format {
        Format::Protobuf => vec![
            said("mode", "full"),
            surfaces,
            stability,
            said("json-readers", "tolerant"),
            said("packs", "[]"),
        ],
        Format::OpenApi | Format::JsonSchema => vec![
            said("mode", "backward"),
            surfaces,
            stability,
            said("readers", "strict"),
            said("content-model", "open"),
            said("formats", "assert"),
        ],
    }
}

fn table(all: &[Setting]) -> String {
    let width = |of: fn(&Setting) -> &str| {
        all.iter().map(|setting| of(setting).chars().count()).max().unwrap_or(0)
    };
    let (names, values) = (width(|it| &it.name), width(|it| &it.value));
    let line = |setting: &Setting| {
        let Setting { name, value, origin } = setting;
        format!("{name:<names$}  {value:<values$}  {origin}\n")
    };
    all.iter().map(line).collect()
}
