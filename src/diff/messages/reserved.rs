//! Reserved numbers as coverage, not as the ranges that were written.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{Enumeration, FieldNumber, Message};

/// What a message or enumeration reserves.
pub(crate) struct Reserved<'a> {
    ranges: Vec<Range>,
    names: BTreeSet<&'a str>,
}

/// Numbers from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) least: i64,
    pub(crate) most: i64,
}

impl Range {
    /// Whether the number is one of them.
    pub(crate) fn contains(self, number: i64) -> bool {
        (self.least..=self.most).contains(&number)
    }
}

impl<'a> Reserved<'a> {
    /// What a message reserves.
    pub(crate) fn of_message(message: &'a Message) -> Self {
        Self {
            ranges: ranges(message.reserved_numbers.iter().map(|range| range.value)),
            names: message.reserved_names.iter().map(|name| &*name.value).collect(),
        }
    }

    /// What a message leaves to extensions; numbers that only a message set can have are not compared.
    pub(crate) fn for_extensions(message: &'a Message) -> Self {
        let all = message.extension_ranges.iter().map(|range| range.value);
        let numbers = all.filter(|(least, _)| *least <= FieldNumber::LAST);
        Self::of_numbers(numbers.map(|(least, most)| (least, most.min(FieldNumber::LAST))))
    }

    /// These numbers, and no names.
    pub(super) fn of_numbers(numbers: impl Iterator<Item = (u32, u32)>) -> Self {
        Self { ranges: ranges(numbers), names: BTreeSet::new() }
    }

    /// These numbers, which are in order and do not overlap, and no names.
    pub(super) fn of_ranges(ranges: Vec<Range>) -> Self {
        Self { ranges, names: BTreeSet::new() }
    }

    /// What an enumeration reserves.
    pub(crate) fn of_enum(enumeration: &'a Enumeration) -> Self {
        Self {
            ranges: ranges(enumeration.reserved_numbers.iter().map(|range| range.value)),
            names: enumeration.reserved_names.iter().map(|name| &*name.value).collect(),
        }
    }

    /// Whether the number is among them.
    pub(crate) fn covers(&self, number: i64) -> bool {
        self.ranges.iter().any(|range| range.contains(number))
    }

    /// Whether all of these numbers are among them.
    pub(crate) fn covers_all(&self, range: Range) -> bool {
        let one = Self { ranges: vec![range], names: BTreeSet::new() };
        one.numbers_missing_in(self).is_empty()
    }

    /// Whether the name is among them.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The numbers that are covered here and not there.
    pub(crate) fn numbers_missing_in(&self, other: &Self) -> Vec<Range> {
        let mut missing = Vec::new();
        for range in &self.ranges {
            let mut least = range.least;
            for cover in &other.ranges {
                if cover.most < least || cover.least > range.most {
                    continue;
                }
                if cover.least > least {
                    missing.push(Range { least, most: cover.least - 1 });
                }
                least = least.max(cover.most.saturating_add(1));
            }
            if least <= range.most {
                missing.push(Range { least, most: range.most });
            }
        }
        missing
    }

    /// The names that are listed here and not there.
    pub(crate) fn names_missing_in(&self, other: &Self) -> Vec<&'a str> {
        self.names.difference(&other.names).copied().collect()
    }
}

/// Ranges in order, without overlap, merged where they touch.
fn ranges<N: Into<i64>>(written: impl Iterator<Item = (N, N)>) -> Vec<Range> {
    let mut all: Vec<Range> =
        written.map(|(least, most)| Range { least: least.into(), most: most.into() }).collect();
    all.sort();
    let mut merged: Vec<Range> = Vec::new();
    for range in all {
        match merged.last_mut() {
            Some(last) if range.least <= last.most.saturating_add(1) => {
                last.most = last.most.max(range.most);
            }
            _ => merged.push(range),
        }
    }
    merged
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            write!(out, "{}", self.least)
        } else {
            write!(out, "{} to {}", self.least, self.most)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(written: &[(u32, u32)]) -> Reserved<'static> {
        Reserved { ranges: ranges(written.iter().copied()), names: BTreeSet::new() }
    }

    #[test]
    fn coverage_counts_and_not_the_text_of_ranges() {
        let old = reserved(&[(1, 3), (4, 9)]);
        assert_eq!(old.numbers_missing_in(&reserved(&[(1, 9)])), []);
        let missing = old.numbers_missing_in(&reserved(&[(2, 2), (5, 6)]));
        let shown: Vec<String> = missing.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["1", "3 to 4", "7 to 9"]);
        assert!(old.covers(9) && !old.covers(10));
    }
}
