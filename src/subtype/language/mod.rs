//! Regular languages over code points: what strings a pattern, a format or an enumeration admits.
//!
//! Everything that the engine wants to know is one question, a [`Query`]: is there a string in all
//! of these languages, in none of those, of such a length, that is not in this finite set?
//!
//! * [`Language::pattern`] reads ECMA-262 as JSON Schema means it: a *search*, with the flag `u` if
//!   the pattern allows it, else without (annex B). Look-ahead is decided wherever it stands, and so
//!   are word boundaries and references to a group of few words; look-behind, other back-references
//!   and flags inside the pattern are refused by name. `is_found` can still be asked about one
//!   string, and `around` says which strings need no asking.
//! * [`find`] answers with the shortest member, the most readable of those, or proves that there is
//!   none, or names the budget that was exhausted. [`count()`] counts members up to a limit.
//! * Lengths are counted in code points and never cost automaton states: `maxLength: 100000` is as
//!   cheap as `maxLength: 10`.
//! * Languages are cheap to clone; those made from equal text are equal.
//!
//! The automata work on classes of code points, not on bytes. A state of a pattern is a claim about
//! the rest of the string, and what the walk carries is a formula over such claims; that is what
//! lets look-ahead in.

mod alphabet;
mod automaton;
mod class;
mod count;
#[cfg(test)]
mod differential;
mod escape;
mod finite;
mod layers;
mod lengths;
mod listed;
mod parse;
mod product;
mod property;
mod search;
mod single;
mod step;
mod syntax;
mod within;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) use self::alphabet::readable;
use self::automaton::Automaton;
use self::lengths::Lengths;
pub(crate) use self::listed::listed;
pub(super) use self::single::{around, is_found, worth_trying};
use self::step::Effort;
use self::syntax::{Fault, Node, Sense};
use self::words::Words;
use super::Reason;

/// How many states the joint automaton of one query may have.
const MAX_NODES: usize = 20_000;
/// How many elementary steps one query, or one membership test, may take.
const MAX_EFFORT: u64 = 5_000_000;
/// The longest string, in code points, that is given as an answer.
const MAX_LENGTH: u64 = 1 << 24;

/// A set of strings.
#[derive(Clone, Debug)]
pub struct Language {
    /// What it was made from; equal sources are equal languages.
    source: Source,
    body: Arc<Body>,
    /// What the pattern says, lengths included.
    said: Option<Arc<Node>>,
    lengths: Lengths,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Source {
    Pattern(Arc<str>),
    /// What surrounds a pattern.
    Around(Arc<str>),
    Words(Arc<BTreeSet<Arc<str>>>),
}

#[derive(Debug)]
enum Body {
    Words(Words),
    /// Each holds, or fails: the automata of leading look-ahead and of what follows it.
    Automata(Vec<(Sense, Automaton)>),
}

/// The question: is there such a string?
#[derive(Clone, Debug)]
pub struct Query<'q> {
    /// It is in all of these.
    pub all: Vec<&'q Language>,
    /// It is in none of these.
    pub none: Vec<&'q Language>,
    /// It has at least so many code points.
    pub min_length: u64,
    /// It has at most so many; no limit where absent.
    pub max_length: Option<u64>,
    /// It is none of these.
    pub except: &'q BTreeSet<Arc<str>>,
}

/// A question as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    all: Vec<(Source, Lengths)>,
    none: Vec<(Source, Lengths)>,
    lengths: (u64, Option<u64>),
    except: BTreeSet<Arc<str>>,
}

impl Query<'_> {
    /// What is asked, for the memory.
    pub(super) fn asked(&self) -> Asked {
        let Query { all, none, min_length, max_length, except } = self;
        let of = |languages: &[&Language]| {
            languages.iter().map(|language| (language.source.clone(), language.lengths)).collect()
        };
        let lengths = (*min_length, *max_length);
        Asked { all: of(all), none: of(none), lengths, except: (*except).clone() }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// The shortest such string, the most readable of those.
    Found(String),
    /// Proven: there is none.
    Empty,
    /// A budget was exhausted.
    Exhausted(Reason),
}

