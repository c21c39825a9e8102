//! Path parameters: the template and the declarations settled with each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::Node;
use super::reader::Reader;
use crate::model::Remarks;
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
        let (mut declared, mut others) = (BTreeMap::new(), Vec::new());
        for found in parameters {
            match found.location {
                ParameterLocation::Path => {
                    declared.insert(Arc::clone(&found.name), found);
                }
                ParameterLocation::Query
                | ParameterLocation::QueryString
                | ParameterLocation::Header
                | ParameterLocation::Cookie => others.push(found),
            }
        }
        let (mut settled, mut seen) = (Vec::new(), BTreeSet::new());
        for part in &mut template.parts {
            let PathPart::Variable(name) = part else { continue };
            // RFC 6570's operators (`{+path}`, `{path*}`) are no part of the name.
            let bare = name.trim_start_matches('+').trim_end_matches('*');
            if let Some(found) = declared.remove(name).or_else(|| declared.remove(bare)) {
                *name = Arc::clone(&found.name);
                settled.push(found);
            } else if seen.contains(name) {
                self.warn(node.span(), format!("`{{{name}}}` stands twice in the path"));
            } else {
                let message = format!("`{{{name}}}` is not declared: read as a string");
                self.warn(node.span(), message);
                settled.push(self.undeclared(name, node));
            }
            seen.insert(Arc::clone(name));
        }
        for (name, found) in declared {
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
        // The operation is what is judged in place of a schema: it says nothing to one.
        self.schemas.know(&self.documents, node.place().file, self.dialect);
        Parameter {
            name: Arc::clone(name),
            location: ParameterLocation::Path,
            required: Stated { value: true, span },
            serialisation: Serialisation::Style { style, explode: false, allow_reserved: false },
            shape: self.schemas.shapes_mut().add(shape),
            allow_empty: false,
            lifecycle: Lifecycle::default(),
            remarks: Remarks::default(),
            span,
        }
    }
}
