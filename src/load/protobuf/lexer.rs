//! Text to tokens.

/// Splits `.proto` text into tokens; a copy is a bookmark, so looking ahead costs nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters, digits and underscores.
    Word,
    /// Decimal, octal or hexadecimal digits.
    Integer,
    /// A number with a fraction, an exponent or the suffix `f`.
    Float,
    /// A quoted text, quotes included, escapes not yet resolved.
    Quoted,
    /// One punctuation character.
    Symbol,
    /// Something that is no token, and why.
    Bad(&'static str),
    /// The end of the text.
    End,
}

impl<'t> Lexer<'t> {
    /// A lexer at the beginning of a file.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// The next token; at the end of the text, [`TokenKind::End`] for ever.
    pub(super) fn next(&mut self) -> Token<'t> {
        if let Err(start) = self.skip_blank() {
            return self.token(start, TokenKind::Bad("this comment is never closed"));
        }
        let start = self.position;
        let Some(first) = self.peek(0) else {
            return self.token(start, TokenKind::End);
        };
        let kind = if is_word_start(first) {
            self.skip_while(is_word);
            TokenKind::Word
        } else if first.is_ascii_digit()
            || (first == b'.' && self.peek(1).is_some_and(|next| next.is_ascii_digit()))
        {
            self.number(first)
        } else if first == b'"' || first == b'\'' {
            self.quoted(first)
        } else if first.is_ascii_graphic() {
            self.position += 1;
            TokenKind::Symbol
        } else {
            let rest = self.text.get(start..).unwrap_or("");
            self.position += rest.chars().next().map_or(1, char::len_utf8);
            TokenKind::Bad("this character means nothing outside a quoted text")
        };
        self.token(start, kind)
    }

    fn number(&mut self, first: u8) -> TokenKind {
        let hexadecimal = first == b'0' && matches!(self.peek(1), Some(b'x' | b'X'));
        if hexadecimal {
            self.position += 2;
            let start = self.position;
            self.skip_while(|byte| byte.is_ascii_hexdigit());
            return self.end_number(self.position > start, TokenKind::Integer);
        }
        let mut kind = TokenKind::Integer;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.peek(0) == Some(b'.') {
            kind = TokenKind::Float;
            self.position += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        let mut complete = true;
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            kind = TokenKind::Float;
            self.position += 1;
            if matches!(self.peek(0), Some(b'+' | b'-')) {
                self.position += 1;
            }
            let start = self.position;
            self.skip_while(|byte| byte.is_ascii_digit());
            complete = self.position > start;
        }
        if matches!(self.peek(0), Some(b'f' | b'F')) {
            kind = TokenKind::Float;
            self.position += 1;
        }
        self.end_number(complete, kind)
    }

    fn end_number(&mut self, complete: bool, kind: TokenKind) -> TokenKind {
        let runs_on = self.peek(0).is_some_and(|byte| is_word(byte) || byte == b'.');
        self.skip_while(|byte| is_word(byte) || byte == b'.');
        if complete && !runs_on { kind } else { TokenKind::Bad("this is not a number") }
    }

    fn quoted(&mut self, quote: u8) -> TokenKind {
        self.position += 1;
        loop {
            match self.peek(0) {
                None | Some(b'\n') => return TokenKind::Bad("this text has no closing quote"),
                Some(b'\\') if self.peek(1).is_some_and(|next| next != b'\n') => self.position += 2,
                Some(byte) => {
                    self.position += 1;
                    if byte == quote {
                        return TokenKind::Quoted;
                    }
                }
            }
        }
    }

    /// Skips blanks and comments; the error is where a comment begins that is never closed.
    fn skip_blank(&mut self) -> Result<(), usize> {
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace() || byte == 0x0b);
            match (self.peek(0), self.peek(1)) {
                (Some(b'/'), Some(b'/')) => self.skip_while(|byte| byte != b'\n'),
                (Some(b'/'), Some(b'*')) => {
                    let start = self.position;
                    let rest = self.text.get(start + 2..).unwrap_or("");
                    let Some(length) = rest.find("*/") else {
                        self.position = self.text.len();
                        return Err(start);
                    };
                    self.position = start + length + 4;
                }
                _ => return Ok(()),
            }
        }
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.position..).unwrap_or(&[]);
        let length = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
        self.position += length;
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    fn token(&mut self, start: usize, kind: TokenKind) -> Token<'t> {
        // An escape may have been cut in the middle of a character; the next boundary ends it.
        while !self.text.is_char_boundary(self.position) {
            self.position += 1;
        }
        let text = self.text.get(start..self.position).unwrap_or("");
        Token { kind, text, start: offset(start), end: offset(self.position) }
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// The bytes that a quoted token stands for, or what is wrong with one of its escapes.
pub(super) fn unescape(quoted: &str) -> Result<Vec<u8>, &'static str> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        bytes.extend_from_slice(plain.as_bytes());
        let escape = escape.get(1..).unwrap_or("");
        rest = escape.get(unescape_one(escape, &mut bytes)?..).unwrap_or("");
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// Resolves what follows a backslash; answers how much of it belonged to the escape.
fn unescape_one(escape: &str, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let simple = match escape.bytes().next() {
        Some(b'a') => 0x07,
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'v') => 0x0b,
        Some(same @ (b'\\' | b'\'' | b'"' | b'?')) => same,
        Some(b'0'..=b'7') => {
            let length = escape.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let length = length.count();
            out.push(u8::try_from(digits(escape, 0, length, 8)?).unwrap_or(u8::MAX));
            return Ok(length);
        }
        Some(b'x' | b'X') => {
            let hexadecimal = escape.bytes().skip(1).take(2);
            let length = hexadecimal.take_while(u8::is_ascii_hexdigit).count();
            out.push(u8::try_from(digits(escape, 1, length, 16)?).unwrap_or(u8::MAX));
            return Ok(1 + length);
        }
        Some(b'u') => return unicode(escape, 4, out),
        Some(b'U') => return unicode(escape, 8, out),
        _ => return Err("this escape is unknown"),
    };
    out.push(simple);
    Ok(1)
}

