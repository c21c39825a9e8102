//! Credentials: an alternative survives if whoever satisfied it satisfies a remaining one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::exchange::Pair;
use crate::diff::session::Session;
use crate::model::{
    Alternative, Parameter, ParameterLocation, Part, Polarity, Scheme, Security, Site,
};
use crate::rules::security::{
    SCOPE_ADDED, SCOPE_REMOVED, SECURITY_ADDED, SECURITY_ALTERNATIVE_ADDED,
    SECURITY_ALTERNATIVE_REMOVED,
};
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// Compares what a caller must present. Inside callbacks the producer presents credentials, so the
/// sides change places.
pub(super) fn compare(session: &mut Session<'_>, pair: &Pair<'_>) {
    let (old, new) = (&pair.old.security, &pair.new.security);
    let site = Site::part(pair.label.clone(), Part::Security);
    let polarity = pair.sent();
    let relieved = relieved(pair);
    let (before, after) = match polarity {
        Polarity::Request | Polarity::Both => (old, &relieved),
        Polarity::Response => (new, old),
    };
    let (was, is) = ((old, pair.old_operation.span), (new, pair.new_operation.span));
    let places =
        (Some(declared(was, is, session.old.span)), Some(declared(is, was, session.new.span)));
    if before.alternatives.is_empty() && !accepts_nothing(after) {
        let message = format!("credentials are required: {}", alternatives(after));
        let fact = (Verdict::Breaking, polarity);
        session.ledger.state(&SECURITY_ADDED, places, &message, &site, fact);
        return;
    }
    if before.alternatives.is_empty() && !accepts_nothing(new) && polarity == Polarity::Request {
        let message = format!(
            "credentials are required: {}, which every call had as a parameter",
            alternatives(new)
        );
        let fact = (Verdict::Compatible, polarity);
        session.ledger.state(&SECURITY_ADDED, places, &message, &site, fact);
        return;
    }
    if after.alternatives.is_empty() && !accepts_nothing(before) {
        let message = format!("credentials are no longer required, were {}", alternatives(before));
        let fact = (Verdict::Compatible, polarity);
        session.ledger.state(&SECURITY_ALTERNATIVE_ADDED, places, &message, &site, fact);
        return;
    }
    if before.alternatives.is_empty() || after.alternatives.is_empty() {
        optional(session, (before, after), places, &site, polarity);
        return;
    }
    for alternative in before.alternatives.iter().filter(|it| !survives(it, after)) {
        let (rule, message) = lost(alternative, after);
        let places = match polarity {
            Polarity::Request | Polarity::Both => (Some(alternative.span), places.1),
            Polarity::Response => (places.0, Some(alternative.span)),
        };
        session.ledger.state(rule, places, &message, &site, (Verdict::Breaking, polarity));
    }
    for alternative in after.alternatives.iter().filter(|it| !survives(it, before)) {
        let known = before.alternatives.iter().any(|known| same_schemes(known, alternative));
        let looser = before.alternatives.iter().any(|known| satisfies(known, alternative));
        let fact = (Verdict::Compatible, polarity);
        if known && looser {
            let message = format!("{} needs fewer scopes now", words(alternative));
            session.ledger.state(&SCOPE_REMOVED, places, &message, &site, fact);
        } else if !known {
            let message = format!("{} suffices now", told(alternative, before));
            session.ledger.state(&SECURITY_ALTERNATIVE_ADDED, places, &message, &site, fact);
        }
    }
}

/// What the new side asks for beside what every call of the old side had as a parameter.
fn relieved(pair: &Pair<'_>) -> Security {
    let mut security = pair.new.security.clone();
    for alternative in &mut security.alternatives {
        alternative.credentials.retain(|scheme, _| {
            let mut parameters = pair.old.parameters.iter();
            !parameters.any(|known| known.required.value && is_key(scheme, known))
        });
    }
    security
}

/// Whether what a scheme demands is this parameter.
pub(super) fn is_key(scheme: &Scheme, parameter: &Parameter) -> bool {
    let Scheme::ApiKey { location, name } = scheme else { return false };
    let is_called = match parameter.location {
        ParameterLocation::Header => parameter.name.eq_ignore_ascii_case(name),
        ParameterLocation::Query | ParameterLocation::Cookie => *parameter.name == **name,
        ParameterLocation::Path | ParameterLocation::QueryString => false,
    };
    is_called && parameter.location.name() == &**location
}

