//! HTTP routes to calls, as `google.api.http` states them.

use std::fmt;
use std::sync::Arc;

use crate::model::Json;

/// A route to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binding {
    pub(super) verb: String,
    pub(super) path: Template,
    pub(super) body: Arc<str>,
    pub(super) response_body: Arc<str>,
}

/// A path with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) segments: Vec<Segment>,
    /// What follows the last segment after a colon.
    pub(super) action: String,
    /// The fields that its parts are read into, in order.
    pub(super) fields: Vec<String>,
    pub(super) text: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
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
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.action == other.action && covers(&self.segments, &other.segments)
    }

    /// A path that it matches.
    pub(super) fn sample(&self) -> String {
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

impl Binding {
    /// Whether it serves the same requests.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.verb == other.verb
            && self.path.action == other.path.action
            && self.path.segments == other.path.segments
    }

    /// Whether every request of the other is one of its own.
    pub(super) fn serves(&self, other: &Self) -> bool {
        self.verb == other.verb && self.path.covers(&other.path)
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.verb, self.path.text)
    }
}

/// The bindings of a call, the first one first.
pub(super) fn bindings(option: Option<&Json>) -> Vec<Binding> {
    let Some(Json::Object(members)) = option else { return Vec::new() };
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
    own.into_iter().chain(further.iter().flat_map(|one| bindings(Some(one)))).collect()
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
