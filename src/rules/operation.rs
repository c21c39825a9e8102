//! Operations as offers, and where they are served.

use super::rules;

rules! {
    /// An operation was removed
    ///
    /// Whoever calls it gets an error, whatever they send.
    OPERATION_REMOVED {
        id: "operation-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        turned: (
            "Nobody makes the call any more, and receivers that rely on it wait in vain.",
            "Announce its end with a sunset date, and go on calling until receivers do without."
        ),
        fix: "Deprecate it with a sunset date, watch its calls, and remove it when the date has passed.",
    }

    /// An operation moved to another path or method
    ///
    /// What answers at the new address is the same by its identifier or by all that it takes and
    /// gives, so it is taken for the same operation. Calls to the old address find nothing all the
    /// same.
    OPERATION_MOVED {
        id: "operation-moved",
        effect: Withdraws,
        surfaces: [wire, json, source],
        fix: "Serve the old address too, deprecated, until nobody calls it.",
    }

    /// An operation was added
    ///
    /// Nobody calls it yet.
    OPERATION_ADDED {
        id: "operation-added",
        effect: Offers,
        surfaces: [wire, json, source],
        fix: "Nothing to do.",
    }

    /// An operation is no longer served under a path
    ///
    /// The path prefix of a server is part of every address (RFC 3986 §5.2); calls to the old
    /// addresses find nothing. The operations themselves are compared as if they had stayed.
    ROUTE_REMOVED {
        id: "route-removed",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Serve the old prefix too until its callers have moved.",
    }

    /// An operation is served at one more address
    ///
    /// Calls to the addresses that were there are answered as before.
    SERVER_ADDED {
        id: "server-added",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }

    /// The address of a server changed
    ///
    /// Hosts differ between environments and are often configured by the caller.
    SERVER_CHANGED {
        id: "server-changed",
        effect: Annotates,
        surfaces: [wire],
        caution: "callers that use the old host must be told",
        fix: "Keep the old host answering until its callers have moved.",
    }

    /// An operation was renamed for generated code
    ///
    /// The identifier becomes the name of a function in generated clients; nothing on the wire
    /// changes.
    OPERATION_RENAMED {
        id: "operation-renamed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the identifier, or release a major version of generated clients.",
    }

    /// The groups of an operation changed
    ///
    /// Tags sort operations into documentation and into classes of generated clients.
    TAGS_CHANGED {
        id: "tags-changed",
        effect: Annotates,
        surfaces: [source],
        caution: "generated clients may move the function to another class",
        fix: "Keep the tag that generated clients group by.",
    }

    /// A more specific path now answers part of what another one did
    ///
    /// A concrete path goes before a templated one, so calls that the template answered are
    /// answered by the new operation. Where the template lists the value among those of its
    /// variable, callers were told of it, and what they get now is compared with what they got.
    PATH_CAPTURED {
        id: "path-captured",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "calls that a templated path answered go to the new operation now",
        fix: "Make sure that no value of the path parameter equals the new segment.",
    }

    /// An operation is served by others that cover its path
    ///
    /// Calls to the old address are answered still: by a template that the path lies in, or by a
    /// path for each value that the variable of a template had. The operations are compared as if
    /// they were one.
    PATH_COVERED {
        id: "path-covered",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "another operation answers these calls now",
        fix: "Make sure that the new operation answers as the old one did.",
    }
}
