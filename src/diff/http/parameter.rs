//! Parameters, compared through the text that travels.

use super::exchange::Pair;
use crate::diff::lifecycle::compare_lifecycle;
use crate::diff::remarks::compare_remarks;
use crate::diff::session::{Crossing, Session};
use crate::model::{
    Kind, Parameter, ParameterLocation, Part, PathPart, PathTemplate, Polarity, Serialisation,
    ShapeId, Site, Style,
};
use crate::rules::effective::Effective;
use crate::rules::parameter::{
    EMPTY_VALUE_FORBIDDEN, PARAMETER_ADDED, PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED,
    PARAMETER_REMOVED, PATH_PARAMETER_RENAMED, REQUIRED_PARAMETER_ADDED, SERIALISATION_CHANGED,
};
use crate::rules::{Rule, Verdict};
use crate::subtype::Carrier;

/// Compares the parameters of two exchanges.
pub(super) fn compare(session: &mut Session<'_>, pair: &Pair<'_>) {
    let mut paired = Vec::new();
    for old in &pair.old.parameters {
        let found = pair.new.parameters.iter().enumerate().find(|(_, new)| same(pair, old, new));
        match found {
            Some((index, new)) => {
                paired.push(index);
                compare_one(session, pair, old, new);
            }
            None => removed(session, pair, old),
        }
    }
    for (index, new) in pair.new.parameters.iter().enumerate() {
        if !paired.contains(&index) {
            added(session, pair, new);
        }
    }
}

/// Parameters are one by location and name; header names have no case, path parameters are one by
/// position, and the name of a whole query string never travels.
fn same(pair: &Pair<'_>, old: &Parameter, new: &Parameter) -> bool {
    if old.location != new.location {
        return false;
    }
    match old.location {
        ParameterLocation::Path => {
            let (was, is) =
                (position(&pair.old.path, &old.name), position(&pair.new.path, &new.name));
            if was.is_some() || is.is_some() { was == is } else { old.name == new.name }
        }
        ParameterLocation::Header => old.name.eq_ignore_ascii_case(&new.name),
        ParameterLocation::QueryString => true,
        ParameterLocation::Query | ParameterLocation::Cookie => old.name == new.name,
    }
}

fn position(path: &PathTemplate, name: &str) -> Option<usize> {
    path.parts
        .iter()
        .filter_map(|part| match part {
            PathPart::Variable(variable) => Some(variable),
            PathPart::Literal(_) => None,
        })
        .position(|variable| **variable == *name)
}

fn site(pair: &Pair<'_>, parameter: &Parameter) -> Site {
    let part = Part::Parameter(parameter.location.name(), parameter.name.clone());
    Site::part(pair.label.clone(), part)
}

fn removed(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter) {
    // A server has no say about what is gone, but a receiver that was promised a value has.
    let promised = pair.sent() == Polarity::Response && old.required.value;
    let verdict = if promised { Verdict::Breaking } else { Verdict::Compatible };
    let message = format!("{} parameter `{}` was removed", old.location.name(), old.name);
    let spans = (Some(old.span), None);
    let site = site(pair, old);
    let finding =
        session.ledger.state(&PARAMETER_REMOVED, spans, &message, &site, (verdict, pair.sent()));
    finding.anchor = Some(pair.new_operation.span);
}

fn added(session: &mut Session<'_>, pair: &Pair<'_>, new: &Parameter) {
    let demanded = new.required.value && pair.sent() == Polarity::Request;
    let (rule, verdict): (&'static Rule, _) = if demanded {
        (&REQUIRED_PARAMETER_ADDED, Verdict::Breaking)
    } else {
        (&PARAMETER_ADDED, Verdict::Compatible)
    };
    let word = if demanded { "required " } else { "" };
    let message = format!("{word}{} parameter `{}` was added", new.location.name(), new.name);
    let spans = (None, Some(new.span));
    session.ledger.state(rule, spans, &message, &site(pair, new), (verdict, pair.sent()));
}

fn compare_one(session: &mut Session<'_>, pair: &Pair<'_>, old: &Parameter, new: &Parameter) {
    let Parameter {
        name,
        location,
        required,
        serialisation,
        shape,
        allow_empty,
        lifecycle,
        remarks,
        span,
    } = old;
    let site = site(pair, new);
    let spans = (Some(*span), Some(new.span));
    let polarity = pair.sent();
    if *location == ParameterLocation::Path && *name != new.name {
        let message = format!("path parameter `{name}` is called `{}` now", new.name);
        let fact = (Verdict::Breaking, polarity);
        session.ledger.state(&PATH_PARAMETER_RENAMED, spans, &message, &site, fact);
    }
    if required.value != new.required.value {
        let rule: &'static Rule = if new.required.value {
            &PARAMETER_BECAME_REQUIRED
        } else {
            &PARAMETER_BECAME_OPTIONAL
        };
        let verb = if new.required.value { "became required" } else { "is no longer required" };
        let message = format!("{} parameter `{name}` {verb}", location.name());
        let fact = (rule.effect.verdict(polarity), polarity);
        let spans = (Some(required.span), Some(new.required.span));
        session.ledger.state(rule, spans, &message, &site, fact);
    }
    if *allow_empty && !new.allow_empty {
        let message = format!("query parameter `{name}` may no longer be empty");
        let fact = (EMPTY_VALUE_FORBIDDEN.effect.verdict(polarity), polarity);
        session.ledger.state(&EMPTY_VALUE_FORBIDDEN, spans, &message, &site, fact);
    }
    let ends = ((serialisation, *shape), (&new.serialisation, new.shape));
    compare_text(session, &site, spans, ends, polarity);
    compare_lifecycle(session, &site, spans, (lifecycle, &new.lifecycle), polarity);
    compare_remarks(session, &site, polarity, spans, (remarks, &new.remarks));
}

