//! `$schema` that names no dialect of ours, and the vocabularies of such metaschemas.

use super::Dialect;
use super::dialect::Declaration;
use super::schema::SchemaObject;
use crate::document::{Document, NodeId, Value};

/// Vocabularies that the drafts define; whatever else a metaschema requires is somebody's own.
const VOCABULARIES: [&str; 2] = [
    "https://json-schema.org/draft/2019-09/vocab/",
    "https://json-schema.org/draft/2020-12/vocab/",
];

impl SchemaObject<'_, '_, '_> {
    /// Says what a `$schema` that is not one of ours means for the reading of this schema.
    pub(super) fn read_declaration(&mut self) {
        let document = self.document;
        let Some(member) = document.member(self.place.node, "$schema") else { return };
        let Declaration::Unknown(uri) = Dialect::declared(document, self.place.node) else {
            return;
        };
        let span = self.whole(member);
        let name = self.dialect().name();
        if uri.contains("json-schema.org/draft-0") || uri.contains("json-schema.org/draft/next") {
            return self.wrong(span, &format!("the draft `{uri}` is not supported"));
        }
        let Some((metaschema, node)) = self.metaschema(uri) else {
            let message = format!(
                "the metaschema `{uri}` is not in the repository; the schema is read as {name}"
            );
            return self.warn(span, message);
        };
        if let Some(reason) = foreign_vocabulary(&metaschema, node) {
            self.wrong(span, &format!("the metaschema `{uri}` {reason}"));
        }
    }
}

/// Why the vocabularies of a metaschema cannot be followed, if they cannot.
fn foreign_vocabulary(metaschema: &Document, node: NodeId) -> Option<String> {
    let declared = metaschema.get(node, "$vocabulary")?;
    let members = metaschema.members(declared);
    let required = members.filter(|each| metaschema.value(each.value) == Value::Boolean(true));
    let names: Vec<&str> = required.map(|each| each.key.text).collect();
    let ours = |name: &&&str| VOCABULARIES.iter().any(|known| name.starts_with(known));
    if let Some(foreign) = names.iter().find(|name| !ours(name)) {
        return Some(format!("requires the vocabulary `{foreign}`, which is not known"));
    }
    let missing = ["applicator", "validation"]
        .into_iter()
        .find(|wanted| !names.iter().any(|name| name.ends_with(&format!("/{wanted}"))));
    missing
        .map(|name| format!("leaves out the vocabulary `{name}`, whose keywords are read anyway"))
}
