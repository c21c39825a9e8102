//! Texts of which it is known, in every format that constraints name, whether they are spelled so.
//!
//! <https://protovalidate.com/reference/rules/string_rules/>: no format is read here; these few texts
//! tell any two of them apart.

/// The formats.
const FORMATS: [&str; 18] = [
    "email",
    "hostname",
    "ip",
    "ipv4",
    "ipv6",
    "uri",
    "uri_ref",
    "address",
    "uuid",
    "tuuid",
    "ulid",
    "ip_with_prefixlen",
    "ipv4_with_prefixlen",
    "ipv6_with_prefixlen",
    "ip_prefix",
    "ipv4_prefix",
    "ipv6_prefix",
    "host_and_port",
];

/// How long a part of a host's name may be.
const LABEL: usize = 63;

/// The texts, each with the formats that it has.
const TEXTS: [(&str, &[&str]); 16] = [
    ("a", &["hostname", "uri_ref", "address"]),
    (" ", &[]),
    ("127.0.0.1", &["ip", "ipv4", "uri_ref", "address"]),
    ("::1", &["ip", "ipv6", "address"]),
    ("550e8400-e29b-41d4-a716-446655440000", &["hostname", "uri_ref", "address", "uuid"]),
    ("550e8400e29b41d4a716446655440000", &["hostname", "uri_ref", "address", "tuuid"]),
    ("01ARZ3NDEKTSV4RRFFQ69G5FAV", &["hostname", "uri_ref", "address", "ulid"]),
    ("http://a.example/b", &["uri", "uri_ref"]),
    ("a@a.example", &["email", "uri_ref"]),
    ("a.example", &["hostname", "uri_ref", "address"]),
    ("/a", &["uri_ref"]),
    ("a.example:80", &["uri", "uri_ref", "host_and_port"]),
    (
        "10.0.0.0/8",
        &["uri_ref", "ip_with_prefixlen", "ipv4_with_prefixlen", "ip_prefix", "ipv4_prefix"],
    ),
    ("10.0.0.1/8", &["uri_ref", "ip_with_prefixlen", "ipv4_with_prefixlen"]),
    ("2001:db8::/32", &["ip_with_prefixlen", "ipv6_with_prefixlen", "ip_prefix", "ipv6_prefix"]),
    ("2001:db8::1/32", &["ip_with_prefixlen", "ipv6_with_prefixlen"]),
];

/// Whether a text has a format, where that is known.
pub(super) fn is_spelled(format: &str, text: &str) -> Option<bool> {
    if !FORMATS.contains(&format) {
        return None;
    }
    if (2..=LABEL).contains(&text.len()) && text.bytes().all(|byte| byte == b'a') {
        // A digit in base 16, and a letter of names.
        let is_name = matches!(format, "hostname" | "uri_ref" | "address");
        return Some(is_name || format == "tuuid" && text.len() == 32);
    }
    let mut known = TEXTS.iter().filter(|(one, _)| *one == text);
    known.next().map(|(_, formats)| formats.contains(&format))
}

/// Whether bytes of this length have a format, where that is all that there is to it.
pub(super) fn is_sized(format: &str, length: usize) -> Option<bool> {
    match format {
        "ip" => Some(matches!(length, 4 | 16)),
        "ipv4" => Some(length == 4),
        "ipv6" | "uuid" => Some(length == 16),
        _ => None,
    }
}
