//! Intervals of numbers.

use crate::model::Decimal;

/// An interval; an end that is absent is unbounded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
}

/// An end of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Where it is.
    pub value: Decimal,
    /// Whether the value itself belongs to the interval.
    pub edge: Edge,
}

/// Whether an end belongs to its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// It does.
    Closed,
    /// It does not.
    Open,
}

impl Interval {
    /// Whether the value lies inside.
    pub fn has(&self, value: &Decimal) -> bool {
        let above = self.low.as_ref().is_none_or(|low| match low.edge {
            Edge::Closed => low.value <= *value,
            Edge::Open => low.value < *value,
        });
        above
            && self.high.as_ref().is_none_or(|high| match high.edge {
                Edge::Closed => *value <= high.value,
                Edge::Open => *value < high.value,
            })
    }

    pub(super) fn is_empty(&self) -> bool {
        let (Some(low), Some(high)) = (&self.low, &self.high) else { return false };
        let both_closed = low.edge == Edge::Closed && high.edge == Edge::Closed;
        low.value > high.value || (low.value == high.value && !both_closed)
    }

    /// The values in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let (mut low, mut high) = (self.low.clone(), self.high.clone());
        if let Some(end) = &other.low {
            let tighter = low.as_ref().is_none_or(|low| {
                end.value > low.value || (end.value == low.value && end.edge == Edge::Open)
            });
            low = if tighter { Some(end.clone()) } else { low };
        }
        if let Some(end) = &other.high {
            let tighter = high.as_ref().is_none_or(|high| {
                end.value < high.value || (end.value == high.value && end.edge == Edge::Open)
            });
            high = if tighter { Some(end.clone()) } else { high };
        }
        Self { low, high }
    }

    /// The values outside, as up to two intervals.
    pub(super) fn outside(&self) -> impl Iterator<Item = Self> {
        let flip = |end: &End| End {
            value: end.value.clone(),
            edge: if end.edge == Edge::Open { Edge::Closed } else { Edge::Open },
        };
        let below = self.low.as_ref().map(|low| Self { low: None, high: Some(flip(low)) });
        let above = self.high.as_ref().map(|high| Self { low: Some(flip(high)), high: None });
        below.into_iter().chain(above)
    }
}

/// Decimals inside an interval that has an interior, from coarse to fine.
pub(super) fn inside(piece: &Interval) -> Vec<Decimal> {
    let value = |end: &Option<End>| end.as_ref().map(|end| end.value.clone());
    let one = Decimal::from(1_i64);
    let beyond = |end: &Decimal, away: &Decimal| {
        end.plus(away).or_else(|| {
            let outward = end.is_negative() == away.is_negative();
            if outward { end.times(&Decimal::from(2_i64)) } else { Some(Decimal::zero()) }
        })
    };
    let (low, high) = match (value(&piece.low), value(&piece.high)) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => match beyond(&low, &one) {
            Some(high) => (low, high),
            None => return Vec::new(),
        },
        (None, Some(high)) => match beyond(&high, &one.negated()) {
            Some(low) => (low, high),
            None => return Vec::new(),
        },
        (None, None) => (Decimal::zero(), one),
    };
    let Some(width) = high.plus(&low.negated()) else { return Vec::new() };
    let mut candidates = Vec::new();
    for power in ["100", "10", "1", "0.1", "0.01", "0.001"] {
        let Ok(grid) = power.parse::<Decimal>() else { continue };
        let mut at = low.ceil_to(&grid);
        for _ in 0..10 {
            candidates.extend(at.clone());
            at = at.and_then(|at| at.plus(&grid));
        }
    }
    for power in [1_u32, 2, 3, 4, 8, 16, 64, 256, 1024, 4096, 8192] {
        let Ok(tiny) = format!("1e-{power}").parse::<Decimal>() else { continue };
        let part = width.times(&tiny);
        for count in 1_i64..=9 {
            let offset = part.as_ref().and_then(|part| part.times(&Decimal::from(count)));
            candidates.extend(offset.and_then(|offset| low.plus(&offset)));
        }
    }
    candidates
}