/// A value and how it becomes text.
type Written<'c> = (&'c Serialisation, ShapeId);

/// Compares two values that cross as text.
pub(super) fn compare_text(
    session: &mut Session<'_>,
    site: &Site,
    spans: (Option<crate::source::Span>, Option<crate::source::Span>),
    (old, new): (Written<'_>, Written<'_>),
    polarity: Polarity,
) {
    let layout = layout(session, old, new);
    if layout != Layout::Same {
        let verdict = match layout {
            Layout::Differs => Verdict::Breaking,
            Layout::Unknown => Verdict::Undecided,
            Layout::Same => Verdict::Compatible,
        };
        let message = format!("serialisation changed from {} to {}", words(old.0), words(new.0));
        let finding = session.ledger.state(
            &SERIALISATION_CHANGED,
            spans,
            &message,
            site,
            (verdict, polarity),
        );
        if verdict == Verdict::Undecided {
            let reason = "the value has no declared type, so its layout is not known";
            finding.proof = crate::diff::Proof::Undecided(reason.to_owned());
        }
        if verdict == Verdict::Breaking {
            return;
        }
    }
    let carrier = match new.0 {
        Serialisation::Style { .. } => Carrier::Text,
        Serialisation::Media(_) => Carrier::HttpJson,
    };
    let crossing = Crossing { site: site.clone(), polarity, carrier };
    session.payload(&crossing, old.1, new.1);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Same,
    Differs,
    Unknown,
}

/// Whether both sides lay out the same value in the same text. Scalars look alike in every style.
fn layout(session: &Session<'_>, old: Written<'_>, new: Written<'_>) -> Layout {
    let (was, is) = match (old.0, new.0) {
        (was, is) if was == is => return Layout::Same,
        (Serialisation::Media(_), _) | (_, Serialisation::Media(_)) => {
            let plain = |it: &Serialisation| match it {
                Serialisation::Media(media) => &**media == "text/plain",
                Serialisation::Style { .. } => true,
            };
            return if plain(old.0) && plain(new.0) { Layout::Same } else { Layout::Differs };
        }
        (
            Serialisation::Style { style: was, explode: before, allow_reserved: _ },
            Serialisation::Style { style: is, explode: after, allow_reserved: _ },
        ) => ((was, before), (is, after)),
    };
    if was == is {
        return Layout::Same;
    }
    let prefixed =
        |style: &Style| matches!(style, Style::Matrix | Style::Label | Style::DeepObject);
    if was.0 != is.0 && (prefixed(was.0) || prefixed(is.0)) {
        return Layout::Differs;
    }
    let shapes = &session.walk.shapes;
    let scalar = |id: ShapeId| {
        let effective = Effective::of(shapes, &[id])?;
        if let Some(kinds) = effective.kinds {
            return Some(!kinds.value.has(Kind::Array) && !kinds.value.has(Kind::Object));
        }
        let values = effective.values?;
        Some(values.value.iter().all(|v| !matches!(v.kind(), Kind::Array | Kind::Object)))
    };
    match (scalar(old.1), scalar(session.shifted(new.1))) {
        (Some(true), _) | (_, Some(true)) => Layout::Same,
        (Some(false), Some(false)) => Layout::Differs,
        (None, _) | (_, None) => Layout::Unknown,
    }
}

fn words(serialisation: &Serialisation) -> String {
    match serialisation {
        Serialisation::Style { style, explode, allow_reserved: _ } => {
            let name = match style {
                Style::Matrix => "matrix",
                Style::Label => "label",
                Style::Form => "form",
                Style::Simple => "simple",
                Style::SpaceDelimited => "spaceDelimited",
                Style::PipeDelimited => "pipeDelimited",
                Style::TabDelimited => "tabDelimited",
                Style::DeepObject => "deepObject",
                Style::Cookie => "cookie",
            };
            if *explode { format!("`{name}`, exploded") } else { format!("`{name}`") }
        }
        Serialisation::Media(media) => format!("`{media}`"),
    }
}
