//! Constraints on values: what a field must hold beyond its type.

use std::collections::BTreeSet;

use super::behavior::{self, Bears, Behaves};
use super::choice;
use super::kept;
use super::leaves::{Way, in_common, leaves};
use super::loss::{Loss, Settled, crossing, settled};
use super::reach::{
    Bounded, DISABLED, constraints, excuses_any, is_disabled, is_excused, is_half, of_gaps,
    refusing, tells_upper,
};
use super::sense::{Sense, Shift, members, sense, shift};
use super::trial::of_texts;
use super::{Edited, FIELD, MESSAGE, Pack, trial_values};
use crate::diff::messages::{Change, FieldPair, MessagePair, Root, Scope, Side, Trials, Walk};
use crate::model::{Field, FieldKind, Json, Stated, Step};
use crate::rules::Rule;
use crate::rules::generated_code::Annotated;
use crate::rules::impact::{Bites, Directions, Impact};
use crate::rules::rules;
use crate::source::Span;
use crate::subtype::exchange::Sample;

rules! {
    /// A constraint allows fewer values
    ///
    /// Readers check more than the type. Values that old writers may send, new readers refuse.
    CONSTRAINT_TIGHTENED {
        id: "constraint-tightened",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Warn about such values first, measure who sends them, and refuse them when nobody does.",
    }

    /// A constraint allows more values
    ///
    /// New writers may send what readers of the old contract refuse.
    CONSTRAINT_LOOSENED {
        id: "constraint-loosened",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Have all readers on the new constraint before the first writer makes use of it.",
    }

    /// A constraint allows other values
    ///
    /// Some values that were allowed are refused now and others are allowed; or it is an
    /// expression, of which nobody knows without running it.
    CONSTRAINT_REPLACED {
        id: "constraint-replaced",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Allow both first, and refuse the old values when nobody sends them.",
    }

    /// A field is used in another way
    ///
    /// Its type is the same. Who sets it, when it may change and whether its order means anything
    /// is what people rely on without a compiler to tell them.
    FIELD_BEHAVIOR_CHANGED {
        id: "field-behavior-changed",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "what one side sets may be ignored by the other, or no longer be sent",
        fix: "Announce it to those who set or read the field.",
    }
}

/// Compares two trees of constraints. Whether there was anything to say.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let taken_apart = |side: Option<&Stated<Json>>| side.map(|one| leaves(&one.value));
    let old = taken_apart(edited.old).unwrap_or_default();
    let new = taken_apart(edited.new).unwrap_or_default();
    let (old, new) = match element.root.as_ref().and_then(Root::first) {
        Some(fields) => in_common((old, new), fields),
        None => (old, new),
    };
    let all: BTreeSet<&Way> = old.keys().chain(new.keys()).collect();
    if is_disabled_around(walk, element) || kept::is_unchecked(walk, &element.scope) {
        return false;
    }
    let sides = (
        Bounded { leaves: &old, written: edited.old.map(|one| &one.value) },
        Bounded { leaves: &new, written: edited.new.map(|one| &one.value) },
    );
    let (choices, all): (Vec<&Way>, Vec<&Way>) =
        all.into_iter().partition(|way| choice::is_choice(edited.name, way));
    let is_excused = |way: &&Way| is_excused(&old, way) || is_excused(&new, way);
    let mut said =
        choices.iter().any(|way| !is_excused(way)) && choice::compare(walk, element, edited);
    for way in all {
        let Some(shift) = shifted(walk, element, &sides, way) else { continue };
        let (was, is) = (old.get(way), new.get(way));
        let Settled { ways, shown } = settled(walk, element, edited, &sides, (way, shift));
        let samples = || {
            let keys = way.iter().any(|name| &**name == "keys");
            let others = trial_values(old.iter().chain(&new), (was, is), keys);
            shown.iter().cloned().chain(others).collect()
        };
        let (message, values) = told_of(&sides, way);
        let told = Told { message, word: way.join("."), values, shift, ways };
        let trials = |name: &str| Trials {
            samples: samples(),
            constraints: refusing(&sides, name, (way, shift)),
            field: match &element.step {
                Some(Step::Branch(oneof)) => Some(oneof.clone()),
                Some(_) | None => None,
            },
            unshown: Directions {
                old_to_new: told.ways.old_to_new.unshown(),
                new_to_old: told.ways.new_to_old.unshown(),
            },
        };
        said |= match excused(walk, element, way, shift) {
            Some((element, trials)) => report(walk, &element, edited, &told, |_| trials.clone()),
            None => report(walk, element, edited, &told, trials),
        };
    }
    said
}

