//! Texts, and bytes as texts of small code points: decided as languages.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Condition, Found, Kind, first_of};
use crate::model::Json;
use crate::subtype::language::{Language, Query, Search, find as search};

/// The longest text that is made up.
const MOST_LONG: u64 = 4_096;

/// What the conditions come to.
#[derive(Default)]
struct Asked {
    all: Vec<Language>,
    none: Vec<Language>,
    length: Range,
    size: Range,
    except: BTreeSet<Arc<str>>,
    /// Whether nothing satisfies a part.
    is_void: bool,
}

/// How much, from least to most.
#[derive(Clone, Copy, Default)]
struct Range {
    least: u64,
    most: Option<u64>,
}

impl Range {
    fn and(&mut self, least: u64, most: Option<u64>) {
        self.least = self.least.max(least);
        self.most = match (self.most, most) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }
}

/// A text that all conditions admit and the last one refuses.
pub(super) fn find(kind: &Kind, conditions: &[Condition], refused: Option<&Condition>) -> Found {
    let listed = conditions.iter().find_map(|one| {
        let Condition::Among(listed) = one else { return None };
        Some(listed)
    });
    if let Some(listed) = listed {
        return first_of(listed.iter().cloned(), conditions, refused);
    }
    let Some(refused) = refused else { return of_ranges(kind, conditions, Asked::default()) };
    let mut unknown = Found::Nothing;
    for asked in refusals(refused) {
        match of_ranges(kind, conditions, asked) {
            Found::Nothing => {}
            Found::Value(value) if refused.allows(&value) == Some(false) => {
                return Found::Value(value);
            }
            Found::Value(_) | Found::Unknown => unknown = Found::Unknown,
        }
    }
    unknown
}

/// The ways not to meet a condition.
fn refusals(condition: &Condition) -> Vec<Asked> {
    let mut ways = Vec::new();
    let mut way = |make: &dyn Fn(&mut Asked)| {
        let mut asked = Asked::default();
        make(&mut asked);
        ways.push(asked);
    };
    match condition {
        Condition::Length(least, most) => {
            if let Some(below) = least.checked_sub(1) {
                way(&|asked| asked.length.and(0, Some(below)));
            }
            if let Some(above) = most.and_then(|most| most.checked_add(1)) {
                way(&|asked| asked.length.and(above, None));
            }
        }
        Condition::Size(least, most) => {
            if let Some(below) = least.checked_sub(1) {
                way(&|asked| asked.size.and(0, Some(below)));
            }
            if let Some(above) = most.and_then(|most| most.checked_add(1)) {
                way(&|asked| asked.size.and(above, None));
            }
        }
        Condition::In(language) => way(&|asked| asked.none.push(language.clone())),
        Condition::NotIn(language) => way(&|asked| asked.all.push(language.clone())),
        Condition::Among(listed) => way(&|asked| asked.except.extend(texts(listed))),
        Condition::Beyond(listed) => {
            way(&|asked| asked.all.push(Language::words(texts(listed))));
        }
        // It is asked what the others admit: where that is nothing, it refuses nothing of it.
        Condition::Unknown(_) => way(&|_| {}),
        Condition::Within(_) | Condition::Finite => {}
    }
    ways
}

fn texts(listed: &BTreeSet<Json>) -> impl Iterator<Item = Arc<str>> {
    listed.iter().filter_map(|value| match value {
        Json::String(text) => Some(text.clone()),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    })
}

fn of_ranges(kind: &Kind, conditions: &[Condition], mut asked: Asked) -> Found {
    let mut is_known = true;
    for condition in conditions {
        match condition {
            Condition::Length(least, most) => asked.length.and(*least, *most),
            Condition::Size(least, most) => asked.size.and(*least, *most),
            Condition::In(language) => asked.all.push(language.clone()),
            Condition::NotIn(language) => asked.none.push(language.clone()),
            Condition::Beyond(listed) => asked.except.extend(texts(listed)),
            Condition::Among(listed) => asked.all.push(Language::words(texts(listed))),
            Condition::Within(_) | Condition::Finite => asked.is_void = true,
            Condition::Unknown(_) => is_known = false,
        }
    }
    if matches!(kind, Kind::Bytes) {
        let Ok(bytes) = Language::pattern("^[\\u0000-\\u00ff]*$") else { return Found::Unknown };
        asked.all.push(bytes);
        let Range { least, most } = std::mem::take(&mut asked.size);
        asked.length.and(least, most);
    }
    match asked.answer() {
        Found::Value(_) if !is_known => Found::Unknown,
        other @ (Found::Value(_) | Found::Nothing | Found::Unknown) => other,
    }
}

impl Asked {
    fn answer(&mut self) -> Found {
        if self.is_void || self.length.is_empty() || self.size.is_empty() {
            return Found::Nothing;
        }
        // A code point takes one byte to four.
        let Range { least, most } = self.size;
        let mut length = self.length;
        length.and(least.div_ceil(4), most);
        if length.is_empty() {
            return Found::Nothing;
        }
        let (found, is_whole) = self.ask(length, None);
        match found {
            Search::Empty if is_whole => return Found::Nothing,
            Search::Found(text) if self.fits(&text) => return Found::Value(Json::string(text)),
            Search::Empty | Search::Exhausted(_) => return Found::Unknown,
            Search::Found(_) => {}
        }
        let classes = [
            (1, "^[\\u0000-\\u007f]*$"),
            (2, "^[\\u0080-\\u07ff]*$"),
            (3, "^[\\u0800-\\uffff]*$"),
            (4, "^[\\u{10000}-\\u{10ffff}]*$"),
        ];
        for (bytes, class) in classes {
            let mut length = length;
            length.and(least.div_ceil(bytes), most.map(|most| most / bytes));
            let Ok(class) = Language::pattern(class) else { continue };
            if length.is_empty() {
                continue;
            }
            if let (Search::Found(text), _) = self.ask(length, Some(&class))
                && self.fits(&text)
            {
                return Found::Value(Json::string(text));
            }
        }
        self.mixed(length).map_or(Found::Unknown, |text| Found::Value(Json::string(text)))
    }

    fn ask(&self, length: Range, class: Option<&Language>) -> (Search, bool) {
        let query = Query {
            all: self.all.iter().chain(class).collect(),
            none: self.none.iter().collect(),
            min_length: length.least,
            max_length: length.most,
            except: &self.except,
        };
        (search(&query), class.is_none())
    }

    fn fits(&self, text: &str) -> bool {
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        size >= self.size.least && self.size.most.is_none_or(|most| size <= most)
    }

    /// A text of letters of unlike sizes, where nothing but sizes is demanded.
    fn mixed(&self, length: Range) -> Option<String> {
        if !self.all.is_empty() || !self.none.is_empty() || length.least > MOST_LONG {
            return None;
        }
        let size = self.size.least.max(length.least);
        let mut extra = usize::try_from(size - length.least).ok()?;
        let letters = ['a', 'é', '€', '😀'];
        let mut text = String::new();
        for _ in 0..length.least {
            let more = extra.min(3);
            text.push(*letters.get(more)?);
            extra -= more;
        }
        Some(text).filter(|text| self.fits(text) && !self.except.contains(&**text))
    }
}

/// The text of a value.
pub(super) fn of(value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => Some(text),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

pub(super) fn length(value: &Json) -> Option<u64> {
    u64::try_from(of(value)?.chars().count()).ok()
}

pub(super) fn size(value: &Json) -> Option<u64> {
    u64::try_from(of(value)?.len()).ok()
}
