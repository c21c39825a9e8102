//! The texts of numbers, as patterns.

use std::sync::Arc;

use crate::model::Decimal;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal};
use crate::subtype::term::{Basic, Item, NumberLeaf};

/// How a number is spelled.
const NUMBER: &str = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";
/// How a number that is not below zero is spelled.
const NOT_NEGATIVE: &str = "^(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// The texts that are read as numbers: leading zeros count for nothing.
pub(in crate::subtype) const READ_NUMBER: &str = "^-?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?$";
/// Those without fraction and exponent, which are read as integers.
pub(in crate::subtype) const READ_INTEGER: &str = "^-?[0-9]+$";

impl Search<'_> {
    /// A pattern of the texts of all numbers that satisfy the goal, as narrow as their ends allow.
    pub(in crate::subtype) fn spelling_of(&mut self, goal: &Goal) -> Arc<str> {
        let fraction = Item::Number(NumberLeaf::Integer(false));
        if self.search_type_with(goal, Basic::Number, vec![fraction]) == Answer::Empty {
            return Arc::from(self.range_of(goal).pattern());
        }
        let negative = Item::Number(NumberLeaf::Below(Decimal::from(0_i64)));
        let natural = self.search_type_with(goal, Basic::Number, vec![negative]) == Answer::Empty;
        Arc::from(if natural { NOT_NEGATIVE } else { NUMBER })
    }

    /// Between which integers the numbers lie that satisfy the goal.
    pub(in crate::subtype) fn range_of(&mut self, goal: &Goal) -> Range {
        let left = self.budget.enter_goal();
        let mut none = |leaf| {
            let beyond = vec![Item::Number(leaf)];
            self.search_type_with(goal, Basic::Number, beyond) == Answer::Empty
        };
        let greatest = least_end(|end| none(NumberLeaf::Above(end)));
        let least = least_end(|end| none(NumberLeaf::Below(end.negated())));
        self.budget.leave_goal(left);
        Range { least: least.and_then(i64::checked_neg), greatest }
    }
}

/// Integers between two ends, both among them; an absent end is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::subtype) struct Range {
    pub(in crate::subtype) least: Option<i64>,
    pub(in crate::subtype) greatest: Option<i64>,
}

impl Range {
    /// An ECMA-262 pattern of the texts of exactly these integers, as they are written.
    fn pattern(self) -> String {
        format!("^({})$", self.ways().join("|"))
    }

    /// The same as they are read: leading zeros count for nothing, nor does the sign of zero.
    pub(in crate::subtype) fn pattern_read(self) -> String {
        let read = |way: String| match way.strip_prefix('-') {
            Some(magnitude) => format!("-0*{magnitude}"),
            None => format!("0*{way}"),
        };
        let mut ways: Vec<String> = self.ways().into_iter().map(read).collect();
        if self.least.is_none_or(|least| least <= 0) && self.greatest.is_none_or(|it| it >= 0) {
            ways.push("-0+".to_owned());
        }
        format!("^({})$", ways.join("|"))
    }

    fn ways(self) -> Vec<String> {
        let magnitude = |end: i64| end.unsigned_abs();
        let mut ways = Vec::new();
        if self.least.is_none_or(|least| least < 0) {
            let nearest = self.greatest.filter(|greatest| *greatest < 0).map_or(1, magnitude);
            let below = magnitudes(nearest, self.least.map(magnitude));
            ways.extend(below.into_iter().map(|way| format!("-{way}")));
        }
        if self.greatest.is_none_or(|greatest| greatest >= 0) {
            let nearest = self.least.filter(|least| *least > 0).map_or(0, magnitude);
            ways.extend(magnitudes(nearest, self.greatest.map(magnitude)));
        }
        ways
    }
}

/// Patterns that together admit the texts of the natural numbers from `least` to `greatest`.
fn magnitudes(least: u64, greatest: Option<u64>) -> Vec<String> {
    let low = least.to_string();
    let Some(greatest) = greatest else {
        let mut ways = from(&low);
        ways.push(format!("[1-9][0-9]{{{},}}", low.len()));
        return ways;
    };
    if least > greatest {
        return Vec::new();
    }
    let high = greatest.to_string();
    if low.len() == high.len() {
        return between(&low, &high);
    }
    let mut ways = from(&low);
    if low.len() + 1 < high.len() {
        ways.push(format!("[1-9][0-9]{{{},{}}}", low.len(), high.len() - 2));
    }
    ways.extend(up_to(&high));
    ways
}

