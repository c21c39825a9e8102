//! What the words of `google.api.field_behavior` demand, and of whom.
//!
//! <https://google.aip.dev/203>

use std::collections::BTreeSet;
use std::sync::Arc;

use super::sense::Shift;
use crate::model::Json;

/// What one edit of the words says.
pub(super) struct Behaves {
    pub(super) message: String,
    /// The word that went, and the one that came.
    pub(super) words: [String; 2],
    /// The word that decides.
    pub(super) word: Arc<str>,
    /// What becomes of the requests that are allowed.
    pub(super) shift: Shift,
    pub(super) bears: Bears,
}

/// Whom it concerns beside those who send requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bears {
    /// Those who rely on what the other side sets, or heeds.
    OnReaders,
    /// Tools that read the option.
    OnTools,
}

/// What is said where nothing of a behavior is known to bite.
pub(super) const HARMLESS: &str = "tools that read the option act on it";

/// A word that came, and one that went.
type Words = (Option<Arc<str>>, Option<Arc<str>>);

/// The edits that lead from the one set of words to the other.
pub(super) fn edits(old: &BTreeSet<Json>, new: &BTreeSet<Json>) -> Vec<Behaves> {
    // What is only given out is not sent, so that nothing that is sent changed.
    let sent = !old.contains(&Json::string("OUTPUT_ONLY"));
    let is_sent = !new.contains(&Json::string("OUTPUT_ONLY"));
    let binds = |word: &str, sent: bool| demands(word) && (sent || word != "IMMUTABLE");
    let told = |(is, was): Words| {
        let message = match (&is, &was) {
            (Some(is), Some(was)) => format!("it is {is} now, no longer {was}"),
            (Some(is), None) => format!("it is {is} now"),
            (None, Some(was)) => format!("it is no longer {was}"),
            (None, None) => return None,
        };
        let bears = if is.iter().chain(&was).any(|word| matters(word)) {
            Bears::OnReaders
        } else {
            Bears::OnTools
        };
        let words = [&was, &is].map(|word| word.as_deref().unwrap_or_default().to_owned());
        let (shift, word) = match (is, was) {
            (Some(is), _) if binds(&is, sent) => (Shift::Narrower, is),
            (_, Some(was)) if binds(&was, is_sent) => (Shift::Wider, was),
            (Some(word), _) | (None, Some(word)) => (Shift::None, word),
            (None, None) => return None,
        };
        Some(Behaves { message, words, word, shift, bears })
    };
    pairs(old, new).into_iter().filter_map(told).collect()
}

/// One word in place of another is one edit, unless each demands something of its own.
fn pairs(old: &BTreeSet<Json>, new: &BTreeSet<Json>) -> Vec<Words> {
    let required = Json::string("REQUIRED");
    // That it may be left out, or no longer, is told already.
    let is_told =
        |word: &str| word == "OPTIONAL" && old.contains(&required) != new.contains(&required);
    let lone = |here: &BTreeSet<Json>, there: &BTreeSet<Json>| -> Vec<Arc<str>> {
        let words = here.difference(there).filter_map(|word| match word {
            Json::String(word) => Some(word.clone()),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                None
            }
        });
        words.filter(|word| !is_told(word)).collect()
    };
    let (came, went) = (lone(new, old), lone(old, new));
    match (&came[..], &went[..]) {
        ([is], [was]) if !(demands(is) && demands(was)) => {
            vec![(Some(is.clone()), Some(was.clone()))]
        }
        _ => {
            let came = came.into_iter().map(|is| (Some(is), None));
            came.chain(went.into_iter().map(|was| (None, Some(was)))).collect()
        }
    }
}

/// Whether requests must heed the word: it must be there, or may not be changed.
fn demands(word: &str) -> bool {
    matches!(word, "REQUIRED" | "IMMUTABLE")
}

/// Whether the word says that a side ignores or leaves out what the other may rely on.
fn matters(word: &str) -> bool {
    matches!(word, "OUTPUT_ONLY" | "INPUT_ONLY" | "UNORDERED_LIST" | "NON_EMPTY_DEFAULT")
}
