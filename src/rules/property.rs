//! Which members an object declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Edits, Facet, Slot};
use super::effective::{Effective, Member};
use super::{Effect, rules};
use crate::model::Step;

rules! {
    /// A property was added
    ///
    /// An optional property that nobody sends yet harms nobody, unless readers of the old contract
    /// refuse names that they do not know or type the members that they do not name.
    PROPERTY_ADDED {
        id: "property-added",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Open the object for readers of the old contract first, or send the property only to those that know it.",
    }

    /// A property was removed
    ///
    /// A reader that relied on it no longer finds it, and a value that is still sent is ignored,
    /// or refused where the object is closed.
    PROPERTY_REMOVED {
        id: "property-removed",
        effect: Replaces,
        surfaces: [wire, json],
        caution: "whoever still sends or expects it is ignored without notice",
        fix: "Deprecate the property, keep it until its sunset, then remove it.",
    }

    /// A family of properties was added by a pattern
    ///
    /// Members whose name matches the pattern are constrained now.
    PATTERN_PROPERTY_ADDED {
        id: "pattern-property-added",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Reserve the name space before anybody uses it.",
    }

    /// A family of properties declared by a pattern was removed
    ///
    /// Members whose name matches the pattern are no longer constrained, or are refused where the
    /// object is closed.
    PATTERN_PROPERTY_REMOVED {
        id: "pattern-property-removed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Keep the pattern until nobody reads or writes such members.",
    }
}

/// Compares which members are declared.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    for (name, member) in only(&old.properties, &new.properties) {
        let facet = Facet::Slot(Slot::Property(name.clone()));
        let message = format!("property `{name}` was removed");
        edits
            .push(&PROPERTY_REMOVED, facet, message, (Some(member.span), None))
            .at(Step::Property(name.clone()))
            .evidence(name, &"");
    }
    for (name, member) in only(&new.properties, &old.properties) {
        let facet = Facet::Slot(Slot::Property(name.clone()));
        let message = format!("property `{name}` was added");
        let edit = edits.push(&PROPERTY_ADDED, facet, message, (None, Some(member.span)));
        edit.at(Step::Property(name.clone())).evidence(&"", name);
        if old.additional.is_empty() && old.unevaluated.is_empty() {
            edit.effect = Effect::Annotates;
        }
    }
    for (pattern, member) in only(&old.pattern_properties, &new.pattern_properties) {
        let facet = Facet::Slot(Slot::PatternProperty(pattern.clone()));
        let message = format!("properties matching `{pattern}` were removed");
        edits
            .push(&PATTERN_PROPERTY_REMOVED, facet, message, (Some(member.span), None))
            .at(Step::PatternProperty(pattern.clone()))
            .evidence(pattern, &"");
    }
    for (pattern, member) in only(&new.pattern_properties, &old.pattern_properties) {
        let facet = Facet::Slot(Slot::PatternProperty(pattern.clone()));
        let message = format!("properties matching `{pattern}` were added");
        edits
            .push(&PATTERN_PROPERTY_ADDED, facet, message, (None, Some(member.span)))
            .at(Step::PatternProperty(pattern.clone()))
            .evidence(&"", pattern);
    }
}

fn only<'m>(
    here: &'m BTreeMap<Arc<str>, Member>,
    there: &'m BTreeMap<Arc<str>, Member>,
) -> impl Iterator<Item = (&'m Arc<str>, &'m Member)> {
    here.iter().filter(|(name, _)| !there.contains_key(*name))
}
