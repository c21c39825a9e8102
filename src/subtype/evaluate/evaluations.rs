//! What shapes were found to say of the parts of values.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::model::Json;
use crate::subtype::goal::{Marks, Saying};

/// What shapes were found to say of the parts of the values that are being evaluated. Branches that
/// share a shape ask about the same part again and again, and so do values that share their parts:
/// one that is made smaller step by step is the same value but for one member.
#[derive(Debug, Default)]
pub(in crate::subtype) struct Evaluations {
    /// For as long as the evaluation lasts, which is how long its value stays where it is.
    known: HashMap<Part, bool, FixedState>,
    /// How many evaluations are under way, one inside the other.
    depth: usize,
    /// What was said of parts of the values that are kept, and so stay where they are.
    lasting: HashMap<Part, bool, FixedState>,
    kept: Vec<Json>,
    /// Where the parts of those lie.
    places: HashSet<usize, FixedState>,
    /// What was enough for a shape to refuse an object. Of many branches most refuse for the same
    /// member again and again: a tag.
    telling: HashMap<Judge, Telling, FixedState>,
}

/// What is claimed, and what is withheld below it.
pub(in crate::subtype) type Judge = (Saying, Marks);

/// A member that is enough for an object to be refused, whatever else is in it.
#[derive(Debug)]
struct Telling {
    name: Arc<str>,
    /// What it is; `None` where it is missing.
    member: Option<Json>,
}

/// What is claimed, what is withheld below it, and where the part lies in memory.
type Part = (Saying, Marks, usize);

/// How many values are kept: who makes one smaller comes back to the last ones.
const MAX_KEPT: usize = 64;
/// How much is remembered of them.
const MAX_LASTING: usize = 1 << 18;
/// Beyond this a map takes longer to empty than to make.
const MAX_EMPTIED: usize = 1 << 12;

impl Evaluations {
    /// Begins a search, of which no evaluation is under way.
    pub(in crate::subtype) fn begin(&mut self) -> &mut Self {
        self.depth = 0;
        if self.known.capacity() > MAX_EMPTIED {
            self.known = HashMap::default();
        }
        self
    }

    /// Begins an evaluation; of a value that is not kept the outermost one knows nothing yet. Pairs
    /// with [`Self::leave`].
    pub(in crate::subtype) fn enter(&mut self) {
        if self.depth == 0 {
            self.known.clear();
        }
        self.depth += 1;
    }

    pub(in crate::subtype) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Keeps the value, so that what is said of its parts is known for as long as others share them.
    pub(in crate::subtype) fn keep(&mut self, value: &Json) {
        if self.kept.len() >= MAX_KEPT || self.lasting.len() >= MAX_LASTING {
            self.lasting.clear();
            self.places.clear();
            self.kept.clear();
        }
        if self.note(value) {
            self.kept.push(value.clone());
        }
    }

    /// Notes where the parts of a value lie; what is noted already is part of a value that is kept.
    fn note(&mut self, value: &Json) -> bool {
        if !address(value).is_some_and(|address| self.places.insert(address)) {
            return false;
        }
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
            Json::Array(elements) => {
                for element in elements.iter() {
                    self.note(element);
                }
            }
            Json::Object(members) => {
                for member in members.values() {
                    self.note(member);
                }
            }
        }
        true
    }

    pub(in crate::subtype) fn known(&self, part: &Part) -> Option<bool> {
        self.memory(part).get(part).copied()
    }

    pub(in crate::subtype) fn learn(&mut self, part: Part, accepts: bool) {
        let (_, _, place) = part;
        let memory = if self.places.contains(&place) { &mut self.lasting } else { &mut self.known };
        memory.insert(part, accepts);
    }

    /// Whether the judge refused an object before for a member that this one has too.
    pub(in crate::subtype) fn is_refused_again(&self, judge: &Judge, value: &Json) -> bool {
        let Json::Object(members) = value else { return false };
        let telling = self.telling.get(judge);
        telling.is_some_and(|Telling { name, member }| {
            match (members.get(name), member) {
                // Draft 4 tells 1 and 1.0 apart, which are equal.
                (Some(Json::Number(here)), Some(Json::Number(known))) => {
                    here == known && here.notation() == known.notation()
                }
                (here, known) => here == known.as_ref(),
            }
        })
    }

    /// Remembers that the judge refuses every object with this member, or without it.
    pub(in crate::subtype) fn tell(
        &mut self,
        judge: Judge,
        name: &Arc<str>,
        member: Option<&Json>,
    ) {
        if member.is_none_or(|member| address(member).is_none()) {
            let telling = Telling { name: Arc::clone(name), member: member.cloned() };
            self.telling.insert(judge, telling);
        }
    }

    fn memory(&self, (_, _, place): &Part) -> &HashMap<Part, bool, FixedState> {
        if self.places.contains(place) { &self.lasting } else { &self.known }
    }
}

/// Where a value with parts lies; others are evaluated sooner than looked up.
pub(in crate::subtype) fn address(value: &Json) -> Option<usize> {
    match value {
        Json::Array(elements) if !elements.is_empty() => Some(elements.as_ptr().addr()),
        Json::Object(members) if !members.is_empty() => Some(Arc::as_ptr(members).addr()),
        Json::Null
        | Json::Boolean(_)
        | Json::Number(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => None,
    }
}
