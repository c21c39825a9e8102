//! Sets of code points.

/// A set of code points (Unicode scalar values: surrogates are never members), as ranges that are
/// sorted, disjoint and not adjacent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Class {
    ranges: Vec<(u32, u32)>,
}

/// The greatest code point.
pub(super) const LAST: u32 = 0x10_FFFF;
const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);

impl Class {
    /// Every code point.
    pub(super) fn any() -> Self {
        Self::of([(0, LAST)])
    }

    /// The code points in any of the ranges, both ends included.
    pub(super) fn of(ranges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut clipped: Vec<(u32, u32)> = Vec::new();
        for (first, last) in ranges {
            let last = last.min(LAST);
            clipped.push((first, last.min(SURROGATES.0 - 1)));
            clipped.push((first.max(SURROGATES.1 + 1), last));
        }
        clipped.retain(|(first, last)| first <= last);
        clipped.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for (first, last) in clipped {
            match merged.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => {
                    previous.1 = previous.1.max(last);
                }
                Some(_) | None => merged.push((first, last)),
            }
        }
        Self { ranges: merged }
    }

    /// One code point; nothing where it is a surrogate.
    pub(super) fn one(code: u32) -> Self {
        Self::of([(code, code)])
    }

    /// What ECMA-262 calls a digit (`\d`), in every mode.
    pub(super) fn digit() -> Self {
        Self::of([(0x30, 0x39)])
    }

    /// What ECMA-262 calls a word character (`\w`), without `i`.
    pub(super) fn word() -> Self {
        Self::of([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    }

    /// What ECMA-262 calls white space or a line terminator (`\s`).
    pub(super) fn space() -> Self {
        Self::of([
            (0x09, 0x0D),
            (0x20, 0x20),
            (0xA0, 0xA0),
            (0x1680, 0x1680),
            (0x2000, 0x200A),
            (0x2028, 0x2029),
            (0x202F, 0x202F),
            (0x205F, 0x205F),
            (0x3000, 0x3000),
            (0xFEFF, 0xFEFF),
        ])
    }

    /// What `.` is: everything but the line terminators of ECMA-262 §12.3.
    pub(super) fn dot() -> Self {
        Self::of([(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]).complement()
    }

    /// The members, where they are no more than this.
    pub(super) fn few(&self, most: usize) -> Option<Vec<char>> {
        let mut members = Vec::new();
        for &(first, last) in &self.ranges {
            if usize::try_from(last - first).unwrap_or(usize::MAX) >= most {
                return None;
            }
            members.extend((first..=last).filter_map(char::from_u32));
        }
        (members.len() <= most).then_some(members)
    }

    /// Every code point that is no member.
    pub(super) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(first, last) in &self.ranges {
            if first > next {
                gaps.push((next, first - 1));
            }
            next = last + 1;
        }
        gaps.push((next, LAST));
        gaps.retain(|(first, last)| first <= last);
        Self::of(gaps)
    }

    /// Whether the code point is a member.
    pub(super) fn has(&self, code: char) -> bool {
        let code = u32::from(code);
        let after = self.ranges.partition_point(|(first, _)| *first <= code);
        after
            .checked_sub(1)
            .and_then(|place| self.ranges.get(place))
            .is_some_and(|(_, last)| code <= *last)
    }

    /// Whether there is no member.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The members, as ranges.
    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_merged_and_surrogates_dropped() {
        let class = Class::of([(0x61, 0x63), (0x64, 0x66), (0x62, 0x62)]);
        assert_eq!(class.ranges(), [(0x61, 0x66)]);
        assert_eq!(Class::any().ranges(), [(0, 0xD7FF), (0xE000, LAST)]);
        assert!(Class::one(0xD800).is_empty());
    }

    #[test]
    fn complement_is_an_involution() {
        for class in [Class::default(), Class::any(), Class::dot(), Class::space(), Class::one(0)] {
            assert_eq!(class.complement().complement(), class);
            let complement = class.complement();
            let both = class.ranges().iter().chain(complement.ranges()).copied();
            assert_eq!(Class::of(both), Class::any());
        }
        assert!(Class::any().complement().is_empty());
    }

    #[test]
    fn membership_looks_at_the_ends() {
        let class = Class::of([(0x61, 0x63), (0x7A, 0x7A)]);
        let members: Vec<char> = ('\0'..='\u{ff}').filter(|code| class.has(*code)).collect();
        assert_eq!(members, ['a', 'b', 'c', 'z']);
        assert!(Class::any().has(char::MAX));
        assert!(!Class::dot().has('\u{2028}') && Class::dot().has('\u{85}'));
    }
}
