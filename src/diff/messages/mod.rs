//! Contracts of numbered messages: pairing, the walk, and the bytes that show what breaks.
//!
//! Elements pair by full name, then by renamed package, by file, then by structure; both sides are gone
//! through in full, so nothing that lacks a counterpart is silent. What happened to a pair is for
//! the rules to say, one facet at a time.

mod adopted;
mod calls;
mod comments;
mod contents;
mod culprit;
mod defaults;
mod enums;
mod extensions;
mod fields;
mod files;
mod gone;
mod imports;
mod joined;
mod members;
mod observed;
mod oneofs;
mod packages;
mod pairs;
mod passage;
mod past;
mod peer;
mod prefix;
mod reach;
mod relic;
mod reserved;
mod sample;
mod side;
mod similar;
mod structure;
mod terms;
mod torn;
mod trials;
mod visibility;
mod walk;
mod witness;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use calls::{CallPair, DeclaredCall, Packer};
pub(crate) use contents::contents;
pub(crate) use defaults::Absence;
pub(crate) use enums::{EnumPair, Fillers, Zero, canonical_name};
pub(crate) use fields::{FieldPair, FieldPairs, MessagePair};
pub(crate) use members::mistaken;
pub(crate) use oneofs::OneofShift;
pub(crate) use past::OnceWas;
pub(crate) use peer::as_peer;
pub(crate) use prefix::exchanged;
pub(crate) use reserved::{Range, Reserved};
pub(crate) use terms::{Terms, shared};
pub(crate) use trials::{Trials, Unshown};
pub(crate) use walk::{Alike, Change, Scope, Walk};
pub(crate) use witness::{Back, Root};
pub(crate) use words::{listed, move_phrase, several, type_phrase};

pub(crate) use side::{Side, short};

use self::pairs::Pairs;

use super::{CompareOptions, Finding};
use crate::load::Loaded;
use crate::model::{MessageId, MessageKind, Step};
use crate::rules::generated_code::{self, Annotated};
use crate::rules::packs::kept;
use crate::rules::{
    extension, field, field_default, field_number, field_presence, field_type, json_name, message,
    oneof, reserved as reservations,
};

/// Everything that changed between two contracts of numbered messages.
///
/// Both directions are always computed; the mode says which of them decides where a message is not
/// confined to requests or responses. Witnesses are confirmed where the sides have a referee for
/// messages.
pub(crate) fn compare_messages(
    old: &Loaded,
    new: &Loaded,
    options: CompareOptions,
) -> Vec<Finding> {
    let (mut was, mut is) = (Side::new(old), Side::new(new));
    adopted::adopt(&mut was);
    adopted::adopt(&mut is);
    let mut walk = Walk::new(was, is, options);
    files::compare(&mut walk);
    imports::compare(&mut walk);
    visibility::compare(&mut walk);
    compare_declared(&mut walk);
    enums::compare(&mut walk);
    extensions::compare(&mut walk);
    calls::compare(&mut walk);
    let mut findings = walk.into_findings();
    torn::take_back(&mut findings, old, new);
    findings
}

/// Whether everything that a contract declared moved to others.
pub fn has_passed(old: &Loaded, new: &Loaded) -> bool {
    let (was, is) = (Side::new(old), Side::new(new));
    let pairs = Pairs::of(&was, &is);
    let messages = was.messages().filter(|(_, one)| was.is_own(one.file));
    let messages = messages.map(|(id, _)| pairs.new_message(id).is_some());
    let enums = was.enums().filter(|(_, one)| was.is_own(one.file));
    let enums = enums.map(|(id, _)| pairs.new_enum(id).is_some());
    let services = was.contract.messages.services.iter().enumerate();
    let services = services.filter(|(_, one)| was.is_own(one.file));
    let services = services.map(|(at, _)| pairs.services.new_of(at).is_some());
    let all: Vec<bool> = messages.chain(enums).chain(services).collect();
    let extensions = was.contract.messages.extensions.iter();
    let mut extensions = extensions.filter(|one| was.is_own(one.file)).peekable();
    let passed = extensions::passed(&was, &is);
    let is_something = !all.is_empty() || extensions.peek().is_some();
    is_something
        && all.iter().all(|has_passed| *has_passed)
        && extensions.all(|one| passed.contains(&*one.full_name))
}

fn compare_declared(walk: &mut Walk<'_>) {
    for (old_id, old) in walk.old.messages() {
        if old.kind == MessageKind::MapEntry || !walk.old.promises(old_id) {
            continue;
        }
        let heir = walk.heir(old_id);
        let Some((new_id, new)) = heir.and_then(|id| Some((id, walk.new.message(id)?))) else {
            let is_told = walk.is_parent_gone(old.parent) || walk.is_package_gone(old.file);
            if !is_told && !walk.is_given_up(old.file, &old.full_name) {
                message::removed(walk, old_id);
            }
            continue;
        };
        if walk.new.promises(new_id) {
            compare_message(walk, MessagePair { old_id, new_id, old, new });
        }
    }
    for (id, new) in walk.new.messages() {
        let is_declared = new.kind != MessageKind::MapEntry && walk.new.is_own(new.file);
        let is_new = walk.pairs.old_message(id).is_none()
            && !walk.is_parent_fresh(new.parent)
            && !walk.is_package_fresh(new.file);
        if is_declared && is_new {
            message::added(walk, id);
        }
    }
}

