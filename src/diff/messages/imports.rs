//! What whoever imports a file can name: what it declares and what it passes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::walk::{Scope, Walk};
use super::words::several;
use crate::model::{MessageFile, MessageKind, Messages};
use crate::rules::import;
use crate::source::Span;

/// Compares what importers of each file get, where the file is at its path on both sides.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (old, new) = (&walk.old.contract.messages, &walk.new.contract.messages);
    let (were, are) = (Visible::of(old), Visible::of(new));
    let mut living: BTreeMap<usize, Vec<Living>> = BTreeMap::new();
    for one in all_living(walk) {
        living.entry(one.old_file).or_default().push(one);
    }
    let of = |file: usize| living.get(&file).map_or(&[][..], Vec::as_slice);
    for (at, was) in old.files.iter().enumerate() {
        let Some(now) = are.by_path.get(&was.path).copied() else { continue };
        let Some(is) = new.files.get(now).filter(|_| walk.old.is_own(at)) else { continue };
        let stays = was.passes_on == is.passes_on && of(at).iter().all(|one| one.new_file == now);
        if stays {
            continue;
        }
        let seen = are.through(now);
        for one in of(at).iter().filter(|one| !seen.contains(&one.new_file)) {
            let home = new.files.get(one.new_file).map_or("", |file| &file.path);
            import::left_file(walk, one.scope.clone(), &one.name, (&was.path, home), one.spans);
        }
        let adds = |one: &MessageFile, other: &MessageFile| {
            let kept: BTreeSet<&str> =
                other.passes_on.iter().map(|stated| &*stated.value).collect();
            let gone = one.passes_on.iter().filter(|stated| !kept.contains(&*stated.value));
            gone.cloned().collect::<Vec<_>>()
        };
        for dropped in adds(was, is) {
            let Some(through) = were.by_path.get(&dropped.value) else { continue };
            let given = were.through(*through);
            // What left its own file is told there.
            let lost = given.iter().flat_map(|file| of(*file)).filter(|one| {
                !seen.contains(&one.new_file) && same_path((old, one.old_file), (new, one.new_file))
            });
            let names: Vec<&str> = lost.map(|one| &*one.name).collect();
            if names.is_empty() {
                continue;
            }
            let shown = several(&names);
            let spans = (dropped.span, is.package.span);
            import::withheld(walk, &was.path, &dropped.value, spans, &shown);
        }
        for added in adds(is, was) {
            import::passed_on(walk, &is.path, &added.value, added.span);
        }
    }
}

fn same_path((old, was): (&Messages, usize), (new, is): (&Messages, usize)) -> bool {
    old.files.get(was).map(|file| &file.path) == new.files.get(is).map(|file| &file.path)
}

/// An element that stands by itself and has the same full name on both sides.
struct Living {
    name: Arc<str>,
    scope: Scope,
    old_file: usize,
    new_file: usize,
    spans: (Span, Span),
}

fn all_living(walk: &Walk<'_>) -> Vec<Living> {
    let mut all = Vec::new();
    for (id, old) in walk.old.messages().filter(|(_, one)| one.parent.is_none()) {
        let Some(twin) = walk.pairs.new_message(id) else { continue };
        let Some(new) = walk.new.message(twin).filter(|new| new.full_name == old.full_name) else {
            continue;
        };
        let is_declared = ![old.kind, new.kind].contains(&MessageKind::Unseen);
        if is_declared && old.kind != MessageKind::MapEntry && new.parent.is_none() {
            all.push(Living {
                name: Arc::clone(&old.full_name),
                scope: Scope::Message(Some(id), Some(twin)),
                old_file: old.file,
                new_file: new.file,
                spans: (old.name_span, new.name_span),
            });
        }
    }
    for (id, old) in walk.old.enums().filter(|(_, one)| one.parent.is_none()) {
        let Some(twin) = walk.pairs.new_enum(id) else { continue };
        if let Some(new) = walk.new.enumeration(twin).filter(|new| new.full_name == old.full_name) {
            all.push(Living {
                name: Arc::clone(&old.full_name),
                scope: Scope::Enum(Some(id), Some(twin)),
                old_file: old.file,
                new_file: new.file,
                spans: (old.name_span, new.name_span),
            });
        }
    }
    let services = &walk.new.contract.messages.services;
    for (at, old) in walk.old.contract.messages.services.iter().enumerate() {
        let twin = walk.pairs.services.new_of(at).and_then(|at| services.get(at));
        if let Some(new) = twin.filter(|new| new.full_name == old.full_name) {
            all.push(Living {
                name: Arc::clone(&old.full_name),
                scope: Scope::Named(Arc::clone(&old.full_name)),
                old_file: old.file,
                new_file: new.file,
                spans: (old.name_span, new.name_span),
            });
        }
    }
    for (old, new) in walk.kept_extensions() {
        let package = walk.old.package(old.file);
        let is_nested = old
            .full_name
            .strip_suffix(&*old.field.name)
            .map(|scope| scope.trim_end_matches('.') != package);
        if is_nested == Some(false) {
            all.push(Living {
                name: Arc::clone(&old.full_name),
                scope: Scope::Named(Arc::clone(&old.full_name)),
                old_file: old.file,
                new_file: new.file,
                spans: (old.field.name_span, new.field.name_span),
            });
        }
    }
    all
}

/// Which files whoever imports a file sees.
struct Visible<'m> {
    all: &'m Messages,
    by_path: BTreeMap<Arc<str>, usize>,
}

impl<'m> Visible<'m> {
    fn of(all: &'m Messages) -> Self {
        // Of files that are imported by one path, the contract's own is the first.
        let files = all.files.iter().enumerate().rev();
        let by_path = files.map(|(at, file)| (Arc::clone(&file.path), at)).collect();
        Self { all, by_path }
    }

    /// The file itself and all that it passes on, and what those pass on.
    fn through(&self, file: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut open = vec![file];
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                let passes_on = self.all.files.get(at).map_or(&[][..], |file| &file.passes_on);
                let next = passes_on.iter().filter_map(|stated| self.by_path.get(&stated.value));
                open.extend(next.copied());
            }
        }
        seen
    }
}
