//! Entries of maps have no order, and runtimes write them in any: what is shown is the same bytes in
//! every run.

use super::closure::get;
use super::sift::{MAX_DEPTH, Record, field, takes};
use crate::model::{Cardinality, FieldKind, MessageId, Messages};

/// The bytes with the entries of each map in order, however deep; bytes that are no records are left
/// as they are.
pub(super) fn in_order(all: &Messages, root: MessageId, bytes: Vec<u8>) -> Vec<u8> {
    message(all, root, &bytes, 0).unwrap_or(bytes)
}

/// A record, and of which map it is an entry.
type Entry = (Option<u64>, Vec<u8>);

fn message(all: &Messages, id: MessageId, bytes: &[u8], depth: usize) -> Option<Vec<u8>> {
    let declared = get(all, id).filter(|_| depth <= MAX_DEPTH)?;
    let mut records: Vec<Entry> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let record = Record::first(rest, depth)?;
        rest = record.rest;
        // What comes in another wire type is none of the reader's fields, and passed on as it is.
        let known = field(all, id, declared, record.number);
        let known = known.filter(|field| takes(field, record.wire));
        let map = known.filter(|field| field.cardinality == Cardinality::Map);
        let inner = match known.map(|field| field.kind) {
            Some(FieldKind::Message(inner, _)) => message(all, inner, record.content, depth + 1),
            Some(FieldKind::Scalar(_) | FieldKind::Enum(_)) | None => None,
        };
        let mut whole = Vec::with_capacity(record.whole.len());
        match inner {
            Some(content) => record.with(&content, &mut whole),
            None => whole.extend_from_slice(record.whole),
        }
        records.push((map.map(|_| record.number), whole));
    }
    // A runtime writes the entries of one map one after the other.
    for run in records.chunk_by_mut(|one, next| one.0.is_some() && one.0 == next.0) {
        run.sort();
    }
    Some(records.into_iter().flat_map(|(_, whole)| whole).collect())
}
