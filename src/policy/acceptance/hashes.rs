//! Allowances in the comments of a document: `# unbroken: allow[rule] until=YYYY-MM-DD -- reason`. One
//! holds for the member or element that begins on its own line, or on the next line where it stands alone.

use super::comments::{MARK, allowance};
use super::inline::{Allowance, Found};
use crate::document::{Document, Value};
use crate::source::Span;

/// What the comments of a document allow, and what looks like it and allows nothing.
pub(super) fn hashes(tree: &Document, text: &str, found: &mut Found) {
    if !text.contains(MARK) {
        return;
    }
    let places = Places::of(tree);
    for comment in all(&places, text) {
        let Comment { line, start, said } = comment;
        let span = span_of(tree, start, start + text.get(start..).map_or(0, line_length));
        match allowance(said, "#") {
            Some(Ok((rule, until, reason))) => match within(&places, text, line, start) {
                Some(within) => {
                    found.0.push(Allowance { rule, until, reason, within, span });
                }
                None => {
                    found.1.push((span, "there is nothing below that it could allow".to_owned()));
                }
            },
            Some(Err(message)) => found.1.push((span, message)),
            None => {}
        }
    }
}

/// A comment that says something to us.
struct Comment<'t> {
    /// Where its line begins.
    line: usize,
    /// Where it begins itself.
    start: usize,
    /// What it says.
    said: &'t str,
}

/// The comments that begin with our mark. What stands in a name or a value is none.
fn all<'t>(places: &Places, text: &'t str) -> Vec<Comment<'t>> {
    let mut line = 0;
    let mut found = Vec::new();
    for whole in text.split_inclusive('\n') {
        // A comment is apart from what precedes it (YAML 1.2 section 6.6).
        let begins = |(at, _): &(usize, &str)| {
            whole.get(..*at).is_some_and(|it| it.is_empty() || it.ends_with([' ', '\t']))
        };
        for (at, _) in whole.match_indices('#').filter(begins) {
            let said = whole.get(at + 1..).unwrap_or_default().trim_start_matches('#').trim();
            let Some(said) = said.strip_prefix(MARK) else { continue };
            let start = line + at;
            if !places.is_written(start) {
                found.push(Comment { line, start, said: said.trim() });
                break;
            }
        }
        line += whole.len();
    }
    found
}

/// Where the parts of a document stand, each kind in order: looked through once for all comments.
struct Places {
    /// Names and values.
    written: Vec<Span>,
    /// Members with their values, and elements; of those that begin together the longest first.
    members: Vec<Span>,
    elements: Vec<Span>,
}

impl Places {
    fn of(tree: &Document) -> Self {
        let (mut written, mut members, mut elements) = (Vec::new(), Vec::new(), Vec::new());
        for node in tree.nodes() {
            match tree.value(node) {
                Value::Object => {
                    for member in tree.members(node) {
                        let key = member.key.span;
                        written.push(key);
                        let end = tree.span(member.value).end.max(key.end);
                        members.push(Span { end, ..key });
                    }
                }
                Value::Array => {
                    elements.extend(tree.elements(node).iter().map(|node| tree.span(*node)));
                }
                Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {
                    written.push(tree.span(node));
                }
            }
        }
        for all in [&mut written, &mut members, &mut elements] {
            all.sort_unstable_by_key(|span| (span.start, u32::MAX - span.end));
        }
        Self { written, members, elements }
    }

    /// Whether a name or a value of the document is written there.
    fn is_written(&self, at: usize) -> bool {
        let behind = self.written.partition_point(|span| span.start <= offset(at));
        let before = behind.checked_sub(1).and_then(|last| self.written.get(last));
        before.is_some_and(|span| offset(at) < span.end)
    }
}

