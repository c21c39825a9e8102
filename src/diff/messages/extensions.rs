//! Extensions: by the message and the number that they extend it with, then by full name.

use std::collections::BTreeSet;

use super::fields::{FieldPair, FieldPlace, MessagePair};
use super::walk::Walk;
use crate::model::Extension;
use crate::rules::{extension, field_number, json_name};

/// Compares all extensions.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (old, new) = (
        own(walk.old.contract.messages.extensions.iter(), |one| walk.old.is_own(one.file)),
        own(walk.new.contract.messages.extensions.iter(), |one| walk.new.is_own(one.file)),
    );
    let same_extendee = |walk: &Walk<'_>, old: &Extension, new: &Extension| {
        walk.pairs.new_message(old.extendee) == Some(new.extendee)
    };
    let passes: [fn(&Extension, &Extension) -> bool; 3] = [
        |old, new| old.full_name == new.full_name && old.field.number == new.field.number,
        |old, new| old.full_name == new.full_name,
        |old, new| old.field.number == new.field.number,
    ];
    let (mut gone, mut taken) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for fits in passes {
        for (from, was) in old.iter().enumerate() {
            if gone.contains(&from) {
                continue;
            }
            let found = new.iter().enumerate().find(|(to, is)| {
                !taken.contains(to) && fits(was, is) && same_extendee(walk, was, is)
            });
            if let Some((to, is)) = found {
                gone.insert(from);
                taken.insert(to);
                pairs.push((*was, *is));
            }
        }
    }
    for (was, is) in pairs {
        compare_pair(walk, was, is);
    }
    for (_, was) in old.iter().enumerate().filter(|(at, _)| !gone.contains(at)) {
        extension::removed(walk, was);
    }
    for (_, is) in new.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        extension::added(walk, is);
    }
}

fn own<'a>(
    all: impl Iterator<Item = &'a Extension>,
    is_own: impl Fn(&Extension) -> bool,
) -> Vec<&'a Extension> {
    all.filter(|one| is_own(one)).collect()
}

fn compare_pair<'a>(walk: &mut Walk<'a>, old: &'a Extension, new: &'a Extension) {
    let holders = (old.extendee, new.extendee);
    let both =
        FieldPair { holders, old: &old.field, new: &new.field, place: FieldPlace::Extension };
    let (Some(was), Some(is)) = (walk.old.message(old.extendee), walk.new.message(new.extendee))
    else {
        return;
    };
    let message = MessagePair { old_id: old.extendee, new_id: new.extendee, old: was, new: is };
    extension::compare_names(walk, old, new);
    field_number::compare(walk, message, &both);
    json_name::compare(walk, &both);
    super::compare_values(walk, &both);
}
