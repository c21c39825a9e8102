//! Fields that come, go and change their names.

use super::impact::{Directions, Impact};
use super::json_name::called;
use super::packs::kept;
use super::rules;
use crate::diff::WitnessSide;
use crate::diff::messages::{Change, FieldPair, MessagePair, Root, Walk, mistaken, type_phrase};
use crate::model::{Cardinality, Field, Presence, Step};
use crate::subtype::exchange::{Exchange, Passage, Sample, absence};

rules! {
    /// A field was added
    ///
    /// Readers promise to skip fields that they do not know, so nobody loses what they had. A
    /// required field is another matter: messages without it are refused.
    FIELD_ADDED {
        id: "field-added",
        effect: Offers,
        surfaces: [wire, json, source],
        caution: "ProtoJSON readers that do not ignore unknown names refuse the new member",
        fix: "Roll out readers before writers where JSON readers are strict. Never add a required field.",
    }

    /// A field was removed
    ///
    /// It breaks source: code that names the field no longer compiles. The wire and JSON are touched
    /// only where the field was required, or where its name in JSON is that of another field now; else
    /// bytes with the field are still read, its value goes to the unknown fields, and messages that
    /// lacked it are as before.
    FIELD_REMOVED {
        id: "field-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "values of the field are ignored by readers that no longer declare it, and strict ProtoJSON readers refuse its name",
        fix: "Mark the field deprecated first; when nobody uses it, remove it and reserve its number and its name.",
    }

    /// A field was renamed
    ///
    /// The wire knows fields by number and notices nothing. JSON and generated code know them by
    /// name: readers refuse or drop the other name, and code no longer compiles.
    FIELD_RENAMED {
        id: "field-renamed",
        effect: Replaces,
        surfaces: [json, source],
        fix: "Keep the old name, or at least keep it in JSON with `json_name`.",
    }
}

/// Says that a field came.
pub(crate) fn added<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>, field: &'a Field) {
    let named = type_phrase(&walk.new, field);
    let oneof = field.oneof.and_then(|at| pair.new.oneofs.get(at));
    let missing = absence(Cardinality::Singular(Presence::Explicit), field.cardinality);
    let is_refused = missing.breaks();
    let mut change = Change::new(&FIELD_ADDED, pair.scope(), format!("{named} was added"));
    if is_refused {
        let refused = Exchange { wire: missing.clone(), json: missing };
        change.message = format!("required {named} was added");
        change.impact = Impact::source().with(refused, Exchange::default());
        change.root = Some(pair.empty_root());
    } else if let Some(cross) = pair.usurped(walk, (WitnessSide::New, field), None) {
        let json = mistaken(walk, &cross, WitnessSide::New);
        let was = type_phrase(&walk.old, cross.old);
        change.message = format!(
            "{named} was added; in JSON its name `{}` is that of {was} to old readers",
            field.json_name
        );
        change.impact = Impact::none().with(Exchange::default(), in_json(json));
        change.root = Some(cross.root());
    } else {
        let unknown = walk.unknown_name(Sample::Ordinary);
        change.impact = Impact::none().with(Exchange::default(), unknown);
        change.root = Some(Root { new_fields: vec![field], ..pair.empty_root() });
    }
    if let Some(oneof) = oneof.filter(|_| !is_refused) {
        change.message = format!("{named} was added to oneof `{}`", oneof.name);
        change.caution = Some(format!(
            "old readers see `{}` unset, switches over its cases may fall through, and strict ProtoJSON readers refuse the new member",
            oneof.name
        ));
    }
    let evidence = [field.number.get().to_string(), walk.new.type_name(field)];
    walk.report(
        change
            .at(Step::Property(field.name.clone()))
            .spans(None, Some(field.span))
            .evidence(evidence),
    );
    kept::came(walk, pair, field);
}

fn in_json(json: Passage) -> Exchange {
    Exchange { wire: Passage::SAME, json }
}

/// Says that a field went.
pub(crate) fn removed<'a>(walk: &mut Walk<'a>, pair: MessagePair<'a>, field: &'a Field) {
    let named = type_phrase(&walk.old, field);
    let missing = absence(Cardinality::Singular(Presence::Explicit), field.cardinality);
    let mut change = Change::new(&FIELD_REMOVED, pair.scope(), format!("{named} was removed"))
        .impact(Impact::source());
    if missing.breaks() {
        let refused = Exchange { wire: missing.clone(), json: missing };
        change.message = format!("required {named} was removed");
        change.impact = Impact::source().with(Exchange::default(), refused);
        change.root = Some(pair.empty_root());
    } else if let Some(cross) = pair.usurped(walk, (WitnessSide::Old, field), None) {
        let json = mistaken(walk, &cross, WitnessSide::Old);
        let is = type_phrase(&walk.new, cross.new);
        change.message = format!(
            "{named} was removed; in JSON its name `{}` is that of {is} now",
            field.json_name
        );
        change.impact = Impact::source().with(in_json(json), Exchange::default());
        change.root = Some(cross.root());
    } else {
        let unknown = walk.unknown_name(Sample::Ordinary);
        change.impact = Impact::source().with(unknown, Exchange::default());
        change.root = Some(Root { old_fields: vec![field], ..pair.empty_root() });
    }
    let evidence = [field.number.get().to_string(), walk.old.type_name(field)];
    walk.report(
        change
            .at(Step::Property(field.name.clone()))
            .spans(Some(field.span), None)
            .evidence(evidence),
    );
    kept::went(walk, pair, field);
}

/// Compares the names of a field that kept its number.
pub(crate) fn renamed<'a>(walk: &mut Walk<'a>, message: MessagePair<'a>, pair: &FieldPair<'a>) {
    let FieldPair { old, new, holders: _ } = pair;
    if old.name == new.name {
        return;
    }
    let Directions { old_to_new, new_to_old } = called(walk, message, pair);
    let said = format!("`{}` was renamed to `{}`", old.name, new.name);
    let mut change = pair
        .change(&FIELD_RENAMED, said)
        .impact(Impact::source().with(old_to_new, new_to_old))
        .spans(Some(old.name_span), Some(new.name_span))
        .evidence([old.name.to_string(), old.json_name.to_string(), new.json_name.to_string()]);
    if old.json_name == new.json_name {
        change = change
            .caution("writers that keep the original field names in JSON send the other name");
    }
    walk.report(change);
}
