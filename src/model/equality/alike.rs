//! Shapes that are written alike, as far as it shows without putting what has no order in one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    ArrayFacets, Condition, Contains, LogicFacets, Notes, ObjectFacets, Reference, Shape, ShapeId,
    Stated, TextFacets,
};

/// Whether both use the same words of validation and refer to what is called the same, whatever their
/// parts say. Where it is so [`super::same_words`] says it too; what it finds besides is left to it.
pub(crate) fn are_written_alike(left: &Shape, right: &Shape) -> bool {
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
    } = left;
    let named = |left: &Reference, right: &Reference| left.name == right.name;
    *boolean == right.boolean
        && both(reference.as_ref(), right.reference.as_ref(), named)
        && *kinds == right.kinds
        && *enumeration == right.enumeration
        && *constant == right.constant
        && *number == right.number
        && both(text.get(), right.text.get(), texts)
        && both(array.get(), right.array.get(), arrays)
        && both(object.get(), right.object.get(), objects)
        && both(logic.get(), right.logic.get(), logics)
        && both(notes.get(), right.notes.get(), noted)
        && *unread == right.unread
}

fn both<T>(left: Option<&T>, right: Option<&T>, alike: impl FnOnce(&T, &T) -> bool) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => alike(left, right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn texts(left: &TextFacets, right: &TextFacets) -> bool {
    let TextFacets {
        min_length,
        max_length,
        pattern,
        content_encoding,
        content_media_type,
        content,
    } = left;
    *min_length == right.min_length
        && *max_length == right.max_length
        && *pattern == right.pattern
        && *content_encoding == right.content_encoding
        && *content_media_type == right.content_media_type
        && content.is_some() == right.content.is_some()
}

fn arrays(left: &ArrayFacets, right: &ArrayFacets) -> bool {
    let ArrayFacets { prefix, rest, unevaluated, contains, min_items, max_items, unique } = left;
    let counted = |left: &Contains, right: &Contains| {
        let Contains { span: _, shape: _, minimum, maximum, evaluates } = left;
        *minimum == right.minimum && *maximum == right.maximum && *evaluates == right.evaluates
    };
    prefix.len() == right.prefix.len()
        && rest.is_some() == right.rest.is_some()
        && unevaluated.is_some() == right.unevaluated.is_some()
        && both(contains.as_ref(), right.contains.as_ref(), counted)
        && *min_items == right.min_items
        && *max_items == right.max_items
        && *unique == right.unique
}

fn objects(left: &ObjectFacets, right: &ObjectFacets) -> bool {
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
    } = left;
    let pattern = |(pattern, _): &'_ (Stated<Arc<str>>, ShapeId)| Arc::clone(&pattern.value);
    same_keys(properties, &right.properties)
        && patterns.iter().map(pattern).eq(right.patterns.iter().map(pattern))
        && additional.is_some() == right.additional.is_some()
        && unevaluated.is_some() == right.unevaluated.is_some()
        && names.is_some() == right.names.is_some()
        && same_keys(required, &right.required)
        && *min_properties == right.min_properties
        && *max_properties == right.max_properties
        && *dependent_required == right.dependent_required
        && same_keys(dependent_shapes, &right.dependent_shapes)
}

fn same_keys<K: PartialEq, V>(left: &BTreeMap<K, V>, right: &BTreeMap<K, V>) -> bool {
    left.len() == right.len() && left.keys().eq(right.keys())
}

fn logics(left: &LogicFacets, right: &LogicFacets) -> bool {
    let LogicFacets { all_of, any_of, one_of, not, condition } = left;
    let count =
        |group: &Option<Stated<Vec<ShapeId>>>| group.as_ref().map(|group| group.value.len());
    let tested = |left: &Stated<Condition>, right: &Stated<Condition>| {
        let Condition { when: _, then, otherwise } = &left.value;
        then.is_some() == right.value.then.is_some()
            && otherwise.is_some() == right.value.otherwise.is_some()
    };
    all_of.len() == right.all_of.len()
        && count(any_of) == count(&right.any_of)
        && count(one_of) == count(&right.one_of)
        && not.is_some() == right.not.is_some()
        && both(condition.as_ref(), right.condition.as_ref(), tested)
}

/// Of notes, those that bear on validation.
fn noted(left: &Notes, right: &Notes) -> bool {
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
    } = left;
    *format == right.format && *read_only == right.read_only && *write_only == right.write_only
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
