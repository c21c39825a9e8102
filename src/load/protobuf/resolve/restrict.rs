//! What a field may be besides its type: which options and features it can have.

use std::sync::Arc;

use super::builtin::holds_options;
use super::field::{Declared, find_option, is_packable};
use super::fit::Stands;
use super::names::json_name;
use super::{Place, Resolver, index};
use crate::load::protobuf::syntax::{
    Edition, FieldNode, FieldType, Label, Literal, LiteralValue, Setting,
};
use crate::model::{Delimiting, EnumId, FieldKind, MessageId, Openness, Presence, Scalar};
use crate::source::Span;

/// A field whose type is known.
pub(super) struct Typed<'n, 't> {
    pub(super) node: &'n FieldNode<'t>,
    pub(super) kind: FieldKind,
    pub(super) is_map: bool,
    pub(super) presence: Presence,
    pub(super) at: Declared,
}

impl Typed<'_, '_> {
    fn is_repeated(&self) -> bool {
        self.is_map || matches!(self.node.label, Some((Label::Repeated, _)))
    }

    fn is_message(&self) -> bool {
        matches!(self.kind, FieldKind::Message(..))
    }

    /// Whether it is a message whose length is told before it.
    fn is_prefixed(&self) -> bool {
        matches!(self.kind, FieldKind::Message(_, Delimiting::LengthPrefixed))
    }

    fn is_extension(&self) -> bool {
        matches!(self.at, Declared::AsExtension)
    }
}

/// On what a feature is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    File,
    Message,
    Enum,
    EnumValue,
    Field,
    Extension,
    Oneof,
    Service,
    Method,
}

/// Whether the feature can be set on such an element (descriptor.proto, `targets`).
fn is_for(feature: &str, target: Target) -> bool {
    match feature {
        // An extension that is not repeated can always be absent.
        "field_presence" => matches!(target, Target::File | Target::Field),
        "repeated_field_encoding" | "utf8_validation" | "message_encoding" => {
            matches!(target, Target::File | Target::Field | Target::Extension)
        }
        "enum_type" => matches!(target, Target::File | Target::Enum),
        "json_format" => matches!(target, Target::File | Target::Message | Target::Enum),
        "default_symbol_visibility" => target == Target::File,
        "enforce_proto_limits" => target != Target::File,
        // Others are told where they are read.
        _ => true,
    }
}

