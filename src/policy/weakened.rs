//! What a change takes back of the team's own policy.

use std::collections::{BTreeMap, BTreeSet};

use super::Severity;
use super::config::{
    Config, Day, FailOnWord, PolicySection, RuleId, SeverityEntry, Sunset, Supported,
};
use super::team::Team;
use super::watched::Watched;
use crate::rules::policy::{
    ACCEPTANCE_ADDED, CONTRACT_IGNORED, SETTING_RELAXED, SEVERITY_LOWERED, SUPPORT_DROPPED,
};
use crate::rules::{DefaultSeverity, Effect, Rule};
use crate::source::{Pattern, Span};

/// Something about the policy that whoever reviews the change should see.
#[derive(Clone, Debug)]
pub(super) struct Remark {
    pub(super) rule: &'static Rule,
    pub(super) message: String,
    /// What it is about, in the words of the config: `policy.fail-on`.
    pub(super) site: String,
    pub(super) old: Option<Span>,
    pub(super) new: Option<Span>,
}

/// What head's policy minds less than the base's: in its own words, and of the contracts that it is
/// about.
pub(super) fn weakened(base: &Team, head: &Team, watched: &[Watched], today: Day) -> Vec<Remark> {
    let mut sides = Sides { base, head, found: Vec::new() };
    if base.contents != head.contents {
        let Config { contracts: _, ignore, import_roots: _, supported, policy, accept: _ } =
            &base.config.config;
        let new = &head.config.config;
        sides.policy(policy, &new.policy);
        sides.ignored(ignore, &new.ignore);
        sides.supported(supported, &new.supported, today);
        // Wherever the acceptances lie: what counts is which there are.
        sides.accepted();
    }
    sides.contracts(watched);
    sides.found
}

/// Both sides of the policy, and what was found.
pub(super) struct Sides<'t> {
    pub(super) base: &'t Team,
    pub(super) head: &'t Team,
    found: Vec<Remark>,
}

