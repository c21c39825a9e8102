//! The two runtimes behind one face.

use std::sync::Arc;

use buffa_descriptor::reflect::DynamicMessage as BuffaMessage;
use buffa_descriptor::{DescriptorPool as BuffaPool, DynamicMessageSeed};
use prost::Message as _;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions,
};
use serde::de::DeserializeSeed as _;

use super::closure::Closure;
use super::emit::Emitter;
use super::json::{Given, taken};
use crate::model::{Json, Messages};

/// A message of one runtime.
pub(super) enum Runtime {
    Prost(MessageDescriptor),
    Buffa(Arc<BuffaPool>, buffa_descriptor::MessageIndex),
}

impl Runtime {
    /// The runtime that follows the specification for all of this closure.
    pub(super) fn new(all: &Messages, closure: &Closure, message: &str) -> Result<Self, String> {
        let bytes = Emitter { all, closure }.file_set().encode_to_vec();
        if closure.is_beyond_prost(all) {
            let pool = BuffaPool::decode(&bytes).map_err(|error| error.to_string())?;
            let index = pool.message_index(message);
            let index = index.ok_or_else(|| format!("there is no message {message}"))?;
            return Ok(Self::Buffa(Arc::new(pool), index));
        }
        let pool = DescriptorPool::decode(&*bytes).map_err(|error| error.to_string())?;
        let found = pool.get_message_by_name(message);
        found.map(Self::Prost).ok_or_else(|| format!("there is no message {message}"))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Prost(_) => "prost-reflect",
            Self::Buffa(..) => "buffa",
        }
    }

    pub(super) fn encode(&self, value: &Json) -> Result<Vec<u8>, String> {
        match self {
            Self::Prost(descriptor) => Ok(from_json(descriptor, value)?.encode_to_vec()),
            Self::Buffa(pool, index) => {
                let seed = DynamicMessageSeed::new(Arc::clone(pool), *index);
                let message = seed.deserialize(Given(value)).map_err(|error| error.to_string())?;
                message.try_encode_to_vec().map_err(|error| error.to_string())
            }
        }
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Result<Json, String> {
        match self {
            Self::Prost(descriptor) => {
                let decoded = DynamicMessage::decode(descriptor.clone(), bytes);
                to_json(&decoded.map_err(|error| error.to_string())?)
            }
            Self::Buffa(pool, index) => {
                let decoded = BuffaMessage::decode(Arc::clone(pool), *index, bytes);
                let decoded = decoded.map_err(|error| error.to_string())?;
                let written = serde_json::to_value(&decoded).map_err(|error| error.to_string())?;
                taken(&written)
            }
        }
    }

    pub(super) fn read_json(&self, value: &Json) -> Result<Json, String> {
        match self {
            Self::Prost(descriptor) => to_json(&from_json(descriptor, value)?),
            Self::Buffa(pool, index) => {
                let seed = DynamicMessageSeed::new(Arc::clone(pool), *index);
                let message = seed.deserialize(Given(value)).map_err(|error| error.to_string())?;
                let written = serde_json::to_value(&message).map_err(|error| error.to_string())?;
                taken(&written)
            }
        }
    }
}

fn from_json(descriptor: &MessageDescriptor, value: &Json) -> Result<DynamicMessage, String> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message =
        DynamicMessage::deserialize_with_options(descriptor.clone(), Given(value), &options);
    message.map_err(|error| error.to_string())
}

fn to_json(message: &DynamicMessage) -> Result<Json, String> {
    let options = SerializeOptions::new().skip_default_fields(true);
    let written = message.serialize_with_options(serde_json::value::Serializer, &options);
    taken(&written.map_err(|error| error.to_string())?)
}
