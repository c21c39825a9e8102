//! Whose comments are whose, as compilers have it.
//!
//! What stands behind a declaration on its line trails it, what stands right above one leads it, and
//! what an empty line keeps apart belongs to neither
//! (`SourceCodeInfo.Location`, <https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto>).
//! Compilers drop what is left; here it belongs to the element around it.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::fast::FixedState;

use super::parser::parse_comments;
use crate::load::Comments;
use crate::model::Stated;
use crate::source::{FileId, Span};

/// A comment: line comments right below each other are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// Without the marks around it, and those at the beginning of its lines.
    pub(super) text: String,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The comments between two tokens.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Between {
    /// Of what ends with the token before.
    pub(super) trailing: Option<Comment>,
    pub(super) detached: Vec<Comment>,
    /// Of what begins with the token behind.
    pub(super) leading: Option<Comment>,
}

impl Between {
    /// All of them.
    pub(super) fn into_all(self) -> impl Iterator<Item = Comment> {
        self.trailing.into_iter().chain(self.detached).chain(self.leading)
    }
}

/// What stands around blanks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// Nothing is before them.
    Beginning,
    /// What is before them may be commented on behind it.
    Tokens,
}

/// What stands behind blanks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    Token,
    /// The closing brace or bracket of what is around them.
    Closing,
    End,
}

/// The comments of a file, by the elements that they are about.
pub(super) fn read_comments(file: FileId, text: &str) -> Comments {
    let mut comments = Comments::default();
    for (element, comment) in parse_comments(file, text).by_element() {
        let is_said = |word: &&str| !word.trim_matches(['*', '/']).is_empty();
        let mut words = comment.text.split_whitespace().filter(is_said).peekable();
        if words.peek().is_some() {
            let mut hasher = FixedState::default().build_hasher();
            words.for_each(|word| word.hash(&mut hasher));
            let span = Span { file, start: comment.start, end: comment.end };
            comments.insert(element, Stated { value: hasher.finish(), span });
        }
    }
    comments
}

/// Takes apart what stands between two tokens, which is blanks and comments, and begins at this
/// offset.
pub(super) fn between(text: &str, start: u32, around: Around, behind: Behind) -> Between {
    let mut reader = Reader { text, at: 0, start, line: 0 };
    let mut sorter = Sorter::default();
    // The line on which what may be trailed ends, and that on which a trailing comment does.
    let mut ends_on = None;
    let mut trailed_to = None;
    if around == Around::Tokens {
        ends_on = Some(0);
        sorter.may_trail = true;
        reader.skip_blanks();
        if let Some(comment) = reader.comment() {
            trailed_to = Some(match comment.kind {
                Kind::Line => reader.line.saturating_sub(1),
                Kind::Block => reader.line,
            });
            sorter.take(comment);
            reader.skip_blanks();
            sorter.flush();
        } else if !reader.newline() {
            return sorter.found;
        }
    }
    loop {
        reader.skip_blanks();
        if let Some(comment) = reader.comment() {
            let is_block = comment.kind == Kind::Block;
            sorter.take(comment);
            if is_block {
                // The rest of its line is no empty line.
                reader.skip_blanks();
                reader.newline();
            }
        } else if reader.newline() {
            sorter.flush();
            sorter.may_trail = false;
        } else {
            break;
        }
    }
    if behind != Behind::Token {
        sorter.flush();
    }
    let here = Some(reader.line);
    if behind != Behind::End && (ends_on == here || trailed_to == here) {
        sorter.detach_single();
    }
    sorter.finish()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Line,
    Block,
}

