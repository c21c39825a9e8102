//! A witness in pieces, for formats that lay them out themselves.

use super::escape::escape;
use super::text::value::inline;
use super::text::witness::{sentence, shortened};
use crate::diff::{Witness, WitnessForm};

/// What is said of a witness; nothing in it is hidden, and nothing is markup yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// What becomes of it: `A request that clients send today is refused by the new server:`
    pub(super) sentence: String,
    /// What crosses, in one line.
    pub(super) value: String,
    /// What the reader takes it for.
    pub(super) read_as: Option<String>,
    /// The reader's own reason; may be empty.
    pub(super) because: String,
    /// `confirmed by jsonschema`
    pub(super) confirmed: String,
}

/// Takes a witness apart.
pub(super) fn shown(witness: &Witness) -> Shown {
    let Witness { writer, effect, surface: _, form, value, focus, read_as, because, confirmed_by } =
        witness;
    let text = inline(value, focus);
    let value = match form {
        WitnessForm::Json => text,
        // A value in a query or a header belongs to the name that it follows.
        WitnessForm::Http(line) if line.ends_with('=') => format!("{}{text}", escape(line)),
        WitnessForm::Http(line) => format!("{}   {text}", escape(line)),
        WitnessForm::Bytes(bytes) => format!("{}   {text}", shortened(bytes)),
    };
    Shown {
        sentence: sentence(*writer, *effect, form),
        value,
        read_as: read_as.as_ref().map(|read| inline(read, focus)),
        because: escape(because).into_owned(),
        confirmed: confirmed_by
            .map_or_else(|| "not confirmed".to_owned(), |name| format!("confirmed by {name}")),
    }
}
