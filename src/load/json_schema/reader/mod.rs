//! From places in documents to shapes.
//!
//! A schema becomes a shape of its own wherever it stands, once for each dialect and dynamic scope
//! in which it is reached. Nothing recurses: a subschema is given its id at once and read later.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::in_place::{Chains, Faults, MAX_IN_PLACE, MAX_WAYS, survey};
use super::resources::{Part, ResourceId, Resources};
use super::schema::SchemaObject;
use super::scope::{ScopeId, Scopes};
use super::{Dialect, metaschemas};
use crate::document::{Document, DocumentError, DocumentErrorKind, Documents, NodeId, Place};
use crate::load::{Gap, Problem, ProblemKind};
use crate::model::{Shape, ShapeId, Shapes, Sparse, Unread};
use crate::source::{FileId, Span};

/// Reads schemas into one graph of shapes.
///
/// What cannot be used is a problem; where it may matter to the meaning of a shape, the shape says
/// so in [`Shape::unread`].
#[derive(Debug, Default)]
pub struct SchemaReader {
    shapes: Shapes,
    problems: Vec<Problem>,
    told: HashMap<(Span, String), usize>,
    gaps: Vec<Gap>,
    pub(super) resources: Resources,
    pub(super) scopes: Scopes,
    memo: HashMap<(Place, Dialect, ScopeId), ShapeId, foldhash::fast::RandomState>,
    pending: VecDeque<Pending>,
    dialects: HashMap<FileId, Dialect>,
    unread: HashMap<Place, Vec<Span>>,
    /// The words of each schema that belong to other drafts.
    pub(super) foreign: HashMap<Place, Vec<&'static str>>,
    chains: Chains,
    cut: Vec<(ShapeId, Span)>,
    bundled: HashSet<FileId>,
    pub(super) called: BTreeMap<String, FileId>,
}

/// What a schema's meaning depends on besides its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// Its language.
    pub(super) dialect: Dialect,
    /// The resource it belongs to.
    pub(super) resource: ResourceId,
    /// How it was reached.
    pub(super) scope: ScopeId,
}

#[derive(Debug)]
struct Pending {
    id: ShapeId,
    place: Place,
    context: Context,
}

impl SchemaReader {
    /// How many shapes one contract may have; the largest public description needs a twentieth.
    pub const MAX_SHAPES: usize = 8_000_000;

    /// The shape of the schema at `place`, read with everything it reaches.
    ///
    /// `dialect` is what holds where nothing is declared: a `$schema` at the schema's resource
    /// wins, except in the dialects that do not have it.
    pub fn read(
        &mut self,
        documents: &mut Documents<'_>,
        place: Place,
        dialect: Dialect,
    ) -> ShapeId {
        let Some(document) = documents.document(place.file) else {
            let span = Span { file: place.file, start: 0, end: 0 };
            return self.unreadable(span, "its file was not opened");
        };
        let before = self.shapes.len();
        self.open(documents, place.file, dialect);
        self.resources.scan(place, &document, dialect);
        let id = self.reach(&document, place, dialect, ScopeId::default());
        while let Some(Pending { id, place, context }) = self.pending.pop_front() {
            let Some(document) = documents.document(place.file) else { continue };
            let shape = SchemaObject::read(self, documents, &document, place, context);
            if !shape.unread.is_empty() {
                let spans = shape.unread.iter().map(|unread| unread.span);
                self.unread.entry(place).or_default().extend(spans);
            }
            self.shapes.set(id, shape);
        }
        self.refuse_chains(before);
        self.refuse_clashes(documents);
        id
    }

    /// Every schema that was read, and the first shape that was made of it.
    #[expect(clippy::iter_over_hash_type, reason = "the least id counts, whatever the order")]
    pub fn places(&self) -> foldhash::HashMap<Place, ShapeId> {
        let mut places = foldhash::HashMap::default();
        for ((place, _, _), shape) in &self.memo {
            let first = places.entry(*place).or_insert(*shape);
            *first = (*first).min(*shape);
        }
        places
    }