/// Where a message as a whole is excused, or no longer: a field of it that the reader checks, with
/// values that it may refuse.
fn excused<'a>(
    walk: &Walk<'a>,
    element: &Annotated<'a>,
    way: &Way,
    shift: Shift,
) -> Option<(Annotated<'a>, Trials)> {
    let root = element.root.as_ref().filter(|_| element.step.is_none())?;
    if !way.iter().map(|name| &**name).eq([DISABLED]) {
        return None;
    }
    let (old, new) = (walk.old.message(root.old)?, walk.new.message(root.new)?);
    let pair = MessagePair { old_id: root.old, new_id: root.new, old, new };
    let reader = |pair: &FieldPair<'a>| if shift == Shift::Wider { pair.old } else { pair.new };
    let (both, rules) = pair
        .fields()
        .pairs
        .into_iter()
        .find_map(|both| Some((both, leaves(&reader(&both).options.get(FIELD)?.value))))?;
    let trials = Trials {
        samples: trial_values(rules.iter(), (None, None), false),
        constraints: rules.keys().flat_map(|way| constraints(FIELD, way)).collect(),
        field: None,
        unshown: Directions::default(),
    };
    let Annotated { scope, step, spans, root: _, file } = element;
    let element = Annotated {
        scope: scope.clone(),
        step: step.clone(),
        spans: *spans,
        root: Some(both.root()),
        file: file.clone(),
    };
    Some((element, trials))
}

/// What an edit of one constraint does; `None` where there is none, or another one tells it.
fn shifted(
    walk: &Walk<'_>,
    element: &Annotated<'_>,
    (old, new): &(Bounded<'_>, Bounded<'_>),
    way: &Way,
) -> Option<Shift> {
    let (was, is) = (old.leaves.get(way), new.leaves.get(way));
    let (word, any) = (way.last()?, is.or(was)?);
    // Bounds that are told alike may be written so that they refuse something else.
    let gaps = || of_gaps(old, new, way);
    let is_turned = || {
        let is_alike = !tells_upper(old, new, way);
        &**word == "gte" && is_alike && gaps().is_some_and(|shift| shift != Shift::None)
    };
    let is_told =
        || is_excused(old.leaves, way) || is_excused(new.leaves, way) || is_half(old, new, way);
    if was == is && !is_turned() || is_told() {
        return None;
    }
    Some(match (sense(word, any), was, is) {
        (Sense::Expression, Some(Json::String(was)), Some(Json::String(is))) => {
            of_texts(word, was, is)
        }
        (Sense::Excuse, ..)
            if &**word == "ignore"
                && !reaches_messages(walk, element)
                && !excuses_any((old.leaves, was), (new.leaves, is), way) =>
        {
            Shift::None
        }
        (Sense::Least | Sense::Most, ..) => {
            gaps().unwrap_or_else(|| shift(sense(word, any), was, is))
        }
        (sense, ..) => shift(sense, was, is),
    })
}

/// The edit of one constraint in words, and what it was and is; of both bounds as they are written
/// where they are one.
fn told_of((old, new): &(Bounded<'_>, Bounded<'_>), way: &Way) -> (String, [String; 2]) {
    let (was, is) = (old.leaves.get(way), new.leaves.get(way));
    let is_bound = || matches!(way.last().map(|word| &**word), Some("gte" | "lte"));
    let is_alone = was != is && !(is_bound() && of_gaps(old, new, way).is_some());
    let around = way.split_last().map_or(&[][..], |(_, around)| around);
    let (name, was, is) = if is_alone {
        (way.join("."), was, is)
    } else {
        (around.join("."), old.group(around), new.group(around))
    };
    let values = [was, is].map(|value| value.map_or_else(String::new, ToString::to_string));
    (edit(&name, was, is), values)
}

