//! What the search decides: whether a set of literals about one value has a member.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::model::{Json, ShapeId};

use super::Reason;

/// Something that a value must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Lit {
    /// Be accepted by a shape.
    Holds(Claim),
    /// Be refused by a shape.
    Refuses(Claim),
    /// Differ from a value.
    Differs(Key),
    /// Satisfy at least one literal of a list.
    Either(Key),
    /// Nothing decidable: a solution that needs this is no proof.
    Unsure(Key),
}

/// A shape as one end of the payload states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Claim {
    pub shape: ShapeId,
    pub source: Source,
    /// The names that the statement is silent about (`readOnly`, `writeOnly`).
    pub ignore: Key,
    /// The names that it is not silent about, though they are marked: an alternative is told by them.
    pub kept: Key,
}

/// What a claim says, whoever states it: with other names kept, what is marked inside of it is heard.
pub(super) type Saying = (ShapeId, Key, Key);

/// Whose statement it is, and in which voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Source {
    /// The writer says what it sends.
    Writer,
    /// The writer tests it, under `if`.
    WriterTest,
    /// The writer excludes it, under `not`; a double negation lands here as well.
    WriterDenial,
    /// The reader.
    Reader,
}

/// An interned value; 0 is always the empty or first one.
pub(super) type Key = u32;

/// A question: does any value satisfy all literals at this place?
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Goal {
    /// Sorted, without duplicates.
    pub lits: Vec<Lit>,
    /// Which reader shapes meet here, for the names that they give a meaning.
    pub place: Key,
    /// What is marked as not sent.
    pub marks: Marks,
}

/// Which mark withholds a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Marks {
    /// None: not an HTTP payload.
    None,
    /// `readOnly`: requests.
    ReadOnly,
    /// `writeOnly`: responses.
    WriteOnly,
}

/// The answer to a goal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Found(Json),
    Empty,
    Undecided(Reason),
}

/// The reader's shapes that meet at one place, in any branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Sorted, without duplicates.
    pub readers: Vec<ShapeId>,
    /// The names of these that writers are taken to send all the same, because any of their shapes
    /// states them.
    pub granted: Key,
    /// The shapes of the writer that may hold at the place as well: names that they state count as sent.
    pub lent: Key,
    pub assumed: Assumed,
}

/// Where the assumptions about writers hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Assumed {
    /// At the place and inside it.
    #[default]
    Here,
    /// Inside only: at the place itself they leave nothing to send.
    Inside,
    /// Nowhere: who writes the value is not known.
    Nowhere,
}

/// Values with small ids. The first is there from the start.
#[derive(Debug)]
pub(super) struct Interner<T> {
    items: Vec<Arc<T>>,
    ids: HashMap<Arc<T>, Key, foldhash::fast::FixedState>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    pub(super) fn starting_with(first: T) -> Self {
        let mut interner = Self { items: Vec::new(), ids: HashMap::default() };
        interner.id(first);
        interner
    }

    pub(super) fn id(&mut self, item: T) -> Key {
        if let Some(id) = self.ids.get(&item) {
            return *id;
        }
        let id = Key::try_from(self.items.len()).unwrap_or(Key::MAX);
        let item = Arc::new(item);
        self.items.push(Arc::clone(&item));
        self.ids.insert(item, id);
        id
    }

    /// The item; the first one for an id that was never given.
    #[expect(clippy::indexing_slicing, reason = "ids are made by `id`, and the first item exists")]
    pub(super) fn get(&self, id: Key) -> Arc<T> {
        let index = usize::try_from(id).unwrap_or(0);
        Arc::clone(self.items.get(index).unwrap_or(&self.items[0]))
    }
}

impl Lit {
    /// Whether it is the writer's statement.
    pub(super) fn is_written(self) -> bool {
        match self {
            Self::Holds(claim) | Self::Refuses(claim) => match claim.source {
                Source::Writer | Source::WriterTest | Source::WriterDenial => true,
                Source::Reader => false,
            },
            Self::Differs(_) | Self::Either(_) | Self::Unsure(_) => false,
        }
    }

    /// Whether it may be the writer's statement, or hold one.
    pub(super) fn may_be_written(self) -> bool {
        self.is_written() || matches!(self, Self::Either(_))
    }

    /// The claim that it is about, whether it is to hold or not.
    pub(super) fn claim(self) -> Option<Claim> {
        match self {
            Self::Holds(claim) | Self::Refuses(claim) => Some(claim),
            Self::Differs(_) | Self::Either(_) | Self::Unsure(_) => None,
        }
    }

    /// The claim, where the literal demands that a shape accepts.
    pub(super) fn held(self) -> Option<Claim> {
        match self {
            Self::Holds(claim) => Some(claim),
            Self::Refuses(_) | Self::Differs(_) | Self::Either(_) | Self::Unsure(_) => None,
        }
    }
}

impl Claim {
    /// What the writer says, whose marks play no part.
    pub(super) fn written(shape: ShapeId) -> Self {
        Self { shape, source: Source::Writer, ignore: 0, kept: 0 }
    }

    pub(super) fn saying(self) -> Saying {
        let Self { shape, source: _, ignore, kept } = self;
        (shape, ignore, kept)
    }
}

impl Source {
    pub(super) const ALL: [Self; 4] =
        [Self::Writer, Self::WriterTest, Self::WriterDenial, Self::Reader];

    /// The voice of what stands under `not`.
    pub(super) fn denied(self) -> Self {
        match self {
            Self::Writer | Self::WriterTest | Self::WriterDenial => Self::WriterDenial,
            Self::Reader => Self::Reader,
        }
    }

    /// The voice of a test.
    pub(super) fn tested(self) -> Self {
        match self {
            Self::Writer | Self::WriterTest => Self::WriterTest,
            Self::WriterDenial => Self::WriterDenial,
            Self::Reader => Self::Reader,
        }
    }

    /// Whether names that it states are names that writers send.
    pub(super) fn declares(self) -> bool {
        match self {
            Self::Writer | Self::WriterTest => true,
            Self::WriterDenial | Self::Reader => false,
        }
    }
}

impl Goal {
    pub(super) fn new(mut lits: Vec<Lit>, place: Key, marks: Marks) -> Self {
        lits.sort_unstable();
        lits.dedup();
        Self { lits, place, marks }
    }
}