    /// The graph so far.
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// The graph, for shapes that a loader makes itself.
    pub fn shapes_mut(&mut self) -> &mut Shapes {
        &mut self.shapes
    }

    /// Adds a problem, once for each place and message; answers which one it is.
    pub fn report(&mut self, kind: ProblemKind, span: Span, message: String) -> usize {
        let next = self.problems.len();
        let problem = *self.told.entry((span, message.clone())).or_insert(next);
        if problem == next {
            self.problems.push(Problem { kind, message, span: Some(span), path: None });
            if kind > ProblemKind::Warning {
                let reason = self.problems.last().map_or_else(String::new, |it| it.message.clone());
                self.leave(span, problem, reason.into());
            }
        }
        problem
    }

    /// Something is not known at a place because of a problem.
    pub(super) fn leave(&mut self, at: Span, problem: usize, reason: Arc<str>) {
        let gap = Gap { at, problem, reason, owner: None };
        if self.gaps.last() != Some(&gap) {
            self.gaps.push(gap);
        }
    }

    /// How many problems were met so far.
    pub(super) fn problems(&self) -> usize {
        self.problems.len()
    }

    /// What is not known, where so many other problems stand before those of this reader.
    pub fn gaps(&self, before: usize) -> Vec<Gap> {
        let behind = |gap: &Gap| Gap { problem: gap.problem + before, ..gap.clone() };
        self.gaps.iter().map(behind).collect()
    }

    /// The dialect in which each file was first read.
    pub fn dialects(&self) -> &HashMap<FileId, Dialect> {
        &self.dialects
    }

    /// The parts of a file that are each written in one draft; none of what we bring, for metaschemas
    /// are in order.
    pub(super) fn parts(&self, file: FileId, usual: Dialect) -> Vec<Part> {
        if !self.dialects.contains_key(&file) || self.bundled.contains(&file) {
            return Vec::new();
        }
        self.resources.parts(file, usual)
    }

    /// The dialect that the innermost resource around a schema declares.
    pub fn declared(&self, schema: Span) -> Option<Dialect> {
        self.resources.get(self.resources.around(schema)?)?.dialect
    }

    /// The schemas of which something could not be read, and what.
    pub(super) fn unread_places(&self) -> HashMap<Place, Vec<Span>> {
        let mut unread = self.unread.clone();
        if !self.cut.is_empty() {
            let places = self.memo.iter().map(|((place, ..), id)| (*id, *place));
            let places: HashMap<ShapeId, Place> = places.collect();
            for (id, span) in &self.cut {
                if let Some(place) = places.get(id) {
                    unread.entry(*place).or_default().push(*span);
                }
            }
        }
        unread
    }

    /// In how many ways schemas apply to one value, where they are most.
    pub(super) fn most_ways(&self) -> usize {
        self.chains.values().map(|chain| chain.ways).max().unwrap_or(1)
    }

    /// The URI that a file declares for its root, where it does.
    pub(super) fn declared_uri(&self, document: &Document) -> Option<String> {
        let root = self.resources.around(document.span(document.root()))?;
        let resource = self.resources.get(root)?;
        (!resource.is_file).then(|| resource.uri.to_string())
    }

    /// The URIs by which references call files that do not declare them.
    pub(super) fn called(&self) -> Vec<(String, FileId)> {
        self.called.iter().map(|(uri, file)| (uri.clone(), *file)).collect()
    }

    /// Gives up the graph and the problems, in the order in which they were met.
    pub fn finish(self) -> (Shapes, Vec<Problem>) {
        (self.shapes, self.problems)
    }

    /// The shape of a schema that stands somewhere below one that is being read.
    pub(super) fn child(&mut self, document: &Document, place: Place, context: Context) -> ShapeId {
        self.reach(document, place, context.dialect, context.scope)
    }

