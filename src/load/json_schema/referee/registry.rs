//! Files of schemas as the validator finds them: whole, each under a made-up URI.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::{Draft, Registry, Resource, Retrieve, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::Dialect;
use super::super::resources::{file_uri, resolve, split};
use super::excerpt::Excerpt;
use super::{Source, Sources, alone, text};
use crate::document;

/// Bytes that a fragment must escape (RFC 3986, 3.5).
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'[').add(b'\\');
const FRAGMENT: &AsciiSet = &UNSAFE.add(b']').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Every file, and the names by which references call it.
///
/// # Errors
/// In the words of the library, when identifiers clash or a text cannot be handed over.
pub(super) fn build(sources: &Sources) -> Result<Registry<'static>, String> {
    build_of(sources, |_| true, |source| text::whole(sources, source))
}

/// The same of those files that an excerpt has something of.
///
/// # Errors
/// Like [`build`].
pub(super) fn build_excerpt(
    sources: &Sources,
    excerpt: &Excerpt,
) -> Result<Registry<'static>, String> {
    build_of(sources, |source| excerpt.is_of(source), |source| excerpt.text(sources, source))
}

fn build_of(
    sources: &Sources,
    is_wanted: impl Fn(&Source) -> bool,
    text: impl Fn(&Source) -> Result<Value, String>,
) -> Result<Registry<'static>, String> {
    let mut builder = Registry::new().retriever(Absent);
    for source in sources.files.iter().filter(|source| is_wanted(source)) {
        let Some(draft) = draft(source.dialect) else { continue };
        let Some(uri) = file_uri(&source.path) else { continue };
        let resource = resource(draft, text(source)?);
        builder = builder.add(uri.as_str(), resource).map_err(|error| error.to_string())?;
    }
    for (uri, source) in called(sources).into_iter().filter(|(_, source)| is_wanted(source)) {
        let Some(draft) = draft(source.dialect) else { continue };
        let resource = resource(draft, text(source)?);
        builder = builder.add(uri, resource).map_err(|error| error.to_string())?;
    }
    builder.prepare().map_err(|error| error.to_string())
}

/// The files that references call by names which they do not give themselves. What is relative in
/// such a file is resolved against the name that it was called by, so that what it refers to is
/// called otherwise too.
fn called(sources: &Sources) -> BTreeMap<String, &Source> {
    let mut found: BTreeMap<String, &Source> = BTreeMap::new();
    let mut pending: Vec<(String, &Source)> = sources
        .called
        .iter()
        .filter_map(|(uri, file)| Some((uri.clone(), sources.get(*file)?)))
        // One that names itself is called by that name.
        .filter(|(_, source)| source.uri.is_none())
        .collect();
    while let Some((uri, source)) = pending.pop() {
        if found.contains_key(&uri) {
            continue;
        }
        if source.uri.is_none()
            && let Ok(base) = Uri::parse(uri.clone())
        {
            for path in relative_references(source) {
                let known = source.path.join(path).ok().and_then(|path| sources.find(&path));
                let name = resolve(&base, path).map(|uri| uri.as_str().to_owned());
                pending.extend(name.zip(known.filter(|known| known.uri.is_none())));
            }
        }
        found.insert(uri, source);
    }
    found
}

/// The paths of the references in a text that name a file beside it.
fn relative_references(source: &Source) -> BTreeSet<&str> {
    let document = &source.document;
    let references =
        document.nodes().filter(|node| document.value(*node) == document::Value::Object);
    let references = references.filter_map(|node| document.string(document.get(node, "$ref")?));
    let paths = references.map(|reference| split(reference).0);
    paths.filter(|path| !path.is_empty() && !path.contains(':')).collect()
}

/// A schema that means the one at this place. A text that names itself is called by that name,
/// since the validator resolves what is relative in it against the name that it was called by.
pub(super) fn reference(source: &Source, pointer: &str) -> Value {
    let fragment = utf8_percent_encode(pointer, FRAGMENT);
    json!({ "$ref": format!("{}#{fragment}", name(source)) })
}

/// A whole text, by its name and in its draft.
///
/// # Errors
/// Like [`build`].
pub(super) fn document(
    sources: &Sources,
    source: &Source,
) -> Result<(String, Draft, Value), String> {
    Ok(named(source, text::whole(sources, source)?))
}

/// What is made of a text, by its name and in its draft.
pub(super) fn named(source: &Source, contents: Value) -> (String, Draft, Value) {
    let assumed = draft(source.dialect).unwrap_or(Draft::Draft202012);
    (name(source), in_force(assumed, &contents), contents)
}

fn name(source: &Source) -> String {
    let uri = source.uri.clone().or_else(|| file_uri(&source.path).map(|uri| uri.to_string()));
    uri.unwrap_or_default()
}

fn resource(assumed: Draft, contents: Value) -> Resource {
    in_force(assumed, &contents).create_resource(contents)
}

/// The draft that a text declares; the assumed one where it declares none that is known.
fn in_force(assumed: Draft, contents: &Value) -> Draft {
    let declared = assumed.detect(contents);
    if declared == Draft::Unknown { assumed } else { declared }
}

/// The draft that a text is in.
pub(super) fn draft_in_force(source: &Source) -> Draft {
    alone::in_force(source).and_then(draft).unwrap_or(Draft::Draft202012)
}

/// The draft that a dialect is, where it is one.
pub(super) fn draft(dialect: Dialect) -> Option<Draft> {
    match dialect {
        Dialect::Draft4 => Some(Draft::Draft4),
        Dialect::Draft6 => Some(Draft::Draft6),
        Dialect::Draft7 => Some(Draft::Draft7),
        Dialect::Draft201909 => Some(Draft::Draft201909),
        Dialect::Draft202012 => Some(Draft::Draft202012),
        Dialect::OpenApi20
        | Dialect::OpenApi20Parameter
        | Dialect::OpenApi30
        | Dialect::OpenApi31 => None,
    }
}

/// What no file is: a schema that cannot be read, so that nothing is fetched and nothing passes.
struct Absent;

impl Retrieve for Absent {
    fn retrieve(
        &self,
        _uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(text::unread())
    }
}
