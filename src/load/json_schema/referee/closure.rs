//! One self-contained schema from a place in descriptions of HTTP APIs: the place and what it
//! reaches, and nothing else of documents that may have a dozen megabytes.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::super::Dialect;
use super::super::dialect::Declaration;
use super::super::resources::split;
use super::Sources;
use super::marks::Marks;
use super::translation::Translation;
use crate::document::{Place, Pointer};
use crate::load::Reading;
use crate::source::FileId;

/// Names that the reader of an object ignores, whatever they hold.
pub(super) type Ignored = Rc<BTreeSet<String>>;

/// What a definition of the closure stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wanted {
    pub(super) place: Place,
    pub(super) dialect: Dialect,
    pub(super) ignored: Ignored,
    pub(super) branch: Branch,
}

/// Whether a schema is one of several alternatives, whose tags keep their constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Branch {
    /// It always applies.
    Always,
    /// It is one of several.
    Alternative,
}

/// How many definitions one closure may have.
const MAX_DEFINITIONS: usize = 200_000;

/// Definitions that are still to be translated, and the names of all.
pub(super) struct Closure<'s> {
    pub(super) sources: &'s Sources,
    pub(super) marks: Marks<'s>,
    names: HashMap<Wanted, usize>,
    pending: VecDeque<(usize, Wanted)>,
}

/// The schema at `place` in 2020-12, with everything that it reaches.
///
/// # Errors
/// In words, when something that it reaches cannot be judged.
pub(super) fn closure(
    sources: &Sources,
    place: Place,
    dialect: Dialect,
    how: Reading,
) -> Result<Value, String> {
    let marks = Marks::new(sources, how);
    let mut closure = Closure { sources, marks, names: HashMap::new(), pending: VecDeque::new() };
    let (ignored, branch) = (Ignored::default(), Branch::Always);
    let root = closure.refer(Wanted { place, dialect, ignored, branch })?;
    let mut definitions = Map::new();
    while let Some((name, wanted)) = closure.pending.pop_front() {
        let schema = Translation::of(&mut closure, &wanted)?;
        definitions.insert(format!("s{name}"), schema);
    }
    Ok(json!({ "allOf": [root], "$defs": definitions }))
}

impl Closure<'_> {
    /// A schema that means another one of the closure.
    pub(super) fn refer(&mut self, wanted: Wanted) -> Result<Value, String> {
        let next = self.names.len();
        let name = *self.names.entry(wanted.clone()).or_insert(next);
        if name == next {
            if next >= MAX_DEFINITIONS {
                return Err("the schema reaches more definitions than can be judged".to_owned());
            }
            self.pending.push_back((name, wanted));
        }
        Ok(json!({ "$ref": format!("#/$defs/s{name}") }))
    }
}

impl Sources {
    /// The schema that a reference means, and its dialect.
    ///
    /// # Errors
    /// In words, when it names nothing that was read.
    pub(super) fn resolve(
        &self,
        file: FileId,
        reference: &str,
        dialect: Dialect,
    ) -> Result<(Place, Dialect), String> {
        let fail = || format!("`{reference}` names nothing that was read");
        let (path, fragment) = split(reference);
        let here = self.get(file).ok_or_else(fail)?;
        let source = if path.is_empty() {
            here
        } else {
            let decoded = percent_decode_str(path).decode_utf8().map_err(|_| fail())?;
            let path = here.path.join(&decoded).map_err(|_| fail())?;
            self.find(&path).ok_or_else(fail)?
        };
        let decoded = percent_decode_str(fragment).decode_utf8().map_err(|_| fail())?;
        let pointer = Pointer::parse(&decoded).map_err(|_| fail())?;
        let document = &source.document;
        let node = document.at(&pointer).ok_or_else(fail)?;
        let declared = match Dialect::declared(document, document.root()) {
            Declaration::Known(declared) if dialect.identifier().is_some() => declared,
            Declaration::Known(_) | Declaration::Absent | Declaration::Unknown(_) => dialect,
        };
        Ok((Place { file: document.file(), node }, declared))
    }
}
