//! The fields of a message pair: which is which, and what becomes of their values.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::contents;
use super::pairs::is_end;
use super::side::Side;
use super::walk::{Change, Scope, Walk};
use super::witness::Root;
use crate::model::{
    Cardinality, EnumValue, Enumeration, Field, FieldKind, FieldNumber, Message, MessageId,
    MessageKind, Openness, Scalar, Step,
};
use crate::rules::Rule;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{
    Coding, Encoding, Exchange, Inside, Outcome, Passage, Sample, exchange, null_in_map, unsent,
};

/// A message on both sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MessagePair<'a> {
    pub(crate) old_id: MessageId,
    pub(crate) new_id: MessageId,
    pub(crate) old: &'a Message,
    pub(crate) new: &'a Message,
}

/// A field on both sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldPair<'a> {
    pub(crate) holders: (MessageId, MessageId),
    pub(crate) old: &'a Field,
    pub(crate) new: &'a Field,
}

/// By what two fields are the same.
#[derive(Clone, Copy)]
enum Identity {
    Both,
    Name,
    Member,
    Number,
}

/// The fields of a message pair.
#[derive(Debug)]
pub(crate) struct FieldPairs<'a> {
    pub(crate) pairs: Vec<FieldPair<'a>>,
    pub(crate) removed: Vec<&'a Field>,
    pub(crate) added: Vec<&'a Field>,
}

impl<'a> MessagePair<'a> {
    /// The scope of a change to it.
    pub(crate) fn scope(&self) -> Scope {
        Scope::Message(Some(self.old_id), Some(self.new_id))
    }

    /// The message without anything in it, for showing what happens to it.
    pub(crate) fn empty_root(&self) -> Root<'a> {
        let (old, new) = (self.old_id, self.new_id);
        Root { old, new, old_fields: Vec::new(), new_fields: Vec::new() }
    }

    /// Whether its extensions are the items of a set now, where they are framed in another way.
    pub(crate) fn reframed(&self) -> Option<bool> {
        let is = self.new.is_set();
        (self.old.is_set() != is).then_some(is)
    }

    /// What becomes of its extensions: readers of plain ones know no items, readers of items know
    /// plain ones too.
    pub(crate) fn framing(&self) -> Directions<Exchange> {
        let because = "the reader does not take the items of a message set for extensions";
        let lost = Passage::new(Outcome::Lost, Sample::Ordinary, because);
        let lost = Exchange { wire: lost, json: Passage::SAME };
        match self.reframed() {
            Some(true) => Directions { new_to_old: lost, ..Directions::default() },
            Some(false) => Directions { old_to_new: lost, ..Directions::default() },
            None => Directions::default(),
        }
    }

    /// Its fields. A name that lives on at another number is a renumbering, whoever has the old
    /// number now, and so is a JSON name for values of one kind; what is left under one number is a
    /// rename.
    pub(crate) fn fields(&self) -> FieldPairs<'a> {
        let by_name: BTreeMap<&str, &'a Field> =
            self.new.fields.iter().map(|field| (&*field.name, field)).collect();
        let by_member: BTreeMap<&str, &'a Field> =
            self.new.fields.iter().map(|field| (&*field.json_name, field)).collect();
        let by_number: BTreeMap<FieldNumber, &'a Field> =
            self.new.fields.iter().map(|field| (field.number, field)).collect();
        let twin = |old: &Field, identity| match identity {
            Identity::Both => {
                by_number.get(&old.number).copied().filter(|new| new.name == old.name)
            }
            Identity::Name => by_name.get(&*old.name).copied(),
            Identity::Member => {
                let found = by_member.get(&*old.json_name).copied();
                found.filter(|new| is_like(old.kind, new.kind))
            }
            Identity::Number => by_number.get(&old.number).copied(),
        };
        let mut pairs: Vec<(&'a Field, &'a Field)> = Vec::new();
        let mut taken = (BTreeSet::new(), BTreeSet::new());
        for identity in [Identity::Both, Identity::Name, Identity::Member, Identity::Number] {
            for old in &self.old.fields {
                let free = |new: &&Field| !taken.1.contains(&new.number);
                if let Some(new) = twin(old, identity).filter(free)
                    && taken.0.insert(old.number)
                {
                    taken.1.insert(new.number);
                    pairs.push((old, new));
                }
            }
        }
        pairs.sort_by_key(|(old, _)| old.number);
        let is_left =
            |taken: &BTreeSet<FieldNumber>, field: &&Field| !taken.contains(&field.number);
        let removed = self.old.fields.iter().filter(|field| is_left(&taken.0, field)).collect();
        let added = self.new.fields.iter().filter(|field| is_left(&taken.1, field)).collect();
        let holders = (self.old_id, self.new_id);
        let paired = pairs.into_iter().map(|(old, new)| FieldPair { holders, old, new });
        FieldPairs { pairs: paired.collect(), removed, added }
    }
}

