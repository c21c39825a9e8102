//! Numbered messages: records whose fields are known by number on the wire and by name in JSON.
//!
//! What counts is resolved: presence, packing, delimiting and openness are stated per element, never
//! derived from a syntax or edition when two contracts are compared.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{EnumValues, FileDefaults, Json, Stated};
use crate::source::Span;

/// A message of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// An enumeration of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// All messages, enumerations, services and extensions of a contract.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// By [`MessageId`]; nested ones too.
    pub messages: Vec<Message>,
    /// By [`EnumId`]; nested ones too.
    pub enums: Vec<Enumeration>,
    /// Services, for what they are besides their methods.
    pub services: Vec<Service>,
    /// Extension fields, wherever they are declared.
    pub extensions: Vec<Extension>,
    /// The files, for what they set for generated code.
    pub files: Vec<MessageFile>,
}

/// A file of messages.
#[derive(Clone, Debug)]
pub struct MessageFile {
    /// Its import path.
    pub path: Arc<str>,
    /// Its package; empty where there is none.
    pub package: Stated<Arc<str>>,
    /// `proto2`, `proto3`, `2023`, …: a label.
    pub syntax: Stated<Arc<str>>,
    /// The files that whoever imports it sees too, by import path: `import public`.
    pub passes_on: Vec<Stated<Arc<str>>>,
    /// The options it sets, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// Whether it is the tree's own, or was only imported.
    pub ownership: Ownership,
    /// Where it is.
    pub span: Span,
    /// Whether all that it declares is known.
    pub legibility: Legibility,
    /// What its declarations are where nothing closer says otherwise.
    pub defaults: FileDefaults,
}

/// How much of a file could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legibility {
    /// All of it.
    Whole,
    /// Not all of it: what seems to be missing may be there.
    Torn,
}

/// Whether a file is promised by the contract or only used by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Part of the contract.
    Own,
    /// Bundled or vendored: used, never reported by itself.
    Imported,
    /// Used, and part of the contract as far as what is its own reaches it.
    Reached,
    /// Part of another contract, read for what it uses of this one, and for what has come from there or
    /// went there.
    Beside,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// `package.Outer.Inner`.
    pub full_name: Arc<str>,
    /// The file that declares it: an index into [`Messages::files`].
    pub file: usize,
    /// The message that it is nested in.
    pub parent: Option<MessageId>,
    /// Why it exists.
    pub kind: MessageKind,
    /// Who may name it.
    pub visibility: Visibility,
    /// By declaration.
    pub fields: Vec<Field>,
    /// By declaration; a field's `oneof` indexes into it.
    pub oneofs: Vec<Oneof>,
    /// Numbers that no field may take; both ends included.
    pub reserved_numbers: Vec<Stated<(u32, u32)>>,
    /// Names that no field may take.
    pub reserved_names: Vec<Stated<Arc<str>>>,
    /// Numbers left to extensions; both ends included.
    pub extension_ranges: Vec<Stated<(u32, u32)>>,
    /// What is asked of extensions in these ranges, where anything is.
    pub extension_terms: Vec<ExtensionTerms>,
    /// Whether its JSON mapping is checked.
    pub json_format: JsonFormat,
    /// The options set on it, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

impl Message {
    /// Whether its extensions are written as the items of a set, each with its number inside.
    pub(crate) fn is_set(&self) -> bool {
        let stated = self.options.get("message_set_wire_format");
        stated.is_some_and(|stated| stated.value == Json::Boolean(true))
    }
}

/// What ranges of numbers say of the extensions that may take them.
#[derive(Clone, Debug)]
pub struct ExtensionTerms {
    /// For which of [`Message::extension_ranges`].
    pub ranges: Range<usize>,
    /// Those that may take a number, by number; `None` where any may.
    pub declared: Option<BTreeMap<u32, DeclaredExtension>>,
    /// The other options set on them, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// Where the ranges are.
    pub span: Span,
}

/// What is declared for a number that is left to extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredExtension {
    /// An extension of this name and type.
    Taken {
        /// Its full name, with a dot before it.
        name: Arc<str>,
        /// A scalar, or the full name of a message or enumeration.
        kind: Arc<str>,
        /// Whether it is repeated.
        repeated: bool,
    },
    /// None takes the number again.
    Reserved,
}

/// Who may name a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Whoever imports its file.
    Export,
    /// Only its file.
    Local,
    /// Whoever its file says, and that was not kept when the file was compiled.
    Unstated,
}

/// Why a message exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// It is declared.
    Declared,
    /// It is the entry of a map field: key is 1, value is 2.
    MapEntry,
    /// It is declared together with its field.
    Group,
    /// No file that was given declares it: it is taken for a message.
    Unseen,
}

/// Whether the JSON mapping of a message or enumeration is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFormat {
    /// It must have one.
    Allow,
    /// As far as it goes.
    LegacyBestEffort,
}

/// A field number; the type is the proof that it is in `1..=536_870_911`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldNumber(u32);