/// As many digits as these, and no less a number.
fn from(low: &str) -> Vec<String> {
    between(low, &"9".repeat(low.len()))
}

/// As many digits as these, and no greater a number, without leading zeros.
fn up_to(high: &str) -> Vec<String> {
    let least = format!("1{}", "0".repeat(high.len().saturating_sub(1)));
    between(&least, high)
}

/// Between two texts of digits of one length.
fn between(low: &str, high: &str) -> Vec<String> {
    let Some(((first, low), (top, high))) = split(low).zip(split(high)) else {
        return vec![String::new()];
    };
    if first == top {
        return between(low, high).into_iter().map(|rest| format!("{first}{rest}")).collect();
    }
    let is_all = |rest: &str, digit: char| rest.chars().all(|it| it == digit);
    let (mut least, mut greatest) = (first, top);
    let mut ways = Vec::new();
    if !is_all(low, '0') {
        ways.extend(between(low, &"9".repeat(low.len())).iter().map(|it| format!("{first}{it}")));
        least = next(first, 1);
    }
    if !is_all(high, '9') {
        let under = between(&"0".repeat(high.len()), high);
        ways.extend(under.iter().map(|it| format!("{top}{it}")));
        greatest = next(top, -1);
    }
    if least <= greatest {
        ways.push(format!("[{least}-{greatest}][0-9]{{{}}}", low.len()));
    }
    ways
}

fn split(digits: &str) -> Option<(char, &str)> {
    let mut rest = digits.chars();
    rest.next().map(|first| (first, rest.as_str()))
}

/// The digit above or below.
fn next(digit: char, by: i32) -> char {
    u32::from(digit).checked_add_signed(by).and_then(char::from_u32).unwrap_or(digit)
}

/// The least end of which `is_past` holds, which holds of every end above one of which it holds:
/// by doubling away from zero, then by halving. `None` where it does not even hold of the greatest.
fn least_end(mut is_past: impl FnMut(Decimal) -> bool) -> Option<i64> {
    let mut holds_at = |end: i64| is_past(Decimal::from(end));
    let (mut fails, mut holds) = (None, None);
    let mut end = 0_i64;
    while fails.is_none() || holds.is_none() {
        if holds_at(end) {
            holds = Some(end);
            if end == i64::MIN {
                return holds;
            }
            end = end.saturating_mul(2).min(-1);
        } else {
            fails = Some(end);
            if end == i64::MAX {
                return None;
            }
            end = end.saturating_mul(2).max(1);
        }
    }
    let (mut fails, mut holds) = fails.zip(holds)?;
    while fails.saturating_add(1) < holds {
        let middle = fails.midpoint(holds);
        *(if holds_at(middle) { &mut holds } else { &mut fails }) = middle;
    }
    Some(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_spelled_by_its_texts_and_no_others() {
        let ends = [None, Some(-1203), Some(-10), Some(-1), Some(0), Some(7), Some(99), Some(1000)];
        for least in ends {
            for greatest in ends {
                let (Some(low), Some(high)) = (least.or(Some(-3000)), greatest.or(Some(3000)))
                else {
                    continue;
                };
                if low > high {
                    continue;
                }
                let pattern = Range { least, greatest }.pattern();
                let pattern = regress::Regex::new(&pattern).unwrap();
                for number in -3000_i64..=3000 {
                    let is_in = low <= number && number <= high;
                    let found = pattern.find(&number.to_string()).is_some();
                    assert_eq!(found, is_in, "{number} in {least:?}..{greatest:?}");
                }
                for text in ["", "-", "-0", "00", "01", "1.0", "1e0"] {
                    assert!(pattern.find(text).is_none(), "{text}");
                }
                let read = regress::Regex::new(&Range { least, greatest }.pattern_read()).unwrap();
                for (text, number) in [("-0", 0), ("00", 0), ("007", 7), ("-0099", -99), ("9", 9)] {
                    let is_in = low <= number && number <= high;
                    assert_eq!(
                        read.find(text).is_some(),
                        is_in,
                        "{text} in {least:?}..{greatest:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_end_is_found() {
        for end in [i64::MIN, i64::MIN + 1, -7, -1, 0, 1, 12, i64::MAX - 1, i64::MAX] {
            assert_eq!(least_end(|it| it >= Decimal::from(end)), Some(end));
        }
        assert_eq!(least_end(|_| false), None);
    }
}
