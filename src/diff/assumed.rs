//! What a compatible verdict assumes of writers: found by asking the same question of writers who
//! may send anything that their schema accepts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::ledger::Lead;
use super::session::Session;
use super::shapes::{Direction, Question, Walk, views};
use crate::model::{Condition, Json, LogicFacets, Piece, Shape, ShapeId, Stated};
use crate::proof::without;
use crate::rules::edit::{Facet, Slot};
use crate::subtype::{Assumptions, Containment, ContentModel, Formats};

/// How many names one assumption lists.
const MOST_NAMES: usize = 4;
/// How many shapes are looked through for formats.
const MOST_SHAPES: usize = 2_000;

/// The assumptions on which it rests that the edit loses nothing, in words.
pub(super) fn assumptions(session: &mut Session<'_>, lead: &Lead) -> Vec<String> {
    stated(session, lead).unwrap_or_default()
}

fn stated(session: &mut Session<'_>, lead: &Lead) -> Option<Vec<String>> {
    let (question, rest) = session.walk.descend(&lead.question, &lead.path)?;
    let Some(facet) = &lead.edit.facet else {
        // All that was edited at a place.
        let ends = lead.direction.ends(question.old.clone(), question.new.clone());
        return resting(session, &question, lead, &ends);
    };
    if session.walk.only_lists_more(&question, lead.direction, &rest, facet) {
        return None;
    }
    let place = session.walk.sliced(&question, &rest, facet).unwrap_or(question);
    let alone = session.walk.isolated(&place, lead.direction, &rest, facet);
    let alone = alone.and_then(|ends| resting(session, &place, lead, &ends));
    if let Some(found) = alone.filter(|found| !found.is_empty()) {
        return Some(found);
    }
    // By itself the edit would lose something, or what surrounds it says whether it does: it is a whole
    // that holds.
    let mut around = session.walk.around_alternatives(&lead.question, &lead.path);
    around.push((place, rest));
    around.into_iter().rev().find_map(|(question, rest)| {
        let Question { old, new, .. } = &question;
        let (reader, writer) = lead.direction.ends(old.clone(), new.clone());
        let found = resting(session, &question, lead, &(reader, writer.clone()))?;
        if found.is_empty() {
            return None;
        }
        // Of all edits at once another may be what it rests on.
        let undone = lead.direction.opposite();
        let (without, _) = session.walk.isolated(&question, undone, &rest, facet)?;
        let rests_on_others = resting(session, &question, lead, &(without, writer))
            .is_some_and(|others| others == found);
        (!rests_on_others).then_some(found)
    })
}

/// What it rests on that the reader accepts all that the writer sends, in words; `None` where it does
/// not.
fn resting(
    session: &mut Session<'_>,
    question: &Question,
    lead: &Lead,
    (reader, writer): &(Vec<ShapeId>, Vec<ShapeId>),
) -> Option<Vec<String>> {
    // Many edits are made in one place, and all of them ask about it.
    let Question { old: _, new: _, polarity, carrier } = *question;
    let (reader, writer) = (reader.clone(), writer.clone());
    let asked = Question { old: writer, new: reader, polarity, carrier };
    let known = session.rests.get(&asked).cloned();
    let resting = known.unwrap_or_else(|| {
        let found = Resting::of(session, &asked).map(Rc::new);
        session.rests.insert(asked, found.clone());
        found
    });
    resting.map(|resting| resting.words(lead))
}

/// What was found out about readers that accept all that writers send: the writer stands for old, and
/// the reader for new.
pub(super) type Rests = HashMap<Question, Option<Rc<Resting>>, FixedState>;

/// What it rests on that one place accepts all that another sends.
pub(super) struct Resting {
    /// The names that nobody sends; none where something else is assumed of what is sent.
    unsent: Option<Vec<Arc<str>>>,
    /// Whether formats have to be asserted.
    asserts: bool,
}

impl Resting {
    /// `None` where it does not accept all of it.
    fn of(session: &mut Session<'_>, question: &Question) -> Option<Self> {
        let given = session.options.assumptions;
        let walk = &mut session.walk;
        let Question { old: writer, new: reader, polarity, carrier } = question;
        if walk.contains((reader, writer), *polarity, *carrier) != Containment::Holds {
            return None;
        }
        let without = |walk: &mut Walk<'_>, other: Assumptions| match walk.contains_under(
            other,
            (reader, writer),
            *polarity,
            *carrier,
        ) {
            Containment::Fails(value) if other != given => Some(value),
            Containment::Fails(_) | Containment::Holds | Containment::Undecided(_) => None,
        };
        let strict = Assumptions { content_model: ContentModel::Strict, ..given };
        let unsent = without(walk, strict).map(|value| unsent(walk, question, &value));
        let annotated = Assumptions { formats: Formats::Annotate, ..given };
        let asserts =
            speaks_of_formats(walk, [reader, writer]) && without(walk, annotated).is_some();
        Some(Self { unsent, asserts })
    }

    fn words(&self, lead: &Lead) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(names) = &self.unsent {
            let own = match &lead.edit.facet {
                Some(Facet::Slot(Slot::Property(name)))
                    if names.is_empty() || names.contains(name) =>
                {
                    Some(name)
                }
                _ => None,
            };
            let names = own.map_or_else(|| names.clone(), |name| vec![Arc::clone(name)]);
            found.push(words(&names, lead.direction));
        }
        if self.asserts {
            found.push("formats are asserted, not only noted".to_owned());
        }
        found
    }
}

