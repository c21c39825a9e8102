//! Servers of 2.0: `schemes` × `host`, and `basePath`.

use std::sync::Arc;

use super::super::node::Node;
use super::super::reader::Reader;
use super::super::server::{prefix, split};
use crate::model::{Remarks, Server, Servers};

impl Reader<'_> {
    /// The servers of the description.
    pub(in super::super) fn swagger_servers(&mut self, root: &Node) -> Servers {
        let schemes = self.schemes_of(root);
        self.served(root, schemes.as_deref())
    }

    /// The servers of an operation that has `schemes` of its own.
    pub(in super::super) fn swagger_operation_servers(
        &mut self,
        operation: &Node,
    ) -> Option<Servers> {
        let schemes = self.schemes_of(operation)?;
        let root = self.root.clone();
        Some(self.served(&root, Some(&schemes)))
    }

    fn schemes_of(&mut self, node: &Node) -> Option<Vec<Arc<str>>> {
        let list = self.list(node, "schemes")?;
        Some(list.iter().filter_map(Node::scalar).collect())
    }

    fn served(&mut self, root: &Node, schemes: Option<&[Arc<str>]>) -> Servers {
        let base = self.word(root, "basePath");
        let host = self.word(root, "host").filter(|host| !host.value.is_empty());
        let said = base.as_ref().or(host.as_ref()).map(|word| word.span);
        let remarks = Remarks::default();
        let servers = |list| Servers { list, remarks, span: said.unwrap_or(root.span()) };
        let base = base.map(|word| prefix(&word.value)).unwrap_or_default();
        let Some(host) = host else {
            return servers(vec![Server { origin: "".into(), prefix: base.into() }]);
        };
        // Where no scheme is said it is that of the description itself, which nobody knows.
        let origins = match schemes {
            Some(schemes) if !schemes.is_empty() => {
                schemes.iter().map(|scheme| format!("{scheme}://{}", host.value)).collect()
            }
            Some(_) | None => vec![format!("//{}", host.value)],
        };
        let serve = |origin: &String| {
            // A host with a path in it is not allowed, and meant as it reads.
            let Server { origin, prefix } = split(origin);
            Server { origin, prefix: format!("{prefix}{base}").into() }
        };
        servers(origins.iter().map(serve).collect())
    }
}
