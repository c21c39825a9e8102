//! What a file seems to be, by its bytes: cheap, and never by its name alone.

use std::borrow::Cow;
use std::io::Read as _;
use std::ops::ControlFlow;

use super::RepoPath;
use super::package::package;

/// A kind of contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A document with a top-level `openapi` or `swagger` version.
    OpenApi,
    /// A document that names a dialect of json-schema.org or a metaschema that lies beside it, or is
    /// called `*.schema.json`.
    JsonSchema,
    /// A `.proto` file, or a set of compiled ones.
    Protobuf,
}

/// What the first look at a file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sniffed {
    /// The contract that it is; a fragment is none.
    pub(super) kind: Option<Kind>,
    /// What told so, in words.
    pub(super) why: &'static str,
    /// The URI by which other documents may refer to it.
    pub(super) id: Option<String>,
    /// The metaschema that it names, where that is somebody's own and the document speaks as schemas do.
    pub(super) metaschema: Option<String>,
    /// Whether it is a metaschema itself: it says what schemas are, by those of json-schema.org.
    pub(super) extends: bool,
    /// The `package` of a `.proto` file.
    pub(super) package: Option<String>,
    /// Whether it was compiled, and is no text.
    pub(super) form: Form,
}

/// What a contract is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// Text of its format.
    #[default]
    Text,
    /// A descriptor set, gzip'd or not.
    Compiled,
    /// What stands in the place of a file that Git LFS keeps elsewhere.
    Pointer,
}

/// Takes the first look.
pub(super) fn sniff(path: &RepoPath, bytes: &[u8]) -> Sniffed {
    if path.extension() == "proto" {
        let package = package(bytes);
        let (kind, why) = (Some(Kind::Protobuf), "is called *.proto");
        return Sniffed { kind, why, package, ..Sniffed::default() };
    }
    if is_descriptor_set(bytes) {
        let (kind, form, why) = (Some(Kind::Protobuf), Form::Compiled, "is a descriptor set");
        return Sniffed { kind, why, form, ..Sniffed::default() };
    }
    if is_pointer(bytes) {
        return Sniffed { form: Form::Pointer, ..Sniffed::default() };
    }
    let mut found = Sniffed::default();
    let (mut dialect, mut speaks) = (None, false);
    top_level(&narrow(bytes), &mut |key, value| {
        match key {
            b"openapi" | b"swagger" if is_version(value) => {
                found.kind = Some(Kind::OpenApi);
                found.why = "names a version of `openapi` or `swagger`";
                // Nothing that follows says otherwise, and these are the long ones.
                return ControlFlow::Break(());
            }
            b"$schema" => dialect = Some(text(value)),
            b"$id" | b"id" => found.id = Some(text(value)),
            b"$vocabulary" => found.extends = true,
            _ => speaks |= WORDS.contains(&key),
        }
        ControlFlow::Continue(())
    });
    let name = path.file_name().to_ascii_lowercase();
    let called = [".schema.json", ".schema.yaml", ".schema.yml"];
    let named = dialect.as_deref().is_some_and(is_json_schema);
    let schema = named || called.iter().any(|end| name.ends_with(end));
    found.extends |= dialect.is_some() && extends_json_schema(bytes);
    found.metaschema = dialect.filter(|_| speaks && !named);
    if found.kind.is_none() && schema {
        found.kind = Some(Kind::JsonSchema);
        found.why =
            if named { "names a dialect of json-schema.org" } else { "is called *.schema.*" };
    }
    found
}

/// Whether the value begins as a version does, or as one would that somebody broke: in a list that is
/// never closed.
fn is_version(value: &[u8]) -> bool {
    let broken = value.strip_prefix(b"[").filter(|rest| !rest.contains(&b']'));
    broken.unwrap_or(value).trim_ascii_start().first().is_some_and(u8::is_ascii_digit)
}

/// The text with the bytes left out that make wide letters of narrow ones: a contract in UTF-16 cannot
/// be read, and is one all the same.
fn narrow(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xff, 0xfe, ..]
        | [0xfe, 0xff, ..]
        | [0, 1..=0x7f, 0, ..]
        | [1..=0x7f, 0, 1..=0x7f, 0, ..] => {
            let beginning = bytes.iter().copied().take(MAX_BEGINNING);
            beginning.filter(u8::is_ascii).filter(|byte| *byte != 0).collect::<Vec<u8>>().into()
        }
        _ => bytes.into(),
    }
}

