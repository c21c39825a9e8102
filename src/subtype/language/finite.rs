//! Back-references: each word of the group that is referred to is spelled out, and what is left is
//! regular. Of a group with few words all are; of others those that one string holds, or the reference
//! is read as the group once more.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::{Language, Query, Search, find, single};

/// How many words a group that is referred to may have.
const WORDS: usize = 48;

/// The longest string whose pieces are tried for such a group.
const LONGEST: usize = 24;

/// The longest pattern that is made for one string.
const MOST_SPELLED: usize = 40_000;

/// A group that captures, and the references to it, as places in the pattern.
struct Captured {
    open: usize,
    close: usize,
    /// Where each reference stands; a reference is two characters long.
    references: Vec<usize>,
    /// The alternative that the group and the references are part of.
    branch: Range<usize>,
    /// Whether what is around must fail.
    is_negated: bool,
}

/// The pattern with its back-references spelled out, where there is one group to refer to, which
/// every match passes once and before any reference, and whose words are few.
pub(super) fn spelled_out(pattern: &str) -> Option<String> {
    let text = numbered(pattern);
    let captured = captured(&text)?;
    let words = words(&captured.body(&text)?)?;
    Some(captured.spelled(&text, words.iter().map(|word| literal(word))))
}

/// The pattern with the references spelled out for one string, which it is found in if the pattern
/// itself is.
pub(super) fn spelled_for(pattern: &str, string: &[char]) -> Option<String> {
    let text = numbered(pattern);
    let captured = captured(&text)?;
    let body = format!("^(?:{})$", captured.body(&text)?);
    if string.len() > LONGEST {
        return None;
    }
    let mut words = BTreeSet::from([String::new()]);
    for start in 0..string.len() {
        words.extend((start + 1..=string.len()).filter_map(|end| {
            string.get(start..end).map(|piece| piece.iter().collect::<String>())
        }));
    }
    let mut of_group = Vec::new();
    for word in words {
        if single::is_found(&body, &word)? {
            of_group.push(literal(&word));
        }
    }
    let is_short = text.len().saturating_mul(of_group.len()) <= MOST_SPELLED;
    is_short.then(|| captured.spelled(&text, of_group.into_iter()))
}

/// The pattern with each reference read as the group once more: it is found in whatever the pattern
/// itself is found in. `None` where that must fail, of which the contrary holds.
pub(super) fn loosened(pattern: &str) -> Option<String> {
    let text = numbered(pattern);
    let captured = captured(&text).filter(|captured| !captured.is_negated)?;
    let body = captured.body(&text)?;
    Some(captured.spelled(&text, std::iter::once(body)))
}

/// The pattern with its groups and references by number instead of by name; as it is where that is
/// not so simple.
fn numbered(pattern: &str) -> Vec<char> {
    let text: Vec<char> = pattern.chars().collect();
    if !pattern.contains("\\k<") {
        return text;
    }
    let name = |from: usize| {
        let rest = text.get(from..)?;
        let length = rest.iter().position(|letter| *letter == '>')?;
        Some((rest.iter().take(length).collect::<String>(), from + length + 1))
    };
    let (mut names, mut references) = (Vec::<Option<String>>::new(), Vec::new());
    let (mut written, mut in_class, mut place) = (Vec::new(), false, 0);
    while let Some(letter) = text.get(place) {
        let rest = text.get(place + 1..).unwrap_or_default();
        let step = match (letter, rest, in_class) {
            ('\\', ['k', '<', ..], false) => {
                let Some((name, after)) = name(place + 3) else { return text };
                // A digit that follows is no part of the number (ECMA-262, 22.2.1, `DecimalEscape`).
                let is_parted = text.get(after).is_some_and(char::is_ascii_digit);
                let (before, behind) = if is_parted { ("(?:", ")") } else { ("", "") };
                written.extend(before.chars());
                references.push((written.len() + 1, name));
                written.extend(['\\', '0']);
                written.extend(behind.chars());
                after - place
            }
            ('\\', [escaped, ..], _) => {
                written.extend(['\\', *escaped]);
                2
            }
            ('(', ['?', '<', next, ..], false) if !['=', '!'].contains(next) => {
                let Some((name, after)) = name(place + 3) else { return text };
                if names.iter().flatten().any(|known| *known == name) {
                    return text;
                }
                names.push(Some(name));
                written.push('(');
                after - place
            }
            _ => {
                if (*letter, in_class) == ('(', false) && rest.first() != Some(&'?') {
                    names.push(None);
                }
                in_class = *letter == '[' || in_class && *letter != ']';
                written.push(*letter);
                1
            }
        };
        place += step;
    }
    for (place, name) in references {
        let number = names.iter().position(|known| known.as_ref() == Some(&name));
        let digit = number.and_then(|number| char::from_digit(u32::try_from(number).ok()? + 1, 10));
        let (Some(digit), Some(written)) = (digit, written.get_mut(place)) else { return text };
        *written = digit;
    }
    written
}

