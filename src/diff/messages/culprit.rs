//! Where inside two messages that took each other's place the break lies, so that a message can show it.

use std::collections::{HashSet, VecDeque};

use foldhash::fast::RandomState;

use super::contents::{IdPair, unfilled};
use super::fields::{FieldPair, FieldPairs, MessagePair, merge};
use super::sample::{Payload, enclosed, payload};
use super::side::Side;
use super::walk::Walk;
use super::witness::Root;
use crate::diff::WitnessSide;
use crate::model::{Cardinality, Field, FieldKind, MessageId, Presence, Surface};
use crate::rules::field_default::misreadings;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, JsonForm, Outcome, Passage, Sample, absence};

/// How many pairs of messages are searched for a break to show.
const MAX_SEARCHED: usize = 10_000;

/// What to blame for a break, and the way there.
pub(super) struct Culprit<'a> {
    /// Fields from the root inwards, each of whose messages holds the next.
    way: Vec<FieldPair<'a>>,
    /// The messages that hold the culprit.
    holders: IdPair,
    /// The fields themselves, the telling one first; none where what is missing has no counterpart.
    fields: Vec<FieldPair<'a>>,
    /// What becomes of it.
    pub(super) passage: Passage,
}

/// The nearest field that breaks by itself, where the root's messages, or those that its first field
/// holds, are not the same element.
pub(super) fn culprit<'a>(
    walk: &Walk<'a>,
    root: &Root<'a>,
    surface: Surface,
    pick: impl Fn(&Directions<Exchange>) -> Passage,
) -> Option<Culprit<'a>> {
    // Bytes lead to no field of another number, whatever it is called.
    let is_met = root.first().is_none_or(|(old, new)| old.number == new.number);
    let (start, way) = start(walk, root).filter(|_| is_met || surface != Surface::Wire)?;
    let mut seen: HashSet<IdPair, RandomState> = HashSet::default();
    let mut open = VecDeque::from([(start, way)]);
    while let Some((holders, way)) = open.pop_front() {
        if !seen.insert(holders) || seen.len() > MAX_SEARCHED {
            continue;
        }
        let (old, new) = (walk.old.message(holders.0)?, walk.new.message(holders.1)?);
        match (JsonForm::of(&old.full_name), JsonForm::of(&new.full_name)) {
            (JsonForm::Object, JsonForm::Object) | (JsonForm::Wrapped(_), JsonForm::Wrapped(_)) => {
            }
            _ => continue,
        }
        let pair = MessagePair { old_id: holders.0, new_id: holders.1, old, new };
        let (found, deeper) = blamed(walk, pair, &pick);
        if let Some((fields, passage)) = found {
            return Some(Culprit { way, holders, fields, passage });
        }
        for (field, next) in deeper {
            open.push_back((next, way.iter().copied().chain([field]).collect()));
        }
    }
    None
}

fn start<'a>(walk: &Walk<'a>, root: &Root<'a>) -> Option<(IdPair, Vec<FieldPair<'a>>)> {
    let (holders, is_foreign) =
        ((root.old, root.new), |next: &IdPair| walk.pairs.new_message(next.0) != Some(next.1));
    match (root.old_fields.first(), root.new_fields.first()) {
        (None, None) => Some((holders, Vec::new())).filter(|(start, _)| is_foreign(start)),
        (Some(old), Some(new)) => {
            let pair = FieldPair { holders, old, new };
            let next = inside(walk, &pair).filter(is_foreign)?;
            Some((next, vec![pair]))
        }
        (Some(_), None) | (None, Some(_)) => None,
    }
}

/// The messages that a field, or the values of a map, hold on both sides.
fn inside(walk: &Walk<'_>, pair: &FieldPair<'_>) -> Option<IdPair> {
    if let Some([_, values]) = pair.entries(walk) {
        return match (values.old.kind, values.new.kind) {
            (FieldKind::Message(old, _), FieldKind::Message(new, _)) => Some((old, new)),
            (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => None,
        };
    }
    match (pair.old.kind, pair.new.kind) {
        (FieldKind::Message(old, _), FieldKind::Message(new, _)) => Some((old, new)),
        (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => None,
    }
}

/// The fields that are to blame, and what becomes of them.
type Blamed<'a> = (Vec<FieldPair<'a>>, Passage);

/// What breaks in two messages by itself, and the messages behind their fields.
fn blamed<'a>(
    walk: &Walk<'a>,
    pair: MessagePair<'a>,
    pick: impl Fn(&Directions<Exchange>) -> Passage,
) -> (Option<Blamed<'a>>, Vec<(FieldPair<'a>, IdPair)>) {
    let holders = (pair.old_id, pair.new_id);
    let fields = pair.with_extensions(walk);
    if let (true, Some(old), Some(new)) =
        (fields.pairs.is_empty(), fields.removed.first(), fields.added.first())
    {
        let because = "the two messages have no field in common";
        let lost = Passage::new(Outcome::Lost, Sample::Ordinary, because);
        return (Some((vec![FieldPair { holders, old, new }], lost)), Vec::new());
    }
    for both in &fields.pairs {
        let absent = unfilled(both.old.cardinality, both.new.cardinality);
        let absent = merge(absent, misreadings(walk, both));
        let ways = merge(merge(both.own_values(walk), pair.addresses(walk, both)), absent);
        let passage = pick(&ways);
        if passage.breaks() {
            return (Some((vec![*both], passage)), Vec::new());
        }
    }
    for (fields, ways) in besides(walk, pair, &fields) {
        let passage = pick(&ways);
        if passage.breaks() {
            return (Some((fields, passage)), Vec::new());
        }
    }
    let unset = Cardinality::Singular(Presence::Explicit);
    let missing = |readers: &[&Field]| {
        let wire = readers
            .iter()
            .fold(Passage::SAME, |worst, reader| worst.worse(absence(unset, reader.cardinality)));
        Exchange { json: wire.clone(), wire }
    };
    let ways =
        Directions { old_to_new: missing(&fields.added), new_to_old: missing(&fields.removed) };
    let passage = pick(&ways);
    if passage.breaks() {
        return (Some((Vec::new(), Passage { sample: Sample::None, ..passage })), Vec::new());
    }
    let deeper = fields.pairs.iter().filter_map(|both| Some((*both, inside(walk, both)?)));
    (None, deeper.collect())
}

