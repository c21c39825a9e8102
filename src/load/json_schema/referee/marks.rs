//! `readOnly` and `writeOnly` in HTTP exchanges: members that the reader of a direction ignores.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::super::Dialect;
use super::Sources;
use super::closure::Ignored;
use crate::document::{Place, Value};
use crate::load::Reading;
use crate::model::Polarity;

/// Which members are marked, for one way of reading.
pub(super) struct Marks<'s> {
    sources: &'s Sources,
    /// The keyword that marks, where any does.
    word: Option<&'static str>,
    known: HashMap<(Place, Dialect), Ignored>,
}

impl<'s> Marks<'s> {
    /// The marks that bear on this reading: what the producer alone sends is ignored in requests,
    /// what the consumer alone sends in responses.
    pub(super) fn new(sources: &'s Sources, how: Reading) -> Self {
        let word = match how.polarity {
            Polarity::Request if how.http => Some("readOnly"),
            Polarity::Response if how.http => Some("writeOnly"),
            Polarity::Request | Polarity::Response | Polarity::Both => None,
        };
        Self { sources, word, known: HashMap::new() }
    }

    /// The members of an object of this schema that any of its conjuncts marks.
    pub(super) fn at(&mut self, place: Place, dialect: Dialect) -> Ignored {
        let Some(word) = self.word else { return Ignored::default() };
        if let Some(known) = self.known.get(&(place, dialect)) {
            return Rc::clone(known);
        }
        let mut names = BTreeSet::new();
        for (place, dialect) in self.conjuncts(place, dialect) {
            let Some(source) = self.sources.get(place.file) else { continue };
            let document = &source.document;
            let properties = document.get(place.node, "properties");
            for member in properties.iter().flat_map(|node| document.members(*node)) {
                let property = Place { file: place.file, node: member.value };
                if self.is_marked(property, dialect, word) {
                    names.insert(member.key.text.to_owned());
                }
            }
        }
        let names = Rc::new(names);
        self.known.insert((place, dialect), Rc::clone(&names));
        names
    }

    fn is_marked(&self, place: Place, dialect: Dialect, word: &str) -> bool {
        self.conjuncts(place, dialect).into_iter().any(|(place, _)| {
            self.sources.get(place.file).is_some_and(|source| {
                let stated = source.document.get(place.node, word);
                stated.map(|node| source.document.value(node)) == Some(Value::Boolean(true))
            })
        })
    }

    /// The schemas that always apply where this one does, itself included.
    fn conjuncts(&self, place: Place, dialect: Dialect) -> Vec<(Place, Dialect)> {
        let mut seen: HashSet<Place> = HashSet::new();
        let mut pending = vec![(place, dialect)];
        let mut found = Vec::new();
        while let Some((place, dialect)) = pending.pop() {
            let Some(source) = self.sources.get(place.file) else { continue };
            if !seen.insert(place) {
                continue;
            }
            let document = &source.document;
            let reference = document.get(place.node, "$ref").and_then(|it| document.string(it));
            let target =
                reference.and_then(|text| self.sources.resolve(place.file, text, dialect).ok());
            pending.extend(target);
            if target.is_some() && dialect.reference_stands_alone() {
                continue;
            }
            found.push((place, dialect));
            let all_of = document.get(place.node, "allOf");
            let parts = all_of.iter().flat_map(|node| document.elements(*node));
            pending.extend(parts.map(|node| (Place { node: *node, ..place }, dialect)));
        }
        found
    }
}
