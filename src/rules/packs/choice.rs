//! Fields of which a message may set one, by its own constraints: `oneof` of `buf.validate.message`.
//!
//! <https://protovalidate.com/schemas/custom-rules/>; only which of them are set decides. A field among
//! them is not judged where it is not set.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::constraint::{CONSTRAINT_LOOSENED, CONSTRAINT_REPLACED, CONSTRAINT_TIGHTENED};
use super::leaves::{Way, leaves};
use super::loss::{Loss, crossing};
use super::reach::constraints;
use super::{Edited, FIELD, MESSAGE, trial_values};
use crate::diff::WitnessSide;
use crate::diff::messages::{Back, Change, MessagePair, Root, Trials, Unshown, Walk, listed};
use crate::model::{Cardinality, Field, Json, Message, Presence, Stated};
use crate::rules::generated_code::Annotated;
use crate::rules::impact::{Directions, Impact};
use crate::subtype::exchange::Sample;

/// The constraint, as a referee calls it.
const ONEOF: &str = "(buf.validate.message).oneof";

/// Of more fields than these not every choice is tried.
const MOST_FIELDS: usize = 12;

/// What is said then.
const TOO_MANY: &str =
    "the `oneof` names more than most-fields = 12 fields, and not every choice of them is tried";

/// One rule: of these fields at most one is set, or exactly one.
#[derive(Clone, Debug)]
struct Choice {
    fields: BTreeSet<Arc<str>>,
    is_required: bool,
    /// The fields in the order in which the option names them, which means nothing.
    written: Vec<Arc<str>>,
}

impl Choice {
    fn key(&self) -> (&BTreeSet<Arc<str>>, bool) {
        let Self { fields, is_required, written: _ } = self;
        (fields, *is_required)
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Choice {}

impl PartialOrd for Choice {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Choice {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Whether the constraint is one of these.
pub(super) fn is_choice(option: &str, way: &Way) -> bool {
    option == MESSAGE && way.first().is_some_and(|name| &**name == "oneof")
}

/// Whether a field is one of those of which a message may set one, so that nothing is demanded of it where
/// it is not set.
pub(super) fn is_chosen(message: &Message, field: &Field) -> bool {
    rules(message.options.get(MESSAGE)).iter().any(|rule| rule.fields.contains(&field.name))
}

/// Compares them. Whether there was anything to say.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let (were, are) = (rules(edited.old), rules(edited.new));
    let Some(pair) = element.root.as_ref().and_then(|root| pair(walk, root)) else { return false };
    if were == are {
        return false;
    }
    let slots = slots(&pair, &were, &are);
    let forth = crossing_of(walk, &pair, &slots, (WitnessSide::Old, &were, &are));
    let back = crossing_of(walk, &pair, &slots, (WitnessSide::New, &are, &were));
    let rule = match (forth.loss != Loss::None, back.loss != Loss::None) {
        (false, false) => return false,
        (true, false) => &CONSTRAINT_TIGHTENED,
        (false, true) => &CONSTRAINT_LOOSENED,
        (true, true) => &CONSTRAINT_REPLACED,
    };
    let span = |option: Option<&Stated<Json>>| option.map(|one| one.span);
    let (gone, fresh) = (apart(&were, &are), apart(&are, &were));
    let mut change = Change::new(rule, element.scope.clone(), message(&gone, &fresh))
        .spans(
            span(edited.old).or(Some(element.spans.0)),
            span(edited.new).or(Some(element.spans.1)),
        )
        .evidence([edited.name.to_string(), "oneof".to_owned(), known(&gone), known(&fresh)])
        .impact(Impact::none().with(crossing(forth.loss), crossing(back.loss)))
        .root(forth.root);
    let unshown = Directions { old_to_new: forth.loss.unshown(), new_to_old: back.loss.unshown() };
    change.trials = Some(Trials { unshown, ..forth.trials });
    change.back = back.root.map(|root| Back { root, trials: Some(back.trials) });
    walk.report(change);
    true
}

/// The rules that an option states.
fn rules(option: Option<&Stated<Json>>) -> BTreeSet<Choice> {
    let Some(Json::Object(members)) = option.map(|one| &one.value) else { return BTreeSet::new() };
    let elements = members.get("oneof").map(Json::listed).unwrap_or_default();
    let rule = |stated: &Json| {
        let Json::Object(members) = stated else { return None };
        let written = members.get("fields").map(texts).unwrap_or_default();
        let is_required = members.get("required") == Some(&Json::Boolean(true));
        Some(Choice { fields: written.iter().cloned().collect(), is_required, written })
    };
    elements.iter().filter_map(rule).collect()
}

fn texts(value: &Json) -> Vec<Arc<str>> {
    value.listed().iter().filter_map(|one| one.text().map(Arc::from)).collect()
}

fn pair<'a>(walk: &Walk<'a>, root: &Root<'a>) -> Option<MessagePair<'a>> {
    let (old, new) = (walk.old.message(root.old)?, walk.new.message(root.new)?);
    Some(MessagePair { old_id: root.old, new_id: root.new, old, new })
}

/// A field that a rule names, on the sides that have it.
#[derive(Clone, Copy)]
struct Slot<'a> {
    old: Option<&'a Field>,
    new: Option<&'a Field>,
}

impl<'a> Slot<'a> {
    fn at(&self, end: WitnessSide) -> Option<&'a Field> {
        match end {
            WitnessSide::Old => self.old,
            WitnessSide::New => self.new,
        }
    }
}

fn slots<'a>(
    pair: &MessagePair<'a>,
    were: &BTreeSet<Choice>,
    are: &BTreeSet<Choice>,
) -> Vec<Slot<'a>> {
    let names = |rules: &BTreeSet<Choice>| -> BTreeSet<Arc<str>> {
        rules.iter().flat_map(|rule| rule.fields.clone()).collect()
    };
    let (were, are) = (names(were), names(are));
    let fields = pair.fields();
    let both = fields.pairs.iter().map(|one| Slot { old: Some(one.old), new: Some(one.new) });
    let gone = fields.removed.iter().map(|one| Slot { old: Some(*one), new: None });
    let come = fields.added.iter().map(|one| Slot { old: None, new: Some(*one) });
    let is_named = |slot: &Slot<'_>| {
        slot.old.is_some_and(|field| were.contains(&field.name))
            || slot.new.is_some_and(|field| are.contains(&field.name))
    };
    both.chain(gone).chain(come).filter(is_named).collect()
}

