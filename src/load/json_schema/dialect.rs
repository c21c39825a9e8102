//! The drafts and their relatives: which of them a document is written in.

use crate::document::{Document, NodeId};

/// A language of schemas.
///
/// The drafts proper come first; the others are subsets and extensions of drafts that descriptions
/// of HTTP APIs use, read by the same reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Draft-04.
    Draft4,
    /// Draft-06.
    Draft6,
    /// Draft-07.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12.
    Draft202012,
    /// The Schema Object of `OpenAPI` 2.0.
    OpenApi20,
    /// What a non-body parameter, a header or their items say of their value in `OpenAPI` 2.0:
    /// the keywords of a schema amid those of a parameter (`required` is the parameter's).
    OpenApi20Parameter,
    /// The Schema Object of `OpenAPI` 3.0.
    OpenApi30,
    /// 2020-12 with the base vocabulary of `OpenAPI` 3.1.
    OpenApi31,
}

/// What a `$schema` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declaration<'d> {
    /// Nothing is said.
    Absent,
    /// A dialect that is known.
    Known(Dialect),
    /// A metaschema of somebody's own, or a draft that is not supported.
    Unknown(&'d str),
}

impl Dialect {
    /// The word for people and for format labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft4 => "draft-04",
            Self::Draft6 => "draft-06",
            Self::Draft7 => "draft-07",
            Self::Draft201909 => "2019-09",
            Self::Draft202012 => "2020-12",
            Self::OpenApi20 | Self::OpenApi20Parameter => "OpenAPI 2.0",
            Self::OpenApi30 => "OpenAPI 3.0",
            Self::OpenApi31 => "OpenAPI 3.1",
        }
    }

    /// The dialect that a metaschema's URI names.
    pub fn of_uri(uri: &str) -> Option<Self> {
        let bare = uri.strip_suffix('#').unwrap_or(uri);
        let path = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"))?;
        match path {
            "json-schema.org/draft-04/schema" => Some(Self::Draft4),
            "json-schema.org/draft-06/schema" => Some(Self::Draft6),
            "json-schema.org/draft-07/schema" => Some(Self::Draft7),
            "json-schema.org/draft/2019-09/schema" => Some(Self::Draft201909),
            "json-schema.org/draft/2020-12/schema" => Some(Self::Draft202012),
            // Later texts of the specification name the dialect of each by its day.
            _ if path.starts_with("spec.openapis.org/oas/3.1/dialect/")
                || path.starts_with("spec.openapis.org/oas/3.2/dialect/") =>
            {
                Some(Self::OpenApi31)
            }
            _ => None,
        }
    }

    /// The URI of its metaschema, where it is a draft.
    pub fn metaschema(self) -> Option<&'static str> {
        match self {
            Self::Draft4 => Some("http://json-schema.org/draft-04/schema#"),
            Self::Draft6 => Some("http://json-schema.org/draft-06/schema#"),
            Self::Draft7 => Some("http://json-schema.org/draft-07/schema#"),
            Self::Draft201909 => Some("https://json-schema.org/draft/2019-09/schema"),
            Self::Draft202012 => Some("https://json-schema.org/draft/2020-12/schema"),
            Self::OpenApi20 | Self::OpenApi20Parameter | Self::OpenApi30 | Self::OpenApi31 => None,
        }
    }

    /// What a file is written in, in which something is written in this dialect: the parameters of
    /// `OpenAPI` 2.0 stand among its schemas.
    #[must_use]
    pub fn of_file(self) -> Self {
        if self == Self::OpenApi20Parameter { Self::OpenApi20 } else { self }
    }

    /// What the object's `$schema` says.
    pub fn declared(document: &Document, node: NodeId) -> Declaration<'_> {
        let uri = document.get(node, "$schema").and_then(|value| document.string(value));
        match uri {
            None => Declaration::Absent,
            Some(uri) => Self::of_uri(uri).map_or(Declaration::Unknown(uri), Declaration::Known),
        }
    }

    /// What a schema inside the description of an HTTP API says of itself. Its `$schema` counts though
    /// it has no identifier (OAS 3.1.1 §4.8.24, JSON Schema dialects).
    pub fn inside_description(self, document: &Document, node: NodeId) -> Option<Self> {
        self.identifier()?;
        match Self::declared(document, node) {
            Declaration::Known(found) => {
                document.get(document.root(), "openapi").is_some().then_some(found)
            }
            Declaration::Absent | Declaration::Unknown(_) => None,
        }
    }

    /// Whether everything beside a `$ref` is ignored: the drafts before 2019-09.
    pub fn reference_stands_alone(self) -> bool {
        match self {
            Self::Draft201909 | Self::Draft202012 | Self::OpenApi31 => false,
            Self::Draft4
            | Self::Draft6
            | Self::Draft7
            | Self::OpenApi20
            | Self::OpenApi20Parameter
            | Self::OpenApi30 => true,
        }
    }

    /// The keyword that names a resource, where the dialect has one.
    pub fn identifier(self) -> Option<&'static str> {
        match self {
            Self::Draft4 => Some("id"),
            Self::Draft6
            | Self::Draft7
            | Self::Draft201909
            | Self::Draft202012
            | Self::OpenApi31 => Some("$id"),
            Self::OpenApi20 | Self::OpenApi20Parameter | Self::OpenApi30 => None,
        }
    }

    /// Whether plain names are written as the fragment of the identifier.
    pub fn anchors_in_identifier(self) -> bool {
        matches!(self, Self::Draft4 | Self::Draft6 | Self::Draft7)
    }

    /// Whether a boolean is a schema anywhere.
    pub fn has_boolean_schemas(self) -> bool {
        match self {
            Self::Draft6
            | Self::Draft7
            | Self::Draft201909
            | Self::Draft202012
            | Self::OpenApi31 => true,
            Self::Draft4 | Self::OpenApi20 | Self::OpenApi20Parameter | Self::OpenApi30 => false,
        }
    }

    /// Whether exclusive bounds are boolean modifiers of the inclusive ones (draft-04).
    pub fn has_boolean_exclusives(self) -> bool {
        match self {
            Self::Draft4 | Self::OpenApi20 | Self::OpenApi20Parameter | Self::OpenApi30 => true,
            Self::Draft6
            | Self::Draft7
            | Self::Draft201909
            | Self::Draft202012
            | Self::OpenApi31 => false,
        }
    }

    /// Whether it belongs to descriptions of HTTP APIs, whose authors are treated leniently where
    /// what they mean is plain.
    pub fn is_lenient(self) -> bool {
        match self {
            Self::OpenApi20 | Self::OpenApi20Parameter | Self::OpenApi30 | Self::OpenApi31 => true,
            Self::Draft4 | Self::Draft6 | Self::Draft7 | Self::Draft201909 | Self::Draft202012 => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_fragment_and_the_scheme_do_not_matter() {
        let found = Dialect::of_uri("http://json-schema.org/draft-07/schema#");
        assert_eq!(found, Some(Dialect::Draft7));
        assert_eq!(Dialect::of_uri("https://json-schema.org/draft-07/schema"), found);
        assert_eq!(Dialect::of_uri("http://json-schema.org/draft-03/schema#"), None);
        assert_eq!(Dialect::of_uri("json-schema.org/draft-07/schema"), None);
        for draft in [Dialect::Draft4, Dialect::Draft7, Dialect::Draft201909, Dialect::Draft202012]
        {
            assert_eq!(draft.metaschema().and_then(Dialect::of_uri), Some(draft));
        }
    }
}
