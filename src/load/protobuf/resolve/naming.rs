//! How names are written, where the edition minds (`features.enforce_naming_style`).
//!
//! <https://protobuf.dev/editions/features/#enforce_naming>

use std::collections::HashSet;

use super::Resolver;
use crate::load::protobuf::syntax::{
    Declarations, Edition, EnumNode, FieldNode, FieldType, LiteralValue, MessageBody, MessageNode,
    ProtoFile, ServiceNode, Setting, Word,
};

/// What is asked of names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Legacy,
    Style2024,
    /// As the former, and no field is called what generated code calls a part of another.
    Style2026,
}

impl Style {
    fn of(edition: Edition) -> Self {
        match edition {
            Edition::Proto2 | Edition::Proto3 | Edition::Edition2023 => Self::Legacy,
            Edition::Edition2024 => Self::Style2024,
            Edition::Edition2026 => Self::Style2026,
        }
    }

    /// What holds where these options are set.
    fn refined(self, options: &[Setting<'_>]) -> Self {
        let mut set = options.iter().filter_map(|setting| {
            let [first, rest @ ..] = &setting.name[..] else { return None };
            if first.extension || first.word.text != "features" {
                return None;
            }
            match (rest, &setting.value.value) {
                ([one], value) if one.word.text == FEATURE => named(value),
                ([], LiteralValue::Message(members)) => {
                    let mut own = members.iter().filter(|member| !member.extension);
                    own.find(|member| member.name.text == FEATURE)
                        .and_then(|member| named(&member.value.value))
                }
                _ => None,
            }
        });
        set.next_back().unwrap_or(self)
    }
}

const FEATURE: &str = "enforce_naming_style";

fn named(value: &LiteralValue<'_>) -> Option<Style> {
    match value {
        LiteralValue::Word("STYLE_LEGACY") => Some(Style::Legacy),
        LiteralValue::Word("STYLE2024") => Some(Style::Style2024),
        LiteralValue::Word("STYLE2026") => Some(Style::Style2026),
        LiteralValue::Word(_)
        | LiteralValue::NegativeWord(_)
        | LiteralValue::Number { .. }
        | LiteralValue::Text(_)
        | LiteralValue::Message(_)
        | LiteralValue::List(_) => None,
    }
}

/// How the words of a name are set apart.
#[derive(Clone, Copy)]
enum Case {
    Title,
    Lower,
    Upper,
}

impl Case {
    fn fits(self, name: &str) -> bool {
        let is_start = |letter: char| match self {
            Self::Title | Self::Upper => letter.is_ascii_uppercase(),
            Self::Lower => letter.is_ascii_lowercase(),
        };
        let is_inside = |letter: char| match self {
            Self::Title => letter.is_ascii_alphanumeric(),
            Self::Lower | Self::Upper => is_start(letter) || letter.is_ascii_digit(),
        };
        let is_word = |word: &str| word.starts_with(is_start) && word.chars().all(is_inside);
        match self {
            Self::Title => is_word(name),
            Self::Lower | Self::Upper => name.split('_').all(is_word),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Title => "TitleCase",
            Self::Lower => "lower_snake_case",
            Self::Upper => "UPPER_SNAKE_CASE",
        }
    }
}

impl<'t> Resolver<'t, '_> {
    /// Tells of the names of a file that its edition does not allow.
    pub(super) fn check_names(&mut self, file: &ProtoFile<'t>) {
        let style = Style::of(file.edition).refined(&file.options);
        if Style::of(file.edition) == Style::Legacy {
            return;
        }
        if let Some(package) = &file.package {
            // What follows a dot may begin with an underscore: it does not begin the name.
            let words = package.text.replace("._", ".").replace('.', "_");
            if style != Style::Legacy && !Case::Lower.fits(&words) {
                self.misnamed(package, Case::Lower);
            }
        }
        self.names_in(&file.scope, style);
        for service in &file.services {
            let ServiceNode { name, methods, options, span: _ } = service;
            let style = style.refined(options);
            self.name(name, Case::Title, style);
            for method in methods {
                self.name(&method.name, Case::Title, style.refined(&method.options));
            }
        }
    }

