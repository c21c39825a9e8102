//! Features of single languages: what generated code looks like there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::generated_code::Options;
use super::standing::Standing;
use crate::diff::messages::Side;
use crate::model::{Field, FieldKind, Json, MessageKind, Scalar};

/// A feature of a language.
pub(crate) struct Feature {
    pub(crate) name: &'static str,
    /// Its default in proto2, proto3, edition 2023, and from 2024 on.
    defaults: [&'static str; 4],
    /// Whether something in a file depends on what the file says.
    pub(crate) concerns: fn(&Side<'_>, usize) -> bool,
}

/// The features of one language's code.
pub(crate) struct Language {
    pub(crate) names: &'static [&'static str],
    pub(crate) extension: &'static str,
    pub(crate) features: &'static [Feature],
}

/// As `cpp_features.proto`, `java_features.proto` and `go_features.proto` state them, and as
/// <https://protobuf.dev/editions/features/> tells them.
pub(crate) const LANGUAGES: [Language; 3] = [
    Language {
        names: &["C++"],
        extension: "[pb.cpp]",
        features: &[
            Feature {
                name: "string_type",
                defaults: ["STRING", "STRING", "STRING", "VIEW"],
                concerns: has_plain_text,
            },
            Feature {
                name: "enum_name_uses_string_view",
                defaults: ["false", "false", "false", "true"],
                concerns: has_enum,
            },
            Feature {
                name: "legacy_closed_enum",
                defaults: ["true", "false", "false", "false"],
                concerns: anyway,
            },
        ],
    },
    Language {
        names: &["Java", "Kotlin"],
        extension: "[pb.java]",
        features: &[
            Feature {
                name: "nest_in_file_class",
                defaults: ["LEGACY", "LEGACY", "LEGACY", "NO"],
                concerns: has_nested_class,
            },
            Feature {
                name: "use_old_outer_classname_default",
                defaults: ["true", "true", "true", "false"],
                concerns: has_derived_class,
            },
            Feature {
                name: "legacy_closed_enum",
                defaults: ["true", "false", "false", "false"],
                concerns: anyway,
            },
            Feature { name: "utf8_validation", defaults: ["DEFAULT"; 4], concerns: anyway },
            Feature { name: "large_enum", defaults: ["false"; 4], concerns: anyway },
        ],
    },
    Language {
        names: &["Go"],
        extension: "[pb.go]",
        features: &[
            Feature {
                name: "api_level",
                defaults: ["API_OPEN", "API_OPEN", "API_OPEN", "API_OPAQUE"],
                concerns: has_open_structs,
            },
            Feature {
                name: "legacy_unmarshal_json_enum",
                defaults: ["true", "false", "false", "false"],
                concerns: anyway,
            },
            Feature {
                name: "strip_enum_prefix",
                defaults: ["STRIP_ENUM_PREFIX_KEEP"; 4],
                concerns: anyway,
            },
        ],
    },
];

impl Feature {
    /// What it is where nothing sets it: up to edition 2023, and from 2024 on.
    pub(crate) fn by_edition(&self) -> (&'static str, &'static str) {
        let [_, _, before, after] = self.defaults;
        (before, after)
    }

    fn default(&self, syntax: &str) -> Json {
        let [proto2, proto3, first, later] = self.defaults;
        let word = match syntax {
            "proto2" | "" => proto2,
            "proto3" => proto3,
            "2023" => first,
            _ => later,
        };
        match word {
            "true" => Json::Boolean(true),
            "false" => Json::Boolean(false),
            word => Json::string(word),
        }
    }
}

/// A feature that is set otherwise on an element.
pub(super) struct Shift {
    /// Of which language, in brackets as in a literal.
    pub(super) extension: Arc<str>,
    pub(super) name: Arc<str>,
    /// What it comes to, where that is known.
    pub(super) values: (Option<Json>, Option<Json>),
    pub(super) languages: &'static [&'static str],
    /// Whether anything depends on it.
    pub(super) matters: bool,
}

impl Shift {
    /// As it is written in an option: `features.(pb.cpp).string_type`.
    pub(super) fn written(&self) -> String {
        let language = self.extension.trim_matches(['[', ']']);
        format!("features.({language}).{}", self.name)
    }
}

