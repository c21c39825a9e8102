//! What shows at once of the values of a shape: their types, and which values they are.

use std::sync::Arc;

use crate::model::{Json, Kind, Kinds, Shape, ShapeId};

use super::engine::Search;
use super::language;
use super::names::conjuncts;
use super::tables::Words;
use super::term::Tag;

/// How many values alternatives may list together.
const VALUES: usize = 512;

impl Search<'_> {
    /// The types and values of a shape, references and conjunctions followed.
    pub(super) fn tag(&self, shape: ShapeId) -> Tag {
        let shapes = self.shapes;
        let mut tag = Tag::silent();
        for part in conjuncts(shapes, shape) {
            let part = shapes.get(part);
            let mut kinds = part.kinds.as_ref().map_or(Kinds::ALL, |kinds| kinds.value);
            if part.boolean == Some(false) {
                kinds = Kinds::NONE;
            }
            let not = part.logic.get().and_then(|logic| logic.not.as_ref());
            let excluded = not.map(|not| all_values(shapes.get(not.value))).unwrap_or_default();
            let pattern = part.text.get().and_then(|text| text.pattern.as_ref());
            let words = pattern.and_then(|pattern| self.words(&pattern.value));
            let texts = words.map(|words| words.to_vec());
            tag = tag.and(&Tag { kinds, values: None, texts, excluded });
            let lists = part.enumeration.iter().map(|list| list.value.clone());
            for values in lists.chain(part.constant.iter().map(|value| vec![value.value.clone()])) {
                tag = tag.and(&Tag { values: Some(values), ..Tag::silent() });
            }
        }
        if tag.values.is_none() && tag.kinds == Kinds::NONE.with(Kind::String) {
            tag.values.clone_from(&tag.texts);
        }
        tag
    }

    /// The same with what all alternatives leave together.
    pub(super) fn tag_of_any(&self, shape: ShapeId) -> Tag {
        let shapes = self.shapes;
        let mut tag = self.tag(shape);
        for part in conjuncts(shapes, shape) {
            let Some(logic) = shapes.get(part).logic.get() else { continue };
            for group in logic.any_of.iter().chain(&logic.one_of) {
                let mut any: Option<Tag> = None;
                for branch in &group.value {
                    let branch = self.tag(*branch);
                    any = Some(any.map_or(branch.clone(), |any| any.or(&branch)));
                    if any.as_ref().is_some_and(says_little) {
                        break;
                    }
                }
                if let Some(any) = any.filter(|any| !says_little(any)) {
                    tag = tag.and(&any);
                }
            }
        }
        tag
    }

    /// Every text that a pattern admits, where that is a list written as a pattern.
    pub(super) fn words(&self, pattern: &Arc<str>) -> Words {
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

/// Whether alternatives together list nothing, or too much to look through.
fn says_little(tag: &Tag) -> bool {
    let is_short = |list: &Option<Vec<Json>>| list.as_ref().is_some_and(|it| it.len() <= VALUES);
    !is_short(&tag.values) && !is_short(&tag.texts)
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
