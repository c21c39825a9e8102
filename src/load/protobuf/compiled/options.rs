//! Options from bytes to the text that they were written as.

use std::collections::HashMap;
use std::fmt::Write as _;

use foldhash::fast::RandomState;

use super::layout::quoted;
use super::wire::{Payload, Record, records};
use crate::model::{EnumId, Field, FieldKind, MessageId, Messages, Scalar};

/// How deep the messages in an option may nest.
const MAX_NESTING: usize = 60;

/// What options may hold: `descriptor.proto`, and every extension that is known.
pub(super) struct Schema {
    messages: Messages,
    by_name: HashMap<std::sync::Arc<str>, MessageId, RandomState>,
    /// By extended message and number: an index into the extensions.
    extensions: HashMap<(MessageId, u32), usize, RandomState>,
}

/// The options of one declaration, as text.
#[derive(Default)]
pub(super) struct Settings {
    /// Each option's name and value.
    pub(super) written: Vec<(String, String)>,
    /// The number of an option that nothing declares.
    pub(super) undeclared: Option<u32>,
}

/// `uninterpreted_option`: what the compiler did not know either.
const UNINTERPRETED: u32 = 999;

/// The message that holds any other.
const ANY: &str = "google.protobuf.Any";

/// What an option's number stands for.
struct Named<'s> {
    name: String,
    field: &'s Field,
}

impl Schema {
    pub(super) fn new(messages: Messages) -> Self {
        let ids = (0..).map(MessageId).zip(&messages.messages);
        let by_name = ids.map(|(id, message)| (message.full_name.clone(), id)).collect();
        let extensions = messages.extensions.iter().enumerate();
        let extensions = extensions
            .map(|(at, extension)| ((extension.extendee, extension.field.number.get()), at))
            .collect();
        Self { messages, by_name, extensions }
    }

    /// The options that these bytes set, where they are of this message: `FieldOptions`, ….
    pub(super) fn settings(&self, options: &str, bytes: &[u8]) -> Settings {
        let mut settings = Settings::default();
        let name = format!("google.protobuf.{options}");
        let Some(id) = self.by_name.get(&*name).copied() else { return settings };
        for record in records(bytes) {
            let Some(Named { name, field }) = self.named(id, record.number, Outside::Option) else {
                let missing = Some(record.number).filter(|number| *number != UNINTERPRETED);
                settings.undeclared = settings.undeclared.or(missing);
                continue;
            };
            for value in self.values(field.kind, &record, 0) {
                settings.written.push((name.clone(), value));
            }
        }
        settings
    }

    fn named(&self, message: MessageId, number: u32, outside: Outside) -> Option<Named<'_>> {
        let at = usize::try_from(message.0).ok()?;
        let fields = &self.messages.messages.get(at)?.fields;
        if let Some(field) = fields.iter().find(|field| field.number.get() == number) {
            return Some(Named { name: self.written_name(field), field });
        }
        let extension = self.extensions.get(&(message, number))?;
        let extension = self.messages.extensions.get(*extension)?;
        let name = match outside {
            // With a dot before it no scope is asked what it means.
            Outside::Option => format!("(.{})", extension.full_name),
            Outside::Literal => format!("[{}]", extension.full_name),
        };
        Some(Named { name, field: &extension.field })
    }

    /// A group is written by the name of its message.
    fn written_name(&self, field: &Field) -> String {
        use crate::model::MessageKind;
        if let FieldKind::Message(id, _) = field.kind
            && let Some(message) = self.messages.messages.get(usize::try_from(id.0).unwrap_or(0))
            && message.kind == MessageKind::Group
        {
            return message.full_name.rsplit('.').next().unwrap_or("").to_owned();
        }
        field.name.to_string()
    }

    /// The values of a record: several where a list is packed.
    fn values(&self, kind: FieldKind, record: &Record<'_>, depth: usize) -> Vec<String> {
        match (kind, &record.payload) {
            (FieldKind::Message(id, _), Payload::Bytes(bytes)) => {
                self.literal(id, bytes, depth + 1).into_iter().collect()
            }
            (FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes), Payload::Bytes(bytes)) => {
                vec![quoted(bytes)]
            }
            (FieldKind::Scalar(_) | FieldKind::Enum(_), Payload::Bytes(packed)) => {
                let width = match kind {
                    FieldKind::Scalar(scalar) => super::wire::width(scalar),
                    FieldKind::Enum(_) | FieldKind::Message(..) => super::wire::Width::Varint,
                };
                let numbers = super::wire::unpack(packed, width);
                numbers.into_iter().filter_map(|bits| self.number(kind, bits)).collect()
            }
            (FieldKind::Scalar(_) | FieldKind::Enum(_), Payload::Number(bits)) => {
                self.number(kind, *bits).into_iter().collect()
            }
            (FieldKind::Message(..), Payload::Number(_)) => Vec::new(),
        }
    }

    fn literal(&self, message: MessageId, bytes: &[u8], depth: usize) -> Option<String> {
        if depth > MAX_NESTING {
            return None;
        }
        if let Some(packed) = self.packed(message, bytes, depth) {
            return Some(packed);
        }
        let mut out = String::from("{");
        for record in records(bytes) {
            let named = self.named(message, record.number, Outside::Literal);
            let Some(Named { name, field }) = named else { continue };
            for value in self.values(field.kind, &record, depth) {
                // Writing to a string cannot fail.
                let _ = write!(out, " {name}: {value}");
            }
        }
        out.push_str(" }");
        Some(out)
    }

    /// An `Any` is written as the message in it, where the type of that is known.
    fn packed(&self, message: MessageId, bytes: &[u8], depth: usize) -> Option<String> {
        let any = self.messages.messages.get(usize::try_from(message.0).ok()?)?;
        if &*any.full_name != ANY {
            return None;
        }
        let member = |number: u32| {
            let mut found = records(bytes).into_iter().filter(|record| record.number == number);
            found.next_back().and_then(|record| match record.payload {
                Payload::Bytes(bytes) => Some(bytes),
                Payload::Number(_) => None,
            })
        };
        let url = std::str::from_utf8(member(1)?).ok()?;
        let (_, type_name) = url.rsplit_once('/')?;
        let id = self.by_name.get(type_name).copied()?;
        let value = self.literal(id, member(2).unwrap_or_default(), depth + 1)?;
        Some(format!("{{ [{url}]: {value} }}"))
    }

    fn number(&self, kind: FieldKind, bits: u64) -> Option<String> {
        match kind {
            FieldKind::Scalar(scalar) => super::wire::scalar_text(scalar, bits),
            FieldKind::Enum(id) => {
                let number = super::wire::low_32(bits).cast_signed();
                Some(self.enum_name(id, number).unwrap_or_else(|| number.to_string()))
            }
            FieldKind::Message(..) => None,
        }
    }

    fn enum_name(&self, id: EnumId, number: i32) -> Option<String> {
        let declared = self.messages.enums.get(usize::try_from(id.0).ok()?)?;
        let value = declared.values.numbered(number).next()?;
        Some(value.name.to_string())
    }
}

/// How the name of an extension is set apart.
#[derive(Clone, Copy)]
enum Outside {
    /// `(pkg.name)`
    Option,
    /// `[pkg.name]`
    Literal,
}
