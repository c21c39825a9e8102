//! Intervals of lengths.

/// The lengths, in code points, that a language or a query admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lengths {
    pub(super) min: u64,
    /// No limit where absent.
    pub(super) max: Option<u64>,
}

impl Lengths {
    /// Every length.
    pub(super) const ANY: Self = Self { min: 0, max: None };

    pub(super) fn admits(self, length: u64) -> bool {
        self.min <= length && self.max.is_none_or(|max| length <= max)
    }

    /// The lengths in both.
    pub(super) fn and(self, other: Self) -> Self {
        let max = match (self.max, other.max) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        Self { min: self.min.max(other.min), max }
    }
}
