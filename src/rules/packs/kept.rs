//! Constraints that nobody edited, and what they refuse since something else was.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::constraint::{CONSTRAINT_LOOSENED, CONSTRAINT_REPLACED, CONSTRAINT_TIGHTENED, bites};
use super::leaves::{Leaves, Way, leaves};
use super::reach::constraints;
use super::{FIELD, Pack, trial_values};
use crate::diff::messages::{
    Change, FieldPair, MessagePair, Root, Scope, Side, Trials, Walk, listed,
};
use crate::model::{Cardinality, Field, FieldKind, Json, MessageId, Presence, Step};
use crate::rules::Rule;
use crate::rules::impact::{Directions, Impact};
use crate::source::Span;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// How many values of an enumeration are tried.
const MOST_LISTED: usize = 64;

/// Says what the constraints that both sides state refuse on one side alone: an absent value, where
/// only one side checks it, and values that only one side lists.
pub(crate) fn compare(walk: &mut Walk<'_>, both: &FieldPair<'_>) {
    if !walk.packs.has(Pack::Protovalidate) || !leans(walk, both) {
        return;
    }
    let rules = |field: &Field| -> Leaves {
        field.options.get(FIELD).map(|one| leaves(&one.value)).unwrap_or_default()
    };
    let (old, new) = (rules(both.old), rules(both.new));
    let kept: Leaves = old.into_iter().filter(|(way, rule)| new.get(way) == Some(rule)).collect();
    let mut samples = trial_values(kept.iter(), (None, None), false);
    samples.extend(names(walk, both).into_iter().map(|name| Sample::Value(Json::String(name))));
    let (mut ways, mut constrained) = (Directions::<bool>::default(), Vec::new());
    let mut told: Vec<&Way> = Vec::new();
    for way in kept.keys() {
        let trials = Trials {
            samples: samples.clone(),
            constraints: constraints(FIELD, way),
            field: None,
            unshown: Directions::default(),
        };
        let shown = walk.tried(&both.root(), &trials);
        if shown != Directions::default() {
            ways.old_to_new |= shown.old_to_new;
            ways.new_to_old |= shown.new_to_old;
            constrained.extend(trials.constraints);
            told.push(way);
        }
    }
    let (rule, what) = match (ways.old_to_new, ways.new_to_old) {
        (false, false) => return,
        (true, false) => (&CONSTRAINT_TIGHTENED, "fewer values"),
        (false, true) => (&CONSTRAINT_LOOSENED, "more values"),
        (true, true) => (&CONSTRAINT_REPLACED, "other values"),
    };
    let words: Vec<String> = told.iter().map(|way| way.join(".")).collect();
    let names = listed(words.iter().map(String::as_str));
    let plural = if words.len() == 1 { "constraint" } else { "constraints" };
    let verb = if words.len() == 1 {
        "is what it was, and allows"
    } else {
        "are what they were, and allow"
    };
    let way = |is_refused: bool| {
        let because = "a constraint of the reader refuses values that the writer may send";
        let refused = Passage::new(Outcome::Refused, Sample::Ordinary, because);
        let refused = if is_refused { refused } else { Passage::SAME };
        Exchange { wire: refused.clone(), json: refused }
    };
    let mut change = both
        .change(rule, format!("{plural} {names} {verb} {what}"))
        .impact(Impact::none().with(way(ways.old_to_new), way(ways.new_to_old)))
        .evidence([FIELD.to_owned()])
        .evidence(words);
    change.trials = Some(Trials {
        samples,
        constraints: constrained,
        field: None,
        unshown: Directions::default(),
    });
    walk.report(change);
}

/// Whether what the constraints are asked of differs: whether it may be absent unasked, or what its
/// enumeration lists.
fn leans(walk: &Walk<'_>, both: &FieldPair<'_>) -> bool {
    let asked = |field: &Field| match field.cardinality {
        Cardinality::Singular(Presence::Implicit) => field.oneof.is_none(),
        Cardinality::Singular(Presence::Explicit | Presence::Required)
        | Cardinality::Repeated(_)
        | Cardinality::Map => false,
    };
    let is_singular = |field: &Field| matches!(field.cardinality, Cardinality::Singular(_));
    let (old, new) = (both.old, both.new);
    let numbers = |side: &Side<'_>, field: &Field| -> BTreeSet<i32> {
        let FieldKind::Enum(id) = field.kind else { return BTreeSet::new() };
        let listed = side.enumeration(id).map_or(&[][..], |one| &one.values);
        listed.iter().map(|value| value.number).collect()
    };
    is_singular(old) && is_singular(new) && asked(old) != asked(new)
        || numbers(&walk.old, old) != numbers(&walk.new, new)
}

