//! Texts to trees and trees to the model.
//!
//! Files are taken in groups, each behind what it imports, and the trees of a group are gone before
//! those of the next are made. Four passes over a group: every type gets its id and name; fields,
//! extensions and methods get their types; options get their values, for which the extensions must
//! be known. At last the whole is checked.

mod aims;
mod allowed;
mod builtin;
mod check;
mod clash;
mod declare;
mod field;
mod fit;
mod hidden;
mod lifetimes;
mod map_entry;
mod merging;
mod names;
mod naming;
mod option;
mod packages;
mod required;
mod restrict;
mod service;
mod terms;
mod unseen;
mod value;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

pub(super) use self::names::json_name;

use self::aims::{Aims, Bearer};
use super::features::Features;
use super::order::Imports;
use super::parser::parse;
use super::scope::{Found, Scopes, SymbolKind, Wanted};
use super::syntax::{ExtendNode, MessageBody, ProtoFile, Setting, Word};
use super::tree::{Origin, ReadFile};
use super::unit::{Unit, check_circles, check_runtimes, part};
use crate::document::{DocumentError, unsettled};
use crate::load::{Problem, ProblemKind};
use crate::model::{
    EnumId, Legibility, Message, MessageId, MessageKind, Messages, Operation, Visibility,
};
use crate::source::Span;

/// What the files promise.
pub(super) struct Resolved {
    pub(super) messages: Messages,
    pub(super) operations: Vec<Operation>,
}

/// Parses and resolves the files of one contract.
pub(super) fn resolve(read: &[ReadFile], problems: &mut Vec<Problem>) -> Resolved {
    let mut imports = Imports::of(read);
    let mut known = Known::nothing(read);
    known.resolve(read, &imports);
    if known.await_unseen(&mut imports) {
        // A name of a file that is not imported was looked up before that file was declared.
        known = Known::nothing(read);
        known.resolve(read, &imports);
    }
    let Known { mut messages, operations, problems: found, mut scopes, .. } = known;
    problems.extend(found);
    check::check(&messages, &mut scopes, problems);
    messages.messages.shrink_to_fit();
    Resolved { messages, operations }
}

/// What is known from the groups of files so far.
struct Known {
    units: Vec<Unit>,
    scopes: Scopes,
    messages: Messages,
    operations: Vec<Operation>,
    problems: Vec<Problem>,
    /// Names that nothing has declared so far.
    unknown: Vec<Unknown>,
    /// What stands for the types of such names.
    unseen: HashMap<Arc<str>, MessageId, RandomState>,
    /// What options say of where they may be set.
    aims: Aims,
}

/// A name that was looked up in vain.
struct Unknown {
    name: String,
    scope: Arc<str>,
    unit: usize,
    wanted: Wanted,
}

impl Known {
    fn nothing(read: &[ReadFile]) -> Self {
        let files = read.iter().map(declare::unparsed_file).collect();
        Self {
            units: read.iter().map(Unit::unparsed).collect(),
            scopes: Scopes::of(read),
            messages: Messages { files, ..Messages::default() },
            operations: Vec::new(),
            problems: Vec::new(),
            unknown: Vec::new(),
            unseen: HashMap::default(),
            aims: Aims::default(),
        }
    }

    fn resolve(&mut self, read: &[ReadFile], imports: &Imports) {
        for group in imports.groups() {
            let mut trees = Vec::with_capacity(group.len());
            for index in group {
                let Some(file) = read.get(index).filter(|file| !file.is_torn()) else { continue };
                let (tree, mut found) = parse(file.id, &file.text);
                if let Some(mark) = unsettled(&file.text).filter(|_| !found.is_empty()) {
                    // Whatever else is wrong comes of it.
                    let DocumentError { kind: _, message, span } = mark.in_file(file.id);
                    found = vec![part(message, span)];
                }
                let torn = found.iter().any(|problem| problem.kind > ProblemKind::Warning);
                if let Some(declared) = self.messages.files.get_mut(index).filter(|_| torn) {
                    declared.legibility = Legibility::Torn;
                }
                self.problems.append(&mut found);
                if let Some(unit) = self.units.get_mut(index) {
                    unit.learn(&tree, file, &mut self.problems);
                }
                trees.push((index, tree));
            }
            check_circles(&trees, &self.units, &mut self.problems);
            self.scopes.turn_to(trees.iter().map(|(unit, _)| *unit), &self.units);
            Resolver::new(self, read, &trees).run();
            check_runtimes(&trees, read, &self.messages, &mut self.problems);
        }
    }

    /// Has files wait for those that declare what they name without importing it; answers whether
    /// that changes anything.
    fn await_unseen(&self, imports: &mut Imports) -> bool {
        let mut changed = false;
        for Unknown { name, scope, unit, wanted } in &self.unknown {
            if let Some(symbol) = self.scopes.find_unseen(name, scope, *wanted) {
                changed |= imports.wait(*unit, symbol.unit);
            }
        }
        changed
    }
}

/// One group of files under resolution.
struct Resolver<'t, 'k> {
    trees: &'t [(usize, ProtoFile<'t>)],
    read: &'k [ReadFile],
    units: &'k [Unit],
    scopes: &'k mut Scopes,
    messages: &'k mut Messages,
    operations: &'k mut Vec<Operation>,
    problems: &'k mut Vec<Problem>,
    unknown: &'k mut Vec<Unknown>,
    unseen: &'k mut HashMap<Arc<str>, MessageId, RandomState>,
    aims: &'k mut Aims,
    /// Whose options are being interpreted.
    bearer: Option<Bearer>,
    /// Declared messages whose fields are yet to be resolved.
    bodies: Vec<Body<'t>>,
    /// Extensions that are yet to be resolved.
    extends: Vec<Extending<'t>>,
    /// Options that are yet to be interpreted.
    settings: Vec<Settings<'t>>,
}

