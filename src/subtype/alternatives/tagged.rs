//! Branches of an alternative by the value of the member that tells most of them apart, and
//! alternatives of which none holds.
//!
//! Where both sides have the same long list of branches, to hold each of the one against each of the
//! other costs their product for every question, while it shows at once which may meet: the branch
//! itself, and those with the same tag.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::model::Json;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Lit, Saying};
use crate::subtype::term::{Basic, Item, Tag, Term};
use crate::subtype::values::Values;

/// From how many branches on they are looked up by a tag.
const MANY_BRANCHES: usize = 16;
/// Of more values than this it is not looked up which branches have them.
const MANY_VALUES: usize = 8;

/// The branches of a list, by their tag.
#[derive(Debug)]
pub(in crate::subtype) struct Tagged {
    name: Arc<str>,
    by_value: HashMap<Json, Vec<usize>, FixedState>,
    /// Those of which only the texts are listed: other values may be there as well.
    texts: Vec<usize>,
    /// Those without the tag.
    others: Vec<usize>,
}

/// The branches of an alternative of which none holds.
#[derive(Debug)]
pub(in crate::subtype) struct Refused {
    branches: Vec<Claim>,
    sayings: HashSet<Saying, FixedState>,
    /// `None` where no tag tells most of them apart.
    tagged: Option<Arc<Tagged>>,
}

impl PartialEq for Refused {
    fn eq(&self, other: &Self) -> bool {
        self.branches == other.branches
    }
}

