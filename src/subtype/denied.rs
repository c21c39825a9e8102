//! What the writer denies that has not come to bear on a member yet.
//!
//! What is assumed of writers is dropped where it leaves them nothing to send (DESIGN §2), and what a
//! writer denies may do that: who must send what differs from `x` inside of a member sends `x`. A
//! member is looked at before all that holds there is known, and as long as something denied may be
//! about it, nothing that is assumed of it is sure.

use std::sync::Arc;

use super::engine::Search;
use super::goal::{Claim, Lit, Source};
use super::recall::Said;
use super::term::{ArrayLeaf, Item, ObjectLeaf, Split, Term};

impl Search<'_> {
    /// How much is known of what the writer says of a member of which nothing more will be declared.
    pub(super) fn said_of(&mut self, term: &Term, name: &Arc<str>) -> Said {
        let mut waiting = term.splits.iter().chain(&*term.aside);
        if waiting.any(|split| self.denies(split, name)) { Said::Part } else { Said::All }
    }

    /// Whether the disjunction may bring a denial that is about the member.
    pub(super) fn denies(&mut self, split: &Split, name: &Arc<str>) -> bool {
        let denied = |claim: &Claim| claim.source == Source::WriterDenial;
        let mut claims: Box<dyn Iterator<Item = &Claim>> = match split {
            Split::Any(cases) => {
                return cases.iter().flatten().any(|item| self.item_denies(item, name));
            }
            Split::Writers(all) | Split::Exactly(all) | Split::NotExactly(all) => {
                Box::new(all.iter())
            }
            Split::Refuse(claim) => Box::new(std::iter::once(claim)),
            Split::Neither(refused) => Box::new(refused.branches().iter()),
        };
        claims.any(|claim| denied(claim) && self.may_state(*claim, name))
    }

    /// Whether the case of a disjunction may bring a denial that is about the member.
    pub(super) fn item_denies(&mut self, item: &Item, name: &Arc<str>) -> bool {
        match item {
            Item::Split(split) => self.denies(split, name),
            Item::Object(ObjectLeaf::Member(own, lit)) => own == name && lit.may_free(),
            Item::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => {
                claim.source == Source::WriterDenial && self.may_state(*claim, name)
            }
            Item::Lit(Lit::Either(_) | Lit::Differs(_) | Lit::Unsure(_))
            | Item::Object(_)
            | Item::Array(_)
            | Item::Number(_)
            | Item::Text(_)
            | Item::NoneOf(_)
            | Item::OneOf(_)
            | Item::Unsure(_)
            | Item::Names(_)
            | Item::OnlyOf(..)
            | Item::Neither(_)
            | Item::Never => item.may_deny(),
        }
    }
}

impl Split {
    /// Whether the writer denies something in it.
    pub(super) fn may_deny(&self) -> bool {
        let denied = |claim: &Claim| claim.source == Source::WriterDenial;
        match self {
            Self::Any(cases) => cases.iter().flatten().any(Item::may_deny),
            Self::Writers(all) | Self::Exactly(all) | Self::NotExactly(all) => {
                all.iter().any(denied)
            }
            Self::Refuse(claim) => denied(claim),
            Self::Neither(refused) => refused.branches().iter().any(denied),
        }
    }
}

impl Item {
    /// Whether the writer denies something in it.
    pub(super) fn may_deny(&self) -> bool {
        let denied = |claim: &Claim| claim.source == Source::WriterDenial;
        match self {
            Self::Lit(Lit::Holds(claim) | Lit::Refuses(claim)) => denied(claim),
            Self::Lit(Lit::Either(_)) => true,
            Self::Split(split) => split.may_deny(),
            Self::Names(all) => all.iter().any(denied),
            Self::Neither(refused) => refused.branches().iter().any(denied),
            Self::Object(ObjectLeaf::Member(_, lit) | ObjectLeaf::Members(_, lit))
            | Self::Array(
                ArrayLeaf::Position(_, lit) | ArrayLeaf::From(_, lit) | ArrayLeaf::At(_, lit),
            ) => lit.may_free(),
            Self::Object(ObjectLeaf::Some(_, lits)) | Self::Array(ArrayLeaf::Some(_, lits)) => {
                lits.iter().any(|lit| lit.may_free())
            }
            Self::Array(ArrayLeaf::Count(tally)) => tally.yes.may_free() || tally.no.may_free(),
            Self::Object(
                ObjectLeaf::AtLeast(_)
                | ObjectLeaf::AtMost(_)
                | ObjectLeaf::Present(_)
                | ObjectLeaf::Absent(_)
                | ObjectLeaf::Name(_)
                | ObjectLeaf::SomeName(_),
            )
            | Self::Array(ArrayLeaf::AtLeast(_) | ArrayLeaf::AtMost(_) | ArrayLeaf::Unique(_))
            | Self::Lit(Lit::Differs(_) | Lit::Unsure(_))
            | Self::Number(_)
            | Self::Text(_)
            | Self::NoneOf(_)
            | Self::OneOf(_)
            | Self::Unsure(_)
            | Self::OnlyOf(..)
            | Self::Never => false,
        }
    }
}
