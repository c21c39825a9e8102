//! Since when and until when an option exists, as its author says it (`FieldOptions.feature_support`,
//! `FieldOptions.edition_defaults`).

use std::collections::BTreeMap;

use super::Resolver;
use crate::load::protobuf::syntax::{LiteralValue, Member, Setting};
use crate::source::Span;

/// The editions that there are, in order (`google.protobuf.Edition`), and their numbers.
const EDITIONS: [(&str, u64); 14] = [
    ("EDITION_UNKNOWN", 0),
    ("EDITION_1_TEST_ONLY", 1),
    ("EDITION_2_TEST_ONLY", 2),
    ("EDITION_LEGACY", 900),
    ("EDITION_PROTO2", 998),
    ("EDITION_PROTO3", 999),
    ("EDITION_2023", 1000),
    ("EDITION_2024", 1001),
    ("EDITION_2026", 1002),
    ("EDITION_UNSTABLE", 9999),
    ("EDITION_99997_TEST_ONLY", 99_997),
    ("EDITION_99998_TEST_ONLY", 99_998),
    ("EDITION_99999_TEST_ONLY", 99_999),
    ("EDITION_MAX", 2_147_483_647),
];

/// What was said of an option's life: a number where it is an edition, and nothing where it is text.
type Said<'n> = BTreeMap<&'n str, Option<u64>>;

impl Resolver<'_, '_> {
    /// Tells of lives of options that cannot be.
    pub(super) fn check_lifetimes(&mut self, given: &[Setting<'_>]) {
        let mut said = Said::new();
        let mut last = None;
        for setting in given {
            let (first, rest) = match &setting.name[..] {
                [first] => (first, None),
                [first, rest] => (first, Some(rest)),
                _ => continue,
            };
            match (&*first.word.text, rest, &setting.value.value) {
                _ if first.extension => {}
                ("feature_support", None, LiteralValue::Message(members)) => {
                    last = Some(setting.span);
                    for member in members {
                        self.say(member, is_support, &mut said);
                    }
                }
                ("feature_support", Some(part), value) => {
                    last = Some(setting.span);
                    said.insert(&part.word.text, edition(value));
                }
                ("edition_defaults", None, LiteralValue::Message(members)) => {
                    for member in members {
                        self.say(member, is_default, &mut Said::new());
                    }
                }
                _ => {}
            }
        }
        if let Some(span) = last {
            self.check_life(&said, span);
        }
    }

    /// Takes down what a member says; one that there is not, or that takes something else, is told.
    fn say<'n>(&mut self, member: &'n Member<'_>, takes: Takes, said: &mut Said<'n>) {
        let name = &*member.name.text;
        let value = &member.value.value;
        let problem = match takes(name).filter(|_| !member.extension) {
            None => Some((member.name.span, format!("there is no `{name}` here"))),
            Some(Kind::Edition) if edition(value).is_none() => {
                Some((member.value.span, "expected an edition, such as EDITION_2024".to_owned()))
            }
            Some(Kind::Text) if !matches!(value, LiteralValue::Text(_)) => {
                Some((member.value.span, "expected a text in quotes here".to_owned()))
            }
            Some(Kind::Edition | Kind::Text) => None,
        };
        match problem {
            Some((span, message)) => self.part(span, message),
            None => _ = said.insert(name, edition(value)),
        }
    }

    fn check_life(&mut self, said: &Said<'_>, span: Span) {
        let has = |name: &str| said.contains_key(name);
        let of = |name: &str| said.get(name).copied().flatten().unwrap_or(0);
        let introduced = of("edition_introduced");
        let (deprecated, removed) = (of("edition_deprecated"), of("edition_removed"));
        let is_gone = has("edition_removed");
        let message = if has("edition_deprecated") != has("deprecation_warning") {
            "`edition_deprecated` and `deprecation_warning` go together"
        } else if has("edition_deprecated") && deprecated < introduced {
            "nothing is deprecated before it is introduced"
        } else if is_gone && removed < introduced {
            "nothing is removed before it is introduced"
        } else if is_gone && deprecated >= removed {
            "nothing is deprecated when it is removed already"
        } else if is_gone != has("removal_error") && !(is_gone && introduced == removed) {
            "`edition_removed` and `removal_error` go together"
        } else {
            return;
        };
        self.part(span, message.to_owned());
    }
}

/// What a member takes.
enum Kind {
    Edition,
    Text,
}

type Takes = fn(&str) -> Option<Kind>;

fn is_support(name: &str) -> Option<Kind> {
    match name {
        "edition_introduced" | "edition_deprecated" | "edition_removed" => Some(Kind::Edition),
        "deprecation_warning" | "removal_error" => Some(Kind::Text),
        _ => None,
    }
}

fn is_default(name: &str) -> Option<Kind> {
    match name {
        "edition" => Some(Kind::Edition),
        "value" => Some(Kind::Text),
        _ => None,
    }
}

/// The number of an edition.
fn edition(value: &LiteralValue<'_>) -> Option<u64> {
    let is_it = |(name, number): &&(&str, u64)| match value {
        LiteralValue::Word(word) => word == name,
        LiteralValue::Number { negative: false, text } => text.parse() == Ok(*number),
        LiteralValue::Number { .. }
        | LiteralValue::NegativeWord(_)
        | LiteralValue::Text(_)
        | LiteralValue::Message(_)
        | LiteralValue::List(_) => false,
    };
    EDITIONS.iter().find(is_it).map(|(_, number)| *number)
}
