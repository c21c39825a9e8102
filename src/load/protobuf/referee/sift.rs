//! What every reader does first, and the runtimes in Rust do not: a field that comes in a wire type
//! in which it is not written is none of the reader's fields, and is set aside unread.
//!
//! <https://protobuf.dev/programming-guides/encoding/#structure>: a record carries its wire type so
//! that a parser can skip what it does not understand.

use super::closure::get;
use crate::model::{
    Cardinality, Delimiting, Field, FieldKind, Message, MessageId, MessageKind, Messages, Scalar,
};

/// How deep messages may lie within each other.
pub(super) const MAX_DEPTH: usize = 100;

const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const LENGTH: u64 = 2;
const GROUP: u64 = 3;
const END: u64 = 4;
const FIXED32: u64 = 5;

/// A message without the records that its reader sets aside.
pub(super) struct Sifted {
    /// What is left to read.
    pub(super) kept: Vec<u8>,
    /// The records that were set aside.
    pub(super) aside: Vec<u8>,
    /// Whether one of the message's own records is among them, and not only of a message in it.
    is_strange: bool,
    /// Whether records of one of several messages are among them, or of an entry's value: behind
    /// what is left they would be read as another one.
    pub(super) is_scattered: bool,
}

impl Sifted {
    fn new(kept: Vec<u8>) -> Self {
        Self { kept, aside: Vec::new(), is_strange: false, is_scattered: false }
    }
}

/// Sets aside what no field of the message is written in, however deep; bytes that are no records
/// are kept as they are, for the runtime to refuse.
pub(super) fn sift(all: &Messages, root: MessageId, bytes: &[u8]) -> Sifted {
    message(all, root, bytes, 0).unwrap_or_else(|| Sifted::new(bytes.to_vec()))
}

fn message(all: &Messages, id: MessageId, bytes: &[u8], depth: usize) -> Option<Sifted> {
    let declared = get(all, id).filter(|_| depth <= MAX_DEPTH)?;
    let mut sifted = Sifted::new(Vec::new());
    let mut rest = bytes;
    while !rest.is_empty() {
        let record = Record::first(rest, depth)?;
        rest = record.rest;
        let Some(field) = field(all, id, declared, record.number) else {
            // An entry with more than a key and a value is kept aside as it is.
            sifted.is_strange |= is_entry(all, id);
            let place = if is_entry(all, id) { &mut sifted.aside } else { &mut sifted.kept };
            place.extend_from_slice(record.whole);
            continue;
        };
        if !takes(field, record.wire) {
            sifted.is_strange = true;
            sifted.aside.extend_from_slice(record.whole);
            continue;
        }
        let FieldKind::Message(inner, _) = field.kind else {
            sifted.kept.extend_from_slice(record.whole);
            continue;
        };
        let content = match message(all, inner, record.content, depth + 1) {
            Some(content) if content.aside.is_empty() => None,
            found => found,
        };
        match content {
            None => sifted.kept.extend_from_slice(record.whole),
            // Of an entry that is not one of the map's nothing can be entered.
            Some(content) if content.is_strange && is_entry(all, inner) => {
                sifted.aside.extend_from_slice(record.whole);
            }
            Some(content) => {
                let is_one = matches!(field.cardinality, Cardinality::Singular(_));
                sifted.is_scattered |= content.is_scattered || !is_one || is_entry(all, id);
                record.with(&content.kept, &mut sifted.kept);
                record.with(&content.aside, &mut sifted.aside);
            }
        }
    }
    Some(sifted)
}

fn is_entry(all: &Messages, id: MessageId) -> bool {
    get(all, id).is_some_and(|message| message.kind == MessageKind::MapEntry)
}

/// The field or extension of this number.
pub(super) fn field<'m>(
    all: &'m Messages,
    id: MessageId,
    declared: &'m Message,
    number: u64,
) -> Option<&'m Field> {
    let has_number = |field: &&Field| u64::from(field.number.get()) == number;
    declared.fields.iter().find(has_number).or_else(|| {
        let extensions = all.extensions.iter().filter(|one| one.extendee == id);
        extensions.map(|one| &one.field).find(has_number)
    })
}

/// Whether values of the field come in this wire type; lists of numbers come packed too.
pub(super) fn takes(field: &Field, wire: u64) -> bool {
    let native = match field.kind {
        FieldKind::Message(_, Delimiting::LengthPrefixed) => LENGTH,
        FieldKind::Message(_, Delimiting::Delimited) => GROUP,
        FieldKind::Enum(_) => VARINT,
        FieldKind::Scalar(scalar) => match scalar {
            Scalar::String(_) | Scalar::Bytes => LENGTH,
            Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => FIXED64,
            Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => FIXED32,
            Scalar::Int32
            | Scalar::Int64
            | Scalar::Uint32
            | Scalar::Uint64
            | Scalar::Sint32
            | Scalar::Sint64
            | Scalar::Bool => VARINT,
        },
    };
    let is_packed = matches!(field.cardinality, Cardinality::Repeated(_)) && wire == LENGTH;
    wire == native || is_packed && native != GROUP
}

