//! What a caller must present.

use super::rules;

rules! {
    /// A way of authenticating is no longer accepted
    ///
    /// Each alternative suffices by itself. Callers whose credentials satisfied one, and satisfy
    /// none of the remaining ones, are refused.
    SECURITY_ALTERNATIVE_REMOVED {
        id: "security-alternative-removed",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Accept the old credentials until nobody presents them.",
    }

    /// A way of authenticating was added
    ///
    /// Credentials that sufficed still do.
    SECURITY_ALTERNATIVE_ADDED {
        id: "security-alternative-added",
        effect: Offers,
        surfaces: [wire, json],
        fix: "Nothing to do.",
    }

    /// Credentials are required now
    ///
    /// Anonymous calls were answered and are refused now.
    SECURITY_ADDED {
        id: "security-added",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Allow anonymous calls beside authenticated ones (`{}`) until nobody makes them.",
    }

    /// A scope is required that was not
    ///
    /// Tokens that were issued without it are refused now.
    SCOPE_ADDED {
        id: "scope-added",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Issue tokens with the scope first, and require it when the old ones have expired.",
    }

    /// A scope is no longer required
    ///
    /// Tokens that sufficed still do.
    SCOPE_REMOVED {
        id: "scope-removed",
        effect: Offers,
        surfaces: [wire, json],
        fix: "Nothing to do.",
    }
}
