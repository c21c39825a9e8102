//! A serde reader over our own documents, so that whatever is wrong has a place.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};

use crate::document::{Document, Member, NodeId, Value};
use crate::source::Span;

/// What is wrong with a value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Misfit {
    /// What is wrong and what to do, in one line.
    pub(in crate::policy) message: String,
    /// The innermost value or name that is wrong.
    pub(in crate::policy) span: Option<Span>,
}

/// Reads a value of the type from a node.
pub(in crate::policy) fn read<'d, T: Deserialize<'d>>(
    document: &'d Document,
    node: NodeId,
) -> Result<T, Misfit> {
    T::deserialize(Placed { document, node, passed: &[] })
}

/// How many things that are wrong are told at once.
const MOST_MISFITS: usize = 9;

/// Reads a value of the type from a node, or says all that is wrong with it: what does not fit is passed
/// over to see what else does not.
pub(super) fn read_all<T: DeserializeOwned>(
    document: &Document,
    node: NodeId,
) -> Result<T, Vec<Misfit>> {
    let (mut wrong, mut passed): (Vec<Misfit>, Vec<Span>) = (Vec::new(), Vec::new());
    loop {
        let misfit = match T::deserialize(Placed { document, node, passed: &passed }) {
            Ok(value) if wrong.is_empty() => return Ok(value),
            Ok(_) => return Err(wrong),
            Err(misfit) => misfit,
        };
        let span = misfit.span.unwrap_or_else(|| document.span(node));
        // What is missing only because it was passed over has been told.
        let holds = |inner: &Span| span.start <= inner.start && inner.end <= span.end;
        if !passed.iter().any(holds) {
            wrong.push(misfit);
        }
        if span == document.span(node) || passed.contains(&span) || wrong.len() == MOST_MISFITS {
            return Err(wrong);
        }
        passed.push(span);
    }
}

/// The word of `known` that somebody who wrote `word` may have meant, as the end of a message.
pub(super) fn suggestion<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let scored = known.into_iter().map(|known| (strsim::jaro_winkler(known, word), known));
    match scored.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((likeness, near)) if likeness > 0.8 => format!("; did you mean `{near}`?"),
        Some(_) | None => String::new(),
    }
}

impl std::error::Error for Misfit {}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let scalar =
            matches!(found, Unexpected::Bool(_) | Unexpected::Unsigned(_) | Unexpected::Float(_));
        let wanted = wanted(expected);
        let quote = if scalar && wanted == TEXT { "; write it in quotes if it is one" } else { "" };
        Self::custom(format_args!("this is {}, not {wanted}{quote}", shown(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::custom(format_args!("this is {}, not {}", shown(found), wanted(expected)))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        let near = suggestion(name, known.iter().copied());
        let known = known.join("`, `");
        Self::custom(format_args!("unknown key `{name}`{near} (known here: `{known}`)"))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let near = suggestion(word, known.iter().copied());
        let known = known.join("`, `");
        Self::custom(format_args!("unknown word `{word}`{near} (one of `{known}`)"))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::custom(format_args!("the key `{name}` is missing"))
    }
}

const TEXT: &str = "a text";

/// What a type of ours is to whoever writes the file.
fn wanted(expected: &dyn serde::de::Expected) -> String {
    let words = expected.to_string();
    let known = match words.as_str() {
        "a string" | "string" | "str" | "a borrowed string" => TEXT,
        "a boolean" | "bool" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "a mapping",
        "u32" => "a whole number from 0 to 4294967295",
        words if words.starts_with("struct ") => "a mapping",
        words => words,
    };
    known.to_owned()
}

fn shown(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("the boolean `{value}`"),
        Unexpected::Unsigned(value) => format!("the number `{value}`"),
        Unexpected::Signed(value) => format!("the number `{value}`"),
        Unexpected::Float(value) => format!("the number `{value}`"),
        Unexpected::Str(text) => format!("the text `{text}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        // The rest is nothing that a document holds.
        Unexpected::Char(_)
        | Unexpected::Bytes(_)
        | Unexpected::NewtypeStruct
        | Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant
        | Unexpected::Other(_) => found.to_string(),
    }
}

/// A node as serde reads it.
#[derive(Clone, Copy)]
struct Placed<'d> {
    document: &'d Document,
    node: NodeId,
    /// Names and values that are passed over.
    passed: &'d [Span],
}

impl<'d> Placed<'d> {
    /// The error, placed here unless something inside has placed it already.
    fn place(self, misfit: Misfit) -> Misfit {
        let span = misfit.span.or_else(|| Some(self.document.span(self.node)));
        Misfit { span, ..misfit }
    }

