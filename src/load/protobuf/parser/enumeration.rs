//! Enumerations.

use super::{Ends, Parsed, Parser};
use crate::load::protobuf::lexer::TokenKind;
use crate::load::protobuf::syntax::{EnumNode, ValueNode};
use crate::model::Visibility;
use crate::source::Span;

impl<'t> Parser<'t> {
    /// An enumeration whose declaration began at `start`.
    pub(super) fn enumeration(
        &mut self,
        start: u32,
        visibility: Option<(Visibility, Span)>,
    ) -> Parsed<EnumNode<'t>> {
        self.expect_word("enum")?;
        let name = self.declared_name()?;
        let mut declared = EnumNode {
            span: name.span,
            name,
            visibility,
            values: Vec::new(),
            options: Vec::new(),
            reserved: Vec::new(),
            reserved_names: Vec::new(),
        };
        self.block(Ends::Element(start), |parser| parser.enum_statement(&mut declared))?;
        declared.span = self.since(start);
        Ok(declared)
    }

    fn enum_statement(&mut self, declared: &mut EnumNode<'t>) -> Parsed<()> {
        // A value may be called like a statement: what follows the word tells.
        let is_value = self.second().text == "=";
        match (self.next.kind, self.next.text) {
            (TokenKind::Word, "option") if !is_value => {
                let option = self.option_statement()?;
                declared.options.push(option);
            }
            (TokenKind::Word, "reserved") if !is_value => {
                self.reserved(&mut declared.reserved, &mut declared.reserved_names)?;
            }
            _ => {
                let value = self.enum_value()?;
                declared.values.push(value);
            }
        }
        Ok(())
    }

    fn enum_value(&mut self) -> Parsed<ValueNode<'t>> {
        let name = self.word("an enumeration value")?;
        self.expect_symbol("=")?;
        let number = self.integer("the number of the value")?;
        let options = self.field_options()?;
        self.end_statement(Ends::Element(name.span.start))?;
        let span = self.since(name.span.start);
        Ok(ValueNode { name, number, options, span })
    }
}
