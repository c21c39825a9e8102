//! What a consumer may be coupled to.

/// One thing that a consumer may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Surface {
    /// Bytes, HTTP exchanges and the routes they travel.
    Wire,
    /// Names in JSON.
    Json,
    /// Generated code.
    Source,
}

impl Surface {
    /// All three, in the order in which reports list them.
    pub const ALL: [Self; 3] = [Self::Wire, Self::Json, Self::Source];

    /// The word that reports and flags use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Json => "json",
            Self::Source => "source",
        }
    }
}

/// Something for each surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Surfaces<T> {
    /// On the wire.
    pub wire: T,
    /// In JSON.
    pub json: T,
    /// In generated code.
    pub source: T,
}

impl<T: Copy> Surfaces<T> {
    /// The same on every surface.
    pub fn all(value: T) -> Self {
        Self { wire: value, json: value, source: value }
    }

    /// What holds on one surface.
    pub fn get(&self, surface: Surface) -> T {
        match surface {
            Surface::Wire => self.wire,
            Surface::Json => self.json,
            Surface::Source => self.source,
        }
    }
}
