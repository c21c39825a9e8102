//! Exact decimal numbers: JSON's numbers as mathematics has them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use num_bigint::BigUint;
use num_integer::Integer as _;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

/// An exact decimal `± digits × 10^exponent`, of any size.
///
/// Equality and order are mathematical: `1 = 1.0 = 10e-1`, `-0 = 0`. Comparison never expands an
/// exponent, so `1e1000000000` costs nothing; operations that would have to are bounded by
/// [`Decimal::MAX_ALIGNMENT`] and answer `None` beyond it.
#[derive(Clone, Debug)]
pub struct Decimal {
    negative: bool,
    /// Without trailing zeros; zero is the empty number.
    digits: BigUint,
    exponent: i64,
    /// Whether the text had a fraction or an exponent; draft-04's `integer` looks at it.
    notation: Notation,
}

/// How a number is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Digits only.
    Integer,
    /// With a fraction or an exponent.
    Fractional,
}

/// The text is no JSON number, or its exponent is beyond what can be represented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Not in JSON's grammar.
    #[error("not a number")]
    Malformed,
    /// The exponent does not fit in 63 bits.
    #[error("the exponent of the number is too large")]
    Exponent,
}

impl Decimal {
    /// How many decimal digits an operation may add to align two numbers.
    pub const MAX_ALIGNMENT: u64 = 10_000;

    /// Zero.
    pub fn zero() -> Self {
        Self::from(0_i64)
    }

    /// Whether the value has no fractional part.
    pub fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// How the number was written; a computed integer counts as written without fraction.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// The same value as if it had been written with a fraction.
    #[must_use]
    pub fn written_with_fraction(mut self) -> Self {
        self.notation = Notation::Fractional;
        self
    }

    /// The same value as if it had been written without one, which only an integer can be.
    #[must_use]
    pub fn written_as_integer(mut self) -> Self {
        if self.is_integer() {
            self.notation = Notation::Integer;
        }
        self
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.digits.is_zero()
    }

    /// The value with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self.clone() }
    }

    /// The sum; `None` where aligning would take more than [`Self::MAX_ALIGNMENT`] digits.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if self.is_zero() {
            return Some(other.clone());
        }
        if other.is_zero() {
            return Some(self.clone());
        }
        let exponent = self.exponent.min(other.exponent);
        let (left, right) = (self.scaled_to(exponent)?, other.scaled_to(exponent)?);
        Some(if self.negative == other.negative {
            Self::build(self.negative, left + right, exponent)
        } else if left >= right {
            Self::build(self.negative, left - right, exponent)
        } else {
            Self::build(other.negative, right - left, exponent)
        })
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Option<Self> {
        let exponent = self.exponent.checked_add(other.exponent)?;
        Some(Self::build(self.negative != other.negative, &self.digits * &other.digits, exponent))
    }

    /// Whether the value is an integral multiple of `divisor`; `None` where deciding would take
    /// more than [`Self::MAX_ALIGNMENT`] digits. Nothing but zero is a multiple of zero.
    pub fn is_multiple_of(&self, divisor: &Self) -> Option<bool> {
        if self.is_zero() || divisor.is_zero() {
            return Some(self.is_zero());
        }
        let exponent = self.exponent.min(divisor.exponent);
        let (value, step) = (self.scaled_to(exponent)?, divisor.scaled_to(exponent)?);
        Some((value % step).is_zero())
    }

    /// The least positive number that is a multiple of both, signs ignored; `None` where one is
    /// zero or aligning would take too many digits.
    pub fn least_common_multiple(&self, other: &Self) -> Option<Self> {
        if self.is_zero() || other.is_zero() {
            return None;
        }
        let exponent = self.exponent.min(other.exponent);
        let (left, right) = (self.scaled_to(exponent)?, other.scaled_to(exponent)?);
        Some(Self::build(false, left.lcm(&right), exponent))
    }

    /// The greatest multiple of `step` at or below the value; `step` counts without its sign.
    pub fn floor_to(&self, step: &Self) -> Option<Self> {
        if step.is_zero() {
            return None;
        }
        let exponent = self.exponent.min(step.exponent);
        let (value, step) = (self.scaled_to(exponent)?, step.scaled_to(exponent)?);
        let (quotient, remainder) = value.div_rem(&step);
        let away = self.negative && !remainder.is_zero();
        let count = if away { quotient + BigUint::one() } else { quotient };
        Some(Self::build(self.negative, count * step, exponent))
    }

    /// The least multiple of `step` at or above the value.
    pub fn ceil_to(&self, step: &Self) -> Option<Self> {
        Some(self.negated().floor_to(step)?.negated())
    }

    /// The value as a machine integer, where it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_zero() {
            return Some(0);
        }
        if self.exponent < 0 || self.exponent > 19 {
            return None;
        }
        let magnitude = self.scaled_to(0)?.to_i128()?;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// The value as a count: `None` unless it is a non-negative integer; saturates at `u64::MAX`.
    pub fn to_count(&self) -> Option<u64> {
        if self.negative || self.exponent < 0 {
            return None;
        }
        if self.exponent > 20 {
            return Some(u64::MAX);
        }
        Some(self.scaled_to(0)?.to_u64().unwrap_or(u64::MAX))
    }

    fn build(negative: bool, digits: BigUint, exponent: i64) -> Self {
        let notation = Notation::Integer;
        let mut number = Self { negative, digits, exponent, notation };
        number.normalise();
        if number.exponent < 0 {
            number.notation = Notation::Fractional;
        }
        number
    }

    fn normalise(&mut self) {
        if self.digits.is_zero() {
            (self.negative, self.exponent) = (false, 0);
            return;
        }
        let ten = BigUint::from(10_u8);
        loop {
            let (quotient, remainder) = self.digits.div_rem(&ten);
            if !remainder.is_zero() || self.exponent == i64::MAX {
                break;
            }
            self.digits = quotient;
            self.exponent += 1;
        }
    }

    fn scaled_to(&self, exponent: i64) -> Option<BigUint> {
        let gap = u64::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        if self.is_zero() {
            return Some(BigUint::zero());
        }
        let power = u32::try_from(gap).ok().filter(|_| gap <= Self::MAX_ALIGNMENT)?;
        Some(&self.digits * BigUint::from(10_u8).pow(power))
    }

    fn digit_count(&self) -> i64 {
        i64::try_from(self.digits.to_string().len()).unwrap_or(i64::MAX)
    }

    /// The digits as if the exponent were this one, where they are few.
    fn aligned(&self, exponent: i64) -> Option<u128> {
        let gap = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        let digits = u128::from(self.digits.to_u64()?);
        digits.checked_mul(10_u128.checked_pow(gap)?)
    }

    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        if self.exponent == other.exponent {
            return self.digits.cmp(&other.digits);
        }
        let least = self.exponent.min(other.exponent);
        if let (Some(own), Some(theirs)) = (self.aligned(least), other.aligned(least)) {
            return own.cmp(&theirs);
        }
        let size = |number: &Self| number.exponent.saturating_add(number.digit_count());
        size(self).cmp(&size(other)).then_with(|| {
            // The leading digits weigh the same, so the exponents differ by at most the number of
            // digits that are written, and aligning costs no more than reading them did.
            let exponent = self.exponent.min(other.exponent);
            let scale = |number: &Self| {
                let gap = u32::try_from(number.exponent - exponent).unwrap_or(u32::MAX);
                &number.digits * BigUint::from(10_u8).pow(gap)
            };
            scale(self).cmp(&scale(other))
        })
    }
}

