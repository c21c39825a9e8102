//! Values that cross as text: the number 1 and the string "1" are one value there, and a list of one
//! element is that element.
//!
//! The reader accepts a text when it accepts one of the values that the text can be read as. What
//! the plain comparison proves holds for texts too; what it refutes is looked at again.

mod elements;
mod likely;
mod members;
mod readings;
mod spelling;

use std::sync::Arc;

use crate::model::{Decimal, Json, Kind};

use super::engine::Search;
use super::goal::{Answer, Claim, Goal, Key, Lit};
use super::term::{ArrayLeaf, Basic, Item, Names, NumberLeaf, ObjectLeaf, TextLeaf};
use super::{Carrier, Reason};
use elements::PlainArray;
use readings::{READINGS, is_nothing, readings};
use spelling::{READ_INTEGER, READ_NUMBER};

/// Both ends at one place.
pub(super) struct Ends {
    pub(super) written: Vec<Claim>,
    pub(super) read: Vec<Claim>,
    /// What it means to be refused.
    pub(super) refused: Lit,
    pub(super) place: Key,
}

/// A place under way: what is written, what is read, and how the value crosses.
pub(super) type Crossing = (Vec<Claim>, Vec<Claim>, Carrier);

/// What the writer sends and the reader refuses.
pub(super) fn refusals(
    search: &mut Search<'_>,
    ends: (Vec<Claim>, Vec<Claim>),
    place: Key,
    carrier: Carrier,
) -> Answer {
    search.part_as_text(ends, place, carrier)
}

/// What holds of the values of a type that leave a text.
fn written(kind: Basic, carrier: Carrier) -> Vec<Item> {
    match kind {
        Basic::Array if !leaves_text(carrier) => vec![Item::Array(ArrayLeaf::AtLeast(1))],
        Basic::Object if !leaves_text_of_members(carrier) => {
            vec![Item::Object(ObjectLeaf::AtLeast(1))]
        }
        Basic::Null
        | Basic::Boolean
        | Basic::Number
        | Basic::String
        | Basic::Array
        | Basic::Object => Vec::new(),
    }
}

/// Whether the type has values that leave a text. Null is undefined in a parameter or field, which is
/// what its absence looks like (RFC 6570 §2.3).
fn is_written(kind: Basic, carrier: Carrier) -> bool {
    kind != Basic::Null || leaves_text(carrier)
}

/// Whether a list without elements leaves a text: in a parameter or field it is not written at all
/// (RFC 6570 §2.3), which is what its absence looks like.
pub(super) fn leaves_text(carrier: Carrier) -> bool {
    match carrier {
        Carrier::Text | Carrier::Joined(_) | Carrier::Field => false,
        Carrier::Form
        | Carrier::StyledForm
        | Carrier::HttpText
        | Carrier::HttpLines
        | Carrier::HttpJson
        | Carrier::StoredJson => true,
    }
}

/// Whether an object without members leaves a text: in a parameter it is not written either, in a field
/// it is JSON.
pub(super) fn leaves_text_of_members(carrier: Carrier) -> bool {
    matches!(carrier, Carrier::Field) || leaves_text(carrier)
}

/// How many other values are tried where one that crosses as JSON would be lost is read after all.
const OTHERS: usize = 6;

/// Why nothing is said of values whose parts cannot be looked at one by one.
pub(super) fn open() -> Reason {
    Reason("values whose parts cross as text".to_owned())
}

