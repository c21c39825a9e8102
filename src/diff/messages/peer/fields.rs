//! Rules about fields that both sides have under the same number, and extensions alike.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::view::{View, member, option, text};
use super::{Found, Home, inside, short};
use crate::model::{
    Cardinality, Delimiting, Enumeration, Extension, Field, FieldKind, Json, Message, MessageKind,
    Packing, Presence, Scalar, Utf8,
};

/// A field of one side and what buf knows of it.
#[derive(Clone, Copy)]
struct End<'a> {
    view: &'a View<'a>,
    field: &'a Field,
    file: usize,
    /// The oneof that it belongs to.
    oneof: Option<&'a str>,
    /// Its full name, where it is an extension.
    extension: Option<&'a str>,
}

pub(super) fn compare<'a>(found: &mut Found<'_>, old: &'a View<'a>, new: &'a View<'a>) {
    for was in &old.all.messages {
        let is_own = old.messages.contains_key(&*was.full_name);
        let Some(is) = new.messages.get(&*was.full_name).filter(|_| is_own) else { continue };
        let entry = was.kind == MessageKind::MapEntry && is.kind == MessageKind::MapEntry;
        for field in &was.fields {
            let Some(twin) = is.fields.iter().find(|twin| twin.number == field.number) else {
                continue;
            };
            let ends = (end(old, was, field), end(new, is, twin));
            let element = inside(&is.full_name, &twin.name);
            pair(found, &element, ends, if entry { Within::Entry } else { Within::Message });
        }
    }
    for (key, was) in &old.extensions {
        if let Some(is) = new.extensions.get(key) {
            let ends = (of_extension(old, was), of_extension(new, is));
            pair(found, &is.full_name, ends, Within::Message);
        }
    }
}

fn end<'a>(view: &'a View<'a>, message: &'a Message, field: &'a Field) -> End<'a> {
    let oneof = field.oneof.and_then(|at| message.oneofs.get(at));
    let oneof = oneof.map(|oneof| &*oneof.name);
    End { view, field, file: message.file, oneof, extension: None }
}

fn of_extension<'a>(view: &'a View<'a>, one: &'a Extension) -> End<'a> {
    End { view, field: &one.field, file: one.file, oneof: None, extension: Some(&one.full_name) }
}

/// What a field stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Message,
    /// The entry of a map, whose fields have no presence of their own.
    Entry,
}

fn pair(found: &mut Found<'_>, element: &str, (old, new): (End<'_>, End<'_>), within: Within) {
    let (was, is) = (old.field, new.field);
    let homes: [Option<Home<'_>>; 2] = [old.view.home(old.file), new.view.home(new.file)];
    let mut note = |id, spans| found.note(id, element, homes, spans);
    let whole = (Some(was.span), Some(is.span));
    let names = (Some(was.name_span), Some(is.name_span));
    let name = |end: &End<'_>| end.extension.unwrap_or(&end.field.name).to_owned();
    if name(&old) != name(&new) {
        note("FIELD_SAME_NAME", names);
    }
    if was.json_name != is.json_name && old.extension.is_none() {
        note("FIELD_SAME_JSON_NAME", names);
    }
    if old.oneof != new.oneof {
        note("FIELD_SAME_ONEOF", names);
    }
    if within == Within::Message && count(&old) != count(&new) {
        note("FIELD_SAME_CARDINALITY", whole);
        if loosely(count(&old)) != loosely(count(&new)) {
            note("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", whole);
            if on_the_wire(count(&old)) != on_the_wire(count(&new)) {
                note("FIELD_WIRE_COMPATIBLE_CARDINALITY", whole);
            }
        }
    }
    let types = (Some(was.type_span), Some(is.type_span));
    for id in types_changed(&old, &new) {
        note(id, types);
    }
    for id in details_changed(&old, &new) {
        note(id, whole);
    }
}

/// How many values there are, and whether absence can be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Implicit,
    Explicit,
    Required,
    Repeated,
    Map,
}

fn count(end: &End<'_>) -> Count {
    match end.field.cardinality {
        Cardinality::Singular(Presence::Implicit) => Count::Implicit,
        Cardinality::Singular(Presence::Explicit) => Count::Explicit,
        Cardinality::Singular(Presence::Required) => Count::Required,
        Cardinality::Repeated(Packing::Packed | Packing::Expanded) => Count::Repeated,
        Cardinality::Map => Count::Map,
    }
}

fn loosely(count: Count) -> Count {
    match count {
        Count::Implicit | Count::Explicit => Count::Explicit,
        Count::Required | Count::Repeated | Count::Map => count,
    }
}

