//! Options of other people's, given a meaning where the team asks for it: one table for each pack.
//!
//! Without a pack an edit of such an option is a note (`custom-option-changed`). With it the option
//! says what is demanded of values, which routes lead to a call, or what generated clients offer.

mod behavior;
mod choice;
mod condition;
pub(crate) mod constraint;
pub(crate) mod google;
pub(crate) mod http;
mod http_route;
pub(crate) mod kept;
mod leaves;
mod loss;
mod masks;
mod reach;
mod sense;
mod spelling;
mod stated;
mod trial;
mod whole;

use std::sync::Arc;

use super::generated_code::Annotated;
use crate::diff::messages::Walk;
use crate::model::{Json, Stated};

use trial::trial_values;

/// Options that mean something together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pack {
    /// `google.api` and `google.longrunning`: HTTP routes, field behavior, resources, operations.
    GoogleApi,
    /// `buf.validate`: constraints on values.
    Protovalidate,
}

impl Pack {
    /// Every pack.
    pub const ALL: [Self; 2] = [Self::GoogleApi, Self::Protovalidate];

    /// How the names of its options begin.
    fn prefix(self) -> &'static str {
        match self {
            Self::GoogleApi => "(google.",
            Self::Protovalidate => "(buf.validate.",
        }
    }

    /// The word that people write.
    pub fn name(self) -> &'static str {
        match self {
            Self::GoogleApi => "google-api",
            Self::Protovalidate => "protovalidate",
        }
    }
}

/// The packs that a comparison takes into account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packs {
    google_api: bool,
    protovalidate: bool,
}

impl Packs {
    /// Whether the pack is one of them.
    pub fn has(self, pack: Pack) -> bool {
        match pack {
            Pack::GoogleApi => self.google_api,
            Pack::Protovalidate => self.protovalidate,
        }
    }
}

impl FromIterator<Pack> for Packs {
    fn from_iter<I: IntoIterator<Item = Pack>>(packs: I) -> Self {
        let mut chosen = Self::default();
        for pack in packs {
            match pack {
                Pack::GoogleApi => chosen.google_api = true,
                Pack::Protovalidate => chosen.protovalidate = true,
            }
        }
        chosen
    }
}

/// What an option of a pack speaks of.
#[derive(Clone, Copy, Debug)]
enum Speaks {
    /// The values of a field: a tree of constraints.
    Constraints,
    /// How a field is used, as a list of words.
    Behavior,
    /// The HTTP routes of a call.
    Routes,
    /// The name and the patterns of a resource.
    Resource,
    /// The resource that a field names.
    Reference,
    /// What a long-running operation packs.
    Operation,
    /// The overloads of generated clients.
    Signatures,
    /// Where generated clients connect to.
    Host,
}

/// What states the constraints of a field.
const FIELD: &str = "(buf.validate.field)";

/// What states the constraints of a message as a whole.
const MESSAGE: &str = "(buf.validate.message)";

/// The options of all packs.
const OPTIONS: [(&str, Pack, Speaks); 12] = [
    (FIELD, Pack::Protovalidate, Speaks::Constraints),
    ("(buf.validate.predefined)", Pack::Protovalidate, Speaks::Constraints),
    (MESSAGE, Pack::Protovalidate, Speaks::Constraints),
    ("(buf.validate.oneof)", Pack::Protovalidate, Speaks::Constraints),
    ("(google.api.field_behavior)", Pack::GoogleApi, Speaks::Behavior),
    (http::OPTION, Pack::GoogleApi, Speaks::Routes),
    (google::RESOURCES[0], Pack::GoogleApi, Speaks::Resource),
    (google::RESOURCES[1], Pack::GoogleApi, Speaks::Resource),
    ("(google.api.resource_reference)", Pack::GoogleApi, Speaks::Reference),
    ("(google.longrunning.operation_info)", Pack::GoogleApi, Speaks::Operation),
    ("(google.api.method_signature)", Pack::GoogleApi, Speaks::Signatures),
    ("(google.api.default_host)", Pack::GoogleApi, Speaks::Host),
];

/// An option on both sides; one of them may lack it.
pub(crate) struct Edited<'o> {
    /// Its full name.
    pub(crate) name: &'o Arc<str>,
    /// Before.
    pub(crate) old: Option<&'o Stated<Json>>,
    /// After.
    pub(crate) new: Option<&'o Stated<Json>>,
}

/// Says what the edit of an option means to a pack that counts. Whether there was anything to say.
pub(crate) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let mut known = OPTIONS.iter().filter(|(name, ..)| *name == &**edited.name);
    let Some((.., speaks)) = known.next().filter(|(_, pack, _)| walk.packs.has(*pack)) else {
        return false;
    };
    match speaks {
        Speaks::Constraints => constraint::compare(walk, element, edited),
        Speaks::Behavior => constraint::compare_behavior(walk, element, edited),
        Speaks::Routes => http::compare(walk, element, edited),
        Speaks::Resource => google::compare_resource(walk, element, edited),
        Speaks::Reference => google::compare_reference(walk, element, edited),
        Speaks::Operation => google::compare_operation(walk, element, edited),
        Speaks::Signatures => google::compare_signatures(walk, element, edited),
        Speaks::Host => google::compare_host(walk, element, edited),
    }
}
