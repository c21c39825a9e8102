//! Parts that a side could not read: what they promise there is not known, and nothing that seems to
//! have come or gone below them is told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use super::finding::{Finding, Proof, Reach};
use super::settle::order;
use super::whole::{Unread, unreadable_part};
use crate::load::{Extent, Gap, Loaded, Problem, ProblemKind};
use crate::model::Json;
use crate::rules::contract::CONTRACT_UNREADABLE;
use crate::source::Span;

/// Whether the other side has the same problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// It does not.
    No,
    /// It does, and what cannot be read there is what it was.
    Whole,
    /// It does, and what cannot be read has changed.
    Changed,
}

/// Of every problem of both sides, in their order, whether the other side shares it.
pub fn shared(old: &Loaded, new: &Loaded) -> (Vec<Shared>, Vec<Shared>) {
    let (were, are) = (met(old), met(new));
    let (mut of_old, mut of_new) =
        (vec![Shared::No; old.problems.len()], vec![Shared::No; new.problems.len()]);
    // What is as it was goes first: what has changed there has changed whatever stands beside it.
    for shared in [Shared::Whole, Shared::Changed] {
        let mut known: HashMap<(&Key<'_>, Option<&Content<'_>>), Vec<usize>> = HashMap::new();
        for Met { index, key, content } in were.iter().rev() {
            if of_old.get(*index) == Some(&Shared::No) {
                let content = Some(content).filter(|_| shared == Shared::Whole);
                known.entry((key, content)).or_default().push(*index);
            }
        }
        for Met { index, key, content } in &are {
            let content = Some(content).filter(|_| shared == Shared::Whole);
            let Some(this) = of_new.get_mut(*index).filter(|it| **it == Shared::No) else {
                continue;
            };
            // Each problem of the base answers for one of the head.
            let Some(other) = known.get_mut(&(key, content)).and_then(Vec::pop) else { continue };
            *this = shared;
            if let Some(other) = of_old.get_mut(other) {
                *other = shared;
            }
        }
    }
    (of_old, of_new)
}

/// A problem of a side that is more than a warning.
struct Met<'p> {
    index: usize,
    key: Key<'p>,
    content: Content<'p>,
}

fn met(side: &Loaded) -> Vec<Met<'_>> {
    let owners = owners(side);
    let lost: BTreeSet<usize> = side.gaps.iter().map(|gap| gap.problem).collect();
    let counted = side.problems.iter().enumerate();
    let severe = counted.filter(|(_, problem)| problem.kind > ProblemKind::Warning);
    let met = severe.map(|(index, problem)| {
        let key = Key::of(problem, side, owners.get(&index).copied());
        let content = Content::of(problem, side, &key, lost.contains(&index));
        Met { index, key, content }
    });
    met.collect()
}

/// The problems of a side; one that many places meet says how many.
pub(super) fn counted(side: &Loaded) -> Vec<Problem> {
    let counted = side.problems.iter().enumerate().map(|(index, problem)| {
        let is_file = problem.span.and_then(|span| Place::of(span, side)) == Some(Place::File);
        let many = if is_file { users(side, index).len() } else { 1 };
        if many < 2 {
            return problem.clone();
        }
        let message = format!("{}; {many} places refer to it", problem.message);
        Problem { message, ..problem.clone() }
    });
    counted.collect()
}

/// The places that lack something because of a problem that is not their own.
fn users(side: &Loaded, index: usize) -> BTreeSet<Span> {
    let own = side.problems.get(index).and_then(|problem| problem.span);
    let gaps = side.gaps.iter().filter(|gap| gap.problem == index);
    gaps.map(|gap| gap.at).filter(|at| Some(*at) != own).collect()
}

/// The operation, or what else it is, that each problem was first met in.
fn owners(side: &Loaded) -> HashMap<usize, &str> {
    let gaps = side.gaps.iter().rev();
    gaps.filter_map(|gap| Some((gap.problem, gap.owner.as_deref()?))).collect()
}

/// What a problem says beside the operation that it was first met in.
fn without_owner<'p>(message: &'p str, owner: Option<&str>) -> &'p str {
    let rest = owner.and_then(|owner| message.strip_prefix(owner)?.strip_prefix(": "));
    rest.unwrap_or(message)
}

/// What makes a problem of one side that of the other.
#[derive(PartialEq, Eq, Hash)]
struct Key<'p> {
    kind: ProblemKind,
    /// The name of the file, wherever that lies; the document itself has one on each side, and here
    /// none.
    file: Option<&'p str>,
    place: Option<Place>,
    /// What it says, unless all that is known of the place is that the file cannot be read.
    message: Option<&'p str>,
}

/// What stands where something cannot be read.
#[derive(PartialEq, Eq, Hash)]
enum Content<'p> {
    /// What was read all the same, and is compared as what it was read as.
    Read,
    /// A text without a tree; of one that nobody has read the message tells what there is to tell.
    File { text: Option<&'p str>, message: Option<&'p str> },
    /// What a document holds there, however it is written down.
    Value(Json),
}

