//! Numbers by RFC 8259 §6. They are checked and never converted: the text is the number.

use super::cursor::{Cursor, malformed};
use crate::document::text::Fault;

/// Moves over one number.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.take(b'-');
    let start = cursor.at();
    let leading_zero = cursor.peek() == Some(b'0');
    let whole = digits(cursor);
    if whole == 0 {
        return Err(cursor.unexpected("a digit"));
    }
    if leading_zero && whole > 1 {
        let message = "JSON numbers have no leading zeros".to_owned();
        return Err(malformed(message, start, cursor.at()));
    }
    if cursor.take(b'.') && digits(cursor) == 0 {
        return Err(cursor.unexpected("a digit after the decimal point"));
    }
    if cursor.take(b'e') || cursor.take(b'E') {
        if !cursor.take(b'+') {
            cursor.take(b'-');
        }
        if digits(cursor) == 0 {
            return Err(cursor.unexpected("a digit in the exponent"));
        }
    }
    Ok(())
}

fn digits(cursor: &mut Cursor<'_>) -> usize {
    let mut count = 0;
    while cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        cursor.advance(1);
        count += 1;
    }
    count
}
