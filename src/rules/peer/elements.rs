//! Rules of buf about what stands inside messages and enumerations.

use super::Category::{Csr, File, Package, Wire, WireJson};
use super::PeerRule;
use crate::rules::{
    enum_type, enum_value, enumeration, extension, field, field_default, field_number,
    field_presence, field_type, generated_code, import, json_name, message, oneof, package,
    reserved,
};

pub(super) static ELEMENTS: &[PeerRule] = &[
    PeerRule {
        id: "ENUM_NO_DELETE",
        categories: &[Csr, File],
        ours: &[
            &enum_type::ENUMERATION_REMOVED,
            &enum_type::ENUMERATION_RENAMED,
            &package::FILE_MOVED,
            &import::IMPORT_NARROWED,
        ],
        note: "A value set that lives on under another name or in another file is a rename or a move here.",
    },
    PeerRule {
        id: "ENUM_SAME_JSON_FORMAT",
        categories: &[Csr, File, Package, WireJson],
        ours: &[&json_name::JSON_FORMAT_CHANGED],
        note: "Compilers check it; what travels is the same.",
    },
    PeerRule {
        id: "ENUM_SAME_TYPE",
        categories: &[File, Package],
        ours: &[&enum_type::ENUMERATION_CLOSED, &enum_type::ENUMERATION_OPENED],
        note: "",
    },
    PeerRule {
        id: "ENUM_VALUE_NO_DELETE",
        categories: &[Csr, File, Package],
        ours: &[&enumeration::ENUM_VALUE_REMOVED, &enum_value::ENUM_VALUE_RENUMBERED],
        note: "The wire breaks only where the enumeration is closed; JSON refuses the name either way.",
    },
    PeerRule {
        id: "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        categories: &[Csr, WireJson],
        ours: &[
            &enumeration::ENUM_VALUE_REMOVED,
            &enum_value::ENUM_VALUE_RENUMBERED,
            &reserved::NUMBER_LEFT_FREE,
        ],
        note: "The removal and the reservation are two findings here; reserving the name does not make strict JSON readers accept it.",
    },
    PeerRule {
        id: "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        categories: &[Csr, WireJson, Wire],
        ours: &[
            &enumeration::ENUM_VALUE_REMOVED,
            &enum_value::ENUM_VALUE_RENUMBERED,
            &reserved::NUMBER_LEFT_FREE,
        ],
        note: "The removal and the reservation are two findings here.",
    },
    PeerRule {
        id: "ENUM_VALUE_SAME_NAME",
        categories: &[Csr, File, Package, WireJson],
        ours: &[
            &enum_value::ENUM_VALUE_RENAMED,
            &enum_value::ENUM_VALUE_RENUMBERED,
            &enumeration::ENUM_VALUE_REMOVED,
        ],
        note: "The wire does not carry the name.",
    },
    PeerRule {
        id: "EXTENSION_MESSAGE_NO_DELETE",
        categories: &[Csr, File, Package],
        ours: &[&extension::EXTENSION_RANGE_SHRUNK],
        note: "",
    },
    PeerRule {
        id: "EXTENSION_NO_DELETE",
        categories: &[File],
        ours: &[
            &extension::EXTENSION_REMOVED,
            &extension::EXTENSION_RENAMED,
            &package::FILE_MOVED,
            &import::IMPORT_NARROWED,
        ],
        note: "An extension under another number is found too.",
    },
    PeerRule {
        id: "FIELD_NO_DELETE",
        categories: &[Csr, File, Package],
        ours: &[&field::FIELD_REMOVED, &field_number::FIELD_RENUMBERED],
        note: "On the wire and in JSON a removal is compatible: readers skip what they do not know.",
    },
    PeerRule {
        id: "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        categories: &[Csr, WireJson],
        ours: &[
            &field::FIELD_REMOVED,
            &field_number::FIELD_RENUMBERED,
            &reserved::NUMBER_LEFT_FREE,
        ],
        note: "A name left free is its own finding, an error by default.",
    },
    PeerRule {
        id: "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        categories: &[Csr, WireJson, Wire],
        ours: &[
            &field::FIELD_REMOVED,
            &field_number::FIELD_RENUMBERED,
            &reserved::NUMBER_LEFT_FREE,
        ],
        note: "A number left free is its own finding, an error by default.",
    },
    PeerRule {
        id: "FIELD_SAME_CARDINALITY",
        categories: &[File, Package],
        ours: &[
            &field_type::CARDINALITY_CHANGED,
            &field_presence::PRESENCE_CHANGED,
            &field_presence::FIELD_BECAME_REQUIRED,
            &field_presence::FIELD_BECAME_OPTIONAL,
            &oneof::ONEOF_JOINED,
            &oneof::ONEOF_LEFT,
            &field_type::FIELD_TYPE_CHANGED,
        ],
        note: "Presence by itself breaks only generated code.",
    },
    PeerRule {
        id: "FIELD_SAME_CPP_STRING_TYPE",
        categories: &[File, Package],
        ours: &[&generated_code::GENERATED_CODE_OPTION_CHANGED],
        note: "",
    },
    PeerRule {
        id: "FIELD_SAME_CTYPE",
        categories: &[],
        ours: &[&generated_code::GENERATED_CODE_OPTION_CHANGED],
        note: "Replaced by FIELD_SAME_CPP_STRING_TYPE.",
    },
    PeerRule {
        id: "FIELD_SAME_DEFAULT",
        categories: &[Csr, File, Package, WireJson, Wire],
        ours: &[&field_default::FIELD_DEFAULT_CHANGED, &enum_type::ENUMERATION_DEFAULT_CHANGED],
        note: "",
    },
    PeerRule {
        id: "FIELD_SAME_JAVA_UTF8_VALIDATION",
        categories: &[File, Package],
        ours: &[
            &field_type::UTF8_VALIDATION_CHANGED,
            &generated_code::GENERATED_CODE_OPTION_CHANGED,
        ],
        note: "",
    },
    PeerRule {
        id: "FIELD_SAME_JSON_NAME",
        categories: &[Csr, File, Package, WireJson],
        ours: &[
            &json_name::JSON_NAME_CHANGED,
            &field::FIELD_RENAMED,
            &field_number::FIELD_RENUMBERED,
            &field_number::FIELD_NUMBER_REUSED,
        ],
        note: "Readers accept the declared name too, so one direction may survive.",
    },
    PeerRule {
        id: "FIELD_SAME_JSTYPE",
        categories: &[File, Package],
        ours: &[&generated_code::GENERATED_CODE_OPTION_CHANGED],
        note: "",
    },
    PeerRule {
        id: "FIELD_SAME_LABEL",
        categories: &[],
        ours: &[
            &field_type::CARDINALITY_CHANGED,
            &field_presence::PRESENCE_CHANGED,
            &field_presence::FIELD_BECAME_REQUIRED,
            &field_presence::FIELD_BECAME_OPTIONAL,
        ],
        note: "Replaced by the rules on cardinality.",
    },
    PeerRule {
        id: "FIELD_SAME_NAME",
        categories: &[Csr, File, Package, WireJson],
        ours: &[
            &field::FIELD_RENAMED,
            &field_number::FIELD_RENUMBERED,
            &field_number::FIELD_NUMBER_REUSED,
            &extension::EXTENSION_RENAMED,
        ],
        note: "The wire does not carry the name.",
    },
    PeerRule {
        id: "FIELD_SAME_ONEOF",
        categories: &[Csr, File, Package, WireJson, Wire],
        ours: &[&oneof::ONEOF_JOINED, &oneof::ONEOF_LEFT, &oneof::ONEOF_RENAMED],
        note: "A field that joins a new oneof alone breaks nobody; fields that could be sent together and no longer can, do.",
    },
    PeerRule {
        id: "FIELD_SAME_TYPE",
        categories: &[Csr, File, Package],
        ours: &[
            &field_type::FIELD_TYPE_CHANGED,
            &field_type::DELIMITING_CHANGED,
            &field_type::CARDINALITY_CHANGED,
            &field_number::FIELD_NUMBER_REUSED,
            &message::MESSAGE_RENAMED,
            &enum_type::ENUMERATION_RENAMED,
        ],
        note: "Each direction is judged by what the two encodings do to each other, messages by what they hold.",
    },
    PeerRule {
        id: "FIELD_SAME_UTF8_VALIDATION",
        categories: &[File, Package],
        ours: &[&field_type::UTF8_VALIDATION_CHANGED],
        note: "",
    },
    PeerRule {
        id: "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        categories: &[Wire],
        ours: &[
            &field_type::CARDINALITY_CHANGED,
            &field_presence::FIELD_BECAME_REQUIRED,
            &field_presence::FIELD_BECAME_OPTIONAL,
        ],
        note: "",
    },
    PeerRule {
        id: "FIELD_WIRE_COMPATIBLE_TYPE",
        categories: &[Wire],
        ours: &[
            &field_type::FIELD_TYPE_CHANGED,
            &field_type::DELIMITING_CHANGED,
            &field_number::FIELD_NUMBER_REUSED,
            &message::MESSAGE_RENAMED,
        ],
        note: "Sign and width are told apart here, and messages are compared by what they hold.",
    },
    PeerRule {
        id: "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        categories: &[Csr, WireJson],
        ours: &[
            &field_type::CARDINALITY_CHANGED,
            &field_presence::FIELD_BECAME_REQUIRED,
            &field_presence::FIELD_BECAME_OPTIONAL,
        ],
        note: "",
    },
    PeerRule {
        id: "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        categories: &[Csr, WireJson],
        ours: &[
            &field_type::FIELD_TYPE_CHANGED,
            &field_type::DELIMITING_CHANGED,
            &field_number::FIELD_NUMBER_REUSED,
            &message::MESSAGE_RENAMED,
        ],
        note: "Sign is told apart here, and messages are compared by what they hold.",
    },
];
