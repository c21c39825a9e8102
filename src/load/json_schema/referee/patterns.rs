//! Patterns as the validator reads them.
//!
//! Authors write for every engine of ECMA-262: with the flag `u`, or, where that refuses the pattern,
//! without it (Annex B.1.2). The validator knows the grammar of the flag alone.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;

use super::{Sources, sets, surrogates};
use crate::document::{self, NodeId};

/// The pattern in the spelling that the validator reads, which accepts the same texts.
pub(super) fn spelled(pattern: &str) -> String {
    let groups = Groups::of(pattern);
    let has_all_or_none = ["[]", "[^]"].iter().any(|class| pattern.contains(class));
    let strict = if jsonschema_regex::is_valid_ecma_regex(pattern) && !has_all_or_none {
        pattern.to_owned()
    } else {
        Lenient::of(pattern, &groups).spelled()
    };
    surrogates::paired(sets::spelled_out(&groups.numbered(strict)))
}

/// The patterns of one side by the spellings that the validator was given and says in its sentences.
#[derive(Debug, Default)]
pub(super) struct Spellings(HashMap<String, String>);

impl Spellings {
    /// Those that differ from what the authors wrote.
    pub(super) fn of(sources: &Sources) -> Self {
        let mut known = HashMap::new();
        let mut learn = |own: &str| {
            let spelled = spelled(own);
            if spelled != own {
                known.insert(spelled, own.to_owned());
            }
        };
        for source in &sources.files {
            let document = &source.document;
            let is_object = |node: &NodeId| document.value(*node) == document::Value::Object;
            for node in document.nodes().filter(is_object) {
                let pattern = document.get(node, "pattern").and_then(|it| document.string(it));
                pattern.into_iter().for_each(&mut learn);
                let keyed = document.get(node, "patternProperties").filter(is_object);
                let keys = keyed.into_iter().flat_map(|keyed| document.members(keyed));
                keys.for_each(|member| learn(member.key.text));
            }
        }
        Self(known)
    }

    /// The sentence with the pattern as its author wrote it.
    pub(super) fn restore(&self, error: &ValidationError<'_>, said: String) -> String {
        match pattern_of(error).and_then(|spelled| Some((spelled, self.0.get(spelled)?))) {
            Some((spelled, own)) => said.replace(spelled, own),
            None => said,
        }
    }
}

/// The pattern that a complaint is about.
pub(super) fn pattern_of<'e>(error: &'e ValidationError<'_>) -> Option<&'e str> {
    if let ValidationErrorKind::PropertyNames { error } = error.kind() {
        return pattern_of(error);
    }
    let ValidationErrorKind::Pattern { pattern } = error.kind() else { return None };
    Some(pattern)
}

/// A pattern that the flag refuses, respelled letter by letter. What Annex B refuses too stays wrong.
struct Lenient<'p> {
    left: Peekable<Chars<'p>>,
    spelled: String,
    groups: &'p Groups<'p>,
    /// Where each open group begins, and whether it looks ahead.
    open: Vec<(usize, Group)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// `(?=…)` or `(?!…)`, which may be repeated without the flag.
    LookAhead,
    Other,
}

/// What stands in a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Atom {
    /// One letter, from which a range may start.
    Letter,
    /// Many, such as `\w`.
    Set,
}

impl<'p> Lenient<'p> {
    fn of(pattern: &'p str, groups: &'p Groups<'p>) -> Self {
        let (left, spelled) = (pattern.chars().peekable(), String::with_capacity(pattern.len()));
        Self { left, spelled, groups, open: Vec::new() }
    }

    fn spelled(mut self) -> String {
        while let Some(letter) = self.left.next() {
            match letter {
                '\\' => self.escape(),
                '[' => self.class(),
                '(' => self.group(),
                ')' => self.close(),
                '{' if quantifier(self.left.clone()).is_none() => self.spelled.push_str(r"\{"),
                '{' => self.repeat(),
                '}' | ']' => self.spelled.extend(['\\', letter]),
                _ => self.spelled.push(letter),
            }
        }
        self.spelled
    }

