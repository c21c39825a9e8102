//! Dynamic scopes: which resources a schema was reached through, as far as that matters.
//!
//! All that a dynamic reference asks is the *outermost* resource on the way that offers its anchor
//! (JSON Schema Core 2020-12, 8.2.3.2; 2019-09, 8.2.4.2), so a scope is the table of those winners.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::resources::{Resource, ResourceId};
use crate::document::Place;

/// A scope among [`Scopes`]; the default is the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ScopeId(usize);

/// The winners of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Winners {
    anchors: BTreeMap<Arc<str>, Place>,
    recursive: Option<Place>,
}

/// Every scope that was met.
#[derive(Debug)]
pub(super) struct Scopes {
    all: Vec<Winners>,
    ids: HashMap<Winners, ScopeId>,
    entered: HashMap<(ScopeId, ResourceId), Option<ScopeId>>,
}

impl Default for Scopes {
    fn default() -> Self {
        let ids = HashMap::from([(Winners::default(), ScopeId::default())]);
        Self { all: vec![Winners::default()], ids, entered: HashMap::new() }
    }
}

impl Scopes {
    /// How many scopes are told apart. Real schemas need a handful; n resources with an anchor
    /// each can make 2^n.
    pub(super) const MAX_SCOPES: usize = 4096;

    /// The scope after entering a resource; `None` beyond [`Self::MAX_SCOPES`].
    pub(super) fn enter(
        &mut self,
        scope: ScopeId,
        id: ResourceId,
        resource: &Resource,
    ) -> Option<ScopeId> {
        let dynamic = resource.anchors.values().any(|anchor| anchor.dynamic);
        if !dynamic && !resource.recursive {
            return Some(scope);
        }
        if let Some(known) = self.entered.get(&(scope, id)) {
            return *known;
        }
        let mut winners = self.all.get(scope.0).cloned().unwrap_or_default();
        for (name, anchor) in &resource.anchors {
            if anchor.dynamic {
                let place = Place { file: resource.place.file, node: anchor.node };
                winners.anchors.entry(Arc::clone(name)).or_insert(place);
            }
        }
        if resource.recursive {
            winners.recursive.get_or_insert(resource.place);
        }
        let entered = self.intern(winners);
        self.entered.insert((scope, id), entered);
        entered
    }

    /// The schema that a dynamic reference of this name means here.
    pub(super) fn winner(&self, scope: ScopeId, name: &str) -> Option<Place> {
        self.all.get(scope.0)?.anchors.get(name).copied()
    }

    /// The schema that a recursive reference means here.
    pub(super) fn recursive(&self, scope: ScopeId) -> Option<Place> {
        self.all.get(scope.0)?.recursive
    }

    fn intern(&mut self, winners: Winners) -> Option<ScopeId> {
        if let Some(known) = self.ids.get(&winners) {
            return Some(*known);
        }
        if self.all.len() >= Self::MAX_SCOPES {
            return None;
        }
        let id = ScopeId(self.all.len());
        self.all.push(winners.clone());
        self.ids.insert(winners, id);
        Some(id)
    }
}