    /// The shape of any schema, by its place; read later if it is new.
    pub(super) fn reach(
        &mut self,
        document: &Document,
        place: Place,
        dialect: Dialect,
        scope: ScopeId,
    ) -> ShapeId {
        let span = document.span(place.node);
        let Some(resource) = self.resources.around(span) else {
            return self.unreadable(span, "its file was not indexed");
        };
        let declared = self.resources.get(resource).and_then(|it| it.dialect);
        let dialect = declared.filter(|_| dialect.identifier().is_some()).unwrap_or(dialect);
        let dialect = dialect.inside_description(document, place.node).unwrap_or(dialect);
        let entered = match self.resources.get(resource) {
            Some(it) => self.scopes.enter(scope, resource, it),
            None => Some(scope),
        };
        let Some(scope) = entered else {
            return self.unreadable(span, "too many dynamic scopes");
        };
        if let Some(known) = self.memo.get(&(place, dialect, scope)) {
            return *known;
        }
        if self.shapes.len() >= Self::MAX_SHAPES {
            return self.unreadable(span, "the contract has more than max-shapes shapes");
        }
        let id = self.shapes.reserve(span);
        self.memo.insert((place, dialect, scope), id);
        let context = Context { dialect, resource, scope };
        self.pending.push_back(Pending { id, place, context });
        id
    }

    /// Makes a file known in which something stands where no schema is written.
    pub fn know(&mut self, documents: &Documents<'_>, file: FileId, dialect: Dialect) {
        self.index(documents, file, dialect);
    }

    /// Opens a file for references: its resources are known from here on.
    pub(super) fn open(
        &mut self,
        documents: &mut Documents<'_>,
        file: FileId,
        dialect: Dialect,
    ) -> Option<ResourceId> {
        self.settle_metaschemas(documents, file);
        self.index(documents, file, dialect)
    }

    fn index(
        &mut self,
        documents: &Documents<'_>,
        file: FileId,
        dialect: Dialect,
    ) -> Option<ResourceId> {
        let document = documents.document(file)?;
        let path = documents.files().get(file).map(|it| it.path.clone())?;
        if let Entry::Vacant(first) = self.dialects.entry(file) {
            first.insert(dialect.of_file());
            // A schema that says anything is two values at least.
            self.shapes.make_room(document.len() / 2);
        }
        self.resources.add_file(file, &path, &document, dialect)
    }

    /// Opens a bundled metaschema.
    pub(super) fn open_metaschema(
        &mut self,
        documents: &mut Documents<'_>,
        uri: &str,
    ) -> Option<Result<ResourceId, DocumentError>> {
        let opened = metaschemas::supply(documents, uri)?;
        Some(opened.and_then(|(file, dialect)| {
            self.bundled.insert(file);
            let missing = DocumentError {
                kind: DocumentErrorKind::Dangling,
                message: format!("`{uri}` cannot be read"),
                span: Span { file, start: 0, end: 0 },
            };
            self.open(documents, file, dialect).ok_or(missing)
        }))
    }

    fn unreadable(&mut self, span: Span, reason: &str) -> ShapeId {
        self.report(ProblemKind::Refused, span, format!("this schema is not read: {reason}"));
        let unread = vec![Unread { reason: reason.into(), span }];
        self.shapes.add(Shape { unread, ..Shape::anything(span) })
    }

    /// Marks what applies schemas to one value without end, or nearly so.
    fn refuse_chains(&mut self, before: usize) {
        let Faults { cycles, too_long, too_many } = survey(&self.shapes, before, &mut self.chains);
        for cycle in cycles {
            let cut: Vec<(Span, bool)> = cycle.into_iter().map(|id| self.cut_cycle(id)).collect();
            // What goes with the references is not read either, and is lost where it stands.
            let torn = || cut.iter().filter(|(_, is_torn)| *is_torn).map(|(span, _)| *span);
            let is_around = |outer: Span, inner: Span| {
                outer != inner
                    && outer.file == inner.file
                    && outer.start <= inner.start
                    && inner.end <= outer.end
            };
            let outermost = torn().filter(|span| !torn().any(|outer| is_around(outer, *span)));
            let mut spans: Vec<Span> = outermost.collect();
            if spans.is_empty() {
                spans.extend(cut.iter().map(|(span, _)| *span).min());
            }
            for span in spans {
                let message = "this schema applies itself to the same value without end, which \
                               has no meaning: break the cycle of references";
                self.report(ProblemKind::Part, span, message.to_owned());
            }
        }
        let long = format!("more than max-in-place = {MAX_IN_PLACE} references in a row");
        let many = format!("schemas apply to one value in more than max-ways = {MAX_WAYS} ways");
        let too_long = too_long.into_iter().map(|id| (id, &long));
        for (id, reason) in too_long.chain(too_many.into_iter().map(|id| (id, &many))) {
            let span = self.cut(id, reason);
            self.report(ProblemKind::Refused, span, format!("not followed: {reason}"));
        }
    }

