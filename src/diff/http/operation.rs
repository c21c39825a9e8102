//! Which operation of the old contract is which of the new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::exchange::{Pair, compare_pair, compare_traffic};
use super::moves::Evidence;
use super::{coverage, moves, server};
use crate::diff::WitnessSide;
use crate::diff::session::Session;
use crate::model::{
    Caller, Exchange, HttpExchange, Operation, PathPart, PathTemplate, Polarity, Site,
};
use crate::rules::Verdict;
use crate::rules::operation::{
    OPERATION_ADDED, OPERATION_MOVED, OPERATION_REMOVED, OPERATION_RENAMED, PATH_CAPTURED,
    PATH_COVERED,
};

/// The addresses, names of variables erased, under which the new contract answers.
type Served<'s> = BTreeSet<&'s str>;

/// Compares all HTTP operations of both contracts.
pub(crate) fn compare<'c>(session: &mut Session<'c>) {
    let (old, new): (Vec<Offer<'c>>, Vec<Offer<'c>>) =
        (offered(&session.old.operations), offered(&session.new.operations));
    let pairs = pair(&old, &new);
    let served: Served<'_> =
        new.iter().flat_map(|offer| offer.routes.iter().map(String::as_str)).collect();
    for (was, is) in &pairs {
        let (Some(was), Some(is)) = (old.get(*was), new.get(*is)) else { continue };
        session.introduce(&was.label, Some(was.operation), Some(is.operation));
        let pair = was.beside(is, &was.label);
        let routes = was.routes.iter().map(String::as_str);
        let is_lost = |route: &&str| {
            !served.contains(route) && !coverage::is_below_a_variable(is, was, route)
        };
        let lost: Vec<&str> = routes.filter(is_lost).collect();
        server::compare(session, &pair, &lost);
        called(session, &pair);
        compare_pair(session, &pair);
    }
    unpaired(session, (&old, &new), &served, &pairs);
}

/// An operation and the addresses under which it answers.
pub(super) struct Offer<'c> {
    pub(super) operation: &'c Operation,
    pub(super) exchange: &'c HttpExchange,
    label: Arc<str>,
    /// Method and address with the names of variables erased.
    pub(super) routes: BTreeSet<String>,
    /// Method and address as written.
    written: BTreeSet<String>,
    /// The segments of the path, names of variables erased.
    segments: Vec<String>,
}

impl<'c> Offer<'c> {
    /// The two as a pair that findings call so.
    fn beside(&self, new: &Self, label: &Arc<str>) -> Pair<'c> {
        Pair {
            old: self.exchange,
            new: new.exchange,
            old_operation: self.operation,
            new_operation: new.operation,
            label: Arc::clone(label),
            caller: &self.operation.caller,
        }
    }

    /// What it is called wherever it is used: several operations may share a callback.
    fn shared_name(&self) -> String {
        match &self.operation.caller {
            Caller::Consumer | Caller::Webhook(_) => self.label.to_string(),
            Caller::Callback { operation: _, name, expression: _, sent: _ } => {
                format!("callback {name} ({})", self.exchange.method)
            }
        }
    }

    fn end(&self) -> moves::End<'_> {
        let Self { operation, exchange, segments, label: _, routes: _, written: _ } = self;
        moves::End { operation, exchange, segments }
    }
}

fn offered(operations: &[Operation]) -> Vec<Offer<'_>> {
    let mut offers = Vec::new();
    for operation in operations {
        let exchange = match &operation.exchange {
            Exchange::Http(exchange) => exchange.as_ref(),
            Exchange::Call(_) => continue,
        };
        let Some(label) = operation.title() else { continue };
        let (routes, written) = addresses(operation, exchange);
        let path = erased(&exchange.path);
        let segments = path.trim_start_matches('/').split('/').map(str::to_owned).collect();
        offers.push(Offer { operation, exchange, label, routes, written, segments });
    }
    offers
}

fn addresses(
    operation: &Operation,
    exchange: &HttpExchange,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let method = &exchange.method;
    let place = match &operation.caller {
        Caller::Consumer => None,
        Caller::Webhook(name) => Some(format!("{method} webhook {name}")),
        Caller::Callback { operation, name, expression, sent: _ } => {
            Some(format!("{method} callback {name} {expression} of {operation}"))
        }
    };
    if let Some(place) = place {
        return (BTreeSet::from([place.clone()]), BTreeSet::from([place]));
    }
    let route = |path: String| {
        exchange
            .servers
            .list
            .iter()
            .map(|server| format!("{method} {}{path}", server.prefix))
            .collect::<BTreeSet<String>>()
    };
    let erased = route(erased(&exchange.path)).iter().map(|route| nameless(route)).collect();
    (erased, route(exchange.path.to_string()))
}

