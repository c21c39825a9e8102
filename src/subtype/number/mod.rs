//! Sets of numbers: intervals, lattices and finite exceptions, decided exactly.
//!
//! A [`NumberSet`] is a conjunction: bounds, `multipleOf` (all of them: a lattice), negated
//! `multipleOf` (lattices left out), an enumeration, values and intervals left out, and how the
//! number is written (what draft-04 calls an integer). [`NumberSet::find`] gives the simplest
//! member or proves that there is none; [`NumberSet::count`] counts values up to a limit.
//!
//! Why that is exact. On a lattice `qZ`, a bounded interval has finitely many points, which are
//! tried. An unbounded one is empty only if some lattice that is left out contains all of `qZ`:
//! otherwise the multiple by a number prime to all of them is a point outside, and infinitely many
//! are. Off a lattice, every interval with an interior has a decimal with more digits than any
//! multiple of finitely many steps, so it is never empty.

mod interval;
mod members;

use std::collections::BTreeSet;

pub use self::interval::{Edge, End, Interval};
use self::members::{Members, Supply};
use super::Reason;
use super::language::Count;
use crate::model::{Decimal, Notation};

/// How many points of a lattice one question may try.
const MAX_POINTS: usize = 10_000;

/// A set of numbers; every condition that was added must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSet {
    bounds: Interval,
    steps: Vec<Decimal>,
    off: Vec<Decimal>,
    only: Option<BTreeSet<Decimal>>,
    except: BTreeSet<Decimal>,
    gaps: Vec<Interval>,
    spelling: BTreeSet<Spelling>,
}

/// A demand on how a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    Digits,
    Fraction,
}

/// The answer to whether there is such a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The simplest that was found.
    Found(Decimal),
    /// Proven: there is none.
    Empty,
    /// A budget was exhausted.
    Exhausted(Reason),
}

impl NumberSet {
    /// Every number.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those at or above the value.
    #[must_use]
    pub fn at_least(self, value: Decimal) -> Self {
        self.within(&Interval { low: Some(End { value, edge: Edge::Closed }), high: None })
    }

    /// Those above the value.
    #[must_use]
    pub fn above(self, value: Decimal) -> Self {
        self.within(&Interval { low: Some(End { value, edge: Edge::Open }), high: None })
    }

    /// Those at or below the value.
    #[must_use]
    pub fn at_most(self, value: Decimal) -> Self {
        self.within(&Interval { low: None, high: Some(End { value, edge: Edge::Closed }) })
    }

    /// Those below the value.
    #[must_use]
    pub fn below(self, value: Decimal) -> Self {
        self.within(&Interval { low: None, high: Some(End { value, edge: Edge::Open }) })
    }

    /// Those in the interval.
    #[must_use]
    pub fn within(mut self, interval: &Interval) -> Self {
        self.bounds = self.bounds.and(interval);
        self
    }

    /// Those not in the interval.
    #[must_use]
    pub fn outside(mut self, interval: Interval) -> Self {
        self.gaps.push(interval);
        self
    }

    /// The integral multiples of the step.
    #[must_use]
    pub fn multiple_of(mut self, step: Decimal) -> Self {
        self.steps.push(step);
        self
    }

    /// Those that are no integral multiple of the step.
    #[must_use]
    pub fn not_multiple_of(mut self, step: Decimal) -> Self {
        self.off.push(step);
        self
    }

    /// Those without a fractional part.
    #[must_use]
    pub fn integers(self) -> Self {
        self.multiple_of(Decimal::from(1_i64))
    }

    /// Those with a fractional part.
    #[must_use]
    pub fn fractions(self) -> Self {
        self.not_multiple_of(Decimal::from(1_i64))
    }

    /// Those written so: with digits only (then they are integers), or with a fraction or exponent.
    #[must_use]
    pub fn written(mut self, notation: Notation) -> Self {
        match notation {
            Notation::Integer => {
                self.spelling.insert(Spelling::Digits);
                self.integers()
            }
            Notation::Fractional => {
                self.spelling.insert(Spelling::Fraction);
                self
            }
        }
    }