/// Whether the file is a pointer of Git LFS, which says so in its first line.
fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

/// Whether the bytes begin as a descriptor set does: a file (field 1), and in it its name (field
/// 1).
fn is_descriptor_set(bytes: &[u8]) -> bool {
    let plain;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut beginning = Vec::new();
        let mut inflating = flate2::read::GzDecoder::new(bytes)
            .take(u64::try_from(MAX_BEGINNING).unwrap_or(u64::MAX));
        // Data that are cut off began as a set all the same, and say themselves what is wrong.
        let (Ok(_) | Err(_)) = inflating.read_to_end(&mut beginning);
        plain = beginning;
        &plain[..]
    } else {
        bytes
    };
    let name = || {
        let (_, file) = length_after(bytes, 0x0a)?;
        let (length, name) = length_after(file, 0x0a)?;
        name.get(..length)
    };
    name().is_some_and(|name| name.ends_with(b".proto"))
}

/// How much is looked at of a file that is compressed or in another encoding.
const MAX_BEGINNING: usize = 8_192;

/// The length behind this tag, and what follows it.
fn length_after(bytes: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let mut rest = bytes.strip_prefix(&[tag])?;
    let mut length = 0_usize;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, behind) = rest.split_first()?;
        length |= usize::from(byte & 0x7f) << shift;
        rest = behind;
        if byte & 0x80 == 0 {
            return Some((length, rest));
        }
    }
    None
}

/// Words that schemas say at their top level, and other documents that name a schema seldom.
const WORDS: [&[u8]; 10] = [
    b"$ref",
    b"$defs",
    b"definitions",
    b"properties",
    b"required",
    b"items",
    b"allOf",
    b"anyOf",
    b"oneOf",
    b"enum",
];

/// Whether a schema refers to one of the metaschemas of json-schema.org, but as what it is written in.
fn extends_json_schema(bytes: &[u8]) -> bool {
    /// How far before the name of the metaschema the word is that refers to it.
    const NEAR: usize = 32;
    let name = b"json-schema.org/draft";
    let places = bytes.windows(name.len()).enumerate().filter(|(_, window)| window == name);
    places.into_iter().any(|(at, _)| {
        let before = bytes.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
        before.windows(4).any(|word| word == b"$ref")
    })
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn is_json_schema(uri: &str) -> bool {
    let Some((_, rest)) = uri.split_once("://") else { return false };
    rest.strip_prefix("www.").unwrap_or(rest).starts_with("json-schema.org/")
}

/// What a key and its value tell: whether to look further.
type See<'s> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 's;

/// Calls `see` with each top-level key and the scalar after it, quotes off, until it has enough.
fn top_level(bytes: &[u8], see: &mut See<'_>) {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value = value_of_document(text);
    // Either way there is nothing to do after it.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = match value.first() {
        Some(b'{') => flow(value, see),
        Some(_) => block(text, see),
        None => ControlFlow::Continue(()),
    };
}

/// What begins after the comments, the directives and the marker that may stand before a document
/// of YAML.
fn value_of_document(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    loop {
        rest = match rest {
            [b'#' | b'%', ..] => rest.get(line_end(rest)..).unwrap_or_default(),
            [b'-', b'-', b'-', next, ..] if next.is_ascii_whitespace() => {
                rest.get(3..).unwrap_or_default()
            }
            _ => return rest,
        }
        .trim_ascii_start();
    }
}

fn line_end(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len())
}

/// JSON, or YAML written like it: strings are skipped whole, only braces and brackets count.
fn flow(text: &[u8], see: &mut See<'_>) -> ControlFlow<()> {
    let mut depth = 0_usize;
    let mut at = 0;
    // Where a key begins that is still to come, quotes included; YAML needs none.
    let mut key = None;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                key = (depth == 1).then_some(at + 1);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 1 => key = Some(at + 1),
            b'"' => at = string_end(text, at + 1),
            b'\'' if begins_a_word(text, at) => at = quote_end(text, at + 1),
            b'#' if begins_a_word(text, at) => {
                at += line_end(text.get(at..).unwrap_or_default());
                if key.is_some_and(|start| is_blank(text, start, at)) {
                    key = Some(at);
                }
            }
            b':' if depth == 1 => {
                if let Some(start) = key.take() {
                    let key = text.get(start..at).unwrap_or_default();
                    see(unquoted(key), scalar(text.get(at + 1..).unwrap_or_default()))?;
                }
            }
            _ => {}
        }
        at += 1;
    }
    ControlFlow::Continue(())
}