/// The template with the names of its variables erased: names never travel.
pub(super) fn erased(path: &PathTemplate) -> String {
    path.parts
        .iter()
        .map(|part| match part {
            PathPart::Literal(text) => settled(text),
            PathPart::Variable(_) => "{}".to_owned(),
        })
        .collect()
}

/// What is sent escaped wherever it is written in a path (RFC 3986 §3.3, appendix A).
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'|');

/// The text of a path as it travels: escaped where it has to be, in capitals, and not where it need
/// not be (RFC 3986 §6.2.2).
fn settled(text: &str) -> String {
    let text = utf8_percent_encode(text, ESCAPED).to_string();
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |known, piece| {
        let is_escape = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some((digits, rest)) = piece.split_at_checked(2).filter(|(it, _)| is_escape(it)) else {
            return format!("{known}%{piece}");
        };
        let byte = u8::from_str_radix(digits, 16).map(char::from);
        match byte.ok().filter(|it| it.is_ascii_alphanumeric() || "-._~".contains(*it)) {
            Some(unreserved) => format!("{known}{unreserved}{rest}"),
            None => format!("{known}%{}{rest}", digits.to_ascii_uppercase()),
        }
    })
}

/// An address without the names of its variables.
pub(super) fn nameless(address: &str) -> String {
    let mut pieces = address.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |known, piece| match piece.split_once('}') {
        Some((_, rest)) => format!("{known}{{}}{rest}"),
        None => format!("{known}{{{piece}"),
    })
}

