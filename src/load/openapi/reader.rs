//! What every part of the loader needs: following references, reading members, saying what is wrong.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::node::Node;
use super::version::Version;
use crate::document::{DocumentError, DocumentErrorKind, Documents, Place};
use crate::load::json_schema::{Dialect, SchemaReader, json, own_fragment};
use crate::load::{Gap, Problem, ProblemKind};
use crate::model::{
    Body, Json, Operation, Parameter, Response, Scheme, Shape, ShapeId, Stated, Unread,
};
use crate::source::{RepoPath, Span};

/// Reads one description; grows the list of operations and problems.
pub(super) struct Reader<'s> {
    pub(super) documents: Documents<'s>,
    pub(super) schemas: SchemaReader,
    pub(super) root: Node,
    pub(super) version: Version,
    /// What schemas are written in that do not say it themselves.
    pub(super) dialect: Dialect,
    pub(super) operations: Vec<Operation>,
    pub(super) problems: Vec<Problem>,
    told: HashMap<(Span, String), usize>,
    /// What is not known, and of which operation.
    pub(super) gaps: Vec<Gap>,
    /// The path items that are being read, each inside a callback of the one before.
    pub(super) entered: Vec<Place>,
    /// The operation that is being read, for people.
    pub(super) subject: Arc<str>,
    /// What is left of [`MAX_EFFECTIVE`]; `None` once it was exceeded.
    allowance: Option<usize>,
    /// The schemes that the description declares, by name.
    pub(super) schemes: HashMap<Arc<str>, Scheme>,
    /// The schemes that some requirement names.
    pub(super) required: HashSet<Arc<str>>,
    /// What references lead to.
    pub(super) reached: HashSet<Place>,
    pub(super) known: Known,
    /// Where the description lies, and the address that it gives itself (3.2 `$self`).
    pub(super) own_address: Option<(RepoPath, Arc<str>)>,
}

/// What was read before and is reached again: an element that a thousand operations refer to is
/// read, and its problems are reported, once.
#[derive(Default)]
pub(super) struct Known {
    pub(super) parameters: HashMap<Place, Option<Parameter>>,
    pub(super) bodies: HashMap<Place, Body>,
    pub(super) responses: HashMap<Place, Response>,
    /// What each of them lacks.
    gaps: HashMap<Place, Vec<Gap>>,
}

/// How many references may stand behind each other before they are taken for a cycle.
pub(super) const MAX_HOPS: usize = 64;

/// `max-effective`: how many servers, requirements, parameters, responses and payloads may be in
/// effect, each counted once for each operation. What operations share is given to each of them,
/// so that a short text could ask for a very long list.
const MAX_EFFECTIVE: usize = 4_000_000;

impl<'s> Reader<'s> {
    /// A reader that has read nothing.
    pub(super) fn new(documents: Documents<'s>, root: Node, version: Version) -> Self {
        Self {
            documents,
            schemas: SchemaReader::default(),
            root,
            version,
            dialect: Dialect::OpenApi31,
            entered: Vec::new(),
            operations: Vec::new(),
            problems: Vec::new(),
            told: HashMap::new(),
            gaps: Vec::new(),
            subject: "".into(),
            allowance: Some(MAX_EFFECTIVE),
            schemes: HashMap::new(),
            required: HashSet::new(),
            reached: HashSet::new(),
            known: Known::default(),
            own_address: None,
        }
    }

    /// Something is read in the closest sense.
    pub(super) fn warn(&mut self, span: Span, message: impl Into<String>) {
        self.report(ProblemKind::Warning, span, message.into());
    }

    /// Something cannot be read; the message names the operation that lacks it, the first where
    /// there are several.
    pub(super) fn lose(&mut self, span: Span, message: impl Into<String>) {
        self.report(ProblemKind::Part, span, message.into());
    }

