//! Values of the config that are more than a word: patterns, kinds, rules, dates.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

use super::read::suggestion;
use crate::load::Format;
use crate::rules::{self, Rule};
use crate::source::{Folder, Kind, Pattern, RepoPath};

/// A day of the calendar; it ends where the day ends in UTC.
pub type Day = crate::model::Day;

impl<'d> Deserialize<'d> for Pattern {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::new(&text).map_err(|why| D::Error::custom(format_args!("`{text}`: {why}")))
    }
}

impl<'d> Deserialize<'d> for Folder {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        let path = text.strip_prefix("./").unwrap_or(&text).trim_end_matches('/');
        if text == "." || text == "./" {
            return Ok(Self::default());
        }
        let is_plain = Pattern::new(path).is_ok_and(|pattern| pattern.plain().is_some());
        if RepoPath::new(path).is_err() || !is_plain {
            return Err(D::Error::custom(format_args!(
                "`{text}`: name one folder by its path from the root of the repository, which is `.`"
            )));
        }
        Ok(Self::new(path))
    }
}

/// A rule of the catalogue, named by its id.
#[derive(Clone, Copy)]
pub struct RuleId(pub &'static Rule);

impl RuleId {
    /// The rule of this id.
    ///
    /// # Errors
    /// When there is none; in words, with the id that may have been meant.
    pub fn named(id: &str) -> Result<Self, String> {
        rules::find(id).map(Self).ok_or_else(|| {
            let near = suggestion(id, rules::catalogue().map(|rule| rule.id));
            let near = if near.is_empty() { "; `unbroken rules` lists them" } else { &near };
            format!("there is no rule `{id}`{near}")
        })
    }

    /// The id.
    pub fn as_str(self) -> &'static str {
        self.0.id
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.id.fmt(out)
    }
}

impl PartialEq for RuleId {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for RuleId {}

impl PartialOrd for RuleId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RuleId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.id.cmp(other.0.id)
    }
}

impl<'d> Deserialize<'d> for RuleId {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let id = Cow::<str>::deserialize(from)?;
        Self::named(&id).map_err(D::Error::custom)
    }
}

/// A kind of contract, named as the flag `--kind` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindWord(pub Kind);

impl<'d> Deserialize<'d> for KindWord {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let word = Cow::<str>::deserialize(from)?;
        let known = Format::ALL.map(Format::name);
        let found = Format::ALL.into_iter().find(|format| format.name() == word);
        found.map(|format| Self(format.into())).ok_or_else(|| {
            let near = suggestion(&word, known);
            let known = known.join("`, `");
            D::Error::custom(format_args!("unknown kind `{word}`{near} (one of `{known}`)"))
        })
    }
}

/// Reads a date as `YYYY-MM-DD` (RFC 3339 §5.6, `full-date`).
///
/// # Errors
/// When it is none; in words.
pub fn day(text: &str) -> Result<Day, String> {
    let parsed = if text.len() == "2027-01-31".len() { text.parse::<Day>().ok() } else { None };
    parsed.ok_or_else(|| format!("`{text}` is no date; write it as 2027-01-31"))
}

/// Reads a date for a field of the config.
pub(in crate::policy) fn read_day<'d, D: Deserializer<'d>>(from: D) -> Result<Day, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    day(&text).map_err(D::Error::custom)
}

/// The same, where the date may be left out.
pub(in crate::policy) fn read_optional_day<'d, D: Deserializer<'d>>(
    from: D,
) -> Result<Option<Day>, D::Error> {
    let text = Option::<Cow<'_, str>>::deserialize(from)?;
    text.map(|text| day(&text).map_err(D::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way() {
        assert!(day("2027-01-31").is_ok());
        for wrong in ["2027-02-30", "2027-1-31", "20270131", "2027-01-31T00:00:00", "soon", ""] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }
}