/// What an offer is looked up by.
type Keys<'k> = &'k dyn Fn(&Offer<'_>) -> BTreeSet<String>;

/// Pairs by address as written, then with the names of variables erased, then by path below
/// whatever server, then callbacks by the address that they call, then by name.
fn pair(old: &[Offer<'_>], new: &[Offer<'_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut taken: (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    let callback =
        |offer: &Offer<'_>, key: &dyn Fn(&str, &str, &str) -> String| match &offer.operation.caller
        {
            Caller::Consumer | Caller::Webhook(_) => BTreeSet::new(),
            Caller::Callback { operation, name, expression, sent: _ } => {
                let key = key(operation, name, expression);
                BTreeSet::from([format!("{} {key}", offer.exchange.method)])
            }
        };
    let path = |offer: &Offer<'_>| match &offer.operation.caller {
        Caller::Consumer => {
            BTreeSet::from([format!("{} {}", offer.exchange.method, erased(&offer.exchange.path))])
        }
        Caller::Webhook(_) | Caller::Callback { .. } => BTreeSet::new(),
    };
    let keys: [Keys<'_>; 7] = [
        &|offer| offer.written.clone(),
        &|offer| offer.routes.clone(),
        &path,
        &|offer| callback(offer, &|operation, _, address| format!("{address} of {operation}")),
        &|offer| callback(offer, &|_, name, address| format!("{name} {address}")),
        &|offer| callback(offer, &|operation, name, _| format!("{name} of {operation}")),
        &|offer| callback(offer, &|_, name, _| name.to_owned()),
    ];
    for key in keys {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, offer) in new.iter().enumerate() {
            for key in key(offer) {
                by_key.entry(key).or_default().push(index);
            }
        }
        for (was, offer) in old.iter().enumerate() {
            if taken.0.contains(&was) {
                continue;
            }
            let keys = key(offer);
            let free = keys
                .iter()
                .filter_map(|key| by_key.get(key))
                .flatten()
                .find(|is| !taken.1.contains(*is));
            if let Some(is) = free {
                taken.0.insert(was);
                taken.1.insert(*is);
                pairs.push((was, *is));
            }
        }
    }
    pairs
}

/// What became of the address that a callback calls, and of its name, which never travels (OpenAPI
/// 3.1.1 §4.8.18).
fn called(session: &mut Session<'_>, pair: &Pair<'_>) {
    let (
        Caller::Callback { operation: _, name: was, expression: from, sent: _ },
        Caller::Callback { operation: _, name: is, expression: to, sent: _ },
    ) = (&pair.old_operation.caller, &pair.new_operation.caller)
    else {
        return;
    };
    let site = Site::whole(Arc::clone(&pair.label));
    let spans = (Some(pair.old_operation.span), Some(pair.new_operation.span));
    if from != to {
        let message = format!("callback `{is}` calls `{to}` now, called `{from}`");
        let fact = (Verdict::Breaking, pair.sent());
        session.ledger.state(&OPERATION_MOVED, spans, &message, &site, fact);
    }
    if was != is {
        let message = format!("callback `{was}` is called `{is}` now");
        let fact = (Verdict::Breaking, pair.sent());
        session.ledger.state(&OPERATION_RENAMED, spans, &message, &site, fact);
    }
}

fn unpaired<'c>(
    session: &mut Session<'c>,
    (old, new): (&[Offer<'c>], &[Offer<'c>]),
    served: &Served<'_>,
    pairs: &[(usize, usize)],
) {
    let left = |offers: usize, taken: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..offers).filter(|index| !taken(*index)).collect()
    };
    let mut gone = left(old.len(), &|index| pairs.iter().any(|(was, _)| *was == index));
    let all = left(new.len(), &|index| pairs.iter().any(|(_, is)| *is == index));
    let mut come = all.clone();
    // What another answers all the same has no heir to take from others.
    gone.retain(|index| {
        let was = old.get(*index);
        !was.is_some_and(|was| covered(session, was, new, (&all, &mut come), served))
    });
    let moves = moves(session, (old, &gone), (new, &all));
    for (index, was) in gone.iter().filter_map(|index| Some((*index, old.get(*index)?))) {
        let site = Site::whole(Arc::clone(&was.label));
        let fact = (Verdict::Breaking, was.operation.caller.sent());
        let found = moves.get(&index).and_then(|(to, because)| {
            let position = come.iter().position(|index| index == to)?;
            Some((position, new.get(*to)?, because))
        });
        if let Some((position, is, because)) = found {
            come.remove(position);
            let message = format!("{} moved to {} ({because})", was.label, is.label);
            let spans = (Some(was.operation.span), Some(is.operation.span));
            session.ledger.state(&OPERATION_MOVED, spans, &message, &site, fact);
            session.introduce(&was.label, Some(was.operation), Some(is.operation));
            captured(session, is, old, served);
            continue;
        }
        session.introduce(&was.label, Some(was.operation), None);
        let answers = |is: &&Offer<'_>| {
            coverage::covers(is, was)
                && coverage::is_nearest(is, was, new)
                && coverage::takes(session, (is, WitnessSide::New), was) == Some(true)
        };
        let answering = new.iter().find(answers);
        let message = match answering {
            Some(is) => format!("{} was removed: {} answers its calls now", was.label, is.label),
            None => format!("{} was removed", was.shared_name()),
        };
        let spans = (Some(was.operation.span), answering.map(|is| is.operation.span));
        session.ledger.state(&OPERATION_REMOVED, spans, &message, &site, fact);
    }
    for is in come.iter().filter_map(|index| new.get(*index)) {
        let site = Site::whole(Arc::clone(&is.label));
        session.introduce(&is.label, None, Some(is.operation));
        let message = format!("{} was added", is.shared_name());
        let fact = (Verdict::Compatible, is.operation.caller.sent());
        let spans = (None, Some(is.operation.span));
        session.ledger.state(&OPERATION_ADDED, spans, &message, &site, fact);
        captured(session, is, old, served);
    }
}

