//! Values as parameters, headers and forms write them (RFC 6570; OpenAPI 3.1.1 §4.8.12.2).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{body, xml};
use crate::diff::http::media::{is_json, is_urlencoded, is_xml, parsed};
use crate::model::{Json, Serialisation, Style};

/// Everything but what RFC 3986 §2.3 leaves unreserved.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// As [`STRICT`], but for what RFC 3986 §2.2 reserves and a query may hold.
const LAX: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');

/// Which characters are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaping {
    /// All that have a meaning in a URI.
    Strict,
    /// All but the reserved ones.
    Lax,
    /// None: headers carry text as it is.
    None,
}

/// A name and its text, both escaped.
pub(super) type Pair = (String, String);

/// The pairs by which a query, a form or a cookie carries the value.
pub(super) fn pairs(name: &str, how: &Serialisation, value: &Json) -> Vec<Pair> {
    let (style, explode, escaping) = match how {
        Serialisation::Nested(styles) => {
            return vec![(escaped(name, Escaping::Strict), nested(styles, value))];
        }
        Serialisation::Media(media) => {
            let text = document(media, value);
            return vec![(escaped(name, Escaping::Strict), escaped(&text, Escaping::Strict))];
        }
        Serialisation::Style { style: Style::Cookie, explode, allow_reserved: _ } => {
            (Style::Cookie, *explode, Escaping::None)
        }
        Serialisation::Style { style, explode, allow_reserved } => {
            (*style, *explode, if *allow_reserved { Escaping::Lax } else { Escaping::Strict })
        }
    };
    let unescaped = style == Style::Cookie;
    let of_names = if unescaped { Escaping::None } else { Escaping::Strict };
    let key = |name: &str| escaped(name, of_names);
    let leaf = |value: &Json| leaf(value, escaping);
    match value {
        // What holds nothing is not written (RFC 6570 §2.3).
        Json::Array(elements) if elements.is_empty() => Vec::new(),
        Json::Object(members) if members.is_empty() => Vec::new(),
        Json::Array(elements) if explode => {
            elements.iter().map(|element| (key(name), leaf(element))).collect()
        }
        Json::Object(members) if style == Style::DeepObject => members
            .iter()
            .map(|(member, value)| (key(&format!("{name}[{member}]")), leaf(value)))
            .collect(),
        Json::Object(members) if explode => {
            members.iter().map(|(member, value)| (key(member), leaf(value))).collect()
        }
        Json::Array(elements) => {
            let parts: Vec<String> = elements.iter().map(leaf).collect();
            vec![(key(name), parts.join(separator(style)))]
        }
        Json::Object(members) => {
            let parts = members.iter().flat_map(|(member, value)| [key(member), leaf(value)]);
            vec![(key(name), parts.collect::<Vec<_>>().join(separator(style)))]
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
            vec![(key(name), leaf(value))]
        }
    }
}

/// A value inside another; lists in lists are joined by commas where nothing else is said (Swagger 2.0,
/// `collectionFormat` of an Items Object).
fn leaf(value: &Json, escaping: Escaping) -> String {
    match value {
        Json::Array(elements) => {
            let parts: Vec<String> = elements.iter().map(|part| leaf(part, escaping)).collect();
            parts.join(",")
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            escaped(&text(value), escaping)
        }
    }
}

/// Lists of lists, each joined as its depth has it.
fn nested(styles: &[Style], value: &Json) -> String {
    match (styles, value) {
        ([outer, inner @ ..], Json::Array(elements)) => {
            let parts: Vec<String> = elements.iter().map(|part| nested(inner, part)).collect();
            parts.join(separator(*outer))
        }
        _ => escaped(&text(value), Escaping::Strict),
    }
}

