//! Messages that show a break, written by one side and read by the other.

use std::sync::Arc;

use super::culprit::{Culprit, culprit};
use super::defaults::{by_default, by_default_inside};
use super::observed::{Observed, as_json, over_the_wire};
use super::sample::{Payload, payload};
use super::side::Side;
use super::trials::Trials;
use super::walk::Walk;
use crate::diff::{Crossing, Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::model::{Field, Json, MessageId, Polarity, Surface};
use crate::rules::impact::{Directions, Exposure, Impact, Shown};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// The message in which a change is shown, and the fields that show it.
#[derive(Clone, Debug)]
pub(crate) struct Root<'a> {
    /// The message on the old side.
    pub(crate) old: MessageId,
    /// The message on the new side.
    pub(crate) new: MessageId,
    /// The fields that old writers fill in, the telling one first.
    pub(crate) old_fields: Vec<&'a Field>,
    /// The same fields on the new side, in the same order.
    pub(crate) new_fields: Vec<&'a Field>,
}

/// How a change is shown to old readers, where that takes another message.
#[derive(Clone, Debug)]
pub(crate) struct Back<'a> {
    pub(crate) root: Root<'a>,
    /// With which values, where a constraint is what refuses them.
    pub(crate) trials: Option<Trials>,
}

impl Root<'_> {
    /// The first field on both sides.
    pub(crate) fn first(&self) -> Option<(&Field, &Field)> {
        Some((*self.old_fields.first()?, *self.new_fields.first()?))
    }
}

/// One end of a crossing.
pub(super) struct End<'w> {
    pub(super) side: &'w Side<'w>,
    pub(super) message: MessageId,
    pub(super) fields: &'w [&'w Field],
}

/// How a change is shown.
pub(super) struct Showing<'s> {
    pub(super) impact: &'s Impact,
    pub(super) exposure: Exposure,
    pub(super) root: Option<&'s Root<'s>>,
    /// How it is shown to old readers, if otherwise.
    pub(super) back: Option<&'s Back<'s>>,
    pub(super) trials: Option<&'s Trials>,
}

/// How many messages are tried to show one break.
const MAX_VARIANTS: u8 = 3;

/// At most one witness for each direction that decides the verdict.
pub(super) fn witnesses<'s>(walk: &Walk<'s>, showing: &Showing<'s>) -> Vec<Witness> {
    let gates = showing.impact.gates(showing.exposure);
    let forth = showing.root.map(|root| (root, showing.trials));
    let back = showing.back.map(|back| (&back.root, back.trials.as_ref())).or(forth);
    let shown = |gate: bool, how: Option<(&'s Root<'s>, Option<&'s Trials>)>, writer| {
        how.filter(|_| gate).and_then(|how| show(walk, showing, how, writer))
    };
    let forward = shown(gates.old_to_new, forth, WitnessSide::Old);
    let backward = shown(gates.new_to_old, back, WitnessSide::New);
    forward.into_iter().chain(backward).collect()
}

/// A witness of what this side writes, if that breaks.
fn show<'s>(
    walk: &Walk<'s>,
    showing: &Showing<'s>,
    (root, trials): (&Root<'s>, Option<&Trials>),
    writer: WitnessSide,
) -> Option<Witness> {
    let way = |ways: &Directions<Passage>| match writer {
        WitnessSide::Old => ways.old_to_new.clone(),
        WitnessSide::New => ways.new_to_old.clone(),
    };
    let shown = showing.impact.shown(way)?;
    let who = (writer, showing.exposure.polarity);
    if let Some(trials) = trials {
        let (writer, reader) = ends(walk, root, writer);
        return trials.refused(who, &writer, &reader);
    }
    let inside = culprit(walk, root, shown.surface, |ways| {
        let form = |exchange: &Exchange| match shown.surface {
            Surface::Wire => exchange.wire.clone(),
            Surface::Json | Surface::Source => exchange.json.clone(),
        };
        match writer {
            WitnessSide::Old => form(&ways.old_to_new),
            WitnessSide::New => form(&ways.new_to_old),
        }
    });
    let deep = inside.and_then(|culprit| {
        let root = culprit.root();
        let (own, other) = ends(walk, &root, writer);
        let shown = Shown { surface: shown.surface, passage: culprit.passage.clone() };
        best(who, &own, &other, &Exhibit { shown: &shown, culprit: Some(&culprit) })
    });
    if deep.as_ref().is_some_and(|witness| witness.confirmed_by.is_some()) {
        return deep;
    }
    let (own, other) = ends(walk, root, writer);
    best(who, &own, &other, &Exhibit { shown: &shown, culprit: None })
}

