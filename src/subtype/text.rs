//! Values that cross as text: the number 1 and the string "1" are one value there.

use super::Carrier;
use super::engine::Search;
use super::goal::{Answer, Claim, Goal, Key, Lit};

/// What the writer sends and the reader refuses.
pub(super) fn refusals(
    search: &mut Search<'_>,
    written: &[Claim],
    read: &[Claim],
    place: Key,
    carrier: Carrier,
) -> Answer {
    let _ = carrier;
    let mut undecided = None;
    for reader in read {
        let mut lits: Vec<_> = written.iter().map(|claim| Lit::Holds(*claim)).collect();
        lits.push(Lit::Refuses(*reader));
        match search.solve(Goal::new(lits, place, search.marks)) {
            Answer::Found(value) => return Answer::Found(value),
            Answer::Empty => {}
            Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
        }
    }
    undecided.map_or(Answer::Empty, Answer::Undecided)
}