/// Whether nothing of a word stands before the byte: in the middle of one, quotes and `#` are
/// letters.
fn begins_a_word(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_none_or(|byte| byte.is_ascii_whitespace() || b"{[,:".contains(byte))
}

/// Whether there is no word in a range, comments aside.
fn is_blank(text: &[u8], start: usize, end: usize) -> bool {
    let range = text.get(start..end).unwrap_or_default().trim_ascii_start();
    range.is_empty() || range.starts_with(b"#")
}

/// Where a single-quoted string ends, in which a quote is written twice.
fn quote_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        match (text.get(at), text.get(at + 1)) {
            (Some(b'\''), Some(b'\'')) => at += 2,
            (Some(b'\'') | None, _) => return at.min(text.len()),
            (Some(_), _) => at += 1,
        }
    }
}

fn unquoted(key: &[u8]) -> &[u8] {
    let key = key.trim_ascii();
    let inside = |quote| key.strip_prefix(quote)?.strip_suffix(quote);
    inside(b"\"").or_else(|| inside(b"'")).unwrap_or(key)
}

fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        match text.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') | None => return at.min(text.len()),
            Some(_) => at += 1,
        }
    }
}

/// Block YAML: the lines that are indented like the first one with a key.
fn block(text: &[u8], see: &mut See<'_>) -> ControlFlow<()> {
    let mut top: Option<usize> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let rest = line.trim_ascii_start();
        if rest.is_empty() || rest.starts_with(b"#") || rest.starts_with(b"%") {
            continue;
        }
        let indent = line.len() - rest.len();
        if rest.starts_with(b"---") || *top.get_or_insert(indent) != indent {
            continue;
        }
        let Some((key, value)) = key_and_value(rest) else { continue };
        see(key, scalar(value))?;
    }
    ControlFlow::Continue(())
}

fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = match line.first()? {
        quote @ (b'"' | b'\'') => {
            let inside = line.get(1..)?;
            let end = inside.iter().position(|byte| byte == quote)?;
            (inside.get(..end)?, inside.get(end + 1..)?.trim_ascii_start())
        }
        _ => line.split_at_checked(line.iter().position(|byte| *byte == b':')?)?,
    };
    let value = rest.strip_prefix(b":")?;
    let ends = value.first().is_none_or(u8::is_ascii_whitespace);
    if ends { Some((key.trim_ascii_end(), value)) } else { None }
}

