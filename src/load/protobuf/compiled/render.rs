//! A compiled file as the text that it was compiled from, as far as that can be told.

use super::layout::{DescriptorPath, Layout, Places, quoted};
use super::options::Schema;
use crate::load::protobuf::descriptor::{
    EnumProto, FieldProto, FileProto, MessageProto, MethodProto, RangeProto, ServiceProto,
};

/// The text of a file, and the number of an option in it that nothing declares.
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) undeclared: Option<u32>,
}

/// Writes the text of a compiled file; without a schema, without options.
pub(super) fn render(file: &FileProto, schema: Option<&Schema>) -> Rendered {
    let mut renderer = Renderer {
        places: Places::of(file),
        out: Layout::default(),
        schema,
        undeclared: None,
        editions: file.edition.is_some_and(|edition| edition >= EDITION_2023),
        is_proto3: file.syntax.as_deref() == Some("proto3"),
    };
    renderer.file(file);
    Rendered { text: renderer.out.into_text(), undeclared: renderer.undeclared }
}

const EDITION_2023: i32 = 1_000;

pub(super) struct Renderer<'d> {
    pub(super) places: Places<'d>,
    pub(super) out: Layout,
    pub(super) schema: Option<&'d Schema>,
    pub(super) undeclared: Option<u32>,
    pub(super) editions: bool,
    pub(super) is_proto3: bool,
}

/// Something that stands in a file or a message, by the field of its list and its index.
type Item<'d> = (DescriptorPath, Declared<'d>);

