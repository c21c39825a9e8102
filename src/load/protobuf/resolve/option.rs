//! Third pass: options get their full names and values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aims::Bearer;
use super::allowed::is_repeated;
use super::fit::Stands;
use super::merging::{add, conflicts};
use super::{Holder, Place, Resolver, Settings, index, terms};
use crate::load::protobuf::features::is_core_feature;
use crate::load::protobuf::scope::{Found, SymbolKind, Wanted};
use crate::load::protobuf::syntax::{Edition, Literal, LiteralValue, NamePart, Setting, Word};
use crate::model::{
    Cardinality, Delimiting, Exchange, Field, FieldKind, Json, Message, MessageId, Presence, Stated,
};
use crate::source::Span;

/// The options of one element, by their names.
pub(super) type Options = BTreeMap<Arc<str>, Stated<Json>>;

/// What an option or a member of one holds, as far as its declaration is known.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) kind: Option<FieldKind>,
    /// Whether values add up instead of replacing each other.
    pub(super) repeated: bool,
    /// Whether a value that is zero is the same as none.
    pub(super) implicit: bool,
    /// Where its name is declared.
    pub(super) declared: Option<Span>,
}

impl Slot {
    pub(super) const UNKNOWN: Self =
        Self { kind: None, repeated: false, implicit: false, declared: None };

    pub(super) fn of(field: &Field) -> Self {
        let repeated = match field.cardinality {
            Cardinality::Singular(_) => false,
            Cardinality::Repeated(_) | Cardinality::Map => true,
        };
        let implicit = field.cardinality == Cardinality::Singular(Presence::Implicit);
        Self { kind: Some(field.kind), repeated, implicit, declared: Some(field.name_span) }
    }
}

