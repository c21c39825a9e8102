//! Last pass: what a compiler refuses because nothing could be compared by it.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::clash::{clashes, same_when_stripped};
use super::names::json_name;
use super::packages::called_like_packages;
use super::terms::undeclared;
use crate::load::protobuf::scope::Scopes;
use crate::load::{Problem, ProblemKind};
use crate::model::{
    Cardinality, Enumeration, Extension, Field, FieldKind, Json, JsonFormat, Message, MessageKind,
    Messages, Openness, Ownership, Stated,
};
use crate::source::Span;

/// Checks the contract's own messages and enumerations. Names of files that repeat those of others
/// are theirs alone.
pub(super) fn check(messages: &Messages, scopes: &mut Scopes, problems: &mut Vec<Problem>) {
    let own =
        |file: usize| messages.files.get(file).is_some_and(|file| file.ownership == Ownership::Own);
    let mut checker = Checker { problems };
    for message in messages.messages.iter().filter(|message| own(message.file)) {
        if message.kind != MessageKind::MapEntry {
            checker.message(message);
        }
    }
    for declared in messages.enums.iter().filter(|declared| own(declared.file)) {
        checker.enumeration(declared);
    }
    checker.extensions(messages, scopes);
    for (span, message) in undeclared(messages, own) {
        checker.part(span, message);
    }
    for (span, message) in clashes(messages, scopes.repeating(), own) {
        checker.part(span, message);
    }
    for (span, message) in called_like_packages(messages, scopes, own) {
        checker.part(span, message);
    }
}

fn is_true(option: &Stated<Json>) -> bool {
    option.value == Json::Boolean(true)
}

struct Checker<'p> {
    problems: &'p mut Vec<Problem>,
}

