//! What is said of arrays and their elements.

use super::super::Dialect;
use super::super::keyword::ArrayWord;
use super::super::schema::SchemaObject;
use crate::document::{Member, Value};
use crate::model::{Contains, Stated};

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_array(&mut self, word: ArrayWord, member: Member<'_>) {
        match word {
            ArrayWord::Items => self.read_items(member),
            ArrayWord::PrefixItems => {
                if let Some(prefix) = self.children(member) {
                    self.shape.array.edit().prefix = prefix;
                }
            }
            ArrayWord::AdditionalItems => {
                // It continues a tuple; beside anything else it says nothing (draft-07, 6.4.2).
                let items = self.sibling(ArrayWord::Items);
                if items.is_some_and(|it| self.document.value(it.value) == Value::Array) {
                    self.shape.array.edit().rest = Some(self.child_or_boolean(member.value));
                }
            }
            ArrayWord::UnevaluatedItems => {
                self.shape.array.edit().unevaluated = Some(self.child(member.value));
            }
            ArrayWord::Contains => self.read_contains(member),
            // They count with `contains`, without which they say nothing.
            ArrayWord::MinContains | ArrayWord::MaxContains => {
                self.count(member);
            }
            ArrayWord::MinItems => self.shape.array.edit().min_items = self.count(member),
            ArrayWord::MaxItems => self.shape.array.edit().max_items = self.count(member),
            ArrayWord::UniqueItems => self.shape.array.edit().unique = self.flag(member),
        }
    }

    fn read_items(&mut self, member: Member<'_>) {
        let is_tuple = self.document.value(member.value) == Value::Array;
        if is_tuple && self.has_tuples() {
            if self.dialect() == Dialect::OpenApi20 {
                let message = "`items` should be one schema; the array is read as a tuple";
                self.warn(self.whole(member), message.to_owned());
            }
            if let Some(prefix) = self.children(member) {
                self.shape.array.edit().prefix = prefix;
            }
        } else if is_tuple {
            self.expected(member, "one schema");
        } else {
            self.shape.array.edit().rest = Some(self.child(member.value));
        }
    }

    fn has_tuples(&self) -> bool {
        match self.dialect() {
            Dialect::Draft4
            | Dialect::Draft6
            | Dialect::Draft7
            | Dialect::Draft201909
            | Dialect::OpenApi20 => true,
            Dialect::Draft202012
            | Dialect::OpenApi20Parameter
            | Dialect::OpenApi30
            | Dialect::OpenApi31 => false,
        }
    }

    fn read_contains(&mut self, member: Member<'_>) {
        let shape = self.child(member.value);
        let minimum = self.sibling(ArrayWord::MinContains).and_then(|it| self.count(it));
        let maximum = self.sibling(ArrayWord::MaxContains).and_then(|it| self.count(it));
        // 2019-09 does not say that a match counts as evaluated; every validator does.
        let evaluates = true;
        let span = Stated { value: (), span: self.whole(member) };
        self.shape.array.edit().contains =
            Some(Contains { span, shape, minimum, maximum, evaluates });
    }
}