impl FromStr for Decimal {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (negative, unsigned) =
            text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return Err(NotANumber::Malformed);
        }
        let unsigned_power = power.trim_start_matches(['+', '-']);
        if unsigned_power.is_empty() || !is_digits(unsigned_power) {
            return Err(NotANumber::Malformed);
        }
        let digits = BigUint::parse_bytes([whole, fraction].concat().as_bytes(), 10)
            .ok_or(NotANumber::Malformed)?;
        let notation =
            if whole.len() == unsigned.len() { Notation::Integer } else { Notation::Fractional };
        if digits.is_zero() {
            return Ok(Self { negative: false, digits, exponent: 0, notation });
        }
        let shift = i64::try_from(fraction.len()).map_err(|_| NotANumber::Exponent)?;
        let power: i64 = power.parse().map_err(|_| NotANumber::Exponent)?;
        let exponent = power.checked_sub(shift).ok_or(NotANumber::Exponent)?;
        if exponent.unsigned_abs() > u64::MAX / 4 {
            return Err(NotANumber::Exponent);
        }
        let mut number = Self { negative, digits, exponent, notation };
        number.normalise();
        Ok(number)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::build(value < 0, BigUint::from(value.unsigned_abs()), 0)
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self::build(false, BigUint::from(value), 0)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.negative == other.negative
            && self.exponent == other.exponent
            && self.digits == other.digits
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.negative, &self.digits, self.exponent).hash(state);
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// Writes a JSON number: plain digits where that is short, else with an exponent.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            out.write_str("-")?;
        }
        let digits = self.digits.to_string();
        let point = self.exponent.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX));
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        if self.exponent >= 0 && self.exponent <= 24 {
            write!(out, "{digits}{}", zeros(self.exponent))?;
            if self.notation == Notation::Fractional { out.write_str(".0") } else { Ok(()) }
        } else if self.exponent < 0 && point > 0 {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
            write!(out, "{whole}.{fraction}")
        } else if self.exponent < 0 && point > -12 {
            write!(out, "0.{}{digits}", zeros(-point))
        } else {
            write!(out, "{digits}e{}", self.exponent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn equality_and_order_are_mathematical() {
        assert_eq!(number("1"), number("1.0"));
        assert_eq!(number("10e-1"), number("1"));
        assert_eq!(number("-0.0"), number("0"));
        assert!(number("9007199254740993") > number("9007199254740992"));
        assert!(number("1e400") > number("1e399"));
        assert!(number("-1e400") < number("1"));
        assert!(number("1e1000000000") > number("2"));
        assert!(number("0.1") > number("0.09999999999999999999"));
        assert!(number("123") < number("1.24e2"));
    }

    #[test]
    fn divisibility_is_exact() {
        assert_eq!(number("0.3").is_multiple_of(&number("0.1")), Some(true));
        assert_eq!(number("0.35").is_multiple_of(&number("0.1")), Some(false));
        assert_eq!(number("1e1000000000").is_multiple_of(&number("3")), None);
        assert_eq!(number("6").least_common_multiple(&number("1.5")), Some(number("6")));
        assert_eq!(number("0.4").least_common_multiple(&number("0.6")), Some(number("1.2")));
        assert_eq!(number("-7").floor_to(&number("3")), Some(number("-9")));
        assert_eq!(number("-7").ceil_to(&number("3")), Some(number("-6")));
        assert_eq!(number("7").ceil_to(&number("0.5")), Some(number("7")));
    }

    #[test]
    fn spelling_round_trips() {
        for text in ["0", "-1.5", "0.001", "1e400", "123456789012345678901234567890"] {
            assert_eq!(number(&number(text).to_string()), number(text));
        }
        assert_eq!(number("100").to_string(), "100");
        assert_eq!(number("1.0").to_string(), "1.0");
        assert_eq!(number("1.50").to_string(), "1.5");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "1.e", "e1", "0x1", "1e", "1e99999999999999999999", "+1", "1-"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