/// Whether values of the one kind may be meant to be those of the other.
fn is_like(old: FieldKind, new: FieldKind) -> bool {
    match (old, new) {
        (FieldKind::Scalar(old), FieldKind::Scalar(new)) => old == new,
        (FieldKind::Enum(_), FieldKind::Enum(_))
        | (FieldKind::Message(..), FieldKind::Message(..)) => true,
        (FieldKind::Scalar(_) | FieldKind::Enum(_) | FieldKind::Message(..), _) => false,
    }
}

impl<'a> FieldPair<'a> {
    /// A change to the field; a witness shows it in the message that holds the field.
    pub(crate) fn change(&self, rule: &'static Rule, message: String) -> Change<'a> {
        let (old, new) = self.holders;
        Change::new(rule, Scope::Message(Some(old), Some(new)), message)
            .at(Step::Property(self.new.name.clone()))
            .spans(Some(self.old.span), Some(self.new.span))
            .root(Some(self.root()))
    }

    /// The message that holds the field, with the field in it.
    pub(crate) fn root(&self) -> Root<'a> {
        let (old, new) = self.holders;
        Root { old, new, old_fields: vec![self.old], new_fields: vec![self.new] }
    }

    /// Whether the types are the same element, or equal scalars.
    pub(crate) fn same_kind(&self, walk: &Walk<'_>) -> bool {
        match (self.old.kind, self.new.kind) {
            (FieldKind::Scalar(old), FieldKind::Scalar(new)) => old == new,
            (FieldKind::Enum(old), FieldKind::Enum(new)) => walk.pairs.new_enum(old) == Some(new),
            (FieldKind::Message(old, old_end), FieldKind::Message(new, new_end)) => {
                let is_map = |field: &Field| field.cardinality == Cardinality::Map;
                let same = if is_map(self.old) && is_map(self.new) {
                    self.entries(walk)
                        .is_some_and(|pairs| pairs.iter().all(|pair| pair.same_kind(walk)))
                } else {
                    walk.pairs.new_message(old) == Some(new)
                };
                same && old_end == new_end
            }
            (FieldKind::Enum(_), FieldKind::Message(..))
            | (FieldKind::Message(..), FieldKind::Enum(_)) => self.is_named_alone(walk),
            (FieldKind::Scalar(_) | FieldKind::Enum(_) | FieldKind::Message(..), _) => false,
        }
    }

    /// Whether one side only names the type that the other declares: what it is there is not known, and
    /// it is taken for the same.
    pub(crate) fn is_named_alone(&self, walk: &Walk<'_>) -> bool {
        let (old, new) = (walk.old.kind_name(self.old.kind), walk.new.kind_name(self.new.kind));
        let alike = old == new || is_end(&old, &new) || is_end(&new, &old);
        alike && meets_unseen(walk, (self.old.kind, self.new.kind))
    }

