//! What each keyword does to a shape, one file per group of keywords.

mod array;
mod logic;
mod notes;
mod number;
mod object;
mod text;
mod value;

use super::schema::SchemaObject;
use super::{Dialect, Keyword};
use crate::document::{Member, Value};

impl SchemaObject<'_, '_, '_> {
    /// Reads every member that the dialect knows.
    pub(super) fn read_members(&mut self) {
        let document = self.document;
        let reference = document.member(self.place.node, Keyword::Ref.word());
        let text = reference.map(|member| document.value(member.value));
        if let Some(member) = reference
            && matches!(text, Some(Value::String(_)))
            && self.dialect().reference_stands_alone()
        {
            self.warn_of_siblings();
            return self.read_reference(Keyword::Ref, member);
        }
        for member in document.members(self.place.node) {
            let Some(keyword) = Keyword::parse(member.key.text) else { continue };
            if keyword.is_known_by(self.dialect()) {
                self.read_keyword(keyword, member);
            } else {
                self.read_foreign(keyword, member);
            }
        }
    }

    fn read_keyword(&mut self, keyword: Keyword, member: Member<'_>) {
        match keyword {
            Keyword::Ref | Keyword::DynamicRef | Keyword::RecursiveRef => {
                self.read_reference(keyword, member);
            }
            // Named schemas are read when something refers to them.
            Keyword::Defs | Keyword::Definitions => {}
            Keyword::Type
            | Keyword::Enum
            | Keyword::Const
            | Keyword::Nullable
            | Keyword::XNullable => self.read_value(keyword, member),
            Keyword::Minimum
            | Keyword::Maximum
            | Keyword::ExclusiveMinimum
            | Keyword::ExclusiveMaximum
            | Keyword::MultipleOf => self.read_number(keyword, member),
            Keyword::MinLength
            | Keyword::MaxLength
            | Keyword::Pattern
            | Keyword::ContentEncoding
            | Keyword::ContentMediaType
            | Keyword::ContentSchema => self.read_text(keyword, member),
            Keyword::Items
            | Keyword::PrefixItems
            | Keyword::AdditionalItems
            | Keyword::UnevaluatedItems
            | Keyword::Contains
            | Keyword::MinContains
            | Keyword::MaxContains
            | Keyword::MinItems
            | Keyword::MaxItems
            | Keyword::UniqueItems => self.read_array(keyword, member),
            Keyword::Properties
            | Keyword::PatternProperties
            | Keyword::AdditionalProperties
            | Keyword::UnevaluatedProperties
            | Keyword::PropertyNames
            | Keyword::Required
            | Keyword::MinProperties
            | Keyword::MaxProperties
            | Keyword::Dependencies
            | Keyword::DependentRequired
            | Keyword::DependentSchemas => self.read_object(keyword, member),
            Keyword::AllOf
            | Keyword::AnyOf
            | Keyword::OneOf
            | Keyword::Not
            | Keyword::If
            | Keyword::Then
            | Keyword::Else => self.read_logic(keyword, member),
            Keyword::Format
            | Keyword::Default
            | Keyword::Title
            | Keyword::Description
            | Keyword::Examples
            | Keyword::Example
            | Keyword::Deprecated
            | Keyword::ReadOnly
            | Keyword::WriteOnly
            | Keyword::Discriminator
            | Keyword::Xml
            | Keyword::ExternalDocs
            | Keyword::XExtensibleEnum => self.read_note(keyword, member),
        }
    }

    /// A keyword of another dialect says nothing here; its author should know.
    fn read_foreign(&mut self, keyword: Keyword, member: Member<'_>) {
        if self.dialect() == Dialect::OpenApi20Parameter {
            return;
        }
        let (word, name) = (keyword.word(), self.dialect().name());
        self.warn(member.key.span, format!("`{word}` is no keyword of {name} and says nothing"));
    }

    fn warn_of_siblings(&mut self) {
        let document = self.document;
        for member in document.members(self.place.node) {
            let Some(keyword) = Keyword::parse(member.key.text) else { continue };
            if keyword.is_known_by(self.dialect()) && keyword.constrains() {
                let (word, name) = (keyword.word(), self.dialect().name());
                let message =
                    format!("`{word}` is ignored: in {name} nothing beside `$ref` counts");
                self.warn(member.key.span, message);
            }
        }
    }
}

impl Keyword {
    /// Whether the keyword bears on which values are valid.
    fn constrains(self) -> bool {
        match self {
            Self::Ref | Self::DynamicRef | Self::RecursiveRef => false,
            Self::Defs | Self::Definitions => false,
            Self::Default | Self::Title | Self::Description | Self::Examples => false,
            Self::Example | Self::Deprecated | Self::ReadOnly | Self::WriteOnly => false,
            Self::Discriminator | Self::Xml | Self::ExternalDocs => false,
            Self::XExtensibleEnum | Self::ContentSchema => false,
            Self::Type | Self::Enum | Self::Const | Self::Nullable | Self::XNullable => true,
            Self::Minimum | Self::Maximum | Self::ExclusiveMinimum => true,
            Self::ExclusiveMaximum | Self::MultipleOf => true,
            Self::MinLength | Self::MaxLength | Self::Pattern => true,
            Self::ContentEncoding | Self::ContentMediaType | Self::Format => true,
            Self::Items | Self::PrefixItems | Self::AdditionalItems => true,
            Self::UnevaluatedItems | Self::Contains | Self::MinContains => true,
            Self::MaxContains | Self::MinItems | Self::MaxItems | Self::UniqueItems => true,
            Self::Properties | Self::PatternProperties | Self::AdditionalProperties => true,
            Self::UnevaluatedProperties | Self::PropertyNames | Self::Required => true,
            Self::MinProperties | Self::MaxProperties | Self::Dependencies => true,
            Self::DependentRequired | Self::DependentSchemas => true,
            Self::AllOf | Self::AnyOf | Self::OneOf | Self::Not => true,
            Self::If | Self::Then | Self::Else => true,
        }
    }
}
