//! The formats that are known, each with its exact members.
//!
//! A format says something about one JSON type only, and nothing about others. Numeric formats are
//! ranges, most textual ones are regular languages (`grammar.rs` cites where each is defined), a
//! few admit every string, and a few are *opaque*: they can be tested, but not compared.
//! [`Format::samples`] and [`Format::strangers`] serve wherever a proof is out of reach.
//!
//! Everything that is not in the table is an annotation.

#[cfg(test)]
mod differential;
mod grammar;
mod leap;
mod table;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::language::Language;
use super::number::NumberSet;
use crate::model::{Decimal, Json, Kind};

/// A known format.
#[derive(Debug)]
pub struct Format {
    /// Its name, as `format` spells it.
    pub name: &'static str,
    definition: Definition,
    samples: &'static [&'static str],
    strangers: &'static [&'static str],
    language: OnceLock<Option<Language>>,
    reach: OnceLock<Option<Language>>,
    range: OnceLock<Option<Range>>,
}

/// The least and the greatest member of a numeric format, and of which type they are.
type Range = (Decimal, Decimal, Kind);

/// What a format's members are.
#[derive(Clone, Copy, Debug)]
enum Definition {
    /// The strings of a regular language.
    Text { grammar: fn() -> String, longest: Option<u64> },
    /// The strings of a regular language, and those of a larger one that a function tells.
    Leaping { grammar: fn() -> String, reach: fn() -> String, tells: fn(&str) -> bool },
    /// Every string.
    AnyText,
    /// Strings that a function tells; not regular.
    Opaque(fn(&str) -> bool),
    /// The integers from one bound to another.
    Integers { least: &'static str, greatest: &'static str },
    /// The numbers whose magnitude is at most this.
    Magnitude(&'static str),
    /// Every number.
    AnyNumber,
}

impl Format {
    /// The format of that name, where it is known. Names are exact.
    pub fn known(name: &str) -> Option<&'static Self> {
        static BY_NAME: LazyLock<HashMap<&'static str, &'static Format>> =
            LazyLock::new(|| table::FORMATS.iter().map(|format| (format.name, format)).collect());
        BY_NAME.get(name).copied()
    }

    /// Every known format.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::FORMATS.iter()
    }

    /// The JSON type of which the format says something: strings or numbers.
    pub fn kind(&self) -> Kind {
        match self.definition {
            Definition::Text { .. }
            | Definition::Leaping { .. }
            | Definition::AnyText
            | Definition::Opaque(_) => Kind::String,
            Definition::Integers { .. } | Definition::Magnitude(_) | Definition::AnyNumber => {
                Kind::Number
            }
        }
    }

    /// The strings that are members, exactly but for [`Self::reach`]; `None` for numeric and for opaque
    /// formats.
    pub fn language(&self) -> Option<&Language> {
        let made = self.language.get_or_init(|| match self.definition {
            Definition::Text { grammar, longest } => Some(whole(grammar)?.of_length(0, longest)),
            Definition::Leaping { grammar, .. } => whole(grammar),
            Definition::AnyText => Some(Language::any()),
            Definition::Opaque(_)
            | Definition::Integers { .. }
            | Definition::Magnitude(_)
            | Definition::AnyNumber => None,
        });
        made.as_ref()
    }

    /// Strings all members are among, where there are more of them than [`Self::language`] has: whether
    /// one of the others is a member, it tells itself.
    pub fn reach(&self) -> Option<&Language> {
        let made = self.reach.get_or_init(|| match self.definition {
            Definition::Leaping { reach, .. } => whole(reach),
            Definition::Text { .. }
            | Definition::AnyText
            | Definition::Opaque(_)
            | Definition::Integers { .. }
            | Definition::Magnitude(_)
            | Definition::AnyNumber => None,
        });
        made.as_ref()
    }

    /// The numbers that are members, exactly; `None` for textual formats.
    pub fn numbers(&self) -> Option<NumberSet> {
        let number = |text: &str| text.parse::<Decimal>().ok();
        match self.definition {
            Definition::Text { .. }
            | Definition::Leaping { .. }
            | Definition::AnyText
            | Definition::Opaque(_) => None,
            Definition::Integers { least, greatest } => {
                let range = NumberSet::all().at_least(number(least)?).at_most(number(greatest)?);
                Some(range.integers())
            }
            Definition::Magnitude(most) => {
                let most = number(most)?;
                Some(NumberSet::all().at_least(most.negated()).at_most(most))
            }
            Definition::AnyNumber => Some(NumberSet::all()),
        }
    }

    /// The least and the greatest member, and the type of all of them; `None` for textual formats
    /// and for those that every number obeys.
    pub fn range(&self) -> Option<&(Decimal, Decimal, Kind)> {
        self.range.get_or_init(|| self.read_range()).as_ref()
    }

    fn read_range(&self) -> Option<Range> {
        let number = |text: &str| text.parse::<Decimal>().ok();
        match self.definition {
            Definition::Text { .. }
            | Definition::Leaping { .. }
            | Definition::AnyText
            | Definition::Opaque(_)
            | Definition::AnyNumber => None,
            Definition::Integers { least, greatest } => {
                Some((number(least)?, number(greatest)?, Kind::Integer))
            }
            Definition::Magnitude(most) => {
                let most = number(most)?;
                Some((most.negated(), most, Kind::Number))
            }
        }
    }

    /// Whether the value obeys the format. A value of another type does: the format says nothing
    /// about it.
    pub fn accepts(&self, value: &Json) -> bool {
        match value {
            Json::String(text) => match self.definition {
                Definition::Opaque(tells) => tells(text),
                Definition::Text { .. } => {
                    self.language().is_none_or(|language| language.has(text))
                }
                Definition::Leaping { tells, .. } => {
                    self.reach().is_none_or(|reach| reach.has(text)) && tells(text)
                }
                Definition::AnyText
                | Definition::Integers { .. }
                | Definition::Magnitude(_)
                | Definition::AnyNumber => true,
            },
            Json::Number(number) => {
                // A number too long to divide has an enormous exponent: no bound admits it.
                self.numbers().is_none_or(|numbers| numbers.contains(number) == Some(true))
            }
            Json::Null | Json::Boolean(_) | Json::Array(_) | Json::Object(_) => true,
        }
    }

    /// Members, the most telling first.
    pub fn samples(&self) -> impl Iterator<Item = Json> {
        self.values(self.samples)
    }

    /// Values of the same type that are no members, but close; none where everything is a member.
    pub fn strangers(&self) -> impl Iterator<Item = Json> {
        self.values(self.strangers)
    }

    fn values(&self, texts: &'static [&'static str]) -> impl Iterator<Item = Json> {
        let kind = self.kind();
        texts.iter().filter_map(move |text| match kind {
            Kind::Number => text.parse().ok().map(Json::Number),
            Kind::Null
            | Kind::Boolean
            | Kind::Integer
            | Kind::IntegerLiteral
            | Kind::String
            | Kind::Array
            | Kind::Object => Some(Json::string(*text)),
        })
    }
}

