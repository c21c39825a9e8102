//! Parameters: what is sent beside the body.

use super::rules;

rules! {
    /// A parameter was removed
    ///
    /// Servers ignore parameters that they do not declare, so whoever still sends it gets an
    /// answer that does not take it into account.
    PARAMETER_REMOVED {
        id: "parameter-removed",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "whoever still sends it is ignored without notice",
        turned: (
            "Receivers that rely on it are called without it.",
            "Go on sending it until no receiver reads it."
        ),
        fix: "Deprecate the parameter, and refuse it loudly before it is ignored.",
    }

    /// An optional parameter was added
    ///
    /// Nobody sends it yet, and nobody has to.
    PARAMETER_ADDED {
        id: "parameter-added",
        effect: Offers,
        surfaces: [wire, json],
        fix: "Nothing to do.",
    }

    /// A required parameter was added
    ///
    /// Calls that do not send it were answered and are refused now.
    REQUIRED_PARAMETER_ADDED {
        id: "required-parameter-added",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Make it optional with a default that means what its absence meant.",
    }

    /// A parameter became required
    ///
    /// Calls that do not send it were answered and are refused now.
    PARAMETER_BECAME_REQUIRED {
        id: "parameter-became-required",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Keep it optional for one release, measure who omits it, then require it.",
    }

    /// A parameter became optional
    ///
    /// Whoever reads it may miss it.
    PARAMETER_BECAME_OPTIONAL {
        id: "parameter-became-optional",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep sending it until its readers cope without it.",
    }

    /// How a parameter becomes text changed
    ///
    /// The text that one side writes is another value, or none, for the side that reads it with
    /// another style, explosion or media type.
    SERIALISATION_CHANGED {
        id: "serialisation-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Add a parameter with the new layout, and keep reading the old one until nobody sends it.",
    }

    /// A parameter is written otherwise, with the same text
    ///
    /// The layouts agree for this value, or differ only in which characters are escaped, which
    /// readers undo.
    ESCAPING_CHANGED {
        id: "escaping-changed",
        effect: Annotates,
        surfaces: [wire],
        caution: "readers that take the text apart before they decode it meet other characters",
        fix: "Accept both spellings.",
    }

    /// A parameter is sent elsewhere
    ///
    /// Whoever sends it where it was is no longer heard, and is refused where it has to be sent.
    PARAMETER_MOVED {
        id: "parameter-moved",
        effect: Replaces,
        surfaces: [wire, json],
        caution: "whoever still sends it where it was is ignored without notice",
        fix: "Read it in both places until nobody sends it in the old one.",
    }

    /// A path parameter has another name
    ///
    /// The name of a variable in a path never travels; generated functions may name an argument
    /// by it.
    PATH_PARAMETER_RENAMED {
        id: "path-parameter-renamed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the name, or release a major version of generated clients.",
    }

    /// An empty value is no longer allowed
    ///
    /// Calls that sent the parameter without a value are refused now.
    EMPTY_VALUE_FORBIDDEN {
        id: "empty-value-forbidden",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Treat an empty value like an absent parameter.",
    }

    /// An empty value is allowed
    ///
    /// Calls that were answered still are.
    EMPTY_VALUE_ALLOWED {
        id: "empty-value-allowed",
        effect: Widens,
        surfaces: [wire, json],
        turned: (
            "Receivers that expect a value may be called with an empty one.",
            "Send no empty value until receivers cope with it."
        ),
        fix: "Nothing to do.",
    }

    /// A header became required
    ///
    /// Every response has it now.
    HEADER_BECAME_REQUIRED {
        id: "header-became-required",
        effect: Narrows,
        surfaces: [wire, json],
        turned: (
            "Receivers that answer without it are refused now.",
            "Accept answers without it until receivers send it."
        ),
        fix: "Nothing to do.",
    }

    /// A header is no longer guaranteed
    ///
    /// A reader that relied on it meets a response without it.
    HEADER_BECAME_OPTIONAL {
        id: "header-became-optional",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep sending it until its readers cope without it.",
    }

    /// A header was removed
    ///
    /// A reader that looked for it no longer finds it.
    HEADER_REMOVED {
        id: "header-removed",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "readers that look for the header no longer find it",
        fix: "Keep sending it until nobody reads it.",
    }

    /// A header was added
    ///
    /// Readers ignore headers that they do not know.
    HEADER_ADDED {
        id: "header-added",
        effect: Offers,
        surfaces: [wire, json],
        fix: "Nothing to do.",
    }
}
