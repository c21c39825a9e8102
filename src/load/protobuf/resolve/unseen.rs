//! Types that are declared in no file that was given: a dependency that is kept elsewhere, a part of
//! a file that cannot be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Place, Resolver, index, size};
use crate::load::protobuf::features::Features;
use crate::load::protobuf::syntax::{Edition, Word};
use crate::model::{
    FieldKind, Legibility, Message, MessageFile, MessageId, MessageKind, Ownership, Stated,
    Visibility,
};
use crate::source::Span;

impl Resolver<'_, '_> {
    /// What stands for a type of this name, everywhere in the contract. As compilers do where they
    /// are told to allow unknown dependencies, it is taken for a message.
    pub(super) fn unseen(&mut self, word: &Word<'_>, place: &Place) -> MessageId {
        let full_name: Arc<str> = word.text.trim_start_matches('.').into();
        if let Some(known) = self.unseen.get(&full_name) {
            return *known;
        }
        let id = MessageId(size(self.messages.messages.len()));
        let file = self.unseen_file(&full_name, word.span);
        self.unseen.insert(Arc::clone(&full_name), id);
        self.messages.messages.push(Message {
            full_name,
            file,
            parent: None,
            kind: MessageKind::Unseen,
            visibility: Visibility::Export,
            fields: Vec::new(),
            oneofs: Vec::new(),
            reserved_numbers: Vec::new(),
            reserved_names: Vec::new(),
            extension_ranges: Vec::new(),
            extension_terms: Vec::new(),
            json_format: place.features.json,
            options: BTreeMap::new(),
            span: word.span,
            name_span: word.span,
        });
        id
    }

    /// Whether something stands for the type.
    pub(super) fn is_unseen(&self, kind: FieldKind) -> bool {
        let FieldKind::Message(id, _) = kind else { return false };
        let message = self.messages.messages.get(index(id.0));
        message.is_some_and(|message| message.kind == MessageKind::Unseen)
    }

    /// A file of the package that the name is in, under a path that nothing can import.
    fn unseen_file(&mut self, full_name: &str, span: Span) -> usize {
        let package = full_name.rsplit_once('.').map_or("", |(package, _)| package);
        let path = format!("<{package}>");
        let known = self.messages.files.iter().position(|file| *file.path == *path);
        known.unwrap_or_else(|| {
            self.messages.files.push(MessageFile {
                path: path.into(),
                package: Stated { value: package.into(), span },
                syntax: Stated { value: Arc::from("proto3"), span },
                passes_on: Vec::new(),
                options: BTreeMap::new(),
                ownership: Ownership::Imported,
                span,
                legibility: Legibility::Whole,
                defaults: Features::of(Edition::Proto3).of_file(),
            });
            self.messages.files.len() - 1
        })
    }
}
