//! What `extensions …` says of those who may take its numbers.
//!
//! <https://protobuf.dev/programming-guides/extension_declarations/>

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Resolver;
use super::field::scalar;
use crate::load::protobuf::syntax::{LiteralValue, Member, Setting};
use crate::model::{
    Cardinality, DeclaredExtension, Extension, ExtensionTerms, FieldKind, Json, Message,
    MessageKind, Messages, Stated, Utf8,
};
use crate::source::Span;

impl Resolver<'_, '_> {
    /// Tells of declarations of extensions that declare nothing.
    pub(super) fn check_declarations(&mut self, given: &[Setting<'_>], ranges: usize) {
        let named = |setting: &&Setting<'_>, name: &str| matches!(&setting.name[..], [only] if !only.extension && only.word.text == name);
        let mut any = None;
        for setting in given.iter().filter(|setting| named(setting, "declaration")) {
            any = Some(setting.span);
            if let LiteralValue::Message(members) = &setting.value.value {
                self.check_declaration(members, setting.span);
            }
        }
        let Some(span) = any else { return };
        if ranges > 1 {
            let message = "what is declared is declared of one range at a time".to_owned();
            self.part(span, message);
        }
        let is_open = |setting: &&Setting<'_>| {
            matches!(setting.value.value, LiteralValue::Word("UNVERIFIED"))
        };
        let mut open = given.iter().filter(|setting| named(setting, "verification"));
        if let Some(setting) = open.find(is_open) {
            let message = "a range that declares extensions is verified".to_owned();
            self.part(setting.span, message);
        }
    }

    fn check_declaration(&mut self, members: &[Member<'_>], span: Span) {
        let known = ["number", "full_name", "type", "reserved", "repeated"];
        let mut told: Vec<(Span, String)> = Vec::new();
        let mut set: BTreeMap<&str, &LiteralValue<'_>> = BTreeMap::new();
        for member in members {
            let name = &*member.name.text;
            let message = if member.extension || !known.contains(&name) {
                format!("a declaration of an extension has no `{name}`")
            } else if set.insert(name, &member.value.value).is_some() {
                format!("`{name}` is set twice")
            } else if matches!(name, "full_name" | "type") {
                if let LiteralValue::Text(text) = &member.value.value
                    && is_declared_name(name, text)
                {
                    continue;
                }
                format!("`{name}` takes a full name, with a dot before it")
            } else {
                continue;
            };
            told.push((member.name.span, message));
        }
        let has = |name: &str| set.contains_key(name);
        let is_reserved = matches!(set.get("reserved"), Some(LiteralValue::Word("true")));
        if !has("number") {
            told.push((span, "a declaration of an extension has a number".to_owned()));
        }
        if has("full_name") != has("type") || !has("full_name") && !is_reserved {
            let message = "an extension is declared with both its `full_name` and its `type`";
            told.push((span, message.to_owned()));
        }
        for (span, message) in told {
            self.part(span, message);
        }
    }
}

/// Whether this names an extension, or the type of one: a scalar, or what is called so in full.
fn is_declared_name(member: &str, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let is_scalar = text == "enum" || scalar(text, Utf8::Verified).is_some();
    let is_part = |part: &str| {
        let is_inside = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
        !part.is_empty() && part.bytes().all(is_inside)
    };
    member == "type" && is_scalar
        || text.strip_prefix('.').is_some_and(|name| name.split('.').all(is_part))
}

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

/// Declarations of numbers outside of their ranges, and extensions that are not as declared.
pub(super) fn undeclared(
    messages: &Messages,
    is_own: impl Fn(usize) -> bool,
) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for message in messages.messages.iter().filter(|message| is_own(message.file)) {
        for terms in &message.extension_terms {
            let outside = numbers(terms).filter(|number| !covers(message, terms, *number));
            found.extend(outside.map(|number| {
                (terms.span, format!("the number {number} is declared outside of its range"))
            }));
        }
    }
    for extension in messages.extensions.iter().filter(|extension| is_own(extension.file)) {
        let extendee = usize::try_from(extension.extendee.0).unwrap_or(usize::MAX);
        let Some(extendee) = messages.messages.get(extendee) else { continue };
        let number = extension.field.number.get();
        let mut terms = extendee.extension_terms.iter();
        let Some(declared) = terms
            .find(|terms| covers(extendee, terms, number))
            .and_then(|terms| terms.declared.as_ref())
        else {
            continue;
        };
        let expected = match declared.get(&number) {
            None => "no extension".to_owned(),
            Some(DeclaredExtension::Reserved) => "that no extension takes it again".to_owned(),
            Some(declared) if is_as_declared(messages, extension, declared) => continue,
            Some(DeclaredExtension::Taken { name, kind, repeated }) => {
                let repeated = if *repeated { "repeated " } else { "" };
                format!("`{repeated}{kind} {name}`")
            }
        };
        let name = &extendee.full_name;
        let message = format!("`{name}` declares {expected} for the number {number}");
        found.push((extension.field.number_span, message));
    }
    found
}

fn numbers(terms: &ExtensionTerms) -> impl Iterator<Item = u32> {
    terms.declared.iter().flat_map(|declared| declared.keys().copied())
}

fn covers(message: &Message, terms: &ExtensionTerms, number: u32) -> bool {
    let ranges = message.extension_ranges.get(terms.ranges.clone()).unwrap_or_default();
    ranges.iter().any(|range| (range.value.0..=range.value.1).contains(&number))
}

fn is_as_declared(
    messages: &Messages,
    extension: &Extension,
    declared: &DeclaredExtension,
) -> bool {
    let DeclaredExtension::Taken { name, kind, repeated } = declared else { return false };
    let called = |id: u32| usize::try_from(id).unwrap_or(usize::MAX);
    let is_type = match extension.field.kind {
        FieldKind::Scalar(scalar) => scalar.name() == &**kind,
        FieldKind::Message(id, _) => {
            let message = messages.messages.get(called(id.0));
            let is_it = |one: &Message| kind.strip_prefix('.') == Some(&one.full_name);
            message.is_none_or(|one| one.kind == MessageKind::Unseen || is_it(one))
        }
        FieldKind::Enum(id) => {
            let declared = messages.enums.get(called(id.0));
            declared.is_none_or(|one| kind.strip_prefix('.') == Some(&one.full_name))
        }
    };
    let is_repeated = !matches!(extension.field.cardinality, Cardinality::Singular(_));
    is_type && is_repeated == *repeated && name.strip_prefix('.') == Some(&extension.full_name)
}