/// What becomes of the messages of a writer.
struct Crossing<'a> {
    loss: Loss,
    root: Option<Root<'a>>,
    trials: Trials,
}

fn crossing_of<'a>(
    walk: &Walk<'a>,
    pair: &MessagePair<'a>,
    slots: &[Slot<'a>],
    (writer, own, others): (WitnessSide, &BTreeSet<Choice>, &BTreeSet<Choice>),
) -> Crossing<'a> {
    let nothing = |loss| Crossing { loss, root: None, trials: trials(Vec::new(), None) };
    if slots.len() > MOST_FIELDS {
        return nothing(Loss::Unknown(TOO_MANY));
    }
    let mut choices: Vec<Vec<Slot<'a>>> = (0..1_u32 << slots.len())
        .map(|bits| {
            let is_in = |at: &usize| bits & (1 << at) != 0;
            (0..slots.len()).filter(is_in).filter_map(|at| slots.get(at).copied()).collect()
        })
        .collect();
    choices.sort_by_key(Vec::len);
    let names = |end: WitnessSide, set: &[Slot<'a>]| -> BTreeSet<Arc<str>> {
        set.iter().filter_map(|slot| slot.at(end)).map(|field| Arc::clone(&field.name)).collect()
    };
    let admits = |rules: &BTreeSet<Choice>, names: &BTreeSet<Arc<str>>| {
        rules.iter().all(|rule| {
            let set = rule.fields.intersection(names).count();
            set == 1 || set == 0 && !rule.is_required
        })
    };
    let refused = choices.into_iter().find(|set| {
        set.iter().all(|slot| slot.at(writer).is_some())
            && may_be_set(slots, set, writer)
            && admits(own, &names(writer, set))
            && !admits(others, &names(writer.other(), set))
    });
    if let Some(mut set) = refused {
        // What else is demanded of one of them is met by trying.
        let stated = |slot: &Slot<'a>| slot.at(writer).and_then(|field| field.options.get(FIELD));
        set.sort_by_key(|slot| stated(slot).is_none());
        let rules = set.first().and_then(stated).map(|rules| leaves(&rules.value));
        let is_free = set
            .iter()
            .all(|slot| slot.at(writer).is_some_and(|field| !field.options.contains_key(FIELD)))
            && !has_expressions(pair, writer);
        let constraints = vec![ONEOF.to_owned()];
        return Crossing {
            loss: if is_free { Loss::Stands } else { Loss::Open },
            root: Some(root(pair, &set)),
            trials: Trials {
                samples: rules.map_or(vec![Sample::Ordinary], |rules| {
                    trial_values(rules.iter(), (None, None), false)
                }),
                ..trials(constraints, Some("".into()))
            },
        };
    }
    released(walk, pair, slots, (writer, own, others)).unwrap_or_else(|| nothing(Loss::None))
}