    /// A quantifier, of which the brace has been read.
    fn repeat(&mut self) {
        let length = quantifier(self.left.clone()).unwrap_or(0);
        self.spelled.push('{');
        self.spelled.extend(self.left.by_ref().take(length));
    }

    fn group(&mut self) {
        let mut ahead = self.left.clone();
        let looks = ahead.next() == Some('?') && matches!(ahead.next(), Some('=' | '!'));
        let kind = if looks { Group::LookAhead } else { Group::Other };
        self.open.push((self.spelled.len(), kind));
        self.spelled.push('(');
    }

    /// Repeating what takes no letter means nothing (ECMA-262, 22.2.2.3.1): it holds where it is asked
    /// for once, and anywhere where it need not be there at all.
    fn close(&mut self) {
        self.spelled.push(')');
        let Some((start, Group::LookAhead)) = self.open.pop() else { return };
        let may_be_absent = match self.left.peek() {
            Some('*' | '?') => true,
            Some('+') => false,
            Some('{') => {
                let mut ahead = self.left.clone();
                ahead.next();
                let Some(length) = quantifier(ahead.clone()) else { return };
                self.left.by_ref().take(length).for_each(drop);
                ahead.take_while(char::is_ascii_digit).all(|digit| digit == '0')
            }
            Some(_) | None => return,
        };
        self.left.next();
        self.left.next_if_eq(&'?');
        if may_be_absent {
            self.spelled.insert_str(start, "(?:");
            self.spelled.push_str("|)");
        }
    }

    /// An escape outside of classes, of which the backslash has been read.
    fn escape(&mut self) {
        match self.left.peek().copied() {
            Some('k') if !self.groups.names.is_empty() => self.keep(),
            // A number beyond the groups refers to none.
            Some('1'..='9') if self.number().is_some_and(|it| it <= self.groups.count) => {
                self.keep();
            }
            Some('b' | 'B') => self.keep(),
            Some(_) | None => {
                self.character();
            }
        }
    }

    /// Keeps the escape as it is.
    fn keep(&mut self) {
        self.spelled.push('\\');
        self.spelled.extend(self.left.next());
    }

    /// The number that follows in decimal digits.
    fn number(&self) -> Option<usize> {
        let digits = self.left.clone().take_while(char::is_ascii_digit);
        digits.collect::<String>().parse().ok()
    }

