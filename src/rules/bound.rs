//! Bounds: of numbers, lengths, elements and members.

use super::edit::{Edits, Facet};
use super::effective::{Bound, Edge, Effective};
use super::{Effect, Rule, rules};
use crate::model::{Decimal, Stated};
use crate::source::Span;

rules! {
    /// A lower bound was raised or newly set
    ///
    /// Values below the new bound were admitted and are refused now.
    MINIMUM_RAISED {
        id: "minimum-raised",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Measure what is sent below the new bound, announce the bound, and enforce it later.",
    }

    /// A lower bound was lowered or dropped
    ///
    /// Readers of the old contract refuse values below the old bound.
    MINIMUM_LOWERED {
        id: "minimum-lowered",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Send no value below the old bound until its readers are gone.",
    }

    /// An upper bound was lowered or newly set
    ///
    /// Values above the new bound were admitted and are refused now.
    MAXIMUM_LOWERED {
        id: "maximum-lowered",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Measure what is sent above the new bound, announce the bound, and enforce it later.",
    }

    /// An upper bound was raised or dropped
    ///
    /// Readers of the old contract refuse values above the old bound.
    MAXIMUM_RAISED {
        id: "maximum-raised",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Send no value above the old bound until its readers are gone.",
    }

    /// The number of which values are multiples changed
    ///
    /// A value between the new steps was admitted and is refused now, or the other way round.
    MULTIPLE_CHANGED {
        id: "multiple-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Only make steps finer in requests and coarser in responses.",
    }
}

/// Compares all bounds.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    let places = (old.span, new.span);
    numeric(Which::Least, (&old.minimum, &new.minimum), places, edits);
    numeric(Which::Greatest, (&old.maximum, &new.maximum), places, edits);
    let counts = [
        ("minLength", Which::Least, Facet::MinLength, &old.min_length, &new.min_length),
        ("maxLength", Which::Greatest, Facet::MaxLength, &old.max_length, &new.max_length),
        ("minItems", Which::Least, Facet::MinItems, &old.min_items, &new.min_items),
        ("maxItems", Which::Greatest, Facet::MaxItems, &old.max_items, &new.max_items),
        (
            "minProperties",
            Which::Least,
            Facet::MinProperties,
            &old.min_properties,
            &new.min_properties,
        ),
        (
            "maxProperties",
            Which::Greatest,
            Facet::MaxProperties,
            &old.max_properties,
            &new.max_properties,
        ),
    ];
    for (keyword, which, facet, was, is) in counts {
        count(keyword, which, facet, (was.as_ref(), is.as_ref()), places, edits);
    }
    multiples(old, new, edits);
}

#[derive(Clone, Copy)]
enum Which {
    Least,
    Greatest,
}

impl Which {
    /// The rule for a bound that became tighter, and for one that became looser.
    fn rules(self) -> (&'static Rule, &'static Rule) {
        match self {
            Self::Least => (&MINIMUM_RAISED, &MINIMUM_LOWERED),
            Self::Greatest => (&MAXIMUM_LOWERED, &MAXIMUM_RAISED),
        }
    }
}

fn numeric(
    which: Which,
    (was, is): (&Option<Stated<Bound>>, &Option<Stated<Bound>>),
    (old, new): (Span, Span),
    edits: &mut Edits,
) {
    let (was, is) = (was.as_ref(), is.as_ref());
    let tighter = match (was.map(|s| &s.value), is.map(|s| &s.value)) {
        (None, None) => return,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(was), Some(is)) if was == is => return,
        (Some(was), Some(is)) => match which {
            Which::Least => (&is.value, is.edge) > (&was.value, was.edge),
            Which::Greatest => {
                is.value < was.value || (is.value == was.value && is.edge > was.edge)
            }
        },
    };
    let (facet, keyword) = match which {
        Which::Least => (Facet::Minimum, "minimum"),
        Which::Greatest => (Facet::Maximum, "maximum"),
    };
    let said = |bound: Option<&Stated<Bound>>| bound.map(|stated| written(&stated.value));
    let message = moved(keyword, said(was).as_deref(), said(is).as_deref());
    let (rule_tighter, rule_looser) = which.rules();
    let rule = if tighter { rule_tighter } else { rule_looser };
    let spans = (Some(was.map_or(old, |s| s.span)), Some(is.map_or(new, |s| s.span)));
    edits
        .push(rule, facet, message, spans)
        .evidence(&said(was).unwrap_or_default(), &said(is).unwrap_or_default());
}

