//! What reaches an operation of what its path's variables may be.

use super::parameter;
use super::request::Party;
use crate::diff::blame::writer_of;
use crate::diff::ledger::Lead;
use crate::diff::session::Session;
use crate::diff::shapes::Direction;
use crate::model::{
    HttpExchange, Parameter, ParameterLocation, Part, PathPart, Serialisation, Shape, Stated, Style,
};

/// Leaves out of what a lead looks for the text that never reaches its operation: where a segment is
/// a variable and nothing else, one without a character is another path (RFC 3986 §3.3).
pub(crate) fn routed(session: &mut Session<'_>, lead: &mut Lead) {
    let Some((party, declared)) = of_path(session, lead) else { return };
    if !is_plain(declared) || !is_alone(party.exchange, &declared.name) {
        return;
    }
    let span = declared.span;
    let one = || Some(Stated { value: 1, span });
    let mut written = Shape::anything(span);
    written.text.edit().min_length = one();
    written.array.edit().min_items = one();
    written.object.edit().min_properties = one();
    let written = session.walk.add(written);
    let writer = match lead.direction {
        Direction::OldToNew => &mut lead.question.old,
        Direction::NewToOld => &mut lead.question.new,
    };
    writer.push(written);
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