    /// Adds a problem, once for each place and message; answers which one it is.
    fn report(&mut self, kind: ProblemKind, span: Span, message: String) -> usize {
        let next = self.problems.len();
        let problem = *self.told.entry((span, message.clone())).or_insert(next);
        if problem == next {
            let is_named = kind == ProblemKind::Part && !self.subject.is_empty();
            let message = if is_named { format!("{}: {message}", self.subject) } else { message };
            self.problems.push(Problem { kind, message, span: Some(span), path: None });
        }
        if kind > ProblemKind::Warning {
            self.leave(span, problem);
        }
        problem
    }

    /// Something is not known at a place, of the operation that is being read, because of a problem.
    fn leave(&mut self, at: Span, problem: usize) {
        let owner = Some(Arc::clone(&self.subject));
        let gap = Gap { at, problem, reason: "".into(), owner };
        if self.gaps.last() != Some(&gap) {
            self.gaps.push(gap);
        }
    }

    /// Takes so many elements from what may be in effect; `false` where nothing is left, which is
    /// reported once.
    pub(super) fn afford(&mut self, elements: usize, at: Span) -> bool {
        let left = self.allowance.and_then(|left| left.checked_sub(elements));
        if left.is_some() {
            self.allowance = left;
            return true;
        }
        if self.allowance.take().is_some() {
            let message = format!(
                "more is in effect than the limit max-effective = {MAX_EFFECTIVE}: not read further"
            );
            self.report(ProblemKind::Refused, at, message);
        }
        false
    }

    /// Keeps what an element lacks of which so many gaps were met before, for its other users.
    pub(super) fn keep_gaps(&mut self, element: Place, before: usize) {
        if let Some(found) = self.gaps.get(before..).filter(|found| !found.is_empty()) {
            self.known.gaps.insert(element, found.to_vec());
        }
    }

    /// An element that was read before lacks for this operation what it lacked for the first.
    pub(super) fn meet_gaps(&mut self, element: Place) {
        let known = self.known.gaps.get(&element).cloned();
        for Gap { at, problem, .. } in known.into_iter().flatten() {
            self.leave(at, problem);
        }
    }

    /// A document error as a problem of this description, met by what refers to it.
    fn fail(&mut self, error: &DocumentError, holder: Span) {
        let kind = match error.kind {
            DocumentErrorKind::Malformed | DocumentErrorKind::Dangling => ProblemKind::Part,
            DocumentErrorKind::Limit | DocumentErrorKind::Outside => ProblemKind::Refused,
        };
        let problem = self.report(kind, error.span, error.message.clone());
        self.leave(holder, problem);
    }

    /// The object meant: the node itself, or what its `$ref` leads to. Beside a `$ref` nothing but
    /// `summary` and `description` means anything (OAS 3.1 §4.8.23; in 3.0 nothing at all).
    ///
    /// `None` where no object is found; that is reported.
    pub(super) fn follow(&mut self, node: &Node) -> Option<Node> {
        let mut current = node.clone();
        for _ in 0..MAX_HOPS {
            if !current.is_object() {
                self.lose(current.span(), "an object is expected here");
                return None;
            }
            let Some(reference) = current.get("$ref") else { return Some(current) };
            self.warn_of_siblings(&current);
            current = self.resolve(&reference, node)?;
        }
        self.lose(node.span(), "the reference leads to nothing but other references");
        None
    }

    /// The node that the `$ref` of an object leads to, whatever it is.
    pub(super) fn resolve(&mut self, reference: &Node, holder: &Node) -> Option<Node> {
        let Some(text) = reference.string() else {
            self.lose(reference.span(), "`$ref` takes a string");
            return None;
        };
        self.resolve_text(text, reference, holder)
    }

    /// The node that this address leads to from where `at` is written, in what it stands for.
    pub(super) fn resolve_text(&mut self, address: &str, at: &Node, holder: &Node) -> Option<Node> {
        let from = self.documents.files().get(at.place().file).map(|file| &file.path);
        let own = self.own_address.as_ref().zip(from);
        let local = own.and_then(|((root, own), from)| own_fragment((root, own), from, address));
        let local = local.map(|fragment| format!("#{fragment}"));
        let address = local.as_deref().unwrap_or(address);
        match self.documents.resolve(at.place().file, address, at.span()) {
            Ok(place) => {
                self.reached.insert(place);
                let document = self.documents.document(place.file)?;
                Some(Node::new(document, place.node))
            }
            Err(error) => {
                self.fail(&error, holder.span());
                None
            }
        }
    }

