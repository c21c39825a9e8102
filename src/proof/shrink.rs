//! Making a witness small: members and elements go while it still shows the break.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Json;

/// How many smaller values are tried.
const MAX_TRIALS: usize = 400;

/// The smallest value that deletions lead to from this one while `shows` stays true.
pub(super) fn shrink(value: &Json, shows: &dyn Fn(&Json) -> bool) -> Json {
    let mut best = value.clone();
    let mut trials = 0;
    loop {
        let smaller = deletions(&best).into_iter().find(|candidate| {
            trials += 1;
            trials <= MAX_TRIALS && shows(candidate)
        });
        match smaller {
            Some(candidate) if trials <= MAX_TRIALS => best = candidate,
            _ => return best,
        }
    }
}

/// Every value with one member or element less, outermost first.
fn deletions(value: &Json) -> Vec<Json> {
    match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => Vec::new(),
        Json::Array(elements) => {
            let mut all = Vec::new();
            for index in 0..elements.len() {
                let rest = elements.iter().enumerate().filter(|(at, _)| *at != index);
                all.push(Json::array(rest.map(|(_, element)| element.clone())));
            }
            for (index, element) in elements.iter().enumerate() {
                for smaller in deletions(element) {
                    let mut changed: Vec<Json> = elements.to_vec();
                    if let Some(place) = changed.get_mut(index) {
                        *place = smaller;
                    }
                    all.push(Json::array(changed));
                }
            }
            all
        }
        Json::Object(members) => {
            let mut all = Vec::new();
            for name in members.keys() {
                let mut rest: BTreeMap<Arc<str>, Json> = (**members).clone();
                rest.remove(name);
                all.push(Json::Object(Arc::new(rest)));
            }
            for (name, member) in members.iter() {
                for smaller in deletions(member) {
                    let mut changed: BTreeMap<Arc<str>, Json> = (**members).clone();
                    changed.insert(name.clone(), smaller);
                    all.push(Json::Object(Arc::new(changed)));
                }
            }
            all
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shows_the_break_is_left() {
        let value = Json::object([
            ("a", Json::Null),
            ("b", Json::array([Json::Boolean(true), Json::Null])),
        ]);
        let shows = |value: &Json| value.to_string().contains("true");
        let small = shrink(&value, &shows);
        assert_eq!(small.to_string(), r#"{"b":[true]}"#);
    }
}