    /// An escape that means the same inside and outside of classes.
    fn character(&mut self) -> Atom {
        let Some(letter) = self.left.peek().copied() else {
            self.spelled.push('\\');
            return Atom::Letter;
        };
        match letter {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.keep();
                return Atom::Set;
            }
            'f' | 'n' | 'r' | 't' | 'v' => self.keep(),
            '0'..='7' => self.octal(),
            'x' if self.has_hexadecimal(2) => self.keep(),
            'u' if self.has_hexadecimal(4) => self.keep(),
            'c' if self.left.clone().nth(1).is_some_and(|it| it.is_ascii_alphabetic()) => {
                self.keep();
                self.spelled.extend(self.left.next());
            }
            // The backslash means itself.
            'c' => self.spelled.push_str(r"\\"),
            _ if letter.is_alphanumeric() => self.spelled.extend(self.left.next()),
            _ => self.keep(),
        }
        Atom::Letter
    }

    /// Up to three octal digits that name a character up to `\377`.
    fn octal(&mut self) {
        let mut code = 0;
        for _ in 0..3 {
            let digit = self.left.peek().and_then(|letter| letter.to_digit(8));
            let Some(next) = digit.map(|digit| code * 8 + digit).filter(|next| *next <= 0o377)
            else {
                break;
            };
            code = next;
            self.left.next();
        }
        self.code(code);
    }

    /// The character of a number below 256.
    fn code(&mut self, code: u32) {
        let digit = |value: u32| char::from_digit(value % 16, 16);
        self.spelled.push_str("\\x");
        self.spelled.extend(digit(code / 16).into_iter().chain(digit(code)));
    }

    fn has_hexadecimal(&self, digits: usize) -> bool {
        let follow = self.left.clone().skip(1).take(digits);
        follow.filter(char::is_ascii_hexdigit).count() == digits
    }

    /// A class, of which the bracket has been read: a dash beside a set is a letter.
    fn class(&mut self) {
        let is_negated = self.left.next_if_eq(&'^').is_some();
        if self.left.next_if_eq(&']').is_some() {
            // No character at all, or any: other engines have no such classes.
            self.spelled.push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
            return;
        }
        self.spelled.push_str(if is_negated { "[^" } else { "[" });
        while let Some(letter) = self.left.next() {
            if letter == ']' {
                self.spelled.push(']');
                return;
            }
            let first = self.atom(letter);
            let mut ahead = self.left.clone();
            if ahead.next() != Some('-') || matches!(ahead.next(), Some(']') | None) {
                continue;
            }
            let dash = self.spelled.len();
            self.spelled.extend(self.left.next());
            let Some(letter) = self.left.next() else { return };
            let last = self.atom(letter);
            if first == Atom::Set || last == Atom::Set {
                self.spelled.insert(dash, '\\');
            }
        }
    }

    fn atom(&mut self, letter: char) -> Atom {
        let mut ahead = self.left.clone();
        match (letter, ahead.next(), ahead.next()) {
            ('\\', Some('b'), _) => self.keep(),
            // In a class more follow `\c` than letters (B.1.2, ClassControlLetter).
            ('\\', Some('c'), Some(control @ ('0'..='9' | '_'))) => {
                self.left.nth(1);
                self.code(u32::from(control) % 32);
            }
            ('\\', _, _) => return self.character(),
            ('-', _, _) => self.spelled.push_str(r"\-"),
            _ => self.spelled.push(letter),
        }
        Atom::Letter
    }
}

/// How many letters a quantifier takes of what follows its brace; `None` where it is none.
fn quantifier(mut left: Peekable<Chars<'_>>) -> Option<usize> {
    let digits = |left: &mut Peekable<Chars<'_>>| {
        std::iter::from_fn(|| left.next_if(char::is_ascii_digit)).count()
    };
    let mut length = digits(&mut left);
    if length == 0 {
        return None;
    }
    if left.next_if_eq(&',').is_some() {
        length += 1 + digits(&mut left);
    }
    left.next_if_eq(&'}').map(|_| length + 1)
}

/// The groups that a pattern counts, and which of them have names.
#[derive(Default)]
struct Groups<'p> {
    count: usize,
    names: Vec<(&'p str, usize)>,
}

impl<'p> Groups<'p> {
    fn of(pattern: &'p str) -> Self {
        let (mut this, mut in_class) = (Self::default(), false);
        let mut left = pattern.chars();
        while let Some(letter) = left.next() {
            match letter {
                '\\' => {
                    left.next();
                }
                '[' => in_class = true,
                ']' => in_class = false,
                '(' if !in_class => this.open(left.as_str()),
                _ => {}
            }
        }
        this
    }

    fn open(&mut self, rest: &'p str) {
        let name = rest.strip_prefix("?<").filter(|rest| !rest.starts_with(['=', '!']));
        self.count += usize::from(name.is_some() || !rest.starts_with('?'));
        let name = name.and_then(|rest| Some(rest.split_once('>')?.0));
        self.names.extend(name.map(|name| (name, self.count)));
    }

