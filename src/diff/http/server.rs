//! Where operations are served: the path prefix of a server is part of every address.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::coverage::is_among;
use super::exchange::Pair;
use super::operation::{erased, nameless};
use crate::diff::remarks::compare_remarks;
use crate::diff::session::Session;
use crate::model::{Caller, Part, PathTemplate, Polarity, Server, Servers, Site};
use crate::rules::annotation::ANNOTATION_CHANGED;
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
    let (before, after) = (hosts(list), hosts(&new.list));
    if before.keys().any(|host| !is_among(host, after.keys())) {
        let message = format!("hosts changed from {} to {}", words(&before), words(&after));
        session.ledger.state(&SERVER_CHANGED, spans, &message, &site, compatible);
    } else if lost.is_empty() && !was.keys().eq(is.keys()) {
        let added = is.iter().filter(|(address, _)| !was.contains_key(*address));
        let added: Addresses =
            added.map(|(address, shown)| (address.clone(), Arc::clone(shown))).collect();
        let (rule, message): (&'static Rule, _) = if was.keys().all(|it| is_among(it, is.keys())) {
            (&SERVER_ADDED, format!("also served at {}", words(&below(&added, &pair.new.path))))
        } else {
            (&SERVER_CHANGED, {
                let (was, is) = (below(&was, &pair.old.path), below(&is, &pair.new.path));
                format!("served at {} now, was {}", words(&is), words(&was))
            })
        };
        session.ledger.state(rule, spans, &message, &site, compatible);
    } else if lost.is_empty()
        && !before.values().map(nameless_of).eq(after.values().map(nameless_of))
    {
        let message = format!("hosts are written {} now, was {}", words(&after), words(&before));
        session.ledger.state(&ANNOTATION_CHANGED, spans, &message, &site, compatible);
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
    let is_gone = |(prefix, _): &(&String, &Arc<str>)| !is_among(prefix, after.keys());
    let gone = before.iter().filter(is_gone);
    let gone: Addresses = gone.map(|(prefix, shown)| (prefix.clone(), Arc::clone(shown))).collect();
    let spans = (Some(old.span), Some(new.span));
    let message = if gone.is_empty() {
        let lost: Vec<_> = lost.iter().filter_map(|route| path(route)).collect();
        format!("`{}` is no longer served", lost.join("`, `"))
    } else {
        let all = |prefixes: &Addresses| {
            let words: Vec<String> =
                prefixes.values().map(|prefix| format!("`{}`", shown(prefix))).collect();
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

fn nameless_of(address: &Arc<str>) -> String {
    nameless(address)
}

/// An address without the port that its scheme has anyway (RFC 3986 §6.2.3, RFC 9110 §4.2).
fn without_usual_port(address: &str) -> Cow<'_, str> {
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")] {
        let Some(rest) = address.strip_prefix(scheme) else { continue };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if let Some(host) = authority.strip_suffix(port) {
            return Cow::Owned(format!("{scheme}{host}{path}"));
        }
    }
    Cow::Borrowed(address)
}

/// Addresses, or parts of them, as they are written, by what they are whatever their variables are
/// called.
type Addresses = BTreeMap<String, Arc<str>>;

fn by_meaning(texts: impl Iterator<Item = Arc<str>>) -> Addresses {
    texts.map(|text| (nameless(&without_usual_port(&text)), text)).collect()
}

fn prefixes(servers: &[Server]) -> Addresses {
    by_meaning(servers.iter().map(|server| Arc::clone(&server.prefix)))
}

fn hosts(servers: &[Server]) -> Addresses {
    by_meaning(servers.iter().map(|server| Arc::clone(&server.origin)))
}

/// Every address, from the scheme to the end of the path.
fn addresses(servers: &[Server], path: &PathTemplate) -> Addresses {
    let path = erased(path);
    let whole = |Server { origin, prefix }: &Server| format!("{origin}{prefix}{path}").into();
    by_meaning(servers.iter().map(whole))
}

/// The addresses without the path, which says the same of every operation below a server.
fn below(addresses: &Addresses, path: &PathTemplate) -> Addresses {
    let path = erased(path);
    let bare = |whole: &Arc<str>| whole.strip_suffix(&*path).unwrap_or(whole).into();
    by_meaning(addresses.values().map(bare))
}

fn words(addresses: &Addresses) -> String {
    let word = |address: &Arc<str>| match &**address {
        "" => "(relative)".to_owned(),
        address => format!("`{address}`"),
    };
    let mut words: Vec<String> = addresses.values().map(word).collect();
    words.sort();
    words.join(", ")
}
