//! Which version of the specification a document declares.

/// A version line; documents of one line mean the same by the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// Swagger 2.0.
    V2,
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x.
    V3_1,
    /// OpenAPI 3.2.x.
    V3_2,
}

/// What a version string says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declaration {
    /// A version that we read.
    Known(Version),
    /// A later minor version of 3, read as the last that we know.
    Newer(Version),
    /// Something that we cannot read.
    Unknown,
}

impl Version {
    /// The methods that are fields of a Path Item Object, as they are written there.
    pub(super) fn methods(self) -> &'static [&'static str] {
        const ALL: &[&str] =
            &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
        let count = match self {
            Self::V2 => 7,
            Self::V3_0 | Self::V3_1 => 8,
            Self::V3_2 => 9,
        };
        ALL.get(..count).unwrap_or(ALL)
    }

    /// What the contract calls its format.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::V2 => "swagger-2.0",
            Self::V3_0 => "openapi-3.0",
            Self::V3_1 => "openapi-3.1",
            Self::V3_2 => "openapi-3.2",
        }
    }
}

impl Declaration {
    /// Reads the value of the field `swagger`.
    pub(super) fn of_swagger(text: &str) -> Self {
        match text {
            "2" | "2.0" => Self::Known(Version::V2),
            _ => Self::Unknown,
        }
    }

    /// Reads the value of the field `openapi`; patch versions never change the meaning.
    pub(super) fn of_openapi(text: &str) -> Self {
        let mut numbers = text.split(['.', '-']);
        match (numbers.next(), numbers.next()) {
            (Some("3"), Some("0") | None) => Self::Known(Version::V3_0),
            (Some("3"), Some("1")) => Self::Known(Version::V3_1),
            (Some("3"), Some("2")) => Self::Known(Version::V3_2),
            (Some("3"), Some(minor)) if minor.parse::<u32>().is_ok() => Self::Newer(Version::V3_2),
            (Some("2"), Some("0") | None) => Self::Known(Version::V2),
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patch_versions_do_not_matter_and_later_minors_are_read_as_the_last() {
        assert_eq!(Declaration::of_openapi("3.0.4"), Declaration::Known(Version::V3_0));
        assert_eq!(Declaration::of_openapi("3.1.0-rc1"), Declaration::Known(Version::V3_1));
        assert_eq!(Declaration::of_openapi("3.9"), Declaration::Newer(Version::V3_2));
        assert_eq!(Declaration::of_openapi("4.0.0"), Declaration::Unknown);
        assert_eq!(Declaration::of_swagger("1.2"), Declaration::Unknown);
    }
}
