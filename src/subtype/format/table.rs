//! The table of known formats.

use std::sync::OnceLock;

use super::grammar::{self, Charset};
use super::{Definition, Format, leap};
use crate::subtype::language;

/// JSON Schema's formats, and those of the OpenAPI format registry that people use.
pub(super) static FORMATS: [Format; 36] = [
    integers("int8", "-128", "127", &["0", "-128", "127"], &["128", "-129", "0.5"]),
    integers("int16", "-32768", "32767", &["0", "-32768", "32767"], &["32768", "-32769", "0.5"]),
    integers(
        "int32",
        "-2147483648",
        "2147483647",
        &["0", "-2147483648", "2147483647"],
        &["2147483648", "-2147483649", "0.5"],
    ),
    integers(
        "int64",
        "-9223372036854775808",
        "9223372036854775807",
        &["0", "-9223372036854775808", "9223372036854775807"],
        &["9223372036854775808", "-9223372036854775809", "0.5"],
    ),
    integers("uint8", "0", "255", &["0", "255"], &["256", "-1", "0.5"]),
    integers("uint16", "0", "65535", &["0", "65535"], &["65536", "-1", "0.5"]),
    integers("uint32", "0", "4294967295", &["0", "4294967295"], &["4294967296", "-1", "0.5"]),
    integers(
        "uint64",
        "0",
        "18446744073709551615",
        &["0", "18446744073709551615"],
        &["18446744073709551616", "-1", "0.5"],
    ),
    integers(
        "double-int",
        "-9007199254740991",
        "9007199254740991",
        &["0", "-9007199254740991", "9007199254740991"],
        &["9007199254740992", "0.5"],
    ),
    format(
        "float",
        // What is rounded to a finite number (IEEE 754-2019 §4.3.1).
        Definition::Magnitude("340282356779733661637539395458142568447"),
        &["0", "0.1", "3.4e38"],
        &["3.5e38", "-3.5e38"],
    ),
    format("double", Definition::AnyNumber, &["0", "0.1", "1e300"], &[]),
    text("date", grammar::date, &["2020-02-29", "1970-01-01"], &["2021-02-29", "2020-13-01", "1"]),
    format(
        "time",
        leaping(grammar::time, leap::any_time),
        &["12:00:00Z", "23:59:60Z", "08:30:06.283185-05:00", "18:59:60-05:00"],
        &["12:00:00", "24:00:00Z", "12:00:60Z", "12:00Z", "18:59:60+05:00"],
    ),
    format(
        "date-time",
        leaping(grammar::date_time, leap::any_date_time),
        &["1970-01-01T00:00:00Z", "1985-04-12T23:20:50.52+01:00", "1990-12-31T15:59:60-08:00"],
        &["1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "2021-02-29T00:00:00Z"],
    ),
    text("date-time-local", grammar::local_date_time, &["1970-01-01T00:00:00"], &["1970-01-01"]),
    text(
        "time-local",
        grammar::local_time,
        &["12:00:00", "12:00:00.5"],
        &["12:00:00Z", "25:00:00"],
    ),
    text(
        "duration",
        grammar::duration,
        &["P1D", "PT36H", "P4W", "P1Y2M3DT4H5M6S"],
        &["P", "PT", "1D", "P1D1Y", "P1Y1W", "P1YT", "PT1H1S", "P1.5D"],
    ),
    text(
        "uuid",
        grammar::uuid,
        &["00000000-0000-0000-0000-000000000000", "2EB8AA08-aa98-11ea-b4aa-73b441d16380"],
        &["00000000000000000000000000000000", "{00000000-0000-0000-0000-000000000000}", "1"],
    ),
    text("ipv4", grammar::ipv4, &["192.0.2.1", "0.0.0.0"], &["192.0.2.256", "192.0.2", "01.0.0.0"]),
    text(
        "ipv6",
        grammar::ipv6,
        &["::", "2001:db8::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"],
        &["1:2:3:4:5:6:7:8:9", ":::", "1::2::3", "12345::", "::1%eth0", "1:2:3:4::5:6:7:8"],
    ),
    limited(
        "hostname",
        grammar::hostname,
        253,
        &["example.com", "localhost", "a-b.c1", "xn--bcher-kva.example"],
        &["-a.example", "a-.example", "a..b", "a_b", "a.", "", "ab--c.example"],
    ),
    limited(
        "email",
        grammar::email,
        254,
        &["a@example.com", "\"a b\"@example.com", "a+b@[192.0.2.1]"],
        &["a", "@example.com", "a@", ".a@example.com", "a@b@example.com", "a b@example.com"],
    ),
    text(
        "uri",
        || grammar::uri(Charset::Ascii),
        &["https://example.com/a?b#c", "urn:example:a", "http://[::1]:80/"],
        &["/a", "https://example.com/a b", "https://example.com/%zz", "1a:b", "a"],
    ),
    text(
        "uri-reference",
        || grammar::uri_reference(Charset::Ascii),
        &["/a", "", "https://example.com/", "#a", "../b?c"],
        &["a b", "\\a", "1:b", "#a#b", "%"],
    ),
    text(
        "iri",
        || grammar::uri(Charset::Unicode),
        &["https://example.com/ü", "urn:example:a"],
        &["/a", "https://example.com/a b", "a"],
    ),
    text(
        "iri-reference",
        || grammar::uri_reference(Charset::Unicode),
        &["/ü", "", "https://example.com/"],
        &["a b", "\\a", "#a#b"],
    ),
    text(
        "uri-template",
        grammar::uri_template,
        &["/a/{id}", "{?q*,r:3}", "https://example.com/"],
        &["/a/{id", "/a/id}", "{}", "{a:0}", "a b"],
    ),
    text("json-pointer", grammar::json_pointer, &["", "/a/0", "/~0~1"], &["a", "/~", "/~2", "#/a"]),
    text(
        "relative-json-pointer",
        grammar::relative_json_pointer,
        &["0", "1/a", "2#"],
        &["", "/a", "01", "-1", "0##"],
    ),
    text(
        "byte",
        grammar::base64,
        &["", "YQ==", "YWI=", "YWJj"],
        &["Y", "YQ", "YQ=", "Y-==", "a b="],
    ),
    text("base64url", grammar::base64url, &["", "YQ", "YQ==", "_-_-"], &["Y", "YQ=", "+/+/"]),
    format("binary", Definition::AnyText, &["", "a"], &[]),
    format("password", Definition::AnyText, &["", "a"], &[]),
    format(
        "regex",
        Definition::Opaque(language::is_pattern),
        &["", "^a+$", "[a-z]", "(?=a)"],
        &["(", "[", "a**", "^(abc]"],
    ),
    limited("char", || "[^]".to_owned(), 1, &["a", "ü"], &["", "ab"]),
    text("http-date", http_date, &["Sun, 06 Nov 1994 08:49:37 GMT"], &["1994-11-06", "Sun"]),
];

/// RFC 9110 §5.6.7 `IMF-fixdate`, the only form that senders may use; that the day of the week is
/// right is not told.
fn http_date() -> String {
    let day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    let month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
    let time = "(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)";
    format!("{day}, (?:0[1-9]|[12]\\d|3[01]) {month} \\d{{4}} {time} GMT")
}

type Texts = &'static [&'static str];

const fn format(
    name: &'static str,
    definition: Definition,
    samples: Texts,
    strangers: Texts,
) -> Format {
    Format {
        name,
        definition,
        samples,
        strangers,
        language: OnceLock::new(),
        reach: OnceLock::new(),
        range: OnceLock::new(),
    }
}

const fn integers(
    name: &'static str,
    least: &'static str,
    greatest: &'static str,
    samples: Texts,
    strangers: Texts,
) -> Format {
    format(name, Definition::Integers { least, greatest }, samples, strangers)
}

const fn leaping(grammar: fn() -> String, reach: fn() -> String) -> Definition {
    Definition::Leaping { grammar, reach, tells: leap::is_in_its_place }
}

const fn text(
    name: &'static str,
    grammar: fn() -> String,
    samples: Texts,
    strangers: Texts,
) -> Format {
    format(name, Definition::Text { grammar, longest: None }, samples, strangers)
}

const fn limited(
    name: &'static str,
    grammar: fn() -> String,
    longest: u64,
    samples: Texts,
    strangers: Texts,
) -> Format {
    format(name, Definition::Text { grammar, longest: Some(longest) }, samples, strangers)
}
