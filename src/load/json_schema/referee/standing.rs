//! From a reference in the source to the schema that it means, as it is reached.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::super::Dialect;
use super::super::keyword::ReferenceWord;
use super::super::reader::descend;
use super::super::resources::{ResourceId, resolve, split};
use super::super::scope::{ScopeId, Scopes};
use super::{Source, Sources};
use crate::document::{Place, Pointer};

/// A schema, and what its meaning depends on besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    /// Where it is written.
    pub(super) place: Place,
    /// Its language.
    pub(super) dialect: Dialect,
    /// Through which resources it is reached.
    pub(super) scope: ScopeId,
}

/// What a reference names, whatever the way to it.
struct Target {
    place: Place,
    /// The plain name it ended in, if that name is a dynamic anchor.
    dynamic: Option<Arc<str>>,
}

impl Sources {
    /// The schema at a place that nothing led to.
    pub(super) fn stand(&self, place: Place, dialect: Dialect, scopes: &mut Scopes) -> Standing {
        self.enter(Standing { place, dialect, scope: ScopeId::default() }, scopes)
    }

    /// The schema with its resource entered, if it opens one or lies in one. Where there are more scopes
    /// than are told apart, nothing of it was read either, which says so itself.
    pub(super) fn enter(&self, standing: Standing, scopes: &mut Scopes) -> Standing {
        let Standing { place, dialect, scope } = standing;
        let Some(id) = self.around(place) else { return standing };
        let Some(resource) = self.resources.get(id) else { return standing };
        let scope = scopes.enter(scope, id, resource).unwrap_or(scope);
        let declared = resource.dialect.filter(|_| dialect.identifier().is_some());
        let dialect = declared.unwrap_or(dialect);
        let inside = self
            .get(place.file)
            .and_then(|source| dialect.inside_description(&source.document, place.node));
        Standing { place, dialect: inside.unwrap_or(dialect), scope }
    }

    /// The schema that a reference means where it is reached so.
    ///
    /// # Errors
    /// In words, when it names nothing that was read.
    pub(super) fn follow(
        &self,
        from: Standing,
        word: ReferenceWord,
        reference: &str,
        scopes: &mut Scopes,
    ) -> Result<Standing, String> {
        let unknown = || format!("`{reference}` names nothing that was read");
        let place = match word {
            ReferenceWord::Defs | ReferenceWord::Definitions | ReferenceWord::Ref => {
                self.target(from.place, reference).ok_or_else(unknown)?.place
            }
            ReferenceWord::DynamicRef => {
                let Target { place, dynamic } =
                    self.target(from.place, reference).ok_or_else(unknown)?;
                let winner = dynamic.and_then(|name| scopes.winner(from.scope, &name));
                winner.unwrap_or(place)
            }
            ReferenceWord::RecursiveRef => {
                let root = self.around(from.place).and_then(|id| self.resources.get(id));
                let root = root.ok_or_else(unknown)?;
                let winner = scopes.recursive(from.scope).filter(|_| root.recursive);
                winner.unwrap_or(root.place)
            }
        };
        Ok(self.enter(Standing { place, ..from }, scopes))
    }

    /// The place that a reference names, without regard to what led there.
    pub(super) fn named(&self, from: Place, reference: &str) -> Option<Place> {
        Some(self.target(from, reference)?.place)
    }

    fn target(&self, from: Place, reference: &str) -> Option<Target> {
        let (base, fragment) = split(reference);
        let around = self.around(from)?;
        let id =
            if base.is_empty() { around } else { self.called(self.get(from.file)?, around, base)? };
        let resource = self.resources.get(id)?;
        let file = resource.place.file;
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        if fragment.is_empty() || fragment.starts_with('/') {
            let pointer = Pointer::parse(&fragment).ok()?;
            let document = &self.get(file)?.document;
            let node = descend(document, resource.place.node, pointer.tokens())?;
            return Some(Target { place: Place { file, node }, dynamic: None });
        }
        let (name, anchor) = resource.anchors.get_key_value(&*fragment)?;
        let place = Place { file, node: anchor.node };
        Some(Target { place, dynamic: anchor.dynamic.then(|| Arc::clone(name)) })
    }

    /// The resource that a reference without fragment names: by its URI, by what others called a
    /// file, or by where the file lies.
    fn called(&self, here: &Source, around: ResourceId, reference: &str) -> Option<ResourceId> {
        let uri = resolve(&self.resources.get(around)?.uri, reference);
        if let Some(known) = uri.as_ref().and_then(|uri| self.resources.find(uri)) {
            return Some(known);
        }
        let in_file = self.resources.get(around).is_some_and(|around| around.is_file);
        let own = self.resources.find_from_own(here.document.file(), reference);
        if let Some(own) = own.filter(|_| in_file) {
            return Some(own);
        }
        let called = uri.and_then(|uri| {
            let mut called = self.called.iter();
            called.find(|(name, _)| name.as_str() == uri.as_str()).map(|(_, file)| *file)
        });
        let beside = || {
            let decoded = percent_decode_str(reference).decode_utf8().ok()?;
            self.find(&here.path.join(&decoded).ok()?)
        };
        let source = called.and_then(|file| self.get(file)).or_else(beside)?;
        self.around(Place { file: source.document.file(), node: source.document.root() })
    }

    pub(super) fn around(&self, place: Place) -> Option<ResourceId> {
        self.resources.around(self.get(place.file)?.document.span(place.node))
    }
}
