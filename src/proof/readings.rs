//! What a text can be read as: parameters and headers carry no JSON types.

use crate::model::Json;

/// How many readings of one value are looked at.
const MAX_READINGS: usize = 64;

/// The values that the text of a value can be read as. Its layout is kept, its scalars vary: a
/// reader that declares a number takes the text `1` for one, and a reader of strings for a string.
pub(super) fn readings(value: &Json) -> Vec<Json> {
    match value {
        Json::Null => of_text("null"),
        Json::Boolean(true) => of_text("true"),
        Json::Boolean(false) => of_text("false"),
        Json::Number(number) => of_text(&number.to_string()),
        Json::String(text) => of_text(text),
        Json::Array(elements) => combined(elements.iter()).into_iter().map(Json::array).collect(),
        Json::Object(members) => combined(members.values())
            .into_iter()
            .map(|values| Json::object(members.keys().cloned().zip(values)))
            .collect(),
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

/// Every way of reading each of the parts, side by side.
fn combined<'v>(parts: impl Iterator<Item = &'v Json>) -> Vec<Vec<Json>> {
    let mut all: Vec<Vec<Json>> = vec![Vec::new()];
    for part in parts {
        let ways = readings(part);
        let mut longer = Vec::new();
        for known in &all {
            for way in &ways {
                let mut next = known.clone();
                next.push(way.clone());
                longer.push(next);
            }
        }
        longer.truncate(MAX_READINGS);
        all = longer;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_is_its_text_and_whatever_that_text_says() {
        let number: Json = Json::Number("1".parse().unwrap());
        assert_eq!(readings(&number), [Json::string("1"), number.clone()]);
        assert_eq!(readings(&Json::string("1")), [Json::string("1"), number.clone()]);
        assert_eq!(readings(&Json::string("a")), [Json::string("a")]);
        let list = Json::array([number.clone(), Json::string("a")]);
        let texts = Json::array([Json::string("1"), Json::string("a")]);
        assert_eq!(readings(&list), [texts, list]);
    }
}
