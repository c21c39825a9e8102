//! Whose members of ProtoJSON are whose: a reader may take the member of one field for another's.

use std::collections::BTreeSet;

use super::fields::{FieldPair, FieldPairs, MessagePair};
use super::side::Side;
use super::walk::Walk;
use crate::diff::WitnessSide;
use crate::model::Field;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// A writer's field beside the reader's field that takes its member, and what that does.
pub(super) type Stray<'a> = (FieldPair<'a>, Directions<Exchange>);

impl<'a> MessagePair<'a> {
    /// The field that takes the JSON member of a writer's field. What is no field of the message, an
    /// extension, has a name of its own kind.
    fn taker(&self, walk: &Walk<'a>, writer: WitnessSide, field: &Field) -> Option<&'a Field> {
        let (old, new) = ((&walk.old, self.old_id), (&walk.new, self.new_id));
        let (here, there) = match writer {
            WitnessSide::Old => (old, new),
            WitnessSide::New => (new, old),
        };
        let own = here.0.member(here.1, &field.json_name)?;
        let is_own = own.number == field.number && own.name == field.name;
        there.0.member(there.1, &field.json_name).filter(|_| is_own)
    }

    /// The writer's field as the pair that it makes with the field of the reader's that takes its
    /// JSON member, where that is not its counterpart.
    pub(crate) fn usurped(
        &self,
        walk: &Walk<'a>,
        (writer, field): (WitnessSide, &'a Field),
        counterpart: Option<&Field>,
    ) -> Option<FieldPair<'a>> {
        let taker = self.taker(walk, writer, field)?;
        if counterpart.is_some_and(|own| own.number == taker.number) {
            return None;
        }
        let holders = (self.old_id, self.new_id);
        Some(match writer {
            WitnessSide::Old => FieldPair { holders, old: field, new: taker },
            WitnessSide::New => FieldPair { holders, old: taker, new: field },
        })
    }

    /// What another number or another JSON name of a field does.
    pub(super) fn addresses(&self, walk: &Walk<'a>, both: &FieldPair<'a>) -> Directions<Exchange> {
        let wire = if both.old.number == both.new.number {
            Passage::SAME
        } else {
            Passage::new(Outcome::Lost, Sample::Ordinary, "a field inside has another number")
        };
        let way = |writer| Exchange { wire: wire.clone(), json: self.called(walk, both, writer) };
        Directions { old_to_new: way(WitnessSide::Old), new_to_old: way(WitnessSide::New) }
    }

    /// What becomes of a field's JSON member at a reader that may call the field otherwise.
    pub(crate) fn called(
        &self,
        walk: &Walk<'a>,
        both: &FieldPair<'a>,
        writer: WitnessSide,
    ) -> Passage {
        let (sent, own) = match writer {
            WitnessSide::Old => (both.old, both.new),
            WitnessSide::New => (both.new, both.old),
        };
        let because = "the reader does not know the name";
        let unknown = Passage::new(Outcome::Refused, Sample::Ordinary, because);
        let is_own = |side: &Side<'_>, id, field: &Field| {
            side.member(id, &field.json_name).is_some_and(|own| own.number == field.number)
        };
        let (old, new) = ((&walk.old, self.old_id, both.old), (&walk.new, self.new_id, both.new));
        if !is_own(old.0, old.1, old.2) || !is_own(new.0, new.1, new.2) {
            let name = |(side, id, field): (&Side<'_>, _, _)| side.member_name(id, field);
            return if name(old) == name(new) { Passage::SAME } else { unknown };
        }
        if sent.json_name == own.json_name {
            return Passage::SAME;
        }
        if let Some(cross) = self.usurped(walk, (writer, sent), Some(own)) {
            return mistaken(walk, &cross, writer);
        }
        if own.name == sent.json_name { Passage::SAME } else { unknown }
    }

    /// Its fields, and the extensions of both messages by their numbers, whatever they are called.
    pub(super) fn with_extensions(&self, walk: &Walk<'a>) -> FieldPairs<'a> {
        let mut all = self.fields();
        let holders = (self.old_id, self.new_id);
        let mut taken = BTreeSet::new();
        let (old, new) = (walk.old.extensions(self.old_id), walk.new.extensions(self.new_id));
        for old in old.iter().map(|one| &one.field) {
            let is_it = |other: &Field| other.number == old.number;
            let twin = new.iter().map(|one| &one.field).find(|one| is_it(one));
            let twin = twin.or_else(|| all.added.iter().copied().find(|one| is_it(one)));
            match twin {
                Some(new) => {
                    taken.insert(new.number);
                    all.added.retain(|one| !is_it(one));
                    all.pairs.push(FieldPair { holders, old, new });
                }
                None => all.removed.push(old),
            }
        }
        for new in new.iter().map(|one| &one.field).filter(|one| !taken.contains(&one.number)) {
            let is_it = |other: &Field| other.number == new.number;
            match all.removed.iter().copied().find(|one| is_it(one)) {
                Some(old) => {
                    all.removed.retain(|one| !is_it(one));
                    all.pairs.push(FieldPair { holders, old, new });
                }
                None => all.added.push(new),
            }
        }
        all
    }

    /// The fields without a counterpart whose JSON members another field takes.
    pub(super) fn strays(&self, walk: &Walk<'a>, fields: &FieldPairs<'a>) -> Vec<Stray<'a>> {
        let sent = |all: &[&'a Field], writer| -> Vec<(FieldPair<'a>, Passage)> {
            let crossing = all.iter().filter_map(|field| self.usurped(walk, (writer, field), None));
            crossing.map(|cross| (cross, mistaken(walk, &cross, writer))).collect()
        };
        let json = |json| Exchange { wire: Passage::SAME, json };
        let removed =
            sent(&fields.removed, WitnessSide::Old).into_iter().map(|(cross, passage)| {
                (cross, Directions { old_to_new: json(passage), ..Directions::default() })
            });
        let added = sent(&fields.added, WitnessSide::New).into_iter().map(|(cross, passage)| {
            (cross, Directions { new_to_old: json(passage), ..Directions::default() })
        });
        removed.chain(added).collect()
    }
}

/// What becomes of a JSON member that the reader takes for another field's.
pub(crate) fn mistaken(walk: &Walk<'_>, cross: &FieldPair<'_>, writer: WitnessSide) -> Passage {
    let Directions { old_to_new, new_to_old } = cross.own_values(walk);
    let values = match writer {
        WitnessSide::Old => old_to_new.json,
        WitnessSide::New => new_to_old.json,
    };
    if values.breaks() {
        return values;
    }
    let because = "the name belongs to another field at the reader";
    Passage::new(Outcome::Misread, Sample::Ordinary, because)
}
