//! Who reads whom: the calls that an element is part of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::pairs::Pairs;
use super::side::Side;
use crate::model::{MessageId, Part, Polarity};
use crate::rules::impact::Bites;

/// A part of a call.
pub(crate) type CallPart = (Arc<str>, Part);

/// What each message holds.
type Holds = BTreeMap<MessageId, Vec<MessageId>>;

/// The calls of one side, by the messages that they name.
pub(crate) struct Reachable {
    named: BTreeMap<MessageId, Vec<CallPart>>,
    /// The messages that no call holds, and no other message either but such as they hold themselves.
    alone: BTreeSet<MessageId>,
}

/// Where an element occurs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    /// The parts of calls, with the message that each names where it is about one.
    pub(crate) parts: BTreeMap<CallPart, Option<MessageId>>,
    /// The messages that stand by themselves: no call and no other message holds them, so that they
    /// are sent and kept in ways that the contract does not tell.
    pub(crate) alone: BTreeMap<MessageId, Arc<str>>,
    /// Every message that holds the element, or is it.
    holders: BTreeSet<MessageId>,
}

impl Reachable {
    pub(crate) fn of(side: &Side<'_>) -> Self {
        let mut named: BTreeMap<MessageId, Vec<CallPart>> = BTreeMap::new();
        let mut named_here = BTreeSet::new();
        let beside = side.files_beside();
        for (operation, call) in side.calls() {
            let parts =
                [(&call.request, Part::RequestMessage), (&call.response, Part::ResponseMessage)];
            for (streamed, part) in parts {
                named.entry(streamed.message).or_default().push((call.route.clone(), part));
                if !beside.contains(&operation.span.file) {
                    named_here.insert(streamed.message);
                }
            }
        }
        let mut held: Holds = BTreeMap::new();
        for (id, _) in side.messages() {
            for user in side.users(id) {
                held.entry(*user).or_default().push(id);
            }
        }
        let mut alone = outermost(side, &held, &inside(named.keys().copied(), &held));
        if !beside.is_empty() {
            // Of what another contract holds that is not known: whoever keeps messages where others may
            // use them does not know all who do, and a use that is known says nothing of the others.
            let is_beside =
                |id: &MessageId| side.message(*id).is_some_and(|one| side.is_beside(one.file));
            let served = inside(named_here, &held);
            held.retain(|holder, _| !is_beside(holder));
            alone.retain(is_beside);
            alone.extend(outermost(side, &held, &served).into_iter().filter(|id| !is_beside(id)));
        }
        Self { named, alone }
    }

    /// Where one of these messages occurs, however deep.
    pub(crate) fn uses(&self, side: &Side<'_>, starts: &[MessageId]) -> Uses {
        let mut seen: BTreeSet<MessageId> = starts.iter().copied().collect();
        let mut open: Vec<MessageId> = starts.to_vec();
        let mut found = Uses::default();
        while let Some(message) = open.pop() {
            let parts = self.named.get(&message).into_iter().flatten().cloned();
            found.parts.extend(parts.map(|part| (part, Some(message))));
            if self.alone.contains(&message) {
                let name = side.message(message).map(|message| message.full_name.clone());
                found.alone.extend(name.map(|name| (message, name)));
            }
            open.extend(side.users(message).iter().copied().filter(|user| seen.insert(*user)));
        }
        found.holders = seen;
        found
    }
}

/// The messages and all that they hold, however deep.
fn inside(messages: impl IntoIterator<Item = MessageId>, held: &Holds) -> BTreeSet<MessageId> {
    let mut seen = BTreeSet::new();
    for message in messages {
        reach(message, held, &mut seen);
    }
    seen
}

/// Adds the message and all that it holds, however deep. Whether it was not among them.
fn reach(start: MessageId, held: &Holds, seen: &mut BTreeSet<MessageId>) -> bool {
    let is_fresh = seen.insert(start);
    let mut open = if is_fresh { vec![start] } else { Vec::new() };
    while let Some(message) = open.pop() {
        let inner = held.get(&message).into_iter().flatten().copied();
        open.extend(inner.filter(|inner| seen.insert(*inner)));
    }
    is_fresh
}

/// The least number of messages, none of them served, that hold all others that are not: one of each
/// circle that nobody else holds. What those that came later do not reach, nothing else does.
fn outermost(side: &Side<'_>, held: &Holds, served: &BTreeSet<MessageId>) -> BTreeSet<MessageId> {
    let is_left = |id: &MessageId| !served.contains(id);
    let (entries, declared): (Vec<MessageId>, Vec<MessageId>) =
        side.messages().map(|(id, _)| id).filter(is_left).partition(|id| side.is_entry(*id));
    let mut seen = served.clone();
    let mut starts: Vec<MessageId> = declared.into_iter().chain(entries).collect();
    starts.retain(|id| reach(*id, held, &mut seen));
    let mut seen = served.clone();
    starts.reverse();
    starts.retain(|id| reach(*id, held, &mut seen));
    starts.into_iter().collect()
}

impl Uses {
    /// What stands in one part of one call.
    pub(crate) fn of_call(part: CallPart) -> Self {
        Self { parts: [(part, None)].into(), ..Self::default() }
    }

    /// Where the element occurs on both sides: in what only one side has, nobody writes it by the one
    /// and reads it by the other.
    pub(crate) fn on_both(self, new: Self, pairs: &Pairs) -> Self {
        let old = self.parts.iter().filter_map(|((_, part), message)| {
            Some((part.clone(), pairs.new_message((*message)?)?))
        });
        let old: BTreeSet<(Part, MessageId)> = old.collect();
        let is_shared = |place: &CallPart, message: Option<MessageId>| {
            self.parts.contains_key(place)
                || message.is_some_and(|message| old.contains(&(place.1.clone(), message)))
        };
        let shared = new.parts.iter().filter(|(place, message)| is_shared(place, **message));
        let parts: BTreeMap<CallPart, Option<MessageId>> =
            shared.map(|(place, message)| (place.clone(), *message)).collect();
        // What is kept in a message is, though by now, or until now, a call holds the message as well.
        let kept = self.alone.iter().filter_map(|(message, name)| {
            let heir = pairs.new_message(*message)?;
            new.holders.contains(&heir).then(|| (heir, name.clone()))
        });
        let is_kept = |message: &MessageId| {
            pairs.old_message(*message).is_some_and(|old| self.holders.contains(&old))
        };
        let mut alone: BTreeMap<MessageId, Arc<str>> = kept.collect();
        let others = new.alone.iter().filter(|(message, _)| is_kept(message));
        alone.extend(others.map(|(message, name)| (*message, name.clone())));
        if parts.is_empty() && alone.is_empty() {
            return self.on_either(new);
        }
        Self { parts, alone, holders: new.holders }
    }

    /// Where it occurs on either.
    pub(crate) fn on_either(mut self, new: Self) -> Self {
        self.parts.extend(new.parts);
        self.alone.extend(new.alone);
        self
    }

    /// Who writes the element where the change bites: both where the places disagree, where there is
    /// none, and where it stands in messages that are not only sent in calls.
    pub(crate) fn overall(&self, bites: Bites) -> Polarity {
        let alone = (!self.alone.is_empty()).then_some(Polarity::Both);
        let mut polarities: Vec<Polarity> =
            self.parts.keys().map(|(_, part)| polarity(part)).chain(alone).collect();
        polarities.sort();
        polarities.dedup();
        if bites == Bites::InRequests && polarities != [Polarity::Response] {
            polarities.retain(|polarity| *polarity != Polarity::Response);
        }
        match polarities[..] {
            [only] => only,
            _ => Polarity::Both,
        }
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
