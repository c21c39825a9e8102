//! Paths that stand for others: a template answers whatever its variables make, but for what a more
//! concrete path answers (OpenAPI 3.1.1 §4.8.8.2).

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::operation::{Offer, erased, nameless};
use crate::diff::WitnessSide;
use crate::diff::session::Session;
use crate::diff::shapes::says_nothing_else;
use crate::model::{
    Caller, Exchange, HttpExchange, Json, Kind, Parameter, ParameterLocation, PathPart,
    PathTemplate, Polarity, Serialisation, ShapeId, Shapes, Style,
};
use crate::rules::effective::Effective;
use crate::subtype::{Carrier, Role, View};

/// What the variables of a template are in a path that it answers.
pub(super) type Filling = Vec<(Arc<str>, String)>;

/// Whether some calls of a templated operation have the address of a more concrete one.
pub(super) fn captures(concrete: &Offer<'_>, templated: &Offer<'_>) -> bool {
    are_called(concrete, templated)
        && concrete.routes.iter().any(|new| answers_any(templated, new, Breadth::Wider))
}

/// Whether everything that has the address of the one operation has an address of the other, which
/// stands for more.
pub(super) fn covers(templated: &Offer<'_>, concrete: &Offer<'_>) -> bool {
    are_called(concrete, templated)
        && concrete.routes.iter().all(|old| answers_any(templated, old, Breadth::Wider))
}

/// Whether no other operation that covers the concrete one goes before this template.
pub(super) fn is_nearest(templated: &Offer<'_>, concrete: &Offer<'_>, all: &[Offer<'_>]) -> bool {
    all.iter().all(|other| !(covers(other, concrete) && covers(templated, other)))
}

/// Whether a variable in the prefix of a server stands for what the old route has there. It may be
/// anything: one that lists its values is a prefix for each.
pub(super) fn is_below_a_variable(is: &Offer<'_>, was: &Offer<'_>, route: &str) -> bool {
    are_called(is, was)
        && erased(&is.exchange.path) == erased(&was.exchange.path)
        && answers_any(is, route, Breadth::Wider)
}

/// Whether one of the addresses is this one, or has a variable where this one has a text.
pub(super) fn is_among<'a>(address: &str, mut all: impl Iterator<Item = &'a String>) -> bool {
    all.any(|wide| stands_for(wide, address).is_some())
}

fn are_called(one: &Offer<'_>, other: &Offer<'_>) -> bool {
    [one, other].iter().all(|offer| matches!(offer.operation.caller, Caller::Consumer))
}

/// How much more a template stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breadth {
    Same,
    Wider,
}

fn answers_any(templated: &Offer<'_>, route: &str, breadth: Breadth) -> bool {
    templated.routes.iter().any(|template| stands_for(template, route) == Some(breadth))
}

/// Whether every address of the route has one of the template's, and whether that has more.
fn stands_for(template: &str, route: &str) -> Option<Breadth> {
    let mut breadth = Breadth::Same;
    let (template, route) = where_they_part(template, route);
    let (mut wide, mut narrow) = (template.split('/'), route.split('/'));
    loop {
        match (wide.next(), narrow.next()) {
            (Some(wide), Some(narrow)) if wide == narrow || lies_in(narrow, wide) => {
                if wide != narrow {
                    breadth = Breadth::Wider;
                }
            }
            (None, None) => return Some(breadth),
            (Some(_) | None, Some(_) | None) => return None,
        }
    }
}

/// The two from the segment on in which they begin to differ: most part early.
fn where_they_part<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let mut start = 0;
    for (index, (byte, same)) in one.bytes().zip(other.bytes()).enumerate() {
        if byte != same {
            break;
        }
        if byte == b'/' {
            start = index + 1;
        }
    }
    (one.get(start..).unwrap_or(one), other.get(start..).unwrap_or(other))
}

/// Whether a segment, whatever its own variables make, is one of those that a variable of another
/// stands for.
fn lies_in(segment: &str, template: &str) -> bool {
    let Some((before, after)) = template.split_once("{}") else { return false };
    let inner = segment.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    inner.is_some_and(|inner| !inner.is_empty())
}

