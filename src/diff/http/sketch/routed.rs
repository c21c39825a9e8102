//! What reaches its reader of what the variables of a path and the fields of a header may be.

use super::request::Party;
use super::{parameter, response};
use crate::diff::blame::writer_of;
use crate::diff::ledger::Lead;
use crate::diff::session::Session;
use crate::diff::shapes::Direction;
use crate::model::{
    HttpExchange, Parameter, ParameterLocation, Part, PathPart, Serialisation, Shape, Stated, Style,
};
use crate::source::Span;
use crate::subtype::Carrier;

/// Leaves out of what a lead looks for the text that never reaches its reader: where a segment is a
/// variable and nothing else, one without a character is another path (RFC 3986 §3.3), and no field of
/// a header carries a line break, or blanks around its value (RFC 9110 §5.5).
pub(crate) fn routed(session: &mut Session<'_>, lead: &mut Lead) {
    let written = match of_path(session, lead) {
        Some((party, declared))
            if is_plain(declared) && is_alone(party.exchange, &declared.name) =>
        {
            segment(declared.span)
        }
        Some(_) => return,
        None => match of_header(session, lead) {
            Some(span) => field(session, span, lead.question.carrier),
            None => return,
        },
    };
    let written = session.walk.add(written);
    let writer = match lead.direction {
        Direction::OldToNew => &mut lead.question.old,
        Direction::NewToOld => &mut lead.question.new,
    };
    writer.push(written);
}

/// What is more than nothing.
fn segment(span: Span) -> Shape {
    let one = || Some(Stated { value: 1, span });
    let mut written = Shape::anything(span);
    written.text.edit().min_length = one();
    written.array.edit().min_items = one();
    written.object.edit().min_properties = one();
    written
}

/// What a field of a header carries as it is. Nothing is escaped there, so the elements of a list do
/// without what stands between them; and empty ones do not count (RFC 9110 §5.6.1).
fn field(session: &mut Session<'_>, span: Span, carrier: Carrier) -> Shape {
    let between = if let Carrier::Joined(between) = carrier { between } else { ',' };
    let between = u32::from(between);
    let text = |but: &str| {
        let (end, inside) =
            (format!(r"[^\x00-\x20\x7f{but}]"), format!(r"[^\x00-\x08\x0a-\x1f\x7f{but}]"));
        format!("{end}({inside}*{end})?")
    };
    let of = |pattern: String| {
        let mut text = Shape::anything(span);
        text.text.edit().pattern = Some(Stated { value: format!("^{pattern}$").into(), span });
        text
    };
    let element = session.walk.add(of(text(&format!(r"\x{between:02x}"))));
    let mut written = of(format!("({})?", text("")));
    written.array.edit().rest = Some(element);
    written
}

/// Where the header is declared that a lead is about, whose value is written in a style.
fn of_header(session: &Session<'_>, lead: &Lead) -> Option<Span> {
    let label = &lead.site.owner;
    if !lead.site.steps.is_empty() {
        return None;
    }
    let party = session.party(label, writer_of(lead.direction))?;
    let (how, span) = match &lead.site.part {
        Part::Parameter(location, name) if *location == ParameterLocation::Header.name() => {
            let declared = parameter(session, label, party, (location, name))?;
            (&declared.serialisation, declared.span)
        }
        Part::ResponseHeader(status, name) => {
            let (_, declared) = response(party.exchange, status)?;
            let header = declared.headers.get(&*name.to_ascii_lowercase())?;
            (&header.serialisation, header.span)
        }
        Part::Parameter(..)
        | Part::Whole
        | Part::RequestBody(_)
        | Part::Response(..)
        | Part::Security
        | Part::Server
        | Part::RequestMessage
        | Part::ResponseMessage => return None,
    };
    matches!(how, Serialisation::Style { .. }).then_some(span)
}

/// The variable that a lead is about, as its writer has it.
fn of_path<'c>(session: &Session<'c>, lead: &Lead) -> Option<(Party<'c>, &'c Parameter)> {
    let Part::Parameter(location, name) = &lead.site.part else { return None };
    if *location != ParameterLocation::Path.name() || !lead.site.steps.is_empty() {
        return None;
    }
    let label = &lead.site.owner;
    let party = session.party(label, writer_of(lead.direction))?;
    Some((party, parameter(session, label, party, (location, name))?))
}

/// Whether a value of no characters is nothing in the path.
fn is_plain(declared: &Parameter) -> bool {
    match &declared.serialisation {
        Serialisation::Style { style, explode: _, allow_reserved: _ } => *style == Style::Simple,
        Serialisation::Nested(_) | Serialisation::Media(_) => false,
    }
}

/// Whether the variable is a whole segment.
fn is_alone(exchange: &HttpExchange, name: &str) -> bool {
    let parts = &exchange.path.parts;
    let is_it = |part: &PathPart| matches!(part, PathPart::Variable(known) if **known == *name);
    let Some(index) = parts.iter().position(is_it) else { return false };
    let before = index.checked_sub(1).and_then(|before| parts.get(before));
    let ends = matches!(before, Some(PathPart::Literal(text)) if text.ends_with('/'));
    let starts = match parts.get(index + 1) {
        Some(PathPart::Literal(text)) => text.starts_with('/'),
        Some(PathPart::Variable(_)) => false,
        None => true,
    };
    ends && starts
}
