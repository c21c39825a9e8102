//! `type`, `enum`, `const` and the two spellings of "or null".

use super::super::Dialect;
use super::super::keyword::ValueWord;
use super::super::schema::SchemaObject;
use crate::document::{Member, NodeId, Value};
use crate::model::{Kind, Kinds, Stated};

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_value(&mut self, word: ValueWord, member: Member<'_>) {
        match word {
            ValueWord::Type => self.read_type(member),
            ValueWord::Enum => self.read_enumeration(member),
            ValueWord::Const => self.shape.constant = self.json(member),
            ValueWord::Nullable | ValueWord::XNullable => self.read_nullable(member),
        }
    }

    fn read_type(&mut self, member: Member<'_>) {
        let document = self.document;
        let mut kinds = Kinds::NONE;
        let known = match document.value(member.value) {
            Value::Array if self.has_type_arrays() => {
                let elements = document.elements(member.value);
                elements.iter().all(|each| self.add_kind(&mut kinds, *each))
            }
            Value::Null if !self.has_null_type() => {
                return self.expected(member, "the name of a type");
            }
            Value::String(_) | Value::Null => self.add_kind(&mut kinds, member.value),
            Value::Array | Value::Boolean(_) | Value::Number(_) | Value::Object => {
                return self.expected(member, "the name of a type");
            }
        };
        if known {
            if let Some(word) = self.nullable() {
                kinds = kinds.with(Kind::Null);
                self.shape.null = Some(Stated { value: (), span: self.whole(word) });
            }
            self.shape.kinds = Some(Stated { value: kinds, span: self.whole(member) });
        }
    }

    /// Adds one named type; says so and answers `false` where there is no such type.
    fn add_kind(&mut self, kinds: &mut Kinds, node: NodeId) -> bool {
        let span = self.document.span(node);
        let name = match self.document.value(node) {
            Value::String(name) => name,
            Value::Null => {
                // YAML: `type: null` is the value null, where the name "null" is meant.
                self.warn(span, "the type null is read as \"null\": write it in quotes".into());
                "null"
            }
            Value::Boolean(_) | Value::Number(_) | Value::Array | Value::Object => "",
        };
        let kind = match name {
            "null" if self.has_null_type() => Kind::Null,
            "boolean" => Kind::Boolean,
            "integer" if self.dialect() == Dialect::Draft4 => Kind::IntegerLiteral,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "string" => Kind::String,
            "array" => Kind::Array,
            "object" => Kind::Object,
            "file" if self.has_files() => {
                self.shape.notes.edit().format = Some(Stated { value: "binary".into(), span });
                Kind::String
            }
            other => {
                let dialect = self.dialect().name();
                self.wrong(span, &format!("`{other}` is no type of {dialect}"));
                return false;
            }
        };
        *kinds = kinds.with(kind);
        true
    }

    fn read_enumeration(&mut self, member: Member<'_>) {
        let document = self.document;
        if document.value(member.value) != Value::Array {
            return self.expected(member, "an array");
        }
        if self.dialect() == Dialect::Draft4 && document.elements(member.value).is_empty() {
            return self.expected(member, "an array of at least one value");
        }
        let elements = document.elements(member.value).iter();
        let values: Option<Vec<_>> = elements
            .map(|node| self.json_at(*node, document.span(*node)).map(|stated| stated.value))
            .collect();
        let span = self.whole(member);
        self.shape.enumeration = values.map(|value| Stated { value, span });
    }

    /// The word has its effect beside `type` (`OpenAPI` 3.0.3, Schema Object), where it is read.
    fn read_nullable(&mut self, member: Member<'_>) {
        let Some(flag) = self.flag(member) else { return };
        if flag.value && self.sibling(ValueWord::Type).is_none() {
            let word = member.key.text;
            let message = format!("`{word}` says nothing without a `type` beside it");
            self.warn(flag.span, message);
        }
    }

    fn nullable(&self) -> Option<Member<'_>> {
        let words = [ValueWord::Nullable, ValueWord::XNullable];
        words
            .into_iter()
            .filter_map(|word| self.sibling(word))
            .find(|member| self.document.value(member.value) == Value::Boolean(true))
    }

    fn has_type_arrays(&self) -> bool {
        // 2.0 takes the word over from draft-04 as it is; only 3.0 narrows it.
        !matches!(self.dialect(), Dialect::OpenApi20Parameter | Dialect::OpenApi30)
    }

    fn has_null_type(&self) -> bool {
        self.has_type_arrays()
    }

    fn has_files(&self) -> bool {
        matches!(self.dialect(), Dialect::OpenApi20 | Dialect::OpenApi20Parameter)
    }
}
