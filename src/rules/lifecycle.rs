//! How settled elements are: deprecation, sunset, stability.

use super::rules;

rules! {
    /// An element was deprecated
    ///
    /// It works as before, and is announced as going away (RFC 9745).
    DEPRECATED {
        id: "deprecated",
        effect: Annotates,
        surfaces: [source],
        fix: "Tell its consumers what to use instead, and announce a sunset.",
    }

    /// A deprecation was withdrawn
    ///
    /// Consumers that prepared to leave may stay.
    DEPRECATION_WITHDRAWN {
        id: "deprecation-withdrawn",
        effect: Annotates,
        surfaces: [source],
        fix: "Tell the consumers that were told to leave.",
    }

    /// A sunset was announced
    ///
    /// From that date on the element may be gone (RFC 8594).
    SUNSET_ANNOUNCED {
        id: "sunset-announced",
        effect: Annotates,
        surfaces: [source],
        fix: "Tell its consumers what to use instead, and when.",
    }

    /// A sunset was brought forward
    ///
    /// Consumers that planned for the old date have less time than they were promised.
    SUNSET_BROUGHT_FORWARD {
        id: "sunset-brought-forward",
        effect: Annotates,
        surfaces: [source],
        caution: "consumers planned for the date that was announced",
        severity: Error,
        fix: "Keep the date that was announced.",
    }

    /// A sunset was put off
    ///
    /// Consumers have more time than they were promised.
    SUNSET_PUT_OFF {
        id: "sunset-put-off",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// A sunset was withdrawn
    ///
    /// Nobody knows any more how long the element stays.
    SUNSET_WITHDRAWN {
        id: "sunset-withdrawn",
        effect: Annotates,
        surfaces: [source],
        fix: "Withdraw the deprecation too if the element stays, or announce another date.",
    }

    /// An element is less settled than it was
    ///
    /// What was promised to stay may change or go now. Nothing breaks with the mark; it takes back
    /// the promise that nothing will.
    STABILITY_LOWERED {
        id: "stability-lowered",
        effect: Annotates,
        surfaces: [source],
        caution: "what was promised to stay may change now",
        severity: Error,
        fix: "Keep the level, and deprecate the element if it has to change.",
    }

    /// An element is more settled than it was
    ///
    /// A promise more.
    STABILITY_RAISED {
        id: "stability-raised",
        effect: Annotates,
        surfaces: [source],
        fix: "Nothing to do.",
    }
}
