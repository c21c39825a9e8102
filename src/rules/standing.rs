//! What an option comes to where it is not set: its default, or what follows from names.

use std::sync::Arc;

use super::edition::is_from_2024;
use super::generated_code::{Annotated, Options};
use super::java_class::{self, camel};
use crate::diff::messages::{Scope, Side};
use crate::model::{Contract, Json, MessageFile, MessageId, Stated};
use crate::source::Span;

/// An element on one side, and what surrounds it.
pub(crate) struct Standing<'a> {
    contract: &'a Contract,
    own: &'a Options,
    /// The options of the messages around it, the innermost first.
    around: Vec<&'a Options>,
    file: Option<(usize, &'a MessageFile)>,
}

impl<'a> Standing<'a> {
    /// The element on both sides, with these options.
    pub(crate) fn of_both(
        sides: (&Side<'a>, &Side<'a>),
        element: &Annotated<'_>,
        options: (&'a Options, &'a Options),
    ) -> (Self, Self) {
        let (old, new) = match (&element.scope, &element.step) {
            (Scope::Message(old, new), None) => {
                let parent = |side: &Side<'a>, id: &Option<MessageId>| side.message((*id)?)?.parent;
                (parent(sides.0, old), parent(sides.1, new))
            }
            (Scope::Enum(old, new), _) => {
                let old = old.and_then(|id| sides.0.enumeration(id)?.parent);
                (old, new.and_then(|id| sides.1.enumeration(id)?.parent))
            }
            // What is set on a message is for the message: fields ask their file.
            (Scope::Message(..), Some(_)) | (Scope::Call(..) | Scope::Named(_), _) => (None, None),
        };
        let (was, is) = element.spans;
        (Self::of(sides.0, old, was, options.0), Self::of(sides.1, new, is, options.1))
    }

    fn of(side: &Side<'a>, parent: Option<MessageId>, span: Span, own: &'a Options) -> Self {
        let contract = side.contract;
        let message = |id: &MessageId| side.message(*id);
        let parents = std::iter::successors(parent, |id| message(id)?.parent);
        let around = parents.filter_map(|id| message(&id)).map(|one| &one.options).collect();
        let mut files = contract.messages.files.iter().enumerate();
        let file = files.find(|(_, file)| file.span.file == span.file);
        Self { contract, own, around, file }
    }

    /// The options from the element outwards, its file's last.
    pub(crate) fn outwards(&self) -> impl Iterator<Item = &'a Options> {
        let file = self.file.map(|(_, file)| &file.options);
        std::iter::once(self.own).chain(self.around.iter().copied()).chain(file)
    }

    /// `proto2`, `proto3`, `2023`, ….
    pub(crate) fn syntax(&self) -> &'a str {
        self.file.map_or("", |(_, file)| &*file.syntax.value)
    }

    /// The number of its file.
    pub(crate) fn file(&self) -> Option<usize> {
        self.file.map(|(at, _)| at)
    }

    /// The value that the option has in effect, where that is known.
    pub(crate) fn value(&self, name: &str) -> Option<Json> {
        let stated: Option<&'a Stated<Json>> = self.own.get(name);
        let checks_anyway = name == "java_string_check_utf8" && self.syntax() != "proto2";
        match stated.filter(|_| !checks_anyway) {
            Some(stated) if name == "go_package" => Some(with_package_name(&stated.value)),
            Some(stated) => Some(stated.value.clone()),
            None => self.implied(name),
        }
    }

    /// The value of an option that is not set (descriptor.proto; the generators' documentation for
    /// names that follow from the package).
    fn implied(&self, name: &str) -> Option<Json> {
        let package = || self.file.map_or("", |(_, file)| &*file.package.value);
        Some(match name {
            // That is what `nest_in_file_class` is by default there.
            "java_multiple_files" => Json::Boolean(is_from_2024(self.syntax())),
            "java_generate_equals_and_hash"
            | "cc_generic_services"
            | "java_generic_services"
            | "py_generic_services"
            | "php_generic_services"
            | "no_standard_descriptor_accessor"
            | "deprecated_legacy_json_field_conflicts"
            | "deprecated"
            | "allow_alias"
            | "lazy"
            | "unverified_lazy"
            | "weak"
            | "debug_redact" => Json::Boolean(false),
            "cc_enable_arenas" => Json::Boolean(true),
            "java_string_check_utf8" => Json::Boolean(self.syntax() != "proto2"),
            "optimize_for" => Json::string("SPEED"),
            "jstype" => Json::string("JS_NORMAL"),
            "verification" => Json::string("UNVERIFIED"),
            "objc_class_prefix" | "php_class_prefix" => Json::string(""),
            "java_package" => Json::string(package()),
            "java_outer_classname" => {
                let (at, file) = self.file?;
                Json::String(Arc::from(java_class::name(self.contract, at, file)))
            }
            "csharp_namespace" => Json::string(each(package(), ".", camel)),
            "ruby_package" => Json::string(each(package(), "::", camel)),
            "php_namespace" => Json::string(each(package(), "\\", capital)),
            "swift_prefix" if package().is_empty() => Json::string(""),
            "swift_prefix" => Json::string(each(package(), "_", camel) + "_"),
            _ => return None,
        })
    }
}

/// The import path of a Go package with the name that it goes by, which is the last part of the path
/// as far as that can be a name, where it is not said
/// (<https://protobuf.dev/reference/go/go-generated/#package>).
fn with_package_name(stated: &Json) -> Json {
    let Json::String(text) = stated else { return stated.clone() };
    let (path, name) = match text.split_once(';') {
        Some((path, name)) => (path, name),
        None => (&**text, text.trim_end_matches('/').rsplit('/').next().unwrap_or(text)),
    };
    let letter = |letter: char| if letter.is_alphanumeric() { letter } else { '_' };
    let mut name: String = name.chars().map(letter).collect();
    let begins = name.chars().next();
    if begins.is_none_or(char::is_numeric) || GO_KEYWORDS.contains(&&*name) {
        name.insert(0, '_');
    }
    Json::string(format!("{path};{name}"))
}

/// Words that name nothing in Go (<https://go.dev/ref/spec#Keywords>).
const GO_KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// The parts of a package, each written in another way.
fn each(package: &str, between: &str, write: impl Fn(&str) -> String) -> String {
    package.split('.').map(write).collect::<Vec<_>>().join(between)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_go_package_is_called_by_the_last_part_of_its_path() {
        let full = |text: &str| with_package_name(&Json::string(text)).to_string().replace('"', "");
        assert_eq!(full("x/y"), "x/y;y");
        assert_eq!(full("x/y;y"), "x/y;y");
        assert_eq!(full("example.com/go-api"), "example.com/go-api;go_api");
        assert_eq!(full("example.com/go-api;go-api"), "example.com/go-api;go_api");
        assert_eq!(full("x/2y"), "x/2y;_2y");
        assert_eq!(full("x/type"), "x/type;_type");
        assert_eq!(full("x/y;z"), "x/y;z");
    }
}
