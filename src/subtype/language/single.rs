//! One string at a time, for patterns that are not compiled: whether the pattern is found in it, and
//! which strings need not be asked about.
//!
//! A piece of a pattern is a relation between the places of the string where it may begin and those
//! where it may end. Sets of places are carried through, so that nothing is tried twice however
//! the pattern nests, and look-behind is no harder than look-ahead.

use std::collections::BTreeSet;

use super::class::Class;
use super::syntax::{Node, Sense};
use super::{Language, finite, parse};

/// How many places one question may look at.
const MAX_STEPS: usize = 200_000;

/// Places in a string.
type Places = BTreeSet<usize>;

/// Whether the pattern is found in the text, by ECMA-262; `None` where it is no pattern, refers back
/// to what it captured in more than one group, or takes too long.
pub(in super::super) fn is_found(ecma: &str, text: &str) -> Option<bool> {
    let text: Vec<char> = text.chars().collect();
    let found = |ecma: &str| {
        let node = parse::pattern(ecma).ok()?;
        let anywhere = (0..=text.len()).collect();
        let mut trial = Trial { text: &text, steps: MAX_STEPS, word: Class::word() };
        Some(!trial.ends(&node, &anywhere)?.is_empty())
    };
    found(ecma).or_else(|| found(&finite::spelled_for(ecma, &text)?))
}

/// A language in which all strings are that the pattern is found in, and maybe others.
pub(in super::super) fn around(ecma: &str) -> Option<Language> {
    let loosened = finite::loosened(ecma);
    let node = parse::pattern(loosened.as_deref().unwrap_or(ecma)).ok()?;
    Language::made_of(ecma, widened(&node, Sense::Holds))
}

/// Languages in which strings are worth a trial: what the pattern looks back at is somewhere in them.
pub(in super::super) fn worth_trying(ecma: &str) -> Vec<Language> {
    let Ok(node) = parse::pattern(ecma) else { return Vec::new() };
    let mut bodies = Vec::new();
    looked_back_at(&node, &mut bodies);
    let made = bodies.into_iter().take(MOST_TRIED).enumerate().filter_map(|(index, body)| {
        let name = format!("{ecma}\0{index}");
        Language::made_of(&name, widened(body, Sense::Holds))
    });
    made.collect()
}

/// How many such languages are made of one pattern.
const MOST_TRIED: usize = 4;

fn looked_back_at<'n>(node: &'n Node, bodies: &mut Vec<&'n Node>) {
    match node {
        Node::One(_) | Node::Start | Node::End | Node::Boundary(_) | Node::Unsupported(_) => {}
        Node::Sequence(nodes) | Node::Either(nodes) => {
            for node in nodes {
                looked_back_at(node, bodies);
            }
        }
        Node::Repeat { body, min: _, max: _ } | Node::Ahead(_, body) => {
            looked_back_at(body, bodies);
        }
        Node::Behind(_, body) => {
            bodies.push(body);
            looked_back_at(body, bodies);
        }
    }
}

/// The piece with what is not regular left out: where it has to hold, it holds, and where it has to
/// fail, it fails.
fn widened(node: &Node, sense: Sense) -> Node {
    let all = |nodes: &[Node]| nodes.iter().map(|node| widened(node, sense)).collect();
    let never = || Node::One(Class::default());
    match (node, sense) {
        (Node::One(_) | Node::Start | Node::End | Node::Boundary(_), _) => node.clone(),
        (Node::Sequence(nodes), _) => Node::Sequence(all(nodes)),
        (Node::Either(nodes), _) => Node::Either(all(nodes)),
        (Node::Repeat { body, min, max }, _) => {
            Node::Repeat { body: Box::new(widened(body, sense)), min: *min, max: *max }
        }
        (Node::Ahead(ahead, body), _) => {
            let inner = if *ahead == Sense::Holds { sense } else { sense.opposite() };
            Node::Ahead(*ahead, Box::new(widened(body, inner)))
        }
        (Node::Behind(..), Sense::Holds) => Node::Sequence(Vec::new()),
        (Node::Unsupported(_), Sense::Holds) => {
            Node::Repeat { body: Box::new(Node::One(Class::any())), min: 0, max: None }
        }
        (Node::Behind(..) | Node::Unsupported(_), Sense::Fails) => never(),
    }
}

struct Trial<'t> {
    text: &'t [char],
    steps: usize,
    word: Class,
}

