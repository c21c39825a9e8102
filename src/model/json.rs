//! JSON values with exact numbers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Decimal, Kind};

/// A JSON value. Equality and order are JSON Schema's: numbers are mathematical, members unordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Decimal),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Arc<[Json]>),
    /// An object.
    Object(Arc<BTreeMap<Arc<str>, Json>>),
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// To the member of this name.
    Member(Arc<str>),
    /// To the element at this position.
    Element(usize),
}

impl Json {
    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    /// An array.
    pub fn array(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Array(elements.into_iter().collect())
    }

    /// An object.
    pub fn object<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(Arc::new(
            members.into_iter().map(|(key, value)| (key.into(), value)).collect(),
        ))
    }

    /// The type of the value; a number without fractional part is [`Kind::Integer`].
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Boolean(_) => Kind::Boolean,
            Self::Number(number) if number.is_integer() => Kind::Integer,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }

    /// The member of this name, of an object that has one.
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name),
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => {
                None
            }
        }
    }

    /// The text that it is.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => {
                None
            }
        }
    }

    /// The elements; a lone value is a list of one.
    pub fn listed(&self) -> &[Self] {
        match self {
            Self::Array(elements) => elements,
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::String(_) | Self::Object(_) => {
                std::slice::from_ref(self)
            }
        }
    }

    /// How many values it is made of, itself included.
    pub fn size(&self) -> usize {
        match self {
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::String(_) => 1,
            Self::Array(elements) => 1 + elements.iter().map(Self::size).sum::<usize>(),
            Self::Object(members) => 1 + members.values().map(Self::size).sum::<usize>(),
        }
    }
}

impl fmt::Display for Json {
    /// Writes compact JSON text.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => {
                out.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(out, "{}{element}", if index == 0 { "" } else { "," })?;
                }
                out.write_str("]")
            }
            Self::Object(members) => {
                out.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { "," })?;
                    write_string(key, out)?;
                    write!(out, ":{value}")?;
                }
                out.write_str("}")
            }
        }
    }
}

fn write_string(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if u32::from(control) < 0x20 => write!(out, "\\u{:04x}", u32::from(control))?,
            other => write!(out, "{other}")?,
        }
    }
    out.write_str("\"")
}
