//! Names for members that nobody speaks of.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Json;

use super::decide::Alive;
use super::engine::Search;
use super::goal::{Answer, Goal, Lit};
use super::language::readable;
use super::placement::{Class, Draft};
use super::term::{Basic, Item, Names, Term, TextLeaf};

impl Search<'_> {
    /// One name of each kind that no literal names: the cells that the patterns make.
    pub(super) fn fresh_names(
        &mut self,
        draft: &mut Draft<'_>,
        class: Option<Class<'_>>,
    ) -> Vec<Arc<str>> {
        let mut patterns = patterns(draft.term);
        let mut fixed = Vec::new();
        let mut lits = draft.term.object.names.clone();
        match class {
            Some(Class::Of(Names::Matching(pattern))) => {
                patterns.remove(pattern);
                fixed.push((Arc::clone(pattern), true));
            }
            Some(Class::Of(Names::Outside(covered))) => {
                for pattern in &covered.patterns {
                    patterns.remove(pattern);
                    fixed.push((Arc::clone(pattern), false));
                }
            }
            Some(Class::Satisfying(lit)) => lits.push(lit),
            None => {}
        }
        let patterns: Vec<_> = patterns.into_iter().collect();
        let mut cells = Vec::new();
        match self.some_name(draft, &lits, &fixed) {
            Answer::Found(Json::String(name)) => {
                self.cells(draft, (&lits, &patterns), name, &mut fixed, &mut cells);
            }
            Answer::Undecided(reason) => draft.undecided = Some(reason),
            Answer::Found(_) | Answer::Empty => {}
        }
        cells
    }

    /// Cuts the names that fit what is fixed, of which one is given, by the patterns that are left.
    fn cells(
        &mut self,
        draft: &mut Draft<'_>,
        (lits, patterns): (&[Lit], &[Arc<str>]),
        name: Arc<str>,
        fixed: &mut Vec<(Arc<str>, bool)>,
        cells: &mut Vec<Arc<str>>,
    ) {
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return;
        }
        let Some((pattern, rest)) = patterns.split_first() else {
            cells.push(name);
            return;
        };
        let is_match = self.is_match(pattern, &name);
        for sign in [false, true] {
            let is_apart = sign && {
                let mut held = fixed.iter().filter(|(_, sign)| *sign);
                held.any(|(held, _)| self.are_apart(held, pattern))
            };
            if is_apart {
                continue;
            }
            fixed.push((Arc::clone(pattern), sign));
            // The name is the first of more than are left: where it is left, it is the first still.
            let known = (is_match == Some(sign)).then(|| Json::String(Arc::clone(&name)));
            let first = known.map_or_else(|| self.some_name(draft, lits, fixed), Answer::Found);
            match first {
                Answer::Found(Json::String(name)) => {
                    self.cells(draft, (lits, rest), name, fixed, cells);
                }
                Answer::Undecided(reason) => draft.undecided = Some(reason),
                Answer::Found(_) | Answer::Empty => {}
            }
            fixed.pop();
        }
    }

    /// A readable name that no literal or chosen member has.
    fn some_name(
        &mut self,
        draft: &mut Draft<'_>,
        lits: &[Lit],
        fixed: &[(Arc<str>, bool)],
    ) -> Answer {
        if let Some(name) = self.short_name(draft, lits, fixed) {
            return Answer::Found(Json::string(name.to_string()));
        }
        let mut answer = Answer::Empty;
        for least in [1, 0] {
            let mut term = Term::new(Basic::String);
            term.texts.push(TextLeaf::AtLeast(least));
            let signs = fixed.iter().map(|(text, sign)| TextLeaf::Pattern(Arc::clone(text), *sign));
            term.texts.extend(signs);
            let literals = self.literals(draft);
            let used = literals.iter().chain(draft.chosen.keys());
            term.differs.extend(used.map(|name| Json::String(Arc::clone(name))));
            let items = lits.iter().map(|lit| Item::Lit(*lit)).collect();
            if self.assume(&mut term, items) == Alive::No {
                return Answer::Empty;
            }
            let goal = Goal::new(lits.to_vec(), self.literal_place(), draft.goal.marks);
            answer = self.explore(&goal, term);
            if let Answer::Found(_) = answer {
                return answer;
            }
        }
        answer
    }

    /// The name of one letter that the search below would find, where there is one: no shorter name
    /// is read more easily.
    fn short_name(
        &mut self,
        draft: &mut Draft<'_>,
        lits: &[Lit],
        fixed: &[(Arc<str>, bool)],
    ) -> Option<char> {
        if !lits.is_empty() {
            return None;
        }
        let literals = self.literals(draft);
        for letter in readable() {
            let mut bytes = [0; 4];
            let name = &*letter.encode_utf8(&mut bytes);
            if literals.contains(name) || draft.chosen.contains_key(name) {
                continue;
            }
            let fits = super::evaluate::all(fixed, |(pattern, sign)| {
                self.is_match(pattern, name).map(|is| is == *sign)
            });
            if fits? {
                return Some(letter);
            }
        }
        None
    }
}

/// The patterns by which names are told apart.
pub(super) fn patterns(term: &Term) -> BTreeSet<Arc<str>> {
    let mut patterns = BTreeSet::new();
    let rules = term.object.rules.iter().map(|(names, _)| names);
    for names in rules.chain(term.object.some.iter().map(|(names, _)| names)) {
        match names {
            Names::Matching(pattern) => patterns.extend([Arc::clone(pattern)]),
            Names::Outside(covered) => patterns.extend(covered.patterns.iter().cloned()),
        }
    }
    patterns
}
