//! What a change does, and what follows from it: the one table of verdicts.

use crate::model::Polarity;

/// What a change does to the set of admitted values, or to what is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Fewer values are admitted.
    Narrows,
    /// More values are admitted.
    Widens,
    /// Some values are no longer admitted and others are now; or nobody can say without proof.
    Replaces,
    /// The admitted values are the same.
    Annotates,
    /// Something that was offered is offered no more, whoever writes there.
    Withdraws,
    /// Something is offered that was not.
    Offers,
}

/// The fact about a change. Order is from harmless to harmful.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nobody breaks.
    #[default]
    Compatible,
    /// Neither shown to break nor proven not to.
    Undecided,
    /// Somebody breaks.
    Breaking,
}

impl Effect {
    /// What follows from the effect alone, where nothing else bears on the place.
    pub fn verdict(self, polarity: Polarity) -> Verdict {
        match (self, polarity) {
            (Self::Annotates | Self::Offers, _)
            | (Self::Widens, Polarity::Request)
            | (Self::Narrows, Polarity::Response) => Verdict::Compatible,
            (Self::Withdraws | Self::Replaces, _)
            | (Self::Narrows, Polarity::Request | Polarity::Both)
            | (Self::Widens, Polarity::Response | Polarity::Both) => Verdict::Breaking,
        }
    }
}

impl Verdict {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        }
    }
}
