//! One value of a list added or taken away: what that does is what becomes of the value.
//!
//! To make the list anew for each of its values, and to ask about all that it holds, costs the list
//! once for each of them.

use super::judged::{Direction, Outcome};
use super::walk::{Question, Walk, views};
use crate::model::Json;

impl Walk<'_> {
    /// What becomes of the direction by this value alone; `None` where that does not show at once.
    pub(super) fn judge_listed(
        &mut self,
        question: &Question,
        direction: Direction,
        value: &Json,
    ) -> Option<Outcome> {
        if !question.carrier.is_json() {
            return None;
        }
        let (read, written) = direction.ends(&question.old, &question.new);
        let (donor, base) = (self.place(read)?, self.place(written)?);
        if donor.values.as_ref()?.value.contains(value) {
            return base.values.is_some().then_some(Outcome::Holds);
        }
        let (reader, writer) = views((read, written), question.polarity, question.carrier);
        let is_lost = !self.engine.reads(&self.shapes, &reader, value)?;
        if is_lost && self.engine.sends(&self.shapes, &reader, &writer, value) {
            return Some(Outcome::Fails);
        }
        let is_sent = self.engine.accepts(&self.shapes, &writer, value) != Some(false);
        (!is_lost || !is_sent).then_some(Outcome::Holds)
    }
}
