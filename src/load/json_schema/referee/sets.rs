//! Sets of characters in patterns, spelled out.
//!
//! The validator hands a pattern that looks around or back to an engine as it is, to which a dot is
//! anything but a line feed, and digits, words and spaces are those of Unicode: other texts than
//! ECMA-262 means, and far larger machines.

/// What a dot is (ECMA-262, 12.3 and 22.2.2.7).
const DOT: &str = r"[^\n\r\u2028\u2029]";

/// Where one side is a letter of words, and the other is not (ECMA-262, 22.2.2.4): `\b`, and `\B`.
const BOUNDARY: &str = "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))";
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))";

/// What stands in a class for the set that an escape names (ECMA-262, 22.2.2.9, 12.2 and 12.3).
fn set(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some("0-9"),
        'D' => Some(r"\x00-\x2f\x3a-\u{10ffff}"),
        'w' => Some("0-9A-Z_a-z"),
        'W' => Some(r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\u{10ffff}"),
        's' => Some(r"\x09-\x0d\x20\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"),
        'S' => Some(concat!(
            r"\x00-\x08\x0e-\x1f\x21-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027",
            r"\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\u{10ffff}",
        )),
        _ => None,
    }
}

/// The pattern, which follows the grammar of the flag `u`, with what the validator or its engine would
/// read otherwise put as ranges and looks to the sides.
pub(super) fn spelled_out(pattern: &str) -> String {
    let mut spelled = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('c') if letters.peek().is_some_and(char::is_ascii_alphabetic) => {
                    let control = letters.next().map_or(0, |letter| u32::from(letter) % 32);
                    let digit = |value: u32| char::from_digit(value % 16, 16);
                    spelled.push_str(r"\x");
                    spelled.extend(digit(control / 16).into_iter().chain(digit(control)));
                }
                Some('0') => spelled.push_str(r"\x00"),
                Some(escaped) => match (set(escaped), in_class) {
                    (Some(set), true) => spelled.push_str(set),
                    (Some(set), false) => spelled.extend(["[", set, "]"]),
                    (None, _) => spell_boundary(escaped, in_class, &mut spelled),
                },
                None => spelled.push('\\'),
            },
            '.' if !in_class => spelled.push_str(DOT),
            _ => spelled.push(letter),
        }
        match letter {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
    }
    spelled
}

/// An escape that names no set: in a class `\b` is a character.
fn spell_boundary(escaped: char, in_class: bool, spelled: &mut String) {
    match (escaped, in_class) {
        ('b', true) => spelled.push_str(r"\x08"),
        ('b', false) => spelled.push_str(BOUNDARY),
        ('B', false) => spelled.push_str(NO_BOUNDARY),
        _ => spelled.extend(['\\', escaped]),
    }
}
