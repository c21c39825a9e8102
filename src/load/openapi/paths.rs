//! Where operations are listed: paths, webhooks, callbacks.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::node::Node;
use super::operation::{Inherited, Route};
use super::reader::Reader;
use super::server::root_server;
use super::template;
use super::version::Version;
use crate::model::{Caller, Remarks, Security};
use crate::source::Span;

/// How deep callbacks may stand inside callbacks.
const MAX_CALLBACK_DEPTH: usize = 4;

impl Reader<'_> {
    /// Reads all operations that a description lists.
    pub(super) fn read_paths(&mut self, root: &Node, inherited: &Inherited) {
        let mut templates = HashMap::new();
        match self.version {
            Version::V2 => {
                self.paths(root, "paths", inherited, &mut templates);
                self.paths(root, "x-ms-paths", inherited, &mut templates);
            }
            Version::V3_0 => {
                self.paths(root, "paths", inherited, &mut templates);
                self.webhooks(root, "x-webhooks");
            }
            Version::V3_1 | Version::V3_2 => {
                self.paths(root, "paths", inherited, &mut templates);
                self.webhooks(root, "webhooks");
            }
        }
        if self.operations.is_empty() {
            self.warn(root.span(), "the description lists no operation");
        }
    }

    fn paths(
        &mut self,
        root: &Node,
        field: &str,
        inherited: &Inherited,
        templates: &mut HashMap<String, Arc<str>>,
    ) {
        let Some(paths) = self.object(root, field) else { return };
        for (written, span, item) in paths.members() {
            if written.starts_with("x-") {
                continue;
            }
            let path: Arc<str> = if written.starts_with('/') || written.is_empty() {
                written.into()
            } else {
                self.warn(span, format!("the path `{written}` lacks its leading slash"));
                format!("/{written}").into()
            };
            let erased = template::erased(&template::parse(&path));
            if let Some(other) = templates.insert(erased, Arc::clone(&path)) {
                let message = format!("`{written}` and `{other}` are the same path");
                self.warn(span, message);
            }
            self.subject = Arc::clone(&path);
            let inherited = inherited.clone();
            let (caller, remarks) = (Caller::Consumer, Remarks::default());
            self.path_item(
                &item,
                &Route { caller, path, inherited, remarks, sunset: None, depth: 0 },
            );
            self.subject = "".into();
        }
    }

    fn webhooks(&mut self, root: &Node, field: &str) {
        let Some(webhooks) = self.object(root, field) else { return };
        for (name, _, item) in webhooks.members().filter(|(name, ..)| !name.starts_with("x-")) {
            self.subject = format!("webhook {name}").into();
            self.path_item(&item, &outgoing(Caller::Webhook(name.into()), 0, item.span()));
            self.subject = "".into();
        }
    }

    /// Reads the operations that whoever answers this one calls in return.
    pub(super) fn callbacks(&mut self, operation: &Node, label: &Arc<str>, route: &Route) {
        if self.version == Version::V2 {
            return;
        }
        let Some(callbacks) = self.object(operation, "callbacks") else { return };
        if route.depth >= MAX_CALLBACK_DEPTH {
            self.lose(callbacks.span(), "callbacks of callbacks are not read this deep");
            return;
        }
        for (name, _, node) in callbacks.members().filter(|(name, ..)| !name.starts_with("x-")) {
            let Some(callback) = self.follow(&node) else { continue };
            for (expression, _, item) in callback.members() {
                if expression.starts_with("x-") {
                    continue;
                }
                let caller = Caller::Callback {
                    operation: Arc::clone(label),
                    name: name.into(),
                    expression: expression.into(),
                    // Whoever was called calls back.
                    sent: route.caller.sent().flip(),
                };
                self.path_item(&item, &outgoing(caller, route.depth + 1, item.span()));
            }
        }
    }
}

/// A route that the producer calls. The address is the consumer's, so no server of the description
/// is meant; nor are its credentials, which let consumers in. An operation may still state both.
fn outgoing(caller: Caller, depth: usize, span: Span) -> Route {
    let inherited = Inherited {
        servers: root_server(span),
        security: Security::default(),
        consumes: Vec::new(),
        produces: Vec::new(),
    };
    Route { caller, path: "".into(), inherited, remarks: Remarks::default(), sunset: None, depth }
}
