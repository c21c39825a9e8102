//! Last pass: what a compiler refuses because nothing could be compared by it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::load::{Problem, ProblemKind};
use crate::model::{
    Enumeration, Field, JsonFormat, Message, MessageKind, Messages, Openness, Ownership, Stated,
};
use crate::source::Span;

/// Checks the contract's own messages and enumerations.
pub(super) fn check(messages: &Messages, problems: &mut Vec<Problem>) {
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
    checker.extensions(messages);
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
        let mut numbers: HashMap<u32, &Field, RandomState> = HashMap::default();
        let mut names: HashMap<&str, Span, RandomState> = HashMap::default();
        let mut json: HashMap<&str, &Field, RandomState> = HashMap::default();
        for field in &message.fields {
            let number = field.number.get();
            if let Some(before) = numbers.insert(number, field) {
                let text =
                    format!("`{}` and `{}` both have the number {number}", before.name, field.name);
                self.part(field.number_span, text);
            }
            if names.insert(&field.name, field.name_span).is_some() {
                self.part(field.name_span, format!("two fields are called `{}`", field.name));
            } else if let Some(before) = json.insert(&field.json_name, field)
                && message.json_format == JsonFormat::Allow
            {
                let (one, two) = (&before.name, &field.name);
                let text = format!("`{one}` and `{two}` are both `{}` in JSON", field.json_name);
                self.part(field.name_span, text);
            }
            self.reserved(message, field);
        }
        for oneof in &message.oneofs {
            if names.insert(&oneof.name, oneof.span).is_some() {
                self.part(oneof.span, format!("two members are called `{}`", oneof.name));
            }
        }
    }

    fn reserved(&mut self, message: &Message, field: &Field) {
        let number = field.number.get();
        if covers(&message.reserved_numbers, number) {
            self.part(field.number_span, format!("the number {number} is reserved"));
        }
        if covers(&message.extension_ranges, number) {
            self.part(field.number_span, format!("the number {number} is left to extensions"));
        }
        if message.reserved_names.iter().any(|reserved| reserved.value == field.name) {
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
        let is_true =
            |option: &Stated<crate::model::Json>| option.value == crate::model::Json::Boolean(true);
        let alias = declared.options.get("allow_alias").is_some_and(is_true);
        let mut numbers: HashMap<i32, &str, RandomState> = HashMap::default();
        let mut names: HashMap<&str, Span, RandomState> = HashMap::default();
        for value in &declared.values {
            if let Some(before) = numbers.insert(value.number, &value.name)
                && !alias
            {
                let (one, number) = (before, value.number);
                let text = format!("`{one}` and `{}` both have the number {number}", value.name);
                self.part(value.span, text);
            }
            if names.insert(&value.name, value.span).is_some() {
                self.part(value.span, format!("two values are called `{}`", value.name));
            }
            let mut ranges = declared.reserved_numbers.iter();
            if ranges.any(|range| (range.value.0..=range.value.1).contains(&value.number)) {
                self.part(value.span, format!("the number {} is reserved", value.number));
            }
            if declared.reserved_names.iter().any(|reserved| reserved.value == value.name) {
                self.part(value.span, format!("the name `{}` is reserved", value.name));
            }
        }
    }

    fn extensions(&mut self, messages: &Messages) {
        let mut numbers: HashMap<(u32, u32), &str, RandomState> = HashMap::default();
        for extension in &messages.extensions {
            let number = extension.field.number.get();
            let span = extension.field.number_span;
            let key = (extension.extendee.0, number);
            if let Some(before) = numbers.insert(key, &extension.full_name) {
                let text = format!(
                    "`{before}` and `{}` both have the number {number}",
                    extension.full_name
                );
                self.part(span, text);
            }
            let extendee = usize::try_from(extension.extendee.0).unwrap_or(usize::MAX);
            let Some(extendee) = messages.messages.get(extendee) else { continue };
            if !covers(&extendee.extension_ranges, number) {
                let name = &extendee.full_name;
                self.part(span, format!("`{name}` does not leave {number} to extensions"));
            }
        }
    }
}

fn covers(ranges: &[Stated<(u32, u32)>], number: u32) -> bool {
    ranges.iter().any(|range| (range.value.0..=range.value.1).contains(&number))
}
