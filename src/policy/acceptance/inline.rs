//! Acceptances that stand in the contract itself: `x-unbroken-allow` in an object of a JSON or YAML
//! document, `// unbroken: allow[rule] until=YYYY-MM-DD -- reason` in a text that has comments.
//!
//! Either holds for what it stands in or above: the object with all that it holds, the statement
//! after the comment or on its line.

use std::collections::HashMap;

use serde::Deserialize;

use crate::document::{Document, NodeId, Value};
use crate::load::Loaded;
use crate::policy::config::{Day, Misfit, RuleId, day, read, read_day};
use crate::source::{FileId, Files, Span};

/// An acceptance in a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Allowance {
    /// What is allowed.
    pub(in crate::policy) rule: RuleId,
    /// The last day on which it is.
    pub(in crate::policy) until: Day,
    /// Why.
    pub(in crate::policy) reason: String,
    /// Where it is allowed.
    pub(in crate::policy) within: Span,
    /// Where the allowance is written.
    pub(in crate::policy) span: Span,
}

/// The name of the member that holds allowances.
const MEMBER: &str = "x-unbroken-allow";
/// What a comment that allows something begins with.
const COMMENT: &str = "unbroken: allow";

/// Everything that a side of a contract allows, in the order of its files, and what looks like an
/// allowance and is none.
pub(in crate::policy) fn allowances(side: &Loaded) -> (Vec<Allowance>, Vec<(Span, String)>) {
    let mut found = (Vec::new(), Vec::new());
    for (id, file) in side.files.iter() {
        // Looking for the word costs much less than looking at every node.
        match side.trees.iter().find(|tree| tree.file() == id) {
            Some(tree) if file.text.contains(MEMBER) => members(tree, &mut found),
            None if file.text.contains(COMMENT) => comments(&side.files, id, &mut found),
            Some(_) | None => {}
        }
    }
    found.0.sort_by_key(|allowance| (allowance.span, allowance.rule));
    found
}

type Found = (Vec<Allowance>, Vec<(Span, String)>);

/// What a member says: one allowance or several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Said {
    rule: RuleId,
    #[serde(deserialize_with = "read_day")]
    until: Day,
    reason: String,
}

/// Where the name of each object begins that is the value of a member. Of one that aliases share it is
/// the name that it was written under.
fn names(tree: &Document) -> HashMap<NodeId, u32> {
    let mut names: HashMap<NodeId, u32> = HashMap::new();
    let objects = tree.nodes().filter(|node| tree.value(*node) == Value::Object);
    for member in objects.flat_map(|node| tree.members(node)) {
        let (start, end) = (member.key.span.start, tree.span(member.value).start);
        if start <= end {
            let known = names.entry(member.value).or_insert(start);
            *known = start.max(*known);
        }
    }
    names
}

fn members(tree: &Document, found: &mut Found) {
    let names = names(tree);
    for node in tree.nodes() {
        let Some(value) = tree.get(node, MEMBER) else { continue };
        let mut within = tree.span(node);
        // What was added or removed with the object begins at its name.
        within.start = names.get(&node).copied().unwrap_or(within.start);
        let entries: Vec<NodeId> = match tree.value(value) {
            Value::Array => tree.elements(value).to_vec(),
            Value::Null
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object => vec![value],
        };
        for entry in entries {
            let span = tree.span(entry);
            match read::<Said>(tree, entry) {
                Ok(Said { rule, until, reason }) if !reason.trim().is_empty() => {
                    found.0.push(Allowance { rule, until, reason, within, span });
                }
                Ok(_) => found.1.push((span, "the reason is empty".to_owned())),
                Err(Misfit { message, span: place }) => {
                    found.1.push((place.unwrap_or(span), message));
                }
            }
        }
    }
}

fn comments(files: &Files, id: FileId, found: &mut Found) {
    let Some(file) = files.get(id) else { return };
    let text: &str = &file.text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let next = start + line.len();
        if let Some(slashes) = line.find("//")
            && let Some(said) = line.get(slashes + 2..)
            && let Some(said) = said.trim().strip_prefix(COMMENT)
        {
            let code = line.get(..slashes).unwrap_or_default();
            let below = code.trim().is_empty();
            let first = if below { skip_to_code(text, next) } else { start };
            let end = statement_end(text, first);
            let span = span(id, start + slashes, start + line.trim_end().len());
            match comment(said) {
                Ok((rule, until, reason)) => {
                    let within = self::span(id, first, end);
                    found.0.push(Allowance { rule, until, reason, within, span });
                }
                Err(message) => found.1.push((span, message)),
            }
        }
        start = next;
    }
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(start), end: offset(end) }
}