fn unicode(escape: &str, length: usize, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let code = digits(escape, 1, length, 16)?;
    // A surrogate pair is written as two escapes.
    let low = escape.get(1 + length..).and_then(|rest| rest.strip_prefix("\\u"));
    if let (0xd800..=0xdbff, Some(low)) = (code, low) {
        let low = digits(low, 0, 4, 16)?;
        if (0xdc00..=0xdfff).contains(&low) {
            let joined = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            push_code(joined, out)?;
            return Ok(1 + length + 6);
        }
    }
    push_code(code, out)?;
    Ok(1 + length)
}

/// Half of a pair, standing alone, is no character; it is written like one all the same.
fn push_code(code: u32, out: &mut Vec<u8>) -> Result<(), &'static str> {
    if let Some(character) = char::from_u32(code) {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return Ok(());
    }
    let half = u16::try_from(code).map_err(|_| "this escape is no character")?;
    let six = |shift: u16| u8::try_from((half >> shift) & 0x3f).unwrap_or(0) | 0x80;
    out.extend([0xe0 | u8::try_from(half >> 12).unwrap_or(0), six(6), six(0)]);
    Ok(())
}

fn digits(text: &str, from: usize, length: usize, radix: u32) -> Result<u32, &'static str> {
    let digits = text.get(from..from + length).unwrap_or("");
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err("this escape lacks digits");
    }
    u32::from_str_radix(digits, radix).map_err(|_| "this escape lacks digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        loop {
            let token = lexer.next();
            if token.kind == TokenKind::End {
                return found;
            }
            found.push((token.kind, token.text));
        }
    }

    #[test]
    fn numbers_are_told_from_words_and_dots() {
        use TokenKind::{Float, Integer, Symbol, Word};
        let expected = [(Integer, "0x1F"), (Integer, "017"), (Float, ".5"), (Float, "1e-3")];
        assert_eq!(kinds("0x1F 017 .5 1e-3"), expected);
        assert_eq!(kinds("a.b"), [(Word, "a"), (Symbol, "."), (Word, "b")]);
        assert!(matches!(kinds("12ab")[..], [(TokenKind::Bad(_), "12ab")]));
        assert!(matches!(kinds("1e")[..], [(TokenKind::Bad(_), "1e")]));
    }

    #[test]
    fn what_is_never_closed_is_one_bad_token() {
        assert!(matches!(kinds("a /* b")[..], [_, (TokenKind::Bad(_), "/* b")]));
        assert!(matches!(kinds("'a\n'")[..], [(TokenKind::Bad(_), "'a"), _]));
        assert!(matches!(kinds("\"\\é")[..], [(TokenKind::Bad(_), _)]));
    }

    #[test]
    fn escapes_stand_for_bytes() {
        assert_eq!(unescape(r#""a\n\x41\101\'\u00e9""#).unwrap(), "a\nAA'é".as_bytes());
        assert_eq!(unescape(r"'\ud83d\ude00'").unwrap(), "😀".as_bytes());
        assert_eq!(unescape(r"'\xff\377'").unwrap(), [0xff, 0xff]);
        assert!(unescape(r"'\q'").is_err());
        assert!(unescape(r"'\u12'").is_err());
        assert!(unescape(r"'\U00110000'").is_err());
    }
}
