//! Options and their values, message literals in text format included.

use std::borrow::Cow;

use super::{Ends, Fault, MAX_NESTING, Parsed, Parser, index};
use crate::load::ProblemKind;
use crate::load::protobuf::lexer::TokenKind;
use crate::load::protobuf::syntax::{Literal, LiteralValue, Member, NamePart, Setting, Word};

impl<'t> Parser<'t> {
    /// `option name = value;`
    pub(super) fn option_statement(&mut self) -> Parsed<Setting<'t>> {
        let start = self.expect_word("option")?.start;
        let mut setting = self.setting()?;
        self.end_statement(Ends::Statement(start))?;
        setting.span = self.since(start);
        Ok(setting)
    }

    /// `name = value`, where the name may have several parts.
    pub(super) fn setting(&mut self) -> Parsed<Setting<'t>> {
        let start = self.next.start;
        let mut name = Vec::new();
        loop {
            if name.len() >= MAX_NESTING {
                let message = format!("a name has more than {MAX_NESTING} parts (MAX_NESTING)");
                let span = self.at(self.next);
                return Err(Fault { kind: ProblemKind::Refused, message, span });
            }
            if self.eat_symbol("(") {
                let word = self.dotted("the name of an option")?;
                self.expect_symbol(")")?;
                name.push(NamePart { word, extension: true });
            } else {
                let word = self.word("the name of an option")?;
                name.push(NamePart { word, extension: false });
            }
            if !self.eat_symbol(".") {
                break;
            }
        }
        self.expect_symbol("=")?;
        // Angle brackets are for messages inside of messages.
        if self.at_symbol("<") {
            return Err(self.unexpected("a value"));
        }
        let value = self.literal()?;
        Ok(Setting { name, value, span: self.since(start) })
    }

    fn literal(&mut self) -> Parsed<Literal<'t>> {
        let start = self.next.start;
        let value = match self.next.kind {
            TokenKind::Quoted => LiteralValue::Text(self.quoted("a value")?.0),
            TokenKind::Word => LiteralValue::Word(self.advance().text),
            TokenKind::Integer | TokenKind::Float => {
                LiteralValue::Number { negative: false, text: self.advance().text }
            }
            TokenKind::Symbol if self.next.text == "-" => {
                self.advance();
                match self.next.kind {
                    TokenKind::Word => LiteralValue::NegativeWord(self.advance().text),
                    TokenKind::Integer | TokenKind::Float => {
                        LiteralValue::Number { negative: true, text: self.advance().text }
                    }
                    TokenKind::Quoted | TokenKind::Symbol | TokenKind::Bad(_) | TokenKind::End => {
                        return Err(self.unexpected("a number"));
                    }
                }
            }
            TokenKind::Symbol if matches!(self.next.text, "{" | "<") => {
                LiteralValue::Message(self.message_literal()?)
            }
            TokenKind::Symbol if self.next.text == "[" => LiteralValue::List(self.list_literal()?),
            TokenKind::Symbol | TokenKind::Bad(_) | TokenKind::End => {
                return Err(self.unexpected("a value"));
            }
        };
        Ok(Literal { value, span: self.since(start) })
    }

    fn message_literal(&mut self) -> Parsed<Vec<Member<'t>>> {
        self.deepen()?;
        let closing = if self.advance().text == "{" { "}" } else { ">" };
        let mut members = Vec::new();
        while !self.eat_symbol(closing) {
            let (name, extension) = self.member_name()?;
            let colon = self.eat_symbol(":");
            let braced = self.at_symbol("{") || self.at_symbol("<") || self.at_symbol("[");
            if !colon && !braced {
                return Err(self.unexpected("`:`"));
            }
            let value = self.literal()?;
            // Without a colon there is a message, or a list of them.
            if let (false, LiteralValue::List(elements)) = (colon, &value.value)
                && !elements.iter().all(|one| matches!(one.value, LiteralValue::Message(_)))
            {
                let message = format!("a `:` is missing behind `{}`", name.text);
                return Err(Fault { kind: ProblemKind::Part, message, span: value.span });
            }
            members.push(Member { name, extension, value });
            if !self.eat_symbol(",") {
                self.eat_symbol(";");
            }
        }
        self.nesting -= 1;
        Ok(members)
    }

    fn list_literal(&mut self) -> Parsed<Vec<Literal<'t>>> {
        self.deepen()?;
        self.advance();
        let mut elements = Vec::new();
        if !self.eat_symbol("]") {
            loop {
                elements.push(self.literal()?);
                if !self.eat_symbol(",") {
                    self.expect_symbol("]")?;
                    break;
                }
            }
        }
        self.nesting -= 1;
        Ok(elements)
    }

    /// `name`, `[pkg.extension]` or `[domain/pkg.Type]`.
    fn member_name(&mut self) -> Parsed<(Word<'t>, bool)> {
        if !self.eat_symbol("[") {
            return Ok((self.word("the name of a member")?, false));
        }
        // What is named here is named in full.
        if self.at_symbol(".") {
            return Err(self.unexpected("a full name without a dot before it"));
        }
        let start = self.next.start;
        let mut text = String::new();
        while !self.at_symbol("]") {
            let belongs = match self.next.kind {
                TokenKind::Word | TokenKind::Integer => true,
                TokenKind::Symbol => matches!(self.next.text, "." | "/" | "-"),
                TokenKind::Float | TokenKind::Quoted | TokenKind::Bad(_) | TokenKind::End => false,
            };
            if !belongs {
                return Err(self.unexpected("`]`"));
            }
            text.push_str(self.advance().text);
        }
        let span = self.since(start);
        self.advance();
        let written = self.text.get(index(span.start)..index(span.end)).unwrap_or("");
        let text = if written == text { Cow::Borrowed(written) } else { Cow::Owned(text) };
        Ok((Word { text, span }, true))
    }

    fn deepen(&mut self) -> Parsed<()> {
        if self.nesting >= MAX_NESTING {
            let message = format!("values nest deeper than {MAX_NESTING} levels (MAX_NESTING)");
            return Err(Fault { kind: ProblemKind::Refused, message, span: self.at(self.next) });
        }
        self.nesting += 1;
        Ok(())
    }
}
