//! Allowances in comments: `unbroken: allow[rule] until=YYYY-MM-DD -- reason`, after `//` or within
//! `/* */`. One holds for the statement that it stands in or beside, and on a line of its own for the
//! statement below.

use std::ops::Range;

use super::inline::{Allowance, Found};
use crate::policy::config::{Day, RuleId, day};
use crate::source::{FileId, Files, Span};

/// What a comment begins with that says something to us.
pub(super) const MARK: &str = "unbroken:";

/// What the comments of a text allow, and what looks like it and allows nothing.
pub(super) fn comments(files: &Files, id: FileId, found: &mut Found) {
    let Some(file) = files.get(id) else { return };
    let text: &str = &file.text;
    for comment in all(text) {
        let Some((said, own)) = said(text, &comment) else { continue };
        let span = span(id, own.start, own.end);
        match allowance(said, "//") {
            Some(Ok((rule, until, reason))) => {
                let first = statement_start(text, &comment);
                let within = self::span(id, first, statement_end(text, first));
                found.0.push(Allowance { rule, until, reason, within, span });
            }
            Some(Err(message)) => found.1.push((span, message)),
            None => {}
        }
    }
}

/// What a comment says to us, and where it begins and ends.
fn said<'t>(text: &'t str, comment: &Range<usize>) -> Option<(&'t str, Range<usize>)> {
    let whole = text.get(comment.clone())?;
    let inner = whole.get(2..)?;
    let inner = if whole.starts_with("/*") { inner.trim_end_matches("*/") } else { inner };
    let line = |line: &'t str| line.trim().trim_start_matches(['*', '/']).trim_start();
    let found = inner.lines().map(line).find_map(|line| line.strip_prefix(MARK))?;
    let end = comment.start + whole.trim_end().len();
    Some((found.trim(), comment.start..end))
}

/// `allow[rule] until=YYYY-MM-DD -- reason`, in a comment after this sign; `None` where it is no attempt
/// at one.
pub(super) fn allowance(said: &str, sign: &str) -> Option<Result<(RuleId, Day, String), String>> {
    let word: String = said.chars().take_while(|letter| letter.is_alphabetic()).collect();
    let is_meant = said.contains('[') || strsim::jaro_winkler(&word, "allow") > 0.8;
    is_meant.then(|| parsed(said, sign))
}

fn parsed(said: &str, sign: &str) -> Result<(RuleId, Day, String), String> {
    let shape = || format!("write it as `{sign} unbroken: allow[rule] until=2027-01-31 -- reason`");
    let said = said.strip_prefix("allow").ok_or_else(shape)?;
    let parts = said.strip_prefix('[').and_then(|said| said.split_once(']'));
    let (rule, rest) = parts.ok_or_else(shape)?;
    let (until, reason) = rest.split_once("--").ok_or_else(shape)?;
    let until = day(until.trim().strip_prefix("until=").ok_or_else(shape)?)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("the reason is empty".to_owned());
    }
    Ok((RuleId::named(rule.trim())?, until, reason.to_owned()))
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(start), end: offset(end) }
}

/// The comments of a text. What stands in quotes is none.
fn all(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let Some(end) = comment_end(bytes, at) {
            found.push(at..end);
            at = end;
        } else if matches!(byte, b'"' | b'\'') {
            at = closing_quote(bytes, at) + 1;
        } else {
            at += 1;
        }
    }
    found
}

/// Where the comment ends that begins here, if one does.
fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at)?, bytes.get(at + 1)?) {
        (b'/', b'/') => Some(find(bytes, at, b"\n").unwrap_or(bytes.len())),
        (b'/', b'*') => Some(find(bytes, at + 2, b"*/").map_or(bytes.len(), |end| end + 2)),
        _ => None,
    }
}

/// Where the statement begins that a comment is about.
fn statement_start(text: &str, comment: &Range<usize>) -> usize {
    let line =
        text.get(..comment.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(line..comment.start).unwrap_or_default();
    let rest = text.get(comment.end..).unwrap_or_default();
    let after = rest.split('\n').next().unwrap_or_default();
    if !before.trim().is_empty() {
        return line;
    }
    if after.trim().is_empty() { skip_to_code(text.as_bytes(), comment.end) } else { comment.end }
}

/// The first byte from here on that is neither blank nor in a comment.
fn skip_to_code(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if let Some(end) = comment_end(bytes, at) {
            at = end;
        } else if byte.is_ascii_whitespace() {
            at += 1;
        } else {
            return at;
        }
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
        if let Some(end) = comment_end(bytes, at) {
            at = end;
            continue;
        }
        match byte {
            b'"' | b'\'' => at = closing_quote(bytes, at),
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
            ("alow[field-removed] until=2027-01-31 -- reason", "write it as"),
            ("Allow[field-removed] until=2027-01-31 -- reason", "write it as"),
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
    fn a_block_allows_what_a_line_allows() {
        let allow = "unbroken: allow[field-removed] until=2027-01-31 -- nobody reads it";
        let field = "string a = 1;";
        for comment in [
            format!("/* {allow} */\n  "),
            format!("/* {allow} */ "),
            format!("/*\n   * Why not.\n   * {allow}\n   */\n  /* more */ // and more\n  "),
            format!("/// {allow}\n  "),
        ] {
            let text = format!("message M {{\n  {comment}{field}\n  int32 b = 2;\n}}\n");
            assert_eq!(within(&text), field, "{text}");
        }
        let beside = format!("message M {{\n  {field} /* {allow} */\n  int32 b = 2;\n}}\n");
        assert_eq!(within(&beside), field);
    }

    #[test]
    fn what_stands_in_quotes_or_is_said_to_people_allows_nothing() {
        for text in [
            format!("option x = \"{ALLOW}\";\nmessage M {{}}\n"),
            "// unbroken: see the page about it\nmessage M {}\n".to_owned(),
            "// an unbroken: allow[field-removed] in passing\nmessage M {}\n".to_owned(),
        ] {
            let ((found, wrong), _) = of_text(&text);
            assert!(found.is_empty() && wrong.is_empty(), "{text}");
        }
    }
}
