//! The schemas of both readers, word by word: what one of them says at a place, the other says too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaKind, Type};
use serde_json::Value;
use unbroken::model::{Decimal, Json, Kind, Shape, ShapeId, Shapes, Stated};
use unbroken::source::RepoPath;

use super::theirs::{Place, Their};

/// Schemas that are still to be compared, and how those differ that have been.
pub(super) struct Comparing<'a, 's> {
    shapes: &'a Shapes,
    their: &'a Their<'s>,
    /// References, by the place from which the first led to a pair.
    waiting: Vec<(String, ShapeId, RepoPath, String)>,
    seen: BTreeSet<(ShapeId, RepoPath, String)>,
    differences: Vec<String>,
}

/// A schema of the other reader, or a reference to one, or a word for it.
enum Node<'n> {
    Reference(&'n str),
    Schema(&'n Schema),
    Boolean(bool),
}

/// What is said in one schema: by word, and of its parts.
#[derive(Debug)]
struct Level<P> {
    words: BTreeMap<&'static str, String>,
    parts: BTreeMap<String, P>,
}

impl<'a, 's> Comparing<'a, 's> {
    pub(super) fn new(shapes: &'a Shapes, their: &'a Their<'s>) -> Self {
        let (waiting, seen, differences) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { shapes, their, waiting, seen, differences }
    }

    /// Compares what stands at the same place of both readings.
    pub(super) fn compare(&mut self, at: &str, ours: Option<ShapeId>, theirs: Option<&Place>) {
        match (ours, theirs) {
            (None, None) => {}
            (Some(ours), Some((file, schema))) => self.node(at, ours, file, &node(schema)),
            // What a template names and nobody declares is read as text.
            (Some(ours), None) => {
                let Level { words, parts } = ours_at(self.shapes.get(ours));
                if !parts.is_empty() || !words.is_empty() {
                    self.differences.push(format!("{at}: only we know {words:?}"));
                }
            }
            (None, Some((_, schema))) => {
                // The bytes of a type that is bytes are no schema.
                if !is_bytes(schema) {
                    self.differences.push(format!("{at}: only they know {schema:?}"));
                }
            }
        }
    }

    /// How the schemas differ.
    pub(super) fn finish(mut self) -> Vec<String> {
        while let Some((at, ours, file, reference)) = self.waiting.pop() {
            let entry: ReferenceOr<Schema> = ReferenceOr::Reference { reference };
            match self.their.follow(&file, &entry) {
                Some((file, schema)) => {
                    self.node(&at, ours, &file, &Node::Schema(&schema));
                }
                None if self.shapes.get(ours).unread.is_empty() => {
                    self.differences.push(format!("{at}: only we know where {entry:?} leads"));
                }
                None => {}
            }
        }
        self.differences
    }

    fn node(&mut self, at: &str, ours: ShapeId, file: &RepoPath, theirs: &Node<'_>) {
        let shape = self.shapes.get(ours);
        let schema = match theirs {
            Node::Schema(schema) => *schema,
            Node::Boolean(everything) => {
                if shape.boolean != Some(*everything) {
                    self.differences.push(format!("{at}: they say {everything}"));
                }
                return;
            }
            Node::Reference(reference) => {
                // What stands beside a reference is ignored in 3.0.
                let Level { words, parts } = ours_at(shape);
                if !words.is_empty() || !parts.is_empty() {
                    self.differences.push(format!("{at}: beside a reference {words:?}"));
                }
                let target = shape.reference.as_ref().map(|reference| reference.target);
                match target {
                    Some(target) => self.wait(at, target, file, reference),
                    None if !shape.unread.is_empty() => {}
                    None => self.differences.push(format!("{at}: {reference} is no reference")),
                }
                return;
            }
        };
        if shape.reference.is_some() {
            // A reference to a reference was followed in one step.
            let target = shape.reference.as_ref().map(|reference| reference.target);
            return target.into_iter().for_each(|target| self.node(at, target, file, theirs));
        }
        let (here, there) = (ours_at(shape), theirs_at(schema));
        for word in here.words.keys().chain(there.words.keys()).collect::<BTreeSet<_>>() {
            let (ours, theirs) = (here.words.get(word), there.words.get(word));
            if ours != theirs {
                self.differences.push(format!("{at}: {word}: {ours:?}, they say {theirs:?}"));
            }
        }
        for part in here.parts.keys().chain(there.parts.keys()).collect::<BTreeSet<_>>() {
            match (here.parts.get(part), there.parts.get(part)) {
                (Some(ours), Some(theirs)) => {
                    self.node(&format!("{at} › {part}"), *ours, file, theirs);
                }
                (ours, _) => {
                    let who = if ours.is_some() { "we" } else { "they" };
                    self.differences.push(format!("{at}: only {who} know {part}"));
                }
            }
        }
    }

    fn wait(&mut self, at: &str, ours: ShapeId, file: &RepoPath, reference: &str) {
        if self.seen.insert((ours, file.clone(), reference.to_owned())) {
            self.waiting.push((at.to_owned(), ours, file.clone(), reference.to_owned()));
        }
    }
}

fn node(schema: &ReferenceOr<Schema>) -> Node<'_> {
    match schema {
        ReferenceOr::Reference { reference } => Node::Reference(reference),
        ReferenceOr::Item(schema) => Node::Schema(schema),
    }
}

