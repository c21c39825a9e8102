//! `$ref`, `$dynamicRef` and `$schema` in JSON and YAML text.

use std::collections::BTreeSet;

use super::Unreadable;

/// The names whose string value is a reference.
pub(super) const NAMES: [&str; 3] = ["$ref", "$dynamicRef", "$schema"];

/// What stands before a name and what stands behind it is looked at up to this many bytes; beyond
/// them only the parser tells, so that hostile text costs no more than its length.
const NEARBY: usize = 4096;

/// Adds the value of each occurrence of the names; gives up where only a parser can tell.
pub(super) fn collect(text: &[u8], found: &mut BTreeSet<String>) -> Result<(), Unreadable> {
    let is_bracket = |byte: &u8| matches!(byte, b'{' | b'[');
    let first_bracket = text.iter().position(is_bracket).unwrap_or(text.len());
    let mut next = 0;
    while let Some(rest) = text.get(next..) {
        let Some(skipped) = rest.iter().position(|byte| matches!(byte, b'$' | b'\\')) else {
            break;
        };
        let (at, rest) = (next + skipped, rest.get(skipped..).unwrap_or_default());
        next = at + 1;
        if rest.starts_with(b"\\") && may_hide_a_name(text, at) {
            return Err(Unreadable);
        }
        for name in NAMES {
            if let Some(after) = rest.strip_prefix(name.as_bytes()) {
                let before = text.get(..at).unwrap_or_default();
                occurrence(before, first_bracket < at, after, found)?;
            }
        }
    }
    Ok(())
}

/// Whether the escape here may be part of one of the names: a letter of theirs by its number, or
/// a line continued (YAML 1.2 §5.7) in the middle of one.
fn may_hide_a_name(text: &[u8], at: usize) -> bool {
    let digits = match text.get(at + 1) {
        Some(b'u') => 4,
        Some(b'x') => 2,
        Some(b'U') => 8,
        Some(b'\n' | b'\r') => return splits_a_name(text.get(..at).unwrap_or_default()),
        _ => return false,
    };
    let digits = text.get(at + 2..at + 2 + digits).unwrap_or_default();
    let code = str::from_utf8(digits).ok().and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let letter = code.and_then(char::from_u32);
    letter.is_some_and(|letter| NAMES.iter().any(|name| name.contains(letter)))
}

fn splits_a_name(before: &[u8]) -> bool {
    let start = before.iter().rev().take(NAMES[1].len()).position(|byte| *byte == b'$');
    let start = start.and_then(|distance| before.len().checked_sub(distance + 1));
    let Some(beginning) = start.and_then(|start| before.get(start..)) else { return false };
    NAMES.iter().any(|name| name.as_bytes().starts_with(beginning))
}

/// Reads the value behind a name, if the name is one.
fn occurrence(
    before: &[u8],
    bracketed: bool,
    after: &[u8],
    found: &mut BTreeSet<String>,
) -> Result<(), Unreadable> {
    if !matches!(after.first(), None | Some(b'"' | b'\'' | b':' | b' ' | b'\t' | b'\r' | b'\n')) {
        return Ok(());
    }
    if has_property(before)? {
        return Err(Unreadable);
    }
    let after = after.strip_prefix(b"\"").or(after.strip_prefix(b"'")).unwrap_or(after);
    let after = after.trim_ascii_start();
    if after.starts_with(b"#") {
        return Err(Unreadable);
    }
    let Some(behind_colon) = after.strip_prefix(b":") else { return Ok(()) };
    let value = behind_colon.trim_ascii_start();
    match value.first() {
        None | Some(b'{' | b'[') => Ok(()),
        Some(b'"') => quoted(value, b'"', found),
        Some(b'\'') => quoted(value, b'\'', found),
        Some(b'&' | b'*' | b'!' | b'|' | b'>' | b'#') => Err(Unreadable),
        Some(_) => {
            let gap = behind_colon.len() - value.len();
            let crossed = behind_colon.get(..gap).unwrap_or_default().contains(&b'\n');
            if crossed { Err(Unreadable) } else { plain(before, bracketed, value, found) }
        }
    }
}

