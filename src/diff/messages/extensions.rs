//! Extensions: by the message and the number that they extend it with, then by full name.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{FieldPair, MessagePair};
use super::side::{Side, Tree};
use super::walk::Walk;
use crate::model::{Extension, Field};
use crate::rules::{extension, field_number, json_name};

/// Compares all extensions.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (old, new) = (promised(&walk.old, &walk.new), promised(&walk.new, &walk.old));
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
    // What went to another contract is compared there.
    pairs.retain(|(_, is)| walk.new.is_own(is.file));
    for (was, is) in pairs {
        compare_pair(walk, was, is);
    }
    let mut left: Vec<_> = old.iter().enumerate().filter(|(at, _)| !gone.contains(at)).collect();
    left.retain(|(_, was)| walk.old.is_own(was.file));
    for (_, was) in left {
        if !became_field(walk, was) {
            extension::removed(walk, was);
        }
    }
    let mut fresh: Vec<_> = new.iter().enumerate().filter(|(at, _)| !taken.contains(at)).collect();
    fresh.retain(|(_, is)| walk.new.is_own(is.file));
    for (_, is) in fresh {
        if !was_field(walk, is) {
            extension::added(walk, is);
        }
    }
}

/// Whether the extended message has a field of that number now and had none. Compares the two.
fn became_field<'a>(walk: &mut Walk<'a>, old: &'a Extension) -> bool {
    let number = old.field.number;
    let Some(pair) = walk.message_pair(old.extendee) else { return false };
    let Some(field) = pair.new.fields.iter().find(|field| field.number == number) else {
        return false;
    };
    let holders = (pair.old_id, pair.new_id);
    cross_over(walk, FieldPair { holders, old: &old.field, new: field }, (old, false))
}

/// Whether the extended message had a field of that number and has none now. Compares the two.
fn was_field<'a>(walk: &mut Walk<'a>, new: &'a Extension) -> bool {
    let number = new.field.number;
    let old_id = walk.pairs.old_message(new.extendee);
    let Some(pair) = old_id.and_then(|id| walk.message_pair(id)) else { return false };
    let Some(field) = pair.old.fields.iter().find(|field| field.number == number) else {
        return false;
    };
    let holders = (pair.old_id, pair.new_id);
    cross_over(walk, FieldPair { holders, old: field, new: &new.field }, (new, true))
}

fn cross_over<'a>(
    walk: &mut Walk<'a>,
    both: FieldPair<'a>,
    (extension, is_new): (&Extension, bool),
) -> bool {
    extension::crossed_over(walk, &both, (extension, is_new));
    super::compare_values(walk, &both);
    true
}

impl<'a> Walk<'a> {
    /// The extensions that have the same full name on both sides.
    ///
    /// Where several files declare the name, what is in the same file is the same, then what is in the
    /// same contract, and what stayed where it was is nothing else.
    pub(super) fn kept_extensions(&self) -> Vec<(&'a Extension, &'a Extension)> {
        let mut by_name: BTreeMap<&str, Vec<&Extension>> = BTreeMap::new();
        for one in &self.new.contract.messages.extensions {
            by_name.entry(&one.full_name).or_default().push(one);
        }
        let old = &self.old.contract.messages.extensions;
        let place = |one: &'a Extension| (&*one.full_name, self.old.home(one.file).place);
        let stood: BTreeSet<(&str, &str)> = old.iter().map(place).collect();
        let heir = |one: &Extension| {
            let was = self.old.home(one.file);
            let are = by_name.get(&*one.full_name)?.iter().copied();
            let rank = |is: &&Extension| {
                let is = self.new.home(is.file);
                (was.place == is.place, was.tree == is.tree)
            };
            let is_free = |is: &Extension| {
                let home = self.new.home(is.file);
                home.place == was.place || !stood.contains(&(&*is.full_name, home.place))
            };
            are.filter(|is| is_free(is)).max_by_key(rank)
        };
        old.iter().filter_map(|one| Some((one, heir(one)?))).collect()
    }

