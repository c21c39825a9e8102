//! The values of a member, tried one by one.
//!
//! Where much is refused of a few members that are listed values each, a refusal says that one of two members
//! is not this value, which tells next to nothing, and the refusals multiply. That a member is this value
//! settles every refusal that speaks of it.

use std::sync::Arc;

use crate::model::Json;
use crate::subtype::engine::Search;
use crate::subtype::goal::Lit;
use crate::subtype::term::{Item, ObjectLeaf, Split, Term};

/// Values are tried from this many refusals on.
const MANY: usize = 8;
/// A member that lists more values than this is not tried.
const VALUES: usize = 16;

/// What the values of members tell of a disjunction about them.
pub(in crate::subtype) enum First {
    /// One of its cases holds whatever the value is.
    Settled,
    /// It is to be split by these first.
    Values(Vec<Vec<Item>>),
}

impl Search<'_> {
    /// What the values that are left of its members tell of a disjunction with these cases; `None` where it
    /// is as good as they are.
    pub(in crate::subtype) fn values_first(
        &mut self,
        term: &Term,
        cases: &[Vec<Item>],
    ) -> Option<First> {
        let refusals = term.splits.iter().filter(|split| matches!(split, Split::Refuse(_)));
        if refusals.count() < MANY {
            return None;
        }
        let mut best: Option<(&Arc<str>, Vec<Json>)> = None;
        for case in cases {
            let [Item::Object(ObjectLeaf::Member(name, lit))] = case.as_slice() else {
                return None;
            };
            let values = self.values_left(term, name)?;
            if values.iter().all(|value| self.satisfies_all(&[*lit], value) == Some(true)) {
                return Some(First::Settled);
            }
            if best.as_ref().is_none_or(|(_, known)| values.len() < known.len()) {
                best = Some((name, values));
            }
        }
        let (name, values) = best.filter(|(_, values)| values.len() > 1)?;
        let cases = (0..values.len()).map(|chosen| {
            let others = values.iter().enumerate().filter(|(other, _)| *other != chosen);
            let differs = |(_, value): (_, &Json)| {
                let lit = Lit::Differs(self.tables.values.id(value.clone()));
                Item::Object(ObjectLeaf::Member(Arc::clone(name), lit))
            };
            others.map(differs).collect()
        });
        Some(First::Values(cases.collect()))
    }

    /// The values that are left of a member which is there, if they are listed and few.
    fn values_left(&mut self, term: &Term, name: &Arc<str>) -> Option<Vec<Json>> {
        let listed = term.object.tags.get(name)?.values.clone()?;
        if listed.len() > VALUES || !term.object.present.contains(name) {
            return None;
        }
        let lits = self.member_lits(term, name);
        self.budget.work(1 + lits.len() * listed.len());
        let left = listed.iter().filter(|value| self.satisfies_all(&lits, value) != Some(false));
        Some(left.cloned().collect())
    }
}
