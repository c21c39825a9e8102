//! Schema resources: what `$id` names, and the anchors in them.
//!
//! A file is a resource of its own, named by its place in the snapshot; a schema with an identifier
//! opens another one inside (JSON Schema Core 2020-12, 9.2.1).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jsonschema::{Uri, uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Dialect;
use super::dialect::Declaration;
use super::positions::subschemas;
use crate::document::{Document, NodeId, Place, Value};
use crate::source::{FileId, RepoPath, Span};

/// A resource among [`Resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ResourceId(usize);

/// A schema that has a URI of its own, or a file.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Its root.
    pub(super) place: Place,
    /// Where the root is written.
    pub(super) span: Span,
    /// What references inside it are resolved against; without fragment.
    pub(super) uri: Uri<String>,
    /// The dialect that it or a resource around it declares.
    pub(super) dialect: Option<Dialect>,
    /// Plain names in it.
    pub(super) anchors: BTreeMap<Arc<str>, Anchor>,
    /// Whether it says `$recursiveAnchor: true` at its root.
    pub(super) recursive: bool,
    /// Whether it is the file itself, not something that an identifier named.
    pub(super) is_file: bool,
}

/// A part of a file that is written in one draft.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Where it begins.
    pub(super) node: NodeId,
    /// Its draft.
    pub(super) dialect: Dialect,
    /// Where parts in other drafts begin in it.
    pub(super) others: Vec<NodeId>,
}

/// A schema with a plain name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    /// The schema.
    pub(super) node: NodeId,
    /// Whether `$dynamicRef` may be redirected to it.
    pub(super) dynamic: bool,
}

/// Every resource of the files that were indexed.
#[derive(Clone, Debug, Default)]
pub(super) struct Resources {
    all: Vec<Resource>,
    by_uri: HashMap<String, ResourceId>,
    by_file: HashMap<FileId, Vec<ResourceId>>,
    scanned: HashSet<Place>,
    /// The addresses that descriptions give themselves.
    own: HashMap<FileId, Uri<String>>,
    /// Schemas that claim what another schema has claimed before: the later, then the first.
    clashes: Vec<(ResourceId, ResourceId)>,
    /// Schemas with a plain name that another schema of the resource has.
    same_names: Vec<(Place, Arc<str>)>,
    /// What the metaschemas that a file calls by these words are written in.
    settled: HashMap<(FileId, String), Option<Dialect>>,
    /// The files whose metaschemas were looked for.
    looked_through: HashSet<FileId>,
}

