//! Our JSON values as a runtime reads them, and the runtime's as we do.

use std::sync::Arc;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::model::Json;

/// Gives a JSON value to whoever deserializes; numbers as machine numbers where they are some.
#[derive(Clone, Copy)]
pub(super) struct Given<'j>(pub(super) &'j Json);

type Refusal = serde::de::value::Error;

impl<'de> Deserializer<'de> for Given<'de> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Boolean(value) => visitor.visit_bool(*value),
            Json::Number(number) => {
                let text = number.to_string();
                if let Ok(whole) = text.parse::<i64>() {
                    visitor.visit_i64(whole)
                } else if let Ok(whole) = text.parse::<u64>() {
                    visitor.visit_u64(whole)
                } else {
                    let float: f64 = text.parse().map_err(serde::de::Error::custom)?;
                    visitor.visit_f64(float)
                }
            }
            Json::String(text) => visitor.visit_borrowed_str(text),
            Json::Array(elements) => {
                visitor.visit_seq(SeqDeserializer::new(elements.iter().map(Given)))
            }
            Json::Object(members) => {
                let members = members.iter().map(|(name, value)| (&**name, Given(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            Json::Boolean(_)
            | Json::Number(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Refusal> for Given<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What a runtime has written.
pub(super) fn taken(value: &serde_json::Value) -> Result<Json, String> {
    Ok(match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(value) => Json::Boolean(*value),
        serde_json::Value::Number(number) => {
            Json::Number(number.to_string().parse().map_err(|error| format!("{error}"))?)
        }
        serde_json::Value::String(text) => Json::string(text.as_str()),
        serde_json::Value::Array(elements) => {
            let elements: Result<Vec<Json>, String> = elements.iter().map(taken).collect();
            Json::array(elements?)
        }
        serde_json::Value::Object(members) => {
            let mut taken_members = Vec::with_capacity(members.len());
            for (name, value) in members {
                taken_members.push((Arc::<str>::from(name.as_str()), taken(value)?));
            }
            Json::object(taken_members)
        }
    })
}
