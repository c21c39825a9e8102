//! A closure as a descriptor set.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;

use super::closure::{Closure, get, index, is_edition};
use crate::load::protobuf::descriptor::{
    EnumOptions, EnumProto, FeatureSet, FieldOptions, FieldProto, FileProto, FileSet,
    MessageOptions, MessageProto, OneofProto, RangeProto, ValueProto,
};
use crate::model::{
    Cardinality, Delimiting, EnumId, Field, FieldKind, Message, MessageId, MessageKind, Messages,
    Openness, Packing, Presence, Scalar, Utf8,
};

/// Edition 2023; features are stated on every element, so any edition would do.
const EDITION: i32 = 1_000;

/// Writes descriptors for everything in a closure.
pub(super) struct Emitter<'m> {
    all: &'m Messages,
    closure: &'m Closure,
    /// By file and surrounding message: what is declared there.
    inside: BTreeMap<(usize, Option<MessageId>), Inside>,
    /// By file: what it is called. Of several that are imported by one path only the first has that.
    names: BTreeMap<usize, String>,
}

/// What is declared directly in a file or message.
#[derive(Default)]
struct Inside {
    messages: Vec<MessageId>,
    enums: Vec<EnumId>,
    extensions: Vec<usize>,
}

impl<'m> Emitter<'m> {
    pub(super) fn new(all: &'m Messages, closure: &'m Closure) -> Self {
        let mut inside: BTreeMap<(usize, Option<MessageId>), Inside> = BTreeMap::new();
        for id in closure.declared() {
            let Some(message) = get(all, id) else { continue };
            inside.entry((message.file, message.parent)).or_default().messages.push(id);
        }
        for id in &closure.enums {
            let Some(declared) = all.enums.get(index(id.0)) else { continue };
            inside.entry((declared.file, declared.parent)).or_default().enums.push(*id);
        }
        for (id, scope) in &closure.extensions {
            let Some(extension) = all.extensions.get(*id) else { continue };
            inside.entry((extension.file, *scope)).or_default().extensions.push(*id);
        }
        let mut taken = BTreeSet::new();
        let names = closure.files(all).into_iter().map(|file| {
            let path = all.files.get(file).map_or("", |file| &*file.path);
            let name = if taken.insert(path) { path.into() } else { format!("{file}:{path}") };
            (file, name)
        });
        let names = names.collect();
        Self { all, closure, inside, names }
    }

    /// The files of the closure, reduced to what belongs to it.
    pub(super) fn file_set(&self) -> FileSet {
        let files = self.closure.files(self.all);
        FileSet { file: files.iter().filter_map(|file| self.file(*file)).collect() }
    }

    fn file(&self, file: usize) -> Option<FileProto> {
        let declared = self.all.files.get(file)?;
        let edition = is_edition(self.all, file);
        let syntax = if edition { "editions" } else { &declared.syntax.value };
        Some(FileProto {
            name: Some(self.name(file)),
            package: Some(declared.package.value.to_string()),
            dependency: self.dependencies(file),
            message_type: self.messages_in(file, None),
            enum_type: self.enums_in(file, None),
            extension: self.extensions_in(file, None),
            syntax: Some(syntax.to_owned()),
            edition: if edition { Some(EDITION) } else { None },
            ..FileProto::default()
        })
    }

    fn dependencies(&self, file: usize) -> Vec<String> {
        let mut others: BTreeSet<usize> = BTreeSet::new();
        let messages = self.closure.messages.iter().filter_map(|id| get(self.all, *id));
        for message in messages.filter(|message| message.file == file) {
            others.extend(message.fields.iter().filter_map(|field| self.file_of(field.kind)));
        }
        let extensions = self.closure.extensions.keys();
        for extension in extensions.filter_map(|id| self.all.extensions.get(*id)) {
            if extension.file == file {
                others.extend(self.file_of(extension.field.kind));
                others.extend(get(self.all, extension.extendee).map(|message| message.file));
            }
        }
        others.remove(&file);
        others.iter().map(|other| self.name(*other)).collect()
    }

    fn name(&self, file: usize) -> String {
        self.names.get(&file).cloned().unwrap_or_default()
    }

    fn file_of(&self, kind: FieldKind) -> Option<usize> {
        match kind {
            FieldKind::Scalar(_) => None,
            FieldKind::Enum(id) => Some(self.all.enums.get(index(id.0))?.file),
            FieldKind::Message(id, _) => Some(get(self.all, id)?.file),
        }
    }

