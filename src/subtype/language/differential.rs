//! Our reading of patterns against `regress`, a matcher that follows ECMA-262 step by step, and
//! our answers to queries against trying all short strings. Seeded, so that failures repeat.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::syntax::Grammar;
use super::*;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const ATOMS: &[&str] = &[
    "a",
    "b",
    "-",
    ".",
    "\\d",
    "\\w",
    "\\s",
    "\\W",
    "\\S",
    "[ab]",
    "[^a]",
    "[^]",
    "[]",
    "[a-c-]",
    "[\\w-]",
    "\\n",
    "\\/",
    "\\-",
    "\\x61",
    "\\u0061",
    "\\u{62}",
    "\\cJ",
    "\\0",
    "[\\b]",
    "1",
    "_",
    "\\p{L}",
    "\\P{Lu}",
    "\\p{Script=Greek}",
    "\u{e9}",
    "\u{1f600}",
    "\\ud83d\\ude00",
    "]",
    "{",
    "}",
    "\\.",
    "[^\\s]",
    "\\u2028",
    "[a-\\d]",
    "\\8",
    "\\07",
    "[\\0-b]",
    "\\c1",
    "\\_",
    "\\t",
];
const ASSERTIONS: &[&str] = &["^", "$", "\\b", "\\B", "^", "$"];
const QUANTIFIERS: &[&str] =
    &["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "{2,3}?", "{,2}", "{0}", "??"];

fn random_pattern(dice: &mut Dice, depth: usize, atoms: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..=dice.roll(3) {
        let quantifiable = match dice.roll(if depth == 0 { 7 } else { 12 }) {
            0 => {
                text.push_str(dice.pick(ASSERTIONS));
                false
            }
            1..=6 => {
                text.push_str(dice.pick(atoms));
                true
            }
            7 | 8 => {
                let inner = random_pattern(dice, depth - 1, atoms);
                // The oracle is lax about names given twice, so no two are equal here.
                let name = format!("(?<n{}>", dice.0);
                let open = dice.pick(&["(", "(?:", &name]).to_owned();
                write!(text, "{open}{inner})").unwrap();
                true
            }
            9 => {
                let (left, right) = (
                    random_pattern(dice, depth - 1, atoms),
                    random_pattern(dice, depth - 1, atoms),
                );
                write!(text, "(?:{left}|{right})").unwrap();
                true
            }
            _ => {
                let inner = random_pattern(dice, depth - 1, atoms);
                let open = dice.pick(&["(?=", "(?!", "(?=", "(?!", "(?<=", "(?<!"]);
                write!(text, "{open}{inner})").unwrap();
                dice.roll(8) == 0
            }
        };
        if quantifiable && dice.roll(3) == 0 {
            text.push_str(dice.pick(QUANTIFIERS));
        }
    }
    text
}

const LETTERS: &[&str] = &[
    "a",
    "b",
    "a",
    "b",
    "-",
    "1",
    "_",
    " ",
    "\n",
    "\u{2028}",
    "\u{e9}",
    "\u{1f600}",
    "\u{3b1}",
    "A",
    "]",
    "{",
    "}",
    ",",
    "2",
    "\0",
    "\u{8}",
    "\\",
    "c",
    "p",
    "L",
    "\u{feff}",
    "/",
    "\u{7}",
    "8",
];

fn random_string(dice: &mut Dice) -> String {
    (0..dice.roll(6)).map(|_| dice.pick(LETTERS)).collect()
}

/// What ECMA-262 says: `None` where the pattern is malformed with and without the flag `u`.
fn oracle(pattern: &str) -> Option<(regress::Regex, Grammar)> {
    if let Ok(regex) = regress::Regex::with_flags(pattern, "u") {
        return Some((regex, Grammar::Unicode));
    }
    regress::Regex::with_flags(pattern, "").ok().map(|regex| (regex, Grammar::Legacy))
}

fn check(pattern: &str, strings: &[String]) -> usize {
    let Some((regex, grammar)) = oracle(pattern) else {
        assert!(!is_pattern(pattern), "we read {pattern:?}");
        return 0;
    };
    // Annex B reads `\u{61}` as 61 times the letter u; the oracle does not, and we read neither.
    if grammar == Grammar::Legacy && (pattern.contains("\\u{") || pattern.contains("\\p{")) {
        return 0;
    }
    assert!(is_pattern(pattern), "we refuse {pattern:?}");
    let language = Language::pattern(pattern).ok();
    let surrounding = around(pattern);
    let mut agreed = 0;
    for text in strings {
        // Without the flag, ECMA-262 sees the halves of astral code points, and we do not.
        if grammar == Grammar::Legacy && text.chars().any(|code| u32::from(code) > 0xFFFF) {
            continue;
        }
        let expected = regex.find(text).is_some();
        let single = is_found(pattern, text);
        assert!(single.is_none_or(|is| is == expected), "{pattern:?} on {text:?} alone");
        let outside = surrounding.as_ref().is_some_and(|it| it.matches(text) == Some(false));
        assert!(!(outside && expected), "{text:?} is not around {pattern:?}");
        let Some(language) = &language else { continue };
        assert_eq!(language.matches(text), Some(expected), "{pattern:?} on {text:?}");
        agreed += 1;
    }
    agreed
}

#[test]
fn matching_agrees_with_the_specification() {
    let mut dice = Dice(7);
    let mut agreed = 0;
    for _ in 0..6_000 {
        let pattern = random_pattern(&mut dice, 3, ATOMS);
        let strings: Vec<String> = (0..12).map(|_| random_string(&mut dice)).collect();
        agreed += check(&pattern, &strings);
    }
    assert!(agreed > 20_000, "{agreed}");
}

const TRICKY: &str = r"
    a$ ^a [^] [] a{,3} x{ a{2 { } ] [[] []] \c [\c] \cA [\c1] [\c_] \k \k<a> (?<a>b)\k<a> (a)\1
    \1 \1(a) \2(a) \8 \9 [\8] \0 \00 \01 \377 \400 \x \x6 \x61 \u \u006 \u{61} \u{110000} \u{}
    \ud83d\ude00 [\ud83d\ude00] \ude00 [a-] [-a] [a-\w] [\w-a] [b-a] [^^] [^-a] (?:) () (|) a||b
    (?=a)* (?!a)+b (?=a){2}a (?<=a)b (?<!a)b (?<=a)* ^* $+ a** a??? + (? ( ) a) (?<a (?<>a)
    (?<1>a) (?<a>x)|(?<a>y) (?<a>x)(?<a>y) \p{L} \p{Greek} \pL \p{Script=Greek} \p{sc=Grek}
    \p{gc=Lu} \p{Lu} \p{ASCII} \p{Any} \P{Any} [\p{L}\d] [^\P{L}] \p{Alphabetic} \p{L}\- \a \-
    [\-] \/ / (a*)* (a*)+b (?:a?){3} (?:^a?)*b (?:\b|a)*$ (?:(?=a)|b){2}a ^((?!ab).)*$
    ^(?=.*1)(?=.*a).{2,}$ (?=a$)a (?!$) (?=(?!a).)b? \ba\b \B \b\B a{0} a{0,0}b a{3,2}
    a{99999999999999999999} (?i:a) [😀] ^.$ ^[^a]$ \s ^\S+$ [\s\S] [\d-x] [--a] [+--] a|*
    (?:a|b)??
";

#[test]
fn tricky_patterns_are_read_as_the_specification_does() {
    let mut strings: Vec<String> = LETTERS.iter().map(|&text| text.to_owned()).collect();
    let mut dice = Dice(3);
    strings.extend((0..60).map(|_| random_string(&mut dice)));
    strings.extend(
        ["a\n", "a-a", "{,2}", "a{,2}", "\\c", "x", "u{61}", "k", "aa", "p{L}"].map(str::to_owned),
    );
    for pattern in TRICKY.split_whitespace().chain([""]) {
        check(pattern, &strings);
    }
}

/// All strings over two letters up to a length.
fn short_strings(longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let to = all.len();
        for place in from..to {
            all.push(format!("{}a", all[place]));
            all.push(format!("{}b", all[place]));
        }
        from = to;
    }
    all
}

const SMALL: &[&str] = &["a", "b", "[ab]", "a", "b", ".", "(?!b)", "(?=a)", "ab"];

#[test]
fn queries_agree_with_trying_all_short_strings() {
    let (mut dice, universe) = (Dice(11), short_strings(7));
    let only = Language::pattern("^[ab]*$").unwrap();
    let (mut found, mut empty) = (0, 0);
    for round in 0..1_000 {
        let texts: Vec<String> = (0..3).map(|_| random_pattern(&mut dice, 2, SMALL)).collect();
        let Ok(languages) =
            texts.iter().map(|text| Language::pattern(text)).collect::<Result<Vec<_>, _>>()
        else {
            continue;
        };
        let (min, span) = (dice.roll(4), dice.roll(5));
        let except: BTreeSet<Arc<str>> =
            (0..dice.roll(4)).map(|_| universe[dice.roll(20)].as_str().into()).collect();
        let short = languages[2].clone().of_length(dice.roll(4) as u64, Some(4));
        let all = vec![&only, &languages[0]];
        let none = if round % 3 == 0 { vec![&languages[1], &short] } else { vec![&languages[1]] };
        let (min_length, max_length) = (min as u64, Some((min + span).min(7) as u64));
        let query = Query { all, none, min_length, max_length, except: &except };
        let members: Vec<&String> = universe
            .iter()
            .filter(|text| (min..=min + span).contains(&text.len()))
            .filter(|text| query.all.iter().all(|language| language.matches(text) == Some(true)))
            .filter(|text| query.none.iter().all(|language| language.matches(text) == Some(false)))
            .filter(|text| !except.contains(text.as_str()))
            .collect();
        match find(&query) {
            Search::Found(text) => {
                assert_eq!(members.first(), Some(&&text), "{texts:?} {query:?}");
                found += 1;
            }
            Search::Empty => {
                assert_eq!(members.first(), None, "{texts:?} {min_length} {max_length:?}");
                empty += 1;
            }
            Search::Exhausted(reason) => panic!("{reason}: {texts:?}"),
        }
        let exact = Count::Exactly(members.len() as u64);
        assert_eq!(count(&query, 1_000), exact, "{texts:?} {min_length} {max_length:?}");
    }
    assert!(found > 200 && empty > 200, "{found} {empty}");
}

/// A language is inside another exactly if their difference is empty; what is found is in one only.
#[test]
fn unbounded_queries_are_sound() {
    let (mut dice, universe) = (Dice(23), short_strings(7));
    for _ in 0..700 {
        let texts: Vec<String> = (0..2).map(|_| random_pattern(&mut dice, 3, ATOMS)).collect();
        let (Ok(left), Ok(right)) = (Language::pattern(&texts[0]), Language::pattern(&texts[1]))
        else {
            continue;
        };
        let except = BTreeSet::new();
        let (all, none) = (vec![&left], vec![&right]);
        let query = Query { all, none, min_length: 0, max_length: None, except: &except };
        match find(&query) {
            Search::Found(text) => {
                let places = (left.matches(&text), right.matches(&text));
                assert_eq!(places, (Some(true), Some(false)), "{texts:?} {text:?}");
            }
            Search::Empty => {
                for text in &universe {
                    let outside = right.matches(text) == Some(false);
                    assert!(!(outside && left.matches(text) == Some(true)), "{texts:?} {text:?}");
                }
            }
            Search::Exhausted(reason) => panic!("{reason}: {texts:?}"),
        }
    }
}
