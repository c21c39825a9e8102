//! Events that a server sends, as lines (HTML §9.2.6, OpenAPI 3.2.0 §4.14.3.2).

use std::fmt::Write as _;

use super::written::text;
use crate::model::Json;

/// The stream of one event, or of each element of a list: a field is a line, and one with several
/// lines is as many. A text by itself is the stream as it is.
pub(super) fn stream(value: &Json) -> String {
    match value {
        Json::Array(events) => {
            let events: Vec<String> = events.iter().map(event).collect();
            events.join("\n")
        }
        Json::Object(_) => event(value),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => text(value),
    }
}

fn event(value: &Json) -> String {
    let mut lines = String::new();
    let mut field = |name: &str, value: &Json| {
        for line in text(value).split('\n') {
            let _ = writeln!(lines, "{name}: {line}");
        }
    };
    match value {
        Json::Object(members) => members.iter().for_each(|(name, value)| field(name, value)),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            field("data", value);
        }
    }
    lines
}
