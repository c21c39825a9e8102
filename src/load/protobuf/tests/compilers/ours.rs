//! The same facts of what we read.

use std::collections::BTreeMap;

use super::*;
use crate::load::protobuf::comments::Comment;
use crate::load::protobuf::parser::{parse, parse_comments};
use crate::load::protobuf::syntax::ImportKind;

/// What is declared, and where.
pub(super) fn facts(loaded: &Loaded, files: &BTreeSet<&str>) -> Facts {
    let mut facts = Facts::new();
    let mut own = Own { loaded, all: &loaded.contract.messages, files, facts: &mut facts };
    own.all_files();
    own.all_messages();
    own.all_enums();
    own.all_calls();
    facts
}

struct Own<'l> {
    loaded: &'l Loaded,
    all: &'l Messages,
    files: &'l BTreeSet<&'l str>,
    facts: &'l mut Facts,
}

impl<'l> Own<'l> {
    fn say(&mut self, fact: String) {
        self.facts.insert(fact);
    }

    fn is_wanted(&self) -> impl Fn(usize) -> bool + use<'l> {
        let (all, files) = (self.all, self.files);
        move |file| files.contains(&*all.files[file].path)
    }

    fn at(&mut self, what: &str, span: Span) {
        let file = self.loaded.files.get(span.file).unwrap();
        self.facts.insert(format!("{}: {what} at {}", file.path, place(file, span)));
    }

    fn all_files(&mut self) {
        let is_wanted = self.is_wanted();
        for (index, file) in self.all.files.iter().enumerate() {
            if !is_wanted(index) {
                continue;
            }
            let MessageFile { path, package, syntax, .. } = file;
            self.say(format!("{path} {} package {}", syntax.value, package.value));
            self.options(path, &file.options);
            let text = &self.loaded.files.get(file.span.file).unwrap().text;
            let (tree, _) = parse(file.span.file, text);
            for commented in parse_comments(file.span.file, text).held {
                let source = self.loaded.files.get(file.span.file).unwrap();
                let span = Span { start: commented.start, end: commented.start, ..file.span };
                let text = |comment: Comment| comment.text;
                let start = place(source, span);
                let (leading, trailing) =
                    (commented.leading.map(text), commented.trailing.map(text));
                let detached: Vec<String> = commented.detached.into_iter().map(text).collect();
                self.facts.extend(comments(
                    path,
                    &start,
                    leading.as_deref(),
                    trailing.as_deref(),
                    &detached,
                ));
            }
            for import in &tree.imports {
                self.say(format!("{path} imports {} {:?}", import.path, import.kind));
                if import.kind != ImportKind::Option {
                    self.at(&format!("import {}", import.path), import.span);
                }
            }
        }
    }

    fn all_messages(&mut self) {
        let (all, is_wanted) = (self.all, self.is_wanted());
        for message in all.messages.iter().filter(|message| is_wanted(message.file)) {
            let name = &message.full_name;
            let entry = message.kind == MessageKind::MapEntry;
            self.say(format!("message {name} entry: {entry} {:?}", message.json_format));
            if !entry {
                self.at(name, message.span);
                self.at(&format!("{name} name"), message.name_span);
                self.options(name, &message.options);
            }
            for field in &message.fields {
                let oneof = field.oneof.map(|oneof| &*message.oneofs[oneof].name);
                self.field(name, field, oneof, message.kind);
            }
            for oneof in &message.oneofs {
                let what = format!("{name} oneof {}", oneof.name);
                self.at(&what, oneof.span);
                self.options(&what, &oneof.options);
            }
            for (word, ranges) in
                [("reserved", &message.reserved_numbers), ("extensions", &message.extension_ranges)]
            {
                for range in ranges {
                    let what = format!("{name} {word} {}-{}", range.value.0, range.value.1);
                    self.at(&what, range.span);
                    self.say(what);
                }
            }
            self.reserved_names(name, &message.reserved_names);
        }
        for extension in all.extensions.iter().filter(|extension| is_wanted(extension.file)) {
            let full_name = &extension.full_name;
            let extendee = &all.messages[extension.extendee.0 as usize].full_name;
            self.say(format!("{full_name} extends {extendee}"));
            let scope = full_name.rsplit_once('.').map_or("", |(scope, _)| scope);
            self.field(scope, &extension.field, None, MessageKind::Declared);
        }
    }

    fn reserved_names(&mut self, owner: &str, names: &[Stated<Arc<str>>]) {
        for reserved in names {
            let what = format!("{owner} reserved {}", reserved.value);
            self.at(&what, reserved.span);
            self.say(what);
        }
    }

    fn all_enums(&mut self) {
        let (all, is_wanted) = (self.all, self.is_wanted());
        for declared in all.enums.iter().filter(|declared| is_wanted(declared.file)) {
            let name = &declared.full_name;
            self.say(format!("enum {name} {:?}", declared.openness.value));
            self.at(name, declared.span);
            self.at(&format!("{name} name"), declared.name_span);
            self.options(name, &declared.options);
            for value in &declared.values {
                let what = format!("{name} value {}", value.name);
                self.at(&what, value.span);
                self.options(&what, &value.options);
                self.say(format!("{what} {}", value.number));
            }
            for range in &declared.reserved_numbers {
                let what = format!("{name} reserved {}-{}", range.value.0, range.value.1);
                self.at(&what, range.span);
                self.say(what);
            }
            self.reserved_names(name, &declared.reserved_names);
        }
        for service in all.services.iter().filter(|service| is_wanted(service.file)) {
            self.at(&service.full_name, service.span);
            self.at(&format!("{} name", service.full_name), service.name_span);
            self.options(&service.full_name, &service.options);
        }
    }

    fn all_calls(&mut self) {
        let (all, is_wanted) = (self.all, self.is_wanted());
        for operation in &self.loaded.contract.operations {
            let Exchange::Call(call) = &operation.exchange else { panic!("no call") };
            let service =
                all.services.iter().find(|found| found.full_name == call.service).unwrap();
            if !is_wanted(service.file) {
                continue;
            }
            let side = |side: &Streamed| {
                let name = &all.messages[side.message.0 as usize].full_name;
                format!("{name} {:?}", side.streaming)
            };
            let (request, response) = (side(&call.request), side(&call.response));
            self.say(format!("{} {request} {response}", call.route));
            self.at(&call.route, operation.span);
            for option in call.options.iter().map(|option| option.span) {
                self.at(&format!("{} option", call.route), option);
            }
            if let Some(deprecated) = operation.lifecycle.deprecated {
                self.at(&format!("{} option", call.route), deprecated);
            }
            self.at(&format!("{} request", call.route), call.request.span);
            self.at(&format!("{} response", call.route), call.response.span);
        }
    }

    /// Where options are set, but those that are resolved as features. Of an option that is set part by
    /// part the last part counts.
    fn options(&mut self, owner: &str, options: &BTreeMap<Arc<str>, Stated<Json>>) {
        for (_, option) in options.iter().filter(|(name, _)| !name.starts_with("features")) {
            self.at(&format!("{owner} option"), option.span);
        }
    }

    fn field(&mut self, owner: &str, field: &Field, oneof: Option<&str>, kind: MessageKind) {
        let what = if owner.is_empty() {
            field.name.to_string()
        } else {
            format!("{owner}.{}", field.name)
        };
        let utf8 = match field.kind {
            FieldKind::Scalar(Scalar::String(Utf8::Verified)) => "Verify",
            FieldKind::Scalar(Scalar::String(Utf8::Unverified)) => "None",
            FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_) => "",
        };
        let cardinality = match field.cardinality {
            // Readers of an entry take what is missing for its default, whatever is said of it.
            _ if kind == MessageKind::MapEntry => String::new(),
            Cardinality::Map => "Map".to_owned(),
            Cardinality::Repeated(packing) => {
                format!("Repeated packed: {}", packing == Packing::Packed)
            }
            Cardinality::Singular(Presence::Required) => "LegacyRequired".to_owned(),
            Cardinality::Singular(presence) => format!("{presence:?}"),
        };
        let (number, json) = (field.number.get(), &field.json_name);
        let (shape, default) = (shape(self.all, field), field.default.is_some());
        self.say(format!(
            "{what} {json} {number} {shape} {utf8} {cardinality} {oneof:?} {default}"
        ));
        if kind != MessageKind::MapEntry {
            self.at(&what, field.span);
            self.at(&format!("{what} name"), field.name_span);
            self.at(&format!("{what} number"), field.number_span);
            self.at(&format!("{what} type"), field.type_span);
            self.options(&what, &field.options);
        }
    }
}

