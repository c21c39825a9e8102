//! One schema object of any dialect, keyword by keyword, in 2020-12.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::super::Keyword;
use super::super::keyword::{
    ArrayWord, LogicWord, NoteWord, NumberWord, ObjectWord, ReferenceWord, TextWord, ValueWord,
};
use super::closure::{Closure, Ignored, Wanted};
use super::patterns::spelled;
use super::standing::Standing;
use super::{Source, UNREAD, text};
use crate::document::{self, Member, NodeId, Place};

/// A schema object while it is being translated.
pub(super) struct Translation<'c, 's> {
    closure: &'c mut Closure<'s>,
    source: &'s Source,
    standing: Standing,
    ignored: Ignored,
    kept: Ignored,
    said: Map<String, Value>,
}

impl<'s> Translation<'_, 's> {
    /// The translation of one schema with those below it, as deep as the text nests, which the
    /// document's limits bound; others are referred to.
    ///
    /// # Errors
    /// In words, when it says something that cannot be judged.
    pub(super) fn of(closure: &mut Closure<'s>, wanted: &Wanted) -> Result<Value, String> {
        let Wanted { standing, ignored, kept } = wanted;
        let standing = *standing;
        let place = standing.place;
        let sources = closure.sources;
        let source = sources.get(place.file).ok_or("the schema's file was not read")?;
        match source.document.value(place.node) {
            document::Value::Boolean(value) => return Ok(Value::Bool(value)),
            document::Value::Object => {}
            document::Value::Null
            | document::Value::Number(_)
            | document::Value::String(_)
            | document::Value::Array => return Ok(text::unread()),
        }
        let mut names: BTreeSet<String> = (**ignored).clone();
        let mut tags: BTreeSet<String> = (**kept).clone();
        let Closure { marks, scopes, .. } = closure;
        names.extend(marks.at(standing, scopes).iter().cloned());
        tags.extend(marks.tags(standing, scopes));
        names.retain(|name| !tags.contains(name));
        let (ignored, kept, said) = (Rc::new(names), Rc::new(tags), Map::new());
        let mut this = Translation { closure, source, standing, ignored, kept, said };
        this.members()?;
        if sources.unread.contains_key(&place) {
            this.said.insert(UNREAD.to_owned(), Value::Bool(true));
        }
        Ok(Value::Object(this.said))
    }

    fn members(&mut self) -> Result<(), String> {
        let sources = self.closure.sources;
        let document = &self.source.document;
        let alone = self.standing.dialect.reference_stands_alone();
        if let Some(member) = document.member(self.standing.place.node, "$ref").filter(|_| alone)
            && document.string(member.value).is_some()
        {
            if sources.is_unread(self.standing.place, member, document.span(member.value)) {
                return Ok(());
            }
            return self.reference(ReferenceWord::Ref, member);
        }
        for member in document.members(self.standing.place.node) {
            let keyword = Keyword::parse(member.key.text);
            let Some(keyword) = keyword.filter(|word| word.is_known_by(self.standing.dialect))
            else {
                continue;
            };
            if sources.is_unread(self.standing.place, member, document.span(member.value)) {
                continue;
            }
            match keyword {
                Keyword::Reference(word) => self.reference(word, member)?,
                Keyword::Value(word) => self.value(word, member)?,
                Keyword::Number(word) => self.number(word, member)?,
                Keyword::Text(word) => self.text(word, member)?,
                Keyword::Array(word) => self.array(word, member)?,
                Keyword::Object(word) => self.object(word, member)?,
                Keyword::Logic(word) => self.logic(word, member)?,
                Keyword::Note(word) => self.note(word, member)?,
            }
        }
        self.open_ignored();
        Ok(())
    }

    /// Members that are ignored may hold anything, wherever members are spoken of.
    fn open_ignored(&mut self) {
        if self.ignored.is_empty() {
            return;
        }
        let ignored = &self.ignored;
        if let Some(Value::Array(required)) = self.said.get_mut("required") {
            required.retain(|name| !ignored.iter().any(|each| name.as_str() == Some(each)));
        }
        let properties = self.said.entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(properties) = properties {
            properties.extend(ignored.iter().map(|name| (name.clone(), Value::Bool(true))));
        }
    }

    fn reference(&mut self, word: ReferenceWord, member: Member<'_>) -> Result<(), String> {
        if matches!(word, ReferenceWord::Defs | ReferenceWord::Definitions) {
            return Ok(());
        }
        let text = self.source.document.string(member.value).unwrap_or_default();
        let Closure { sources, scopes, .. } = &mut *self.closure;
        let standing = sources.follow(self.standing, word, text, scopes)?;
        let (ignored, kept) = (Rc::clone(&self.ignored), Rc::clone(&self.kept));
        let target = self.closure.refer(Wanted { standing, ignored, kept })?;
        self.and("allOf", vec![target]);
        Ok(())
    }

    /// Adds schemas to those of a keyword that lists them.
    fn and(&mut self, name: &str, mut schemas: Vec<Value>) {
        if let Some(Value::Array(before)) = self.said.get_mut(name) {
            before.append(&mut schemas);
        } else {
            self.said.insert(name.to_owned(), Value::Array(schemas));
        }
    }

    fn value(&mut self, word: ValueWord, member: Member<'_>) -> Result<(), String> {
        match word {
            ValueWord::Type => {
                let stated = text::data(self.source, member.value)?;
                let mut names = stated.as_array().cloned().unwrap_or_else(|| vec![stated]);
                for name in &mut names {
                    match name.as_str() {
                        None => *name = json!("null"),
                        Some("file") => *name = json!("string"),
                        Some(_) => {}
                    }
                }
                let nullable = [ValueWord::Nullable, ValueWord::XNullable];
                if nullable.into_iter().any(|word| self.is_true(word)) {
                    names.push(json!("null"));
                }
                names.dedup();
                self.said.insert("type".to_owned(), Value::Array(names));
                Ok(())
            }
            ValueWord::Enum | ValueWord::Const => self.copy(member),
            ValueWord::Nullable | ValueWord::XNullable => Ok(()),
        }
    }

    fn number(&mut self, word: NumberWord, member: Member<'_>) -> Result<(), String> {
        let modified = self.standing.dialect.has_boolean_exclusives();
        let exclusive = match word {
            NumberWord::Minimum if modified && self.is_true(NumberWord::ExclusiveMinimum) => {
                NumberWord::ExclusiveMinimum
            }
            NumberWord::Maximum if modified && self.is_true(NumberWord::ExclusiveMaximum) => {
                NumberWord::ExclusiveMaximum
            }
            NumberWord::ExclusiveMinimum | NumberWord::ExclusiveMaximum if modified => {
                return Ok(());
            }
            NumberWord::Minimum
            | NumberWord::Maximum
            | NumberWord::ExclusiveMinimum
            | NumberWord::ExclusiveMaximum
            | NumberWord::MultipleOf => word,
        };
        let bound = text::data(self.source, member.value)?;
        self.said.insert(Keyword::from(exclusive).word().to_owned(), bound);
        Ok(())
    }

    fn text(&mut self, word: TextWord, member: Member<'_>) -> Result<(), String> {
        match word {
            TextWord::Pattern => {
                if let Some(pattern) = self.source.document.string(member.value) {
                    self.said.insert(member.key.text.to_owned(), json!(spelled(pattern)));
                }
                Ok(())
            }
            TextWord::MinLength | TextWord::MaxLength => self.count(member),
            TextWord::ContentEncoding => self.copy(member),
            TextWord::ContentMediaType | TextWord::ContentSchema => Ok(()),
        }
    }

    fn array(&mut self, word: ArrayWord, member: Member<'_>) -> Result<(), String> {
        let is_tuple = |node| self.source.document.value(node) == document::Value::Array;
        let items = self.source.document.get(self.standing.place.node, "items");
        match word {
            ArrayWord::Items if is_tuple(member.value) => self.list("prefixItems", member),
            ArrayWord::PrefixItems => self.list("prefixItems", member),
            ArrayWord::AdditionalItems if items.is_some_and(is_tuple) => {
                self.below("items", member.value)
            }
            ArrayWord::AdditionalItems => Ok(()),
            ArrayWord::Items | ArrayWord::UnevaluatedItems | ArrayWord::Contains => {
                self.below(member.key.text, member.value)
            }
            ArrayWord::MinContains
            | ArrayWord::MaxContains
            | ArrayWord::MinItems
            | ArrayWord::MaxItems => self.count(member),
            ArrayWord::UniqueItems => self.copy(member),
        }
    }

    fn object(&mut self, word: ObjectWord, member: Member<'_>) -> Result<(), String> {
        match word {
            ObjectWord::Properties => self.named(member, str::to_owned),
            ObjectWord::PatternProperties => self.named(member, spelled),
            ObjectWord::AdditionalProperties
            | ObjectWord::UnevaluatedProperties
            | ObjectWord::PropertyNames => self.below(member.key.text, member.value),
            ObjectWord::Required => {
                let document = &self.source.document;
                let elements = document.elements(member.value).iter();
                let names: BTreeSet<&str> =
                    elements.filter_map(|node| document.string(*node)).collect();
                self.said.insert("required".to_owned(), json!(names));
                Ok(())
            }
            ObjectWord::MinProperties | ObjectWord::MaxProperties => self.count(member),
            ObjectWord::DependentRequired => self.copy(member),
            ObjectWord::Dependencies | ObjectWord::DependentSchemas => self.dependencies(member),
        }
    }

    fn logic(&mut self, word: LogicWord, member: Member<'_>) -> Result<(), String> {
        let name = member.key.text;
        match word {
            LogicWord::AllOf | LogicWord::AnyOf | LogicWord::OneOf => self.beside(name, member),
            // What is not there fails no test, so that here a mark excuses nothing.
            LogicWord::Not | LogicWord::If => self.below(name, member.value),
            LogicWord::Then | LogicWord::Else => {
                let schema = self.here(member.value)?;
                self.said.insert(name.to_owned(), schema);
                Ok(())
            }
        }
    }

    fn note(&mut self, word: NoteWord, member: Member<'_>) -> Result<(), String> {
        if word == NoteWord::Format { self.copy(member) } else { Ok(()) }
    }

    fn copy(&mut self, member: Member<'_>) -> Result<(), String> {
        if self.source.document.value(member.value) != document::Value::Null
            || member.key.text == "const"
        {
            let value = text::data(self.source, member.value)?;
            self.said.insert(member.key.text.to_owned(), value);
        }
        Ok(())
    }

    /// A count, as far as the validator reads it.
    fn count(&mut self, member: Member<'_>) -> Result<(), String> {
        self.copy(member)?;
        self.said.entry(member.key.text).and_modify(text::limit_count);
        Ok(())
    }

    /// Schemas of parts of the value.
    fn below(&mut self, name: &str, node: NodeId) -> Result<(), String> {
        if self.source.document.value(node) != document::Value::Null {
            let schema = self.child(node)?;
            self.said.insert(name.to_owned(), schema);
        }
        Ok(())
    }

    fn list(&mut self, name: &str, member: Member<'_>) -> Result<(), String> {
        let elements = self.source.document.elements(member.value).iter();
        let schemas = elements.map(|node| self.child(*node)).collect::<Result<_, _>>()?;
        self.said.insert(name.to_owned(), Value::Array(schemas));
        Ok(())
    }

    fn named(&mut self, member: Member<'_>, key: fn(&str) -> String) -> Result<(), String> {
        let mut schemas = Map::new();
        for entry in self.source.document.members(member.value) {
            schemas.insert(key(entry.key.text), self.child(entry.value)?);
        }
        self.said.insert(member.key.text.to_owned(), Value::Object(schemas));
        Ok(())
    }

    /// Schemas of the value itself.
    fn beside(&mut self, name: &str, member: Member<'_>) -> Result<(), String> {
        let elements = self.source.document.elements(member.value);
        if elements.is_empty() {
            return Ok(());
        }
        let schemas = elements.iter().map(|node| self.here(*node));
        let schemas = schemas.collect::<Result<Vec<_>, _>>()?;
        self.and(name, schemas);
        Ok(())
    }

    fn dependencies(&mut self, member: Member<'_>) -> Result<(), String> {
        let (mut names, mut schemas) = (Map::new(), Map::new());
        for entry in self.source.document.members(member.value) {
            let key = entry.key.text.to_owned();
            if self.source.document.value(entry.value) == document::Value::Array {
                names.insert(key, text::data(self.source, entry.value)?);
            } else {
                schemas.insert(key, self.here(entry.value)?);
            }
        }
        self.said.insert("dependentSchemas".to_owned(), Value::Object(schemas));
        if !names.is_empty() {
            self.said.insert("dependentRequired".to_owned(), Value::Object(names));
        }
        Ok(())
    }

    fn child(&mut self, node: NodeId) -> Result<Value, String> {
        let (standing, ignored) = (self.standing(node), Ignored::default());
        self.closure.place(Wanted { standing, ignored, kept: Ignored::default() })
    }

    fn here(&mut self, node: NodeId) -> Result<Value, String> {
        let (standing, ignored) = (self.standing(node), Rc::clone(&self.ignored));
        self.closure.place(Wanted { standing, ignored, kept: Rc::clone(&self.kept) })
    }

    /// A schema that is written below this one.
    fn standing(&mut self, node: NodeId) -> Standing {
        let place = Place { node, ..self.standing.place };
        let Closure { sources, scopes, .. } = &mut *self.closure;
        sources.enter(Standing { place, ..self.standing }, scopes)
    }

    fn is_true(&self, word: impl Into<Keyword>) -> bool {
        let word = word.into();
        let document = &self.source.document;
        let stated = document.get(self.standing.place.node, word.word());
        word.is_known_by(self.standing.dialect)
            && stated.map(|node| document.value(node)) == Some(document::Value::Boolean(true))
    }
}
