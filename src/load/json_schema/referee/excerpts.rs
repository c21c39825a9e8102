//! Judges of a few values, each compiled from what of the texts bears on them.
//!
//! Who asks about many values is answered by the texts as they are in the end: all excerpts together
//! cost no more than those.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;

use super::excerpt::{Excerpt, Extent};
use super::late::compile_late;
use super::{Judge, SchemaReferee, options, registry};
use crate::document::Pointer;
use crate::load::{Reading, with_room};
use crate::model::Json;
use crate::source::Span;

/// What was made of the texts, by schema and way of reading.
#[derive(Default)]
pub(super) struct Excerpts {
    known: Mutex<HashMap<Asked, Arc<Mutex<Made>>, RandomState>>,
}

/// A schema, and how it is read.
type Asked = (Span, Reading);

/// What was made for the values of one schema.
#[derive(Default)]
struct Made {
    /// How far the values reach that will be asked about.
    expected: Extent,
    judges: Vec<(Extent, Option<Arc<Judge>>)>,
    /// What it has cost, in schemas.
    spent: usize,
}

/// What an excerpt costs besides its schemas, in schemas.
const FIXED_COST: usize = 8;
/// How large an excerpt may be that is made for one value.
const MAX_ALONE: usize = 256;
/// How many nodes of the texts cost what one schema of an excerpt does.
const NODES_A_SCHEMA: usize = 8;

impl Excerpts {
    /// Takes note of a value that will be asked about.
    pub(super) fn expect(&self, schema: Span, value: &Json, how: Reading) {
        let made = self.of(schema, how);
        made.lock().unwrap_or_else(PoisonError::into_inner).expected.include(value);
    }

    fn of(&self, schema: Span, how: Reading) -> Arc<Mutex<Made>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry((schema, how)).or_default())
    }
}