    /// The pattern with its groups referred to by number: the validator knows no other way.
    fn numbered(&self, pattern: String) -> String {
        if self.names.is_empty() || !pattern.contains(r"\k<") {
            return pattern;
        }
        let numbers: HashMap<&str, usize> = self.names.iter().copied().collect();
        let reference = |rest: &str| {
            let (name, rest) = rest.strip_prefix("k<")?.split_once('>')?;
            Some((*numbers.get(name)?, rest.len()))
        };
        let mut numbered = String::with_capacity(pattern.len());
        let mut left = pattern.chars();
        while let Some(letter) = left.next() {
            if letter != '\\' {
                numbered.push(letter);
            } else if let Some((number, rest)) = reference(left.as_str()) {
                numbered.extend([r"(?:\", &number.to_string(), ")"]);
                left = pattern.get(pattern.len() - rest..).unwrap_or_default().chars();
            } else {
                // What follows is escaped, a backslash too (ECMA-262, 22.2.1).
                numbered.extend([Some(letter), left.next()].into_iter().flatten());
            }
        }
        numbered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against a matcher that follows ECMA-262, on every text of up to three of these letters.
    #[test]
    fn the_spelling_accepts_what_the_pattern_accepts() {
        let letters = "abA-.{}]c\\18 \u{7}\u{11}\u{8}\0\u{e9}\u{660}\u{85}\u{feff}\u{2003}".chars();
        let letters: Vec<char> = letters.collect();
        let mut texts = vec![String::new()];
        for from in [0, 1, 1 + letters.len()] {
            let longer = texts.get(from..).unwrap().iter();
            let longer =
                longer.flat_map(|text| letters.iter().map(move |it| format!("{text}{it}")));
            let longer: Vec<String> = longer.collect();
            texts.extend(longer);
        }
        for pattern in [
            r"^[\w-.]+$",
            r"^[.-\w]$",
            r"^[a-\d]$",
            r"^[--b]$",
            r"^[a-]$",
            r"^[^\w-.]+$",
            r"\A[^\n]*",
            r"^a{,3}$",
            "^{$",
            "^a{1$",
            "^}$",
            "^]$",
            r"^\e\h$",
            "^(?=a)*a$",
            "^(?=a)?b$",
            "^(?=a)+?[ab]$",
            "^(?=a){0,2}b$",
            "^(?!a){2}b$",
            r"^\07$",
            r"^\7$",
            r"^\8$",
            r"^(a)\1$",
            r"^(a)\2$",
            r"^\c$",
            r"^\c1$",
            r"^[\c1]$",
            r"^\x6$",
            r"^\u{2}$",
            r"^a{1,2}\-$",
            r"^(?<n>a)\k<n>\A$",
            r"^(?<n>a)\\k<n>|b$",
            r"^(?<n>a|b)\k<n>1$",
            r"^(?<n>a)\\\k<n>$",
            "^[^]$",
            "^(?:a|[])$",
            "[]*",
            r"^\k$",
            r"^(?!\s*$)[\w .,'-]{1,128}$",
            r"^(?=\w)[\W\d-]$",
            r"^(?=[^\W])\w$",
            r"^(?!\d)[\D\S]$",
            r"(?=.)\b.\b",
            r"^(.)\B\1",
            r"^(?!a)[\s\b]\S?$",
            r"^(?!\cA)[^\s]\0?\cG$",
        ] {
            let own = regress::Regex::with_flags(pattern, "u")
                .or_else(|_| regress::Regex::with_flags(pattern, ""))
                .unwrap();
            let respelled = spelled(pattern);
            let validator = jsonschema::validator_for(&serde_json::json!({"pattern": respelled}))
                .unwrap_or_else(|error| panic!("{pattern} as {respelled}: {error}"));
            for text in &texts {
                let (own, judged) =
                    (own.find(text).is_some(), validator.is_valid(&text.as_str().into()));
                assert_eq!(own, judged, "{pattern} as {respelled} on {text:?}");
            }
        }
    }

    #[test]
    fn what_is_no_pattern_stays_none() {
        for pattern in ["(", "a)", "[", "*a", "a**", "[b-a]", "(?<n>a)(?<n>b)", "a{2,1}"] {
            let respelled = spelled(pattern);
            assert!(!jsonschema_regex::is_valid_ecma_regex(&respelled), "{pattern} as {respelled}");
        }
    }
}