/// What a comment holds for.
fn within(places: &Places, text: &str, line: usize, start: usize) -> Option<Span> {
    let is_alone = text.get(line..start)?.trim().is_empty();
    let first = if is_alone { next_line(text, start)? } else { line };
    let blank = text.get(first..)?.len() - text.get(first..)?.trim_start_matches(' ').len();
    let first = first + blank;
    let last = first + line_length(text.get(first..)?);
    let is_element = text.get(first..)?.starts_with("- ");
    // Of all that begin on the line the first; an element is more than the member that it begins with.
    let first_of = |spans: &[Span]| {
        let next = spans.partition_point(|span| span.start < offset(first));
        spans.get(next).copied().filter(|span| span.start < offset(last))
    };
    let (member, element) = (first_of(&places.members), first_of(&places.elements));
    if is_element { element.or(member) } else { member.or(element) }
}

/// The next line that is neither blank nor a comment.
fn next_line(text: &str, from: usize) -> Option<usize> {
    let mut at = from + line_length(text.get(from..)?);
    for line in text.get(at..)?.split_inclusive('\n') {
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// How long the line is that begins here, with its end.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

fn span_of(tree: &Document, start: usize, end: usize) -> Span {
    Span { file: tree.file(), start: offset(start), end: offset(end) }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::source::{Files, RepoPath};

    const ALLOW: &str = "# unbroken: allow[property-removed] until=2027-01-31 -- nobody reads it";

    fn of_text(text: &str) -> (Vec<String>, Vec<String>) {
        let mut files = Files::default();
        let path = RepoPath::new("a.yaml").unwrap();
        let id = files.add(path.clone(), text.into());
        let tree = parse(id, &path, text.as_bytes(), &Limits::default()).unwrap().document;
        let mut found = Found::default();
        hashes(&tree, text, &mut found);
        let within = found.0.iter().map(|one| files.text(one.within).trim_end().to_owned());
        (within.collect(), found.1.into_iter().map(|(_, message)| message).collect())
    }

    #[test]
    fn a_comment_holds_for_what_begins_beside_or_below_it() {
        for (text, expected) in [
            (format!("a:\n  {ALLOW}\n  # and why\n\n  b: 1\n  c: 2\n"), "b: 1"),
            (format!("a:\n  b: 1  {ALLOW}\n  c: 2\n"), "b: 1"),
            (format!("{ALLOW}\na:\n  b: 1\nc: 2\n"), "a:\n  b: 1"),
            (format!("a:  {ALLOW}\n  b: 1\nc: 2\n"), "a:\n  b: 1"),
            (format!("a:\n  {ALLOW}\n  - b: 1\n    c: 2\n  - d: 3\n"), "b: 1\n    c: 2"),
            (format!("a:\n  {ALLOW}\n  - one\n  - two\n"), "one"),
            (format!("a:\n  {ALLOW}\n  b: {{c: 1, d: 2}}\n"), "b: {c: 1, d: 2}"),
        ] {
            let (within, wrong) = of_text(&text);
            let within: Vec<String> =
                within.iter().map(|it| it.replace(&format!("  {ALLOW}"), "")).collect();
            assert_eq!((within, wrong), (vec![expected.to_owned()], Vec::new()), "{text}");
        }
    }

    #[test]
    fn what_is_no_allowance_says_why_and_what_is_no_comment_says_nothing() {
        let (found, wrong) = of_text("# unbroken: alow[property-removed] -- x\na: 1\n");
        assert!(found.is_empty());
        assert_eq!(wrong, ["write it as `# unbroken: allow[rule] until=2027-01-31 -- reason`"]);
        let (_, wrong) = of_text(&format!("a: 1\n{ALLOW}\n"));
        assert_eq!(wrong, ["there is nothing below that it could allow"]);
        for text in [
            format!("a: \"x {ALLOW}\"\nb: 1\n"),
            format!("a: |\n  x\n  {ALLOW}\nb: 1\n"),
            format!("a: \"b{ALLOW}\"\nb: 1\n"),
            "# this is unbroken: see the page\na: 1\n".to_owned(),
        ] {
            let (found, wrong) = of_text(&text);
            assert!(found.is_empty() && wrong.is_empty(), "{text}: {found:?} {wrong:?}");
        }
    }
}
