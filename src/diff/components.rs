//! Named elements: offers to whoever generates code from the contract.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::remarks::{compare_addresses, compare_remarks};
use super::session::Session;
use crate::model::{Component, Naming, Polarity, Site, Usage};
use crate::rules::Verdict;
use crate::rules::annotation::ANNOTATION_CHANGED;
use crate::rules::component::{
    COMPONENT_ADDED, COMPONENT_REMOVED, COMPONENT_RENAMED, DISCRIMINATING_NAME_CHANGED,
};

/// How components are called now that had another name, by the old name. What names them in a payload's
/// description names the same shape as before.
pub(super) fn renames(session: &Session<'_>) -> BTreeMap<Arc<str>, Arc<str>> {
    let pairs = paired(session).into_iter().filter_map(|(was, is)| Some((was?, is?)));
    let schemas = pairs.filter(|(was, _)| was.shape.is_some());
    let renamed = schemas.filter(|(was, is)| was.name != is.name);
    renamed.map(|(was, is)| (Arc::clone(&was.name), Arc::clone(&is.name))).collect()
}

/// Compares the named elements of both contracts. What operations reach through them is compared
/// there; here it is their names, and what nothing reaches.
pub(super) fn compare_components(session: &mut Session<'_>) {
    for pair in paired(session) {
        match pair {
            (Some(was), Some(is)) if was.name == is.name => compare_one(session, was, is),
            (Some(was), Some(is)) => renamed(session, was, is),
            (Some(was), None) => removed(session, was),
            (None, Some(is)) => added(session, is),
            (None, None) => {}
        }
    }
}

/// The components of both sides: by name, then those that are one element under two names.
fn paired<'c>(session: &Session<'c>) -> Vec<(Option<&'c Component>, Option<&'c Component>)> {
    let (old, new) = (&session.old.components, &session.new.components);
    let (mut gone, mut come) = (by_name(old), by_name(new));
    let both: Vec<_> = gone.keys().filter(|key| come.contains_key(*key)).copied().collect();
    let mut pairs: Vec<_> =
        both.into_iter().map(|key| (gone.remove(&key), come.remove(&key))).collect();
    for was in gone.into_values() {
        let twin = come.iter().find(|(_, is)| is_twin(session, was, is)).map(|(key, _)| *key);
        pairs.push((Some(was), twin.and_then(|key| come.remove(&key))));
    }
    pairs.extend(come.into_values().map(|is| (None, Some(is))));
    pairs
}

fn by_name(components: &[Component]) -> BTreeMap<(&str, &str), &Component> {
    components.iter().map(|found| ((&*found.kind, &*found.name), found)).collect()
}

fn site(component: &Component) -> Site {
    Site::whole(format!("{} {}", component.kind, component.name))
}

fn compare_one(session: &mut Session<'_>, was: &Component, is: &Component) {
    let Component {
        kind,
        name,
        naming: _,
        remarks,
        addresses,
        shape,
        whole,
        usage,
        span,
        siblings: _,
    } = was;
    let (site, spans) = (site(is), (Some(*span), Some(is.span)));
    let is_unused = (*usage, is.usage) == (Usage::Unused, Usage::Unused);
    // What may be inherited is read, whether or not a payload is of it.
    let inherits = !session.old.heirs.is_empty() || !session.new.heirs.is_empty();
    let is_met = shape.is_none_or(|shape| !inherits || session.met.contains(&shape));
    let is_edited = (is_unused || !is_met) && *whole != is.whole;
    if is_edited {
        let fate = if is_unused { "nothing uses" } else { "no payload of both sides holds" };
        let message = format!("{kind} `{name}`, which {fate}, was edited");
        let fact = (Verdict::Compatible, Polarity::Both);
        session.ledger.state(&ANNOTATION_CHANGED, spans, &message, &site, fact);
    } else {
        compare_remarks(session, &site, Polarity::Both, spans, (remarks, &is.remarks));
        compare_addresses(session, &site, spans, (addresses, &is.addresses));
    }
}

/// Whether the two are one element under two names.
fn is_twin(session: &Session<'_>, was: &Component, is: &Component) -> bool {
    if was.kind != is.kind {
        return false;
    }
    match ((was.shape, is.shape), (was.whole, is.whole)) {
        ((Some(was), Some(is)), _) => {
            let is = session.shifted(is);
            session.walk.engine.equality().same_sense(was, is)
        }
        (_, (Some(was), Some(is))) => was == is,
        ((_, None) | (None, _), (_, None) | (None, _)) => false,
    }
}

fn renamed(session: &mut Session<'_>, was: &Component, is: &Component) {
    let (site, spans) = (site(is), (Some(was.span), Some(is.span)));
    let Component { kind, name, .. } = was;
    let message = format!("{kind} `{name}` is called `{}` now", is.name);
    let (rule, verdict) = match was.naming {
        Naming::Code => (&COMPONENT_RENAMED, Verdict::Breaking),
        Naming::Contract => (&ANNOTATION_CHANGED, Verdict::Compatible),
    };
    let fact = (verdict, Polarity::Both);
    session.ledger.state(rule, spans, &message, &site, fact);
    if was.usage == Usage::Named && is.usage == Usage::Named {
        let message = format!("payloads said `{name}` to be told apart, and say `{}` now", is.name);
        session.ledger.state(&DISCRIMINATING_NAME_CHANGED, spans, &message, &site, fact);
    }
}

fn added(session: &mut Session<'_>, is: &Component) {
    let message = format!("{} `{}` was added", is.kind, is.name);
    let fact = (Verdict::Compatible, Polarity::Both);
    let rule = match is.naming {
        Naming::Code => &COMPONENT_ADDED,
        Naming::Contract => &ANNOTATION_CHANGED,
    };
    session.ledger.state(rule, (None, Some(is.span)), &message, &site(is), fact);
}

fn removed(session: &mut Session<'_>, was: &Component) {
    let message = format!("{} `{}` was removed", was.kind, was.name);
    let (rule, verdict) = match was.naming {
        Naming::Code => (&COMPONENT_REMOVED, Verdict::Breaking),
        Naming::Contract => (&ANNOTATION_CHANGED, Verdict::Compatible),
    };
    let sibling = session.new.components.iter().find(|left| left.kind == was.kind);
    let anchor = sibling.map_or(session.new.span, |left| left.siblings);
    let (spans, fact) = ((Some(was.span), None), (verdict, Polarity::Both));
    let finding = session.ledger.state(rule, spans, &message, &site(was), fact);
    finding.anchor = Some(anchor);
}
