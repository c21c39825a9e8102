//! Strings by RFC 8259 §7: a slice of the text unless an escape forces a copy.

use super::cursor::{Cursor, malformed};
use crate::document::Element;
use crate::document::text::{Fault, offset, place};

/// Reads one string; the cursor stands at its opening quote and ends behind the closing one.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Element, Fault> {
    let quote = cursor.at();
    cursor.advance(1);
    cursor.skip_plain();
    if cursor.take(b'"') {
        return Ok(Element::Slice(quote + 1, cursor.at() - 1));
    }
    let mut decoded = String::new();
    let mut plain = quote + 1;
    loop {
        decoded.push_str(cursor.slice(plain, cursor.at()));
        match cursor.peek() {
            Some(b'"') => {
                cursor.advance(1);
                return Ok(Element::Owned(decoded.into()));
            }
            Some(b'\\') => decoded.push(escape(cursor)?),
            Some(control) => return Err(control_character(cursor.at(), control)),
            None => {
                let opened = place(cursor.slice(0, cursor.at()), quote);
                let message = format!("the string opened at {opened} is never closed");
                return Err(malformed(message, quote, quote + 1));
            }
        }
        plain = cursor.at();
        cursor.skip_plain();
    }
}

fn escape(cursor: &mut Cursor<'_>) -> Result<char, Fault> {
    let start = cursor.at();
    let letter = cursor.ahead(2).get(1).copied();
    let simple = match letter {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(cursor, start),
        _ => {
            cursor.advance(1);
            return Err(cursor.unexpected("one of \" \\ / b f n r t u after `\\`"));
        }
    };
    cursor.advance(2);
    Ok(simple)
}

/// `\uXXXX`, or two of them for a character beyond the basic plane.
fn unicode(cursor: &mut Cursor<'_>, start: u32) -> Result<char, Fault> {
    let high = code_unit(cursor)?;
    if let Some(character) = char::from_u32(high) {
        return Ok(character);
    }
    if high < 0xDC00 && cursor.ahead(2) == br"\u" {
        let low = code_unit(cursor)?;
        if (0xDC00..=0xDFFF).contains(&low) {
            let combined = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            return Ok(char::from_u32(combined).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    let message = format!("`\\u{high:04x}` is half of a surrogate pair and means no character");
    Err(malformed(message, start, start + 6))
}

fn code_unit(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    cursor.advance(2);
    let mut unit = 0;
    for _ in 0..4 {
        let digit = cursor.peek().and_then(|byte| char::from(byte).to_digit(16));
        let Some(digit) = digit else {
            return Err(cursor.unexpected("four hexadecimal digits after `\\u`"));
        };
        unit = unit << 4 | digit;
        cursor.advance(1);
    }
    Ok(unit)
}

fn control_character(at: u32, control: u8) -> Fault {
    let message = match control {
        b'\n' | b'\r' => "a string ends on its line: write a line break as `\\n`".to_owned(),
        b'\t' => "a tab inside a string is written `\\t`".to_owned(),
        _ => format!("the control character inside a string is written `\\u{control:04x}`"),
    };
    malformed(message, at, at + offset(1))
}