/// Bytes of a path that a URI must escape.
const UNSAFE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Resources {
    /// The resource; ids are made here and resources never removed.
    pub(super) fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.all.get(id.0)
    }

    /// The resource of this URI, if it is known.
    pub(super) fn find(&self, uri: &Uri<String>) -> Option<ResourceId> {
        self.by_uri.get(uri.as_str()).copied()
    }

    /// The schemas that claim what another one claims, and that one; told once.
    pub(super) fn clashes(&mut self) -> Vec<(Resource, Resource)> {
        let clashes = std::mem::take(&mut self.clashes);
        let both = clashes.into_iter().filter_map(|(later, first)| {
            Some((self.get(later)?.clone(), self.get(first)?.clone()))
        });
        both.collect()
    }

    /// The schemas with a plain name that another one of their resource has; told once.
    pub(super) fn same_names(&mut self) -> Vec<(Place, Arc<str>)> {
        std::mem::take(&mut self.same_names)
    }

    /// Adds a file, if it is new, and every identifier below its root if the file is a schema.
    ///
    /// Returns the resource that its root belongs to.
    pub(super) fn add_file(
        &mut self,
        file: FileId,
        path: &RepoPath,
        document: &Document,
        dialect: Dialect,
    ) -> Option<ResourceId> {
        if !self.by_file.contains_key(&file) {
            let place = Place { file, node: document.root() };
            let uri = file_uri(path)?;
            self.add(place, document, uri, None, true);
            match dialect {
                Dialect::OpenApi20 | Dialect::OpenApi20Parameter | Dialect::OpenApi30 => {}
                Dialect::OpenApi31 => {
                    self.note_own_address(file, document);
                    // A file beside a description is one schema, or holds some.
                    if document.get(document.root(), "openapi").is_some() {
                        self.scan_components(file, document);
                    } else {
                        self.scan(place, document, dialect);
                    }
                }
                Dialect::Draft4
                | Dialect::Draft6
                | Dialect::Draft7
                | Dialect::Draft201909
                | Dialect::Draft202012 => self.scan(place, document, dialect),
            }
        }
        self.around(document.span(document.root()))
    }

    /// Finds the identifiers and anchors of a schema and of everything below it; once.
    pub(super) fn scan(&mut self, place: Place, document: &Document, dialect: Dialect) {
        if dialect.identifier().is_none() || self.scanned.contains(&place) {
            return;
        }
        let Some(outer) = self.around(document.span(place.node)) else { return };
        let declared = self.get(outer).and_then(|resource| resource.dialect);
        let mut pending = vec![(place.node, outer, declared.unwrap_or(dialect))];
        while let Some((node, resource, dialect)) = pending.pop() {
            let place = Place { file: place.file, node };
            if !self.scanned.insert(place) {
                continue;
            }
            let (resource, dialect) = self.enter(place, document, resource, dialect);
            let below = subschemas(document, node, dialect);
            pending.extend(below.into_iter().map(|node| (node, resource, dialect)));
        }
    }

    /// Whether nobody looked for the metaschemas that a file names before.
    pub(super) fn is_new(&mut self, file: FileId) -> bool {
        self.looked_through.insert(file)
    }

    /// Whether it was asked what the metaschema is written in that a file calls so.
    pub(super) fn is_settled(&self, file: FileId, uri: &str) -> bool {
        self.settled.contains_key(&(file, uri.to_owned()))
    }

    /// What schemas of a file are written in that name this metaschema; `None` where nobody knows.
    pub(super) fn settle(&mut self, file: FileId, uri: &str, dialect: Option<Dialect>) {
        self.settled.insert((file, uri.to_owned()), dialect);
    }

    /// What the metaschema is written in that a file calls so.
    pub(super) fn dialect_of(&self, file: FileId, uri: &str) -> Option<Dialect> {
        self.settled.get(&(file, uri.to_owned())).copied().flatten()
    }

    /// What a schema is written in, as far as it says so.
    fn declared(&self, document: &Document, node: NodeId) -> Option<Dialect> {
        match Dialect::declared(document, node) {
            Declaration::Known(found) => Some(found),
            Declaration::Absent => None,
            Declaration::Unknown(uri) => self.dialect_of(document.file(), uri),
        }
    }

    /// The innermost resource around a span; `None` only for a file that was never added.
    pub(super) fn around(&self, span: Span) -> Option<ResourceId> {
        let candidates = self.by_file.get(&span.file)?;
        if let [only] = candidates.as_slice() {
            return Some(*only);
        }
        let encloses = |id: &&ResourceId| {
            self.get(**id).is_some_and(|it| {
                it.is_file || (it.span.start <= span.start && span.end <= it.span.end)
            })
        };
        let size = |id: &&ResourceId| {
            self.get(**id).map(|it| (!it.is_file, u32::MAX - (it.span.end - it.span.start)))
        };
        candidates.iter().filter(encloses).max_by_key(size).copied()
    }

    /// The parts of a file that are each written in one draft (JSON Schema Core 2020-12, 9.3.2);
    /// `usual` is that of what declares none.
    pub(super) fn parts(&self, file: FileId, usual: Dialect) -> Vec<Part> {
        let ids = self.by_file.get(&file).into_iter().flatten();
        let mut resources: Vec<&Resource> = ids.filter_map(|id| self.get(*id)).collect();
        // From the outside to the inside; what names the root says more than the file itself.
        resources.sort_by_key(|it| (it.span.start, std::cmp::Reverse(it.span.end), it.is_file));
        resources.dedup_by_key(|it| it.place);
        let mut parts: Vec<Part> = Vec::new();
        let mut around: Vec<(Span, usize)> = Vec::new();
        for resource in resources {
            let (span, node) = (resource.span, resource.place.node);
            around.retain(|(outer, _)| span.end <= outer.end);
            let dialect = resource.dialect.unwrap_or(usual);
            let outer = around.last().map(|(_, part)| *part);
            let known =
                outer.filter(|part| parts.get(*part).is_some_and(|it| it.dialect == dialect));
            let part = known.unwrap_or(parts.len());
            if known.is_none() {
                if let Some(outer) = outer.and_then(|outer| parts.get_mut(outer)) {
                    outer.others.push(node);
                }
                parts.push(Part { node, dialect, others: Vec::new() });
            }
            around.push((span, part));
        }
        parts
    }

    /// Reads what one schema object says of identity; the resource and dialect that hold in it.
    fn enter(
        &mut self,
        place: Place,
        document: &Document,
        outer: ResourceId,
        dialect: Dialect,
    ) -> (ResourceId, Dialect) {
        let node = place.node;
        let text = |word: &str| document.get(node, word).and_then(|value| document.string(value));
        let alone = |dialect: Dialect| dialect.reference_stands_alone() && text("$ref").is_some();
        let declared = self.declared(document, node);
        let is_root = self.get(outer).is_some_and(|it| it.place == place);
        let inside = declared.unwrap_or(dialect);
        let identifier = inside.identifier().filter(|_| !alone(inside)).and_then(text);
        let (base, fragment) = identifier.map_or(("", ""), split);
        let mut resource = outer;
        if !base.is_empty()
            && let Some(uri) = self.get(outer).and_then(|it| resolve(&it.uri, base))
        {
            let inherited = self.get(outer).and_then(|it| it.dialect);
            resource = self.add(place, document, uri, declared.or(inherited), false);
            self.note_own_name(place.file, (outer, resource), base);
        } else if let Some(declared) = declared.filter(|_| is_root)
            && let Some(root) = self.all.get_mut(outer.0)
        {
            root.dialect = Some(declared);
        }
        let dialect = if resource != outer || is_root { inside } else { dialect };
        self.note_anchors(resource, document, node, dialect, fragment);
        (resource, dialect)
    }

    fn note_anchors(
        &mut self,
        id: ResourceId,
        document: &Document,
        node: NodeId,
        dialect: Dialect,
        fragment: &str,
    ) {
        let Some(resource) = self.all.get_mut(id.0) else { return };
        let (place, same_names) = (Place { node, ..resource.place }, &mut self.same_names);
        let mut claim = |name: &str, dynamic: bool| {
            let known = resource.anchors.entry(name.into()).or_insert(Anchor { node, dynamic });
            known.dynamic |= dynamic && known.node == node;
            if known.node != node {
                same_names.push((place, name.into()));
            }
        };
        if dialect.anchors_in_identifier() {
            if !fragment.is_empty() && !fragment.starts_with('/') {
                claim(fragment, false);
            }
            return;
        }
        let text = |word: &str| document.get(node, word).and_then(|value| document.string(value));
        if let Some(name) = text("$anchor") {
            claim(name, false);
        }
        if dialect == Dialect::Draft201909 {
            let says = document.get(node, "$recursiveAnchor").map(|value| document.value(value));
            resource.recursive |= node == resource.place.node && says == Some(Value::Boolean(true));
        } else if let Some(name) = text("$dynamicAnchor") {
            claim(name, true);
        }
    }

    /// The address that a description gives itself leads to its file (OpenAPI 3.2.0, Establishing the
    /// Base URI).
    fn note_own_address(&mut self, file: FileId, document: &Document) {
        let own = document.get(document.root(), "$self").and_then(|own| document.string(own));
        let Some(own) = own.filter(|own| !own.is_empty()) else { return };
        let id = self.by_file.get(&file).and_then(|ids| ids.first()).copied();
        let Some(id) = id else { return };
        if let Some(uri) = self.get(id).and_then(|it| resolve(&it.uri, split(own).0)) {
            self.by_uri.entry(uri.as_str().to_owned()).or_insert(id);
            self.own.insert(file, uri);
        }
    }

    /// A schema of a description is named by its address too.
    fn note_own_name(&mut self, file: FileId, (outer, id): (ResourceId, ResourceId), base: &str) {
        let is_outermost = self.get(outer).is_some_and(|outer| outer.is_file);
        let own = self.own.get(&file).filter(|_| is_outermost);
        if let Some(uri) = own.and_then(|own| resolve(own, base)) {
            self.by_uri.entry(uri.as_str().to_owned()).or_insert(id);
        }
    }

    /// What a reference in a description means by the address that the description gives itself.
    pub(super) fn find_from_own(&self, file: FileId, reference: &str) -> Option<ResourceId> {
        self.find(&resolve(self.own.get(&file)?, reference)?)
    }

    fn scan_components(&mut self, file: FileId, document: &Document) {
        let text = document.text();
        if !["$id", "$anchor", "$dynamicAnchor"].iter().any(|word| text.contains(word)) {
            return;
        }
        let components = document.get(document.root(), "components");
        let schemas = components.and_then(|components| document.get(components, "schemas"));
        for member in schemas.iter().flat_map(|schemas| document.members(*schemas)) {
            self.scan(Place { file, node: member.value }, document, Dialect::OpenApi31);
        }
    }

    fn add(
        &mut self,
        place: Place,
        document: &Document,
        uri: Uri<String>,
        dialect: Option<Dialect>,
        is_file: bool,
    ) -> ResourceId {
        let id = ResourceId(self.all.len());
        // The first to claim a URI keeps it, as a duplicate is an error of the author's.
        let first = *self.by_uri.entry(uri.as_str().to_owned()).or_insert(id);
        let is_elsewhere = |first: &Resource| !first.is_file && !is_file && first.place != place;
        if self.get(first).is_some_and(is_elsewhere) {
            self.clashes.push((id, first));
        }
        self.by_file.entry(place.file).or_default().push(id);
        let (anchors, span) = (BTreeMap::new(), document.span(place.node));
        let recursive = false;
        self.all.push(Resource { place, span, uri, dialect, anchors, recursive, is_file });
        id
    }
}

