//! Text of an input as Markdown that means just that text.

use crate::report::escape::escape;

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In running text or a list.
    Text,
    /// In a cell of a table, where a bar would end it.
    Cell,
    /// In a tag of HTML, where Markdown is not read.
    Html,
}

/// The text as code: no markup, no link, no mention (`CommonMark` section 6.1).
pub(super) fn code(text: &str, place: Place) -> String {
    let text = escape(text);
    if place == Place::Html {
        return format!("<code>{}</code>", html(&text));
    }
    let text = match place {
        Place::Cell => text.replace('|', "\\|"),
        Place::Text | Place::Html => text.into_owned(),
    };
    if text.trim().is_empty() {
        return if text.is_empty() { "(empty)".to_owned() } else { "(blank)".to_owned() };
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A space keeps a backtick at an end apart from the fence; a renderer takes it away again.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence of ours that may quote names: what stands between backticks becomes code, and so does
/// every word that could be anything else than a word.
pub(super) fn prose(text: &str, place: Place) -> String {
    let text = escape(text);
    let mut out = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && balanced {
            out.push_str(&code(part, place));
            continue;
        }
        for piece in part.split_inclusive(' ') {
            let word = piece.trim_end_matches(' ');
            let (before, core, after) = dressed(word);
            if is_plain(core) {
                out.push_str(word);
            } else {
                out.push_str(before);
                out.push_str(&code(core, place));
                out.push_str(after);
            }
            out.push_str(piece.get(word.len()..).unwrap_or(""));
        }
        if !balanced && index + 1 < parts.len() {
            out.push_str(&code("`", place));
        }
    }
    out
}

/// Lines in a block that ends where they end, whatever they hold (`CommonMark` section 4.5).
pub(super) fn fenced(language: &str, lines: &str) -> String {
    let fence = "`".repeat(longest_run(lines).max(2) + 1);
    format!("{fence}{language}\n{lines}\n{fence}\n")
}

/// Characters that end text in HTML, as references.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A word apart from the punctuation of its sentence around it.
fn dressed(word: &str) -> (&str, &str, &str) {
    let rest = word.trim_start_matches('(');
    let core = rest.trim_end_matches(['.', ',', ';', ':', ')', '?']);
    let (before, after) = (word.len() - rest.len(), core.len());
    (word.get(..before).unwrap_or(""), core, rest.get(after..).unwrap_or(""))
}

/// A word or number: never a link, a mention or markup.
fn is_plain(core: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c == '’' || c == '\'')
    };
    core.is_empty()
        || ["→", "›", "·", "…", "–"].contains(&core)
        || core.split('.').all(is_number)
        || core.split('-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_whatever_it_is_given() {
        for (text, place, shown) in [
            ("a", Place::Text, "`a`"),
            ("a`b", Place::Text, "``a`b``"),
            ("`a", Place::Text, "`` `a ``"),
            ("a|b", Place::Text, "`a|b`"),
            ("a|b", Place::Cell, "`a\\|b`"),
            ("<b>&\"", Place::Html, "<code>&lt;b&gt;&amp;&quot;</code>"),
            ("", Place::Text, "(empty)"),
            ("a\nb", Place::Text, "`a\\nb`"),
        ] {
            assert_eq!(code(text, place), shown);
        }
    }

    #[test]
    fn prose_keeps_words_and_makes_code_of_the_rest() {
        for (text, shown) in [
            ("`email` became required", "`email` became required"),
            ("changed from 100 to 250.", "changed from 100 to 250."),
            (
                "needs a major version, declares 1.4.0 → 1.5.0",
                "needs a major version, declares 1.4.0 → 1.5.0",
            ),
            ("`a` @team `b` is", "`a` `@team` `b` is"),
            ("until 2027-06-30: by (@acme/orders)", "until `2027-06-30`: by (`@acme/orders`)"),
            ("see https://a.b and www.a.b", "see `https://a.b` and `www.a.b`"),
            ("odd ` one", "odd `` ` `` one"),
            ("<script> #12 GH-1 **x**", "`<script>` `#12` `GH-1` `**x**`"),
        ] {
            assert_eq!(prose(text, Place::Text), shown);
        }
    }

    #[test]
    fn a_block_ends_at_its_own_fence() {
        assert_eq!(fenced("diff", "- ```\n+ x"), "````diff\n- ```\n+ x\n````\n");
    }
}
