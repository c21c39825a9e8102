//! Last pass over names: two things in one scope cannot have the same one.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::model::{Enumeration, JsonFormat, MessageKind, Messages, Ownership};
use crate::source::Span;

/// A scope: a message, or else a package, or a part of one that stands by itself in a file.
type Scope<'m> = (Option<u32>, &'m str, Option<usize>);

/// Every clash of names that full names of types do not tell, where it is and in words.
///
/// The values of an enumeration stand beside it, as in C++, and not inside of it.
pub(super) fn clashes(
    messages: &Messages,
    repeating: &HashSet<usize, RandomState>,
    is_own: impl Fn(usize) -> bool,
) -> Vec<(Span, String)> {
    let package = |file: usize| messages.files.get(file).map_or("", |file| &file.package.value);
    let is_beside = |file: usize| {
        messages.files.get(file).is_some_and(|file| file.ownership == Ownership::Beside)
    };
    let scope_of = |parent: Option<u32>, file: usize| -> Scope<'_> {
        let alone = (repeating.contains(&file) || is_beside(file)).then_some(file);
        if parent.is_some() { (parent, "", None) } else { (None, package(file), alone) }
    };
    let mut types: HashSet<(Scope<'_>, &str), RandomState> = HashSet::default();
    for one in messages.messages.iter().filter(|one| one.kind != MessageKind::MapEntry) {
        types.insert((scope_of(one.parent.map(|id| id.0), one.file), short(&one.full_name)));
    }
    for one in &messages.enums {
        types.insert((scope_of(one.parent.map(|id| id.0), one.file), short(&one.full_name)));
    }
    types.extend(
        messages.services.iter().map(|one| (scope_of(None, one.file), short(&one.full_name))),
    );
    types.extend(extension_names(messages, scope_of));
    let entries = messages.messages.iter().filter(|one| one.kind == MessageKind::MapEntry);
    let entries: HashSet<(Scope<'_>, &str), RandomState> = entries
        .map(|one| (scope_of(one.parent.map(|id| id.0), one.file), short(&one.full_name)))
        .collect();
    let mut found = Vec::new();
    let mut values: HashMap<(Scope<'_>, &str), &str, RandomState> = HashMap::default();
    for one in messages.enums.iter().filter(|one| is_own(one.file)) {
        let scope = scope_of(one.parent.map(|id| id.0), one.file);
        for value in &one.values {
            let key = (scope, &*value.name);
            let other = values.insert(key, &one.full_name);
            if let Some(other) = other.filter(|other| *other != &*one.full_name) {
                let message = format!(
                    "`{}` is a value of `{other}` too: values stand beside their enumeration",
                    value.name
                );
                found.push((value.span, message));
            } else if types.contains(&key) || entries.contains(&key) {
                found.push((value.span, format!("`{}` is declared here already", value.name)));
            }
        }
    }
    for (id, one) in (0_u32..).zip(&messages.messages).filter(|(_, one)| is_own(one.file)) {
        let members = one.fields.iter().map(|field| (&field.name, field.name_span));
        let members = members.chain(one.oneofs.iter().map(|oneof| (&oneof.name, oneof.span)));
        for (name, span) in members.filter(|_| one.kind != MessageKind::MapEntry) {
            let key = ((Some(id), "", None), &**name);
            let is_taken = types.contains(&key) || entries.contains(&key);
            if is_taken || values.contains_key(&key) {
                found.push((span, format!("`{name}` is declared here already")));
            }
        }
    }
    found
}

/// The names of extensions, where they are declared.
fn extension_names<'m>(
    messages: &'m Messages,
    scope_of: impl Fn(Option<u32>, usize) -> Scope<'m>,
) -> Vec<(Scope<'m>, &'m str)> {
    if messages.extensions.is_empty() {
        return Vec::new();
    }
    let ids = (0_u32..).zip(&messages.messages);
    let ids: HashMap<(&str, usize), u32, RandomState> =
        ids.map(|(id, one)| ((&*one.full_name, one.file), id)).collect();
    let names = messages.extensions.iter().map(|one| {
        let around = one.full_name.rsplit_once('.').map_or("", |(around, _)| around);
        let parent = ids.get(&(around, one.file)).copied();
        (scope_of(parent, one.file), short(&one.full_name))
    });
    names.collect()
}

fn short(full_name: &str) -> &str {
    full_name.rsplit_once('.').map_or(full_name, |(_, name)| name)
}

/// Values that have one name in generated code, where that leaves out the name of the enumeration
/// and writes what is left in its own case.
pub(super) fn same_when_stripped(declared: &Enumeration) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    if declared.json_format != JsonFormat::Allow {
        return found;
    }
    let prefix = bare(short(&declared.full_name));
    let mut names: HashMap<String, (&str, i32), RandomState> = HashMap::default();
    for value in &declared.values {
        let stripped = pascal(without_prefix(&value.name, &prefix));
        let before = names.entry(stripped).or_insert((&value.name, value.number));
        if before.0 != &*value.name && before.1 != value.number {
            let (one, two) = (before.0, &value.name);
            let message = format!("`{one}` and `{two}` have the same name in generated code");
            found.push((value.span, message));
        }
    }
    found
}

fn bare(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

/// `CHECK_BOX` is `CheckBox`, and `CHECKBOX` is `Checkbox`.
fn pascal(name: &str) -> String {
    let parts = name.split('_').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase()))
    });
    parts.flatten().collect()
}

/// The rest of a value's name behind the name of its enumeration, where there is a rest.
fn without_prefix<'n>(name: &'n str, prefix: &str) -> &'n str {
    let mut wanted = prefix.chars().peekable();
    let mut rest = name.char_indices();
    while let Some(next) = wanted.peek() {
        match rest.next() {
            Some((_, '_')) => {}
            Some((_, letter)) if letter.to_ascii_lowercase() == *next => _ = wanted.next(),
            _ => return name,
        }
    }
    let behind = rest.as_str().trim_start_matches('_');
    if behind.is_empty() { name } else { behind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_enumeration_is_left_out_whatever_its_case() {
        assert_eq!(without_prefix("COLOR_RED", "color"), "RED");
        assert_eq!(without_prefix("MY_COLOR_RED", "mycolor"), "RED");
        assert_eq!(without_prefix("COLOR", "color"), "COLOR");
        assert_eq!(without_prefix("RED", "color"), "RED");
    }
}