/// Whether an anchor or a tag stands before the name, so that an alias may stand for it.
fn has_property(before: &[u8]) -> Result<bool, Unreadable> {
    let before = before.strip_suffix(b"\"").or(before.strip_suffix(b"'")).unwrap_or(before);
    let before = before.trim_ascii_end();
    let nearby = before.get(before.len().saturating_sub(NEARBY)..).unwrap_or_default();
    let separator = nearby.iter().rposition(|byte| b" \t\r\n,[]{}".contains(byte));
    if separator.is_none() && nearby.len() < before.len() {
        return Err(Unreadable);
    }
    let token = nearby.get(separator.map_or(0, |at| at + 1)..).unwrap_or_default();
    Ok(matches!(token.first(), Some(b'&' | b'!')))
}

fn quoted(value: &[u8], quote: u8, found: &mut BTreeSet<String>) -> Result<(), Unreadable> {
    let inner = value.get(1..).unwrap_or_default();
    let end = inner.iter().position(|byte| *byte == quote).ok_or(Unreadable)?;
    let content = inner.get(..end).unwrap_or_default();
    let doubled = quote == b'\'' && inner.get(end + 1) == Some(&quote);
    if doubled || content.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(Unreadable);
    }
    let content = String::from_utf8_lossy(content);
    if quote == b'\'' {
        found.insert(content.into_owned());
        return Ok(());
    }
    // Escaping slashes is a habit of some writers of JSON, so it is worth reading here.
    let content = content.replace(r"\/", "/");
    if content.contains('\\') {
        return Err(Unreadable);
    }
    found.insert(content);
    Ok(())
}

/// An unquoted value. Whether `,` and the brackets end it depends on what surrounds it, so both
/// readings are added; whether the next line goes on with it is left to the parser.
fn plain(
    before: &[u8],
    bracketed: bool,
    value: &[u8],
    found: &mut BTreeSet<String>,
) -> Result<(), Unreadable> {
    let nearby = value.get(..NEARBY).unwrap_or(value);
    let end = nearby.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(nearby.len());
    if end == NEARBY {
        return Err(Unreadable);
    }
    let (line, next) = value.split_at(end);
    let flow_end = line.iter().position(|byte| b",[]{}".contains(byte));
    if flow_end.is_none() && goes_on(before, bracketed, next) {
        return Err(Unreadable);
    }
    let line = String::from_utf8_lossy(line);
    let ends = [line.find([',', '[', ']', '{', '}']), line.find(" #"), line.find("\t#")];
    for end in ends.into_iter().flatten().chain([line.len()]) {
        found.insert(line.get(..end).unwrap_or(&line).trim().to_owned());
    }
    Ok(())
}

/// Whether the lines after the value may belong to it: they are indented deeper than its name, or
/// the name may stand between brackets, where indentation means nothing.
fn goes_on(before: &[u8], bracketed: bool, next: &[u8]) -> bool {
    let following = next.trim_ascii_start();
    let line_start = |text: &[u8]| {
        text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1)
    };
    let gap = next.get(..next.len() - following.len()).unwrap_or_default();
    let indent = gap.len() - line_start(gap);
    let quoted = before.ends_with(b"\"") || before.ends_with(b"'");
    let nearby = before.get(before.len().saturating_sub(NEARBY)..).unwrap_or_default();
    let column = nearby.len() - line_start(nearby) - usize::from(quoted);
    !following.is_empty() && (indent > column || bracketed && !is_entry(following))
}

/// Whether a line cannot go on with an unquoted value of the line before, even between brackets:
/// it closes a bracket, is a comment, or is a member that no comma and no bracket sets off.
fn is_entry(line: &[u8]) -> bool {
    let line = line.get(..NEARBY).unwrap_or(line);
    let end = line.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(line.len());
    let line = line.get(..end).unwrap_or_default().trim_ascii_end();
    if matches!(line.first(), Some(b'}' | b']' | b',' | b'#')) {
        return true;
    }
    let colon = line.windows(2).position(|pair| pair == b": ");
    let Some(colon) = colon.or(line.strip_suffix(b":").map(<[u8]>::len)) else { return false };
    let indicator = line.iter().take(colon).find(|byte| b",[]{}".contains(byte));
    matches!(indicator, None | Some(b'{' | b'['))
}
