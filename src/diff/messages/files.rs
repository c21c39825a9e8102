//! Packages and files on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::packages::Passage;
use super::side::Side;
use super::walk::{Scope, Walk};
use crate::model::{Extension, MessageFile, MessageKind, Messages};
use crate::rules::generated_code::{self, Annotated};
use crate::rules::package::{self, Extent, Lost};
use crate::rules::{edition, field_number, java_class};

/// Compares all packages and files.
pub(super) fn compare(walk: &mut Walk<'_>) {
    compare_packages(walk);
    compare_files(walk);
}

fn compare_packages(walk: &mut Walk<'_>) {
    for (old, new) in walk.pairs.packages.renamed.clone() {
        renamed(walk, &old, &new);
    }
    passed(walk);
    for name in walk.pairs.packages.gone.clone() {
        gone(walk, &name);
    }
    for name in walk.pairs.packages.fresh.clone() {
        fresh(walk, &name);
    }
}

fn compare_files(walk: &mut Walk<'_>) {
    let (old, new) = (&walk.old.contract.messages.files, &walk.new.contract.messages.files);
    let (were, are) = (by_path(&walk.old), by_path(&walk.new));
    let (taken, kept) = (java_class::Taken::of(walk), walk.kept_extensions());
    let declaring = (declaring(&walk.old), declaring(&walk.new));
    let mut moved = BTreeSet::new();
    for (at, was) in old.iter().enumerate() {
        if walk.old.is_beside(at) {
            if let Some((now, is)) =
                has_come(walk, at, &kept).and_then(|at| Some((at, new.get(at)?)))
                && !were.contains_key(&is.path)
                && moved.insert(&is.path)
            {
                let roots = (walk.old.root(at), walk.new.root(now));
                package::file_moved(walk, (was, roots.0), (is, roots.1));
                compare_pair(walk, &taken, (at, was), (now, is));
            }
            continue;
        }
        if !walk.old.is_own(at) {
            continue;
        }
        if let Some((now, is)) = are.get(&was.path).and_then(|at| Some((*at, new.get(*at)?))) {
            // What a file that was emptied would say says nothing of what was in it.
            if !is_emptied((was, declaring.0.contains(&at)), (is, declaring.1.contains(&now))) {
                compare_pair(walk, &taken, (at, was), (now, is));
            }
            continue;
        }
        let says_nothing = !declaring.0.contains(&at);
        let heirs = if says_nothing {
            let mut twins = twins(walk, was, &declaring.1);
            twins.retain(|at| new.get(*at).is_some_and(|is| !were.contains_key(&is.path)));
            twins
        } else {
            heirs(walk, at, &kept)
        };
        let heir = heirs.first().and_then(|at| Some((*at, new.get(*at)?)));
        match (heir, heirs.len()) {
            // The contract that it went to says so.
            (Some((now, is)), 1)
                if walk.new.is_beside(now) && (is.path == was.path || has_left(walk, at, now)) => {}
            (None, _) if says_nothing && walk.new.has_beside(&was.path) => {}
            (Some((now, is)), 1) if !were.contains_key(&is.path) && moved.insert(&is.path) => {
                let root = walk.new.root(now);
                package::file_moved(walk, (was, root), (is, root));
                compare_pair(walk, &taken, (at, was), (now, is));
            }
            (Some(_), _) => package::file_removed(walk, was),
            (None, _) if says_nothing => package::file_removed(walk, was),
            // Everything in it is gone too: the elements say so.
            (None, _) => {}
        }
    }
    tell_added(walk, |path| were.contains_key(path) || moved.contains(path));
}

fn tell_added(walk: &mut Walk<'_>, is_known: impl Fn(&Arc<str>) -> bool) {
    for (at, is) in walk.new.contract.messages.files.iter().enumerate() {
        if walk.new.is_own(at) && !is_known(&is.path) && !walk.is_package_fresh(at) {
            package::file_added(walk, is);
        }
    }
}

/// The file of the contract's own to which all went that a file of another contract declared, where that
/// is gone.
fn has_come(walk: &Walk<'_>, file: usize, kept: &[(&Extension, &Extension)]) -> Option<usize> {
    let heirs = heirs(walk, file, kept);
    let heir = heirs.first().filter(|_| heirs.len() == 1);
    heir.copied().filter(|heir| walk.new.is_own(*heir) && has_left(walk, file, *heir))
}

