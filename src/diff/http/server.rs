//! Where operations are served: the path prefix of a server is part of every address.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::exchange::Pair;
use super::operation::erased;
use crate::diff::remarks::compare_remarks;
use crate::diff::session::Session;
use crate::model::{Caller, Part, PathTemplate, Polarity, Server, Servers, Site};
use crate::rules::operation::{ROUTE_REMOVED, SERVER_ADDED, SERVER_CHANGED};
use crate::rules::{Rule, Verdict};

/// Compares where two operations that correspond are served. `lost` are the addresses that nothing
/// serves any more, method and path without the names of variables.
pub(super) fn compare(session: &mut Session<'_>, pair: &Pair<'_>, lost: &[&str]) {
    let (old, new) = (&pair.old.servers, &pair.new.servers);
    let Servers { list, remarks, span } = old;
    if !matches!(pair.caller, Caller::Consumer) {
        return;
    }
    let site = Site::part(Arc::clone(&pair.label), Part::Server);
    let spans = (Some(*span), Some(new.span));
    if !lost.is_empty() {
        routes_removed(session, pair, &site, lost);
    }
    let compatible = (Verdict::Compatible, Polarity::Request);
    let (was, is) = (addresses(list, &pair.old.path), addresses(&new.list, &pair.new.path));
    let gone: Vec<_> = hosts(list).difference(&hosts(&new.list)).cloned().collect();
    if !gone.is_empty() {
        let message =
            format!("hosts changed from {} to {}", words(&hosts(list)), words(&hosts(&new.list)));
        session.ledger.state(&SERVER_CHANGED, spans, &message, &site, compatible);
    } else if lost.is_empty() && was != is {
        let added: BTreeSet<Arc<str>> = is.difference(&was).cloned().collect();
        let (rule, message): (&'static Rule, _) = if was.is_subset(&is) {
            (&SERVER_ADDED, format!("also served at {}", words(&below(&added, &pair.new.path))))
        } else {
            (&SERVER_CHANGED, {
                let (was, is) = (below(&was, &pair.old.path), below(&is, &pair.new.path));
                format!("served at {} now, was {}", words(&is), words(&was))
            })
        };
        session.ledger.state(rule, spans, &message, &site, compatible);
    }
    compare_remarks(session, &site, Polarity::Request, spans, (remarks, &new.remarks));
}

/// One finding for all operations that one list of servers leaves without their old address.
fn routes_removed(session: &mut Session<'_>, pair: &Pair<'_>, site: &Site, lost: &[&str]) {
    let (old, new) = (&pair.old.servers, &pair.new.servers);
    let method = &pair.old.method;
    let path = |route: &str| route.strip_prefix(&**method).map(str::trim_start).map(str::to_owned);
    let before = prefixes(&old.list);
    let after = prefixes(&new.list);
    let gone: BTreeSet<&str> = before.difference(&after).copied().collect();
    let spans = (Some(old.span), Some(new.span));
    let message = if gone.is_empty() {
        let lost: Vec<_> = lost.iter().filter_map(|route| path(route)).collect();
        format!("`{}` is no longer served", lost.join("`, `"))
    } else {
        let all = |prefixes: &BTreeSet<&str>| {
            let words: Vec<String> =
                prefixes.iter().map(|prefix| format!("`{}`", shown(prefix))).collect();
            words.join(", ")
        };
        format!("no longer served below {}, but below {}", all(&gone), all(&after))
    };
    let fact = (Verdict::Breaking, Polarity::Request);
    session.ledger.state(&ROUTE_REMOVED, spans, &message, site, fact);
}

fn shown(prefix: &str) -> &str {
    if prefix.is_empty() { "/" } else { prefix }
}

fn prefixes(servers: &[Server]) -> BTreeSet<&str> {
    servers.iter().map(|server| &*server.prefix).collect()
}

fn hosts(servers: &[Server]) -> BTreeSet<Arc<str>> {
    servers.iter().map(|server| Arc::clone(&server.origin)).collect()
}

/// Every address, from the scheme to the end of the path.
fn addresses(servers: &[Server], path: &PathTemplate) -> BTreeSet<Arc<str>> {
    let path = erased(path);
    let whole = |Server { origin, prefix }: &Server| format!("{origin}{prefix}{path}").into();
    servers.iter().map(whole).collect()
}

/// The addresses without the path, which says the same of every operation below a server.
fn below(addresses: &BTreeSet<Arc<str>>, path: &PathTemplate) -> BTreeSet<Arc<str>> {
    let path = erased(path);
    addresses.iter().map(|whole| whole.strip_suffix(&*path).unwrap_or(whole).into()).collect()
}

fn words(addresses: &BTreeSet<Arc<str>>) -> String {
    let word = |address: &Arc<str>| match &**address {
        "" => "(relative)".to_owned(),
        address => format!("`{address}`"),
    };
    addresses.iter().map(word).collect::<Vec<_>>().join(", ")
}
