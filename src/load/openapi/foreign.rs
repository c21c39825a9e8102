//! Fields that mean something in another version: said aloud, since their authors mean them.

use super::node::Node;
use super::reader::Reader;
use super::version::Version;

/// Fields of one object and the versions that have them.
type Fields = &'static [(&'static str, fn(Version) -> bool)];

const ROOT: Fields = &[
    ("host", is_2),
    ("basePath", is_2),
    ("schemes", is_2),
    ("consumes", is_2),
    ("produces", is_2),
    ("definitions", is_2),
    ("securityDefinitions", is_2),
    ("servers", is_3),
    ("components", is_3),
    ("webhooks", from_3_1),
    ("jsonSchemaDialect", from_3_1),
    ("$self", is_3_2),
];

const PATH_ITEM: Fields =
    &[("servers", is_3), ("trace", is_3), ("query", is_3_2), ("additionalOperations", is_3_2)];

const OPERATION: Fields = &[
    ("consumes", is_2),
    ("produces", is_2),
    ("schemes", is_2),
    ("requestBody", is_3),
    ("callbacks", is_3),
    ("servers", is_3),
];

const MEDIA_TYPE: Fields =
    &[("itemSchema", is_3_2), ("prefixEncoding", is_3_2), ("itemEncoding", is_3_2)];

/// The objects whose fields differ between versions in a way that changes what is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The description itself.
    Root,
    /// A Path Item Object.
    PathItem,
    /// An Operation Object.
    Operation,
    /// A Media Type Object.
    MediaType,
}

impl Reader<'_> {
    /// Reports the fields of this object that its version does not have.
    pub(super) fn warn_of_foreign_fields(&mut self, node: &Node, owner: Owner) {
        let fields = match owner {
            Owner::Root => ROOT,
            Owner::PathItem => PATH_ITEM,
            Owner::Operation => OPERATION,
            Owner::MediaType => MEDIA_TYPE,
        };
        for (name, span, _) in node.members() {
            let foreign = fields.iter().any(|(field, has)| *field == name && !has(self.version));
            if foreign {
                let label = self.version.label();
                self.warn(span, format!("`{name}` is no field of {label} here and says nothing"));
            }
        }
    }
}

fn is_2(version: Version) -> bool {
    version == Version::V2
}

fn is_3(version: Version) -> bool {
    version >= Version::V3_0
}

fn from_3_1(version: Version) -> bool {
    version >= Version::V3_1
}

fn is_3_2(version: Version) -> bool {
    version == Version::V3_2
}