impl Captured {
    fn body(&self, text: &[char]) -> Option<String> {
        Some(text.get(self.open + 1..self.close)?.iter().collect())
    }

    /// The pattern with one alternative for each of the words, which are patterns themselves.
    fn spelled(&self, text: &[char], words: impl Iterator<Item = String>) -> String {
        let Self { open, close, references, branch, is_negated: _ } = self;
        let part = |from: usize, to: usize| text.iter().take(to).skip(from);
        let branches: Vec<String> = words
            .map(|word| {
                let word = format!("(?:{word})");
                let mut spelled: String = part(branch.start, *open).collect();
                spelled.push_str(&word);
                let mut from = close + 1;
                for reference in references {
                    spelled.extend(part(from, *reference));
                    spelled.push_str(&word);
                    from = reference + 2;
                }
                spelled.extend(part(from, branch.end));
                format!("(?:{spelled})")
            })
            .collect();
        let branches = if branches.is_empty() { "[]".to_owned() } else { branches.join("|") };
        if *branch == (0..text.len()) {
            return branches;
        }
        let (before, after): (String, String) =
            (part(0, branch.start).collect(), part(branch.end, text.len()).collect());
        format!("{before}(?:{branches}){after}")
    }
}

/// A group of the pattern under way.
struct Open {
    /// Which of the groups that capture it is.
    number: Option<usize>,
    /// Where its alternatives begin.
    starts: Vec<usize>,
    is_negated: bool,
    /// The groups that capture right inside it.
    inside: Vec<usize>,
}

/// A group that captures.
#[derive(Default)]
struct Group {
    open: usize,
    close: usize,
    /// The alternative around it.
    branch: Range<usize>,
    is_negated: bool,
}

/// The one group that is referred to, if it stands on the way of every match of the alternative that
/// the references stand in.
fn captured(text: &[char]) -> Option<Captured> {
    let (mut groups, mut in_class) = (Vec::<Group>::new(), false);
    let open = |number, start, is_negated| Open {
        number,
        starts: vec![start],
        is_negated,
        inside: Vec::new(),
    };
    let mut stack: Vec<Open> = vec![open(None, 0, false)];
    let mut references: Vec<(usize, usize)> = Vec::new();
    let mut place = 0;
    while let Some(letter) = text.get(place) {
        match letter {
            '\\' => {
                let digit = text.get(place + 1).and_then(|next| next.to_digit(10));
                if let Some(number) = digit.filter(|digit| *digit > 0 && !in_class) {
                    if text.get(place + 2).is_some_and(char::is_ascii_digit) {
                        return None;
                    }
                    references.push((usize::try_from(number).ok()?, place));
                }
                place += 1;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let rest = text.get(place + 1..).unwrap_or_default();
                let group = opened(&mut groups, stack.last_mut()?, place, rest)?;
                stack.push(group);
            }
            ')' if !in_class => {
                let closed = stack.pop().filter(|_| !stack.is_empty())?;
                close(&mut groups, &closed, place);
                if let Some(number) = closed.number {
                    groups.get_mut(number)?.close = place;
                }
            }
            '|' if !in_class => stack.last_mut()?.starts.push(place + 1),
            _ => {}
        }
        place += 1;
    }
    let outermost = stack.pop().filter(|_| stack.is_empty())?;
    close(&mut groups, &outermost, text.len());
    let (number, _) = *references.first()?;
    let Group { open, close, branch, is_negated } =
        groups.into_iter().nth(number.checked_sub(1)?)?;
    let is_repeated = matches!(text.get(close + 1), Some('*' | '+' | '?' | '{'));
    let is_plain =
        references.iter().all(|(other, at)| *other == number && *at > close && branch.contains(at));
    let body = text.get(open + 1..close)?;
    let references = references.into_iter().map(|(_, at)| at).collect();
    (!is_repeated && is_plain && is_bare(body)).then_some(Captured {
        open,
        close,
        references,
        branch,
        is_negated,
    })
}

/// Whether the piece means the same wherever it stands.
fn is_bare(body: &[char]) -> bool {
    body.iter().all(|letter| !"^$(".contains(*letter))
        && body.iter().zip(body.iter().skip(1)).all(|(letter, next)| {
            *letter != '\\' || next.is_ascii_punctuation() || "dDwWsSnrt".contains(*next)
        })
}

impl Open {
    fn from(number: Option<usize>, start: usize, is_negated: bool) -> Self {
        Self { number, starts: vec![start], is_negated, inside: Vec::new() }
    }
}