impl<'t> Resolver<'t, '_> {
    pub(super) fn interpret_options(&mut self) {
        for settings in std::mem::take(&mut self.settings) {
            let edition =
                self.units.get(settings.unit).map_or(Edition::Proto2, |unit| unit.edition);
            let bearer = Bearer { holder: settings.holder, edition };
            self.bearer = self.is_written(settings.unit).then_some(bearer);
            let options = self.interpret(&settings);
            if !options.is_empty() {
                self.give(settings.holder, options);
            }
        }
    }

    fn interpret(&mut self, held: &Settings<'t>) -> Options {
        let place = Place::of(held.unit, &held.scope);
        let mut options = Options::new();
        let mut messages: Vec<(String, MessageId)> = Vec::new();
        self.check_once(held.given);
        if self.is_written(held.unit) && has_lifetimes(held.holder) {
            self.check_lifetimes(held.given);
        }
        for setting in held.given {
            let Some((first, rest)) = setting.name.split_first() else { continue };
            self.check_first(held.holder, setting, &place);
            if is_resolved_elsewhere(held.holder, setting) {
                continue;
            }
            let (key, mut slot) = self.part_slot(first, None, &place);
            let key = if first.extension { format!("({key})").into() } else { key };
            slot.repeated |= is_repeated(held.holder, first);
            if let (true, Some(FieldKind::Message(id, _))) = (first.extension, slot.kind) {
                messages.push((key.to_string(), id));
            }
            let value = self.nested(rest, slot, &setting.value, &place);
            let is_features = !first.extension && first.word.text == "features";
            if let Some(style) = naming_style(&value).filter(|_| is_features) {
                add(&mut options, NAMING_STYLE.into(), style, Slot::UNKNOWN, setting);
            }
            let kept = if is_features { without_core_features(&value) } else { Some(value) };
            if let Some(value) = kept {
                let before = options.get(&key).filter(|_| first.extension && slot.kind.is_some());
                let is_again = before.is_some_and(|before| {
                    !slot.repeated && (rest.is_empty() || conflicts(&before.value, &value))
                });
                // Compilers keep the parts of an option apart.
                if is_again && self.is_written(held.unit) {
                    self.part(setting.span, "this option is set twice".to_owned());
                }
                add(&mut options, key, value, slot, setting);
            }
        }
        if self.is_written(held.unit) {
            self.check_complete(&options, &messages);
        }
        options
    }

    /// The value of an option whose name goes on: objects around the value.
    fn nested(
        &mut self,
        path: &[NamePart<'_>],
        slot: Slot,
        value: &Literal<'_>,
        place: &Place,
    ) -> Json {
        let Some((first, rest)) = path.split_first() else {
            if let Some(kind) = slot.kind {
                self.check_literal(value, kind, Stands::Alone);
            }
            let json = self.json(value, slot.kind, place);
            let listed = matches!(value.value, LiteralValue::List(_));
            return if slot.repeated && !listed { Json::array([json]) } else { json };
        };
        let is_message = matches!(slot.kind, Some(FieldKind::Message(..)));
        if slot.repeated && is_message && self.is_written(place.unit) {
            let message = "this is a list of messages, each of which is written in braces";
            self.part(first.word.span, message.to_owned());
        }
        let (key, inner) = self.part_slot(first, slot.kind, place);
        // Inside of an option an extension is called as in a literal of it.
        let key = if first.extension { format!("[{key}]").into() } else { key };
        let is_none = rest.is_empty() && self.is_none(value, inner);
        let value = self.nested(rest, inner, value, place);
        Json::object((!is_none).then_some((key, value)))
    }

    /// What a part of an option's name is called in full, and what it holds.
    fn part_slot(
        &mut self,
        part: &NamePart<'_>,
        inside: Option<FieldKind>,
        place: &Place,
    ) -> (Arc<str>, Slot) {
        if part.extension {
            return self.extension_slot(&part.word, inside, place);
        }
        let name = &*part.word.text;
        if let Some(kind) = inside
            && self.member_slot(name, inside).kind.is_none()
        {
            match kind {
                FieldKind::Message(id, _) => self.note_no_member(id, &part.word),
                FieldKind::Scalar(_) | FieldKind::Enum(_) => {
                    let message = format!("this option is no message and has no `{name}`");
                    self.part(part.word.span, message);
                }
            }
        }
        let slot = self.member_slot(name, inside);
        self.check_aim(slot, part.word.span);
        (name.into(), slot)
    }

    /// The full name of an extension and what it holds; one that is unknown is told.
    pub(super) fn extension_slot(
        &mut self,
        word: &Word<'_>,
        inside: Option<FieldKind>,
        place: &Place,
    ) -> (Arc<str>, Slot) {
        let found = self.scopes.find(&word.text, &place.scope, place.unit, Wanted::Extension);
        let symbol = match found {
            Some(Found::Visible(symbol) | Found::ForOptions(symbol) | Found::Hidden(symbol)) => {
                Some(symbol.kind)
            }
            None => {
                self.note_unknown(word, place, Wanted::Extension);
                None
            }
        };
        if let Some(SymbolKind::Extension(id)) = symbol
            && let Some(extension) = self.messages.extensions.get(id)
        {
            let (name, slot) = (Arc::clone(&extension.full_name), Slot::of(&extension.field));
            let elsewhere = match inside {
                Some(FieldKind::Message(holder, _)) => holder != extension.extendee,
                Some(FieldKind::Scalar(_) | FieldKind::Enum(_)) => true,
                None => false,
            };
            if elsewhere {
                self.part(word.span, format!("`{name}` extends another message than this one"));
            } else if let Some(Found::Hidden(symbol)) = found {
                let path = self.units.get(symbol.unit).map_or("", |unit| &unit.import_path);
                let message = format!("`{name}` is declared in `{path}`, which is not imported");
                self.report(self.undeclared(place), word.span, message);
            }
            self.check_aim(slot, word.span);
            return (name, slot);
        }
        let kind = self.undeclared(place);
        self.report(kind, word.span, format!("the option `({})` is not declared", word.text));
        (word.text.strip_prefix('.').unwrap_or(&word.text).into(), Slot::UNKNOWN)
    }

    pub(super) fn note_no_member(&mut self, id: MessageId, word: &Word<'_>) {
        let message = self.messages.messages.get(index(id.0));
        let name = message.map_or("", |message| &message.full_name);
        let message = format!("`{name}` has no field `{}`", word.text);
        self.part(word.span, message);
    }

    /// What a member of a message holds, by the member's name.
    pub(super) fn member_slot(&self, name: &str, inside: Option<FieldKind>) -> Slot {
        let Some(FieldKind::Message(id, _)) = inside else { return Slot::UNKNOWN };
        let Some(message) = self.messages.messages.get(index(id.0)) else { return Slot::UNKNOWN };
        self.member(message, name).map_or(Slot::UNKNOWN, Slot::of)
    }

    /// A field of a message as it is called in a literal: a group by its message too.
    pub(super) fn member<'m>(&self, message: &'m Message, name: &str) -> Option<&'m Field> {
        let group = |field: &&Field| {
            let FieldKind::Message(id, Delimiting::Delimited) = field.kind else { return false };
            let called = self.messages.messages.get(index(id.0)).map(|one| &*one.full_name);
            called.is_some_and(|called| called.rsplit('.').next() == Some(name))
                && field.name.eq_ignore_ascii_case(name)
        };
        let mut fields = message.fields.iter();
        fields.clone().find(|field| &*field.name == name).or_else(|| fields.find(group))
    }

    /// What a packed message holds, by its type.
    pub(super) fn packed_slot(&self, type_name: &str) -> Slot {
        match self.scopes.anywhere(type_name, Wanted::Type) {
            Some(symbol) => match symbol.kind {
                SymbolKind::Message(id) => {
                    let kind = FieldKind::Message(id, Delimiting::LengthPrefixed);
                    Slot { kind: Some(kind), ..Slot::UNKNOWN }
                }
                SymbolKind::Enum(_) | SymbolKind::Service | SymbolKind::Extension(_) => {
                    Slot::UNKNOWN
                }
            },
            None => Slot::UNKNOWN,
        }
    }

    /// The type of the extension of this full name.
    pub(super) fn extension_kind(&self, full_name: &str) -> Option<FieldKind> {
        let symbol = self.scopes.anywhere(full_name, Wanted::Extension)?;
        let SymbolKind::Extension(id) = symbol.kind else { return None };
        self.messages.extensions.get(id).map(|extension| extension.field.kind)
    }

    fn give(&mut self, holder: Holder, mut options: Options) {
        let messages = &mut *self.messages;
        let held = match holder {
            Holder::File(file) => messages.files.get_mut(file).map(|file| &mut file.options),
            Holder::Message(id) => {
                messages.messages.get_mut(index(id.0)).map(|message| &mut message.options)
            }
            Holder::Terms(id, at) => {
                let message = messages.messages.get_mut(index(id.0));
                let terms = message.and_then(|message| message.extension_terms.get_mut(at));
                terms.map(|terms| {
                    terms.declared = terms::declared(&mut options);
                    &mut terms.options
                })
            }
            Holder::Field(id, field) => messages
                .messages
                .get_mut(index(id.0))
                .and_then(|message| message.fields.get_mut(field))
                .map(|field| &mut field.options),
            Holder::Oneof(id, oneof) => messages
                .messages
                .get_mut(index(id.0))
                .and_then(|message| message.oneofs.get_mut(oneof))
                .map(|oneof| &mut oneof.options),
            Holder::Extension(id) => {
                messages.extensions.get_mut(id).map(|extension| &mut extension.field.options)
            }
            Holder::Enum(id) => messages.enums.get_mut(index(id.0)).map(|found| &mut found.options),
            Holder::EnumValue(id, value) => {
                let found = messages.enums.get_mut(index(id.0));
                let value = found.and_then(|found| found.values.edit(value));
                value.map(|value| {
                    if let Some(name) = json_string(&mut options) {
                        value.json_name = name;
                    }
                    &mut value.options
                })
            }
            Holder::Service(id) => messages.services.get_mut(id).map(|found| &mut found.options),
            Holder::Method(operation) => {
                self.give_method(operation, options);
                return;
            }
        };
        if let Some(held) = held {
            *held = options;
        }
    }

    fn give_method(&mut self, operation: usize, options: Options) {
        let Some(operation) = self.operations.get_mut(operation) else { return };
        if let Exchange::Call(call) = &mut operation.exchange {
            let stated = |(name, option): (Arc<str>, Stated<Json>)| Stated {
                value: (name, option.value),
                span: option.span,
            };
            call.options = options.into_iter().map(stated).collect();
        }
    }
}

