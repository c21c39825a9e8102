//! The same value written both ways, and what a reader makes of the way that it does not expect.

use std::sync::Arc;

use super::carried::carried;
use super::part::with_member;
use super::request::Party;
use super::written::{Escaping, cookie, joined, pairs, query, whole_query};
use super::{parameter, response};
use crate::diff::finding::Finding;
use crate::diff::session::Session;
use crate::diff::{Witness, WitnessEffect};
use crate::model::{
    Header, Json, Kind, ParameterLocation, Part, Polarity, Serialisation, ShapeId, Style, Surface,
};
use crate::rules::effective::Effective;
use crate::subtype::{Carrier, Example, Role, View};

/// The same value written both ways.
pub(super) fn laid_out(
    session: &mut Session<'_>,
    finding: &Finding,
    party: Party<'_>,
    polarity: Polarity,
) -> Option<Witness> {
    let site = finding.site.clone();
    let other = session.party(&site.owner, party.side.other())?;
    let (location, names, ways, shape) = match &site.part {
        Part::Parameter(location, name) => {
            let part = (*location, &**name);
            let was = parameter(session, &site.owner, party, part)?;
            let is = parameter(session, &site.owner, other, part)?;
            (
                was.location,
                (Arc::clone(&was.name), Arc::clone(&is.name)),
                (&was.serialisation, &is.serialisation),
                was.shape,
            )
        }
        Part::ResponseHeader(status, name) => {
            let (before, after) = (header(party, status, name)?, header(other, status, name)?);
            let ways = (&before.serialisation, &after.serialisation);
            let names = (Arc::clone(name), Arc::clone(name));
            (ParameterLocation::Header, names, ways, before.shape)
        }
        Part::Whole
        | Part::RequestBody(_)
        | Part::Response(..)
        | Part::Security
        | Part::Server
        | Part::RequestMessage
        | Part::ResponseMessage => return None,
    };
    let shape = party.shape(session, shape);
    let all = values(session, party, shape);
    let all = escaped(session, party, ways, shape).into_iter().chain(all);
    let (value, (written, expected)) = told_apart(all, |value| {
        let text = |name: &str, how| shown(location, name, how, value);
        (text(&names.0, ways.0), text(&names.1, ways.1))
    })?;
    let because = format!("written `{written}` where `{expected}` is expected");
    let read_as = match location {
        ParameterLocation::Query => misread(&names.0, ways, &value),
        ParameterLocation::Path
        | ParameterLocation::QueryString
        | ParameterLocation::Header
        | ParameterLocation::Cookie => None,
    };
    Some(Witness {
        writer: party.side,
        polarity,
        effect: WitnessEffect::Misread,
        surface: Surface::Wire,
        form: carried(session, &site, party.side, &value),
        value: Some(value),
        focus: String::new(),
        read_as,
        because,
        relayed_as: None,
        confirmed_by: None,
    })
}

/// The first value whose two texts differ, and they; where there is one, of which neither is empty.
/// Nothing is shown by a text that tells neither way.
fn told_apart(
    values: impl Iterator<Item = Json>,
    texts: impl Fn(&Json) -> (String, String),
) -> Option<(Json, (String, String))> {
    let with_texts = values.map(|value| {
        let texts = texts(&value);
        (value, texts)
    });
    let (full, empty): (Vec<_>, Vec<_>) = with_texts
        .filter(|(_, (written, expected))| written != expected)
        .partition(|(_, (written, expected))| !written.is_empty() && !expected.is_empty());
    full.into_iter().chain(empty).next()
}

/// A text of which one way escapes a character and the other does not (OpenAPI 3.2.0, Style Values:
/// a cookie is written as it is).
fn escaped(
    session: &mut Session<'_>,
    party: Party<'_>,
    (was, is): (&Serialisation, &Serialisation),
    id: ShapeId,
) -> Option<Json> {
    let is_raw = |how: &Serialisation| {
        matches!(how, Serialisation::Style { style: Style::Cookie, explode: _, allow_reserved: _ })
    };
    if is_raw(was) == is_raw(is) {
        return None;
    }
    let (view, value) =
        (View::of(id, Role::Writer, party.sent(), Carrier::Text), Json::string("a b"));
    let walk = &mut session.walk;
    (walk.engine.accepts(&walk.shapes, &view, &value) == Some(true)).then_some(value)
}

fn header<'c>(party: Party<'c>, status: &str, name: &str) -> Option<&'c Header> {
    let (_, declared) = response(party.exchange, status)?;
    declared.headers.get(&*name.to_ascii_lowercase())
}

/// A value that shows how its parts are laid out: two elements or two members where there can be. The
/// shape is one of the comparison's graph.
pub(super) fn telling(session: &mut Session<'_>, party: Party<'_>, id: ShapeId) -> Option<Json> {
    tried(session, party, id, MAX_DEPTH)?.into_iter().next()
}

/// Values that show it, the most telling first; a shape of which little is said has many.
fn values(session: &mut Session<'_>, party: Party<'_>, id: ShapeId) -> Vec<Json> {
    tried(session, party, id, MAX_DEPTH).unwrap_or_default()
}

/// How deep values are looked for inside others.
const MAX_DEPTH: usize = 2;