/// Where something stands: in which file, in which scope, under which features.
#[derive(Clone)]
struct Place {
    unit: usize,
    scope: Arc<str>,
    parent: Option<MessageId>,
    features: Features,
}

struct Body<'t> {
    id: MessageId,
    place: Place,
    node: &'t MessageBody<'t>,
}

struct Extending<'t> {
    place: Place,
    node: &'t ExtendNode<'t>,
}

struct Settings<'t> {
    holder: Holder,
    unit: usize,
    scope: Arc<str>,
    given: &'t [Setting<'t>],
}

/// Whose options they are.
#[derive(Clone, Copy)]
enum Holder {
    File(usize),
    Message(MessageId),
    Terms(MessageId, usize),
    Field(MessageId, usize),
    Oneof(MessageId, usize),
    Extension(usize),
    Enum(EnumId),
    EnumValue(EnumId, usize),
    Service(usize),
    Method(usize),
}

impl<'t, 'k> Resolver<'t, 'k> {
    fn new(
        known: &'k mut Known,
        read: &'k [ReadFile],
        trees: &'t [(usize, ProtoFile<'t>)],
    ) -> Self {
        let Known { units, scopes, messages, operations, problems, unknown, unseen, aims } = known;
        let (bodies, extends, settings) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            trees,
            read,
            units,
            scopes,
            messages,
            operations,
            problems,
            unknown,
            unseen,
            aims,
            bearer: None,
            bodies,
            extends,
            settings,
        }
    }

    fn run(mut self) {
        self.declare_all();
        self.resolve_extensions();
        self.resolve_fields();
        self.resolve_services();
        self.interpret_options();
    }
}

impl<'t> Resolver<'t, '_> {
    fn report(&mut self, kind: ProblemKind, span: Span, message: String) {
        self.problems.push(Problem { kind, message, span: Some(span), path: None });
    }

    fn part(&mut self, span: Span, message: String) {
        self.report(ProblemKind::Part, span, message);
    }

    /// Whether the file is what somebody wrote, and not what a compiler made of it.
    fn is_written(&self, unit: usize) -> bool {
        self.read.get(unit).is_some_and(|file| file.origin == Origin::Written)
    }

    fn later(&mut self, holder: Holder, place: &Place, settings: &'t [Setting<'t>]) {
        if !settings.is_empty() {
            let scope = Arc::clone(&place.scope);
            self.settings.push(Settings { holder, unit: place.unit, scope, given: settings });
        }
    }

    /// The type of this name, written at this place; what is not found is told, and something stands
    /// for it: what the field is besides its type is compared all the same.
    fn find_type(&mut self, word: &Word<'_>, place: &Place) -> SymbolKind {
        match self.scopes.find(&word.text, &place.scope, place.unit, Wanted::Type) {
            Some(Found::Visible(symbol)) => {
                if symbol.unit != place.unit && symbol.visibility == Visibility::Local {
                    self.part(word.span, format!("`{}` is local to its file", word.text));
                }
                symbol.kind
            }
            Some(Found::ForOptions(symbol)) => {
                let message = format!("`{}` is imported for options only", word.text);
                self.part(word.span, message);
                symbol.kind
            }
            Some(Found::Hidden(symbol)) => {
                let path = self.units.get(symbol.unit).map_or("", |unit| &unit.import_path);
                let message =
                    format!("`{}` is declared in `{path}`, which is not imported", word.text);
                // What is imported under another name than it has here cannot be told from what is
                // not imported.
                let kind = self.undeclared(place);
                self.report(kind, word.span, message);
                symbol.kind
            }
            None => {
                self.note_unknown(word, place, Wanted::Type);
                let kind = self.undeclared(place);
                let mut message = format!("`{}` is not declared", word.text);
                if kind == ProblemKind::Warning {
                    message +=
                        " here; it is taken for a message, and what it holds is not compared";
                }
                self.report(kind, word.span, message);
                SymbolKind::Message(self.unseen(word, place))
            }
        }
    }

    /// Tells of the name of a map's entry: it is nobody's to use.
    fn tell_entry(&mut self, word: &Word<'_>, kind: SymbolKind) {
        let SymbolKind::Message(id) = kind else { return };
        let message = self.messages.messages.get(index(id.0));
        if message.is_some_and(|message| message.kind == MessageKind::MapEntry) {
            let message = format!("`{}` is the entry of a map: write `map<…>` instead", word.text);
            self.part(word.span, message);
        }
    }

    /// How bad it is that something is not declared: where an import is missing, that is what is wrong.
    fn undeclared(&self, place: &Place) -> ProblemKind {
        let lacks = self.units.get(place.unit).is_some_and(|unit| unit.lacks_import);
        if lacks { ProblemKind::Warning } else { ProblemKind::Part }
    }

    fn note_unknown(&mut self, word: &Word<'_>, place: &Place, wanted: Wanted) {
        let (name, scope) = (word.text.to_string(), Arc::clone(&place.scope));
        self.unknown.push(Unknown { name, scope, unit: place.unit, wanted });
    }

    fn find_message(&mut self, word: &Word<'_>, place: &Place) -> Option<MessageId> {
        match self.find_type(word, place) {
            SymbolKind::Message(id) => Some(id),
            SymbolKind::Enum(_) | SymbolKind::Service | SymbolKind::Extension(_) => {
                self.part(word.span, format!("`{}` is not a message", word.text));
                None
            }
        }
    }

    fn message_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.messages.messages.get_mut(index(id.0))
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
