//! One self-contained schema from a place in descriptions of HTTP APIs: the place and what it
//! reaches, and nothing else of documents that may have a dozen megabytes.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use foldhash::fast::RandomState;
use serde_json::{Map, Value, json};

use super::super::Dialect;
use super::super::scope::Scopes;
use super::Sources;
use super::form;
use super::marks::Marks;
use super::standing::Standing;
use super::translation::Translation;
use crate::document::Place;
use crate::load::Reading;

/// Names that the reader of an object ignores, whatever they hold.
pub(super) type Ignored = Rc<BTreeSet<String>>;

/// What a definition of the closure stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wanted {
    pub(super) standing: Standing,
    pub(super) ignored: Ignored,
    /// Names that it does not ignore, though they are marked: an alternative is told by them.
    pub(super) kept: Ignored,
}

/// How many schemas one closure may have.
const MAX_SCHEMAS: usize = 200_000;

/// Definitions that are still to be translated, and the names of all.
pub(super) struct Closure<'s> {
    pub(super) sources: &'s Sources,
    pub(super) marks: Marks<'s>,
    pub(super) scopes: Scopes,
    names: HashMap<Wanted, usize, RandomState>,
    /// The schemas that stand where they are written, in the one that holds them.
    placed: HashSet<Wanted, RandomState>,
    pending: VecDeque<(usize, Wanted)>,
    /// What the names of definitions begin with.
    prefix: &'s str,
}

/// The schema at `place` in 2020-12, with everything that it reaches under names with this prefix.
///
/// # Errors
/// In words, when something that it reaches cannot be judged.
pub(super) fn closure(
    sources: &Sources,
    place: Place,
    dialect: Dialect,
    how: Reading,
    prefix: &str,
) -> Result<Value, String> {
    let marks = Marks::new(sources, how);
    let (names, placed, pending) = (HashMap::default(), HashSet::default(), VecDeque::new());
    let scopes = Scopes::default();
    let mut closure = Closure { sources, marks, scopes, names, placed, pending, prefix };
    let root = match form::fields(sources, place, dialect) {
        Some(fields) => form::object(&mut closure, &fields)?,
        None => closure.begin(place, dialect)?,
    };
    let mut definitions = Map::new();
    while let Some((name, wanted)) = closure.pending.pop_front() {
        let schema = Translation::of(&mut closure, &wanted)?;
        definitions.insert(format!("{prefix}{name}"), schema);
    }
    Ok(json!({ "allOf": [root], "$defs": definitions }))
}