    /// The key and the value of a map, where both sides are maps.
    pub(crate) fn entries(&self, walk: &Walk<'a>) -> Option<[FieldPair<'a>; 2]> {
        let (old, new) = (walk.old.entry(self.old)?, walk.new.entry(self.new)?);
        let pair = |old, new| FieldPair { holders: self.holders, old, new };
        Some([pair(old.0, new.0), pair(old.1, new.1)])
    }

    /// What becomes of the field's values in each direction, whatever its name. Under two numbers
    /// they meet in JSON only: what the number does to them is a finding of its own.
    pub(crate) fn exchanges(&self, walk: &Walk<'a>) -> Directions<Exchange> {
        let Directions { old_to_new, new_to_old } = self.values(walk);
        let met = |exchange: Exchange| {
            let apart = self.old.number != self.new.number;
            Exchange { wire: if apart { Passage::SAME } else { exchange.wire }, ..exchange }
        };
        Directions { old_to_new: met(old_to_new), new_to_old: met(new_to_old) }
    }

    fn values(&self, walk: &Walk<'a>) -> Directions<Exchange> {
        if let Some([keys, values]) = self.entries(walk) {
            return merge(
                in_map(keys.as_names(keys.exchanges(walk)), Inside::Key),
                in_map(values.as_map_values(walk, values.exchanges(walk)), Inside::Value),
            );
        }
        let own = self.own_values(walk);
        match (self.old.kind, self.new.kind) {
            (FieldKind::Message(old, _), FieldKind::Message(new, _))
                if walk.pairs.new_message(old) != Some(new) =>
            {
                merge(own, contents(walk, old, new))
            }
            (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => own,
        }
    }

    /// The same of keys of maps: in JSON they are the names of members, which any text may be.
    fn as_names(&self, ways: Directions<Exchange>) -> Directions<Exchange> {
        let met = |reader: &Field, exchange: Exchange| match reader.kind {
            FieldKind::Scalar(Scalar::String(_)) => Exchange { json: Passage::SAME, ..exchange },
            FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_) => exchange,
        };
        Directions {
            old_to_new: met(self.new, ways.old_to_new),
            new_to_old: met(self.old, ways.new_to_old),
        }
    }

    /// The same of values of maps, none of which is left out.
    fn as_map_values(&self, walk: &Walk<'a>, ways: Directions<Exchange>) -> Directions<Exchange> {
        let (Some(old), Some(new)) = (walk.old.encoding(self.old), walk.new.encoding(self.new))
        else {
            return ways;
        };
        let with = |exchange: Exchange, null: Option<Passage>| Exchange {
            json: null.unwrap_or(exchange.json),
            ..exchange
        };
        Directions {
            old_to_new: with(ways.old_to_new, null_in_map(old.coding, new.coding)),
            new_to_old: with(ways.new_to_old, null_in_map(new.coding, old.coding)),
        }
    }

    /// The same without what lies inside messages.
    pub(super) fn own_values(&self, walk: &Walk<'a>) -> Directions<Exchange> {
        if let Some([keys, values]) = self.entries(walk) {
            return merge(
                in_map(keys.as_names(keys.own_values(walk)), Inside::Key),
                in_map(values.as_map_values(walk, values.own_values(walk)), Inside::Value),
            );
        }
        if self.is_named_alone(walk) {
            return Directions::default();
        }
        if meets_unseen(walk, (self.old.kind, self.new.kind)) {
            return unknown(UNSEEN);
        }
        let (Some(old), Some(mut new)) = (walk.old.encoding(self.old), walk.new.encoding(self.new))
        else {
            return Directions::default();
        };
        if let (FieldKind::Enum(was), FieldKind::Enum(is)) = (self.old.kind, self.new.kind)
            && walk.pairs.new_enum(was) == Some(is)
        {
            // What changed inside the enumeration is a finding of its own.
            new.coding = old.coding;
        }
        let familiar = self.familiar(walk);
        let known = match &familiar {
            Some(familiar) => Encoding { coding: Coding::Enum(familiar), ..new },
            None => new,
        };
        let sent = Directions { old_to_new: exchange(old, new), new_to_old: exchange(known, old) };
        if self.old.default.is_some() || self.new.default.is_some() {
            return sent;
        }
        let way = |writer, reader| Exchange { wire: Passage::SAME, json: unsent(writer, reader) };
        merge(sent, Directions { old_to_new: way(old, new), new_to_old: way(new, old) })
    }
}

