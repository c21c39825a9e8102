//! Lengths, patterns, and what strings carry.

use super::super::keyword::TextWord;
use super::super::schema::SchemaObject;
use crate::document::Member;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_text(&mut self, word: TextWord, member: Member<'_>) {
        match word {
            TextWord::MinLength => self.shape.text.edit().min_length = self.count(member),
            TextWord::MaxLength => self.shape.text.edit().max_length = self.count(member),
            TextWord::Pattern => self.shape.text.edit().pattern = self.text(member),
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
}