/// What stands for a folder above the root of the snapshot in the URIs of files.
const ABOVE: &str = "%5E/";
/// By how many folders a file that is referred to may lie above the root.
const MAX_CLIMBS: usize = 16;

/// The made-up URI of a file of the snapshot, or of one above it.
pub(super) fn file_uri(path: &RepoPath) -> Option<Uri<String>> {
    // A URI cannot climb above its root, so the root of the snapshot lies some folders deep.
    let above = ABOVE.repeat(MAX_CLIMBS.checked_sub(path.climbs())?);
    let path = path.as_str().trim_start_matches("../");
    let path = utf8_percent_encode(path, UNSAFE);
    uri::from_str(&format!("snapshot:///{above}{path}")).ok()
}

/// Resolves a reference without fragment against a base.
pub(super) fn resolve(base: &Uri<String>, reference: &str) -> Option<Uri<String>> {
    uri::resolve_against(&base.borrow(), reference).ok()
}

/// The fragment by which an address leads into the description at `root` itself, which says that it
/// lies at `own`; `from` is the file in which the address is written (OpenAPI 3.2.0, Establishing the
/// Base URI).
pub fn own_fragment<'a>(
    (root, own): (&RepoPath, &str),
    from: &RepoPath,
    address: &'a str,
) -> Option<&'a str> {
    let own = resolve(&file_uri(root)?, split(own).0)?;
    let (address, fragment) = split(address);
    let base = if from == root { own.clone() } else { file_uri(from)? };
    (!address.is_empty() && resolve(&base, address)? == own).then_some(fragment)
}

/// A reference without its fragment, and the fragment.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}