    /// What applies itself to the same value has no meaning; nothing of it is followed. Answers where
    /// it stands: the reference, or all of a schema of which more than that was not followed.
    fn cut_cycle(&mut self, id: ShapeId) -> (Span, bool) {
        let span = self.cut(id, "in-place reference cycle");
        let mut shape = self.shapes.get(id).clone();
        let mut is_torn = shape.logic.get().is_some();
        (shape.reference, shape.logic) = (None, Sparse::default());
        if shape.object.get().is_some_and(|object| !object.dependent_shapes.is_empty()) {
            shape.object.edit().dependent_shapes.clear();
            is_torn = true;
        }
        let whole = shape.span.span;
        self.shapes.set(id, shape);
        (if is_torn { whole } else { span }, is_torn)
    }

    /// An identifier names one schema, and so does a plain name in a resource (JSON Schema Core
    /// 2020-12, 8.2.2 and 9.1.1): which one is meant where two have it is for nobody to guess.
    fn refuse_clashes(&mut self, documents: &Documents<'_>) {
        for (later, first) in self.resources.clashes() {
            let files = [&later, &first].map(|claim| claim.place.file);
            let Some(other) = documents.files().get(first.place.file) else { continue };
            let Some(document) = documents.document(later.place.file) else { continue };
            if files.iter().any(|file| self.bundled.contains(file)) {
                continue;
            }
            let id =
                ["$id", "id"].into_iter().find_map(|word| document.get(later.place.node, word));
            let span = id.map_or(later.span, |id| document.span(id));
            let is_beside = later.place.file == first.place.file;
            let other = if is_beside { "another schema of this file" } else { other.path.as_str() };
            let written = id.and_then(|id| document.string(id)).unwrap_or(later.uri.as_str());
            let message = format!(
                "`{written}` is what {other} is called too: give each an identifier of its own"
            );
            self.report(ProblemKind::Part, span, message);
        }
        for (place, name) in self.resources.same_names() {
            let Some(document) = documents.document(place.file) else { continue };
            if self.bundled.contains(&place.file) {
                continue;
            }
            let words = ["$anchor", "$dynamicAnchor", "$id", "id"];
            let text = words.into_iter().filter_map(|word| document.get(place.node, word));
            let is_it = |text: &NodeId| {
                document.string(*text).is_some_and(|text| text.trim_start_matches('#') == &*name)
            };
            let at = { text }.find(is_it).unwrap_or(place.node);
            let message = format!(
                "`#{name}` is what another schema here is called too: give each a name of its own"
            );
            self.report(ProblemKind::Part, document.span(at), message);
        }
    }

    fn cut(&mut self, id: ShapeId, reason: &str) -> Span {
        let mut shape = self.shapes.get(id).clone();
        let span = shape.reference.as_ref().map_or(shape.span.span, |it| it.span);
        shape.unread.push(Unread { reason: reason.into(), span });
        self.shapes.set(id, shape);
        self.cut.push((id, span));
        span
    }
}

/// Follows an unescaped JSON Pointer from a node.
pub(super) fn descend(document: &Document, from: NodeId, tokens: &[String]) -> Option<NodeId> {
    tokens.iter().try_fold(from, |node, token| document.child(node, token))
}

#[cfg(test)]
mod tests;