/// Which of the operations that came each of those that went is, and why: by what tells it, the first
/// that is left, and where that is little, the only one.
fn moves(
    session: &Session<'_>,
    (old, gone): (&[Offer<'_>], &[usize]),
    (new, come): (&[Offer<'_>], &[usize]),
) -> BTreeMap<usize, (usize, String)> {
    let moved = |was: usize, is: usize, evidence| {
        let ends = (old.get(was)?.end(), new.get(is)?.end());
        moves::moved(session, ends, evidence)
    };
    let mut found: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for was in gone {
        let mut free = come.iter().filter(|is| !taken.contains(*is));
        let told = free.find_map(|is| Some((*is, moved(*was, *is, Evidence::Telling)?)));
        taken.extend(told.as_ref().map(|(is, _)| *is));
        found.extend(told.map(|told| (*was, told)));
    }
    let (gone, come): (Vec<usize>, Vec<usize>) = (
        gone.iter().filter(|was| !found.contains_key(was)).copied().collect(),
        come.iter().filter(|is| !taken.contains(is)).copied().collect(),
    );
    for was in &gone {
        let alike = |is: &usize| Some((*is, moved(*was, *is, Evidence::Scant)?));
        let mut all = come.iter().filter_map(alike);
        let (Some((is, because)), None) = (all.next(), all.next()) else { continue };
        let mut others = gone.iter().filter(|other| *other != was);
        if others.all(|other| moved(*other, is, Evidence::Scant).is_none()) {
            found.insert(*was, (is, because));
        }
    }
    found
}

/// Says where a new operation answers calls that went to a templated one, which is still there. Where
/// callers were told of the very value, they are judged by what they get now.
fn captured<'c>(session: &mut Session<'c>, is: &Offer<'c>, old: &[Offer<'c>], served: &Served<'_>) {
    let stays = |older: &Offer<'_>| older.routes.iter().any(|route| served.contains(&**route));
    let mut all = old.iter().filter(|older| coverage::captures(is, older) && stays(older));
    let Some(was) =
        all.find(|it| coverage::takes(session, (it, WitnessSide::Old), is) != Some(false))
    else {
        return;
    };
    let message = format!("{} now answers part of {}", is.label, was.label);
    let spans = (Some(was.operation.span), Some(is.operation.span));
    let site = Site::whole(Arc::clone(&is.label));
    if !coverage::announces(session, was, is) {
        let fact = (Verdict::Compatible, Polarity::Request);
        session.ledger.state(&PATH_CAPTURED, spans, &message, &site, fact);
        return;
    }
    session.introduce(&is.label, Some(was.operation), Some(is.operation));
    let around = std::mem::take(&mut session.ledger);
    compare_traffic(session, &was.beside(is, &is.label));
    let differences = std::mem::replace(&mut session.ledger, around);
    let at = (&site, Polarity::Request);
    let finding = session.ledger.fold(&PATH_CAPTURED, spans, &message, at, differences);
    if finding.verdict() == Verdict::Compatible {
        finding.caution = PATH_CAPTURED.caution.map(Into::into);
    }
}

/// Pairs an operation that went with those that answer all its calls now: a template that covers its
/// path, or a path for each value of its variables. The partners are taken out of those that came;
/// `false` where there are none.
fn covered<'c>(
    session: &mut Session<'c>,
    was: &Offer<'c>,
    new: &[Offer<'c>],
    (come, left): (&[usize], &mut Vec<usize>),
    served: &Served<'_>,
) -> bool {
    let is_offered = matches!(was.operation.caller, Caller::Consumer);
    let same = new.iter().find(|is| is_offered && was.routes.is_subset(&is.routes));
    if let Some(is) = same {
        // Paths that differ in the names of their variables alone are one path.
        let message = format!("{} is served as {} now", was.label, is.label);
        session.introduce(&was.label, Some(was.operation), Some(is.operation));
        let spans = (Some(was.operation.span), Some(is.operation.span));
        let (site, fact) =
            (Site::whole(Arc::clone(&was.label)), (Verdict::Compatible, Polarity::Request));
        session.ledger.state(&PATH_COVERED, spans, &message, &site, fact);
        compare_pair(session, &was.beside(is, &was.label));
        return true;
    }
    let at = |index: &usize| new.get(*index).map(|is| (*index, is));
    let nearest = |is: &Offer<'_>| coverage::covers(is, was) && coverage::is_nearest(is, was, new);
    let mut templates = come.iter().filter_map(at).filter(|(_, is)| nearest(is));
    let found = templates
        .find(|(_, is)| coverage::takes(session, (is, WitnessSide::New), was) == Some(true));
    let partners: Vec<(usize, &Offer<'c>)> = if let Some(template) = found {
        vec![template]
    } else {
        let told = coverage::addresses(session, was);
        let all = told.filter(|all| all.iter().all(|address| served.contains(&**address)));
        let Some(all) = all else { return false };
        let answers = |is: &Offer<'_>| is.routes.iter().any(|route| all.contains(route));
        come.iter().filter_map(at).filter(|(_, is)| answers(is)).collect()
    };
    if partners.is_empty() {
        return false;
    }
    let labels: Vec<&str> = partners.iter().map(|(_, is)| &*is.label).collect();
    let message = format!("{} is served as {} now", was.label, labels.join(" and "));
    let first = partners.first().map(|(_, is)| is.operation.span);
    for (index, is) in partners {
        left.retain(|other| *other != index);
        // Each address of a template that went is a path of its own now.
        let label = if found.is_some() { &was.label } else { &is.label };
        session.introduce(label, Some(was.operation), Some(is.operation));
        let spans = (Some(was.operation.span), first);
        let fact = (Verdict::Compatible, Polarity::Request);
        let site = Site::whole(Arc::clone(label));
        session.ledger.state(&PATH_COVERED, spans, &message, &site, fact);
        compare_pair(session, &was.beside(is, label));
    }
    true
}