    /// Those that are among the values.
    #[must_use]
    pub fn only(mut self, values: impl IntoIterator<Item = Decimal>) -> Self {
        let values: BTreeSet<Decimal> = values.into_iter().collect();
        self.only = Some(match self.only {
            Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
            None => values,
        });
        self
    }

    /// Those that are not the value.
    #[must_use]
    pub fn except(mut self, value: Decimal) -> Self {
        self.except.insert(value);
        self
    }

    /// Whether the value, spelled in whichever way is demanded, is a member; `None` where telling
    /// would take more digits than [`Decimal::MAX_ALIGNMENT`].
    pub fn contains(&self, value: &Decimal) -> Option<bool> {
        let listed = self.only.as_ref().is_none_or(|only| only.contains(value));
        let left_out = self.except.contains(value) || self.gaps.iter().any(|gap| gap.has(value));
        if !listed || left_out || !self.bounds.has(value) || self.spelling.len() > 1 {
            return Some(false);
        }
        let on = self.steps.iter().map(|step| value.is_multiple_of(step));
        let off = self.off.iter().map(|step| value.is_multiple_of(step).map(|multiple| !multiple));
        let answers: Vec<Option<bool>> = on.chain(off).collect();
        if answers.contains(&Some(false)) {
            return Some(false);
        }
        if answers.contains(&None) { None } else { Some(true) }
    }

    /// The simplest member: zero, one, an end, then small numbers.
    pub fn find(&self) -> Pick {
        let mut members = Members::wanted(1);
        self.collect(&mut members);
        match (members.found.pop(), members.supply) {
            (Some(value), _) => Pick::Found(self.spelled(value)),
            (None, Supply::Seen) => Pick::Empty,
            (None, Supply::Unknown | Supply::Infinite) => Pick::Exhausted(exhausted()),
        }
    }

    /// How many values there are, up to a limit. The same value in two spellings counts once.
    pub fn count(&self, limit: u64) -> Count {
        let mut members = Members::wanted(limit);
        self.collect(&mut members);
        match members.supply {
            _ if members.enough() => Count::AtLeast(limit),
            Supply::Seen => Count::Exactly(u64::try_from(members.found.len()).unwrap_or(u64::MAX)),
            Supply::Infinite => Count::AtLeast(limit),
            Supply::Unknown => Count::Exhausted(exhausted()),
        }
    }

    fn spelled(&self, value: Decimal) -> Decimal {
        if self.spelling.contains(&Spelling::Fraction) {
            value.written_with_fraction()
        } else {
            value
        }
    }
}

fn exhausted() -> Reason {
    Reason(format!(
        "the numbers need more than {} digits or {MAX_POINTS} trials",
        Decimal::MAX_ALIGNMENT
    ))
}

#[cfg(test)]
mod tests {
    use bigdecimal::{BigDecimal, Zero as _};

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn found(text: &str) -> Pick {
        Pick::Found(number(text))
    }

    #[test]
    fn the_simplest_member_is_found() {
        assert_eq!(NumberSet::all().find(), found("0"));
        assert_eq!(NumberSet::all().above(number("0")).find(), found("1"));
        assert_eq!(NumberSet::all().at_least(number("17.5")).find(), found("17.5"));
        let narrow = NumberSet::all().above(number("0.1")).below(number("0.2"));
        assert_eq!(narrow.find(), found("0.11"));
        assert_eq!(NumberSet::all().fractions().find(), found("0.5"));
        assert_eq!(NumberSet::all().multiple_of(number("3")).above(number("0")).find(), found("3"));
    }

    #[test]
    fn lattices_cover_each_other_only_as_sublattices() {
        let thirds = NumberSet::all().multiple_of(number("3"));
        assert_eq!(thirds.clone().not_multiple_of(number("6")).find(), found("3"));
        assert_eq!(thirds.clone().not_multiple_of(number("1.5")).find(), Pick::Empty);
        let both = thirds.clone().not_multiple_of(number("6")).not_multiple_of(number("9"));
        assert_eq!(both.find(), found("3"));
        let sixes = NumberSet::all().multiple_of(number("2")).multiple_of(number("3"));
        assert_eq!(sixes.not_multiple_of(number("6")).find(), Pick::Empty);
        assert_eq!(thirds.above(number("0")).below(number("3")).find(), Pick::Empty);
    }

