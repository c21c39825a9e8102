//! Encoded messages, taken apart without knowing their types.

use crate::model::Scalar;

/// How deep groups may nest; what is deeper is left out.
const MAX_GROUPS: usize = 60;

/// One field of an encoded message.
pub(super) struct Record<'b> {
    pub(super) number: u32,
    pub(super) payload: Payload<'b>,
}

/// What a field holds.
pub(super) enum Payload<'b> {
    /// A varint, or four or eight bytes.
    Number(u64),
    /// Text, bytes, a message, a packed list, or what stands between the tags of a group.
    Bytes(&'b [u8]),
}

/// How many bytes a number takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Varint,
    Four,
    Eight,
}

/// The fields, in order, up to the first thing that is none.
pub(super) fn records(mut bytes: &[u8]) -> Vec<Record<'_>> {
    let mut found = Vec::new();
    while let Some((record, rest)) = record(bytes, 0) {
        found.extend(record);
        bytes = rest;
    }
    found
}

fn record(bytes: &[u8], depth: usize) -> Option<(Option<Record<'_>>, &[u8])> {
    let (tag, rest) = varint(bytes)?;
    let number = u32::try_from(tag >> 3).ok()?;
    let (payload, rest) = match tag & 7 {
        0 => {
            let (bits, rest) = varint(rest)?;
            (Payload::Number(bits), rest)
        }
        1 => {
            let (eight, rest) = rest.split_first_chunk::<8>()?;
            (Payload::Number(u64::from_le_bytes(*eight)), rest)
        }
        2 => {
            let (length, rest) = varint(rest)?;
            let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Payload::Bytes(content), rest)
        }
        3 => {
            let (length, behind) = group(rest, number, depth)?;
            (Payload::Bytes(rest.get(..length)?), behind)
        }
        5 => {
            let (four, rest) = rest.split_first_chunk::<4>()?;
            (Payload::Number(u32::from_le_bytes(*four).into()), rest)
        }
        _ => return None,
    };
    Some((Some(Record { number, payload }), rest))
}

/// How long the content of a group is, and what follows its end.
fn group(start: &[u8], number: u32, depth: usize) -> Option<(usize, &[u8])> {
    if depth >= MAX_GROUPS {
        return None;
    }
    let mut rest = start;
    loop {
        let (tag, behind) = varint(rest)?;
        if tag & 7 == 4 {
            let length = start.len().checked_sub(rest.len())?;
            return (tag >> 3 == u64::from(number)).then_some((length, behind));
        }
        (_, rest) = record(rest, depth + 1)?;
    }
}

pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

/// The numbers of a packed list.
pub(super) fn unpack(mut bytes: &[u8], width: Width) -> Vec<u64> {
    let mut found = Vec::new();
    loop {
        let next = match width {
            Width::Varint => varint(bytes),
            Width::Four => bytes
                .split_first_chunk::<4>()
                .map(|(four, rest)| (u64::from(u32::from_le_bytes(*four)), rest)),
            Width::Eight => bytes
                .split_first_chunk::<8>()
                .map(|(eight, rest)| (u64::from_le_bytes(*eight), rest)),
        };
        let Some((bits, rest)) = next else { return found };
        found.push(bits);
        bytes = rest;
    }
}

pub(super) fn width(scalar: Scalar) -> Width {
    match scalar {
        Scalar::Fixed32 | Scalar::Sfixed32 | Scalar::Float => Width::Four,
        Scalar::Fixed64 | Scalar::Sfixed64 | Scalar::Double => Width::Eight,
        Scalar::Int32
        | Scalar::Int64
        | Scalar::Uint32
        | Scalar::Uint64
        | Scalar::Sint32
        | Scalar::Sint64
        | Scalar::Bool
        | Scalar::String(_)
        | Scalar::Bytes => Width::Varint,
    }
}

/// A number as an author writes it; `None` for what is no number.
pub(super) fn scalar_text(scalar: Scalar, bits: u64) -> Option<String> {
    let unfolded = || (bits >> 1).cast_signed() ^ -(bits & 1).cast_signed();
    Some(match scalar {
        Scalar::Int32 | Scalar::Sfixed32 => low_32(bits).cast_signed().to_string(),
        Scalar::Uint32 | Scalar::Fixed32 => low_32(bits).to_string(),
        Scalar::Int64 | Scalar::Sfixed64 => bits.cast_signed().to_string(),
        Scalar::Uint64 | Scalar::Fixed64 => bits.to_string(),
        Scalar::Sint32 | Scalar::Sint64 => unfolded().to_string(),
        Scalar::Bool => (bits != 0).to_string(),
        Scalar::Float => real(f32::from_bits(low_32(bits)).to_string()),
        Scalar::Double => real(f64::from_bits(bits).to_string()),
        Scalar::String(_) | Scalar::Bytes => return None,
    })
}

/// Rust says `NaN`, protobuf `nan`; the rest is the same.
fn real(text: String) -> String {
    if text == "NaN" { "nan".to_owned() } else { text }
}

/// The low 32 bits.
pub(super) fn low_32(bits: u64) -> u32 {
    u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_wire_type_are_found() {
        let bytes = b"\x08\x96\x01\x12\x02hi\x1b\x08\x01\x1c\x25\x01\x00\x00\x00";
        let found: Vec<(u32, u64)> = records(bytes)
            .into_iter()
            .map(|record| match record.payload {
                Payload::Number(bits) => (record.number, bits),
                Payload::Bytes(content) => (record.number, content.len() as u64),
            })
            .collect();
        assert_eq!(found, [(1, 150), (2, 2), (3, 2), (4, 1)]);
    }

    #[test]
    fn what_is_cut_off_ends_the_list() {
        assert_eq!(records(b"\x08\x01\x12\x09hi").len(), 1);
        assert_eq!(records(&[0x0b; 200]).len(), 0);
        assert_eq!(records(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").len(), 0);
    }

    #[test]
    fn numbers_are_written_as_authors_write_them() {
        assert_eq!(scalar_text(Scalar::Sint32, 1).unwrap(), "-1");
        assert_eq!(scalar_text(Scalar::Int32, u64::MAX).unwrap(), "-1");
        assert_eq!(scalar_text(Scalar::Float, 0x3dcc_cccd).unwrap(), "0.1");
        assert_eq!(scalar_text(Scalar::Double, f64::NEG_INFINITY.to_bits()).unwrap(), "-inf");
    }
}
