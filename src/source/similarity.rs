//! How much of one text lives on in another.

use std::collections::BTreeMap;

/// From which share on, in percent, a text is taken for the other's successor, as git takes it.
pub(super) const SAME: u64 = 50;

/// The longest piece that counts as one; a document on a single line has many.
const PIECE: usize = 64;

/// The bytes that both have, in percent of the longer: lines, wherever they moved to, and pieces of
/// long lines. Texts of too unequal length are strangers without a look.
pub(super) fn similarity(old: &[u8], new: &[u8]) -> u64 {
    let longer = u64::try_from(old.len().max(new.len())).unwrap_or(u64::MAX);
    let shorter = u64::try_from(old.len().min(new.len())).unwrap_or(u64::MAX);
    if longer == 0 {
        return 100;
    }
    if shorter.saturating_mul(100) / longer < SAME {
        return 0;
    }
    let mut pieces: BTreeMap<&[u8], usize> = BTreeMap::new();
    for piece in split(old) {
        *pieces.entry(piece).or_default() += 1;
    }
    let mut shared = 0_u64;
    for piece in split(new) {
        if let Some(left) = pieces.get_mut(piece)
            && *left > 0
        {
            *left -= 1;
            shared += u64::try_from(piece.len()).unwrap_or(0);
        }
    }
    shared.saturating_mul(100) / longer
}

fn split(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').flat_map(|line| line.chunks(PIECE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_count_and_strangers_share_nothing() {
        assert_eq!(similarity(b"a\nb\n", b"b\na\n"), 100);
        assert_eq!(similarity(b"a\nb\n", b"c\nd\n"), 0);
        assert_eq!(similarity(b"a\nb\n", b"a\nc\n"), 50);
        assert_eq!(similarity(b"", b""), 100);
    }
}