/// The group that begins at the place, by what follows its bracket; `None` where it looks back, has a
/// name or sets flags.
fn opened(groups: &mut Vec<Group>, outer: &mut Open, place: usize, rest: &[char]) -> Option<Open> {
    let (number, header, fails) = match rest {
        ['?', '!', ..] => (None, 3, true),
        ['?', ':' | '=', ..] => (None, 3, false),
        ['?', ..] => return None,
        _ => (Some(groups.len()), 1, false),
    };
    let is_negated = outer.is_negated || fails;
    if let Some(number) = number {
        outer.inside.push(number);
        groups.push(Group { open: place, is_negated, ..Group::default() });
    }
    Some(Open::from(number, place + header, is_negated))
}

/// Tells the groups right inside one in which of its alternatives they stand.
fn close(groups: &mut [Group], closed: &Open, end: usize) {
    for number in &closed.inside {
        let Some(group) = groups.get_mut(*number) else { continue };
        let starts = &closed.starts;
        let next = starts.partition_point(|start| *start <= group.open);
        let start = next.checked_sub(1).and_then(|last| starts.get(last)).copied().unwrap_or(0);
        let end = starts.get(next).map_or(end, |start| start.saturating_sub(1));
        group.branch = start..end;
    }
}

/// Every word of a pattern, if they are few.
fn words(body: &str) -> Option<BTreeSet<Arc<str>>> {
    let language = Language::pattern(&format!("^(?:{body})$")).ok()?;
    let mut words = BTreeSet::new();
    loop {
        let (all, none) = (vec![&language], Vec::new());
        let query = Query { all, none, min_length: 0, max_length: None, except: &words };
        match find(&query) {
            Search::Found(word) if words.len() < WORDS => {
                words.insert(Arc::from(word));
            }
            Search::Empty => return Some(words),
            Search::Found(_) | Search::Exhausted(_) => return None,
        }
    }
}

/// A pattern that matches the word alone.
fn literal(word: &str) -> String {
    let mut pattern = String::new();
    for letter in word.chars() {
        if "^$\\.*+?()[]{}|/".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_groups_are_spelled_out_and_others_are_not() {
        assert_eq!(spelled_out(r"^(a|b)\1$").unwrap(), "(?:^(?:a)(?:a)$)|(?:^(?:b)(?:b)$)");
        assert_eq!(spelled_out(r"(.)x").as_deref(), None);
        for endless in [r"(a*)\1", r"(a)*\1", r"(a|b)\2", r"\1(a)", r"(?:(a)|b)\1", r"(^a)\1"] {
            assert_eq!(spelled_out(endless), None, "{endless}");
        }
        let of_an_alternative = Language::pattern(r"^(?:x|(a|b)c\1|y)+$").unwrap();
        for (text, is) in [("x", true), ("acaybcb", true), ("acb", false)] {
            assert_eq!(of_an_alternative.matches(text), Some(is), "{text}");
        }
        for quoted in [r#"^(['"])[a-z]*\1$"#, r#"^(?<q>['"])[a-z]*\k<q>$"#] {
            let quoted = Language::pattern(quoted).unwrap();
            for (text, is) in [("'ab'", true), ("\"\"", true), ("'ab\"", false), ("ab", false)] {
                assert_eq!(quoted.matches(text), Some(is), "{text}");
            }
        }
    }

    #[test]
    fn names_of_groups_become_numbers() {
        let numbered = |pattern: &str| numbered(pattern).into_iter().collect::<String>();
        assert_eq!(
            numbered(r"(x)(?<a>b)(?:c)(?<=d)\k<a>[(?<b>\k<a>]"),
            r"(x)(b)(?:c)(?<=d)\2[(?<b>\k<a>]"
        );
        assert_eq!(numbered(r"(?<a>b)\k<a>1\\k<a>"), r"(b)(?:\1)1\\k<a>");
        for other in [r"(?<a>b)", r"\k<a>(?<b>c)", r"(?<a>b)|(?<a>c)\k<a>", r"\(?<a>\k<a>"] {
            assert_eq!(numbered(other), other);
        }
    }

    #[test]
    fn a_reference_to_any_group_is_asked_about_one_string() {
        for (pattern, text, is) in [
            (r"^(.*)-\1$", "ab-ab", true),
            (r"^(.*)-\1$", "-", true),
            (r"^(.*)-\1$", "ab-a", false),
            (r"^(?!.*(.)\1)[a-z]{3}$", "aba", true),
            (r"^(?!.*(.)\1)[a-z]{3}$", "abb", false),
            (r"^(?:(\w)x\1|y)*$", "axaybxb", true),
            (r"^(?:(\w)x\1|y)*$", "axb", false),
        ] {
            assert_eq!(single::is_found(pattern, text), Some(is), "{pattern} {text}");
        }
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(single::is_found(r"^(.*)-\1$", &long), None);
    }

    #[test]
    fn a_reference_may_be_read_as_its_group() {
        assert_eq!(loosened(r"^(\w)-\1$").unwrap(), r"(?:^(?:\w)-(?:\w)$)");
        assert_eq!(loosened(r"^(?!.*(.)\1)"), None);
    }
}