impl<'p> Content<'p> {
    fn of(problem: &'p Problem, side: &'p Loaded, key: &Key<'_>, is_lost: bool) -> Self {
        match &key.place {
            Some(Place::File) => {
                let text = text(problem, side);
                let is_empty = text.is_none_or(str::is_empty);
                Self::File { text, message: is_empty.then_some(&*problem.message) }
            }
            Some(Place::Node(_)) if is_lost => {
                let value = problem.span.and_then(|span| side.value_at(span));
                value.map_or(Self::Read, Self::Value)
            }
            Some(Place::Node(_)) | None => Self::Read,
        }
    }
}

/// Where in a document a problem is.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    /// Somewhere in a file that has no tree.
    File,
    /// At this node, by the names on the way: an element of a list has none.
    Node(Vec<Option<String>>),
}

impl<'p> Key<'p> {
    /// The first operation that meets a problem is named by it, and has nothing to do with it.
    fn of(problem: &'p Problem, side: &'p Loaded, owner: Option<&str>) -> Self {
        let Problem { kind, message, span, path } = problem;
        let found = span.and_then(|span| side.files.get(span.file)).map(|file| file.path.as_str());
        let path = found.or(path.as_deref());
        let is_document = path == Some(side.contract.path.as_str());
        let file = path.filter(|_| !is_document).and_then(|path| path.rsplit('/').next());
        let place = span.and_then(|span| Place::of(span, side));
        let message = (place != Some(Place::File)).then(|| without_owner(message, owner));
        Self { kind: *kind, file, place, message }
    }
}

impl Place {
    /// `None` where nothing on this side has a tree, though it could be read.
    fn of(span: Span, side: &Loaded) -> Option<Self> {
        if side.trees.is_empty() {
            return (side.extent == Extent::Nothing).then_some(Self::File);
        }
        let Some(tree) = side.trees.iter().find(|tree| tree.file() == span.file) else {
            return Some(Self::File);
        };
        let pointer = tree.pointer_of_span(span).unwrap_or_default();
        let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
        let names = pointer.split('/').skip(1);
        let names = names.map(|name| (!is_index(name)).then(|| name.to_owned()));
        Some(Self::Node(names.collect()))
    }
}

fn text<'l>(problem: &Problem, side: &'l Loaded) -> Option<&'l str> {
    problem.span.and_then(|span| side.files.get(span.file)).map(|file| &*file.text)
}

/// Takes back what was found where a side could not be read, and tells of each part that the base
/// alone could not read, or that changed while neither side can be: once, with all that it reaches.
/// What the head alone cannot read is a problem, which speaks for itself.
pub(super) fn settle(findings: &mut Vec<Finding>, old: &Loaded, new: &Loaded) {
    if old.gaps.is_empty() && new.gaps.is_empty() {
        return;
    }
    let (of_old, of_new) = shared(old, new);
    let (was, is) = (Dark::of(&old.gaps, &of_old), Dark::of(&new.gaps, &of_new));
    let rests_on_it = |finding: &Finding| match &finding.proof {
        Proof::Undecided(reason) => [&was, &is].iter().any(|it| it.reasons.contains(&**reason)),
        Proof::Witness | Proof::Contained | Proof::Rule => false,
    };
    let (open, told): (Vec<Finding>, Vec<Finding>) = mem::take(findings)
        .into_iter()
        .partition(|found| *found.rule == CONTRACT_UNREADABLE || rests_on_it(found));
    *findings = told;
    findings.retain_mut(|finding| {
        let is_there = finding.old.is_none_or(|span| !was.places.contains(&span))
            && finding.new.is_none_or(|span| !is.places.contains(&span));
        is_there
            && was.spares(finding, finding.old.is_none())
            && is.spares(finding, finding.new.is_none())
    });
    findings.extend(parts(old, &of_old).iter().map(|part| part.told_once((old, new), &open)));
    // What neither side can read is there on both, and a place may still have come to it or left it.
    findings.extend(open.into_iter().filter(|finding| {
        let is_told = |dark: &Dark<'_>, span: Option<Span>| {
            span.is_some_and(|span| dark.places.contains(&span))
        };
        !rests_on_it(finding) && !is_told(&was, finding.old) && !is_told(&is, finding.new)
    }));
    findings.sort_by_key(order);
}

/// What of a side is not known and was not so before.
struct Dark<'g> {
    places: BTreeSet<Span>,
    /// What is said of verdicts that are open because of it.
    reasons: BTreeSet<&'g str>,
    owners: BTreeSet<&'g str>,
}

