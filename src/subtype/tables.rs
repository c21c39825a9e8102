//! What an engine remembers between questions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem;
use std::sync::Arc;

use crate::model::{Equality, Json, Kind, Kinds, LogicFacets, Piece, ShapeId, Shapes};

use super::alternatives::apart::Company;
use super::alternatives::tagged::{Refused, Tagged};
use super::covering::Cover;
use super::goal::{Answer, Claim, Goal, Interner, Key, Lit, Marks, Place};
use super::language::{self, Asked, Language};
use super::recall::Held;
use super::term::{Basic, NumberLeaf, Tag};
use super::values::Values;
use super::writer::lent::Stated;
use super::{Carrier, Reason};

pub(super) type ShapeSet = HashSet<ShapeId, foldhash::fast::FixedState>;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Whether a pattern is found in each of these texts, where that can be told.
type Matches = Map<Box<str>, Option<bool>>;

/// Whether it shows at once that a shape accepts what others accept.
pub(super) type Covered = Map<Cover, bool>;

/// The texts of a pattern that says no more than a list does.
pub(super) type Words = Option<Values>;

/// Interned parts of goals and the answers found.
#[derive(Debug)]
pub(super) struct Tables {
    pub values: Interner<Json>,
    pub lists: Interner<Vec<Lit>>,
    pub reasons: Interner<String>,
    pub ignores: Interner<BTreeSet<Arc<str>>>,
    pub places: Interner<Place>,
    /// Shapes that lend names at places.
    pub lent: Interner<Vec<ShapeId>>,
    pub memo: Map<Goal, Answer>,
    pub covered: Covered,
    /// Questions that were left open, by what is written, what is read and how it crosses.
    pub open: Map<(Vec<Claim>, Vec<Claim>, Carrier, Marks), Reason>,
    /// Values that were found, the last first, by what held of them.
    pub found: Map<Held, Vec<Json>>,
    /// The writers to whom the assumptions would leave nothing to send.
    pub loosened: HashSet<Goal, foldhash::fast::FixedState>,
    pub marked: Map<(Marks, ShapeId), Key>,
    /// The marked members that tell the branches of a shape apart.
    pub kept: Map<(Marks, ShapeId), Key>,
    /// Every shape that applies at a place, in any branch.
    pub closures: Map<Key, Arc<Vec<ShapeId>>>,
    /// The same shapes, as those that stand for them.
    pub readers: Map<Key, Arc<ShapeSet>>,
    /// The names to which the readers of a place give a meaning.
    pub names: Map<Key, Arc<BTreeSet<Arc<str>>>>,
    /// The names that the branches of a shape state.
    pub stated: Map<ShapeId, Arc<Stated>>,
    /// What shapes say of members and elements, in any branch.
    pub parts: Map<(ShapeId, Piece), Arc<[ShapeId]>>,
    pub member_places: Map<(Key, Arc<str>), Key>,
    pub element_places: Map<(Key, usize), Key>,
    pub patterns: RefCell<Map<Arc<str>, Result<Language, Reason>>>,
    /// What was found of texts that patterns admit.
    pub searches: Map<Asked, language::Search>,
    pub words: RefCell<Map<Arc<str>, Words>>,
    /// The values that a shape lists itself.
    pub enumerations: RefCell<Map<ShapeId, Values>>,
    /// Whether patterns are found in texts that were asked about.
    pub matches: RefCell<Map<Arc<str>, Matches>>,
    /// Whether no text has both patterns.
    pub apart: Map<(Arc<str>, Arc<str>), bool>,
    /// What can be said at once of shapes, alternatives looked into so deep.
    pub profiles: Map<(ShapeId, usize), Arc<Profile>>,
    /// What shows at once of the values of a member's shape: the variants of an object share most of
    /// them.
    pub tags: Map<ShapeId, Tag>,
    /// Whether two branches exclude each other for values of a type.
    pub exclusive: Map<(Basic, Claim, Claim), bool>,
    /// Which branches of lists may hold together, by type.
    pub companies: Map<(Basic, Vec<Claim>), Arc<Company>>,
    /// The branches of lists by the tag that most of them have.
    pub tagged: Map<Vec<Claim>, Option<Arc<Tagged>>>,
    /// The alternatives of shapes that refuse, as one.
    pub refused: Map<(Marks, Claim), Option<Arc<Refused>>>,
    /// Whether shapes may state names beside what holds in any case, looked at so deep.
    pub brought: Map<(Marks, Vec<Claim>, Claim, usize), bool>,
    /// The values that a shape lists, where they are many.
    pub listed: Map<ShapeId, HashSet<Json, foldhash::fast::FixedState>>,
    /// The values that authors give, by shape.
    pub authored: Map<ShapeId, Arc<Vec<Json>>>,
}

impl Tables {
    /// Trades what is known of patterns with tables of other assumptions: what texts a pattern admits
    /// does not depend on what is assumed of writers.
    pub(super) fn trade_languages(&mut self, other: &mut Self) {
        mem::swap(&mut self.patterns, &mut other.patterns);
        mem::swap(&mut self.searches, &mut other.searches);
        mem::swap(&mut self.words, &mut other.words);
        mem::swap(&mut self.matches, &mut other.matches);
        mem::swap(&mut self.apart, &mut other.apart);
    }
}

