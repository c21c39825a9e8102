//! What a text can be read as: parameters, headers, forms and XML carry no JSON types.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::confirm::Passage;
use crate::load::Opinion;
use crate::model::Json;

/// How often the reading of one more scalar is changed.
const MAX_CHANGES: usize = 32;

/// What the reader says of the value as it arrives: it refuses a text when it refuses what the text
/// can be read as, for the reason that it has against the value as meant.
///
/// Scalars are read again one by one: a reading that leaves the reader without its objection, or with
/// another one, is kept. Where none does, the objection is not about what the text is read as.
pub(super) fn read(value: &Json, passage: Passage, judge: &dyn Fn(&Json) -> Opinion) -> Opinion {
    if leaves_no_text(value, passage) {
        return Opinion::Accepts;
    }
    let meant = judge(value);
    let (mut current, mut objection) = (value.clone(), meant.clone());
    let mut met = Vec::new();
    for _ in 0..MAX_CHANGES {
        let Opinion::Refuses(_) = objection else { return objection };
        met.push(objection);
        let mut next = None;
        for other in others(&current, passage, Place::Alone) {
            let said = judge(&other);
            if let Opinion::Accepts | Opinion::Unable(_) = said {
                return said;
            }
            if next.is_none() && !met.contains(&said) {
                next = Some((other, said));
            }
        }
        let Some(changed) = next else { return meant };
        (current, objection) = changed;
    }
    meant
}

/// Whether nothing of the value arrives: a list without elements, or an object without members, is no
/// parameter (RFC 6570 §2.3).
fn leaves_no_text(value: &Json, passage: Passage) -> bool {
    match passage {
        Passage::Text | Passage::Joined(_) => match value {
            Json::Array(_) | Json::Object(_) => is_nothing(value, passage),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => false,
        },
        Passage::Itself
        | Passage::Body
        | Passage::Lines
        | Passage::Form
        | Passage::StyledForm
        | Passage::Field => false,
    }
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// By itself or as a member: it may be a list of one.
    Alone,
    /// In a list, whose elements are not lists again.
    Listed,
}

/// The values that differ from this one in the reading of one part.
fn others(value: &Json, passage: Passage, place: Place) -> Vec<Json> {
    if passage == Passage::Itself {
        return Vec::new();
    }
    let is_field = !passage.is_form() && place == Place::Alone;
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
            let mut all = of_text(&spelled(value));
            if passage == Passage::Body {
                // XML tells an element that is nil from one that holds the word.
                let is_nil = *value == Json::Null;
                all.retain(|reading| (*reading == Json::Null) == is_nil);
            }
            let is_whole = match passage {
                Passage::Joined(separator) => !spelled(value).contains(separator),
                Passage::Itself
                | Passage::Text
                | Passage::Body
                | Passage::Lines
                | Passage::Form
                | Passage::StyledForm
                | Passage::Field => true,
            };
            let whole = all.iter().filter(|_| is_whole);
            let lists: Vec<Json> = whole.map(|way| Json::array([way.clone()])).collect();
            let scalars = all.into_iter().filter(|way| way != value);
            scalars.chain(if is_field { lists } else { Vec::new() }).collect()
        }
        Json::Array(elements) => {
            let inner = passage.of_element();
            let mut found: Vec<Json> =
                varied(elements, inner, Place::Listed).map(Json::array).collect();
            if let ([only], true) = (elements.as_ref(), is_field) {
                found.push(only.clone());
                found.extend(others(only, inner, Place::Listed));
            }
            found
        }
        Json::Object(members) => {
            let values: Vec<Json> = members.values().cloned().collect();
            let named = |values: Vec<Json>| Json::object(members.keys().cloned().zip(values));
            let mut found: Vec<Json> =
                varied(&values, passage.of_member(), Place::Alone).map(named).collect();
            if members.is_empty() && passage == Passage::Body {
                // An element without content is an empty text as well.
                found.push(Json::string(""));
            }
            found.extend(arriving(members, passage));
            found
        }
    }
}

/// The object without its members that are written as nothing, if there are any.
fn arriving(members: &BTreeMap<Arc<str>, Json>, passage: Passage) -> Option<Json> {
    match passage {
        Passage::Form | Passage::StyledForm | Passage::Text | Passage::Joined(_) => {}
        Passage::Itself | Passage::Body | Passage::Lines | Passage::Field => return None,
    }
    let is_left = |part: &Json| !is_nothing(part, passage.of_member());
    let left = members.iter().filter(|(_, part)| is_left(part));
    let left = left.map(|(name, part)| (Arc::clone(name), part.clone()));
    (!members.values().all(is_left)).then(|| Json::object(left))
}

/// Whether a member is written as nothing. A field that is an object is JSON.
fn is_nothing(part: &Json, passage: Passage) -> bool {
    match part {
        Json::Null => true,
        Json::Array(elements) => elements.is_empty(),
        Json::Object(members) => {
            passage != Passage::Field
                && members.values().all(|part| is_nothing(part, passage.of_member()))
        }
        Json::Boolean(_) | Json::Number(_) | Json::String(_) => false,
    }
}

/// The parts, one of them read in another way.
fn varied(parts: &[Json], passage: Passage, place: Place) -> impl Iterator<Item = Vec<Json>> {
    parts.iter().enumerate().flat_map(move |(index, part)| {
        others(part, passage, place).into_iter().map(move |other| {
            let mut parts = parts.to_vec();
            parts.splice(index..=index, [other]);
            parts
        })
    })
}

fn spelled(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}

fn of_text(text: &str) -> Vec<Json> {
    let mut found = vec![Json::string(text)];
    match text {
        "null" => found.push(Json::Null),
        "true" => found.push(Json::Boolean(true)),
        "false" => found.push(Json::Boolean(false)),
        _ => found.extend(text.parse().ok().map(Json::Number)),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Json {
        Json::Number(text.parse().unwrap())
    }

    #[test]
    fn a_scalar_is_its_text_and_whatever_that_text_says() {
        let one = number("1");
        let lists = [Json::array([Json::string("1")]), Json::array([one.clone()])];
        let expected = [Json::string("1"), lists[0].clone(), lists[1].clone()];
        assert_eq!(others(&one, Passage::Text, Place::Alone), expected);
        assert_eq!(others(&one, Passage::Form, Place::Alone), [Json::string("1")]);
        assert_eq!(others(&Json::string("a"), Passage::Form, Place::Alone), []);
        assert_eq!(others(&Json::string("a,b"), Passage::Joined(','), Place::Alone), []);
    }

    #[test]
    fn many_scalars_are_read_one_by_one() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let value = Json::object(names.map(|name| (name, number("1"))));
        let judge = |value: &Json| {
            let Json::Object(members) = value else { return Opinion::Refuses("type".into()) };
            let odd = members.iter().find(|(_, member)| !matches!(member, Json::String(_)));
            odd.map_or(Opinion::Accepts, |(name, _)| Opinion::Refuses(name.to_string()))
        };
        assert_eq!(read(&value, Passage::Form, &judge), Opinion::Accepts);
        let deep = Json::object([("a", value)]);
        assert_eq!(read(&deep, Passage::Form, &judge), Opinion::Refuses("a".into()));
    }
}
