//! The arena that both parsers fill.

use std::sync::Arc;

use foldhash::HashMap;

use crate::source::{FileId, Span};

/// A node of one [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// What a node holds. Strings are decoded, numbers are the text that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'d> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number in JSON's grammar, as written (YAML's other spellings are rewritten to it).
    Number(&'d str),
    /// A string, escapes resolved.
    String(&'d str),
    /// An array; see [`Document::elements`].
    Array,
    /// An object; see [`Document::members`].
    Object,
}

/// The key of a member: its decoded text and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'d> {
    /// The decoded text.
    pub text: &'d str,
    /// Where the key is written.
    pub span: Span,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'d> {
    /// Its name.
    pub key: Key<'d>,
    /// Its value.
    pub value: NodeId,
}

/// One parsed text. Immutable; nodes may be shared (a YAML alias is the node of its anchor).
#[derive(Debug)]
pub struct Document {
    file: FileId,
    text: Arc<str>,
    nodes: Vec<Node>,
    elements: Vec<NodeId>,
    members: Vec<Entry>,
    decoded: Vec<Arc<str>>,
    /// The members of large objects in the order of their names, as offsets from the first.
    by_name: HashMap<NodeId, Box<[u32]>>,
    root: NodeId,
}

/// Up to how many members an object is searched from one end to the other.
const SEARCHED: usize = 32;

/// Fills a [`Document`]; parsers call it bottom-up or reserve containers first.
#[derive(Debug)]
pub struct DocumentBuilder {
    file: FileId,
    text: Arc<str>,
    nodes: Vec<Node>,
    elements: Vec<NodeId>,
    members: Vec<Entry>,
    decoded: Vec<Arc<str>>,
}

/// A string or number as the builder takes it: a slice of the text, or text of its own.
#[derive(Clone, Debug)]
pub enum Element {
    /// The bytes `start..end` of the source, taken literally.
    Slice(u32, u32),
    /// Text that differs from its spelling (escapes, folded scalars).
    Owned(Arc<str>),
}

impl Element {
    /// The text that it stands for, of which the slices were cut.
    pub fn text<'e>(&'e self, source: &'e str) -> &'e str {
        match self {
            Self::Slice(start, end) => source.get(index(*start)..index(*end)).unwrap_or(""),
            Self::Owned(text) => text,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Null,
    Boolean(bool),
    Number(Text),
    String(Text),
    Array { first: u32, count: u32 },
    Object { first: u32, count: u32 },
}

#[derive(Clone, Copy, Debug)]
enum Text {
    Slice(u32, u32),
    Decoded(u32),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    text: Text,
    start: u32,
    end: u32,
    value: NodeId,
}

impl Document {
    /// The file that was parsed.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The text that was parsed; spans of nodes index into it.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The outermost node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Every node once, in no order that means anything.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..size(self.nodes.len())).map(NodeId)
    }

    /// Whether the document has no node, which no parser produces.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node holds.
    pub fn value(&self, node: NodeId) -> Value<'_> {
        match self.node(node).map_or(Kind::Null, |found| found.kind) {
            Kind::Null => Value::Null,
            Kind::Boolean(value) => Value::Boolean(value),
            Kind::Number(text) => Value::Number(self.resolve(text)),
            Kind::String(text) => Value::String(self.resolve(text)),
            Kind::Array { .. } => Value::Array,
            Kind::Object { .. } => Value::Object,
        }
    }

    /// Where the node is written.
    pub fn span(&self, node: NodeId) -> Span {
        let (start, end) = self.node(node).map_or((0, 0), |found| (found.start, found.end));
        Span { file: self.file, start, end }
    }

    /// The elements of an array; nothing for any other node.
    pub fn elements(&self, node: NodeId) -> &[NodeId] {
        match self.node(node).map(|found| found.kind) {
            Some(Kind::Array { first, count }) => slice(&self.elements, first, count),
            _ => &[],
        }
    }

    /// The members of an object in the order in which they are written, each name once; nothing
    /// for any other node.
    pub fn members(&self, node: NodeId) -> impl ExactSizeIterator<Item = Member<'_>> + Clone {
        self.entries(node).iter().map(|entry| self.as_member(entry))
    }

    fn as_member(&self, entry: &Entry) -> Member<'_> {
        let span = Span { file: self.file, start: entry.start, end: entry.end };
        Member { key: Key { text: self.resolve(entry.text), span }, value: entry.value }
    }

    /// The value of the member with this name.
    pub fn get(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.member(node, name).map(|member| member.value)
    }

    /// The member with this name.
    pub fn member(&self, node: NodeId, name: &str) -> Option<Member<'_>> {
        let entries = self.entries(node);
        let entry = if entries.len() <= SEARCHED {
            entries.iter().find(|entry| self.resolve(entry.text) == name)?
        } else {
            let order = self.by_name.get(&node)?;
            let at = |place: u32| entries.get(index(place)).map(|entry| self.resolve(entry.text));
            let found = order.binary_search_by(|place| at(*place).cmp(&Some(name))).ok()?;
            entries.get(index(*order.get(found)?))?
        };
        Some(self.as_member(entry))
    }

    /// The decoded string, if the node is one.
    pub fn string(&self, node: NodeId) -> Option<&str> {
        if let Value::String(text) = self.value(node) { Some(text) } else { None }
    }

    fn orders_by_name(&self) -> HashMap<NodeId, Box<[u32]>> {
        let large = self.nodes().filter(|node| self.entries(*node).len() > SEARCHED);
        let ordered = large.map(|node| {
            let entries = self.entries(node);
            let mut order: Box<[u32]> = (0..size(entries.len())).collect();
            order.sort_by_key(|place| {
                entries.get(index(*place)).map(|entry| self.resolve(entry.text))
            });
            (node, order)
        });
        ordered.collect()
    }

    /// The last member whose name begins at this byte offset or before it. In an object as it is
    /// written, whatever holds the offset is in this member.
    pub(super) fn member_before(&self, node: NodeId, offset: u32) -> Option<Member<'_>> {
        let entries = self.entries(node);
        let next = entries.partition_point(|entry| entry.start <= offset);
        Some(self.as_member(entries.get(next.checked_sub(1)?)?))
    }

    fn entries(&self, node: NodeId) -> &[Entry] {
        match self.node(node).map(|found| found.kind) {
            Some(Kind::Object { first, count }) => slice(&self.members, first, count),
            _ => &[],
        }
    }

    fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(index(node.0))
    }

    fn resolve(&self, text: Text) -> &str {
        match text {
            Text::Slice(start, end) => self.text.get(index(start)..index(end)).unwrap_or(""),
            Text::Decoded(id) => self.decoded.get(index(id)).map_or("", |found| found),
        }
    }
}

