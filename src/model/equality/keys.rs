//! What a shape says, as a key that equal shapes share.

use crate::model::{LogicFacets, Notes, Shape, ShapeId, Shapes, Sparse};

/// What counts as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// What bears on validation: notes other than formats and access marks are dropped.
    #[default]
    Sense,
    /// Everything that is said.
    Text,
}

/// The graph with pure references followed, so that no cycle runs through one.
pub(super) struct Graph<'g> {
    pub(super) shapes: &'g Shapes,
    pub(super) resolved: &'g [ShapeId],
}

impl Graph<'_> {
    pub(super) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(super) fn since(&self, first: usize) -> impl Iterator<Item = ShapeId> {
        self.shapes.since(first).map(|(id, _)| id)
    }

    pub(super) fn get(&self, id: ShapeId) -> &Shape {
        self.shapes.get(id)
    }

    fn resolve(&self, id: ShapeId) -> ShapeId {
        self.resolved.get(id.index()).copied().unwrap_or(id)
    }

    pub(super) fn children(&self, id: ShapeId) -> Vec<ShapeId> {
        let mut ids = Vec::new();
        self.get(id).for_each_child(&mut |child| ids.push(self.resolve(child)));
        ids
    }

    /// What the shape says with its children replaced and what has no order put in one.
    pub(super) fn key(
        &self,
        id: ShapeId,
        look: Look,
        replace: &dyn Fn(ShapeId) -> ShapeId,
    ) -> Shape {
        key(self.get(id), look, &|child| replace(self.resolve(child)))
    }
}

/// What the shape says with its children replaced and what has no order put in one.
fn key(shape: &Shape, look: Look, replace: &dyn Fn(ShapeId) -> ShapeId) -> Shape {
    let Shape {
        span,
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
        unread,
    } = shape;
    let mut key = Shape {
        span: span.clone(),
        boolean: boolean.filter(|admits| !admits),
        reference: reference.clone(),
        kinds: kinds.clone(),
        enumeration: enumeration.clone(),
        constant: constant.clone(),
        number: number.clone(),
        text: text.clone(),
        array: array.clone(),
        object: object.clone(),
        logic: logic.clone(),
        notes: match look {
            Look::Sense => sensible(notes),
            Look::Text => notes.clone(),
        },
        unread: unread.clone(),
    };
    key.for_each_child_mut(|child| *child = replace(*child));
    if let Some(list) = &mut key.enumeration {
        list.value.sort();
        list.value.dedup();
    }
    if let Some(object) = key.object.get_mut() {
        object
            .patterns
            .sort_by(|left, right| (&left.0.value, left.1).cmp(&(&right.0.value, right.1)));
    }
    if let Some(logic) = key.logic.get_mut() {
        logic.all_of.sort_unstable();
        logic.all_of.dedup();
        for group in [&mut logic.any_of, &mut logic.one_of].into_iter().flatten() {
            group.value.sort_unstable();
        }
        if let Some(any) = &mut logic.any_of {
            any.value.dedup();
        }
    }
    key
}

/// The notes that bear on validation.
fn sensible(notes: &Sparse<Notes>) -> Sparse<Notes> {
    let Some(notes) = notes.get() else { return Sparse::default() };
    let kept = Notes {
        format: notes.format.clone(),
        read_only: notes.read_only.clone(),
        write_only: notes.write_only.clone(),
        ..Notes::default()
    };
    Sparse::from(kept)
}

/// The one shape that this one only points at, if it says nothing of its own.
pub(super) fn alias(key: &Shape) -> Option<ShapeId> {
    if let Some(reference) = &key.reference {
        return key.is_only_a_reference().then_some(reference.target);
    }
    let LogicFacets { all_of, any_of, one_of, not: None, condition: None } = key.logic.get()?
    else {
        return None;
    };
    let single = match (all_of.as_slice(), any_of, one_of) {
        ([only], None, None) => *only,
        ([], Some(group), None) | ([], None, Some(group)) => match group.value.as_slice() {
            [only] => *only,
            _ => return None,
        },
        _ => return None,
    };
    key.is_bare().then_some(single)
}

/// The shape at the end of a chain of pure references; itself where the chain has no end.
pub(super) fn followed(shapes: &Shapes, id: ShapeId) -> ShapeId {
    const MAX_HOPS: usize = 1_000;
    let mut at = id;
    for _ in 0..MAX_HOPS {
        let shape = shapes.get(at);
        let Some(reference) = &shape.reference else { return at };
        if !shape.is_only_a_reference() {
            return at;
        }
        at = reference.target;
    }
    id
}
