//! Lengths, patterns, and what strings carry.

use super::super::keyword::TextWord;
use super::super::schema::SchemaObject;
use crate::document::Member;
use crate::source::Span;
use crate::subtype::language::is_pattern;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_text(&mut self, word: TextWord, member: Member<'_>) {
        match word {
            TextWord::MinLength => self.shape.text.edit().min_length = self.count(member),
            TextWord::MaxLength => self.shape.text.edit().max_length = self.count(member),
            TextWord::Pattern => {
                let pattern = self.text(member);
                if let Some(pattern) = &pattern {
                    self.check_pattern(&pattern.value, pattern.span);
                }
                self.shape.text.edit().pattern = pattern;
            }
            TextWord::ContentEncoding => {
                self.shape.text.edit().content_encoding = self.text(member);
            }
            TextWord::ContentMediaType => {
                self.shape.text.edit().content_media_type = self.text(member);
            }
            TextWord::ContentSchema => {
                self.shape.text.edit().content = Some(self.child(member.value));
            }
        }
    }

    /// A text that is no pattern with the flag `u` and none without it makes the schema invalid (JSON
    /// Schema Validation 2020-12, 6.3.3). In descriptions of HTTP APIs, where authors write for the
    /// engine of their server, they are told so.
    pub(super) fn check_pattern(&mut self, pattern: &str, span: Span) {
        if is_pattern(pattern) {
            return;
        }
        let message = format!("`{pattern}` is no pattern of ECMA-262");
        if self.dialect().is_lenient() {
            self.warn(span, message);
        } else {
            self.wrong(span, &message);
        }
    }
}
