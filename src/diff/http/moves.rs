//! Operations that went and operations that came: which of them are the same.

use std::collections::BTreeSet;

use crate::diff::session::Session;
use crate::model::{
    Body, Caller, HttpExchange, MediaPayload, Operation, ParameterLocation, ShapeId, Stated,
};

/// An operation without a partner.
#[derive(Clone, Copy)]
pub(super) struct End<'c> {
    pub(super) operation: &'c Operation,
    pub(super) exchange: &'c HttpExchange,
}

/// Why the two are taken for one operation that moved, if they are: their identifier, or all that
/// they take and give. A resemblance by halves is none; it would explain what did not happen.
pub(super) fn moved(session: &Session<'_>, old: End<'_>, new: End<'_>) -> Option<String> {
    let consumers = [old, new].iter().all(|end| matches!(end.operation.caller, Caller::Consumer));
    if !consumers {
        return None;
    }
    match (&old.operation.identifier, &new.operation.identifier) {
        (Some(was), Some(is)) if was == is => {
            let Stated { value, span: _ } = was;
            Some(format!("both are called `{value}`"))
        }
        (Some(_) | None, Some(_) | None) => {
            let same = old.exchange.method == new.exchange.method
                && is_telling(old.exchange)
                && same_exchange(session, old.exchange, new.exchange);
            same.then(|| "both take and give the same".to_owned())
        }
    }
}

/// Whether there is anything by which an operation could be known again.
fn is_telling(exchange: &HttpExchange) -> bool {
    let described = |body: &Option<Body>| {
        body.iter().flat_map(|body| &body.content).any(|payload| payload.shape.is_some())
    };
    described(&exchange.request) && exchange.responses.values().any(|found| described(&found.body))
}

fn same_exchange(session: &Session<'_>, old: &HttpExchange, new: &HttpExchange) -> bool {
    parameters(old) == parameters(new)
        && same_body(session, old.request.as_ref(), new.request.as_ref())
        && old.responses.keys().eq(new.responses.keys())
        && old.responses.iter().zip(&new.responses).all(|((_, was), (_, is))| {
            was.headers.keys().eq(is.headers.keys())
                && same_body(session, was.body.as_ref(), is.body.as_ref())
        })
}

/// Location and name of what is sent beside body and path.
fn parameters(exchange: &HttpExchange) -> BTreeSet<(ParameterLocation, String)> {
    let beside = exchange.parameters.iter().filter(|found| match found.location {
        ParameterLocation::Path => false,
        ParameterLocation::Query
        | ParameterLocation::QueryString
        | ParameterLocation::Header
        | ParameterLocation::Cookie => true,
    });
    beside.map(|found| (found.location, found.name.to_ascii_lowercase())).collect()
}

fn same_body(session: &Session<'_>, old: Option<&Body>, new: Option<&Body>) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            old.required == new.required
                && old.content.len() == new.content.len()
                && old
                    .content
                    .iter()
                    .zip(&new.content)
                    .all(|(was, is)| same_payload(session, was, is))
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

fn same_payload(session: &Session<'_>, old: &MediaPayload, new: &MediaPayload) -> bool {
    old.media == new.media
        && same_shape(session, old.shape, new.shape)
        && same_shape(session, old.item, new.item)
}

fn same_shape(session: &Session<'_>, old: Option<ShapeId>, new: Option<ShapeId>) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            session.walk.engine.equality().same_sense(old, session.shifted(new))
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}