impl Closure<'_> {
    /// A schema that means the one at a place to which no reference of the closure leads.
    pub(super) fn begin(&mut self, place: Place, dialect: Dialect) -> Result<Value, String> {
        let standing = self.sources.stand(place, dialect, &mut self.scopes);
        self.refer(Wanted { standing, ignored: Ignored::default(), kept: Ignored::default() })
    }

    /// A schema that means another one of the closure.
    pub(super) fn refer(&mut self, wanted: Wanted) -> Result<Value, String> {
        let next = self.names.len();
        let name = *self.names.entry(wanted.clone()).or_insert(next);
        if name == next {
            self.afford()?;
            self.pending.push_back((name, wanted));
        }
        Ok(json!({ "$ref": format!("#/$defs/{}{name}", self.prefix) }))
    }

    /// A schema of the closure where it is written; where it is met again, which only aliases bring
    /// about, it is referred to. A reference costs the validator more than the schema itself.
    pub(super) fn place(&mut self, wanted: Wanted) -> Result<Value, String> {
        if !self.placed.insert(wanted.clone()) {
            return self.refer(wanted);
        }
        self.afford()?;
        Translation::of(self, &wanted)
    }

    fn afford(&self) -> Result<(), String> {
        if self.names.len() + self.placed.len() > MAX_SCHEMAS {
            return Err("the schema reaches more schemas than can be judged".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::SchemaReferee;
    use super::*;
    use crate::document::{Documents, Limits};
    use crate::load::json_schema::SchemaReader;
    use crate::load::{Opinion, ValueReferee};
    use crate::model::{Json, Polarity};
    use crate::source::{MemorySnapshot, RepoPath};

    /// What the schema `S` of a description says of a value written as JSON.
    fn judge(dialect: Dialect, schemas: &str, value: &Value, polarity: Polarity) -> Opinion {
        let path = RepoPath::new("api.json").unwrap();
        let snapshot = MemorySnapshot::new("test", [(path.clone(), schemas.as_bytes().to_vec())]);
        let mut documents = Documents::new(&snapshot, Limits::default());
        let file = documents.open(&path).unwrap();
        let document = documents.document(file).unwrap();
        let node = document.get(document.root(), "S").unwrap();
        let mut reader = SchemaReader::default();
        let id = reader.read(&mut documents, Place { file, node }, dialect);
        let referee = SchemaReferee::new(&documents, &reader);
        let how = Reading { polarity, http: true, assert_formats: true };
        let text: RepoPath = RepoPath::new("value.json").unwrap();
        let value = documents.supply(&text, &value.to_string()).unwrap();
        let value = documents.document(value).unwrap();
        let value: Json = crate::load::json_schema::json(&value, value.root()).unwrap();
        referee.judge(reader.shapes().get(id).span.span, &value, how)
    }

    fn accepts(dialect: Dialect, schema: &str, value: &Value) -> bool {
        judge(dialect, schema, value, Polarity::Both) == Opinion::Accepts
    }

    #[test]
    fn the_words_of_3_0_are_translated() {
        let schema = r##"{"S": {"$ref": "#/N", "maximum": 1},
            "N": {"type": "integer", "nullable": true, "minimum": 3, "exclusiveMinimum": true,
                  "format": "int32"}}"##;
        let accepts = |value: Value| accepts(Dialect::OpenApi30, schema, &value);
        assert!(accepts(json!(null)));
        assert!(accepts(json!(4)));
        assert!(!accepts(json!(3)));
        assert!(!accepts(json!(2_147_483_648_i64)));
        assert!(!accepts(json!("4")));
    }

    #[test]
    fn nullable_is_no_word_of_3_1_and_siblings_of_a_reference_count() {
        let schema = r##"{"S": {"$ref": "#/N", "maxLength": 1},
            "N": {"type": "string", "nullable": true}}"##;
        assert!(!accepts(Dialect::OpenApi31, schema, &json!(null)));
        assert!(!accepts(Dialect::OpenApi31, schema, &json!("ab")));
        assert!(accepts(Dialect::OpenApi30, schema, &json!("ab")));
    }

    #[test]
    fn what_the_other_side_owns_is_ignored_whatever_it_holds() {
        let schema = r##"{"S": {"allOf": [{"$ref": "#/Base"}], "required": ["id", "name"]},
            "Base": {"type": "object", "additionalProperties": false, "properties": {
                "id": {"type": "integer", "readOnly": true},
                "name": {"type": "string"}, "secret": {"type": "string", "writeOnly": true}}}}"##;
        let judge = |value: Value, polarity| judge(Dialect::OpenApi30, schema, &value, polarity);
        let request = Polarity::Request;
        assert_eq!(judge(json!({"name": "a"}), request), Opinion::Accepts);
        assert_eq!(judge(json!({"name": "a", "id": "x"}), request), Opinion::Accepts);
        assert!(matches!(judge(json!({"id": 1}), request), Opinion::Refuses(_)));
        let response = Polarity::Response;
        assert!(matches!(judge(json!({"name": "a"}), response), Opinion::Refuses(_)));
        let value = json!({"name": "a", "id": 1, "secret": 5});
        assert_eq!(judge(value, response), Opinion::Accepts);
    }

    #[test]
    fn a_recursive_schema_is_closed_over() {
        let schema = r##"{"S": {"type": "object", "properties": {"next": {"$ref": "#/S"}},
            "additionalProperties": false}}"##;
        assert!(accepts(Dialect::OpenApi30, schema, &json!({"next": {"next": {}}})));
        assert!(!accepts(Dialect::OpenApi30, schema, &json!({"next": {"last": {}}})));
    }

    #[test]
    fn what_could_not_be_read_is_not_judged() {
        let schema = r#"{"S": {"properties": {"a": {"type": "strnig", "maxLength": 1},
            "b": {"type": "null"}}}}"#;
        let judge = |value: Value| judge(Dialect::OpenApi31, schema, &value, Polarity::Both);
        assert_eq!(judge(json!({"b": null})), Opinion::Accepts);
        assert!(matches!(judge(json!({"a": 1})), Opinion::Unable(_)));
        assert!(matches!(judge(json!({"b": 1})), Opinion::Refuses(_)));
    }
}
