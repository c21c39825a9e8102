//! Our reading beside what a compiler made of the same files: a descriptor set with its source
//! information, read by a library that shares nothing with us.
//!
//! Every fact of a descriptor is one line, and so is every place, in the compiler's own counting.
//! Of a package we know where its name stands and compilers where its statement does; labels are told
//! with their field, and comments with the place where what they belong to begins.

mod ours;
mod theirs;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use buffa_descriptor::DescriptorPool;
use buffa_descriptor::generated::descriptor::FileDescriptorSet;

use super::*;
use crate::source::SourceFile;

/// Facts of one side, one to a line.
type Facts = BTreeSet<String>;

/// Small trees, each with the descriptor set that protoc 36.2 made of it.
#[test]
fn small_trees_are_read_as_protoc_reads_them() {
    let folder = Path::new("testdata/protobuf-reader/compiled");
    let trees = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let compared: usize = trees.map(|tree| compare(&tree, &tree.join("set.binpb"))).sum();
    assert!(compared >= 6, "only {compared} files were compared");
}

/// A real tree and a set made of it: `UNBROKEN_PROTO_TREE=… UNBROKEN_PROTO_SET=… cargo test`.
#[test]
fn a_real_tree_is_read_as_a_compiler_reads_it() {
    let (Ok(tree), Ok(set)) =
        (std::env::var("UNBROKEN_PROTO_TREE"), std::env::var("UNBROKEN_PROTO_SET"))
    else {
        eprintln!("skipped: UNBROKEN_PROTO_TREE and UNBROKEN_PROTO_SET name no tree and set");
        return;
    };
    assert!(compare(Path::new(&tree), Path::new(&set)) > 0);
}

/// How many files of the tree are in the set; each says the same on both sides.
fn compare(tree: &Path, set: &Path) -> usize {
    let bytes = std::fs::read(set).unwrap();
    let set_of = buffa::DecodeOptions::new().with_element_memory_limit(usize::MAX);
    let decoded: FileDescriptorSet = set_of.decode_from_slice(&bytes).unwrap();
    let pool = DescriptorPool::new(decoded).unwrap();
    let mut texts = Vec::new();
    proto_files(tree, tree, &mut texts);
    let borrowed: Vec<(&str, &str)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let ours = load_texts(&borrowed);
    let own = |file: &MessageFile| file.ownership == Ownership::Own;
    let files = ours.contract.messages.files.iter().filter(|file| own(file));
    let both: BTreeSet<&str> =
        files.map(|file| &*file.path).filter(|path| pool.file_by_name(path).is_some()).collect();
    same(tree, &ours::facts(&ours, &both), &theirs::facts(&pool, &both));
    let compiled = load_set(bytes);
    same(tree, &ours::meaning(&ours, &both), &ours::meaning(&compiled, &both));
    eprintln!("{}: {} files", tree.display(), both.len());
    both.len()
}

/// What is said of what begins at this place; nothing where nothing is said.
fn comments(
    path: &str,
    start: &str,
    leading: Option<&str>,
    trailing: Option<&str>,
    detached: &[String],
) -> Option<String> {
    let is_silent = leading.is_none() && trailing.is_none() && detached.is_empty();
    let said = format!("{path}: said at {start}: {detached:?} {leading:?} {trailing:?}");
    (!is_silent).then_some(said)
}

fn load_set(bytes: Vec<u8>) -> Loaded {
    let path = RepoPath::new("set.binpb").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), bytes)]);
    let options = LoadOptions { max_bytes: u64::MAX, ..LoadOptions::default() };
    load_compiled(&snapshot, &path, &options)
}

fn same(tree: &Path, ours: &Facts, theirs: &Facts) {
    let missing: Vec<&String> = theirs.difference(ours).collect();
    let extra: Vec<&String> = ours.difference(theirs).collect();
    let (few, more) = (missing.iter().take(40), extra.iter().take(40));
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{}: of {} facts {} are missing {:#?} and {} are too many {:#?}",
        tree.display(),
        theirs.len(),
        missing.len(),
        few.collect::<Vec<_>>(),
        extra.len(),
        more.collect::<Vec<_>>(),
    );
}

fn proto_files(root: &Path, folder: &Path, out: &mut Vec<(String, String)>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            proto_files(root, &path, out);
        } else if path.extension().is_some_and(|extension| extension == "proto")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            out.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text));
        }
    }
}

/// A place as compilers count: lines and columns from 0, columns in bytes, a tab to the next
/// multiple of eight.
fn place(file: &SourceFile, span: Span) -> String {
    let at = |offset: u32| {
        let line = file.position(offset).line;
        let before = &file.text.as_bytes()[..usize::try_from(offset).unwrap()];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = before[start..].iter().fold(0, |column, byte| {
            if *byte == b'\t' { column + 8 - column % 8 } else { column + 1 }
        });
        format!("{}:{column}", line - 1)
    };
    format!("{}-{}", at(span.start), at(span.end))
}
