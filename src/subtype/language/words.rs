//! Finite languages.

use std::collections::{BTreeMap, BTreeSet};

use super::class::Class;

/// The index of a node.
pub(super) type NodeId = u32;

/// A finite set of strings as a tree of prefixes.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    nodes: Vec<Prefix>,
}

#[derive(Clone, Debug, Default)]
struct Prefix {
    member: bool,
    next: BTreeMap<char, NodeId>,
}

/// The node of the empty prefix.
pub(super) const ROOT: NodeId = 0;

impl Words {
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut nodes = vec![Prefix::default()];
        for word in words {
            let mut at = 0_usize;
            for letter in word.chars() {
                let fresh = nodes.len();
                let Some(node) = nodes.get_mut(at) else { break };
                let Ok(id) = NodeId::try_from(fresh) else { break };
                let child = *node.next.entry(letter).or_insert(id);
                at = usize::try_from(child).unwrap_or(usize::MAX);
                if at == fresh {
                    nodes.push(Prefix::default());
                }
            }
            if let Some(node) = nodes.get_mut(at) {
                node.member = true;
            }
        }
        Self { nodes }
    }

    fn node(&self, id: NodeId) -> Option<&Prefix> {
        usize::try_from(id).ok().and_then(|id| self.nodes.get(id))
    }

    /// The prefix one letter on, where a member begins with it.
    pub(super) fn next(&self, id: NodeId, letter: char) -> Option<NodeId> {
        self.node(id)?.next.get(&letter).copied()
    }

    /// Whether the prefix is a member.
    pub(super) fn is_member(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.member)
    }

    pub(super) fn has(&self, text: &str) -> bool {
        let mut at = Some(ROOT);
        for letter in text.chars() {
            at = at.and_then(|id| self.next(id, letter));
        }
        at.is_some_and(|id| self.is_member(id))
    }

    /// Every letter of a member, as a class of its own.
    pub(super) fn letters(&self) -> impl Iterator<Item = Class> {
        let letters: BTreeSet<char> =
            self.nodes.iter().flat_map(|node| node.next.keys().copied()).collect();
        letters.into_iter().map(|letter| Class::one(letter.into()))
    }
}
