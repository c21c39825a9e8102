//! On which terms numbers are left to extensions: to any, or to those that the message declares.

use std::collections::BTreeMap;

use super::reserved::{Range, Reserved};
use crate::model::{DeclaredExtension, ExtensionTerms, Message};

/// The terms of all ranges of a message.
pub(crate) struct Terms<'a> {
    /// Numbers that any extension may take.
    pub(crate) open: Reserved<'a>,
    /// Numbers that take nothing but what is declared.
    pub(crate) bound: Reserved<'a>,
    /// What is declared, by number.
    pub(crate) declared: BTreeMap<i64, &'a DeclaredExtension>,
}

impl<'a> Terms<'a> {
    /// The terms of a message.
    pub(crate) fn of(message: &'a Message) -> Self {
        let binding = |terms: &&ExtensionTerms| terms.declared.is_some();
        let bound: Vec<&ExtensionTerms> = message.extension_terms.iter().filter(binding).collect();
        let covered = |wanted: bool| {
            let is_bound = |at: usize| bound.iter().any(|terms| terms.ranges.contains(&at));
            let ranges = message.extension_ranges.iter().enumerate();
            let numbers = ranges.filter(|(at, _)| is_bound(*at) == wanted);
            Reserved::of_numbers(numbers.map(|(_, range)| range.value))
        };
        let declared = message.extension_terms.iter().flat_map(|terms| &terms.declared).flatten();
        Self {
            open: covered(false),
            bound: covered(true),
            declared: declared.map(|(number, one)| (i64::from(*number), one)).collect(),
        }
    }
}

/// The numbers of one that are among the other's.
pub(crate) fn shared(one: &Reserved<'_>, other: &Reserved<'_>) -> Vec<Range> {
    let only = Reserved::of_ranges(one.numbers_missing_in(other));
    one.numbers_missing_in(&only)
}