fn on_the_wire(count: Count) -> Count {
    match loosely(count) {
        Count::Repeated | Count::Map => Count::Repeated,
        other @ (Count::Implicit | Count::Explicit | Count::Required) => other,
    }
}

/// A type as buf compares it: the keyword, or what kind of name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar(Scalar),
    Enum,
    Message,
    Group,
}

fn kind(end: &End<'_>) -> Kind {
    match end.field.kind {
        // Whether text is verified is another rule's.
        FieldKind::Scalar(Scalar::String(_)) => Kind::Scalar(Scalar::String(Utf8::Verified)),
        FieldKind::Scalar(scalar) => Kind::Scalar(scalar),
        FieldKind::Enum(_) => Kind::Enum,
        FieldKind::Message(_, Delimiting::LengthPrefixed) => Kind::Message,
        FieldKind::Message(_, Delimiting::Delimited) => Kind::Group,
    }
}

fn type_name<'a>(end: &End<'a>) -> &'a str {
    match end.field.kind {
        FieldKind::Scalar(_) => "",
        FieldKind::Message(id, _) => end.view.message(id).map_or("", |one| &one.full_name),
        FieldKind::Enum(_) => enumeration(end).map_or("", |one| &one.full_name),
    }
}

fn enumeration<'a>(end: &End<'a>) -> Option<&'a Enumeration> {
    let FieldKind::Enum(id) = end.field.kind else { return None };
    end.view.all.enums.get(usize::try_from(id.0).ok()?)
}

fn types_changed(old: &End<'_>, new: &End<'_>) -> Vec<&'static str> {
    let (was, is) = (kind(old), kind(new));
    let renamed = type_name(old) != type_name(new);
    if was == is && !renamed {
        return Vec::new();
    }
    let mut ids = vec!["FIELD_SAME_TYPE"];
    let subset = was == Kind::Enum && is == Kind::Enum && is_subset(old, new);
    let text_to_bytes =
        (was, is) == (Kind::Scalar(Scalar::String(Utf8::Verified)), Kind::Scalar(Scalar::Bytes));
    let grouped = |group: fn(Scalar) -> u8| match (was, is) {
        (Kind::Scalar(was), Kind::Scalar(is)) => {
            was == is || group(was) != 0 && group(was) == group(is)
        }
        _ => was == is && !renamed,
    };
    if !(subset || text_to_bytes || grouped(wire_group)) {
        ids.push("FIELD_WIRE_COMPATIBLE_TYPE");
    }
    if !(subset || grouped(json_group)) {
        ids.push("FIELD_WIRE_JSON_COMPATIBLE_TYPE");
    }
    ids
}

/// Whether another enumeration of the same short name has every value of the old one.
fn is_subset(old: &End<'_>, new: &End<'_>) -> bool {
    let (Some(was), Some(is)) = (enumeration(old), enumeration(new)) else { return false };
    let has =
        |name: &str, number: i32| is.values.numbered(number).any(|value| *value.name == *name);
    short(&was.full_name) == short(&is.full_name)
        && was.values.iter().all(|value| has(&value.name, value.number))
}

/// Scalars that buf takes for one on the wire; 0 stands by itself.
fn wire_group(scalar: Scalar) -> u8 {
    match scalar {
        Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => 1,
        Scalar::Sint32 | Scalar::Sint64 => 2,
        Scalar::Fixed32 | Scalar::Sfixed32 => 3,
        Scalar::Fixed64 | Scalar::Sfixed64 => 4,
        Scalar::Double | Scalar::Float | Scalar::String(_) | Scalar::Bytes => 0,
    }
}

/// Scalars that buf takes for one in bytes and JSON.
fn json_group(scalar: Scalar) -> u8 {
    match scalar {
        Scalar::Int32 | Scalar::Uint32 => 1,
        Scalar::Int64 | Scalar::Uint64 => 2,
        Scalar::Fixed32 | Scalar::Sfixed32 => 3,
        Scalar::Fixed64 | Scalar::Sfixed64 => 4,
        Scalar::Sint32
        | Scalar::Sint64
        | Scalar::Bool
        | Scalar::Double
        | Scalar::Float
        | Scalar::String(_)
        | Scalar::Bytes => 0,
    }
}

