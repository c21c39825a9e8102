//! Tokens to the tree of one file.
//!
//! A declaration that cannot be read is one problem with a place; reading goes on behind it.

mod comments;
mod enumeration;
mod field;
mod file;
mod literal;
mod message;
mod service;

use std::borrow::Cow;

pub(super) use self::comments::parse_comments;

use self::comments::{Commentary, Ends};
use super::lexer::{Lexer, Token, TokenKind, unescape};
use super::syntax::{Edition, Numeral, ProtoFile, Word};
use crate::load::{Problem, ProblemKind};
use crate::source::{FileId, Span};

/// How deep messages and option values may nest, braces counted.
pub(super) const MAX_NESTING: usize = 100;

/// How deep messages may nest, groups and the entries of maps included: compilers refuse more.
const MAX_MESSAGES: usize = 31;

/// How many problems of one file are reported before the rest of it is skipped.
pub(super) const MAX_SYNTAX_PROBLEMS: usize = 100;

/// Reads a file; what could not be read is missing from the tree and told in the problems.
pub(super) fn parse(file: FileId, text: &str) -> (ProtoFile<'_>, Vec<Problem>) {
    let mut parser = Parser::new(file, text);
    let tree = parser.file();
    (tree, parser.problems)
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The token that comes next.
    next: Token<'t>,
    text: &'t str,
    file: FileId,
    edition: Edition,
    /// Where the token before ended.
    behind: u32,
    /// How many braces are open.
    open: usize,
    nesting: usize,
    /// How many messages are open.
    depth: usize,
    problems: Vec<Problem>,
    /// The comments, where they are asked for.
    commentary: Option<Box<Commentary>>,
}

/// Why a declaration could not be read.
struct Fault {
    kind: ProblemKind,
    message: String,
    span: Span,
}