impl Trial<'_> {
    /// Where the piece may end that begins at one of these places.
    fn ends(&mut self, node: &Node, from: &Places) -> Option<Places> {
        self.steps = self.steps.checked_sub(from.len() + 1)?;
        match node {
            Node::One(class) => {
                let is_here = |at: &&usize| self.text.get(**at).is_some_and(|it| class.has(*it));
                Some(from.iter().filter(is_here).map(|at| at + 1).collect())
            }
            Node::Sequence(nodes) => {
                let mut ends = from.clone();
                for node in nodes {
                    ends = self.ends(node, &ends)?;
                }
                Some(ends)
            }
            Node::Either(nodes) => {
                let mut ends = Places::new();
                for node in nodes {
                    ends.extend(self.ends(node, from)?);
                }
                Some(ends)
            }
            Node::Repeat { body, min, max } => self.repeated(body, (*min, *max), from),
            Node::Start => Some(from.iter().filter(|at| **at == 0).copied().collect()),
            Node::End => Some(from.iter().filter(|at| **at == self.text.len()).copied().collect()),
            Node::Boundary(sense) => {
                let is_word = |at: Option<usize>| {
                    at.and_then(|at| self.text.get(at)).is_some_and(|it| self.word.has(*it))
                };
                let is_boundary = |at: usize| is_word(at.checked_sub(1)) != is_word(Some(at));
                let wanted = *sense == Sense::Holds;
                Some(from.iter().filter(|at| is_boundary(**at) == wanted).copied().collect())
            }
            Node::Ahead(sense, body) => self.where_it(*sense, from, |trial, at| {
                Some(!trial.ends(body, &Places::from([at]))?.is_empty())
            }),
            Node::Behind(sense, body) => {
                self.where_it(*sense, from, |trial, at| trial.is_behind(body, at))
            }
            Node::Unsupported(_) => None,
        }
    }

    /// Those of the places where the condition holds, or fails.
    fn where_it(
        &mut self,
        sense: Sense,
        from: &Places,
        holds: impl Fn(&mut Self, usize) -> Option<bool>,
    ) -> Option<Places> {
        let mut places = Places::new();
        for at in from {
            if holds(self, *at)? == (sense == Sense::Holds) {
                places.insert(*at);
            }
        }
        Some(places)
    }

    /// Whether the piece ends at the place, wherever it begins.
    fn is_behind(&mut self, body: &Node, at: usize) -> Option<bool> {
        let before = (0..=at).collect();
        Some(self.ends(body, &before)?.contains(&at))
    }

    fn repeated(
        &mut self,
        body: &Node,
        (min, max): (u64, Option<u64>),
        from: &Places,
    ) -> Option<Places> {
        let (mut now, mut count) = (from.clone(), 0);
        let mut ends = if min == 0 { from.clone() } else { Places::new() };
        while max.is_none_or(|max| count < max) {
            let next = self.ends(body, &now)?;
            // Once more leads to the same places, and so does every time after.
            let is_stable = next == now;
            (now, count) = (next, count.saturating_add(1));
            let before = ends.len();
            if count >= min || is_stable {
                ends.extend(&now);
            }
            if now.is_empty() || is_stable || (count >= min && min == 0 && ends.len() == before) {
                break;
            }
        }
        Some(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_behind_is_asked_about_one_string() {
        for (pattern, text, is) in [
            ("^[ab](?<=a)$", "a", true),
            ("^[ab](?<=a)$", "b", false),
            ("(?<!a)b", "ab", false),
            ("(?<!a)b", "abb", true),
            (r"(?<=^\d{2})x", "12x", true),
            (r"(?<=^\d{2})x", "123x", false),
            ("^(?:a(?<!aaa))*$", "aa", true),
            ("^(?:a(?<!aaa))*$", "aaa", false),
            ("(?<=(?=b)b)a", "ba", true),
        ] {
            assert_eq!(is_found(pattern, text), Some(is), "{pattern} {text}");
        }
        assert_eq!(is_found(r"(.)(.)\1\2", "aa"), None);
        assert_eq!(is_found(&format!("{}b", "(?=(a|a)*)".repeat(200)), &"a".repeat(999)), None);
    }

    #[test]
    fn the_language_around_a_pattern_has_all_that_it_is_found_in() {
        let language = around("^[ab](?<=a)$").unwrap();
        assert_eq!((language.matches("a"), language.matches("c")), (Some(true), Some(false)));
        let language = around("^(?!.*(?<=a)b)[ab]*$").unwrap();
        assert_eq!((language.matches("ab"), language.matches("c")), (Some(true), Some(false)));
    }
}
