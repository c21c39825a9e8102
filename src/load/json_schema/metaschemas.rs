//! The metaschemas of the drafts, so that a schema may refer to them without a network.

use std::sync::{Arc, LazyLock};

use referencing::meta;
use serde_json::{Value, json};

use super::Dialect;
use crate::document::{DocumentError, Documents};
use crate::source::{FileId, RepoPath};

/// The metaschema of draft 4 as it was published. In the library's copy an `enum` may be empty and hold
/// a value twice, which the draft forbids (draft-fge-json-schema-validation-00 §5.5.1.1).
pub(super) static DRAFT_4: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = (**meta::DRAFT4).clone();
    if let Some(listed) = schema.pointer_mut("/properties/enum") {
        *listed = json!({ "type": "array", "minItems": 1, "uniqueItems": true });
    }
    schema
});

/// Whether what is called so is not what the library has under that name.
pub(super) fn is_mended(uri: &str) -> bool {
    uri.trim_end_matches('#').ends_with("://json-schema.org/draft-04/schema")
}

/// Adds the metaschema of this URI to the documents; `None` where it is not one of ours.
pub(super) fn supply(
    documents: &mut Documents<'_>,
    uri: &str,
) -> Option<Result<(FileId, Dialect), DocumentError>> {
    let (_, name) = uri.split_once("://json-schema.org/")?;
    let (dialect, schema) = bundled(name)?;
    let path = RepoPath::new(&format!("json-schema.org/{name}.json")).ok()?;
    let text: Arc<str> = schema.to_string().into();
    Some(documents.supply(&path, &text).map(|file| (file, dialect)))
}

fn bundled(name: &str) -> Option<(Dialect, &'static Value)> {
    let draft_2019 = |schema| Some((Dialect::Draft201909, schema));
    let draft_2020 = |schema| Some((Dialect::Draft202012, schema));
    match name {
        "draft-04/schema" => Some((Dialect::Draft4, &*DRAFT_4)),
        "draft-06/schema" => Some((Dialect::Draft6, &**meta::DRAFT6)),
        "draft-07/schema" => Some((Dialect::Draft7, &**meta::DRAFT7)),
        "draft/2019-09/schema" => draft_2019(&**meta::DRAFT201909),
        "draft/2019-09/meta/applicator" => draft_2019(&**meta::DRAFT201909_APPLICATOR),
        "draft/2019-09/meta/content" => draft_2019(&**meta::DRAFT201909_CONTENT),
        "draft/2019-09/meta/core" => draft_2019(&**meta::DRAFT201909_CORE),
        "draft/2019-09/meta/format" => draft_2019(&**meta::DRAFT201909_FORMAT),
        "draft/2019-09/meta/meta-data" => draft_2019(&**meta::DRAFT201909_META_DATA),
        "draft/2019-09/meta/validation" => draft_2019(&**meta::DRAFT201909_VALIDATION),
        "draft/2020-12/schema" => draft_2020(&**meta::DRAFT202012),
        "draft/2020-12/meta/core" => draft_2020(&**meta::DRAFT202012_CORE),
        "draft/2020-12/meta/applicator" => draft_2020(&**meta::DRAFT202012_APPLICATOR),
        "draft/2020-12/meta/unevaluated" => draft_2020(&**meta::DRAFT202012_UNEVALUATED),
        "draft/2020-12/meta/validation" => draft_2020(&**meta::DRAFT202012_VALIDATION),
        "draft/2020-12/meta/meta-data" => draft_2020(&**meta::DRAFT202012_META_DATA),
        "draft/2020-12/meta/format-annotation" => {
            draft_2020(&**meta::DRAFT202012_FORMAT_ANNOTATION)
        }
        "draft/2020-12/meta/format-assertion" => draft_2020(&**meta::DRAFT202012_FORMAT_ASSERTION),
        "draft/2020-12/meta/content" => draft_2020(&**meta::DRAFT202012_CONTENT),
        _ => None,
    }
}
