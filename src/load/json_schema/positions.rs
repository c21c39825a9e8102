//! Where in a schema object other schemas stand.

use super::{Dialect, Keyword};
use crate::document::{Document, NodeId, Value};

/// How a keyword holds schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// No schema: data, names, counts.
    Nothing,
    /// One schema, or an array of schemas (`items` before 2020-12).
    OneOrMany,
    /// A schema for each name; a value that is an array is a list of names (`dependencies`).
    Named,
}

impl Keyword {
    /// How the keyword holds schemas.
    pub(super) fn holds(self) -> Holds {
        match self {
            Self::Defs | Self::Definitions | Self::Properties | Self::PatternProperties => {
                Holds::Named
            }
            Self::Dependencies | Self::DependentSchemas => Holds::Named,
            Self::ContentSchema | Self::Items | Self::PrefixItems | Self::AdditionalItems => {
                Holds::OneOrMany
            }
            Self::UnevaluatedItems | Self::Contains | Self::AdditionalProperties => {
                Holds::OneOrMany
            }
            Self::UnevaluatedProperties | Self::PropertyNames => Holds::OneOrMany,
            Self::AllOf | Self::AnyOf | Self::OneOf | Self::Not => Holds::OneOrMany,
            Self::If | Self::Then | Self::Else => Holds::OneOrMany,
            Self::Ref | Self::DynamicRef | Self::RecursiveRef => Holds::Nothing,
            Self::Type | Self::Enum | Self::Const | Self::Nullable | Self::XNullable => {
                Holds::Nothing
            }
            Self::Minimum | Self::Maximum | Self::ExclusiveMinimum | Self::ExclusiveMaximum => {
                Holds::Nothing
            }
            Self::MultipleOf | Self::MinLength | Self::MaxLength | Self::Pattern => Holds::Nothing,
            Self::ContentEncoding | Self::ContentMediaType => Holds::Nothing,
            Self::MinContains | Self::MaxContains | Self::MinItems | Self::MaxItems => {
                Holds::Nothing
            }
            Self::UniqueItems | Self::Required | Self::MinProperties | Self::MaxProperties => {
                Holds::Nothing
            }
            Self::DependentRequired | Self::Format | Self::Default | Self::Title => Holds::Nothing,
            Self::Description | Self::Examples | Self::Example | Self::Deprecated => Holds::Nothing,
            Self::ReadOnly | Self::WriteOnly | Self::Discriminator | Self::Xml => Holds::Nothing,
            Self::ExternalDocs | Self::XExtensibleEnum => Holds::Nothing,
        }
    }
}

/// The schemas directly below this schema object that its dialect knows.
pub(super) fn subschemas(document: &Document, node: NodeId, dialect: Dialect) -> Vec<NodeId> {
    let mut found = Vec::new();
    for member in document.members(node) {
        let keyword = Keyword::parse(member.key.text).filter(|word| word.is_known_by(dialect));
        match keyword.map_or(Holds::Nothing, Keyword::holds) {
            Holds::Nothing => {}
            Holds::OneOrMany => match document.value(member.value) {
                Value::Object => found.push(member.value),
                Value::Array => found.extend_from_slice(document.elements(member.value)),
                Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {}
            },
            Holds::Named => found.extend(document.members(member.value).map(|each| each.value)),
        }
    }
    found.retain(|each| matches!(document.value(*each), Value::Object));
    found
}
