//! How elements are called in messages to people.

use super::side::{Side, short};
use crate::model::Field;

/// A field as it is declared: `` `int32 f = 1` ``.
pub(crate) fn type_phrase(side: &Side<'_>, field: &Field) -> String {
    format!("`{} {} = {}`", side.type_name(field), field.name, field.number.get())
}

/// Names in a sentence: `` `a`, `b` and `c` ``.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// How many elements one message names.
const MAX_WORDS: usize = 3;

/// The first of some names, and how many more there are.
pub(crate) fn several(names: &[&str]) -> String {
    match names.split_at_checked(MAX_WORDS) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{} and {} more", listed(first.iter().copied()), rest.len())
        }
        Some(_) | None => listed(names.iter().copied()),
    }
}

/// That something has another name: moved where its own name is the same, else renamed.
pub(crate) fn move_phrase(old: &str, new: &str) -> String {
    let verb = if short(old) == short(new) { "moved" } else { "was renamed" };
    format!("`{old}` {verb} to `{new}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_do() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed([]), "");
    }

    #[test]
    fn a_move_is_no_rename() {
        assert_eq!(move_phrase("x.M.E", "x.E"), "`x.M.E` moved to `x.E`");
        assert_eq!(move_phrase("x.N", "x.Nn"), "`x.N` was renamed to `x.Nn`");
    }
}
