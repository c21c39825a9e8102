//! What elements say to people and tools: every member that decides nothing else, digested.
//!
//! Whatever is not listed as understood counts, so that no edit of a description goes unnoticed.
//! Extensions (`x-…`) are agreements between their authors and are left out.

use std::hash::{BuildHasher as _, Hasher as _};

use super::components::KINDS;
use super::node::Node;
use super::reader::{MAX_HOPS, Reader};
use crate::document::{Document, NodeId, Value};
use crate::model::{EXAMPLE, Remarks};

/// How many nodes one digest may visit; aliases can make a short text mean a very long one.
const MAX_NODES: usize = 1_000_000;

/// Members that decide what a parameter or header promises.
pub(super) const OF_PARAMETERS: &[&str] = &[
    "name",
    "in",
    "required",
    "schema",
    "content",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
    "deprecated",
];

/// Members that decide what an operation promises.
pub(super) const OF_OPERATIONS: &[&str] = &[
    "tags",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
    "consumes",
    "produces",
    "schemes",
];

/// Members that decide what the operations of a path item promise, beside the operations.
pub(super) const OF_PATH_ITEMS: &[&str] = &["parameters", "servers", "additionalOperations"];

/// Members that decide what a body or response promises.
pub(super) const OF_BODIES: &[&str] = &["required", "content", "headers", "schema", "links"];

/// Members that decide what a response of 2.0 promises; its examples belong to its payloads.
pub(super) const OF_RESPONSES: &[&str] = &["headers", "schema", "examples"];

/// Members that decide what a parameter or header of 2.0 promises, whose shape stands in place.
pub(super) const OF_INLINE: &[&str] = &[
    "name",
    "in",
    "required",
    "allowEmptyValue",
    "type",
    "format",
    "items",
    "collectionFormat",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
];

/// Members that decide what a payload promises.
pub(super) const OF_PAYLOADS: &[&str] =
    &["schema", "itemSchema", "encoding", "prefixEncoding", "itemEncoding"];

/// Members of the description itself that are read elsewhere.
const OF_ROOTS: &[&str] = &[
    "openapi",
    "swagger",
    "info",
    "tags",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "jsonSchemaDialect",
    "$self",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
];

impl Reader<'_> {
    /// What the element says beside the members that are understood.
    pub(super) fn remarks(&mut self, node: &Node, understood: &[&str]) -> Remarks {
        let mut remarks = Remarks::default();
        self.remark_on(&mut remarks, "", node, understood);
        remarks
    }

    /// Adds what another element says, each name after a word that tells the two apart.
    pub(super) fn remark_on(
        &mut self,
        remarks: &mut Remarks,
        prefix: &str,
        node: &Node,
        understood: &[&str],
    ) {
        for (name, _, member) in node.members() {
            if understood.contains(&name) || name == "$ref" || name.starts_with("x-") {
                continue;
            }
            if name == "examples" && prefix.is_empty() && member.is_object() {
                self.remark_on_examples(remarks, &member);
            } else {
                remarks.insert(format!("{prefix}{name}"), digest(&member), member.span());
            }
        }
    }

    /// What the description says of itself: everything of `info` but the version, the tags, the
    /// rest.
    pub(super) fn remarks_of_root(&mut self, root: &Node) -> Remarks {
        let mut remarks = self.remarks(root, OF_ROOTS);
        if let Some(info) = root.get("info") {
            self.remark_on(&mut remarks, "info ", &info, &["version"]);
        }
        if let Some(components) = root.get("components") {
            let known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
            self.remark_on(&mut remarks, "components ", &components, &known);
        }
        for tag in root.get("tags").iter().flat_map(Node::elements) {
            let name = tag.get("name").and_then(|name| name.scalar()).unwrap_or_default();
            remarks.insert(format!("tag {name}"), digest(&tag), tag.span());
        }
        remarks
    }

    /// What the servers of a list say beside their addresses.
    pub(super) fn remarks_of_servers(&mut self, list: &[Node]) -> Remarks {
        let mut remarks = Remarks::default();
        for server in list {
            let url = server.get("url").and_then(|url| url.scalar()).unwrap_or_default();
            self.remark_on(&mut remarks, &format!("{url} "), server, &["url"]);
        }
        remarks
    }

    /// A digest for each named element of a map whose entries may be references.
    pub(super) fn remarks_by_name(&mut self, node: &Node, name: &str) -> Remarks {
        let mut remarks = Remarks::default();
        for (name, _, entry) in node.get(name).iter().flat_map(Node::members) {
            if !name.starts_with("x-") {
                let target = self.behind(&entry);
                remarks.insert(name, digest(&target), entry.span());
            }
        }
        remarks
    }

    /// Adds each of a map of examples, whose entries may be references and whose values are data. What
    /// is shared stands where it is declared, so that an edit of it is one edit.
    fn remark_on_examples(&mut self, remarks: &mut Remarks, node: &Node) {
        for (name, _, entry) in node.members() {
            let target = self.behind(&entry);
            remarks.insert(format!("{EXAMPLE}{name}"), digest(&target), target.span());
        }
    }

    /// What a reference leads to, as far as it leads anywhere; nothing is said about those that
    /// do not: whoever reads the element says it.
    fn behind(&mut self, node: &Node) -> Node {
        let mut current = node.clone();
        for _ in 0..MAX_HOPS {
            let Some(reference) = current.get("$ref") else { return current };
            let Some(target) = self.quietly(&reference) else { return current };
            current = target;
        }
        current
    }
}

/// What a node says, whatever the order of members and the notation.
pub(super) fn digest(node: &Node) -> u64 {
    let mut left = MAX_NODES;
    digest_node(node.document(), node.id(), &mut left)
}

fn fresh() -> impl std::hash::Hasher {
    foldhash::quality::FixedState::with_seed(0x7265_6d61_726b_7321).build_hasher()
}

/// Recursion is as deep as the text nests, which the document's limits bound.
fn digest_node(document: &Document, node: NodeId, left: &mut usize) -> u64 {
    let mut state = fresh();
    match left.checked_sub(1) {
        Some(rest) => *left = rest,
        None => return 0,
    }
    match document.value(node) {
        Value::Null => state.write_u8(0),
        Value::Boolean(value) => state.write_u8(1 + u8::from(value)),
        Value::Number(text) | Value::String(text) => {
            state.write_u8(3);
            state.write(text.as_bytes());
        }
        Value::Array => {
            state.write_u8(4);
            for element in document.elements(node) {
                state.write_u64(digest_node(document, *element, left));
            }
        }
        Value::Object => {
            state.write_u8(5);
            let mut sum = 0_u64;
            for member in document.members(node) {
                let mut of_member = fresh();
                of_member.write(member.key.text.as_bytes());
                of_member.write_u64(digest_node(document, member.value, left));
                // A sum does not depend on the order of members.
                sum = sum.wrapping_add(of_member.finish());
            }
            state.write_u64(sum);
        }
    }
    state.finish()
}
