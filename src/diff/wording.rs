//! What is said in other words at places where no value is judged otherwise: a schema that is referred
//! to and no longer written in place, conjunctions taken apart or put together, a constant that became
//! a list of one. Facets see what is in effect, and that is the same.
//!
//! Both sides are walked as they are written, word beside word. Where the words differ and containment
//! holds both ways, that is told, unless something else is told of the place.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::finding::Proof;
use super::session::Session;
use super::shapes::{Direction, Question, Walk};
use crate::model::{
    Holder, Polarity, Reference, Shape, ShapeId, Site, Step, are_written_alike, same_words,
    written_parts,
};
use crate::rules::Verdict;
use crate::rules::edit::Slot;
use crate::rules::shape::SHAPE_REWRITTEN;
use crate::source::Span;
use crate::subtype::{Assumptions, Carrier, Containment, ContentModel};

/// How many places with other words are looked at; beyond it they are left untold.
const MAX_PLACES: usize = 2_000;

/// How often places that say the same in every word may turn out to be written otherwise before they are
/// no longer looked at as wholes.
const MAX_MISSES: usize = 8;

/// Tells what the two payloads say in other words; the ids are those of the comparison's graph.
pub(super) fn compare_wording(session: &mut Session<'_>, pairs: &[(Site, ShapeId, ShapeId)]) {
    let mut wording = Wording {
        session,
        seen: HashSet::default(),
        ways: Vec::new(),
        waiting: Vec::new(),
        told: Vec::new(),
        index: HashMap::default(),
        left: MAX_PLACES,
        misses: 0,
    };
    for (site, old, new) in pairs {
        wording.walk(site, *old, *new);
    }
    wording.tell();
}

struct Wording<'w, 'c> {
    session: &'w mut Session<'c>,
    seen: HashSet<(ShapeId, ShapeId), FixedState>,
    /// The steps that were taken, each with the one before.
    ways: Vec<(Option<usize>, Option<Step>)>,
    waiting: Vec<(ShapeId, ShapeId, Option<usize>)>,
    told: Vec<Told>,
    /// What is said of references, by the words.
    index: HashMap<String, usize, FixedState>,
    left: usize,
    misses: usize,
}

/// One rewriting, and how many places have it.
struct Told {
    words: String,
    spans: (Span, Span),
    site: Site,
    places: usize,
}

impl Wording<'_, '_> {
    fn walk(&mut self, site: &Site, old: ShapeId, new: ShapeId) {
        self.waiting.push((old, new, None));
        while let Some((old, new, way)) = self.waiting.pop() {
            if old != new && self.seen.insert((old, new)) && !self.is_left_alone((old, new)) {
                self.visit(site, (old, new), way);
            }
        }
    }

    /// Whether both are written alike down to the last part, so that there is nothing to tell of.
    fn is_left_alone(&mut self, pair: (ShapeId, ShapeId)) -> bool {
        let walk = &self.session.walk;
        let (shapes, equality) = (&walk.shapes, walk.engine.equality());
        if equality.is_same_writing(pair.0, pair.1) {
            return true;
        }
        if self.misses >= MAX_MISSES || !equality.same_text(pair.0, pair.1) {
            return false;
        }
        let mut met: HashSet<(ShapeId, ShapeId), FixedState> = HashSet::default();
        let (mut waiting, mut before, mut after) = (vec![pair], Vec::new(), Vec::new());
        while let Some((old, new)) = waiting.pop() {
            let (was, is) = (shapes.get(old), shapes.get(new));
            for (shape, parts) in [(was, &mut before), (is, &mut after)] {
                parts.clear();
                shape.for_each_child(&mut |part| parts.push(part));
            }
            let parts = before.iter().copied().zip(after.iter().copied());
            let is_alike = before.len() == after.len()
                && are_written_alike(was, is)
                && parts.clone().all(|(one, other)| equality.same_text(one, other));
            if !is_alike {
                self.misses += 1;
                return false;
            }
            let is_news = |pair: &(ShapeId, ShapeId)| pair.0 != pair.1 && !self.seen.contains(pair);
            waiting.extend(parts.filter(is_news).filter(|pair| met.insert(*pair)));
        }
        self.seen.extend(met);
        true
    }