impl Checker<'_> {
    fn part(&mut self, span: Span, message: String) {
        let kind = ProblemKind::Part;
        self.problems.push(Problem { kind, message, span: Some(span), path: None });
    }

    fn message(&mut self, message: &Message) {
        let taken = Taken::new(&message.reserved_numbers, &message.reserved_names);
        let extensions = Taken::new(&message.extension_ranges, &[]);
        let mut numbers: HashMap<u32, &Field, RandomState> = HashMap::default();
        let mut names: HashMap<&str, Span, RandomState> = HashMap::default();
        for field in &message.fields {
            let number = field.number.get();
            if let Some(before) = numbers.insert(number, field) {
                let text =
                    format!("`{}` and `{}` both have the number {number}", before.name, field.name);
                self.part(field.number_span, text);
            }
            if names.insert(&field.name, field.name_span).is_some() {
                self.part(field.name_span, format!("two fields are called `{}`", field.name));
            }
            self.reserved(field, &taken, &extensions);
        }
        self.json_names(message);
        if let Some(field) = message.fields.first().filter(|_| message.is_set()) {
            self.part(field.name_span, "a message set has no fields of its own".to_owned());
        }
        let ranges = message.reserved_numbers.iter().chain(&message.extension_ranges);
        self.overlaps(ranges);
        self.names_once(&message.reserved_names);
        for oneof in &message.oneofs {
            if names.insert(&oneof.name, oneof.span).is_some() {
                self.part(oneof.span, format!("two members are called `{}`", oneof.name));
            }
        }
    }

    /// Two fields with one name in JSON. The names that follow from those of the fields count even
    /// where others are set, as masks of fields are written with them.
    fn json_names(&mut self, message: &Message) {
        let is_told = |option: &str| message.options.get(option).is_some_and(is_true);
        if is_told("deprecated_legacy_json_field_conflicts") {
            return;
        }
        let is_strict = message.json_format == JsonFormat::Allow;
        let mut set: HashMap<&str, &Field, RandomState> = HashMap::default();
        let mut derived: HashMap<Arc<str>, &Field, RandomState> = HashMap::default();
        for field in &message.fields {
            let own = json_name(&field.name);
            let is_set = field.json_name != own;
            let before = derived.insert(Arc::clone(&own), field).filter(|_| is_strict);
            let before = before.or_else(|| {
                let before = set.insert(&field.json_name, field)?;
                let both_set = is_set && before.json_name != json_name(&before.name);
                (is_strict || both_set).then_some(before)
            });
            // A name that is given twice is told already.
            if let Some(before) = before.filter(|before| before.name != field.name) {
                let shared =
                    if before.json_name == field.json_name { &field.json_name } else { &own };
                let (one, two) = (&before.name, &field.name);
                let text = format!("`{one}` and `{two}` are both `{shared}` in JSON");
                self.part(field.name_span, text);
            }
        }
    }

    fn reserved(&mut self, field: &Field, taken: &Taken<'_, u32>, extensions: &Taken<'_, u32>) {
        let number = field.number.get();
        if taken.has_number(number) {
            self.part(field.number_span, format!("the number {number} is reserved"));
        }
        if extensions.has_number(number) {
            self.part(field.number_span, format!("the number {number} is left to extensions"));
        }
        if taken.names.contains(&*field.name) {
            self.part(field.name_span, format!("the name `{}` is reserved", field.name));
        }
    }

    fn enumeration(&mut self, declared: &Enumeration) {
        let name = &declared.full_name;
        let Some(first) = declared.values.first() else {
            self.part(declared.name_span, format!("the enumeration `{name}` has no value"));
            return;
        };
        if declared.openness.value == Openness::Open && first.number != 0 {
            let text = format!("the first value of the open enumeration `{name}` must be 0");
            self.part(first.span, text);
        }
        self.overlaps(declared.reserved_numbers.iter());
        self.names_once(&declared.reserved_names);
        for (span, message) in same_when_stripped(declared) {
            self.part(span, message);
        }
        let alias = declared.options.get("allow_alias").is_some_and(is_true);
        let taken = Taken::new(&declared.reserved_numbers, &declared.reserved_names);
        let mut aliased = false;
        let mut numbers: HashMap<i32, &str, RandomState> = HashMap::default();
        let mut names: HashMap<&str, Span, RandomState> = HashMap::default();
        for value in &declared.values {
            let before = numbers.insert(value.number, &value.name);
            aliased |= before.is_some();
            if let Some(before) = before
                && !alias
            {
                let (one, number) = (before, value.number);
                let text = format!("`{one}` and `{}` both have the number {number}", value.name);
                self.part(value.span, text);
            }
            if names.insert(&value.name, value.span).is_some() {
                self.part(value.span, format!("two values are called `{}`", value.name));
            }
            if taken.has_number(value.number) {
                self.part(value.span, format!("the number {} is reserved", value.number));
            }
            if taken.names.contains(&*value.name) {
                self.part(value.span, format!("the name `{}` is reserved", value.name));
            }
        }
        if alias && !aliased {
            let message = format!("`{name}` allows aliases and has none");
            self.part(declared.name_span, message);
        }
    }

    /// Two ranges that share a number.
    fn overlaps<'m, N: Copy + Ord + fmt::Display + 'm>(
        &mut self,
        ranges: impl Iterator<Item = &'m Stated<(N, N)>>,
    ) {
        let mut sorted: Vec<&Stated<(N, N)>> = ranges.collect();
        sorted.sort_by_key(|range| range.value);
        let mut furthest: Option<N> = None;
        for range in sorted {
            let (first, last) = range.value;
            if furthest.is_some_and(|before| before >= first) {
                self.part(range.span, format!("the number {first} is in another range already"));
            }
            furthest = Some(furthest.map_or(last, |before| before.max(last)));
        }
    }

    fn names_once(&mut self, names: &[Stated<Arc<str>>]) {
        let mut seen: HashSet<&str, RandomState> = HashSet::default();
        for name in names {
            if !seen.insert(&name.value) {
                self.part(name.span, format!("the name `{}` is reserved twice", name.value));
            }
        }
    }

    fn extensions(&mut self, messages: &Messages, scopes: &mut Scopes) {
        let mut numbers: HashMap<(u32, u32), &Extension, RandomState> = HashMap::default();
        let mut left: HashMap<u32, Taken<'_, u32>, RandomState> = HashMap::default();
        for extension in &messages.extensions {
            let number = extension.field.number.get();
            let span = extension.field.number_span;
            let key = (extension.extendee.0, number);
            if let Some(before) = numbers.insert(key, extension) {
                let (one, two) = (&before.full_name, &extension.full_name);
                let message = format!("`{one}` and `{two}` both have the number {number}");
                // Whoever uses one of the two files alone is well.
                let is_one_file = before.file == extension.file;
                let kind = if is_one_file { ProblemKind::Part } else { ProblemKind::Warning };
                if scopes.are_together(before.file, extension.file) {
                    self.problems.push(Problem { kind, message, span: Some(span), path: None });
                }
            }
            let extendee = usize::try_from(extension.extendee.0).unwrap_or(usize::MAX);
            let Some(extendee) = messages.messages.get(extendee) else { continue };
            let ranges = left
                .entry(extension.extendee.0)
                .or_insert_with(|| Taken::new(&extendee.extension_ranges, &[]));
            let is_item = matches!(extension.field.kind, FieldKind::Message(..))
                && matches!(extension.field.cardinality, Cardinality::Singular(_));
            if extendee.is_set() && !is_item {
                let text = format!("`{}` is a message set of single messages", extendee.full_name);
                self.part(extension.field.type_span, text);
            }
            let is_known = extendee.kind != MessageKind::Unseen;
            if is_known && !ranges.has_number(number) {
                let name = &extendee.full_name;
                self.part(span, format!("`{name}` does not leave {number} to extensions"));
            }
        }
    }
}

/// Numbers and names that nothing may take, found without going through all of them each time.
struct Taken<'m, N> {
    /// By where they begin; each ends where it or one before it ends last.
    ranges: Vec<(N, N)>,
    names: HashSet<&'m str, RandomState>,
}

impl<'m, N: Copy + Ord> Taken<'m, N> {
    fn new(ranges: &[Stated<(N, N)>], names: &'m [Stated<Arc<str>>]) -> Self {
        let mut ranges: Vec<(N, N)> = ranges.iter().map(|range| range.value).collect();
        ranges.sort_unstable();
        let mut furthest = None;
        for (_, last) in &mut ranges {
            *last = furthest.map_or(*last, |before: N| before.max(*last));
            furthest = Some(*last);
        }
        Self { ranges, names: names.iter().map(|name| &*name.value).collect() }
    }

    fn has_number(&self, number: N) -> bool {
        let begun = self.ranges.partition_point(|(first, _)| *first <= number);
        let last = begun.checked_sub(1).and_then(|index| self.ranges.get(index));
        last.is_some_and(|(_, last)| *last >= number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Files, RepoPath};

    #[test]
    fn a_wide_range_reaches_past_narrow_ones_inside_it() {
        let file = Files::default().add(RepoPath::new("a.proto").unwrap(), "".into());
        let span = Span { file, start: 0, end: 0 };
        let ranges = [(3, 4), (1, 10), (20, 20)].map(|value| Stated { value, span });
        let taken: Taken<'_, u32> = Taken::new(&ranges, &[]);
        let found: Vec<u32> = (0..25).filter(|number| taken.has_number(*number)).collect();
        assert_eq!(found, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20]);
    }
}
