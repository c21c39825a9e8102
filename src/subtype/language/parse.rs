//! Reads the patterns of ECMA-262: disjunctions, groups and quantifiers.

use super::class::Class;
use super::escape;
use super::syntax::{Fault, Grammar, Node, Sense};

/// How deep groups may nest.
const MAX_DEPTH: usize = 200;

/// Reads a pattern with the flag `u`; where that grammar refuses it, without.
pub(super) fn pattern(text: &str) -> Result<Node, Fault> {
    match Parser::new(text, Grammar::Unicode).whole() {
        Err(Fault::Malformed) => Parser::new(text, Grammar::Legacy).whole(),
        read @ (Ok(_) | Err(Fault::TooDeep)) => read,
    }
}

/// A cursor over a pattern.
pub(super) struct Parser {
    text: Vec<char>,
    place: usize,
    depth: usize,
    pub(super) grammar: Grammar,
    /// How many groups capture.
    pub(super) groups: u64,
    /// Whether one of them has a name.
    pub(super) named: bool,
    /// The names that may not be given again: those not in another branch.
    names: Vec<String>,
}

/// Whether a quantifier may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeatable {
    Always,
    InLegacy,
    Never,
}

impl Parser {
    fn new(text: &str, grammar: Grammar) -> Self {
        let text: Vec<char> = text.chars().collect();
        let (groups, named) = count_groups(&text);
        Self { text, place: 0, depth: 0, grammar, groups, named, names: Vec::new() }
    }

    fn whole(mut self) -> Result<Node, Fault> {
        let node = self.disjunction()?;
        if self.peek().is_some() { Err(Fault::Malformed) } else { Ok(node) }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, distance: usize) -> Option<char> {
        self.text.get(self.place.checked_add(distance)?).copied()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.place = self.place.saturating_add(count);
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let code = self.peek()?;
        self.place += 1;
        Some(code)
    }

    pub(super) fn eat(&mut self, expected: char) -> bool {
        let there = self.peek() == Some(expected);
        self.place += usize::from(there);
        there
    }

    pub(super) fn place(&self) -> usize {
        self.place
    }

    pub(super) fn back_to(&mut self, place: usize) {
        self.place = place;
    }

