//! Ways from one place to another inside it.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::slots::SlotPair;

/// The slots that lead from a place to one inside it. Ways share their ends, so that to come from
/// further out costs one step however long the way is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    first: Option<Rc<Leg>>,
    len: usize,
}

#[derive(Debug)]
struct Leg {
    pair: Rc<SlotPair>,
    rest: Path,
}

impl Path {
    /// The way that begins with this slot, which all ways through it share.
    pub(super) fn behind(&self, pair: &Rc<SlotPair>) -> Self {
        let leg = Leg { pair: Rc::clone(pair), rest: self.clone() };
        Self { first: Some(Rc::new(leg)), len: self.len + 1 }
    }

    /// How many slots it leads through.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Its first slot, and how it goes on.
    pub(crate) fn split_first(&self) -> Option<(&SlotPair, &Self)> {
        self.first.as_deref().map(|Leg { pair, rest }| (&**pair, rest))
    }

    /// Its slots, outermost first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &SlotPair> {
        let mut here = self;
        std::iter::from_fn(move || {
            let (pair, rest) = here.split_first()?;
            here = rest;
            Some(pair)
        })
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for Path {}

impl Hash for Path {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.len.hash(hasher);
        for SlotPair { old, new, step: _ } in self.iter() {
            old.hash(hasher);
            new.hash(hasher);
        }
    }
}

impl FromIterator<SlotPair> for Path {
    fn from_iter<I: IntoIterator<Item = SlotPair>>(pairs: I) -> Self {
        let pairs: Vec<SlotPair> = pairs.into_iter().collect();
        pairs.into_iter().rev().fold(Self::default(), |rest, pair| rest.behind(&Rc::new(pair)))
    }
}