/// The writer and the reader.
pub(super) fn ends<'w>(
    walk: &'w Walk<'_>,
    root: &'w Root<'_>,
    writer: WitnessSide,
) -> (End<'w>, End<'w>) {
    let Root { old, new, old_fields, new_fields } = root;
    let old = End { side: &walk.old, message: *old, fields: old_fields };
    let new = End { side: &walk.new, message: *new, fields: new_fields };
    match writer {
        WitnessSide::Old => (old, new),
        WitnessSide::New => (new, old),
    }
}

/// What is to be shown, and where inside the message it lies, if not in its own fields.
struct Exhibit<'s, 'a> {
    shown: &'s Shown,
    culprit: Option<&'s Culprit<'a>>,
}

/// The first message that is confirmed to show it, else the first.
fn best(
    who: (WitnessSide, Polarity),
    writer: &End<'_>,
    reader: &End<'_>,
    exhibit: &Exhibit<'_, '_>,
) -> Option<Witness> {
    let variants = if exhibit.shown.passage.sample == Sample::Ordinary { MAX_VARIANTS } else { 1 };
    let mut first = None;
    for variant in 0..variants {
        let found = cross(who, writer, reader, exhibit, variant);
        if found.as_ref().is_some_and(|witness| witness.confirmed_by.is_some()) {
            return found;
        }
        first = first.or(found);
    }
    // What a referee has read and found nothing wrong with shows nothing.
    first.filter(|_| reader.side.referee.is_none())
}

fn cross(
    (writer_side, polarity): (WitnessSide, Polarity),
    writer: &End<'_>,
    reader: &End<'_>,
    Exhibit { shown: Shown { surface, passage }, culprit }: &Exhibit<'_, '_>,
    variant: u8,
) -> Option<Witness> {
    let payload = match culprit {
        Some(culprit) => {
            writer.sendable(culprit.payload((writer_side, writer.side), variant)?, *surface)?
        }
        None => payload(writer.side, writer.message, writer.fields, &passage.sample, variant)?,
    };
    let (form, observed) = match surface {
        Surface::Wire => over_the_wire(writer, reader, &payload, passage)?,
        Surface::Json | Surface::Source => {
            (WitnessForm::Json, as_json(writer, reader, &payload, passage))
        }
    };
    let ends = (writer_side, writer, reader);
    let observed = or_defaulted(observed, ends, (passage, *culprit), &form);
    let bytes = match &form {
        WitnessForm::Bytes(bytes) => Some(&**bytes),
        WitnessForm::Json | WitnessForm::Http(_) => None,
    };
    let name = reader.side.referee.map(|referee| referee.name_for(reader.message, bytes));
    let relayed_as = match (writer_side, bytes, &observed) {
        (WitnessSide::New, Some(bytes), Observed::Shown(effect, ..))
            if *effect != WitnessEffect::Refused =>
        {
            relayed(writer, reader, bytes)
        }
        _ => None,
    };
    let (effect, read_as, because, confirmed_by) = match observed {
        Observed::Shown(effect, read_as, because) => {
            let is_telling = !because.is_empty() && quotes_only(&because, &payload.value);
            let because = if is_telling { because } else { passage.because.to_owned() };
            (effect, read_as, because, name)
        }
        Observed::Defaulted(filled_in, because) => {
            let read = reader.reading(&form, &payload.value).unwrap_or(Json::object::<&str>([]));
            (WitnessEffect::Misread, Some(beside(read, filled_in)), because, Some("decoder"))
        }
        Observed::Unseen => (effect(passage.outcome)?, None, passage.because.to_owned(), None),
    };
    Some(Witness {
        writer: writer_side,
        polarity,
        effect,
        surface: *surface,
        form,
        value: Some(payload.value),
        focus: writer.focus(),
        read_as,
        relayed_as,
        because,
        confirmed_by,
    })
}

/// Whether the text that a refusal quotes is one that was sent: a referee may have been given
/// something that stands for it.
fn quotes_only(because: &str, sent: &Json) -> bool {
    let quoted = because.split_once(" string \"").and_then(|(_, rest)| rest.split_once('"'));
    quoted.is_none_or(|(text, _)| sent.to_string().contains(&format!("\"{text}\"")))
}

