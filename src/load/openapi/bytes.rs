//! Parts of multipart bodies that are bytes.
//!
//! Of such a part 3.1 says nothing where 3.0 says that it is a string of `format: binary` and 2.0
//! that it is a file (OAS 3.1.1 §4.8.14.3, §4.8.15.1.1). What nothing is said of admits every value of
//! JSON; what crosses is a text of bytes all the same, and that is said here, for whoever compares the
//! two ways to say so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::media_type;
use super::reader::Reader;
use crate::model::{Encoding, Kind, Kinds, MediaType, PartSpread, Shape, ShapeId, Stated};
use crate::source::Span;

impl Reader<'_> {
    /// The shape of a payload, together with what its parts of bytes are; `None` where it has none.
    pub(super) fn with_bytes(
        &mut self,
        shape: ShapeId,
        media: &MediaType,
        encodings: &BTreeMap<Arc<str>, Encoding>,
    ) -> Option<ShapeId> {
        if !media_type::is_multipart(media) {
            return None;
        }
        let parts = encodings.iter().filter_map(|(name, it)| Some((name, it.span, bytes(it)?)));
        let parts: Vec<_> = parts.collect();
        let (_, span, _) = parts.first()?;
        let mut said = Shape::anything(*span);
        for (name, span, spread) in parts {
            let part = self.text_of_bytes(span, spread);
            let members = Arc::make_mut(&mut said.object.edit().properties);
            members.insert(Arc::clone(name), Stated { value: part, span });
        }
        let mut both = Shape::anything(self.schemas.shapes().get(shape).span.span);
        let shapes = self.schemas.shapes_mut();
        both.logic.edit().all_of = vec![shape, shapes.add(said)];
        Some(shapes.add(both))
    }

    fn text_of_bytes(&mut self, span: Span, spread: PartSpread) -> ShapeId {
        let value = Kinds::NONE.with(Kind::String);
        let text = Shape { kinds: Some(Stated { value, span }), ..Shape::anything(span) };
        let shapes = self.schemas.shapes_mut();
        let text = shapes.add(text);
        match spread {
            PartSpread::Whole => text,
            PartSpread::Element => {
                let mut list = Shape::anything(span);
                list.array.edit().rest = Some(text);
                shapes.add(list)
            }
        }
    }
}

/// Of what a part is made that is bytes of which nothing is said; `None` where it is anything else.
fn bytes(encoding: &Encoding) -> Option<PartSpread> {
    let Encoding {
        content_types,
        serialisation,
        unheard: _,
        allow_empty: _,
        headers: _,
        members: _,
        usual,
        span: _,
    } = encoding;
    let is_text = |media: &Arc<str>| {
        media_type::parse(media)
            .is_some_and(|media| media_type::is_opaque(&media) || &*media.type_name == "text")
    };
    let is_meant = serialisation.is_none() && content_types.iter().all(is_text);
    usual.open().filter(|_| is_meant)
}
