//! What buf would report, by buf's own pairing: files by path, elements by full name, fields by
//! number, and nothing else.
//!
//! This is no second opinion on what breaks. It is there so that a team that migrates sees the same
//! rules fire on the same elements, each beside what we say of the change.

mod attach;
mod elements;
mod fields;
mod files;
mod packages;
mod services;
mod view;

pub(crate) use attach::as_peer;

use std::sync::Arc;

use self::view::View;
use crate::model::Contract;
use crate::rules::peer::{PeerRule, Preset, find_peer};
use crate::source::Span;

/// A rule of buf that fires on an element.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) rule: &'static PeerRule,
    /// The element: its full name, a file, a package.
    pub(crate) element: String,
    /// Where the element is in the old contract.
    pub(crate) old: Option<Span>,
    /// Where it is in the new one, or what is left around it.
    pub(crate) new: Option<Span>,
}

/// The file of an element: its path and its package.
type Home<'a> = (&'a str, &'a str);

/// Everything that the preset's rules report, rule by rule.
pub(crate) fn violations(old: &Contract, new: &Contract, preset: &Preset) -> Vec<Violation> {
    let rules = preset.rules();
    let new = View::of(new);
    let old = View::of(old).with_what_moved_to(&new);
    let mut found = Found { preset, rules: &rules, violations: Vec::new() };
    files::compare(&mut found, &old, &new);
    packages::compare(&mut found, &old, &new);
    elements::compare(&mut found, &old, &new);
    fields::compare(&mut found, &old, &new);
    services::compare(&mut found, &old, &new);
    let mut violations = found.violations;
    violations.sort_by(|one, other| {
        let key = |violation: &Violation| (violation.new, violation.old);
        key(one).cmp(&key(other)).then(one.rule.id.cmp(other.rule.id))
    });
    violations
}

/// What was found so far, and what is looked for.
struct Found<'p> {
    preset: &'p Preset,
    rules: &'p std::collections::BTreeSet<&'static str>,
    violations: Vec<Violation>,
}

impl Found<'_> {
    /// Notes that a rule fires, unless it is not selected or its file is left out.
    fn note(
        &mut self,
        id: &'static str,
        element: impl Into<String>,
        homes: [Option<Home<'_>>; 2],
        spans: (Option<Span>, Option<Span>),
    ) {
        if !self.rules.contains(id) {
            return;
        }
        let Some(rule) = find_peer(id) else { return };
        let mut homes = homes.into_iter().flatten();
        if homes.any(|(path, package)| self.preset.ignores(rule, path, package)) {
            return;
        }
        let (old, new) = spans;
        self.violations.push(Violation { rule, element: element.into(), old, new });
    }
}

/// The last part of a full name.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The name of an element of another one.
fn inside(outer: &str, name: &Arc<str>) -> String {
    if outer.is_empty() { name.to_string() } else { format!("{outer}.{name}") }
}