impl FieldNumber {
    /// The last one.
    pub(crate) const LAST: u32 = 536_870_911;

    /// The number, if it is one that a field can have.
    pub fn new(number: u32) -> Option<Self> {
        if (1..=Self::LAST).contains(&number) { Some(Self(number)) } else { None }
    }

    /// As an integer.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// A field of a message, or an extension.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is called on the wire.
    pub number: FieldNumber,
    /// What it is called in generated code.
    pub name: Arc<str>,
    /// What it is called in JSON.
    pub json_name: Arc<str>,
    /// What each value is.
    pub kind: FieldKind,
    /// How many there are.
    pub cardinality: Cardinality,
    /// The oneof it belongs to: an index into [`Message::oneofs`]. Proto3's synthetic ones do not count.
    pub oneof: Option<usize>,
    /// The value that readers see when it is absent, where one is declared.
    pub default: Option<Stated<Json>>,
    /// The options set on it, by full name (`jstype`, `ctype`, `(buf.validate.field)`, …).
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// Its type.
    pub type_span: Span,
    /// Its number.
    pub number_span: Span,
}

/// What each value of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A scalar.
    Scalar(Scalar),
    /// A message, and how it is delimited.
    Message(MessageId, Delimiting),
    /// An enumeration.
    Enum(EnumId),
}

/// A scalar type. Strings state whether readers refuse bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the protobuf language's")]
pub enum Scalar {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String(Utf8),
    Bytes,
}

impl Scalar {
    /// The word by which it is declared; text is one type, whether or not it is verified.
    pub fn name(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Float => "float",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Sint32 => "sint32",
            Self::Sint64 => "sint64",
            Self::Fixed32 => "fixed32",
            Self::Fixed64 => "fixed64",
            Self::Sfixed32 => "sfixed32",
            Self::Sfixed64 => "sfixed64",
            Self::Bool => "bool",
            Self::String(_) => "string",
            Self::Bytes => "bytes",
        }
    }
}

/// Whether readers refuse a string that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Utf8 {
    /// They do.
    Verified,
    /// They do not.
    Unverified,
}

/// How a message is set apart on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiting {
    /// By its length before it (wire type 2).
    LengthPrefixed,
    /// By tags before and after it (wire types 3 and 4).
    Delimited,
}

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// At most one.
    Singular(Presence),
    /// Any number.
    Repeated(Packing),
    /// A map; the field's kind is its entry message.
    Map,
}

/// Whether a reader can tell an absent field from one at its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It cannot; the default is not sent.
    Implicit,
    /// It can.
    Explicit,
    /// A message without it is refused.
    Required,
}

/// How writers lay out repeated scalars. Readers accept both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// One after the other behind one tag.
    Packed,
    /// Each behind its own tag.
    Expanded,
}

/// A oneof that was declared.
#[derive(Clone, Debug)]
pub struct Oneof {
    /// Its name.
    pub name: Arc<str>,
    /// The options set on it, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// `package.Outer.Inner`.
    pub full_name: Arc<str>,
    /// The file that declares it: an index into [`Messages::files`].
    pub file: usize,
    /// The message that it is nested in.
    pub parent: Option<MessageId>,
    /// Who may name it.
    pub visibility: Visibility,
    /// What readers do with numbers that they do not know.
    pub openness: Stated<Openness>,
    /// By declaration; the first of several with one number is the canonical name.
    pub values: EnumValues,
    /// Numbers that no value may take; both ends included.
    pub reserved_numbers: Vec<Stated<(i32, i32)>>,
    /// Names that no value may take.
    pub reserved_names: Vec<Stated<Arc<str>>>,
    /// Whether its JSON mapping is checked.
    pub json_format: JsonFormat,
    /// The options set on it, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

/// What readers do with numbers that an enumeration does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// They keep them in the field.
    Open,
    /// They put them among the unknown fields.
    Closed,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its name in generated code, and one that readers of JSON take.
    pub name: Arc<str>,
    /// What writers of JSON call it.
    pub json_name: Arc<str>,
    /// Its number on the wire.
    pub number: i32,
    /// The options set on it, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
}

impl EnumValue {
    /// Whether readers of JSON take this name for it: its JSON name or its own.
    pub fn is_called(&self, name: &str) -> bool {
        *self.json_name == *name || *self.name == *name
    }
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// `package.Service`.
    pub full_name: Arc<str>,
    /// The file that declares it: an index into [`Messages::files`].
    pub file: usize,
    /// The options set on it, by full name.
    pub options: BTreeMap<Arc<str>, Stated<Json>>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

/// An extension field.
#[derive(Clone, Debug)]
pub struct Extension {
    /// `package.Scope.name`, its name in JSON and text.
    pub full_name: Arc<str>,
    /// The message that it extends.
    pub extendee: MessageId,
    /// The file that declares it: an index into [`Messages::files`].
    pub file: usize,
    /// The field.
    pub field: Field,
}
