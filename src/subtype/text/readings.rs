//! What a text can be read as, where a value crosses as text.

use std::sync::Arc;

use crate::model::Json;
use crate::subtype::Carrier;
use crate::subtype::engine::Search;
use crate::subtype::goal::Claim;

use super::{leaves_text, leaves_text_of_members};

/// How many ways of reading one value are tried where its parts cannot be read one by one.
pub(in crate::subtype) const READINGS: usize = 64;

impl Search<'_> {
    /// Whether the reader takes the value as it arrives, in some way in which it can be read.
    pub(in crate::subtype) fn reads(
        &mut self,
        read: &[Claim],
        value: &Json,
        carrier: Carrier,
    ) -> Option<bool> {
        if carrier.is_json() {
            return self.takes(read, value);
        }
        if is_nothing(value, carrier) {
            return Some(true);
        }
        let likely = self.likely_readings(read, value, carrier);
        if likely.as_ref().is_some_and(Vec::is_empty) {
            return Some(false);
        }
        let all = all_readings(value, carrier);
        let mut is_open = all.len() >= READINGS;
        for reading in likely.into_iter().flatten().chain(all) {
            match self.takes(read, &reading) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_open = true,
            }
        }
        if is_open { None } else { Some(false) }
    }

    pub(in crate::subtype) fn takes(&mut self, read: &[Claim], value: &Json) -> Option<bool> {
        crate::subtype::evaluate::all(read, |claim| self.accepts(*claim, value))
    }
}

/// The values that the text of a value can be read as: its layout is kept, but for a list of one
/// element, which is written as that element; its scalars vary. No more than [`READINGS`].
pub(in crate::subtype) fn all_readings(value: &Json, carrier: Carrier) -> Vec<Json> {
    if carrier.is_json() {
        return vec![value.clone()];
    }
    let is_form = carrier.is_form();
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
            let mut found = readings(&Json::string(spelled(value)));
            if carrier == Carrier::HttpText {
                // XML tells an element that is nil from one that holds the word.
                let is_nil = *value == Json::Null;
                found.retain(|reading| (*reading == Json::Null) == is_nil);
            }
            let is_split = match carrier {
                Carrier::Joined(separator) => spelled(value).contains(separator),
                Carrier::HttpJson
                | Carrier::StoredJson
                | Carrier::Text
                | Carrier::HttpText
                | Carrier::HttpLines
                | Carrier::Form
                | Carrier::StyledForm
                | Carrier::Field => is_form,
            };
            if !is_split {
                found.extend(found.clone().into_iter().map(|single| Json::array([single])));
            }
            found
        }
        Json::Array(elements) => {
            let inner = carrier.of_element();
            let mut found: Vec<Json> =
                varied(elements, inner).into_iter().map(Json::array).collect();
            if let ([only], false) = (elements.as_ref(), is_form) {
                found.extend(all_readings(only, inner));
            }
            found
        }
        Json::Object(members) => {
            let values: Vec<Json> = members.values().cloned().collect();
            let named = |values: Vec<Json>| Json::object(members.keys().cloned().zip(values));
            let mut found: Vec<Json> =
                varied(&values, carrier.of_member()).into_iter().map(named).collect();
            if members.is_empty() && carrier == Carrier::HttpText {
                // An element without content is an empty text as well.
                found.extend(all_readings(&Json::string(""), carrier));
            }
            let arriving = arriving(value, carrier.of_member());
            found.extend(arriving.iter().flat_map(|value| all_readings(value, carrier)));
            found
        }
    }
}

/// The object without the members that leave no text, if there are any.
pub(in crate::subtype) fn arriving(value: &Json, inner: Carrier) -> Option<Json> {
    let Json::Object(members) = value else { return None };
    if !members.values().any(|part| is_nothing(part, inner)) {
        return None;
    }
    let left = members.iter().filter(|(_, part)| !is_nothing(part, inner));
    Some(Json::object(left.map(|(name, part)| (Arc::clone(name), part.clone()))))
}

/// Whether the value is written as nothing.
pub(in crate::subtype) fn is_nothing(value: &Json, carrier: Carrier) -> bool {
    match value {
        Json::Null => !leaves_text(carrier),
        Json::Array(elements) => elements.is_empty() && !leaves_text(carrier),
        Json::Object(members) => {
            let inner = carrier.of_member();
            !leaves_text_of_members(carrier) && members.values().all(|it| is_nothing(it, inner))
        }
        Json::Boolean(_) | Json::Number(_) | Json::String(_) => false,
    }
}

fn varied(parts: &[Json], carrier: Carrier) -> Vec<Vec<Json>> {
    let mut all: Vec<Vec<Json>> = vec![Vec::new()];
    for part in parts {
        let ways = all_readings(part, carrier);
        let longer = all.iter().flat_map(|known| {
            ways.iter().map(|way| known.iter().cloned().chain([way.clone()]).collect())
        });
        all = longer.take(READINGS).collect();
    }
    all
}

/// The text of a scalar.
pub(in crate::subtype) fn spelled(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}

/// The scalars that a text can be read as.
pub(in crate::subtype) fn readings(text: &Json) -> Vec<Json> {
    let mut readings = vec![text.clone()];
    let Json::String(text) = text else { return readings };
    readings.extend(text.parse().ok().map(Json::Number));
    match &**text {
        "true" => readings.push(Json::Boolean(true)),
        "false" => readings.push(Json::Boolean(false)),
        "null" => readings.push(Json::Null),
        _ => {}
    }
    readings
}
