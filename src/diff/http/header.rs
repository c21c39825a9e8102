//! Headers of responses and of parts of multipart bodies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parameter::compare_text;
use crate::diff::lifecycle::compare_lifecycle;
use crate::diff::remarks::compare_remarks;
use crate::diff::session::Session;
use crate::model::{Header, Polarity, Site};
use crate::rules::parameter::{
    HEADER_ADDED, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED, HEADER_REMOVED,
};
use crate::rules::{Effect, Rule};
use crate::source::Span;

/// Headers by name in lower case.
type Headers = BTreeMap<Arc<str>, Header>;

/// Where headers stand, and who writes them.
pub(super) struct HeaderSite<'p> {
    pub(super) site: &'p dyn Fn(&Header) -> Site,
    pub(super) polarity: Polarity,
    /// The element of the new contract that holds them.
    pub(super) new_holder: Span,
}

/// Compares the headers of two messages.
pub(super) fn compare(
    session: &mut Session<'_>,
    at: &HeaderSite<'_>,
    (old, new): (&Headers, &Headers),
) {
    for (name, was) in old {
        match new.get(name) {
            Some(is) => compare_one(session, at, was, is),
            None => removed(session, at, was),
        }
    }
    for (_, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        // Whoever has to send it does not know it yet.
        let demanded = is.required.value && at.polarity == Polarity::Request;
        let rule: &'static Rule = if demanded { &HEADER_BECAME_REQUIRED } else { &HEADER_ADDED };
        let word = if demanded { "required header" } else { "header" };
        let message = format!("{word} `{}` was added", is.name);
        let fact = (rule.effect.verdict(at.polarity), at.polarity);
        session.ledger.state(rule, (None, Some(is.span)), &message, &(at.site)(is), fact);
    }
}

fn removed(session: &mut Session<'_>, at: &HeaderSite<'_>, was: &Header) {
    let rule: &'static Rule =
        if was.required.value { &HEADER_BECAME_OPTIONAL } else { &HEADER_REMOVED };
    let message = if was.required.value {
        format!("header `{}`, which was always there, was removed", was.name)
    } else {
        format!("header `{}` was removed", was.name)
    };
    let effect = match (rule.effect, at.polarity) {
        // A reader ignores headers that it does not declare.
        (Effect::Widens, Polarity::Request) => Effect::Annotates,
        (effect, _) => effect,
    };
    let fact = (effect.verdict(at.polarity), at.polarity);
    let site = (at.site)(was);
    let finding = session.ledger.state(rule, (Some(was.span), None), &message, &site, fact);
    finding.anchor = Some(at.new_holder);
}

fn compare_one(session: &mut Session<'_>, at: &HeaderSite<'_>, old: &Header, new: &Header) {
    let Header { name, required, serialisation, shape, lifecycle, remarks, span } = old;
    let (site, polarity) = ((at.site)(new), at.polarity);
    let spans = (Some(*span), Some(new.span));
    if required.value != new.required.value {
        let rule: &'static Rule =
            if new.required.value { &HEADER_BECAME_REQUIRED } else { &HEADER_BECAME_OPTIONAL };
        let verb = if new.required.value { "became required" } else { "is no longer guaranteed" };
        let message = format!("header `{name}` {verb}");
        let fact = (rule.effect.verdict(polarity), polarity);
        session.ledger.state(rule, spans, &message, &site, fact);
    }
    let ends = ((serialisation, *shape), (&new.serialisation, new.shape));
    compare_text(session, &site, spans, ends, polarity);
    compare_lifecycle(session, &site, spans, (lifecycle, &new.lifecycle), polarity);
    compare_remarks(session, &site, polarity, spans, (remarks, &new.remarks));
}