fn boxed(schema: &ReferenceOr<Box<Schema>>) -> Node<'_> {
    match schema {
        ReferenceOr::Reference { reference } => Node::Reference(reference),
        ReferenceOr::Item(schema) => Node::Schema(schema),
    }
}

fn is_bytes(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else { return true };
    let written = serde_json::to_value(schema).unwrap();
    written.get("format").and_then(Value::as_str) == Some("binary")
}

fn ours_at(shape: &Shape) -> Level<ShapeId> {
    let mut words = BTreeMap::new();
    let mut parts = BTreeMap::new();
    let mut say = |word, value: Option<String>| words.extend(value.map(|value| (word, value)));
    let kinds = shape.kinds.as_ref().map(|kinds| {
        let names = kinds.value.iter().filter(|kind| *kind != Kind::Null).map(Kind::name);
        names.collect::<Vec<_>>().join(" ")
    });
    say("type", kinds);
    say("nullable", shape.null.as_ref().map(|_| true.to_string()));
    let list = |values: &[Json]| values.iter().map(text_of_ours).collect::<Vec<_>>().join(", ");
    say("enum", shape.enumeration.as_ref().map(|values| list(&values.value)));
    if let Some(number) = shape.number.get() {
        let bound = |value: &Option<Stated<Decimal>>| {
            value.as_ref().map(|value| float(value.value.to_string().parse().unwrap()))
        };
        say("above", bound(&number.exclusive_minimum));
        say("below", bound(&number.exclusive_maximum));
        say("minimum", bound(&number.minimum));
        say("maximum", bound(&number.maximum));
        say("multipleOf", bound(&number.multiple_of));
    }
    let count = |value: &Option<Stated<u64>>| value.as_ref().map(|value| value.value.to_string());
    if let Some(text) = shape.text.get() {
        say("minLength", count(&text.min_length));
        say("maxLength", count(&text.max_length));
        say("pattern", text.pattern.as_ref().map(|it| it.value.to_string()));
    }
    if let Some(array) = shape.array.get() {
        say("minItems", count(&array.min_items));
        say("maxItems", count(&array.max_items));
        let is_unique = array.unique.as_ref().is_some_and(|unique| unique.value);
        say("uniqueItems", is_unique.then(|| true.to_string()));
        parts.extend(array.rest.map(|rest| ("[]".to_owned(), rest)));
    }
    if let Some(object) = shape.object.get() {
        say("minProperties", count(&object.min_properties));
        say("maxProperties", count(&object.max_properties));
        let required: Vec<&str> = object.required.keys().map(AsRef::as_ref).collect();
        say("required", (!required.is_empty()).then(|| required.join(", ")));
        parts.extend(object.properties.iter().map(|(name, it)| (format!(".{name}"), it.value)));
        parts.extend(object.additional.map(|other| (".*".to_owned(), other)));
    }
    if let Some(logic) = shape.logic.get() {
        let all = logic.all_of.iter().enumerate();
        parts.extend(all.map(|(index, it)| (format!("allOf {index}"), *it)));
        for (word, group) in [("anyOf", &logic.any_of), ("oneOf", &logic.one_of)] {
            let branches = group.iter().flat_map(|group| &group.value).enumerate();
            parts.extend(branches.map(|(index, it)| (format!("{word} {index}"), *it)));
        }
        parts.extend(logic.not.iter().map(|not| ("not".to_owned(), not.value)));
    }
    if let Some(notes) = shape.notes.get() {
        say("format", notes.format.as_ref().map(|it| it.value.to_string()));
        say("title", notes.title.as_ref().map(|it| it.value.to_string()));
        say("description", notes.description.as_ref().map(|it| it.value.to_string()));
        // The other reader does not tell a default of null from none.
        let default = notes.default.as_ref().filter(|it| it.value != Json::Null);
        say("default", default.map(|it| text_of_ours(&it.value)));
        let flag = |flag: &Option<Stated<bool>>| {
            flag.as_ref().filter(|flag| flag.value).map(|_| true.to_string())
        };
        say("deprecated", flag(&notes.deprecated));
        say("readOnly", flag(&notes.read_only));
        say("writeOnly", flag(&notes.write_only));
        let told = notes.discriminator.as_ref().map(|told| &told.value);
        say(
            "discriminator",
            told.map(|told| format!("{} {:?}", told.property, names(&told.mapping))),
        );
    }
    if let Some(everything) = shape.boolean {
        say("boolean", Some(everything.to_string()));
    }
    Level { words, parts }
}

