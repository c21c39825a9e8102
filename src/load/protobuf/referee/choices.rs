//! Fields of which one is set: those that a message lists (`oneof` of `buf.validate.message`), and
//! those of a oneof that is declared (`required` of `buf.validate.oneof`).
//!
//! <https://protovalidate.com/schemas/custom-rules/>

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Field, Json, Message, Oneof};

/// Whether a message states nothing else of itself, beside that nobody checks it.
pub(super) fn are_all(rules: &Json) -> bool {
    match rules {
        Json::Object(stated) => stated.keys().all(|name| matches!(&**name, "oneof" | "disabled")),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => false,
    }
}

/// The rules that refuse a message that has these members: of each the fields of which it lacks one.
pub(super) fn refused(
    rules: &Json,
    message: &Message,
    members: &BTreeMap<Arc<str>, Json>,
) -> Vec<Vec<Arc<str>>> {
    let stated = rules.member("oneof").map(Json::listed).unwrap_or_default();
    let refused = |rule: &Json| {
        let named = || message.fields.iter().filter(|field| is_named(rule, field));
        let set = named().filter(|field| members.contains_key(&field.json_name)).count();
        let is_required = rule.member("required") == Some(&Json::Boolean(true));
        match set {
            0 if is_required => Some(named().map(|field| field.json_name.clone()).collect()),
            0 | 1 => None,
            _ => Some(Vec::new()),
        }
    };
    stated.iter().filter_map(refused).collect()
}

/// What says of a declared oneof that one of its fields is set.
pub(super) const ONEOF: &str = "(buf.validate.oneof)";

/// The oneofs of which a message with these members lacks a field that it must have, and their fields.
pub(super) fn unset(
    message: &Message,
    members: &BTreeMap<Arc<str>, Json>,
) -> Vec<(Arc<str>, Vec<Arc<str>>)> {
    let unset = |(at, oneof): (usize, &Oneof)| {
        let required = oneof.options.get(ONEOF).and_then(|one| one.value.member("required"));
        let fields = message.fields.iter().filter(|field| field.oneof == Some(at));
        let names: Vec<Arc<str>> = fields.map(|field| field.json_name.clone()).collect();
        let is_set = names.iter().any(|name| members.contains_key(name));
        let is_unset = required == Some(&Json::Boolean(true)) && !is_set;
        is_unset.then(|| (oneof.name.clone(), names))
    };
    message.oneofs.iter().enumerate().filter_map(unset).collect()
}

/// Whether one of the rules names the field.
pub(super) fn name(rules: &Json, field: &Field) -> bool {
    let stated = rules.member("oneof").map(Json::listed).unwrap_or_default();
    stated.iter().any(|rule| is_named(rule, field))
}

fn is_named(rule: &Json, field: &Field) -> bool {
    let named = rule.member("fields").map(Json::listed).unwrap_or_default();
    named.contains(&Json::String(Arc::clone(&field.name)))
}
