//! Oneofs: fields that exclude each other.

use super::generated_code::{self, Annotated};
use super::impact::{Directions, Impact};
use super::rules;
use crate::diff::messages::{Change, FieldPair, MessagePair, OneofShift, Root, Walk, listed};
use crate::model::Step;

rules! {
    /// Fields joined a oneof
    ///
    /// Fields that could be set together now exclude each other: of two that an old writer sends,
    /// the reader keeps the last, and ProtoJSON readers refuse the message. One field that moves
    /// into a oneof with nobody it could be sent with loses nothing but its accessors. A field that
    /// moves from one oneof to another breaks old writers where it could be sent with its new company,
    /// and new ones where it can now be sent with those that it left.
    ONEOF_JOINED {
        id: "oneof-joined",
        effect: Narrows,
        surfaces: [wire, json, source],
        fix: "Add new fields to the oneof instead of moving existing ones into it.",
    }

    /// Fields left a oneof
    ///
    /// Fields that excluded each other can now be set together: of two that a new writer sends, old
    /// readers keep the last, and old ProtoJSON readers refuse the message.
    ONEOF_LEFT {
        id: "oneof-left",
        effect: Widens,
        surfaces: [wire, json, source],
        fix: "Keep the oneof, and add a new field where both must be sent.",
    }

    /// A oneof was renamed
    ///
    /// Its name is on no wire; only generated code knows it.
    ONEOF_RENAMED {
        id: "oneof-renamed",
        effect: Annotates,
        surfaces: [source],
        fix: "Keep the name.",
    }
}

/// Compares who excludes whom.
pub(crate) fn compare<'a>(walk: &mut Walk<'a>, message: MessagePair<'a>, fields: &[FieldPair<'a>]) {
    let (shifts, renames) = message.oneof_shifts(fields);
    for (old, new) in message.oneof_pairs(fields) {
        let element = Annotated {
            scope: message.scope(),
            step: Some(Step::Branch(new.name.clone())),
            spans: (old.span, new.span),
            root: Some(message.empty_root()),
            file: None,
        };
        generated_code::compare(walk, &element, &old.options, &new.options);
        let Annotated { scope, step, spans, .. } = element;
        walk.compare_comments(scope, step, spans);
    }
    for (old, new) in renames {
        let change = Change::new(
            &ONEOF_RENAMED,
            message.scope(),
            format!("oneof `{}` was renamed to `{}`", old.name, new.name),
        )
        .impact(Impact::source())
        .at(Step::Branch(new.name.clone()))
        .spans(Some(old.span), Some(new.span))
        .evidence([old.name.to_string()]);
        walk.report(change);
    }
    let (joined, mut left): (Vec<_>, Vec<_>) = shifts.into_iter().partition(|shift| shift.joined);
    for shift in joined {
        match left.iter().position(|other| shift.is_move_with(other)) {
            Some(at) => report_move(walk, message, (&left.remove(at), &shift)),
            None => report_shift(walk, message, &shift),
        }
    }
    for shift in left {
        report_shift(walk, message, &shift);
    }
}

/// Says that fields left one oneof for another: one edit.
fn report_move(
    walk: &mut Walk<'_>,
    message: MessagePair<'_>,
    (left, joined): (&OneofShift<'_>, &OneofShift<'_>),
) {
    let names = |fields: &[FieldPair<'_>]| listed(fields.iter().map(|pair| &*pair.new.name));
    let moved = names(&joined.moved);
    let mut text =
        format!("{moved} moved from oneof `{}` to `{}`", left.oneof.name, joined.oneof.name);
    if joined.exclusive {
        text = format!("{text}: {} exclude each other now", names(&joined.fields));
    }
    if left.exclusive {
        let link = if joined.exclusive { ", and" } else { ":" };
        text = format!("{text}{link} {} no longer do", names(&left.fields));
    }
    let members = |shift: &OneofShift<'_>| -> Vec<String> {
        shift.fields.iter().map(|pair| pair.new.number.get().to_string()).collect()
    };
    let collisions = (joined.collisions().old_to_new, left.collisions().new_to_old);
    let first = joined.moved.first();
    let change = Change::new(&ONEOF_JOINED, message.scope(), text)
        .impact(Impact::source().with(collisions.0, collisions.1))
        .spans(first.map(|pair| pair.old.span), first.map(|pair| pair.new.span))
        .at(Step::Branch(joined.oneof.name.clone()))
        .evidence(members(joined).into_iter().chain(members(left)))
        .root(Some(root(message, joined)))
        .back(root(message, left));
    walk.report(change);
}

/// The message with the fields that show it.
fn root<'a>(message: MessagePair<'a>, shift: &OneofShift<'a>) -> Root<'a> {
    Root {
        old: message.old_id,
        new: message.new_id,
        old_fields: shift.telling().iter().map(|pair| pair.old).collect(),
        new_fields: shift.telling().iter().map(|pair| pair.new).collect(),
    }
}

fn report_shift(walk: &mut Walk<'_>, message: MessagePair<'_>, shift: &OneofShift<'_>) {
    let OneofShift { oneof, joined, fields, moved, exclusive } = shift;
    let Directions { old_to_new, new_to_old } = shift.collisions();
    let impact = Impact::source().with(old_to_new, new_to_old);
    let names = listed(fields.iter().map(|pair| &*pair.new.name));
    let root = root(message, shift);
    let verb = if *exclusive && *joined { ", so they exclude each other now" } else { "" };
    let change = if *joined {
        Change::new(
            &ONEOF_JOINED,
            message.scope(),
            format!("{names} joined oneof `{}`{verb}", oneof.name),
        )
        .impact(impact)
        .spans(fields.first().map(|pair| pair.old.span), Some(oneof.span))
    } else {
        Change::new(&ONEOF_LEFT, message.scope(), format!("{names} left oneof `{}`", oneof.name))
            .impact(impact)
            .spans(Some(oneof.span), fields.first().map(|pair| pair.new.span))
    };
    let members = fields.iter().map(|pair| pair.new.number.get().to_string());
    let change = change.at(Step::Branch(oneof.name.clone())).evidence(members).root(Some(root));
    // A member of a oneof is sent whatever it holds; what became one may have been no such field.
    let is_sent_otherwise = moved.iter().any(|pair| pair.old.cardinality != pair.new.cardinality);
    walk.report(if is_sent_otherwise {
        change.caution("a field set to its default is sent or not, depending on the side")
    } else {
        change
    });
}