    fn visit(&mut self, site: &Site, (old, new): (ShapeId, ShapeId), way: Option<usize>) {
        let walk = &self.session.walk;
        let (was, is) = (walk.shapes.get(old), walk.shapes.get(new));
        let both = (was.reference.as_ref(), is.reference.as_ref());
        let names = (both.0.map(|it| &it.name), both.1.map(|it| &it.name));
        if names.0 == names.1 && same_words(was, is) {
            let parts = parts(walk, was, is);
            if self.is_weighed_out((old, new), &parts) {
                let (shapes, words) = (&self.session.walk.shapes, String::new());
                let spans = (shapes.get(old).span.span, shapes.get(new).span.span);
                return self.note(site, way, spans, words, false);
            }
            return self.wait_for(parts, way);
        }
        let (was, is) = (was.clone(), is.clone());
        match (wrapped(&was), wrapped(&is)) {
            (Some(inner), None) => {
                return self.unwrap(site, ((old, &was), (new, &is)), (inner, new), way);
            }
            (None, Some(inner)) => {
                return self.unwrap(site, ((old, &was), (new, &is)), (old, inner), way);
            }
            (None, None) | (Some(_), Some(_)) => {}
        }
        match (lone_reference(&was), lone_reference(&is)) {
            (None, None) => self.reworded(site, ((old, &was), (new, &is)), way),
            (Some(before), Some(after)) => {
                let words = renamed(before, after);
                self.follow(site, (&was, &is), (before.target, after.target), words, way);
            }
            (Some(before), None) => {
                let words = written_in_place(before);
                self.follow(site, (&was, &is), (before.target, new), words, way);
            }
            (None, Some(after)) => {
                let words = put_elsewhere(after);
                self.follow(site, (&was, &is), (old, after.target), words, way);
            }
        }
    }

    /// Whether parts that apply in place admit something else, and what is beside them sees to it that
    /// it comes to the same and that nothing is told: a bound below a stronger one.
    fn is_weighed_out(&mut self, (old, new): (ShapeId, ShapeId), parts: &[Part]) -> bool {
        let applied = parts.iter().filter(|(.., holder)| *holder == Holder::AllOf);
        let equality = self.session.walk.engine.equality();
        let applied: Vec<_> = applied
            .map(|(one, other, _)| (*one, *other))
            .filter(|(one, other)| !equality.same_sense(*one, *other))
            .collect();
        !applied.is_empty()
            && self.told_of(old, new, |_| true) == 0
            && applied.into_iter().any(|(one, other)| !self.is_same(one, other))
            && self.is_same(old, new)
    }

    /// Two places that use other words, neither of them no more than a reference.
    fn reworded(
        &mut self,
        site: &Site,
        ((old, was), (new, is)): ((ShapeId, &Shape), (ShapeId, &Shape)),
        way: Option<usize>,
    ) {
        if let (Some(before), Some(after)) = (&was.reference, &is.reference)
            && before.name != after.name
            && self.is_same(before.target, after.target)
        {
            self.note(site, way, spans((was, is)), renamed(before, after), true);
        } else if !same_words(was, is) && self.is_said_of_nothing_else(old, new) {
            self.note(site, way, spans((was, is)), rewritten(was, is), false);
            return;
        }
        let parts = parts(&self.session.walk, was, is);
        self.wait_for(parts, way);
    }

    /// Goes on inside a conjunction or choice of one, which the other side does not write.
    fn unwrap(
        &mut self,
        site: &Site,
        ((old, was), (new, is)): ((ShapeId, &Shape), (ShapeId, &Shape)),
        inside: (ShapeId, ShapeId),
        way: Option<usize>,
    ) {
        if self.is_said_of_nothing_else(old, new) {
            self.note(site, way, spans((was, is)), respelled(was, is).to_owned(), false);
        }
        self.waiting.push((inside.0, inside.1, way));
    }

    /// Goes on behind a reference, and tells how it differs from what was there.
    fn follow(
        &mut self,
        site: &Site,
        texts: (&Shape, &Shape),
        (old, new): (ShapeId, ShapeId),
        words: String,
        way: Option<usize>,
    ) {
        if self.is_same(old, new) {
            self.note(site, way, spans(texts), words, true);
        }
        self.waiting.push((old, new, way));
    }

    fn wait_for(&mut self, parts: Vec<Part>, way: Option<usize>) {
        // What is written first is looked at first.
        for (one, other, holder) in parts.into_iter().rev() {
            let step = holder.step();
            let next = self.ways.len();
            let is_further = step.is_some();
            if is_further {
                self.ways.push((way, step));
            }
            self.waiting.push((one, other, if is_further { Some(next) } else { way }));
        }
    }

    /// Whether both admit the same.
    fn is_same(&mut self, old: ShapeId, new: ShapeId) -> bool {
        let walk = &mut self.session.walk;
        if walk.engine.equality().same_sense(old, new) {
            return true;
        }
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        // Whatever is assumed of writers: another spelling is one to every validator.
        let strict =
            Assumptions { content_model: ContentModel::Strict, ..self.session.options.assumptions };
        Direction::ALL.into_iter().all(|direction| {
            let (reader, writer) = direction.ends([old], [new]);
            let (polarity, carrier) = (Polarity::Both, Carrier::StoredJson);
            let answer = walk.contains_under(strict, (&reader, &writer), polarity, carrier);
            answer == Containment::Holds
        })
    }

    /// Whether both admit the same, and nothing is told of the place so far.
    fn is_said_of_nothing_else(&mut self, old: ShapeId, new: ShapeId) -> bool {
        // The question that costs more is asked last.
        self.told_of(old, new, Slot::is_in_place) == 0 && self.is_same(old, new)
    }

