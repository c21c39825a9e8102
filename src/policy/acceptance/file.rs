//! The file of acceptances: a list to which entries are appended and that people review.

use serde::Deserialize;

use crate::document::Document;
use crate::policy::config::{ConfigError, Day, Misfit, read, read_day, tree};
use crate::source::{Files, RepoPath, Span};

/// A finding that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Acceptance {
    /// The fingerprint of the finding; it alone decides what is accepted.
    pub finding: String,
    /// The rule, for people.
    pub rule: String,
    /// The contract.
    pub contract: String,
    /// Where in the contract, for people.
    #[serde(default)]
    pub at: Option<String>,
    /// The operations that the finding reached when it was accepted. When it reaches another, it is
    /// no longer accepted.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Why the team lives with it.
    pub reason: String,
    /// Who answers for that.
    pub owner: String,
    /// The last day on which it is accepted (`2027-01-31`).
    #[serde(deserialize_with = "read_day")]
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date")))]
    pub until: Day,
}

/// Every acceptance of a repository.
#[derive(Debug, Default)]
pub struct AcceptedFile {
    /// In the order of the file.
    pub entries: Vec<(Acceptance, Option<Span>)>,
}

/// The first lines of a new file.
pub const HEADER: &str = "\
# Findings that this team has decided to live with. `unbroken accept` appends to this file;
# a review of the change that brings an entry is the approval. Remove what is no longer needed.
";

impl AcceptedFile {
    /// Reads the bytes of the file.
    ///
    /// # Errors
    /// When it is no YAML, or an entry lacks something.
    pub fn parse(files: &mut Files, path: &RepoPath, bytes: &[u8]) -> Result<Self, ConfigError> {
        let Some(document) = tree(files, path, bytes)? else { return Ok(Self::default()) };
        entries(&document)
            .map(|entries| Self { entries })
            .map_err(|misfit| misfit.located(files, path))
    }

    /// The entries for a fingerprint: what was accepted may be accepted again, for longer or for more.
    pub fn of<'s>(
        &'s self,
        fingerprint: &'s str,
    ) -> impl Iterator<Item = &'s (Acceptance, Option<Span>)> {
        self.entries.iter().filter(move |(entry, _)| entry.finding == fingerprint)
    }
}

fn entries(document: &Document) -> Result<Vec<(Acceptance, Option<Span>)>, Misfit> {
    let root = document.root();
    let all: Vec<Acceptance> = read(document, root)?;
    let spans = document.elements(root).iter().map(|node| document.span(*node));
    let placed: Vec<_> = all.into_iter().zip(spans.map(Some)).collect();
    for (entry, span) in &placed {
        let misfit = |message: &str| Misfit { message: message.to_owned(), span: *span };
        let digits = entry.finding.bytes().all(|byte| byte.is_ascii_hexdigit());
        if entry.finding.len() != 32 || !digits {
            let message = "`finding` is a fingerprint: 32 hexadecimal digits, in quotes";
            return Err(misfit(message));
        }
        if entry.reason.trim().is_empty() {
            return Err(misfit("`reason` is empty: say why the team lives with it"));
        }
        if entry.owner.trim().is_empty() {
            return Err(misfit("`owner` is empty: say who answers for it"));
        }
    }
    Ok(placed)
}

/// The text of an entry, as it is appended to the file. Texts are quoted as JSON quotes them, which
/// YAML 1.2 reads alike.
pub fn entry(acceptance: &Acceptance) -> String {
    let Acceptance { finding, rule, contract, at, covers, reason, owner, until } = acceptance;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec![
        format!("- finding: {}", quoted(finding)),
        format!("  rule: {rule}"),
        format!("  contract: {}", quoted(contract)),
    ];
    if let Some(at) = at {
        lines.push(format!("  at: {}", quoted(at)));
    }
    if !covers.is_empty() {
        lines.push("  covers:".to_owned());
        lines.extend(covers.iter().map(|operation| format!("    - {}", quoted(operation))));
    }
    lines.push(format!("  reason: {}", quoted(reason)));
    lines.push(format!("  owner: {}", quoted(owner)));
    lines.push(format!("  until: {until}"));
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<AcceptedFile, String> {
        let path = RepoPath::new("accepted.yaml").unwrap();
        AcceptedFile::parse(&mut Files::default(), &path, text.as_bytes())
            .map_err(|error| error.to_string())
    }

    fn sample() -> Acceptance {
        Acceptance {
            finding: "0123456789abcdef0123456789abcdef".to_owned(),
            rule: "property-removed".to_owned(),
            contract: "api/a: b.yaml".to_owned(),
            at: Some("POST /orders › request body › \"x\"".to_owned()),
            covers: vec!["POST /orders".to_owned(), "- a: #b".to_owned()],
            reason: "nobody sends it:\n\tmeasured \u{202e} # twice".to_owned(),
            owner: "@acme/orders".to_owned(),
            until: "2027-01-31".parse().unwrap(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = format!("{HEADER}\n{}{}", entry(&sample()), entry(&sample()));
        let file = parsed(&text).unwrap();
        assert_eq!(file.entries.len(), 2, "{text}");
        assert_eq!(file.entries[1].0, sample(), "{text}");
    }

    #[test]
    fn nothing_that_is_required_may_be_left_out() {
        let whole = entry(&sample());
        for key in ["finding", "rule", "contract", "reason", "owner", "until"] {
            let lines = whole.lines().filter(|line| !line.contains(&format!("{key}: ")));
            let text = format!("- covers: []\n{}", lines.collect::<Vec<_>>().join("\n"));
            let text = text.replace("- finding", "  finding").replace("  covers:\n", "  at2:\n");
            assert!(parsed(&text).is_err(), "{text}");
        }
        let error = parsed(&whole.replace("@acme/orders", " ")).err().unwrap();
        assert_eq!(error, "accepted.yaml:1:3: `owner` is empty: say who answers for it");
        let error = parsed(&whole.replace("0123", "xyz")).err().unwrap();
        assert!(error.starts_with("accepted.yaml:1:3: `finding` is a fingerprint"), "{error}");
        assert!(parsed("# nothing yet\n").unwrap().entries.is_empty());
    }
}
