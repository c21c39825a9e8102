//! Whose config holds, and what was given outside it.

use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::output::CommandError;
use crate::policy::config::{Day, Given, Origin, day};
use crate::policy::{Owners, Team, TeamError, Trust};
use crate::source::{Opened, RepoPath, Snapshot, Why};

/// Whose policy counts.
#[derive(Debug, Args)]
pub(super) struct TeamOptions {
    /// Read the config from this file [default: unbroken.yaml at the root of the repository]
    #[arg(long, value_name = "PATH", env = "UNBROKEN_CONFIG", hide_env_values = true)]
    pub(super) config: Option<String>,
    /// Whose config and acceptances count [default: head]
    #[arg(long, value_enum, env = "UNBROKEN_CONFIG_FROM", hide_env_values = true)]
    #[arg(conflicts_with = "config")]
    pub(super) config_from: Option<ConfigFrom>,
    #[command(flatten)]
    pub(super) calendar: Calendar,
}

/// What day it is.
#[derive(Debug, Args)]
pub(super) struct Calendar {
    /// The day on which acceptances and sunsets are judged [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    #[arg(env = "UNBROKEN_TODAY", hide_env_values = true)]
    today: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ConfigFrom {
    /// The change's own; what it weakens is shown
    Head,
    /// The base's, for changes of people who may not move the gate
    Base,
}

impl Calendar {
    /// The day on which the policy is asked. The only place where a clock is read.
    pub(super) fn today(&self) -> Day {
        self.today.unwrap_or_else(|| TimeZone::UTC.to_datetime(Timestamp::now()).date())
    }
}

impl TeamOptions {
    /// The day on which the policy is asked.
    pub(super) fn today(&self) -> Day {
        self.calendar.today()
    }

    /// Whose acceptances inside a contract count.
    pub(super) fn trust(&self) -> Trust {
        match self.config_from {
            Some(ConfigFrom::Base) => Trust::Base,
            Some(ConfigFrom::Head) | None => Trust::Head,
        }
    }

    /// What the team has written down, wherever it counts.
    pub(super) fn read(&self, opened: &Opened) -> Result<Team, CommandError> {
        let team = self.written(opened)?;
        let is_named = opened.bases.iter().any(|base| base.why == Why::Named);
        if let Some(path) = team.path.as_ref().filter(|_| !is_named)
            && let Some(error) = team.config.without_bases(&team.files, path)
        {
            return Err(TeamError::from(error).into());
        }
        Ok(team)
    }

    fn written(&self, opened: &Opened) -> Result<Team, CommandError> {
        if let Some(path) = &self.config {
            let bytes = std::fs::read(path).map_err(|error| {
                CommandError::Usage(format!("the config {path} cannot be read: {error}"))
            })?;
            return Ok(Team::with_config(opened.head.as_ref(), named(path), &bytes)?);
        }
        match (self.trust(), opened.bases.first()) {
            (Trust::Base, Some(base)) => Ok(Team::of(&opened.files_of(base)?)?),
            (Trust::Base, None) => Ok(Team::default()),
            (Trust::Head, _) => Ok(Team::of(opened.head.as_ref())?),
        }
    }

    /// Who owns the files, where the change itself has no say in it.
    pub(super) fn owners(&self, opened: &Opened) -> Result<Option<Owners>, CommandError> {
        Ok(match (self.trust(), opened.bases.first()) {
            (Trust::Base, Some(base)) => Some(Owners::of(&opened.files_of(base)?)?),
            (Trust::Base, None) => Some(Owners::default()),
            (Trust::Head, _) => None,
        })
    }

    /// What had been written down before the change; `None` where the change has no say.
    pub(super) fn before(&self, base: &dyn Snapshot, head: &Team) -> Option<Team> {
        match (self.trust(), &self.config, &head.path) {
            (Trust::Base, _, _) => None,
            (Trust::Head, Some(path), Some(_)) => {
                let bytes = std::fs::read(path).ok()?;
                Team::with_config(base, named(path), &bytes).ok()
            }
            // A base that says nonsense had no policy; the change that mends it shows all of its own.
            (Trust::Head, _, _) => Some(Team::of(base).unwrap_or_default()),
        }
    }
}

/// The name of a file that may lie outside the repository.
fn named(path: &str) -> RepoPath {
    let name = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or("config");
    RepoPath::new(path).or_else(|_| RepoPath::new(name)).unwrap_or_else(|_| RepoPath::fallback())
}

/// What the command line and the environment say, and which of them.
pub(super) fn given(matches: &ArgMatches) -> Vec<Given> {
    const SETTINGS: [(&str, &str, &str, &str); 12] = [
        ("fail_on", "policy.fail-on", "--fail-on", "UNBROKEN_FAIL_ON"),
        ("mode", "mode", "--mode", ""),
        ("surface", "surfaces", "--surface", ""),
        ("content_model", "content-model", "--content-model", ""),
        ("formats", "formats", "--formats", ""),
        ("readers", "readers", "--readers", ""),
        ("json_readers", "json-readers", "--json-readers", ""),
        ("pack", "packs", "--pack", ""),
        ("preset", "preset", "--preset", ""),
        ("config", "config", "--config", "UNBROKEN_CONFIG"),
        ("config_from", "config-from", "--config-from", "UNBROKEN_CONFIG_FROM"),
        ("today", "today", "--today", "UNBROKEN_TODAY"),
    ];
    let mut found = Vec::new();
    for (id, name, flag, variable) in SETTINGS {
        let origin = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => Origin::Flag(flag),
            Some(ValueSource::EnvVariable) => Origin::Variable(variable),
            Some(_) | None => continue,
        };
        let Ok(Some(words)) = matches.try_get_raw(id) else { continue };
        let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
        found.push(Given { name, value: words.join(", "), origin });
    }
    found
}
