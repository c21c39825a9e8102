//! Bounds and divisors.

use super::super::keyword::NumberWord;
use super::super::schema::SchemaObject;
use crate::document::{Member, Value};
use crate::model::Decimal;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_number(&mut self, word: NumberWord, member: Member<'_>) {
        match word {
            NumberWord::Minimum => {
                let exclusive = self.is_exclusive(NumberWord::ExclusiveMinimum);
                let bound = self.number(member);
                let facets = self.shape.number.edit();
                if exclusive {
                    facets.exclusive_minimum = bound;
                } else {
                    facets.minimum = bound;
                }
            }
            NumberWord::Maximum => {
                let exclusive = self.is_exclusive(NumberWord::ExclusiveMaximum);
                let bound = self.number(member);
                let facets = self.shape.number.edit();
                if exclusive {
                    facets.exclusive_maximum = bound;
                } else {
                    facets.maximum = bound;
                }
            }
            // Draft-04's modifiers are read with the bound that they modify.
            NumberWord::ExclusiveMinimum | NumberWord::ExclusiveMaximum
                if self.dialect().has_boolean_exclusives() =>
            {
                self.flag(member);
            }
            NumberWord::ExclusiveMinimum | NumberWord::ExclusiveMaximum
                if matches!(self.document.value(member.value), Value::Boolean(_)) =>
            {
                self.expected(member, "a number (as a boolean it was draft-04's: write the bound)");
            }
            NumberWord::ExclusiveMinimum => {
                self.shape.number.edit().exclusive_minimum = self.number(member);
            }
            NumberWord::ExclusiveMaximum => {
                self.shape.number.edit().exclusive_maximum = self.number(member);
            }
            NumberWord::MultipleOf => {
                let divisor = self.number(member);
                if divisor.as_ref().is_some_and(|it| it.value <= Decimal::zero()) {
                    return self.expected(member, "greater than zero");
                }
                self.shape.number.edit().multiple_of = divisor;
            }
        }
    }

    fn is_exclusive(&self, modifier: NumberWord) -> bool {
        let value = self.sibling(modifier).map(|member| self.document.value(member.value));
        self.dialect().has_boolean_exclusives() && value == Some(Value::Boolean(true))
    }
}