    fn names_in(&mut self, scope: &Declarations<'t>, style: Style) {
        let Declarations { messages, enums, extends } = scope;
        for message in messages {
            self.message_names(message, style);
        }
        for declared in enums {
            self.enum_names(declared, style);
        }
        for extend in extends {
            self.field_names(&extend.fields, &[], style);
        }
    }

    fn message_names(&mut self, message: &MessageNode<'t>, style: Style) {
        let MessageBody { fields, oneofs, scope, options, .. } = &message.body;
        let style = style.refined(options);
        self.name(&message.name, Case::Title, style);
        let styles: Vec<Style> = oneofs.iter().map(|oneof| style.refined(&oneof.options)).collect();
        let taken: HashSet<&str> = fields.iter().map(|field| &*field.name.text).collect();
        for (oneof, style) in oneofs.iter().zip(&styles) {
            self.name(&oneof.name, Case::Lower, *style);
            self.collision(&oneof.name, &taken, *style);
        }
        self.field_names(fields, &styles, style);
        for field in fields {
            let around = field.oneof.and_then(|oneof| styles.get(oneof)).copied().unwrap_or(style);
            self.collision(&field.name, &taken, around.refined(&field.options));
        }
        self.names_in(scope, style);
    }

    /// The names of fields, some of which may be in a oneof with a style of its own.
    fn field_names(&mut self, fields: &[FieldNode<'t>], oneofs: &[Style], style: Style) {
        for field in fields {
            let around = field.oneof.and_then(|oneof| oneofs.get(oneof)).copied().unwrap_or(style);
            match &field.kind {
                FieldType::Named(_) | FieldType::Map(..) => {
                    self.name(&field.name, Case::Lower, around.refined(&field.options));
                }
                FieldType::Group(_) => {}
            }
        }
    }

    fn enum_names(&mut self, declared: &EnumNode<'t>, style: Style) {
        let style = style.refined(&declared.options);
        self.name(&declared.name, Case::Title, style);
        for value in &declared.values {
            self.name(&value.name, Case::Upper, style.refined(&value.options));
        }
    }

    fn name(&mut self, name: &Word<'_>, case: Case, style: Style) {
        if style != Style::Legacy && !case.fits(&name.text) {
            self.misnamed(name, case);
        }
    }

    fn misnamed(&mut self, name: &Word<'_>, case: Case) {
        let message = format!(
            "`{}` is not written in {}, as its edition asks (`features.{FEATURE}`)",
            name.text,
            case.word()
        );
        self.part(name.span, message);
    }

    /// Tells of a field or a oneof that is called what generated code calls a part of a field.
    fn collision(&mut self, name: &Word<'_>, taken: &HashSet<&str>, style: Style) {
        if style < Style::Style2026 {
            return;
        }
        let text = &*name.text;
        let prefixes = ["has_", "get_", "set_", "clear_"];
        let stripped = prefixes.iter().filter_map(|prefix| text.strip_prefix(prefix));
        let other = stripped.chain(text.strip_suffix("_value")).find(|rest| taken.contains(rest));
        let message = match other {
            Some(other) => format!(
                "`{text}` is what generated code calls a part of `{other}` (`features.{FEATURE}`)"
            ),
            None if text == "descriptor" => {
                format!("generated code has a `descriptor` of its own (`features.{FEATURE}`)")
            }
            None => return,
        };
        self.part(name.span, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_a_letter_and_are_set_apart_once() {
        let fits = |case: Case, names: &[&str]| names.iter().all(|name| case.fits(name));
        let none = |case: Case, names: &[&str]| names.iter().all(|name| !case.fits(name));
        assert!(fits(Case::Title, &["Abc", "ABC", "A1b"]));
        assert!(none(Case::Title, &["aBc", "A_B", "_A", "A_"]));
        assert!(fits(Case::Lower, &["abc", "a_b", "a1_b", "a_b1"]));
        assert!(none(Case::Lower, &["aBc", "a__b", "a_1", "_a", "a_"]));
        assert!(fits(Case::Upper, &["ABC", "A_B", "A1_B"]));
        assert!(none(Case::Upper, &["Abc", "A_1", "A__B"]));
    }
}
