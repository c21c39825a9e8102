//! The ways in which a listed value may be written: equality is mathematical, so that a list takes 1 and
//! 1.0, and draft 4's `integer` only the first (draft-zyp-json-schema-04 §3.5).

use std::sync::Arc;

use crate::model::{Decimal, Json, Notation};

/// How many numbers of a value are written otherwise one by one.
const APART: usize = 8;

/// The value as whoever lists it wrote it, and as it may be written instead: its integers all with a
/// fraction, all without, and each otherwise than it is.
pub(super) fn notations(value: &Json) -> impl Iterator<Item = Json> {
    let integers = integers(value);
    let alike = [Notation::Fractional, Notation::Integer].into_iter().filter(move |_| integers > 1);
    let alike = alike.map(|notation| written(value, &mut |_, _| notation));
    let each = (0..integers.min(APART)).map(|one| {
        written(value, &mut |index, notation| match notation {
            Notation::Integer if index == one => Notation::Fractional,
            Notation::Fractional if index == one => Notation::Integer,
            Notation::Integer | Notation::Fractional => notation,
        })
    });
    std::iter::once(value.clone()).chain(alike).chain(each)
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
