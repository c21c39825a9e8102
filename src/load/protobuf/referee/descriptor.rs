//! The messages of `descriptor.proto` that a runtime needs, editions and features included, which
//! `prost-types` does not have. Field numbers are descriptor.proto's.

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
    #[prost(message, repeated, tag = "7")]
    pub(super) extension: Vec<FieldProto>,
    #[prost(string, optional, tag = "12")]
    pub(super) syntax: Option<String>,
    #[prost(int32, optional, tag = "14")]
    pub(super) edition: Option<i32>,
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
    #[prost(message, optional, tag = "7")]
    pub(super) options: Option<MessageOptions>,
    #[prost(message, repeated, tag = "8")]
    pub(super) oneof_decl: Vec<OneofProto>,
}

/// `DescriptorProto.ExtensionRange`: the end does not belong to it.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RangeProto {
    #[prost(int32, optional, tag = "1")]
    pub(super) start: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(super) end: Option<i32>,
}

/// `MessageOptions`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MessageOptions {
    #[prost(bool, optional, tag = "7")]
    pub(super) map_entry: Option<bool>,
}

/// `OneofDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct OneofProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
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
    #[prost(message, optional, tag = "8")]
    pub(super) options: Option<FieldOptions>,
    #[prost(int32, optional, tag = "9")]
    pub(super) oneof_index: Option<i32>,
    #[prost(string, optional, tag = "10")]
    pub(super) json_name: Option<String>,
    #[prost(bool, optional, tag = "17")]
    pub(super) proto3_optional: Option<bool>,
}

/// `FieldOptions`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct FieldOptions {
    #[prost(bool, optional, tag = "2")]
    pub(super) packed: Option<bool>,
    #[prost(message, optional, tag = "21")]
    pub(super) features: Option<FeatureSet>,
}

/// `EnumDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct EnumProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(message, repeated, tag = "2")]
    pub(super) value: Vec<ValueProto>,
    #[prost(message, optional, tag = "3")]
    pub(super) options: Option<EnumOptions>,
}

/// `EnumValueDescriptorProto`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueProto {
    #[prost(string, optional, tag = "1")]
    pub(super) name: Option<String>,
    #[prost(int32, optional, tag = "2")]
    pub(super) number: Option<i32>,
}

/// `EnumOptions`
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct EnumOptions {
    #[prost(bool, optional, tag = "2")]
    pub(super) allow_alias: Option<bool>,
    #[prost(message, optional, tag = "7")]
    pub(super) features: Option<FeatureSet>,
}

/// `FeatureSet`
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