/// The text by which a path segment or a header carries the value.
pub(super) fn joined(name: &str, how: &Serialisation, value: &Json, escaping: Escaping) -> String {
    let (style, explode) = match how {
        Serialisation::Style { style, explode, allow_reserved: _ } => (style, explode),
        Serialisation::Nested(styles) => return nested(styles, value),
        Serialisation::Media(media) => return escaped(&document(media, value), escaping),
    };
    let leaf = |value: &Json| escaped(&text(value), escaping);
    let (front, between) = match style {
        Style::Label => (".", if *explode { "." } else { "," }),
        Style::Matrix => (";", if *explode { ";" } else { "," }),
        Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited
            if escaping != Escaping::None =>
        {
            ("", separator(*style))
        }
        Style::SpaceDelimited => ("", " "),
        Style::PipeDelimited => ("", "|"),
        Style::TabDelimited => ("", "\t"),
        Style::Form | Style::Simple | Style::DeepObject | Style::Cookie => ("", ","),
    };
    let is_matrix = *style == Style::Matrix;
    let parts: Vec<String> = match value {
        Json::Array(elements) if is_matrix && *explode => {
            elements.iter().map(|element| format!("{name}={}", leaf(element))).collect()
        }
        Json::Array(elements) => elements.iter().map(leaf).collect(),
        Json::Object(members) if *explode => members
            .iter()
            .map(|(member, value)| format!("{}={}", escaped(member, escaping), leaf(value)))
            .collect(),
        Json::Object(members) => members
            .iter()
            .flat_map(|(member, value)| [escaped(member, escaping), leaf(value)])
            .collect(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => vec![leaf(value)],
    };
    let is_named = is_matrix && !(*explode && matches!(value, Json::Array(_) | Json::Object(_)));
    let named = if is_named { format!("{name}=") } else { String::new() };
    format!("{front}{named}{}", parts.join(between))
}

/// The crumbs of a cookie: the style of cookies escapes nothing and puts a semicolon between pairs
/// (OpenAPI 3.2.0, Style Values), every other one writes what a query has.
pub(super) fn cookie(name: &str, how: &Serialisation, value: &Json) -> String {
    let pairs = pairs(name, how, value);
    match how {
        Serialisation::Style { style: Style::Cookie, .. } => {
            let crumbs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
            crumbs.collect::<Vec<String>>().join("; ")
        }
        Serialisation::Style { .. } | Serialisation::Nested(_) | Serialisation::Media(_) => {
            query(&pairs)
        }
    }
}

/// Pairs as a query or a form puts them together.
pub(super) fn query(pairs: &[Pair]) -> String {
    let parts: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join("&")
}

/// The text that is the whole query of a request (OpenAPI 3.2.0, Parameter Locations): what is no form is
/// one text without a name.
pub(super) fn whole_query(how: &Serialisation, value: &Json) -> String {
    match how {
        Serialisation::Media(media) if !is_urlencoded(&parsed(media)) => {
            escaped(&document(media, value), Escaping::Strict)
        }
        Serialisation::Media(_) | Serialisation::Style { .. } | Serialisation::Nested(_) => {
            query(&body::form_pairs(value))
        }
    }
}

/// The text of a value as this media type has it: JSON puts strings in quotes.
fn document(media: &str, value: &Json) -> String {
    let media = parsed(media);
    if is_json(&media) {
        value.to_string()
    } else if is_xml(&media) {
        xml::bare(value)
    } else if is_urlencoded(&media) {
        query(&body::form_pairs(value))
    } else {
        text(value)
    }
}

/// The text of a value: a string's own characters, and JSON for everything else.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}

/// The text with what must not appear as itself percent-encoded.
pub(super) fn escaped(text: &str, escaping: Escaping) -> String {
    match escaping {
        Escaping::Strict => utf8_percent_encode(text, STRICT).to_string(),
        Escaping::Lax => utf8_percent_encode(text, LAX).to_string(),
        Escaping::None => text.to_owned(),
    }
}

fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::TabDelimited => "%09",
        Style::Matrix
        | Style::Label
        | Style::Form
        | Style::Simple
        | Style::DeepObject
        | Style::Cookie => ",",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(style: Style, explode: bool) -> Serialisation {
        Serialisation::Style { style, explode, allow_reserved: false }
    }

    fn list() -> Json {
        Json::array([Json::string("a b"), Json::string("c&d")])
    }

    fn members() -> Json {
        Json::object([("R", Json::string("1")), ("G", Json::string("ü"))])
    }

    #[test]
    fn queries_are_written_as_the_specification_shows_them() {
        let shown = |how, value: &Json| query(&pairs("x", &how, value));
        assert_eq!(shown(style(Style::Form, true), &list()), "x=a%20b&x=c%26d");
        assert_eq!(shown(style(Style::Form, false), &list()), "x=a%20b,c%26d");
        assert_eq!(shown(style(Style::PipeDelimited, false), &list()), "x=a%20b%7Cc%26d");
        assert_eq!(shown(style(Style::Form, true), &members()), "G=%C3%BC&R=1");
        assert_eq!(shown(style(Style::DeepObject, true), &members()), "x%5BG%5D=%C3%BC&x%5BR%5D=1");
        let media = |name: &str| Serialisation::Media(name.into());
        assert_eq!(shown(media("application/json"), &Json::Null), "x=null");
        assert_eq!(shown(media("application/json"), &Json::string("a")), "x=%22a%22");
        assert_eq!(shown(media("text/plain"), &Json::string("a")), "x=a");
        assert_eq!(
            shown(media("application/xml"), &Json::string("a")),
            "x=%3Croot%3Ea%3C%2Froot%3E"
        );
        let nothing = Json::object::<&str>([]);
        assert_eq!(shown(style(Style::Form, false), &nothing), "");
        assert_eq!(whole_query(&media("application/json"), &nothing), "%7B%7D");
        assert_eq!(
            whole_query(&media("application/x-www-form-urlencoded"), &members()),
            "G=%C3%BC&R=1"
        );
    }

    #[test]
    fn paths_and_headers_are_written_as_the_specification_shows_them() {
        let shown = |how, value: &Json| joined("x", &how, value, Escaping::Strict);
        assert_eq!(shown(style(Style::Simple, false), &list()), "a%20b,c%26d");
        assert_eq!(shown(style(Style::Simple, true), &members()), "G=%C3%BC,R=1");
        assert_eq!(shown(style(Style::Label, true), &list()), ".a%20b.c%26d");
        assert_eq!(shown(style(Style::Matrix, false), &list()), ";x=a%20b,c%26d");
        assert_eq!(shown(style(Style::Matrix, true), &list()), ";x=a%20b;x=c%26d");
        assert_eq!(shown(style(Style::Matrix, true), &members()), ";G=%C3%BC;R=1");
        assert_eq!(joined("x", &style(Style::Simple, false), &list(), Escaping::None), "a b,c&d");
        let piped = style(Style::PipeDelimited, false);
        assert_eq!(joined("x", &piped, &list(), Escaping::None), "a b|c&d");
        assert_eq!(shown(piped, &list()), "a%20b%7Cc%26d");
    }
}