impl DocumentBuilder {
    /// A builder for this text of this file.
    pub fn new(file: FileId, text: Arc<str>) -> Self {
        let nodes = Vec::with_capacity(text.len() / 24);
        let (elements, members, decoded) = (Vec::new(), Vec::new(), Vec::new());
        Self { file, text, nodes, elements, members, decoded }
    }

    /// How many values there are so far.
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Adds `null`, written at `start..end`.
    pub fn null(&mut self, start: u32, end: u32) -> NodeId {
        self.push(start, end, Kind::Null)
    }

    /// Adds a boolean.
    pub fn boolean(&mut self, start: u32, end: u32, value: bool) -> NodeId {
        self.push(start, end, Kind::Boolean(value))
    }

    /// Adds a number; `digits` is in JSON's grammar.
    pub fn number(&mut self, start: u32, end: u32, digits: Element) -> NodeId {
        let text = self.intern(digits);
        self.push(start, end, Kind::Number(text))
    }

    /// Adds a string; `start..end` includes its quotes.
    pub fn string(&mut self, start: u32, end: u32, content: Element) -> NodeId {
        let text = self.intern(content);
        self.push(start, end, Kind::String(text))
    }

    /// Adds an array of nodes that are already there.
    pub fn array(&mut self, start: u32, end: u32, items: &[NodeId]) -> NodeId {
        let first = size(self.elements.len());
        self.elements.extend_from_slice(items);
        self.push(start, end, Kind::Array { first, count: size(items.len()) })
    }

    /// Adds an object; each key is its text, its span and its value. Names must be distinct.
    pub fn object(
        &mut self,
        start: u32,
        end: u32,
        members: impl IntoIterator<Item = (Element, u32, u32, NodeId)>,
    ) -> NodeId {
        let first = size(self.members.len());
        for (key, key_start, key_end, value) in members {
            let text = self.intern(key);
            self.members.push(Entry { text, start: key_start, end: key_end, value });
        }
        let count = size(self.members.len()) - first;
        self.push(start, end, Kind::Object { first, count })
    }

    /// The members of an object that is there already, as [`DocumentBuilder::object`] takes them;
    /// `None` for any other node.
    pub fn members(
        &self,
        node: NodeId,
    ) -> Option<impl ExactSizeIterator<Item = (Element, u32, u32, NodeId)>> {
        let Kind::Object { first, count } = self.nodes.get(index(node.0))?.kind else {
            return None;
        };
        Some(slice(&self.members, first, count).iter().map(|entry| {
            let name = match entry.text {
                Text::Slice(start, end) => Element::Slice(start, end),
                Text::Decoded(id) => {
                    Element::Owned(self.decoded.get(index(id)).cloned().unwrap_or_default())
                }
            };
            (name, entry.start, entry.end, entry.value)
        }))
    }

    /// The elements of an array that is there already; `None` for any other node.
    pub fn elements(&self, node: NodeId) -> Option<&[NodeId]> {
        let Kind::Array { first, count } = self.nodes.get(index(node.0))?.kind else { return None };
        Some(slice(&self.elements, first, count))
    }

    /// Closes the document.
    pub fn finish(mut self, root: NodeId) -> Document {
        self.nodes.shrink_to_fit();
        let Self { file, text, nodes, elements, members, decoded } = self;
        let by_name = HashMap::default();
        let mut document =
            Document { file, text, nodes, elements, members, decoded, by_name, root };
        document.by_name = document.orders_by_name();
        document
    }

    fn intern(&mut self, element: Element) -> Text {
        match element {
            Element::Slice(start, end) => Text::Slice(start, end),
            Element::Owned(text) => {
                self.decoded.push(text);
                Text::Decoded(size(self.decoded.len() - 1))
            }
        }
    }

    fn push(&mut self, start: u32, end: u32, kind: Kind) -> NodeId {
        self.nodes.push(Node { start, end, kind });
        NodeId(size(self.nodes.len() - 1))
    }
}

fn slice<T>(all: &[T], first: u32, count: u32) -> &[T] {
    all.get(index(first)..index(first) + index(count)).unwrap_or(&[])
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
