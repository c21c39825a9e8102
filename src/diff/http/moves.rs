//! Operations that went and operations that came: which of them are the same.

use std::collections::BTreeSet;

use crate::diff::session::Session;
use crate::model::{
    Body, Caller, HttpExchange, MediaPayload, Operation, Parameter, ParameterLocation, ShapeId,
    Stated,
};

/// An operation without a partner.
#[derive(Clone, Copy)]
pub(super) struct End<'c> {
    pub(super) operation: &'c Operation,
    pub(super) exchange: &'c HttpExchange,
    /// Of its path, names of variables erased.
    pub(super) segments: &'c [String],
}

/// How much there is by which two operations are known to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// All that is said of a request and its response, or a name of their own.
    Telling,
    /// All that is said, which is little; it tells where no other operation could be meant.
    Scant,
}

/// Why the two are taken for one operation that moved, if they are: their identifier, or all that
/// they take and give. A resemblance by halves is none; it would explain what did not happen.
pub(super) fn moved(
    session: &Session<'_>,
    (old, new): (End<'_>, End<'_>),
    evidence: Evidence,
) -> Option<String> {
    let consumers = [old, new].iter().all(|end| matches!(end.operation.caller, Caller::Consumer));
    if !consumers {
        return None;
    }
    if evidence == Evidence::Scant {
        let is_alike = old.exchange.method == new.exchange.method
            && are_alike(old.segments, new.segments)
            && gives(old.exchange)
            && asks_the_same(session, old.exchange, new.exchange)
            && same_exchange(session, old.exchange, new.exchange);
        return is_alike.then(|| "both take and give the same, and nothing else does".to_owned());
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
    is_described(exchange.request.as_ref()) && gives(exchange)
}

/// Whether it is said what any response holds.
fn gives(exchange: &HttpExchange) -> bool {
    exchange.responses.values().any(|found| is_described(found.body.as_ref()))
}

fn is_described(body: Option<&Body>) -> bool {
    body.into_iter().flat_map(|body| &body.content).any(|payload| payload.shape.is_some())
}

/// Whether two paths are the same but for one segment, which is another, is new or is gone. Names of
/// variables do not count.
fn are_alike(old: &[String], new: &[String]) -> bool {
    let same = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.take_while(|(was, is)| was == is).count()
    };
    let before = same(&mut old.iter().zip(new));
    let rest = old.len().min(new.len()) - before;
    let after = same(&mut old.iter().rev().zip(new.iter().rev())).min(rest);
    let changed = [old, new].map(|path| path.len() - before - after);
    let has_variable = |path: &[String]| {
        let changed = path.get(before..path.len() - after).unwrap_or_default();
        changed.iter().any(|segment| segment.contains("{}"))
    };
    matches!(changed, [0 | 1, 0 | 1]) && !has_variable(old) && !has_variable(new)
}

/// Whether the same parameters mean the same.
fn asks_the_same(session: &Session<'_>, old: &HttpExchange, new: &HttpExchange) -> bool {
    let beside = |exchange: &HttpExchange| {
        let all = exchange.parameters.iter();
        let mut all: Vec<Parameter> =
            all.filter(|it| it.location != ParameterLocation::Path).cloned().collect();
        all.sort_by_key(|it| (it.location, it.name.to_ascii_lowercase()));
        all
    };
    let (old, new) = (beside(old), beside(new));
    old.len() == new.len()
        && old.iter().zip(&new).all(|(was, is)| {
            was.location == is.location
                && was.name.eq_ignore_ascii_case(&is.name)
                && was.required == is.required
                && was.serialisation == is.serialisation
                && same_shape(session, Some(was.shape), Some(is.shape))
        })
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