    /// The node that a `$ref` leads to; silent where it leads nowhere.
    pub(super) fn quietly(&mut self, reference: &Node) -> Option<Node> {
        let place = reference.place();
        let found = self.documents.resolve(place.file, reference.string()?, reference.span());
        let place = found.ok()?;
        self.reached.insert(place);
        Some(Node::new(self.documents.document(place.file)?, place.node))
    }

    fn warn_of_siblings(&mut self, node: &Node) {
        let matters = |name: &str| {
            !matches!(name, "$ref" | "summary" | "description") && !name.starts_with("x-")
        };
        let ignored = node.members().find(|(name, _, _)| matters(name));
        if let Some((name, span, _)) = ignored {
            self.warn(span, format!("`{name}` beside `$ref` is ignored"));
        }
    }

    /// The member of this name; `null` counts as absent and is reported.
    pub(super) fn member(&mut self, node: &Node, name: &str) -> Option<Node> {
        let member = node.get(name)?;
        if member.is_null() {
            self.warn(member.span(), format!("`{name}` is null: read as absent"));
            return None;
        }
        Some(member)
    }

    /// The member of this name where it is an object. Whole maps behind a `$ref` are no part of the
    /// specification, and descriptions in many files have them.
    pub(super) fn object(&mut self, node: &Node, name: &str) -> Option<Node> {
        let member = self.member(node, name)?;
        if member.get("$ref").is_some_and(|reference| reference.string().is_some()) {
            return self.follow(&member);
        }
        if member.is_object() {
            return Some(member);
        }
        self.lose(member.span(), format!("`{name}` takes an object"));
        None
    }

    /// The elements of the member of this name where it is an array; `None` where it is absent.
    pub(super) fn list(&mut self, node: &Node, name: &str) -> Option<Vec<Node>> {
        let member = self.member(node, name)?;
        if member.is_array() {
            return Some(member.elements().collect());
        }
        self.lose(member.span(), format!("`{name}` takes an array"));
        None
    }

    /// A boolean member and where it is said.
    pub(super) fn flag(&mut self, node: &Node, name: &str) -> Option<Stated<bool>> {
        let member = self.member(node, name)?;
        let span = member.span();
        match member.scalar().as_deref() {
            Some("true") => Some(Stated { value: true, span }),
            Some("false") => Some(Stated { value: false, span }),
            Some(_) | None => {
                self.warn(span, format!("`{name}` takes true or false: ignored"));
                None
            }
        }
    }

    /// A boolean member that means `false` where nothing is said.
    pub(super) fn flag_or_false(&mut self, node: &Node, name: &str) -> Stated<bool> {
        self.flag(node, name).unwrap_or(Stated { value: false, span: node.span() })
    }

    /// A text member and where it is said; numbers and booleans count by their text.
    pub(super) fn word(&mut self, node: &Node, name: &str) -> Option<Stated<Arc<str>>> {
        let member = self.member(node, name)?;
        let span = member.span();
        if let Some(value) = member.scalar() {
            return Some(Stated { value, span });
        }
        self.warn(span, format!("`{name}` takes a string: ignored"));
        None
    }

    /// The shape of the schema that is written here.
    pub(super) fn shape(&mut self, schema: &Node) -> ShapeId {
        self.schemas.read(&mut self.documents, schema.place(), self.dialect)
    }

    /// A shape of a schema that cannot be read: comparing it is undecided.
    pub(super) fn unread_shape(&mut self, span: Span, reason: &str) -> ShapeId {
        let unread = vec![Unread { reason: reason.into(), span }];
        self.schemas.shapes_mut().add(Shape { unread, ..Shape::anything(span) })
    }

    /// A value that is data: no reference in it is resolved.
    pub(super) fn data(&mut self, node: &Node) -> Option<Json> {
        match json(node.document(), node.id()) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.warn(node.span(), format!("this example is not used: {reason}"));
                None
            }
        }
    }
}
