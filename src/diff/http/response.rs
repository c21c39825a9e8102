//! Responses by status. Codes are open by class (RFC 9110 §15).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::body::{self, BodySite, Choice};
use super::exchange::Pair;
use super::header::{self, HeaderSite};
use crate::diff::remarks::{compare_links, compare_remarks};
use crate::diff::session::Session;
use crate::model::{Body, Header, Part, Polarity, Response, Site, StatusKey};
use crate::rules::annotation::ANNOTATION_CHANGED;
use crate::rules::payload::{STATUS_ADDED, STATUS_REMOVED};
use crate::rules::{Rule, Verdict};
use crate::source::Span;

type Responses = BTreeMap<StatusKey, Response>;

/// Compares what the caller receives.
pub(super) fn compare(session: &mut Session<'_>, pair: &Pair<'_>) {
    let (old, new) = (&pair.old.responses, &pair.new.responses);
    for (key, was) in old {
        match new.get(key) {
            Some(is) if *key == StatusKey::Default && is_never_sent(old, new) => {
                never_sent(session, pair, was, is);
            }
            Some(is) => compare_one(session, pair, *key, was, is),
            None => removed(session, pair, *key, was),
        }
    }
    for (key, is) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        added(session, pair, *key, is);
    }
}

/// Whether no status is the default's on both sides, for each class has an answer of its own.
fn is_never_sent(old: &Responses, new: &Responses) -> bool {
    let mut classes = (1..=5).map(StatusKey::Class);
    classes.all(|class| old.contains_key(&class) || new.contains_key(&class))
}

/// What an answer says that no status is given: whatever it is, nobody reads it.
fn never_sent(session: &mut Session<'_>, pair: &Pair<'_>, was: &Response, is: &Response) {
    let what = "the default response, which no status has";
    let at = (site(pair, StatusKey::Default), polarity(pair));
    unread(session, at, what, (was.span, is.span), |session| {
        compare_one(session, pair, StatusKey::Default, was, is);
    });
}

/// Whatever differs in what never crosses is one edit, which nobody meets.
pub(super) fn unread<'c>(
    session: &mut Session<'c>,
    (site, polarity): (Site, Polarity),
    what: &str,
    (was, is): (Span, Span),
    compare: impl FnOnce(&mut Session<'c>),
) {
    let around = std::mem::take(&mut session.ledger);
    compare(session);
    let differences = std::mem::replace(&mut session.ledger, around).into_entries();
    if differences.is_empty() {
        return;
    }
    let message = format!("{what}, was edited");
    let (spans, fact) = ((Some(was), Some(is)), (Verdict::Compatible, polarity));
    session.ledger.state(&ANNOTATION_CHANGED, spans, &message, &site, fact);
}

/// Whether responses with this status to this method have no content, whatever a description says
/// (RFC 9110 §6.4.1, §9.3.2, §9.3.6, §15.2, §15.3.5, §15.3.6, §15.4.5).
pub(super) fn has_no_content(method: &str, key: StatusKey) -> bool {
    let successful = matches!(key, StatusKey::Class(2) | StatusKey::Code(200..=299));
    match key {
        _ if method.eq_ignore_ascii_case("HEAD") => true,
        _ if successful && method.eq_ignore_ascii_case("CONNECT") => true,
        StatusKey::Code(100..=199 | 204 | 205 | 304) | StatusKey::Class(1) => true,
        StatusKey::Code(_) | StatusKey::Class(_) | StatusKey::Default => false,
    }
}

/// Who writes the responses.
fn polarity(pair: &Pair<'_>) -> Polarity {
    pair.sent().flip()
}

fn site(pair: &Pair<'_>, key: StatusKey) -> Site {
    Site::part(pair.label.clone(), Part::Response(key.to_string().into(), None))
}

/// The response that stands for a status which has none of its own: its class, else the default.
pub(super) fn covering(responses: &Responses, key: StatusKey) -> Option<(StatusKey, &Response)> {
    let class = match key {
        StatusKey::Code(code) => u8::try_from(code / 100).ok().map(StatusKey::Class),
        StatusKey::Class(_) => None,
        StatusKey::Default => return None,
    };
    let cover = |key: StatusKey| Some((key, responses.get(&key)?));
    class.and_then(cover).or_else(|| cover(StatusKey::Default))
}