type Parsed<T> = Result<T, Fault>;

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        let mut lexer = Lexer::new(text);
        let next = lexer.next();
        let edition = Edition::Proto2;
        let (problems, commentary) = (Vec::new(), None);
        let (behind, open, nesting, depth) = (0, 0, 0, 0);
        Self {
            lexer,
            next,
            text,
            file,
            edition,
            behind,
            open,
            nesting,
            depth,
            problems,
            commentary,
        }
    }

    fn advance(&mut self) -> Token<'t> {
        self.note_gap();
        let token = self.next;
        match (token.kind, token.text) {
            (TokenKind::Symbol, "{") => self.open += 1,
            (TokenKind::Symbol, "}") => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.behind = token.end;
        self.next = self.lexer.next();
        token
    }

    /// The token after the next one.
    fn second(&self) -> Token<'t> {
        let mut lexer = self.lexer;
        lexer.next()
    }

    fn at_symbol(&self, symbol: &str) -> bool {
        self.next.kind == TokenKind::Symbol && self.next.text == symbol
    }

    fn at_word(&self, word: &str) -> bool {
        self.next.kind == TokenKind::Word && self.next.text == word
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.advance();
        }
        found
    }

    fn expect_symbol(&mut self, symbol: &str) -> Parsed<Token<'t>> {
        if self.at_symbol(symbol) {
            return Ok(self.advance());
        }
        Err(self.unexpected(&format!("`{symbol}`")))
    }

    fn expect_word(&mut self, word: &str) -> Parsed<Token<'t>> {
        if self.at_word(word) {
            return Ok(self.advance());
        }
        Err(self.unexpected(&format!("`{word}`")))
    }

    /// Ends a statement. A semicolon that is missing at the end of a line is told and assumed.
    fn end_statement(&mut self, ends: Ends) -> Parsed<()> {
        if self.eat_symbol(";") {
            self.note_end(ends);
            return Ok(());
        }
        let between = self.text.get(index(self.behind)..index(self.next.start)).unwrap_or("");
        if !between.contains('\n') || matches!(self.next.kind, TokenKind::Bad(_)) {
            return Err(self.unexpected("`;`"));
        }
        let end = self.behind;
        let span = Span { file: self.file, start: end.saturating_sub(1), end };
        let message = "a `;` is missing here".to_owned();
        self.report(Fault { kind: ProblemKind::Part, message, span });
        Ok(())
    }

    fn word(&mut self, what: &str) -> Parsed<Word<'t>> {
        if self.next.kind != TokenKind::Word {
            return Err(self.unexpected(what));
        }
        let token = self.advance();
        Ok(Word { text: Cow::Borrowed(token.text), span: self.at(token) })
    }

    /// A name of words joined by dots, with a leading dot where one is written.
    fn dotted(&mut self, what: &str) -> Parsed<Word<'t>> {
        let start = self.next.start;
        self.eat_symbol(".");
        self.word(what)?;
        let mut closed_up = self.text.get(index(start)..index(self.behind)).is_some_and(tight);
        let mut parts = 1;
        while self.at_symbol(".") {
            parts += 1;
            if parts > MAX_NESTING {
                let message = format!("a name has more than {MAX_NESTING} parts (MAX_NESTING)");
                let span = self.at(self.next);
                return Err(Fault { kind: ProblemKind::Refused, message, span });
            }
            self.advance();
            closed_up &= self.next.start == self.behind;
            self.word(what)?;
        }
        let span = self.since(start);
        let written = self.text.get(index(start)..index(span.end)).unwrap_or("");
        closed_up &= tight(written);
        let text = if closed_up { Cow::Borrowed(written) } else { self.rejoin(span) };
        Ok(Word { text, span })
    }

    /// The words and dots of a span, without the blanks and comments between them.
    fn rejoin(&self, span: Span) -> Cow<'t, str> {
        let written = self.text.get(index(span.start)..index(span.end)).unwrap_or("");
        let mut lexer = Lexer::new(written);
        let mut joined = String::new();
        loop {
            let token = lexer.next();
            if token.kind == TokenKind::End {
                return Cow::Owned(joined);
            }
            joined.push_str(token.text);
        }
    }

    fn integer(&mut self, what: &str) -> Parsed<Numeral> {
        let start = self.next.start;
        let negative = self.eat_symbol("-");
        if self.next.kind != TokenKind::Integer {
            return Err(self.unexpected(what));
        }
        let digits = self.advance();
        let magnitude = whole_number(digits.text).ok_or_else(|| Fault {
            kind: ProblemKind::Part,
            message: format!("`{}` is not a number", digits.text),
            span: self.at(digits),
        })?;
        let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
        let value = if negative { -magnitude } else { magnitude };
        Ok(Numeral { value, span: self.since(start) })
    }

    /// Adjacent quoted texts, joined and unescaped.
    fn quoted(&mut self, what: &str) -> Parsed<(Vec<u8>, Span)> {
        let start = self.next.start;
        if self.next.kind != TokenKind::Quoted {
            return Err(self.unexpected(what));
        }
        let mut bytes = Vec::new();
        while self.next.kind == TokenKind::Quoted {
            let token = self.advance();
            bytes.extend(unescape(token.text).map_err(|message| Fault {
                kind: ProblemKind::Part,
                message: message.to_owned(),
                span: self.at(token),
            })?);
        }
        Ok((bytes, self.since(start)))
    }

    fn quoted_name(&mut self, what: &str) -> Parsed<(String, Span)> {
        let (bytes, span) = self.quoted(what)?;
        let text = String::from_utf8(bytes).map_err(|_| Fault {
            kind: ProblemKind::Part,
            message: format!("{what} is not UTF-8"),
            span,
        })?;
        Ok((text, span))
    }

    /// Reads statements up to the closing brace, which must come; each may fail for itself.
    fn block(
        &mut self,
        ends: Ends,
        mut statement: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        let opening = self.expect_symbol("{")?;
        self.note_end(ends);
        if self.nesting >= MAX_NESTING {
            let message = format!("messages nest deeper than {MAX_NESTING} levels (MAX_NESTING)");
            return Err(Fault { kind: ProblemKind::Refused, message, span: self.at(opening) });
        }
        self.nesting += 1;
        let around = self.enter(ends);
        let level = self.open;
        loop {
            if self.at_symbol("}") {
                self.advance();
                self.note_end(Ends::Block);
                break;
            }
            if self.next.kind == TokenKind::End {
                let message = "this `{` is never closed".to_owned();
                self.report(Fault { kind: ProblemKind::Part, message, span: self.at(opening) });
                break;
            }
            if self.eat_symbol(";") {
                self.note_end(Ends::Nothing);
                continue;
            }
            let nesting = self.nesting;
            if let Err(fault) = statement(self) {
                self.report(fault);
                self.recover(level);
                self.nesting = nesting;
            }
        }
        self.leave(around);
        self.nesting -= 1;
        Ok(())
    }

    /// Skips to the end of a statement that could not be read, at this level of braces.
    fn recover(&mut self, level: usize) {
        if self.problems.len() >= MAX_SYNTAX_PROBLEMS {
            while self.next.kind != TokenKind::End {
                self.advance();
            }
        }
        while self.next.kind != TokenKind::End {
            if self.open <= level && self.at_symbol("}") {
                return;
            }
            let token = self.advance();
            let ends = token.kind == TokenKind::Symbol && matches!(token.text, ";" | "}");
            if ends && self.open <= level {
                return;
            }
        }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let message = match self.next.kind {
            TokenKind::Bad(reason) => reason.to_owned(),
            TokenKind::End => format!("expected {wanted}, found the end of the file"),
            TokenKind::Word
            | TokenKind::Integer
            | TokenKind::Float
            | TokenKind::Quoted
            | TokenKind::Symbol => format!("expected {wanted}, found `{}`", self.next.text),
        };
        Fault { kind: ProblemKind::Part, message, span: self.at(self.next) }
    }

    fn report(&mut self, fault: Fault) {
        let Fault { kind, message, span } = fault;
        self.problems.push(Problem { kind, message, span: Some(span), path: None });
    }

    fn at(&self, token: Token<'_>) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// From this offset to the end of the token before.
    fn since(&self, start: u32) -> Span {
        Span { file: self.file, start, end: self.behind.max(start) }
    }
}

/// The value of decimal, octal or hexadecimal digits, at most `u64::MAX`.
pub(super) fn whole_number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..)?, 16),
        [b'0', _, ..] => (text.get(1..)?, 8),
        _ => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

fn tight(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
