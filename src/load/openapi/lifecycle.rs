//! How settled an element is: `deprecated` and the extensions that authors use.

use super::node::Node;
use super::reader::Reader;
use crate::model::{Lifecycle, Stability, Stated, Sunset};

/// Spellings of the date after which an element may go.
const SUNSET: [&str; 4] = ["x-sunset", "x-sunset-date", "x-sunsetDate", "sunset"];

impl Reader<'_> {
    /// What the object says of its own future.
    pub(super) fn lifecycle(&mut self, node: &Node) -> Lifecycle {
        let mut deprecated = None;
        for name in ["deprecated", "x-deprecated"] {
            if let Some(member) = node.get(name)
                && says_yes(&member)
            {
                deprecated = deprecated.or(Some(member.span()));
            }
        }
        let sunset = self.sunset(node);
        let stability = self.stability(node);
        Lifecycle { deprecated, sunset, stability }
    }

    /// The date after which the object may go, as it says itself.
    pub(super) fn sunset(&mut self, node: &Node) -> Option<Stated<Sunset>> {
        let sunset = SUNSET.iter().find_map(|name| {
            let member = node.get(name)?;
            let text = member.scalar()?;
            Some(Stated { value: Sunset::read(text), span: member.span() })
        });
        if let Some(Stated { value: Sunset { text, day: None }, span }) = &sunset {
            self.warn(*span, format!("`{text}` is no date: write 2027-01-31"));
        }
        sunset
    }

    fn stability(&mut self, node: &Node) -> Stability {
        if let Some(member) = node.get("x-stability-level").or_else(|| node.get("x-stability")) {
            let level = member.scalar().unwrap_or_default().to_ascii_lowercase();
            match level.as_str() {
                "draft" => return Stability::Draft,
                "alpha" | "experimental" => return Stability::Alpha,
                "beta" | "preview" => return Stability::Beta,
                "stable" | "ga" | "deprecated" => return Stability::Stable,
                _ => {
                    let known = "draft, alpha, beta, stable";
                    self.warn(member.span(), format!("unknown stability level: use {known}"));
                }
            }
        }
        let marked = |name: &str| node.get(name).is_some_and(|member| says_yes(&member));
        if marked("x-alpha") || marked("x-experimental") {
            Stability::Alpha
        } else if marked("x-beta") {
            Stability::Beta
        } else {
            Stability::Stable
        }
    }
}

/// Anything but `false` and `null`: authors write dates and texts after `x-deprecated` too.
fn says_yes(node: &Node) -> bool {
    !node.is_null() && node.scalar().as_deref() != Some("false")
}
