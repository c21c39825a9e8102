//! What several settings of one option come to.

use std::sync::Arc;

use super::option::{Options, Slot};
use super::value::several;
use crate::load::protobuf::syntax::Setting;
use crate::model::{Json, Stated};

/// Adds what a setting sets to what others of the same element have set.
pub(super) fn add(
    options: &mut Options,
    key: Arc<str>,
    value: Json,
    slot: Slot,
    setting: &Setting<'_>,
) {
    let value = match options.remove(&key) {
        Some(before) if slot.kind.is_none() => undeclared(before.value, value, setting.name.len()),
        Some(before) => merged(before.value, value),
        None => value,
    };
    options.insert(key, Stated { value, span: setting.span });
}

/// What two settings of an option whose declaration is unknown come to, where the later one names so
/// many parts: compilers refuse one part that is set twice, unless it is repeated.
fn undeclared(before: Json, after: Json, parts: usize) -> Json {
    match (before, after) {
        (Json::Object(before), Json::Object(after)) if parts > 1 => {
            let mut members = (*before).clone();
            for (name, value) in after.iter() {
                let value = match members.remove(name) {
                    Some(before) => undeclared(before, value.clone(), parts - 1),
                    None => value.clone(),
                };
                members.insert(Arc::clone(name), value);
            }
            Json::Object(Arc::new(members))
        }
        (before, after) => several(before, after),
    }
}

/// Whether two settings of parts of one option set the same part, which does not add up.
pub(super) fn conflicts(before: &Json, after: &Json) -> bool {
    match (before, after) {
        (Json::Object(before), Json::Object(after)) => after
            .iter()
            .any(|(name, value)| before.get(name).is_some_and(|one| conflicts(one, value))),
        (Json::Array(_), Json::Array(_)) => false,
        _ => true,
    }
}

/// What two settings of one option come to: messages merge, lists add up, else the last one holds.
pub(super) fn merged(before: Json, after: Json) -> Json {
    match (before, after) {
        (Json::Object(before), Json::Object(after)) => {
            let mut members = (*before).clone();
            for (name, value) in after.iter() {
                let value = match members.remove(name) {
                    Some(before) => merged(before, value.clone()),
                    None => value.clone(),
                };
                members.insert(Arc::clone(name), value);
            }
            Json::Object(Arc::new(members))
        }
        (Json::Array(before), Json::Array(after)) => {
            Json::array(before.iter().chain(after.iter()).cloned())
        }
        (_, after) => after,
    }
}
