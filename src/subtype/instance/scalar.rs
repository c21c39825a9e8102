//! Numbers, strings, booleans and null: what a term leaves of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Decimal, Json, Kind, Notation, NumberFacets, TextFacets};
use crate::subtype::Reason;
use crate::subtype::engine::Search;
use crate::subtype::goal::{Answer, Goal};
use crate::subtype::language::{self, Language, Query};
use crate::subtype::number::{NumberSet, Pick};
use crate::subtype::term::{Basic, Item, NumberLeaf, Term, TextLeaf};

/// Of how many texts it is remembered whether they match a pattern.
const REMEMBERED: usize = 1_000;
/// How many steps of an automaton are done for what one thing costs elsewhere.
const STEPS_FOR_ONE: u64 = 8;
/// Longer texts are seldom asked about again.
const SHORT: usize = 64;

impl Search<'_> {
    /// A member of a term in which nothing is left to split.
    pub(in crate::subtype) fn finish(&mut self, goal: &Goal, term: &Term) -> Answer {
        if self.is_other_type_meant(goal.place, term) {
            return Answer::Empty;
        }
        if let Some(values) = &term.finite {
            return self.among(goal, term, values);
        }
        let answer = match term.kind {
            Basic::Null => first_other(term, [Json::Null]),
            Basic::Boolean => first_other(term, [Json::Boolean(true), Json::Boolean(false)]),
            Basic::Number => number(term),
            Basic::String => self.text(term),
            Basic::Array => self.finish_array(goal, term),
            Basic::Object => self.finish_object(goal, term),
        };
        match (answer, &term.unsure) {
            (Answer::Found(_), Some(reason)) => Answer::Undecided(reason.clone()),
            (Answer::Found(value), None) if !term.lent.is_empty() => {
                self.settle_loan(goal, term, value)
            }
            (answer, _) => answer,
        }
    }

    /// The first of the values that satisfies the goal and the term.
    fn among(&mut self, goal: &Goal, term: &Term, values: &[Json]) -> Answer {
        let mut undecided = None;
        for listed in values {
            if !self.are_all_notations(listed) {
                undecided = Some(self.budget.cannot_evaluate());
            }
            for value in self.notations(listed) {
                let fits = match &value {
                    Json::String(text) => self.fits_texts(&term.texts, text),
                    Json::Number(value) => number_set(term).contains(value),
                    Json::Null | Json::Boolean(_) | Json::Array(_) | Json::Object(_) => Some(true),
                };
                if fits == Some(false) || term.differs.contains(&value) {
                    continue;
                }
                match self.satisfies_all(&goal.lits, &value) {
                    Some(true) if fits.is_some() => return Answer::Found(value),
                    Some(false) => {}
                    Some(true) | None => undecided = Some(self.budget.cannot_evaluate()),
                }
            }
        }
        undecided.map_or(Answer::Empty, Answer::Undecided)
    }

    fn fits_texts(&self, leaves: &[TextLeaf], text: &str) -> Option<bool> {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        crate::subtype::evaluate::all(leaves, |leaf| match leaf {
            TextLeaf::AtLeast(least) => Some(length >= *least),
            TextLeaf::AtMost(most) => Some(length <= *most),
            TextLeaf::Pattern(pattern, sign) => {
                self.is_match(pattern, text).map(|is_match| is_match == *sign)
            }
            TextLeaf::Format(name, sign) => {
                Some(crate::subtype::known::is_member(name, text) == *sign)
            }
        })
    }

    /// Whether the pattern is found in the text; `None` where that cannot be told.
    pub(in crate::subtype) fn is_match(&self, pattern: &Arc<str>, text: &str) -> Option<bool> {
        if let Some(known) = self.tables.matches.borrow().get(pattern).and_then(|by| by.get(text)) {
            return *known;
        }
        let is_match = match self.language(pattern) {
            Ok(language) => language.matches(text),
            Err(_) => language::is_found(pattern, text),
        };
        let mut matches = self.tables.matches.borrow_mut();
        let by_text = matches.entry(Arc::clone(pattern)).or_default();
        if text.len() <= SHORT && by_text.len() < REMEMBERED {
            by_text.insert(text.into(), is_match);
        }
        is_match
    }

    fn language(&self, pattern: &Arc<str>) -> Result<Language, Reason> {
        if let Some(known) = self.tables.patterns.borrow().get(pattern) {
            return known.clone();
        }
        let language = Language::pattern(pattern);
        self.tables.patterns.borrow_mut().insert(Arc::clone(pattern), language.clone());
        language
    }

    /// A text that the query asks for, within the work that is left.
    fn find(&mut self, query: &Query<'_>) -> language::Search {
        let asked = query.asked();
        if let Some(known) = self.tables.searches.get(&asked) {
            return known.clone();
        }
        let left = self.budget.work_left().saturating_mul(STEPS_FOR_ONE);
        let mut effort = left;
        let found = language::find_within(query, &mut effort);
        let steps = left.saturating_sub(effort) / STEPS_FOR_ONE;
        self.budget.work(usize::try_from(steps).unwrap_or(usize::MAX).saturating_add(1));
        match (found, self.budget.check_work()) {
            (language::Search::Exhausted(_), Err(reason)) => language::Search::Exhausted(reason),
            (found, _) => {
                self.tables.searches.insert(asked, found.clone());
                found
            }
        }
    }

    /// Whether it is known that no text has both patterns.
    pub(in crate::subtype) fn are_apart(&mut self, one: &Arc<str>, other: &Arc<str>) -> bool {
        let pair = (Arc::clone(one), Arc::clone(other));
        if let Some(known) = self.tables.apart.get(&pair) {
            return *known;
        }
        let are_apart = match (self.language(one), self.language(other)) {
            (Ok(one), Ok(other)) => {
                let (all, none, except) = (vec![&one, &other], Vec::new(), &BTreeSet::new());
                let query = Query { all, none, min_length: 0, max_length: None, except };
                self.find(&query) == language::Search::Empty
            }
            (Err(_), _) | (_, Err(_)) => false,
        };
        self.tables.apart.insert(pair, are_apart);
        are_apart
    }

    /// A text of a format that people know as such, where one will do.
    fn familiar(&self, term: &Term) -> Option<Json> {
        let formats = term.texts.iter().filter_map(|leaf| match leaf {
            TextLeaf::Format(name, true) => Some(name),
            TextLeaf::Format(_, false)
            | TextLeaf::AtLeast(_)
            | TextLeaf::AtMost(_)
            | TextLeaf::Pattern(..) => None,
        });
        let mut samples = formats.flat_map(|name| crate::subtype::known::samples(name));
        samples.find(|sample| {
            let Json::String(text) = sample else { return false };
            !term.differs.contains(sample) && self.fits_texts(&term.texts, text) == Some(true)
        })
    }

    /// A text that is known not to have a format which is no regular language, where one will do.
    fn stranger(&self, term: &Term) -> Option<Json> {
        let formats = term.texts.iter().filter_map(|leaf| match leaf {
            TextLeaf::Format(name, false) => Some(name),
            TextLeaf::Format(_, true)
            | TextLeaf::AtLeast(_)
            | TextLeaf::AtMost(_)
            | TextLeaf::Pattern(..) => None,
        });
        let mut strangers = formats.flat_map(|name| crate::subtype::known::strangers(name));
        strangers.find(|value| {
            let Json::String(text) = value else { return false };
            !term.differs.contains(value) && self.fits_texts(&term.texts, text) == Some(true)
        })
    }

    fn text(&mut self, term: &Term) -> Answer {
        if let Some(sample) = self.familiar(term) {
            return Answer::Found(sample);
        }
        let (mut min, mut max): (u64, Option<u64>) = (0, None);
        let (mut all, mut none) = (Vec::new(), Vec::new());
        let mut undecided = None;
        let mut trials = vec![None];
        for leaf in &term.texts {
            let (language, sign) = match leaf {
                TextLeaf::AtLeast(least) => {
                    min = min.max(*least);
                    continue;
                }
                TextLeaf::AtMost(most) => {
                    max = Some(max.map_or(*most, |max| max.min(*most)));
                    continue;
                }
                TextLeaf::Pattern(pattern, sign) => (self.language(pattern), *sign),
                TextLeaf::Format(name, sign) => {
                    let language = crate::subtype::known::language(name);
                    if let (Some(reach), Ok(language)) =
                        (crate::subtype::known::reach(name), &language)
                    {
                        undecided = undecided.or_else(|| Some(told_one_by_one(name)));
                        if *sign {
                            all.push(reach.clone());
                            trials.push(Some(language.clone()));
                            continue;
                        }
                    }
                    (language, *sign)
                }
            };
            match language {
                Ok(language) if sign => all.push(language),
                Ok(language) => none.push(language),
                Err(reason) => {
                    undecided = Some(reason);
                    if let TextLeaf::Pattern(pattern, sign) = leaf {
                        all.extend(language::around(pattern).filter(|_| *sign));
                        trials.extend(language::worth_trying(pattern).into_iter().map(Some));
                    }
                }
            }
        }
        let except = term.differs.iter().filter_map(|value| match value {
            Json::String(text) => Some(Arc::clone(text)),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                None
            }
        });
        let mut texts = Texts { all, none, lengths: (min, max), except: except.collect() };
        for trial in trials {
            if let Some(answer) = self.tried(term, &mut texts, trial.as_ref(), undecided.as_ref()) {
                return answer;
            }
        }
        match undecided {
            None => Answer::Empty,
            Some(reason) => self.stranger(term).map_or(Answer::Undecided(reason), Answer::Found),
        }
    }

    /// Whether one of the texts is asked for, where that can be told: all of them, or those that are of
    /// a language besides, which proves nothing where there is none.
    fn tried(
        &mut self,
        term: &Term,
        texts: &mut Texts,
        among: Option<&Language>,
        undecided: Option<&Reason>,
    ) -> Option<Answer> {
        let mut is_open = false;
        for _ in 0..TRIALS {
            let query = Query {
                all: texts.all.iter().chain(among).collect(),
                none: texts.none.iter().collect(),
                min_length: texts.lengths.0,
                max_length: texts.lengths.1,
                except: &texts.except,
            };
            let text = match self.find(&query) {
                language::Search::Empty if among.is_none() && !is_open => {
                    return Some(Answer::Empty);
                }
                language::Search::Exhausted(reason) if among.is_none() => {
                    return Some(Answer::Undecided(reason));
                }
                language::Search::Empty | language::Search::Exhausted(_) => return None,
                language::Search::Found(text) => text,
            };
            if undecided.is_none() {
                return Some(Answer::Found(Json::string(text)));
            }
            // What could not be compiled can still be tried on the string that was found.
            match self.fits_texts(&term.texts, &text) {
                Some(true) => return Some(Answer::Found(Json::string(text))),
                Some(false) => {}
                None if is_open => return None,
                None => is_open = true,
            }
            texts.except.insert(text.into());
        }
        None
    }
}

