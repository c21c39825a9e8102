//! What is said of arrays and their elements.

use super::super::schema::SchemaObject;
use super::super::{Dialect, Keyword};
use crate::document::{Member, Value};
use crate::model::Contains;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_array(&mut self, keyword: Keyword, member: Member<'_>) {
        match keyword {
            Keyword::Items => self.read_items(member),
            Keyword::PrefixItems => {
                if let Some(prefix) = self.children(member) {
                    self.shape.array.edit().prefix = prefix;
                }
            }
            Keyword::AdditionalItems => {
                // It continues a tuple; beside anything else it says nothing (draft-07, 6.4.2).
                let items = self.sibling(Keyword::Items);
                if items.is_some_and(|it| self.document.value(it.value) == Value::Array) {
                    self.shape.array.edit().rest = Some(self.child_or_boolean(member.value));
                }
            }
            Keyword::UnevaluatedItems => {
                self.shape.array.edit().unevaluated = Some(self.child(member.value));
            }
            Keyword::Contains => self.read_contains(member),
            // Read with `contains`, without which they say nothing.
            Keyword::MinContains | Keyword::MaxContains => {
                if self.sibling(Keyword::Contains).is_none() {
                    self.count(member);
                }
            }
            Keyword::MinItems => self.shape.array.edit().min_items = self.count(member),
            Keyword::MaxItems => self.shape.array.edit().max_items = self.count(member),
            Keyword::UniqueItems => self.shape.array.edit().unique = self.flag(member),
            _ => {}
        }
    }

    fn read_items(&mut self, member: Member<'_>) {
        let is_tuple = self.document.value(member.value) == Value::Array;
        if is_tuple && self.has_tuples() {
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
            Dialect::Draft4 | Dialect::Draft6 | Dialect::Draft7 | Dialect::Draft201909 => true,
            Dialect::Draft202012 | Dialect::OpenApi31 => false,
            Dialect::OpenApi20 | Dialect::OpenApi20Parameter | Dialect::OpenApi30 => false,
        }
    }

    fn read_contains(&mut self, member: Member<'_>) {
        let shape = self.child(member.value);
        let minimum = self.sibling(Keyword::MinContains).and_then(|it| self.count(it));
        let maximum = self.sibling(Keyword::MaxContains).and_then(|it| self.count(it));
        // 2019-09 does not say that a match counts as evaluated; every validator does.
        let evaluates = true;
        self.shape.array.edit().contains = Some(Contains { shape, minimum, maximum, evaluates });
    }
}
