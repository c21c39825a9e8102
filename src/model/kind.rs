//! JSON types and sets of them.

/// A set of JSON types. `integer` is a number without fractional part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds {
    bits: u8,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// A number whose value has no fractional part: `1`, `1.0`, `1e3`.
    Integer,
    /// Draft-04's integer: a number *written* without fraction or exponent.
    IntegerLiteral,
    /// Any number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kinds {
    /// No type at all.
    pub const NONE: Self = Self { bits: 0 };
    /// Every type.
    pub const ALL: Self = Self { bits: 0b1111_1111 };

    /// The set with this type too. `Number` brings both integers with it.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self { bits: self.bits | kind.bits() }
    }

    /// Whether values of this type are all admitted.
    pub fn has(self, kind: Kind) -> bool {
        self.bits & kind.bits() == kind.bits()
    }

    /// The types in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits }
    }

    /// The types in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }

    /// The types that are not in the other. Of `number` without `integer` what has a fraction is left,
    /// which no type is the name of.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self { bits: self.bits & !other.bits }
    }

    /// Whether nothing is admitted.
    pub fn is_none(self) -> bool {
        self.bits == 0
    }

    /// The types, the widest number type only.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| {
            let wider = match kind {
                Kind::IntegerLiteral => self.has(Kind::Integer),
                Kind::Integer => self.has(Kind::Number),
                Kind::Null
                | Kind::Boolean
                | Kind::Number
                | Kind::String
                | Kind::Array
                | Kind::Object => false,
            };
            self.has(*kind) && !wider
        })
    }
}

impl Kind {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::IntegerLiteral,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The word of JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer | Self::IntegerLiteral => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    fn bits(self) -> u8 {
        match self {
            Self::Null => 1,
            Self::Boolean => 1 << 1,
            Self::IntegerLiteral => 1 << 2,
            Self::Integer => 1 << 2 | 1 << 3,
            Self::Number => 1 << 2 | 1 << 3 | 1 << 4,
            Self::String => 1 << 5,
            Self::Array => 1 << 6,
            Self::Object => 1 << 7,
        }
    }
}
