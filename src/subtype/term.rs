//! One disjunct: what is known of a value of one type, and what is still to be split.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Decimal, Json, Kind, Kinds};

use super::Reason;
use super::alternatives::tagged::Refused;
use super::goal::{Claim, Lit};
use super::values::Values;

/// The type of the values that a term describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Basic {
    Number,
    String,
    Boolean,
    Null,
    Object,
    Array,
}

/// A step of an alternative.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Lit(Lit),
    Number(NumberLeaf),
    Text(TextLeaf),
    Array(ArrayLeaf),
    Object(ObjectLeaf),
    /// The value is not among these.
    NoneOf(Vec<Json>),
    /// The value is among these.
    OneOf(Values),
    /// A disjunction.
    Split(Split),
    /// Something that could not be read.
    Unsure(Reason),
    /// From here on the writer's names may be those of other branches too: an over-approximation.
    Names(Arc<[Claim]>),
    /// These lend nothing to members and elements any more.
    Muted(Arc<[Claim]>),
    /// Of these branches none but the one at this position holds.
    OnlyOf(Arc<[Claim]>, usize),
    /// Of many branches none holds.
    Neither(Arc<Refused>),
    Never,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum NumberLeaf {
    AtLeast(Decimal),
    Above(Decimal),
    AtMost(Decimal),
    Below(Decimal),
    Integer(bool),
    Literal(bool),
    Multiple(Decimal, bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TextLeaf {
    AtLeast(u64),
    AtMost(u64),
    Pattern(Arc<str>, bool),
    Format(Arc<str>, bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ArrayLeaf {
    AtLeast(u64),
    AtMost(u64),
    /// The element at this position, if there, satisfies this.
    Position(usize, Lit),
    /// So do all from this position on.
    From(usize, Lit),
    /// Some element from this position on does.
    Some(usize, Vec<Lit>),
    /// The element at this position is there and does.
    At(usize, Lit),
    /// The number of elements that satisfy it.
    Count(Tally),
    Unique(bool),
}

/// How many elements satisfy a literal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tally {
    pub yes: Lit,
    pub no: Lit,
    pub least: u64,
    pub most: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ObjectLeaf {
    AtLeast(u64),
    AtMost(u64),
    Present(Arc<str>),
    Absent(Arc<str>),
    /// The member, if there, satisfies this.
    Member(Arc<str>, Lit),
    /// So do all members with such names.
    Members(Names, Lit),
    /// Some member with such a name does.
    Some(Names, Vec<Lit>),
    /// All names do.
    Name(Lit),
    /// Some name does.
    SomeName(Lit),
}

/// A set of member names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Those in which a pattern is found.
    Matching(Arc<str>),
    /// Those that are not listed and match no pattern.
    Outside(Arc<Covered>),
}

/// The names that a schema object, or several, evaluate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Covered {
    pub names: BTreeSet<Arc<str>>,
    pub patterns: BTreeSet<Arc<str>>,
}

/// A disjunction that has not been taken yet; alternatives are made when it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Split {
    /// One of these.
    Any(Vec<Vec<Item>>),
    /// The writer's `anyOf`, of which several may hold with the names of each.
    Writers(Vec<Claim>),
    /// Exactly one holds.
    Exactly(Vec<Claim>),
    /// None or several hold.
    NotExactly(Vec<Claim>),
    /// The shape refuses.
    Refuse(Claim),
    /// All of them do.
    Neither(Arc<Refused>),
}

/// What is known in one disjunct.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub kind: Basic,
    pub seen: BTreeSet<Lit>,
    /// Every shape that is known to hold, references and conjunctions followed.
    pub holding: Vec<Claim>,
    /// Shapes whose names count as stated although they are not known to hold.
    pub lent: Vec<Arc<[Claim]>>,
    /// Those of them that are not taken to say anything of members and elements.
    pub muted: BTreeSet<Claim>,
    /// Branches of which none holds.
    pub refused: Vec<Arc<Refused>>,
    pub splits: Vec<Split>,
    /// Disjunctions that were put aside and in which the writer denies something.
    pub aside: Arc<[Split]>,
    /// How many of the disjunctions, at most, have been tried alone.
    pub tried_alone: usize,
    pub finite: Option<Values>,
    pub differs: Vec<Json>,
    pub numbers: Vec<NumberLeaf>,
    pub texts: Vec<TextLeaf>,
    pub array: ArrayTerm,
    pub object: ObjectTerm,
    pub unsure: Option<Reason>,
}

