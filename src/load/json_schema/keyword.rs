//! The keywords, and which dialect knows which.
//!
//! A keyword that a dialect does not know says nothing: it is not read, nor "helpfully" supported.

use super::Dialect;

/// Declares the keywords, how they are spelled, which dialects know them and how they hold schemas,
/// in one place.
macro_rules! keywords {
    ($($(#[$about:meta])* $group:ident $words:ident {
        $($word:literal $name:ident: $known:expr, $holds:ident;)+
    })+) => {
        /// A keyword of some dialect, by what it speaks of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Keyword { $($(#[$about])* $group($words),)+ }

        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub(super) enum $words { $($name,)+ }

            impl From<$words> for Keyword {
                fn from(word: $words) -> Self { Self::$group(word) }
            }
        )+

        /// Every keyword that means something in the dialect, as it is written.
        pub fn words(dialect: Dialect) -> Vec<&'static str> {
            let all = [$($(Keyword::from($words::$name),)+)+];
            all.into_iter().filter(|it| it.is_known_by(dialect)).map(Keyword::word).collect()
        }

        impl Keyword {
            /// The keyword of this spelling, if any dialect has it.
            pub(super) fn parse(word: &str) -> Option<Self> {
                match word { $($($word => Some(Self::$group($words::$name)),)+)+ _ => None }
            }

            /// How it is written.
            pub(super) fn word(self) -> &'static str {
                match self { $($(Self::$group($words::$name) => $word,)+)+ }
            }

            /// How it holds schemas.
            pub(super) fn holds(self) -> Holds {
                match self { $($(Self::$group($words::$name) => Holds::$holds,)+)+ }
            }

            fn dialects(self) -> Dialects {
                match self { $($(Self::$group($words::$name) => $known,)+)+ }
            }
        }
    };
}

/// How a keyword holds schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// No schema: data, names, counts.
    Data,
    /// One schema, or an array of schemas (`items` before 2020-12).
    Schemas,
    /// A schema for each name; a value that is an array is a list of names (`dependencies`).
    Named,
}

/// A set of dialects, one bit each.
#[derive(Clone, Copy)]
struct Dialects(u16);

const D4: Dialects = Dialects::of(Dialect::Draft4);
const D6: Dialects = Dialects::of(Dialect::Draft6);
const D7: Dialects = Dialects::of(Dialect::Draft7);
const D19: Dialects = Dialects::of(Dialect::Draft201909);
const D20: Dialects = Dialects::of(Dialect::Draft202012).or(Dialects::of(Dialect::OpenApi31));
const PARAMETER: Dialects = Dialects::of(Dialect::OpenApi20Parameter);
const OAS20: Dialects = Dialects::of(Dialect::OpenApi20);
const OAS30: Dialects = Dialects::of(Dialect::OpenApi30);
const OAS31: Dialects = Dialects::of(Dialect::OpenApi31);

/// Every draft and every schema object; `PARAMETER` is named where it joins.
const ALL: Dialects = D4.or(FROM_6).or(OAS20).or(OAS30);
const FROM_6: Dialects = D6.or(FROM_7);
const FROM_7: Dialects = D7.or(FROM_2019);
const FROM_2019: Dialects = D19.or(D20);
const UP_TO_7: Dialects = D4.or(D6).or(D7);
const UP_TO_2019: Dialects = UP_TO_7.or(D19);
const OAS: Dialects = OAS20.or(OAS30).or(OAS31);

