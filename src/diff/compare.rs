//! The comparison of two loaded contracts.

use std::mem;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use super::anchor::anchor;
use super::components::{compare_components, renames};
use super::finding::Finding;
use super::gaps;
use super::http;
use super::lifecycle::compare_lifecycle;
use super::messages::{self, compare_messages};
use super::remarks::compare_remarks;
use super::session::{CompareOptions, Crossing, Graph, Session};
use super::settle::settle;
use super::wording::compare_wording;
use crate::load::{Loaded, Problem, with_room};
use crate::model::{Contract, Declared, Polarity, Root, ShapeId, Site};
use crate::rules::Verdict;
use crate::rules::contract::{DEFINITION_ADDED, DEFINITION_REMOVED, VERSION_CHANGED};
use crate::rules::peer::Preset;
use crate::subtype::Carrier;

/// What a comparison found.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Every change, classified, in a stable order.
    pub findings: Vec<Finding>,
    /// What could not be used of the old contract.
    pub old_problems: Vec<Problem>,
    /// What could not be used of the new contract.
    pub new_problems: Vec<Problem>,
}

/// Compares two contracts of any format.
pub fn compare(old: &Loaded, new: &Loaded, options: CompareOptions) -> Comparison {
    let graph = |side: &Loaded| (side.contract.shapes.clone(), side.contract.equality.clone());
    compare_with(old, new, (graph(old), graph(new)), options)
}

/// The same of contracts whose shapes nobody needs afterwards: they are taken, not copied.
pub fn compare_once(old: &mut Loaded, new: &mut Loaded, options: CompareOptions) -> Comparison {
    let graph = |side: &mut Loaded| {
        let Contract { shapes, equality, .. } = &mut side.contract;
        (mem::take(shapes), mem::take(equality))
    };
    let graphs = (graph(old), graph(new));
    compare_with(old, new, graphs, options)
}

fn compare_with(
    old: &Loaded,
    new: &Loaded,
    graphs: (Graph, Graph),
    options: CompareOptions,
) -> Comparison {
    let graphs = Mutex::new(Some(graphs));
    let work = || {
        let taken = graphs.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.map(|graphs| compare_all(old, new, graphs, options))
    };
    // Referees are asked again and again, and need room. Where none is to be had it is done here;
    // where the work has failed there, so it does here.
    match with_room(work) {
        Ok(Some(comparison)) => comparison,
        Ok(None) | Err(_) => work().unwrap_or_else(|| resume_unwind(Box::new("comparing failed"))),
    }
}

fn compare_all(
    old: &Loaded,
    new: &Loaded,
    graphs: (Graph, Graph),
    options: CompareOptions,
) -> Comparison {
    let mut session = Session::new((old, new), graphs, options);
    session.walk.renamed = renames(&session);
    http::compare(&mut session);
    compare_roots(&mut session);
    compare_components(&mut session);
    compare_texts(&mut session);
    compare_versions(&mut session);
    let mut findings = compare_messages(old, new, options);
    findings.extend(settle(&mut session, old, new));
    session.let_go();
    gaps::settle(&mut findings, old, new);
    anchor(&mut findings, old, new);
    let (old_problems, new_problems) = (gaps::counted(old), gaps::counted(new));
    Comparison { findings, old_problems, new_problems }
}

/// Of the comparison of two contracts, what buf would report by this preset: our findings where they
/// speak of the same change, each with what buf calls it, and one for each thing that only buf
/// reports.
pub fn as_peer(comparison: &mut Comparison, old: &Loaded, new: &Loaded, preset: &Preset) {
    let findings = mem::take(&mut comparison.findings);
    comparison.findings = messages::as_peer(findings, &old.contract, &new.contract, preset);
}