/// Which texts are asked for, as far as it is known.
struct Texts {
    all: Vec<Language>,
    none: Vec<Language>,
    lengths: (u64, Option<u64>),
    except: BTreeSet<Arc<str>>,
}

/// How many strings are tried one by one where a pattern cannot be compiled.
const TRIALS: usize = 64;

/// Why an answer is open where texts of a format are told one by one.
fn told_one_by_one(format: &str) -> Reason {
    Reason(format!("not all texts of the format `{format}` are of a regular language"))
}

fn first_other(term: &Term, values: impl IntoIterator<Item = Json>) -> Answer {
    let left = values.into_iter().find(|value| !term.differs.contains(value));
    left.map_or(Answer::Empty, Answer::Found)
}

fn number(term: &Term) -> Answer {
    match number_set(term).find() {
        Pick::Found(value) => Answer::Found(Json::Number(value)),
        Pick::Empty => Answer::Empty,
        Pick::Exhausted(reason) => Answer::Undecided(reason),
    }
}

fn number_set(term: &Term) -> NumberSet {
    let mut set = NumberSet::all();
    for leaf in &term.numbers {
        set = with_leaf(set, leaf);
    }
    for value in &term.differs {
        if let Json::Number(value) = value {
            set = set.except(value.clone());
        }
    }
    set
}