/// How many strings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many, fewer than the limit.
    Exactly(u64),
    /// As many as the limit, or more.
    AtLeast(u64),
    /// A budget was exhausted.
    Exhausted(Reason),
}

impl Language {
    /// The strings in which the ECMA-262 pattern is found.
    ///
    /// # Errors
    /// Names what is wrong with the pattern, or the feature or budget that stands in the way.
    pub fn pattern(ecma: &str) -> Result<Self, Reason> {
        let about = |Reason(text): Reason| Reason(format!("{text}: `{ecma}`"));
        let spelled = finite::spelled_out(ecma);
        let regular = spelled.as_deref().unwrap_or(ecma);
        let node = parse::pattern(regular).map_err(|fault| about(explain(fault)))?;
        let said = Some(Arc::new(node.clone()));
        let (automata, lengths) = compiled(node).map_err(about)?;
        let (source, body) = (Source::Pattern(ecma.into()), Arc::new(Body::Automata(automata)));
        Ok(Self { source, body, said, lengths })
    }

    /// The strings in which the pattern is found that was made of another.
    fn made_of(ecma: &str, node: Node) -> Option<Self> {
        let (automata, lengths) = compiled(node).ok()?;
        let (source, body) = (Source::Around(ecma.into()), Arc::new(Body::Automata(automata)));
        Some(Self { source, body, said: None, lengths })
    }

    /// This string alone.
    pub fn exactly(text: &str) -> Self {
        Self::words([Arc::from(text)])
    }

    /// These strings alone.
    pub fn words(words: impl IntoIterator<Item = Arc<str>>) -> Self {
        let words: BTreeSet<Arc<str>> = words.into_iter().collect();
        let tree = Words::of(words.iter().map(AsRef::as_ref));
        let (source, body) = (Source::Words(Arc::new(words)), Arc::new(Body::Words(tree)));
        Self { source, body, said: None, lengths: Lengths::ANY }
    }

    /// Every string.
    pub fn any() -> Self {
        let (source, body) = (Source::Pattern("".into()), Arc::new(Body::Automata(Vec::new())));
        Self { source, body, said: None, lengths: Lengths::ANY }
    }

    /// Those of the strings that have so many code points.
    #[must_use]
    pub fn of_length(mut self, min: u64, max: Option<u64>) -> Self {
        self.lengths = self.lengths.and(Lengths { min, max });
        self
    }

    /// Whether the string is a member; `None` where the string is so long and the pattern so large
    /// that a budget was exhausted.
    pub fn matches(&self, text: &str) -> Option<bool> {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        if !self.lengths.admits(length) {
            return Some(false);
        }
        match &*self.body {
            Body::Words(words) => Some(words.has(text)),
            Body::Automata(automata) => accept(automata, text, MAX_EFFORT),
        }
    }
}

impl Language {
    /// Whether the string is a member, however long that takes: for languages of our own making,
    /// whose automata are small.
    pub(super) fn has(&self, text: &str) -> bool {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        self.lengths.admits(length)
            && match &*self.body {
                Body::Words(words) => words.has(text),
                Body::Automata(automata) => accept(automata, text, u64::MAX) == Some(true),
            }
    }
}

impl Language {
    /// Whether it shows at once that every string of the language is one of the other.
    fn is_plainly_within(&self, other: &Self) -> bool {
        let is_said = |(ours, theirs): (&Arc<Node>, &Arc<Node>)| ours.is_plainly_within(theirs);
        self == other
            || self.lengths.and(other.lengths) == self.lengths
                && self.said.as_ref().zip(other.said.as_ref()).is_some_and(is_said)
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.lengths == other.lengths
    }
}

impl Eq for Language {}

/// The automata of a pattern, and what it says of lengths.
fn compiled(node: Node) -> Result<(Vec<(Sense, Automaton)>, Lengths), Reason> {
    let (node, lengths) = match counted(&node) {
        Some((loose, lengths)) => (loose, lengths),
        None => (node, Lengths::ANY),
    };
    let mut automata = Vec::new();
    for (sense, node) in conjuncts(node) {
        automata.push((sense, Automaton::search(&node)?));
    }
    Ok((automata, lengths))
}

