//! The messages of `descriptor.proto`, editions and features included, which `prost-types` does not
//! have. Field numbers are descriptor.proto's. Options are bytes: what they hold depends on the
//! extensions that are known.

/// `FileDescriptorSet`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct FileSet {
    #[prost(message, repeated, tag = "1")]
    pub(super) file: Vec<FileProto>,
}

/// `FileDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct FileProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(super) package: Option<String>,
    #[prost(string, repeated, tag = "3")]
    pub(super) dependency: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    pub(super) message_type: Vec<MessageProto>,
    #[prost(message, repeated, tag = "5")]
    pub(super) enum_type: Vec<EnumProto>,
    #[prost(message, repeated, tag = "6")]
    pub(super) service: Vec<ServiceProto>,
    #[prost(message, repeated, tag = "7")]
    pub(super) extension: Vec<FieldProto>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(super) options: Option<Vec<u8>>,
    #[prost(message, optional, tag = "9")]
    pub(super) source_code_info: Option<SourceInfo>,
    #[prost(int32, repeated, tag = "10")]
    pub(super) public_dependency: Vec<i32>,
    #[prost(int32, repeated, tag = "11")]
    pub(super) weak_dependency: Vec<i32>,
    #[prost(string, optional, tag = "12")]
    pub(super) syntax: Option<String>,
    #[prost(int32, optional, tag = "14")]
    pub(super) edition: Option<i32>,
    #[prost(string, repeated, tag = "15")]
    pub(super) option_dependency: Vec<String>,
    #[prost(message, optional, tag = "8042")]
    pub(super) buf_extension: Option<BufFile>,
}

/// What buf adds to a file of its images (`buf.alpha.image.v1.ImageFileExtension`)
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct BufFile {
    #[prost(bool, optional, tag = "1")]
    pub(super) is_import: Option<bool>,
}

/// `DescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MessageProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(message, repeated, tag = "2")]
    pub(super) field: Vec<FieldProto>,
    #[prost(message, repeated, tag = "3")]
    pub(super) nested_type: Vec<MessageProto>,
    #[prost(message, repeated, tag = "4")]
    pub(super) enum_type: Vec<EnumProto>,
    #[prost(message, repeated, tag = "5")]
    pub(super) extension_range: Vec<RangeProto>,
    #[prost(message, repeated, tag = "6")]
    pub(super) extension: Vec<FieldProto>,
    #[prost(bytes = "vec", optional, tag = "7")]
    pub(super) options: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "8")]
    pub(super) oneof_decl: Vec<OneofProto>,
    #[prost(message, repeated, tag = "9")]
    pub(super) reserved_range: Vec<RangeProto>,
    #[prost(string, repeated, tag = "10")]
    pub(super) reserved_name: Vec<String>,
    #[prost(int32, optional, tag = "11")]
    pub(super) visibility: Option<i32>,
}

/// `DescriptorProto.ExtensionRange` and `ReservedRange`: the end does not belong to it; and
/// `EnumReservedRange`, where it does
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RangeProto {
    #[prost(int32, optional, tag = "1")]
    pub(super) start: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(super) end: Option<i32>,
    /// Of an extension range.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) options: Option<Vec<u8>>,
}

/// `OneofDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct OneofProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub(super) options: Option<Vec<u8>>,
}

/// `FieldDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct FieldProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(super) extendee: Option<String>,
    #[prost(int32, optional, tag = "3")]
    pub(super) number: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    pub(super) label: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(super) r#type: Option<i32>,
    #[prost(string, optional, tag = "6")]
    pub(super) type_name: Option<String>,
    /// Text, unless it is that of a string that is none.
    #[prost(bytes = "vec", optional, tag = "7")]
    pub(super) default_value: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(super) options: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "9")]
    pub(super) oneof_index: Option<i32>,
    #[prost(string, optional, tag = "10")]
    pub(super) json_name: Option<String>,
    #[prost(bool, optional, tag = "17")]
    pub(super) proto3_optional: Option<bool>,
}

/// `EnumDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct EnumProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(message, repeated, tag = "2")]
    pub(super) value: Vec<ValueProto>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) options: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "4")]
    pub(super) reserved_range: Vec<RangeProto>,
    #[prost(string, repeated, tag = "5")]
    pub(super) reserved_name: Vec<String>,
    #[prost(int32, optional, tag = "6")]
    pub(super) visibility: Option<i32>,
}

/// `EnumValueDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(int32, optional, tag = "2")]
    pub(super) number: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) options: Option<Vec<u8>>,
}

/// `ServiceDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ServiceProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(message, repeated, tag = "2")]
    pub(super) method: Vec<MethodProto>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) options: Option<Vec<u8>>,
}

/// `MethodDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MethodProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(super) input_type: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(super) output_type: Option<String>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(super) options: Option<Vec<u8>>,
    #[prost(bool, optional, tag = "5")]
    pub(super) client_streaming: Option<bool>,
    #[prost(bool, optional, tag = "6")]
    pub(super) server_streaming: Option<bool>,
}

/// `SourceCodeInfo`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SourceInfo {
    #[prost(message, repeated, tag = "1")]
    pub(super) location: Vec<Location>,
}

/// `SourceCodeInfo.Location`: a path of field numbers and indexes, and where it was written
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Location {
    #[prost(int32, repeated, tag = "1")]
    pub(super) path: Vec<i32>,
    #[prost(int32, repeated, tag = "2")]
    pub(super) span: Vec<i32>,
    #[prost(string, optional, tag = "3")]
    pub(super) leading_comments: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(super) trailing_comments: Option<String>,
    #[prost(string, repeated, tag = "6")]
    pub(super) leading_detached_comments: Vec<String>,
}

/// `MessageOptions`, as far as a runtime needs it
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MessageOptions {
    #[prost(bool, optional, tag = "7")]
    pub(super) map_entry: Option<bool>,
}

/// `FieldOptions`, as far as a runtime needs it
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct FieldOptions {
    #[prost(bool, optional, tag = "2")]
    pub(super) packed: Option<bool>,
    #[prost(message, optional, tag = "21")]
    pub(super) features: Option<FeatureSet>,
}

/// `EnumOptions`, as far as a runtime needs it
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct EnumOptions {
    #[prost(bool, optional, tag = "2")]
    pub(super) allow_alias: Option<bool>,
    #[prost(message, optional, tag = "7")]
    pub(super) features: Option<FeatureSet>,
}

/// `FeatureSet`, as far as a runtime needs it
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct FeatureSet {
    #[prost(int32, optional, tag = "1")]
    pub(super) field_presence: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(super) enum_type: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(super) repeated_field_encoding: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(super) message_encoding: Option<i32>,
}
