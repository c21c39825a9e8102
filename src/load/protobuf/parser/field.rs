//! Fields, inside and outside of oneofs, and extensions.

use super::message::too_deep;
use super::{Ends, Fault, MAX_MESSAGES, Parsed, Parser};
use crate::load::ProblemKind;
use crate::load::protobuf::lexer::TokenKind;
use crate::load::protobuf::syntax::{FieldNode, FieldType, Label, MessageNode, Setting};
use crate::source::Span;

impl<'t> Parser<'t> {
    /// A field; `oneof` is the index of the oneof it stands in.
    pub(super) fn field(&mut self, oneof: Option<usize>) -> Parsed<FieldNode<'t>> {
        let start = self.next.start;
        let label = self.label(oneof)?;
        if self.at_word("group") && self.second().kind == TokenKind::Word {
            return self.group(start, label, oneof);
        }
        let type_start = self.next.start;
        let kind = if self.at_word("map") && self.second().text == "<" {
            self.map_type()?
        } else {
            FieldType::Named(self.dotted("a field")?)
        };
        let type_span = self.since(type_start);
        let name = self.declared_name()?;
        self.expect_symbol("=")?;
        let number = self.integer("the number of the field")?;
        let options = self.field_options()?;
        self.end_statement(Ends::Element(start))?;
        let span = self.since(start);
        Ok(FieldNode { label, kind, type_span, name, number, options, oneof, span })
    }

    fn label(&mut self, oneof: Option<usize>) -> Parsed<Option<(Label, Span)>> {
        let label = match (self.next.kind, self.next.text) {
            (TokenKind::Word, "optional") => Label::Optional,
            (TokenKind::Word, "required") => Label::Required,
            (TokenKind::Word, "repeated") => Label::Repeated,
            _ => return Ok(None),
        };
        let token = self.advance();
        if oneof.is_some() {
            let message = format!("a member of a oneof cannot be `{}`", token.text);
            return Err(Fault { kind: ProblemKind::Part, message, span: self.at(token) });
        }
        Ok(Some((label, self.at(token))))
    }

    fn map_type(&mut self) -> Parsed<FieldType<'t>> {
        let word = self.advance();
        // Its entry is a message in the one around it.
        if self.depth >= MAX_MESSAGES {
            let fault = too_deep(self.at(word));
            self.report(fault);
        }
        self.expect_symbol("<")?;
        let key = self.dotted("the type of the map's keys")?;
        self.expect_symbol(",")?;
        let value = self.dotted("the type of the map's values")?;
        self.expect_symbol(">")?;
        Ok(FieldType::Map(key, value))
    }

    fn group(
        &mut self,
        start: u32,
        label: Option<(Label, Span)>,
        oneof: Option<usize>,
    ) -> Parsed<FieldNode<'t>> {
        self.advance();
        let name = self.declared_name()?;
        if !name.text.starts_with(|first: char| first.is_ascii_uppercase()) {
            let message = "the name of a group begins with a capital letter".to_owned();
            self.report(Fault { kind: ProblemKind::Part, message, span: name.span });
        }
        self.expect_symbol("=")?;
        let number = self.integer("the number of the group")?;
        let options = self.field_options()?;
        let body = self.message_body(start)?;
        let span = self.since(start);
        let type_span = name.span;
        let field_name = name.clone();
        let message = MessageNode { name, visibility: None, body, span };
        let kind = FieldType::Group(Box::new(message));
        Ok(FieldNode { label, kind, type_span, name: field_name, number, options, oneof, span })
    }

    /// `[ name = value, … ]`, where there is one.
    pub(super) fn field_options(&mut self) -> Parsed<Vec<Setting<'t>>> {
        let mut options = Vec::new();
        if !self.eat_symbol("[") {
            return Ok(options);
        }
        loop {
            options.push(self.setting()?);
            if !self.eat_symbol(",") {
                self.expect_symbol("]")?;
                return Ok(options);
            }
        }
    }
}
