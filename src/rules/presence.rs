//! What must be there.

use super::edit::{Edits, Facet};
use super::effective::Effective;
use super::rules;
use crate::model::Step;

rules! {
    /// A property became required
    ///
    /// A value without it was accepted and is refused now.
    PROPERTY_BECAME_REQUIRED {
        id: "property-became-required",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Keep it optional for one release, measure who omits it, then require it.",
    }

    /// A property became optional
    ///
    /// A reader that relied on it meets a value without it.
    PROPERTY_BECAME_OPTIONAL {
        id: "property-became-optional",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep sending it until its readers cope without it.",
    }

    /// A property requires another one now
    ///
    /// A value that has the one without the other was accepted and is refused now.
    DEPENDENCY_ADDED {
        id: "dependency-added",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Announce the dependency, measure who breaks it, then enforce it.",
    }

    /// A property no longer requires another one
    ///
    /// A reader that relied on both meets the one without the other.
    DEPENDENCY_REMOVED {
        id: "dependency-removed",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep sending both until readers cope with one.",
    }
}

/// Compares which members must be there.
pub(super) fn compare(old: &Effective, new: &Effective, edits: &mut Edits) {
    for (name, span) in new.required.iter().filter(|(name, _)| !old.required.contains_key(*name)) {
        let facet = Facet::Required(name.clone());
        let message = format!("`{name}` became required");
        edits
            .push(
                &PROPERTY_BECAME_REQUIRED,
                facet,
                message,
                (Some(old.demand_of(name)), Some(*span)),
            )
            .at(Step::Property(name.clone()))
            .evidence(&"", name);
    }
    for (name, span) in old.required.iter().filter(|(name, _)| !new.required.contains_key(*name)) {
        let facet = Facet::Required(name.clone());
        let message = format!("`{name}` is no longer required");
        edits
            .push(
                &PROPERTY_BECAME_OPTIONAL,
                facet,
                message,
                (Some(*span), Some(new.demand_of(name))),
            )
            .at(Step::Property(name.clone()))
            .evidence(name, &"");
    }
    dependencies(old, new, edits);
}

fn dependencies(old: &Effective, new: &Effective, edits: &mut Edits) {
    let (was, is) = (&old.dependent_required, &new.dependent_required);
    for ((name, needed), span) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
        let message = format!("`{name}` requires `{needed}` now");
        edits
            .push(
                &DEPENDENCY_ADDED,
                Facet::DependentRequired(name.clone(), needed.clone()),
                message,
                (Some(old.span), Some(*span)),
            )
            .at(Step::Property(name.clone()))
            .evidence(name, needed);
    }
    for ((name, needed), span) in was.iter().filter(|(key, _)| !is.contains_key(*key)) {
        let message = format!("`{name}` no longer requires `{needed}`");
        edits
            .push(
                &DEPENDENCY_REMOVED,
                Facet::DependentRequired(name.clone(), needed.clone()),
                message,
                (Some(*span), Some(new.span)),
            )
            .at(Step::Property(name.clone()))
            .evidence(name, needed);
    }
}
