//! What the writer says that has not come to bear on a member or an element yet.
//!
//! What is assumed of writers is dropped where it leaves them nothing to send (docs/verdicts.md), and what a
//! writer denies may do that: who must send what differs from `x` inside of a member sends `x`. A
//! member is looked at before all that holds there is known, and as long as something denied may be
//! about it, nothing that is assumed of it is sure.

use std::sync::Arc;

use crate::subtype::engine::Search;
use crate::subtype::goal::{Claim, Lit, Source};
use crate::subtype::recall::Said;
use crate::subtype::term::{ArrayLeaf, Item, ObjectLeaf, Split, Term};

/// What the writer says in disjunctions that are to be decided.
#[derive(Default)]
pub(in crate::subtype) struct Waiting {
    /// Of the value as a whole, what it denies.
    denied: Vec<Claim>,
    /// Of a member.
    members: Vec<(Arc<str>, Lit)>,
    /// Of members of several names.
    rest: Vec<Lit>,
    /// Of elements.
    elements: Vec<Lit>,
    /// Whether it may be anything.
    is_open: bool,
}

impl Search<'_> {
    /// How much is known of what the writer says of a member of which nothing more will be declared,
    /// where such items are looked at beside what waits.
    pub(in crate::subtype) fn said_of<'i>(
        &mut self,
        term: &Term,
        beside: impl Iterator<Item = &'i Item>,
        name: &Arc<str>,
    ) -> Said {
        let mut waiting = Waiting::of(term);
        beside.for_each(|item| waiting.add_item(item));
        self.said_while(term, waiting, name)
    }

    /// The same, where such a disjunction is looked at beside those that wait.
    pub(in crate::subtype) fn said_beside(
        &mut self,
        term: &Term,
        beside: &Split,
        name: &Arc<str>,
    ) -> Said {
        let mut waiting = Waiting::of(term);
        waiting.add(beside);
        self.said_while(term, waiting, name)
    }

    fn said_while(&mut self, term: &Term, waiting: Waiting, name: &Arc<str>) -> Said {
        let Waiting { mut denied, members, rest, elements: _, is_open } = waiting;
        denied.retain(|claim| self.may_state(*claim, name));
        let own = members.into_iter().filter(|(own, _)| own == name).map(|(_, lit)| lit);
        let lits: Vec<Lit> = own.chain(rest).collect();
        if !is_open && denied.is_empty() && lits.is_empty() {
            return Said::All;
        }
        let Some(denied) = self.claims_inside(&denied, name) else { return Said::Part };
        let sure = self.claims_of_member(&term.holding, name);
        let bears = is_open || self.bring(&sure, denied.into_iter()) || self.bear(&sure, &lits);
        if bears { Said::Part } else { Said::All }
    }

    /// The same of an element.
    pub(in crate::subtype) fn said_of_element<'i>(
        &mut self,
        term: &Term,
        beside: impl Iterator<Item = &'i Item>,
    ) -> Said {
        let mut waiting = Waiting::of(term);
        beside.for_each(|item| waiting.add_item(item));
        if waiting.is_open || self.bring(&term.holding, waiting.denied.iter().copied()) {
            return Said::Part;
        }
        let sure = term.array.from.iter().filter(|(from, _)| *from == 0);
        let sure: Vec<Claim> = sure.filter_map(|(_, lit)| lit.held()).collect();
        if self.bear(&sure, &waiting.elements) { Said::Part } else { Said::All }
    }

    /// Whether it may be that the writer sends more where these hold as well: more names, or what is
    /// assumed not to be sent because nothing else is left.
    pub(in crate::subtype) fn bear(&mut self, sure: &[Claim], lits: &[Lit]) -> bool {
        lits.iter().any(|lit| matches!(lit, Lit::Either(_)))
            || self.bring(sure, lits.iter().filter_map(|lit| lit.claim()))
    }
}

impl Waiting {
    fn of(term: &Term) -> Self {
        let mut waiting = Self::default();
        term.splits.iter().chain(&*term.aside).for_each(|split| waiting.add(split));
        waiting
    }

    fn add(&mut self, split: &Split) {
        match split {
            Split::Any(cases) => cases.iter().flatten().for_each(|item| self.add_item(item)),
            Split::Writers(all) | Split::Exactly(all) | Split::NotExactly(all) => self.deny(all),
            Split::Refuse(claim) => self.deny(std::slice::from_ref(claim)),
            Split::Neither(refused) => self.deny(refused.branches()),
        }
    }

    fn deny(&mut self, claims: &[Claim]) {
        let denied = claims.iter().filter(|claim| claim.source == Source::WriterDenial);
        self.denied.extend(denied);
    }

    fn add_item(&mut self, item: &Item) {
        match item {
            Item::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => {
                self.deny(std::slice::from_ref(claim));
            }
            Item::Lit(Lit::Either(_)) => self.is_open = true,
            Item::Split(split) => self.add(split),
            Item::Names(all) => self.deny(all),
            Item::Neither(refused) => self.deny(refused.branches()),
            Item::Object(leaf) => self.add_members(leaf),
            Item::Array(leaf) => self.add_elements(leaf),
            Item::Lit(Lit::Differs(_) | Lit::Unsure(_))
            | Item::Number(_)
            | Item::Text(_)
            | Item::NoneOf(_)
            | Item::OneOf(_)
            | Item::Unsure(_)
            | Item::OnlyOf(..)
            | Item::Muted(_)
            | Item::Never => {}
        }
    }

    fn add_members(&mut self, leaf: &ObjectLeaf) {
        match leaf {
            ObjectLeaf::Member(name, lit) if lit.may_be_written() => {
                self.members.push((Arc::clone(name), *lit));
            }
            ObjectLeaf::Members(_, lit) => self.rest.extend(Some(*lit).filter(may_be_written)),
            ObjectLeaf::Some(_, lits) => {
                self.rest.extend(lits.iter().copied().filter(may_be_written));
            }
            ObjectLeaf::Member(..)
            | ObjectLeaf::AtLeast(_)
            | ObjectLeaf::AtMost(_)
            | ObjectLeaf::Present(_)
            | ObjectLeaf::Absent(_)
            | ObjectLeaf::Name(_)
            | ObjectLeaf::SomeName(_) => {}
        }
    }

    fn add_elements(&mut self, leaf: &ArrayLeaf) {
        let lits: &[Lit] = match leaf {
            ArrayLeaf::Position(_, lit) | ArrayLeaf::From(_, lit) | ArrayLeaf::At(_, lit) => {
                std::slice::from_ref(lit)
            }
            ArrayLeaf::Some(_, lits) => lits,
            ArrayLeaf::Count(tally) => &[tally.yes, tally.no],
            ArrayLeaf::AtLeast(_) | ArrayLeaf::AtMost(_) | ArrayLeaf::Unique(_) => &[],
        };
        self.elements.extend(lits.iter().copied().filter(may_be_written));
    }
}

fn may_be_written(lit: &Lit) -> bool {
    lit.may_be_written()
}

impl Split {
    /// Whether the writer says something in it.
    pub(in crate::subtype) fn may_be_written(&self) -> bool {
        let mut waiting = Waiting::default();
        waiting.add(self);
        let Waiting { denied, members, rest, elements, is_open } = waiting;
        is_open
            || !denied.is_empty()
            || !members.is_empty()
            || !rest.is_empty()
            || !elements.is_empty()
    }
}