fn details_changed(old: &End<'_>, new: &End<'_>) -> Vec<&'static str> {
    let mut ids = Vec::new();
    let both = |wanted: fn(Scalar) -> bool| {
        [old, new].iter().all(|end| match end.field.kind {
            FieldKind::Scalar(scalar) => wanted(scalar),
            FieldKind::Enum(_) | FieldKind::Message(..) => false,
        })
    };
    let is_text = |scalar| matches!(scalar, Scalar::String(_));
    if both(is_text) {
        if old.field.kind != new.field.kind {
            ids.push("FIELD_SAME_UTF8_VALIDATION");
        }
        if verifies_in_java(old) != verifies_in_java(new) {
            ids.push("FIELD_SAME_JAVA_UTF8_VALIDATION");
        }
    }
    if both(|scalar| matches!(scalar, Scalar::String(_) | Scalar::Bytes))
        && cpp_type(old) != cpp_type(new)
    {
        ids.push("FIELD_SAME_CPP_STRING_TYPE");
    }
    let js_type = |end: &End<'_>| {
        option(&end.field.options, "jstype").map_or_else(|| "JS_NORMAL".to_owned(), text)
    };
    if both(is_wide) && js_type(old) != js_type(new) {
        ids.push("FIELD_SAME_JSTYPE");
    }
    if let (Some(was), Some(is)) = (default(old), default(new))
        && was != is
        && !(is_zero(&was) && is_zero(&is))
        && !same_content(old, new, (&was, &is))
    {
        ids.push("FIELD_SAME_DEFAULT");
    }
    ids
}

fn is_wide(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64
    )
}

/// What a field of one value reads as when it is absent.
fn default(end: &End<'_>) -> Option<Json> {
    if !matches!(end.field.cardinality, Cardinality::Singular(_)) {
        return None;
    }
    let stated = end.field.default.as_ref().map(|default| default.value.clone());
    match end.field.kind {
        FieldKind::Message(..) => None,
        FieldKind::Enum(_) => {
            let values = &enumeration(end)?.values;
            let named = stated.as_ref().and_then(|name| values.named(&text(name)));
            let number = named.or(values.first())?.number;
            Some(Json::Number(i64::from(number).into()))
        }
        FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes) => {
            Some(stated.unwrap_or_else(|| Json::string("")))
        }
        // buf takes it for 1 or 0.
        FieldKind::Scalar(Scalar::Bool) => {
            let truth = stated == Some(Json::Boolean(true));
            Some(Json::Number(i64::from(truth).into()))
        }
        FieldKind::Scalar(_) => Some(stated.unwrap_or_else(|| Json::Number(0_i64.into()))),
    }
}

/// Whether a text and bytes hold the same.
fn same_content(old: &End<'_>, new: &End<'_>, (was, is): (&Json, &Json)) -> bool {
    let encoded = |value: &Json| STANDARD.encode(text(value));
    match (old.field.kind, new.field.kind) {
        (FieldKind::Scalar(Scalar::String(_)), FieldKind::Scalar(Scalar::Bytes)) => {
            encoded(was) == text(is)
        }
        (FieldKind::Scalar(Scalar::Bytes), FieldKind::Scalar(Scalar::String(_))) => {
            encoded(is) == text(was)
        }
        _ => false,
    }
}

fn is_zero(default: &Json) -> bool {
    match default {
        Json::Null => true,
        Json::Boolean(value) => !value,
        Json::Number(number) => number.is_zero(),
        Json::String(text) => text.is_empty(),
        Json::Array(_) | Json::Object(_) => false,
    }
}

/// Whether generated Java refuses text that is not UTF-8.
fn verifies_in_java(end: &End<'_>) -> bool {
    let file = end.view.all.files.get(end.file);
    let by_file = file.is_some_and(|file| {
        option(&file.options, "java_string_check_utf8") == Some(&Json::Boolean(true))
    });
    let verified = end.field.kind == FieldKind::Scalar(Scalar::String(Utf8::Verified));
    verified
        || by_file
        || language_feature(end, "pb.java", "utf8_validation").as_deref() == Some("VERIFY")
}

/// What generated C++ holds text in.
fn cpp_type(end: &End<'_>) -> String {
    let by_option = option(&end.field.options, "ctype").map(text);
    let by_feature = || language_feature(end, "pb.cpp", "string_type");
    let syntax = end.view.all.files.get(end.file).map_or("", |file| &*file.syntax.value);
    let default = if syntax >= "2024" && !syntax.starts_with("proto") { "VIEW" } else { "STRING" };
    by_option.or_else(by_feature).unwrap_or_else(|| default.to_owned())
}

/// A feature of one language, set on the field or on its file.
fn language_feature(end: &End<'_>, extension: &str, feature: &str) -> Option<String> {
    let file = end.view.all.files.get(end.file);
    let holders = [Some(&end.field.options), file.map(|file| &file.options)];
    holders.into_iter().flatten().find_map(|options| {
        let features = option(options, "features")?;
        let set = member(features, &format!("[{extension}]"))?;
        member(set, feature).map(text)
    })
}
