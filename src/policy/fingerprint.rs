//! The stable identity of a finding across commits.

use std::fmt::Write as _;

use foldhash::HashMap;

use crate::diff::Finding;
use crate::document::{Document, NodeId, Pointer, Value};
use crate::load::Loaded;
use crate::source::{FileId, Span};

/// For each finding a digest of the rule, the contract, the edit's place in the source and both sides'
/// edited values: no prose and no line numbers, so that rewording a message, moving a schema or
/// reaching it from elsewhere orphans no acceptance.
///
/// Where several findings come from one place of the old source (a schema that was split, or written
/// out where it was referred to), the new place tells them apart: each is accepted by itself. What is
/// still alike is counted. So all of one contract differ.
///
/// They identify, they do not protect: 128 bits of a fast hash with fixed seeds.
pub fn fingerprints(
    contract: &str,
    findings: &[Finding],
    sides: (Option<&Loaded>, Option<&Loaded>),
) -> Vec<String> {
    let mut labels = Labels::default();
    let known = |finding| Identity::of(contract, finding, sides, &mut labels);
    let identities: Vec<Identity> = findings.iter().map(known).collect();
    let mut first: HashMap<&str, (bool, &str)> = HashMap::default();
    for identity in &identities {
        let known = first.entry(&identity.digest).or_insert(identity.rank());
        *known = identity.rank().min(*known);
    }
    let mut times: HashMap<String, usize> = HashMap::default();
    let tell = |identity: &Identity| {
        let plain = if first.get(&*identity.digest) == Some(&identity.rank()) {
            identity.digest.clone()
        } else {
            digest(&[&identity.digest, &identity.here])
        };
        let count = times.entry(plain.clone()).or_default();
        *count += 1;
        if *count == 1 { plain } else { digest(&[&plain, &count.to_string()]) }
    };
    identities.iter().map(tell).collect()
}

/// The same for one that is about no contract's source.
pub(super) fn fingerprint(subject: &str, finding: &Finding) -> String {
    Identity::of(subject, finding, (None, None), &mut Labels::default()).digest
}

/// What a finding is known by.
struct Identity {
    digest: String,
    /// The place in the old source, and in the new one.
    there: String,
    here: String,
}

impl Identity {
    fn of(
        contract: &str,
        finding: &Finding,
        (old, new): (Option<&Loaded>, Option<&Loaded>),
        Labels { old: was, new: is }: &mut Labels,
    ) -> Self {
        let there = old.zip(finding.old).and_then(|(side, span)| Source::of(side, span, was));
        let here = new.zip(finding.new).and_then(|(side, span)| Source::of(side, span, is));
        let place = |source: &Option<Source>| {
            source.as_ref().map_or_else(String::new, |source| source.place.clone())
        };
        let (was, is) = (place(&there), place(&here));
        let (place, mut values) = match (there, here) {
            (Some(there), here) => {
                (there.place, vec![there.value, here.map(|here| here.value).unwrap_or_default()])
            }
            (None, Some(here)) => (here.place, vec![String::new(), here.value]),
            // The texts of messages have no tree; there the element's full name is the place.
            (None, None) => (finding.site.to_string(), Vec::new()),
        };
        if !finding.evidence.is_empty() {
            values.clone_from(&finding.evidence);
        }
        let mut parts = vec![contract, finding.rule.id, &place];
        parts.extend(values.iter().map(String::as_str));
        Self { digest: digest(&parts), there: was, here: is }
    }

    /// Of namesakes the first keeps the name: one that did not move, else the one whose place comes
    /// first.
    fn rank(&self) -> (bool, &str) {
        (self.here != self.there, &self.here)
    }
}

/// 32 hexadecimal digits that stand for these parts.
pub fn digest(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        push(&mut text, part);
    }
    let digest = |seed: u64| {
        use std::hash::{BuildHasher as _, Hasher as _};
        let mut hasher = foldhash::quality::FixedState::with_seed(seed).build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    format!("{:016x}{:016x}", digest(0x756e_6272), digest(0x6f6b_656e))
}

