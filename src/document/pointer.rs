//! JSON Pointer (RFC 6901).

use std::fmt;

use crate::source::Span;

use super::{Document, NodeId};

/// A path of member names and array indices from a document's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    tokens: Vec<String>,
}

/// A text that is no JSON Pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPointer {
    /// RFC 6901 §3: a pointer is empty or begins with `/`.
    #[error("a JSON Pointer begins with `/`")]
    NoSlash,
    /// RFC 6901 §3: `~` is followed by `0` or `1`.
    #[error("in a JSON Pointer `~` is written `~0`")]
    BareTilde,
}

impl Pointer {
    /// Reads a pointer in its string form (RFC 6901 §3); the empty text is the root.
    ///
    /// # Errors
    /// When a token is not introduced by `/`, or `~` stands alone.
    pub fn parse(text: &str) -> Result<Self, InvalidPointer> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(rest) = text.strip_prefix('/') else { return Err(InvalidPointer::NoSlash) };
        let tokens = rest.split('/').map(unescape).collect::<Result<_, _>>()?;
        Ok(Self { tokens })
    }

    /// The pointer to a member or element of what this one points to.
    #[must_use]
    pub fn child(mut self, token: &str) -> Self {
        self.tokens.push(token.to_owned());
        self
    }

    /// The member names and indices, unescaped.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }
}

impl FromIterator<String> for Pointer {
    fn from_iter<T: IntoIterator<Item = String>>(tokens: T) -> Self {
        Self { tokens: tokens.into_iter().collect() }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tokens.iter().try_for_each(|token| write!(out, "/{}", escape(token)))
    }
}

/// One token as a pointer spells it: `~` becomes `~0`, `/` becomes `~1`.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> Result<String, InvalidPointer> {
    let bare = token.split('~').skip(1).any(|after| !after.starts_with(['0', '1']));
    if bare {
        return Err(InvalidPointer::BareTilde);
    }
    Ok(token.replace("~1", "/").replace("~0", "~"))
}

impl Document {
    /// The node that the pointer names.
    pub fn at(&self, pointer: &Pointer) -> Option<NodeId> {
        let tokens = pointer.tokens.iter();
        tokens.map(String::as_str).try_fold(self.root(), |node, token| self.child(node, token))
    }

    /// The member or element that one token names (RFC 6901 §4).
    pub fn child(&self, node: NodeId, token: &str) -> Option<NodeId> {
        if let Some(member) = self.get(node, token) {
            return Some(member);
        }
        let canonical = token == "0" || !token.starts_with(['0', '+']);
        let index: usize = token.parse().ok().filter(|_| canonical)?;
        self.elements(node).get(index).copied()
    }

    /// The pointer of the innermost node or key that begins at this byte offset. A node that
    /// aliases share is named by the first way that leads to it.
    pub fn pointer_of(&self, offset: u32) -> Option<String> {
        self.descend(
            offset,
            |found| found.start == offset,
            |around| around.start <= offset && offset < around.end,
        )
    }

    /// The pointer of the node or key that is written exactly there, else of the innermost one
    /// that begins where the span begins.
    pub fn pointer_of_span(&self, span: Span) -> Option<String> {
        let around = |around: Span| around.start <= span.start && span.end <= around.end;
        let exact = self.descend(span.start, |found| found == span, around);
        exact.or_else(|| self.pointer_of(span.start))
    }

    /// Goes down through whatever lies around the place; answers the last step that was wanted.
    fn descend(
        &self,
        start: u32,
        wanted: impl Fn(Span) -> bool,
        around: impl Fn(Span) -> bool,
    ) -> Option<String> {
        let mut node = self.root();
        let mut tokens: Vec<String> = Vec::new();
        let mut found = wanted(self.span(node)).then_some(0);
        while let Some((token, step, here)) = self.step(node, start, &wanted, &around) {
            tokens.push(token);
            if here {
                found = Some(tokens.len());
            }
            if step == node {
                break;
            }
            node = step;
        }
        tokens.truncate(found?);
        Some(tokens.into_iter().collect::<Pointer>().to_string())
    }

    /// The child to go to, and whether it is wanted itself. A wanted key ends the way, which is
    /// said by answering the node itself.
    fn step(
        &self,
        node: NodeId,
        start: u32,
        wanted: impl Fn(Span) -> bool,
        around: impl Fn(Span) -> bool,
    ) -> Option<(String, NodeId, bool)> {
        let nearest = self.member_before(node, start);
        for member in nearest.into_iter().chain(self.members(node)) {
            if wanted(member.key.span) {
                return Some((member.key.text.to_owned(), node, true));
            }
            let span = self.span(member.value);
            if wanted(span) || around(span) {
                return Some((member.key.text.to_owned(), member.value, wanted(span)));
            }
        }
        let elements = self.elements(node);
        let next = elements.partition_point(|element| self.span(*element).start <= start);
        let nearest = next.checked_sub(1);
        nearest.into_iter().chain(0..elements.len()).find_map(|index| {
            let element = *elements.get(index)?;
            let span = self.span(element);
            (wanted(span) || around(span)).then(|| (index.to_string(), element, wanted(span)))
        })
    }
}