/// Judges a status against the range that stood, or now stands, for it: one finding, which breaks
/// where the two answers differ in what breaks.
fn taken_over(
    session: &mut Session<'_>,
    pair: &Pair<'_>,
    key: StatusKey,
    (rule, message): (&'static Rule, String),
    (was, is): (&Response, &Response),
) {
    let around = std::mem::take(&mut session.ledger);
    compare_one(session, pair, key, was, is);
    let differences = std::mem::replace(&mut session.ledger, around);
    let spans = (Some(was.span), Some(is.span));
    let at = (&site(pair, key), polarity(pair));
    session.ledger.fold(rule, spans, &message, at, differences);
}

fn removed(session: &mut Session<'_>, pair: &Pair<'_>, key: StatusKey, was: &Response) {
    if let Some((cover, is)) = covering(&pair.new.responses, key) {
        let message = format!("status `{key}` is answered as `{cover}` now");
        taken_over(session, pair, key, (&STATUS_REMOVED, message), (was, is));
        return;
    }
    let polarity = polarity(pair);
    let known = |other: &StatusKey| pair.old.responses.contains_key(other);
    let split = pair.new.responses.keys().any(|other| lies_in(*other, key) && !known(other));
    if split && polarity != Polarity::Request {
        // Its codes are declared one by one now, and each is compared as an added one.
        return;
    }
    // Inside a callback the consumer answers, and the producer must read what it answered before:
    // with any code of a class, and where nothing but the default told of success, with any at all.
    let told = || pair.old.responses.keys().any(|other| is_success(*other));
    let succeeds = is_success(key) || (key == StatusKey::Default && !told());
    let lost = polarity == Polarity::Request && succeeds;
    let verdict = if lost { Verdict::Breaking } else { Verdict::Compatible };
    let message = format!("status `{key}` was removed");
    let spans = (Some(was.span), None);
    let fact = (verdict, polarity);
    let finding = session.ledger.state(&STATUS_REMOVED, spans, &message, &site(pair, key), fact);
    if polarity == Polarity::Request && finding.caution.is_some() {
        finding.caution = Some("receivers may still answer with the status".into());
    }
    finding.anchor = Some(pair.new_operation.span);
}

fn added(session: &mut Session<'_>, pair: &Pair<'_>, key: StatusKey, is: &Response) {
    if let Some((cover, was)) = covering(&pair.old.responses, key) {
        let message = format!("status `{key}` is declared by itself now, not as `{cover}`");
        taken_over(session, pair, key, (&STATUS_ADDED, message), (was, is));
        return;
    }
    let polarity = polarity(pair);
    let unknown = polarity == Polarity::Response && is_success(key);
    let verdict = if unknown { Verdict::Breaking } else { Verdict::Compatible };
    let message = format!("status `{key}` was added");
    let spans = (None, Some(is.span));
    let fact = (verdict, polarity);
    let finding = session.ledger.state(&STATUS_ADDED, spans, &message, &site(pair, key), fact);
    if polarity == Polarity::Request {
        // Nobody meets it but the server, which says that it knows it.
        finding.caution = None;
    }
}

fn lies_in(key: StatusKey, range: StatusKey) -> bool {
    match (key, range) {
        (StatusKey::Code(code), StatusKey::Class(digit)) => code / 100 == u16::from(digit),
        (StatusKey::Code(_), StatusKey::Code(_) | StatusKey::Default)
        | (StatusKey::Class(_) | StatusKey::Default, _) => false,
    }
}

/// Whether a consumer acts on the status: 2xx and 3xx but for those that it asked for or may ignore.
fn is_success(key: StatusKey) -> bool {
    match key {
        StatusKey::Code(206 | 304) | StatusKey::Default => false,
        StatusKey::Code(code) => matches!(code / 100, 2 | 3),
        StatusKey::Class(digit) => matches!(digit, 2 | 3),
    }
}

fn compare_one(
    session: &mut Session<'_>,
    pair: &Pair<'_>,
    key: StatusKey,
    old: &Response,
    new: &Response,
) {
    let Response { headers, body, links, remarks, listed, span } = old;
    let spans = (Some(*span), Some(new.span));
    let whole = site(pair, key);
    compare_remarks(session, &whole, polarity(pair), spans, (remarks, &new.remarks));
    compare_links(session, &whole, polarity(pair), spans, (links, &new.links));
    let status: Arc<str> = key.to_string().into();
    let part = |media| Part::Response(status.clone(), media);
    let at = BodySite {
        label: &pair.label,
        part: &part,
        polarity: polarity(pair),
        choice: Choice::Reader,
        new_holder: new.span,
        // A response that took the place of a shared one is an edit of the reference alone.
        reference: (new.listed == new.span).then_some(*listed),
    };
    let compare_bodies =
        |session: &mut Session<'_>| body::compare(session, &at, body.as_ref(), new.body.as_ref());
    if has_no_content(&pair.new.method, key) {
        let described = |body: Option<&Body>, place| body.map_or(place, |body| body.span);
        let spans = (described(body.as_ref(), *span), described(new.body.as_ref(), new.span));
        let what = format!("the content described for `{key}`, which carries none");
        unread(session, (site(pair, key), polarity(pair)), &what, spans, compare_bodies);
    } else {
        compare_bodies(session);
    }
    let at = HeaderSite {
        site: &|header| header_site(pair, &status, header),
        polarity: polarity(pair),
        new_holder: new.span,
    };
    header::compare(session, &at, (headers, &new.headers));
}

fn header_site(pair: &Pair<'_>, status: &Arc<str>, header: &Header) -> Site {
    let part = Part::ResponseHeader(status.clone(), header.name.clone());
    Site::part(pair.label.clone(), part)
}
