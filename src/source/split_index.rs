//! An index in two files (`core.splitIndex`): most entries lie in a shared one, and the index itself
//! says which of them are gone, which are other now, and which are new.
//!
//! The format is the `link` extension of git's `gitformat-index(5)`.

use super::ContentId;
use super::index_file::Input;

/// What the `link` extension holds.
pub(super) struct Link {
    /// The hash that the shared file is named by, in hexadecimal; `None` where there is no such file.
    pub(super) shared: Option<String>,
    /// The entries of the shared file that are gone.
    pub(super) deleted: Bits,
    /// Those that the index's own first entries replace, in the same order.
    pub(super) replaced: Bits,
}

impl Link {
    /// Reads the extension's body; `None` where it ends early.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut input = Input::new(body);
        let hash = input.take(20)?;
        let hash = ContentId::from_bytes(hash)?;
        let shared = (!hash.oid().is_zero()).then(|| hash.to_string());
        if input.left() == 0 {
            return Some(Self { shared, deleted: Bits::default(), replaced: Bits::default() });
        }
        Some(Self { shared, deleted: Bits::parse(&mut input)?, replaced: Bits::parse(&mut input)? })
    }
}

/// The positions of the bits that are set, as stretches in rising order.
///
/// They are written as an EWAH bitmap: words of 64 bits of which some say how many equal words follow,
/// and how many as they are.
#[derive(Debug, Default)]
pub(super) struct Bits {
    stretches: Vec<(u64, u64)>,
}

impl Bits {
    fn parse(input: &mut Input<'_>) -> Option<Self> {
        let _bits = input.number()?;
        let words = usize::try_from(input.number()?).ok()?;
        let mut words = Input::new(input.take(words.checked_mul(8)?)?);
        let _last_marker = input.number()?;
        let mut bits = Self::default();
        let mut at = 0_u64;
        while words.left() > 0 {
            let marker = words.long()?;
            let run = ((marker >> 1) & 0xffff_ffff).checked_mul(64)?;
            if marker & 1 == 1 {
                bits.add(at, at.checked_add(run)?);
            }
            at = at.checked_add(run)?;
            for _ in 0..marker >> 33 {
                let word = words.long()?;
                for bit in (0..64).filter(|bit| word >> bit & 1 == 1) {
                    bits.add(at + bit, at + bit + 1);
                }
                at = at.checked_add(64)?;
            }
        }
        Some(bits)
    }

    fn add(&mut self, start: u64, end: u64) {
        match self.stretches.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            Some(_) | None => self.stretches.push((start, end)),
        }
    }

    /// Whether the bit is set.
    pub(super) fn has(&self, position: usize) -> bool {
        let Ok(position) = u64::try_from(position) else { return false };
        let after = self.stretches.partition_point(|(start, _)| *start <= position);
        let stretch = after.checked_sub(1).and_then(|index| self.stretches.get(index));
        stretch.is_some_and(|(_, end)| position < *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap(words: &[u64]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(u32::try_from(words.len()).unwrap().to_be_bytes());
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn runs_and_words_say_which_bits_are_set() {
        // One word of zeroes, two words as they are; then one word of ones.
        let bytes = bitmap(&[1 << 1 | 2 << 33, 0b101, 1 << 63, 1 | 1 << 1]);
        let bits = Bits::parse(&mut Input::new(&bytes)).unwrap();
        let set: Vec<usize> = (0..300).filter(|at| bits.has(*at)).collect();
        let expected: Vec<usize> = [64, 66, 191].into_iter().chain(192..256).collect();
        assert_eq!(set, expected);
    }

    #[test]
    fn damage_is_no_bitmap() {
        assert!(Link::parse(&[1; 19]).is_none());
        let mut body = vec![1; 20];
        body.extend(bitmap(&[1 << 33]));
        assert!(Link::parse(&body).is_none());
        assert_eq!(Link::parse(&[0; 20]).unwrap().shared, None);
        let huge = bitmap(&[u64::MAX]);
        assert!(Bits::parse(&mut Input::new(&huge)).is_none());
    }
}