/// The texts of a grammar.
fn whole(grammar: fn() -> String) -> Option<Language> {
    Language::pattern(&format!("^(?:{})$", grammar())).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::language::{Query, Search, find};
    use super::*;

    #[test]
    fn samples_are_members_and_strangers_are_not() {
        for format in Format::all() {
            assert!(format.samples().next().is_some(), "{}", format.name);
            for sample in format.samples() {
                assert!(format.accepts(&sample), "{} refuses {sample}", format.name);
            }
            for stranger in format.strangers() {
                assert!(!format.accepts(&stranger), "{} accepts {stranger}", format.name);
            }
            assert!(format.accepts(&Json::Null) && format.accepts(&Json::array([])));
        }
    }

    #[test]
    fn every_grammar_is_decidable_and_inhabited() {
        for format in Format::all().filter(|format| format.kind() == Kind::String) {
            let Some(language) = format.language() else {
                assert_eq!(format.name, "regex");
                continue;
            };
            let none = BTreeSet::new();
            let query = Query {
                all: vec![language],
                none: Vec::new(),
                min_length: 1,
                max_length: None,
                except: &none,
            };
            let Search::Found(member) = find(&query) else { panic!("{}", format.name) };
            assert!(format.accepts(&Json::string(member.as_str())), "{} {member}", format.name);
        }
    }

    fn within(inner: &str, outer: &str) -> Search {
        let language = |name: &str| Format::known(name).unwrap().language().unwrap();
        let none = BTreeSet::new();
        find(&Query {
            all: vec![language(inner)],
            none: vec![language(outer)],
            min_length: 0,
            max_length: None,
            except: &none,
        })
    }

    #[test]
    fn formats_lie_in_each_other() {
        for (inner, outer) in [
            ("uri", "uri-reference"),
            ("uri", "iri"),
            ("uri-reference", "iri-reference"),
            ("iri", "iri-reference"),
            ("ipv4", "hostname"),
            ("date", "date"),
            ("uuid", "password"),
            ("json-pointer", "password"),
        ] {
            assert_eq!(within(inner, outer), Search::Empty, "{inner} in {outer}");
        }
        assert!(matches!(within("hostname", "ipv4"), Search::Found(_)));
        assert!(matches!(within("date-time", "date"), Search::Found(_)));
        assert!(matches!(within("uri-reference", "uri"), Search::Found(_)));
        assert!(matches!(within("byte", "base64url"), Search::Found(_)));
        assert!(matches!(within("email", "date-time"), Search::Found(_)));
    }
}
