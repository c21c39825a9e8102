//! What was announced of members of payloads that go: what their schema says of its own future, where
//! the member is declared.

use crate::diff::Finding;
use crate::document::{Document, NodeId, Pointer, Value};
use crate::load::Loaded;
use crate::model::{Lifecycle, Stability, Stated, Step, Sunset};
use crate::rules::presence::PROPERTY_BECAME_OPTIONAL;
use crate::rules::property::PROPERTY_REMOVED;
use crate::source::Span;

/// What a member said of its end, where the finding is about its going. Of one that said nothing
/// nobody expects an announcement.
pub(super) fn member_gone(
    finding: &Finding,
    old: &Loaded,
    new: Option<&Loaded>,
) -> Option<Lifecycle> {
    let (document, pointer) = place(old, finding.old?)?;
    if finding.rule == &PROPERTY_REMOVED && finding.new.is_none() {
        return life(document, document.at(&pointer)?);
    }
    if finding.rule != &PROPERTY_BECAME_OPTIONAL {
        return None;
    }
    let Some(Step::Property(name)) = finding.site.steps.last() else { return None };
    // What is demanded stands in a list beside the members: `required/0`.
    let (object, _) = pointer.tokens().split_last_chunk::<2>()?;
    let declared = member(document, object, name)?;
    let (now, place) = place(new?, finding.new?)?;
    let is_kept = member(now, place.tokens(), name).is_some();
    if is_kept { None } else { life(document, declared) }
}

/// The node that is written at a place of a side.
fn place(side: &Loaded, span: Span) -> Option<(&Document, Pointer)> {
    let document = side.trees.iter().find(|tree| tree.file() == span.file)?;
    let pointer = Pointer::parse(&document.pointer_of_span(span)?).ok()?;
    Some((document, pointer))
}

/// The schema of a member of the object that is described there.
fn member(document: &Document, object: &[String], name: &str) -> Option<NodeId> {
    let steps = ["properties".to_owned(), name.to_owned()];
    document.at(&object.iter().cloned().chain(steps).collect())
}

fn life(document: &Document, schema: NodeId) -> Option<Lifecycle> {
    let sunset = document.get(schema, "x-sunset")?;
    let text = document.string(sunset)?;
    let deprecated = document.get(schema, "deprecated");
    let deprecated = deprecated.filter(|it| document.value(*it) == Value::Boolean(true));
    Some(Lifecycle {
        deprecated: deprecated.map(|it| document.span(it)),
        sunset: Some(Stated { value: Sunset::read(text.into()), span: document.span(sunset) }),
        stability: Stability::default(),
    })
}
