//! Packages are names too: nothing that is compiled together with a package is called like it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::load::protobuf::scope::{Scopes, prefixes, qualified};
use crate::model::Messages;
use crate::source::Span;

/// Every declaration that is called like a package, or like what a package lies in.
pub(super) fn called_like_packages(
    messages: &Messages,
    scopes: &mut Scopes,
    is_own: impl Fn(usize) -> bool,
) -> Vec<(Span, String)> {
    let mut packages: HashMap<&str, Vec<usize>, RandomState> = HashMap::default();
    let mut last: HashSet<&str, RandomState> = HashSet::default();
    for (file, declared) in messages.files.iter().enumerate() {
        for prefix in prefixes(&declared.package.value) {
            packages.entry(prefix).or_default().push(file);
            last.extend(prefix.rsplit('.').next());
        }
    }
    let mut found = Vec::new();
    for Named { name, file, span } in named(messages, &last) {
        let Some(files) = packages.get(&*name) else { continue };
        let mut together = files.iter().filter(|other| {
            **other != file
                && (is_own(file) || is_own(**other))
                && scopes.are_together(file, **other)
        });
        let Some(other) = together.next().and_then(|other| messages.files.get(*other)) else {
            continue;
        };
        if is_own(file) {
            let message = format!("`{name}` is a package already, in `{}`", other.path);
            found.push((span, message));
        } else {
            let path = messages.files.get(file).map_or("", |file| &file.path);
            let message = format!("`{name}` is declared in `{path}`, and not as a package");
            found.push((other.package.span, message));
        }
    }
    found
}

/// Something that stands in a package.
struct Named {
    name: Arc<str>,
    file: usize,
    span: Span,
}

/// What is declared outside of messages and called like one of these.
fn named(messages: &Messages, last: &HashSet<&str, RandomState>) -> Vec<Named> {
    let is_like = |name: &str| last.contains(name.rsplit('.').next().unwrap_or(name));
    let mut found = Vec::new();
    let mut add = |name: &Arc<str>, file: usize, span: Span| {
        if is_like(name) {
            found.push(Named { name: Arc::clone(name), file, span });
        }
    };
    for one in messages.messages.iter().filter(|one| one.parent.is_none()) {
        add(&one.full_name, one.file, one.name_span);
    }
    for one in messages.enums.iter().filter(|one| one.parent.is_none()) {
        add(&one.full_name, one.file, one.name_span);
        let package = messages.files.get(one.file).map_or("", |file| &file.package.value);
        for value in one.values.iter().filter(|value| is_like(&value.name)) {
            // They stand beside their enumeration.
            add(&qualified(package, &value.name), one.file, value.span);
        }
    }
    for one in &messages.services {
        add(&one.full_name, one.file, one.name_span);
    }
    for one in &messages.extensions {
        add(&one.full_name, one.file, one.field.name_span);
    }
    found
}