    /// Only a mapping is one: our own types would take a list for their values in order.
    fn visit_mapping<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let found = match self.document.value(self.node) {
            Value::Array => Err(Misfit::invalid_type(Unexpected::Seq, &"a mapping")),
            Value::Null
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object => self.visit(visitor),
        };
        found.map_err(|misfit| self.place(misfit))
    }

    fn visit<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let Self { document, node, passed } = self;
        match document.value(node) {
            Value::Null => visitor.visit_unit(),
            Value::Boolean(value) => visitor.visit_bool(value),
            Value::Number(digits) => match (digits.parse::<u64>(), digits.parse::<f64>()) {
                (Ok(number), _) => visitor.visit_u64(number),
                (Err(_), Ok(number)) => visitor.visit_f64(number),
                (Err(_), Err(_)) => Err(Misfit::custom(format_args!("`{digits}` is no number"))),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array => {
                let elements = document.elements(node).iter().copied();
                let kept = elements.filter(|one| !passed.contains(&document.span(*one)));
                let rest = kept.collect::<Vec<NodeId>>().into_iter();
                visitor.visit_seq(Elements { document, rest, passed })
            }
            Value::Object => {
                let is_kept = |member: &Member<'d>| {
                    let spans = [member.key.span, document.span(member.value)];
                    !spans.iter().any(|span| passed.contains(span))
                };
                let kept: Vec<Member<'d>> = document.members(node).filter(is_kept).collect();
                let rest = kept.into_iter();
                visitor.visit_map(Members { document, rest, next: None, passed })
            }
        }
    }
}

impl<'d> Deserializer<'d> for Placed<'d> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.visit(visitor).map_err(|misfit| self.place(misfit))
    }

    fn deserialize_option<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.document.value(self.node) {
            Value::Null => visitor.visit_none(),
            Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array
            | Value::Object => visitor.visit_some(self).map_err(|misfit| self.place(misfit)),
        }
    }

    fn deserialize_enum<V: Visitor<'d>>(
        self,
        _name: &'static str,
        _words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let found = match self.document.value(self.node) {
            Value::String(text) => visitor.visit_enum(Word { text }),
            Value::Boolean(value) => Err(Misfit::invalid_type(Unexpected::Bool(value), &"a word")),
            Value::Null => Err(Misfit::invalid_type(Unexpected::Unit, &"a word")),
            Value::Number(_) => Err(Misfit::custom("this is a number, not a word")),
            Value::Array => Err(Misfit::invalid_type(Unexpected::Seq, &"a word")),
            Value::Object => Err(Misfit::invalid_type(Unexpected::Map, &"a word")),
        };
        found.map_err(|misfit| self.place(misfit))
    }

    fn deserialize_newtype_struct<V: Visitor<'d>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self).map_err(|misfit| self.place(misfit))
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'d>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct identifier ignored_any
    }

    fn deserialize_map<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.visit_mapping(visitor)
    }

    fn deserialize_struct<V: Visitor<'d>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.visit_mapping(visitor)
    }
}

struct Elements<'d> {
    document: &'d Document,
    rest: std::vec::IntoIter<NodeId>,
    passed: &'d [Span],
}

impl<'d> SeqAccess<'d> for Elements<'d> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'d>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let node = Placed { document: self.document, node, passed: self.passed };
        seed.deserialize(node).map(Some).map_err(|misfit| node.place(misfit))
    }
}

struct Members<'d> {
    document: &'d Document,
    rest: std::vec::IntoIter<Member<'d>>,
    next: Option<Member<'d>>,
    passed: &'d [Span],
}

impl<'d> MapAccess<'d> for Members<'d> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'d>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let Some(member) = self.rest.next() else { return Ok(None) };
        self.next = Some(member);
        let key = BorrowedStrDeserializer::<Misfit>::new(member.key.text);
        seed.deserialize(key).map(Some).map_err(|misfit| {
            let span = misfit.span.or(Some(member.key.span));
            Misfit { span, ..misfit }
        })
    }

    fn next_value_seed<V: DeserializeSeed<'d>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let Some(member) = self.next.take() else {
            return Err(Misfit::custom("a value without its key"));
        };
        let node = Placed { document: self.document, node: member.value, passed: self.passed };
        seed.deserialize(node).map_err(|misfit| node.place(misfit))
    }
}

/// A word of a closed list.
struct Word<'d> {
    text: &'d str,
}

impl<'d> EnumAccess<'d> for Word<'d> {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'d>>(self, seed: V) -> Result<(V::Value, Self), Misfit> {
        let word = seed.deserialize(BorrowedStrDeserializer::<Misfit>::new(self.text))?;
        Ok((word, self))
    }
}

impl<'d> VariantAccess<'d> for Word<'d> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'d>>(self, _seed: T) -> Result<T::Value, Misfit> {
        Err(Misfit::custom("a word stands alone"))
    }

    fn tuple_variant<V: Visitor<'d>>(self, _len: usize, _visitor: V) -> Result<V::Value, Misfit> {
        Err(Misfit::custom("a word stands alone"))
    }

    fn struct_variant<V: Visitor<'d>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Misfit> {
        Err(Misfit::custom("a word stands alone"))
    }
}
