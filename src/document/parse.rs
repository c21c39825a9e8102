//! Which reader a text gets.

use std::sync::Arc;

use crate::source::{FileId, RepoPath, Span};

use super::text::{Decoded, Fault, decode, offset};
use super::{Document, DocumentError, DocumentErrorKind, Limits, json, yaml};

/// A text that was read, and what was odd about it.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub document: Document,
    /// What was passed over.
    pub warnings: Vec<Warning>,
}

/// Something in a text that was passed over and that its author may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Reads the bytes of a file.
///
/// # Errors
/// When the bytes are not UTF-8 or not a text that [`parse_text`] accepts.
pub fn parse(
    file: FileId,
    path: &RepoPath,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    let Decoded { text, fault } = decode(bytes, limits);
    match fault {
        Some(fault) => Err(fault.in_file(file)),
        None => parse_text(file, path, &text, limits),
    }
}

/// Reads a text that [`decode`](super::decode) accepted: JSON where the name ends in `.json` or
/// the text begins like it, else YAML, of which nearly all JSON is a part.
///
/// # Errors
/// When the text is not what its format demands, or a limit strikes.
pub fn parse_text(
    file: FileId,
    path: &RepoPath,
    text: &Arc<str>,
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    if let Some(fault) = impostor(text) {
        return Err(fault.in_file(file));
    }
    read(file, path, text, limits).map_err(|error| match unsettled(text) {
        Some(fault) if error.kind == DocumentErrorKind::Malformed => fault.in_file(file),
        Some(_) | None => error,
    })
}

fn read(
    file: FileId,
    path: &RepoPath,
    text: &Arc<str>,
    limits: &Limits,
) -> Result<Parsed, DocumentError> {
    let named_json = path.extension() == "json";
    if !named_json && !text.trim_start().starts_with(['{', '[']) {
        return yaml(file, text, limits).map_err(|fault| fault.in_file(file));
    }
    let fault = match json::read(file, text, limits) {
        Ok(document) => return Ok(Parsed { document, warnings: Vec::new() }),
        Err(fault) if fault.kind() == DocumentErrorKind::Limit => return Err(fault.in_file(file)),
        Err(fault) => fault,
    };
    let second = yaml(file, text, limits);
    let answer = match (named_json, second) {
        (false, Ok(parsed)) => return Ok(parsed),
        (true, Ok(parsed)) => named_wrongly(fault, text, &parsed.document),
        (false, Err(second)) if is_yaml_name(path) || second.kind() == DocumentErrorKind::Limit => {
            second
        }
        (_, Err(_)) => fault,
    };
    Err(answer.in_file(file))
}

fn yaml(file: FileId, text: &Arc<str>, limits: &Limits) -> Result<Parsed, Fault> {
    let (document, notes) = yaml::read(file, text, limits)?;
    let warnings = notes
        .into_iter()
        .map(|(message, start, end)| Warning { message, span: Span { file, start, end } });
    Ok(Parsed { document, warnings: warnings.collect() })
}

fn is_yaml_name(path: &RepoPath) -> bool {
    matches!(path.extension().as_str(), "yaml" | "yml")
}

/// A `.json` file that reads well as YAML: say so where it is meant as YAML, and keep to what is
/// wrong with the JSON where it begins like JSON.
fn named_wrongly(fault: Fault, text: &str, document: &Document) -> Fault {
    let block_object = document.members(document.root()).len() > 0
        && !text.trim_start().starts_with(['{', '[', '"']);
    if !block_object {
        return fault;
    }
    let message = "the file is named `.json` and holds YAML: rename it to `.yaml` or convert it";
    Fault::new(DocumentErrorKind::Malformed, message.to_owned(), 0, first_line(text))
}

/// Files that stand where a contract should, and that would only yield puzzling messages.
fn impostor(text: &str) -> Option<Fault> {
    let start = text.trim_start();
    let message = if start.starts_with("version https://git-lfs.github.com/spec/") {
        "the file is a Git LFS pointer, not the contract: fetch it with `git lfs pull`"
    } else if is_html(start) {
        "the file is an HTML page, not a contract: it was probably saved from an error page"
    } else {
        return None;
    };
    let message = message.to_owned();
    Some(Fault::new(DocumentErrorKind::Malformed, message, 0, first_line(text)))
}

/// The mark that git leaves where both sides of a merge have written.
pub(crate) fn unsettled(text: &str) -> Option<Fault> {
    let at = |mark: &str| {
        let inside = text.find(&format!("\n{mark} ")).map(|at| at + 1);
        if text.starts_with(&format!("{mark} ")) { Some(0) } else { inside }
    };
    let (start, _) = (at("<<<<<<<")?, at(">>>>>>>")?);
    let message =
        "a merge conflict is not settled here: settle it and take out the marks".to_owned();
    let (start, end) = (offset(start), offset(start + "<<<<<<<".len()));
    Some(Fault::new(DocumentErrorKind::Malformed, message, start, end))
}

fn is_html(start: &str) -> bool {
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag));
    begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body")
}

fn first_line(text: &str) -> u32 {
    offset(text.lines().next().map_or(0, str::len))
}

#[cfg(test)]
mod tests {
    use super::super::tests::file;
    use super::*;

    fn parsed(name: &str, text: &str) -> Result<Parsed, DocumentError> {
        let path = RepoPath::new(name).unwrap();
        parse(file(), &path, text.as_bytes(), &Limits::default())
    }

    fn refusal(name: &str, text: &str) -> String {
        parsed(name, text).unwrap_err().message
    }

    #[test]
    fn the_reader_follows_the_name_and_the_text() {
        assert!(parsed("a.yaml", "{\"a\": [1, 2]}").is_ok());
        assert!(parsed("a.yaml", "{a: [1, 2], b: }").is_ok());
        assert!(parsed("a.yml", "[1, # two\n 2]").is_ok());
        assert!(parsed("contract", "openapi: 3.1.0").is_ok());
        assert!(parsed("a.json", "{a: 1}").is_err());
    }

    #[test]
    fn the_message_is_about_the_format_that_was_meant() {
        assert!(refusal("a.json", "openapi: 3.0.0\n").contains("holds YAML"));
        assert!(refusal("a.json", "{a: 1}").contains("a name in double quotes"));
        assert!(refusal("a.json", "").contains("ends where a value"));
        assert!(refusal("a.yaml", "{a: [1}").contains("not YAML"));
        assert!(refusal("contract", "{\"a\": [1}").contains("`,` or `]`"));
    }

    #[test]
    fn what_is_no_contract_at_all_is_named() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        assert!(refusal("a.yaml", pointer).contains("git lfs pull"));
        assert!(refusal("a.json", "\n<!DOCTYPE html>\n<html>").contains("HTML"));
        assert!(refusal("a.yaml", "<html><body>404").contains("HTML"));
    }

    #[test]
    fn a_merge_that_is_not_settled_is_named() {
        let text = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> main\n";
        let error = parsed("a.yaml", text).unwrap_err();
        assert!(error.message.contains("merge conflict") && error.span.start == 5, "{error:?}");
        assert!(!refusal("a.yaml", "a: [\n").contains("merge conflict"));
    }

    #[test]
    fn depth_is_refused_once_and_not_tried_again_as_yaml() {
        let deep = "[".repeat(100_000);
        assert_eq!(parsed("a", &deep).unwrap_err().kind, DocumentErrorKind::Limit);
    }
}
