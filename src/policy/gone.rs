//! What was announced of members and headers that go.

use std::collections::BTreeMap;

use crate::diff::Finding;
use crate::model::{Contract, Exchange, Json, Lifecycle, Notes, Stability, Stated, Step, Sunset};
use crate::rules::parameter::{HEADER_BECAME_OPTIONAL, HEADER_REMOVED};
use crate::rules::presence::PROPERTY_BECAME_OPTIONAL;
use crate::rules::property::PROPERTY_REMOVED;
use crate::source::Span;

/// The members and headers of an old contract that say when they go, by the places at which findings
/// tell of their going.
pub(super) struct Going(BTreeMap<Span, Lifecycle>);

impl Going {
    /// What the old contract says.
    pub(super) fn of(old: Option<&Contract>) -> Self {
        let mut all = BTreeMap::new();
        let Some(old) = old else { return Self(all) };
        for (_, shape) in old.shapes.iter() {
            let Some(object) = shape.object.get() else { continue };
            for (name, member) in object.properties.iter() {
                let notes = old.shapes.get(member.value).notes.get();
                let Some(life) = notes.and_then(of_notes) else { continue };
                let demanded = object.required.get(name).map(|stated| stated.span);
                all.extend(
                    [Some(member.span), demanded]
                        .into_iter()
                        .flatten()
                        .map(|it| (it, life.clone())),
                );
            }
        }
        for operation in &old.operations {
            let Exchange::Http(exchange) = &operation.exchange else { continue };
            let headers =
                exchange.responses.values().flat_map(|response| response.headers.values());
            let going = headers.filter(|header| header.lifecycle.sunset.is_some());
            all.extend(going.map(|header| (header.span, header.lifecycle.clone())));
        }
        Self(all)
    }

    /// What was said of what is gone, where the finding is about its going.
    pub(super) fn life(&self, finding: &Finding, new: Option<&Contract>) -> Option<&Lifecycle> {
        let life = self.0.get(&finding.old?)?;
        let rule = finding.rule;
        let is_gone = if rule == &PROPERTY_BECAME_OPTIONAL {
            !is_kept(finding, new?)
        } else {
            finding.new.is_none()
                && [&PROPERTY_REMOVED, &HEADER_REMOVED, &HEADER_BECAME_OPTIONAL].contains(&rule)
        };
        is_gone.then_some(life)
    }
}

/// Whether the object goes on describing the member that it no longer demands.
fn is_kept(finding: &Finding, new: &Contract) -> bool {
    let Some(Step::Property(name)) = finding.site.steps.last() else { return true };
    let mut there = new.shapes.iter().map(|(_, shape)| shape);
    let there = there.find(|shape| Some(shape.span.span) == finding.new);
    there.is_none_or(|shape| {
        shape.object.get().is_some_and(|object| object.properties.contains_key(name))
    })
}

/// What a schema says of its own future.
fn of_notes(notes: &Notes) -> Option<Lifecycle> {
    let Stated { value: Json::String(text), span } = notes.others.get("x-sunset")? else {
        return None;
    };
    let sunset = Stated { value: Sunset::read(text.clone()), span: *span };
    let deprecated = notes.deprecated.as_ref().filter(|stated| stated.value);
    Some(Lifecycle {
        deprecated: deprecated.map(|stated| stated.span),
        sunset: Some(sunset),
        stability: Stability::default(),
    })
}