impl<'g> Dark<'g> {
    fn of(gaps: &'g [Gap], shared: &[Shared]) -> Self {
        let is_open = |gap: &&Gap| shared.get(gap.problem) != Some(&Shared::Whole);
        let open = || gaps.iter().filter(is_open);
        let places = open().map(|gap| gap.at).collect();
        let reasons = open().map(|gap| &*gap.reason).filter(|reason| !reason.is_empty()).collect();
        let owners = open().filter_map(|gap| gap.owner.as_deref()).collect();
        Self { places, reasons, owners }
    }

    /// Whether anything of the finding is left when the operations are set aside of which this side
    /// may have more than could be read.
    fn spares(&self, finding: &mut Finding, is_absent: bool) -> bool {
        if !is_absent || self.owners.is_empty() || !finding.site.steps.is_empty() {
            return true;
        }
        if finding.reached_from.is_empty() {
            return !self.covers(&finding.site.owner);
        }
        finding.reached_from.retain(|reach| !self.covers(&reach.operation));
        !finding.reached_from.is_empty()
    }

    /// An owner is an operation, or what begins or ends the names of some: a path, a webhook.
    fn covers(&self, operation: &str) -> bool {
        let words = format!(" {operation} ");
        !operation.is_empty()
            && self
                .owners
                .iter()
                .any(|owner| owner.is_empty() || words.contains(&format!(" {owner} ")))
    }
}

/// What one thing that is wrong at the base leaves open.
struct Part<'l> {
    unread: Unread,
    problem: &'l Problem,
    /// What is wrong, without the operation that met it first.
    reason: &'l str,
    /// The file, where none of it could be read.
    file: Option<&'l str>,
    gaps: Vec<&'l Gap>,
    /// How many places lack it.
    users: usize,
}

/// The parts of the base that are to be told of: what is wrong in the same words is one.
fn parts<'l>(old: &'l Loaded, shared: &[Shared]) -> Vec<Part<'l>> {
    let mut parts: Vec<Part<'l>> = Vec::new();
    let met = owners(old);
    for (index, (problem, shared)) in old.problems.iter().zip(shared).enumerate() {
        let unread = match shared {
            Shared::Whole => continue,
            Shared::No => Unread::Base,
            Shared::Changed => Unread::Both,
        };
        if !old.gaps.iter().any(|gap| gap.problem == index) {
            continue;
        }
        let unread_file = problem.span.filter(|span| Place::of(*span, old) == Some(Place::File));
        let file = unread_file.and_then(|span| old.files.get(span.file));
        let file = file.map(|file| file.path.as_str());
        let gaps = || old.gaps.iter().filter(move |gap| gap.problem == index);
        let users = if file.is_some() { users(old, index).len() } else { 1 };
        let reason = without_owner(&problem.message, met.get(&index).copied());
        let is_it =
            |part: &&mut Part<'_>| (part.unread, part.file, part.reason) == (unread, file, reason);
        if let Some(part) = parts.iter_mut().find(is_it) {
            part.gaps.extend(gaps());
            part.users += users;
        } else {
            parts.push(Part { unread, problem, reason, file, gaps: gaps().collect(), users });
        }
    }
    parts
}

impl Gap {
    /// Whether this gap of the old side is why nothing can be said.
    fn leaves_open(&self, finding: &Finding) -> bool {
        if *finding.rule == CONTRACT_UNREADABLE {
            return finding.old == Some(self.at);
        }
        match &finding.proof {
            Proof::Undecided(reason) => !reason.is_empty() && **reason == *self.reason,
            Proof::Witness | Proof::Contained | Proof::Rule => false,
        }
    }
}

impl Part<'_> {
    /// The finding about it, however many places lack it.
    fn told_once(&self, (old, new): (&Loaded, &Loaded), open: &[Finding]) -> Finding {
        let Self { unread, problem, reason, file, gaps, users } = self;
        let places = gaps.iter().map(|gap| gap.at);
        let user = places.filter(|at| file.is_none() || Some(*at) != problem.span).min();
        let first = user.or(problem.span);
        let opposite = first.and_then(|span| old.survivor(span, new));
        let mut finding = unreadable_part((*file, *users), reason, *unread, (first, opposite));
        let at = |found: &&Finding| gaps.iter().any(|gap| gap.leaves_open(found));
        let lost: Vec<&Finding> = open.iter().filter(at).collect();
        if let Some(site) = lost.first().map(|found| found.site.clone()) {
            finding.site = site;
        } else if let Some(owner) = gaps.iter().find_map(|gap| gap.owner.clone()) {
            finding.site.owner = owner;
        }
        let mut reached: BTreeMap<_, Reach> = BTreeMap::new();
        for reach in lost.iter().flat_map(|found| &found.reached_from) {
            let key = (Arc::clone(&reach.operation), reach.part.clone(), reach.polarity);
            reached.entry(key).or_insert_with(|| reach.clone());
        }
        finding.reached_from = reached.into_values().collect();
        finding
    }
}
