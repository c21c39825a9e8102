//! Who writes the value at a place.

/// Who writes the payload at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// The consumer writes, the producer reads.
    Request,
    /// The producer writes, the consumer reads.
    Response,
    /// Old and new run side by side: events, stored data, rolling deploys.
    Both,
}

impl Polarity {
    /// The polarity of the same payload seen from inside a callback.
    #[must_use]
    pub fn flip(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
            Self::Both => Self::Both,
        }
    }
}
