//! The class that Java makes of a file.

use std::collections::BTreeSet;

use super::edition::is_from_2024;
use super::feature;
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, Scope, Side, Walk, short};
use crate::model::{Contract, Json, MessageFile, Messages};

rules! {
    /// The class that Java makes of a file has another name
    ///
    /// It is called like the file, unless a type in the file is called so: then `OuterClass` follows
    /// its name. What lies in the class is called otherwise with it.
    JAVA_CLASS_RENAMED {
        id: "java-class-renamed",
        effect: Replaces,
        surfaces: [source],
        fix: "Give the type another name, or fix that of the class by `java_outer_classname`.",
    }
}

/// The files of each side in which a type is called like Java's class of the file.
pub(crate) struct Taken {
    old: BTreeSet<usize>,
    new: BTreeSet<usize>,
}

impl Taken {
    pub(crate) fn of(walk: &Walk<'_>) -> Self {
        Self { old: taken(&walk.old), new: taken(&walk.new) }
    }
}

fn taken(side: &Side<'_>) -> BTreeSet<usize> {
    let all = &side.contract.messages;
    let classes: Vec<String> = all.files.iter().map(class).collect();
    let messages = all.messages.iter().map(|one| (one.file, &one.full_name));
    let enums = all.enums.iter().map(|one| (one.file, &one.full_name));
    let services = all.services.iter().map(|one| (one.file, &one.full_name));
    let declared = messages.chain(enums).chain(services);
    let found = declared.filter(|(file, full_name)| {
        classes.get(*file).is_some_and(|class| class == short(full_name))
    });
    found.map(|(file, _)| file).collect()
}

/// Compares what Java calls the class of a file that stayed where it was.
///
/// <https://protobuf.dev/reference/java/java-generated/#invocation>
pub(crate) fn compare(
    walk: &mut Walk<'_>,
    taken: &Taken,
    old: (usize, &MessageFile),
    new: (usize, &MessageFile),
) {
    let names = (derived(&taken.old, old), derived(&taken.new, new));
    let ((_, was), (_, is)) = (old, new);
    let (Some(before), Some(after)) = names else { return };
    if before == after || was.path != is.path {
        return;
    }
    let is_apart = |file: &MessageFile| {
        let stated = file.options.get("java_multiple_files");
        stated.is_some_and(|stated| stated.value == Json::Boolean(true))
    };
    let message = format!("Java calls the class of the file `{after}`, no longer `{before}`");
    let mut change = Change::new(&JAVA_CLASS_RENAMED, Scope::Named(is.path.clone()), message)
        .spans(Some(was.span), Some(is.span))
        .evidence([before, after]);
    change.languages = &["Java", "Kotlin"];
    if is_apart(was) && is_apart(is) && !has_extensions(&walk.old, old.0) {
        change =
            change.caution("its types lie beside it; code that asks it for descriptors names it");
    } else {
        change.impact = Impact::source();
    }
    walk.report(change);
}

/// The name that follows from that of the file; none where it is stated, or follows otherwise: from
/// edition 2024 on.
fn derived(taken: &BTreeSet<usize>, (at, file): (usize, &MessageFile)) -> Option<String> {
    if is_from_2024(&file.syntax.value) || file.options.contains_key("java_outer_classname") {
        return None;
    }
    let name = class(file);
    Some(if taken.contains(&at) { format!("{name}OuterClass") } else { name })
}

/// What Java calls the class of a file that does not say it itself.
pub(crate) fn name(contract: &Contract, at: usize, file: &MessageFile) -> String {
    let class = class(file);
    if is_from_2024(&file.syntax.value)
        && !feature::is_set(&file.options, "[pb.java]", "use_old_outer_classname_default")
    {
        return format!("{class}Proto");
    }
    let Messages { messages, enums, services, extensions: _, files: _ } = &*contract.messages;
    let messages = messages.iter().map(|one| (one.file, &one.full_name));
    let enums = enums.iter().map(|one| (one.file, &one.full_name));
    let services = services.iter().map(|one| (one.file, &one.full_name));
    let mut declared = messages.chain(enums).chain(services);
    let is_taken = declared.any(|(file, full_name)| file == at && class == short(full_name));
    if is_taken { format!("{class}OuterClass") } else { class }
}

/// What a file is called as a class.
fn class(file: &MessageFile) -> String {
    let name = file.path.rsplit_once('/').map_or(&*file.path, |(_, name)| name);
    camel(name.strip_suffix(".proto").unwrap_or(name))
}

fn has_extensions(side: &Side<'_>, file: usize) -> bool {
    side.contract.messages.extensions.iter().any(|one| one.file == file)
}

/// Words put together: a letter is large where one begins, which is so behind a digit too.
pub(crate) fn camel(name: &str) -> String {
    let mut begins = true;
    let letters = name.chars().filter_map(|letter| {
        let is_first = std::mem::replace(&mut begins, !letter.is_ascii_alphabetic());
        let shown = if is_first { letter.to_ascii_uppercase() } else { letter };
        letter.is_ascii_alphanumeric().then_some(shown)
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_java_does() {
        assert_eq!(camel("foo_bar"), "FooBar");
        assert_eq!(camel("shop"), "Shop");
        assert_eq!(camel("v1beta-shop"), "V1BetaShop");
    }
}