/// Looks for the shortest and most readable string that the query admits.
pub fn find(query: &Query<'_>) -> Search {
    let mut effort = MAX_EFFORT;
    find_within(query, &mut effort)
}

/// The same within so many steps; those that it took are gone from them.
pub(super) fn find_within(query: &Query<'_>, effort: &mut u64) -> Search {
    search::find(query, effort)
}

/// Counts the strings that the query admits, up to a limit.
pub fn count(query: &Query<'_>, limit: u64) -> Count {
    count::count(query, limit)
}

/// Whether each automaton accepts or refuses the text as it should.
fn accept(automata: &[(Sense, Automaton)], text: &str, effort: u64) -> Option<bool> {
    let mut effort = Effort { left: effort };
    for (sense, automaton) in automata {
        let holds = step::accepts(automaton, text, &mut effort).ok()?;
        if holds != (*sense == Sense::Holds) {
            return Some(false);
        }
    }
    Some(true)
}

/// Look-ahead right behind `^` is a condition on the whole string; automata of their own stay
/// smaller than one for all.
fn conjuncts(node: Node) -> Vec<(Sense, Node)> {
    let Node::Sequence(terms) = node else { return vec![(Sense::Holds, node)] };
    if terms.first() != Some(&Node::Start) {
        return vec![(Sense::Holds, Node::Sequence(terms))];
    }
    let (mut conjuncts, mut rest) = (Vec::new(), vec![Node::Start]);
    for term in terms.into_iter().skip(1) {
        if let (Node::Ahead(sense, body), 1) = (&term, rest.len()) {
            let body = Node::Sequence(vec![Node::Start, (**body).clone()]);
            conjuncts.push((*sense, body));
        } else {
            rest.push(term);
        }
    }
    conjuncts.push((Sense::Holds, Node::Sequence(rest)));
    conjuncts
}

/// Whether the text is in the grammar of ECMA-262, with or without the flag `u`.
pub fn is_pattern(text: &str) -> bool {
    parse::pattern(text).is_ok()
}

fn explain(fault: Fault) -> Reason {
    Reason(match fault {
        Fault::Malformed => "not a pattern of ECMA-262".to_owned(),
        Fault::TooDeep => "the groups of the pattern nest too deep".to_owned(),
    })
}

