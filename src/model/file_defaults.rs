//! What a file says of its declarations where they say nothing themselves.

use super::{Delimiting, JsonFormat, Openness, Packing, Presence, Utf8};

/// What a file says of all that it declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileDefaults {
    /// Of fields with one value.
    pub presence: Presence,
    /// Of enumerations.
    pub openness: Openness,
    /// Of repeated fields.
    pub packing: Packing,
    /// Of text.
    pub utf8: Utf8,
    /// Of fields that are messages.
    pub delimiting: Delimiting,
    /// Of messages and enumerations.
    pub json_format: JsonFormat,
}
