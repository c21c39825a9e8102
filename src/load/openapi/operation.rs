//! Path items and operations: what applies to each operation, inherited parts included.

use std::sync::Arc;

use super::foreign::Owner;
use super::node::Node;
use super::parameter::remark_on_ignored;
use super::reader::{MAX_HOPS, Reader};
use super::remarks::{OF_OPERATIONS, OF_PATH_ITEMS};
use super::swagger::Listed;
use super::template;
use super::version::Version;
use crate::model::{Body, Caller, Exchange, HttpExchange, Operation, Parameter};
use crate::model::{Remarks, Security, Servers, Stated, Sunset};
use crate::source::Span;

/// What a path item is reached by, and what its operations inherit.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) caller: Caller,
    /// The path template as written; empty inside callbacks and webhooks.
    pub(super) path: Arc<str>,
    pub(super) inherited: Inherited,
    /// What the path item says to people.
    pub(super) remarks: Remarks,
    /// The date after which the whole path item may go.
    pub(super) sunset: Option<Stated<Sunset>>,
    /// How many operations this one is a callback inside of.
    pub(super) depth: usize,
}

/// What applies to an operation that does not say otherwise.
#[derive(Clone, Debug)]
pub(super) struct Inherited {
    pub(super) servers: Servers,
    pub(super) security: Security,
    /// 2.0 only.
    pub(super) consumes: Vec<Listed>,
    /// 2.0 only.
    pub(super) produces: Vec<Listed>,
}

/// A path item, the local one before those that it refers to.
struct Item {
    layers: Vec<Node>,
}

