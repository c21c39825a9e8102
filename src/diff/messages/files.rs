//! Packages and files on both sides.

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
    for (at, was) in
        old.iter().enumerate().filter(|(at, _)| walk.old.is_own(*at)).collect::<Vec<_>>()
    {
        match new.iter().find(|is| is.path == was.path) {
            Some(is) => compare_pair(walk, was, is),
            // Where everything in it is gone too, the elements say so.
            None if lives_on(walk, at) => package::file_removed(walk, was),
            None => {}
        }
    }
    for (at, is) in new.iter().enumerate().collect::<Vec<_>>() {
        if walk.new.is_own(at) && !old.iter().any(|was| was.path == is.path) {
            package::file_added(walk, is);
        }
    }
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

/// Whether something that the old file declared is declared elsewhere now.
fn lives_on(walk: &Walk<'_>, file: usize) -> bool {
    let mut messages = walk.old.messages().filter(|(_, one)| one.file == file);
    let mut enums = walk.old.enums().filter(|(_, one)| one.file == file);
    let services = walk.old.contract.messages.services.iter().enumerate();
    messages.any(|(id, _)| walk.pairs.new_message(id).is_some())
        || enums.any(|(id, _)| walk.pairs.new_enum(id).is_some())
        || services
            .filter(|(_, one)| one.file == file)
            .any(|(at, _)| walk.pairs.services.new_of(at).is_some())
}