fn tried(
    session: &mut Session<'_>,
    party: Party<'_>,
    id: ShapeId,
    depth: usize,
) -> Option<Vec<Json>> {
    let depth = depth.checked_sub(1)?;
    let view = View::of(id, Role::Writer, party.sent(), Carrier::Text);
    let fallback = match session.walk.engine.example(&session.walk.shapes, &view) {
        Example::Found(value) => Some(value),
        Example::Empty | Example::Undecided(_) => None,
    };
    let shapes = &session.walk.shapes;
    let place = Effective::of(shapes, &[id])?;
    let number = |text: &str| text.parse().ok().map(Json::Number);
    let mut tried: Vec<Json> = Vec::new();
    if !place.rest.is_empty() || is_of(&place, Kind::Array) {
        tried.push(Json::array(["a", "b"].map(Json::string)));
        tried.push(Json::array([number("1")?, number("2")?]));
        let inner = ["a", "b"].map(|text| Json::array([text, text].map(Json::string)));
        tried.push(Json::array(inner));
        if let Some(Json::Array(elements)) = &fallback
            && let [first, ..] = &**elements
        {
            tried.push(Json::array([first.clone(), first.clone()]));
        }
    }
    let members: Vec<_> = place.properties.keys().take(2).cloned().collect();
    if !members.is_empty() {
        let filled =
            |value: Json| Json::object(members.iter().map(|it| (it.clone(), value.clone())));
        tried.extend([filled(Json::string("a")), filled(number("1")?)]);
    }
    if fallback == Some(Json::string("")) {
        tried.extend(["a", "1"].map(Json::string));
    }
    tried.extend(fallback.clone());
    let around = fallback.unwrap_or(Json::Null);
    for (name, shape) in inside(&place) {
        let member = self::tried(session, party, shape, depth);
        let member = member.and_then(|all| all.into_iter().next());
        tried.extend(member.map(|member| with_member(&around, &name, member)));
    }
    if let [shape, ..] = *place.rest.as_slice() {
        let element = self::tried(session, party, shape, depth);
        let element = element.and_then(|all| all.into_iter().next());
        tried.extend(element.iter().map(|it| Json::array([it.clone(), it.clone()])));
        tried.extend(element.map(|it| Json::array([it])));
    }
    let name: Arc<str> = Arc::from("a");
    tried.extend([with_member(&around, &name, Json::string("a")), Json::string("a")]);
    tried.push(Json::array(["a", "b"].map(Json::string)));
    tried.retain(|value| {
        session.walk.engine.accepts(&session.walk.shapes, &view, value) == Some(true)
    });
    Some(tried)
}

/// The members that are described, and one of any other name.
fn inside(place: &Effective) -> Vec<(Arc<str>, ShapeId)> {
    let first = |shapes: &[ShapeId]| shapes.first().copied();
    let members = place.properties.iter();
    let members = members.filter_map(|(name, it)| Some((Arc::clone(name), first(&it.shapes)?)));
    members.chain(first(&place.additional).map(|it| (Arc::from("a"), it))).collect()
}

fn is_of(place: &Effective, kind: Kind) -> bool {
    place.kinds.as_ref().is_some_and(|kinds| kinds.value.has(kind))
}

/// The text by which a parameter or header carries the value.
fn shown(location: ParameterLocation, name: &str, how: &Serialisation, value: &Json) -> String {
    match location {
        ParameterLocation::Query => query(&pairs(name, how, value)),
        ParameterLocation::QueryString => whole_query(how, value),
        ParameterLocation::Cookie => cookie(name, how, value),
        ParameterLocation::Path => joined(name, how, value, Escaping::Strict),
        ParameterLocation::Header => joined(name, how, value, Escaping::None),
    }
}

/// What a reader of lists makes of a list in a query that is written in another way; `None` where it
/// is refused, or where it depends on the reader.
fn misread(name: &str, ways: (&Serialisation, &Serialisation), value: &Json) -> Option<Json> {
    let Json::Array(elements) = value else { return None };
    let (
        Serialisation::Style { style: _, explode: spread, allow_reserved: _ },
        Serialisation::Style { style, explode, allow_reserved: _ },
    ) = ways
    else {
        return None;
    };
    if *spread && elements.len() > 1 && !*explode {
        // Which of the repeated pairs counts is anybody's guess.
        return None;
    }
    let (_, text) = pairs(name, ways.0, value).into_iter().next()?;
    let text = percent_encoding::percent_decode_str(&text).decode_utf8().ok()?.into_owned();
    if *explode {
        return Some(Json::array([Json::string(text)]));
    }
    let between = match style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        Style::Form | Style::Simple | Style::Cookie => ',',
        Style::Matrix | Style::Label | Style::DeepObject => return None,
    };
    Some(Json::array(text.split(between).map(Json::string)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(style: Style, explode: bool) -> Serialisation {
        Serialisation::Style { style, explode, allow_reserved: false }
    }

    #[test]
    fn a_joined_list_is_one_element_to_who_expects_repetition() {
        let list = Json::array([Json::string("a"), Json::string("b")]);
        let read = |from: &Serialisation, to: &Serialisation| misread("x", (from, to), &list);
        let (joined, spread) = (style(Style::Form, false), style(Style::Form, true));
        assert_eq!(read(&joined, &spread).unwrap().to_string(), r#"["a,b"]"#);
        assert_eq!(read(&spread, &joined), None);
        let piped = style(Style::PipeDelimited, false);
        assert_eq!(read(&joined, &piped).unwrap().to_string(), r#"["a,b"]"#);
    }
}
