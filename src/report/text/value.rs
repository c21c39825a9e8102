//! A JSON value in one line, the part that matters kept where it is long.

use std::fmt::Write as _;

use crate::model::Json;
use crate::report::escape::escape;

/// How many characters of a value are shown in full.
const MOST_CHARACTERS: usize = 200;
/// How many characters of one string are shown where the value is too long.
const MOST_OF_A_STRING: usize = 60;
/// How deep a value is shown.
const MOST_DEPTH: usize = 32;

/// The value, spaced for people; what does not lead to `focus` is elided where it is too long.
pub(super) fn inline(value: &Json, focus: &str) -> String {
    let mut full = Writer { text: String::new(), limit: MOST_CHARACTERS };
    if full.value(value, MOST_DEPTH) {
        return full.text;
    }
    let mut text = String::new();
    let steps: Vec<String> = focus.split('/').skip(1).map(unescaped).collect();
    along(value, &steps, &mut text);
    text
}

/// A step of a JSON Pointer (RFC 6901 section 4).
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Shows the way to the focus, with `…` for what stands beside it, and the focus as far as it fits.
fn along(value: &Json, steps: &[String], text: &mut String) {
    let step = steps.split_first();
    match (value, step) {
        (Json::Object(members), Some((name, rest))) if members.contains_key(name.as_str()) => {
            text.push('{');
            text.push_str(&quoted(name));
            text.push_str(": ");
            if let Some(next) = members.get(name.as_str()) {
                along(next, rest, text);
            }
            text.push_str(if members.len() > 1 { ", …}" } else { "}" });
        }
        (Json::Array(elements), Some((index, rest))) => {
            let index = index.parse::<usize>().unwrap_or(0);
            text.push_str(if index > 0 { "[…, " } else { "[" });
            if let Some(next) = elements.get(index) {
                along(next, rest, text);
            }
            text.push_str(if elements.len() > index + 1 { ", …]" } else { "]" });
        }
        (leaf, _) => {
            let mut part = Writer { text: String::new(), limit: MOST_CHARACTERS };
            if !part.value(leaf, MOST_DEPTH) {
                part.text = part.text.chars().take(MOST_CHARACTERS).collect();
                part.text.push('…');
            }
            text.push_str(&part.text);
        }
    }
}

/// Writes until there is enough; each step answers whether everything fitted.
struct Writer {
    text: String,
    limit: usize,
}

impl Writer {
    fn value(&mut self, value: &Json, depth: usize) -> bool {
        let Some(deeper) = depth.checked_sub(1) else { return false };
        match value {
            Json::Null => self.push("null"),
            Json::Boolean(true) => self.push("true"),
            Json::Boolean(false) => self.push("false"),
            Json::Number(number) => {
                let _ = write!(self.text, "{number}");
                self.fits()
            }
            Json::String(text) => self.push(&quoted(text)),
            Json::Array(elements) => {
                let mut fits = self.push("[");
                for (index, element) in elements.iter().enumerate() {
                    fits = fits && (index == 0 || self.push(", ")) && self.value(element, deeper);
                }
                fits && self.push("]")
            }
            Json::Object(members) => {
                let mut fits = self.push("{");
                for (index, (name, member)) in members.iter().enumerate() {
                    fits = fits
                        && (index == 0 || self.push(", "))
                        && self.push(&quoted(name))
                        && self.push(": ")
                        && self.value(member, deeper);
                }
                fits && self.push("}")
            }
        }
    }

    fn push(&mut self, text: &str) -> bool {
        self.text.push_str(text);
        self.fits()
    }

    fn fits(&self) -> bool {
        self.text.len() <= self.limit
    }
}

/// A string as JSON writes it, with what nobody sees escaped, and its middle left out if it is long.
fn quoted(text: &str) -> String {
    let count = text.chars().count();
    if count <= MOST_OF_A_STRING {
        return escape(&Json::string(text).to_string()).into_owned();
    }
    let start: String = text.chars().take(MOST_OF_A_STRING / 2).collect();
    let start = Json::string(start).to_string();
    format!("{}…\" ({count} characters)", escape(start.trim_end_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_value_is_shown_whole() {
        let value = Json::object([("a", Json::array([Json::Null, Json::string("x\u{202e}")]))]);
        assert_eq!(inline(&value, ""), "{\"a\": [null, \"x\\u{202e}\"]}");
    }

    #[test]
    fn a_long_value_shows_the_way_to_its_focus() {
        let filler = || Json::array((0..40).map(|_| Json::string("filler")));
        let value = Json::object([
            ("a/b", Json::array([filler(), Json::object([("x", Json::Null), ("y", filler())])])),
            ("z", filler()),
        ]);
        assert_eq!(inline(&value, "/a~1b/1/x"), "{\"a/b\": […, {\"x\": null, …}], …}");
    }

    #[test]
    fn a_deep_value_and_a_long_string_are_cut() {
        let deep = (0..5_000).fold(Json::Null, |inner, _| Json::array([inner]));
        assert!(inline(&deep, "").len() < 300);
        assert_eq!(
            inline(&Json::string("x".repeat(300)), ""),
            format!("\"{}…\" (300 characters)", "x".repeat(30))
        );
    }
}
