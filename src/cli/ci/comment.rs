//! The comment on a pull request, and finding the one that an earlier run has written.

use std::fs;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::cli::output::{CommandError, print};

/// How many comments GitHub puts on a page when it is asked for the most.
const PAGE: usize = 100;

/// What is sent to GitHub.
#[derive(Deserialize, Serialize)]
pub(super) struct Comment {
    /// The text; its first line is the marker.
    pub(super) body: String,
}

/// The first line of our comment: invisible, and different for each place that comments.
pub(super) fn marker(workflow: &str, job: &str, key: &str) -> String {
    // Encoded, no name can end the HTML comment (`-->`) or pass for another place.
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!("<!-- unbroken {}/{}/{} -->", part(workflow), part(job), part(key))
}

/// What GitHub tells of a comment.
#[derive(Deserialize)]
struct Listed {
    id: u64,
    body: Option<String>,
    user: Option<User>,
    #[serde(default)]
    author_association: String,
}

#[derive(Deserialize)]
struct User {
    #[serde(rename = "type", default)]
    kind: String,
}

/// Prints the id of the comment on this page that an earlier run has written, `more` where the next
/// page has to be looked at, else `none`.
pub(super) fn find(ours: &Path, page: &Path) -> Result<u8, CommandError> {
    let ours: Comment = read(ours)?;
    let listed: Vec<Listed> = read(page)?;
    let marker = ours.body.lines().next().unwrap_or_default();
    match listed.iter().find(|comment| is_ours(comment, marker)) {
        Some(comment) => print(&format!("{}\n", comment.id)),
        None if listed.len() >= PAGE => print("more\n"),
        None => print("none\n"),
    }
}

/// Anybody may write our marker. A bot's comment is taken, and one by those who may write to the
/// repository, whose tokens may stand in for the job's.
fn is_ours(comment: &Listed, marker: &str) -> bool {
    let Listed { id: _, body, user, author_association } = comment;
    let bot = user.as_ref().is_some_and(|user| user.kind == "Bot");
    let member = matches!(author_association.as_str(), "OWNER" | "MEMBER" | "COLLABORATOR");
    let first = body.as_deref().and_then(|body| body.lines().next());
    (bot || member) && first == Some(marker)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, CommandError> {
    let unreadable =
        |reason: String| CommandError::Usage(format!("cannot read {}: {reason}", path.display()));
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_the_marker_or_passes_for_another() {
        assert_eq!(marker("CI", "contracts", ""), "<!-- unbroken CI/contracts/ -->");
        assert_eq!(marker("a-->b", "x", "y").matches("-->").count(), 1);
        assert_ne!(marker("a/b", "c", ""), marker("a", "b/c", ""));
    }

    #[test]
    fn a_strangers_copy_of_the_marker_is_not_ours() {
        let marker = marker("CI", "contracts", "");
        let comment = |association: &str, kind: &str, body: String| Listed {
            id: 1,
            body: Some(body),
            user: Some(User { kind: kind.to_owned() }),
            author_association: association.to_owned(),
        };
        assert!(is_ours(&comment("NONE", "Bot", format!("{marker}\nall well")), &marker));
        assert!(is_ours(&comment("MEMBER", "User", format!("{marker}\r\nold")), &marker));
        assert!(!is_ours(&comment("NONE", "User", format!("{marker}\nmine")), &marker));
        assert!(!is_ours(&comment("NONE", "Bot", format!("quoted\n{marker}")), &marker));
    }
}
