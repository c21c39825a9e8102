//! The formats of texts and bytes whose members a pattern names.
//!
//! <https://github.com/bufbuild/protovalidate/blob/main/proto/protovalidate/buf/validate/validate.proto>;
//! those that no pattern names (`uri`, `ipv6`, `hostname` with its length) are unknown here.

use crate::subtype::language::Language;

/// A number of a dotted address.
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

/// The texts of a format.
pub(super) fn texts(format: &str) -> Option<Language> {
    let dotted = || format!("{OCTET}(?:\\.{OCTET}){{3}}");
    let name = "[A-Za-z_][A-Za-z_0-9]*(?:\\.[A-Za-z_][A-Za-z_0-9]*)*";
    let pattern = match format {
        "uuid" => "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$".to_owned(),
        "tuuid" => "^[0-9a-fA-F]{32}$".to_owned(),
        "ulid" => "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$".to_owned(),
        "ipv4" => format!("^{}$", dotted()),
        "ipv4_with_prefixlen" => format!("^{}/(?:3[0-2]|[12]?[0-9])$", dotted()),
        "email" => {
            let label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
            format!("^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{label}(?:\\.{label})*$")
        }
        "protobuf_fqn" => format!("^{name}$"),
        "protobuf_dot_fqn" => format!("^\\.{name}$"),
        _ => return None,
    };
    Language::pattern(&pattern).ok()
}

/// The bytes of a format, each as the code point of its number: their number is all there is to it.
pub(super) fn bytes(format: &str) -> Option<Language> {
    let pattern = match format {
        "ip" => "^(?:[\\u0000-\\u00ff]{4}|[\\u0000-\\u00ff]{16})$",
        "ipv4" => "^[\\u0000-\\u00ff]{4}$",
        "ipv6" | "uuid" => "^[\\u0000-\\u00ff]{16}$",
        _ => return None,
    };
    Language::pattern(pattern).ok()
}

/// The texts that begin with, end with or hold a part.
pub(super) fn around(word: &str, part: &str) -> Option<Language> {
    let mut quoted = String::new();
    for letter in part.chars() {
        if letter.is_ascii_alphanumeric() {
            quoted.push(letter);
        } else {
            let number = u32::from(letter);
            quoted.extend(["\\u{", &format!("{number:x}"), "}"]);
        }
    }
    let pattern = match word {
        "prefix" => format!("^{quoted}"),
        "suffix" => format!("{quoted}$"),
        "contains" | "not_contains" => quoted,
        _ => return None,
    };
    Language::pattern(&pattern).ok()
}