/// What fields do to each other and where one has no counterpart, with those that show it.
fn besides<'a>(
    walk: &Walk<'a>,
    pair: MessagePair<'a>,
    fields: &FieldPairs<'a>,
) -> Vec<(Vec<FieldPair<'a>>, Directions<Exchange>)> {
    let holders = (pair.old_id, pair.new_id);
    let shifts = pair.oneof_shifts(&fields.pairs).0.into_iter();
    let shifts = shifts.map(|shift| (shift.telling().to_vec(), shift.collisions()));
    let strays = pair.strays(walk, fields).into_iter();
    let strays = strays.map(|(cross, ways)| (vec![cross], ways));
    // A field that only one side has stands for itself: the other side is to refuse its name.
    let lone = |all: &[&'a Field]| -> Vec<FieldPair<'a>> {
        all.first().map(|field| FieldPair { holders, old: field, new: field }).into_iter().collect()
    };
    let unknown = walk.unknown_name(Sample::Ordinary);
    let gone = Directions { old_to_new: unknown.clone(), ..Directions::default() };
    let come = Directions { new_to_old: unknown, ..Directions::default() };
    let lone = [(lone(&fields.removed), gone), (lone(&fields.added), come)];
    let lone = lone.into_iter().filter(|(fields, _)| !fields.is_empty());
    shifts.chain(strays).chain(lone).collect()
}

/// The message of a side.
fn on(pair: IdPair, side: WitnessSide) -> MessageId {
    match side {
        WitnessSide::Old => pair.0,
        WitnessSide::New => pair.1,
    }
}

/// The field on a side, and the message that holds it.
fn own<'a>(pair: &FieldPair<'a>, side: WitnessSide) -> (MessageId, &'a Field) {
    let field = match side {
        WitnessSide::Old => pair.old,
        WitnessSide::New => pair.new,
    };
    (on(pair.holders, side), field)
}

impl<'a> Culprit<'a> {
    /// The root in which it is shown: the message at the top, with the field that leads to it.
    pub(super) fn root(&self) -> Root<'a> {
        let shown = match self.way.first() {
            Some(first) => std::slice::from_ref(first),
            None => &self.fields,
        };
        let (old, new) = shown.first().map_or(self.holders, |pair| pair.holders);
        Root {
            old,
            new,
            old_fields: shown.iter().map(|pair| pair.old).collect(),
            new_fields: shown.iter().map(|pair| pair.new).collect(),
        }
    }

    /// A message of a writer that shows it, from the top.
    pub(super) fn payload(
        &self,
        (writer, side): (WitnessSide, &Side<'_>),
        variant: u8,
    ) -> Option<Payload> {
        let (holder, fields) = self.inmost(writer);
        let found = payload(side, holder, &fields, &self.passage.sample, variant)?;
        self.around((writer, side), found)
    }

    /// The message that holds it on a side, and the field itself.
    pub(super) fn inmost(&self, side: WitnessSide) -> (MessageId, Vec<&'a Field>) {
        (on(self.holders, side), self.fields.iter().map(|pair| own(pair, side).1).collect())
    }

    /// What a side has from the top where the inmost message is this.
    pub(super) fn around(
        &self,
        (which, side): (WitnessSide, &Side<'_>),
        inmost: Payload,
    ) -> Option<Payload> {
        let mut outwards = self.way.iter().rev();
        let around = outwards.try_fold((on(self.holders, which), inmost), |held, pair| {
            Some((on(pair.holders, which), enclosed(side, own(pair, which), held)?))
        });
        around.map(|(_, payload)| payload)
    }
}
