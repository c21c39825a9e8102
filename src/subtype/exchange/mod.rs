//! What becomes of a value of one encoding that is read as another: the truth table.
//!
//! The question is asked per direction and per form (bytes, ProtoJSON). Numbers are settled by
//! running a tiny model of both codecs over the values that tell encodings apart, so that the answer
//! comes with the value that shows it; everything else is settled by how it is laid out.

mod json;
mod layout;
mod number;
mod well_known;

pub(crate) use json::{first_value, null_in_map};
pub(crate) use well_known::JsonForm;

use crate::model::{Cardinality, Delimiting, Enumeration, Json, Presence, Scalar};

/// How a field is written and read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoding<'a> {
    /// Each value.
    pub(crate) coding: Coding<'a>,
    /// How many there are.
    pub(crate) cardinality: Cardinality,
}

/// How one value is written and read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Coding<'a> {
    /// A scalar.
    Scalar(Scalar),
    /// An enumeration.
    Enum(&'a Enumeration),
    /// A message; what is inside it is another question.
    Message(Delimiting, JsonForm),
}

/// What becomes of a value. Order is from harmless to harmful.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Outcome {
    /// It arrives.
    #[default]
    Same,
    /// Nobody knows: the work ran out.
    Unknown,
    /// The reader does not see it, although it declares the field.
    Lost,
    /// The reader takes it for another value.
    Misread,
    /// The reader refuses the message.
    Refused,
}

/// What becomes of the values of a writer at a reader, at worst.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passage {
    /// What happens to the worst value.
    pub(crate) outcome: Outcome,
    /// That value.
    pub(crate) sample: Sample,
    /// Why, in a few words.
    pub(crate) because: &'static str,
}

/// A value of the writer's field that shows what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sample {
    /// None is needed.
    #[default]
    None,
    /// Any value that is not the default.
    Ordinary,
    /// Two different values of a repeated field.
    Several,
    /// Two entries with one key.
    Duplicates,
    /// A message without the field.
    Absent,
    /// This value, in the writer's ProtoJSON.
    Value(Json),
    /// An entry under this key, in the writer's ProtoJSON.
    Key(Json),
    /// These bytes as the content of a length-delimited field; no JSON can hold them.
    Content(Vec<u8>),
    /// An entry whose key or value has these bytes as its content.
    InEntry(Inside, Vec<u8>),
}

/// A part of a map entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    Key,
    Value,
}

/// What becomes of values on the wire and in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// As bytes.
    pub(crate) wire: Passage,
    /// As ProtoJSON.
    pub(crate) json: Passage,
}

impl Passage {
    /// Every value arrives.
    pub(crate) const SAME: Self =
        Self { outcome: Outcome::Same, sample: Sample::None, because: "" };

    /// Some value does not arrive.
    pub(crate) fn new(outcome: Outcome, sample: Sample, because: &'static str) -> Self {
        Self { outcome, sample, because }
    }

    /// Whether some value is lost on the reader.
    pub(crate) fn breaks(&self) -> bool {
        self.outcome > Outcome::Unknown
    }

    /// The same seen from the message around: what shows it inside is not what shows it here.
    #[must_use]
    pub(crate) fn seen_from_outside(self) -> Self {
        match self.outcome {
            Outcome::Same => Self::SAME,
            Outcome::Unknown => Self { sample: Sample::None, ..self },
            Outcome::Lost | Outcome::Misread | Outcome::Refused => {
                Self { sample: Sample::Ordinary, ..self }
            }
        }
    }

    /// The worse of two; the first where they are equally bad.
    #[must_use]
    pub(crate) fn worse(self, other: Self) -> Self {
        if other.outcome > self.outcome { other } else { self }
    }
}

/// What becomes of the values of the writer's field at the reader's field.
pub(crate) fn exchange(writer: Encoding<'_>, reader: Encoding<'_>) -> Exchange {
    let element = json::passage(writer.coding, reader.coding);
    let absent = json::null_alone(writer, reader);
    Exchange {
        wire: layout::passage(writer, reader),
        json: if json::takes_whole(writer.cardinality, reader) {
            Passage::SAME
        } else if let Some(absent) = absent {
            absent
        } else if is_plural(writer.cardinality) == is_plural(reader.cardinality)
            && is_map(writer.cardinality) == is_map(reader.cardinality)
        {
            element.for_each_of(writer.cardinality)
        } else {
            Passage::new(Outcome::Refused, Sample::Ordinary, "its JSON has another shape")
        },
    }
}

/// What becomes of messages that lack the field, as the writer's contract lets them.
pub(crate) fn absence(writer: Cardinality, reader: Cardinality) -> Passage {
    let required = |cardinality| matches!(cardinality, Cardinality::Singular(Presence::Required));
    if required(reader) && !required(writer) {
        Passage::new(Outcome::Refused, Sample::Absent, "the reader requires the field")
    } else {
        Passage::SAME
    }
}

/// What becomes of messages in which a field of one value is not sent, by what the value is called.
/// What its number means is asked with defaults.
pub(crate) fn unsent(writer: Encoding<'_>, reader: Encoding<'_>) -> Passage {
    let may_lack = |cardinality| match cardinality {
        Cardinality::Singular(Presence::Implicit | Presence::Explicit) => true,
        Cardinality::Singular(Presence::Required) | Cardinality::Repeated(_) | Cardinality::Map => {
            false
        }
    };
    match (writer.coding, reader.coding) {
        (Coding::Enum(sent), Coding::Enum(read))
            if may_lack(writer.cardinality) && may_lack(reader.cardinality) =>
        {
            first_value(sent, read)
        }
        (Coding::Enum(_) | Coding::Scalar(_) | Coding::Message(..), _) => Passage::SAME,
    }
}

impl Passage {
    /// The same for a field that holds many such values: a sample becomes a list of one.
    fn for_each_of(self, cardinality: Cardinality) -> Self {
        let sample = match (self.sample, cardinality) {
            (Sample::Value(value), Cardinality::Repeated(_)) => Sample::Value(Json::array([value])),
            (sample, _) => sample,
        };
        Self { sample, ..self }
    }
}

fn is_plural(cardinality: Cardinality) -> bool {
    match cardinality {
        Cardinality::Singular(_) => false,
        Cardinality::Repeated(_) | Cardinality::Map => true,
    }
}

fn is_map(cardinality: Cardinality) -> bool {
    cardinality == Cardinality::Map
}

#[cfg(test)]
mod tests;
