//! Options: what they make of generated code, and what is nobody's business here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::feature;
use super::impact::Impact;
use super::packs::{self, Edited};
use super::rules;
use super::standing::Standing;
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
        let edited = Edited { name, old: was, new: is };
        if packs::compare(walk, element, &edited) {
            continue;
        }
        if &**name == "features" {
            compare_features(walk, element, &edited, (old, new));
        } else {
            compare_one(walk, element, &edited, (old, new));
        }
    }
}

fn word(value: Option<&Json>) -> String {
    value.map_or_else(|| "unset".to_owned(), ToString::to_string)
}

fn compare_one<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
    (old, new): (&Options, &Options),
) {
    let Edited { name, old: was, new: is } = edited;
    let stated = (was.map(|one| &one.value), is.map(|one| &one.value));
    let (before, after) = Standing::of_both((&walk.old, &walk.new), element, (old, new));
    let values = if &***name == "ctype" {
        let said = |options| feature::states(options, "[pb.cpp]", "string_type");
        if said(old) != said(new) {
            // The feature took its place, or gave it up: that is told.
            return;
        }
        (feature::string_type(&before), feature::string_type(&after))
    } else {
        (before.value(name), after.value(name))
    };
    let is_same = values.0.is_some() && values.0 == values.1;
    let message = match &values.1 {
        Some(value) if is_same => {
            let (is, was) = (word(stated.1), word(stated.0));
            format!("option `{name}` comes to {value} as before: it is {is} and was {was}")
        }
        _ => format!("option `{name}` is {}, no longer {}", word(stated.1), word(stated.0)),
    };
    let (rule, impact, message) = match meaning(name) {
        Meaning::Encoding => return,
        Meaning::Deprecation => {
            let said = match stated.1 {
                Some(Json::Boolean(true)) => "marked deprecated".to_owned(),
                _ if is_same => message,
                _ => "no longer deprecated".to_owned(),
            };
            (&DEPRECATION_CHANGED, Impact::none(), said)
        }
        Meaning::GeneratedCode if is_same => {
            (&GENERATED_CODE_OPTION_CHANGED, Impact::none(), message)
        }
        Meaning::GeneratedCode => (&GENERATED_CODE_OPTION_CHANGED, Impact::source(), message),
        Meaning::Advice => (&GENERATED_CODE_OPTION_CHANGED, Impact::none(), message),
        Meaning::Custom => (&CUSTOM_OPTION_CHANGED, Impact::none(), message),
    };
    let change = Change::new(rule, element.scope.clone(), message).impact(impact);
    let edit = [name.to_string(), word(stated.0), word(stated.1)];
    report(walk, element, edited, change, edit, languages(name));
}

/// Features are compared one by one, by what they come to on the element.
fn compare_features<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
    options: (&Options, &Options),
) {
    let sides = (&walk.old, &walk.new);
    let (before, after) = Standing::of_both(sides, element, options);
    let stated = (edited.old.map(|one| &one.value), edited.new.map(|one| &one.value));
    let shifts = feature::shifts(sides, (&before, &after), stated, element.file.is_some());
    for shift in shifts {
        let name = shift.written();
        let (was, is) = (word(shift.values.0.as_ref()), word(shift.values.1.as_ref()));
        let message = match (shift.matters, was == is) {
            (true, _) => format!("option `{name}` is {is}, no longer {was}"),
            (false, true) => format!("option `{name}` comes to {is} as before"),
            (false, false) => {
                format!("option `{name}` is {is}, no longer {was}; nothing here depends on it")
            }
        };
        let impact = if shift.matters { Impact::source() } else { Impact::none() };
        let scope = element.scope.clone();
        let change = Change::new(&GENERATED_CODE_OPTION_CHANGED, scope, message).impact(impact);
        report(walk, element, edited, change, [name, was, is], shift.languages);
    }
}

fn report<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
    change: Change<'a>,
    edit: [String; 3],
    languages: &'static [&'static str],
) {
    let span = |option: Option<&Stated<Json>>, other| option.map_or(other, |one| one.span);
    let (was, is) = element.spans;
    let alike = element.file.clone().map(|file| {
        let edit = format!("{}\n{:?}", edit.join("\n"), element.scope);
        Alike { edit, file }
    });
    let mut change =
        change.spans(Some(span(edited.old, was)), Some(span(edited.new, is))).evidence(edit);
    change.languages = languages;
    change.alike = alike;
    change.steps.extend(element.step.clone());
    walk.report(change);
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
        | "deprecated_legacy_json_field_conflicts"
        | "features.enforce_naming_style" => Meaning::Advice,
        custom if custom.starts_with('(') => Meaning::Custom,
        _ => Meaning::GeneratedCode,
    }
}
