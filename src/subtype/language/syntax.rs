//! What a pattern says, after parsing and before compiling.

use super::class::Class;

/// A piece of a pattern. Capturing is not kept: nothing that we support refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// One code point of the class.
    One(Class),
    /// All, one after the other; the empty sequence is the empty string.
    Sequence(Vec<Node>),
    /// Any of them.
    Either(Vec<Node>),
    /// Repeated; greed does not matter to the set of strings.
    Repeat { body: Box<Node>, min: u64, max: Option<u64> },
    /// `^`: nothing before.
    Start,
    /// `$`: nothing after.
    End,
    /// `\b` (holds) or `\B` (fails): between a word character and something else.
    Boundary(Sense),
    /// `(?=…)` (holds) or `(?!…)` (fails).
    Ahead(Sense, Box<Node>),
    /// `(?<=…)` (holds) or `(?<!…)` (fails).
    Behind(Sense, Box<Node>),
    /// A feature that is no regular language, or that we do not decide; by its name.
    Unsupported(&'static str),
}

/// Whether an assertion demands that something holds or that it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sense {
    /// It must hold.
    Holds,
    /// It must fail.
    Fails,
}

impl Sense {
    /// The other.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
        }
    }
}

/// Which grammar of ECMA-262 is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// With the flag `u` (§22.2.1).
    Unicode,
    /// Without it, with the additions for web browsers (annex B.1.2).
    Legacy,
}

/// Why a pattern could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not in the grammar.
    Malformed,
    /// It is nested deeper than the named budget allows.
    TooDeep,
}
