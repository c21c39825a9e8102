//! Bodies, media types and statuses.

use super::rules;

rules! {
    /// A body is described no more
    ///
    /// In a response, readers find nothing where they expect a value; in a request, what is still
    /// sent is ignored.
    BODY_REMOVED {
        id: "body-removed",
        effect: Widens,
        surfaces: [wire, json],
        caution: "whoever still sends a body is ignored without notice",
        fix: "Keep the body until nobody reads it.",
    }

    /// A body was added
    ///
    /// A request that needs one now refuses calls without; readers of a response ignore what they
    /// do not expect.
    BODY_ADDED {
        id: "body-added",
        effect: Offers,
        surfaces: [wire, json],
        fix: "Make the body optional, and let its absence mean what it meant.",
    }

    /// A body became required
    ///
    /// Calls without a body were answered and are refused now.
    BODY_BECAME_REQUIRED {
        id: "body-became-required",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Keep it optional for one release, measure who omits it, then require it.",
    }

    /// A body became optional
    ///
    /// Whoever reads it may find none.
    BODY_BECAME_OPTIONAL {
        id: "body-became-optional",
        effect: Widens,
        surfaces: [wire, json],
        turned: (
            "Receivers that rely on the body may be called without one.",
            "Go on sending the body until receivers cope without it."
        ),
        fix: "Nothing to do.",
    }

    /// A media type was removed
    ///
    /// Whoever sends or asks for it is refused (415, 406), or gets bytes that they cannot read. Who
    /// is called by a webhook or callback just no longer gets it.
    MEDIA_TYPE_REMOVED {
        id: "media-type-removed",
        effect: Withdraws,
        surfaces: [wire, json],
        fix: "Keep the old media type beside the new one until nobody asks for it.",
    }

    /// A media type was added
    ///
    /// Senders choose among what is accepted, and readers ask for what they know. Nobody asks whom a
    /// webhook or callback calls: they get bytes that they cannot read.
    MEDIA_TYPE_ADDED {
        id: "media-type-added",
        effect: Offers,
        surfaces: [wire, json],
        caution: "consumers that accept anything may be answered with the new media type",
        fix: "Send the new media type only to those who ask for it.",
    }

    /// A payload is described no more
    ///
    /// Any value may come where a shape was promised.
    SCHEMA_REMOVED {
        id: "schema-removed",
        effect: Widens,
        surfaces: [wire, json],
        fix: "Keep the schema; loosen it where it is wrong.",
    }

    /// A payload that was free is described now
    ///
    /// Values that were accepted may be refused.
    SCHEMA_ADDED {
        id: "schema-added",
        effect: Narrows,
        surfaces: [wire, json],
        fix: "Start with a schema that accepts what is sent today.",
    }

    /// How a part of a form or multipart body is encoded changed
    ///
    /// A part of another media type, or laid out in another style, is refused or read as another
    /// value.
    ENCODING_CHANGED {
        id: "encoding-changed",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Accept the old encoding beside the new one.",
    }

    /// A status was added
    ///
    /// A consumer that knows the declared statuses meets another one.
    STATUS_ADDED {
        id: "status-added",
        effect: Widens,
        surfaces: [wire, json],
        caution: "consumers meet a status that was not declared",
        fix: "Declare a class (`2XX`) or `default` before new statuses are sent.",
    }

    /// A status was removed
    ///
    /// It is no longer promised; readers that wait for it wait in vain.
    STATUS_REMOVED {
        id: "status-removed",
        effect: Annotates,
        surfaces: [wire, json],
        caution: "consumers may wait for the status",
        turned: (
            "Receivers answer with it today, and the server no longer says that it understands that.",
            "Go on accepting it until no receiver answers with it."
        ),
        fix: "Keep it declared until it is no longer sent.",
    }
}
