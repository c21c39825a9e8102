//! The tree of one `.proto` file, as written: every name is unresolved and has its place.

use std::borrow::Cow;

use crate::model::Visibility;
use crate::source::{FileId, Span};

/// A name as written; a dotted one may have had blanks between its parts.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) span: Span,
}

/// An integer as written; beyond 64 bits it is clamped, which is out of every range in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    pub(super) value: i64,
    pub(super) span: Span,
}

/// Which rules a file is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edition {
    Proto2,
    Proto3,
    Edition2023,
    Edition2024,
    Edition2026,
}

impl Edition {
    /// What a file calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Proto2 => "proto2",
            Self::Proto3 => "proto3",
            Self::Edition2023 => "2023",
            Self::Edition2024 => "2024",
            Self::Edition2026 => "2026",
        }
    }

    /// Whether features are written, rather than implied by the syntax.
    pub(super) fn has_features(self) -> bool {
        self >= Self::Edition2023
    }
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct ProtoFile<'t> {
    pub(super) edition: Edition,
    /// Where the edition is stated; the beginning of the file where it is not.
    pub(super) edition_span: Span,
    pub(super) package: Option<Word<'t>>,
    pub(super) imports: Vec<Import>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) scope: Declarations<'t>,
    pub(super) services: Vec<ServiceNode<'t>>,
    pub(super) span: Span,
}

impl ProtoFile<'_> {
    /// An empty proto2 file.
    pub(super) fn empty(file: FileId, length: u32) -> Self {
        Self {
            edition: Edition::Proto2,
            edition_span: Span { file, start: 0, end: 0 },
            package: None,
            imports: Vec::new(),
            options: Vec::new(),
            scope: Declarations::default(),
            services: Vec::new(),
            span: Span { file, start: 0, end: length },
        }
    }
}

/// What may be declared in a file and in a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Declarations<'t> {
    pub(super) messages: Vec<MessageNode<'t>>,
    pub(super) enums: Vec<EnumNode<'t>>,
    pub(super) extends: Vec<ExtendNode<'t>>,
}

/// An import.
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) path: String,
    pub(super) kind: ImportKind,
    pub(super) span: Span,
}

/// What an import is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImportKind {
    /// For this file.
    Plain,
    /// For this file and whoever imports it.
    Public,
    /// For this file, and it may be missing at run time.
    Weak,
    /// For options only.
    Option,
}

/// A message, or the message of a group.
#[derive(Clone, Debug)]
pub(super) struct MessageNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) visibility: Option<(Visibility, Span)>,
    pub(super) body: MessageBody<'t>,
    pub(super) span: Span,
}

/// What stands between the braces of a message.
#[derive(Clone, Debug, Default)]
pub(super) struct MessageBody<'t> {
    pub(super) fields: Vec<FieldNode<'t>>,
    pub(super) oneofs: Vec<OneofNode<'t>>,
    pub(super) scope: Declarations<'t>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) reserved: Vec<RangeNode>,
    pub(super) reserved_names: Vec<ReservedName<'t>>,
    pub(super) extension_ranges: Vec<ExtensionsNode<'t>>,
}

/// `extensions …;`: ranges, and what all of them say.
#[derive(Clone, Debug)]
pub(super) struct ExtensionsNode<'t> {
    pub(super) ranges: Vec<RangeNode>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) span: Span,
}

/// A field, inside or outside of a oneof, or an extension.
#[derive(Clone, Debug)]
pub(super) struct FieldNode<'t> {
    pub(super) label: Option<(Label, Span)>,
    pub(super) kind: FieldType<'t>,
    pub(super) type_span: Span,
    pub(super) name: Word<'t>,
    pub(super) number: Numeral,
    pub(super) options: Vec<Setting<'t>>,
    /// An index into the oneofs of the message.
    pub(super) oneof: Option<usize>,
    pub(super) span: Span,
}

/// A field's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Optional,
    Required,
    Repeated,
}

/// A field's type as written.
#[derive(Clone, Debug)]
pub(super) enum FieldType<'t> {
    /// A scalar, or the name of a message or enumeration.
    Named(Word<'t>),
    /// A map from the one to the other.
    Map(Word<'t>, Word<'t>),
    /// A group: the field declares its message.
    Group(Box<MessageNode<'t>>),
}

/// A oneof; its members are among the fields of the message.
#[derive(Clone, Debug)]
pub(super) struct OneofNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) span: Span,
}

/// Extensions of one message.
#[derive(Clone, Debug)]
pub(super) struct ExtendNode<'t> {
    pub(super) extendee: Word<'t>,
    pub(super) fields: Vec<FieldNode<'t>>,
}

/// Numbers, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct RangeNode {
    pub(super) first: i64,
    pub(super) last: RangeEnd,
    pub(super) span: Span,
}

/// Where a range ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum RangeEnd {
    At(i64),
    Max,
}

/// A reserved name, and whether it was quoted (before editions) or bare (since).
#[derive(Clone, Debug)]
pub(super) struct ReservedName<'t> {
    pub(super) name: Word<'t>,
    pub(super) quoted: bool,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub(super) struct EnumNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) visibility: Option<(Visibility, Span)>,
    pub(super) values: Vec<ValueNode<'t>>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) reserved: Vec<RangeNode>,
    pub(super) reserved_names: Vec<ReservedName<'t>>,
    pub(super) span: Span,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub(super) struct ValueNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) number: Numeral,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) span: Span,
}

/// A service.
#[derive(Clone, Debug)]
pub(super) struct ServiceNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) methods: Vec<MethodNode<'t>>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) span: Span,
}

/// A method of a service.
#[derive(Clone, Debug)]
pub(super) struct MethodNode<'t> {
    pub(super) name: Word<'t>,
    pub(super) request: Exchanged<'t>,
    pub(super) response: Exchanged<'t>,
    pub(super) options: Vec<Setting<'t>>,
    pub(super) span: Span,
}

/// What a method takes or gives.
#[derive(Clone, Debug)]
pub(super) struct Exchanged<'t> {
    pub(super) message: Word<'t>,
    pub(super) streaming: bool,
}

/// An option that is set.
#[derive(Clone, Debug)]
pub(super) struct Setting<'t> {
    /// Never empty.
    pub(super) name: Vec<NamePart<'t>>,
    pub(super) value: Literal<'t>,
    pub(super) span: Span,
}

/// One part of an option's name: `deprecated`, or `(pkg.option)`.
#[derive(Clone, Debug)]
pub(super) struct NamePart<'t> {
    pub(super) word: Word<'t>,
    pub(super) extension: bool,
}

/// A value as written.
#[derive(Clone, Debug)]
pub(super) struct Literal<'t> {
    pub(super) value: LiteralValue<'t>,
    pub(super) span: Span,
}

/// What a literal holds.
#[derive(Clone, Debug)]
pub(super) enum LiteralValue<'t> {
    /// `true`, `inf`, the name of an enumeration value.
    Word(&'t str),
    /// A number, and whether a minus stands before it.
    Number { negative: bool, text: &'t str },
    /// `-inf`, `-nan`.
    NegativeWord(&'t str),
    /// Quoted text, joined and unescaped.
    Text(Vec<u8>),
    /// `{ name: value … }`.
    Message(Vec<Member<'t>>),
    /// `[ value, … ]`.
    List(Vec<Literal<'t>>),
}

/// One member of a message literal.
#[derive(Clone, Debug)]
pub(super) struct Member<'t> {
    /// `name`, or `[pkg.extension]` without its brackets.
    pub(super) name: Word<'t>,
    pub(super) extension: bool,
    pub(super) value: Literal<'t>,
}
