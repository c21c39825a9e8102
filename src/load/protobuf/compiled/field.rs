//! Compiled fields as text.

use super::layout::quoted;
use super::render::{InOneof, Renderer, is_map_entry};
use crate::load::protobuf::descriptor::{FieldProto, MessageProto};
use crate::load::protobuf::resolve::json_name;

/// `FieldDescriptorProto.TYPE_GROUP`
pub(super) const GROUP: i32 = 10;

/// The keyword of a `FieldDescriptorProto.Type`; `None` where a name says it.
fn keyword(kind: i32) -> Option<&'static str> {
    Some(match kind {
        1 => "double",
        2 => "float",
        3 => "int64",
        4 => "uint64",
        5 => "int32",
        6 => "fixed64",
        7 => "fixed32",
        8 => "bool",
        9 => "string",
        12 => "bytes",
        13 => "uint32",
        15 => "sfixed32",
        16 => "sfixed64",
        17 => "sint32",
        18 => "sint64",
        _ => return None,
    })
}

/// The last part of the name of a field's type.
pub(super) fn short_type(field: &FieldProto) -> Option<&str> {
    field.type_name.as_deref()?.rsplit('.').next()
}

impl<'d> Renderer<'d> {
    /// A field; `nested` are the messages declared beside it.
    pub(super) fn field(
        &mut self,
        field: &'d FieldProto,
        path: &[i32],
        nested: &'d [MessageProto],
        oneof: InOneof,
    ) {
        self.begin(path);
        let name = field.name.as_deref().unwrap_or_default();
        let beside = |field: &FieldProto| {
            let wanted = short_type(field)?;
            nested.iter().enumerate().find(|(_, one)| one.name.as_deref() == Some(wanted))
        };
        let found = beside(field);
        let entry = found.map(|(_, message)| message).filter(|message| {
            is_map_entry(message) && field.label == Some(3) && field.extendee.is_none()
        });
        let group = field.r#type == Some(GROUP) && !self.editions;
        let number = field.number.unwrap_or_default();
        if let Some(entry) = entry {
            let part = |number: i32| {
                let part = entry.field.iter().find(|part| part.number == Some(number));
                part.map_or_else(String::new, type_word)
            };
            self.out.push(&format!("map<{}, {}> {name} = {number}", part(1), part(2)));
        } else {
            let label = self.label(field, oneof);
            let (kind, name) = if group {
                ("group".to_owned(), short_type(field).unwrap_or_default())
            } else {
                (type_word(field), name)
            };
            self.out.push(&format!("{label}{kind} {name} = {number}"));
        }
        let options = self.field_options(field);
        self.out.push(&options);
        if let Some((at, message)) = found.filter(|_| group) {
            self.out.push(" {");
            let mut inside = path.to_vec();
            inside.truncate(path.len().saturating_sub(2));
            let list = if inside.is_empty() { 4 } else { 3 };
            self.body(message, &super::render::child(&inside, list, at));
            self.out.close(self.places.end(path));
        } else {
            self.out.push(";");
            self.aside(path);
        }
    }

    fn label(&self, field: &FieldProto, oneof: InOneof) -> &'static str {
        match field.label {
            Some(3) => "repeated ",
            _ if oneof == InOneof::Yes || self.editions => "",
            Some(2) => "required ",
            _ if self.is_proto3 && field.proto3_optional != Some(true) => "",
            _ => "optional ",
        }
    }

    fn field_options(&mut self, field: &FieldProto) -> String {
        let mut own = Vec::new();
        let name = field.name.as_deref().unwrap_or_default();
        let json = field.json_name.as_deref();
        // Extensions are `[pkg.name]` in JSON whatever is said here.
        if let Some(json) = json.filter(|json| **json != *json_name(name))
            && field.extendee.is_none()
        {
            own.push(("json_name".to_owned(), quoted(json.as_bytes())));
        }
        if let Some(default) = field.default_value.as_deref() {
            own.push(("default".to_owned(), default_text(field, default)));
        }
        if self.editions && field.label == Some(2) {
            own.push(("features.field_presence".to_owned(), "LEGACY_REQUIRED".to_owned()));
        }
        if self.editions && field.r#type == Some(GROUP) {
            own.push(("features.message_encoding".to_owned(), "DELIMITED".to_owned()));
        }
        self.bracketed("FieldOptions", field.options.as_deref(), own)
    }

    /// Options in brackets, or nothing.
    pub(super) fn bracketed(
        &mut self,
        message: &str,
        options: Option<&[u8]>,
        mut own: Vec<(String, String)>,
    ) -> String {
        own.extend(self.settings(message, options));
        if own.is_empty() {
            return String::new();
        }
        let words: Vec<String> =
            own.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
        format!(" [{}]", words.join(", "))
    }

    /// The options that these bytes set, by name and value.
    pub(super) fn settings(
        &mut self,
        message: &str,
        options: Option<&[u8]>,
    ) -> Vec<(String, String)> {
        let (Some(schema), Some(bytes)) = (self.schema, options) else { return Vec::new() };
        let super::options::Settings { written, undeclared } = schema.settings(message, bytes);
        self.undeclared = self.undeclared.or(undeclared);
        written
    }
}

fn type_word(field: &FieldProto) -> String {
    match keyword(field.r#type.unwrap_or_default()) {
        Some(word) => word.to_owned(),
        None => field.type_name.clone().unwrap_or_default(),
    }
}

/// A default as an author writes it. That of bytes is escaped in the descriptor already.
fn default_text(field: &FieldProto, default: &[u8]) -> String {
    let text = String::from_utf8_lossy(default);
    match field.r#type {
        Some(9) => quoted(default),
        Some(12) => format!("\"{text}\""),
        Some(_) | None => text.into_owned(),
    }
}