/// A field that is judged by the reader where it is not set, and was not by the writer.
fn released<'a>(
    walk: &Walk<'a>,
    pair: &MessagePair<'a>,
    slots: &[Slot<'a>],
    (writer, own, others): (WitnessSide, &BTreeSet<Choice>, &BTreeSet<Choice>),
) -> Option<Crossing<'a>> {
    let is_named = |rules: &BTreeSet<Choice>, field: &Field| {
        rules.iter().any(|rule| rule.fields.contains(&field.name))
    };
    let crossings = slots.iter().filter_map(|slot| {
        let (sent, read) = (slot.at(writer)?, slot.at(writer.other())?);
        if !is_named(own, sent) || is_named(others, read) {
            return None;
        }
        let stated = leaves(&read.options.get(FIELD)?.value);
        let constraints = stated.keys().flat_map(|way| constraints(FIELD, way)).collect();
        let trials = Trials { samples: vec![Sample::Absent], ..trials(constraints, None) };
        let reader = match writer.other() {
            WitnessSide::Old => pair.old_id,
            WitnessSide::New => pair.new_id,
        };
        let is_refused = walk.refuses_absent(writer.other(), (reader, read));
        let root = Some(root(pair, &[*slot]));
        is_refused.then_some(Crossing { loss: Loss::Stands, root, trials })
    });
    { crossings }.next()
}

fn trials(constraints: Vec<String>, field: Option<Arc<str>>) -> Trials {
    let unshown = Directions { old_to_new: Unshown::Stands, new_to_old: Unshown::Stands };
    Trials { samples: vec![Sample::Ordinary], constraints, field, unshown }
}

/// The message with these fields set.
fn root<'a>(pair: &MessagePair<'a>, set: &[Slot<'a>]) -> Root<'a> {
    let fields = |one: WitnessSide| -> Vec<&'a Field> {
        set.iter().filter_map(|slot| slot.at(one).or(slot.at(one.other()))).collect()
    };
    Root {
        old: pair.old_id,
        new: pair.new_id,
        old_fields: fields(WitnessSide::Old),
        new_fields: fields(WitnessSide::New),
    }
}

/// Whether a writer can set just these of the fields.
fn may_be_set(slots: &[Slot<'_>], set: &[Slot<'_>], writer: WitnessSide) -> bool {
    let numbers: BTreeSet<_> =
        set.iter().filter_map(|slot| Some(slot.at(writer)?.number)).collect();
    let is_left_out = |field: &Field| !numbers.contains(&field.number);
    let is_required = |field: &Field| {
        let rules = field.options.get(FIELD).map(|one| leaves(&one.value));
        let demanded = rules.is_some_and(|rules| {
            rules.get(&[Arc::from("required")][..]) == Some(&Json::Boolean(true))
        });
        demanded || field.cardinality == Cardinality::Singular(Presence::Required)
    };
    let members: Vec<usize> =
        set.iter().filter_map(|slot| slot.at(writer)).filter_map(|field| field.oneof).collect();
    let distinct: BTreeSet<&usize> = members.iter().collect();
    let mut fields = slots.iter().filter_map(|slot| slot.at(writer));
    distinct.len() == members.len() && !fields.any(|field| is_left_out(field) && is_required(field))
}

/// Whether the writer's message states rules in a language of their own, which nobody runs here.
fn has_expressions(pair: &MessagePair<'_>, writer: WitnessSide) -> bool {
    let message = match writer {
        WitnessSide::Old => pair.old,
        WitnessSide::New => pair.new,
    };
    let stated = message.options.get(MESSAGE).map(|one| leaves(&one.value)).unwrap_or_default();
    let is_run = |word: &Arc<str>| matches!(&**word, "cel" | "cel_expression");
    stated.keys().any(|way| way.last().is_some_and(is_run))
}

/// The rules that only the one side states.
fn apart<'r>(some: &'r BTreeSet<Choice>, others: &'r BTreeSet<Choice>) -> Vec<&'r Choice> {
    some.difference(others).collect()
}

/// What the rules are known by, however they are told.
fn known(rules: &[&Choice]) -> String {
    let known = rules.iter().map(|rule| {
        let names: Vec<&str> = rule.fields.iter().map(|name| &**name).collect();
        let word = if rule.is_required { "required" } else { "" };
        format!("{word}({})", names.join(","))
    });
    known.collect()
}

/// The edit in words.
fn message(gone: &[&Choice], fresh: &[&Choice]) -> String {
    let told = |rules: &[&Choice], phrase: fn(&Choice) -> String| {
        rules.iter().map(|rule| phrase(rule)).collect::<Vec<_>>().join(", ")
    };
    let (was, is) = (told(gone, Choice::whole), told(fresh, Choice::whole));
    match (gone.is_empty(), fresh.is_empty()) {
        (true, _) => format!("{is} now"),
        (_, true) => format!("the rule is gone by which {was}"),
        (false, false) => format!("{is}, no longer {}", told(gone, Choice::count)),
    }
}

impl Choice {
    /// How many of which fields.
    fn count(&self) -> String {
        let names = listed(self.written.iter().map(|name| &**name));
        let word = if self.is_required { "exactly" } else { "at most" };
        format!("{word} one of {names}")
    }

    /// What is demanded of them.
    fn whole(&self) -> String {
        let word = if self.is_required { "must" } else { "may" };
        format!("{} {word} be set", self.count())
    }
}
