//! Where to point: at the edit itself, and at what the new contract has no more at the nearest thing
//! around that is still there.

use std::collections::HashMap;

use super::finding::Finding;
use crate::load::Loaded;
use crate::model::Step;
use crate::source::Span;

/// Gives every finding its places: the edited value where it is one of a list, and a place in the new
/// contract unless its file is gone.
pub(super) fn anchor(findings: &mut [Finding], old: &Loaded, new: &Loaded) {
    let (mut old_lists, mut new_lists) = (Lists::of(old), Lists::of(new));
    for finding in findings {
        if let Some(Step::EnumValue(value)) = finding.site.steps.last() {
            let in_old = finding.old.and_then(|list| old_lists.element(list, value));
            let in_new = finding.new.and_then(|list| new_lists.element(list, value));
            if finding.anchor == finding.new {
                finding.anchor = in_new.or(finding.anchor);
            }
            finding.old = in_old.or(finding.old);
            finding.new = in_new.or(finding.new);
        }
        let survivor = || finding.old.and_then(|span| old.survivor(span, new));
        finding.anchor = finding.anchor.or(finding.new).or_else(survivor);
    }
}

/// The lists of one side, each read once however many of its values are told of.
struct Lists<'s> {
    side: &'s Loaded,
    read: HashMap<Span, HashMap<String, Span>>,
}

impl<'s> Lists<'s> {
    fn of(side: &'s Loaded) -> Self {
        Self { side, read: HashMap::new() }
    }

    /// The element of a list that is this value, as it is displayed.
    fn element(&mut self, list: Span, value: &str) -> Option<Span> {
        let read = || self.side.elements(list);
        self.read.entry(list).or_insert_with(read).get(value).copied()
    }
}