/// Length first, so that no two lists of parts run into the same text.
fn push(text: &mut String, part: &str) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{}:{part}", part.len());
}

/// A place in a document, by names, and what stands there if it is a single value.
struct Source {
    place: String,
    value: String,
}

impl Source {
    fn of(side: &Loaded, span: Span, labels: &mut Known) -> Option<Self> {
        let tree = side.trees.iter().find(|tree| tree.file() == span.file)?;
        let pointer = Pointer::parse(&tree.pointer_of_span(span)?).ok()?;
        let file = &side.files.get(span.file)?.path;
        // The contract's own file is named by the contract.
        let mut place = String::new();
        if *file != side.contract.path {
            push(&mut place, file.as_str());
        }
        let mut node = tree.root();
        for token in pointer.tokens() {
            let next = tree.child(node, token);
            match (tree.value(node), next) {
                (Value::Array, Some(element)) => {
                    let known = labels.entry((span.file, element));
                    push(&mut place, known.or_insert_with(|| label(tree, element)));
                }
                _ => push(&mut place, token),
            }
            let Some(next) = next else { break };
            node = next;
        }
        let value = match tree.value(node) {
            Value::Array | Value::Object => String::new(),
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {
                content(tree, node)
            }
        };
        Some(Self { place, value })
    }
}

/// What the elements of lists are called, on both sides: each is looked at once, for it may be large
/// and hold many findings.
#[derive(Default)]
struct Labels {
    old: Known,
    new: Known,
}

type Known = HashMap<(FileId, NodeId), String>;

/// What an element of a list is called: what it refers to, the name and location of a parameter, the
/// name or address of anything else, or its content. Never its index: lists are reordered.
fn label(tree: &Document, element: NodeId) -> String {
    let text = |name: &str| tree.get(element, name).and_then(|node| tree.string(node));
    if let Some(reference) = text("$ref") {
        return format!("$ref {reference}");
    }
    match (text("in"), text("name").or_else(|| text("url"))) {
        (Some(location), Some(name)) => format!("{location} {name}"),
        (None, Some(name)) => name.to_owned(),
        (_, None) => content(tree, element),
    }
}

/// `max-fingerprint-nodes`: how many values of a list's element tell it from the others. Aliases make
/// a short text as large as one likes.
const MAX_NODES: usize = 10_000;

/// Members that say something to people and nothing to validators.
const ANNOTATIONS: [&str; 7] =
    ["$comment", "description", "example", "examples", "externalDocs", "summary", "title"];

/// The value without annotations, members sorted by name.
fn content(tree: &Document, node: NodeId) -> String {
    let mut text = String::new();
    let mut open = vec![Piece::Node(node)];
    let mut seen = 0;
    while let Some(piece) = open.pop() {
        let node = match piece {
            Piece::Node(node) => node,
            Piece::Text(word) => {
                push(&mut text, word);
                continue;
            }
        };
        seen += 1;
        if seen > MAX_NODES {
            break;
        }
        match tree.value(node) {
            Value::Null => push(&mut text, "null"),
            Value::Boolean(value) => push(&mut text, if value { "true" } else { "false" }),
            Value::Number(digits) => push(&mut text, digits),
            Value::String(words) => push(&mut text, words),
            Value::Array => {
                text.push('[');
                open.push(Piece::Text("]"));
                open.extend(tree.elements(node).iter().rev().map(|node| Piece::Node(*node)));
            }
            Value::Object => {
                let mut members: Vec<_> = tree
                    .members(node)
                    .map(|member| (member.key.text, member.value))
                    .filter(|(name, _)| !ANNOTATIONS.contains(name) && !name.starts_with("x-"))
                    .collect();
                members.sort_unstable();
                text.push('{');
                open.push(Piece::Text("}"));
                for (name, value) in members.into_iter().rev() {
                    open.extend([Piece::Node(value), Piece::Text(name)]);
                }
            }
        }
    }
    text
}

enum Piece<'d> {
    Node(NodeId),
    Text(&'d str),
}
