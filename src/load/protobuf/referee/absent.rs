//! What a reader takes an absent field for.

use super::amend::field_of;
use super::closure::{get, index};
use crate::model::{Cardinality, Decimal, FieldKind, Json, MessageId, Messages, Scalar};

/// The value of an absent field: the default that is declared, else that of its type.
///
/// <https://protobuf.dev/programming-guides/proto2/#default>
pub(super) fn reading(all: &Messages, id: MessageId, name: &str) -> Option<Json> {
    let field = field_of(all, id, get(all, id)?, name)?;
    if let Cardinality::Repeated(_) | Cardinality::Map = field.cardinality {
        return Some(Json::array([]));
    }
    if let Some(declared) = &field.default {
        return Some(declared.value.clone());
    }
    Some(match field.kind {
        FieldKind::Message(..) => Json::Null,
        FieldKind::Enum(id) => {
            Json::String(all.enums.get(index(id.0))?.values.first()?.json_name.clone())
        }
        FieldKind::Scalar(Scalar::Bool) => Json::Boolean(false),
        FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes) => Json::string(""),
        FieldKind::Scalar(
            Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64,
        ) => Json::string("0"),
        FieldKind::Scalar(
            Scalar::Double
            | Scalar::Float
            | Scalar::Int32
            | Scalar::Uint32
            | Scalar::Sint32
            | Scalar::Fixed32
            | Scalar::Sfixed32,
        ) => Json::Number(Decimal::zero()),
    })
}
