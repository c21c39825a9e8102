//! From facts to opinions.

use crate::diff::Finding;
use crate::model::{Surface, Surfaces};
use crate::rules::{DefaultSeverity, Verdict};

/// How much the team minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
