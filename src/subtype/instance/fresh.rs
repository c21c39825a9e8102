//! Names for members that nobody speaks of.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::Json;
use crate::subtype::alternatives::decide::Alive;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal, Lit};
use crate::subtype::language::readable;
use crate::subtype::term::{Basic, Item, Names, Term, TextLeaf};

use super::placement::{Class, Draft};

/// What is done with a name; it breaks off where no more are wanted.
type Visit<'v> = dyn FnMut(&mut Search<'_>, &mut Draft<'_>, Arc<str>) -> ControlFlow<()> + 'v;

/// What names have to do: satisfy literals, and match patterns or not.
struct Cut<'n> {
    lits: &'n [Lit],
    /// What is demanded of a member of such a name.
    demanded: &'n [Lit],
    /// By which they are still to be told apart.
    patterns: &'n [Arc<str>],
    fixed: &'n mut Vec<(Arc<str>, bool)>,
}

impl Search<'_> {
    /// One name of each kind that no literal names: the cells that the patterns make.
    pub(in crate::subtype) fn fresh_names(&mut self, draft: &mut Draft<'_>) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        let _ = self.each_fresh_name(draft, None, &mut |_, _, name| {
            names.push(name);
            ControlFlow::Continue(())
        });
        names
    }

    /// One name after the other of each kind that no literal names, until one is enough: there are
    /// as many kinds as ways to match patterns.
    pub(in crate::subtype) fn each_fresh_name(
        &mut self,
        draft: &mut Draft<'_>,
        demand: Option<(Class<'_>, &[Lit])>,
        visit: &mut Visit<'_>,
    ) -> ControlFlow<()> {
        let (class, demanded) = demand.unzip();
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
        let demanded = demanded.unwrap_or_default();
        if self.is_barren(draft, demanded, &fixed) {
            return ControlFlow::Continue(());
        }
        match self.some_name(draft, &lits, &fixed) {
            Answer::Found(Json::String(name)) => {
                let cut = Cut { lits: &lits, demanded, patterns: &patterns, fixed: &mut fixed };
                self.cells(draft, cut, name, visit)
            }
            Answer::Undecided(reason) => {
                draft.undecided = Some(reason);
                ControlFlow::Continue(())
            }
            Answer::Found(_) | Answer::Empty => ControlFlow::Continue(()),
        }
    }

    /// Cuts the names that fit what is fixed, of which one is given, by the patterns that are left.
    fn cells(
        &mut self,
        draft: &mut Draft<'_>,
        cut: Cut<'_>,
        name: Arc<str>,
        visit: &mut Visit<'_>,
    ) -> ControlFlow<()> {
        let Cut { lits, demanded, patterns, fixed } = cut;
        self.budget.work(1 + fixed.len());
        if let Err(reason) = self.budget.take_step() {
            draft.undecided = Some(reason);
            return ControlFlow::Break(());
        }
        let Some((pattern, rest)) = patterns.split_first() else {
            return visit(self, draft, name);
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
            if sign && self.is_barren(draft, demanded, fixed) {
                fixed.pop();
                continue;
            }
            // The name is the first of more than are left: where it is left, it is the first still.
            let known = (is_match == Some(sign)).then(|| Json::String(Arc::clone(&name)));
            let first = known.map_or_else(|| self.some_name(draft, lits, fixed), Answer::Found);
            match first {
                Answer::Found(Json::String(name)) => {
                    let cut = Cut { lits, demanded, patterns: rest, fixed: &mut *fixed };
                    self.cells(draft, cut, name, visit)?;
                }
                Answer::Undecided(reason) => draft.undecided = Some(reason),
                Answer::Found(_) | Answer::Empty => {}
            }
            fixed.pop();
        }
        ControlFlow::Continue(())
    }

    /// Whether no member whose name matches what is fixed has a value, whatever else it matches.
    fn is_barren(
        &mut self,
        draft: &Draft<'_>,
        demanded: &[Lit],
        fixed: &[(Arc<str>, bool)],
    ) -> bool {
        let mut lits = demanded.to_vec();
        for (names, lit) in &draft.term.object.rules {
            if let Names::Matching(pattern) = names
                && fixed.iter().any(|(held, sign)| *sign && held == pattern)
            {
                lits.push(*lit);
            }
        }
        let place = self.nowhere();
        self.budget.work(draft.term.object.rules.len());
        lits.len() > 1 && self.solve(Goal::new(lits, place, draft.goal.marks)) == Answer::Empty
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
            let goal = Goal::new(lits.to_vec(), self.nowhere(), draft.goal.marks);
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
        self.budget.work(fixed.len());
        for letter in readable() {
            let mut bytes = [0; 4];
            let name = &*letter.encode_utf8(&mut bytes);
            if literals.contains(name) || draft.chosen.contains_key(name) {
                continue;
            }
            let fits = crate::subtype::evaluate::all(fixed, |(pattern, sign)| {
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
pub(in crate::subtype) fn patterns(term: &Term) -> BTreeSet<Arc<str>> {
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
