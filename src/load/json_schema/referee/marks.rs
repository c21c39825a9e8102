//! `readOnly` and `writeOnly` in HTTP exchanges: members that the reader of a direction ignores.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::super::keyword::{Keyword, ReferenceWord};
use super::super::scope::Scopes;
use super::Sources;
use super::closure::Ignored;
use super::standing::Standing;
use crate::document::{Place, Value};
use crate::load::Reading;
use crate::model::Polarity;

/// Which members are marked, for one way of reading.
pub(super) struct Marks<'s> {
    sources: &'s Sources,
    /// The keyword that marks, where any does.
    word: Option<&'static str>,
    known: HashMap<Standing, Ignored>,
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
    pub(super) fn at(&mut self, standing: Standing, scopes: &mut Scopes) -> Ignored {
        let Some(word) = self.word else { return Ignored::default() };
        if let Some(known) = self.known.get(&standing) {
            return Rc::clone(known);
        }
        let mut names = BTreeSet::new();
        for conjunct in self.conjuncts(standing, scopes) {
            let file = conjunct.place.file;
            let Some(source) = self.sources.get(file) else { continue };
            let document = &source.document;
            let properties = document.get(conjunct.place.node, "properties");
            for member in properties.iter().flat_map(|node| document.members(*node)) {
                let place = Place { file, node: member.value };
                let property = self.sources.enter(Standing { place, ..conjunct }, scopes);
                if self.is_marked(property, scopes, word) {
                    names.insert(member.key.text.to_owned());
                }
            }
        }
        let names = Rc::new(names);
        self.known.insert(standing, Rc::clone(&names));
        names
    }

    /// The marked members by which a `oneOf` at the schema tells its alternatives apart: the one that a
    /// discriminator names, and those of which every alternative lists the values.
    pub(super) fn tags(&mut self, standing: Standing, scopes: &mut Scopes) -> BTreeSet<String> {
        let mut tags = BTreeSet::new();
        if self.word.is_none() {
            return tags;
        }
        let mut marked = (*self.at(standing, scopes)).clone();
        for conjunct in self.conjuncts(standing, scopes) {
            let file = conjunct.place.file;
            let Some(source) = self.sources.get(file) else { continue };
            let document = &source.document;
            if let Some(stated) = document.get(conjunct.place.node, "discriminator") {
                // OpenAPI 2.0 has the name alone.
                let name = document.get(stated, "propertyName").unwrap_or(stated);
                tags.extend(document.string(name).map(str::to_owned));
            }
            let one_of = document.get(conjunct.place.node, "oneOf");
            let mut of_all: Option<BTreeSet<String>> = None;
            for node in one_of.iter().flat_map(|node| document.elements(*node)) {
                let place = Place { file, node: *node };
                let branch = self.sources.enter(Standing { place, ..conjunct }, scopes);
                marked.extend(self.at(branch, scopes).iter().cloned());
                let mut listed = self.listed(branch, scopes);
                listed.retain(|name| of_all.as_ref().is_none_or(|known| known.contains(name)));
                of_all = Some(listed);
            }
            tags.extend(of_all.unwrap_or_default());
        }
        tags.retain(|name| marked.contains(name));
        tags
    }

    /// The members of which an alternative lists the values.
    fn listed(&self, branch: Standing, scopes: &mut Scopes) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for Standing { place, .. } in self.conjuncts(branch, scopes) {
            let Some(source) = self.sources.get(place.file) else { continue };
            let document = &source.document;
            let properties = document.get(place.node, "properties");
            let members = properties.iter().flat_map(|node| document.members(*node));
            let is_listed = |node| {
                document.get(node, "const").is_some() || document.get(node, "enum").is_some()
            };
            names.extend(members.filter(|it| is_listed(it.value)).map(|it| it.key.text.to_owned()));
        }
        names
    }

    fn is_marked(&self, standing: Standing, scopes: &mut Scopes, word: &str) -> bool {
        self.conjuncts(standing, scopes).into_iter().any(|Standing { place, .. }| {
            self.sources.get(place.file).is_some_and(|source| {
                let stated = source.document.get(place.node, word);
                stated.map(|node| source.document.value(node)) == Some(Value::Boolean(true))
            })
        })
    }

    /// The schemas that always apply where this one does, itself included.
    fn conjuncts(&self, standing: Standing, scopes: &mut Scopes) -> Vec<Standing> {
        let mut seen: HashSet<Standing> = HashSet::new();
        let mut pending = vec![standing];
        let mut found = Vec::new();
        while let Some(standing) = pending.pop() {
            let Standing { place, dialect, scope: _ } = standing;
            let Some(source) = self.sources.get(place.file) else { continue };
            if !seen.insert(standing) {
                continue;
            }
            let document = &source.document;
            let mut is_replaced = false;
            for word in [ReferenceWord::Ref, ReferenceWord::DynamicRef] {
                let text = document.get(place.node, Keyword::from(word).word());
                let Some(text) = text.and_then(|it| document.string(it)) else { continue };
                let target = self.sources.follow(standing, word, text, scopes).ok();
                is_replaced |= target.is_some() && dialect.reference_stands_alone();
                pending.extend(target);
            }
            if is_replaced {
                continue;
            }
            found.push(standing);
            let all_of = document.get(place.node, "allOf");
            let parts = all_of.iter().flat_map(|node| document.elements(*node));
            pending.extend(parts.map(|node| {
                let place = Place { node: *node, ..place };
                self.sources.enter(Standing { place, ..standing }, scopes)
            }));
        }
        found
    }
}