/// Credentials that may be presented on one side and are not spoken of on the other: nobody has to.
fn optional(
    session: &mut Session<'_>,
    (before, after): (&Security, &Security),
    places: (Option<Span>, Option<Span>),
    site: &Site,
    polarity: Polarity,
) {
    let credited = |security: &Security| {
        let named = security.alternatives.iter().filter(|it| !it.credentials.is_empty());
        named.map(words).collect::<Vec<_>>().join(" or ")
    };
    let (was, is) = (credited(before), credited(after));
    let fact = (Verdict::Compatible, polarity);
    if !is.is_empty() {
        let message = format!("{is} may be presented now, and need not be");
        session.ledger.state(&SECURITY_ALTERNATIVE_ADDED, places, &message, site, fact);
    } else if !was.is_empty() {
        let message = format!("{was} need not be presented, and is not spoken of now");
        session.ledger.state(&SECURITY_ALTERNATIVE_REMOVED, places, &message, site, fact);
    }
}

/// Where it is said what a side asks for. Where nothing is, that is said by the operation where the
/// other side has it there, and by the contract where all operations of the other side inherit it.
fn declared(
    (security, operation): (&Security, Span),
    (other, beside): (&Security, Span),
    contract: Span,
) -> Span {
    let is_inside =
        |span: Span| span.file == beside.file && (beside.start..=beside.end).contains(&span.start);
    let silent = if other.span.is_none_or(is_inside) { operation } else { contract };
    security.span.unwrap_or(silent)
}

/// The alternative of the writer that the reader accepts no more and that the finding names.
pub(super) fn lost_alternative<'s>(
    (before, after): (&'s Security, &Security),
    places: [Option<Span>; 2],
) -> Option<&'s Alternative> {
    let gone = || before.alternatives.iter().filter(|it| !survives(it, after));
    gone().find(|it| places.contains(&Some(it.span))).or_else(|| gone().next())
}

fn accepts_nothing(security: &Security) -> bool {
    security.alternatives.is_empty()
        || security.alternatives.iter().any(|alternative| alternative.credentials.is_empty())
}

fn survives(alternative: &Alternative, remaining: &Security) -> bool {
    remaining.alternatives.iter().any(|needed| satisfies(alternative, needed))
}

/// Whether the credentials of the one are enough for the other.
fn satisfies(presented: &Alternative, needed: &Alternative) -> bool {
    needed.credentials.iter().all(|(scheme, scopes)| {
        presented
            .credentials
            .iter()
            .any(|(shown, granted)| suffices(shown, scheme) && scopes.is_subset(granted))
    })
}

fn suffices(shown: &Scheme, needed: &Scheme) -> bool {
    match (shown, needed) {
        (Scheme::OAuth2(shown), Scheme::OAuth2(needed)) => shown.is_subset(needed),
        (shown, needed) => shown == needed,
    }
}

fn same_schemes(left: &Alternative, right: &Alternative) -> bool {
    left.credentials.keys().eq(right.credentials.keys())
}

fn lost(alternative: &Alternative, remaining: &Security) -> (&'static Rule, String) {
    if alternative.credentials.is_empty() {
        let message = format!("credentials are required: {}", alternatives(remaining));
        return (&SECURITY_ADDED, message);
    }
    let tightened = remaining.alternatives.iter().find(|needed| same_schemes(alternative, needed));
    if let Some(needed) = tightened {
        let granted: BTreeSet<&Arc<str>> = alternative.credentials.values().flatten().collect();
        let missing: Vec<String> = needed
            .credentials
            .values()
            .flatten()
            .filter(|scope| !granted.contains(scope))
            .map(|scope| format!("`{scope}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("{} needs scope {} now", words(needed), missing.join(", "));
            return (&SCOPE_ADDED, message);
        }
    }
    (&SECURITY_ALTERNATIVE_REMOVED, format!("{} no longer suffices", told(alternative, remaining)))
}

fn alternatives(security: &Security) -> String {
    security.alternatives.iter().map(words).collect::<Vec<_>>().join(" or ")
}

/// The same, with how it is presented where the other side calls something else so.
fn told(alternative: &Alternative, other: &Security) -> String {
    let is_another =
        |it: &Alternative| it.names == alternative.names && !same_schemes(it, alternative);
    let words = words(alternative);
    if alternative.names.is_empty() || !other.alternatives.iter().any(is_another) {
        return words;
    }
    let ways: Vec<String> = alternative.credentials.keys().map(way).collect();
    format!("{words} ({})", ways.join(", "))
}

fn way(scheme: &Scheme) -> String {
    match scheme {
        Scheme::ApiKey { location, name } => format!("{location} `{name}`"),
        Scheme::Http(name) => format!("HTTP `{name}`"),
        Scheme::OAuth2(flows) => {
            let flows: Vec<String> = flows.iter().map(|flow| format!("`{flow}`")).collect();
            format!("OAuth 2 by {}", flows.join(", "))
        }
        Scheme::OpenIdConnect => "OpenID Connect".to_owned(),
        Scheme::MutualTls => "a client certificate".to_owned(),
        Scheme::Unknown(name) => format!("`{name}`"),
    }
}

/// What people call the alternative: the names that the contract gives its schemes.
fn words(alternative: &Alternative) -> String {
    let names: Vec<String> = alternative.names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "anonymous access".to_owned() } else { names.join(" with ") }
}
