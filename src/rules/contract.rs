//! Whole contracts.

use super::rules;

rules! {
    /// A contract was removed
    ///
    /// Nothing that it promised is promised any more.
    CONTRACT_REMOVED {
        id: "contract-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        fix: "Keep the contract until nobody relies on it, or say where it went.",
    }

    /// A contract was added
    ///
    /// Nobody relies on it yet.
    CONTRACT_ADDED {
        id: "contract-added",
        effect: Offers,
        surfaces: [wire, json, source],
        fix: "Nothing to do.",
    }

    /// A contract moved to another file
    ///
    /// What it promises is compared as if it had stayed, and is accepted under the name that it had.
    CONTRACT_MOVED {
        id: "contract-moved",
        effect: Annotates,
        surfaces: [source],
        caution: "whoever fetches the contract by its path must be told",
        fix: "Leave a reference at the old path.",
    }

    /// A contract, or a part of it, could not be read
    ///
    /// What it promised there, or promises now, is not known, so nothing can be said about the change.
    CONTRACT_UNREADABLE {
        id: "contract-unreadable",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Review the change by hand, and accept this finding with a reason.",
    }

    /// A definition is promised no more
    ///
    /// Whoever refers to it finds nothing.
    DEFINITION_REMOVED {
        id: "definition-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        fix: "Keep the definition until nobody refers to it.",
    }

    /// A definition was added
    ///
    /// Nobody refers to it yet.
    DEFINITION_ADDED {
        id: "definition-added",
        effect: Offers,
        surfaces: [wire, json, source],
        fix: "Nothing to do.",
    }

    /// The version that the contract declares changed
    ///
    /// It is told to people; nothing that travels changes with it.
    VERSION_CHANGED {
        id: "version-changed",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }
}