impl Reader<'_> {
    /// Reads all operations of a path item.
    pub(super) fn path_item(&mut self, node: &Node, route: &Route) {
        let Some(item) = self.item(node) else { return };
        let place = item.layers.last().map(Node::place);
        if self.entered.iter().any(|entered| Some(*entered) == place) {
            // The item registers itself as a callback: what happens there is already described.
            return;
        }
        self.entered.extend(place);
        let shared = item.get("parameters").map(|(_, owner)| self.list(&owner, "parameters"));
        let shared = shared.flatten().unwrap_or_default();
        let mut route = route.clone();
        if let Some((_, owner)) = item.get("servers")
            && let Some(servers) = self.servers(&owner)
        {
            route.inherited.servers = servers;
        }
        let methods = self.version.methods();
        for layer in item.layers.iter().rev() {
            // What stands beside the reference counts, so it is told last.
            let understood = [OF_PATH_ITEMS, methods].concat();
            self.remark_on(&mut route.remarks, "path ", layer, &understood);
        }
        route.sunset = item.layers.iter().find_map(|layer| self.sunset(layer)).or(route.sunset);
        for method in self.version.methods() {
            if let Some((span, owner)) = item.get(method)
                && let Some(operation) = self.member(&owner, method)
            {
                self.operation(&method.to_ascii_uppercase(), span, &operation, &shared, &route);
            }
        }
        if self.version == Version::V3_2
            && let Some((_, owner)) = item.get("additionalOperations")
            && let Some(additional) = self.object(&owner, "additionalOperations")
        {
            for (method, span, operation) in additional.members() {
                self.operation(method, span, &operation, &shared, &route);
            }
        }
        if place.is_some() {
            self.entered.pop();
        }
    }

    /// Follows the reference of a path item, beside which other fields may stand: the local field
    /// wins where both have one (OAS 3.1 §4.8.9 leaves it open).
    fn item(&mut self, node: &Node) -> Option<Item> {
        let mut layers: Vec<Node> = Vec::new();
        let mut current = node.clone();
        for _ in 0..MAX_HOPS {
            if current.is_null() {
                self.warn(current.span(), "null in place of a path item: read as empty");
                return None;
            }
            if !current.is_object() {
                self.lose(current.span(), "a path item is an object");
                return None;
            }
            for (name, span, _) in current.members() {
                let twice = layers.iter().any(|layer| layer.get(name).is_some());
                if twice && name != "$ref" {
                    let message =
                        format!("`{name}` also stands beside the reference, and counts there");
                    self.warn(span, message);
                }
            }
            self.warn_of_foreign_fields(&current, Owner::PathItem);
            layers.push(current.clone());
            let Some(reference) = current.get("$ref") else { return Some(Item { layers }) };
            match self.resolve(&reference, node) {
                Some(target) => current = target,
                None => return Some(Item { layers }),
            }
        }
        self.lose(node.span(), "the path item leads to nothing but references");
        None
    }

    fn operation(&mut self, method: &str, key: Span, node: &Node, shared: &[Node], route: &Route) {
        let label: Arc<str> = label(method, route).into();
        let outer = std::mem::replace(&mut self.subject, Arc::clone(&label));
        let Inherited { servers, security, .. } = &route.inherited;
        let inherited = 1 + servers.list.len() + security.alternatives.len() + shared.len();
        if self.afford(inherited, key)
            && let Some(object) = self.follow(node)
        {
            let operation = self.read_operation(method, key, &object, shared, route);
            self.operations.push(operation);
            self.callbacks(&object, &label, route);
        }
        self.subject = outer;
    }

    fn read_operation(
        &mut self,
        method: &str,
        key: Span,
        object: &Node,
        shared: &[Node],
        route: &Route,
    ) -> Operation {
        self.warn_of_foreign_fields(object, Owner::Operation);
        let own = self.list(object, "parameters").unwrap_or_default();
        let nodes = self.parameter_nodes(shared, &own);
        let (parameters, request) = self.inputs(method, object, &nodes, route);
        let mut path = template::parse(&route.path);
        let parameters = match &route.caller {
            Caller::Consumer => self.settle_path(&mut path, parameters, object),
            Caller::Webhook(_) | Caller::Callback { .. } => parameters,
        };
        let responses = match self.version {
            Version::V2 => {
                let inherited = &route.inherited.produces;
                let produces = self.media_in_effect(object, "produces", inherited);
                self.responses(object, |reader, node| reader.swagger_response(node, &produces))
            }
            Version::V3_0 | Version::V3_1 | Version::V3_2 => self.responses(object, Self::response),
        };
        let servers = self.operation_servers(object).unwrap_or(route.inherited.servers.clone());
        let security = self.security(object).unwrap_or_else(|| route.inherited.security.clone());
        let exchange = HttpExchange {
            method: method.into(),
            path,
            servers,
            parameters,
            request,
            responses,
            security,
        };
        let mut lifecycle = self.lifecycle(object);
        lifecycle.sunset = lifecycle.sunset.or_else(|| route.sunset.clone());
        let mut remarks = route.remarks.clone();
        self.remark_on(&mut remarks, "", object, OF_OPERATIONS);
        if self.version != Version::V2 {
            remark_on_ignored(&mut remarks, &nodes);
        }
        let tags = self.list(object, "tags").unwrap_or_default();
        let tag = |node: &Node| Some(Stated { value: node.scalar()?, span: node.span() });
        Operation {
            caller: route.caller.clone(),
            exchange: Exchange::Http(Box::new(exchange)),
            identifier: self.word(object, "operationId"),
            tags: tags.iter().filter_map(tag).collect(),
            lifecycle,
            remarks,
            span: joined(key, object.span()),
        }
    }

    fn inputs(
        &mut self,
        method: &str,
        object: &Node,
        nodes: &[Node],
        route: &Route,
    ) -> (Vec<Parameter>, Option<Body>) {
        if self.version == Version::V2 {
            let inherited = &route.inherited.consumes;
            let consumes = self.media_in_effect(object, "consumes", inherited);
            if !self.afford(consumes.len(), object.span()) {
                return (Vec::new(), None);
            }
            return self.swagger_inputs(object, nodes, &consumes);
        }
        let parameters = nodes.iter().filter_map(|node| self.parameter(node)).collect();
        (parameters, self.request_body(object, method))
    }

    fn operation_servers(&mut self, object: &Node) -> Option<Servers> {
        match self.version {
            Version::V2 => self.swagger_operation_servers(object),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => self.servers(object),
        }
    }
}

impl Item {
    /// Where the name of a field stands, and the object that has the field.
    fn get(&self, name: &str) -> Option<(Span, Node)> {
        self.layers.iter().find_map(|layer| {
            let found = layer.members().find(|(key, ..)| *key == name);
            found.map(|(_, span, _)| (span, layer.clone()))
        })
    }
}

fn label(method: &str, route: &Route) -> String {
    let path = &route.path;
    match &route.caller {
        Caller::Consumer => format!("{method} {path}"),
        Caller::Webhook(name) => format!("webhook {name} {method}"),
        Caller::Callback { operation, name, expression: _, sent: _ } => {
            format!("{operation} callback {name} {method}")
        }
    }
}

/// From the name of a member to the end of its value, where both are written in one place.
fn joined(key: Span, value: Span) -> Span {
    let together = key.file == value.file && key.end <= value.start;
    if together { Span { end: value.end, ..key } } else { key }
}