/// What can be said at once of the values of a shape, references and conjunctions followed.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub is_never: bool,
    /// Whether types or values are stated.
    pub is_stated: bool,
    pub kinds: Kinds,
    pub values: Option<Values>,
    /// The texts that there may be, beside values of other types.
    pub texts: Option<Values>,
    pub required: BTreeSet<Arc<str>>,
    pub tags: BTreeMap<Arc<str>, Tag>,
    /// The only names that there may be.
    pub closed: Option<Arc<BTreeSet<Arc<str>>>>,
    /// What is said of numbers.
    pub numbers: Vec<NumberLeaf>,
}

impl Profile {
    pub(super) fn of(tag: &Tag) -> Self {
        Self {
            is_never: false,
            is_stated: false,
            kinds: tag.kinds,
            values: tag.values.clone(),
            texts: tag.texts.clone(),
            required: BTreeSet::new(),
            tags: BTreeMap::new(),
            closed: None,
            numbers: Vec::new(),
        }
    }
}

/// One shape for each class of equal ones.
#[derive(Debug, Default)]
pub(super) struct Representatives {
    by_shape: Vec<ShapeId>,
    anything: Vec<bool>,
    permissive: Vec<bool>,
    tells_notations: bool,
}

impl Representatives {
    /// Takes in the shapes that were added.
    pub(super) fn extend(&mut self, shapes: &Shapes, equality: &Equality) {
        for (id, _) in shapes.since(self.by_shape.len()) {
            let representative = equality.speaker(id).unwrap_or(id);
            self.by_shape.push(representative);
            self.anything.push(says_nothing(shapes, representative, NESTED));
            self.permissive.push(refuses_nothing(shapes, representative, NESTED));
            self.tells_notations |= shapes.get(id).kinds.as_ref().is_some_and(|kinds| {
                kinds.value.has(Kind::IntegerLiteral) && !kinds.value.has(Kind::Integer)
            });
        }
    }

    /// Whether some shape takes an integer or not by how it is written.
    pub(super) fn tells_notations(&self) -> bool {
        self.tells_notations
    }

    /// The shape that stands for all that say the same to validation.
    pub(super) fn of(&self, id: ShapeId) -> ShapeId {
        self.by_shape.get(id.index()).copied().unwrap_or(id)
    }

    /// Whether it shows at once that the shape refuses nothing, whatever it speaks of.
    pub(super) fn is_permissive(&self, id: ShapeId) -> bool {
        self.permissive.get(id.index()).copied().unwrap_or(false)
    }

    /// Whether the shape admits everything, by what is written.
    pub(super) fn is_anything(&self, id: ShapeId) -> bool {
        self.anything.get(id.index()).copied().unwrap_or(false)
    }
}

/// How deep alternatives are looked into for one that says nothing.
const NESTED: usize = 4;

fn says_nothing(shapes: &Shapes, id: ShapeId, nested: usize) -> bool {
    let shape = shapes.get(id);
    shape.is_silent_itself()
        && shape.array.is_unstated()
        && shape.object.is_unstated()
        && shape.logic.get().is_none_or(|logic| admits_anything(shapes, logic, nested))
}

/// Whether what is combined in place refuses nothing and speaks of nothing: an alternative that is never
/// needed still states a type, which is then not assumed of another (docs/verdicts.md).
fn admits_anything(shapes: &Shapes, logic: &LogicFacets, nested: usize) -> bool {
    let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
    let Some(nested) = nested.checked_sub(1) else { return false };
    let is_anything = |part: &ShapeId| says_nothing(shapes, *part, nested);
    one_of.is_none()
        && not.is_none()
        && condition.is_none()
        && all_of.iter().all(is_anything)
        && any_of.as_ref().is_none_or(|any| any.value.iter().all(is_anything))
}

/// Whether an alternative that is always open leaves nothing to refuse.
fn refuses_nothing(shapes: &Shapes, id: ShapeId, nested: usize) -> bool {
    let Some(nested) = nested.checked_sub(1) else { return false };
    let shape = shapes.get(id);
    let is_open = |part: &ShapeId| refuses_nothing(shapes, *part, nested);
    let is_combined_openly = |logic: &LogicFacets| {
        let LogicFacets { all_of, any_of, one_of, not, condition } = logic;
        one_of.is_none()
            && not.is_none()
            && condition.is_none()
            && all_of.iter().all(is_open)
            && any_of.as_ref().is_none_or(|any| any.value.iter().any(is_open))
    };
    shape.is_silent_itself()
        && shape.array.is_unstated()
        && shape.object.is_unstated()
        && shape.logic.get().is_none_or(is_combined_openly)
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            values: Interner::starting_with(Json::Null),
            lists: Interner::starting_with(Vec::new()),
            reasons: Interner::starting_with(String::new()),
            ignores: Interner::starting_with(BTreeSet::new()),
            places: Interner::starting_with(Place::default()),
            lent: Interner::starting_with(Vec::new()),
            memo: Map::default(),
            covered: Covered::default(),
            open: Map::default(),
            found: Map::default(),
            loosened: HashSet::default(),
            marked: Map::default(),
            kept: Map::default(),
            closures: Map::default(),
            readers: Map::default(),
            names: Map::default(),
            stated: Map::default(),
            parts: Map::default(),
            member_places: Map::default(),
            element_places: Map::default(),
            patterns: RefCell::default(),
            searches: Map::default(),
            words: RefCell::default(),
            enumerations: RefCell::default(),
            matches: RefCell::default(),
            apart: Map::default(),
            profiles: Map::default(),
            tags: Map::default(),
            exclusive: Map::default(),
            companies: Map::default(),
            tagged: Map::default(),
            brought: Map::default(),
            refused: Map::default(),
            authored: Map::default(),
            listed: Map::default(),
        }
    }
}
