//! Forms whose fields that are objects are written in a style, as `filter[gt]=1`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diff::session::Session;
use crate::model::{Kind, MediaPayload, Serialisation, ShapeId, Shapes};
use crate::rules::effective::Effective;

/// How deep in alternatives and lists a field is looked at.
const MAX_DEPTH: usize = 16;

/// Whether all fields that may hold objects are written in a style, and there are any.
pub(super) fn has_styled_objects(
    session: &Session<'_>,
    ends: [(&MediaPayload, Option<ShapeId>); 2],
) -> bool {
    let shapes = &session.walk.shapes;
    let place = |(_, shape): &(&MediaPayload, Option<ShapeId>)| Effective::of(shapes, &[(*shape)?]);
    let [Some(was), Some(is)] = ends.each_ref().map(place) else { return false };
    let [(old, _), (new, _)] = ends;
    let names: BTreeSet<&Arc<str>> = was.properties.keys().chain(is.properties.keys()).collect();
    let mut is_any = false;
    for name in names {
        for (place, payload) in [(&was, old), (&is, new)] {
            let Some(field) = place.properties.get(name) else { continue };
            if !may_hold_objects(shapes, &field.shapes, MAX_DEPTH) {
                continue;
            }
            let encoding = payload.encoding.get(name);
            let written = encoding.and_then(|encoding| encoding.serialisation.as_ref());
            if !matches!(written, Some(Serialisation::Style { .. })) {
                return false;
            }
            is_any = true;
        }
    }
    is_any
}

/// Whether a value of the place may be an object, or a list that holds one.
fn may_hold_objects(shapes: &Shapes, place: &[ShapeId], depth: usize) -> bool {
    let (Some(place), Some(depth)) = (Effective::of(shapes, place), depth.checked_sub(1)) else {
        return true;
    };
    let holds = |kind: Kind| matches!(kind, Kind::Array | Kind::Object);
    if let Some(values) = &place.values {
        return values.value.iter().any(|value| holds(value.kind()));
    }
    let groups = place.any_of.iter().chain(&place.one_of);
    let mut alternatives = groups.map(|group| group.value.as_slice()).peekable();
    let Some(kinds) = &place.kinds else {
        return alternatives.peek().is_none()
            || alternatives.flatten().any(|branch| may_hold_objects(shapes, &[*branch], depth));
    };
    let of_elements = || {
        place.rest.is_empty()
            || place.positions.iter().any(|at| may_hold_objects(shapes, at, depth))
            || may_hold_objects(shapes, &place.rest, depth)
    };
    kinds.value.has(Kind::Object) || kinds.value.has(Kind::Array) && of_elements()
}
