//! What a text can be read as, where a value crosses as text.

use std::sync::Arc;

use crate::model::Json;

use super::Carrier;
use super::engine::Search;
use super::goal::Claim;
use super::text::{leaves_text, leaves_text_of_members};

/// How many ways of reading one value are tried where its parts cannot be read one by one.
pub(super) const READINGS: usize = 64;

impl Search<'_> {
    /// Whether the reader takes the value as it arrives, in some way in which it can be read.
    pub(super) fn reads(&mut self, read: &[Claim], value: &Json, carrier: Carrier) -> Option<bool> {
        if carrier.is_json() {
            return self.takes(read, value);
        }
        let leaves_text = match value {
            Json::Array(elements) => !elements.is_empty() || leaves_text(carrier),
            Json::Object(members) => !members.is_empty() || leaves_text_of_members(carrier),
            Json::Null => leaves_text(carrier),
            Json::Boolean(_) | Json::Number(_) | Json::String(_) => true,
        };
        if !leaves_text {
            return Some(true);
        }
        let mut is_open = false;
        for reading in self.likely_readings(read, value, carrier) {
            match self.takes(read, &reading) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_open = true,
            }
        }
        let all = all_readings(value, carrier);
        is_open |= all.len() >= READINGS && !self.reads_in_parts(read);
        for reading in all {
            match self.takes(read, &reading) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_open = true,
            }
        }
        if is_open { None } else { Some(false) }
    }

    fn takes(&mut self, read: &[Claim], value: &Json) -> Option<bool> {
        super::evaluate::all(read, |claim| self.accepts(*claim, value))
    }

    /// Whether each part of a value is read by itself, whatever the others are read as.
    fn reads_in_parts(&mut self, read: &[Claim]) -> bool {
        self.plain_object(read).is_some() || self.plain_array(read).is_some()
    }

    /// The reading in which every part is read as what is said of the part.
    fn likely_readings(&mut self, read: &[Claim], value: &Json, carrier: Carrier) -> Vec<Json> {
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => Vec::new(),
            Json::Array(elements) => {
                let Some(array) = self.plain_array(read) else { return Vec::new() };
                let element: Vec<Claim> = array.element.into_iter().collect();
                let inner = carrier.of_element();
                let best = elements.iter().map(|part| self.best_reading(&element, part, inner));
                vec![Json::array(best.collect::<Vec<_>>())]
            }
            Json::Object(members) => {
                let Some(parts) = self.plain_object(read) else { return Vec::new() };
                let inner = carrier.of_member();
                let best = members.iter().map(|(name, part)| {
                    let claims = self.member_claims(&parts, name);
                    (name.clone(), self.best_reading(&claims, part, inner))
                });
                let best = Json::object(best.collect::<Vec<_>>());
                let arriving = arriving(&best, inner);
                std::iter::once(best).chain(arriving).collect()
            }
        }
    }

    /// How the reader takes the part, if it does; else the part itself.
    fn best_reading(&mut self, read: &[Claim], value: &Json, carrier: Carrier) -> Json {
        if carrier.is_json() || self.takes(read, value) == Some(true) {
            return value.clone();
        }
        let mut ways = self.likely_readings(read, value, carrier);
        ways.extend(all_readings(value, carrier));
        let taken = ways.into_iter().find(|way| self.takes(read, way) == Some(true));
        taken.unwrap_or_else(|| value.clone())
    }
}

/// The values that the text of a value can be read as: its layout is kept, but for a list of one
/// element, which is written as that element; its scalars vary. No more than [`READINGS`].
fn all_readings(value: &Json, carrier: Carrier) -> Vec<Json> {
    if carrier.is_json() {
        return vec![value.clone()];
    }
    let is_form = carrier == Carrier::Form;
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

/// The object without the members that leave no text, if there are any: lists without elements, which
/// are written as nothing where a member is a field.
fn arriving(value: &Json, inner: Carrier) -> Option<Json> {
    let Json::Object(members) = value else { return None };
    let is_nothing = |part: &Json| matches!(part, Json::Array(list) if list.is_empty());
    if leaves_text(inner) || !members.values().any(is_nothing) {
        return None;
    }
    let left = members.iter().filter(|(_, part)| !is_nothing(part));
    Some(Json::object(left.map(|(name, part)| (Arc::clone(name), part.clone()))))
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
pub(super) fn spelled(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}

/// The scalars that a text can be read as.
pub(super) fn readings(text: &Json) -> Vec<Json> {
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
