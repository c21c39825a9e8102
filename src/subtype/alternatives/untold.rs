//! Conditions that one member tells apart.
//!
//! `{"if": {"properties": {"kind": {"const": "a"}}}, …}`, once for each kind, looks as if at most one of
//! the tests could hold, but all of them do where there is no `kind`. As long as it is not known whether
//! it is there, each test holds or does not whatever the others do, and they multiply. Of a value without
//! it all hold; of one with it, one that holds refutes the others. To ask this first makes as many cases
//! as there are conditions, and one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Lit};
use crate::subtype::term::{Basic, Item, Split, Term};

/// From how many conditions on that a member tells apart it is asked first whether it is there.
const MANY: usize = 3;

impl Search<'_> {
    /// Of the members that are not known to be there, the one that tells most waiting conditions apart.
    pub(in crate::subtype) fn untold_tag(
        &mut self,
        term: &Term,
        taken: &Split,
    ) -> Option<Arc<str>> {
        if term.kind != Basic::Object || term.splits.len() + 1 < MANY {
            return None;
        }
        let mut names: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for test in std::iter::once(taken).chain(&term.splits).filter_map(Split::test) {
            let (profile, ignored) = (self.profile(test.shape), self.ignored(test));
            for (name, tag) in &profile.tags {
                let is_told = profile.required.contains(name)
                    || ignored.contains(name)
                    || term.object.present.contains(name)
                    || term.object.absent.contains(name);
                if !is_told && (tag.values.is_some() || tag.texts.is_some()) {
                    *names.entry(Arc::clone(name)).or_default() += 1;
                }
            }
        }
        let (name, count) = names.into_iter().max_by_key(|(_, count)| *count)?;
        (count >= MANY).then_some(name)
    }
}

impl Split {
    /// What is tested, where it is whether a test holds or not.
    fn test(&self) -> Option<Claim> {
        let Self::Any(cases) = self else { return None };
        let [met, unmet] = cases.as_slice() else { return None };
        match (met.first()?, unmet.first()?) {
            (Item::Lit(Lit::Holds(test)), Item::Lit(Lit::Refuses(other)))
                if test.shape == other.shape =>
            {
                Some(*test)
            }
            _ => None,
        }
    }
}
