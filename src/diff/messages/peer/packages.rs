//! Rules about packages, and about what a package no longer declares.

use std::collections::BTreeSet;

use super::Found;
use super::view::View;
use crate::source::Span;

pub(super) fn compare(found: &mut Found<'_>, old: &View<'_>, new: &View<'_>) {
    let packages = |view: &View<'_>| -> BTreeSet<String> {
        view.files.values().map(|(_, file)| file.package.value.to_string()).collect()
    };
    let (were, are) = (packages(old), packages(new));
    for (at, file) in old.files.values() {
        let package = &*file.package.value;
        // Once for each package: at its first file.
        let mut files = old.files.values();
        let first = files.find(|(_, file)| &*file.package.value == package);
        if !are.contains(package) && first.is_some_and(|(first, _)| first == at) {
            let homes = [old.home(*at), None];
            found.note("PACKAGE_NO_DELETE", package, homes, (Some(file.package.span), None));
        }
    }
    let mut gone = |id, file: usize, name: &str, span: Span| {
        let package = old.package(file);
        if were.contains(package) && are.contains(package) {
            let spans = (Some(span), new.around(name, old.path(file)));
            found.note(id, name, [old.home(file), None], spans);
        }
    };
    // buf does not look into a package that declares nothing of the kind any more; of services it does.
    let left = |files: BTreeSet<usize>| -> BTreeSet<&str> {
        files.into_iter().map(|file| new.package(file)).collect()
    };
    let with_messages =
        left(own(new, &new.all.messages, |one| one.file).map(|one| one.file).collect());
    let with_enums = left(own(new, &new.all.enums, |one| one.file).map(|one| one.file).collect());
    let with_extensions =
        left(own(new, &new.all.extensions, |one| one.file).map(|one| one.file).collect());
    for one in own(old, &old.all.messages, |one| one.file) {
        let looked_into = with_messages.contains(old.package(one.file));
        if looked_into && !new.messages.contains_key(&*one.full_name) {
            gone("PACKAGE_MESSAGE_NO_DELETE", one.file, &one.full_name, one.name_span);
        }
    }
    for one in own(old, &old.all.enums, |one| one.file) {
        let looked_into = with_enums.contains(old.package(one.file));
        if looked_into && !new.enums.contains_key(&*one.full_name) {
            gone("PACKAGE_ENUM_NO_DELETE", one.file, &one.full_name, one.name_span);
        }
    }
    for one in own(old, &old.all.services, |one| one.file) {
        if !new.services.contains_key(&*one.full_name) {
            gone("PACKAGE_SERVICE_NO_DELETE", one.file, &one.full_name, one.name_span);
        }
    }
    let names: BTreeSet<&str> =
        own(new, &new.all.extensions, |one| one.file).map(|one| &*one.full_name).collect();
    for one in own(old, &old.all.extensions, |one| one.file) {
        let looked_into = with_extensions.contains(old.package(one.file));
        if looked_into && !names.contains(&*one.full_name) {
            gone("PACKAGE_EXTENSION_NO_DELETE", one.file, &one.full_name, one.field.span);
        }
    }
}

/// The elements of the contract's own files.
fn own<'a, T>(
    view: &View<'a>,
    elements: &'a [T],
    file: impl Fn(&T) -> usize,
) -> impl Iterator<Item = &'a T> {
    let own: BTreeSet<usize> = view.files.values().map(|(at, _)| *at).collect();
    elements.iter().filter(move |one| own.contains(&file(one)))
}