fn compare_message<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>) {
    let follows = Moved { file: pair.old.file, parents: (pair.old.parent, pair.new.parent) };
    // A group is named together with its field, which tells it.
    let is_group = [pair.old, pair.new].iter().all(|one| one.kind == MessageKind::Group);
    if !is_group && walk.is_renamed_alone(&follows, &pair.old.full_name, &pair.new.full_name) {
        message::renamed(walk, pair);
    }
    let mut fields = pair.fields();
    // What crosses over between fields and extensions is told with the extensions.
    fields.removed.retain(|field| !walk.is_extension(pair, field));
    fields.added.retain(|field| !walk.is_extension(pair, field));
    for both in &fields.pairs {
        compare_field(walk, pair, both);
    }
    for one in &fields.removed {
        field::removed(walk, pair, one);
    }
    for one in &fields.added {
        if !field_number::reused_from_past(walk, pair.new_id, one) {
            field::added(walk, pair, one);
        }
    }
    oneof::compare(walk, pair, &fields.pairs);
    message::compare_framing(walk, pair);
    reservations::compare_message(walk, pair, &fields);
    extension::compare_ranges(walk, pair);
    extension::compare_terms(walk, pair);
    let spans = (pair.old.name_span, pair.new.name_span);
    let formats = (pair.old.json_format, pair.new.json_format);
    json_name::compare_format(walk, pair.scope(), formats, spans);
    let root = Some(pair.empty_root());
    let element = Annotated { scope: pair.scope(), step: None, spans, root, file: None };
    generated_code::compare(walk, &element, &pair.old.options, &pair.new.options);
    // Those of a group are told with its field.
    if !is_group {
        walk.compare_comments(pair.scope(), None, (pair.old.span, pair.new.span));
    }
}

fn compare_field<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>, both: &FieldPair<'a>) {
    if field_number::reused(walk, pair, both) {
        return;
    }
    field_number::compare(walk, pair, both);
    field::renamed(walk, pair, both);
    json_name::compare(walk, pair, both);
    compare_values(walk, both);
}

/// Everything about a field but its name and number.
fn compare_values<'a>(walk: &mut Walk<'a>, both: &FieldPair<'a>) {
    field_type::compare(walk, both);
    field_presence::compare(walk, both);
    kept::compare(walk, both);
    field_default::compare(walk, both);
    let element = Annotated {
        scope: Scope::Message(Some(both.holders.0), Some(both.holders.1)),
        step: Some(Step::Property(both.new.name.clone())),
        spans: (both.old.span, both.new.span),
        root: Some(both.root()),
        file: None,
    };
    generated_code::compare(walk, &element, &both.old.options, &both.new.options);
    let Annotated { scope, step, spans, .. } = element;
    walk.compare_comments(scope, step, spans);
}

/// What may explain the new name of a type: its package, or the message around it.
struct Moved {
    file: usize,
    parents: (Option<MessageId>, Option<MessageId>),
}

impl Walk<'_> {
    /// Whether a type has another name for no reason that is reported elsewhere.
    fn is_renamed_alone(&self, moved: &Moved, old: &str, new: &str) -> bool {
        let (was, is) = moved.parents;
        let with_parent = short(old) == short(new)
            && was.is_some()
            && was.and_then(|id| self.pairs.new_message(id)) == is;
        let with_package = self.pairs.follows_package((&self.old, moved.file), old, new);
        old != new && !with_parent && !with_package
    }

    /// Whether a type of a file that is none of the contract's own is only no longer what its name means
    /// here.
    fn is_given_up(&self, file: usize, full_name: &str) -> bool {
        !self.old.is_own(file) && self.new.declares(full_name)
    }

    /// Whether the removal of the message around an element tells its removal too.
    fn is_parent_gone(&self, parent: Option<MessageId>) -> bool {
        parent.is_some_and(|id| self.heir(id).is_none())
    }

    /// Whether the removal of the package of an old file tells the removal of what is in it too.
    fn is_package_gone(&self, file: usize) -> bool {
        let packages = &self.pairs.packages;
        packages.gone.contains(self.old.package(file)) && packages.passages(file).is_empty()
    }

    /// Whether the addition of the package of a new file tells the addition of what is in it too.
    fn is_package_fresh(&self, file: usize) -> bool {
        let packages = &self.pairs.packages;
        packages.fresh.contains(self.new.package(file)) && !packages.has_taken_over(file)
    }

    /// Whether the addition of the message around an element tells its addition too.
    fn is_parent_fresh(&self, parent: Option<MessageId>) -> bool {
        parent.is_some_and(|id| self.pairs.old_message(id).is_none())
    }
}
