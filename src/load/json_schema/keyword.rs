//! The keywords, and which dialect knows which.
//!
//! A keyword that a dialect does not know says nothing: it is not read, nor "helpfully" supported.

use super::Dialect;

/// Declares the enum, its spelling and its dialects in one place.
macro_rules! keywords {
    ($($word:literal $name:ident: $known:expr;)+) => {
        /// A keyword of some dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the keyword of that name")]
        pub enum Keyword { $($name,)+ }

        impl Keyword {
            /// The keyword of this spelling, if any dialect has it.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }

            /// How it is written.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            fn dialects(self) -> Dialects {
                match self { $(Self::$name => $known,)+ }
            }
        }
    };
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
    "$ref" Ref: ALL;
    "$dynamicRef" DynamicRef: D20;
    "$recursiveRef" RecursiveRef: D19;
    "$defs" Defs: FROM_2019;
    "definitions" Definitions: UP_TO_2019.or(D20);

    "type" Type: ALL.or(PARAMETER);
    "enum" Enum: ALL.or(PARAMETER);
    "const" Const: FROM_6;
    "nullable" Nullable: OAS30;
    "x-nullable" XNullable: OAS20.or(PARAMETER);

    "minimum" Minimum: ALL.or(PARAMETER);
    "maximum" Maximum: ALL.or(PARAMETER);
    "exclusiveMinimum" ExclusiveMinimum: ALL.or(PARAMETER);
    "exclusiveMaximum" ExclusiveMaximum: ALL.or(PARAMETER);
    "multipleOf" MultipleOf: ALL.or(PARAMETER);

    "minLength" MinLength: ALL.or(PARAMETER);
    "maxLength" MaxLength: ALL.or(PARAMETER);
    "pattern" Pattern: ALL.or(PARAMETER);
    "contentEncoding" ContentEncoding: FROM_7;
    "contentMediaType" ContentMediaType: FROM_7;
    "contentSchema" ContentSchema: FROM_2019;

    "items" Items: ALL.or(PARAMETER);
    "prefixItems" PrefixItems: D20;
    "additionalItems" AdditionalItems: UP_TO_2019;
    "unevaluatedItems" UnevaluatedItems: FROM_2019;
    "contains" Contains: FROM_6;
    "minContains" MinContains: FROM_2019;
    "maxContains" MaxContains: FROM_2019;
    "minItems" MinItems: ALL.or(PARAMETER);
    "maxItems" MaxItems: ALL.or(PARAMETER);
    "uniqueItems" UniqueItems: ALL.or(PARAMETER);

    "properties" Properties: ALL;
    "patternProperties" PatternProperties: UP_TO_7.or(FROM_2019);
    "additionalProperties" AdditionalProperties: ALL;
    "unevaluatedProperties" UnevaluatedProperties: FROM_2019;
    "propertyNames" PropertyNames: FROM_6;
    "required" Required: ALL;
    "minProperties" MinProperties: ALL;
    "maxProperties" MaxProperties: ALL;
    "dependencies" Dependencies: UP_TO_7;
    "dependentRequired" DependentRequired: FROM_2019;
    "dependentSchemas" DependentSchemas: FROM_2019;

    "allOf" AllOf: ALL;
    "anyOf" AnyOf: D4.or(FROM_6).or(OAS30);
    "oneOf" OneOf: D4.or(FROM_6).or(OAS30);
    "not" Not: D4.or(FROM_6).or(OAS30);
    "if" If: FROM_7;
    "then" Then: FROM_7;
    "else" Else: FROM_7;

    "format" Format: ALL.or(PARAMETER);
    "default" Default: ALL.or(PARAMETER);
    "title" Title: ALL;
    "description" Description: ALL.or(PARAMETER);
    "examples" Examples: FROM_6;
    "example" Example: OAS;
    "deprecated" Deprecated: FROM_2019.or(OAS30);
    "readOnly" ReadOnly: FROM_7.or(OAS20).or(OAS30);
    "writeOnly" WriteOnly: FROM_7.or(OAS30);
    "discriminator" Discriminator: OAS;
    "xml" Xml: OAS;
    "externalDocs" ExternalDocs: OAS;
    "x-extensible-enum" XExtensibleEnum: ALL.or(PARAMETER);
}

impl Keyword {
    /// Whether the keyword means something in this dialect.
    pub fn is_known_by(self, dialect: Dialect) -> bool {
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
