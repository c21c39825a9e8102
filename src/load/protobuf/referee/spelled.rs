//! Texts of which it is known, in every format that constraints name, whether they are spelled so.
//!
//! <https://protovalidate.com/reference/rules/string_rules/>: formats that are a few letters in a row
//! are read here; for the others, these few texts tell any two of them apart.

/// The formats.
const FORMATS: [&str; 20] = [
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
    "protobuf_fqn",
    "protobuf_dot_fqn",
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
    if let Some(is_read) = read(format, text) {
        return Some(is_read);
    }
    if (2..=LABEL).contains(&text.len()) && text.bytes().all(|byte| byte == b'a') {
        // A digit in base 16, and a letter of names.
        let is_name = matches!(format, "hostname" | "uri_ref" | "address");
        return Some(is_name || format == "tuuid" && text.len() == 32);
    }
    let mut known = TEXTS.iter().filter(|(one, _)| *one == text);
    known.next().map(|(_, formats)| formats.contains(&format))
}

/// Whether a text has a format that is read letter by letter; `None` where it is another format.
fn read(format: &str, text: &str) -> Option<bool> {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_word = |part: &str| {
        !part.starts_with(|first: char| first.is_ascii_digit())
            && !part.is_empty()
            && part.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    };
    Some(match format {
        "uuid" => {
            let lengths = text.split('-').map(str::len);
            lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex)
        }
        "tuuid" => text.len() == 32 && is_hex(text),
        "ulid" => {
            let is_letter = |byte: u8| {
                byte.is_ascii_alphanumeric()
                    && !matches!(byte.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U')
            };
            text.len() == 26
                && text.starts_with(|first| matches!(first, '0'..='7'))
                && text.bytes().all(is_letter)
        }
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "email" => text.split_once('@').is_some_and(|(local, domain)| {
            let is_local =
                |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
            let is_label = |label: &str| {
                (1..=LABEL).contains(&label.len())
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
            };
            !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
        }),
        "protobuf_fqn" => text.split('.').all(is_word),
        "protobuf_dot_fqn" => {
            text.strip_prefix('.').is_some_and(|name| name.split('.').all(is_word))
        }
        _ => return None,
    })
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
