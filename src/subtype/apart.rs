//! Which branches of an alternative can hold together, as far as it shows at once.
//!
//! Of branches that exclude each other one that holds refutes all others, so that nothing needs to be
//! said of them; and no two of them hold. What would be looked into for each pair of branches, at
//! every step of every question, is looked up here.

use std::sync::Arc;

use super::bounds::{Known, known, take_number};
use super::engine::Search;
use super::goal::Claim;
use super::tables::Profile;
use super::term::{Basic, Item, Term};

/// For each branch of a list those of the others, by their positions, that may hold beside it.
#[derive(Debug)]
pub(super) struct Company {
    beside: Vec<Vec<usize>>,
}

impl Company {
    /// Which others may hold beside the branch at this position.
    pub(super) fn beside(&self, position: usize) -> &[usize] {
        self.beside.get(position).map(Vec::as_slice).unwrap_or_default()
    }
}

/// How many pairs of branches are looked at for what one thing costs elsewhere.
const PAIRS_FOR_ONE: usize = 4;

impl Search<'_> {
    /// Which branches may hold together for a value of this type; looked at once for each list.
    pub(super) fn company(&mut self, kind: Basic, branches: &[Claim]) -> Arc<Company> {
        let asked = (kind, branches.to_vec());
        if let Some(known) = self.tables.companies.get(&asked) {
            return Arc::clone(known);
        }
        let mut beside = vec![Vec::new(); branches.len()];
        for (index, left) in branches.iter().enumerate() {
            for (other, right) in branches.iter().enumerate().skip(index + 1) {
                if self.exclude_each_other(kind, *left, *right) {
                    continue;
                }
                for (own, other) in [(index, other), (other, index)] {
                    beside.get_mut(own).into_iter().for_each(|beside| beside.push(other));
                }
            }
        }
        self.budget.work(branches.len() * branches.len() / PAIRS_FOR_ONE);
        let company = Arc::new(Company { beside });
        self.tables.companies.insert(asked, Arc::clone(&company));
        company
    }

    /// Whether it shows at once that no value of the type is accepted by both; looked at once.
    pub(super) fn exclude_each_other(&mut self, kind: Basic, left: Claim, right: Claim) -> bool {
        let pair = (kind, left, right);
        if let Some(known) = self.tables.exclusive.get(&pair) {
            return *known;
        }
        let is_exclusive = self.are_exclusive(kind, left, right);
        self.tables.exclusive.insert(pair, is_exclusive);
        is_exclusive
    }

    /// Whether it shows at once that no value of the type is accepted by both.
    fn are_exclusive(&mut self, kind: Basic, left: Claim, right: Claim) -> bool {
        let (ours, theirs) = (self.profile(left.shape), self.profile(right.shape));
        let admits = |profile: &Profile| !profile.is_never && profile.kinds.has(kind.least_kind());
        if !admits(&ours) || !admits(&theirs) {
            return true;
        }
        let texts = |profile: &Profile| profile.texts.clone().filter(|_| kind == Basic::String);
        let listed = |profile: &Profile| profile.values.clone().or_else(|| texts(profile));
        if let (Some(ours), Some(theirs)) = (listed(&ours), listed(&theirs)) {
            let is_shared = |value| Basic::of(value) == kind && theirs.contains(value);
            return !ours.iter().any(is_shared);
        }
        match kind {
            Basic::Number => are_ranges_apart(&ours, &theirs),
            Basic::Object => self.are_objects_apart((left, &ours), (right, &theirs)),
            Basic::String | Basic::Boolean | Basic::Null | Basic::Array => false,
        }
    }

    fn are_objects_apart(
        &self,
        (left, ours): (Claim, &Profile),
        (right, theirs): (Claim, &Profile),
    ) -> bool {
        let (unheard, unheard_there) = (self.ignored(left), self.ignored(right));
        let is_heard = |name: &Arc<str>| !unheard.contains(name) && !unheard_there.contains(name);
        let is_left_out = |demanding: &Profile, closed: &Profile| {
            closed.closed.as_ref().is_some_and(|closed| {
                demanding.required.iter().any(|name| is_heard(name) && !closed.contains(name))
            })
        };
        is_left_out(ours, theirs)
            || is_left_out(theirs, ours)
            || ours.tags.iter().any(|(name, tag)| {
                is_heard(name)
                    && (ours.required.contains(name) || theirs.required.contains(name))
                    && theirs.tags.get(name).is_some_and(|other| tag.and(other).is_empty())
            })
    }
}

/// Whether bounds leave no number to both.
fn are_ranges_apart(ours: &Profile, theirs: &Profile) -> bool {
    let mut term = Term::new(Basic::Number);
    for leaf in &ours.numbers {
        take_number(&mut term.numbers, leaf.clone());
    }
    theirs.numbers.iter().any(|leaf| known(&term, &Item::Number(leaf.clone())) == Known::Impossible)
}