/// A pattern that is one class, counted, from start to end, is that class without the count: its
/// lengths need no states.
fn counted(node: &Node) -> Option<(Node, Lengths)> {
    let Node::Sequence(terms) = node else { return None };
    let [Node::Start, Node::Repeat { body, min, max }, Node::End] = terms.as_slice() else {
        return None;
    };
    let inner = match &**body {
        Node::Sequence(inner) => inner.as_slice(),
        one @ (Node::One(_)
        | Node::Either(_)
        | Node::Repeat { .. }
        | Node::Start
        | Node::End
        | Node::Boundary(_)
        | Node::Ahead(..)
        | Node::Behind(..)
        | Node::Unsupported(_)) => std::slice::from_ref(one),
    };
    let [one @ Node::One(_)] = inner else { return None };
    let body = Box::new(one.clone());
    let loose = vec![Node::Start, Node::Repeat { body, min: 0, max: None }, Node::End];
    Some((Node::Sequence(loose), Lengths { min: *min, max: *max }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(ecma: &str) -> Language {
        Language::pattern(ecma).unwrap()
    }

    fn search(all: &[&str], none: &[&str], min: u64, max: Option<u64>) -> Search {
        let all: Vec<Language> = all.iter().map(|ecma| pattern(ecma)).collect();
        let none: Vec<Language> = none.iter().map(|ecma| pattern(ecma)).collect();
        let (all, none) = (all.iter().collect(), none.iter().collect());
        let except = BTreeSet::new();
        find(&Query { all, none, min_length: min, max_length: max, except: &except })
    }

    fn found(text: &str) -> Search {
        Search::Found(text.to_owned())
    }

    #[test]
    fn one_pattern_inside_another() {
        assert_eq!(search(&["^[a-c]+$"], &["^[a-z]*$"], 0, None), Search::Empty);
        assert_eq!(search(&["^[a-z]*$"], &["^[a-c]+$"], 0, None), found(""));
        assert_eq!(search(&["^[a-z]+$"], &["^[a-c]+$"], 0, None), found("d"));
        let label = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
        assert_eq!(search(&["^[a-z0-9-]{1,63}$"], &[label], 0, None), found("-"));
        assert_eq!(search(&[label], &["^[a-z0-9-]{1,63}$"], 0, None), Search::Empty);
        assert_eq!(search(&["^\\p{L}{1,100}$"], &["^.{0,100}$"], 0, None), Search::Empty);
        assert_eq!(search(&["^(ab)*$"], &["^(abab)*$"], 0, None), found("ab"));
    }

    #[test]
    fn a_search_is_not_anchored() {
        assert_eq!(search(&["a"], &["a|b"], 0, None), Search::Empty);
        assert_eq!(search(&["a"], &["^a"], 0, None), found("ba"));
        assert_eq!(search(&[], &["a$"], 0, None), found(""));
        assert_eq!(search(&["a$"], &["^a|ba$"], 0, None), found("ca"));
    }

    #[test]
    fn look_ahead_is_decided_anywhere() {
        let strong = "^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{8,}$";
        assert_eq!(search(&[strong], &["^.{7,}$"], 0, None), Search::Empty);
        assert_eq!(search(&[strong], &[], 0, None), found("aaaaaa0A"));
        assert_eq!(search(&["^((?!ab).)*$", "ab"], &[], 0, None), Search::Empty);
        assert_eq!(search(&["^(?!-)[a-z-]+$"], &["^[a-z][a-z-]*$"], 0, None), Search::Empty);
        assert_eq!(search(&["^(?!.*--)[a-z-]+$", "--"], &[], 0, None), Search::Empty);
    }

    #[test]
    fn lengths_cost_nothing() {
        assert_eq!(search(&[], &[], 0, Some(100_000)), found(""));
        assert_eq!(search(&["^[a-z]+$"], &["^.+$"], 0, Some(100_000)), Search::Empty);
        assert_eq!(search(&["^(ab)*$"], &[], 99_999, Some(99_999)), Search::Empty);
        assert_eq!(search(&["^(ab)*$"], &[], 99_999, None), found(&"ab".repeat(50_000)));
        assert_eq!(search(&["^[a-z]{1,1000000}$"], &[], 1_000_001, None), Search::Empty);
        let wide = search(&["^.{0,90000}$"], &["^.{0,80000}$"], 0, None);
        assert_eq!(wide, found(&"a".repeat(80_001)));
        assert_eq!(search(&["^.{0,90000}$"], &["^.{0,90001}$"], 0, None), Search::Empty);
    }

    #[test]
    fn hostile_patterns_end_in_a_reason() {
        for ecma in [
            "((a{1000}){1000}){1000}".to_owned(),
            format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000)),
            "(?:(?=a{999}b)){999}c{60000}".to_owned(),
            "((?:){1000000000}|a{0,99999}b)".to_owned(),
            "(a*)\\1".to_owned(),
            "(?<=a)b".to_owned(),
            "(?i:a)".to_owned(),
        ] {
            assert!(Language::pattern(&ecma).is_err(), "{ecma:.60}");
        }
        assert!(Language::pattern("((?:){1000000000}){1000000000}").is_ok());
        let tail = "(a|b)*a(a|b)";
        let (left, right) = (format!("^{tail}{{24}}$"), "^(a|b)*b(a|b){24}$");
        let answer = search(&["^[ab]{25,}$"], &[&left, right], 0, None);
        assert!(matches!(answer, Search::Exhausted(_)), "{answer:?}");
        let heads: Vec<String> = ('a'..='z').map(|from| format!("(?=.*[{from}-z])")).collect();
        let heads = heads.concat();
        assert!(!matches!(search(&[&format!("^{heads}.{{9}}$")], &[], 0, None), Search::Empty));
        let knot = "^(?:(?=.*a.*b|.*b.*a)(?!.*c.*d)(?:a|b|c|d))*$";
        assert!(!matches!(search(&[knot], &["^[ab]*$"], 0, None), Search::Found(_)));
    }
}
