//! Where to point: at the edit itself, and at what the new contract has no more at the nearest thing
//! around that is still there.

use super::finding::Finding;
use crate::load::Loaded;
use crate::model::Step;

/// Gives every finding its places: the edited value where it is one of a list, and a place in the new
/// contract unless its file is gone.
pub(super) fn anchor(findings: &mut [Finding], old: &Loaded, new: &Loaded) {
    for finding in findings {
        if let Some(Step::EnumValue(value)) = finding.site.steps.last() {
            let value_in = |side: &Loaded, list| side.listed(list, value);
            let in_old = finding.old.and_then(|list| value_in(old, list));
            let in_new = finding.new.and_then(|list| value_in(new, list));
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