    /// The extensions of old files that are the same ones since their package is called otherwise.
    pub(crate) fn extensions_of(
        &self,
        files: &BTreeSet<usize>,
    ) -> Vec<(&'a Extension, &'a Extension)> {
        let old = self.old.contract.messages.extensions.iter();
        let own = old.filter(|one| files.contains(&one.file));
        let heir = |one: &Extension| {
            self.new.contract.messages.extensions.iter().find(|new| {
                new.field.number == one.field.number
                    && self.pairs.new_message(one.extendee) == Some(new.extendee)
                    && self.pairs.follows_package(
                        (&self.old, one.file),
                        &one.full_name,
                        &new.full_name,
                    )
            })
        };
        own.filter_map(|one| Some((one, heir(one)?))).collect()
    }

    /// Whether an extension of the contract's own has the number of a message's former field, or
    /// had that of a new one.
    pub(super) fn is_extension(&self, pair: MessagePair<'_>, field: &Field) -> bool {
        let own = |side: &Side<'a>| {
            let files = side.contract.messages.files.len();
            let own: Vec<bool> = (0..files).map(|file| side.is_own(file)).collect();
            let all = side.contract.messages.extensions.iter();
            all.filter(move |one| own.get(one.file).copied().unwrap_or(true))
        };
        let is_it = |one: &&Extension, extendee| {
            one.extendee == extendee && one.field.number == field.number
        };
        // An extension that both sides have is another matter.
        let only = |here: &Side<'a>, there: &Side<'a>, extendee| {
            let mut found = own(here).filter(|one| is_it(one, extendee));
            found.any(|one| own(there).all(|other| other.full_name != one.full_name))
        };
        only(&self.old, &self.new, pair.old_id) || only(&self.new, &self.old, pair.new_id)
    }
}

/// The names of those of the contract's own that are in another contract now, having moved there.
pub(super) fn passed<'a>(old: &Side<'a>, new: &Side<'a>) -> BTreeSet<&'a str> {
    let new = promised(new, old).into_iter().filter(|one| new.is_beside(one.file));
    new.map(|one| &*one.full_name).collect()
}

/// The extensions of the contract's own, and those of other contracts that moved there or came from there:
/// each is in one contract on one side, and in the other on the other.
fn promised<'a>(side: &Side<'a>, other: &Side<'a>) -> Vec<&'a Extension> {
    let declared = |side: &Side<'a>| -> BTreeSet<(&'a str, Tree<'a>)> {
        let all = side.contract.messages.extensions.iter();
        all.map(|one| (&*one.full_name, side.home(one.file).tree)).collect()
    };
    let (here, there) = (declared(side), declared(other));
    let has_moved = |one: &Extension| {
        let (name, tree) = (&*one.full_name, side.home(one.file).tree);
        there.contains(&(name, Tree::Own))
            && !there.contains(&(name, tree))
            && !here.contains(&(name, Tree::Own))
    };
    let all = side.contract.messages.extensions.iter();
    let is_it =
        |one: &&Extension| side.is_own(one.file) || side.is_beside(one.file) && has_moved(one);
    let mut found: Vec<&Extension> = all.filter(is_it).collect();
    found.sort_by_key(|one| !side.is_own(one.file));
    found
}

fn compare_pair<'a>(walk: &mut Walk<'a>, old: &'a Extension, new: &'a Extension) {
    let holders = (old.extendee, new.extendee);
    let both = FieldPair { holders, old: &old.field, new: &new.field };
    let (Some(was), Some(is)) = (walk.old.message(old.extendee), walk.new.message(new.extendee))
    else {
        return;
    };
    let message = MessagePair { old_id: old.extendee, new_id: new.extendee, old: was, new: is };
    extension::compare_names(walk, &both, (old, new));
    field_number::compare(walk, message, &both);
    json_name::compare(walk, message, &both);
    super::compare_values(walk, &both);
}
