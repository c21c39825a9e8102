//! The trees of all files to the model.
//!
//! Four passes: every type gets its id and name; fields, extensions and methods get their types;
//! options get their values, for which the extensions must be known; then the whole is checked.

mod check;
mod declare;
mod field;
mod map_entry;
mod names;
mod option;
mod service;
mod value;

use std::sync::Arc;

pub(super) use self::names::json_name;

use super::features::Features;
use super::scope::{Found, Scopes, SymbolKind, Wanted};
use super::syntax::{ExtendNode, MessageBody, Setting, Visibility, Word};
use super::tree::Unit;
use crate::load::{Problem, ProblemKind};
use crate::model::{EnumId, Message, MessageId, Messages, Operation};
use crate::source::Span;

/// What the trees promise.
pub(super) struct Resolved {
    pub(super) messages: Messages,
    pub(super) operations: Vec<Operation>,
}

/// Resolves the files of one contract.
pub(super) fn resolve(units: &[Unit<'_>], problems: &mut Vec<Problem>) -> Resolved {
    let mut resolver = Resolver {
        units,
        scopes: Scopes::new(units),
        messages: Messages::default(),
        operations: Vec::new(),
        bodies: Vec::new(),
        extends: Vec::new(),
        settings: Vec::new(),
        problems,
    };
    resolver.declare_all();
    resolver.resolve_extensions();
    resolver.resolve_fields();
    resolver.resolve_services();
    resolver.interpret_options();
    check::check(&resolver.messages, resolver.problems);
    let Resolver { mut messages, operations, .. } = resolver;
    messages.messages.shrink_to_fit();
    Resolved { messages, operations }
}

struct Resolver<'t, 'p> {
    units: &'t [Unit<'t>],
    scopes: Scopes<'t>,
    messages: Messages,
    operations: Vec<Operation>,
    /// Declared messages whose fields are yet to be resolved.
    bodies: Vec<Body<'t>>,
    /// Extensions that are yet to be resolved.
    extends: Vec<Extending<'t>>,
    /// Options that are yet to be interpreted.
    settings: Vec<Settings<'t>>,
    problems: &'p mut Vec<Problem>,
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
    Field(MessageId, usize),
    Extension(usize),
    Enum(EnumId),
    EnumValue(EnumId, usize),
    Service(usize),
    Method(usize),
}

impl<'t> Resolver<'t, '_> {
    fn report(&mut self, kind: ProblemKind, span: Span, message: String) {
        self.problems.push(Problem { kind, message, span: Some(span), path: None });
    }

    fn part(&mut self, span: Span, message: String) {
        self.report(ProblemKind::Part, span, message);
    }

    fn later(&mut self, holder: Holder, place: &Place, settings: &'t [Setting<'t>]) {
        if !settings.is_empty() {
            let scope = Arc::clone(&place.scope);
            self.settings.push(Settings { holder, unit: place.unit, scope, given: settings });
        }
    }

    /// The type of this name, written at this place; what is not found is told.
    fn find_type(&mut self, word: &Word<'_>, place: &Place) -> Option<SymbolKind> {
        match self.scopes.find(&word.text, &place.scope, place.unit, Wanted::Type) {
            Some(Found::Visible(symbol)) => {
                if symbol.unit != place.unit && symbol.visibility == Visibility::Local {
                    self.part(word.span, format!("`{}` is local to its file", word.text));
                }
                Some(symbol.kind)
            }
            Some(Found::Hidden(symbol)) => {
                let path = self.units.get(symbol.unit).map_or("", |unit| &unit.import_path);
                let message =
                    format!("`{}` is declared in `{path}`, which is not imported", word.text);
                self.report(ProblemKind::Warning, word.span, message);
                Some(symbol.kind)
            }
            None => {
                self.part(word.span, format!("`{}` is not declared", word.text));
                None
            }
        }
    }

    fn find_message(&mut self, word: &Word<'_>, place: &Place) -> Option<MessageId> {
        match self.find_type(word, place)? {
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