fn count(
    keyword: &str,
    which: Which,
    facet: Facet,
    (was, is): (Option<&Stated<u64>>, Option<&Stated<u64>>),
    (old, new): (Span, Span),
    edits: &mut Edits,
) {
    // A least count of zero says nothing.
    let silent = |stated: &&Stated<u64>| matches!(which, Which::Least) && stated.value == 0;
    let (was, is) = (was.filter(|s| !silent(s)), is.filter(|s| !silent(s)));
    let tighter = match (was.map(|s| s.value), is.map(|s| s.value)) {
        (None, None) => return,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(was), Some(is)) if was == is => return,
        (Some(was), Some(is)) => match which {
            Which::Least => is > was,
            Which::Greatest => is < was,
        },
    };
    let said = |stated: Option<&Stated<u64>>| stated.map(|stated| stated.value.to_string());
    let message = moved(keyword, said(was).as_deref(), said(is).as_deref());
    let (rule_tighter, rule_looser) = which.rules();
    let rule = if tighter { rule_tighter } else { rule_looser };
    let spans = (Some(was.map_or(old, |s| s.span)), Some(is.map_or(new, |s| s.span)));
    edits
        .push(rule, facet, message, spans)
        .evidence(&said(was).unwrap_or_default(), &said(is).unwrap_or_default());
}

fn multiples(old: &Effective, new: &Effective, edits: &mut Edits) {
    // What several parts say together differs by what only one side says.
    let only = |side: &Effective, other: &Effective| -> Vec<(Decimal, Span)> {
        let own = side.multiples.iter().filter(|(step, _)| !other.multiples.contains_key(*step));
        own.map(|(step, span)| (step.clone(), *span)).collect()
    };
    let (gone, come) = (only(old, new), only(new, old));
    if gone.is_empty() && come.is_empty() {
        return;
    }
    let said = |steps: &[(Decimal, Span)]| {
        steps.iter().map(|(step, _)| step.to_string()).collect::<Vec<_>>().join(", ")
    };
    let (was, is) = (said(&gone), said(&come));
    let message = moved("multipleOf", some(&was), some(&is));
    let span = |steps: &[(Decimal, Span)], side: &Effective| {
        steps.first().map_or(side.span, |(_, span)| *span)
    };
    let spans = (Some(span(&gone, old)), Some(span(&come, new)));
    let edit = edits.push(&MULTIPLE_CHANGED, Facet::Multiples, message, spans);
    edit.evidence(&was, &is);
    if gone.is_empty() {
        edit.effect = Effect::Narrows;
    } else if come.is_empty() {
        edit.effect = Effect::Widens;
    }
}

fn some(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

fn written(bound: &Bound) -> String {
    match bound.edge {
        Edge::Inclusive => bound.value.to_string(),
        Edge::Exclusive => format!("{} (exclusive)", bound.value),
    }
}

/// `` `minimum` changed from 1 to 2 ``, with the words for a bound set or dropped.
fn moved(keyword: &str, was: Option<&str>, is: Option<&str>) -> String {
    match (was, is) {
        (None, Some(is)) => format!("`{keyword}` {is} was set"),
        (Some(was), None) => format!("`{keyword}` {was} was dropped"),
        (Some(was), Some(is)) => format!("`{keyword}` changed from {was} to {is}"),
        (None, None) => format!("`{keyword}` changed"),
    }
}
