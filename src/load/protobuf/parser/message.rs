//! Messages and what stands in them.

use std::borrow::Cow;

use super::{Ends, Fault, MAX_MESSAGES, Parsed, Parser};
use crate::load::ProblemKind;
use crate::load::protobuf::lexer::TokenKind;
use crate::load::protobuf::syntax::{
    Declarations, ExtendNode, ExtensionsNode, FieldNode, MessageBody, MessageNode, OneofNode,
    RangeEnd, RangeNode, ReservedName, Word,
};
use crate::source::Span;

impl<'t> Parser<'t> {
    /// A message, enumeration or block of extensions, in a file or in a message.
    pub(super) fn nested_declaration(&mut self, scope: &mut Declarations<'t>) -> Parsed<()> {
        let visibility = self.visibility();
        let start = self.next.start;
        match self.next.text {
            "message" => {
                self.advance();
                let name = self.declared_name()?;
                let body = self.message_body(start)?;
                let span = self.since(start);
                scope.messages.push(MessageNode { name, visibility, body, span });
                Ok(())
            }
            "enum" => {
                let declared = self.enumeration(start, visibility)?;
                scope.enums.push(declared);
                Ok(())
            }
            "extend" => {
                let extend = self.extend()?;
                scope.extends.push(extend);
                Ok(())
            }
            _ => Err(self.unexpected("`message`, `enum` or `extend`")),
        }
    }

    /// The braces of a message or group that began at `start`, and what is between them.
    pub(super) fn message_body(&mut self, start: u32) -> Parsed<MessageBody<'t>> {
        let mut body = MessageBody::default();
        if self.depth >= MAX_MESSAGES {
            return Err(too_deep(self.at(self.next)));
        }
        self.depth += 1;
        let read = self.block(Ends::Element(start), |parser| parser.message_statement(&mut body));
        self.depth -= 1;
        read?;
        Ok(body)
    }

    fn message_statement(&mut self, body: &mut MessageBody<'t>) -> Parsed<()> {
        match (self.next.kind, self.next.text) {
            (TokenKind::Word, "message" | "enum" | "extend") => {
                self.nested_declaration(&mut body.scope)
            }
            (TokenKind::Word, "export" | "local")
                if matches!(self.second().text, "message" | "enum") =>
            {
                self.nested_declaration(&mut body.scope)
            }
            (TokenKind::Word, "option") => {
                let option = self.option_statement()?;
                body.options.push(option);
                Ok(())
            }
            (TokenKind::Word, "oneof") => self.oneof(body),
            (TokenKind::Word, "reserved") => {
                self.reserved(&mut body.reserved, &mut body.reserved_names)
            }
            (TokenKind::Word, "extensions") => self.extension_ranges(&mut body.extension_ranges),
            _ => {
                let field = self.field(None)?;
                body.fields.push(field);
                Ok(())
            }
        }
    }

    fn oneof(&mut self, body: &mut MessageBody<'t>) -> Parsed<()> {
        let start = self.advance().start;
        let name = self.declared_name()?;
        let index = body.oneofs.len();
        let mut options = Vec::new();
        let mut fields: Vec<FieldNode<'t>> = Vec::new();
        self.block(Ends::Element(start), |parser| {
            if parser.at_word("option") {
                let option = parser.option_statement()?;
                options.push(option);
            } else {
                let field = parser.field(Some(index))?;
                fields.push(field);
            }
            Ok(())
        })?;
        if fields.is_empty() {
            let message = format!("oneof `{}` has no field", name.text);
            self.report(Fault { kind: ProblemKind::Part, message, span: name.span });
        }
        body.fields.append(&mut fields);
        body.oneofs.push(OneofNode { name, options, span: self.since(start) });
        Ok(())
    }

    fn extend(&mut self) -> Parsed<ExtendNode<'t>> {
        let start = self.advance().start;
        let extendee = self.dotted("the name of a message")?;
        let mut fields = Vec::new();
        self.block(Ends::Statement(start), |parser| {
            let field = parser.field(None)?;
            fields.push(field);
            Ok(())
        })?;
        if fields.is_empty() {
            let message = format!("nothing extends `{}` here", extendee.text);
            self.report(Fault { kind: ProblemKind::Part, message, span: extendee.span });
        }
        Ok(ExtendNode { extendee, fields })
    }

    /// `extensions …;`
    fn extension_ranges(&mut self, all: &mut Vec<ExtensionsNode<'t>>) -> Parsed<()> {
        let start = self.next.start;
        self.advance();
        let mut ranges = Vec::new();
        loop {
            ranges.push(self.range()?);
            if !self.eat_symbol(",") {
                break;
            }
        }
        let options = self.field_options()?;
        self.end_statement(Ends::Statement(start))?;
        all.push(ExtensionsNode { ranges, options, span: self.since(start) });
        Ok(())
    }

    /// `reserved …;` of a message or enumeration.
    pub(super) fn reserved(
        &mut self,
        ranges: &mut Vec<RangeNode>,
        names: &mut Vec<ReservedName<'t>>,
    ) -> Parsed<()> {
        let start = self.advance().start;
        let before = (ranges.len(), names.len());
        loop {
            match self.next.kind {
                TokenKind::Quoted => {
                    let (text, span) = self.quoted_name("a reserved name")?;
                    let name = Word { text: Cow::Owned(text), span };
                    names.push(ReservedName { name, quoted: true });
                }
                TokenKind::Word => {
                    let name = self.word("a reserved name")?;
                    names.push(ReservedName { name, quoted: false });
                }
                TokenKind::Integer
                | TokenKind::Float
                | TokenKind::Symbol
                | TokenKind::Bad(_)
                | TokenKind::End => ranges.push(self.range()?),
            }
            if !self.eat_symbol(",") {
                break;
            }
        }
        if ranges.len() > before.0 && names.len() > before.1 {
            let message = "numbers and names are reserved by statements of their own".to_owned();
            let span = self.since(start);
            return Err(Fault { kind: ProblemKind::Part, message, span });
        }
        self.end_statement(Ends::Statement(start))
    }

    fn range(&mut self) -> Parsed<RangeNode> {
        let first = self.integer("a number or a name")?;
        let last = if !self.eat_word("to") {
            RangeEnd::At(first.value)
        } else if self.eat_word("max") {
            RangeEnd::Max
        } else {
            RangeEnd::At(self.integer("a number or `max`")?.value)
        };
        let span = self.since(first.span.start);
        if matches!(last, RangeEnd::At(last) if last < first.value) {
            let message = "this range ends before it begins".to_owned();
            return Err(Fault { kind: ProblemKind::Part, message, span });
        }
        Ok(RangeNode { first: first.value, last, span })
    }
}

/// Refuses a message inside of more others than compilers take.
pub(super) fn too_deep(span: Span) -> Fault {
    let message = format!(
        "messages nest deeper than {MAX_MESSAGES} levels, which compilers refuse (MAX_MESSAGES)"
    );
    Fault { kind: ProblemKind::Part, message, span }
}
