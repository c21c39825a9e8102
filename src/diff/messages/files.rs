//! Packages and files on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::walk::{Scope, Walk};
use crate::model::MessageFile;
use crate::rules::generated_code::{self, Annotated};
use crate::rules::package;

/// Compares all packages and files.
pub(super) fn compare(walk: &mut Walk<'_>) {
    for (old, new) in walk.pairs.packages.clone() {
        renamed(walk, &old, &new);
    }
    let (old, new) = (&walk.old.contract.messages.files, &walk.new.contract.messages.files);
    let (were, are) = (by_path(old), by_path(new));
    let mut moved = BTreeSet::new();
    for (at, was) in old.iter().enumerate() {
        if !walk.old.is_own(at) {
            continue;
        }
        if let Some(is) = are.get(&was.path).and_then(|at| new.get(*at)) {
            compare_pair(walk, was, is);
            continue;
        }
        // Where everything in it is gone too, the elements say so.
        let heirs = heirs(walk, at);
        let heir = heirs.first().and_then(|at| new.get(*at));
        match (heir, heirs.len()) {
            (Some(is), 1) if !were.contains_key(&is.path) && moved.insert(&is.path) => {
                package::file_moved(walk, was, is);
                compare_pair(walk, was, is);
            }
            (Some(_), _) => package::file_removed(walk, was),
            (None, _) => {}
        }
    }
    for (at, is) in new.iter().enumerate() {
        if walk.new.is_own(at) && !were.contains_key(&is.path) && !moved.contains(&is.path) {
            package::file_added(walk, is);
        }
    }
}

fn by_path(files: &[MessageFile]) -> BTreeMap<&Arc<str>, usize> {
    files.iter().enumerate().rev().map(|(at, file)| (&file.path, at)).collect()
}

fn renamed(walk: &mut Walk<'_>, old: &Arc<str>, new: &Arc<str>) {
    let span = |files: &[MessageFile], name: &Arc<str>| {
        let file = files.iter().find(|file| file.package.value == *name);
        file.map(|file| file.package.span)
    };
    let (was, is) = (&walk.old.contract.messages, &walk.new.contract.messages);
    let spans = (span(&was.files, old), span(&is.files, new));
    let services = was.services.iter().filter(|one| walk.old.package(one.file) == &**old);
    let services: Vec<Arc<str>> = services.map(|one| one.full_name.clone()).collect();
    package::renamed(walk, (old, new), spans, &services);
}

fn compare_pair(walk: &mut Walk<'_>, old: &MessageFile, new: &MessageFile) {
    package::compare_syntax(walk, old, new);
    let element = Annotated {
        scope: Scope::Named(new.path.clone()),
        step: None,
        spans: (old.span, new.span),
    };
    generated_code::compare(walk, &element, &old.options, &new.options);
}

/// The new files that declare what the old file declared.
fn heirs(walk: &Walk<'_>, file: usize) -> BTreeSet<usize> {
    let new = &walk.new.contract.messages;
    let messages = walk.old.messages().filter(|(_, one)| one.file == file);
    let messages = messages.filter_map(|(id, _)| walk.new.message(walk.pairs.new_message(id)?));
    let enums = walk.old.enums().filter(|(_, one)| one.file == file);
    let enums = enums.filter_map(|(id, _)| walk.new.enumeration(walk.pairs.new_enum(id)?));
    let services = walk.old.contract.messages.services.iter().enumerate();
    let services = services
        .filter(|(_, one)| one.file == file)
        .filter_map(|(at, _)| new.services.get(walk.pairs.services.new_of(at)?));
    let files = messages.map(|one| one.file).chain(enums.map(|one| one.file));
    files.chain(services.map(|one| one.file)).collect()
}
