//! Rules about files, and about what a file no longer declares.

use super::Found;
use super::view::{View, option, text};
use crate::model::MessageFile;
use crate::source::Span;

/// Options of files: the rule, the option and its default.
const OPTIONS: [(&str, &str, &str); 18] = [
    ("FILE_SAME_CC_ENABLE_ARENAS", "cc_enable_arenas", "true"),
    ("FILE_SAME_CC_GENERIC_SERVICES", "cc_generic_services", "false"),
    ("FILE_SAME_CSHARP_NAMESPACE", "csharp_namespace", ""),
    ("FILE_SAME_GO_PACKAGE", "go_package", ""),
    ("FILE_SAME_JAVA_GENERIC_SERVICES", "java_generic_services", "false"),
    ("FILE_SAME_JAVA_MULTIPLE_FILES", "java_multiple_files", "false"),
    ("FILE_SAME_JAVA_OUTER_CLASSNAME", "java_outer_classname", ""),
    ("FILE_SAME_JAVA_PACKAGE", "java_package", ""),
    ("FILE_SAME_OBJC_CLASS_PREFIX", "objc_class_prefix", ""),
    ("FILE_SAME_OPTIMIZE_FOR", "optimize_for", "SPEED"),
    ("FILE_SAME_PHP_CLASS_PREFIX", "php_class_prefix", ""),
    ("FILE_SAME_PHP_METADATA_NAMESPACE", "php_metadata_namespace", ""),
    ("FILE_SAME_PHP_NAMESPACE", "php_namespace", ""),
    ("FILE_SAME_PY_GENERIC_SERVICES", "py_generic_services", "false"),
    ("FILE_SAME_RUBY_PACKAGE", "ruby_package", ""),
    ("FILE_SAME_SWIFT_PREFIX", "swift_prefix", ""),
    ("FILE_SAME_PACKAGE", "", ""),
    ("FILE_SAME_SYNTAX", "", ""),
];

pub(super) fn compare(found: &mut Found<'_>, old: &View<'_>, new: &View<'_>) {
    for (path, (old_at, was)) in &old.files {
        let home = old.home(*old_at);
        let Some((new_at, is)) = new.files.get(path) else {
            found.note("FILE_NO_DELETE", *path, [home, None], (Some(was.span), None));
            continue;
        };
        let homes = [home, new.home(*new_at)];
        for (rule, name, default) in OPTIONS {
            let (before, after) = match rule {
                "FILE_SAME_PACKAGE" => {
                    (was.package.value.to_string(), is.package.value.to_string())
                }
                "FILE_SAME_SYNTAX" => (syntax(was), syntax(is)),
                _ => (value(was, name, default), value(is, name, default)),
            };
            if before != after {
                let spans = (span(was, rule, name), span(is, rule, name));
                found.note(rule, *path, homes, (Some(spans.0), Some(spans.1)));
            }
        }
        deleted(found, (old, *old_at), (new, *new_at));
    }
}

/// buf tells proto2, proto3 and editions apart, not one edition from another.
fn syntax(file: &MessageFile) -> String {
    match &*file.syntax.value {
        known @ ("proto2" | "proto3") => known.to_owned(),
        _ => "editions".to_owned(),
    }
}

fn value(file: &MessageFile, name: &str, default: &str) -> String {
    option(&file.options, name).map_or_else(|| default.to_owned(), text)
}

fn span(file: &MessageFile, rule: &str, name: &str) -> Span {
    match rule {
        "FILE_SAME_PACKAGE" => file.package.span,
        "FILE_SAME_SYNTAX" => file.syntax.span,
        _ => file.options.get(name).map_or(file.span, |option| option.span),
    }
}

/// What a file declared and the file at its path does not.
fn deleted(found: &mut Found<'_>, (old, was): (&View<'_>, usize), (new, is): (&View<'_>, usize)) {
    let homes = [old.home(was), new.home(is)];
    let (package, path) = (new.package(is), new.path(is));
    let full = |name: &str| {
        let nested = old.nested(name, was);
        if package.is_empty() { nested.to_owned() } else { format!("{package}.{nested}") }
    };
    for one in old.all.messages.iter().filter(|one| one.file == was) {
        let name = full(&one.full_name);
        if new.messages.get(&*name).is_none_or(|found| found.file != is) {
            let spans = (Some(one.name_span), new.around(&name, path));
            found.note("MESSAGE_NO_DELETE", &*one.full_name, homes, spans);
        }
    }
    for one in old.all.enums.iter().filter(|one| one.file == was) {
        let name = full(&one.full_name);
        if new.enums.get(&*name).is_none_or(|found| found.file != is) {
            let spans = (Some(one.name_span), new.around(&name, path));
            found.note("ENUM_NO_DELETE", &*one.full_name, homes, spans);
        }
    }
    for one in old.all.services.iter().filter(|one| one.file == was) {
        let name = full(&one.full_name);
        if new.services.get(&*name).is_none_or(|found| found.file != is) {
            let spans = (Some(one.name_span), new.around("", path));
            found.note("SERVICE_NO_DELETE", &*one.full_name, homes, spans);
        }
    }
    let mut left = new.all.extensions.iter().filter(|one| one.file == is);
    let left: std::collections::BTreeSet<&str> = left.by_ref().map(|one| &*one.full_name).collect();
    for one in old.all.extensions.iter().filter(|one| one.file == was) {
        let name = full(&one.full_name);
        if !left.contains(&*name) {
            let spans = (Some(one.field.span), new.around(&name, path));
            found.note("EXTENSION_NO_DELETE", &*one.full_name, homes, spans);
        }
    }
}
