//! Options: what they make of generated code, and what is nobody's business here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::impact::Impact;
use super::packs::{self, Edited};
use super::rules;
use crate::diff::messages::{Alike, Change, Root, Scope, Walk};
use crate::model::{Json, Stated, Step};
use crate::source::Span;

rules! {
    /// An option that shapes generated code changed
    ///
    /// Consumers that generate code for the language it is about get other packages, names or types.
    GENERATED_CODE_OPTION_CHANGED {
        id: "generated-code-option-changed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the option as it is.",
    }

    /// An option changed that says something to other tools
    ///
    /// Neither bytes, JSON nor generated code depend on it; whoever reads the option may.
    CUSTOM_OPTION_CHANGED {
        id: "custom-option-changed",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do, unless a tool of yours gives the option a meaning. The packs `google-api` and `protovalidate` give some theirs.",
    }

    /// An element was deprecated, or no longer is
    ///
    /// Nothing changes but what compilers say.
    DEPRECATION_CHANGED {
        id: "deprecation-changed",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }
}

/// Options of one element, by full name.
pub(crate) type Options = BTreeMap<Arc<str>, Stated<Json>>;

/// An element that options are set on.
pub(crate) struct Annotated<'a> {
    /// To what it belongs.
    pub(crate) scope: Scope,
    /// The way from there, where it is not that itself.
    pub(crate) step: Option<Step>,
    /// Where it is declared on each side, for options that one side does not set.
    pub(crate) spans: (Span, Span),
    /// The message in which a value of it is shown, where it has values.
    pub(crate) root: Option<Root<'a>>,
    /// The file, where it is one: the same edit in other files of its package is the same edit.
    pub(crate) file: Option<Arc<str>>,
}

/// Compares the options of an element.
pub(crate) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    old: &Options,
    new: &Options,
) {
    let names: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (was, is) = (old.get(name), new.get(name));
        if was.map(|one| &one.value) == is.map(|one| &one.value) {
            continue;
        }
        if packs::compare(walk, element, &Edited { name, old: was, new: is }) {
            continue;
        }
        let word = |option: Option<&Stated<Json>>| {
            option.map_or_else(|| "unset".to_owned(), |option| option.value.to_string())
        };
        let message = format!("option `{name}` is {}, no longer {}", word(is), word(was));
        let (rule, impact, message) = match meaning(name) {
            Meaning::Encoding => continue,
            Meaning::Deprecation => {
                let deprecated = is.is_some_and(|one| one.value == Json::Boolean(true));
                let said = if deprecated { "marked deprecated" } else { "no longer deprecated" };
                (&DEPRECATION_CHANGED, Impact::none(), said.to_owned())
            }
            Meaning::GeneratedCode => (&GENERATED_CODE_OPTION_CHANGED, Impact::source(), message),
            Meaning::Advice => (&GENERATED_CODE_OPTION_CHANGED, Impact::none(), message),
            Meaning::Custom => (&CUSTOM_OPTION_CHANGED, Impact::none(), message),
        };
        let span = |option: Option<&Stated<Json>>, other| option.map_or(other, |one| one.span);
        let mut change = Change::new(rule, element.scope.clone(), message)
            .impact(impact)
            .spans(Some(span(was, element.spans.0)), Some(span(is, element.spans.1)))
            .evidence([name.to_string(), word(was), word(is)]);
        change.languages = languages(name);
        change.alike = element.file.clone().map(|file| {
            let edit = [name.to_string(), word(was), word(is), format!("{:?}", element.scope)];
            Alike { edit: edit.join("\n"), file }
        });
        change.steps.extend(element.step.clone());
        walk.report(change);
    }
}

/// The languages whose generated code an option of a file or a field is for; none where it is for
/// all (`descriptor.proto`).
fn languages(name: &str) -> &'static [&'static str] {
    const LANGUAGES: [(&str, &[&str]); 10] = [
        ("java_", &["Java", "Kotlin"]),
        ("go_", &["Go"]),
        ("csharp_", &["C#"]),
        ("php_", &["PHP"]),
        ("ruby_", &["Ruby"]),
        ("py_", &["Python"]),
        ("objc_", &["Objective-C"]),
        ("swift_", &["Swift"]),
        ("cc_", &["C++"]),
        ("optimize_for", &["C++", "Java"]),
    ];
    match name {
        "jstype" => &["JavaScript", "TypeScript"],
        "ctype" => &["C++"],
        _ => {
            let mut found = LANGUAGES.iter().filter(|(prefix, _)| name.starts_with(prefix));
            found.next().map_or(&[], |(_, languages)| languages)
        }
    }
}

/// What an option is about.
enum Meaning {
    /// Bytes: told with the message.
    Encoding,
    /// Names and types in generated code.
    GeneratedCode,
    /// How generated code does it, with the same names and types.
    Advice,
    /// That the element is going away.
    Deprecation,
    /// Something of somebody else's.
    Custom,
}

fn meaning(name: &str) -> Meaning {
    match name {
        "deprecated" => Meaning::Deprecation,
        "message_set_wire_format" => Meaning::Encoding,
        "lazy"
        | "unverified_lazy"
        | "weak"
        | "debug_redact"
        | "cc_enable_arenas"
        | "retention"
        | "targets"
        | "allow_alias"
        | "java_generate_equals_and_hash"
        | "edition_defaults"
        | "idempotency_level"
        | "features.enforce_naming_style" => Meaning::Advice,
        custom if custom.starts_with('(') => Meaning::Custom,
        _ => Meaning::GeneratedCode,
    }
}