/// What is known of an array.
#[derive(Clone, Debug, Default)]
pub(super) struct ArrayTerm {
    pub least: u64,
    pub most: Option<u64>,
    pub positions: BTreeMap<usize, Vec<Lit>>,
    pub from: Vec<(usize, Lit)>,
    pub some: Vec<(usize, Vec<Lit>)>,
    pub tallies: Vec<Tally>,
    pub unique: bool,
    pub repeated: bool,
}

/// What is known of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct ObjectTerm {
    pub least: u64,
    pub most: Option<u64>,
    pub present: BTreeSet<Arc<str>>,
    pub absent: BTreeSet<Arc<str>>,
    pub members: BTreeMap<Arc<str>, Vec<Lit>>,
    pub rules: Vec<(Names, Lit)>,
    pub some: Vec<(Names, Vec<Lit>)>,
    pub names: Vec<Lit>,
    pub some_names: Vec<Lit>,
    /// What is known at once of a member that is there: its types and its values.
    pub tags: BTreeMap<Arc<str>, Tag>,
    /// The only names that there may be, as far as it is known at once.
    pub closed: Option<Arc<BTreeSet<Arc<str>>>>,
}

/// What is known at once of a member.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub kinds: Kinds,
    pub values: Option<Values>,
    /// The texts that it can be, if it is a text.
    pub texts: Option<Values>,
    /// Values that it is not.
    pub excluded: Vec<Json>,
}

impl Basic {
    /// In the order in which witnesses are preferred.
    pub(super) const ALL: [Self; 6] =
        [Self::Number, Self::String, Self::Boolean, Self::Null, Self::Object, Self::Array];

    pub(super) fn of(value: &Json) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Boolean,
            Kind::Integer | Kind::IntegerLiteral | Kind::Number => Self::Number,
            Kind::String => Self::String,
            Kind::Array => Self::Array,
            Kind::Object => Self::Object,
        }
    }

    /// The narrowest type that every set with values of this kind has.
    pub(super) fn least_kind(self) -> Kind {
        match self {
            Self::Number => Kind::IntegerLiteral,
            Self::String => Kind::String,
            Self::Boolean => Kind::Boolean,
            Self::Null => Kind::Null,
            Self::Object => Kind::Object,
            Self::Array => Kind::Array,
        }
    }
}

impl NumberLeaf {
    /// What holds of all other numbers.
    pub(super) fn negated(&self) -> Self {
        match self {
            Self::AtLeast(bound) => Self::Below(bound.clone()),
            Self::Above(bound) => Self::AtMost(bound.clone()),
            Self::AtMost(bound) => Self::Above(bound.clone()),
            Self::Below(bound) => Self::AtLeast(bound.clone()),
            Self::Integer(is) => Self::Integer(!is),
            Self::Literal(is) => Self::Literal(!is),
            Self::Multiple(step, is) => Self::Multiple(step.clone(), !is),
        }
    }
}

impl Names {
    /// Whether it shows at once that each of them is one of the others.
    pub(super) fn are_among(&self, others: &Self) -> bool {
        match (self, others) {
            (Self::Matching(pattern), Self::Matching(other)) => pattern == other,
            (Self::Outside(covered), Self::Outside(other)) => {
                other.names.is_subset(&covered.names) && other.patterns.is_subset(&covered.patterns)
            }
            (Self::Matching(_), Self::Outside(_)) | (Self::Outside(_), Self::Matching(_)) => false,
        }
    }
}

impl Covered {
    pub(super) fn join(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.patterns.extend(other.patterns.iter().cloned());
    }
}

impl Tag {
    /// Of what nothing is said.
    pub(super) fn silent() -> Self {
        Self { kinds: Kinds::ALL, values: None, texts: None, excluded: Vec::new() }
    }