fn edit(name: &str, was: Option<&Json>, is: Option<&Json>) -> String {
    let word = |value: &Json| match value {
        Json::Array(open) if name.ends_with("gte") || name.ends_with("lte") => {
            open.first().map_or_else(String::new, |bound| format!("beyond {bound}"))
        }
        Json::Null
        | Json::Boolean(_)
        | Json::Number(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => value.to_string(),
    };
    match (was, is) {
        (None, Some(is)) => format!("constraint `{name}` is {} now", word(is)),
        (Some(was), None) => format!("constraint `{name}` is no longer {}", word(was)),
        (Some(was), Some(is)) => {
            format!("constraint `{name}` is {}, no longer {}", word(is), word(was))
        }
        (None, None) => String::new(),
    }
}

/// Compares the words that say how a field is used (AIP-203). Whether there was anything to say.
pub(super) fn compare_behavior<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let words = |side: Option<&Stated<Json>>| side.map(|one| members(&one.value));
    let old = words(edited.old).unwrap_or_default();
    let new = words(edited.new).unwrap_or_default();
    let mut said = false;
    for Behaves { message, words, word, shift, bears } in behavior::edits(&old, &new) {
        let ways = Directions::of(shift, false);
        let told = Told { message, word: word.to_string(), values: words, shift, ways };
        if shift == Shift::None {
            let change = change(&FIELD_BEHAVIOR_CHANGED, element, edited, &told);
            let bears = bears == Bears::OnReaders;
            walk.report(if bears { change } else { change.caution(behavior::HARMLESS) });
            said = true;
            continue;
        }
        said |= report(walk, element, edited, &told, |option| Trials {
            samples: vec![Sample::Absent],
            constraints: vec![format!("{option}.{word}")],
            field: None,
            unshown: Directions::default(),
        });
    }
    said
}

/// Of which payloads the constraints of an option hold: how a field is used binds requests.
pub(super) fn bites(option: &str) -> Bites {
    if option.starts_with(Pack::GoogleApi.prefix()) { Bites::InRequests } else { Bites::Anywhere }
}

/// One edit of a constraint.
struct Told {
    message: String,
    /// The constraint itself, for telling edits apart.
    word: String,
    /// What it was and is, if anything.
    values: [String; 2],
    shift: Shift,
    ways: Directions<Loss>,
}

/// Whether the element holds messages, whose own constraints an excuse covers too.
fn reaches_messages(walk: &Walk<'_>, element: &Annotated<'_>) -> bool {
    let is_message = |side: &Side<'_>, field: &Field| {
        let held = side.entry(field).map_or(field.kind, |(_, value)| value.kind);
        matches!(held, FieldKind::Message(..))
    };
    element.root.as_ref().is_some_and(|root| {
        root.old_fields.iter().any(|field| is_message(&walk.old, field))
            || root.new_fields.iter().any(|field| is_message(&walk.new, field))
    })
}

/// Whether the message around the element is excused as a whole on a side, so that nothing that the
/// element says holds there. Where only one side excuses it, that edit tells it.
fn is_disabled_around(walk: &Walk<'_>, element: &Annotated<'_>) -> bool {
    let (Some(_), Scope::Message(old, new)) = (&element.step, &element.scope) else { return false };
    let old = old.and_then(|id| walk.old.message(id));
    let new = new.and_then(|id| walk.new.message(id));
    old.into_iter().chain(new).any(|message| {
        let option = message.options.get(MESSAGE);
        option.is_some_and(|option| is_disabled(&leaves(&option.value)))
    })
}

fn report<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
    told: &Told,
    trials: impl Fn(&str) -> Trials,
) -> bool {
    let Directions { old_to_new, new_to_old } = told.ways;
    // What the edit comes to; where that is nothing, what the word by itself would do.
    let shift = match (old_to_new != Loss::None, new_to_old != Loss::None) {
        (false, false) => told.shift,
        (true, false) => Shift::Narrower,
        (false, true) => Shift::Wider,
        (true, true) => Shift::Across,
    };
    let rule = match shift {
        Shift::None => return false,
        Shift::Narrower => &CONSTRAINT_TIGHTENED,
        Shift::Wider => &CONSTRAINT_LOOSENED,
        Shift::Across | Shift::Unknown => &CONSTRAINT_REPLACED,
    };
    let mut change = change(rule, element, edited, told);
    if told.ways != Directions::NONE {
        let impact = Impact::none().with(crossing(old_to_new), crossing(new_to_old));
        change = change.impact(impact.biting(bites(edited.name)));
        change.trials = Some(trials(edited.name));
    }
    if told.word == "IMMUTABLE" {
        change = change.caution(TAKES_TWO);
    }
    walk.report(change.root(element.root.clone()));
    true
}

/// Why no message shows what becomes of a field that may not be changed.
const TAKES_TWO: &str = "no message shows it by itself: what is refused is a request that changes \
                         what an earlier one set";

fn change<'a>(
    rule: &'static Rule,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
    told: &Told,
) -> Change<'a> {
    let span = |option: Option<&Stated<Json>>, other: Span| option.map_or(other, |one| one.span);
    let mut change = Change::new(rule, element.scope.clone(), told.message.clone())
        .spans(Some(span(edited.old, element.spans.0)), Some(span(edited.new, element.spans.1)))
        .evidence([edited.name.to_string(), told.word.clone()])
        .evidence(told.values.clone());
    change.steps.extend(element.step.clone());
    change
}
