//! Lengths, patterns, and what strings carry.

use super::super::Keyword;
use super::super::schema::SchemaObject;
use crate::document::Member;

impl SchemaObject<'_, '_, '_> {
    pub(super) fn read_text(&mut self, keyword: Keyword, member: Member<'_>) {
        match keyword {
            Keyword::MinLength => self.shape.text.edit().min_length = self.count(member),
            Keyword::MaxLength => self.shape.text.edit().max_length = self.count(member),
            Keyword::Pattern => self.shape.text.edit().pattern = self.text(member),
            Keyword::ContentEncoding => {
                self.shape.text.edit().content_encoding = self.text(member);
            }
            Keyword::ContentMediaType => {
                self.shape.text.edit().content_media_type = self.text(member);
            }
            Keyword::ContentSchema => {
                self.shape.text.edit().content = Some(self.child(member.value));
            }
            _ => {}
        }
    }
}