/// What the variables of the template are in the concrete path, segment by segment from the end, for
/// prefixes of servers stand before.
pub(super) fn filling(templated: &PathTemplate, concrete: &PathTemplate) -> Filling {
    let (wide, narrow) = (templated.to_string(), concrete.to_string());
    let segments = wide.rsplit('/').zip(narrow.rsplit('/'));
    let filled = segments.filter(|(_, narrow)| !narrow.contains('{'));
    filled
        .filter_map(|(wide, narrow)| {
            let (before, rest) = wide.split_once('{')?;
            let (name, after) = rest.split_once('}').filter(|(_, after)| !after.contains('{'))?;
            let text = narrow.strip_prefix(before)?.strip_suffix(after)?;
            let text = percent_encoding::percent_decode_str(text).decode_utf8().ok()?;
            Some((Arc::from(name), text.into_owned()))
        })
        .collect()
}

/// The variables of the template that stand for more than a variable of the other path, which makes
/// a part of a segment only, or several.
fn open(templated: &PathTemplate, narrower: &PathTemplate) -> Vec<Arc<str>> {
    let (wide, narrow) = (templated.to_string(), narrower.to_string());
    let segments = wide.rsplit('/').zip(narrow.rsplit('/'));
    segments
        .filter(|(wide, narrow)| narrow.contains('{') && nameless(wide) != nameless(narrow))
        .filter_map(|(wide, _)| Some(wide.split_once('{')?.1.split_once('}')?.0.into()))
        .collect()
}

/// Whether a shape is a string of which nothing is said.
pub(super) fn takes_any_text(shapes: &Shapes, shape: ShapeId) -> bool {
    Effective::of(shapes, &[shape]).is_some_and(|place| {
        let is_text = place.kinds.as_ref().is_none_or(|kinds| kinds.value.has(Kind::String));
        is_text
            && place.any_of.is_empty()
            && place.one_of.is_empty()
            && says_nothing_else(shapes, &place)
    })
}

