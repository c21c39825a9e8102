//! Schemas combined in place.

use super::super::keyword::LogicWord;
use super::super::schema::SchemaObject;
use crate::document::Member;
use crate::model::{Condition, ShapeId, Stated};

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_logic(&mut self, word: LogicWord, member: Member<'_>) {
        let span = self.whole(member);
        match word {
            LogicWord::AllOf => {
                let children = self.children(member).unwrap_or_default();
                self.shape.logic.edit().all_of.extend(children);
            }
            LogicWord::AnyOf => {
                let children = self.alternatives(member);
                self.shape.logic.edit().any_of = children;
            }
            LogicWord::OneOf => {
                let children = self.alternatives(member);
                self.shape.logic.edit().one_of = children;
            }
            LogicWord::Not => {
                let value = self.child(member.value);
                self.shape.logic.edit().not = Some(Stated { value, span });
            }
            LogicWord::If => {
                let when = self.child(member.value);
                let then = self.sibling(LogicWord::Then).map(|it| self.child(it.value));
                let otherwise = self.sibling(LogicWord::Else).map(|it| self.child(it.value));
                let value = Condition { when, then, otherwise };
                self.shape.logic.edit().condition = Some(Stated { value, span });
            }
            // Read with `if`, without which they say nothing.
            LogicWord::Then | LogicWord::Else => {}
        }
    }

    /// An empty list of alternatives is forbidden by every draft and would admit nothing.
    fn alternatives(&mut self, member: Member<'_>) -> Option<Stated<Vec<ShapeId>>> {
        let value = self.children(member)?;
        if value.is_empty() && self.dialect().is_lenient() {
            let message = format!("an empty `{}` is read as if it were absent", member.key.text);
            self.warn(self.whole(member), message);
            return None;
        }
        if value.is_empty() {
            self.expected(member, "an array of at least one schema");
            return None;
        }
        Some(Stated { value, span: self.whole(member) })
    }
}
