//! Masks of fields: which paths they may hold, where a path stands for all that lies in it.
//!
//! <https://protovalidate.com/reference/rules/field_mask_rules/>

use std::collections::BTreeSet;
use std::sync::Arc;

use super::leaves::{Leaves, Way};
use super::sense::members;
use super::whole::Lost;
use crate::model::Json;
use crate::subtype::exchange::Sample;

/// What the constraints of a mask are called.
const GROUP: &str = "field_mask";

/// Whether the constraint is one of a mask.
pub(super) fn is_of_masks(way: &Way) -> bool {
    matches!(&way[..], [.., group, _] if &**group == GROUP)
}

/// What of a writer's masks a reader refuses by the constraint there. Each of both is given by its
/// constraints, or is free of them.
///
/// Which of the listed paths a path lies in is all that decides about it: each of them stands for itself
/// and all in it, and one that lies in none for all others.
pub(super) fn lost(writer: Option<&Leaves>, reader: &Leaves, way: &Way) -> Lost {
    let (Some((word, around)), true) = (way.split_last(), is_of_masks(way)) else {
        return Lost::Unknown;
    };
    let Some(refusing) = Limit::of(word, reader.get(way)) else { return Lost::Unknown };
    let stated = |word: &str, leaves: &Leaves| {
        let way: Way = around.iter().cloned().chain([Arc::from(word)]).collect();
        leaves.get(&way).map(|value| Limit::of(word, Some(value)))
    };
    let own = |word| writer.and_then(|leaves| stated(word, leaves));
    let own: Option<Vec<Limit>> = ["in", "not_in"].into_iter().filter_map(own).collect();
    let is_exact = |leaves: &Leaves| {
        leaves.keys().any(|other| other.len() > way.len() && other.starts_with(around))
    };
    // An exact mask beside lists of paths is told in another form.
    let (Some(own), false) = (own, writer.is_some_and(is_exact)) else { return Lost::Unknown };
    let rules = || own.iter().chain([&refusing]);
    let mut masks: Vec<Vec<Arc<str>>> = rules().filter_map(Limit::exact).collect();
    let mut paths: BTreeSet<Arc<str>> = rules().flat_map(Limit::paths).collect();
    paths.extend(stranger(&paths));
    masks.extend(paths.into_iter().map(|path| vec![path]));
    masks.push(Vec::new());
    let found = masks
        .iter()
        .find(|mask| own.iter().all(|rule| rule.admits(mask)) && !refusing.admits(mask));
    found.map_or(Lost::Nothing, |mask| Lost::Shown(Sample::Value(Json::string(written(mask)))))
}

/// What one constraint leaves to a mask.
enum Limit {
    /// It has nothing but what lies in these.
    Within(BTreeSet<Arc<str>>),
    /// It has nothing that lies in these.
    Beyond(BTreeSet<Arc<str>>),
    /// It is this one.
    Exact(Vec<Arc<str>>),
}

impl Limit {
    /// What a word says; `None` where it is not understood.
    fn of(word: &str, value: Option<&Json>) -> Option<Self> {
        let texts = |values: BTreeSet<Json>| {
            values.iter().map(|one| one.text().map(Arc::from)).collect::<Option<BTreeSet<_>>>()
        };
        let listed = members(value?);
        match (word, listed.first()) {
            ("in", Some(Json::Object(mask))) if listed.len() == 1 => {
                let paths = match mask.get("paths") {
                    Some(Json::Array(paths)) => paths.iter().cloned().collect(),
                    Some(path) => vec![path.clone()],
                    None => Vec::new(),
                };
                paths
                    .iter()
                    .map(|one| one.text().map(Arc::from))
                    .collect::<Option<Vec<_>>>()
                    .map(Self::Exact)
            }
            ("in", _) => texts(listed).map(Self::Within),
            ("not_in", _) => texts(listed).map(Self::Beyond),
            _ => None,
        }
    }

    fn admits(&self, mask: &[Arc<str>]) -> bool {
        let lies = |path: &str, listed: &BTreeSet<Arc<str>>| {
            let around = std::iter::successors(Some(path), |path| Some(path.rsplit_once('.')?.0));
            { around }.any(|one| listed.contains(one))
        };
        match self {
            // A list of nothing says nothing.
            Self::Within(listed) => listed.is_empty() || mask.iter().all(|path| lies(path, listed)),
            Self::Beyond(listed) => !mask.iter().any(|path| lies(path, listed)),
            Self::Exact(paths) => paths.as_slice() == mask,
        }
    }

    fn exact(&self) -> Option<Vec<Arc<str>>> {
        match self {
            Self::Exact(paths) => Some(paths.clone()),
            Self::Within(_) | Self::Beyond(_) => None,
        }
    }

    fn paths(&self) -> BTreeSet<Arc<str>> {
        match self {
            Self::Within(listed) | Self::Beyond(listed) => listed.clone(),
            Self::Exact(paths) => paths.iter().cloned().collect(),
        }
    }
}

/// A path that lies in none of these.
fn stranger(paths: &BTreeSet<Arc<str>>) -> Option<Arc<str>> {
    let mut names = (1..=paths.len() + 1).map(|length| "x".repeat(length));
    names.find(|name| !paths.contains(name.as_str())).map(Arc::from)
}

/// A mask as ProtoJSON writes it (<https://protobuf.dev/programming-guides/json/>).
fn written(mask: &[Arc<str>]) -> String {
    let camel = |path: &Arc<str>| {
        let mut parts = path.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let mut letters = part.chars();
            let head = letters.next().map(|letter| letter.to_ascii_uppercase());
            text + &head.map(String::from).unwrap_or_default() + letters.as_str()
        })
    };
    mask.iter().map(camel).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(word: &str, paths: &[&str]) -> Leaves {
        let paths = paths.iter().copied().map(Json::string);
        [(vec![GROUP.into(), word.into()], Json::array(paths))].into()
    }

    fn found(writer: &Leaves, reader: &Leaves) -> Option<String> {
        let way = reader.keys().next().unwrap();
        match lost(Some(writer), reader, way) {
            Lost::Shown(Sample::Value(Json::String(mask))) => Some(mask.to_string()),
            Lost::Nothing => None,
            other @ (Lost::Shown(_) | Lost::Unknown) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_path_stands_for_all_that_lies_in_it() {
        let (wide, narrow) = (list("in", &["a", "b_c"]), list("in", &["a", "b_c.d"]));
        assert_eq!(found(&wide, &narrow).as_deref(), Some("bC"));
        assert_eq!(found(&narrow, &wide), None);
        let (few, more) = (list("not_in", &["a"]), list("not_in", &["a", "a.b"]));
        assert_eq!((found(&few, &more), found(&more, &few)), (None, None));
        assert_eq!(found(&few, &wide).as_deref(), Some("x"));
        assert_eq!(found(&wide, &few).as_deref(), Some("a"));
    }
}
