//! Path parameters: the template and the declarations settled with each other.

use std::sync::Arc;

use super::node::Node;
use super::reader::Reader;
use crate::model::{Kind, Kinds, Lifecycle, Parameter, ParameterLocation, PathPart, PathTemplate};
use crate::model::{Serialisation, Shape, Stated, Style};

impl Reader<'_> {
    /// Settles path parameters with the template: one for each variable, in the template's order.
    pub(super) fn settle_path(
        &mut self,
        template: &mut PathTemplate,
        parameters: Vec<Parameter>,
        node: &Node,
    ) -> Vec<Parameter> {
        let (mut declared, others): (Vec<_>, Vec<_>) =
            parameters.into_iter().partition(|found| found.location == ParameterLocation::Path);
        let mut settled: Vec<Parameter> = Vec::new();
        for part in &mut template.parts {
            let PathPart::Variable(name) = part else { continue };
            // RFC 6570's operators (`{+path}`, `{path*}`) are no part of the name.
            let bare = name.trim_start_matches('+').trim_end_matches('*');
            let wanted = |found: &Parameter| *found.name == **name || &*found.name == bare;
            if let Some(index) = declared.iter().position(wanted) {
                let found = declared.remove(index);
                *name = Arc::clone(&found.name);
                settled.push(found);
            } else if settled.iter().any(|found| found.name == *name) {
                self.warn(node.span(), format!("`{{{name}}}` stands twice in the path"));
            } else {
                let message = format!("`{{{name}}}` is not declared: read as a string");
                self.warn(node.span(), message);
                settled.push(self.undeclared(name, node));
            }
        }
        for found in declared {
            let name = &found.name;
            self.warn(found.span, format!("the path has no `{{{name}}}`: ignored"));
        }
        settled.extend(others);
        settled
    }

    fn undeclared(&mut self, name: &Arc<str>, node: &Node) -> Parameter {
        let span = node.span();
        let mut shape = Shape::anything(span);
        shape.kinds = Some(Stated { value: Kinds::NONE.with(Kind::String), span });
        let style = Style::Simple;
        Parameter {
            name: Arc::clone(name),
            location: ParameterLocation::Path,
            required: Stated { value: true, span },
            serialisation: Serialisation::Style { style, explode: false, allow_reserved: false },
            shape: self.schemas.shapes_mut().add(shape),
            allow_empty: false,
            lifecycle: Lifecycle::default(),
            span,
        }
    }
}
