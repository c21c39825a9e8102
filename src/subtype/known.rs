//! The formats that assert, as sets.

use crate::model::Kind;

use super::Reason;
use super::language::Language;
use super::term::NumberLeaf;

/// The type on which the format asserts; `None` where it is not known.
pub(super) fn kind(_name: &str) -> Option<Kind> {
    None
}

/// The bounds that a numeric format stands for.
pub(super) fn bounds(_name: &str) -> Vec<NumberLeaf> {
    Vec::new()
}

/// Whether the text is of the format.
pub(super) fn is_member(_name: &str, _text: &str) -> Option<bool> {
    Some(true)
}

/// The texts of the format.
pub(super) fn language(_name: &str) -> Result<Language, Reason> {
    Ok(Language::any())
}
