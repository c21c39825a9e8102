//! An option taken apart: its innermost members with the way to each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sense::members;
use crate::model::{Cardinality, Decimal, Field, FieldKind, Json, Presence, Scalar};

/// A member without members of its own: the names on the way to it.
pub(super) type Way = Vec<Arc<str>>;

/// The innermost members, by the way to them.
pub(super) type Leaves = BTreeMap<Way, Json>;

/// The innermost members of a tree of constraints. What says the same in two ways is told in one:
/// `gt: 0` of an integer is `gte: 1`, `len` is both `min_len` and `max_len`, `const` is `in` of one.
pub(super) fn leaves(option: &Json) -> BTreeMap<Way, Json> {
    let mut found = BTreeMap::new();
    collect(option, &mut Vec::new(), &mut found);
    found
}

fn collect(value: &Json, way: &mut Way, found: &mut BTreeMap<Way, Json>) {
    let Json::Object(members) = value else {
        found.insert(way.clone(), value.clone());
        return;
    };
    for name in members.keys() {
        let is_whole = way.last().is_some_and(|group| is_integer(group));
        for (name, member) in told(name, members, is_whole) {
            way.push(name);
            if is_moment(&member) || is_instant(way, &member) || is_rules(way) {
                found.insert(way.clone(), member);
            } else {
                collect(&member, way, found);
            }
            way.pop();
        }
    }
}

/// The one way to say it.
fn told(
    name: &Arc<str>,
    members: &BTreeMap<Arc<str>, Json>,
    is_whole: bool,
) -> Vec<(Arc<str>, Json)> {
    let Some(member) = members.get(name) else { return Vec::new() };
    // Beside one of these it is another constraint.
    let is_alone = |others: [&str; 2]| !others.iter().any(|other| members.contains_key(*other));
    let bound = |name: &str, step: i64| {
        let number = number(member).filter(|_| is_whole);
        let closed = number.and_then(|number| number.plus(&Decimal::from(step)));
        match closed {
            Some(closed) => vec![(name.into(), Json::Number(closed))],
            None => vec![(name.into(), Json::array([member.clone()]))],
        }
    };
    match &**name {
        "gt" => bound("gte", 1),
        "lt" => bound("lte", -1),
        "len" if is_alone(["min_len", "max_len"]) => {
            vec![("min_len".into(), member.clone()), ("max_len".into(), member.clone())]
        }
        "len_bytes" if is_alone(["min_bytes", "max_bytes"]) => {
            vec![("min_bytes".into(), member.clone()), ("max_bytes".into(), member.clone())]
        }
        "const" if is_alone(["in", "in"]) => vec![("in".into(), Json::array([member.clone()]))],
        _ => vec![(name.clone(), member.clone())],
    }
}

/// The names under which the reader's own contract may state what is told as one.
pub(super) fn spellings(name: &str) -> &[&str] {
    match name {
        "gte" => &["gt", "gte"],
        "lte" => &["lt", "lte"],
        "min_len" => &["min_len", "len"],
        "max_len" => &["max_len", "len"],
        "min_bytes" => &["min_bytes", "len_bytes"],
        "max_bytes" => &["max_bytes", "len_bytes"],
        "in" => &["in", "const"],
        _ => &[],
    }
}