    fn messages_in(&self, file: usize, parent: Option<MessageId>) -> Vec<MessageProto> {
        let inside = self.inside.get(&(file, parent));
        let declared = inside.map_or(&[][..], |inside| &inside.messages).iter();
        declared.filter_map(|id| Some(self.message(*id, get(self.all, *id)?))).collect()
    }

    fn message(&self, id: MessageId, message: &Message) -> MessageProto {
        let edition = is_edition(self.all, message.file);
        let mut emitted = MessageProto {
            name: Some(last_part(&message.full_name)),
            nested_type: self.messages_in(message.file, Some(id)),
            enum_type: self.enums_in(message.file, Some(id)),
            extension: self.extensions_in(message.file, Some(id)),
            options: match message.kind {
                MessageKind::MapEntry => {
                    Some(MessageOptions { map_entry: Some(true) }.encode_to_vec())
                }
                MessageKind::Declared | MessageKind::Group | MessageKind::Unseen => None,
            },
            ..MessageProto::default()
        };
        if self.closure.shells.contains(&id) {
            return emitted;
        }
        let ranges = message.extension_ranges.iter().map(|range| range.value);
        emitted.extension_range = ranges
            .map(|(first, last)| RangeProto {
                start: Some(signed(first)),
                end: Some(signed(last).saturating_add(1)),
                options: None,
            })
            .collect();
        let names = message.oneofs.iter().map(|oneof| oneof.name.to_string());
        emitted.oneof_decl = names.map(oneof).collect();
        let implicit = self.all.files.get(message.file).map(|file| &*file.syntax.value);
        for field in &message.fields {
            let mut proto = self.field(field, edition, message.kind);
            proto.oneof_index = field.oneof.and_then(|oneof| i32::try_from(oneof).ok());
            let optional = field.cardinality == Cardinality::Singular(Presence::Explicit);
            let scalar = !matches!(field.kind, FieldKind::Message(..));
            let entry = message.kind == MessageKind::MapEntry;
            if implicit == Some("proto3") && optional && scalar && !entry && field.oneof.is_none() {
                // Descriptors say `optional` of proto3 by a oneof of its own.
                proto.proto3_optional = Some(true);
                proto.oneof_index = i32::try_from(emitted.oneof_decl.len()).ok();
                emitted.oneof_decl.push(oneof(format!("_{}", field.name)));
            }
            emitted.field.push(proto);
        }
        emitted
    }

    fn enums_in(&self, file: usize, parent: Option<MessageId>) -> Vec<EnumProto> {
        let inside = self.inside.get(&(file, parent));
        let declared = inside.map_or(&[][..], |inside| &inside.enums).iter();
        declared.filter_map(|id| self.enumeration(*id)).collect()
    }

    fn enumeration(&self, id: EnumId) -> Option<EnumProto> {
        let declared = self.all.enums.get(index(id.0))?;
        let closed = if declared.openness.value == Openness::Closed { 2 } else { 1 };
        let features = FeatureSet { enum_type: Some(closed), ..FeatureSet::default() };
        let features = if is_edition(self.all, declared.file) { Some(features) } else { None };
        let values = declared.values.iter();
        Some(EnumProto {
            name: Some(last_part(&declared.full_name)),
            value: values
                .map(|value| ValueProto {
                    // The runtimes know one name for JSON, and take no other from what is written.
                    name: Some(value.json_name.to_string()),
                    number: Some(value.number),
                    options: None,
                })
                .collect(),
            options: Some(EnumOptions { allow_alias: Some(true), features }.encode_to_vec()),
            ..EnumProto::default()
        })
    }

    fn extensions_in(&self, file: usize, scope: Option<MessageId>) -> Vec<FieldProto> {
        let mut emitted = Vec::new();
        let inside = self.inside.get(&(file, scope));
        for id in inside.map_or(&[][..], |inside| &inside.extensions) {
            let Some(extension) = self.all.extensions.get(*id) else { continue };
            let edition = is_edition(self.all, file);
            let mut field = self.field(&extension.field, edition, MessageKind::Declared);
            let extendee = get(self.all, extension.extendee);
            field.extendee = extendee.map(|message| format!(".{}", message.full_name));
            emitted.push(field);
        }
        emitted
    }

