//! Whether a text is a schema at all: the metaschema of its draft says, and where it is not.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use referencing::meta;
use serde_json::{Map, Value};

use super::reader::descend;
use super::referee::{plain, sentence};
use super::resources::Part;
use super::{Dialect, metaschemas};
use crate::document::{Document, Pointer};
use crate::load::{Problem, ProblemKind, with_room};
use crate::source::Span;

/// Adds what the metaschema refuses to what the reader could not use. Where both speak of one place
/// the reader's words are kept, except those that only warn of what is refused.
pub(super) fn judge(document: &Document, part: &Part, problems: &mut Vec<Problem>) {
    for (span, message) in faults(document, part) {
        let is_here = |problem: &Problem| {
            problem.span.is_some_and(|known| {
                known.file == span.file && known.start <= span.end && span.start <= known.end
            })
        };
        let is_warning = |problem: &Problem| problem.kind == ProblemKind::Warning;
        if problems.iter().any(|problem| is_here(problem) && !is_warning(problem)) {
            continue;
        }
        problems.retain(|problem| !(is_here(problem) && is_warning(problem)));
        problems.push(Problem { kind: ProblemKind::Part, message, span: Some(span), path: None });
    }
}

/// The places that the metaschema refuses, each with the reason.
fn faults(document: &Document, part: &Part) -> Vec<(Span, String)> {
    let Part { node, dialect, others } = part;
    let Some(metaschema) = metaschema(*dialect) else { return Vec::new() };
    let name = dialect.name();
    let found = with_room(|| {
        // What is too large or holds numbers beyond all bounds is refused where it is used.
        let Ok(mut schema) = plain(document, *node) else { return Vec::new() };
        let at = |node| document.pointer_of_span(document.span(node)).unwrap_or_default();
        let root = at(*node);
        // What is of another draft says nothing that this one could refuse.
        for other in others {
            let place = at(*other);
            let place = place.strip_prefix(root.as_str()).and_then(|it| schema.pointer_mut(it));
            if let Some(place) = place {
                *place = Value::Object(Map::new());
            }
        }
        if metaschema.is_valid(&schema) {
            return Vec::new();
        }
        let errors = metaschema.iter_errors(&schema);
        let told = errors.map(|error| {
            let pointer = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
            let place = descend(document, *node, pointer.tokens()).unwrap_or(*node);
            let message =
                format!("this is no schema of {name}: {}", sentence(&error, &|_, said| said));
            (document.span(place), message)
        });
        told.collect()
    });
    found.unwrap_or_default()
}

/// Formats are notes here: generators write references that are no URIs, and authors patterns of
/// other engines; the reader says what it makes of each.
fn metaschema(dialect: Dialect) -> Option<&'static Validator> {
    static DRAFT_4: Metaschema = LazyLock::new(|| built(Draft::Draft4, &metaschemas::DRAFT_4));
    static DRAFT_6: Metaschema = LazyLock::new(|| built(Draft::Draft6, &meta::DRAFT6));
    static DRAFT_7: Metaschema = LazyLock::new(|| built(Draft::Draft7, &meta::DRAFT7));
    static DRAFT_2019: Metaschema = LazyLock::new(|| built(Draft::Draft201909, &meta::DRAFT201909));
    static DRAFT_2020: Metaschema = LazyLock::new(|| built(Draft::Draft202012, &meta::DRAFT202012));
    match dialect {
        Dialect::Draft4 => DRAFT_4.as_ref(),
        Dialect::Draft6 => DRAFT_6.as_ref(),
        Dialect::Draft7 => DRAFT_7.as_ref(),
        Dialect::Draft201909 => DRAFT_2019.as_ref(),
        Dialect::Draft202012 => DRAFT_2020.as_ref(),
        Dialect::OpenApi20
        | Dialect::OpenApi20Parameter
        | Dialect::OpenApi30
        | Dialect::OpenApi31 => None,
    }
}

type Metaschema = LazyLock<Option<Validator>>;

fn built(draft: Draft, metaschema: &Value) -> Option<Validator> {
    let options = jsonschema::options().with_draft(draft).offline().should_validate_formats(false);
    options.build(metaschema).ok()
}