    fn disjunction(&mut self) -> Result<Node, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        let before = self.names.len();
        let mut branches = vec![self.alternative()?];
        let mut given = self.names.split_off(before);
        while self.eat('|') {
            branches.push(self.alternative()?);
            given.extend(self.names.split_off(before));
        }
        self.names.extend(given);
        self.depth -= 1;
        Ok(match branches.pop() {
            Some(only) if branches.is_empty() => only,
            last => {
                branches.extend(last);
                Node::Either(branches)
            }
        })
    }

    fn alternative(&mut self) -> Result<Node, Fault> {
        let mut terms = Vec::new();
        while let Some(code) = self.peek() {
            if code == '|' || code == ')' {
                break;
            }
            let term = self.term(code)?;
            if let Node::Sequence(inner) = term {
                terms.extend(inner);
            } else {
                terms.push(term);
            }
        }
        Ok(Node::Sequence(terms))
    }

    fn term(&mut self, code: char) -> Result<Node, Fault> {
        let (node, repeatable) = self.atom(code)?;
        let Some((min, max)) = self.quantifier()? else {
            return Ok(node);
        };
        let allowed = match repeatable {
            Repeatable::Always => true,
            Repeatable::InLegacy => self.grammar == Grammar::Legacy,
            Repeatable::Never => false,
        };
        if allowed {
            Ok(Node::Repeat { body: Box::new(node), min, max })
        } else {
            Err(Fault::Malformed)
        }
    }

    fn atom(&mut self, code: char) -> Result<(Node, Repeatable), Fault> {
        self.skip(1);
        let literal = |code: char| Ok((Node::One(Class::one(code.into())), Repeatable::Always));
        match code {
            '^' => Ok((Node::Start, Repeatable::Never)),
            '$' => Ok((Node::End, Repeatable::Never)),
            '.' => Ok((Node::One(Class::dot()), Repeatable::Always)),
            '(' => self.group(),
            '[' => Ok((escape::class(self)?, Repeatable::Always)),
            '\\' => {
                let node = escape::outside(self)?;
                let boundary = matches!(node, Node::Boundary(_));
                Ok((node, if boundary { Repeatable::Never } else { Repeatable::Always }))
            }
            '*' | '+' | '?' => Err(Fault::Malformed),
            '{' | '}' | ']' if self.grammar == Grammar::Unicode => Err(Fault::Malformed),
            '{' => {
                self.back_to(self.place - 1);
                if self.braces().is_some() {
                    return Err(Fault::Malformed);
                }
                self.skip(1);
                literal('{')
            }
            other => literal(other),
        }
    }

    fn quantifier(&mut self) -> Result<Option<(u64, Option<u64>)>, Fault> {
        let range = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let Some(range) = self.braces() else {
                    return Ok(None);
                };
                self.back_to(self.place - 1);
                range
            }
            Some(_) | None => return Ok(None),
        };
        self.skip(1);
        self.eat('?');
        if range.1.is_some_and(|max| max < range.0) {
            Err(Fault::Malformed)
        } else {
            Ok(Some(range))
        }
    }

    /// Reads `{n}`, `{n,}` or `{n,m}`; stays where it is if there is none.
    fn braces(&mut self) -> Option<(u64, Option<u64>)> {
        let start = self.place;
        let range = self.braces_inside();
        if range.is_none() {
            self.back_to(start);
        }
        range
    }

    fn braces_inside(&mut self) -> Option<(u64, Option<u64>)> {
        self.skip(1);
        let min = self.number()?;
        let max = if self.eat(',') { self.number() } else { Some(min) };
        self.eat('}').then_some((min, max))
    }

    /// Reads decimal digits; a number that does not fit saturates.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|code| code.to_digit(10)) {
            let so_far: u64 = value.unwrap_or(0);
            value = Some(so_far.saturating_mul(10).saturating_add(digit.into()));
            self.skip(1);
        }
        value
    }

    fn group(&mut self) -> Result<(Node, Repeatable), Fault> {
        if !self.eat('?') {
            return Ok((self.body()?, Repeatable::Always));
        }
        match self.next() {
            Some(':') => Ok((self.body()?, Repeatable::Always)),
            Some('=') => {
                let body = Box::new(self.body()?);
                Ok((Node::Ahead(Sense::Holds, body), Repeatable::InLegacy))
            }
            Some('!') => {
                let body = Box::new(self.body()?);
                Ok((Node::Ahead(Sense::Fails, body), Repeatable::InLegacy))
            }
            Some('<') if matches!(self.peek(), Some('=' | '!')) => {
                let sense = if self.eat('=') { Sense::Holds } else { Sense::Fails };
                self.eat('!');
                let body = Box::new(self.body()?);
                Ok((Node::Behind(sense, body), Repeatable::Never))
            }
            Some('<') => {
                let name = self.name()?;
                if self.names.contains(&name) {
                    return Err(Fault::Malformed);
                }
                self.names.push(name);
                Ok((self.body()?, Repeatable::Always))
            }
            Some('i' | 'm' | 's' | '-') => {
                while matches!(self.peek(), Some('i' | 'm' | 's' | '-')) {
                    self.skip(1);
                }
                if !self.eat(':') {
                    return Err(Fault::Malformed);
                }
                self.body()?;
                Ok((Node::Unsupported("flags inside the pattern"), Repeatable::Always))
            }
            Some(_) | None => Err(Fault::Malformed),
        }
    }

    fn body(&mut self) -> Result<Node, Fault> {
        let node = self.disjunction()?;
        if self.eat(')') { Ok(node) } else { Err(Fault::Malformed) }
    }

    /// Reads a group's name up to and with its `>`.
    pub(super) fn name(&mut self) -> Result<String, Fault> {
        let mut name = String::new();
        while let Some(code) = self.next() {
            match code {
                '>' if !name.is_empty() => return Ok(name),
                '0'..='9' if name.is_empty() => return Err(Fault::Malformed),
                '$' | '_' | '\\' | '{' | '}' => name.push(code),
                other if other.is_alphanumeric() => name.push(other),
                _ => return Err(Fault::Malformed),
            }
        }
        Err(Fault::Malformed)
    }
}

/// How many groups capture, and whether one has a name; needed before reading, because a number
/// after a backslash means a group only if there are that many.
fn count_groups(text: &[char]) -> (u64, bool) {
    let (mut groups, mut named, mut in_class) = (0, false, false);
    let mut rest = text;
    while let Some((code, after)) = rest.split_first() {
        rest = after;
        match code {
            '\\' => rest = rest.split_first().map_or(rest, |(_, after)| after),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match rest {
                ['?', '<', '=' | '!', ..] => {}
                ['?', '<', ..] => (groups, named) = (groups + 1, true),
                ['?', ..] => {}
                _ => groups += 1,
            },
            _ => {}
        }
    }
    (groups, named)
}
