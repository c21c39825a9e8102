//! Collects members of a set of numbers, the simplest first.

use std::collections::BTreeSet;

use super::interval::{self, Interval};
use super::{MAX_POINTS, NumberSet};
use crate::model::Decimal;

/// Members found so far.
pub(super) struct Members {
    /// In the order in which they came up.
    pub(super) found: Vec<Decimal>,
    known: BTreeSet<Decimal>,
    wanted: u64,
    pub(super) supply: Supply,
}

/// What is known of the members that have not come up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Supply {
    /// There are no others.
    Seen,
    /// There may be others.
    Unknown,
    /// There are infinitely many others.
    Infinite,
}

impl Members {
    pub(super) fn wanted(wanted: u64) -> Self {
        Self { found: Vec::new(), known: BTreeSet::new(), wanted, supply: Supply::Seen }
    }

    pub(super) fn enough(&self) -> bool {
        u64::try_from(self.found.len()).unwrap_or(u64::MAX) >= self.wanted
    }

    fn at_least(&mut self, supply: Supply) {
        self.supply = self.supply.max(supply);
    }

    /// Takes the value if it is a member; remembers where that could not be told.
    fn offer(&mut self, set: &NumberSet, value: &Decimal) {
        match set.contains(value) {
            Some(_) => self.offer_quietly(set, value),
            None => self.at_least(Supply::Unknown),
        }
    }

    fn offer_quietly(&mut self, set: &NumberSet, value: &Decimal) {
        if self.enough() || self.known.contains(value) || set.contains(value) != Some(true) {
            return;
        }
        self.known.insert(value.clone());
        self.found.push(value.clone());
    }
}

impl NumberSet {
    /// Collects members until there are enough.
    pub(super) fn collect(&self, members: &mut Members) {
        if self.spelling.len() > 1 {
            return;
        }
        if self.only.is_some() || self.steps.iter().any(Decimal::is_zero) {
            let mut listed: Vec<Decimal> = self.only.iter().flatten().cloned().collect();
            listed.sort_by_cached_key(|value| value.to_string().len());
            for value in [Decimal::zero()].iter().chain(&listed) {
                members.offer(self, value);
            }
            return;
        }
        let mut step: Option<Decimal> = None;
        for next in &self.steps {
            step = match step {
                None => Some(if next.is_negative() { next.negated() } else { next.clone() }),
                Some(step) => match step.least_common_multiple(next) {
                    Some(both) => Some(both),
                    None => return members.at_least(Supply::Unknown),
                },
            };
        }
        for value in self.simple(step.as_ref()) {
            if members.enough() {
                return;
            }
            members.offer_quietly(self, &value);
        }
        for piece in self.pieces() {
            match &step {
                _ if members.enough() => return,
                Some(step) => self.on_lattice(step, &piece, members),
                None => self.dense(&piece, members),
            }
        }
    }

    /// Values that people find simple; most sets have one of them.
    fn simple(&self, step: Option<&Decimal>) -> Vec<Decimal> {
        let mut simple = vec![Decimal::zero(), Decimal::from(1_i64)];
        let ends = [&self.bounds.low, &self.bounds.high].into_iter().flatten();
        simple.extend(ends.map(|end| end.value.clone()));
        simple.extend(step.cloned());
        simple.extend((2_i64..=10).map(Decimal::from));
        // Of numbers so large those that are round are written, and read, alike by everybody.
        let large = self.bounds.low.iter().chain(&self.bounds.high);
        let large = large.filter(|end| end.value.to_i64().is_none() && end.value.is_integer());
        simple.extend(large.filter_map(|end| end.value.times(&Decimal::from(2_i64))));
        simple.extend(step.map(Decimal::negated));
        simple.push(Decimal::from(-1_i64));
        simple.extend(["0.5", "1.5", "-0.5"].iter().filter_map(|text| text.parse().ok()));
        simple
    }

    /// The bounds without the gaps, from the lowest piece to the highest.
    fn pieces(&self) -> Vec<Interval> {
        let mut pieces = vec![self.bounds.clone()];
        for gap in self.gaps.iter().filter(|gap| !gap.is_empty()) {
            let cut = |piece: &Interval| {
                gap.outside().map(|rest| piece.and(&rest)).collect::<Vec<Interval>>()
            };
            pieces = pieces.iter().flat_map(cut).collect();
            pieces.retain(|piece| !piece.is_empty());
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    fn on_lattice(&self, step: &Decimal, piece: &Interval, members: &mut Members) {
        if self.off.iter().any(|off| step.is_multiple_of(off) == Some(true)) {
            return;
        }
        let first = piece.low.as_ref().map(|low| low.value.ceil_to(step));
        let last = piece.high.as_ref().map(|high| high.value.floor_to(step));
        let (mut at, stride) = match (first, last) {
            (Some(None), _) | (_, Some(None)) => return members.at_least(Supply::Unknown),
            (Some(Some(first)), _) => (first, step.clone()),
            (None, Some(Some(last))) => (last, step.negated()),
            (None, None) => (Decimal::zero(), step.clone()),
        };
        let mut off = self.off.iter().map(|off| step.is_multiple_of(off));
        let free = off.all(|covered| covered == Some(false));
        let endless = piece.low.is_none() || piece.high.is_none();
        let rest = if free && endless { Supply::Infinite } else { Supply::Unknown };
        let ahead = if stride.is_negative() { &piece.low } else { &piece.high };
        for _ in 0..MAX_POINTS {
            let past = ahead.as_ref().is_some_and(|end| {
                if stride.is_negative() { at < end.value } else { at > end.value }
            });
            if past || members.enough() {
                return;
            }
            if piece.has(&at) {
                members.offer(self, &at);
            }
            at = match at.plus(&stride) {
                Some(next) => next,
                None => break,
            };
        }
        members.at_least(rest);
    }

    fn dense(&self, piece: &Interval, members: &mut Members) {
        if let (Some(low), Some(high)) = (&piece.low, &piece.high)
            && low.value == high.value
        {
            return members.offer(self, &low.value);
        }
        for candidate in interval::inside(piece) {
            if members.enough() {
                return;
            }
            if piece.has(&candidate) {
                members.offer_quietly(self, &candidate);
            }
        }
        members.at_least(Supply::Infinite);
    }
}
