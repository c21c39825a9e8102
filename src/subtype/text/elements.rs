//! Arrays whose elements cross as text: compared element by element, where nothing else is said of
//! them.

use crate::model::{Json, Kind};
use crate::subtype::Carrier;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Claim};
use crate::subtype::term::{ArrayLeaf, Basic, Item};

use super::likely::MAX_PAIRS;
use super::readings::READINGS;
use super::{Ends, leaves_text, open};

/// Texts that few readers take for one another.
const TEXTS: [&str; 3] = ["a", "0", ""];

impl Search<'_> {
    /// What is lost of arrays, given one that would be lost if it crossed as JSON.
    pub(in crate::subtype) fn arrays_as_text(
        &mut self,
        ends: &Ends,
        lost: Json,
        carrier: Carrier,
    ) -> Answer {
        match self.lists_as_text(ends, lost, carrier) {
            Answer::Undecided(_) if self.are_lists_read(ends, carrier) => Answer::Empty,
            answer @ (Answer::Found(_) | Answer::Empty | Answer::Undecided(_)) => answer,
        }
    }

    /// Arrays are compared element by element, where nothing else is said of them.
    fn lists_as_text(&mut self, ends: &Ends, lost: Json, carrier: Carrier) -> Answer {
        let Some(sent) = self.plain_array(&ends.written) else {
            return if self.may_be_read(ends, &lost, carrier) {
                match self.simple_list(ends, carrier) {
                    Some(shown) => Answer::Found(shown),
                    None => self.positions_as_text(ends, &lost, carrier),
                }
            } else {
                Answer::Found(lost)
            };
        };
        let Some(kept) = self.plain_array(&ends.read) else {
            return match self.array_of_parts(&ends.read) {
                Some(_) => self.positions_as_text(ends, &lost, carrier),
                None => self.lists_as_scalars(ends, &sent, carrier),
            };
        };
        if kept.refuses_some_count_of(&sent, carrier) {
            return if self.may_be_read(ends, &lost, carrier) {
                Answer::Undecided(open())
            } else {
                Answer::Found(lost)
            };
        }
        if kept.rest.is_empty() {
            return Answer::Empty;
        }
        self.elements_as_text(ends, (&sent, kept.rest), carrier)
    }

    /// Whether with each choice of the writer's alternatives there is one of the reader's that reads all
    /// lists.
    fn are_lists_read(&mut self, ends: &Ends, carrier: Carrier) -> bool {
        let (Some(mut sent), Some(kept)) = (self.choices(&ends.written), self.choices(&ends.read))
        else {
            return false;
        };
        sent.retain(|choice| self.admit(choice, Kind::Array));
        sent.len().saturating_mul(kept.len()) <= MAX_PAIRS
            && sent.iter().all(|sent| {
                let sent = self.list_of(sent);
                kept.iter().any(|kept| self.is_list_read(ends, (&sent, kept), carrier))
            })
    }

    /// Whether each list is read with this choice: element by element, or as its only element.
    fn is_list_read(
        &mut self,
        ends: &Ends,
        (sent, kept): (&PlainArray, &[Claim]),
        carrier: Carrier,
    ) -> bool {
        let inner = carrier.of_element();
        if sent.most == Some(1) {
            let place = self.element_place(ends.place, 0);
            let alone = (sent.at(0), kept.to_vec());
            if self.part_as_text(alone, place, inner) == Answer::Empty {
                return true;
            }
        }
        let Some(kept) = self.plain_list_of(kept) else { return false };
        let positions = 0..=sent.prefix.len().max(kept.prefix.len());
        !kept.refuses_some_count_of(sent, carrier)
            && positions.into_iter().all(|position| {
                let place = self.element_place(ends.place, position);
                let parts = (sent.at(position), kept.at(position));
                self.part_as_text(parts, place, inner) == Answer::Empty
            })
    }

    /// A list of one or two texts that is lost, whatever it is read as.
    fn simple_list(&mut self, ends: &Ends, carrier: Carrier) -> Option<Json> {
        let lists = TEXTS.into_iter().flat_map(|text| {
            [1, 2].map(|count| Json::array(std::iter::repeat_n(Json::string(text), count)))
        });
        lists.into_iter().find(|list| self.is_lost(ends, list, carrier))
    }

    /// Whether the writer sends the value and the reader does not take it as it arrives.
    pub(in crate::subtype) fn is_lost(
        &mut self,
        ends: &Ends,
        value: &Json,
        carrier: Carrier,
    ) -> bool {
        crate::subtype::evaluate::all(&ends.written, |claim| self.accepts(*claim, value))
            == Some(true)
            && self.sends(&ends.written, ends.place, value)
            && !self.may_be_read(ends, value, carrier)
    }

    /// Arrays of which either side says what stands where.
    fn positions_as_text(&mut self, ends: &Ends, lost: &Json, carrier: Carrier) -> Answer {
        let (Some(sent), Some(kept)) =
            (self.array_of_parts(&ends.written), self.array_of_parts(&ends.read))
        else {
            return Answer::Undecided(open());
        };
        if kept.refuses_some_count_of(&sent, carrier) {
            return Answer::Undecided(open());
        }
        let mut undecided = None;
        for position in 0..=sent.prefix.len().max(kept.prefix.len()) {
            let (written, read) = (sent.at(position), kept.at(position));
            let place = self.element_place(ends.place, position);
            match self.part_as_text((written, read), place, carrier.of_element()) {
                Answer::Empty => {}
                Answer::Undecided(reason) => undecided = undecided.or(Some(reason)),
                Answer::Found(part) => match self.with_part(ends, lost, (position, part)) {
                    Some(value) if self.is_lost(ends, &value, carrier) => {
                        return Answer::Found(value);
                    }
                    Some(_) | None => undecided = undecided.or_else(|| Some(open())),
                },
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    /// A list with this part at the position.
    fn with_part(
        &mut self,
        ends: &Ends,
        lost: &Json,
        (position, part): (usize, Json),
    ) -> Option<Json> {
        let Json::Array(elements) = lost else { return None };
        let mut elements = elements.to_vec();
        if elements.len() <= position {
            let longer = u64::try_from(position).ok()?.checked_add(1)?;
            let longer = vec![Item::Array(ArrayLeaf::AtLeast(longer))];
            let goal = self.goal(ends, &[]);
            let Answer::Found(Json::Array(found)) =
                self.search_type_with(&goal, Basic::Array, longer)
            else {
                return None;
            };
            elements = found.to_vec();
        }
        *elements.get_mut(position)? = part;
        Some(Json::array(elements))
    }

    /// Lists that somebody reads who expects none: one element is read as such, more are not.
    fn lists_as_scalars(&mut self, ends: &Ends, sent: &PlainArray, carrier: Carrier) -> Answer {
        let plain = self.goal(ends, &[]);
        let several = vec![Item::Array(ArrayLeaf::AtLeast(2))];
        match self.search_type_with(&plain, Basic::Array, several) {
            Answer::Found(lost) if !self.may_be_read(ends, &lost, carrier) => {
                return Answer::Found(lost);
            }
            Answer::Found(_) => return Answer::Undecided(open()),
            unknown @ Answer::Undecided(_) => return unknown,
            Answer::Empty => {}
        }
        self.elements_as_text(ends, (sent, ends.read.clone()), carrier)
    }

    /// What is lost of lists because of an element that is.
    fn elements_as_text(
        &mut self,
        ends: &Ends,
        (sent, read): (&PlainArray, Vec<Claim>),
        carrier: Carrier,
    ) -> Answer {
        let written = sent.rest.clone();
        let place = self.element_place(ends.place, 0);
        match self.part_as_text((written, read), place, carrier.of_element()) {
            Answer::Found(value) => self.listed(ends, sent, &value),
            answer @ (Answer::Empty | Answer::Undecided(_)) => answer,
        }
    }

    /// A list of this element, as short as the writer sends any: lost with it.
    fn listed(&mut self, ends: &Ends, sent: &PlainArray, element: &Json) -> Answer {
        let least = usize::try_from(sent.least.max(1)).unwrap_or(usize::MAX);
        if least <= READINGS {
            let list = Json::array(std::iter::repeat_n(element.clone(), least));
            if crate::subtype::evaluate::all(&ends.written, |claim| self.accepts(*claim, &list))
                == Some(true)
            {
                return Answer::Found(list);
            }
        }
        Answer::Undecided(open())
    }

    /// The array, where all elements are alike.
    pub(in crate::subtype) fn plain_array(&mut self, claims: &[Claim]) -> Option<PlainArray> {
        self.array_of_parts(claims).filter(|array| array.prefix.is_empty())
    }

    /// What an array says when it says nothing but how many elements there are and what each is.
    pub(in crate::subtype) fn array_of_parts(&mut self, claims: &[Claim]) -> Option<PlainArray> {
        let choices = self.choices(claims)?;
        let [choice] = choices.as_slice() else { return None };
        self.plain_list_of(choice)
    }

    /// The same of one choice of alternatives.
    pub(in crate::subtype) fn plain_list_of(&mut self, choice: &[Claim]) -> Option<PlainArray> {
        let is_stated = |claim: &Claim| {
            let shape = self.shapes.get(claim.shape);
            shape.array.get().is_some() || shape.kinds.is_some()
        };
        let is_plain = |claim: &Claim| {
            let shape = self.shapes.get(claim.shape);
            let array = shape.array.get();
            shape.enumeration.is_none()
                && shape.constant.is_none()
                && shape.unread.is_empty()
                && array.is_none_or(|array| array.contains.is_none() && array.unevaluated.is_none())
                && self.is_told(*claim, Kind::Array)
        };
        let is_plain = self.admit(choice, Kind::Array)
            && choice.iter().any(is_stated)
            && choice.iter().all(is_plain);
        is_plain.then(|| self.list_of(choice))
    }

    /// How many elements there are and what each is, whatever else is said.
    fn list_of(&mut self, choice: &[Claim]) -> PlainArray {
        let mut list = PlainArray {
            prefix: Vec::new(),
            rest: Vec::new(),
            least: 0,
            most: None,
            unique: false,
            alone: !self.admit_any(choice, &[Kind::String, Kind::Integer, Kind::Boolean]),
        };
        let stated = self.stated_lists(choice);
        let longest = stated.iter().map(|(_, array)| array.prefix.len()).max().unwrap_or(0);
        for position in 0..longest {
            let said = stated.iter().filter_map(|(claim, array)| {
                Some((*claim, array.prefix.get(position).copied().or(array.rest)?))
            });
            let said = said.collect::<Vec<_>>().into_iter();
            list.prefix.push(said.map(|(claim, shape)| self.child(claim, shape)).collect());
        }
        for (claim, array) in stated {
            list.rest.extend(array.rest.map(|shape| self.child(claim, shape)));
            let least = array.min_items.as_ref().map_or(0, |least| least.value);
            list.least = list.least.max(least);
            let most = array.max_items.as_ref().map(|most| most.value);
            list.most = list.most.into_iter().chain(most).min();
            list.unique |= array.unique.as_ref().is_some_and(|unique| unique.value);
        }
        list
    }

    /// Whether values of one of the types are admitted.
    fn admit_any(&self, choice: &[Claim], kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.admit(choice, *kind))
    }
}

/// What an array says when it says nothing but how many elements there are and what they are.
pub(in crate::subtype) struct PlainArray {
    /// What stands at the first positions.
    prefix: Vec<Vec<Claim>>,
    /// What stands after those.
    rest: Vec<Claim>,
    pub(in crate::subtype) least: u64,
    pub(in crate::subtype) most: Option<u64>,
    unique: bool,
    /// Whether no scalar is admitted beside it.
    pub(in crate::subtype) alone: bool,
}

impl PlainArray {
    /// What is said of the element at a position; nothing where anything may stand there.
    pub(in crate::subtype) fn at(&self, position: usize) -> Vec<Claim> {
        self.prefix.get(position).unwrap_or(&self.rest).clone()
    }

    /// Whether there are lists whose number of elements, or whose elements by being alike, this reader
    /// refuses, and that the writer sends.
    fn refuses_some_count_of(&self, sent: &Self, carrier: Carrier) -> bool {
        let longest = |most: Option<u64>| most.unwrap_or(u64::MAX);
        let least = if leaves_text(carrier) { sent.least } else { sent.least.max(1) };
        least < self.least
            || longest(sent.most) > longest(self.most)
            || (self.unique && !sent.unique && longest(sent.most) > 1)
    }
}