/// Takes apart what two sides set as `features`.
pub(super) fn shifts(
    sides: (&Side<'_>, &Side<'_>),
    (old, new): (&Standing<'_>, &Standing<'_>),
    (was, is): (Option<&Json>, Option<&Json>),
    is_file: bool,
) -> Vec<Shift> {
    let names: BTreeSet<(Arc<str>, Arc<str>)> =
        [was, is].into_iter().flatten().flat_map(set).collect();
    let changed = names.into_iter().filter(|(extension, name)| {
        let stated = |features: Option<&Json>| features?.member(extension)?.member(name).cloned();
        stated(was) != stated(is)
    });
    let shifts = changed.map(|(extension, name)| {
        let language = LANGUAGES.iter().find(|language| *language.extension == *extension);
        let known = language
            .and_then(|language| language.features.iter().find(|feature| *feature.name == *name));
        let values =
            (in_effect(old, &extension, &name, known), in_effect(new, &extension, &name, known));
        let concerned = known.is_none_or(|feature| {
            let ends = [(sides.0, old.file()), (sides.1, new.file())];
            ends.iter().all(|(side, file)| file.is_none_or(|file| (feature.concerns)(side, file)))
        });
        let matters = values.0 != values.1 && (!is_file || concerned);
        let languages = language.map_or(&[][..], |language| language.names);
        Shift { extension, name, values, languages, matters }
    });
    shifts.collect()
}

/// The features that these options set, by language.
fn set(features: &Json) -> Vec<(Arc<str>, Arc<str>)> {
    let members = |value: &Json| match value {
        Json::Object(members) => members.iter().map(|(k, v)| (Arc::clone(k), v.clone())).collect(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Vec::new()
        }
    };
    let languages = members(features).into_iter();
    let each = |(extension, set): (Arc<str>, Json)| {
        members(&set).into_iter().map(move |(name, _)| (Arc::clone(&extension), name))
    };
    languages.flat_map(each).collect()
}

/// What the feature is on an element: what it says, what surrounds it says, or the default.
fn in_effect(
    standing: &Standing<'_>,
    extension: &str,
    name: &str,
    known: Option<&Feature>,
) -> Option<Json> {
    let is_text = (extension, name) == ("[pb.cpp]", "string_type");
    let stated = standing.outwards().find_map(|options| {
        let set =
            options.get("features").and_then(|stated| stated.value.member(extension)?.member(name));
        // The older way to say it.
        let ctype = options.get("ctype").filter(|_| is_text).map(|stated| &stated.value);
        set.or(ctype).cloned()
    });
    stated.or_else(|| Some(known?.default(standing.syntax())))
}

/// What C++ holds the text of a field in.
pub(super) fn string_type(standing: &Standing<'_>) -> Option<Json> {
    let known = LANGUAGES.iter().flat_map(|language| language.features);
    let known = known.into_iter().find(|feature| feature.name == "string_type");
    in_effect(standing, "[pb.cpp]", "string_type", known)
}

/// Whether a feature of a language is set by these options.
pub(super) fn states(options: &Options, extension: &str, feature: &str) -> bool {
    let features = options.get("features").map(|stated| &stated.value);
    let language = features.and_then(|features| features.member(extension));
    language.is_some_and(|language| language.member(feature).is_some())
}

/// Whether a feature of a language is set to true.
pub(super) fn is_set(options: &Options, extension: &str, feature: &str) -> bool {
    let features = options.get("features").map(|stated| &stated.value);
    let language = features.and_then(|features| features.member(extension));
    language.and_then(|language| language.member(feature)) == Some(&Json::Boolean(true))
}

fn anyway(_: &Side<'_>, _: usize) -> bool {
    true
}

/// Fields of text or bytes that do not say themselves what they are in C++.
fn has_plain_text(side: &Side<'_>, file: usize) -> bool {
    let is_plain = |field: &Field| {
        matches!(field.kind, FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes))
            && !field.options.contains_key("ctype")
            && !states(&field.options, "[pb.cpp]", "string_type")
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
        one.file == file && !states(&one.options, "[pb.cpp]", "enum_name_uses_string_view")
    })
}

/// Types that lie in the class of their file.
fn has_nested_class(side: &Side<'_>, file: usize) -> bool {
    let is_apart =
        side.file(file).is_some_and(|file| is_true(&file.options, "java_multiple_files"));
    let messages = &side.contract.messages;
    let is_left = |options| !states(options, "[pb.java]", "nest_in_file_class");
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
            && !states(&one.options, "[pb.go]", "api_level")
    })
}

fn is_true(options: &Options, name: &str) -> bool {
    options.get(name).is_some_and(|stated| stated.value == Json::Boolean(true))
}
