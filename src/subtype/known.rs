//! What an asserted format says, in the terms of the search.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::model::{Json, Kind};

use super::Reason;
use super::format::Format;
use super::language::Language;
use super::term::NumberLeaf;

/// The type on which the format asserts; `None` where it is not known.
pub(super) fn kind(name: &str) -> Option<Kind> {
    Format::known(name).map(Format::kind)
}

/// The bounds that a numeric format stands for.
pub(super) fn bounds(name: &str) -> Vec<NumberLeaf> {
    let Some((least, greatest, kind)) = Format::known(name).and_then(Format::range) else {
        return Vec::new();
    };
    let mut leaves = vec![NumberLeaf::AtMost(greatest.clone()), NumberLeaf::AtLeast(least.clone())];
    if *kind == Kind::Integer {
        leaves.push(NumberLeaf::Integer(true));
    }
    leaves
}

/// How many answers about membership are remembered.
const REMEMBERED: usize = 20_000;

thread_local! {
    /// The same few texts are asked about again and again: examples, and what the search builds.
    static MEMBERS: RefCell<HashMap<String, HashMap<String, bool>>> = RefCell::default();
}

/// Whether the text is of the format; every text is of one that is not known.
pub(super) fn is_member(name: &str, text: &str) -> bool {
    let Some(format) = Format::known(name) else { return true };
    MEMBERS.with_borrow_mut(|members| {
        let known = members.entry(format.name.to_owned()).or_default();
        if let Some(answer) = known.get(text) {
            return *answer;
        }
        let answer = format.accepts(&Json::string(text));
        if known.len() < REMEMBERED {
            known.insert(text.to_owned(), answer);
        }
        answer
    })
}

/// Texts of the format that people know as such, the most telling first.
pub(super) fn samples(name: &str) -> impl Iterator<Item = Json> {
    Format::known(name).into_iter().flat_map(Format::samples)
}

/// Texts that are known not to have the format.
pub(super) fn strangers(name: &str) -> impl Iterator<Item = Json> {
    Format::known(name).into_iter().flat_map(Format::strangers)
}

/// Texts that all of the format are among, where not all of them are of [`language`]: each of the others
/// is to be asked about.
pub(super) fn reach(name: &str) -> Option<&'static Language> {
    Format::known(name).and_then(Format::reach)
}

/// The texts of the format.
pub(super) fn language(name: &str) -> Result<Language, Reason> {
    let Some(format) = Format::known(name) else { return Ok(Language::any()) };
    if format.kind() != Kind::String {
        return Ok(Language::any());
    }
    let opaque = || Reason(format!("the format `{name}` is no regular language"));
    format.language().cloned().ok_or_else(opaque)
}
