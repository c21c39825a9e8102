//! The well-known types and the descriptor, by the import paths under which every compiler has them.

/// The text of a bundled file: names, numbers and types, without comments.
pub(super) fn bundled(import_path: &str) -> Option<&'static str> {
    let name = import_path.strip_prefix("google/protobuf/")?;
    let found = BUNDLED.iter().find(|(bundled, _)| *bundled == name);
    found.map(|(_, text)| *text)
}

const BUNDLED: [(&str, &str); 19] = [
    ("any.proto", include_str!("wellknown/any.proto")),
    ("api.proto", include_str!("wellknown/api.proto")),
    ("c_sharp_features.proto", include_str!("wellknown/c_sharp_features.proto")),
    ("cpp_features.proto", include_str!("wellknown/cpp_features.proto")),
    ("cpp_file_options.proto", include_str!("wellknown/cpp_file_options.proto")),
    ("cpp_options.proto", include_str!("wellknown/cpp_options.proto")),
    ("descriptor.proto", include_str!("wellknown/descriptor.proto")),
    ("duration.proto", include_str!("wellknown/duration.proto")),
    ("empty.proto", include_str!("wellknown/empty.proto")),
    ("field_mask.proto", include_str!("wellknown/field_mask.proto")),
    ("go_features.proto", include_str!("wellknown/go_features.proto")),
    ("java_features.proto", include_str!("wellknown/java_features.proto")),
    ("json_enumvalue_options.proto", include_str!("wellknown/json_enumvalue_options.proto")),
    ("json_options.proto", include_str!("wellknown/json_options.proto")),
    ("source_context.proto", include_str!("wellknown/source_context.proto")),
    ("struct.proto", include_str!("wellknown/struct.proto")),
    ("timestamp.proto", include_str!("wellknown/timestamp.proto")),
    ("type.proto", include_str!("wellknown/type.proto")),
    ("wrappers.proto", include_str!("wellknown/wrappers.proto")),
];
