//! What an edit of one constraint comes to beside all the others of its field: whether a value that
//! the writer's constraints admit as a whole is refused by the one that the reader has there.

use std::sync::Arc;

use super::choice;
use super::condition::{Stating, kind_of};
use super::leaves::{Leaves, REQUIRED, Way, number};
use super::masks;
use super::reach::Bounded;
use crate::diff::messages::Side;
use crate::model::{Cardinality, Field, Json, Message, Presence};
use crate::subtype::admitted::{
    Condition, Count, Found, Kind, Lacking, Many, Parts, Refusing, Values, Zero,
};
use crate::subtype::exchange::Sample;

/// What becomes of the values of a writer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lost {
    /// This one is refused.
    Shown(Sample),
    /// Proven: none is.
    Nothing,
    /// Nobody can tell without more than the constraints.
    Unknown,
}

/// A field of one side with its constraints.
pub(super) struct Constrained<'c> {
    pub(super) side: &'c Side<'c>,
    pub(super) field: &'c Field,
    pub(super) stated: &'c Bounded<'c>,
    /// The message that declares it.
    pub(super) holder: Option<&'c Message>,
}

/// Where in the constraints of a field an edit is.
enum Place<'w> {
    /// Whether it must be there.
    Demand,
    /// Whether it is excused.
    Excuse(&'w [Arc<str>]),
    /// Of its value: the type and the word.
    Value(&'w [Arc<str>]),
    /// Of how many it holds.
    Count(&'w str),
    /// Of each element, key or value that it holds.
    Part(&'w [Arc<str>], &'w [Arc<str>]),
    Other,
}

impl<'w> Place<'w> {
    fn of(way: &'w [Arc<str>]) -> Self {
        let names: Vec<&str> = way.iter().map(|name| &**name).collect();
        match &names[..] {
            // What is not stated of it is demanded, by what it stands beside.
            [.., "strict"] => Self::Other,
            [REQUIRED] => Self::Demand,
            ["ignore"] => Self::Excuse(&[]),
            ["repeated", "items", "ignore"] | ["map", "keys" | "values", "ignore"] => {
                Self::Excuse(way.get(..2).unwrap_or_default())
            }
            ["repeated", "min_items" | "max_items" | "unique"]
            | ["map", "min_pairs" | "max_pairs"] => {
                Self::Count(names.get(1).copied().unwrap_or(""))
            }
            ["repeated", "items", _, _] | ["map", "keys" | "values", _, _] => {
                let (around, own) = way.split_at(2);
                Self::Part(around, own)
            }
            ["repeated" | "map", ..] => Self::Other,
            [_, _] => Self::Value(way),
            _ => Self::Other,
        }
    }
}

/// What of the writer's values is refused by what the reader states at one place.
pub(super) fn lost(writer: &Constrained<'_>, reader: &Constrained<'_>, way: &Way) -> Lost {
    if reader.ignores(&[]) == Excuse::Always {
        return Lost::Nothing;
    }
    if masks::is_of_masks(way) {
        return of_masks(writer, reader, way);
    }
    match Place::of(way) {
        Place::Demand if !reader.is_demanded() => Lost::Nothing,
        Place::Demand => writer.absent(reader),
        Place::Excuse(around) => excused(writer, reader, (way, around)),
        Place::Value(own) => {
            let Some(condition) = demanded(writer, reader, (&[], own)) else {
                return Lost::Nothing;
            };
            let refusing = Refusing { condition: &condition, zero: reader.zero_from(writer) };
            let found = writer.values().find(Some(&refusing));
            // What is absent is read as zero, where the reader cannot tell.
            if found == Found::Nothing && writer.may_be_absent() && !reader.is_asked() {
                let zero = reader.kind().and_then(|kind| kind.zero());
                if let Some(zero) = zero
                    && refusing.zero != Zero::Excused
                    && condition.allows(&zero) != Some(true)
                {
                    let is_known = condition.allows(&zero) == Some(false);
                    return if is_known { Lost::Shown(Sample::Absent) } else { Lost::Unknown };
                }
            }
            writer.shown(found)
        }
        Place::Count(word) => {
            let Some(many) = writer.many() else { return Lost::Unknown };
            let Some(lacking) = reader.lacking(way, word) else { return Lost::Nothing };
            writer.shown(many.find(&lacking))
        }
        Place::Part(around, own) => {
            let Some(many) = writer.many() else { return Lost::Unknown };
            let excuse = reader.ignores(around);
            let Some(condition) = demanded(writer, reader, (around, own)) else {
                return Lost::Nothing;
            };
            let zero = match excuse {
                Excuse::Never => Zero::Judged,
                Excuse::Zero => Zero::Excused,
                Excuse::Always => return Lost::Nothing,
            };
            let refusing = Refusing { condition: &condition, zero };
            let is_key = around.last().is_some_and(|name| &**name == "keys");
            let lacking = if is_key { Lacking::Key(refusing) } else { Lacking::Element(refusing) };
            writer.shown(many.find(&lacking))
        }
        Place::Other => Lost::Unknown,
    }
}

/// The same of masks, which say of paths what others say of values.
fn of_masks(writer: &Constrained<'_>, reader: &Constrained<'_>, way: &Way) -> Lost {
    let part = way.get(..way.len().saturating_sub(2)).unwrap_or_default();
    if !reader.leaves().contains_key(way) || reader.ignores(part) == Excuse::Always {
        return Lost::Nothing;
    }
    let is_free = [&[], part].iter().any(|around| writer.ignores(around) == Excuse::Always);
    masks::lost(Some(writer.leaves()).filter(|_| !is_free), reader.leaves(), way)
}

/// What the reader demands at a place, with the other bound where the two are one.
fn demanded(
    writer: &Constrained<'_>,
    reader: &Constrained<'_>,
    (around, own): (&[Arc<str>], &[Arc<str>]),
) -> Option<Condition> {
    let stating = reader.stating(around);
    let is_bound = own.last().is_some_and(|word| matches!(&**word, "gte" | "lte"));
    if is_bound && (stating.has_gap(own) || writer.stating(around).has_gap(own)) {
        return stating.bounds(own);
    }
    stating.at(own)
}

/// What is refused since it is excused no longer: by constraints whose own edits are not told.
fn excused(
    writer: &Constrained<'_>,
    reader: &Constrained<'_>,
    (way, around): (&Way, &[Arc<str>]),
) -> Lost {
    if reader.ignores(around) == Excuse::Always || writer.ignores(around) == Excuse::Never {
        return Lost::Nothing;
    }
    let others = reader.stated.leaves.iter().filter(|(other, _)| {
        *other != way
            && other.starts_with(around)
            && other.last().is_some_and(|it| &**it != "ignore")
    });
    let is_told = |(other, rule): &(&Way, &Json)| {
        writer.ignores(around) != Excuse::Always && writer.stated.leaves.get(*other) != Some(*rule)
    };
    let mut found = Lost::Nothing;
    for (other, _) in others.filter(|one| !is_told(one)) {
        match lost(writer, reader, other) {
            Lost::Nothing => {}
            Lost::Unknown => found = Lost::Unknown,
            shown @ Lost::Shown(_) => return shown,
        }
    }
    match (found, reader.kind()) {
        // What the messages that it holds state themselves is excused no longer, either.
        (Lost::Nothing, Some(Kind::Other) | None) => Lost::Unknown,
        (found, _) => found,
    }
}

/// Of what a place is excused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excuse {
    Never,
    Zero,
    Always,
}

impl<'c> Constrained<'c> {
    fn leaves(&self) -> &'c Leaves {
        self.stated.leaves
    }

    fn ignores(&self, around: &[Arc<str>]) -> Excuse {
        let at = |word: &str| around.iter().cloned().chain([Arc::from(word)]).collect::<Way>();
        let word = match self.leaves().get(&at("ignore")) {
            Some(Json::String(word)) => &**word,
            Some(_) | None => "",
        };
        let is_set = |name| self.leaves().get(&at(name)) == Some(&Json::Boolean(true));
        match word {
            "IGNORE_ALWAYS" => Excuse::Always,
            _ if is_set("skipped") => Excuse::Always,
            "IGNORE_IF_ZERO_VALUE" | "IGNORE_IF_UNPOPULATED" | "IGNORE_IF_DEFAULT_VALUE" => {
                Excuse::Zero
            }
            _ if is_set("ignore_empty") => Excuse::Zero,
            "" if around.is_empty() && self.is_chosen() => Excuse::Zero,
            _ => Excuse::Never,
        }
    }

    fn is_chosen(&self) -> bool {
        self.holder.is_some_and(|holder| choice::is_chosen(holder, self.field))
    }

    fn is_demanded(&self) -> bool {
        self.leaves().get(&[Arc::from(REQUIRED)][..]) == Some(&Json::Boolean(true))
    }

    /// Whether nobody asks about an absent value.
    fn is_asked(&self) -> bool {
        self.field.oneof.is_some()
            || matches!(
                self.field.cardinality,
                Cardinality::Singular(Presence::Explicit | Presence::Required)
            )
    }

    fn is_plural(&self) -> bool {
        !matches!(self.field.cardinality, Cardinality::Singular(_))
    }

    fn kind(&self) -> Option<Kind> {
        match self.field.cardinality {
            Cardinality::Singular(_) | Cardinality::Repeated(_) => {
                Some(kind_of(self.side, self.field.kind))
            }
            Cardinality::Map => Some(kind_of(self.side, self.side.entry(self.field)?.1.kind)),
        }
    }

    /// Whether messages without it are admitted, where that can be told from zero.
    fn may_be_absent(&self) -> bool {
        let is_required = self.field.cardinality == Cardinality::Singular(Presence::Required);
        let is_free = !self.is_demanded() || self.ignores(&[]) == Excuse::Always;
        self.is_asked() && !is_required && is_free
    }

    /// How this reader takes zero of a writer, who may not send it.
    fn zero_from(&self, writer: &Self) -> Zero {
        if self.is_asked() {
            return if writer.is_asked() { Zero::Judged } else { Zero::Excused };
        }
        match self.ignores(&[]) {
            Excuse::Never => Zero::Judged,
            Excuse::Zero | Excuse::Always => Zero::Excused,
        }
    }

    fn stating<'w>(&'w self, around: &'w [Arc<str>]) -> Stating<'w> {
        let kind = match (self.field.cardinality, self.side.entry(self.field)) {
            (Cardinality::Map, Some((key, value))) => {
                let is_key = around.last().is_some_and(|name| &**name == "keys");
                if is_key { key.kind } else { value.kind }
            }
            (Cardinality::Singular(_) | Cardinality::Repeated(_) | Cardinality::Map, _) => {
                self.field.kind
            }
        };
        Stating { side: self.side, stated: self.stated, around, kind }
    }

    /// The values of a field of one.
    fn values(&self) -> Values {
        let stating = self.stating(&[]);
        let zero = match (self.is_asked(), self.ignores(&[])) {
            (_, Excuse::Always) => return stating.free(),
            (false, _) if self.is_demanded() => Zero::Refused,
            (false, Excuse::Zero) => Zero::Excused,
            (true, _) | (false, Excuse::Never) => Zero::Judged,
        };
        Values { zero, ..stating.values() }
    }

    /// The lists or maps of a field of many.
    fn many(&self) -> Option<Many> {
        let is_free = self.ignores(&[]) == Excuse::Always;
        let part = |names: [&'static str; 2]| -> Values {
            let around: Way = names.map(Arc::from).to_vec();
            let excuse = self.ignores(&around);
            let stating = self.stating(&around);
            match excuse {
                Excuse::Zero if !is_free => Values { zero: Zero::Excused, ..stating.values() },
                Excuse::Never if !is_free => stating.values(),
                Excuse::Always | Excuse::Zero | Excuse::Never => stating.free(),
            }
        };
        let count = |names: [&str; 2]| {
            let way: Way = names.map(Arc::from).to_vec();
            self.leaves().get(&way).filter(|_| !is_free)
        };
        let size = |names| count(names).and_then(number).and_then(|count| count.to_count());
        let (parts, least, most) = match self.field.cardinality {
            Cardinality::Singular(_) => return None,
            Cardinality::Repeated(_) => {
                let values = part(["repeated", "items"]);
                let is_unique = count(["repeated", "unique"]) == Some(&Json::Boolean(true));
                let parts =
                    if is_unique { Parts::Distinct(values) } else { Parts::Repeating(values) };
                (parts, size(["repeated", "min_items"]), size(["repeated", "max_items"]))
            }
            Cardinality::Map => {
                let parts = Parts::Entries(part(["map", "keys"]), part(["map", "values"]));
                (parts, size(["map", "min_pairs"]), size(["map", "max_pairs"]))
            }
        };
        let empty = match self.ignores(&[]) {
            Excuse::Zero | Excuse::Never if self.is_demanded() => Zero::Refused,
            Excuse::Zero => Zero::Excused,
            Excuse::Never | Excuse::Always => Zero::Judged,
        };
        Some(Many { parts, least: least.unwrap_or(0), most, empty })
    }

    /// What a reader of lists or maps refuses by one constraint.
    fn lacking(&self, way: &Way, word: &str) -> Option<Lacking<'static>> {
        let bound = self.leaves().get(way)?;
        let zero = match self.ignores(&[]) {
            Excuse::Zero => Zero::Excused,
            Excuse::Never | Excuse::Always => Zero::Judged,
        };
        let count = || number(bound)?.to_count();
        Some(match word {
            "min_items" | "min_pairs" => Lacking::Count(Count::Below(count()?, zero)),
            "max_items" | "max_pairs" => Lacking::Count(Count::Above(count()?)),
            _ if *bound == Json::Boolean(true) => Lacking::Repeats,
            _ => return None,
        })
    }

    /// What becomes of messages that lack the field, at a reader that demands it.
    fn absent(&self, reader: &Self) -> Lost {
        if let Some(many) = self.many() {
            return if many.may_be_empty() { Lost::Shown(Sample::Absent) } else { Lost::Nothing };
        }
        if self.may_be_absent() {
            return Lost::Shown(Sample::Absent);
        }
        if self.is_asked() && reader.is_asked() {
            return Lost::Nothing;
        }
        // Zero is what is absent to one side.
        let Values { kind, conditions, zero } = self.values();
        let Some(value) = kind.zero() else { return Lost::Unknown };
        let is_admitted =
            conditions.iter().try_fold(true, |all, one| Some(all && one.allows(&value)?));
        match (zero, is_admitted) {
            (Zero::Refused, _) | (Zero::Judged, Some(false)) => Lost::Nothing,
            (Zero::Excused, _) | (Zero::Judged, Some(true)) => self.shown(Found::Value(value)),
            (Zero::Judged, None) => Lost::Unknown,
        }
    }

    /// What was found as a sample of the field.
    fn shown(&self, found: Found) -> Lost {
        match found {
            Found::Nothing => Lost::Nothing,
            Found::Unknown => Lost::Unknown,
            Found::Value(Json::Array(held)) if held.is_empty() => Lost::Shown(Sample::Absent),
            Found::Value(Json::Object(held)) if held.is_empty() => Lost::Shown(Sample::Absent),
            Found::Value(value) => {
                let is_zero = self.kind().and_then(|kind| kind.zero()).as_ref() == Some(&value);
                if is_zero && !self.is_asked() && !self.is_plural() {
                    return Lost::Shown(Sample::Absent);
                }
                let stating = self.stating(&[]);
                stating
                    .written(self.side.entry(self.field), &value)
                    .map_or(Lost::Unknown, |value| Lost::Shown(Sample::Value(value)))
            }
        }
    }
}

/// The names of fields that rules in a language of their own may be about.
pub(super) fn mentions(rules: &Leaves, name: &str) -> bool {
    let is_part = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
    rules.iter().any(|(way, rule)| {
        way.last().is_some_and(|word| matches!(&**word, "cel" | "cel_expression"))
            && rule.to_string().split(|letter| !is_part(letter)).any(|word| word == name)
    })
}
