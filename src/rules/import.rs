//! What whoever imports a file can name.

use std::sync::Arc;

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, Scope, Walk};
use crate::source::Span;

rules! {
    /// Importers of a file get less
    ///
    /// What a file declares, and what it passes on by `import public`, can be named by whoever
    /// imports it, and is found in the code that is generated for it. Something lives on in another
    /// file that importers do not get: those that name it no longer compile.
    IMPORT_NARROWED {
        id: "import-narrowed",
        effect: Withdraws,
        surfaces: [source],
        fix: "Let the file that importers know pass it on: with `import public` of the other file, or with `export`.",
    }

    /// Importers of a file get more
    ///
    /// Nobody names it yet.
    IMPORT_WIDENED {
        id: "import-widened",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }
}

/// What importers of a file may name of what it declares.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    /// Less than before.
    Withheld,
    /// More than before.
    Given,
}

/// Says that importers of a file may no longer name what it declares, or may name it now.
pub(crate) fn named(
    walk: &mut Walk<'_>,
    (scope, file): (Scope, &str),
    spans: (Span, Span),
    (names, examples): (&[&str], &str),
    naming: Naming,
) {
    let (rule, impact, message) = match naming {
        Naming::Withheld => {
            let message = format!("importers of `{file}` may no longer name {examples}");
            (&IMPORT_NARROWED, Impact::source(), message)
        }
        Naming::Given => {
            let message = format!("importers of `{file}` may name {examples} now");
            (&IMPORT_WIDENED, Impact::none(), message)
        }
    };
    let change = Change::new(rule, scope, message)
        .impact(impact)
        .spans(Some(spans.0), Some(spans.1))
        .evidence(names.iter().map(|name| (*name).to_owned()));
    walk.report(change);
}

/// Says that an element is declared in a file that importers of the old one do not get.
pub(crate) fn left_file(
    walk: &mut Walk<'_>,
    scope: Scope,
    name: &str,
    (old, new): (&str, &str),
    spans: (Span, Span),
) {
    let message =
        format!("`{name}` is declared in `{new}` now, which importers of `{old}` do not get");
    let change = Change::new(&IMPORT_NARROWED, scope, message)
        .impact(Impact::source())
        .spans(Some(spans.0), Some(spans.1))
        .evidence([name.to_owned(), old.to_owned()]);
    walk.report(change);
}

/// Says that a file no longer passes on what another declares.
pub(crate) fn withheld(
    walk: &mut Walk<'_>,
    file: &Arc<str>,
    passed_on: &str,
    spans: (Span, Span),
    examples: &str,
) {
    let message =
        format!("importers of `{file}` no longer get {examples}, which `{passed_on}` declares");
    let change = Change::new(&IMPORT_NARROWED, Scope::Named(Arc::clone(file)), message)
        .impact(Impact::source())
        .spans(Some(spans.0), Some(spans.1))
        .evidence([passed_on.to_owned()]);
    walk.report(change);
}

/// Says that a file passes on what another declares.
pub(crate) fn passed_on(walk: &mut Walk<'_>, file: &Arc<str>, passed_on: &str, span: Span) {
    let message = format!("importers of `{file}` get what `{passed_on}` declares too");
    let change = Change::new(&IMPORT_WIDENED, Scope::Named(Arc::clone(file)), message)
        .spans(None, Some(span))
        .evidence([passed_on.to_owned()]);
    walk.report(change);
}