fn with_leaf(set: NumberSet, leaf: &NumberLeaf) -> NumberSet {
    match leaf {
        NumberLeaf::AtLeast(bound) => set.at_least(bound.clone()),
        NumberLeaf::Above(bound) => set.above(bound.clone()),
        NumberLeaf::AtMost(bound) => set.at_most(bound.clone()),
        NumberLeaf::Below(bound) => set.below(bound.clone()),
        NumberLeaf::Integer(true) => set.integers(),
        NumberLeaf::Integer(false) => set.fractions(),
        NumberLeaf::Literal(true) => set.written(Notation::Integer),
        NumberLeaf::Literal(false) => set.written(Notation::Fractional),
        NumberLeaf::Multiple(step, true) => set.multiple_of(step.clone()),
        NumberLeaf::Multiple(step, false) => set.not_multiple_of(step.clone()),
    }
}

/// The bounds that a numeric format stands for.
pub(in crate::subtype) fn numeric_format(name: &str) -> Vec<Item> {
    crate::subtype::known::bounds(name).into_iter().map(Item::Number).collect()
}

/// The type on which a known format asserts.
pub(in crate::subtype) fn format_kind(name: &str) -> Option<Kind> {
    crate::subtype::known::kind(name)
}

/// Draft-04's integer.
pub(in crate::subtype) fn is_literal(number: &Decimal) -> bool {
    number.is_integer() && number.notation() == Notation::Integer
}

/// Whether a number fits what one shape says of numbers.
pub(in crate::subtype) fn fits_number(
    facets: Option<&NumberFacets>,
    formats: &[Arc<str>],
    number: &Decimal,
) -> Option<bool> {
    let mut set = NumberSet::all();
    for leaf in formats.iter().flat_map(|name| crate::subtype::known::bounds(name)) {
        set = with_leaf(set, &leaf);
    }
    for item in facets.into_iter().flat_map(crate::subtype::unfold::number_items) {
        if let Item::Number(leaf) = item {
            set = with_leaf(set, &leaf);
        }
    }
    set.contains(number)
}

impl Search<'_> {
    /// Whether a string fits what one shape says of strings.
    pub(in crate::subtype) fn fits_text(
        &self,
        facets: Option<&TextFacets>,
        formats: &[Arc<str>],
        text: &str,
    ) -> Option<bool> {
        let mut leaves = Vec::new();
        for item in facets.into_iter().flat_map(crate::subtype::unfold::text_items) {
            if let Item::Text(leaf) = item {
                leaves.push(leaf);
            }
        }
        leaves.extend(formats.iter().map(|name| TextLeaf::Format(Arc::clone(name), true)));
        self.fits_texts(&leaves, text)
    }
}