    #[test]
    fn counting_knows_infinity() {
        let some = NumberSet::all().integers().at_least(number("1")).at_most(number("5"));
        assert_eq!(some.count(10), Count::Exactly(5));
        assert_eq!(some.clone().except(number("3")).count(4), Count::AtLeast(4));
        assert_eq!(
            some.outside(Interval {
                low: Some(End { value: number("2"), edge: Edge::Closed }),
                high: Some(End { value: number("4"), edge: Edge::Open }),
            })
            .count(9),
            Count::Exactly(3)
        );
        let endless = NumberSet::all().integers().at_least(number("1"));
        assert_eq!(endless.count(u64::MAX), Count::AtLeast(u64::MAX));
        let dense = NumberSet::all().above(number("0")).below(number("1e-50"));
        assert_eq!(dense.count(1_000_000), Count::AtLeast(1_000_000));
    }

    #[test]
    fn exponents_are_no_bombs() {
        let huge = number("1e1000000000");
        assert_eq!(NumberSet::all().at_least(huge.clone()).find(), Pick::Found(huge.clone()));
        assert!(matches!(NumberSet::all().above(huge.clone()).find(), Pick::Found(_)));
        let lattice = NumberSet::all().above(huge.clone()).integers();
        assert!(matches!(lattice.find(), Pick::Exhausted(_)));
        let tiny = NumberSet::all().multiple_of(number("1e-1000000000")).integers();
        assert!(matches!(tiny.find(), Pick::Exhausted(_) | Pick::Found(_)));
        assert_eq!(NumberSet::all().at_least(huge.clone()).below(huge).find(), Pick::Empty);
    }

    #[test]
    fn draft_4_looks_at_the_spelling() {
        let digits = NumberSet::all().written(Notation::Integer);
        assert_eq!(digits.clone().fractions().find(), Pick::Empty);
        assert_eq!(digits.written(Notation::Fractional).find(), Pick::Empty);
        let Pick::Found(value) = NumberSet::all().written(Notation::Fractional).integers().find()
        else {
            panic!("there are integers with a fraction");
        };
        assert_eq!(value.to_string(), "0.0");
    }

    /// Small sets of quarters against trying every quarter.
    #[test]
    fn brute_force_agrees() {
        let mut seed = 0x9E37_79B9_u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            (seed >> 33) % below
        };
        let steps = ["0.25", "0.5", "0.75", "1", "1.5", "2", "3"];
        let mut empty = 0;
        for _ in 0..3000 {
            let low = i64::try_from(draw(40)).unwrap() - 20;
            let high = low + i64::try_from(draw(14)).unwrap();
            let on = steps[usize::try_from(draw(7)).unwrap()];
            let off: Vec<&str> =
                (0..draw(3)).map(|_| steps[usize::try_from(draw(7)).unwrap()]).collect();
            let quarter = |count: i64| number(&format!("{}e-2", count * 25));
            let mut set = NumberSet::all().multiple_of(number(on)).at_least(quarter(low));
            let open = draw(2) == 0;
            set = if open { set.below(quarter(high)) } else { set.at_most(quarter(high)) };
            for step in &off {
                set = set.not_multiple_of(number(step));
            }
            let divides = |step: &str, value: &BigDecimal| {
                (value % step.parse::<BigDecimal>().unwrap()).is_zero()
            };
            let count = (low..=high).filter(|count| !open || *count != high).filter(|count| {
                let value: BigDecimal = format!("{}e-2", count * 25).parse().unwrap();
                divides(on, &value) && !off.iter().any(|step| divides(step, &value))
            });
            let count = u64::try_from(count.count()).unwrap();
            assert_eq!(set.count(100), Count::Exactly(count), "{set:?}");
            match set.find() {
                Pick::Found(value) => assert_eq!(set.contains(&value), Some(true)),
                Pick::Empty => assert_eq!(count, 0, "{set:?}"),
                Pick::Exhausted(reason) => panic!("{reason}"),
            }
            empty += u64::from(count == 0);
        }
        assert!(empty > 100 && empty < 2900);
    }
}