enum Declared<'d> {
    Message(&'d MessageProto),
    Enum(&'d EnumProto),
    Service(&'d ServiceProto),
    Extension(&'d FieldProto),
    Field(&'d FieldProto),
    Oneof(usize),
}

/// The path of the element at this index of a list.
pub(super) fn child(path: &[i32], list: i32, index: usize) -> DescriptorPath {
    let mut path = path.to_vec();
    path.extend([list, i32::try_from(index).unwrap_or(i32::MAX)]);
    path
}

fn items<'d, T>(
    path: &[i32],
    list: i32,
    elements: &'d [T],
    wrap: impl Fn(&'d T) -> Declared<'d>,
) -> Vec<Item<'d>> {
    let elements = elements.iter().enumerate();
    elements.map(|(index, one)| (child(path, list, index), wrap(one))).collect()
}

impl<'d> Renderer<'d> {
    fn file(&mut self, file: &'d FileProto) {
        let edition = file.edition.filter(|_| self.editions);
        let (keyword, name, path) = match (edition, file.syntax.as_deref()) {
            (Some(edition), _) => ("edition", edition_name(edition), [14]),
            (None, Some(syntax)) if !syntax.is_empty() => ("syntax", syntax.to_owned(), [12]),
            (None, _) => ("syntax", "proto2".to_owned(), [12]),
        };
        self.begin(&path);
        self.out.push(&format!("{keyword} = {};", quoted(name.as_bytes())));
        self.aside(&path);
        if let Some(package) = file.package.as_deref().filter(|package| !package.is_empty()) {
            self.statement(&[2], &format!("package {package};"));
        }
        let listed = |list: &[i32], index: usize| {
            list.iter().any(|one| usize::try_from(*one).ok() == Some(index))
        };
        for (index, import) in file.dependency.iter().enumerate() {
            let word = if listed(&file.public_dependency, index) {
                "public "
            } else if listed(&file.weak_dependency, index) {
                "weak "
            } else {
                ""
            };
            let text = format!("import {word}{};", quoted(import.as_bytes()));
            self.statement(&child(&[], 3, index), &text);
        }
        for (index, import) in file.option_dependency.iter().enumerate() {
            let text = format!("import option {};", quoted(import.as_bytes()));
            self.statement(&child(&[], 15, index), &text);
        }
        self.option_statements("FileOptions", file.options.as_deref(), &[8]);
        let mut declared = items(&[], 4, &file.message_type, Declared::Message);
        declared.extend(items(&[], 5, &file.enum_type, Declared::Enum));
        declared.extend(items(&[], 6, &file.service, Declared::Service));
        declared.extend(items(&[], 7, &file.extension, Declared::Extension));
        let groups = groups_of(&file.extension, None);
        self.all(declared, &file.message_type, &groups);
    }

    /// Writes declarations in the order in which they stood; `groups` are written with their fields.
    fn all(&mut self, mut items: Vec<Item<'d>>, nested: &'d [MessageProto], groups: &[String]) {
        items.sort_by_key(|(path, _)| self.places.start(path));
        for item in items {
            self.one(item, nested, groups);
        }
    }

    fn one(&mut self, (path, declared): Item<'d>, nested: &'d [MessageProto], groups: &[String]) {
        match declared {
            Declared::Message(message) => {
                let name = message.name.as_deref().unwrap_or_default();
                if !is_map_entry(message) && !groups.iter().any(|group| group == name) {
                    self.message(message, &path);
                }
            }
            Declared::Enum(one) => self.enumeration(one, &path),
            Declared::Service(one) => self.service(one, &path),
            Declared::Extension(field) => {
                self.begin(&path);
                let extendee = field.extendee.as_deref().unwrap_or_default();
                self.out.push(&format!("extend {extendee} {{"));
                self.field(field, &path, nested, InOneof::No);
                self.out.space();
                self.out.push("}");
            }
            Declared::Field(field) => self.field(field, &path, nested, InOneof::No),
            Declared::Oneof(_) => {}
        }
    }

    fn message(&mut self, message: &'d MessageProto, path: &[i32]) {
        self.begin(path);
        self.visibility(message.visibility);
        self.out.push(&format!("message {} {{", message.name.as_deref().unwrap_or_default()));
        self.body(message, path);
        self.out.close(self.places.end(path));
    }

    /// What stands between the braces of a message.
    pub(super) fn body(&mut self, message: &'d MessageProto, path: &[i32]) {
        self.aside(path);
        let mut option_path = path.to_vec();
        option_path.push(7);
        self.option_statements("MessageOptions", message.options.as_deref(), &option_path);
        self.extension_ranges(&message.extension_range, path);
        self.ranges("reserved", &message.reserved_range, Ends::Beyond, &child(path, 9, 0));
        self.reserved_names(&message.reserved_name, &child(path, 10, 0));
        let mut declared = items(path, 3, &message.nested_type, Declared::Message);
        declared.extend(items(path, 4, &message.enum_type, Declared::Enum));
        declared.extend(items(path, 6, &message.extension, Declared::Extension));
        let mut opened = Vec::new();
        for (index, field) in message.field.iter().enumerate() {
            let oneof = real_oneof(field);
            match oneof {
                None => declared.push((child(path, 2, index), Declared::Field(field))),
                Some(oneof) if !opened.contains(&oneof) => {
                    opened.push(oneof);
                    declared.push((child(path, 8, oneof), Declared::Oneof(oneof)));
                }
                Some(_) => {}
            }
        }
        let groups = groups_of(&message.field, Some(&message.extension));
        declared.sort_by_key(|(path, _)| self.places.start(path));
        for (at, one) in declared {
            if let Declared::Oneof(oneof) = one {
                self.oneof(message, oneof, path, &at);
            } else {
                self.one((at, one), &message.nested_type, &groups);
            }
        }
    }

    fn oneof(&mut self, message: &'d MessageProto, oneof: usize, path: &[i32], at: &[i32]) {
        let Some(declared) = message.oneof_decl.get(oneof) else { return };
        self.begin(at);
        self.out.push(&format!("oneof {} {{", declared.name.as_deref().unwrap_or_default()));
        self.aside(at);
        let mut option_path = at.to_vec();
        option_path.push(2);
        self.option_statements("OneofOptions", declared.options.as_deref(), &option_path);
        for (index, field) in message.field.iter().enumerate() {
            if real_oneof(field) == Some(oneof) {
                self.field(field, &child(path, 2, index), &message.nested_type, InOneof::Yes);
            }
        }
        self.out.close(self.places.end(at));
    }

    fn enumeration(&mut self, one: &'d EnumProto, path: &[i32]) {
        self.begin(path);
        self.visibility(one.visibility);
        self.out.push(&format!("enum {} {{", one.name.as_deref().unwrap_or_default()));
        self.aside(path);
        let mut option_path = path.to_vec();
        option_path.push(3);
        self.option_statements("EnumOptions", one.options.as_deref(), &option_path);
        self.ranges("reserved", &one.reserved_range, Ends::Within, &child(path, 4, 0));
        self.reserved_names(&one.reserved_name, &child(path, 5, 0));
        for (index, value) in one.value.iter().enumerate() {
            let at = child(path, 2, index);
            let (name, number) = (value.name.as_deref().unwrap_or_default(), value.number);
            let options = self.bracketed("EnumValueOptions", value.options.as_deref(), Vec::new());
            let text = format!("{name} = {}{options};", number.unwrap_or_default());
            self.statement(&at, &text);
        }
        self.out.close(self.places.end(path));
    }

    fn service(&mut self, one: &'d ServiceProto, path: &[i32]) {
        self.begin(path);
        self.out.push(&format!("service {} {{", one.name.as_deref().unwrap_or_default()));
        self.aside(path);
        let mut option_path = path.to_vec();
        option_path.push(3);
        self.option_statements("ServiceOptions", one.options.as_deref(), &option_path);
        for (index, method) in one.method.iter().enumerate() {
            self.method(method, &child(path, 2, index));
        }
        self.out.close(self.places.end(path));
    }

    fn method(&mut self, method: &'d MethodProto, path: &[i32]) {
        self.begin(path);
        let side = |streams: Option<bool>, name: Option<&str>| {
            let word = if streams == Some(true) { "stream " } else { "" };
            format!("({word}{})", name.unwrap_or_default())
        };
        let request = side(method.client_streaming, method.input_type.as_deref());
        let response = side(method.server_streaming, method.output_type.as_deref());
        let name = method.name.as_deref().unwrap_or_default();
        self.out.push(&format!("rpc {name} {request} returns {response}"));
        let Some(options) = method.options.as_deref().filter(|_| self.schema.is_some()) else {
            self.out.push(";");
            self.aside(path);
            return;
        };
        self.out.push(" {");
        self.aside(path);
        let mut option_path = path.to_vec();
        option_path.push(4);
        self.option_statements("MethodOptions", Some(options), &option_path);
        self.out.close(self.places.end(path));
    }

    fn visibility(&mut self, visibility: Option<i32>) {
        match visibility {
            Some(1) => self.out.push("local "),
            Some(2) => self.out.push("export "),
            Some(_) | None => {}
        }
    }

    /// Ranges that say the same in one statement, as they were written.
    fn extension_ranges(&mut self, ranges: &[RangeProto], path: &[i32]) {
        let mut first = 0;
        for alike in ranges.chunk_by(|one, next| one.options == next.options) {
            let options = alike.first().and_then(|range| range.options.as_deref());
            let options = self.bracketed("ExtensionRangeOptions", options, Vec::new());
            let words = range_words(alike, Ends::Beyond).join(", ");
            self.statement(&child(path, 5, first), &format!("extensions {words}{options};"));
            first += alike.len();
        }
    }

    fn ranges(&mut self, word: &str, ranges: &[RangeProto], ends: Ends, path: &[i32]) {
        let words = range_words(ranges, ends);
        if !words.is_empty() {
            self.statement(path, &format!("{word} {};", words.join(", ")));
        }
    }

    fn reserved_names(&mut self, names: &[String], path: &[i32]) {
        let words: Vec<String> = names
            .iter()
            .map(|name| if self.editions { name.clone() } else { quoted(name.as_bytes()) })
            .collect();
        if !words.is_empty() {
            self.statement(path, &format!("reserved {};", words.join(", ")));
        }
    }

    pub(super) fn option_statements(
        &mut self,
        message: &str,
        options: Option<&[u8]>,
        path: &[i32],
    ) {
        for (name, value) in self.settings(message, options) {
            self.out.go(self.places.start(path));
            self.out.push(&format!("option {name} = {value};"));
        }
    }

    /// A declaration that is one statement.
    fn statement(&mut self, path: &[i32], text: &str) {
        self.begin(path);
        self.out.push(text);
        self.aside(path);
    }

    /// Goes to where a declaration stood, the comments before it first.
    pub(super) fn begin(&mut self, path: &[i32]) {
        let place = self.places.start(path);
        if let Some(location) = self.places.comments(path) {
            for comment in &location.leading_detached_comments {
                self.out.comment(comment, None);
                self.out.comment("", None);
            }
            if let Some(comment) = &location.leading_comments {
                self.out.comment(comment, place);
            }
        }
        self.out.go(place);
    }

    /// The comment behind a declaration or its opening brace.
    pub(super) fn aside(&mut self, path: &[i32]) {
        let comments = self.places.comments(path);
        if let Some(comment) = comments.and_then(|comments| comments.trailing_comments.as_ref()) {
            self.out.aside(comment);
        }
    }
}

fn range_words(ranges: &[RangeProto], ends: Ends) -> Vec<String> {
    let beyond = match ends {
        Ends::Beyond => 1,
        Ends::Within => 0,
    };
    let word = |range: &RangeProto| {
        let first = range.start.unwrap_or_default();
        let last = range.end.unwrap_or_default().saturating_sub(beyond);
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    ranges.iter().map(word).collect()
}

/// Whether the end of a range belongs to it.
#[derive(Clone, Copy)]
enum Ends {
    Within,
    Beyond,
}

/// Whether a field is written inside its oneof.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum InOneof {
    Yes,
    No,
}

/// The oneof of a field, unless it is one that proto3's `optional` brought with it.
fn real_oneof(field: &FieldProto) -> Option<usize> {
    let oneof = field.oneof_index.filter(|_| field.proto3_optional != Some(true))?;
    usize::try_from(oneof).ok()
}

pub(super) fn is_map_entry(message: &MessageProto) -> bool {
    use prost::Message as _;
    let options = message.options.as_deref().unwrap_or_default();
    let options = crate::load::protobuf::descriptor::MessageOptions::decode(options);
    options.is_ok_and(|options| options.map_entry == Some(true))
}

/// The names of the messages that fields declare as groups.
fn groups_of(fields: &[FieldProto], extensions: Option<&[FieldProto]>) -> Vec<String> {
    let all = fields.iter().chain(extensions.unwrap_or_default());
    let groups = all.filter(|field| field.r#type == Some(super::field::GROUP));
    groups.filter_map(super::field::short_type).map(str::to_owned).collect()
}

fn edition_name(edition: i32) -> String {
    match edition {
        EDITION_2023 => "2023".to_owned(),
        1_001 => "2024".to_owned(),
        1_002 => "2026".to_owned(),
        other => other.to_string(),
    }
}
