//! Values that cross as text: the number 1 and the string "1" are one value there.
//!
//! The reader accepts a text when it accepts one of the scalars that the text can be read as. What
//! the plain comparison proves holds for texts too; what it refutes is looked at again.

use std::sync::Arc;

use crate::model::{Json, ShapeId};

use super::engine::Search;
use super::goal::{Answer, Claim, Goal, Key, Lit};
use super::term::{Basic, Item, NumberLeaf, TextLeaf};
use super::{Carrier, Reason};

/// How many values that the plain comparison loses are read in other ways, one by one.
const READINGS: usize = 64;
/// How an integer is spelled.
const INTEGER: &str = "^-?(0|[1-9][0-9]*)$";
/// How a number is spelled.
const NUMBER: &str = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// Both ends at one place.
struct Ends {
    written: Vec<Claim>,
    read: Vec<Claim>,
    /// What it means to be refused.
    refused: Lit,
    place: Key,
}

/// What the writer sends and the reader refuses.
pub(super) fn refusals(
    search: &mut Search<'_>,
    written: &[Claim],
    read: &[Claim],
    place: Key,
    carrier: Carrier,
) -> Answer {
    let refusals: Vec<_> = read.iter().map(|claim| Lit::Refuses(*claim)).collect();
    let refused = match refusals.as_slice() {
        [only] => *only,
        _ => Lit::Either(search.tables.lists.id(refusals)),
    };
    let ends = Ends { written: written.to_vec(), read: read.to_vec(), refused, place };
    match carrier {
        Carrier::HttpJson | Carrier::StoredJson => {
            let goal = search.goal(&ends, &[]);
            search.solve(goal)
        }
        Carrier::Text => search.text_refusals(&ends),
    }
}

