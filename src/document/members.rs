//! Names are distinct within an object; both parsers check it here.

use foldhash::{HashMap, HashMapExt};

use super::text::{Fault, place};
use super::{DocumentErrorKind, Element, NodeId};

/// A member as [`DocumentBuilder::object`](super::DocumentBuilder::object) takes it: the name,
/// where the name is written, and the value.
pub(super) type Pending = (Element, u32, u32, NodeId);

/// Above this many members a table is cheaper than comparing each pair, and a hostile object of a
/// million members must not cost the square of it.
const PAIRWISE: usize = 16;

/// Refuses an object in which a name stands twice; the error is at the second place and names the
/// first.
pub(super) fn refuse_repeated(text: &str, members: &[Pending]) -> Result<(), Fault> {
    let names = members.iter().map(|(name, _, _, _)| name.text(text));
    let Some((first, again)) = repeated(names) else { return Ok(()) };
    let (Some((_, earlier, _, _)), Some((name, start, end, _))) =
        (members.get(first), members.get(again))
    else {
        return Ok(());
    };
    let message = format!(
        "the name `{}` stands twice in this object, first at {}: keep one of them",
        name.text(text),
        place(text, *earlier)
    );
    Err(Fault::new(DocumentErrorKind::Malformed, message, *start, *end))
}

/// The indices of the first repeated name and of its first occurrence: `(first, again)`.
fn repeated<'k>(keys: impl ExactSizeIterator<Item = &'k str>) -> Option<(usize, usize)> {
    if keys.len() <= PAIRWISE { repeated_of_few(keys) } else { repeated_of_many(keys) }
}

fn repeated_of_few<'k>(keys: impl Iterator<Item = &'k str>) -> Option<(usize, usize)> {
    let mut seen = [""; PAIRWISE];
    for (again, key) in keys.enumerate() {
        let earlier = seen.get(..again).unwrap_or_default();
        if let Some(first) = earlier.iter().position(|name| *name == key) {
            return Some((first, again));
        }
        if let Some(slot) = seen.get_mut(again) {
            *slot = key;
        }
    }
    None
}

fn repeated_of_many<'k>(keys: impl ExactSizeIterator<Item = &'k str>) -> Option<(usize, usize)> {
    let mut seen = HashMap::with_capacity(keys.len());
    for (again, key) in keys.enumerate() {
        if let Some(first) = seen.insert(key, again) {
            return Some((first, again));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_repetition_is_found_in_small_and_large_objects() {
        for size in [2, 15, 16, 17, 40] {
            let names: Vec<String> = (0..size).map(|index| format!("k{index}")).collect();
            assert_eq!(repeated(names.iter().map(String::as_str)), None);
            let mut twice = names.clone();
            twice[size - 1] = "k0".to_owned();
            assert_eq!(repeated(twice.iter().map(String::as_str)), Some((0, size - 1)));
        }
    }
}
