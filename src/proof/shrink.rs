//! Making a witness small: members and elements go while it still shows the break.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Json, Piece};

/// How many smaller values are tried.
const MAX_TRIALS: usize = 400;

/// How many values they may hold together, at whatever depth: of large ones fewer are tried.
const MAX_VALUES: usize = 4_000_000;

/// What a witness has to do.
pub(crate) trait Shows {
    /// Whether the value still does it.
    fn shows(&mut self, value: &Json) -> bool;

    /// The ways to the members and elements that the value may be able to do without, outermost
    /// first. What is left out is known to be needed.
    fn spare(&mut self, value: &Json) -> Vec<Vec<Piece>>;
}

/// The smallest value that deletions lead to from this one while it still shows what it has to.
///
/// After a deletion it goes on where it is: what had to stay before mostly has to stay still, and is
/// asked about again only when everything else is settled.
pub(crate) fn shrink(value: &Json, shows: &mut impl Shows) -> Json {
    let mut best = value.clone();
    let mut ways = shows.spare(&best);
    let (mut next, mut kept) = (0, 0);
    let trials = MAX_VALUES / value.size().max(1);
    for _ in 0..trials.min(MAX_TRIALS) {
        if kept >= ways.len() {
            break;
        }
        next %= ways.len();
        let Some(way) = ways.get(next) else { break };
        let smaller = without(&best, way);
        if shows.shows(&smaller) {
            best = smaller;
            ways = shows.spare(&best);
            kept = 0;
        } else {
            next += 1;
            kept += 1;
        }
    }
    best
}

/// The ways to every member and element, outermost first.
pub(crate) fn deletions(value: &Json) -> Vec<Vec<Piece>> {
    let inside: Vec<(Piece, &Json)> = match value {
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => Vec::new(),
        Json::Array(elements) => {
            elements.iter().enumerate().map(|(at, each)| (Piece::Element(at), each)).collect()
        }
        Json::Object(members) => {
            let part = |name: &Arc<str>| Piece::Member(Arc::clone(name));
            members.iter().map(|(name, each)| (part(name), each)).collect()
        }
    };
    let mut ways: Vec<_> = inside.iter().map(|(part, _)| vec![part.clone()]).collect();
    for (part, each) in inside {
        for mut way in deletions(each) {
            way.insert(0, part.clone());
            ways.push(way);
        }
    }
    ways
}

/// The value without what the way leads to.
pub(crate) fn without(value: &Json, way: &[Piece]) -> Json {
    let Some((part, rest)) = way.split_first() else { return value.clone() };
    match (part, value) {
        (Piece::Member(name), Json::Object(members)) => {
            let mut changed: BTreeMap<Arc<str>, Json> = (**members).clone();
            if let Some(member) = changed.remove(name)
                && !rest.is_empty()
            {
                changed.insert(Arc::clone(name), without(&member, rest));
            }
            Json::Object(Arc::new(changed))
        }
        (Piece::Element(at), Json::Array(elements)) => {
            let changed = elements.iter().enumerate().filter_map(|(index, element)| {
                match (index == *at, rest.is_empty()) {
                    (false, _) => Some(element.clone()),
                    (true, true) => None,
                    (true, false) => Some(without(element, rest)),
                }
            });
            Json::array(changed)
        }
        (Piece::Member(_) | Piece::Element(_), _) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows what a test says, and may spare anything.
    struct Told<F>(F);

    impl<F: FnMut(&Json) -> bool> Shows for Told<F> {
        fn shows(&mut self, value: &Json) -> bool {
            (self.0)(value)
        }

        fn spare(&mut self, value: &Json) -> Vec<Vec<Piece>> {
            deletions(value)
        }
    }

    #[test]
    fn only_what_shows_the_break_is_left() {
        let value = Json::object([
            ("a", Json::Null),
            ("b", Json::array([Json::Boolean(true), Json::Null])),
        ]);
        let mut shows = Told(|value: &Json| value.to_string().contains("true"));
        let small = shrink(&value, &mut shows);
        assert_eq!(small.to_string(), r#"{"b":[true]}"#);
    }
    #[test]
    fn what_goes_only_after_something_else_goes_too() {
        let value = Json::object([("a", Json::Null), ("b", Json::Null), ("c", Json::Null)]);
        let mut shows = Told(|value: &Json| {
            let text = value.to_string();
            text.contains('c') && (text.contains('a') || !text.contains('b'))
        });
        assert_eq!(shrink(&value, &mut shows).to_string(), r#"{"c":null}"#);
    }
}