keywords! {
    /// References and what they refer to.
    Reference ReferenceWord {
        "$ref" Ref: ALL, Data;
        "$defs" Defs: FROM_2019, Named;
        "$dynamicRef" DynamicRef: D20, Data;
        "$recursiveRef" RecursiveRef: D19, Data;
        "definitions" Definitions: UP_TO_2019.or(D20), Named;
    }
    /// Types and listed values.
    Value ValueWord {
        "type" Type: ALL.or(PARAMETER), Data;
        "enum" Enum: ALL.or(PARAMETER), Data;
        "const" Const: FROM_6, Data;
        "nullable" Nullable: OAS30, Data;
        "x-nullable" XNullable: OAS20.or(PARAMETER), Data;
    }
    /// What is said of numbers.
    Number NumberWord {
        "minimum" Minimum: ALL.or(PARAMETER), Data;
        "maximum" Maximum: ALL.or(PARAMETER), Data;
        "exclusiveMinimum" ExclusiveMinimum: ALL.or(PARAMETER), Data;
        "exclusiveMaximum" ExclusiveMaximum: ALL.or(PARAMETER), Data;
        "multipleOf" MultipleOf: ALL.or(PARAMETER), Data;
    }
    /// What is said of strings.
    Text TextWord {
        "minLength" MinLength: ALL.or(PARAMETER), Data;
        "maxLength" MaxLength: ALL.or(PARAMETER), Data;
        "pattern" Pattern: ALL.or(PARAMETER), Data;
        "contentEncoding" ContentEncoding: FROM_7, Data;
        "contentMediaType" ContentMediaType: FROM_7, Data;
        "contentSchema" ContentSchema: FROM_2019, Schemas;
    }
    /// What is said of arrays.
    Array ArrayWord {
        "items" Items: ALL.or(PARAMETER), Schemas;
        "prefixItems" PrefixItems: D20, Schemas;
        "additionalItems" AdditionalItems: UP_TO_2019, Schemas;
        "unevaluatedItems" UnevaluatedItems: FROM_2019, Schemas;
        "contains" Contains: FROM_6, Schemas;
        "minContains" MinContains: FROM_2019, Data;
        "maxContains" MaxContains: FROM_2019, Data;
        "minItems" MinItems: ALL.or(PARAMETER), Data;
        "maxItems" MaxItems: ALL.or(PARAMETER), Data;
        "uniqueItems" UniqueItems: ALL.or(PARAMETER), Data;
    }
    /// What is said of objects.
    Object ObjectWord {
        "properties" Properties: ALL, Named;
        "patternProperties" PatternProperties: UP_TO_7.or(FROM_2019), Named;
        "additionalProperties" AdditionalProperties: ALL, Schemas;
        "unevaluatedProperties" UnevaluatedProperties: FROM_2019, Schemas;
        "propertyNames" PropertyNames: FROM_6, Schemas;
        "required" Required: ALL, Data;
        "minProperties" MinProperties: ALL, Data;
        "maxProperties" MaxProperties: ALL, Data;
        "dependencies" Dependencies: UP_TO_7, Named;
        "dependentRequired" DependentRequired: FROM_2019, Data;
        "dependentSchemas" DependentSchemas: FROM_2019, Named;
    }
    /// Schemas combined in place.
    Logic LogicWord {
        "allOf" AllOf: ALL, Schemas;
        "anyOf" AnyOf: D4.or(FROM_6).or(OAS30), Schemas;
        "oneOf" OneOf: D4.or(FROM_6).or(OAS30), Schemas;
        "not" Not: D4.or(FROM_6).or(OAS30), Schemas;
        "if" If: FROM_7, Schemas;
        "then" Then: FROM_7, Schemas;
        "else" Else: FROM_7, Schemas;
    }
    /// What is said without constraining validation by itself.
    Note NoteWord {
        "format" Format: ALL.or(PARAMETER), Data;
        "default" Default: ALL.or(PARAMETER), Data;
        "title" Title: ALL, Data;
        "description" Description: ALL.or(PARAMETER), Data;
        "examples" Examples: FROM_6, Data;
        "example" Example: OAS, Data;
        "deprecated" Deprecated: FROM_2019.or(OAS30), Data;
        "readOnly" ReadOnly: FROM_7.or(OAS20).or(OAS30), Data;
        "writeOnly" WriteOnly: FROM_7.or(OAS30), Data;
        "discriminator" Discriminator: OAS, Data;
        "xml" Xml: OAS, Data;
        "externalDocs" ExternalDocs: OAS, Data;
        "x-sunset" XSunset: OAS, Data;
        "x-stability-level" XStabilityLevel: OAS, Data;
        "x-extensible-enum" XExtensibleEnum: ALL.or(PARAMETER), Data;
        "x-ms-enum" XMsEnum: OAS.or(PARAMETER), Data;
    }
}

impl Keyword {
    /// Whether the keyword means something in this dialect.
    pub(super) fn is_known_by(self, dialect: Dialect) -> bool {
        self.dialects().0 & Dialects::of(dialect).0 != 0
    }
}

impl Dialects {
    const fn of(dialect: Dialect) -> Self {
        Self(1 << dialect as u16)
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows(dialect: Dialect, word: &str) -> bool {
        Keyword::parse(word).is_some_and(|keyword| keyword.is_known_by(dialect))
    }

    #[test]
    fn words_belong_to_their_drafts() {
        for (word, known) in [
            ("const", [false, true, true, true, true]),
            ("if", [false, false, true, true, true]),
            ("dependentRequired", [false, false, false, true, true]),
            ("dependencies", [true, true, true, false, false]),
            ("prefixItems", [false, false, false, false, true]),
            ("additionalItems", [true, true, true, true, false]),
            ("$recursiveRef", [false, false, false, true, false]),
            ("$dynamicRef", [false, false, false, false, true]),
            ("nullable", [false; 5]),
        ] {
            let drafts = [
                Dialect::Draft4,
                Dialect::Draft6,
                Dialect::Draft7,
                Dialect::Draft201909,
                Dialect::Draft202012,
            ];
            assert_eq!(drafts.map(|draft| knows(draft, word)), known, "{word}");
        }
        assert!(knows(Dialect::OpenApi30, "nullable"));
        assert!(!knows(Dialect::OpenApi31, "nullable"));
        assert!(!knows(Dialect::OpenApi30, "patternProperties"));
        assert!(!knows(Dialect::OpenApi20Parameter, "required"));
    }
}
