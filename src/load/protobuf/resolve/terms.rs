//! What `extensions …` says of those who may take its numbers.
//!
//! <https://protobuf.dev/programming-guides/extension_declarations/>

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{DeclaredExtension, Json, Stated};

/// Takes what is said of extensions out of these options: those that are declared by number, where
/// no other may take a number. So it is where that is asked for, and where one is declared.
pub(super) fn declared(
    options: &mut BTreeMap<Arc<str>, Stated<Json>>,
) -> Option<BTreeMap<u32, DeclaredExtension>> {
    let verification = options.remove("verification");
    let is_asked = verification.is_some_and(|one| one.value == Json::string("DECLARATION"));
    let listed = match options.remove("declaration").map(|one| one.value) {
        Some(Json::Array(listed)) => listed.iter().filter_map(declaration).collect(),
        Some(_) | None => BTreeMap::new(),
    };
    (is_asked || !listed.is_empty()).then_some(listed)
}

/// `ExtensionRangeOptions.Declaration`
fn declaration(value: &Json) -> Option<(u32, DeclaredExtension)> {
    let Json::Object(members) = value else { return None };
    let is_set = |name: &str| members.get(name) == Some(&Json::Boolean(true));
    let text = |name: &str| match members.get(name) {
        Some(Json::String(text)) => Arc::clone(text),
        Some(_) | None => "".into(),
    };
    let Some(Json::Number(number)) = members.get("number") else { return None };
    let number = u32::try_from(number.to_count()?).ok()?;
    let declared = if is_set("reserved") {
        DeclaredExtension::Reserved
    } else {
        let (name, kind) = (text("full_name"), text("type"));
        DeclaredExtension::Taken { name, kind, repeated: is_set("repeated") }
    };
    Some((number, declared))
}