impl FieldPair<'_> {
    /// Of another enumeration that took the place of an open one, the values that are not new to its
    /// readers: they keep the number of those that are, and refuse no name but where the mode says so.
    fn familiar(&self, walk: &Walk<'_>) -> Option<Enumeration> {
        let (FieldKind::Enum(was), FieldKind::Enum(is)) = (self.old.kind, self.new.kind) else {
            return None;
        };
        let (old, new) = (walk.old.enumeration(was)?, walk.new.enumeration(is)?);
        let is_other = walk.pairs.new_enum(was) != Some(is);
        let is_refused = walk.unknown_name(Sample::Ordinary).json.breaks();
        if !is_other || old.openness.value == Openness::Closed || is_refused {
            return None;
        }
        let is_known = |value: &EnumValue| {
            old.values.named(&value.name).is_some()
                || old.values.numbered(value.number).next().is_some()
        };
        let values = new.values.iter().filter(|value| is_known(value)).cloned().collect();
        Some(Enumeration { values, ..new.clone() })
    }
}

/// The same seen from the map: a sample becomes a map of one entry.
fn in_map(ways: Directions<Exchange>, inside: Inside) -> Directions<Exchange> {
    let lift = |passage: Passage| {
        let sample = match (passage.sample, inside) {
            (Sample::Value(key), Inside::Key) => Sample::Key(key),
            (Sample::Value(value), Inside::Value) => Sample::Value(value),
            (Sample::Content(content), inside) => Sample::InEntry(inside, content),
            (Sample::None, _) => Sample::None,
            (_, _) => Sample::Ordinary,
        };
        Passage { sample, ..passage }
    };
    let both =
        |exchange: Exchange| Exchange { wire: lift(exchange.wire), json: lift(exchange.json) };
    Directions { old_to_new: both(ways.old_to_new), new_to_old: both(ways.new_to_old) }
}

/// The worse of two in each direction and form.
pub(crate) fn merge(
    left: Directions<Exchange>,
    right: Directions<Exchange>,
) -> Directions<Exchange> {
    let worse = |left: Exchange, right: Exchange| Exchange {
        wire: left.wire.worse(right.wire),
        json: left.json.worse(right.json),
    };
    Directions {
        old_to_new: worse(left.old_to_new, right.old_to_new),
        new_to_old: worse(left.new_to_old, right.new_to_old),
    }
}

/// Why nothing is said of a type of which only the name is known.
pub(super) const UNSEEN: &str = "one of the types is declared in no file that was given";

/// Whether a type of which only the name is known met another one.
pub(super) fn meets_unseen(walk: &Walk<'_>, (old, new): (FieldKind, FieldKind)) -> bool {
    let is_unseen = |side: &Side<'_>, kind: FieldKind| {
        let FieldKind::Message(id, _) = kind else { return false };
        side.message(id).is_some_and(|one| one.kind == MessageKind::Unseen)
    };
    if let (FieldKind::Message(was, _), FieldKind::Message(is, _)) = (old, new)
        && walk.pairs.new_message(was) == Some(is)
    {
        return false;
    }
    is_unseen(&walk.old, old) || is_unseen(&walk.new, new)
}

/// The answer where nobody knows.
pub(super) fn unknown(because: &'static str) -> Directions<Exchange> {
    let unknown = Passage::new(Outcome::Unknown, Sample::None, because);
    let way = Exchange { wire: unknown.clone(), json: unknown };
    Directions { old_to_new: way.clone(), new_to_old: way }
}