    /// How much is told of the two shapes by ways that lead through such slots only.
    fn told_of(&mut self, old: ShapeId, new: ShapeId, is_here: impl Fn(&Slot) -> bool) -> usize {
        let (polarity, carrier) = (Polarity::Both, Carrier::StoredJson);
        let question = Question { old: vec![old], new: vec![new], polarity, carrier };
        let judged = self.session.walk.judge(&question);
        let here = judged.iter().filter(|found| found.path.iter().all(|pair| is_here(&pair.new)));
        here.filter(|found| found.edit.is_proven() && !found.is_idle()).count()
    }

    fn note(
        &mut self,
        site: &Site,
        way: Option<usize>,
        spans: (Span, Span),
        words: String,
        is_shared: bool,
    ) {
        if is_shared
            && let Some(known) = self.index.get(&words).and_then(|at| self.told.get_mut(*at))
        {
            known.places += 1;
            return;
        }
        if is_shared {
            self.index.insert(words.clone(), self.told.len());
        }
        let mut site = site.clone();
        let mut steps = Vec::new();
        let mut next = way;
        while let Some((before, step)) = next.and_then(|at| self.ways.get(at)) {
            steps.extend(step.clone());
            next = *before;
        }
        site.steps.extend(steps.into_iter().rev());
        self.told.push(Told { words, spans, site, places: 1 });
    }

    fn tell(self) {
        for Told { words, spans: (was, is), site, places } in self.told {
            let mut message = "says the same in other words".to_owned();
            if !words.is_empty() {
                message = format!("{message}: {words}");
            }
            if places > 1 {
                message = format!("{message}, at {places} places");
            }
            let (spans, fact) = ((Some(was), Some(is)), (Verdict::Compatible, Polarity::Both));
            let ledger = &mut self.session.ledger;
            let finding = ledger.state(&SHAPE_REWRITTEN, spans, &message, &site, fact);
            finding.proof = Proof::Contained;
            finding.evidence = vec![words];
        }
    }
}

/// What a conjunction or choice of one consists of.
fn wrapped(shape: &Shape) -> Option<ShapeId> {
    shape.alone().filter(|_| shape.reference.is_none())
}

/// The reference that is all a shape says.
fn lone_reference(shape: &Shape) -> Option<&Reference> {
    shape.reference.as_ref().filter(|_| shape.is_only_a_reference())
}

fn spans((was, is): (&Shape, &Shape)) -> (Span, Span) {
    (was.span.span, is.span.span)
}

/// A part of both sides, and what holds it.
type Part = (ShapeId, ShapeId, Holder);

/// The parts that both sides hold by the same word, and of lists those first that say the same.
fn parts(walk: &Walk<'_>, was: &Shape, is: &Shape) -> Vec<Part> {
    let equality = walk.engine.equality();
    let mut after = written_parts(is);
    let mut pairs = Vec::new();
    for (holder, mut shapes) in written_parts(was) {
        let Some(mut others) = after.remove(&holder) else { continue };
        let mut pair = |one, other| pairs.push((one, other, holder.clone()));
        shapes.retain(|one| {
            let twin = others.iter().position(|other| equality.same_sense(*one, *other));
            let Some(twin) = twin else { return true };
            pair(*one, others.remove(twin));
            false
        });
        for (one, other) in shapes.into_iter().zip(others) {
            pair(one, other);
        }
    }
    pairs
}

fn written_in_place(before: &Reference) -> String {
    format!("what `{}` says is written in place", before.name)
}

fn put_elsewhere(after: &Reference) -> String {
    format!("`{}` is referred to where it was written out", after.name)
}

/// What became of the name of a reference; definitions that were all put elsewhere are one edit.
fn renamed(before: &Reference, after: &Reference) -> String {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().len();
    let home = |name: &str| name.get(..name.len() - last(name)).unwrap_or_default().to_owned();
    let (was, is) = (&before.name, &after.name);
    if was.get(home(was).len()..) == is.get(home(is).len()..) && home(was) != home(is) {
        return format!("`{}…` is referred to as `{}…`", home(was), home(is));
    }
    format!("`{was}` is referred to as `{is}`")
}

/// In which words a place says the same.
fn rewritten(was: &Shape, is: &Shape) -> String {
    match (&was.reference, &is.reference) {
        (Some(before), None) => written_in_place(before),
        (None, Some(after)) => put_elsewhere(after),
        (None, None) | (Some(_), Some(_)) => respelled(was, is).to_owned(),
    }
}

/// The same where references are not what differs.
fn respelled(was: &Shape, is: &Shape) -> &'static str {
    let joined = |shape: &Shape| shape.logic.get().map_or(0, |logic| logic.all_of.len());
    let constant = |shape: &Shape| shape.constant.is_some();
    match ((joined(was), joined(is)), (constant(was), constant(is))) {
        ((0, 1..), _) => "what was said at once is said in `allOf`",
        ((1.., 0), _) => "what was said in `allOf` is said at once",
        (_, (true, false)) => "`const` became `enum`",
        (_, (false, true)) => "`enum` became `const`",
        ((0, 0) | (1.., 1..), (true, true) | (false, false)) => "",
    }
}
