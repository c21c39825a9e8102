//! The ways in which a listed value may be written: equality is mathematical, so that a list takes 1 and
//! 1.0, and draft 4's `integer` only the first (draft-zyp-json-schema-04 §3.5).

use std::sync::Arc;

use crate::model::{Decimal, Json, Notation};

use super::engine::Search;

/// Of a value with more integers not every way of writing them is tried, but all of them alike and each
/// otherwise than it is.
const FEW: usize = 6;
/// How many are written otherwise one by one.
const APART: usize = 64;

impl Search<'_> {
    /// The value as whoever lists it wrote it, and as it may be written instead, where some shape tells
    /// the ways apart.
    pub(super) fn notations(&self, value: &Json) -> impl Iterator<Item = Json> + use<> {
        let others = if self.same.tells_notations() { others(value) } else { Vec::new() };
        std::iter::once(value.clone()).chain(others)
    }

    /// Whether those are all the ways in which the value may be written that some shape tells apart.
    pub(super) fn are_all_notations(&self, value: &Json) -> bool {
        !self.same.tells_notations() || integers(value) <= FEW
    }
}

/// The value written otherwise.
fn others(value: &Json) -> Vec<Json> {
    let integers = integers(value);
    let otherwise = |is_meant: &dyn Fn(usize) -> bool| {
        written(value, &mut |index, notation| match notation {
            Notation::Integer if is_meant(index) => Notation::Fractional,
            Notation::Fractional if is_meant(index) => Notation::Integer,
            Notation::Integer | Notation::Fractional => notation,
        })
    };
    if integers <= FEW {
        return (1_usize..1 << integers)
            .map(|set| otherwise(&|index| set >> index & 1 == 1))
            .collect();
    }
    let alike = [Notation::Fractional, Notation::Integer];
    let alike = alike.into_iter().map(|notation| written(value, &mut |_, _| notation));
    alike.chain((0..integers.min(APART)).map(|one| otherwise(&|index| index == one))).collect()
}

/// How many integers a value holds.
fn integers(value: &Json) -> usize {
    match value {
        Json::Number(number) => usize::from(number.is_integer()),
        Json::Array(elements) => elements.iter().map(integers).sum(),
        Json::Object(members) => members.values().map(integers).sum(),
        Json::Null | Json::Boolean(_) | Json::String(_) => 0,
    }
}

/// The value with its integers in the notation that is chosen for each.
fn written(value: &Json, choose: &mut dyn FnMut(usize, Notation) -> Notation) -> Json {
    let mut met = 0;
    rewritten(value, &mut |number| {
        let notation = choose(met, number.notation());
        met += 1;
        match notation {
            Notation::Integer => number.clone().written_as_integer(),
            Notation::Fractional => number.clone().written_with_fraction(),
        }
    })
}

fn rewritten(value: &Json, rewrite: &mut dyn FnMut(&Decimal) -> Decimal) -> Json {
    match value {
        Json::Number(number) if number.is_integer() => Json::Number(rewrite(number)),
        Json::Array(elements) => {
            Json::Array(elements.iter().map(|element| rewritten(element, rewrite)).collect())
        }
        Json::Object(members) => {
            let member =
                |(name, it): (&Arc<str>, &Json)| (Arc::clone(name), rewritten(it, rewrite));
            Json::Object(Arc::new(members.iter().map(member).collect()))
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}
