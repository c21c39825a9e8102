//! The grammars of the formats that are regular, as ECMA-262 patterns without anchors.

const LEAP_YEAR: &str =
    "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

/// RFC 3339 §5.6 `full-date`, with the days that the month has (§5.7).
pub(super) fn date() -> String {
    let long = "(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])";
    let short = "(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)";
    let february = "02-(?:0[1-9]|1\\d|2[0-8])";
    format!("(?:\\d{{4}}-(?:{long}|{short}|{february})|{LEAP_YEAR}-02-29)")
}

/// RFC 3339 §5.6 `partial-time`, without leap seconds: they are told only by the offset.
pub(super) fn local_time() -> String {
    "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?".to_owned()
}

/// RFC 3339 §5.6 `full-time`, of which leap seconds, which occur at 23:59 UTC (§5.7), where UTC is what is
/// written; `leap.rs` has the others.
pub(super) fn time() -> String {
    let offset = "(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)";
    let leap = "23:59:60(?:\\.\\d+)?(?:[Zz]|[+-]00:00)";
    format!("(?:{}{offset}|{leap})", local_time())
}

/// RFC 3339 §5.6 `date-time`.
pub(super) fn date_time() -> String {
    format!("{}[Tt]{}", date(), time())
}

/// RFC 3339 §5.6 `date-time` without its offset.
pub(super) fn local_date_time() -> String {
    format!("{}[Tt]{}", date(), local_time())
}

/// RFC 3339 appendix A.
pub(super) fn duration() -> String {
    let time = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
    let date = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";
    format!("P(?:\\d+W|{date}(?:{time})?|{time})")
}

/// RFC 4122 §3 (RFC 9562 §4), any version and variant.
pub(super) fn uuid() -> String {
    "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned()
}

/// RFC 2673 §3.2 as RFC 3986 §3.2.2 narrows it: no leading zeros.
pub(super) fn ipv4() -> String {
    let octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    format!("{octet}(?:\\.{octet}){{3}}")
}

/// RFC 3986 §3.2.2 `IPv6address`, which is RFC 4291 §2.2; no zone.
pub(super) fn ipv6() -> String {
    let group = "[0-9A-Fa-f]{1,4}";
    let last = format!("(?:{group}:{group}|{})", ipv4());
    let mut forms = vec![
        format!("(?:{group}:){{6}}{last}"),
        format!("::(?:{group}:){{5}}{last}"),
        format!("(?:{group})?::(?:{group}:){{4}}{last}"),
    ];
    for before in 1..=5 {
        let head = format!("(?:(?:{group}:){{0,{before}}}{group})?::");
        forms.push(match before {
            1..=3 => format!("{head}(?:{group}:){{{}}}{last}", 4 - before),
            4 => format!("{head}{last}"),
            _ => format!("{head}{group}"),
        });
    }
    forms.push(format!("(?:(?:{group}:){{0,6}}{group})?::"));
    format!("(?:{})", forms.join("|"))
}

/// RFC 1123 §2.1. A label with hyphens in the third and fourth place must be an A-label (RFC 5891
/// §4.2.3.1); whether its Punycode decodes is not told.
pub(super) fn hostname() -> String {
    let label = "(?!(?![Xx][Nn])..--)[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?";
    format!("{label}(?:\\.{label})*")
}

/// RFC 5321 §4.1.2 `Mailbox`, with the limit of §4.5.3.1.1; no display name.
pub(super) fn email() -> String {
    let atom = "[0-9A-Za-z!#$%&'*+\\-/=?^_`{|}~]+";
    let quoted = "\"(?:[\\t !#-\\[\\]-~]|\\\\[!-~])*\"";
    let local = format!("(?:{atom}(?:\\.{atom})*|{quoted})");
    let literal = format!("\\[(?:{}|[Ii][Pp][Vv]6:{})\\]", ipv4(), ipv6());
    format!("(?=.{{1,64}}@[^@]*$){local}@(?:{}|{literal})", hostname())
}

/// The alphabets of RFC 3986 and of RFC 3987.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Ascii,
    Unicode,
}

struct UriParts {
    authority: String,
    path_char: String,
    no_colon: String,
    tail: String,
}

