//! Which branches of an alternative can hold together, as far as it shows at once.
//!
//! Of branches that exclude each other one that holds refutes all others, so that nothing needs to be
//! said of them; and no two of them hold. What would be looked into for each pair of branches, at
//! every step of every question, is looked up here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::model::Json;
use crate::subtype::bounds::{Known, known, take_number};
use crate::subtype::engine::Search;
use crate::subtype::goal::Claim;
use crate::subtype::tables::Profile;
use crate::subtype::term::{Basic, Item, Term};
use crate::subtype::values::Values;

/// For each branch of a list those of the others, by their positions, that may hold beside it.
#[derive(Debug)]
pub(in crate::subtype) struct Company {
    beside: Vec<Vec<usize>>,
}

impl Company {
    /// Which others may hold beside the branch at this position.
    pub(in crate::subtype) fn beside(&self, position: usize) -> &[usize] {
        self.beside.get(position).map(Vec::as_slice).unwrap_or_default()
    }
}

/// How many pairs of branches are looked at for what one thing costs elsewhere.
const PAIRS_FOR_ONE: usize = 4;
/// From how many branches on they are told apart by a tag first.
const MANY_BRANCHES: usize = 8;

impl Search<'_> {
    /// Which branches may hold together for a value of this type; looked at once for each list.
    pub(in crate::subtype) fn company(&mut self, kind: Basic, branches: &[Claim]) -> Arc<Company> {
        let asked = (kind, branches.to_vec());
        if let Some(known) = self.tables.companies.get(&asked) {
            return Arc::clone(known);
        }
        let mut beside = vec![Vec::new(); branches.len()];
        let pairs = self.doubtful_pairs(kind, branches);
        self.budget.work(branches.len() + pairs.len() / PAIRS_FOR_ONE);
        for (one, other) in pairs {
            let (Some(left), Some(right)) = (branches.get(one), branches.get(other)) else {
                continue;
            };
            if self.exclude_each_other(kind, *left, *right) {
                continue;
            }
            for (own, other) in [(one, other), (other, one)] {
                beside.get_mut(own).into_iter().for_each(|beside| beside.push(other));
            }
        }
        let company = Arc::new(Company { beside });
        self.tables.companies.insert(asked, Arc::clone(&company));
        company
    }

    /// The pairs of branches that a tag does not tell apart, in order. Where most branches have one, to
    /// look at each pair would cost more than all else.
    fn doubtful_pairs(&mut self, kind: Basic, branches: &[Claim]) -> Vec<(usize, usize)> {
        let tagged = self.tagged(kind, branches);
        let mut by_value: HashMap<&Json, Vec<usize>, FixedState> = HashMap::default();
        let (mut untagged, mut pairs) = (Vec::new(), Vec::new());
        for (index, values) in tagged.iter().enumerate() {
            let Some(values) = values else {
                pairs.extend((0..index).map(|other| (other, index)));
                untagged.push(index);
                continue;
            };
            pairs.extend(untagged.iter().map(|other| (*other, index)));
            for value in values.iter() {
                let alike = by_value.entry(value).or_default();
                let others = alike.iter().filter(|other| **other != index);
                pairs.extend(others.map(|other| (*other, index)));
                alike.push(index);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// For each branch the values of the member that most of them demand and list the values of.
    fn tagged(&mut self, kind: Basic, branches: &[Claim]) -> Vec<Option<Values>> {
        let none = vec![None; branches.len()];
        if kind != Basic::Object || branches.len() < MANY_BRANCHES {
            return none;
        }
        let mut names: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        let of = |search: &mut Self, claim: &Claim| {
            (search.profile(claim.shape), search.ignored(*claim))
        };
        for claim in branches {
            let (profile, ignored) = of(self, claim);
            for name in profile.required.iter().filter(|name| !ignored.contains(*name)) {
                if profile.tags.get(name).is_some_and(|tag| tag.values.is_some()) {
                    *names.entry(Arc::clone(name)).or_default() += 1;
                }
            }
        }
        let Some((name, _)) = names.into_iter().max_by_key(|(_, count)| *count) else {
            return none;
        };
        let values = |claim: &Claim| {
            let (profile, ignored) = of(self, claim);
            let is_demanded = profile.required.contains(&name) && !ignored.contains(&name);
            profile.tags.get(&name).filter(|_| is_demanded)?.values.clone()
        };
        branches.iter().map(values).collect()
    }

    /// Whether it shows at once that no value of the type is accepted by both; looked at once.
    pub(in crate::subtype) fn exclude_each_other(
        &mut self,
        kind: Basic,
        left: Claim,
        right: Claim,
    ) -> bool {
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
            return !ours.share(&theirs, |value| Basic::of(value) == kind);
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
                    && theirs.tags.get(name).is_some_and(|other| tag.is_apart_from(other))
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
