//! Enumerations on both sides.

use super::walk::{Scope, Walk};
use super::witness::Root;
use super::{FieldPair, MessagePair, Moved};
use crate::model::{
    Cardinality, EnumId, Enumeration, Field, FieldKind, Json, MessageId, Presence, Step,
};
use crate::rules::generated_code::{self, Annotated};
use crate::rules::{enum_type, enum_value, json_name, reserved};

/// An enumeration on both sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EnumPair<'a> {
    pub(crate) old_id: EnumId,
    pub(crate) new_id: EnumId,
    pub(crate) old: &'a Enumeration,
    pub(crate) new: &'a Enumeration,
}

/// Who reads the first value of an enumeration where a field of it is absent.
pub(crate) enum Fillers<'a> {
    /// A field of one value that declares no default of its own, in the message that holds it.
    Field(Root<'a>),
    /// The enumeration has fields, none of which does.
    Elsewhere,
    /// It has no field here.
    Unknown,
}

/// Where the value of an enumeration is 0 in JSON.
pub(crate) enum Zero<'a> {
    /// In a field of which no writer leaves it out.
    Sent(Root<'a>),
    /// In fields that are left out for it, unless a writer is told to print them.
    LeftOut(Root<'a>),
    /// The enumeration has no field here.
    Unknown,
}

impl<'a> EnumPair<'a> {
    /// The scope of a change to it.
    pub(crate) fn scope(&self) -> Scope {
        Scope::Enum(Some(self.old_id), Some(self.new_id))
    }

    /// A message with a field of it, on both sides under the same number; singular if there is one.
    pub(crate) fn root(&self, walk: &Walk<'a>) -> Option<Root<'a>> {
        let mut fields = self.fields(walk);
        fields.retain(|both| {
            both.old.number == both.new.number && both.old.cardinality == both.new.cardinality
        });
        fields.sort_by_key(|both| !matches!(both.old.cardinality, Cardinality::Singular(_)));
        fields.first().map(FieldPair::root)
    }

    /// The same where the value is 0, which writers leave out of fields without presence.
    pub(crate) fn root_of_zero(&self, walk: &Walk<'a>) -> Zero<'a> {
        let is_sent =
            |field: &Field| field.cardinality != Cardinality::Singular(Presence::Implicit);
        let mut fields = self.fields(walk);
        fields.retain(|both| {
            both.old.number == both.new.number && both.old.cardinality == both.new.cardinality
        });
        match fields.iter().find(|both| is_sent(both.old)) {
            Some(both) => Zero::Sent(both.root()),
            None => fields.first().map_or(Zero::Unknown, |both| Zero::LeftOut(both.root())),
        }
    }

    /// What reads the first value where it is absent, as far as is known here.
    pub(crate) fn fillers(&self, walk: &Walk<'a>) -> Fillers<'a> {
        let is_one = |field: &Field| {
            matches!(field.cardinality, Cardinality::Singular(_)) && field.default.is_none()
        };
        let mut fields = self.fields(walk);
        fields.retain(|both| is_one(both.old) && is_one(both.new) && both.may_be_absent());
        let is_used = |users: &[MessageId]| !users.is_empty();
        match fields.first() {
            Some(both) => Fillers::Field(both.root()),
            None if is_used(walk.old.enum_users(self.old_id))
                || is_used(walk.new.enum_users(self.new_id)) =>
            {
                Fillers::Elsewhere
            }
            None => Fillers::Unknown,
        }
    }

    /// The fields of it on both sides, extensions among them; fields of maps whose values they are.
    fn fields(&self, walk: &Walk<'a>) -> Vec<FieldPair<'a>> {
        let users = walk.old.enum_users(self.old_id).iter();
        let holders = users.flat_map(|user| {
            let around = if walk.old.is_entry(*user) { walk.old.users(*user) } else { &[] };
            std::iter::once(user).chain(around).filter(|id| !walk.old.is_entry(**id))
        });
        let declared = holders
            .filter_map(|holder| walk.message_pair(*holder))
            .flat_map(|pair| pair.fields().pairs);
        let extensions = walk.old.contract.messages.extensions.iter().filter_map(|old| {
            let extendee = walk.pairs.new_message(old.extendee)?;
            let mut twins = walk.new.contract.messages.extensions.iter();
            let new =
                twins.find(|new| new.full_name == old.full_name && new.extendee == extendee)?;
            let holders = (old.extendee, new.extendee);
            Some(FieldPair { holders, old: &old.field, new: &new.field })
        });
        declared.chain(extensions).filter(|both| self.is_held_by(walk, both)).collect()
    }

    /// Whether a field, or a map's values, are of the enumeration on both sides.
    fn is_held_by(&self, walk: &Walk<'a>, both: &FieldPair<'a>) -> bool {
        let (old, new) = match both.entries(walk) {
            Some([_, value]) => (value.old.kind, value.new.kind),
            None => (both.old.kind, both.new.kind),
        };
        old == FieldKind::Enum(self.old_id) && new == FieldKind::Enum(self.new_id)
    }

    /// A number that neither side lists.
    pub(crate) fn unlisted(&self) -> Json {
        let listed = |number| {
            [self.old, self.new].iter().any(|one| one.values.numbered(number).next().is_some())
        };
        let free = (1..i32::MAX).find(|number| !listed(*number)).unwrap_or(i32::MAX);
        Json::Number(i64::from(free).into())
    }
}

/// The value whose name ProtoJSON writes for a number, by its own name: the first one.
pub(crate) fn canonical_name(enumeration: &Enumeration, number: i32) -> Option<&str> {
    Some(&*enumeration.values.numbered(number).next()?.name)
}

/// Compares all enumerations.
pub(super) fn compare(walk: &mut Walk<'_>) {
    for (old_id, old) in walk.old.enums() {
        if !walk.old.promises_enum(old_id) {
            continue;
        }
        let paired = walk.pairs.new_enum(old_id);
        let Some((new_id, new)) = paired.and_then(|id| Some((id, walk.new.enumeration(id)?)))
        else {
            let is_told = walk.is_parent_gone(old.parent) || walk.is_package_gone(old.file);
            if !is_told && !walk.is_given_up(old.file, &old.full_name) {
                enum_type::removed(walk, old_id);
            }
            continue;
        };
        if walk.new.promises_enum(new_id) {
            compare_pair(walk, EnumPair { old_id, new_id, old, new });
        }
    }
    for (id, new) in walk.new.enums() {
        let is_new = walk.pairs.old_enum(id).is_none()
            && !walk.is_parent_fresh(new.parent)
            && !walk.is_package_fresh(new.file);
        if walk.new.is_own(new.file) && is_new {
            enum_type::added(walk, id);
        }
    }
}

fn compare_pair<'a>(walk: &mut Walk<'a>, pair: EnumPair<'a>) {
    let moved = Moved { file: pair.old.file, parents: (pair.old.parent, pair.new.parent) };
    if walk.is_renamed_alone(&moved, &pair.old.full_name, &pair.new.full_name) {
        enum_type::renamed(walk, pair);
    }
    enum_type::compare_openness(walk, pair);
    enum_type::compare_default(walk, pair);
    enum_value::compare(walk, pair);
    reserved::compare_enum(walk, pair);
    let spans = (pair.old.name_span, pair.new.name_span);
    let formats = (pair.old.json_format, pair.new.json_format);
    json_name::compare_format(walk, pair.scope(), formats, spans);
    let element = Annotated { scope: pair.scope(), step: None, spans, root: None, file: None };
    generated_code::compare(walk, &element, &pair.old.options, &pair.new.options);
    walk.compare_comments(pair.scope(), None, (pair.old.span, pair.new.span));
    for value in &pair.old.values {
        let twin = pair.new.values.named(&value.name);
        if let Some(twin) = twin {
            let element = Annotated {
                scope: pair.scope(),
                step: Some(Step::EnumValue(twin.name.clone())),
                spans: (value.span, twin.span),
                root: None,
                file: None,
            };
            generated_code::compare(walk, &element, &value.options, &twin.options);
            let Annotated { scope, step, spans, .. } = element;
            walk.compare_comments(scope, step, spans);
        }
    }
}

impl<'a> Walk<'a> {
    /// The message on both sides, by its old id.
    pub(super) fn message_pair(&self, old_id: MessageId) -> Option<MessagePair<'a>> {
        let new_id = self.pairs.new_message(old_id)?;
        let (old, new) = (self.old.message(old_id)?, self.new.message(new_id)?);
        Some(MessagePair { old_id, new_id, old, new })
    }
}
