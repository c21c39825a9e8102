//! Services that come, go and change their names.

use std::sync::Arc;

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, Scope, Walk, move_phrase};
use crate::model::{Service, Surface};

rules! {
    /// A service was added
    ///
    /// Nobody calls it yet.
    SERVICE_ADDED {
        id: "service-added",
        effect: Offers,
        surfaces: [wire, source],
        fix: "Nothing to do.",
    }

    /// A service was removed
    ///
    /// Clients that call it are told that it is not implemented.
    SERVICE_REMOVED {
        id: "service-removed",
        effect: Withdraws,
        surfaces: [wire, source],
        fix: "Keep serving it until nobody calls it.",
    }

    /// A service was renamed or moved
    ///
    /// The name is part of every call's path: clients that know the old name are told that it is
    /// not implemented.
    SERVICE_RENAMED {
        id: "service-renamed",
        effect: Withdraws,
        surfaces: [wire, source],
        fix: "Serve both names until all clients have moved.",
    }
}

/// Says that a service came, with all its calls.
pub(crate) fn added(walk: &mut Walk<'_>, new: &Service) {
    let message = format!("service `{}` was added", new.full_name);
    let scope = Scope::Named(new.full_name.clone());
    walk.report(Change::new(&SERVICE_ADDED, scope, message).spans(None, Some(new.name_span)));
}

/// Says that a service went, with all its calls.
pub(crate) fn removed(walk: &mut Walk<'_>, old: &Service, routes: &[Arc<str>]) {
    let count = routes.len();
    let calls = if count == 1 { "its call" } else { "its calls" };
    let message = if count == 0 {
        format!("service `{}` was removed", old.full_name)
    } else {
        format!("service `{}` was removed with {calls} {}", old.full_name, routes.join(", "))
    };
    let change = Change::new(&SERVICE_REMOVED, Scope::Named(old.full_name.clone()), message)
        .impact(Impact::breaking(&[Surface::Wire, Surface::Source]))
        .spans(Some(old.name_span), None);
    walk.report(change);
}

/// Says that a service has another name, unless its package has.
pub(crate) fn renamed(walk: &mut Walk<'_>, old: &Service, new: &Service) {
    let message = format!("service {}", move_phrase(&old.full_name, &new.full_name));
    let change = Change::new(&SERVICE_RENAMED, Scope::Named(new.full_name.clone()), message)
        .impact(Impact::breaking(&[Surface::Wire, Surface::Source]))
        .spans(Some(old.name_span), Some(new.name_span))
        .evidence([old.full_name.to_string()]);
    walk.report(change);
}
