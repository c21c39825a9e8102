//! Two exchanges that correspond.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{body, parameter, response, security};
use crate::diff::session::Session;
use crate::model::{Caller, HttpExchange, Lifecycle, Operation, Polarity, Site};
use crate::rules::Verdict;
use crate::rules::annotation::{DEPRECATED, DEPRECATION_WITHDRAWN};
use crate::rules::operation::{OPERATION_RENAMED, SERVER_CHANGED, TAGS_CHANGED};
use crate::source::Span;

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
        match self.caller {
            Caller::Consumer => Polarity::Request,
            Caller::Webhook(_) | Caller::Callback { .. } => Polarity::Response,
        }
    }
}

/// Compares everything about two exchanges.
pub(super) fn compare_pair(session: &mut Session<'_>, pair: &Pair<'_>) {
    // Method and path were compared when the operations were paired; taking both sides apart in
    // full makes a new word of the model somebody's decision.
    let HttpExchange {
        method: _,
        path: _,
        servers,
        parameters: _,
        request: _,
        responses: _,
        security: _,
    } = pair.old;
    let Operation { caller: _, exchange: _, identifier, tags, lifecycle, span } =
        pair.old_operation;
    let site = Site::whole(Arc::clone(&pair.label));
    let spans = (Some(*span), Some(pair.new_operation.span));

    parameter::compare(session, pair);
    body::compare_request(session, pair);
    response::compare(session, pair);
    security::compare(session, pair);
    let ends = (lifecycle, &pair.new_operation.lifecycle);
    compare_lifecycle(session, &site, spans, ends, pair.sent());

    let hosts = |servers: &[crate::model::Server]| -> BTreeSet<Arc<str>> {
        servers.iter().map(|server| Arc::clone(&server.origin)).collect()
    };
    let (was, is) = (hosts(servers), hosts(&pair.new.servers));
    if was != is {
        let message = format!("hosts changed from {} to {}", listed(&was), listed(&is));
        let whole = (Some(session.old.span), Some(session.new.span));
        let fact = (Verdict::Compatible, Polarity::Request);
        session.ledger.state(&SERVER_CHANGED, whole, &message, &site, fact);
    }
    let fact = |verdict| (verdict, pair.sent());
    if identifier != &pair.new_operation.identifier {
        let text = |stated: &Option<crate::model::Stated<Arc<str>>>| {
            stated.as_ref().map_or_else(|| "none".to_owned(), |name| format!("`{}`", name.value))
        };
        let message = format!(
            "the operation's identifier changed from {} to {}",
            text(identifier),
            text(&pair.new_operation.identifier)
        );
        session.ledger.state(&OPERATION_RENAMED, spans, &message, &site, fact(Verdict::Breaking));
    }
    if tags != &pair.new_operation.tags {
        let message = "the operation's tags changed";
        session.ledger.state(&TAGS_CHANGED, spans, message, &site, fact(Verdict::Compatible));
    }
}

/// Compares how settled an element is.
pub(super) fn compare_lifecycle(
    session: &mut Session<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    (old, new): (&Lifecycle, &Lifecycle),
    polarity: Polarity,
) {
    let Lifecycle { deprecated, sunset: _, stability: _ } = old;
    let fact = (Verdict::Compatible, polarity);
    match (deprecated, new.deprecated) {
        (None, Some(span)) => {
            let spans = (spans.0, Some(span));
            session.ledger.state(&DEPRECATED, spans, "deprecated", site, fact);
        }
        (Some(span), None) => {
            let spans = (Some(*span), spans.1);
            session.ledger.state(&DEPRECATION_WITHDRAWN, spans, "no longer deprecated", site, fact);
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
}

fn listed(hosts: &BTreeSet<Arc<str>>) -> String {
    let words: Vec<String> = hosts
        .iter()
        .map(|host| if host.is_empty() { "(relative)".to_owned() } else { format!("`{host}`") })
        .collect();
    words.join(", ")
}
