//! Which edits somebody is told of.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::finding::Finding;
use super::session::Session;
use super::shapes::{Direction, EditId};
use crate::rules::Verdict;
use crate::rules::contract::CONTRACT_UNREADABLE;
use crate::rules::shape::SHAPE_CHANGED;
use crate::source::Span;

/// The edits that were met at pairs of places, by whether a finding warns of them.
pub(super) struct Told {
    edits: HashSet<EditId, FixedState>,
}

impl Told {
    /// What these findings tell of.
    pub(super) fn of<'f>(
        session: &Session<'_>,
        findings: impl IntoIterator<Item = &'f Finding>,
    ) -> Self {
        let walk = &session.walk;
        let mut wholes: HashSet<(Span, Span), FixedState> = HashSet::default();
        let mut edits = HashSet::default();
        let warning = |it: &&Finding| it.verdict() != Verdict::Compatible;
        for finding in findings.into_iter().filter(warning) {
            let spans = (finding.old, finding.new);
            edits.extend(walk.edit_told(finding.rule, spans, &finding.message));
            if [&SHAPE_CHANGED, &CONTRACT_UNREADABLE].contains(&finding.rule) {
                wholes.extend(finding.old.zip(finding.new));
            }
        }
        if !wholes.is_empty() {
            edits.extend(walk.edits_below(|spans| wholes.contains(&spans)));
        }
        Self { edits }
    }

    /// Those that are told of, and those that are not; who is told to expect a loss is told of it.
    pub(super) fn apart(
        &self,
        session: &Session<'_>,
        direction: Direction,
    ) -> (Vec<EditId>, Vec<EditId>) {
        let (mut told, mut untold) = (Vec::new(), Vec::new());
        for (id, edit) in session.walk.edits() {
            let is_told = self.edits.contains(&id) || session.tolerated(edit, direction);
            if is_told { &mut told } else { &mut untold }.push(id);
        }
        (told, untold)
    }
}
