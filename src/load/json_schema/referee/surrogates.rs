//! Letters beyond the basic plane that a pattern writes as two escapes.
//!
//! Under the flag `u` a pair of them is one letter (ECMA-262 §22.2.1, `RegExpUnicodeEscapeSequence`).
//! The validator refuses surrogates. One by itself matches no text of JSON that is UTF-8 (RFC 8259 §8.1).

use std::iter::Peekable;

/// Matches nothing, and anything.
const NOTHING: &str = r"[^\s\S]";
const ANYTHING: &str = r"[\s\S]";

/// The last letter before the surrogates, and the first behind them.
const BEFORE: char = '\u{D7FF}';
const BEHIND: char = '\u{E000}';

/// The pattern without surrogates, which matches the same texts.
pub(super) fn paired(pattern: String) -> String {
    let is_surrogate = |token: &Token<'_>| !matches!(token, Token::Text(_));
    if !pattern.contains(r"\u") || !(Tokens { left: &pattern }).any(|token| is_surrogate(&token)) {
        return pattern;
    }
    let mut tokens = Tokens { left: &pattern }.peekable();
    let mut written = String::with_capacity(pattern.len());
    while let Some(atom) = next(&mut tokens) {
        match atom {
            Atom::Text("[") => class(&mut tokens, &mut written),
            Atom::Text(text) => written.push_str(text),
            Atom::Letter(letter) => written.push(letter),
            Atom::Lone => written.push_str(NOTHING),
        }
    }
    written
}

/// A letter, an escape, or half of a letter.
#[derive(Clone, Copy)]
enum Token<'p> {
    Text(&'p str),
    High(u32),
    Low(u32),
}

#[derive(Clone, Copy)]
enum Atom<'p> {
    Text(&'p str),
    Letter(char),
    /// Half of a letter.
    Lone,
}

struct Tokens<'p> {
    left: &'p str,
}

impl<'p> Iterator for Tokens<'p> {
    type Item = Token<'p>;

    fn next(&mut self) -> Option<Token<'p>> {
        let unit = self.left.strip_prefix(r"\u").and_then(|behind| behind.get(..4));
        let is_hex = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = unit.filter(is_hex).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let length = match unit {
            Some(_) => 6,
            None if self.left.starts_with('\\') => {
                self.left.chars().take(2).map(char::len_utf8).sum()
            }
            None => self.left.chars().next()?.len_utf8(),
        };
        let (token, behind) = self.left.split_at_checked(length)?;
        self.left = behind;
        Some(match unit {
            Some(unit @ 0xD800..=0xDBFF) => Token::High(unit),
            Some(unit @ 0xDC00..=0xDFFF) => Token::Low(unit),
            Some(_) | None => Token::Text(token),
        })
    }
}

fn next<'p>(tokens: &mut Peekable<Tokens<'p>>) -> Option<Atom<'p>> {
    Some(match tokens.next()? {
        Token::Text(text) => Atom::Text(text),
        Token::Low(_) => Atom::Lone,
        Token::High(high) => {
            let Some(Token::Low(low)) = tokens.peek().copied() else { return Some(Atom::Lone) };
            tokens.next();
            let point = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            char::from_u32(point).map_or(Atom::Lone, Atom::Letter)
        }
    })
}

/// What follows the bracket that opens a class.
fn class(tokens: &mut Peekable<Tokens<'_>>, written: &mut String) {
    let (mut inner, mut is_negated, mut is_first) = (String::new(), false, true);
    while let Some(atom) = next(tokens) {
        match atom {
            Atom::Text("]") => break,
            Atom::Text("^") if is_first => is_negated = true,
            Atom::Text(_) | Atom::Letter(_) | Atom::Lone => member(atom, tokens, &mut inner),
        }
        is_first = false;
    }
    match (is_negated, inner.is_empty()) {
        (false, true) => written.push_str(NOTHING),
        (true, true) => written.push_str(ANYTHING),
        (false, false) => written.extend(["[", &inner, "]"]),
        (true, false) => written.extend(["[^", &inner, "]"]),
    }
}

/// A member of a class, or the range that it begins.
fn member<'p>(first: Atom<'p>, tokens: &mut Peekable<Tokens<'p>>, inner: &mut String) {
    let mut write = |atom: Atom<'_>, instead: Option<char>| match atom {
        Atom::Text(text) => inner.push_str(text),
        Atom::Letter(letter) => inner.push(letter),
        Atom::Lone => inner.extend(instead),
    };
    let is_range = matches!(tokens.peek(), Some(Token::Text("-")));
    if !is_range {
        return write(first, None);
    }
    tokens.next();
    if matches!(tokens.peek(), None | Some(Token::Text("]"))) {
        write(first, None);
        return write(Atom::Text("-"), None);
    }
    match (first, next(tokens).unwrap_or(Atom::Lone)) {
        (Atom::Lone, Atom::Lone) => {}
        (first, last) => {
            write(first, Some(BEHIND));
            write(Atom::Text("-"), None);
            write(last, Some(BEFORE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_letters_and_halves_match_nothing() {
        let as_written = |pattern: &str| paired(pattern.to_owned());
        assert_eq!(as_written(r"^\ud83d\ude00$"), "^😀$");
        assert_eq!(as_written(r"[\uD83D\uDE00-\uD83D\uDE4F]"), "[😀-🙏]");
        assert_eq!(as_written(r"\\ud83d"), r"\\ud83d");
        assert_eq!(as_written(r"a\ud83db|\u0041"), r"a[^\s\S]b|\u0041");
        assert_eq!(as_written(r"[\ud800-\udfff]|[^\ud800-\udfff]"), r"[^\s\S]|[\s\S]");
        assert_eq!(as_written(r"[\u0020-\udbffx-]"), "[\\u0020-\u{D7FF}x-]");
    }
}
