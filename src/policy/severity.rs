//! From facts to opinions.

use super::config::{PolicySection, RuleId, SeverityEntry, SurfaceWord};
use super::settings::named_surfaces;
use crate::diff::Finding;
use crate::model::{Stability, Surface, Surfaces};
use crate::rules::{DefaultSeverity, Verdict};
use crate::source::Pattern;

/// How much the team minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Not at all: the finding is not shown.
    Off,
    /// Worth knowing.
    Note,
    /// Worth a look.
    Warning,
    /// Must not pass.
    Error,
}

impl Severity {
    /// The word that reports and flags use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// What a finding is worth by default: the worst verdict on the selected surfaces decides, then
    /// whether the rule or the finding asks for attention.
    pub fn by_default(finding: &Finding, selected: Surfaces<bool>) -> Self {
        if !finding.peers.is_empty() {
            // Whoever asks for what a peer reports wants it to fail where the peer does.
            return Self::Error;
        }
        let of_verdict = match verdict_on(finding, selected) {
            Verdict::Breaking | Verdict::Undecided => Self::Error,
            Verdict::Compatible if finding.caution.is_some() => Self::Warning,
            Verdict::Compatible => Self::Note,
        };
        let of_rule = match finding.rule.severity {
            Some(DefaultSeverity::Error) => Self::Error,
            Some(DefaultSeverity::Warning) => Self::Warning,
            Some(DefaultSeverity::Note) | None => Self::Note,
        };
        of_verdict.max(of_rule)
    }

    /// What a finding is worth to the team: what somebody has said of it, the narrower and later word
    /// first; else what it is worth by default, less where the contract is not settled. `places` are
    /// the contract and the file of it in which the finding stands.
    pub fn of(
        places: &[&str],
        finding: &Finding,
        selected: Surfaces<bool>,
        stability: Stability,
        policy: Option<&PolicySection>,
    ) -> Self {
        let mut default = Self::by_default(finding, selected);
        if verdict_on(finding, selected) != Verdict::Compatible {
            default = default.min(Self::most_at(stability));
        }
        let Some(PolicySection { fail_on: _, rules, severities, sunset: _ }) = policy else {
            return default;
        };
        let narrower = severities.iter().rev().find(|entry| fits(entry, places, finding, selected));
        if let Some(entry) = narrower {
            return entry.severity;
        }
        rules.get(&RuleId(finding.rule)).copied().unwrap_or(default)
    }

    /// The most that a break is worth in a contract of this stability.
    fn most_at(stability: Stability) -> Self {
        match stability {
            Stability::Draft | Stability::Alpha => Self::Note,
            Stability::Beta => Self::Warning,
            Stability::Stable => Self::Error,
        }
    }
}

/// Whether every key of the entry fits.
fn fits(
    entry: &SeverityEntry,
    places: &[&str],
    finding: &Finding,
    selected: Surfaces<bool>,
) -> bool {
    let SeverityEntry { rules, paths, surfaces, severity: _ } = entry;
    let of_rule = |rules: &Vec<RuleId>| rules.iter().any(|rule| rule.0.id == finding.rule.id);
    let of_path = |paths: &Vec<Pattern>| {
        paths.iter().any(|pattern| places.iter().any(|place| pattern.covers(place)))
    };
    let of_surface = |words: &Vec<SurfaceWord>| {
        let named = named_surfaces(words);
        let touched = |surface: &Surface| {
            selected.get(*surface) && finding.surfaces.get(*surface) != Verdict::Compatible
        };
        let mut broken = Surface::ALL.into_iter().filter(touched).peekable();
        broken.peek().is_some() && broken.all(|surface| named.get(surface))
    };
    rules.as_ref().is_none_or(of_rule)
        && paths.as_ref().is_none_or(of_path)
        && surfaces.as_ref().is_none_or(of_surface)
}

/// From which severity on a comparison fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// From this one.
    At(Severity),
    /// Never: for observing first.
    Never,
}

impl Threshold {
    /// Whether a finding of this severity fails the comparison.
    pub fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::At(least) => severity >= least && severity != Severity::Off,
            Self::Never => false,
        }
    }
}

/// The worst verdict over the surfaces that count.
pub(super) fn verdict_on(finding: &Finding, selected: Surfaces<bool>) -> Verdict {
    Surface::ALL
        .into_iter()
        .filter(|surface| selected.get(*surface))
        .map(|surface| finding.surfaces.get(surface))
        .max()
        .unwrap_or_default()
}
