//! Named elements that a contract declares for reuse.

use super::rules;

rules! {
    /// A named element was added
    ///
    /// Nobody refers to it yet.
    COMPONENT_ADDED {
        id: "component-added",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// A named element was removed
    ///
    /// Names of schemas and other parts do not travel, but they become the names of types in
    /// generated code. What operations lose with it is reported there.
    COMPONENT_REMOVED {
        id: "component-removed",
        effect: Withdraws,
        surfaces: [source],
        fix: "Keep the name as a reference to what takes its place, or release a major version of generated code.",
    }

    /// A named element is called otherwise
    ///
    /// The element is the same; types in generated code are called by its name.
    COMPONENT_RENAMED {
        id: "component-renamed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the old name as a reference to the new one, or release a major version of generated code.",
    }

    /// The name by which payloads tell alternatives apart changed
    ///
    /// Where a discriminator has no mapping, its value is the name of the schema (OpenAPI 3.1.1
    /// §4.8.25): the one case in which the name of a schema travels. Readers that know the old
    /// value do not know the new one.
    DISCRIMINATING_NAME_CHANGED {
        id: "discriminating-name-changed",
        effect: Replaces,
        surfaces: [json, source],
        fix: "Add a mapping from the old value to the renamed schema.",
    }
}
