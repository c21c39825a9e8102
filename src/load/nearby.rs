//! Places near a place of one side, as they are written.

use std::collections::HashMap;

use super::Loaded;
use super::json_schema::json;
use crate::document::{Document, NodeId, Pointer};
use crate::source::{FileId, Span};

impl Loaded {
    /// The elements of a list by the value of each, as [`crate::model::Json`] displays it; of those that
    /// are alike the first.
    pub fn elements(&self, list: Span) -> HashMap<String, Span> {
        let mut found = HashMap::new();
        let at = |tree: &Document| tree.at(&Pointer::parse(&tree.pointer_of_span(list)?).ok()?);
        let Some(tree) = self.tree(list.file) else { return found };
        for element in at(tree).into_iter().flat_map(|node| tree.elements(node)) {
            if let Ok(value) = json(tree, *element) {
                found.entry(value.to_string()).or_insert_with(|| tree.span(*element));
            }
        }
        found
    }

    /// Where, on the other side, something of this side was taken out: its last neighbour before it
    /// that is left, else the beginning of what held it. `None` where no tree tells, and where
    /// nothing was taken out.
    pub fn seam(&self, gone: Span, other: &Self) -> Option<Span> {
        let tree = self.tree(gone.file)?;
        let left = other.tree(self.counterpart(gone.file, other)?)?;
        let pointer = Pointer::parse(&tree.pointer_of_span(gone)?).ok()?;
        let (mut here, mut there) = (tree.root(), left.root());
        for token in pointer.tokens() {
            let next = tree.child(here, token)?;
            let Some(found) = left.get(there, token) else {
                let start = left.span(there).start;
                let begin = Span { end: start + 1, ..left.span(there) };
                return Some(neighbour((tree, here, next), (left, there)).unwrap_or(begin));
            };
            (here, there) = (next, found);
        }
        None
    }

    pub(super) fn tree(&self, file: FileId) -> Option<&Document> {
        self.trees.iter().find(|tree| tree.file() == file).map(|tree| &**tree)
    }
}

/// The nearest of those before `gone` in the object or list `here` that `there` has too: a member of
/// the same name, an element of the same text.
fn neighbour(
    (tree, here, gone): (&Document, NodeId, NodeId),
    (left, there): (&Document, NodeId),
) -> Option<Span> {
    let members: Vec<_> = tree.members(here).take_while(|member| member.value != gone).collect();
    let member = members.iter().rev().find_map(|member| left.member(there, member.key.text));
    if let Some(member) = member {
        return Some(left.span(member.value));
    }
    let text = |tree: &Document, node: NodeId| {
        let Span { start, end, file: _ } = tree.span(node);
        let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        tree.text().get(range).map(str::to_owned)
    };
    let elements: Vec<NodeId> =
        tree.elements(here).iter().copied().take_while(|element| *element != gone).collect();
    let known: Vec<(NodeId, Option<String>)> =
        left.elements(there).iter().map(|element| (*element, text(left, *element))).collect();
    elements.iter().rev().find_map(|element| {
        let wanted = text(tree, *element)?;
        let same = known.iter().find(|(_, text)| text.as_ref() == Some(&wanted));
        same.map(|(element, _)| left.span(*element))
    })
}