/// Both sides, where they say one thing of one field in two ways, in the one that they share: by
/// the type of a number that became another, and by size what must not be empty.
pub(super) fn in_common(
    (old, new): (Leaves, Leaves),
    (was, is): (&Field, &Field),
) -> (Leaves, Leaves) {
    let old = match (was.kind, is.kind) {
        (FieldKind::Scalar(was), FieldKind::Scalar(is)) => called(old, (was, is)),
        (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => old,
    };
    let (old, new) = (by_bounds(old.clone(), &new), by_bounds(new, &old));
    let Some(size) = size(was).filter(|size| size_is(is, size)) else { return (old, new) };
    // What is excused where it is empty is still demanded, but not sized.
    if old.contains_key(&excuse()) || new.contains_key(&excuse()) {
        return (old, new);
    }
    let (required, sized) =
        (|side: &Leaves| side.contains_key(&demand()), |side: &Leaves| side.contains_key(&size));
    if required(&old) && !required(&new) && sized(&new) {
        (by_size(old, &size), new)
    } else if required(&new) && !required(&old) && sized(&old) {
        (old, by_size(new, &size))
    } else {
        (old, new)
    }
}

/// Whole numbers that are listed without a gap as the bounds that they come to, where the other side
/// states bounds.
fn by_bounds(mut listed: Leaves, other: &Leaves) -> Leaves {
    let is_list = |way: &&Way| match &way[..] {
        [.., group, word] => &**word == "in" && is_integer(group),
        _ => false,
    };
    let lists: Vec<Way> = listed.keys().filter(is_list).cloned().collect();
    for way in lists {
        let beside = |word: &str| {
            let around = way.iter().take(way.len().saturating_sub(1)).cloned();
            around.chain([Arc::from(word)]).collect::<Way>()
        };
        let (lower, upper) = (beside("gte"), beside("lte"));
        let is_bounded = |side: &Leaves| side.contains_key(&lower) && side.contains_key(&upper);
        let is_free = !listed.contains_key(&lower) && !listed.contains_key(&upper);
        if is_free
            && is_bounded(other)
            && !other.contains_key(&way)
            && let Some((first, last)) = listed.get(&way).and_then(without_gap)
        {
            listed.remove(&way);
            listed.insert(lower, Json::Number(first));
            listed.insert(upper, Json::Number(last));
        }
    }
    listed
}

/// The least and the greatest of whole numbers, where all that lie between are listed too.
fn without_gap(list: &Json) -> Option<(Decimal, Decimal)> {
    let numbers: Option<BTreeSet<Decimal>> = members(list).iter().map(number).collect();
    let numbers = numbers?;
    let one = Decimal::from(1_i64);
    let mut pairs = numbers.iter().zip(numbers.iter().skip(1));
    let is_whole = pairs.all(|(before, after)| before.plus(&one).as_ref() == Some(after));
    Some((numbers.first()?.clone(), numbers.last()?.clone())).filter(|_| is_whole)
}

/// What demands that something is there.
pub(super) const REQUIRED: &str = "required";

fn demand() -> Way {
    vec![REQUIRED.into()]
}

fn excuse() -> Way {
    vec!["ignore".into()]
}

/// The constraint that refuses what is empty, where nothing tells it from what is absent.
fn size(field: &Field) -> Option<Way> {
    let way = match (field.cardinality, field.kind) {
        (Cardinality::Singular(Presence::Implicit), FieldKind::Scalar(Scalar::String(_))) => {
            ["string", "min_len"]
        }
        (Cardinality::Singular(Presence::Implicit), FieldKind::Scalar(Scalar::Bytes)) => {
            ["bytes", "min_len"]
        }
        (Cardinality::Repeated(_), _) => ["repeated", "min_items"],
        (Cardinality::Map, _) => ["map", "min_pairs"],
        (Cardinality::Singular(_), _) => return None,
    };
    Some(way.map(Arc::from).to_vec())
}

fn size_is(field: &Field, wanted: &Way) -> bool {
    size(field).is_some_and(|size| size == *wanted)
}

fn by_size(mut leaves: Leaves, size: &Way) -> Leaves {
    if leaves.remove(&demand()) == Some(Json::Boolean(true)) {
        let one = Decimal::from(1_i64);
        let least = leaves.get(size).and_then(number).map_or(one.clone(), |least| least.max(one));
        leaves.insert(size.clone(), Json::Number(least));
    }
    leaves
}

/// The constraints of a number, called as those of another type of number: they say the same of it.
fn called(leaves: Leaves, (was, is): (Scalar, Scalar)) -> Leaves {
    let (Some(was), Some(is)) = (group(was), group(is)) else { return leaves };
    if is_integer(was) != is_integer(is) {
        return leaves;
    }
    let name = |name: Arc<str>| if *name == *was { Arc::from(is) } else { name };
    let way = |way: Way| way.into_iter().map(name).collect();
    leaves.into_iter().map(|(found, value)| (way(found), value)).collect()
}

/// What the constraints of a number are called: as its type is.
fn group(scalar: Scalar) -> Option<&'static str> {
    match scalar {
        Scalar::Bool | Scalar::String(_) | Scalar::Bytes => None,
        Scalar::Double
        | Scalar::Float
        | Scalar::Int32
        | Scalar::Int64
        | Scalar::Uint32
        | Scalar::Uint64
        | Scalar::Sint32
        | Scalar::Sint64
        | Scalar::Fixed32
        | Scalar::Fixed64
        | Scalar::Sfixed32
        | Scalar::Sfixed64 => Some(scalar.name()),
    }
}

pub(super) fn is_integer(group: &str) -> bool {
    matches!(
        group,
        "int32"
            | "int64"
            | "uint32"
            | "uint64"
            | "sint32"
            | "sint64"
            | "fixed32"
            | "fixed64"
            | "sfixed32"
            | "sfixed64"
    )
}

/// Whether it is a duration or a point in time, which is one value.
fn is_moment(value: &Json) -> bool {
    let Json::Object(members) = value else { return false };
    !members.is_empty() && members.keys().all(|name| matches!(&**name, "seconds" | "nanos"))
}

/// Whether it is the moment zero, of which nothing is written.
fn is_instant(way: &[Arc<str>], value: &Json) -> bool {
    let is_of_moments =
        matches!(way, [.., group, _] if matches!(&**group, "duration" | "timestamp"));
    is_of_moments && matches!(value, Json::Object(members) if members.is_empty())
}

/// Whether it is a list of rules in a language of their own, however many there are.
fn is_rules(way: &[Arc<str>]) -> bool {
    way.last().is_some_and(|name| matches!(&**name, "cel" | "cel_expression"))
}

/// The value as a number: seconds of a moment, digits of a text.
pub(super) fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => Some(number.clone()),
        Json::String(text) => text.parse().ok(),
        Json::Object(members) if members.is_empty() || is_moment(value) => {
            let part =
                |name: &str| members.get(name).and_then(number).unwrap_or_else(Decimal::zero);
            let nanos = part("nanos").times(&"0.000000001".parse().ok()?)?;
            part("seconds").plus(&nanos)
        }
        Json::Null | Json::Boolean(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_the_same_is_told_in_one_way() {
        let rules = |text: &str| {
            let members = [("gt", Json::Number(Decimal::zero())), ("const", Json::string("x"))];
            leaves(&Json::object([(text, Json::object(members))]))
        };
        let found = rules("int32");
        let said: Vec<String> =
            found.iter().map(|(way, value)| format!("{} {value}", way.join("."))).collect();
        assert_eq!(said, ["int32.gte 1", "int32.in [\"x\"]"]);
        let found = rules("float");
        let open = found.values().next().map(ToString::to_string);
        assert_eq!(open.as_deref(), Some("[0]"), "an open bound of reals stays open");
    }
}