/// What a mapping leads to, by name.
fn names(mapping: &BTreeMap<Arc<str>, Arc<str>>) -> BTreeMap<&str, &str> {
    mapping.iter().map(|(tag, target)| (&**tag, named(target))).collect()
}

/// The name of the schema that a mapping's target means.
fn named(target: &str) -> &str {
    target.rsplit(['/', '#']).next().unwrap_or(target)
}

/// What the other reader wrote down, in the words of 3.0.
fn theirs_at(schema: &Schema) -> Level<Node<'_>> {
    let written = serde_json::to_value(schema).unwrap();
    let mut words = BTreeMap::new();
    let mut say = |word, value: Option<String>| words.extend(value.map(|value| (word, value)));
    let kind = written.get("type").map(|kind| kind.as_str().unwrap().to_owned());
    // The word has its effect beside a type.
    let nullable = written.get("nullable").filter(|_| kind.is_some());
    say("nullable", nullable.filter(|it| **it == true).map(|_| true.to_string()));
    say("type", kind);
    let list = written.get("enum").and_then(Value::as_array);
    let list = list.map(|all| all.iter().map(text_of_theirs).collect::<Vec<_>>().join(", "));
    say("enum", list);
    let number = |word: &str| Some(float(written.get(word)?.as_f64()?));
    let is_true = |word: &str| written.get(word) == Some(&Value::Bool(true));
    for (bound, word, exclusive) in
        [("minimum", "above", "exclusiveMinimum"), ("maximum", "below", "exclusiveMaximum")]
    {
        say(if is_true(exclusive) { word } else { bound }, number(bound));
    }
    say("multipleOf", number("multipleOf"));
    let texts = ["pattern", "format", "title", "description"];
    for word in texts {
        say(word, written.get(word).and_then(Value::as_str).map(str::to_owned));
    }
    let counts =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    for word in counts {
        say(word, written.get(word).and_then(Value::as_u64).map(|count| count.to_string()));
    }
    for word in ["uniqueItems", "deprecated", "readOnly", "writeOnly"] {
        say(word, is_true(word).then(|| true.to_string()));
    }
    say("default", schema.schema_data.default.as_ref().map(text_of_theirs));
    let required = written.get("required").and_then(Value::as_array);
    let required: BTreeSet<&str> =
        required.into_iter().flatten().filter_map(Value::as_str).collect();
    let required: Vec<&str> = required.into_iter().collect();
    say("required", (!required.is_empty()).then(|| required.join(", ")));
    let told = schema.schema_data.discriminator.as_ref().map(|told| {
        let mapping = told.mapping.iter().map(|(tag, target)| (tag, named(target)));
        let mapping: BTreeMap<_, _> = mapping.collect();
        format!("{} {mapping:?}", told.property_name)
    });
    say("discriminator", told);
    Level { words, parts: parts(&schema.schema_kind) }
}