impl Sides<'_> {
    /// States a remark about what a pointer leads to, where it leads anywhere.
    pub(super) fn say(
        &mut self,
        rule: &'static Rule,
        pointers: (&str, &str),
        site: &str,
        message: String,
    ) {
        let old = self.base.config.span(pointers.0);
        let new = self.head.config.span(pointers.1);
        self.found.push(Remark { rule, message, site: site.to_owned(), old, new });
    }

    fn policy(&mut self, old: &PolicySection, new: &PolicySection) {
        let PolicySection { fail_on, rules, severities, sunset } = old;
        let threshold = |word: Option<FailOnWord>| word.unwrap_or(FailOnWord::Error);
        let (was, is) = (threshold(*fail_on), threshold(new.fail_on));
        if is > was {
            let message = format!("`fail-on` went from {} to {}", was.name(), is.name());
            let at = "/policy/fail-on";
            self.say(&SEVERITY_LOWERED, (at, at), "policy.fail-on", message);
        }
        let ids: BTreeSet<RuleId> = rules.keys().chain(new.rules.keys()).copied().collect();
        for rule in ids {
            let minded = |table: &BTreeMap<RuleId, Severity>| table.get(&rule).copied();
            let was = minded(rules).unwrap_or_else(|| worst_by_default(rule.0));
            let is = minded(&new.rules).unwrap_or_else(|| worst_by_default(rule.0));
            if is < was {
                let id = rule.as_str();
                let message = format!("`{id}` went from {} to {}", was.name(), is.name());
                let at = format!("/policy/rules/{id}");
                let site = format!("policy.rules.{id}");
                self.say(&SEVERITY_LOWERED, (&at, &at), &site, message);
            }
        }
        self.severities(severities, &new.severities);
        let Sunset { minimum_days } = sunset;
        if new.sunset.minimum_days < *minimum_days {
            let message = format!(
                "the notice of a sunset went from {minimum_days} to {} days",
                new.sunset.minimum_days
            );
            let at = "/policy/sunset/minimum-days";
            self.say(&SETTING_RELAXED, (at, at), "policy.sunset.minimum-days", message);
        }
    }

    /// Whether an entry weakens anything depends on what it meets, so every new one that could is
    /// told, and every one that is gone and raised something.
    fn severities(&mut self, old: &[SeverityEntry], new: &[SeverityEntry]) {
        for (index, entry) in new.iter().enumerate() {
            if entry.severity < Severity::Error && !old.contains(entry) {
                let message = format!("some findings are now {}", entry.severity.name());
                let at = format!("/policy/severities/{index}");
                let site = format!("policy.severities[{index}]");
                self.say(&SEVERITY_LOWERED, ("-", &at), &site, message);
            }
        }
        for (index, entry) in old.iter().enumerate() {
            if entry.severity > Severity::Note && !new.contains(entry) {
                let message = format!("some findings are no longer {}", entry.severity.name());
                let at = format!("/policy/severities/{index}");
                let site = format!("policy.severities[{index}]");
                self.say(&SEVERITY_LOWERED, (&at, "-"), &site, message);
            }
        }
        // The last one that fits decides.
        let kept = |of: &[SeverityEntry], other: &[SeverityEntry]| -> Vec<SeverityEntry> {
            of.iter().filter(|entry| other.contains(entry)).cloned().collect()
        };
        if kept(old, new) != kept(new, old) {
            let message = "`severities` stand in another order: the last that fits decides";
            let at = "/policy/severities";
            self.say(&SEVERITY_LOWERED, (at, at), "policy.severities", message.to_owned());
        }
    }

    fn ignored(&mut self, old: &[Pattern], new: &[Pattern]) {
        for (index, pattern) in new.iter().enumerate() {
            if !old.contains(pattern) {
                let message = format!("`{}` is now ignored", pattern.as_str());
                let at = format!("/ignore/{index}");
                self.say(&CONTRACT_IGNORED, ("-", &at), &format!("ignore[{index}]"), message);
            }
        }
    }

    fn supported(&mut self, old: &[Supported], new: &[Supported], today: Day) {
        for (index, entry) in old.iter().enumerate() {
            let Supported { tags, branches, until, side_by_side } = entry;
            if until.is_some_and(|until| until < today) {
                continue;
            }
            let name = tags.as_ref().or(branches.as_ref()).map_or("", |pattern| pattern.as_str());
            let same = |other: &&Supported| other.tags == *tags && other.branches == *branches;
            let found = new.iter().position(|other| same(&other));
            let at = format!("/supported/{index}");
            let there = found.map_or_else(|| "-".to_owned(), |other| format!("/supported/{other}"));
            let after = found.and_then(|other| new.get(other));
            let forever = Day::MAX;
            let (rule, message) = match after {
                None => (&SUPPORT_DROPPED, format!("`{name}` is no longer supported")),
                Some(is) if is.until.unwrap_or(forever) < until.unwrap_or(forever) => {
                    (&SUPPORT_DROPPED, format!("the support of `{name}` ends earlier"))
                }
                Some(is) if *side_by_side && !is.side_by_side => {
                    (&SETTING_RELAXED, format!("`{name}` no longer runs side by side"))
                }
                Some(_) => continue,
            };
            self.say(rule, (&at, &there), &format!("supported › {name}"), message);
        }
    }

    fn accepted(&mut self) {
        for (entry, span) in &self.head.accepted.entries {
            let before = self.base.accepted.of(&entry.finding).max_by_key(|(known, _)| known.until);
            let place = &entry.contract;
            let message = match before {
                None => format!("`{}` in {place} is accepted until {}", entry.rule, entry.until),
                Some((known, _)) if entry.until > known.until => {
                    format!("`{}` in {place} is accepted longer, until {}", entry.rule, entry.until)
                }
                Some((known, _)) if entry.covers.iter().any(|op| !known.covers.contains(op)) => {
                    format!("the acceptance of `{}` in {place} covers more", entry.rule)
                }
                Some(_) => continue,
            };
            let message = format!("{message}: {} ({})", entry.reason, entry.owner);
            self.found.push(Remark {
                rule: &ACCEPTANCE_ADDED,
                message,
                site: entry.finding.clone(),
                old: before.and_then(|(_, span)| *span),
                new: *span,
            });
        }
    }
}

