//! What each keyword does to a shape, one file per group of keywords.

mod array;
mod logic;
mod notes;
mod number;
mod object;
mod text;
mod value;

use super::keyword::{NoteWord, ReferenceWord};
use super::schema::SchemaObject;
use super::{Dialect, Keyword};
use crate::document::{Member, Value};

impl SchemaObject<'_, '_, '_> {
    /// Reads every member that the dialect knows.
    pub(super) fn read_members(&mut self) {
        let document = self.document;
        let reference = document.member(self.place.node, Keyword::from(ReferenceWord::Ref).word());
        let text = reference.map(|member| document.value(member.value));
        if let Some(member) = reference
            && matches!(text, Some(Value::String(_)))
            && self.dialect().reference_stands_alone()
        {
            self.warn_of_siblings();
            return self.read_reference(ReferenceWord::Ref, member);
        }
        if self.dialect().identifier().is_some() {
            self.read_declaration();
        }
        for member in document.members(self.place.node) {
            match Keyword::parse(member.key.text) {
                Some(keyword) if keyword.is_known_by(self.dialect()) => {
                    self.read_keyword(keyword, member);
                }
                Some(keyword) => self.read_foreign(keyword, member),
                None => self.read_unknown(member),
            }
        }
    }

    /// A word that nobody knows says nothing, and is no less edited. Of whole documents of schemas it
    /// is told where the document is looked through.
    fn read_unknown(&mut self, member: Member<'_>) {
        let in_description =
            matches!(self.dialect(), Dialect::OpenApi20 | Dialect::OpenApi30 | Dialect::OpenApi31);
        let word = member.key.text;
        if in_description
            && !word.starts_with("x-")
            && let Some(value) = self.json(member)
        {
            self.shape.notes.edit().others.insert(word.into(), value);
        }
    }

    fn read_keyword(&mut self, keyword: Keyword, member: Member<'_>) {
        match keyword {
            Keyword::Reference(word) => self.read_reference(word, member),
            Keyword::Value(word) => self.read_value(word, member),
            Keyword::Number(word) => self.read_number(word, member),
            Keyword::Text(word) => self.read_text(word, member),
            Keyword::Array(word) => self.read_array(word, member),
            Keyword::Object(word) => self.read_object(word, member),
            Keyword::Logic(word) => self.read_logic(word, member),
            Keyword::Note(word) => self.read_note(word, member),
        }
    }

    /// A keyword of another dialect says nothing here; its author should know.
    fn read_foreign(&mut self, keyword: Keyword, member: Member<'_>) {
        if self.dialect() == Dialect::OpenApi20Parameter || !keyword.constrains() {
            return;
        }
        self.reader.foreign.entry(self.place).or_default().push(keyword.word());
        let (word, name) = (keyword.word(), self.dialect().name());
        self.warn(member.key.span, format!("`{word}` is no keyword of {name} and says nothing"));
    }

    fn warn_of_siblings(&mut self) {
        let document = self.document;
        for member in document.members(self.place.node) {
            let Some(keyword) = Keyword::parse(member.key.text) else { continue };
            if keyword.is_known_by(self.dialect()) && keyword.constrains() {
                let (word, name) = (keyword.word(), self.dialect().name());
                let message =
                    format!("`{word}` is ignored: in {name} nothing beside `$ref` counts");
                self.warn(member.key.span, message);
            }
        }
    }
}

impl Keyword {
    /// Whether the keyword bears on which values are valid.
    fn constrains(self) -> bool {
        match self {
            Self::Value(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Array(_)
            | Self::Object(_)
            | Self::Logic(_) => true,
            Self::Reference(_) => false,
            Self::Note(word) => word == NoteWord::Format,
        }
    }
}
