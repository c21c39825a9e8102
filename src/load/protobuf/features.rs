//! Features: what a file's edition, and the options of each scope, say of the elements in it.
//!
//! proto2 and proto3 are sets of features like any edition; after this nothing asks for a syntax.

use super::syntax::{Edition, Literal, LiteralValue, NamePart, Setting};
use crate::model::{
    Delimiting, FileDefaults, JsonFormat, Openness, Packing, Presence, Utf8, Visibility,
};
use crate::source::Span;

/// The features in effect at a place (descriptor.proto, `FeatureSet`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features {
    pub(super) presence: Presence,
    pub(super) openness: Openness,
    pub(super) packing: Packing,
    pub(super) utf8: Utf8,
    pub(super) delimiting: Delimiting,
    pub(super) json: JsonFormat,
    pub(super) symbols: Symbols,
}

/// Who may refer to what says nothing of that itself (`default_symbol_visibility`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbols {
    ExportAll,
    ExportTopLevel,
    LocalAll,
    /// As the former, and nothing inside of a message is exported at all.
    Strict,
}

impl Symbols {
    pub(super) fn visibility(self, is_nested: bool) -> Visibility {
        match self {
            Self::ExportAll => Visibility::Export,
            Self::ExportTopLevel if !is_nested => Visibility::Export,
            Self::ExportTopLevel | Self::LocalAll | Self::Strict => Visibility::Local,
        }
    }
}

/// A feature that is set to something it cannot be.
pub(super) struct BadFeature {
    pub(super) message: String,
    pub(super) span: Span,
}

impl Features {
    /// What holds in a file of this edition where nothing is set.
    pub(super) fn of(edition: Edition) -> Self {
        let modern = Self {
            presence: Presence::Explicit,
            openness: Openness::Open,
            packing: Packing::Packed,
            utf8: Utf8::Verified,
            delimiting: Delimiting::LengthPrefixed,
            json: JsonFormat::Allow,
            symbols: Symbols::ExportAll,
        };
        match edition {
            Edition::Proto2 => Self {
                openness: Openness::Closed,
                packing: Packing::Expanded,
                utf8: Utf8::Unverified,
                json: JsonFormat::LegacyBestEffort,
                ..modern
            },
            Edition::Proto3 => Self { presence: Presence::Implicit, ..modern },
            Edition::Edition2023 => modern,
            Edition::Edition2024 => Self { symbols: Symbols::ExportTopLevel, ..modern },
            Edition::Edition2026 => Self { symbols: Symbols::Strict, ..modern },
        }
    }

    /// What a file with these features says of all that it declares.
    pub(super) fn of_file(self) -> FileDefaults {
        let Self { presence, openness, packing, utf8, delimiting, json, symbols: _ } = self;
        FileDefaults { presence, openness, packing, utf8, delimiting, json_format: json }
    }

