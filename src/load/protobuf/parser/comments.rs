//! Comments on the way: whose they are is known where declarations end.

use super::{Parser, index};
use crate::load::protobuf::comments::{Around, Behind, Between, Comment, between};
use crate::load::protobuf::lexer::TokenKind;
use crate::source::FileId;

/// Reads the comments of a file.
pub(in crate::load::protobuf) fn parse_comments(file: FileId, text: &str) -> Commentary {
    let mut parser = Parser::new(file, text);
    parser.commentary = Some(Box::default());
    let first = parser.next.start;
    let found = parser.between(0, Around::Beginning);
    if let Some(commentary) = &mut parser.commentary {
        (commentary.leading, commentary.detached) = (found.leading, found.detached);
        commentary.seen = first;
    }
    parser.file();
    parser.note_gap();
    let mut commentary = parser.commentary.map(|found| *found).unwrap_or_default();
    let left =
        commentary.leading.take().into_iter().chain(std::mem::take(&mut commentary.detached));
    commentary.loose.extend(left.map(|comment| (None, comment)));
    commentary
}

/// What a token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// A declaration that begins at this offset, or the head of it.
    Element(u32),
    /// Another statement.
    Statement(u32),
    /// A block.
    Block,
    /// Nothing.
    Nothing,
}

/// The comments of a declaration or statement.
#[derive(Debug)]
pub(in crate::load::protobuf) struct Commented {
    /// Where it begins.
    pub(in crate::load::protobuf) start: u32,
    kind: Holder,
    /// Where the declaration around it begins.
    around: Option<u32>,
    pub(in crate::load::protobuf) leading: Option<Comment>,
    pub(in crate::load::protobuf) trailing: Option<Comment>,
    pub(in crate::load::protobuf) detached: Vec<Comment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Element,
    Statement,
}

/// The comments of a file.
#[derive(Debug, Default)]
pub(in crate::load::protobuf) struct Commentary {
    pub(in crate::load::protobuf) held: Vec<Commented>,
    /// Those that compilers drop, and where the declaration around them begins.
    loose: Vec<(Option<u32>, Comment)>,
    /// What the next declaration begins with.
    leading: Option<Comment>,
    detached: Vec<Comment>,
    /// Where the declaration that is being read begins.
    around: Option<u32>,
    /// Up to where comments are taken care of.
    seen: u32,
}

impl Commentary {
    /// Every comment in the order of the text, with the beginning of the declaration that it is
    /// about; none where it is about the file.
    pub(in crate::load::protobuf) fn by_element(self) -> Vec<(Option<u32>, Comment)> {
        let mut all = self.loose;
        for Commented { start, kind, around, leading, trailing, detached } in self.held {
            let about = match kind {
                Holder::Element => Some(start),
                Holder::Statement => around,
            };
            all.extend(leading.into_iter().chain(trailing).map(|comment| (about, comment)));
            all.extend(detached.into_iter().map(|comment| (around, comment)));
        }
        all.sort_by_key(|(_, comment)| comment.start);
        all
    }
}

impl Parser<'_> {
    /// The comments before the next token, from this offset on.
    fn between(&self, start: u32, around: Around) -> Between {
        let gap = self.text.get(index(start)..index(self.next.start)).unwrap_or("");
        if !gap.contains('/') {
            return Between::default();
        }
        let behind = match (self.next.kind, self.next.text) {
            (TokenKind::End, _) => Behind::End,
            (TokenKind::Symbol, "}" | "]" | ")") => Behind::Closing,
            _ => Behind::Token,
        };
        between(gap, start, around, behind)
    }

    /// Takes the comments before the next token for nobody's, unless somebody had them.
    pub(super) fn note_gap(&mut self) {
        let is_seen = |commentary: &Commentary| commentary.seen > self.behind;
        if self.commentary.as_deref().is_none_or(is_seen) {
            return;
        }
        let found = self.between(self.behind, Around::Tokens);
        let next = self.next.start;
        if let Some(commentary) = &mut self.commentary {
            let around = commentary.around;
            commentary.loose.extend(found.into_all().map(|comment| (around, comment)));
            commentary.seen = next;
        }
    }

    /// Notes the comments around the end of a declaration, which is the token before the next one.
    pub(super) fn note_end(&mut self, ends: Ends) {
        if self.commentary.is_none() {
            return;
        }
        let Between { trailing, detached, leading } = self.between(self.behind, Around::Tokens);
        let next = self.next.start;
        let Some(commentary) = &mut self.commentary else { return };
        commentary.seen = next.max(self.behind + 1);
        let before = std::mem::replace(&mut commentary.leading, leading);
        let around = commentary.around;
        let (start, kind) = match ends {
            Ends::Element(start) => (start, Holder::Element),
            Ends::Statement(start) => (start, Holder::Statement),
            Ends::Block => {
                let dropped = std::mem::replace(&mut commentary.detached, detached);
                let dropped = dropped.into_iter().chain(before).chain(trailing);
                commentary.loose.extend(dropped.map(|comment| (around, comment)));
                return;
            }
            Ends::Nothing => {
                commentary.detached.extend(detached);
                let dropped = before.into_iter().chain(trailing);
                commentary.loose.extend(dropped.map(|comment| (around, comment)));
                return;
            }
        };
        let detached = std::mem::replace(&mut commentary.detached, detached);
        let leading = before;
        commentary.held.push(Commented { start, kind, around, leading, trailing, detached });
    }

    /// Goes into what this begins; answers what to go back to.
    pub(super) fn enter(&mut self, ends: Ends) -> Option<u32> {
        let commentary = self.commentary.as_mut()?;
        let before = commentary.around;
        if let Ends::Element(start) = ends {
            commentary.around = Some(start);
        }
        before
    }

    pub(super) fn leave(&mut self, before: Option<u32>) {
        if let Some(commentary) = &mut self.commentary {
            commentary.around = before;
        }
    }
}