/// Whether a file is not where it was, and the other not where one was.
fn has_left(walk: &Walk<'_>, old: usize, new: usize) -> bool {
    !walk.new.has_place(walk.old.home(old).place) && !walk.old.has_place(walk.new.home(new).place)
}

/// Whether all that a file declared is gone, and its package and options with it.
fn is_emptied(old: (&MessageFile, bool), new: (&MessageFile, bool)) -> bool {
    let (_, declared) = old;
    let (file, is_declaring) = new;
    let is_blank = file.package.value.is_empty() && file.options.is_empty();
    declared && !is_declaring && is_blank && file.passes_on.is_empty()
}

fn by_path<'a>(side: &Side<'a>) -> BTreeMap<&'a Arc<str>, usize> {
    let files = side.contract.messages.files.iter().enumerate().rev();
    files.filter(|(at, _)| !side.is_beside(*at)).map(|(at, file)| (&file.path, at)).collect()
}

fn renamed(walk: &mut Walk<'_>, old: &Arc<str>, new: &Arc<str>) {
    let span = |files: &[MessageFile], name: &Arc<str>| {
        let file = files.iter().find(|file| file.package.value == *name);
        file.map(|file| file.package.span)
    };
    let (was, is) = (&walk.old.contract.messages, &walk.new.contract.messages);
    let spans = (span(&was.files, old), span(&is.files, new));
    let files = 0..was.files.len();
    let files = files.filter(|at| {
        let is_it = walk.old.is_own(*at) && walk.old.package(*at) == &**old;
        is_it && walk.pairs.packages.passages(*at).is_empty()
    });
    let extent = Extent::Whole(files.collect());
    package::renamed(walk, (old, new), spans, &extent);
}

/// What passed into another package file by file: one finding for each two packages.
fn passed(walk: &mut Walk<'_>) {
    let mut all: BTreeMap<[Arc<str>; 2], Vec<(usize, usize)>> = BTreeMap::new();
    // Where it went to another contract, that says so.
    let own = walk.pairs.packages.all_passages().filter(|(_, one)| walk.new.is_own(one.file));
    for (old, Passage { from, to, file }) in own {
        all.entry([Arc::clone(from), Arc::clone(to)]).or_default().push((old, *file));
    }
    for ([old, new], files) in all {
        let span = |side: &Side<'_>, file: usize| side.file(file).map(|file| file.package.span);
        let first = files.first().copied();
        let spans =
            first.map_or((None, None), |(from, to)| (span(&walk.old, from), span(&walk.new, to)));
        let files = files.into_iter().map(|(from, _)| from).collect();
        package::renamed(walk, (&old, &new), spans, &Extent::Files(files));
    }
}

/// A package of which nothing is left under its name: one removal, unless all of it moved.
fn gone(walk: &mut Walk<'_>, name: &Arc<str>) {
    let all = &walk.old.contract.messages;
    // What is left of a file that passed into another package is told by itself.
    let here = |file: usize| {
        let has_passed = || !walk.pairs.packages.passages(file).is_empty();
        walk.old.is_own(file) && walk.old.package(file) == &**name && !has_passed()
    };
    let declared = |kind: MessageKind| kind != MessageKind::MapEntry;
    let messages = walk
        .old
        .messages()
        .filter(|(id, one)| here(one.file) && declared(one.kind) && walk.heir(*id).is_none());
    let enums =
        walk.old.enums().filter(|(id, one)| here(one.file) && walk.pairs.new_enum(*id).is_none());
    let messages: Vec<Arc<str>> = messages.map(|(_, one)| Arc::clone(&one.full_name)).collect();
    let enums: Vec<Arc<str>> = enums.map(|(_, one)| Arc::clone(&one.full_name)).collect();
    let services = all
        .services
        .iter()
        .enumerate()
        .filter(|(at, one)| here(one.file) && walk.pairs.services.new_of(*at).is_none());
    let services: Vec<Arc<str>> = services.map(|(_, one)| one.full_name.clone()).collect();
    let lost = Lost { messages, enums, services };
    let file = all.files.iter().find(|file| file.package.value == *name);
    if let Some(file) = file.filter(|_| !lost.is_empty()) {
        package::removed(walk, name, file.package.span, &lost);
    }
}

