//! Values that constraints refuse, tried one by one.

use std::sync::Arc;

use super::sample::payload;
use super::walk::Walk;
use super::witness::{End, Root, ends};
use crate::diff::{Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::model::{Field, Json, MessageId, Polarity, Surface};
use crate::rules::impact::Directions;
use crate::subtype::exchange::Sample;

/// Values to try where what refuses them is what the contract says of values, not how they are
/// written.
#[derive(Clone, Debug)]
pub(crate) struct Trials {
    /// Values of the first field.
    pub(crate) samples: Vec<Sample>,
    /// The constraints that are to refuse one of them, as [`crate::load::Violated`] calls them.
    pub(crate) constraints: Vec<String>,
    /// The reader's field that is to violate it, where it is not the first of the reader's own; an
    /// empty name stands for the message itself.
    pub(crate) field: Option<Arc<str>>,
    /// What is to be thought of each direction in which no value shows it.
    pub(crate) unshown: Directions<Unshown>,
}

/// What follows where none of the values that were tried is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unshown {
    /// Nothing: nothing else stands in the way of the values that are refused.
    #[default]
    Stands,
    /// Another constraint of the writer may keep back all that the reader refuses.
    Open,
}

/// How many fields beside the one in question are filled in, so that their own constraints hold.
const MAX_COMPANY: usize = 16;

impl Trials {
    /// A message that the writer's constraints allow and one of the reader's does not.
    pub(super) fn refused(
        &self,
        (writer_side, polarity): (WitnessSide, Polarity),
        writer: &End<'_>,
        reader: &End<'_>,
    ) -> Option<Witness> {
        let received = reader.side.referee?;
        let field = self.field.clone().or_else(|| reader.key(0))?;
        self.samples.iter().find_map(|sample| {
            let (value, bytes) = allowed(writer, sample, &field)?;
            let read = received.decode(reader.message, &bytes).ok()?;
            let mut found = received.violations(reader.message, &read).found.into_iter();
            let violated = found
                .find(|one| one.field == field && self.constraints.contains(&one.constraint))?;
            Some(Witness {
                writer: writer_side,
                polarity,
                effect: WitnessEffect::Refused,
                surface: Surface::Wire,
                form: WitnessForm::Bytes(bytes),
                value: Some(value),
                focus: writer.focus(),
                read_as: None,
                relayed_as: None,
                because: match &*violated.field {
                    "" => format!("the message violates `{}`", violated.constraint),
                    field => format!("`{field}` violates `{}`", violated.constraint),
                },
                confirmed_by: Some("constraints"),
            })
        })
    }
}

impl Walk<'_> {
    /// Whether a reader refuses messages for what they lack of a field.
    pub(crate) fn refuses_absent(
        &self,
        reader: WitnessSide,
        (message, field): (MessageId, &Field),
    ) -> bool {
        let side = match reader {
            WitnessSide::Old => &self.old,
            WitnessSide::New => &self.new,
        };
        let Some(referee) = side.referee else { return false };
        let name = side.member_name(message, field);
        referee.decode(message, &[]).is_ok_and(|read| {
            let found = referee.violations(message, &read).found;
            found.iter().any(|one| one.field == name)
        })
    }

    /// In which directions a message shows that one of the values is refused.
    pub(crate) fn tried(&self, root: &Root<'_>, trials: &Trials) -> Directions<bool> {
        let is_shown = |writer: WitnessSide| {
            let (own, other) = ends(self, root, writer);
            trials.refused((writer, Polarity::Both), &own, &other).is_some()
        };
        Directions {
            old_to_new: is_shown(WitnessSide::Old),
            new_to_old: is_shown(WitnessSide::New),
        }
    }
}

/// A message with this value of the first field that the writer's constraints allow for certain;
/// other fields are filled in where it takes that, and of several of which it takes one each is tried.
fn allowed(writer: &End<'_>, sample: &Sample, about: &str) -> Option<(Json, Vec<u8>)> {
    let message = writer.side.message(writer.message)?;
    let referee = writer.side.referee?;
    // What is to be tried next comes last.
    let mut open: Vec<Vec<&Field>> = vec![writer.fields.to_vec()];
    for _ in 0..=MAX_COMPANY {
        let fields = open.pop()?;
        let written = || {
            let payload = payload(writer.side, writer.message, &fields, sample, 0)?;
            let bytes = referee.encode(writer.message, &payload.value).ok()?;
            let written = referee.decode(writer.message, &bytes).ok()?;
            Some((payload.value, bytes, referee.violations(writer.message, &written)))
        };
        let Some((value, bytes, violations)) = written() else { continue };
        if violations.unchecked {
            return None;
        }
        let Some(violated) = violations.found.into_iter().next() else {
            return Some((value, bytes));
        };
        let may_help = |field: &&Field| {
            let name = writer.side.member_name(writer.message, field);
            let is_asked = name == violated.field || violated.choices.contains(&name);
            is_asked && *name != *about && fields.iter().all(|one| one.number != field.number)
        };
        let helping: Vec<&Field> = message.fields.iter().filter(may_help).collect();
        open.extend(helping.into_iter().rev().map(|field| [&fields[..], &[field]].concat()));
    }
    None
}