/// Whether the templated operation of a side takes what the concrete path says for its variables.
pub(super) fn takes(
    session: &mut Session<'_>,
    (templated, side): (&Offer<'_>, WitnessSide),
    concrete: &Offer<'_>,
) -> Option<bool> {
    let mut all = Some(true);
    for name in open(&templated.exchange.path, &concrete.exchange.path) {
        let Some(parameter) = variable(templated.exchange, &name) else { continue };
        let shape = match side {
            WitnessSide::Old => parameter.shape,
            WitnessSide::New => session.shifted(parameter.shape),
        };
        if !is_plain(parameter) || !takes_any_text(&session.walk.shapes, shape) {
            all = None;
        }
    }
    for (name, text) in filling(&templated.exchange.path, &concrete.exchange.path) {
        let Some(parameter) = variable(templated.exchange, &name) else { continue };
        if !is_plain(parameter) {
            return Some(false);
        }
        let shape = match side {
            WitnessSide::Old => parameter.shape,
            WitnessSide::New => session.shifted(parameter.shape),
        };
        let view = View::of(shape, Role::Reader, Polarity::Request, Carrier::Text);
        let walk = &mut session.walk;
        match walk.engine.reads(&walk.shapes, &view, &Json::string(&*text)) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether an old templated operation announces what the concrete path says for its variables: callers
/// were told of each of those values.
pub(super) fn announces(
    session: &Session<'_>,
    templated: &Offer<'_>,
    concrete: &Offer<'_>,
) -> bool {
    let filled = filling(&templated.exchange.path, &concrete.exchange.path);
    !filled.is_empty()
        && open(&templated.exchange.path, &concrete.exchange.path).is_empty()
        && filled.iter().all(|(name, text)| {
            let parameter = variable(templated.exchange, name);
            let told = parameter.and_then(|parameter| values(session, parameter));
            told.is_some_and(|told| told.contains(text))
        })
}

fn variable<'c>(exchange: &'c HttpExchange, name: &str) -> Option<&'c Parameter> {
    let mut parameters = exchange.parameters.iter();
    parameters.find(|known| known.location == ParameterLocation::Path && &*known.name == name)
}

/// Whether the text of a scalar is all that is written of it: `;id=me` and `.me` are other addresses
/// than `me`, and so is a JSON string in its quotes.
fn is_plain(parameter: &Parameter) -> bool {
    match &parameter.serialisation {
        Serialisation::Style { style, explode: _, allow_reserved: _ } => *style == Style::Simple,
        Serialisation::Nested(_) | Serialisation::Media(_) => false,
    }
}

/// How many addresses a template is taken apart into.
const MAX_ADDRESSES: usize = 64;

/// The texts of every value of an old parameter, where they are listed.
fn values(session: &Session<'_>, parameter: &Parameter) -> Option<BTreeSet<String>> {
    if !is_plain(parameter) {
        return None;
    }
    let place = Effective::of(&session.walk.shapes, &[parameter.shape])?;
    let kinds = place.kinds.as_ref().map(|kinds| kinds.value);
    let others = [Kind::String, Kind::Integer, Kind::Array, Kind::Object, Kind::Null];
    let is_boolean = kinds.is_some_and(|kinds| others.into_iter().all(|kind| !kinds.has(kind)));
    let Some(values) = place.values else {
        return is_boolean.then(|| ["true", "false"].map(str::to_owned).into());
    };
    let text = |value: &Json| match value {
        Json::String(text) => Some(text.to_string()),
        Json::Boolean(_) | Json::Number(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    values
        .value
        .iter()
        .filter(|value| kinds.is_none_or(|it| it.has(value.kind())))
        .map(text)
        .collect()
}

/// The addresses of an old templated operation, names of variables erased, where those of its path
/// have listed values only.
pub(super) fn addresses(session: &Session<'_>, offer: &Offer<'_>) -> Option<BTreeSet<String>> {
    if !matches!(offer.operation.caller, Caller::Consumer) {
        return None;
    }
    let is_templated = |part: &PathPart| matches!(part, PathPart::Variable(_));
    if !offer.exchange.path.parts.iter().any(is_templated) {
        return None;
    }
    let mut paths = BTreeSet::from([String::new()]);
    for part in &offer.exchange.path.parts {
        let pieces: BTreeSet<String> = match part {
            PathPart::Literal(text) => BTreeSet::from([text.to_string()]),
            PathPart::Variable(name) => {
                values(session, variable(offer.exchange, name)?)?.into_iter().collect()
            }
        };
        let longer =
            paths.iter().flat_map(|path| pieces.iter().map(move |it| format!("{path}{it}")));
        paths = longer.take(MAX_ADDRESSES + 1).collect();
        if paths.len() > MAX_ADDRESSES {
            return None;
        }
    }
    let HttpExchange { method, servers, .. } = offer.exchange;
    let route = |path: &String| {
        let parts = vec![PathPart::Literal(path.as_str().into())];
        let path = erased(&PathTemplate { parts });
        let prefixes = servers.list.iter().map(move |server| format!("{method} {}", server.prefix));
        prefixes.map(|prefix| nameless(&format!("{prefix}{path}"))).collect::<Vec<String>>()
    };
    Some(paths.iter().flat_map(route).collect())
}

/// A value of an old template's variable whose address is answered no more, where others are.
pub(super) fn unserved<'c>(
    session: &Session<'_>,
    exchange: &'c HttpExchange,
) -> Option<(&'c Parameter, Json)> {
    let new: LazyCell<BTreeSet<String>, _> = LazyCell::new(|| {
        let served =
            session.new.operations.iter().filter_map(|operation| match &operation.exchange {
                Exchange::Http(new) if new.method == exchange.method => Some(erased(&new.path)),
                Exchange::Http(_) | Exchange::Call(_) => None,
            });
        served.collect()
    });
    exchange.parameters.iter().find_map(|parameter| {
        let path = |text: &str| {
            let filled = exchange.path.parts.iter().map(|part| match part {
                PathPart::Variable(name) if *name == parameter.name => {
                    PathPart::Literal(text.into())
                }
                PathPart::Variable(_) | PathPart::Literal(_) => part.clone(),
            });
            erased(&PathTemplate { parts: filled.collect() })
        };
        let told =
            values(session, parameter).filter(|_| parameter.location == ParameterLocation::Path)?;
        let (served, left): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|text| new.contains(&path(text)));
        let left = left.into_iter().next().filter(|_| !served.is_empty())?;
        Some((parameter, Json::string(left)))
    })
}