/// A tag and what it announces.
pub(super) struct Record<'b> {
    pub(super) number: u64,
    pub(super) wire: u64,
    tag: u64,
    pub(super) whole: &'b [u8],
    /// What lies between the ends of a length-prefixed field or a group.
    pub(super) content: &'b [u8],
    pub(super) rest: &'b [u8],
}

impl<'b> Record<'b> {
    pub(super) fn first(bytes: &'b [u8], depth: usize) -> Option<Self> {
        let (tag, after) = varint(bytes)?;
        let (content, rest) = match tag & 7 {
            VARINT => (&[][..], varint(after)?.1),
            FIXED64 => after.split_at_checked(8)?,
            FIXED32 => after.split_at_checked(4)?,
            LENGTH => {
                let (length, after) = varint(after)?;
                after.split_at_checked(usize::try_from(length).ok()?)?
            }
            GROUP => group(after, tag >> 3, depth)?,
            _ => return None,
        };
        let whole = bytes.get(..bytes.len().checked_sub(rest.len())?)?;
        Some(Self { number: tag >> 3, wire: tag & 7, tag, whole, content, rest })
    }

    /// The same around another content.
    pub(super) fn with(&self, content: &[u8], out: &mut Vec<u8>) {
        put(self.tag, out);
        if self.wire == GROUP {
            out.extend_from_slice(content);
            put(self.number << 3 | END, out);
        } else {
            put(u64::try_from(content.len()).unwrap_or(u64::MAX), out);
            out.extend_from_slice(content);
        }
    }
}

/// What lies before the end of a group, and what follows it.
fn group(bytes: &[u8], number: u64, depth: usize) -> Option<(&[u8], &[u8])> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut rest = bytes;
    loop {
        let (tag, after) = varint(rest)?;
        if tag == number << 3 | END {
            let length = bytes.len().checked_sub(rest.len())?;
            return Some((bytes.get(..length)?, after));
        }
        rest = Record::first(rest, depth + 1)?.rest;
    }
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.extend(u8::try_from(value & 0x7f).map(|low| low | 0x80));
        value >>= 7;
    }
    out.extend(u8::try_from(value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::protobuf::tests::load_text;

    fn sifted(text: &str, hex: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let loaded = load_text(text);
        let all = &loaded.contract.messages;
        let root = all.messages.iter().position(|one| &*one.full_name == "M").unwrap();
        let Sifted { kept, aside, is_strange: _, is_scattered: _ } =
            sift(all, MessageId(u32::try_from(root).unwrap()), hex);
        (kept, aside)
    }

    #[test]
    fn another_wire_type_is_another_field() {
        let text = "edition = \"2023\"; message M { int32 a = 1; repeated fixed32 b = 2; }";
        assert_eq!(
            sifted(text, b"\x08\x05\x0d\x05\0\0\0"),
            (b"\x08\x05".into(), b"\x0d\x05\0\0\0".into())
        );
        assert_eq!(sifted(text, b"\x12\x04\x05\0\0\0").1, b"", "a packed list is a list");
        assert_eq!(sifted(text, b"\x10\x05").1, b"\x10\x05");
    }

    #[test]
    fn a_message_that_is_set_apart_otherwise_is_not_the_field() {
        let text = "edition = \"2023\"; message M { M m = 1; map<string, int32> n = 2; map<string, M> o = 3; }";
        assert_eq!(sifted(text, b"\x0b\x0c"), (Vec::new(), b"\x0b\x0c".into()));
        assert_eq!(
            sifted(text, b"\x0a\x02\x0b\x0c"),
            (b"\x0a\0".into(), b"\x0a\x02\x0b\x0c".into())
        );
        let entry = b"\x12\x08\x0a\x01a\x15\0\0\xa0\x40";
        assert_eq!(sifted(text, entry), (Vec::new(), entry.into()));
        let more = b"\x12\x07\x0a\x01a\x10\x05\x18\x01";
        assert_eq!(sifted(text, more), (Vec::new(), more.into()), "an entry with more in it");
        let inside = b"\x1a\x07\x0a\x01a\x12\x02\x0b\x0c";
        assert_eq!(sifted(text, inside).0, b"\x1a\x05\x0a\x01a\x12\0", "the entry stays");
    }

    #[test]
    fn what_is_no_record_is_left_to_be_refused() {
        let text = "edition = \"2023\"; message M { int32 a = 1; }";
        for broken in [&b"\x08"[..], b"\x0f", b"\x0b", b"\x12\x09a"] {
            assert_eq!(sifted(text, broken), (broken.to_vec(), Vec::new()));
        }
    }
}
