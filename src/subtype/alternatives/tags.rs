//! What shows at once of the values of a shape: their types, and which values they are.

use std::sync::Arc;

use crate::model::{Json, Kind, Kinds, Shape, ShapeId};
use crate::subtype::engine::Search;
use crate::subtype::language;
use crate::subtype::names::conjuncts;
use crate::subtype::tables::Words;
use crate::subtype::term::Tag;
use crate::subtype::values::Values;

/// How many values alternatives may list together.
const VALUES: usize = 512;

impl Search<'_> {
    /// The types and values of a shape, references and conjunctions followed.
    pub(in crate::subtype) fn tag(&self, shape: ShapeId) -> Tag {
        let shapes = self.shapes;
        let mut tag = Tag::silent();
        for id in conjuncts(shapes, shape) {
            let part = shapes.get(id);
            let mut kinds = part.kinds.as_ref().map_or(Kinds::ALL, |kinds| kinds.value);
            if part.boolean == Some(false) {
                kinds = Kinds::NONE;
            }
            let not = part.logic.get().and_then(|logic| logic.not.as_ref());
            let excluded = not.map(|not| all_values(shapes.get(not.value))).unwrap_or_default();
            let pattern = part.text.get().and_then(|text| text.pattern.as_ref());
            let texts = pattern.and_then(|pattern| self.words(&pattern.value));
            tag = tag.and(&Tag { kinds, values: None, texts, excluded });
            for values in self.listings(id) {
                tag = tag.and(&Tag { values: Some(values), ..Tag::silent() });
            }
        }
        if tag.values.is_none() && tag.kinds == Kinds::NONE.with(Kind::String) {
            tag.values.clone_from(&tag.texts);
        }
        tag
    }

    /// The same with what all alternatives leave together.
    pub(in crate::subtype) fn tag_of_any(&mut self, shape: ShapeId) -> Tag {
        if let Some(known) = self.tables.tags.get(&shape) {
            return known.clone();
        }
        let tag = self.tag_of_all(shape);
        self.tables.tags.insert(shape, tag.clone());
        tag
    }

    fn tag_of_all(&self, shape: ShapeId) -> Tag {
        let shapes = self.shapes;
        let mut tag = self.tag(shape);
        for part in conjuncts(shapes, shape) {
            let Some(logic) = shapes.get(part).logic.get() else { continue };
            for group in logic.any_of.iter().chain(&logic.one_of) {
                if let Some(any) = self.tag_of_either(&group.value) {
                    tag = tag.and(&any);
                }
            }
        }
        tag
    }

    /// What alternatives leave together; `None` where they list nothing, or too much to look through.
    fn tag_of_either(&self, branches: &[ShapeId]) -> Option<Tag> {
        let (first, others) = branches.split_first()?;
        let Tag { mut kinds, values, texts, mut excluded } = self.tag(*first);
        let mut lists = [values, texts].map(|list| list.map(|values| values.to_vec()));
        for branch in others {
            if lists.iter().all(|list| says_little(list.as_ref())) {
                return None;
            }
            let branch = self.tag(*branch);
            kinds = kinds.or(branch.kinds);
            for (list, more) in lists.iter_mut().zip([branch.values, branch.texts]) {
                match more {
                    Some(more) => list.iter_mut().for_each(|list| list.extend_from_slice(&more)),
                    None => *list = None,
                }
            }
            excluded.clear();
        }
        if lists.iter().all(|list| says_little(list.as_ref())) {
            return None;
        }
        let [values, texts] = lists.map(|list| list.map(Values::from));
        Some(Tag { kinds, values, texts, excluded })
    }

    /// The values that the shape itself lists, and the only one that it admits.
    pub(in crate::subtype) fn listings(&self, id: ShapeId) -> impl Iterator<Item = Values> + use<> {
        let shape = self.shapes.get(id);
        let list = shape.enumeration.as_ref().map(|list| {
            let mut known = self.tables.enumerations.borrow_mut();
            known.entry(id).or_insert_with(|| Values::from(list.value.clone())).clone()
        });
        let only = shape.constant.as_ref().map(|only| Values::from(vec![only.value.clone()]));
        list.into_iter().chain(only)
    }

    /// Every text that a pattern admits, where that is a list written as a pattern.
    pub(in crate::subtype) fn words(&self, pattern: &Arc<str>) -> Words {
        if let Some(known) = self.tables.words.borrow().get(pattern) {
            return known.clone();
        }
        let words = language::listed(pattern);
        let words: Words =
            words.map(|words| words.iter().map(|word| Json::string(word.as_str())).collect());
        self.tables.words.borrow_mut().insert(Arc::clone(pattern), words.clone());
        words
    }
}

/// Whether it is no list, or too much to look through.
fn says_little(list: Option<&Vec<Json>>) -> bool {
    list.is_none_or(|values| values.len() > VALUES)
}

/// The values that the shape accepts, where it does nothing but list them; none where it says more.
fn all_values(shape: &Shape) -> Vec<Json> {
    let Shape {
        span: _,
        boolean,
        reference,
        kinds,
        enumeration,
        constant,
        number,
        text,
        array,
        object,
        logic,
        notes,
        null: _,
        unread,
    } = shape;
    let is_list = boolean.is_none()
        && reference.is_none()
        && number.get().is_none()
        && text.get().is_none()
        && array.get().is_none()
        && object.get().is_none()
        && logic.get().is_none()
        && notes.get().is_none_or(|notes| notes.format.is_none())
        && unread.is_empty();
    let mut values = match (enumeration, constant) {
        (Some(list), None) => list.value.clone(),
        (None, Some(value)) => vec![value.value.clone()],
        (Some(_), Some(_)) | (None, None) => Vec::new(),
    };
    let kinds = kinds.as_ref().map_or(Kinds::ALL, |kinds| kinds.value);
    values.retain(|value| is_list && kinds.has(value.kind()));
    values
}
