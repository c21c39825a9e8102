//! Two exchanges that correspond.

use std::sync::Arc;

use super::{body, parameter, response, security};
use crate::diff::lifecycle::compare_lifecycle;
use crate::diff::remarks::compare_remarks;
use crate::diff::session::Session;
use crate::model::{Caller, HttpExchange, Operation, Polarity, Site, Stated};
use crate::rules::Verdict;
use crate::rules::operation::{OPERATION_RENAMED, TAGS_CHANGED};

/// Two exchanges that correspond, and what people call them.
pub(super) struct Pair<'c> {
    pub(super) old: &'c HttpExchange,
    pub(super) new: &'c HttpExchange,
    pub(super) old_operation: &'c Operation,
    pub(super) new_operation: &'c Operation,
    pub(super) label: Arc<str>,
    pub(super) caller: &'c Caller,
}

impl Pair<'_> {
    /// Who writes what the caller sends.
    pub(super) fn sent(&self) -> Polarity {
        self.caller.sent()
    }
}

/// Compares everything about two exchanges.
pub(super) fn compare_pair(session: &mut Session<'_>, pair: &Pair<'_>) {
    // Method, path and servers were compared when the operations were paired; taking both sides apart in
    // full makes a new word of the model somebody's decision.
    let HttpExchange {
        method: _,
        path: _,
        servers: _,
        parameters: _,
        request: _,
        responses: _,
        security: _,
    } = pair.old;
    let Operation { caller: _, exchange: _, identifier, tags, lifecycle, remarks, span } =
        pair.old_operation;
    let site = Site::whole(Arc::clone(&pair.label));
    let spans = (Some(*span), Some(pair.new_operation.span));

    compare_traffic(session, pair);
    let ends = (lifecycle, &pair.new_operation.lifecycle);
    compare_lifecycle(session, &site, spans, ends, pair.sent());

    compare_remarks(session, &site, pair.sent(), spans, (remarks, &pair.new_operation.remarks));
    let fact = |verdict| (verdict, pair.sent());
    if tags != &pair.new_operation.tags {
        let message = "the operation's tags changed";
        session.ledger.state(&TAGS_CHANGED, spans, message, &site, fact(Verdict::Compatible));
    }
    if identifier != &pair.new_operation.identifier {
        let named = &pair.new_operation.identifier;
        let message = match (identifier, named) {
            (Some(was), Some(is)) => {
                let (was, is) = (&was.value, &is.value);
                format!("the operation's identifier changed from `{was}` to `{is}`")
            }
            (Some(was), None) => format!("the operation's identifier `{}` was dropped", was.value),
            (None, Some(is)) => format!("the operation was given the identifier `{}`", is.value),
            (None, None) => return,
        };
        let at = |stated: &Option<Stated<Arc<str>>>, operation| {
            Some(stated.as_ref().map_or(operation, |stated| stated.span))
        };
        let spans = (at(identifier, *span), at(named, pair.new_operation.span));
        session.ledger.state(&OPERATION_RENAMED, spans, &message, &site, fact(Verdict::Breaking));
    }
}

/// Compares what travels when the one is called and the other answers.
pub(super) fn compare_traffic(session: &mut Session<'_>, pair: &Pair<'_>) {
    parameter::compare(session, pair);
    body::compare_request(session, pair);
    response::compare(session, pair);
    security::compare(session, pair);
}
