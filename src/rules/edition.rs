//! What the edition of a file makes of generated code.

use std::sync::Arc;

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Alike, Change, Scope, Side, Walk};
use crate::model::{Field, FieldKind, Json, MessageFile, MessageKind, Scalar, Stated};

rules! {
    /// The edition of a file shapes generated code differently
    ///
    /// The features of a language have other defaults in another edition: accessors return other
    /// types, classes lie elsewhere, fields are reached in another way. Whoever generates code for
    /// the language and names them has to change theirs. Bytes and JSON stay as they are.
    EDITION_DEFAULTS_CHANGED {
        id: "edition-defaults-changed",
        effect: Replaces,
        surfaces: [source],
        fix: "Set the features to what they were, and `java_outer_classname` to the name that the class had; let consumers move one by one.",
    }
}

/// A feature of a language whose default is another one from edition 2024 on.
struct Feature {
    name: &'static str,
    /// Its default up to edition 2023, and from 2024 on.
    defaults: [&'static str; 2],
    /// Whether something in a file depends on the default.
    concerns: fn(&Side<'_>, usize) -> bool,
}

/// The features of one language's code.
struct Language {
    names: &'static [&'static str],
    extension: &'static str,
    features: &'static [Feature],
}

/// The defaults that differ: `cpp_features.proto`, `java_features.proto` and `go_features.proto`, as
/// <https://protobuf.dev/editions/features/> tells them.
const LANGUAGES: [Language; 3] = [
    Language {
        names: &["C++"],
        extension: "(pb.cpp)",
        features: &[
            Feature { name: "string_type", defaults: ["STRING", "VIEW"], concerns: has_plain_text },
            Feature {
                name: "enum_name_uses_string_view",
                defaults: ["false", "true"],
                concerns: has_enum,
            },
        ],
    },
    Language {
        names: &["Java", "Kotlin"],
        extension: "(pb.java)",
        features: &[
            Feature {
                name: "nest_in_file_class",
                defaults: ["LEGACY", "NO"],
                concerns: has_nested_class,
            },
            Feature {
                name: "use_old_outer_classname_default",
                defaults: ["true", "false"],
                concerns: has_derived_class,
            },
        ],
    },
    Language {
        names: &["Go"],
        extension: "(pb.go)",
        features: &[Feature {
            name: "api_level",
            defaults: ["API_OPEN", "API_OPAQUE"],
            concerns: has_open_structs,
        }],
    },
];

/// Says which defaults of generated code a file gets by another edition.
pub(crate) fn compare(walk: &mut Walk<'_>, old: (usize, &MessageFile), new: (usize, &MessageFile)) {
    let is_later = |file: &MessageFile| is_from_2024(&file.syntax.value);
    let (was, is) = (is_later(old.1), is_later(new.1));
    if was == is {
        return;
    }
    for language in &LANGUAGES {
        let stated = |file: &MessageFile, name| states(&file.options, language.extension, name);
        let concerns = |feature: &&Feature| {
            let is_pinned = stated(old.1, feature.name) || stated(new.1, feature.name);
            let sides = [(&walk.old, old.0), (&walk.new, new.0)];
            !is_pinned && sides.into_iter().all(|(side, file)| (feature.concerns)(side, file))
        };
        let words: Vec<String> = language
            .features
            .iter()
            .filter(concerns)
            .map(|Feature { name, defaults: [before, after], concerns: _ }| {
                let (was, is) = if was { (after, before) } else { (before, after) };
                format!("`{name}` is {is}, no longer {was}")
            })
            .collect();
        if !words.is_empty() {
            report(walk, old.1, new.1, language, &words.join("; "));
        }
    }
}

fn report(
    walk: &mut Walk<'_>,
    old: &MessageFile,
    new: &MessageFile,
    language: &Language,
    words: &str,
) {
    let (edition, all) = (&new.syntax.value, language.names.join(" and "));
    let message = format!("edition {edition} generates {all} otherwise: {words}");
    let package = &new.package.value;
    let scope = Scope::Named(if package.is_empty() { &new.path } else { package }.clone());
    let mut change = Change::new(&EDITION_DEFAULTS_CHANGED, scope, message)
        .impact(Impact::source())
        .spans(Some(old.syntax.span), Some(new.syntax.span))
        .evidence([language.extension.to_owned(), words.to_owned()]);
    change.languages = language.names;
    let edit = [edition, &**package, language.extension, words].join("\n");
    change.alike = Some(Alike { edit, file: new.path.clone() });
    walk.report(change);
}

fn is_from_2024(syntax: &str) -> bool {
    syntax.parse::<u32>().is_ok_and(|year| year >= 2024)
}

/// Options by name, as elements have them.
type Options = std::collections::BTreeMap<Arc<str>, Stated<Json>>;

/// Whether a feature of a language is set by these options.
fn states(options: &Options, extension: &str, feature: &str) -> bool {
    let member = |value: &Json, name: &str| match value {
        Json::Object(members) => members.get(name).cloned(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
    };
    let features = options.get("features").map(|stated| &stated.value);
    let language = features.and_then(|features| member(features, extension));
    language.is_some_and(|language| member(&language, feature).is_some())
}

/// Fields of text or bytes that do not say themselves what they are in C++.
fn has_plain_text(side: &Side<'_>, file: usize) -> bool {
    let is_plain = |field: &Field| {
        matches!(field.kind, FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes))
            && !field.options.contains_key("ctype")
            && !states(&field.options, "(pb.cpp)", "string_type")
    };
    let messages = &side.contract.messages;
    let declared = messages
        .messages
        .iter()
        .filter(|message| message.file == file && message.kind != MessageKind::MapEntry);
    let mut fields = declared.flat_map(|message| &message.fields);
    let mut extensions = messages.extensions.iter().filter(|extension| extension.file == file);
    fields.any(is_plain) || extensions.any(|extension| is_plain(&extension.field))
}

fn has_enum(side: &Side<'_>, file: usize) -> bool {
    side.contract.messages.enums.iter().any(|one| {
        one.file == file && !states(&one.options, "(pb.cpp)", "enum_name_uses_string_view")
    })
}

/// Types that lie in the class of their file.
fn has_nested_class(side: &Side<'_>, file: usize) -> bool {
    let is_apart =
        side.file(file).is_some_and(|file| is_true(&file.options, "java_multiple_files"));
    let messages = &side.contract.messages;
    let is_left = |options| !states(options, "(pb.java)", "nest_in_file_class");
    let declared = messages
        .messages
        .iter()
        .any(|one| one.file == file && one.parent.is_none() && is_left(&one.options));
    let listed = messages
        .enums
        .iter()
        .any(|one| one.file == file && one.parent.is_none() && is_left(&one.options));
    !is_apart && (declared || listed)
}

/// A class of the file whose name follows from that of the file.
fn has_derived_class(side: &Side<'_>, file: usize) -> bool {
    side.file(file).is_some_and(|file| !file.options.contains_key("java_outer_classname"))
}

/// Messages whose fields are those of a struct.
fn has_open_structs(side: &Side<'_>, file: usize) -> bool {
    side.contract.messages.messages.iter().any(|one| {
        one.file == file
            && one.kind != MessageKind::MapEntry
            && !states(&one.options, "(pb.go)", "api_level")
    })
}

fn is_true(options: &Options, name: &str) -> bool {
    options.get(name).is_some_and(|stated| stated.value == Json::Boolean(true))
}