/// How far a shape is from a place, as far as formats matter there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Reach {
    /// It applies there whatever is sent.
    InPlace,
    /// Which alternative applies, or whether it does, is decided by it.
    Decides,
}

/// Whether it may matter to one of the places in which format a value is: something that applies there
/// says so, or something by which alternatives are told apart. Of very many shapes it is taken for
/// granted.
fn speaks_of_formats(walk: &Walk<'_>, places: [&[ShapeId]; 2]) -> bool {
    let starts = places.into_iter().flatten().map(|id| (*id, Reach::InPlace));
    let mut open: Vec<(ShapeId, Reach)> = starts.collect();
    let mut seen: HashSet<(ShapeId, Reach), FixedState> = HashSet::default();
    while let Some((id, reach)) = open.pop() {
        if !seen.insert((id, reach)) {
            continue;
        }
        let shape = walk.shapes.get(id);
        let noted = shape.notes.get().is_some_and(|notes| notes.format.is_some());
        let encoded = shape.text.get().is_some_and(|text| text.content_encoding.is_some());
        if noted || encoded || seen.len() > MOST_SHAPES {
            return true;
        }
        match reach {
            Reach::InPlace => open.extend(in_place(shape)),
            Reach::Decides => shape.for_each_child(&mut |child| open.push((child, reach))),
        }
    }
    false
}

/// What else applies where the shape does, or decides what does.
fn in_place(shape: &Shape) -> Vec<(ShapeId, Reach)> {
    let mut found: Vec<(ShapeId, Reach)> = Vec::new();
    found.extend(shape.reference.iter().map(|reference| (reference.target, Reach::InPlace)));
    let mut decides = |id: &ShapeId| found.push((*id, Reach::Decides));
    if let Some(object) = shape.object.get() {
        object.dependent_shapes.values().for_each(|stated| decides(&stated.value));
    }
    if let Some(contains) = shape.array.get().and_then(|array| array.contains.as_ref()) {
        decides(&contains.shape);
    }
    let Some(LogicFacets { all_of, any_of, one_of, not, condition }) = shape.logic.get() else {
        return found;
    };
    for group in [any_of, one_of].into_iter().flatten() {
        group.value.iter().for_each(&mut decides);
    }
    if let Some(not) = not {
        decides(&not.value);
    }
    if let Some(Stated { value, span: _ }) = condition {
        let Condition { when, then, otherwise } = value;
        [Some(when), then.as_ref(), otherwise.as_ref()].into_iter().flatten().for_each(decides);
    }
    found.extend(all_of.iter().map(|id| (*id, Reach::InPlace)));
    found
}

/// The names in the value but for which it would be sent.
fn unsent(walk: &mut Walk<'_>, question: &Question, value: &Json) -> Vec<Arc<str>> {
    let Question { old: writer, new: reader, polarity, carrier } = question;
    let (reader, writer) = views((reader, writer), *polarity, *carrier);
    if walk.engine.sends(&walk.shapes, &reader, &writer, value) {
        return Vec::new();
    }
    let kept = walk.engine.kept_back(&walk.shapes, &reader, &writer, value);
    // What the writer demands in any case is not what keeps it from sending the value.
    let spare = walk.engine.spare(&walk.shapes, std::slice::from_ref(&writer), value);
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    for way in spare {
        let Some(Piece::Member(name)) = way.last() else { continue };
        if !names.contains(name)
            && kept.as_ref().is_none_or(|kept| kept.may_be_freed_without(&way))
            && walk.engine.sends(&walk.shapes, &reader, &writer, &without(value, &way))
        {
            names.insert(Arc::clone(name));
        }
    }
    names.into_iter().collect()
}

fn words(names: &[Arc<str>], direction: Direction) -> String {
    if names.is_empty() {
        return "a schema that speaks of one type only means that type".to_owned();
    }
    let listed: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let listed = listed.join(" or ");
    match direction {
        Direction::OldToNew => format!("nobody sends {listed} before it is declared"),
        Direction::NewToOld => format!("nobody sends {listed} without declaring it"),
    }
}
