//! Shapes that say nothing, or nothing but that another one applies.

use super::{Kinds, LogicFacets, Shape, ShapeId};

impl Shape {
    /// Whether nothing that bears on validation is said besides what it combines, and what it says of
    /// arrays and objects.
    pub(crate) fn is_silent_itself(&self) -> bool {
        let Self {
            span: _,
            boolean,
            reference,
            kinds,
            null: _,
            enumeration,
            constant,
            number,
            text,
            array: _,
            object: _,
            logic: _,
            notes,
            unread,
        } = self;
        *boolean != Some(false)
            && reference.is_none()
            && kinds.as_ref().is_none_or(|kinds| kinds.value == Kinds::ALL)
            && enumeration.is_none()
            && constant.is_none()
            && number.is_unstated()
            && text.is_unstated()
            && notes.get().is_none_or(|notes| notes.format.is_none())
            && unread.is_empty()
    }

    /// Whether nothing is said besides what `reference` and `logic` say.
    pub(crate) fn is_bare(&self) -> bool {
        let Self {
            span: _,
            boolean,
            reference: _,
            kinds,
            null: _,
            enumeration,
            constant,
            number,
            text,
            array,
            object,
            logic: _,
            notes,
            unread,
        } = self;
        boolean.is_none()
            && kinds.is_none()
            && enumeration.is_none()
            && constant.is_none()
            && number.is_unstated()
            && text.is_unstated()
            && array.is_unstated()
            && object.is_unstated()
            && notes.is_unstated()
            && unread.is_empty()
    }

    /// Whether nothing is said besides that another shape applies.
    pub(crate) fn is_only_a_reference(&self) -> bool {
        self.reference.is_some() && self.logic.is_unstated() && self.is_bare()
    }

    /// The only shape that applies, where nothing else is said: the target of a reference, or what a
    /// conjunction or choice consists of.
    pub(crate) fn alone(&self) -> Option<ShapeId> {
        if !self.is_bare() {
            return None;
        }
        let logic = self.logic.get().filter(|_| !self.logic.is_unstated());
        match (&self.reference, logic) {
            (Some(reference), None) => Some(reference.target),
            (None, Some(logic)) => logic.alone(),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

impl LogicFacets {
    /// The only shape that is combined, if there is one.
    fn alone(&self) -> Option<ShapeId> {
        let Self { all_of, any_of, one_of, not: None, condition: None } = self else { return None };
        let groups = any_of.iter().chain(one_of).map(|group| group.value.as_slice());
        let mut stated = groups.chain((!all_of.is_empty()).then_some(all_of.as_slice()));
        match (stated.next(), stated.next()) {
            (Some([only]), None) => Some(*only),
            (_, _) => None,
        }
    }
}