impl SchemaReferee {
    /// A judge of the value by what of the texts bears on it; `None` where the texts as they are cost
    /// less, or say what cannot be told from an excerpt.
    pub(super) fn excerpt_for(
        &self,
        schema: Span,
        value: &Json,
        how: Reading,
    ) -> Option<Arc<Judge>> {
        let source = self.sources.get(schema.file)?;
        registry::draft(source.dialect)?;
        let made = self.excerpts.of(schema, how);
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, judge)) = made.judges.iter().find(|(extent, _)| extent.covers(value)) {
            return judge.clone();
        }
        let nodes: usize = self.sources.files.iter().map(|file| file.document.len()).sum();
        // The first costs no more than the texts, of which it is a part; nor do those after it together.
        let most = if made.judges.is_empty() {
            nodes
        } else {
            (nodes / NODES_A_SCHEMA).checked_sub(made.spent + FIXED_COST)?
        };
        let mut extent = made.expected.clone();
        extent.include(value);
        let (judge, cost) = self.compile_excerpt(schema, how, &extent, most).unzip();
        made.spent += FIXED_COST + cost.unwrap_or(most);
        made.judges.push((extent, judge.clone()));
        judge
    }

    /// The same where there is no judge by the texts as they are.
    pub(super) fn excerpt_alone(
        &self,
        schema: Span,
        value: &Json,
        how: Reading,
    ) -> Option<Arc<Judge>> {
        registry::draft(self.sources.get(schema.file)?.dialect)?;
        let mut extent = Extent::default();
        extent.include(value);
        self.compile_excerpt(schema, how, &extent, MAX_ALONE).map(|(judge, _)| judge)
    }

    /// A judge of values of this extent, and what it costs.
    pub(super) fn compile_excerpt(
        &self,
        schema: Span,
        how: Reading,
        extent: &Extent,
        most: usize,
    ) -> Option<(Arc<Judge>, usize)> {
        let sources = &self.sources;
        let source = sources.get(schema.file)?;
        let pointer = source.document.pointer_of_span(schema)?;
        let parsed = Pointer::parse(&pointer).ok()?;
        let excerpt = Excerpt::of(sources, (source, &parsed), extent, most)?;
        let compile = || {
            let draft = registry::draft_in_force(source);
            let options = compile_late(options(how), draft).with_draft(draft);
            let is_alone = sources.files.iter().filter(|file| excerpt.is_of(file)).count() == 1;
            let whole = || {
                let (uri, draft, text) =
                    registry::named(source, excerpt.text(sources, source).ok()?);
                Some((options.clone().with_draft(draft).with_base_uri(uri), text))
            };
            if pointer.is_empty() && is_alone {
                let (options, text) = whole()?;
                return options.build(&text).ok();
            }
            let registry = registry::build_excerpt(sources, &excerpt).ok()?;
            if pointer.is_empty() {
                let (options, text) = whole()?;
                return options.with_registry(&registry).build(&text).ok();
            }
            options.with_registry(&registry).build(&registry::reference(source, &pointer)).ok()
        };
        let validator = with_room(compile).ok()??;
        Some((Arc::new(Judge { validator }), excerpt.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Documents, Limits, Place};
    use crate::load::json_schema::{Dialect, SchemaReader};
    use crate::load::{Opinion, ValueReferee};
    use crate::model::Polarity;
    use crate::source::{MemorySnapshot, RepoPath};

    const HOW: Reading = Reading { polarity: Polarity::Both, http: false, assert_formats: true };

    /// The referee over a schema of many members, most of which say what `one` says.
    fn referee(one: &str) -> (SchemaReferee, Span) {
        let many: Vec<String> = (0..999).map(|at| format!(r#""m{at}": {one}"#)).collect();
        let text = format!(
            r##"{{"type": "object", "additionalProperties": false, "properties": {{
                "tree": {{"$ref": "#/definitions/tree"}}, {}}},
                "definitions": {{"tree": {{"properties": {{
                    "m1": {{"type": "string", "maxLength": 1}}, "tree": {{"$ref": "#"}}}}}}}}}}"##,
            many.join(",")
        );
        read(text, Dialect::Draft7)
    }

    fn read(text: String, dialect: Dialect) -> (SchemaReferee, Span) {
        let path = RepoPath::new("schema.json").unwrap();
        let snapshot = MemorySnapshot::new("test", [(path.clone(), text.into_bytes())]);
        let mut documents = Documents::new(&snapshot, Limits::default());
        let file = documents.open(&path).unwrap();
        let node = documents.document(file).unwrap().root();
        let mut reader = SchemaReader::default();
        let shape = reader.read(&mut documents, Place { file, node }, dialect);
        let span = reader.shapes().get(shape).span.span;
        (SchemaReferee::new(&documents, &reader), span)
    }

    fn object(name: &str, value: Json) -> Json {
        Json::object([(name, value)])
    }

    #[test]
    fn a_value_is_judged_by_what_bears_on_it() {
        let (referee, root) = referee(r#"{"type": "integer", "minimum": 3}"#);
        let deep = object("tree", object("tree", object("m1", Json::Null)));
        for value in [object("m1", Json::string("a")), object("other", Json::Null), deep.clone()] {
            let judge = referee.excerpt_for(root, &value, HOW).unwrap();
            let whole = referee.judge_of(root, HOW).unwrap();
            let said = referee.heard(&judge, &value, "");
            assert!(matches!(said, Ok(Opinion::Refuses(_))), "{value}: {said:?}");
            assert_eq!(said, referee.heard(&whole, &value, ""));
        }
        let mut extent = Extent::default();
        extent.include(&deep);
        let (_, cost) = referee.compile_excerpt(root, HOW, &extent, usize::MAX).unwrap();
        assert_eq!(cost, 7, "the root, the tree and what both say of `m1` and `tree`");
    }

    #[test]
    fn one_excerpt_does_for_all_values_that_are_expected() {
        let (referee, root) = referee(r#"{"type": "integer"}"#);
        let values: Vec<Json> =
            (0..9).map(|at| object(&format!("m{at}"), Json::Boolean(true))).collect();
        for value in &values {
            referee.expect(root, value, HOW);
        }
        let judges = values.iter().map(|value| referee.excerpt_for(root, value, HOW).unwrap());
        let judges: Vec<_> = judges.collect();
        assert!(judges.iter().all(|judge| judges.iter().all(|other| Arc::ptr_eq(judge, other))));
    }

    #[test]
    fn many_excerpts_give_way_to_the_text_as_it_is() {
        let (referee, root) = referee(r#"{"type": "integer"}"#);
        let told = (0..999).filter(|at| {
            let value = object(&format!("m{at}"), Json::Boolean(true));
            referee.excerpt_for(root, &value, HOW).is_some()
        });
        assert!((1..99).contains(&told.count()));
    }

    #[test]
    fn what_applies_in_too_many_ways_beside_what_is_not_evaluated_is_not_compiled() {
        let twice = |at: usize| {
            let next = format!("#/$defs/a{}", at + 1);
            format!(
                r#""a{at}": {{"allOf": [{{"$ref": "{next}"}}, {{"$ref": "{next}", "title": ""}}]}}"#
            )
        };
        let levels: Vec<String> = (0..16).map(twice).collect();
        let text = format!(
            r##"{{"$ref": "#/$defs/a0", "unevaluatedProperties": false,
                "$defs": {{{}, "a16": {{"type": "object"}}}}}}"##,
            levels.join(",")
        );
        let (referee, root) = read(text, Dialect::Draft202012);
        let said = referee.judge(root, &object("a", Json::Null), HOW);
        assert!(matches!(said, Opinion::Unable(_)), "{said:?}");
    }
}
