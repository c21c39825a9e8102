//! What stands at a place of a side, whatever was made of it.

use super::Loaded;
use super::json_schema::json;
use crate::document::Pointer;
use crate::model::Json;
use crate::source::Span;

impl Loaded {
    /// What a document of this side holds at the place, however it is written down; what is too large
    /// for a value is its text. `None` where the file has no tree.
    pub fn value_at(&self, span: Span) -> Option<Json> {
        let tree = self.tree(span.file)?;
        let node = tree.at(&Pointer::parse(&tree.pointer_of_span(span)?).ok()?)?;
        if let Ok(value) = json(tree, node) {
            return Some(value);
        }
        let Span { start, end, file: _ } = tree.span(node);
        let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        tree.text().get(range).map(Json::string)
    }
}
