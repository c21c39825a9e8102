//! The two runtimes behind one face. A failure inside one of them stays there.

use std::sync::Arc;

use buffa_descriptor::reflect::DynamicMessage as BuffaMessage;
use buffa_descriptor::{DescriptorPool as BuffaPool, DynamicMessageSeed, MessageIndex};
use prost::Message as _;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, FieldDescriptor, MessageDescriptor,
    SerializeOptions, Value,
};
use serde::de::DeserializeSeed as _;

use super::closure::Closure;
use super::emit::Emitter;
use super::json::{Given, taken};
use crate::load::contained;
use crate::model::{Json, Messages};

/// Who writes and reads a message.
pub(super) enum Runtime {
    /// `prost-reflect`.
    Prost(MessageDescriptor),
    /// `buffa`.
    Buffa(Buffa),
}

/// A message of `buffa`.
pub(super) struct Buffa {
    pool: Arc<BuffaPool>,
    index: MessageIndex,
}

impl Runtime {
    /// The runtime that follows the specification for all of this closure.
    pub(super) fn new(all: &Messages, closure: &Closure, message: &str) -> Result<Self, String> {
        let bytes = Emitter::new(all, closure).file_set().encode_to_vec();
        contained(|| {
            if closure.is_beyond_prost(all) {
                return Ok(Self::Buffa(Buffa::new(&bytes, message)?));
            }
            let pool = DescriptorPool::decode(&*bytes).map_err(|error| error.to_string())?;
            match pool.get_message_by_name(message) {
                Some(descriptor) => Ok(Self::Prost(descriptor)),
                None => Err(format!("there is no message {message}")),
            }
        })?
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Prost(_) => "prost-reflect",
            Self::Buffa(_) => "buffa",
        }
    }

    pub(super) fn encode(&self, value: &Json) -> Result<Vec<u8>, String> {
        contained(|| match self {
            Self::Prost(descriptor) => Ok(from_json(descriptor, value)?.encode_to_vec()),
            Self::Buffa(buffa) => {
                buffa.message_of(value)?.try_encode_to_vec().map_err(|error| error.to_string())
            }
        })?
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Result<Json, String> {
        contained(|| match self {
            Self::Prost(descriptor) => {
                let decoded = DynamicMessage::decode(descriptor.clone(), bytes);
                let mut decoded = decoded.map_err(|error| error.to_string())?;
                to_json(&decoded).or_else(|_| {
                    // It was read; what has no JSON is an `Any` of nothing that is known.
                    drop_any(&mut decoded);
                    to_json(&decoded)
                })
            }
            Self::Buffa(buffa) => buffa.decode(bytes),
        })?
    }

    /// The bytes that are written again when a message that was read is passed on: unknown fields
    /// go with it.
    pub(super) fn relay(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        contained(|| match self {
            Self::Prost(descriptor) => {
                let decoded = DynamicMessage::decode(descriptor.clone(), bytes);
                Ok(decoded.map_err(|error| error.to_string())?.encode_to_vec())
            }
            Self::Buffa(Buffa { pool, index }) => {
                let decoded = BuffaMessage::decode(Arc::clone(pool), *index, bytes);
                let decoded = decoded.map_err(|error| error.to_string())?;
                decoded.try_encode_to_vec().map_err(|error| error.to_string())
            }
        })?
    }

    pub(super) fn read_json(&self, value: &Json) -> Result<Json, String> {
        contained(|| match self {
            Self::Prost(descriptor) => to_json(&from_json(descriptor, value)?),
            Self::Buffa(buffa) => buffa_json(&buffa.message_of(value)?),
        })?
    }
}

impl Buffa {
    fn new(descriptors: &[u8], message: &str) -> Result<Self, String> {
        let pool = BuffaPool::decode(descriptors).map_err(|error| error.to_string())?;
        match pool.message_index(message) {
            Some(index) => Ok(Self { pool: Arc::new(pool), index }),
            None => Err(format!("there is no message {message}")),
        }
    }

    fn message_of(&self, value: &Json) -> Result<BuffaMessage, String> {
        let seed = DynamicMessageSeed::new(Arc::clone(&self.pool), self.index);
        seed.deserialize(Given(value)).map_err(|error| error.to_string())
    }

    fn decode(&self, bytes: &[u8]) -> Result<Json, String> {
        let decoded = BuffaMessage::decode(Arc::clone(&self.pool), self.index, bytes);
        buffa_json(&decoded.map_err(|error| error.to_string())?)
    }
}

fn buffa_json(message: &BuffaMessage) -> Result<Json, String> {
    taken(&serde_json::to_value(message).map_err(|error| error.to_string())?)
}

fn from_json(descriptor: &MessageDescriptor, value: &Json) -> Result<DynamicMessage, String> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message =
        DynamicMessage::deserialize_with_options(descriptor.clone(), Given(value), &options);
    message.map_err(|error| error.to_string())
}

/// Drops every message that holds any other, which is told by the type that it names.
fn drop_any(message: &mut DynamicMessage) {
    let is_any = |field: &FieldDescriptor| {
        let kind = field.kind();
        kind.as_message().is_some_and(|held| held.full_name() == "google.protobuf.Any")
    };
    let held: Vec<FieldDescriptor> =
        message.fields().map(|(field, _)| field).filter(is_any).collect();
    for field in &held {
        message.clear_field(field);
    }
    for (_, value) in message.fields_mut() {
        if let Value::Message(inner) = value {
            drop_any(inner);
        } else if let Value::List(values) = value {
            values.iter_mut().filter_map(Value::as_message_mut).for_each(drop_any);
        } else if let Value::Map(values) = value {
            values.values_mut().filter_map(Value::as_message_mut).for_each(drop_any);
        }
    }
}

fn to_json(message: &DynamicMessage) -> Result<Json, String> {
    let options = SerializeOptions::new().skip_default_fields(true);
    let written = message.serialize_with_options(serde_json::value::Serializer, &options);
    taken(&written.map_err(|error| error.to_string())?)
}
