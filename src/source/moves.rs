//! Contracts that lie elsewhere than they did.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::Key;
use super::similarity::{SAME, similarity};
use super::{ContentId, Discovered, Listing, Root, Snapshot, SourceError};

/// What it takes to tell.
pub(super) struct Moves<'s> {
    pub(super) old: &'s dyn Snapshot,
    pub(super) new: &'s dyn Snapshot,
    pub(super) old_listing: &'s Listing,
    pub(super) new_listing: &'s Listing,
}

/// Beyond this many comparisons only equal content makes a move, as git's rename limit does it.
const MAX_COMPARISONS: usize = 10_000;

/// Above every similarity in percent.
const EQUAL: u64 = 101;

impl Moves<'_> {
    /// Which contracts that are gone live on in which new ones: equal content first, then the most
    /// similar.
    pub(super) fn find(
        &self,
        gone: &BTreeMap<&Key, &Discovered>,
        come: &BTreeMap<&Key, &Discovered>,
    ) -> Result<Vec<(Key, Key)>, SourceError> {
        let close = gone.len().saturating_mul(come.len()) <= MAX_COMPARISONS;
        let mut scored: Vec<(u64, &Key, &Key)> = Vec::new();
        for (&from, &old) in gone {
            let old_ids = ids(self.old_listing, old);
            let alike = come.iter().map(|(to, new)| (*to, *new)).filter(|(to, _)| to.0 == from.0);
            let (equal, others): (Vec<_>, Vec<_>) =
                alike.partition(|(_, new)| ids(self.new_listing, new) == old_ids);
            scored.extend(equal.iter().map(|(to, _)| (EQUAL, from, *to)));
            if close && equal.is_empty() && !others.is_empty() {
                let old_text = text(self.old, old)?;
                for (to, new) in others {
                    let score = similarity(&old_text, &text(self.new, new)?);
                    if score >= SAME || is_rewritten(&from.1, &to.1) {
                        scored.push((score, from, to));
                    }
                }
            }
        }
        scored.sort_by(|one, other| other.0.cmp(&one.0).then(one.cmp(other)));
        let mut taken: (BTreeSet<&Key>, BTreeSet<&Key>) = Default::default();
        let mut moves = Vec::new();
        for (_, from, to) in scored {
            if !taken.0.contains(from) && !taken.1.contains(to) {
                taken.0.insert(from);
                taken.1.insert(to);
                moves.push((from.clone(), to.clone()));
            }
        }
        Ok(moves)
    }
}

/// Whether a document stands where the other stood, in another syntax: YAML and JSON that say the
/// same share no line.
fn is_rewritten(old: &Root, new: &Root) -> bool {
    match (old, new) {
        (Root::File(old), Root::File(new)) => old.stem() == new.stem(),
        (Root::File(_) | Root::Folder(_), _) => false,
    }
}

fn ids(listing: &Listing, contract: &Discovered) -> Vec<Option<ContentId>> {
    let mut ids: Vec<_> = contract.files.iter().map(|path| listing.get(path).copied()).collect();
    ids.sort_unstable();
    ids
}

fn text(snapshot: &dyn Snapshot, contract: &Discovered) -> Result<Vec<u8>, SourceError> {
    let mut text = Vec::new();
    for path in &contract.files {
        text.extend(snapshot.read(path)?.unwrap_or_default());
    }
    Ok(text)
}
