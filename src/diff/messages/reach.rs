//! Who reads whom: the calls that an element is part of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::side::Side;
use crate::model::{MessageId, Part, Polarity};

/// A part of a call.
pub(crate) type CallPart = (Arc<str>, Part);

/// The calls of one side, by the messages that they name.
pub(crate) struct Reachable {
    named: BTreeMap<MessageId, Vec<CallPart>>,
}

impl Reachable {
    pub(crate) fn of(side: &Side<'_>) -> Self {
        let mut named: BTreeMap<MessageId, Vec<CallPart>> = BTreeMap::new();
        for (_, call) in side.calls() {
            let parts =
                [(&call.request, Part::RequestMessage), (&call.response, Part::ResponseMessage)];
            for (streamed, part) in parts {
                named.entry(streamed.message).or_default().push((call.route.clone(), part));
            }
        }
        Self { named }
    }

    /// The parts of calls in which one of these messages occurs, however deep.
    pub(crate) fn parts(&self, side: &Side<'_>, starts: &[MessageId]) -> BTreeSet<CallPart> {
        let mut seen: BTreeSet<MessageId> = starts.iter().copied().collect();
        let mut open: Vec<MessageId> = starts.to_vec();
        let mut parts = BTreeSet::new();
        while let Some(message) = open.pop() {
            parts.extend(self.named.get(&message).into_iter().flatten().cloned());
            open.extend(side.users(message).iter().copied().filter(|user| seen.insert(*user)));
        }
        parts
    }
}

/// Who writes in a part of a call.
pub(crate) fn polarity(part: &Part) -> Polarity {
    match part {
        Part::RequestMessage => Polarity::Request,
        Part::ResponseMessage => Polarity::Response,
        Part::Whole
        | Part::Parameter(..)
        | Part::RequestBody(_)
        | Part::Response(..)
        | Part::ResponseHeader(..)
        | Part::Security
        | Part::Server => Polarity::Both,
    }
}

/// Who writes an element that occurs in these parts: both where they disagree or there is none.
pub(crate) fn overall(parts: &BTreeSet<CallPart>) -> Polarity {
    let mut polarities: Vec<Polarity> = parts.iter().map(|(_, part)| polarity(part)).collect();
    polarities.sort();
    polarities.dedup();
    match polarities[..] {
        [only] => only,
        _ => Polarity::Both,
    }
}
