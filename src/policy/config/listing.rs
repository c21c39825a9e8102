//! What holds in the end, and where each value comes from: `--print-config`.

use super::{ACCEPT_PATH, ConfigFile};
use crate::document::{Document, NodeId, Value};
use crate::source::Files;

/// A value that holds, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name: the way to it through the config.
    pub name: String,
    /// The value as the config would spell it.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from; the later ones win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A file: `unbroken.yaml:3`.
    File(String),
    /// A variable of the environment.
    Variable(&'static str),
    /// A word on the command line.
    Flag(&'static str),
}

/// A value that was given outside the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The setting that it overrides, or names anew.
    pub name: &'static str,
    /// The value.
    pub value: String,
    /// By what.
    pub origin: Origin,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File(place) => out.write_str(place),
            Self::Variable(name) => write!(out, "environment {name}"),
            Self::Flag(name) => write!(out, "flag {name}"),
        }
    }
}

/// What holds by default wherever the config says nothing, for settings that are one value.
const DEFAULTS: [(&str, &str); 3] =
    [("policy.fail-on", "error"), ("policy.sunset.minimum-days", "0"), ("accept", ACCEPT_PATH)];

/// Every value that holds: those of the file in its order, what was given outside it, and the
/// defaults that remain.
pub fn settings(file: &ConfigFile, files: &Files, given: &[Given]) -> Vec<Setting> {
    let mut found = Vec::new();
    if let Some(document) = &file.document {
        collect(files, document, document.root(), String::new(), &mut found);
    }
    for (name, value) in DEFAULTS {
        if found.iter().all(|setting| setting.name != name) {
            let (name, value) = (name.to_owned(), value.to_owned());
            found.push(Setting { name, value, origin: Origin::Default });
        }
    }
    for Given { name, value, origin } in given {
        found.retain(|setting| setting.name != *name);
        let (name, value, origin) = ((*name).to_owned(), value.clone(), origin.clone());
        found.push(Setting { name, value, origin });
    }
    found
}

fn collect(
    files: &Files,
    document: &Document,
    node: NodeId,
    name: String,
    found: &mut Vec<Setting>,
) {
    let value = match document.value(node) {
        Value::Object => {
            for member in document.members(node) {
                let dot = if name.is_empty() { "" } else { "." };
                let name = format!("{name}{dot}{}", member.key.text);
                collect(files, document, member.value, name, found);
            }
            return;
        }
        Value::Array if !document.elements(node).iter().all(|it| is_plain(document, *it)) => {
            for (index, element) in document.elements(node).iter().enumerate() {
                collect(files, document, *element, format!("{name}[{index}]"), found);
            }
            return;
        }
        Value::Array => {
            let words = document.elements(node).iter().map(|element| plain(document, *element));
            format!("[{}]", words.collect::<Vec<_>>().join(", "))
        }
        Value::Null if name.is_empty() => return,
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String(_) => {
            plain(document, node)
        }
    };
    let place = files.locate(document.span(node));
    let place = place.map(|(path, position)| format!("{path}:{}", position.line));
    let origin = place.map_or(Origin::Default, Origin::File);
    found.push(Setting { name, value, origin });
}

fn is_plain(document: &Document, node: NodeId) -> bool {
    !matches!(document.value(node), Value::Array | Value::Object)
}

fn plain(document: &Document, node: NodeId) -> String {
    match document.value(node) {
        Value::Null | Value::Array | Value::Object => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(text) | Value::String(text) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::CONFIG_PATH;
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn each_value_says_where_it_comes_from() {
        let text = "policy:\n  fail-on: warning\ncontracts:\n  - paths: [a, b]\n    mode: full\n";
        let path = RepoPath::new(CONFIG_PATH).unwrap();
        let mut files = Files::default();
        let file = ConfigFile::parse(&mut files, &path, text.as_bytes()).unwrap();
        let given = [
            Given {
                name: "policy.fail-on",
                value: "never".to_owned(),
                origin: Origin::Flag("--fail-on"),
            },
            Given {
                name: "mode",
                value: "full".to_owned(),
                origin: Origin::Variable("UNBROKEN_MODE"),
            },
        ];
        let lines: Vec<String> = settings(&file, &files, &given)
            .iter()
            .map(|Setting { name, value, origin }| format!("{name} = {value} ({origin})"))
            .collect();
        assert_eq!(
            lines,
            [
                "contracts[0].paths = [a, b] (unbroken.yaml:4)",
                "contracts[0].mode = full (unbroken.yaml:5)",
                "policy.sunset.minimum-days = 0 (default)",
                "accept = .unbroken/accepted.yaml (default)",
                "policy.fail-on = never (flag --fail-on)",
                "mode = full (environment UNBROKEN_MODE)",
            ]
        );
    }
}
