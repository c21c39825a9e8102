//! HTTP exchanges that show a break: the smallest message that its writer's contract describes.

mod body;
mod carried;
mod events;
mod fact;
mod layout;
mod media;
mod named;
mod part;
mod reached;
mod request;
mod routed;
mod status;
mod written;
mod xml;

pub(crate) use carried::carried;
pub(crate) use fact::illustration;
pub(crate) use routed::routed;
use status::{response, status_code};

use std::collections::BTreeMap;
use std::sync::Arc;

use request::Party;

use super::media::{applying, inside};
use super::parameter::position;
use crate::diff::WitnessSide;
use crate::diff::session::Session;
use crate::model::{
    Body, Exchange, HttpExchange, MediaPayload, MediaType, Operation, Parameter, ParameterLocation,
};

/// Both sides' descriptions of an operation that has one name in the findings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parties<'c> {
    old: Option<&'c Operation>,
    new: Option<&'c Operation>,
}

impl<'c> Session<'c> {
    /// Remembers who an operation is, by the name that findings call it by.
    pub(super) fn introduce(
        &mut self,
        label: &Arc<str>,
        old: Option<&'c Operation>,
        new: Option<&'c Operation>,
    ) {
        let parties = self.parties.entry(Arc::clone(label)).or_default();
        parties.old = parties.old.or(old);
        parties.new = parties.new.or(new);
    }

    /// One side's description of an operation; the other's where that side has none.
    fn party(&self, label: &str, side: WitnessSide) -> Option<Party<'c>> {
        let Parties { old, new } = *self.parties.get(label)?;
        let of = |side| {
            let operation = match side {
                WitnessSide::Old => old,
                WitnessSide::New => new,
            }?;
            let exchange = exchange_of(operation)?;
            let other = match side {
                WitnessSide::Old => new,
                WitnessSide::New => old,
            };
            let other = other.and_then(exchange_of);
            Some(Party { side, operation, exchange, other })
        };
        of(side).or_else(|| of(side.other()))
    }
}

fn exchange_of(operation: &Operation) -> Option<&HttpExchange> {
    match &operation.exchange {
        Exchange::Http(exchange) => Some(exchange),
        Exchange::Call(_) => None,
    }
}

/// The parameter that findings call by this name; path parameters may be called otherwise on the
/// other side, where they stand at the same position.
fn parameter<'c>(
    session: &Session<'c>,
    label: &str,
    party: Party<'c>,
    (location, name): (&str, &str),
) -> Option<&'c Parameter> {
    let find = |exchange: &'c HttpExchange, name: &str| {
        exchange.parameters.iter().find(|known| {
            known.location.name() == location
                && match known.location {
                    ParameterLocation::Header => known.name.eq_ignore_ascii_case(name),
                    ParameterLocation::QueryString => true,
                    ParameterLocation::Path
                    | ParameterLocation::Query
                    | ParameterLocation::Cookie => *known.name == *name,
                }
        })
    };
    find(party.exchange, name).or_else(|| {
        let other = session.party(label, party.side.other())?;
        let place = position(&other.exchange.path, name)?;
        let path = &party.exchange.path;
        let mut known = party.exchange.parameters.iter();
        known.find(|known| {
            known.location == ParameterLocation::Path && position(path, &known.name) == Some(place)
        })
    })
}

/// The payload of a body that findings call by this media type.
fn payload<'c>(body: Option<&'c Body>, media: Option<&str>) -> Option<&'c MediaPayload> {
    let content = &body?.content;
    let named = media.and_then(|media| {
        let exact = content.iter().find(|payload| payload.media.to_string() == media);
        let key = essence(media);
        exact.or_else(|| applying(content, &key)).or_else(|| inside(content, &key).next())
    });
    named.or_else(|| content.first())
}

/// The media type without its parameters, as far as a name shows it.
fn essence(media: &str) -> MediaType {
    let bare = media.split(';').next().unwrap_or_default();
    let (type_name, subtype) = bare.split_once('/').unwrap_or((bare, "*"));
    MediaType { type_name: type_name.into(), subtype: subtype.into(), parameters: BTreeMap::new() }
}
