//! Patterns that say no more than a list does: the words of those that have few.

use super::parse;
use super::syntax::Node;

/// How many words a pattern may have that is read as their list.
const WORDS: usize = 48;
/// How long one of them may be, in code points.
const LENGTH: usize = 256;

/// Every word of the pattern, where each is written from `^` to `$` and they are few; the shortest first.
pub(crate) fn listed(pattern: &str) -> Option<Vec<String>> {
    // Most patterns are told apart without being read.
    if !pattern.contains('^') || !pattern.contains('$') {
        return None;
    }
    let mut words = whole(&parse::pattern(pattern).ok()?)?;
    words.sort_by_cached_key(|word| (word.chars().count(), word.clone()));
    words.dedup();
    Some(words)
}

fn whole(node: &Node) -> Option<Vec<String>> {
    match node {
        Node::Either(branches) => union(branches, whole),
        Node::Sequence(terms) => match terms.as_slice() {
            [Node::Start, inner @ .., Node::End] => sequence(inner),
            [only] => whole(only),
            _ => None,
        },
        Node::One(_)
        | Node::Repeat { .. }
        | Node::Start
        | Node::End
        | Node::Boundary(_)
        | Node::Ahead(..)
        | Node::Behind(..)
        | Node::Unsupported(_) => None,
    }
}

fn part(node: &Node) -> Option<Vec<String>> {
    match node {
        Node::One(class) => {
            Some(class.few(WORDS)?.into_iter().map(|letter| letter.to_string()).collect())
        }
        Node::Sequence(terms) => sequence(terms),
        Node::Either(branches) => union(branches, part),
        Node::Repeat { body, min, max } => repeated(&part(body)?, *min, (*max)?),
        Node::Start
        | Node::End
        | Node::Boundary(_)
        | Node::Ahead(..)
        | Node::Behind(..)
        | Node::Unsupported(_) => None,
    }
}

fn union(nodes: &[Node], read: fn(&Node) -> Option<Vec<String>>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for node in nodes {
        words.extend(read(node)?);
        if words.len() > WORDS {
            return None;
        }
    }
    Some(words)
}

fn sequence(terms: &[Node]) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    for term in terms {
        words = joined(&words, &part(term)?)?;
    }
    Some(words)
}

fn repeated(body: &[String], min: u64, max: u64) -> Option<Vec<String>> {
    if usize::try_from(max).ok()? > WORDS {
        return None;
    }
    let (mut words, mut all) = (vec![String::new()], Vec::new());
    for count in 0..=max {
        if count >= min {
            all.extend(words.iter().cloned());
        }
        words = joined(&words, body)?;
    }
    (all.len() <= WORDS).then_some(all)
}

/// Each of the words with each of the others behind it.
fn joined(words: &[String], others: &[String]) -> Option<Vec<String>> {
    if words.len().saturating_mul(others.len()) > WORDS {
        return None;
    }
    let pair = |word: &String| others.iter().map(|other| format!("{word}{other}")).collect();
    let joined: Vec<String> = words.iter().flat_map::<Vec<String>, _>(pair).collect();
    joined.iter().all(|word| word.chars().count() <= LENGTH).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_few_words_is_their_list() {
        let words = |pattern: &str| listed(pattern).map(|words| words.join(" "));
        assert_eq!(words("^PowerShell@2$").as_deref(), Some("PowerShell@2"));
        assert_eq!(words(r"^a\.b$|^(c|d)$").as_deref(), Some("c d a.b"));
        assert_eq!(words("^v[12](x{1,2})?$").as_deref(), Some("v1 v2 v1x v2x v1xx v2xx"));
        assert_eq!(words("^(?:)$").as_deref(), Some(""));
        assert_eq!(words("^[]$").as_deref(), Some(""));
        assert_eq!(listed("^[]$"), Some(Vec::new()));
        for open in ["^a", "a$", "^a$|b$", "^a*$", "^[a-z]{2}$", "^a|b$", "^a{9,}$", r"^(a)\1$"] {
            assert_eq!(listed(open), None, "{open}");
        }
        assert_eq!(listed("^a{1000000}$"), None);
        assert_eq!(listed(&format!("^{}$", "(a?b?)".repeat(40))), None);
    }
}
