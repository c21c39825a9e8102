//! The letters that a query can tell apart.

use std::collections::BTreeMap;

use super::class::Class;

/// A set of code points that all classes in play treat alike.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// The most readable member.
    pub(super) face: char,
    /// How many members there are.
    pub(super) size: u64,
    /// Which of the given classes contain it, in their order.
    pub(super) member: Vec<bool>,
}

/// Splits all code points by the classes: the most readable letter comes first.
pub(super) fn letters(classes: &[&Class]) -> Vec<Letter> {
    let domain = Class::any();
    let mut toggles: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, class) in classes.iter().copied().chain([&domain]).enumerate() {
        for &(first, last) in class.ranges() {
            toggles.entry(first).or_default().push(place);
            toggles.entry(last + 1).or_default().push(place);
        }
    }
    let mut member = vec![false; classes.len() + 1];
    let mut groups: BTreeMap<Vec<bool>, Vec<(u32, u32)>> = BTreeMap::new();
    let mut from = 0;
    for (at, places) in toggles {
        if at > from && member.last() == Some(&true) {
            groups.entry(member.clone()).or_default().push((from, at - 1));
        }
        for place in places {
            if let Some(bit) = member.get_mut(place) {
                *bit = !*bit;
            }
        }
        from = at;
    }
    let mut letters: Vec<(Rank, Letter)> = Vec::with_capacity(groups.len());
    for (member, ranges) in groups {
        let size = ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum();
        if let Some((rank, face)) = face(&ranges) {
            letters.push((rank, Letter { face, size, member }));
        }
    }
    letters.sort_by_key(|(rank, _)| *rank);
    letters.into_iter().map(|(_, letter)| letter).collect()
}

/// How readable a code point is; less is better.
type Rank = (u8, u32);

/// The code points of ASCII, the most readable first.
pub(in crate::subtype) fn readable() -> impl Iterator<Item = char> {
    let marks = ['-', '_', ' ', '.', '/', ':', '@', '+', ',', '=', '!', '?', '#', '$', '%', '&'];
    ('a'..='z').chain('0'..='9').chain('A'..='Z').chain(marks).chain('!'..='~')
}

/// How far into a range to look for a character that can be seen.
const PEEK: u32 = 64;

/// Marks of direction, private use and the like.
const INVISIBLE: &[std::ops::RangeInclusive<char>] = &[
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{e000}'..='\u{f8ff}',
    '\u{feff}'..='\u{feff}',
    '\u{fff0}'..='\u{ffff}',
];

fn face(ranges: &[(u32, u32)]) -> Option<(Rank, char)> {
    let has = |code: u32| ranges.iter().any(|(first, last)| (*first..=*last).contains(&code));
    for (place, code) in (0_u32..).zip(readable()) {
        if has(code.into()) {
            return Some(((0, place), code));
        }
    }
    let early = ranges
        .iter()
        .flat_map(|(first, last)| *first..=(*last).min(first.saturating_add(PEEK)))
        .filter_map(char::from_u32);
    early
        .map(|code| {
            let tier = match code {
                seen if seen.is_alphanumeric() => 1,
                '\t' | '\n' => 3,
                hidden if hidden.is_control() || hidden.is_whitespace() => 4,
                unseen if INVISIBLE.iter().any(|range| range.contains(&unseen)) => 4,
                _ => 2,
            };
            ((tier, u32::from(code)), code)
        })
        .min()
}
