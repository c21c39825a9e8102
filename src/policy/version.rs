//! Which version the changes call for, and whether the declared one says so.

use std::cmp::Ordering;

use super::judge::{ContractReport, Report};
use crate::load::Loaded;
use crate::rules::{Effect, Verdict};

/// The raise of a version that changes call for (Semantic Versioning 2.0.0, items 6 to 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Nothing changed.
    #[default]
    None,
    /// Only texts changed.
    Patch,
    /// Something was added or altered, and nobody breaks.
    Minor,
    /// Somebody breaks, or it could not be excluded.
    Major,
}

impl Bump {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What a contract says of its own version, on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredVersions<'c> {
    /// The version in the old contract.
    pub old: Option<&'c str>,
    /// The version in the new contract.
    pub new: Option<&'c str>,
    /// Whether the step from the one to the other is as large as the changes call for; `None` where
    /// a side declares none, or one that is not three numbers.
    pub satisfies: Option<bool>,
}

impl ContractReport {
    /// The version bump that the changes call for.
    pub fn suggested_bump(&self) -> Bump {
        match self.verdict {
            Verdict::Breaking | Verdict::Undecided => Bump::Major,
            Verdict::Compatible => {
                let of_findings =
                    self.findings.iter().map(|judged| match judged.finding.rule.effect {
                        Effect::Annotates => Bump::Patch,
                        Effect::Narrows
                        | Effect::Widens
                        | Effect::Replaces
                        | Effect::Withdraws
                        | Effect::Offers => Bump::Minor,
                    });
                of_findings.max().unwrap_or_default()
            }
        }
    }

    /// What both sides declare, and whether that fits.
    pub fn declared_versions(&self) -> DeclaredVersions<'_> {
        let (old, new) = (declared(self.old.as_deref()), declared(self.new.as_deref()));
        let satisfies =
            old.zip(new).and_then(|(old, new)| satisfies(old, new, self.suggested_bump()));
        DeclaredVersions { old, new, satisfies }
    }
}

impl Report {
    /// The largest bump that any contract calls for.
    pub fn suggested_bump(&self) -> Bump {
        self.contracts.iter().map(ContractReport::suggested_bump).max().unwrap_or_default()
    }
}

fn declared(side: Option<&Loaded>) -> Option<&str> {
    Some(side?.contract.version.as_ref()?.text.as_ref())
}

/// Whether going from `old` to `new` announces changes that call for `needed`.
fn satisfies(old: &str, new: &str, needed: Bump) -> Option<bool> {
    if needed == Bump::None {
        return Some(true);
    }
    if old == new {
        return Some(false);
    }
    let (old, new) = (Version::read(old)?, Version::read(new)?);
    if new.numbers < old.numbers {
        return Some(false);
    }
    // A pre-release promises nothing yet; the one that follows it may change anything (item 9).
    if old.is_pre_release && new.numbers == old.numbers {
        return Some(true);
    }
    let [major, minor, _] = old.numbers;
    let [new_major, new_minor, _] = new.numbers;
    let step = match (new_major.cmp(&major), new_minor.cmp(&minor)) {
        (Ordering::Greater, _) => Bump::Major,
        // Before 1.0.0 the minor number is the one that announces breaks (item 4).
        (_, Ordering::Greater) if major == 0 => Bump::Major,
        (_, Ordering::Greater) => Bump::Minor,
        (_, _) if new.numbers == old.numbers => Bump::None,
        (_, _) if major == 0 => Bump::Minor,
        (_, _) => Bump::Patch,
    };
    Some(step >= needed)
}

/// Up to three numbers, and whether something stands before the release.
struct Version {
    numbers: [u64; 3],
    is_pre_release: bool,
}

impl Version {
    fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(release, _)| release);
        let (release, is_pre_release) =
            text.split_once('-').map_or((text, false), |(release, _)| (release, true));
        let parts: Vec<&str> = release.split('.').collect();
        // `2024-05-01` is a date, whose parts announce nothing.
        if parts.len() > 3 || (parts.len() == 1 && is_pre_release) {
            return None;
        }
        let mut numbers = [0; 3];
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number =
                part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
        }
        Some(Self { numbers, is_pre_release })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_held_against_what_the_changes_call_for() {
        for (old, new, needed, expected) in [
            ("1.4.0", "2.0.0", Bump::Major, Some(true)),
            ("1.4.0", "1.5.0", Bump::Major, Some(false)),
            ("1.4.0", "1.5.0", Bump::Minor, Some(true)),
            ("1.4.0", "1.4.1", Bump::Minor, Some(false)),
            ("1.4.0", "1.4.1", Bump::Patch, Some(true)),
            ("1.4.0", "1.4.0", Bump::Patch, Some(false)),
            ("1.4.0", "1.4.0", Bump::None, Some(true)),
            ("1.4.0", "1.3.9", Bump::Patch, Some(false)),
            ("0.3.0", "0.4.0", Bump::Major, Some(true)),
            ("0.3.0", "0.3.1", Bump::Major, Some(false)),
            ("0.3.0", "0.3.1", Bump::Minor, Some(true)),
            ("0.3.0", "1.0.0", Bump::Major, Some(true)),
            ("2.0.0-rc.1", "2.0.0-rc.2", Bump::Major, Some(true)),
            ("2.0.0-rc.1", "2.0.0", Bump::Major, Some(true)),
            ("1.9.0", "2.0.0-rc.1", Bump::Major, Some(true)),
            ("v1", "v2", Bump::Major, Some(true)),
            ("1.2", "1.3", Bump::Major, Some(false)),
            ("1.4.0+a", "1.4.0+b", Bump::Patch, Some(false)),
            ("2024-05-01", "2024-06-01", Bump::Major, None),
            ("2024-05-01", "2024-05-01", Bump::Major, Some(false)),
            ("spring", "summer", Bump::Patch, None),
            ("1..2", "1.3", Bump::Patch, None),
            ("99999999999999999999", "1", Bump::Patch, None),
        ] {
            assert_eq!(satisfies(old, new, needed), expected, "{old} → {new}, {needed:?}");
        }
    }
}
