//! Our formats against the checks of the `jsonschema` crate, on members, on near-members and on
//! what the automata consider the simplest members. Seeded, so that failures repeat.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::language::{Query, Search, find};
use super::*;

/// The regular formats that both know. `regex` is not: the crate translates patterns into another
/// syntax, and refuses what it cannot translate.
const SHARED: &[&str] = &[
    "date",
    "time",
    "date-time",
    "duration",
    "uuid",
    "ipv4",
    "ipv6",
    "hostname",
    "email",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
];

/// Where we differ on purpose.
fn differs_by_design(name: &str, text: &str) -> bool {
    match name {
        // The crate takes `*+,-./` for digits (`1970-01-0-`).
        "date" => !only_digits(text, &[0, 1, 2, 3, 5, 6, 8, 9]),
        "time" => !time_digits(text),
        "date-time" => {
            let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
            !only_digits(date, &[0, 1, 2, 3, 5, 6, 8, 9])
                || !time_digits(time.get(1..).unwrap_or_default())
        }
        // Whether an A-label decodes is not regular, and its prefix knows no case (RFC 5890
        // §2.3.2.1). The crate decodes it, and knows lower case only.
        "hostname" => text.to_ascii_lowercase().contains("xn--"),
        // The crate accepts a display name, which is RFC 5322 and no mailbox (RFC 5321 §4.1.2).
        "email" => text.contains('<') || text.to_ascii_lowercase().contains("xn--"),
        _ => false,
    }
}

fn only_digits(text: &str, places: &[usize]) -> bool {
    let byte = |place: &usize| text.as_bytes().get(*place).copied();
    places.iter().all(|place| byte(place).is_none_or(|byte| !b"*+,-./".contains(&byte)))
}

fn time_digits(text: &str) -> bool {
    let offset = text.len().saturating_sub(5);
    let zulu = text.ends_with(['Z', 'z']);
    only_digits(text, &[0, 1, 3, 4, 6, 7])
        && (zulu || only_digits(text, &[offset, offset + 1, offset + 3, offset + 4]))
}

fn crate_accepts(validator: &jsonschema::Validator, text: &str) -> bool {
    validator.is_valid(&serde_json::Value::String(text.to_owned()))
}

fn validator(name: &str) -> jsonschema::Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&serde_json::json!({ "format": name }))
        .unwrap()
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

const STRAY: &str = "0159aAzZtTgG-_.:/+#?%@~[]{}()*\"\\ PYMWDHS,;=!é\u{1f600}\n2346";

fn mutate(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let stray: Vec<char> = STRAY.chars().collect();
    for _ in 0..=dice.roll(2) {
        let at = dice.roll(letters.len() + 1);
        let own = letters.get(dice.roll(letters.len().max(1))).copied();
        let letter = if dice.roll(2) == 0 { own } else { None };
        let letter = letter.unwrap_or(stray[dice.roll(stray.len())]);
        match dice.roll(3) {
            0 if at < letters.len() => letters[at] = letter,
            1 if at < letters.len() => {
                letters.remove(at);
            }
            _ => letters.insert(at, letter),
        }
    }
    letters.into_iter().collect()
}

#[test]
fn near_members_agree_with_the_crate() {
    let mut dice = Dice(5);
    for name in SHARED {
        let format = Format::known(name).unwrap();
        let validator = validator(name);
        let (mut members, mut strangers) = (0, 0);
        let seeds: Vec<&str> = format.samples.iter().chain(format.strangers).copied().collect();
        for round in 0..600 {
            let seed = seeds[dice.roll(seeds.len())];
            let text =
                if round < seeds.len() { seeds[round].into() } else { mutate(&mut dice, seed) };
            if differs_by_design(name, &text) {
                continue;
            }
            let ours = format.accepts(&Json::string(text.as_str()));
            assert_eq!(ours, crate_accepts(&validator, &text), "{name} of {text:?} (ours first)");
            *(if ours { &mut members } else { &mut strangers }) += 1;
        }
        assert!(members > 10 && strangers > 50, "{name}: {members} members, {strangers} others");
    }
}

#[test]
fn the_simplest_members_agree_with_the_crate() {
    for name in SHARED {
        let Some(language) = Format::known(name).unwrap().language() else { continue };
        let validator = validator(name);
        let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
        for _ in 0..12 {
            let (all, none) = (vec![language], Vec::new());
            let query = Query { all, none, min_length: 0, max_length: None, except: &seen };
            let Search::Found(text) = find(&query) else { break };
            assert!(crate_accepts(&validator, &text), "{name} of {text:?}");
            seen.insert(text.into());
        }
        assert_eq!(seen.len(), 12, "{name}");
    }
}
