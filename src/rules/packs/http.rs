//! HTTP routes of calls: what a REST client sees of them.
//!
//! <https://google.aip.dev/127>, `google/api/http.proto`

use std::fmt;
use std::sync::Arc;

use super::Edited;
use crate::diff::messages::{Change, Walk};
use crate::diff::{HttpForm, Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::model::{Json, Polarity, Stated, Surface};
use crate::rules::Rule;
use crate::rules::generated_code::Annotated;
use crate::rules::impact::Impact;
use crate::rules::rules;

rules! {
    /// An HTTP route leads to a call
    ///
    /// Nobody takes it yet.
    HTTP_BINDING_ADDED {
        id: "http-binding-added",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }

    /// An HTTP route is served no longer
    ///
    /// REST clients that take it are told that nothing is there. Clients that call by name notice
    /// nothing.
    HTTP_BINDING_REMOVED {
        id: "http-binding-removed",
        effect: Withdraws,
        surfaces: [wire],
        fix: "Keep the old route among the `additional_bindings` until nobody takes it.",
    }

    /// An HTTP route covers more
    ///
    /// Every path that it served is served still.
    HTTP_BINDING_WIDENED {
        id: "http-binding-widened",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }

    /// The body of an HTTP route holds something else
    ///
    /// What was a member of the body is a query parameter now, or the other way round: REST clients
    /// send or read JSON of another shape.
    HTTP_BODY_CHANGED {
        id: "http-body-changed",
        effect: Replaces,
        surfaces: [json],
        fix: "Add a second binding with the other body, and keep the first.",
    }

    /// A part of an HTTP path is read into another field
    ///
    /// The path is the same. What stands in it means another field of the request.
    HTTP_VARIABLE_CHANGED {
        id: "http-variable-changed",
        effect: Annotates,
        surfaces: [wire],
        caution: "clients that build the path from the request must take it from the other field",
        fix: "Keep the name of the variable, or rename the field with it.",
    }
}

/// A route to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    verb: String,
    path: Template,
    body: Arc<str>,
    response_body: Arc<str>,
}

/// A path with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Template {
    segments: Vec<Segment>,
    /// What follows the last segment after a colon.
    action: String,
    /// The fields that its parts are read into, in order.
    fields: Vec<String>,
    text: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// Any one segment.
    One,
    /// Any number of segments.
    Rest,
}

impl Template {
    fn parse(text: &Arc<str>) -> Self {
        let (mut segments, mut fields) = (Vec::new(), Vec::new());
        let (mut depth, mut part) = (0_usize, String::new());
        let mut parts: Vec<String> = Vec::new();
        for character in text.trim_start_matches('/').chars() {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '/' if depth == 0 => {
                    parts.push(std::mem::take(&mut part));
                    continue;
                }
                _ => {}
            }
            part.push(character);
        }
        let (last, action) = match part.rsplit_once(':') {
            Some((before, action)) if !action.contains('}') => (before, action),
            Some(_) | None => (part.as_str(), ""),
        };
        parts.push(last.to_owned());
        for part in &parts {
            let inside = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let pattern = match inside.map(|inside| inside.split_once('=').unwrap_or((inside, "*")))
            {
                Some((field, pattern)) => {
                    fields.push(field.to_owned());
                    pattern
                }
                None => part,
            };
            segments.extend(pattern.split('/').map(Segment::parse));
        }
        Self { segments, action: action.to_owned(), fields, text: text.clone() }
    }

    /// Whether every path of the other is one of its own.
    fn covers(&self, other: &Self) -> bool {
        self.action == other.action && covers(&self.segments, &other.segments)
    }

    /// A path that it matches.
    fn sample(&self) -> String {
        let words = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => text.as_str(),
            Segment::One | Segment::Rest => "a",
        });
        let action = if self.action.is_empty() { "" } else { ":" };
        format!("/{}{action}{}", words.collect::<Vec<_>>().join("/"), self.action)
    }
}

fn covers(here: &[Segment], there: &[Segment]) -> bool {
    match (here.split_first(), there.split_first()) {
        (None, None) | (Some((Segment::Rest, [])), _) => true,
        (Some((Segment::One, here)), Some((Segment::One | Segment::Literal(_), there))) => {
            covers(here, there)
        }
        (Some((Segment::Literal(mine), here)), Some((Segment::Literal(theirs), there))) => {
            mine == theirs && covers(here, there)
        }
        (Some((Segment::Rest, here)), Some((Segment::Rest, there))) => covers(here, there),
        (Some(_) | None, _) => false,
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text {
            "*" => Self::One,
            "**" => Self::Rest,
            literal => Self::Literal(literal.to_owned()),
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.verb, self.path.text)
    }
}

/// The bindings of a call, the first one first.
fn bindings(option: Option<&Stated<Json>>) -> Vec<Binding> {
    let Some(Json::Object(members)) = option.map(|one| &one.value) else { return Vec::new() };
    let text = |name: &str| match members.get(name) {
        Some(Json::String(text)) => Some(text.clone()),
        Some(_) | None => None,
    };
    let plain = ["get", "put", "post", "delete", "patch"];
    let found = plain.iter().find_map(|verb| Some((verb.to_ascii_uppercase(), text(verb)?)));
    let custom = || match members.get("custom") {
        Some(Json::Object(custom)) => match (custom.get("kind"), custom.get("path")) {
            (Some(Json::String(kind)), Some(Json::String(path))) => {
                Some((kind.to_string(), path.clone()))
            }
            _ => None,
        },
        Some(_) | None => None,
    };
    let own = found.or_else(custom).map(|(verb, path)| Binding {
        verb,
        path: Template::parse(&path),
        body: text("body").unwrap_or_default(),
        response_body: text("response_body").unwrap_or_default(),
    });
    let further: &[Json] = match members.get("additional_bindings") {
        Some(Json::Array(further)) => further,
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        Some(_) | None => &[],
    };
    let span = option.map(|one| one.span);
    let further =
        further.iter().filter_map(|value| Some(Stated { value: value.clone(), span: span? }));
    own.into_iter().chain(further.flat_map(|one| bindings(Some(&one)))).collect()
}

