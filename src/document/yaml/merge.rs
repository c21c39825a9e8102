//! Merge keys: `<<: *base` copies the members of another object. YAML 1.1 defined them, 1.2 dropped
//! them, and contracts use them.

use foldhash::{HashSet, HashSetExt};

use crate::document::members::Pending;
use crate::document::text::Fault;
use crate::document::{DocumentBuilder, DocumentErrorKind, NodeId};

/// What one merge key asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merge {
    /// The object, or the array of objects.
    pub source: NodeId,
    /// Where the merge key is written.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// Members that may still be copied in this file.
#[derive(Debug)]
pub(super) struct Allowance {
    pub left: usize,
    pub limit: usize,
}

/// The members of an object after its merge keys: its own, then those of each source that no
/// earlier one has.
pub(super) fn merged(
    text: &str,
    builder: &DocumentBuilder,
    own: &[Pending],
    merges: &[Merge],
    allowance: &mut Allowance,
) -> Result<Vec<Pending>, Fault> {
    let mut all = own.to_vec();
    for merge in merges {
        let one = [merge.source];
        for source in builder.elements(merge.source).unwrap_or(&one) {
            let members = builder.members(*source).ok_or_else(|| no_object(merge))?;
            allowance.take(members.len(), merge)?;
            all.extend(members);
        }
    }
    let mut seen = HashSet::with_capacity(all.len());
    let kept = all.iter().filter(|(name, _, _, _)| seen.insert(name.text(text)));
    Ok(kept.cloned().collect())
}

impl Allowance {
    /// Counts an empty source as one member, so that a long list of them is not free either.
    fn take(&mut self, members: usize, merge: &Merge) -> Result<(), Fault> {
        let left = self.left.checked_sub(members.max(1));
        self.left = left.ok_or_else(|| {
            let limit = self.limit;
            let message =
                format!("merge keys copy more members than the limit max-merged-members = {limit}");
            Fault::new(DocumentErrorKind::Limit, message, merge.start, merge.end)
        })?;
        Ok(())
    }
}

fn no_object(merge: &Merge) -> Fault {
    let message = "the merge key `<<` takes an object or a list of objects".to_owned();
    Fault::new(DocumentErrorKind::Malformed, message, merge.start, merge.end)
}