/// Whether such an element may be part of an option, which says since when there is one.
fn has_lifetimes(holder: Holder) -> bool {
    matches!(holder, Holder::Field(..) | Holder::Extension(_) | Holder::EnumValue(..))
}

/// Options that the model states in words of its own.
fn is_resolved_elsewhere(holder: Holder, setting: &Setting<'_>) -> bool {
    let [first, ..] = &setting.name[..] else { return true };
    if first.extension {
        return false;
    }
    match holder {
        Holder::Field(..) | Holder::Extension(_) => {
            matches!(&*first.word.text, "default" | "json_name" | "packed")
        }
        Holder::Method(_) => matches!(&*first.word.text, "deprecated" | "idempotency_level"),
        Holder::File(_)
        | Holder::Message(_)
        | Holder::Terms(..)
        | Holder::Oneof(..)
        | Holder::Enum(_)
        | Holder::EnumValue(..)
        | Holder::Service(_) => false,
    }
}

/// Takes the name of a value in JSON out of its options (`google/protobuf/json_enumvalue_options.proto`).
fn json_string(options: &mut Options) -> Option<Arc<str>> {
    const JSON: &str = "(pb.enumvalue.json)";
    let Json::Object(members) = &options.get(JSON)?.value else { return None };
    let Some(Json::String(name)) = members.get("string").cloned() else { return None };
    options.remove(JSON);
    Some(name).filter(|name| !name.is_empty())
}

/// What is set of how names are written: nothing follows from it but what the author's compiler says.
const NAMING_STYLE: &str = "features.enforce_naming_style";

fn naming_style(value: &Json) -> Option<Json> {
    match value {
        Json::Object(members) => members.get("enforce_naming_style").cloned(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
    }
}

/// The features of single languages, which are resolved by nobody else.
fn without_core_features(value: &Json) -> Option<Json> {
    let Json::Object(members) = value else { return None };
    let mut left = members.iter().filter(|(name, _)| !is_core_feature(name)).peekable();
    left.peek()?;
    Some(Json::object(left.map(|(name, value)| (Arc::clone(name), value.clone()))))
}
