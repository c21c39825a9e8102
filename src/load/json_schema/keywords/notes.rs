//! What is said without constraining validation by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Dialect;
use super::super::keyword::NoteWord;
use super::super::schema::SchemaObject;
use crate::document::{Member, Value};
use crate::model::{Discriminator, Stated, Xml, XmlNode};

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_note(&mut self, word: NoteWord, member: Member<'_>) {
        match word {
            NoteWord::Format => {
                if let Some(format) = self.text(member) {
                    self.shape.notes.edit().format = Some(format);
                }
            }
            NoteWord::Default => self.shape.notes.edit().default = self.json(member),
            NoteWord::Title => self.shape.notes.edit().title = self.words(member),
            NoteWord::Description => self.shape.notes.edit().description = self.words(member),
            NoteWord::Examples => self.read_examples(member),
            NoteWord::Example => {
                let example = self.json(member);
                self.shape.notes.edit().examples.extend(example);
            }
            NoteWord::Deprecated => self.shape.notes.edit().deprecated = self.flag(member),
            NoteWord::ReadOnly => self.shape.notes.edit().read_only = self.flag(member),
            NoteWord::WriteOnly => self.shape.notes.edit().write_only = self.flag(member),
            NoteWord::Discriminator => self.read_discriminator(member),
            NoteWord::Xml => self.read_xml(member),
            NoteWord::ExternalDocs | NoteWord::XSunset | NoteWord::XStabilityLevel => {
                if let Some(value) = self.json(member) {
                    let word = Arc::from(member.key.text);
                    self.shape.notes.edit().others.insert(word, value);
                }
            }
            NoteWord::XExtensibleEnum => self.read_open_list(member),
            NoteWord::XMsEnum => {
                let open = self.document.get(member.value, "modelAsString");
                if open.is_some_and(|open| self.document.value(open) == Value::Boolean(true)) {
                    let stated = Stated { value: BTreeSet::new(), span: self.whole(member) };
                    self.shape.notes.edit().extensible.get_or_insert(stated);
                }
            }
        }
    }

    /// A text for people; anything else is odd and changes nothing.
    fn words(&mut self, member: Member<'_>) -> Option<Stated<Arc<str>>> {
        let span = self.whole(member);
        if let Value::String(text) = self.document.value(member.value) {
            return Some(Stated { value: text.into(), span });
        }
        self.warn(span, format!("`{}` should be a string", member.key.text));
        None
    }

    fn read_examples(&mut self, member: Member<'_>) {
        let document = self.document;
        if document.value(member.value) != Value::Array {
            self.warn(self.whole(member), "`examples` should be an array".into());
            return;
        }
        for node in document.elements(member.value) {
            let example = self.json_at(*node, document.span(*node));
            self.shape.notes.edit().examples.extend(example);
        }
    }

    /// A list of values that may grow: beside an `enum`, or by itself with the values known so far.
    fn read_open_list(&mut self, member: Member<'_>) {
        let document = self.document;
        if document.value(member.value) == Value::Boolean(false) {
            return;
        }
        let span = self.whole(member);
        let listed = document.elements(member.value).iter();
        let listed: Vec<_> = listed.map(|node| self.json_at(*node, document.span(*node))).collect();
        let value = listed.into_iter().flatten().map(|stated| stated.value).collect();
        self.shape.notes.edit().extensible = Some(Stated { value, span });
    }

    fn read_discriminator(&mut self, member: Member<'_>) {
        let document = self.document;
        let span = self.whole(member);
        if let (Value::String(name), Dialect::OpenApi20) =
            (document.value(member.value), self.dialect())
        {
            let value =
                Discriminator { property: name.into(), mapping: BTreeMap::new(), fallback: None };
            self.shape.notes.edit().discriminator = Some(Stated { value, span });
            return;
        }
        let name = document.get(member.value, "propertyName");
        let Some(name) = name.and_then(|node| document.string(node)) else {
            self.warn(span, "a `discriminator` needs a `propertyName`".into());
            return;
        };
        let mut mapping = BTreeMap::new();
        let named = document.get(member.value, "mapping");
        for entry in named.iter().flat_map(|node| document.members(*node)) {
            match document.string(entry.value) {
                Some(target) => {
                    mapping.insert(entry.key.text.into(), alternative(target).into());
                }
                None => self.warn(self.whole(entry), "a `mapping` maps to names".into()),
            }
        }
        let fallback = document.get(member.value, "defaultMapping");
        let fallback = fallback.and_then(|node| document.string(node));
        let fallback = fallback.map(|target| alternative(target).into());
        let value = Discriminator { property: name.into(), mapping, fallback };
        self.shape.notes.edit().discriminator = Some(Stated { value, span });
    }

    fn read_xml(&mut self, member: Member<'_>) {
        let document = self.document;
        let get = |word: &str| document.get(member.value, word);
        let text = |word: &str| get(word).and_then(|node| document.string(node)).map(Into::into);
        let flag =
            |word: &str| get(word).is_some_and(|node| document.value(node) == Value::Boolean(true));
        let value = Xml {
            name: text("name"),
            namespace: text("namespace"),
            prefix: text("prefix"),
            node: match get("nodeType").and_then(|node| document.string(node)) {
                Some("element") => Some(XmlNode::Element),
                Some("attribute") => Some(XmlNode::Attribute),
                Some("text" | "cdata") => Some(XmlNode::Text),
                Some("none") => Some(XmlNode::Content),
                // `nodeType` of 3.2 says what these two said before it (OAS 3.2 §4.26.1.1).
                Some(_) | None if flag("attribute") => Some(XmlNode::Attribute),
                Some(_) | None => flag("wrapped").then_some(XmlNode::Element),
            },
        };
        self.shape.notes.edit().xml = Some(Stated { value, span: self.whole(member) });
    }
}

/// The name of an alternative: a mapping gives the name of a component, or refers to it.
fn alternative(target: &str) -> &str {
    let component = ["#/components/schemas/", "#/definitions/"];
    component.into_iter().find_map(|home| target.strip_prefix(home)).unwrap_or(target)
}