    /// The features of a scope in which these options are set.
    pub(super) fn refined(self, options: &[Setting<'_>], bad: &mut Vec<BadFeature>) -> Self {
        let mut features = self;
        for setting in options {
            let Some((first, rest)) = setting.name.split_first() else { continue };
            if first.extension || first.word.text != "features" {
                continue;
            }
            features.set(rest, &setting.value, bad);
        }
        features
    }

    fn set(&mut self, path: &[NamePart<'_>], value: &Literal<'_>, bad: &mut Vec<BadFeature>) {
        match (path, &value.value) {
            ([], LiteralValue::Message(members)) => {
                for member in members.iter().filter(|member| !member.extension) {
                    self.set_one(&member.name.text, (&member.value, true), bad);
                }
            }
            // Features of one language are custom options to us.
            ([first, ..], _) if first.extension => {}
            ([one], _) => self.set_one(&one.word.text, (value, false), bad),
            _ => {
                let message = "`features` takes a message".to_owned();
                bad.push(BadFeature { message, span: value.span });
            }
        }
    }

    fn set_one(
        &mut self,
        name: &str,
        (value, inside): (&Literal<'_>, bool),
        bad: &mut Vec<BadFeature>,
    ) {
        let word = match (&value.value, inside) {
            (LiteralValue::Word(word), _) => Some(*word),
            (LiteralValue::Number { negative: false, text }, true) => numbered(name, text),
            _ => None,
        };
        let Some(word) = word else {
            let message = format!("the feature `{name}` takes a word");
            bad.push(BadFeature { message, span: value.span });
            return;
        };
        match (name, word) {
            ("field_presence", "EXPLICIT") => self.presence = Presence::Explicit,
            ("field_presence", "IMPLICIT") => self.presence = Presence::Implicit,
            ("field_presence", "LEGACY_REQUIRED") => self.presence = Presence::Required,
            ("enum_type", "OPEN") => self.openness = Openness::Open,
            ("enum_type", "CLOSED") => self.openness = Openness::Closed,
            ("repeated_field_encoding", "PACKED") => self.packing = Packing::Packed,
            ("repeated_field_encoding", "EXPANDED") => self.packing = Packing::Expanded,
            ("utf8_validation", "VERIFY") => self.utf8 = Utf8::Verified,
            ("utf8_validation", "NONE") => self.utf8 = Utf8::Unverified,
            ("message_encoding", "LENGTH_PREFIXED") => {
                self.delimiting = Delimiting::LengthPrefixed;
            }
            ("message_encoding", "DELIMITED") => self.delimiting = Delimiting::Delimited,
            ("json_format", "ALLOW") => self.json = JsonFormat::Allow,
            ("json_format", "LEGACY_BEST_EFFORT") => self.json = JsonFormat::LegacyBestEffort,
            ("default_symbol_visibility", "EXPORT_ALL") => self.symbols = Symbols::ExportAll,
            ("default_symbol_visibility", "EXPORT_TOP_LEVEL") => {
                self.symbols = Symbols::ExportTopLevel;
            }
            ("default_symbol_visibility", "LOCAL_ALL") => self.symbols = Symbols::LocalAll,
            ("default_symbol_visibility", "STRICT") => self.symbols = Symbols::Strict,
            // How names are written, and how much there may be, is for the author to heed.
            ("enforce_naming_style", "STYLE_LEGACY" | "STYLE2024" | "STYLE2026")
            | ("enforce_proto_limits", "LEGACY_NO_EXPLICIT_LIMITS" | "PROTO_LIMITS2026") => {}
            _ => {
                let message = format!("no feature `{name}` can be `{word}`");
                bad.push(BadFeature { message, span: value.span });
            }
        }
    }
}

/// What a feature is set to by this number (descriptor.proto, `FeatureSet`); text format knows numbers.
fn numbered(feature: &str, number: &str) -> Option<&'static str> {
    let words: &[&str] = match feature {
        "field_presence" => &["EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"],
        "enum_type" => &["OPEN", "CLOSED"],
        "repeated_field_encoding" => &["PACKED", "EXPANDED"],
        // What had the number 1 is gone.
        "utf8_validation" => &["", "VERIFY", "NONE"],
        "message_encoding" => &["LENGTH_PREFIXED", "DELIMITED"],
        "json_format" => &["ALLOW", "LEGACY_BEST_EFFORT"],
        _ => return None,
    };
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    words.get(at).copied().filter(|word| !word.is_empty())
}

/// Whether the option belongs to the resolved features and is not to be compared as an option.
pub(super) fn is_core_feature(name: &str) -> bool {
    matches!(
        name,
        "field_presence"
            | "enum_type"
            | "repeated_field_encoding"
            | "utf8_validation"
            | "message_encoding"
            | "json_format"
            | "default_symbol_visibility"
            // These are checked by the author's compiler, and by nobody else's.
            | "enforce_naming_style"
            | "enforce_proto_limits"
    )
}
