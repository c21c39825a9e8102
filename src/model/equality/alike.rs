//! Shapes that are written alike, as far as it shows without putting what has no order in one.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::model::{
    ArrayFacets, Condition, Contains, LogicFacets, Notes, ObjectFacets, Reference, Shape, ShapeId,
    Stated, TextFacets,
};

/// Whether both use the same words of validation and refer to what is called the same, whatever their
/// parts say. Where it is so [`super::same_words`] says it too; what it finds besides is left to it.
pub(crate) fn are_written_alike(left: &Shape, right: &Shape) -> bool {
    written(left) == written(right)
}

/// What the words of a shape are compared by.
fn written(shape: &Shape) -> impl PartialEq + Hash {
    let Shape {
        span: _,
        boolean,
        reference,
        kinds,
        null: _,
        enumeration,
        constant,
        number,
        text,
        array,
        object,
        logic,
        notes,
        unread,
    } = shape;
    (
        boolean,
        reference.as_ref().map(|Reference { name, target: _, span: _ }| name),
        kinds,
        enumeration,
        constant,
        number,
        text.get().map(texts),
        array.get().map(arrays),
        object.get().map(objects),
        logic.get().map(logics),
        notes.get().map(noted),
        unread,
    )
}

fn texts(facets: &TextFacets) -> impl PartialEq + Hash {
    let TextFacets {
        min_length,
        max_length,
        pattern,
        content_encoding,
        content_media_type,
        content,
    } = facets;
    (min_length, max_length, pattern, content_encoding, content_media_type, content.is_some())
}

fn arrays(facets: &ArrayFacets) -> impl PartialEq + Hash {
    let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } = facets;
    let counted = contains.as_ref().map(|contains| {
        let Contains { span: _, shape: _, minimum, maximum, evaluates } = contains;
        (minimum, maximum, evaluates)
    });
    let (rest, unevaluated) = (rest.is_some(), unevaluated.is_some());
    (prefix.len(), rest, unevaluated, counted, min_items, max_items, unique)
}

fn objects(facets: &ObjectFacets) -> impl PartialEq + Hash {
    let ObjectFacets {
        properties,
        patterns,
        additional,
        unevaluated,
        names,
        required,
        required_at: _,
        min_properties,
        max_properties,
        dependent_required,
        dependent_shapes,
    } = facets;
    (
        Keys(properties),
        Patterns(patterns),
        additional.is_some(),
        unevaluated.is_some(),
        names.is_some(),
        Keys(required),
        min_properties,
        max_properties,
        dependent_required,
        Keys(dependent_shapes),
    )
}

/// What is named, whatever is said of it.
struct Keys<'m, K, V>(&'m BTreeMap<K, V>);

impl<K: PartialEq, V> PartialEq for Keys<'_, K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.keys().eq(other.0.keys())
    }
}

impl<K: Hash, V> Hash for Keys<'_, K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        self.0.keys().for_each(|key| key.hash(state));
    }
}

/// The patterns, whatever is said of what matches them.
struct Patterns<'p>(&'p [(Stated<Arc<str>>, ShapeId)]);

impl PartialEq for Patterns<'_> {
    fn eq(&self, other: &Self) -> bool {
        let texts = |all: &Self| all.0.iter().map(|(pattern, _)| &pattern.value);
        texts(self).eq(texts(other))
    }
}

impl Hash for Patterns<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        self.0.iter().for_each(|(pattern, _)| pattern.value.hash(state));
    }
}

fn logics(facets: &LogicFacets) -> impl PartialEq + Hash {
    let LogicFacets { all_of, any_of, one_of, not, condition } = facets;
    let count =
        |group: &Option<Stated<Vec<ShapeId>>>| group.as_ref().map(|group| group.value.len());
    let tested = condition.as_ref().map(|condition| {
        let Condition { when: _, then, otherwise } = &condition.value;
        (then.is_some(), otherwise.is_some())
    });
    (all_of.len(), count(any_of), count(one_of), not.is_some(), tested)
}

/// Hashes what [`are_written_alike`] compares.
pub(super) fn write_words(shape: &Shape, state: &mut impl Hasher) {
    written(shape).hash(state);
}

/// Of notes, those that bear on validation.
fn noted(notes: &Notes) -> impl PartialEq + Hash {
    let Notes {
        format,
        default: _,
        examples: _,
        title: _,
        description: _,
        deprecated: _,
        read_only,
        write_only,
        extensible: _,
        discriminator: _,
        xml: _,
        others: _,
    } = notes;
    (format, read_only, write_only)
}

#[cfg(test)]
mod tests {
    use super::super::same_words;
    use super::*;
    use crate::model::{Kind, Kinds, Shapes};
    use crate::source::{FileId, Span};

    fn span() -> Span {
        Span { file: FileId::default(), start: 0, end: 0 }
    }

    fn stated<T>(value: T) -> Stated<T> {
        Stated { value, span: span() }
    }

    #[test]
    fn what_is_written_alike_uses_the_same_words() {
        let mut shapes = Shapes::default();
        let parts = [Kind::String, Kind::Integer].map(|kind| {
            let kinds = Some(stated(Kinds::NONE.with(kind)));
            shapes.add(Shape { kinds, ..Shape::anything(span()) })
        });
        let mut all = vec![Shape::anything(span())];
        for part in parts {
            for name in ["#/x", "#/y"] {
                let reference = Reference { target: part, name: name.into(), span: span() };
                all.push(Shape { reference: Some(reference), ..Shape::anything(span()) });
                let mut object = Shape::anything(span());
                object.object.edit().properties = Arc::new([(name.into(), stated(part))].into());
                all.push(object);
            }
            let mut choice = Shape::anything(span());
            choice.logic.edit().any_of = Some(stated(vec![part]));
            all.push(choice);
        }
        let pairs = all.iter().flat_map(|left| all.iter().map(move |right| (left, right)));
        let alike = pairs.filter(|(left, right)| are_written_alike(left, right));
        let alike: Vec<_> = alike.collect();
        assert!(alike.iter().all(|(left, right)| same_words(left, right)));
        // Each with itself and its like over the other part.
        assert_eq!(alike.len(), 1 + 2 * (all.len() - 1));
    }
}
