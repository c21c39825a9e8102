//! Where to point in the new contract at what it has no more: the nearest thing around that is
//! still there.

use super::finding::Finding;
use crate::load::Loaded;

/// Gives every finding a place in the new contract, unless its file is gone.
pub(super) fn anchor(findings: &mut [Finding], old: &Loaded, new: &Loaded) {
    for finding in findings {
        let survivor = || finding.old.and_then(|span| old.survivor(span, new));
        finding.anchor = finding.anchor.or(finding.new).or_else(survivor);
    }
}
