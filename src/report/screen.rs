//! The terminal that a person reads at.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in the path of a URL as it is (RFC 3986 sections 2.3 and 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A terminal. What is written to a file or a pipe has none: nothing is broken or linked there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// How many characters fit on a line.
    pub columns: usize,
    /// The folder in which the paths of head begin, if they are files here.
    pub root: Option<Root>,
}

/// A folder as a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    url: String,
}

impl Root {
    /// The folder with this absolute path.
    pub fn new(path: &str) -> Self {
        let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
        let path = utf8_percent_encode(path.trim_matches('/'), PATH);
        // A drive keeps its colon.
        let path = path.to_string().replacen("%3A", ":", usize::from(cfg!(windows)));
        Self { url: format!("file:///{path}/") }
    }
}

impl Screen {
    /// The text as a link to a file of head (OSC 8); as it is where there is no such file.
    pub(super) fn link<T: fmt::Display>(&self, path: &str, text: T) -> String {
        match &self.root {
            Some(Root { url }) => {
                let path = utf8_percent_encode(path, PATH);
                format!("\u{1b}]8;;{url}{path}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            None => text.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_nothing_that_ends_it() {
        let screen = Screen { columns: 80, root: Some(Root::new("/home/a b")) };
        assert_eq!(
            screen.link("x\u{1b}\\#?.yaml", "x"),
            "\u{1b}]8;;file:///home/a%20b/x%1B%5C%23%3F.yaml\u{1b}\\x\u{1b}]8;;\u{1b}\\"
        );
        assert_eq!(Screen { columns: 80, root: None }.link("x", "y"), "y");
    }
}
