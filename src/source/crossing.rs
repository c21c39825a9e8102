//! Histories that cross: main was merged into the branch, and an earlier state of the branch into main. They
//! meet in several commits, and none of them alone is what both began with.

use git2::{FileFavor, Index, MergeOptions, Oid, Signature, Time};

use super::work_tree::native;
use super::{Repository, SourceError};

/// Above the backends that write to the disk.
const BEFORE_THE_DISK: i32 = 1_000;

/// The tree of a commit with others merged into it: what git's `recursive` strategy takes for the base of
/// a merge. What either side did before they met is in it, so that neither is blamed for the other's work.
///
/// Where two of them have done different things to the same lines, those of `first` stand, which is the
/// one of the main line: how the branch settled that is the branch's own edit.
///
/// Everything that is made lives in the memory of this handle and dies with it.
///
/// # Errors
/// When a commit, or a file that several have changed, is not here.
pub(super) fn merged(
    repository: &Repository,
    first: Oid,
    others: &[Oid],
) -> Result<Oid, SourceError> {
    let git = &repository.git;
    let merge = || {
        git.odb()?.add_new_mempack_backend(BEFORE_THE_DISK)?;
        let nobody = Signature::new("nobody", "nobody", &Time::new(0, 0))?;
        let mut options = MergeOptions::new();
        options.file_favor(FileFavor::Ours);
        let mut all = git.find_commit(first)?;
        for other in others {
            let other = git.find_commit(*other)?;
            let mut index = git.merge_commits(&all, &other, Some(&options))?;
            settle(&mut index)?;
            let tree = git.find_tree(index.write_tree_to(git)?)?;
            let commit = git.commit(None, &nobody, &nobody, "", &tree, &[&all, &other])?;
            all = git.find_commit(commit)?;
        }
        Ok(all.tree_id())
    };
    merge()
        .map_err(|error: git2::Error| SourceError::git("merge the bases of both histories", &error))
}

/// The stage of an entry, among its flags.
const STAGE: u16 = 0x3000;

/// Settles as the first side has it what lines cannot settle: a file that one side removed, a binary one.
fn settle(index: &mut Index) -> Result<(), git2::Error> {
    let conflicts = index.conflicts()?.collect::<Result<Vec<_>, _>>()?;
    for conflict in conflicts {
        for side in [&conflict.ancestor, &conflict.our, &conflict.their].into_iter().flatten() {
            let stage = i32::from((side.flags & STAGE) >> 12);
            index.remove(&native(&side.path), stage)?;
        }
        if let Some(mut ours) = conflict.our {
            ours.flags &= !STAGE;
            index.add(&ours)?;
        }
    }
    Ok(())
}