/// The most that the team minds a rule where nothing is said.
fn worst_by_default(rule: &Rule) -> Severity {
    let asked = match rule.severity {
        Some(DefaultSeverity::Error) => Severity::Error,
        Some(DefaultSeverity::Warning) => Severity::Warning,
        Some(DefaultSeverity::Note) | None => Severity::Note,
    };
    let of_effect = match rule.effect {
        Effect::Annotates if rule.caution.is_none() => Severity::Note,
        Effect::Annotates | Effect::Offers => Severity::Warning,
        Effect::Narrows | Effect::Widens | Effect::Replaces | Effect::Withdraws => Severity::Error,
    };
    asked.max(of_effect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemorySnapshot, RepoPath};

    fn team(config: &str, accepted: &str) -> Team {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let files = [
            (path("unbroken.yaml"), config.as_bytes().to_vec()),
            (path(".unbroken/accepted.yaml"), accepted.as_bytes().to_vec()),
        ];
        Team::of(&MemorySnapshot::new("x", files)).unwrap_or_else(|error| panic!("{error}"))
    }

    fn said(base: &str, head: &str) -> Vec<String> {
        let today = "2027-01-31".parse().unwrap();
        let found = weakened(&team(base, ""), &team(head, ""), &[], today);
        found.into_iter().map(|remark| format!("{}: {}", remark.rule.id, remark.message)).collect()
    }

    #[test]
    fn whatever_is_taken_back_is_said() {
        for (base, head, expected) in [
            (
                "",
                "policy: {fail-on: never}",
                "severity-lowered: `fail-on` went from error to never",
            ),
            ("policy: {fail-on: note}", "", "severity-lowered: `fail-on` went from note to error"),
            (
                "",
                "policy: {rules: {property-removed: off}}",
                "severity-lowered: `property-removed` went from error to off",
            ),
            (
                "policy: {rules: {annotation-changed: error}}",
                "",
                "severity-lowered: `annotation-changed` went from error to note",
            ),
            (
                "",
                "policy: {severities: [{paths: [a], severity: note}]}",
                "severity-lowered: some findings are now note",
            ),
            (
                "policy: {severities: [{paths: [a], severity: error}]}",
                "",
                "severity-lowered: some findings are no longer error",
            ),
            (
                "policy: {sunset: {minimum-days: 90}}",
                "policy: {sunset: {minimum-days: 30}}",
                "setting-relaxed: the notice of a sunset went from 90 to 30 days",
            ),
            ("", "ignore: [api]", "contract-ignored: `api` is now ignored"),
            (
                "policy: {severities: [{paths: [a], severity: note}, {paths: [b], severity: error}]}",
                "policy: {severities: [{paths: [b], severity: error}, {paths: [a], severity: note}]}",
                "severity-lowered: `severities` stand in another order: the last that fits decides",
            ),
            ("supported: [{tags: v1.*}]", "", "support-dropped: `v1.*` is no longer supported"),
            (
                "supported: [{tags: v1.*, until: 2028-01-01}]",
                "supported: [{tags: v1.*, until: 2027-06-01}]",
                "support-dropped: the support of `v1.*` ends earlier",
            ),
        ] {
            assert_eq!(said(base, head), [expected], "{base} → {head}");
        }
    }

    #[test]
    fn what_is_tightened_or_rewritten_is_not_said() {
        for (base, head) in [
            ("", ""),
            ("policy: {fail-on: error}", "policy: {}"),
            ("", "policy: {fail-on: note, rules: {annotation-changed: error}}"),
            ("policy: {rules: {property-removed: error}}", ""),
            ("supported: [{tags: v1.*, until: 2027-01-30}]", ""),
            ("ignore: [a]", "# a comment\nignore:\n  - a\n"),
            ("", "policy: {severities: [{paths: [a], severity: error}]}"),
        ] {
            assert_eq!(said(base, head), [""; 0], "{base} → {head}");
        }
    }

    #[test]
    fn acceptances_that_are_added_or_grow_are_said() {
        let entry = |until: &str, covers: &str| {
            format!(
                "- {{finding: \"{}\", rule: property-removed, contract: a.yaml, covers: [{covers}], \
                 reason: unused, owner: '@a', until: {until}}}\n",
                "0f".repeat(16)
            )
        };
        let today = "2027-01-31".parse().unwrap();
        let said = |base: &str, head: &str| -> Vec<String> {
            let found = weakened(&team("", base), &team("", head), &[], today);
            found.into_iter().map(|remark| remark.message).collect()
        };
        let first = entry("2027-06-01", "GET /a");
        assert_eq!(
            said("", &first),
            ["`property-removed` in a.yaml is accepted until 2027-06-01: unused (@a)"]
        );
        assert_eq!(
            said(&first, &entry("2027-07-01", "GET /a")),
            ["`property-removed` in a.yaml is accepted longer, until 2027-07-01: unused (@a)"]
        );
        assert_eq!(
            said(&first, &entry("2027-06-01", "GET /a, GET /b")),
            ["the acceptance of `property-removed` in a.yaml covers more: unused (@a)"]
        );
        assert_eq!(said(&first, ""), [""; 0]);
    }
}
