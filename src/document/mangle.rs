//! Damaged texts for tests: the same ones in every run.

/// `count` texts, each a seed with a few bytes removed, repeated, swapped or replaced.
pub(super) fn texts(seeds: &[&str], count: u64) -> impl Iterator<Item = Vec<u8>> {
    let alphabet = b"\"\\{}[]:,-+.eE0129 \n\t\r&*<|>'#!%?~u\xC3\xA9\x00\xFF";
    (0..count).filter_map(move |round| {
        let mut random = SplitMix(round);
        let mut text = random.pick(seeds)?.as_bytes().to_vec();
        for _ in 0..=random.next() % 4 {
            let at = random.below(text.len() + 1);
            let to = (at + 1 + random.below(6)).min(text.len());
            match random.next() % 5 {
                0 => drop(text.drain(at..to)),
                1 => text.truncate(at),
                2 => text.insert(at, *random.pick(alphabet)?),
                3 => text.extend_from_within(at..to),
                _ if at < text.len() => *text.get_mut(at)? = *random.pick(alphabet)?,
                _ => {}
            }
        }
        Some(text)
    })
}

/// Steele, Lea and Flood's generator: every seed is a good one.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 8).unwrap_or(0) % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