struct Read {
    kind: Kind,
    comment: Comment,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    start: u32,
    line: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c);
        self.at += self.rest().bytes().take_while(|byte| is_blank(byte)).count();
    }

    fn newline(&mut self) -> bool {
        let found = self.rest().starts_with('\n');
        self.at += usize::from(found);
        self.line += usize::from(found);
        found
    }

    /// The comment that begins here, if one does; that of a line takes the end of the line with it.
    fn comment(&mut self) -> Option<Read> {
        let begins = self.at;
        let rest = self.rest();
        let (kind, text, length) = if let Some(inside) = rest.strip_prefix("//") {
            let length = inside.find('\n').map_or(inside.len(), |at| at + 1);
            (Kind::Line, inside.get(..length).unwrap_or("").to_owned(), length + 2)
        } else {
            let inside = rest.strip_prefix("/*")?;
            let inside = inside.get(..inside.find("*/")?)?;
            (Kind::Block, unmarked(inside), inside.len() + 4)
        };
        let taken = rest.get(..length).unwrap_or("");
        let lines = taken.bytes().filter(|byte| *byte == b'\n').count();
        let shown = taken.trim_end().len();
        self.at += length;
        self.line += lines;
        let (start, end) = (self.offset(begins), self.offset(begins + shown));
        Some(Read { kind, comment: Comment { text, start, end } })
    }

    fn offset(&self, at: usize) -> u32 {
        self.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }
}

/// A block comment without the blanks and the asterisk before each further line.
fn unmarked(inside: &str) -> String {
    let mut lines = inside.split('\n');
    let mut text = lines.next().unwrap_or("").to_owned();
    for line in lines {
        let line = line.trim_start_matches([' ', '\t', '\r', '\x0b', '\x0c']);
        text.push('\n');
        text.push_str(line.strip_prefix('*').unwrap_or(line));
    }
    text
}

/// Decides of each comment whose it is once it is known what follows.
#[derive(Default)]
struct Sorter {
    waiting: Option<Read>,
    may_trail: bool,
    count: usize,
    found: Between,
}

impl Sorter {
    fn take(&mut self, read: Read) {
        if let (Kind::Line, Some(Read { kind: Kind::Line, comment })) =
            (read.kind, &mut self.waiting)
        {
            comment.text.push_str(&read.comment.text);
            comment.end = read.comment.end;
            return;
        }
        self.flush();
        self.waiting = Some(read);
    }

    /// What waits is not of what follows.
    fn flush(&mut self) {
        let Some(Read { kind: _, comment }) = self.waiting.take() else { return };
        self.count += 1;
        if self.may_trail {
            self.may_trail = false;
            self.found.trailing = Some(comment);
        } else {
            self.found.detached.push(comment);
        }
    }

    /// A comment that stands alone between two tokens on one line could be of either.
    fn detach_single(&mut self) {
        if self.count + usize::from(self.waiting.is_some()) == 1 {
            self.found.detached.extend(self.found.trailing.take());
            self.may_trail = false;
            self.flush();
        }
    }

    fn finish(mut self) -> Between {
        self.found.leading = self.waiting.take().map(|read| read.comment);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, around: Around, behind: Behind) -> String {
        let Between { trailing, detached, leading } = between(text, 0, around, behind);
        let text = |comment: Comment| comment.text.trim().replace('\n', "|");
        let detached: Vec<String> = detached.into_iter().map(text).collect();
        let (trailing, leading) = (trailing.map(text), leading.map(text));
        let shown = |one: Option<String>| one.unwrap_or_else(|| "-".to_owned());
        format!("{} < {} > {}", shown(trailing), detached.join(", "), shown(leading))
    }

    #[test]
    fn a_comment_is_of_what_it_stands_beside() {
        let within = |text| texts(text, Around::Tokens, Behind::Token);
        assert_eq!(within(" // a\n// b\n// c\n"), "a <  > b| c");
        assert_eq!(within("\n// a\n\n// b\n"), "a <  > b");
        assert_eq!(within("\n\n// a\n\n/* b\n * c */\n"), "- < a > b| c");
        assert_eq!(within(" /* a */ "), "- < a > -");
        assert_eq!(within(" /* a */ /* b */ "), "a <  > b");
        assert_eq!(within(""), "- <  > -");
    }

    #[test]
    fn what_begins_a_file_trails_nothing_and_what_ends_a_scope_leads_nothing() {
        assert_eq!(texts("// a\n\n// b\n", Around::Beginning, Behind::Token), "- < a > b");
        assert_eq!(texts("\n\n// a\n", Around::Tokens, Behind::Closing), "- < a > -");
        assert_eq!(texts("\n// a\n", Around::Tokens, Behind::End), "a <  > -");
    }
}