impl Search<'_> {
    /// What the writer sends there and the reader refuses.
    pub(super) fn part_as_text(
        &mut self,
        (written, read): (Vec<Claim>, Vec<Claim>),
        place: Key,
        carrier: Carrier,
    ) -> Answer {
        let Some(refused) = self.refused(&read) else { return Answer::Empty };
        let ends = Ends { written, read, refused, place };
        if carrier.is_json() {
            let goal = self.goal(&ends, &[]);
            return self.solve(goal);
        }
        let crossing = (ends.written.clone(), ends.read.clone(), carrier);
        if self.crossings.contains(&crossing) {
            // Values are finite: one that is lost is lost at a place that does not need itself.
            return Answer::Empty;
        }
        if let Err(reason) = self.budget.take_step().and_then(|()| self.budget.descend()) {
            return Answer::Undecided(reason);
        }
        self.crossings.push(crossing);
        let answer = self.text_refusals(&ends, carrier);
        self.crossings.pop();
        self.budget.ascend();
        answer
    }

    pub(super) fn goal(&self, ends: &Ends, except: &[Lit]) -> Goal {
        let mut lits: Vec<_> = ends.written.iter().map(|claim| Lit::Holds(*claim)).collect();
        lits.push(ends.refused);
        lits.extend(except);
        Goal::new(lits, ends.place, self.marks)
    }

    fn text_refusals(&mut self, ends: &Ends, carrier: Carrier) -> Answer {
        let plain = self.goal(ends, &[]);
        if self.solve(plain.clone()) == Answer::Empty {
            return Answer::Empty;
        }
        let mut undecided = None;
        for kind in Basic::ALL.into_iter().filter(|kind| is_written(*kind, carrier)) {
            let answer = match (kind, self.search_type_with(&plain, kind, written(kind, carrier))) {
                (_, Answer::Empty) => Answer::Empty,
                (Basic::Array, Answer::Found(lost)) => {
                    let answer = self.arrays_as_text(ends, lost.clone(), carrier);
                    self.or_another(answer, ends, (kind, lost), carrier)
                }
                (Basic::Object, Answer::Found(lost)) => {
                    let answer = self.objects_as_text(ends, lost.clone(), carrier);
                    self.or_another(answer, ends, (kind, lost), carrier)
                }
                (Basic::Array | Basic::Object, unknown @ Answer::Undecided(_)) => unknown,
                (
                    Basic::Number | Basic::String | Basic::Boolean | Basic::Null,
                    Answer::Found(_) | Answer::Undecided(_),
                ) => match self.scalars_as_text(ends, kind, carrier) {
                    Answer::Undecided(_) if self.are_scalars_read(ends, kind, carrier) => {
                        Answer::Empty
                    }
                    answer @ (Answer::Found(_) | Answer::Empty | Answer::Undecided(_)) => answer,
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

    /// What holds of the values of a type that leave a text, as do all their members.
    pub(super) fn written_in_full(&mut self, kind: Basic, carrier: Carrier) -> Vec<Item> {
        let mut items = written(kind, carrier);
        if kind == Basic::Object {
            let nothing = [Json::Null, Json::array([]), Json::object::<Arc<str>>([])];
            let inner = carrier.of_member();
            items.extend(nothing.into_iter().filter(|value| is_nothing(value, inner)).map(
                |value| {
                    let differs = Lit::Differs(self.tables.values.id(value));
                    Item::Object(ObjectLeaf::Members(Names::Outside(Arc::default()), differs))
                },
            ));
        }
        items
    }

    /// Another value of the type that is lost, where the answer leaves that of one open.
    fn or_another(
        &mut self,
        answer: Answer,
        ends: &Ends,
        (kind, known): (Basic, Json),
        carrier: Carrier,
    ) -> Answer {
        let Answer::Undecided(_) = answer else { return answer };
        let mut except = vec![Lit::Differs(self.tables.values.id(known))];
        for _ in 0..OTHERS {
            let (goal, items) = (self.goal(ends, &except), self.written_in_full(kind, carrier));
            let Answer::Found(value) = self.search_type_with(&goal, kind, items) else { break };
            if self.is_lost(ends, &value, carrier) {
                return Answer::Found(value);
            }
            except.push(Lit::Differs(self.tables.values.id(value)));
        }
        answer
    }

    /// Scalars of one type: as such, or each as the one element of a list.
    pub(super) fn scalars_as_text(&mut self, ends: &Ends, kind: Basic, carrier: Carrier) -> Answer {
        let holds_one = |list: &PlainArray| list.alone && list.least <= 1 && list.most != Some(0);
        let list = self.array_of_parts(&ends.read).filter(holds_one);
        let Some(list) = list.filter(|_| !carrier.is_form()) else {
            return self.kind_as_text(ends, kind, carrier);
        };
        if let (Carrier::Joined(separator), Basic::String) = (carrier, kind) {
            // Whoever reads a list takes such a text apart.
            let split = Item::Text(TextLeaf::Pattern(format!("[{separator}]").into(), true));
            let goal = self.goal(ends, &[]);
            match self.search_type_with(&goal, Basic::String, vec![split]) {
                Answer::Empty => {}
                Answer::Found(text) if self.may_be_read(ends, &text, carrier) => {
                    return Answer::Undecided(open());
                }
                answer @ (Answer::Found(_) | Answer::Undecided(_)) => return answer,
            }
        }
        let read = list.at(0);
        let Some(refused) = self.refused(&read) else { return Answer::Empty };
        let place = self.element_place(ends.place, 0);
        let ends = Ends { written: ends.written.clone(), read, refused, place };
        self.kind_as_text(&ends, kind, carrier.of_element())
    }

    /// Whether there is a choice of the reader's alternatives by which all scalars of the type are read.
    fn are_scalars_read(&mut self, ends: &Ends, kind: Basic, carrier: Carrier) -> bool {
        let Some(choices) = self.choices(&ends.read).filter(|choices| choices.len() > 1) else {
            return false;
        };
        choices.into_iter().any(|read| {
            let is_told = read.iter().all(|claim| {
                [Kind::Array, kind.least_kind()].iter().all(|kind| self.is_told(*claim, *kind))
            });
            let Some(refused) = self.refused(&read).filter(|_| is_told) else { return false };
            let ends = Ends { written: ends.written.clone(), read, refused, place: ends.place };
            self.scalars_as_text(&ends, kind, carrier) == Answer::Empty
        })
    }

    /// What it means that one of them refuses; `None` where there are none.
    fn refused(&mut self, read: &[Claim]) -> Option<Lit> {
        let refusals: Vec<_> = read.iter().map(|claim| Lit::Refuses(*claim)).collect();
        match refusals.as_slice() {
            [] => None,
            [only] => Some(*only),
            _ => Some(Lit::Either(self.tables.lists.id(refusals))),
        }
    }

    fn kind_as_text(&mut self, ends: &Ends, kind: Basic, carrier: Carrier) -> Answer {
        match kind {
            Basic::Number => self.numbers_as_text(ends, carrier),
            Basic::String => self.strings_as_text(ends, carrier),
            Basic::Boolean | Basic::Null | Basic::Array | Basic::Object => {
                self.one_by_one(ends, kind, carrier)
            }
        }
    }

    /// Reads the lost values in other ways, one after the other.
    fn one_by_one(&mut self, ends: &Ends, kind: Basic, carrier: Carrier) -> Answer {
        let mut except = Vec::new();
        for _ in 0..READINGS {
            let goal = self.goal(ends, &except);
            let value = match self.search_type(&goal, kind) {
                Answer::Found(value) => value,
                answer @ (Answer::Empty | Answer::Undecided(_)) => return answer,
            };
            if !self.may_be_read(ends, &value, carrier) {
                return Answer::Found(value);
            }
            except.push(Lit::Differs(self.tables.values.id(value)));
        }
        Answer::Undecided(Reason("which of the texts the reader understands".to_owned()))
    }

    fn numbers_as_text(&mut self, ends: &Ends, carrier: Carrier) -> Answer {
        match self.one_by_one(ends, Basic::Number, carrier) {
            Answer::Undecided(reason) => {
                let goal = self.goal(ends, &[]);
                let spelled = Item::Text(TextLeaf::Pattern(self.spelling_of(&goal), true));
                let reader = Goal::new(vec![ends.refused], ends.place, self.marks);
                match self.search_type_with(&reader, Basic::String, vec![spelled]) {
                    Answer::Empty => Answer::Empty,
                    Answer::Found(text) => self.spelled_number(ends, &text, (reason, carrier)),
                    Answer::Undecided(reason) => Answer::Undecided(reason),
                }
            }
            answer @ (Answer::Found(_) | Answer::Empty) => answer,
        }
    }

    /// A text that the reader does not take as a string may be the text of a lost number.
    fn spelled_number(
        &mut self,
        ends: &Ends,
        text: &Json,
        (reason, carrier): (Reason, Carrier),
    ) -> Answer {
        let number = readings(text).into_iter().find(|value| Basic::of(value) == Basic::Number);
        if let Some(number) = number {
            let goal = self.goal(ends, &[]);
            if self.satisfies_all(&goal.lits, &number) == Some(true)
                && self.sends(&ends.written, ends.place, &number)
                && !self.may_be_read(ends, &number, carrier)
            {
                return Answer::Found(number);
            }
        }
        Answer::Undecided(reason)
    }

    fn strings_as_text(&mut self, ends: &Ends, carrier: Carrier) -> Answer {
        let goal = self.goal(ends, &[]);
        let words = ["true", "false", "null"].map(Json::string).to_vec();
        let unspelled = Item::Text(TextLeaf::Pattern(Arc::from(READ_NUMBER), false));
        match self.search_type_with(&goal, Basic::String, vec![unspelled, Item::NoneOf(words)]) {
            Answer::Found(value) if self.may_be_read(ends, &value, carrier) => {}
            Answer::Empty => {}
            answer @ (Answer::Found(_) | Answer::Undecided(_)) => return answer,
        }
        match self.one_by_one(ends, Basic::String, carrier) {
            Answer::Undecided(reason) => self.strings_as_numbers(ends, &goal, (reason, carrier)),
            answer @ (Answer::Found(_) | Answer::Empty) => answer,
        }
    }

    /// Whether all lost strings are texts of numbers that the reader takes.
    fn strings_as_numbers(
        &mut self,
        ends: &Ends,
        lost: &Goal,
        (reason, carrier): (Reason, Carrier),
    ) -> Answer {
        let refused = Goal::new(vec![ends.refused], ends.place, self.marks);
        let accepted = ends.read.iter().map(|claim| Lit::Holds(*claim)).collect();
        let range = self.range_of(&Goal::new(accepted, ends.place, self.marks));
        let integer = NumberLeaf::Integer(true);
        let mut within = vec![integer.clone()];
        within.extend(range.least.map(|least| NumberLeaf::AtLeast(Decimal::from(least))));
        within.extend(range.greatest.map(|greatest| NumberLeaf::AtMost(Decimal::from(greatest))));
        let ways = [
            (Arc::from(READ_NUMBER), Vec::new()),
            (Arc::from(READ_INTEGER), vec![integer]),
            (Arc::from(range.pattern_read()), within),
        ];
        for (spelling, numbers) in ways {
            let unspelled = Item::Text(TextLeaf::Pattern(spelling, false));
            let numbers = numbers.into_iter().map(Item::Number).collect();
            match self.search_type_with(lost, Basic::String, vec![unspelled]) {
                Answer::Empty => {}
                Answer::Found(text) if !self.may_be_read(ends, &text, carrier) => {
                    return Answer::Found(text);
                }
                Answer::Found(_) | Answer::Undecided(_) => continue,
            }
            if self.search_type_with(&refused, Basic::Number, numbers) == Answer::Empty {
                return Answer::Empty;
            }
        }
        Answer::Undecided(reason)
    }

    /// Whether the reader may take the value as it arrives.
    pub(super) fn may_be_read(&mut self, ends: &Ends, value: &Json, carrier: Carrier) -> bool {
        self.reads(&ends.read, value, carrier) != Some(false)
    }
}