    /// Both at once.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut excluded = self.excluded.clone();
        let news = other.excluded.iter().filter(|value| !self.excluded.contains(value));
        excluded.extend(news.cloned());
        let texts = shared(self.texts.as_ref(), other.texts.as_ref());
        let values = shared(self.values.as_ref(), other.values.as_ref());
        let values = values.map(|values| narrowed(values, texts.as_ref()));
        Self { kinds: self.kinds.and(other.kinds), values, texts, excluded }
    }

    /// What each of these leaves; of more values than so many nothing is known.
    pub(super) fn either(all: &[&Self], most: usize) -> Self {
        let gather = |of: &dyn Fn(&Self) -> Option<Values>| {
            let mut gathered: Vec<Json> = Vec::new();
            for tag in all {
                for value in of(tag)?.iter() {
                    if !gathered.contains(value) {
                        gathered.push(value.clone());
                    }
                }
                if gathered.len() > most {
                    return None;
                }
            }
            Some(Values::from(gathered))
        };
        let has_text = |tag: &Self| tag.kinds.has(Kind::String);
        let texts = |tag: &Self| {
            let none = || Some(Values::from(Vec::new())).filter(|_| !has_text(tag));
            tag.texts.clone().or_else(|| tag.values.clone()).or_else(none)
        };
        let mut excluded = all.first().map(|tag| tag.excluded.clone()).unwrap_or_default();
        excluded.retain(|value| all.iter().all(|tag| tag.excluded.contains(value)));
        Self {
            kinds: all.iter().fold(Kinds::NONE, |kinds, tag| kinds.or(tag.kinds)),
            values: gather(&|tag| tag.values.clone()),
            texts: gather(&texts).filter(|_| all.iter().any(|tag| has_text(tag))),
            excluded,
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_silent(&self) -> bool {
        self.kinds == Kinds::ALL
            && self.values.is_none()
            && self.texts.is_none()
            && self.excluded.is_empty()
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.is_apart_from(&Self::silent())
    }

    /// Whether nothing is left of both at once: what [`Self::and`] leaves is not made for it.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        let kinds = self.kinds.and(other.kinds);
        let is_left =
            |value: &Json| !self.excluded.contains(value) && !other.excluded.contains(value);
        let texts = [&self.texts, &other.texts];
        let is_text =
            |value: &Json| texts.into_iter().flatten().all(|texts: &Values| texts.contains(value));
        let is_value = |value: &Json| {
            let kind = Basic::of(value);
            kinds.has(kind.least_kind())
                && is_left(value)
                && (kind != Basic::String || is_text(value))
        };
        if let Some(is_some) = any_shared([&self.values, &other.values], is_value) {
            return !is_some;
        }
        let of_texts = texts.into_iter().any(Option::is_some);
        if of_texts && kinds == Kinds::NONE.with(Kind::String) {
            return any_shared(texts, is_left) == Some(false);
        }
        kinds.is_none()
    }
}

/// The values without the texts that are not listed: what is asked of them again and again is asked
/// of few.
fn narrowed(values: Values, texts: Option<&Values>) -> Values {
    let Some(texts) = texts else { return values };
    let is_left = |value: &Json| Basic::of(value) != Basic::String || texts.contains(value);
    if values.iter().all(is_left) {
        return values;
    }
    values.iter().filter(|value| is_left(value)).cloned().collect()
}

/// What is in both lists; a list that is not there leaves everything.
fn shared(ours: Option<&Values>, theirs: Option<&Values>) -> Option<Values> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(ours.shared(theirs)),
        (Some(values), None) | (None, Some(values)) => Some(values.clone()),
        (None, None) => None,
    }
}

/// Whether anything that is in both lists passes; `None` where no list is there.
fn any_shared(lists: [&Option<Values>; 2], passes: impl FnMut(&Json) -> bool) -> Option<bool> {
    match lists {
        [Some(ours), Some(theirs)] => Some(ours.share(theirs, passes)),
        [Some(values), None] | [None, Some(values)] => Some(values.iter().any(passes)),
        [None, None] => None,
    }
}

impl Term {
    /// About how many things are known in it: what a copy costs.
    pub(super) fn size(&self) -> usize {
        let object = &self.object;
        self.seen.len()
            + self.holding.len()
            + self.splits.len()
            + self.lent.len()
            + self.muted.len()
            + self.refused.len()
            + self.differs.len()
            + self.array.positions.len()
            + object.present.len()
            + object.absent.len()
            + object.members.len()
            + object.rules.len()
            + object.tags.len()
    }

    pub(super) fn new(kind: Basic) -> Self {
        Self {
            kind,
            seen: BTreeSet::new(),
            holding: Vec::new(),
            lent: Vec::new(),
            muted: BTreeSet::new(),
            refused: Vec::new(),
            splits: Vec::new(),
            aside: Arc::default(),
            tried_alone: 0,
            finite: None,
            differs: Vec::new(),
            numbers: Vec::new(),
            texts: Vec::new(),
            array: ArrayTerm::default(),
            object: ObjectTerm::default(),
            unsure: None,
        }
    }
}
