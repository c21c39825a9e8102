//! `import "…";` in Protocol Buffers text.

use std::collections::BTreeSet;

/// Adds the path of each import. Text of another format yields nothing that matters.
pub(super) fn collect(text: &[u8], found: &mut BTreeSet<String>) {
    if str::from_utf8(text).is_ok_and(|text| !may_import(text)) {
        return;
    }
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'/' if after.starts_with(b"/") || after.starts_with(b"*") => skip_space(rest),
            b'"' | b'\'' => literal(*first, after, None),
            letter if is_letter(*letter) => {
                let length = rest.iter().take_while(|byte| is_letter(**byte)).count();
                let (word, behind) = rest.split_at(length);
                if word == b"import" { path(behind, found) } else { behind }
            }
            _ => after,
        };
    }
}

/// Whether an import may be anywhere. Most texts are of another format, and this search is many
/// times faster than telling comments and strings from code.
fn may_import(text: &str) -> bool {
    text.match_indices("import").any(|(at, word)| {
        let behind = text.get(at + word.len()..).unwrap_or("").trim_start();
        let modified = ["public", "weak", "option"].iter().any(|word| behind.starts_with(word));
        modified || behind.starts_with(['"', '\'', '/'])
    })
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The path: one string literal, or several that stand side by side, behind an optional modifier.
/// Answers what follows.
fn path<'t>(after: &'t [u8], found: &mut BTreeSet<String>) -> &'t [u8] {
    let mut rest = skip_space(after);
    for modifier in [&b"public"[..], b"weak", b"option"] {
        rest = rest.strip_prefix(modifier).map_or(rest, skip_space);
    }
    let mut decoded = Vec::new();
    while let [quote @ (b'"' | b'\''), inner @ ..] = rest {
        rest = skip_space(literal(*quote, inner, Some(&mut decoded)));
    }
    if !decoded.is_empty() {
        found.insert(String::from_utf8_lossy(&decoded).into_owned());
    }
    rest
}

/// Decodes a string literal whose opening quote is passed; answers what follows it. It ends at the
/// line's end at the latest.
fn literal<'t>(quote: u8, mut rest: &'t [u8], mut decoded: Option<&mut Vec<u8>>) -> &'t [u8] {
    while let [byte, after @ ..] = rest {
        rest = match *byte {
            b'\n' => return rest,
            b'\\' => match &mut decoded {
                Some(decoded) => escape(after, decoded),
                None => after.get(1..).unwrap_or_default(),
            },
            byte if byte == quote => return after,
            byte => {
                if let Some(decoded) = &mut decoded {
                    decoded.push(byte);
                }
                after
            }
        };
    }
    rest
}

/// Decodes what follows a backslash. Escapes that no path contains stay as they are written.
fn escape<'t>(rest: &'t [u8], decoded: &mut Vec<u8>) -> &'t [u8] {
    let [letter, after @ ..] = rest else { return rest };
    let (base, digits, most) = match letter {
        b'x' | b'X' => (16, after, 2),
        b'u' => (16, after, 4),
        b'U' => (16, after, 8),
        b'0'..=b'7' => (8, rest, 3),
        _ => {
            decoded.push(*letter);
            return after;
        }
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(base);
    let count = digits.iter().take(most).take_while(is_digit).count();
    let (number, after) = digits.split_at(count);
    let code = str::from_utf8(number).ok().and_then(|text| u32::from_str_radix(text, base).ok());
    let code = code.unwrap_or(0);
    match (u8::try_from(code), char::from_u32(code)) {
        (Ok(byte), _) => decoded.push(byte),
        (Err(_), Some(letter)) => decoded.extend(letter.to_string().bytes()),
        (Err(_), None) => {}
    }
    after
}

fn skip_space(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        let end = match text {
            [b'/', b'/', ..] => text.iter().position(|byte| *byte == b'\n'),
            [b'/', b'*', ..] => {
                text.windows(2).skip(2).position(|pair| pair == b"*/").map(|at| at + 4)
            }
            _ => return text,
        };
        text = end.and_then(|end| text.get(end..)).unwrap_or_default();
    }
}
