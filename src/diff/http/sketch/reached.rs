//! A value that has something at a place.

use std::sync::Arc;

use super::layout::telling;
use super::part::with_member;
use super::request::Party;
use crate::diff::session::Session;
use crate::model::{Json, Kind, ShapeId, Step};
use crate::rules::effective::Effective;
use crate::rules::union::reference_name;
use crate::subtype::{Carrier, Example, Role, View};

/// A value of the shapes of the comparison's graph in which the steps lead somewhere; `None` where
/// they do not. What is around the place is as small as it may be.
pub(super) fn reached(
    session: &mut Session<'_>,
    party: Party<'_>,
    place: &[ShapeId],
    steps: &[Step],
) -> Option<Json> {
    let first = *place.first()?;
    let Some((step, rest)) = steps.split_first() else { return telling(session, party, first) };
    let what = Effective::of(&session.walk.shapes, place)?;
    let mut inside = |shapes: &[ShapeId]| reached(session, party, shapes, rest);
    match step {
        Step::Property(name) => {
            let value = inside(&what.properties.get(name)?.shapes)?;
            Some(with_member(&around(session, party, first), name, value))
        }
        Step::AdditionalProperty => {
            let value = inside(&what.additional)?;
            Some(with_member(&around(session, party, first), &Arc::from("a"), value))
        }
        Step::Item => Some(Json::array([inside(&what.rest)?])),
        Step::Position(index) => {
            let before = what.positions.iter().take(*index).cloned().collect::<Vec<_>>();
            let last = inside(what.positions.get(*index).unwrap_or(&what.rest))?;
            let before: Option<Vec<Json>> =
                before.iter().map(|it| telling(session, party, *it.first()?)).collect();
            Some(Json::array(before?.into_iter().chain([last])))
        }
        Step::Branch(name) => {
            let shapes = &session.walk.shapes;
            let mut all = branches(&what);
            let branch = all.find(|it| reference_name(shapes, *it) == Some(&**name));
            let branch = branch.or_else(|| branches(&what).nth(name.parse().ok()?))?;
            reached(session, party, &[branch], rest)
        }
        Step::PatternProperty(_) | Step::PropertyName | Step::Contained | Step::EnumValue(_) => {
            None
        }
    }
}

/// A small value of the place, as its writer sends it.
fn around(session: &mut Session<'_>, party: Party<'_>, place: ShapeId) -> Json {
    let view = View::of(place, Role::Writer, party.sent(), Carrier::HttpJson);
    match session.walk.engine.example(&session.walk.shapes, &view) {
        Example::Found(value) => value,
        Example::Empty | Example::Undecided(_) => Json::Null,
    }
}

fn branches(place: &Effective) -> impl Iterator<Item = ShapeId> {
    let groups = place.any_of.iter().chain(&place.one_of);
    groups.flat_map(|group| group.value.iter().copied())
}

/// The branch that the value is most likely of: the first of its type that knows all its members.
pub(super) fn likely_branch(
    session: &Session<'_>,
    place: &Effective,
    value: &Json,
) -> Option<ShapeId> {
    branches(place).find(|branch| {
        let Some(side) = Effective::of(&session.walk.shapes, &[*branch]) else { return false };
        let kind = value.kind();
        let is_of_kind = side.kinds.as_ref().is_none_or(|kinds| kinds.value.has(kind));
        let knows_all = match value {
            Json::Object(members) => {
                members.iter().all(|(name, _)| side.properties.contains_key(name))
            }
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                kind != Kind::Null || side.kinds.is_some()
            }
        };
        is_of_kind && knows_all
    })
}