/// What only one side lists of the enumeration that the field holds.
fn names(walk: &Walk<'_>, both: &FieldPair<'_>) -> Vec<Arc<str>> {
    let listed = |side: &Side<'_>, field: &Field| -> Vec<(i32, Arc<str>)> {
        let FieldKind::Enum(id) = field.kind else { return Vec::new() };
        let values = side.enumeration(id).map_or(&[][..], |one| &one.values);
        values.iter().map(|value| (value.number, value.name.clone())).collect()
    };
    let (old, new) = (listed(&walk.old, both.old), listed(&walk.new, both.new));
    let lone = |here: &[(i32, Arc<str>)], there: &[(i32, Arc<str>)]| -> Vec<Arc<str>> {
        let is_lone = |(number, _): &&(i32, Arc<str>)| there.iter().all(|one| one.0 != *number);
        here.iter().filter(is_lone).map(|(_, name)| name.clone()).take(MOST_LISTED).collect()
    };
    lone(&old, &new).into_iter().chain(lone(&new, &old)).collect()
}

/// Whether nobody checks what the message holds, on either side: it is sent in no call, and all fields
/// that hold it are excused from everything, or lie in messages that nobody checks themselves.
pub(super) fn is_unchecked(walk: &Walk<'_>, scope: &Scope) -> bool {
    let Scope::Message(Some(old), Some(new)) = scope else { return false };
    is_excused(&walk.old, *old, &mut BTreeSet::new())
        && is_excused(&walk.new, *new, &mut BTreeSet::new())
}

fn is_excused(side: &Side<'_>, id: MessageId, seen: &mut BTreeSet<MessageId>) -> bool {
    let is_sent = || {
        let mut calls = side.calls().map(|(_, call)| call);
        calls.any(|call| [&call.request, &call.response].iter().any(|part| part.message == id))
    };
    let always = |field: &Field| {
        let rules = field.options.get(FIELD).map(|one| leaves(&one.value)).unwrap_or_default();
        let ignore: Way = [Arc::from("ignore")].into();
        rules.get(&ignore) == Some(&Json::string("IGNORE_ALWAYS"))
    };
    let users = side.users(id);
    if users.is_empty() || !seen.insert(id) || is_sent() {
        return false;
    }
    let holds = |field: &&Field| matches!(field.kind, FieldKind::Message(held, _) if held == id);
    users.iter().all(|user| {
        let fields = side.message(*user).map_or(&[][..], |message| &message.fields);
        let mut holding = fields.iter().filter(holds).peekable();
        holding.peek().is_some() && holding.all(always) || is_excused(side, *user, seen)
    })
}

/// Says which messages a new field's constraints refuse: those that were sent before it was there.
pub(crate) fn came<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>, field: &'a Field) {
    let referee = walk.new.referee;
    let name = walk.new.member_name(pair.new_id, field);
    let empty = Json::object::<&str>([]);
    let found = referee.map(|referee| referee.violations(pair.new_id, &empty).found);
    let mine = found.into_iter().flatten().filter(|one| one.field == name);
    let spans = (None, Some(field.span));
    for violated in mine.collect::<Vec<_>>() {
        let message =
            format!("messages without `{}` violate `{}`", field.name, violated.constraint);
        let told = (&CONSTRAINT_TIGHTENED, message, violated.constraint);
        of_one_side(walk, pair, (field, &name), told, spans);
    }
}

/// Says which messages the constraints of a removed field refuse: those that lack it.
pub(crate) fn went<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>, field: &'a Field) {
    let referee = walk.old.referee;
    let name = walk.old.member_name(pair.old_id, field);
    let empty = Json::object::<&str>([]);
    let found = referee.map(|referee| referee.violations(pair.old_id, &empty).found);
    let mine = found.into_iter().flatten().filter(|one| one.field == name);
    let spans = (Some(field.span), None);
    for violated in mine.collect::<Vec<_>>() {
        let message = format!(
            "messages without `{}` violate `{}` no longer",
            field.name, violated.constraint
        );
        let told = (&CONSTRAINT_LOOSENED, message, violated.constraint);
        of_one_side(walk, pair, (field, &name), told, spans);
    }
}

fn of_one_side<'a>(
    walk: &mut Walk<'a>,
    pair: MessagePair<'a>,
    (field, name): (&Field, &Arc<str>),
    (rule, message, constraint): (&'static Rule, String, String),
    spans: (Option<Span>, Option<Span>),
) {
    let mut packs = Pack::ALL.into_iter().filter(|pack| walk.packs.has(*pack));
    if !packs.any(|pack| constraint.starts_with(pack.prefix())) {
        return;
    }
    let because = "a constraint of the reader refuses messages without the field";
    let refused = Passage::new(Outcome::Refused, Sample::Absent, because);
    let refused = Exchange { wire: refused.clone(), json: refused };
    let impact = if rule == &CONSTRAINT_TIGHTENED {
        Impact::none().with(refused, Exchange::default())
    } else {
        Impact::none().with(Exchange::default(), refused)
    };
    let mut change = Change::new(rule, pair.scope(), message)
        .at(Step::Property(field.name.clone()))
        .impact(impact.biting(bites(&constraint)))
        .spans(spans.0, spans.1)
        .evidence([constraint.clone()])
        .root(Some(Root { ..pair.empty_root() }));
    change.trials = Some(Trials {
        samples: vec![Sample::None],
        constraints: vec![constraint],
        field: Some(name.clone()),
        unshown: Directions::default(),
    });
    walk.report(change);
}
