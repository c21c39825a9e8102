//! How members of forms and multipart bodies are encoded: what differs from the default.
//!
//! Spelling a default out equals leaving it out: what is kept says only how it differs, and what the
//! default is, which versions answer differently.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::media_type;
use super::node::Node;
use super::parameter::Styles;
use super::reader::Reader;
use super::version::Version;
use crate::model::{Encoding, Kind, Kinds, MediaType, Serialisation, Shape, ShapeId, Style};

/// How many shapes may apply at one place before we stop looking for what they say together.
const MAX_LAYERS: usize = 256;

const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";
const JSON: &str = "application/json";

/// What a member of a form is, as far as its default encoding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    /// A scalar whose default is this type.
    Scalar(&'static str),
    /// An object.
    Object,
    /// An array of scalars whose default is this type.
    Scalars(&'static str),
    /// An array of something else.
    Array,
    /// Several types, or none.
    Unclear,
}

/// Whether the branches of `anyOf` and `oneOf` count among what applies at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alternatives {
    Taken,
    LeftOut,
}

impl Reader<'_> {
    /// The encodings of a payload, by member.
    pub(super) fn encodings(
        &mut self,
        object: &Node,
        media: &MediaType,
        shape: ShapeId,
    ) -> BTreeMap<Arc<str>, Encoding> {
        let mut encodings = BTreeMap::new();
        if !media_type::is_multipart(media) && !media_type::is_urlencoded(media) {
            return encodings;
        }
        let Some(declared) = self.object(object, "encoding") else { return encodings };
        for (name, span, node) in declared.members().filter(|(name, ..)| !name.starts_with("x-")) {
            let Some(property) = self.property(shape, name) else {
                self.warn(span, format!("`{name}` is no property: its encoding is ignored"));
                continue;
            };
            if !node.is_object() {
                self.lose(node.span(), "an encoding is an object");
                continue;
            }
            let encoding = self.encoding(&node, media);
            encodings.insert(name.into(), self.filled(encoding, media, property));
        }
        encodings
    }

    /// The encodings of parts without names: of the first ones, and of those after them (OAS 3.2
    /// §4.14.4.2).
    pub(super) fn positional_encodings(
        &mut self,
        object: &Node,
        media: &MediaType,
        shape: Option<ShapeId>,
    ) -> (Vec<Encoding>, Option<Encoding>) {
        if self.version != Version::V3_2 || !media_type::is_multipart(media) {
            return (Vec::new(), None);
        }
        let mut first = Vec::new();
        for (index, node) in self.list(object, "prefixEncoding").iter().flatten().enumerate() {
            let part = shape.and_then(|shape| self.element(shape, index));
            first.push(self.part_encoding(node, media, part));
        }
        let part = shape.and_then(|shape| self.element(shape, first.len()));
        let rest = self.member(object, "itemEncoding");
        let rest = rest.map(|node| self.part_encoding(&node, media, part));
        (first, rest)
    }

    fn part_encoding(&mut self, node: &Node, media: &MediaType, part: Option<ShapeId>) -> Encoding {
        if !node.is_object() {
            self.lose(node.span(), "an encoding is an object");
        }
        let encoding = self.encoding(node, media);
        match part {
            Some(part) => self.filled(encoding, media, part),
            None => encoding,
        }
    }

    /// The shape of the element at this position, or of the value itself where it is no array: the
    /// item of a stream.
    fn element(&self, shape: ShapeId, index: usize) -> Option<ShapeId> {
        let layers = self.layers(shape, Alternatives::LeftOut);
        let mut arrays = layers.iter().filter_map(|layer| layer.array.get());
        arrays.find_map(|array| array.prefix.get(index).copied().or(array.rest))
    }

    fn encoding(&mut self, node: &Node, media: &MediaType) -> Encoding {
        let styled =
            ["style", "explode", "allowReserved"].iter().any(|name| node.get(name).is_some());
        // OAS 3.0 §4.7.15.1 knows styles for URL-encoded forms only.
        let styles_apply = media_type::is_urlencoded(media) || self.version != Version::V3_0;
        let written = styled.then(|| self.styled(node, Styles::QUERY));
        let (serialisation, unheard) = if styles_apply { (written, None) } else { (None, written) };
        let mut content_types = Vec::new();
        if serialisation.is_none()
            && let Some(list) = self.word(node, "contentType")
        {
            for text in list.value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                let part = self.media_type(text, list.span);
                content_types.push(media_type::display(&part).into());
            }
            content_types.sort_unstable();
            content_types.dedup();
        }
        let mut headers = BTreeMap::new();
        if media_type::is_multipart(media) {
            let declared = self.headers(node, Self::header);
            headers.extend(declared);
        }
        Encoding { content_types, serialisation, unheard, headers, usual: None }
    }

    /// The encoding without what is the default for the member; `None` where nothing remains.
    pub(super) fn settled(
        &self,
        encoding: Encoding,
        media: &MediaType,
        property: ShapeId,
    ) -> Option<Encoding> {
        let encoding = self.filled(encoding, media, property);
        let Encoding { content_types, serialisation, unheard: _, headers, usual: _ } = &encoding;
        let is_default = content_types.is_empty() && serialisation.is_none() && headers.is_empty();
        (!is_default).then_some(encoding)
    }

    /// The encoding without what is the default for the member.
    fn filled(&self, mut encoding: Encoding, media: &MediaType, property: ShapeId) -> Encoding {
        let member = self.member_kind(property, 0);
        let default = match member {
            Member::Scalar(default) | Member::Scalars(default) => Some(default),
            Member::Object | Member::Array => Some(JSON),
            Member::Unclear => None,
        };
        if let ([only], Some(default)) = (encoding.content_types.as_slice(), default)
            && **only == *default
        {
            encoding.content_types.clear();
        }
        if let Some(Serialisation::Style { style: Style::Form, explode, allow_reserved: false }) =
            encoding.serialisation
        {
            // A scalar is written once and an exploded array once for each element, as by default.
            let is_default = match member {
                Member::Scalar(TEXT) => true,
                Member::Scalars(TEXT) => explode,
                Member::Scalar(_) | Member::Scalars(_) => {
                    media_type::is_multipart(media) && explode
                }
                Member::Object | Member::Array | Member::Unclear => false,
            };
            if is_default {
                encoding.serialisation = None;
            }
        }
        encoding.usual = default.map(Into::into);
        encoding
    }

    fn member_kind(&self, shape: ShapeId, depth: usize) -> Member {
        let layers = self.layers(shape, Alternatives::LeftOut);
        let splits = |layer: &&Shape| {
            layer.logic.get().is_some_and(|logic| logic.any_of.is_some() || logic.one_of.is_some())
        };
        if layers.iter().any(splits) {
            return Member::Unclear;
        }
        let kinds = layers.iter().filter_map(|layer| layer.kinds.as_ref());
        let kinds = kinds.fold(Kinds::ALL, |all, kinds| all.and(kinds.value));
        let mut named = kinds.iter().filter(|kind| *kind != Kind::Null);
        let (Some(kind), None) = (named.next(), named.next()) else {
            return if kinds == Kinds::ALL && self.version >= Version::V3_1 {
                Member::Scalar(BYTES)
            } else {
                Member::Unclear
            };
        };
        match kind {
            Kind::Boolean | Kind::Integer | Kind::IntegerLiteral | Kind::Number => {
                Member::Scalar(TEXT)
            }
            Kind::String if layers.iter().any(|layer| self.carries_bytes(layer)) => {
                Member::Scalar(BYTES)
            }
            Kind::String => Member::Scalar(TEXT),
            Kind::Object => Member::Object,
            Kind::Array | Kind::Null => {
                let rest = layers.iter().find_map(|layer| layer.array.get()?.rest);
                match rest.filter(|_| depth == 0).map(|rest| self.member_kind(rest, depth + 1)) {
                    Some(Member::Scalar(default)) => Member::Scalars(default),
                    Some(Member::Unclear) => Member::Unclear,
                    Some(Member::Object | Member::Array | Member::Scalars(_)) | None => {
                        Member::Array
                    }
                }
            }
        }
    }

    fn carries_bytes(&self, layer: &Shape) -> bool {
        let format = layer.notes.get().and_then(|notes| notes.format.as_ref());
        let binary = format.is_some_and(|format| matches!(&*format.value, "binary" | "byte"));
        let encoded = layer.text.get().is_some_and(|text| text.content_encoding.is_some());
        encoded || (binary && self.version <= Version::V3_0)
    }

    /// The property of this name among all shapes that apply at a place.
    fn property(&self, shape: ShapeId, name: &str) -> Option<ShapeId> {
        self.layers(shape, Alternatives::Taken).iter().find_map(|layer| {
            let property = layer.object.get()?.properties.get(name)?;
            Some(property.value)
        })
    }

    /// The shape and all that apply with it: references, conjuncts, perhaps alternatives.
    fn layers(&self, shape: ShapeId, alternatives: Alternatives) -> Vec<&Shape> {
        let shapes = self.schemas.shapes();
        let (mut seen, mut next) = (vec![shape], 0);
        while let Some(id) = seen.get(next).copied() {
            next += 1;
            let found = shapes.get(id);
            let mut add = |id: ShapeId| {
                if seen.len() < MAX_LAYERS && !seen.contains(&id) {
                    seen.push(id);
                }
            };
            found.reference.iter().for_each(|reference| add(reference.target));
            if let Some(logic) = found.logic.get() {
                logic.all_of.iter().copied().for_each(&mut add);
                if alternatives == Alternatives::Taken {
                    logic.any_of.iter().flat_map(|any| &any.value).copied().for_each(&mut add);
                    logic.one_of.iter().flat_map(|one| &one.value).copied().for_each(&mut add);
                }
            }
        }
        seen.into_iter().map(|id| shapes.get(id)).collect()
    }

    /// Whether a shape says that a value is a string of bytes, and nothing else.
    pub(super) fn is_binary_string(&self, shape: ShapeId) -> bool {
        let layers = self.layers(shape, Alternatives::LeftOut);
        let text = Kinds::NONE.with(Kind::String);
        let says_format = |layer: &&Shape| {
            let format = layer.notes.get().and_then(|notes| notes.format.as_ref());
            format.is_some_and(|format| &*format.value == "binary")
        };
        layers.iter().any(says_format)
            && layers.iter().all(|layer| {
                let Shape {
                    span: _,
                    boolean,
                    reference: _,
                    kinds,
                    enumeration,
                    constant,
                    number,
                    text: facets,
                    array,
                    object,
                    logic,
                    notes: _,
                    null: _,
                    unread,
                } = layer;
                boolean.is_none()
                    && kinds.as_ref().is_none_or(|kinds| kinds.value == text)
                    && enumeration.is_none()
                    && constant.is_none()
                    && (number.get(), facets.get(), array.get()) == (None, None, None)
                    && (object.get(), logic.get()) == (None, None)
                    && unread.is_empty()
            })
    }
}
