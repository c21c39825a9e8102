//! Masks of fields under the rules of protovalidate.
//!
//! <https://protovalidate.com/reference/rules/field_mask_rules/>

use crate::model::Json;

/// Whether a mask, in ProtoJSON, satisfies a rule: its paths are judged one by one, and what is said of a
/// path holds of all that lies in it. `None` for what is not known here.
pub(super) fn holds(name: &str, bound: &Json, mask: &str) -> Option<bool> {
    let paths: Vec<String> =
        mask.split(',').filter(|path| !path.is_empty()).map(original).collect();
    let listed = listed(bound);
    let lies = |path: &str| {
        let inside = |one: &str| path.strip_prefix(one).is_some_and(|rest| rest.starts_with('.'));
        listed.iter().any(|one| *one == path || inside(one))
    };
    Some(match name {
        "const" => match bound {
            Json::Object(exact) => {
                exact.get("paths").map(self::listed).unwrap_or_default() == paths
            }
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                return None;
            }
        },
        "in" => listed.is_empty() || paths.iter().all(|path| lies(path)),
        "not_in" => !paths.iter().any(|path| lies(path)),
        "example" => true,
        _ => return None,
    })
}

/// The texts of a list; a lone one is a list of one.
fn listed(value: &Json) -> Vec<&str> {
    match value {
        Json::Array(values) => values.iter().flat_map(listed).collect(),
        Json::String(text) => vec![text],
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Object(_) => Vec::new(),
    }
}

/// The name of a path in the contract, of which ProtoJSON writes no underscores.
fn original(path: &str) -> String {
    let mut found = String::new();
    for letter in path.chars() {
        if letter.is_ascii_uppercase() {
            found.push('_');
        }
        found.push(letter.to_ascii_lowercase());
    }
    found
}
