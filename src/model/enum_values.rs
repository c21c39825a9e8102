//! The values of an enumeration, found by name and by number.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use foldhash::fast::FixedState;

use super::message::EnumValue;

/// The values of an enumeration in the order of their declaration.
///
/// Each of them is looked up on the other side: to go through all for that would cost the square of
/// their number.
#[derive(Clone, Debug, Default)]
pub struct EnumValues {
    listed: Vec<EnumValue>,
    found: OnceLock<Found>,
}

/// Positions in the list.
#[derive(Clone, Debug, Default)]
struct Found {
    names: HashMap<Arc<str>, usize, FixedState>,
    json_names: HashMap<Arc<str>, usize, FixedState>,
    numbers: HashMap<i32, Vec<usize>, FixedState>,
}

impl EnumValues {
    /// The first value of this name.
    pub fn named(&self, name: &str) -> Option<&EnumValue> {
        self.listed.get(*self.found().names.get(name)?)
    }

    /// The values that have the number; the first one has the canonical name.
    pub fn numbered(&self, number: i32) -> impl Iterator<Item = &EnumValue> {
        let positions = self.found().numbers.get(&number);
        positions.into_iter().flatten().filter_map(|at| self.listed.get(*at))
    }

    /// The first value that readers of JSON take the name for.
    pub fn called(&self, name: &str) -> Option<&EnumValue> {
        let found = self.found();
        let known = [found.names.get(name), found.json_names.get(name)];
        self.listed.get(*known.into_iter().flatten().min()?)
    }

    /// The value at a position, to be edited.
    pub fn edit(&mut self, position: usize) -> Option<&mut EnumValue> {
        self.found.take();
        self.listed.get_mut(position)
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| {
            let mut found = Found::default();
            for (at, value) in self.listed.iter().enumerate() {
                found.names.entry(Arc::clone(&value.name)).or_insert(at);
                found.json_names.entry(Arc::clone(&value.json_name)).or_insert(at);
                found.numbers.entry(value.number).or_default().push(at);
            }
            found
        })
    }
}

impl Deref for EnumValues {
    type Target = [EnumValue];

    fn deref(&self) -> &[EnumValue] {
        &self.listed
    }
}

impl From<Vec<EnumValue>> for EnumValues {
    fn from(listed: Vec<EnumValue>) -> Self {
        Self { listed, found: OnceLock::new() }
    }
}

impl FromIterator<EnumValue> for EnumValues {
    fn from_iter<I: IntoIterator<Item = EnumValue>>(values: I) -> Self {
        values.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'v> IntoIterator for &'v EnumValues {
    type Item = &'v EnumValue;
    type IntoIter = std::slice::Iter<'v, EnumValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.listed.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::source::{FileId, Span};

    fn value(name: &str, json_name: &str, number: i32) -> EnumValue {
        let span = Span { file: FileId::default(), start: 0, end: 0 };
        let (name, json_name) = (name.into(), json_name.into());
        EnumValue { name, json_name, number, options: BTreeMap::new(), span }
    }

    #[test]
    fn the_first_of_several_is_found() {
        let mut values: EnumValues =
            [value("A", "b", 1), value("B", "b", 1), value("B", "C", 2)].into_iter().collect();
        let numbers = |values: &EnumValues, number| values.numbered(number).count();
        assert_eq!((numbers(&values, 1), numbers(&values, 2), numbers(&values, 3)), (2, 1, 0));
        assert_eq!(values.named("B").map(|value| value.number), Some(1));
        assert_eq!(values.called("b").map(|value| &*value.name), Some("A"));
        assert_eq!(values.called("C").map(|value| value.number), Some(2));
        if let Some(value) = values.edit(0) {
            value.number = 7;
        }
        assert_eq!((numbers(&values, 1), numbers(&values, 7)), (1, 1));
    }
}
