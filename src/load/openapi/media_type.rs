//! Media types (RFC 9110 §8.3.1) with case and order settled.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::MediaType;

/// Reads a media type or range; `None` where the text is neither.
///
/// A `charset` means nothing for JSON (RFC 8259 §8.1, §11) and is left out there.
pub(super) fn parse(text: &str) -> Option<MediaType> {
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    let (type_name, subtype) = essence.trim().split_once('/')?;
    if !is_token(type_name) || !is_token(subtype) {
        return None;
    }
    let subtype = subtype.to_ascii_lowercase();
    let mut parameters = read_parameters(parameters)?;
    if is_json_subtype(&subtype) {
        parameters.remove("charset");
    }
    let type_name = type_name.to_ascii_lowercase().into();
    Some(MediaType { type_name, subtype: subtype.into(), parameters })
}

/// The closest reading of a text that is no media type: itself, covering nothing else.
pub(super) fn literal(text: &str) -> MediaType {
    let type_name = text.trim().to_ascii_lowercase().into();
    MediaType { type_name, subtype: "".into(), parameters: BTreeMap::new() }
}

/// Whether payloads of this type are JSON texts (RFC 6839 §3.1).
pub(super) fn is_json(media: &MediaType) -> bool {
    is_json_subtype(&media.subtype)
}

/// Whether the type is `multipart/*`.
pub(super) fn is_multipart(media: &MediaType) -> bool {
    &*media.type_name == "multipart"
}

/// Whether the type is that of an HTML form in a URL's clothes.
pub(super) fn is_urlencoded(media: &MediaType) -> bool {
    &*media.type_name == "application" && &*media.subtype == "x-www-form-urlencoded"
}

/// Whether payloads of this type are bytes to us: neither JSON nor a form, text, XML or a range.
pub(super) fn is_opaque(media: &MediaType) -> bool {
    let subtype = &*media.subtype;
    let structured = is_json(media)
        || is_multipart(media)
        || is_urlencoded(media)
        || subtype == "xml"
        || subtype.ends_with("+xml");
    !structured && &*media.type_name != "text"
}

/// The type as text, for labels.
pub(super) fn display(media: &MediaType) -> String {
    let MediaType { type_name, subtype, parameters } = media;
    let slash = if subtype.is_empty() { "" } else { "/" };
    let parameters = parameters.iter().map(|(name, value)| format!("; {name}={value}"));
    let parameters: String = parameters.collect();
    format!("{type_name}{slash}{subtype}{parameters}")
}

fn is_json_subtype(subtype: &str) -> bool {
    subtype == "json" || subtype.ends_with("+json")
}

fn read_parameters(text: &str) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
    let mut parameters = BTreeMap::new();
    for parameter in split_outside_quotes(text) {
        let parameter = parameter.trim();
        if parameter.is_empty() {
            continue;
        }
        // A word alone is no parameter, but it tells this key from others (`json;simple`).
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if !is_token(&name) {
            return None;
        }
        let value = unquoted(value);
        // Names of character sets are case-insensitive (RFC 9110 §8.3.2); other values are not.
        let value = if name == "charset" { value.to_ascii_lowercase() } else { value };
        parameters.insert(name.into(), value.into());
    }
    Some(parameters)
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                pieces.push(text.get(start..index).unwrap_or(""));
                start = index + 1;
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or(""));
    pieces
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    let (mut text, mut escaped) = (String::with_capacity(inner.len()), false);
    for character in inner.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(character);
        }
    }
    text
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let symbol = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || symbol(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_order_and_quotes_do_not_matter() {
        let one = parse("Text/Plain; Version=\"0.0.4\";charset=UTF-8").unwrap();
        let other = parse("text/plain;charset=utf-8 ; version=0.0.4").unwrap();
        assert_eq!(one, other);
        assert_ne!(one, parse("text/plain").unwrap());
        assert_eq!(display(&one), "text/plain; charset=utf-8; version=0.0.4");
    }

    #[test]
    fn a_character_set_means_nothing_for_json() {
        assert_eq!(parse("application/json;charset=UTF-8"), parse("application/JSON"));
        assert_eq!(parse("application/a+json; charset=x"), parse("application/a+json"));
    }

    #[test]
    fn what_is_no_media_type_stays_literal() {
        for text in ["json", "", "a/b/c", "text/", "a b/c", "text/plain; a b"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(&*literal(" JSON ").type_name, "json");
    }

    #[test]
    fn a_word_alone_tells_keys_apart() {
        let simple = parse("application/json;simple").unwrap();
        assert!(is_json(&simple));
        assert_ne!(Some(simple), parse("application/json"));
    }

    #[test]
    fn ranges_are_media_types_too() {
        assert_eq!(&*parse("*/*").unwrap().subtype, "*");
        assert!(is_opaque(&parse("image/png").unwrap()));
        assert!(!is_opaque(&parse("application/atom+xml").unwrap()));
    }
}
