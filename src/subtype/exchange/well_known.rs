//! The messages that ProtoJSON writes in a form of their own.

use crate::model::{Scalar, Utf8};

/// How ProtoJSON writes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum JsonForm {
    /// As an object with a member for each field.
    Object,
    /// As the value that it wraps.
    Wrapped(Scalar),
    /// As text of a grammar of its own, of which the second is a sample.
    Text(&'static str, &'static str),
    /// As any object.
    Struct,
    /// As any array.
    List,
    /// As any value.
    Anything,
    /// As an object that names the type of its content.
    Any,
}

impl JsonForm {
    /// The form of the message of this name.
    pub(crate) fn of(full_name: &str) -> Self {
        match full_name.strip_prefix("google.protobuf.") {
            Some("DoubleValue") => Self::Wrapped(Scalar::Double),
            Some("FloatValue") => Self::Wrapped(Scalar::Float),
            Some("Int64Value") => Self::Wrapped(Scalar::Int64),
            Some("UInt64Value") => Self::Wrapped(Scalar::Uint64),
            Some("Int32Value") => Self::Wrapped(Scalar::Int32),
            Some("UInt32Value") => Self::Wrapped(Scalar::Uint32),
            Some("BoolValue") => Self::Wrapped(Scalar::Bool),
            Some("StringValue") => Self::Wrapped(Scalar::String(Utf8::Verified)),
            Some("BytesValue") => Self::Wrapped(Scalar::Bytes),
            Some("Timestamp") => Self::Text("timestamp", "1970-01-01T00:00:05Z"),
            Some("Duration") => Self::Text("duration", "5s"),
            Some("FieldMask") => Self::Text("field mask", "a"),
            Some("Struct") => Self::Struct,
            Some("ListValue") => Self::List,
            Some("Value") => Self::Anything,
            Some("Any") => Self::Any,
            Some(_) | None => Self::Object,
        }
    }
}
