//! In which order several statements of a place are taken over.

use std::cmp::Reverse;

use super::graft::BaseSide;
use crate::rules::edit::{Alternatives, Facet, GroupAt, Listed};

/// The step; of groups how they combine, and which; whether the group itself goes.
pub(super) type Turn = (u8, Option<Alternatives>, Reverse<usize>, u8);

/// When it is an edit's turn, so that the positions by which others are told stay what they are: what is
/// added goes to the end, and what goes is taken away from the end on.
pub(super) fn turn(side: BaseSide, facet: &Facet) -> Turn {
    let listed = |first: u8, edit: &Listed| {
        let (Listed::Removed(index) | Listed::Added(index)) = edit;
        (first + u8::from(is_gone(side, edit)), None, Reverse(*index), 0)
    };
    match facet {
        Facet::Kinds
        | Facet::Values
        | Facet::Value(_)
        | Facet::Minimum
        | Facet::Maximum
        | Facet::Multiples
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Patterns
        | Facet::Formats
        | Facet::Encoding
        | Facet::MediaType
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::Unique
        | Facet::Tuple
        | Facet::Required(_)
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::DependentRequired(..)
        | Facet::Mark(_)
        | Facet::Others(_)
        | Facet::Evaluated
        | Facet::Slot(_) => (0, None, Reverse(0), 0),
        Facet::ContainedCount(_) => (1, None, Reverse(0), 0),
        Facet::Contained(edit) => listed(2, edit),
        Facet::Consequence(..) => (4, None, Reverse(0), 0),
        Facet::Condition(edit) => listed(5, edit),
        Facet::Not(edit) => listed(7, edit),
        // A group of one branch is none any more: the groups behind it have had their turn by then.
        Facet::Branch(at, _) => {
            let GroupAt { kind, index } = side.of(*at).0;
            (9, Some(kind), Reverse(index), 0)
        }
        Facet::Combination(at) => {
            let GroupAt { kind, index } = side.of(*at).0;
            (9, Some(kind), Reverse(index), 1)
        }
        Facet::Group(kind, edit @ (Listed::Removed(index) | Listed::Added(index))) => {
            if is_gone(side, edit) {
                (9, Some(*kind), Reverse(*index), 1)
            } else {
                (10, None, Reverse(*index), 0)
            }
        }
    }
}

/// Whether the base has the element, and loses it.
fn is_gone(side: BaseSide, edit: &Listed) -> bool {
    match (edit, side) {
        (Listed::Removed(_), BaseSide::Old) | (Listed::Added(_), BaseSide::New) => true,
        (Listed::Removed(_), BaseSide::New) | (Listed::Added(_), BaseSide::Old) => false,
    }
}
