//! Fields of which a message says that one is set: `oneof` of `buf.validate.message`.
//!
//! <https://protovalidate.com/schemas/custom-rules/>

use std::collections::BTreeMap;
use std::sync::Arc;

use super::constraints::{list, member};
use crate::model::{Field, Json, Message};

/// Whether a message states nothing else of itself, beside that nobody checks it.
pub(super) fn are_all(rules: &Json) -> bool {
    match rules {
        Json::Object(stated) => stated.keys().all(|name| matches!(&**name, "oneof" | "disabled")),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => false,
    }
}

/// How many of the rules a message refuses that has these members.
pub(super) fn refused(
    rules: &Json,
    message: &Message,
    members: &BTreeMap<Arc<str>, Json>,
) -> usize {
    let stated = member(rules, "oneof").map(list).unwrap_or_default();
    let is_refused = |rule: &&Json| {
        let mut set = message
            .fields
            .iter()
            .filter(|field| is_named(rule, field) && members.contains_key(&field.json_name));
        let is_required = member(rule, "required") == Some(&Json::Boolean(true));
        match (set.next(), set.next()) {
            (Some(_), other) => other.is_some(),
            (None, _) => is_required,
        }
    };
    stated.iter().filter(is_refused).count()
}

/// Whether one of the rules names the field.
pub(super) fn name(rules: &Json, field: &Field) -> bool {
    let stated = member(rules, "oneof").map(list).unwrap_or_default();
    stated.iter().any(|rule| is_named(rule, field))
}

fn is_named(rule: &Json, field: &Field) -> bool {
    let named = member(rule, "fields").map(list).unwrap_or_default();
    named.contains(&Json::String(Arc::clone(&field.name)))
}