/// The scalar at the beginning, without quotes, up to what ends it on its line.
fn scalar(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    let (inside, ends): (&[u8], &[u8]) = match text.first() {
        Some(b'"') => (text.get(1..).unwrap_or_default(), b"\""),
        Some(b'\'') => (text.get(1..).unwrap_or_default(), b"'"),
        Some(b'[') => (text, b"\n#"),
        Some(_) | None => (text, b" \t\r\n,}#"),
    };
    // A `#` inside a plain scalar is a fragment, not a comment.
    let ends = if inside == text { ends.strip_suffix(b"#").unwrap_or(ends) } else { ends };
    let end = inside.iter().position(|byte| ends.contains(byte) || *byte == b'\n');
    inside.get(..end.unwrap_or(inside.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, text: &str) -> Option<Kind> {
        sniff(&RepoPath::new(name).unwrap(), text.as_bytes()).kind
    }

    #[test]
    fn openapi_is_known_by_a_version_at_the_top_level() {
        for text in [
            "openapi: 3.1.0\n",
            "# c\n---\ncomponents: {}\nopenapi: \"3.0.3\"\n",
            "'swagger': '2.0'\n",
            "  openapi: 3.0.0\n  info: {}\n",
            "{\"paths\": {\"a\\\"}\": 1}, \"openapi\": \"3.0.0\"}",
            "\u{feff}{\"swagger\":\"2.0\"}",
            "{openapi: 3.0.0, info: {}}",
            "{info: {a: b}, x: 'http://y:1', 'openapi': 3.1.0}",
            "# c\n{openapi: 3.0.0}",
            "%YAML 1.2\n---\n{openapi: 3.0.0}",
            "--- {openapi: 3.0.0}",
            "{\n  # a: [c, 'd\n  # {\n  openapi: 3.0.0}",
            "{info: {t: it's}, x: 'it''s {', openapi: 3.0.0}",
            "openapi: [3.0.1\npaths: {}\n",
            "o\0p\0e\0n\0a\0p\0i\0:\0 \x003\0.\x000\0",
        ] {
            assert_eq!(kind("x.yaml", text), Some(Kind::OpenApi), "{text}");
        }
        for text in [
            "openapi:\n  generator: go\n",
            "info:\n  openapi: 3.0.0\n",
            "{\"info\": {\"openapi\": \"3.0.0\"}}",
            "{\"x\": \"openapi: 3\"}",
            "{x: a, y: {openapi: 3.0.0}}",
            "openapi: [3.0, 3.1]\n",
            "# {openapi: 3.0.0}",
            "{a: b #, openapi: 3.0.0\n}",
            "",
        ] {
            assert_eq!(kind("openapi.yaml", text), None, "{text}");
        }
    }

    #[test]
    fn a_schema_names_its_dialect_or_is_called_so() {
        let draft = "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}";
        assert_eq!(kind("a.json", draft), Some(Kind::JsonSchema));
        assert_eq!(
            kind("a.yml", "$schema: https://json-schema.org/draft/2020-12/schema\n"),
            Some(Kind::JsonSchema)
        );
        assert_eq!(kind("a.schema.json", "{}"), Some(Kind::JsonSchema));
        let other = "{\"$schema\": \"https://json.schemastore.org/tsconfig\"}";
        assert_eq!(kind("tsconfig.json", other), None);
    }

    #[test]
    fn a_descriptor_set_begins_with_the_name_of_a_file() {
        let form = |bytes: &[u8]| sniff(&RepoPath::new("x.binpb").unwrap(), bytes).form;
        assert_eq!(form(b"\x0a\x0b\x0a\x07a.proto\x12\x00"), Form::Compiled);
        assert_eq!(form(b"\x0a\x09\x0a\x05a.txt\x12\x00"), Form::Text);
        assert_eq!(form(b"\x0a\xff\xff\xff\xff\xff\xff"), Form::Text);
        assert_eq!(form(b"\x1f\x8bno gzip"), Form::Text);
        assert_eq!(form(b""), Form::Text);
    }

    #[test]
    fn a_schema_and_its_metaschema_are_told_from_what_a_schema_is_of() {
        let sniff = |text: &str| sniff(&RepoPath::new("a.json").unwrap(), text.as_bytes());
        let own = sniff("{\"$schema\": \"./meta.json\", \"properties\": {}}");
        assert_eq!((own.kind, own.metaschema.as_deref()), (None, Some("./meta.json")));
        let value = sniff("{\"$schema\": \"./config.json\", \"name\": \"x\"}");
        assert_eq!(value.metaschema, None);
        let draft = "http://json-schema.org/draft-07/schema#";
        let extends = |said: &str| sniff(&format!("{{\"$schema\": \"{draft}\"{said}}}")).extends;
        assert!(extends(&format!(", \"allOf\": [{{\"$ref\": \"{draft}\"}}]")));
        assert!(extends(", \"$vocabulary\": {}"));
        assert!(!extends(", \"properties\": {}"));
    }

    #[test]
    fn the_package_and_the_id_are_seen() {
        let proto =
            sniff(&RepoPath::new("a.proto").unwrap(), b"syntax = \"proto3\";\npackage a.v1;\n");
        assert_eq!(proto.package.as_deref(), Some("a.v1"));
        let schema = sniff(&RepoPath::new("a.json").unwrap(), b"{\"$id\": \"https://x/a.json\"}");
        assert_eq!(schema.id.as_deref(), Some("https://x/a.json"));
    }
}