fn parts(kind: &SchemaKind) -> BTreeMap<String, Node<'_>> {
    let mut parts = BTreeMap::new();
    match kind {
        SchemaKind::OneOf { one_of } => parts.extend(group("oneOf", one_of)),
        SchemaKind::AllOf { all_of } => parts.extend(group("allOf", all_of)),
        SchemaKind::AnyOf { any_of } => parts.extend(group("anyOf", any_of)),
        SchemaKind::Not { not } => parts.extend([("not".to_owned(), node(not))]),
        SchemaKind::Type(Type::Object(object)) => {
            let members = object.properties.iter();
            parts.extend(members.map(|(name, it)| (format!(".{name}"), boxed(it))));
            parts.extend(other(object.additional_properties.as_ref()));
        }
        SchemaKind::Type(Type::Array(array)) => {
            parts.extend(array.items.iter().map(|it| ("[]".to_owned(), boxed(it))));
        }
        SchemaKind::Type(
            Type::String(_) | Type::Number(_) | Type::Integer(_) | Type::Boolean(_),
        ) => {}
        SchemaKind::Any(any) => {
            let AnySchema { properties, additional_properties, items, .. } = any;
            let AnySchema { one_of, all_of, any_of, not, .. } = any;
            let members = properties.iter();
            parts.extend(members.map(|(name, it)| (format!(".{name}"), boxed(it))));
            parts.extend(other(additional_properties.as_ref()));
            parts.extend(items.iter().map(|it| ("[]".to_owned(), boxed(it))));
            parts.extend(group("oneOf", one_of));
            parts.extend(group("allOf", all_of));
            parts.extend(group("anyOf", any_of));
            parts.extend(not.iter().map(|it| ("not".to_owned(), node(it))));
        }
    }
    parts
}

fn group<'n>(
    word: &'static str,
    branches: &'n [ReferenceOr<Schema>],
) -> impl Iterator<Item = (String, Node<'n>)> {
    let branches = branches.iter().enumerate();
    branches.map(move |(index, it)| (format!("{word} {index}"), node(it)))
}

fn other(other: Option<&AdditionalProperties>) -> Option<(String, Node<'_>)> {
    let node = match other? {
        AdditionalProperties::Schema(schema) => node(schema),
        AdditionalProperties::Any(true) => Node::Boolean(true),
        AdditionalProperties::Any(false) => Node::Boolean(false),
    };
    Some((".*".to_owned(), node))
}

/// A number as both can write it; the other reader has no exact ones.
fn float(number: f64) -> String {
    format!("{number:?}")
}

fn text_of_ours(value: &Json) -> String {
    text_of_theirs(&serde_json::from_str(&value.to_string()).unwrap())
}

fn text_of_theirs(value: &Value) -> String {
    match value {
        Value::Number(number) => float(number.as_f64().unwrap()),
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(text_of_theirs).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            let members =
                members.iter().map(|(name, it)| format!("{name}: {}", text_of_theirs(it)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.to_string(),
    }
}
