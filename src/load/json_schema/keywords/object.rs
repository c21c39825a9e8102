//! What is said of objects and their members.

use std::sync::Arc;

use super::super::Dialect;
use super::super::keyword::ObjectWord;
use super::super::schema::SchemaObject;
use crate::document::{Member, NodeId, Value};
use crate::model::Stated;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_object(&mut self, word: ObjectWord, member: Member<'_>) {
        match word {
            ObjectWord::Properties => {
                for entry in self.entries(member) {
                    if let ("$ref", Value::String(text)) =
                        (entry.key.text, self.document.value(entry.value))
                    {
                        self.read_borrowed(entry, text);
                        continue;
                    }
                    let shape = Stated { value: self.child(entry.value), span: self.whole(entry) };
                    Arc::make_mut(&mut self.shape.object.edit().properties)
                        .insert(entry.key.text.into(), shape);
                }
            }
            ObjectWord::PatternProperties => {
                for entry in self.entries(member) {
                    let pattern = Stated { value: entry.key.text.into(), span: entry.key.span };
                    self.check_pattern(entry.key.text, entry.key.span);
                    let shape = self.child(entry.value);
                    self.shape.object.edit().patterns.push((pattern, shape));
                }
            }
            ObjectWord::AdditionalProperties => self.read_additional(member),
            ObjectWord::UnevaluatedProperties => {
                self.shape.object.edit().unevaluated = Some(self.child(member.value));
            }
            ObjectWord::PropertyNames => {
                self.shape.object.edit().names = Some(self.child(member.value));
            }
            ObjectWord::Required => self.read_required(member),
            ObjectWord::MinProperties => {
                self.shape.object.edit().min_properties = self.count(member);
            }
            ObjectWord::MaxProperties => {
                self.shape.object.edit().max_properties = self.count(member);
            }
            ObjectWord::Dependencies => {
                for entry in self.entries(member) {
                    self.read_dependency(entry);
                }
            }
            ObjectWord::DependentRequired => {
                for entry in self.entries(member) {
                    self.read_dependent_names(entry);
                }
            }
            ObjectWord::DependentSchemas => {
                for entry in self.entries(member) {
                    self.read_dependent_shape(entry);
                }
            }
        }
    }

    fn read_additional(&mut self, member: Member<'_>) {
        let is_null = self.document.value(member.value) == Value::Null;
        if is_null && self.dialect().is_lenient() {
            return self.expected(member, "a schema");
        }
        self.shape.object.edit().additional = Some(self.child_or_boolean(member.value));
    }

    fn read_required(&mut self, member: Member<'_>) {
        match self.document.value(member.value) {
            Value::Array => {
                let at = self.document.span(member.value);
                self.shape.object.edit().required_at = Some(at);
                for (name, node) in self.names(member) {
                    let stated = Stated { value: (), span: self.document.span(node) };
                    Arc::make_mut(&mut self.shape.object.edit().required).insert(name, stated);
                }
            }
            // Draft-03 said it at the property; authors still do.
            Value::Boolean(_) if self.dialect().is_lenient() => {
                let message = "a boolean `required` says nothing here: list the name in the \
                               `required` of the object";
                self.warn(self.whole(member), message.to_owned());
            }
            Value::Boolean(_) | Value::Null | Value::Number(_) => {
                self.expected(member, "an array of names");
            }
            Value::String(_) | Value::Object => self.expected(member, "an array of names"),
        }
        let is_empty = self.document.elements(member.value).is_empty();
        let forbids_empty =
            matches!(self.dialect(), Dialect::Draft4 | Dialect::OpenApi20 | Dialect::OpenApi30);
        if is_empty && forbids_empty && self.document.value(member.value) == Value::Array {
            let name = self.dialect().name();
            let message = format!("an empty `required` is not allowed in {name}: leave it out");
            self.warn(self.whole(member), message);
        }
    }

    fn read_dependency(&mut self, entry: Member<'_>) {
        match self.document.value(entry.value) {
            Value::Array => self.read_dependent_names(entry),
            Value::Object => self.read_dependent_shape(entry),
            Value::Boolean(_) if self.dialect().has_boolean_schemas() => {
                self.read_dependent_shape(entry);
            }
            Value::Boolean(_) | Value::Null | Value::Number(_) | Value::String(_) => {
                self.expected(entry, "a schema or an array of names");
            }
        }
    }

    fn read_dependent_names(&mut self, entry: Member<'_>) {
        if self.document.value(entry.value) != Value::Array {
            return self.expected(entry, "an array of names");
        }
        let value: Vec<Arc<str>> = self.names(entry).into_iter().map(|(name, _)| name).collect();
        let stated = Stated { value, span: self.whole(entry) };
        self.shape.object.edit().dependent_required.insert(entry.key.text.into(), stated);
    }

    fn read_dependent_shape(&mut self, entry: Member<'_>) {
        let stated = Stated { value: self.child(entry.value), span: self.whole(entry) };
        self.shape.object.edit().dependent_shapes.insert(entry.key.text.into(), stated);
    }

    /// The strings of an array; anything else in it is a problem.
    fn names(&mut self, member: Member<'_>) -> Vec<(Arc<str>, NodeId)> {
        let document = self.document;
        let mut names = Vec::new();
        for node in document.elements(member.value) {
            if let Some(name) = document.string(*node) {
                names.push((name.into(), *node));
            } else {
                let word = member.key.text;
                self.wrong(document.span(*node), &format!("`{word}` lists names only"));
            }
        }
        names
    }
}
