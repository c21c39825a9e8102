//! Deprecation, sunset and stability.

use std::sync::Arc;

use super::Stated;
use crate::source::Span;

/// How far along its life an element is, as far as the contract says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// Where the element is announced as going away (RFC 9745's sense), if it is.
    pub deprecated: Option<Span>,
    /// The date after which it may be removed (RFC 8594's sense).
    pub sunset: Option<Stated<Sunset>>,
    /// How settled the element is.
    pub stability: Stability,
}

/// The date after which an element may be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sunset {
    /// As written.
    pub text: Arc<str>,
    /// The day; `None` where the text is no date.
    pub day: Option<Day>,
}

impl Sunset {
    /// The date that a text says: one of RFC 3339, alone or with a time after it, or one as HTTP
    /// writes it (RFC 8594 §3, RFC 9110 §5.6.7).
    pub fn read(text: Arc<str>) -> Self {
        let trimmed = text.trim();
        let part = |length, read: fn(&str) -> Option<Day>, after: &[char]| {
            let (date, rest) = trimmed.split_at_checked(length)?;
            read(date).filter(|_| rest.is_empty() || rest.starts_with(after))
        };
        let day = part(10, |date| date.parse().ok(), &['T', 't', ' '])
            .or_else(|| part(16, |date| Day::strptime("%a, %d %b %Y", date).ok(), &[' ']));
        Self { text, day }
    }
}

/// A day of the calendar.
pub type Day = jiff::civil::Date;

/// How settled an element is; less settled elements may change under policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// Not meant for use.
    Draft,
    /// May change at any time.
    Alpha,
    /// May change with notice.
    Beta,
    /// Settled; what is meant when nothing is said.
    #[default]
    Stable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_both_standards_write_them() {
        let day = |text: &str| Sunset::read(text.into()).day.map(|day| day.to_string());
        let first = Some("2020-01-01".to_owned());
        assert_eq!(day("2020-01-01"), first);
        assert_eq!(day("2020-01-01T00:00:00Z"), first);
        assert_eq!(day("Wed, 01 Jan 2020 00:00:00 GMT"), first);
        assert_eq!(day("Thu, 01 Jan 2020 00:00:00 GMT"), None);
        assert_eq!(day("2020-01-011"), None);
        assert_eq!(day("soon"), None);
    }
}
