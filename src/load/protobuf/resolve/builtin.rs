//! The options that every compiler knows (descriptor.proto), by what they are set on.

use super::Holder;
use crate::load::protobuf::syntax::LiteralValue;

/// What an option takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    Truth,
    Text,
    Word(&'static [&'static str]),
    Message,
}

const HOLDERS: [&str; 9] = [
    "google.protobuf.FileOptions",
    "google.protobuf.MessageOptions",
    "google.protobuf.ExtensionRangeOptions",
    "google.protobuf.FieldOptions",
    "google.protobuf.OneofOptions",
    "google.protobuf.EnumOptions",
    "google.protobuf.EnumValueOptions",
    "google.protobuf.ServiceOptions",
    "google.protobuf.MethodOptions",
];

/// The message that holds the options of such an element.
pub(super) fn options_message(holder: Holder) -> &'static str {
    let [file, message, range, field, oneof, enumeration, value, service, method] = HOLDERS;
    match holder {
        Holder::File(_) => file,
        Holder::Message(_) => message,
        Holder::Terms(..) => range,
        Holder::Field(..) | Holder::Extension(_) => field,
        Holder::Oneof(..) => oneof,
        Holder::Enum(_) => enumeration,
        Holder::EnumValue(..) => value,
        Holder::Service(_) => service,
        Holder::Method(_) => method,
    }
}

/// Whether the message holds options of whatever kind, so that any syntax may extend it.
pub(super) fn holds_options(message: &str) -> bool {
    HOLDERS.contains(&message)
}

/// What the option of this name takes; `None` where there is none on such an element.
pub(super) fn takes(holder: Holder, name: &str) -> Option<Takes> {
    if matches!(name, "features" | "uninterpreted_option") {
        return Some(Takes::Message);
    }
    match holder {
        Holder::File(_) => of_file(name),
        Holder::Message(_) => match name {
            "message_set_wire_format"
            | "no_standard_descriptor_accessor"
            | "deprecated"
            | "deprecated_legacy_json_field_conflicts" => Some(Takes::Truth),
            _ => None,
        },
        Holder::Terms(..) => match name {
            "verification" => Some(Takes::Word(&["DECLARATION", "UNVERIFIED"])),
            "declaration" => Some(Takes::Message),
            _ => None,
        },
        Holder::Field(..) | Holder::Extension(_) => of_field(name),
        Holder::Oneof(..) => None,
        Holder::Enum(_) => match name {
            "allow_alias" | "deprecated" | "deprecated_legacy_json_field_conflicts" => {
                Some(Takes::Truth)
            }
            _ => None,
        },
        Holder::EnumValue(..) => match name {
            "deprecated" | "debug_redact" => Some(Takes::Truth),
            "feature_support" => Some(Takes::Message),
            _ => None,
        },
        Holder::Service(_) => {
            if name == "deprecated" {
                Some(Takes::Truth)
            } else {
                None
            }
        }
        Holder::Method(_) => match name {
            "deprecated" => Some(Takes::Truth),
            "idempotency_level" => {
                Some(Takes::Word(&["IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT"]))
            }
            _ => None,
        },
    }
}

fn of_file(name: &str) -> Option<Takes> {
    Some(match name {
        "optimize_for" => Takes::Word(&["SPEED", "CODE_SIZE", "LITE_RUNTIME"]),
        "java_multiple_files"
        | "java_generate_equals_and_hash"
        | "java_string_check_utf8"
        | "cc_generic_services"
        | "java_generic_services"
        | "py_generic_services"
        | "php_generic_services"
        | "deprecated"
        | "cc_enable_arenas" => Takes::Truth,
        "java_package"
        | "java_outer_classname"
        | "go_package"
        | "objc_class_prefix"
        | "csharp_namespace"
        | "swift_prefix"
        | "php_class_prefix"
        | "php_namespace"
        | "php_metadata_namespace"
        | "ruby_package" => Takes::Text,
        _ => return None,
    })
}

fn of_field(name: &str) -> Option<Takes> {
    Some(match name {
        "ctype" => Takes::Word(&["STRING", "CORD", "STRING_PIECE"]),
        "jstype" => Takes::Word(&["JS_NORMAL", "JS_STRING", "JS_NUMBER"]),
        "packed" | "lazy" | "unverified_lazy" | "deprecated" | "weak" | "debug_redact" => {
            Takes::Truth
        }
        "json_name" => Takes::Text,
        "retention" => Takes::Word(&["RETENTION_UNKNOWN", "RETENTION_RUNTIME", "RETENTION_SOURCE"]),
        "targets" => Takes::Word(&[
            "TARGET_TYPE_UNKNOWN",
            "TARGET_TYPE_FILE",
            "TARGET_TYPE_EXTENSION_RANGE",
            "TARGET_TYPE_MESSAGE",
            "TARGET_TYPE_FIELD",
            "TARGET_TYPE_ONEOF",
            "TARGET_TYPE_ENUM",
            "TARGET_TYPE_ENUM_ENTRY",
            "TARGET_TYPE_SERVICE",
            "TARGET_TYPE_METHOD",
        ]),
        "edition_defaults" | "feature_support" => Takes::Message,
        _ => return None,
    })
}

impl Takes {
    /// Whether this is a value that the option can have.
    pub(super) fn fits(self, value: &LiteralValue<'_>) -> bool {
        match (self, value) {
            (Self::Truth, LiteralValue::Word(word)) => matches!(*word, "true" | "false"),
            (Self::Word(known), LiteralValue::Word(word)) => known.contains(word),
            (Self::Text, LiteralValue::Text(_)) | (Self::Message, LiteralValue::Message(_)) => true,
            _ => false,
        }
    }

    /// What it takes, in words.
    pub(super) fn described(self) -> String {
        match self {
            Self::Truth => "`true` or `false`".to_owned(),
            Self::Text => "a text in quotes".to_owned(),
            Self::Word(known) => format!("one of {}", known.join(", ")),
            Self::Message => "a message in braces".to_owned(),
        }
    }
}