/// Compares the routes to a call. Whether there was anything to say.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let (old, new) = (bindings(edited.old), bindings(edited.new));
    let is_same = |one: &Binding, other: &Binding| {
        one.verb == other.verb
            && one.path.action == other.path.action
            && one.path.segments == other.path.segments
    };
    let mut fresh: Vec<&Binding> =
        new.iter().filter(|is| !old.iter().any(|was| is_same(was, is))).collect();
    let mut said = false;
    let mut gone = Vec::new();
    for was in &old {
        if let Some(is) = new.iter().find(|is| is_same(was, is)) {
            said |= compare_pair(walk, (element, edited), was, is);
            continue;
        }
        let wider = new.iter().find(|is| is.verb == was.verb && is.path.covers(&was.path));
        let Some(is) = wider else {
            gone.push(was);
            continue;
        };
        fresh.retain(|one| *one != is);
        let message = format!("`{was}` became `{is}`, which serves its paths too");
        let change = change(&HTTP_BINDING_WIDENED, (element, edited), message, was);
        walk.report(change);
        compare_pair(walk, (element, edited), was, is);
        said = true;
    }
    // One that went and one that came are one edit.
    let moved = if let ([_], [_]) = (&gone[..], &fresh[..]) { fresh.pop() } else { None };
    for was in gone {
        let instead = moved.map(|is| format!("; `{is}` is instead")).unwrap_or_default();
        let message = format!("`{was}` is served no longer{instead}");
        let mut change = change(&HTTP_BINDING_REMOVED, (element, edited), message, was)
            .impact(Impact::breaking(&[Surface::Wire]));
        change.exchanges = vec![missed(was)];
        walk.report(change);
        said = true;
    }
    for is in fresh {
        let message = format!("`{is}` was added");
        let change = change(&HTTP_BINDING_ADDED, (element, edited), message, is);
        walk.report(change);
        said = true;
    }
    said
}

/// Compares what crosses on a route that both sides have.
fn compare_pair<'a>(
    walk: &mut Walk<'a>,
    at: (&Annotated<'a>, &Edited<'_>),
    was: &Binding,
    is: &Binding,
) -> bool {
    let word = |body: &str, none: &str| match body {
        "" => none.to_owned(),
        "*" => "the whole request".to_owned(),
        field => format!("`{field}`"),
    };
    let parts = [
        ("body", &was.body, &is.body, "nothing"),
        ("response body", &was.response_body, &is.response_body, "the whole response"),
    ];
    let mut said = false;
    for (part, before, after, none) in parts {
        if before != after {
            let (after, before) = (word(after, none), word(before, none));
            let message = format!("the {part} of `{is}` is {after}, no longer {before}");
            let change = change(&HTTP_BODY_CHANGED, at, message, is)
                .impact(Impact::breaking(&[Surface::Json]));
            walk.report(change);
            said = true;
        }
    }
    if was.path.fields != is.path.fields && was.path.segments == is.path.segments {
        let message = format!("`{was}` became `{is}`");
        walk.report(change(&HTTP_VARIABLE_CHANGED, at, message, is));
        said = true;
    }
    said
}

fn change<'a>(
    rule: &'static Rule,
    (element, edited): (&Annotated<'a>, &Edited<'_>),
    message: String,
    binding: &Binding,
) -> Change<'a> {
    let (old, new) = element.spans;
    Change::new(rule, element.scope.clone(), message.clone())
        .spans(
            Some(edited.old.map_or(old, |one| one.span)),
            Some(edited.new.map_or(new, |one| one.span)),
        )
        .evidence([binding.to_string(), message])
}

/// A request that is answered no longer.
fn missed(was: &Binding) -> Witness {
    Witness {
        writer: WitnessSide::Old,
        polarity: Polarity::Request,
        effect: WitnessEffect::Refused,
        surface: Surface::Wire,
        form: WitnessForm::Http(Box::new(HttpForm {
            method: was.verb.as_str().into(),
            target: was.path.sample(),
            headers: Vec::new(),
            body: None,
            response: None,
        })),
        value: None,
        focus: String::new(),
        read_as: None,
        relayed_as: None,
        because: "no route leads there".to_owned(),
        confirmed_by: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::parse(&text.into())
    }

    #[test]
    fn a_variable_stands_for_its_pattern() {
        let one = template("/v1/{name=shelves/*/books/*}:publish");
        let other = template("/v1/shelves/{shelf}/books/{book}:publish");
        assert_eq!(one.segments, other.segments);
        assert_eq!((one.action.as_str(), &one.fields[..]), ("publish", &["name".to_owned()][..]));
        assert_eq!(one.sample(), "/v1/shelves/a/books/a:publish");
    }

    #[test]
    fn a_wider_pattern_covers_a_narrower_one() {
        let covers = |new, old| template(new).covers(&template(old));
        assert!(covers("/v1/{name=**}", "/v1/{name=shelves/*}"));
        assert!(covers("/v1/{id}", "/v1/all"));
        assert!(!covers("/v1/all", "/v1/{id}"));
        assert!(!covers("/v1/{name=**}", "/v1/{name=shelves/*}:publish"));
        assert!(!covers("/v1/{id}", "/v1/a/b"));
    }
}
