//! Text that came from an input, made safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that a terminal obeys, or that nobody sees, written as `\u{…}`.
///
/// Names and values in a contract are somebody else's. An escape sequence among them could repaint
/// the screen, a line break forge a line of the report, and a bidirectional or invisible character
/// make two different names look alike (Unicode Technical Report 36, sections 2.5 and 3.6).
///
/// Where a build runs, its log is read by a machine: what begins with `::` or holds `##[` is a
/// command to some of them, and loses its second character.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) && !text.starts_with("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for (index, character) in text.char_indices() {
        match character {
            ':' if index == 1 && text.starts_with("::") => safe.push_str("\\u{3a}"),
            '[' if ends_in_command(text.get(..index).unwrap_or("")) => safe.push_str("\\u{5b}"),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(hidden));
            }
            shown => safe.push(shown),
        }
    }
    Cow::Owned(safe)
}

/// Whether a `[` behind this text would make it a command to a build: `##[` or `##vso[`.
fn ends_in_command(before: &str) -> bool {
    before.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).ends_with("##")
}

/// Controls, and what has no width or changes the direction of its neighbours.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "POST /orders › body", "naïve 東京 🚢", "a\\b \"c\" `d`"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn hostile_names_show_what_they_are() {
        for (name, shown) in [
            ("a\u{1b}[31mred", "a\\u{1b}[31mred"),
            ("two\nlines", "two\\nlines"),
            ("\rfirst", "\\rfirst"),
            ("tab\there", "tab\\there"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe"),
            ("pay\u{200b}load", "pay\\u{200b}load"),
            ("\u{feff}bom", "\\u{feff}bom"),
            ("a\u{2028}b", "a\\u{2028}b"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("nul\0", "nul\\u{0}"),
            ("del\u{7f}", "del\\u{7f}"),
            ("::error::no", ":\\u{3a}error::no"),
            ("say ##[error]no", "say ##\\u{5b}error]no"),
            ("##vso[task.setvariable]", "##vso\\u{5b}task.setvariable]"),
            ("## [1]", "## [1]"),
            ("a::b", "a::b"),
        ] {
            assert_eq!(escape(name), shown);
        }
    }

    #[test]
    fn nothing_hidden_is_left_of_any_character() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let safe = escape(&text);
            assert!(!safe.chars().any(is_hidden), "{:x}", u32::from(character));
            assert!(!safe.chars().any(char::is_control), "{:x}", u32::from(character));
        }
    }
}