/// A package that was not there: one addition, unless all of it moved in.
fn fresh(walk: &mut Walk<'_>, name: &Arc<str>) {
    let all = &walk.new.contract.messages;
    let here = |file: usize| {
        let has_taken_over = || walk.pairs.packages.has_taken_over(file);
        walk.new.is_own(file) && walk.new.package(file) == &**name && !has_taken_over()
    };
    let message =
        walk.new.messages().any(|(id, one)| here(one.file) && walk.pairs.old_message(id).is_none());
    let enumeration =
        walk.new.enums().any(|(id, one)| here(one.file) && walk.pairs.old_enum(id).is_none());
    let service = all
        .services
        .iter()
        .enumerate()
        .any(|(at, one)| here(one.file) && walk.pairs.services.old_of(at).is_none());
    let file = all.files.iter().find(|file| file.package.value == *name);
    let messages = walk.new.messages().filter(|(_, one)| here(one.file));
    let back: Vec<_> = messages.filter(|(id, _)| walk.pairs.old_message(*id).is_none()).collect();
    if let Some(file) = file.filter(|_| message || enumeration || service) {
        package::added(walk, name, file.package.span);
    }
    // It may be back, and mean something else by its numbers.
    for (id, message) in back {
        for field in &message.fields {
            field_number::reused_from_past(walk, id, field);
        }
    }
}

fn compare_pair(
    walk: &mut Walk<'_>,
    taken: &java_class::Taken,
    was: (usize, &MessageFile),
    is: (usize, &MessageFile),
) {
    let ((_, old), (_, new)) = (was, is);
    package::compare_syntax(walk, old, new);
    edition::compare(walk, was, is);
    java_class::compare(walk, taken, was, is);
    // What a whole package is generated as is an edit of the package.
    let package = &new.package.value;
    let element = Annotated {
        scope: Scope::Named(if package.is_empty() { &new.path } else { package }.clone()),
        step: None,
        spans: (old.span, new.span),
        root: None,
        file: Some(new.path.clone()),
    };
    generated_code::compare(walk, &element, &old.options, &new.options);
    walk.compare_file_comments(old, new);
}

/// The new files that declare what the old file declared.
fn heirs(walk: &Walk<'_>, file: usize, kept: &[(&Extension, &Extension)]) -> BTreeSet<usize> {
    let new = &walk.new.contract.messages;
    let messages = walk.old.messages().filter(|(_, one)| one.file == file);
    let messages = messages.filter_map(|(id, _)| walk.new.message(walk.pairs.new_message(id)?));
    let messages = messages.filter(|one| one.kind != MessageKind::Unseen);
    let enums = walk.old.enums().filter(|(_, one)| one.file == file);
    let enums = enums.filter_map(|(id, _)| walk.new.enumeration(walk.pairs.new_enum(id)?));
    let services = walk.old.contract.messages.services.iter().enumerate();
    let services = services
        .filter(|(_, one)| one.file == file)
        .filter_map(|(at, _)| new.services.get(walk.pairs.services.new_of(at)?));
    let extensions = kept.iter().filter(|(one, _)| one.file == file);
    let files = messages.map(|one| one.file).chain(enums.map(|one| one.file));
    files.chain(services.map(|one| one.file)).chain(extensions.map(|(_, one)| one.file)).collect()
}

/// The files that declare anything.
fn declaring(side: &Side<'_>) -> BTreeSet<usize> {
    let Messages { messages, enums, services, extensions, files: _ } = &*side.contract.messages;
    let types = messages.iter().map(|one| one.file).chain(enums.iter().map(|one| one.file));
    types
        .chain(services.iter().map(|one| one.file))
        .chain(extensions.iter().map(|one| one.file))
        .collect()
}

/// The new files that declare as little as the old file, and pass on the same.
fn twins(walk: &Walk<'_>, old: &MessageFile, declaring: &BTreeSet<usize>) -> BTreeSet<usize> {
    let passed_on = |file: &MessageFile| -> BTreeSet<Arc<str>> {
        file.passes_on.iter().map(|stated| Arc::clone(&stated.value)).collect()
    };
    let package = walk.pairs.packages.renamed.get(&old.package.value);
    let package = package.unwrap_or(&old.package.value);
    let new = walk.new.contract.messages.files.iter().enumerate();
    let alike = new.filter(|(at, file)| {
        walk.new.is_own(*at)
            && !declaring.contains(at)
            && file.package.value == *package
            && passed_on(file) == passed_on(old)
    });
    alike.map(|(at, _)| at).collect()
}
