//! What elements say beside what they promise: every edit is named, none breaks anybody.

use super::session::Session;
use crate::model::{EXAMPLE, IGNORED_HEADER, Polarity, Remarks, Reworded, Site};
use crate::rules::annotation::{ANNOTATION_CHANGED, LINK_CHANGED};
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// Where the element stands on both sides.
type Spans = (Option<Span>, Option<Span>);

/// Compares what an element says to people and tools.
pub(crate) fn compare_remarks(
    session: &mut Session<'_>,
    site: &Site,
    polarity: Polarity,
    spans: Spans,
    (old, new): (&Remarks, &Remarks),
) {
    let (examples, others): (Vec<_>, Vec<_>) =
        old.reworded(new).into_iter().partition(|found| found.name.starts_with(EXAMPLE));
    let (ignored, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|found| found.name.starts_with(IGNORED_HEADER));
    state(session, &ANNOTATION_CHANGED, site, polarity, spans, &others);
    let said = examples.iter().map(|found| (found, format!("an example was {}", verb(found))));
    let unheard = ignored.iter().map(|found| {
        let name = found.name.trim_start_matches(IGNORED_HEADER);
        let why = "which is ignored: security and media types say it";
        (found, format!("header parameter `{name}` was {}, {why}", verb(found)))
    });
    for (found, message) in said.chain(unheard) {
        let spans = (found.old.or(spans.0), found.new.or(spans.1));
        let fact = (Verdict::Compatible, polarity);
        session.ledger.state(&ANNOTATION_CHANGED, spans, &message, site, fact);
    }
}

/// Compares the hints of a response at what may be called next.
pub(crate) fn compare_links(
    session: &mut Session<'_>,
    site: &Site,
    polarity: Polarity,
    spans: Spans,
    (old, new): (&Remarks, &Remarks),
) {
    for reworded in old.reworded(new) {
        state(session, &LINK_CHANGED, site, polarity, spans, &[reworded]);
    }
}

/// Compares the addresses that whoever uses an element goes to.
pub(crate) fn compare_addresses(
    session: &mut Session<'_>,
    site: &Site,
    element: Spans,
    (old, new): (&Remarks, &Remarks),
) {
    let reworded = old.reworded(new);
    if let Some(first) = reworded.first() {
        let spans = (first.old.or(element.0), first.new.or(element.1));
        let fact = (Verdict::Compatible, Polarity::Both);
        let message = words(&reworded);
        let finding = session.ledger.state(&ANNOTATION_CHANGED, spans, &message, site, fact);
        if reworded.iter().any(|found| found.old.is_some() && found.new.is_some()) {
            finding.caution = Some("whoever knows the old address goes there".into());
        }
    }
}

fn state(
    session: &mut Session<'_>,
    rule: &'static Rule,
    site: &Site,
    polarity: Polarity,
    element: Spans,
    reworded: &[Reworded<'_>],
) {
    let Some(first) = reworded.first() else { return };
    let message = words(reworded);
    let spans = (first.old.or(element.0), first.new.or(element.1));
    session.ledger.state(rule, spans, &message, site, (Verdict::Compatible, polarity));
}

/// `` `summary` edited, `externalDocs` added ``
fn words(reworded: &[Reworded<'_>]) -> String {
    let verbs = ["edited", "added", "dropped"];
    let mut groups = Vec::new();
    for wanted in verbs {
        let names = reworded.iter().filter(|found| verb(found) == wanted);
        let names: Vec<String> = names.map(|found| quoted(found.name)).collect();
        if !names.is_empty() {
            groups.push(format!("{} {wanted}", names.join(", ")));
        }
    }
    groups.join(", ")
}

/// The name of a member in quotes; words about one stand without.
fn quoted(name: &str) -> String {
    if name.contains('`') { name.to_owned() } else { format!("`{name}`") }
}

fn verb(found: &Reworded<'_>) -> &'static str {
    match (found.old, found.new) {
        (None, _) => "added",
        (_, None) => "dropped",
        (Some(_), Some(_)) => "edited",
    }
}