impl Tagged {
    /// The positions of the branches that may hold of the term, in order; `None` where the tag is not
    /// known well enough to tell.
    pub(in crate::subtype) fn candidates(&self, term: &Term) -> Option<Vec<usize>> {
        let values = term.object.tags.get(&self.name)?.values.as_ref()?;
        if values.len() > MANY_VALUES {
            return None;
        }
        let mut found = self.others.clone();
        for value in values.iter() {
            found.extend(self.by_value.get(value).into_iter().flatten());
            if Basic::of(value) != Basic::String {
                found.extend(&self.texts);
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

impl Refused {
    fn new(branches: Vec<Claim>, tagged: Option<Arc<Tagged>>) -> Arc<Self> {
        let sayings = branches.iter().map(|branch| branch.saying()).collect();
        Arc::new(Self { branches, sayings, tagged })
    }

    /// Those that may hold; `None` where it is not known which.
    fn candidates(&self, term: &Term) -> Option<Vec<usize>> {
        self.tagged.as_ref()?.candidates(term)
    }

    /// How many branches they are.
    pub(in crate::subtype) fn len(&self) -> usize {
        self.branches.len()
    }

    /// The branches, who says so aside.
    pub(in crate::subtype) fn has(&self, claim: Claim) -> bool {
        self.sayings.contains(&claim.saying())
    }

    /// Whether one of them is known to hold.
    pub(in crate::subtype) fn is_contradicted(&self, term: &Term) -> bool {
        term.holding.iter().any(|claim| self.has(*claim))
    }

    /// Whether a tag tells most of them apart.
    pub(in crate::subtype) fn has_tag(&self) -> bool {
        self.tagged.is_some()
    }

    /// Whether it is known which of them may hold.
    pub(in crate::subtype) fn is_told_apart(&self, term: &Term) -> bool {
        self.candidates(term).is_some()
    }

    /// The refusals of those that may hold.
    pub(in crate::subtype) fn refusals(&self, term: &Term) -> Vec<Item> {
        let refuses = |branch: &Claim| Item::Lit(Lit::Refuses(*branch));
        match self.candidates(term) {
            Some(positions) => {
                positions.iter().filter_map(|at| self.branches.get(*at)).map(refuses).collect()
            }
            None => self.branches.iter().map(refuses).collect(),
        }
    }

    /// Whether taking it may bring shapes whose names the writer declares.
    pub(in crate::subtype) fn may_declare(&self) -> bool {
        self.declaring().next().is_some()
    }

    /// Those that the writer states.
    pub(in crate::subtype) fn declaring(&self) -> impl Iterator<Item = Claim> {
        self.branches.iter().copied().filter(|branch| branch.source.declares())
    }

    /// All of them.
    pub(in crate::subtype) fn branches(&self) -> &[Claim] {
        &self.branches
    }

    /// One of the branches.
    pub(in crate::subtype) fn first(&self) -> Option<Claim> {
        self.branches.first().copied()
    }
}

impl Search<'_> {
    /// The alternatives of the claim's shape as one refusal; `None` where they are few, or no tag
    /// tells most of them apart.
    pub(in crate::subtype) fn refused_as_one(
        &mut self,
        claim: Claim,
        branches: &[Claim],
    ) -> Option<Arc<Refused>> {
        if branches.len() < MANY_BRANCHES {
            return None;
        }
        if let Some(known) = self.tables.refused.get(&(self.marks, claim)) {
            return known.clone();
        }
        let is_plain = branches.iter().any(|branch| self.is_anything(branch.shape));
        let tagged = if is_plain { None } else { self.tagged_branches(branches) };
        let refused = tagged.map(|tagged| Refused::new(branches.to_vec(), Some(tagged)));
        self.tables.refused.insert((self.marks, claim), refused.clone());
        refused
    }

    /// The refusals of these branches.
    pub(in crate::subtype) fn refusals_of(&self, branches: Vec<Claim>) -> Vec<Item> {
        if branches.len() < MANY_BRANCHES {
            return branches.into_iter().map(Lit::Refuses).map(Item::Lit).collect();
        }
        let is_one_met = branches.iter().any(|branch| self.is_anything(branch.shape));
        // Mostly that one of the others is the reader's branch is all that is asked of them.
        vec![if is_one_met { Item::Never } else { Item::Neither(Refused::new(branches, None)) }]
    }

    /// The positions of the branches that the term's tag leaves; all where it tells nothing.
    pub(in crate::subtype) fn left_by_tag(
        &mut self,
        term: &Term,
        branches: &[Claim],
    ) -> Vec<usize> {
        let tagged = if term.kind == Basic::Object { self.tagged_branches(branches) } else { None };
        let left = tagged.and_then(|tagged| tagged.candidates(term));
        left.unwrap_or_else(|| (0..branches.len()).collect())
    }

    /// The branches by the tag that most of them have; looked at once for each list.
    fn tagged_branches(&mut self, branches: &[Claim]) -> Option<Arc<Tagged>> {
        if branches.len() < MANY_BRANCHES {
            return None;
        }
        if let Some(known) = self.tables.tagged.get(branches) {
            return known.clone();
        }
        self.budget.work(branches.len());
        let tagged = self.by_tag(branches).map(Arc::new);
        self.tables.tagged.insert(branches.to_vec(), tagged.clone());
        tagged
    }

    fn by_tag(&mut self, branches: &[Claim]) -> Option<Tagged> {
        let mut names: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for claim in branches {
            let (profile, ignored) = (self.profile(claim.shape), self.ignored(*claim));
            for name in profile.required.iter().filter(|name| !ignored.contains(*name)) {
                if profile.tags.get(name).is_some_and(|tag| listed(tag).is_some()) {
                    *names.entry(Arc::clone(name)).or_default() += 1;
                }
            }
        }
        let (name, count) = names.into_iter().max_by_key(|(_, count)| *count)?;
        if 2 * count < branches.len() {
            return None;
        }
        let mut by_value: HashMap<Json, Vec<usize>, FixedState> = HashMap::default();
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        for (index, claim) in branches.iter().enumerate() {
            let (profile, ignored) = (self.profile(claim.shape), self.ignored(*claim));
            let is_demanded = profile.required.contains(&name) && !ignored.contains(&name);
            let tag = profile.tags.get(&name).filter(|_| is_demanded);
            let Some((tag, values)) = tag.and_then(|tag| Some((tag, listed(tag)?))) else {
                others.push(index);
                continue;
            };
            for value in values.iter() {
                by_value.entry(value.clone()).or_default().push(index);
            }
            if tag.values.is_none() {
                texts.push(index);
            }
        }
        Some(Tagged { name, by_value, texts, others })
    }
}

/// The values that the member may have, or the texts if it is one.
fn listed(tag: &Tag) -> Option<&Values> {
    tag.values.as_ref().or(tag.texts.as_ref())
}
