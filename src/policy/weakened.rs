//! What a change takes back of the team's own policy.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{
    Config, Day, FailOnWord, KindWord, PolicySection, RuleId, SeverityEntry, Sunset, Supported,
};
use super::relaxed::relaxed;
use super::team::Team;
use super::{ContractSettings, Severity};
use crate::rules::policy::{
    ACCEPTANCE_ADDED, CONTRACT_IGNORED, SETTING_RELAXED, SEVERITY_LOWERED, SUPPORT_DROPPED,
};
use crate::rules::{DefaultSeverity, Effect, Rule};
use crate::source::Span;

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

/// What head's policy minds less than the base's.
pub(super) fn weakened(base: &Team, head: &Team, today: Day) -> Vec<Remark> {
    if base.contents == head.contents {
        return Vec::new();
    }
    let (old, new): (&Config, &Config) = (&base.config.config, &head.config.config);
    let mut sides = Sides { base, head, found: Vec::new() };
    sides.policy(&old.policy, &new.policy);
    sides.ignored(old, new);
    sides.contracts(old, new);
    sides.supported(old, new, today);
    sides.accepted();
    sides.found
}

struct Sides<'t> {
    base: &'t Team,
    head: &'t Team,
    found: Vec<Remark>,
}

impl Sides<'_> {
    /// States a remark about what a pointer leads to, where it leads anywhere.
    fn say(&mut self, rule: &'static Rule, pointers: (&str, &str), site: &str, message: String) {
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
    }

    fn ignored(&mut self, old: &Config, new: &Config) {
        for (index, pattern) in new.ignore.iter().enumerate() {
            if !old.ignore.contains(pattern) {
                let message = format!("`{}` is now ignored", pattern.as_str());
                let at = format!("/ignore/{index}");
                self.say(&CONTRACT_IGNORED, ("-", &at), &format!("ignore[{index}]"), message);
            }
        }
    }

    fn contracts(&mut self, old: &Config, new: &Config) {
        let (was, is) = (by_pattern(old), by_pattern(new));
        for (pattern, before) in was {
            let after = is.get(pattern);
            let pointers = (
                format!("/contracts/{}", before.index),
                after.map_or_else(|| "-".to_owned(), |after| format!("/contracts/{}", after.index)),
            );
            let at = (pointers.0.as_str(), pointers.1.as_str());
            let nothing = ContractSettings::default();
            let settings = after.map_or(&nothing, |after| &after.settings);
            let kept = after.and_then(|after| after.kind).is_some();
            if before.kind.is_some() && !kept {
                let message = format!("`{pattern}` is no longer said to be a contract");
                self.say(&CONTRACT_IGNORED, at, pattern, message);
            }
            let kind = after.and_then(|after| after.kind).or(before.kind);
            for (what, from, to) in relaxed(&before.settings, settings, kind) {
                let message = format!("`{what}` of `{pattern}` went from {from} to {to}");
                self.say(&SETTING_RELAXED, at, &format!("{pattern} › {what}"), message);
            }
        }
        // What is said for the first time can be less than the default.
        let known = by_pattern(old);
        for (pattern, after) in is {
            if known.contains_key(pattern) {
                continue;
            }
            let at = format!("/contracts/{}", after.index);
            for (what, from, to) in
                relaxed(&ContractSettings::default(), &after.settings, after.kind)
            {
                let message = format!("`{what}` of `{pattern}` went from {from} to {to}");
                self.say(&SETTING_RELAXED, ("-", &at), &format!("{pattern} › {what}"), message);
            }
        }
    }

    fn supported(&mut self, old: &Config, new: &Config, today: Day) {
        for (index, entry) in old.supported.iter().enumerate() {
            let Supported { tags, branches, until, side_by_side } = entry;
            if until.is_some_and(|until| until < today) {
                continue;
            }
            let name = tags.as_ref().or(branches.as_ref()).map_or("", |pattern| pattern.as_str());
            let same = |other: &&Supported| other.tags == *tags && other.branches == *branches;
            let found = new.supported.iter().position(|other| same(&other));
            let at = format!("/supported/{index}");
            let there = found.map_or_else(|| "-".to_owned(), |other| format!("/supported/{other}"));
            let after = found.and_then(|other| new.supported.get(other));
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

struct Said {
    index: usize,
    kind: Option<KindWord>,
    settings: ContractSettings,
}

/// What is said of each pattern, all entries with it taken together.
fn by_pattern(config: &Config) -> BTreeMap<&str, Said> {
    let mut found: BTreeMap<&str, Said> = BTreeMap::new();
    for (index, entry) in config.contracts.iter().enumerate() {
        for pattern in &entry.paths {
            let known = found.remove(pattern.as_str());
            let (before, settings) = known
                .map_or((None, ContractSettings::default()), |said| (said.kind, said.settings));
            let (kind, settings) = (entry.kind.or(before), settings.overlaid(entry));
            found.insert(pattern.as_str(), Said { index, kind, settings });
        }
    }
    found
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
        let found = weakened(&team(base, ""), &team(head, ""), today);
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
                "contracts: [{paths: [a.yaml], kind: json-schema}]",
                "",
                "contract-ignored: `a.yaml` is no longer said to be a contract",
            ),
            (
                "contracts: [{paths: [a, b], mode: full}]",
                "contracts: [{paths: [a], mode: full}, {paths: [b], mode: backward}]",
                "setting-relaxed: `mode` of `b` went from full to backward",
            ),
            (
                "",
                "contracts: [{paths: [a], readers: tolerant}]",
                "setting-relaxed: `readers` of `a` went from strict to tolerant",
            ),
            (
                "contracts: [{paths: [a], surfaces: [wire, source]}]",
                "contracts: [{paths: [a], surfaces: [wire]}]",
                "setting-relaxed: `surfaces` of `a` went from source selected to not",
            ),
            (
                "",
                "contracts: [{paths: [a], surfaces: [wire, json]}]",
                "setting-relaxed: `surfaces` of `a` went from source selected to not",
            ),
            (
                "",
                "contracts: [{paths: [a], kind: protobuf, mode: backward}]",
                "setting-relaxed: `mode` of `a` went from the default to backward",
            ),
            (
                "",
                "contracts: [{paths: [a], stability: alpha}]",
                "setting-relaxed: `stability` of `a` went from stable to alpha",
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
            ("", "contracts: [{paths: [a], mode: full, owner: '@a', kind: openapi}]"),
            (
                "contracts: [{paths: [a, b], mode: full}]",
                "contracts: [{paths: [b], mode: full}, {paths: \
              [a], mode: full}]",
            ),
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
            let found = weakened(&team("", base), &team("", head), today);
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