fn shape(all: &Messages, field: &Field) -> String {
    match field.kind {
        FieldKind::Scalar(Scalar::String(_)) => "String".to_owned(),
        FieldKind::Scalar(scalar) => format!("{scalar:?}"),
        FieldKind::Enum(id) => format!("Enum {}", all.enums[id.0 as usize].full_name),
        FieldKind::Message(id, delimiting) => {
            let word = match delimiting {
                Delimiting::Delimited => "Delimited",
                Delimiting::LengthPrefixed => "Message",
            };
            format!("{word} {}", all.messages[id.0 as usize].full_name)
        }
    }
}

/// What is declared, the values of options and defaults with it, and not where.
pub(super) fn meaning(loaded: &Loaded, files: &BTreeSet<&str>) -> Facts {
    let placeless = facts(loaded, files).into_iter().filter(|fact| !fact.contains(" at "));
    let mut facts: Facts = placeless.collect();
    let all = &loaded.contract.messages;
    let wanted = |file: usize| files.contains(&*all.files[file].path);
    let mut options = |owner: &str, options: &BTreeMap<Arc<str>, Stated<Json>>| {
        facts.extend(
            options.iter().map(|(name, value)| format!("{owner} {name} = {}", told(&value.value))),
        );
    };
    for file in all.files.iter().filter(|file| files.contains(&*file.path)) {
        options(&file.path, &file.options);
    }
    for message in all.messages.iter().filter(|message| wanted(message.file)) {
        let name = &message.full_name;
        options(name, &message.options);
        message
            .oneofs
            .iter()
            .for_each(|oneof| options(&format!("{name}.{}", oneof.name), &oneof.options));
        message
            .fields
            .iter()
            .for_each(|field| options(&format!("{name}.{}", field.name), &field.options));
    }
    for declared in all.enums.iter().filter(|declared| wanted(declared.file)) {
        options(&declared.full_name, &declared.options);
        for value in &declared.values {
            options(&format!("{} {}", declared.full_name, value.name), &value.options);
        }
    }
    for service in all.services.iter().filter(|service| wanted(service.file)) {
        options(&service.full_name, &service.options);
    }
    for extension in all.extensions.iter().filter(|extension| wanted(extension.file)) {
        options(&extension.full_name, &extension.field.options);
    }
    let fields = all.messages.iter().filter(|message| wanted(message.file)).flat_map(|message| {
        message.fields.iter().map(|field| (format!("{}.{}", message.full_name, field.name), field))
    });
    let extensions = all.extensions.iter().filter(|extension| wanted(extension.file));
    let extensions =
        extensions.map(|extension| (extension.full_name.to_string(), &extension.field));
    for (name, field) in fields.chain(extensions) {
        facts.extend(
            field.default.iter().map(|value| format!("{name} default {}", told(&value.value))),
        );
    }
    for operation in &loaded.contract.operations {
        let Exchange::Call(call) = &operation.exchange else { panic!("no call") };
        let service = all.services.iter().find(|found| found.full_name == call.service).unwrap();
        if !wanted(service.file) {
            continue;
        }
        let deprecated = operation.lifecycle.deprecated.is_some();
        facts.insert(format!("{} {:?} deprecated: {deprecated}", call.route, call.idempotency));
        for option in &call.options {
            facts.insert(format!("{} {} = {}", call.route, option.value.0, told(&option.value.1)));
        }
    }
    facts
}

/// A value, with numbers as what they are and not as they were written.
fn told(value: &Json) -> String {
    match value {
        Json::Number(number) => {
            let text = number.to_string();
            let whole = text.contains('.') && !text.contains(['e', 'E']);
            if whole { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
        Json::Array(elements) => format!("{:?}", elements.iter().map(told).collect::<Vec<_>>()),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| (name, told(value)));
            format!("{:?}", members.collect::<Vec<_>>())
        }
        Json::Null | Json::Boolean(_) | Json::String(_) => value.to_string(),
    }
}