fn uri_parts(charset: Charset) -> UriParts {
    let (more, private) = match charset {
        Charset::Ascii => ("", ""),
        Charset::Unicode => (
            "\\u{A0}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFEF}\\u{10000}-\\u{1FFFD}\
             \\u{20000}-\\u{2FFFD}\\u{30000}-\\u{3FFFD}\\u{40000}-\\u{4FFFD}\\u{50000}-\\u{5FFFD}\
             \\u{60000}-\\u{6FFFD}\\u{70000}-\\u{7FFFD}\\u{80000}-\\u{8FFFD}\\u{90000}-\\u{9FFFD}\
             \\u{A0000}-\\u{AFFFD}\\u{B0000}-\\u{BFFFD}\\u{C0000}-\\u{CFFFD}\\u{D0000}-\\u{DFFFD}\
             \\u{E1000}-\\u{EFFFD}",
            "\\u{E000}-\\u{F8FF}\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}",
        ),
    };
    let plain = format!("0-9A-Za-z._~!$&'()*+,;=\\-{more}");
    let future = "[Vv][0-9A-Fa-f]+\\.[0-9A-Za-z._~!$&'()*+,;=:\\-]+";
    let host = format!("(?:\\[(?:{}|{future})\\]|(?:[{plain}]|{PERCENT})*)", ipv6());
    let authority = format!("//(?:(?:[{plain}:]|{PERCENT})*@)?{host}(?::\\d*)?");
    let fragment = format!("(?:[{plain}:@/?]|{PERCENT})*");
    let query = format!("(?:[{plain}:@/?{private}]|{PERCENT})*");
    UriParts {
        authority,
        path_char: format!("(?:[{plain}:@]|{PERCENT})"),
        no_colon: format!("(?:[{plain}@]|{PERCENT})"),
        tail: format!("(?:\\?{query})?(?:#{fragment})?"),
    }
}

const PERCENT: &str = "%[0-9A-Fa-f]{2}";

/// RFC 3986 §3 `URI`, or RFC 3987 §2.2 `IRI`.
pub(super) fn uri(charset: Charset) -> String {
    let UriParts { authority, path_char, no_colon: _, tail } = uri_parts(charset);
    let rest = format!("(?:/{path_char}*)*");
    let path = format!("(?:{authority}{rest}|/(?:{path_char}+{rest})?|{path_char}+{rest}|)");
    format!("[A-Za-z][0-9A-Za-z+.\\-]*:{path}{tail}")
}

/// RFC 3986 §4.1 `URI-reference`, or RFC 3987 §2.2 `IRI-reference`.
pub(super) fn uri_reference(charset: Charset) -> String {
    let UriParts { authority, path_char, no_colon, tail } = uri_parts(charset);
    let rest = format!("(?:/{path_char}*)*");
    let path = format!("(?:{authority}{rest}|/(?:{path_char}+{rest})?|{no_colon}+{rest}|)");
    format!("(?:{}|{path}{tail})", uri(charset))
}

/// RFC 6570 §2, with erratum 6937.
pub(super) fn uri_template() -> String {
    let literal = "[^\\u0000-\\u0020\"<>%\\\\^`{|}\\u007F]";
    let letter = format!("(?:[0-9A-Za-z_]|{PERCENT})");
    let variable = format!("{letter}+(?:\\.{letter}+)*(?::[1-9]\\d{{0,3}}|\\*)?");
    let operator = "[+#./;?&=,!@|]?";
    format!("(?:{literal}|{PERCENT}|\\{{{operator}{variable}(?:,{variable})*\\}})*")
}

/// RFC 6901 §3.
pub(super) fn json_pointer() -> String {
    "(?:/(?:[^/~]|~[01])*)*".to_owned()
}

/// draft-bhutton-relative-json-pointer-00 §3, without index manipulation.
pub(super) fn relative_json_pointer() -> String {
    format!("(?:0|[1-9]\\d*)(?:#|{})", json_pointer())
}

/// RFC 4648 §4, padded. Bits that padding leaves over may be anything: a decoder may refuse them
/// (§3.5), but most do not.
pub(super) fn base64() -> String {
    "(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?".to_owned()
}

/// RFC 4648 §5, padded or not.
pub(super) fn base64url() -> String {
    "(?:[0-9A-Za-z_\\-]{4})*(?:[0-9A-Za-z_\\-]{2}(?:==)?|[0-9A-Za-z_\\-]{3}=?)?".to_owned()
}
