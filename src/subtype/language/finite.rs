//! Back-references to groups that have few words: each word is spelled out, and what is left is
//! regular.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Language, Query, Search, find};

/// How many words a group that is referred to may have.
const WORDS: usize = 48;

/// A group that captures, and the references to it, as places in the pattern.
struct Captured {
    open: usize,
    close: usize,
    /// Where each reference stands; a reference is two characters long.
    references: Vec<usize>,
}

/// The pattern with its back-references spelled out, where there is one group to refer to, which
/// every match passes once and before any reference, and whose words are few.
pub(super) fn spelled_out(pattern: &str) -> Option<String> {
    let text: Vec<char> = pattern.chars().collect();
    let Captured { open, close, references } = captured(&text)?;
    let body = text.get(open + 1..close)?;
    let words = words(&body.iter().collect::<String>())?;
    let branches: Vec<String> = words
        .iter()
        .map(|word| {
            let word = format!("(?:{})", literal(word));
            let mut spelled: String = text.iter().take(open).collect();
            spelled.push_str(&word);
            let mut from = close + 1;
            for reference in &references {
                spelled.extend(text.iter().take(*reference).skip(from));
                spelled.push_str(&word);
                from = reference + 2;
            }
            spelled.extend(text.iter().skip(from));
            format!("(?:{spelled})")
        })
        .collect();
    Some(if branches.is_empty() { "[]".to_owned() } else { branches.join("|") })
}

/// The one group that is referred to, if it stands on the way of every match.
fn captured(text: &[char]) -> Option<Captured> {
    let (mut groups, mut depth, mut in_class) = (Vec::new(), 0_usize, false);
    let mut stack: Vec<Option<usize>> = Vec::new();
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
                let captures = text.get(place + 1) != Some(&'?');
                if !captures && text.get(place + 2) == Some(&'<') {
                    return None;
                }
                stack.push(captures.then_some(groups.len()));
                if captures {
                    groups.push((place, place, depth));
                }
                depth += 1;
            }
            ')' if !in_class => {
                depth = depth.checked_sub(1)?;
                if let Some(group) = stack.pop()? {
                    groups.get_mut(group)?.1 = place;
                }
            }
            '|' if !in_class && depth == 0 => return None,
            _ => {}
        }
        place += 1;
    }
    let (number, _) = *references.first()?;
    let (open, close, depth) = *groups.get(number.checked_sub(1)?)?;
    let is_repeated = matches!(text.get(close + 1), Some('*' | '+' | '?' | '{'));
    let is_plain = references.iter().all(|(other, at)| *other == number && *at > close);
    let body = text.get(open + 1..close)?;
    let is_bare = body.iter().all(|letter| !"^$(".contains(*letter))
        && body.iter().zip(body.iter().skip(1)).all(|(letter, next)| {
            *letter != '\\' || next.is_ascii_punctuation() || "dnrt".contains(*next)
        });
    let references = references.into_iter().map(|(_, at)| at).collect();
    (depth == 0 && !is_repeated && is_plain && is_bare).then_some(Captured {
        open,
        close,
        references,
    })
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
        for endless in
            [r"(a*)\1", r"(a)*\1", r"(a|b)\2", r"\1(a)", r"(a)\1|b", r"((a)\2)", r"(^a)\1"]
        {
            assert_eq!(spelled_out(endless), None, "{endless}");
        }
        let quoted = Language::pattern(r#"^(['"])[a-z]*\1$"#).unwrap();
        for (text, is) in [("'ab'", true), ("\"\"", true), ("'ab\"", false), ("ab", false)] {
            assert_eq!(quoted.matches(text), Some(is), "{text}");
        }
    }
}