impl Search<'_> {
    fn goal(&self, ends: &Ends, except: &[Lit]) -> Goal {
        let mut lits: Vec<_> = ends.written.iter().map(|claim| Lit::Holds(*claim)).collect();
        lits.push(ends.refused);
        lits.extend(except);
        Goal::new(lits, ends.place, self.marks)
    }

    fn text_refusals(&mut self, ends: &Ends) -> Answer {
        let plain = self.goal(ends, &[]);
        let first = self.solve(plain.clone());
        if first == Answer::Empty {
            return first;
        }
        let mut undecided = None;
        for kind in Basic::ALL {
            let answer = match kind {
                Basic::Number => self.numbers_as_text(ends),
                Basic::String => self.strings_as_text(ends),
                Basic::Boolean | Basic::Null => self.one_by_one(ends, kind),
                Basic::Object => self.search_type(&plain, kind),
                Basic::Array => match self.search_type(&plain, kind) {
                    Answer::Found(value) => self.arrays_as_text(ends, value),
                    answer @ (Answer::Empty | Answer::Undecided(_)) => answer,
                },
            };
            match answer {
                Answer::Found(value) => return Answer::Found(value),
                Answer::Empty => {}
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// Reads the lost values in other ways, one after the other.
    fn one_by_one(&mut self, ends: &Ends, kind: Basic) -> Answer {
        let mut except = Vec::new();
        for _ in 0..READINGS {
            let goal = self.goal(ends, &except);
            let value = match self.search_type(&goal, kind) {
                Answer::Found(value) => value,
                answer @ (Answer::Empty | Answer::Undecided(_)) => return answer,
            };
            if !self.is_read(&ends.read, &value) {
                return Answer::Found(value);
            }
            except.push(Lit::Differs(self.tables.values.id(value)));
        }
        Answer::Undecided(Reason("which of the texts the reader understands".to_owned()))
    }

    fn numbers_as_text(&mut self, ends: &Ends) -> Answer {
        match self.one_by_one(ends, Basic::Number) {
            Answer::Undecided(reason) => {
                let goal = self.goal(ends, &[]);
                let fraction = Item::Number(NumberLeaf::Integer(false));
                let are_integers =
                    self.search_type_with(&goal, Basic::Number, vec![fraction]) == Answer::Empty;
                let spelling = if are_integers { INTEGER } else { NUMBER };
                let spelled = Item::Text(TextLeaf::Pattern(Arc::from(spelling), true));
                let reader = Goal::new(vec![ends.refused], ends.place, self.marks);
                match self.search_type_with(&reader, Basic::String, vec![spelled]) {
                    Answer::Empty => Answer::Empty,
                    Answer::Found(text) => self.spelled_number(ends, &text, reason),
                    Answer::Undecided(reason) => Answer::Undecided(reason),
                }
            }
            answer @ (Answer::Found(_) | Answer::Empty) => answer,
        }
    }

    /// A text that the reader does not take as a string may be the text of a lost number.
    fn spelled_number(&mut self, ends: &Ends, text: &Json, reason: Reason) -> Answer {
        let number = readings(text).into_iter().find(|value| Basic::of(value) == Basic::Number);
        if let Some(number) = number {
            let goal = self.goal(ends, &[]);
            if self.satisfies_all(&goal.lits, &number) == Some(true)
                && self.sends(&ends.written, ends.place, &number)
                && !self.is_read(&ends.read, &number)
            {
                return Answer::Found(number);
            }
        }
        Answer::Undecided(reason)
    }

    fn strings_as_text(&mut self, ends: &Ends) -> Answer {
        let goal = self.goal(ends, &[]);
        let words = ["true", "false", "null"].map(Json::string).to_vec();
        let unspelled = Item::Text(TextLeaf::Pattern(Arc::from(NUMBER), false));
        match self.search_type_with(&goal, Basic::String, vec![unspelled, Item::NoneOf(words)]) {
            Answer::Empty => {}
            answer @ (Answer::Found(_) | Answer::Undecided(_)) => return answer,
        }
        match self.one_by_one(ends, Basic::String) {
            Answer::Undecided(reason) => {
                let reader = Goal::new(vec![ends.refused], ends.place, self.marks);
                for (spelling, is_integer) in [(NUMBER, false), (INTEGER, true)] {
                    let unspelled = Item::Text(TextLeaf::Pattern(Arc::from(spelling), false));
                    let integer = Item::Number(NumberLeaf::Integer(true));
                    let numbers = if is_integer { vec![integer] } else { Vec::new() };
                    if self.search_type_with(&goal, Basic::String, vec![unspelled]) == Answer::Empty
                        && self.search_type_with(&reader, Basic::Number, numbers) == Answer::Empty
                    {
                        return Answer::Empty;
                    }
                }
                Answer::Undecided(reason)
            }
            answer @ (Answer::Found(_) | Answer::Empty) => answer,
        }
    }

    /// Arrays of scalars are compared element by element, as texts, where nothing else is said.
    fn arrays_as_text(&mut self, ends: &Ends, lost: Json) -> Answer {
        let open = Reason("arrays whose elements cross as text".to_owned());
        let (Some(sent), Some(kept)) =
            (self.plain_array(&ends.written), self.plain_array(&ends.read))
        else {
            return Answer::Undecided(open);
        };
        let longest = |most: Option<u64>| most.unwrap_or(u64::MAX);
        if sent.least < kept.least
            || longest(sent.most) > longest(kept.most)
            || (kept.unique && !sent.unique && longest(sent.most) > 1)
        {
            let Json::Array(elements) = &lost else { return Answer::Undecided(open) };
            let texts = elements.iter().map(|element| Json::string(spelled(element)));
            return if self.is_accepted(&ends.read, &Json::array(texts)) {
                Answer::Undecided(open)
            } else {
                Answer::Found(lost)
            };
        }
        let written: Vec<_> = sent.element.into_iter().collect();
        let Some(reader) = kept.element else { return Answer::Empty };
        let place = self.element_place(ends.place, 0);
        let element = Ends { written, read: vec![reader], refused: Lit::Refuses(reader), place };
        match self.text_refusals(&element) {
            Answer::Found(value) => Answer::Found(Json::array([value])),
            answer @ (Answer::Empty | Answer::Undecided(_)) => answer,
        }
    }

    fn plain_array(&mut self, claims: &[Claim]) -> Option<PlainArray> {
        let [claim] = claims else { return None };
        let shapes = self.shapes;
        let shape = shapes.get(claim.shape);
        let array = shape.array.get()?;
        let is_plain = shape.reference.is_none()
            && shape.logic.get().is_none()
            && shape.enumeration.is_none()
            && shape.constant.is_none()
            && shape.unread.is_empty()
            && array.prefix.is_empty()
            && array.contains.is_none()
            && array.unevaluated.is_none();
        let element: Option<ShapeId> = array.rest;
        is_plain.then(|| PlainArray {
            element: element.map(|element| self.child(*claim, element)),
            least: array.min_items.as_ref().map_or(0, |least| least.value),
            most: array.max_items.as_ref().map(|most| most.value),
            unique: array.unique.as_ref().is_some_and(|unique| unique.value),
        })
    }

    /// Whether the reader takes the text of the value in some way.
    fn is_read(&mut self, read: &[Claim], value: &Json) -> bool {
        let text = Json::string(spelled(value));
        readings(&text).into_iter().any(|reading| self.is_accepted(read, &reading))
    }

    /// Whether the reader takes the text of the value, in some way in which it can be read.
    pub(super) fn reads_text(&mut self, read: &[Claim], value: &Json) -> Option<bool> {
        let mut undecided = false;
        for reading in all_readings(value) {
            match super::evaluate::all(read, |claim| self.accepts(*claim, &reading)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => undecided = true,
            }
        }
        if undecided { None } else { Some(false) }
    }

    fn is_accepted(&mut self, read: &[Claim], value: &Json) -> bool {
        super::evaluate::all(read, |claim| self.accepts(*claim, value)) != Some(false)
    }
}

/// What an array says when it says nothing but how many elements there are and what they are.
struct PlainArray {
    element: Option<Claim>,
    least: u64,
    most: Option<u64>,
    unique: bool,
}

/// The values that the text of a value can be read as: its own layout is kept, its scalars vary.
/// There are no more than [`READINGS`].
fn all_readings(value: &Json) -> Vec<Json> {
    let vary = |elements: &[Json]| {
        let mut all: Vec<Vec<Json>> = vec![Vec::new()];
        for element in elements {
            let ways = all_readings(element);
            let longer = all.iter().flat_map(|known| {
                ways.iter().map(|way| known.iter().cloned().chain([way.clone()]).collect())
            });
            all = longer.take(READINGS).collect();
        }
        all
    };
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
            readings(&Json::string(spelled(value)))
        }
        Json::Array(elements) => vary(elements).into_iter().map(Json::array).collect(),
        Json::Object(members) => {
            let values: Vec<Json> = members.values().cloned().collect();
            let named = |values: Vec<Json>| Json::object(members.keys().cloned().zip(values));
            vary(&values).into_iter().map(named).collect()
        }
    }
}

/// The text of a scalar.
fn spelled(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}

/// The scalars that a text can be read as.
fn readings(text: &Json) -> Vec<Json> {
    let mut readings = vec![text.clone()];
    let Json::String(text) = text else { return readings };
    readings.extend(text.parse().ok().map(Json::Number));
    match &**text {
        "true" => readings.push(Json::Boolean(true)),
        "false" => readings.push(Json::Boolean(false)),
        "null" => readings.push(Json::Null),
        _ => {}
    }
    readings
}