    fn field(&self, field: &Field, edition: bool, owner: MessageKind) -> FieldProto {
        let entry = owner == MessageKind::MapEntry;
        // A key is text to every runtime, verified or not: bytes are no keys (protobuf language
        // guide, maps).
        let is_key = entry && field.number.get() == KEY;
        let (kind, type_name) = match field.kind {
            FieldKind::Scalar(Scalar::String(_)) if is_key => (TEXT, None),
            kind @ (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_)) => {
                self.kind(kind, edition)
            }
        };
        let label = match field.cardinality {
            Cardinality::Singular(Presence::Required) if !edition => 2,
            Cardinality::Singular(_) => 1,
            Cardinality::Repeated(_) | Cardinality::Map => 3,
        };
        FieldProto {
            name: Some(field.name.to_string()),
            number: Some(signed(field.number.get())),
            label: Some(label),
            r#type: Some(kind),
            type_name,
            options: if entry { None } else { options(field, edition) }
                .map(|options| options.encode_to_vec()),
            json_name: Some(field.json_name.to_string()),
            ..FieldProto::default()
        }
    }

    fn kind(&self, kind: FieldKind, edition: bool) -> (i32, Option<String>) {
        match kind {
            FieldKind::Scalar(scalar) => (scalar_type(scalar), None),
            FieldKind::Enum(id) => {
                let found = self.all.enums.get(index(id.0));
                (14, found.map(|found| format!(".{}", found.full_name)))
            }
            FieldKind::Message(id, delimiting) => {
                let group = delimiting == Delimiting::Delimited && !edition;
                let name = get(self.all, id).map(|message| format!(".{}", message.full_name));
                (if group { 10 } else { 11 }, name)
            }
        }
    }
}

fn oneof(name: String) -> OneofProto {
    OneofProto { name: Some(name), options: None }
}

fn options(field: &Field, edition: bool) -> Option<FieldOptions> {
    let packed = match field.cardinality {
        Cardinality::Repeated(packing) => Some(packing == Packing::Packed),
        Cardinality::Singular(_) | Cardinality::Map => None,
    };
    let packable = match field.kind {
        FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes) | FieldKind::Message(..) => false,
        FieldKind::Scalar(_) | FieldKind::Enum(_) => true,
    };
    if !edition {
        let packed = packed.filter(|_| packable)?;
        return Some(FieldOptions { packed: Some(packed), features: None });
    }
    let features = FeatureSet {
        field_presence: match field.cardinality {
            Cardinality::Singular(Presence::Explicit) => Some(1),
            Cardinality::Singular(Presence::Implicit) => Some(2),
            Cardinality::Singular(Presence::Required) => Some(3),
            Cardinality::Repeated(_) | Cardinality::Map => None,
        },
        enum_type: None,
        repeated_field_encoding: packed.map(|packed| if packed { 1 } else { 2 }),
        message_encoding: match field.kind {
            FieldKind::Message(_, Delimiting::LengthPrefixed) => Some(1),
            FieldKind::Message(_, Delimiting::Delimited) => Some(2),
            FieldKind::Scalar(_) | FieldKind::Enum(_) => None,
        },
    };
    Some(FieldOptions { packed: None, features: Some(features) })
}

/// The number of the key in an entry of a map.
const KEY: u32 = 1;

/// `TYPE_STRING`.
const TEXT: i32 = 9;

/// `FieldDescriptorProto.Type`. A string that may be no UTF-8 is bytes to a runtime in Rust.
fn scalar_type(scalar: Scalar) -> i32 {
    match scalar {
        Scalar::Double => 1,
        Scalar::Float => 2,
        Scalar::Int64 => 3,
        Scalar::Uint64 => 4,
        Scalar::Int32 => 5,
        Scalar::Fixed64 => 6,
        Scalar::Fixed32 => 7,
        Scalar::Bool => 8,
        Scalar::String(Utf8::Verified) => TEXT,
        Scalar::Bytes | Scalar::String(Utf8::Unverified) => 12,
        Scalar::Uint32 => 13,
        Scalar::Sfixed32 => 15,
        Scalar::Sfixed64 => 16,
        Scalar::Sint32 => 17,
        Scalar::Sint64 => 18,
    }
}

fn last_part(full_name: &str) -> String {
    full_name.rsplit('.').next().unwrap_or(full_name).to_owned()
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