impl Resolver<'_, '_> {
    /// Tells of features on elements that they are not for, and in files that have none.
    pub(super) fn check_features(
        &mut self,
        options: &[Setting<'_>],
        edition: Edition,
        target: Target,
    ) {
        let first = options.iter().find(|setting| {
            setting.name.first().is_some_and(|one| !one.extension && one.word.text == "features")
        });
        if let Some(setting) = first.filter(|_| !edition.has_features()) {
            self.part(setting.span, "features need an edition".to_owned());
        }
        for (name, value) in features_set(options) {
            let required = matches!(value.value, LiteralValue::Word("LEGACY_REQUIRED"));
            if edition < Edition::Edition2024
                && matches!(name, "default_symbol_visibility" | "enforce_naming_style")
            {
                self.part(value.span, format!("the feature `{name}` needs edition 2024"));
            } else if edition < Edition::Edition2026 && name == "enforce_proto_limits" {
                self.part(value.span, format!("the feature `{name}` needs edition 2026"));
            } else if !is_for(name, target) {
                self.part(value.span, format!("the feature `{name}` is not for this element"));
            } else if name == "field_presence" && required && target == Target::File {
                let message = "fields are required one by one, not for all of a file";
                self.part(value.span, message.to_owned());
            }
        }
    }

    /// Tells of options of a file that its edition says otherwise.
    pub(super) fn restrict_file(&mut self, options: &[Setting<'_>], edition: Edition) {
        let gone = [
            ("java_string_check_utf8", Edition::Edition2023, "features.(pb.java).utf8_validation"),
            ("java_multiple_files", Edition::Edition2024, "features.(pb.java).nest_in_file_class"),
        ];
        for (name, since, instead) in gone {
            // Of the text that Java checks only that it does is said otherwise.
            let is_said = |setting: &&Setting<'_>| {
                name != "java_string_check_utf8"
                    || matches!(setting.value.value, LiteralValue::Word("true"))
            };
            let set = find_option(options, name).filter(|_| edition >= since).filter(is_said);
            if let Some(setting) = set {
                let message = format!("edition {} says this with `{instead}`", edition.name());
                self.part(setting.span, message);
            }
        }
    }

    /// Tells of options and features that such a field cannot have.
    pub(super) fn restrict(&mut self, typed: &Typed<'_, '_>, place: &Place) {
        self.restrict_options(typed, place);
        self.restrict_features(typed);
        self.restrict_openness(typed, place);
    }

    fn restrict_options(&mut self, typed: &Typed<'_, '_>, place: &Place) {
        let edition = self.edition(place);
        let options = &typed.node.options;
        let mut told: Vec<(Span, &str)> = Vec::new();
        if let Some(packed) = find_option(options, "packed") {
            let may_pack = is_packable(typed.kind) || self.is_unseen(typed.kind);
            let packable = typed.is_repeated() && may_pack && !typed.is_map;
            let is_true = matches!(packed.value.value, LiteralValue::Word("true"));
            if edition.has_features() {
                told.push((
                    packed.span,
                    "editions say this with `features.repeated_field_encoding`",
                ));
            } else if is_true && !packable {
                told.push((
                    packed.span,
                    "only repeated numbers, booleans and enumerations are packed",
                ));
            }
        }
        if let Some(ctype) =
            find_option(options, "ctype").filter(|_| edition >= Edition::Edition2024)
        {
            told.push((ctype.span, "edition 2024 says this with `features.(pb.cpp).string_type`"));
        }
        if let Some(name) = find_option(options, "json_name")
            && typed.is_extension()
            && !is_derived(name, &typed.node.name.text)
        {
            told.push((name.span, "an extension has no name in JSON but its own"));
        }
        if let Some(default) = find_option(options, "default") {
            if edition == Edition::Proto3 {
                told.push((default.span, "proto3 has no defaults"));
            } else if typed.is_repeated() {
                told.push((default.span, "a repeated field has no default"));
            }
        }
        told.extend(misread(typed));
        for (span, message) in told {
            self.part(span, message.to_owned());
        }
    }

    fn restrict_features(&mut self, typed: &Typed<'_, '_>) {
        let set: Vec<(&str, &Literal<'_>)> = features_set(&typed.node.options);
        let is_known = !self.is_unseen(typed.kind);
        for (name, value) in set {
            let LiteralValue::Word(word) = value.value else { continue };
            let is_text = matches!(typed.kind, FieldKind::Scalar(Scalar::String(_)));
            let message = match name {
                "field_presence" if typed.is_repeated() => {
                    "a repeated field has no presence to speak of"
                }
                "field_presence" if typed.node.oneof.is_some() => {
                    "the presence of a member of a oneof is always told"
                }
                "field_presence" if word == "IMPLICIT" && typed.is_message() && is_known => {
                    "the presence of a message is always told"
                }
                "field_presence" if word == "LEGACY_REQUIRED" && typed.is_extension() => {
                    "an extension cannot be required"
                }
                "repeated_field_encoding" if !typed.is_repeated() => "this field is not repeated",
                "repeated_field_encoding"
                    if word == "PACKED" && !is_packable(typed.kind) && is_known =>
                {
                    "only repeated numbers, booleans and enumerations are packed"
                }
                "utf8_validation" if !is_text && !self.is_map_with_text(typed) => {
                    "this field is no text"
                }
                "message_encoding" if !typed.is_message() || typed.is_map => {
                    "this field is no message"
                }
                _ => continue,
            };
            self.part(value.span, message.to_owned());
        }
    }

    /// Whether the keys or the values of a map are text.
    fn is_map_with_text(&self, typed: &Typed<'_, '_>) -> bool {
        let FieldKind::Message(entry, _) = typed.kind else { return false };
        let entry = self.messages.messages.get(index(entry.0)).filter(|_| typed.is_map);
        let is_text = |kind| matches!(kind, FieldKind::Scalar(Scalar::String(_)));
        entry.is_some_and(|entry| entry.fields.iter().any(|half| is_text(half.kind)))
    }

    /// What is closed cannot be read where every number has to be kept.
    fn restrict_openness(&mut self, typed: &Typed<'_, '_>, place: &Place) {
        let is_proto3 = self.edition(place) == Edition::Proto3;
        let kind = if is_proto3 { self.held(typed) } else { typed.kind };
        let FieldKind::Enum(EnumId(id)) = kind else { return };
        let Some(declared) = self.messages.enums.get(index(id)) else { return };
        let implicit = is_proto3 || (typed.presence == Presence::Implicit && !typed.is_repeated());
        if declared.openness.value == Openness::Closed && implicit {
            let name = Arc::clone(&declared.full_name);
            let message = format!("`{name}` is closed and cannot be read without presence");
            self.part(typed.node.type_span, message);
        }
    }

    /// What a map holds, or the field itself.
    fn held(&self, typed: &Typed<'_, '_>) -> FieldKind {
        let FieldKind::Message(entry, _) = typed.kind else { return typed.kind };
        let entry = self.messages.messages.get(index(entry.0)).filter(|_| typed.is_map);
        entry.and_then(|entry| entry.fields.last()).map_or(typed.kind, |value| value.kind)
    }

    /// Tells of an extension that its syntax does not allow.
    pub(super) fn restrict_extension(&mut self, extendee: MessageId, place: &Place, span: Span) {
        let name = self.messages.messages.get(index(extendee.0)).map(|one| &*one.full_name);
        let allowed = name.is_some_and(holds_options);
        if self.edition(place) == Edition::Proto3 && !allowed {
            let message = "proto3 extends nothing but the messages that hold options";
            self.part(span, message.to_owned());
        }
    }

    /// The default of a field, checked against its type.
    pub(super) fn check_default(&mut self, value: &Literal<'_>, kind: FieldKind) {
        // Whatever a field asks of text, of its default it is not asked.
        let kind = match kind {
            FieldKind::Scalar(Scalar::String(_)) => FieldKind::Scalar(Scalar::Bytes),
            FieldKind::Scalar(_) | FieldKind::Enum(_) | FieldKind::Message(..) => kind,
        };
        self.check_literal(value, kind, Stands::Alone);
    }

    /// Whether the field is a map in a oneof, which nothing can be.
    pub(super) fn restrict_oneof(&mut self, node: &FieldNode<'_>) {
        if node.oneof.is_some() && matches!(node.kind, FieldType::Map(..)) {
            self.part(node.type_span, "a member of a oneof cannot be a map".to_owned());
        }
    }
}

/// Options that have generated code read a field in a way in which such a field is not read.
fn misread(typed: &Typed<'_, '_>) -> Vec<(Span, &'static str)> {
    let options = &typed.node.options;
    let mut told = Vec::new();
    let is_long = matches!(
        typed.kind,
        FieldKind::Scalar(
            Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64
        )
    );
    let is_normal =
        |setting: &Setting<'_>| matches!(setting.value.value, LiteralValue::Word("JS_NORMAL"));
    if let Some(jstype) = find_option(options, "jstype").filter(|one| !is_normal(one))
        && !is_long
    {
        told.push((jstype.span, "`jstype` is for numbers of 64 bits"));
    }
    let is_true =
        |setting: &&Setting<'_>| matches!(setting.value.value, LiteralValue::Word("true"));
    for name in ["lazy", "unverified_lazy"] {
        if let Some(lazy) = find_option(options, name).filter(is_true)
            && !typed.is_prefixed()
        {
            told.push((lazy.span, "only messages that tell their length are read lazily"));
        }
    }
    told
}

/// Whether this sets the name in JSON that the field has anyway: compilers cannot tell that from none.
fn is_derived(setting: &Setting<'_>, field: &str) -> bool {
    match &setting.value.value {
        LiteralValue::Text(text) => **text == *json_name(field).as_bytes(),
        LiteralValue::Word(_)
        | LiteralValue::NegativeWord(_)
        | LiteralValue::Number { .. }
        | LiteralValue::Message(_)
        | LiteralValue::List(_) => false,
    }
}

/// The features that these options set, each with its value.
fn features_set<'o, 't>(options: &'o [Setting<'t>]) -> Vec<(&'o str, &'o Literal<'t>)> {
    let mut set = Vec::new();
    for setting in options {
        let Some((first, rest)) = setting.name.split_first() else { continue };
        if first.extension || first.word.text != "features" {
            continue;
        }
        match (rest, &setting.value.value) {
            ([one], _) if !one.extension => set.push((&*one.word.text, &setting.value)),
            ([], LiteralValue::Message(members)) => {
                let plain = members.iter().filter(|member| !member.extension);
                set.extend(plain.map(|member| (&*member.name.text, &member.value)));
            }
            _ => {}
        }
    }
    set
}
