//! A reference as it is written, taken apart: which file, and where in it.

use percent_encoding::percent_decode_str;

use super::DocumentErrorKind;
use super::pointer::Pointer;

/// A relative URI reference (RFC 3986 §4.2) that stays on this machine.
pub(super) struct Reference {
    /// The file, relative to the one in which the reference is written; `None` is that file.
    pub path: Option<String>,
    /// The fragment.
    pub pointer: Pointer,
}

type Refusal = (DocumentErrorKind, String);

impl Reference {
    /// Splits and decodes a reference.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let (resource, fragment) = text.split_once('#').unwrap_or((text, ""));
        Ok(Self { path: path(text, resource)?, pointer: pointer(text, fragment)? })
    }
}

/// The file that a reference names, decoded; as written where it has a scheme or is absolute, and
/// nothing where it stays in its own file.
pub(super) fn file_part(text: &str) -> Option<String> {
    let (resource, _) = text.split_once('#').unwrap_or((text, ""));
    path(text, resource).unwrap_or_else(|_| Some(resource.to_owned()))
}

fn path(text: &str, resource: &str) -> Result<Option<String>, Refusal> {
    // Windows tools write `\`, which no URI contains.
    let resource = resource.replace('\\', "/");
    if let Some(scheme) = scheme(&resource) {
        let message = format!(
            "`{text}` is not followed, because nothing is fetched: `{scheme}:` leads out of the \
             repository; copy the file into it and refer to the copy"
        );
        return Err((DocumentErrorKind::Outside, message));
    }
    // A file takes no query (RFC 3986 §3.4), so it says nothing about which file is meant.
    let file = resource.split_once('?').map_or(&*resource, |(file, _)| file);
    let Ok(decoded) = percent_decode_str(file).decode_utf8() else {
        return Err(dangling(text, "its percent-encoded bytes are not UTF-8"));
    };
    if decoded.starts_with('/') {
        let message = format!(
            "`{text}` is not followed: an absolute reference leads out of the repository; write \
             it relative to this file"
        );
        return Err((DocumentErrorKind::Outside, message));
    }
    if decoded.chars().any(char::is_control) {
        return Err(dangling(text, "a path holds no control characters"));
    }
    Ok((!decoded.is_empty()).then(|| decoded.into_owned()))
}

fn pointer(text: &str, fragment: &str) -> Result<Pointer, Refusal> {
    let Ok(decoded) = percent_decode_str(fragment).decode_utf8() else {
        return Err(dangling(text, "its percent-encoded bytes are not UTF-8"));
    };
    Pointer::parse(&decoded).map_err(|reason| dangling(text, &reason.to_string()))
}

fn dangling(text: &str, reason: &str) -> Refusal {
    (DocumentErrorKind::Dangling, format!("`{text}` names nothing: {reason}"))
}

/// RFC 3986 §3.1. A drive letter looks like a scheme and leads out of the repository as well.
fn scheme(resource: &str) -> Option<&str> {
    let (scheme, _) = resource.split_once(':')?;
    let mut letters = scheme.chars();
    let first = letters.next()?.is_ascii_alphabetic();
    let rest = letters.all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    (first && rest).then_some(scheme)
}