/// The same, unless what the reader fills in for what is left out says more.
fn or_defaulted(
    observed: Observed,
    (writer_side, writer, reader): (WitnessSide, &End<'_>, &End<'_>),
    (passage, culprit): (&Passage, Option<&Culprit<'_>>),
    form: &WitnessForm,
) -> Observed {
    let is_unsent = passage.outcome == Outcome::Misread
        && matches!(form, WitnessForm::Bytes(bytes) if bytes.is_empty());
    let defaulted = || match culprit {
        Some(culprit) => by_default_inside(culprit, writer_side, (writer, reader)),
        None => by_default(writer, reader),
    };
    match observed {
        Observed::Unseen if passage.sample == Sample::Absent => defaulted(),
        // What is left out because it is the first value stands for another at the reader.
        Observed::Shown(WitnessEffect::Lost, ..) if is_unsent => match defaulted() {
            Observed::Unseen => observed,
            told @ (Observed::Shown(..) | Observed::Defaulted(..)) => told,
        },
        Observed::Shown(..) | Observed::Defaulted(..) | Observed::Unseen => observed,
    }
}

/// What a reader of the writer's own contract sees of bytes that a party of the other contract has
/// read and written again.
fn relayed(writer: &End<'_>, party: &End<'_>, bytes: &[u8]) -> Option<Json> {
    let passed_on = party.side.referee?.relay(party.message, bytes).ok()?;
    writer.side.referee?.decode(writer.message, &passed_on).ok()
}

/// What was read, and beside it what was filled in.
fn beside(read: Json, filled_in: Json) -> Json {
    match (read, filled_in) {
        (Json::Object(read), Json::Object(filled_in)) => {
            let mut all = (*read).clone();
            for (name, value) in &*filled_in {
                let value = match all.remove(name) {
                    Some(read) => beside(read, value.clone()),
                    None => value.clone(),
                };
                all.insert(Arc::clone(name), value);
            }
            Json::Object(Arc::new(all))
        }
        (_, filled_in) => filled_in,
    }
}

impl End<'_> {
    /// What was built around something inside, unless the writer's own schema refuses it in JSON.
    fn sendable(&self, built: Payload, surface: Surface) -> Option<Payload> {
        let is_sendable = surface == Surface::Wire
            || self
                .side
                .referee
                .is_none_or(|own| own.read_json(self.message, &built.value).is_ok());
        is_sendable.then_some(built)
    }

    /// What a reader here makes of what was sent.
    fn reading(&self, form: &WitnessForm, value: &Json) -> Option<Json> {
        let referee = self.side.referee?;
        match form {
            WitnessForm::Bytes(bytes) => referee.decode(self.message, bytes).ok(),
            WitnessForm::Json => referee.read_json(self.message, value).ok(),
            WitnessForm::Http(_) => None,
        }
    }

    /// What a field is called in ProtoJSON.
    pub(super) fn key(&self, at: usize) -> Option<Arc<str>> {
        self.fields.get(at).map(|field| self.side.member_name(self.message, field))
    }

    pub(super) fn focus(&self) -> String {
        self.key(0).map_or_else(String::new, |name| format!("/{name}"))
    }
}

/// What breaks, form by form, in the directions that decide the verdict, at worst: a reader may refuse
/// what it was thought to misread.
pub(super) fn crossings(impact: &Impact, exposure: Exposure, shown: &[Witness]) -> Vec<Crossing> {
    let Impact { always: _, wire, json, bites: _ } = impact;
    let gates = impact.gates(exposure);
    let ways = [
        (Surface::Wire, WitnessSide::Old, gates.old_to_new, &wire.old_to_new),
        (Surface::Wire, WitnessSide::New, gates.new_to_old, &wire.new_to_old),
        (Surface::Json, WitnessSide::Old, gates.old_to_new, &json.old_to_new),
        (Surface::Json, WitnessSide::New, gates.new_to_old, &json.new_to_old),
    ];
    let asked = ways.into_iter().filter(|(.., gate, _)| *gate);
    asked
        .filter_map(|(surface, writer, _, passage)| {
            let told = effect(passage.outcome)?;
            let here = |one: &&Witness| (one.surface, one.writer) == (surface, writer);
            let confirmed = shown.iter().filter(|one| one.confirmed_by.is_some());
            let seen = confirmed.filter(here).map(|one| one.effect);
            Some(Crossing { surface, writer, effect: seen.fold(told, std::cmp::min) })
        })
        .collect()
}

/// What a break looks like to the reader.
pub(super) fn effect(outcome: Outcome) -> Option<WitnessEffect> {
    match outcome {
        Outcome::Same | Outcome::Unknown => None,
        Outcome::Lost => Some(WitnessEffect::Lost),
        Outcome::Misread => Some(WitnessEffect::Misread),
        Outcome::Refused => Some(WitnessEffect::Refused),
    }
}