/// `[rule] until=YYYY-MM-DD -- reason`
fn comment(said: &str) -> Result<(RuleId, Day, String), String> {
    let shape = "write it as `// unbroken: allow[rule] until=2027-01-31 -- reason`";
    let (rule, rest) = said.strip_prefix('[').and_then(|said| said.split_once(']')).ok_or(shape)?;
    let (until, reason) = rest.split_once("--").ok_or(shape)?;
    let until = day(until.trim().strip_prefix("until=").ok_or(shape)?)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("the reason is empty".to_owned());
    }
    Ok((RuleId::named(rule.trim())?, until, reason.to_owned()))
}

/// The start of the first line from here on that is not blank and no comment.
fn skip_to_code(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() && !words.starts_with("//") {
            break;
        }
        at += line.len();
    }
    at
}

/// Where the statement ends that begins here: after the first `;` outside braces, or where the
/// first brace closes. Braces in quotes and comments do not count.
fn statement_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = closing_quote(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = find(bytes, at, b"\n").unwrap_or(bytes.len());
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = find(bytes, at + 2, b"*/").map_or(bytes.len(), |end| end + 1);
            }
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn closing_quote(bytes: &[u8], open: usize) -> usize {
    let quote = bytes.get(open).copied();
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if Some(*byte) == quote => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

fn find(bytes: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(word.len()).position(|window| window == word).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::source::RepoPath;

    fn of_text(text: &str) -> (Found, Files) {
        let mut files = Files::default();
        let id = files.add(RepoPath::new("a.proto").unwrap(), text.into());
        let mut found = Found::default();
        comments(&files, id, &mut found);
        (found, files)
    }

    fn within(text: &str) -> String {
        let ((found, wrong), files) = of_text(text);
        assert!(wrong.is_empty(), "{wrong:?}");
        files.text(found[0].within).trim().to_owned()
    }

    const ALLOW: &str = "// unbroken: allow[field-removed] until=2027-01-31 -- nobody reads it";

    #[test]
    fn a_comment_holds_for_the_statement_below_or_beside_it() {
        let field = "string a = 1;";
        assert_eq!(
            within(&format!("message M {{\n  {ALLOW}\n\n  // text\n  {field}\n}}\n")),
            field
        );
        let beside = format!("message M {{\n  {field} {ALLOW}\n  int32 b = 2;\n}}\n");
        assert_eq!(within(&beside), field);
        let message =
            "message M { // }\n  /* } */ string a = 1 [json_name = \"}\\\"\"];\n  message N {}\n}";
        assert_eq!(within(&format!("{ALLOW}\n{message}\nmessage O {{}}\n")), message);
        let opened = format!("message M {{ {ALLOW}\n  string a = 1;\n}}");
        assert_eq!(within(&format!("{opened}\nmessage O {{}}\n")), opened);
        assert_eq!(within(&format!("{ALLOW}\nmessage M {{\n")), "message M {");
    }

    #[test]
    fn a_comment_that_is_no_allowance_says_what_is_missing() {
        for (said, expected) in [
            ("allow field-removed", "write it as"),
            ("allow[field-removed] -- reason", "write it as"),
            ("allow[field-removed] until=2027-01-31", "write it as"),
            ("allow[field-removed] until=2027-13-31 -- reason", "`2027-13-31` is no date"),
            ("allow[field-removed] until=2027-01-31 -- ", "the reason is empty"),
            ("allow[field-remved] until=2027-01-31 -- reason", "there is no rule `field-remved`"),
        ] {
            let ((found, wrong), _) = of_text(&format!("// unbroken: {said}\nmessage M {{}}\n"));
            assert!(found.is_empty(), "{said}");
            assert!(wrong[0].1.starts_with(expected), "{}", wrong[0].1);
        }
    }

    #[test]
    fn a_member_holds_for_its_object() {
        let text = "a:\n  b: 1\n  x-unbroken-allow:\n    - {rule: property-removed, until: 2027-01-31, \
                    reason: why}\n    - {rule: property-removed, until: soon, reason: why}\nc: 1\n";
        let mut files = Files::default();
        let path = RepoPath::new("a.yaml").unwrap();
        let id = files.add(path.clone(), text.into());
        let tree = parse(id, &path, text.as_bytes(), &Limits::default()).unwrap().document;
        let mut found = Found::default();
        members(&tree, &mut found);
        assert_eq!(found.0.len(), 1);
        assert!(files.text(found.0[0].within).starts_with("a:\n  b: 1"));
        assert_eq!(found.1[0].1, "`soon` is no date; write it as 2027-01-31");
    }
}