/// Compares payloads that stand by themselves: the document, or definitions by name.
fn compare_roots(session: &mut Session<'_>) {
    let (old, new): (&Contract, &Contract) = (session.old, session.new);
    let single = old.roots.len() == 1 && new.roots.len() == 1;
    let mut pairs = Vec::new();
    for was in &old.roots {
        let alone = new.roots.first().filter(|_| single);
        let Root { name, shape } = was;
        if let Some(is) = alone.or_else(|| counterpart((old, was), new)) {
            pairs.push(compare_pair(session, (*shape, is)));
        } else {
            let span = session.walk.shapes.get(*shape).span.span;
            let message = format!("definition `{name}` was removed");
            let fact = (Verdict::Breaking, Polarity::Both);
            let site = Site::whole(name.clone());
            let spans = (Some(span), None);
            let finding = session.ledger.state(&DEFINITION_REMOVED, spans, &message, &site, fact);
            finding.anchor = Some(new.span);
        }
    }
    let is_paired = |is: &Root| old.roots.iter().any(|was| same_root((old, was), (new, is)));
    for is in new.roots.iter().filter(|is| !single && !is_paired(is)) {
        if let Some(was) = counterpart((new, is), old) {
            pairs.push(compare_pair(session, (was.shape, is)));
            continue;
        }
        let span = session.walk.shapes.get(session.shifted(is.shape)).span.span;
        let message = format!("definition `{}` was added", is.name);
        let fact = (Verdict::Compatible, Polarity::Both);
        let site = Site::whole(is.name.clone());
        session.ledger.state(&DEFINITION_ADDED, (None, Some(span)), &message, &site, fact);
    }
    compare_wording(session, &pairs);
}

/// Compares two payloads that are one; what was compared, and where.
fn compare_pair(
    session: &mut Session<'_>,
    (was, is): (ShapeId, &Root),
) -> (Site, ShapeId, ShapeId) {
    let crossing = Crossing {
        site: Site::whole(is.name.clone()),
        polarity: Polarity::Both,
        carrier: Carrier::StoredJson,
    };
    session.payload(&crossing, was, is.shape);
    (crossing.site, was, session.shifted(is.shape))
}

/// What the other side has for this payload. A definition stays what others may refer to where the
/// document says something itself on one side only.
fn counterpart<'c>((side, root): (&Contract, &Root), other: &'c Contract) -> Option<&'c Root> {
    let known = other.roots.iter().chain(&other.at_hand);
    let mut found = known.filter(|its| same_root((side, root), (other, its)));
    found.next()
}

/// Definitions are one by name, and the document is one whatever its file is called.
fn same_root((old, was): (&Contract, &Root), (new, is): (&Contract, &Root)) -> bool {
    let document = |contract: &Contract, root: &Root| *root.name == *contract.path.file_name();
    match (document(old, was), document(new, is)) {
        (true, true) => true,
        (false, false) => was.name == is.name,
        (true, false) | (false, true) => false,
    }
}

/// The version that a contract declares of itself is told, and changes nothing.
fn compare_versions(session: &mut Session<'_>) {
    let (was, is) = (session.old.version.as_ref(), session.new.version.as_ref());
    let text = |version: Option<&Declared>| version.map(|version| version.text.to_string());
    if text(was) == text(is) {
        return;
    }
    let words =
        |version| text(version).map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
    let message = format!("the declared version changed from {} to {}", words(was), words(is));
    let spans = (was.map(|version| version.span), is.map(|version| version.span));
    let fact = (Verdict::Compatible, Polarity::Both);
    session.ledger.state(&VERSION_CHANGED, spans, &message, &Site::whole(""), fact);
}

/// What a contract says of itself to people.
fn compare_texts(session: &mut Session<'_>) {
    let (old, new): (&Contract, &Contract) = (session.old, session.new);
    let spans = (Some(old.span), Some(new.span));
    let remarks = (&old.remarks, &new.remarks);
    compare_remarks(session, &Site::whole(""), Polarity::Both, spans, remarks);
    // A document that is a payload says as one that it is deprecated.
    let is_payload = !old.roots.is_empty() && !new.roots.is_empty();
    let of = |contract: &Contract| {
        let mut lifecycle = contract.lifecycle.clone();
        lifecycle.deprecated = lifecycle.deprecated.filter(|_| !is_payload);
        lifecycle
    };
    let lifecycles = (&of(old), &of(new));
    compare_lifecycle(session, &Site::whole(""), spans, lifecycles, Polarity::Both);
}
