//! Acceptances that stand in the contract itself: `x-unbroken-allow` in an object of a JSON or YAML
//! document, a comment (see [`comments`] and [`hashes`]) in a text that has some.
//!
//! Either holds for what it stands in or above: the object with all that it holds, the statement
//! after the comment or on its line.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::comments::{MARK, comments};
use super::hashes::hashes;
use crate::document::{Document, NodeId, Value};
use crate::load::Loaded;
use crate::model::Ownership;
use crate::policy::config::{Day, Misfit, RuleId, read, read_day};
use crate::source::{FileId, Span};

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
/// What the names of our members begin with.
const OURS: &str = "x-unbroken-";

/// Everything that a side of a contract allows, in the order of its files, and what looks like an
/// allowance and is none.
pub(in crate::policy) fn allowances(side: &Loaded) -> (Vec<Allowance>, Vec<(Span, String)>) {
    let mut found = (Vec::new(), Vec::new());
    // What another contract allows is for its own comparison.
    let files = side.contract.messages.files.iter();
    let beside = files.filter(|file| file.ownership == Ownership::Beside);
    let beside: BTreeSet<FileId> = beside.map(|file| file.span.file).collect();
    for (id, file) in side.files.iter().filter(|(id, _)| !beside.contains(id)) {
        // Looking for the word costs much less than looking at every node.
        match side.trees.iter().find(|tree| tree.file() == id) {
            Some(tree) => {
                if file.text.contains(OURS) {
                    members(tree, &mut found);
                }
                if file.text.contains(MARK) {
                    hashes(tree, &file.text, &mut found);
                }
            }
            None if file.text.contains(MARK) => comments(&side.files, id, &mut found),
            None => {}
        }
    }
    found.0.sort_by_key(|allowance| (allowance.span, allowance.rule));
    found
}

pub(super) type Found = (Vec<Allowance>, Vec<(Span, String)>);

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

/// Names that begin like ours and mean nothing. A property may be called so, and what a property holds
/// is an object and no allowance.
fn misspelt(tree: &Document, node: NodeId) -> Vec<(Span, String)> {
    let members = tree.members(node).filter(|it| it.key.text.starts_with(OURS));
    let wrong = members.filter(|member| {
        let known = tree.get(member.value, "rule").or_else(|| tree.get(member.value, "reason"));
        let is_meant = tree.value(member.value) == Value::Array || known.is_some();
        member.key.text != MEMBER && is_meant
    });
    let message = |name: &str| format!("`{name}` means nothing; did you mean `{MEMBER}`?");
    wrong.map(|member| (member.key.span, message(member.key.text))).collect()
}

fn members(tree: &Document, found: &mut Found) {
    let names = names(tree);
    for node in tree.nodes() {
        if tree.value(node) == Value::Object {
            found.1.extend(misspelt(tree, node));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::source::{Files, RepoPath};

    #[test]
    fn a_member_holds_for_its_object() {
        let allowed = "rule: property-removed, reason: why";
        let text = format!(
            "a:\n  b: 1\n  x-unbroken-allow:\n    - {{{allowed}, until: 2027-01-31}}\n    \
             - {{{allowed}, until: soon}}\nc: 1\nx-unbroken-alow: {{{allowed}, until: 2027-01-31}}\n"
        );
        let mut files = Files::default();
        let path = RepoPath::new("a.yaml").unwrap();
        let id = files.add(path.clone(), text.as_str().into());
        let tree = parse(id, &path, text.as_bytes(), &Limits::default()).unwrap().document;
        let mut found = Found::default();
        members(&tree, &mut found);
        assert_eq!(found.0.len(), 1);
        assert!(files.text(found.0[0].within).starts_with("a:\n  b: 1"));
        let told = [
            "`soon` is no date; write it as 2027-01-31",
            "`x-unbroken-alow` means nothing; did you mean `x-unbroken-allow`?",
        ];
        let said: Vec<&str> = found.1.iter().map(|(_, message)| message.as_str()).collect();
        assert_eq!(said, told);
    }
}
