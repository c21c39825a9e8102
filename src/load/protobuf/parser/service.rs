//! Services and their methods.

use super::{Ends, Parsed, Parser};
use crate::load::protobuf::syntax::{Exchanged, MethodNode, ServiceNode};

impl<'t> Parser<'t> {
    /// A service.
    pub(super) fn service(&mut self) -> Parsed<ServiceNode<'t>> {
        let start = self.advance().start;
        let name = self.declared_name()?;
        let mut methods = Vec::new();
        let mut options = Vec::new();
        self.block(Ends::Element(start), |parser| {
            if parser.at_word("option") {
                let option = parser.option_statement()?;
                options.push(option);
            } else {
                let method = parser.method()?;
                methods.push(method);
            }
            Ok(())
        })?;
        Ok(ServiceNode { name, methods, options, span: self.since(start) })
    }

    fn method(&mut self) -> Parsed<MethodNode<'t>> {
        let start = self.expect_word("rpc")?.start;
        let name = self.declared_name()?;
        let request = self.exchanged()?;
        self.expect_word("returns")?;
        let response = self.exchanged()?;
        let mut options = Vec::new();
        if self.at_symbol("{") {
            self.block(Ends::Element(start), |parser| {
                let option = parser.option_statement()?;
                options.push(option);
                Ok(())
            })?;
        } else {
            self.end_statement(Ends::Element(start))?;
        }
        Ok(MethodNode { name, request, response, options, span: self.since(start) })
    }

    fn exchanged(&mut self) -> Parsed<Exchanged<'t>> {
        self.expect_symbol("(")?;
        // A message may be called `stream`.
        let streaming = self.at_word("stream") && self.second().text != ")";
        if streaming {
            self.advance();
        }
        let message = self.dotted("the name of a message")?;
        self.expect_symbol(")")?;
        Ok(Exchanged { message, streaming })
    }
}
