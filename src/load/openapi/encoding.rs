//! How members of forms and multipart bodies are encoded.
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
use crate::model::{
    Encoding, Kind, Kinds, MediaType, PartContent, PartSpread, Serialisation, Shape, ShapeId,
    Style, UsualParts,
};
use crate::source::Span;

/// How many shapes may apply at one place before we stop looking for what they say together.
const MAX_LAYERS: usize = 256;

/// Whether the branches of `anyOf` and `oneOf` count among what applies at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alternatives {
    Taken,
    LeftOut,
}

impl Reader<'_> {
    /// The encodings of a payload, by member: of every member that has a shape, and of those that
    /// have no name of their own.
    pub(super) fn encodings(
        &mut self,
        object: &Node,
        media: &MediaType,
        shape: ShapeId,
    ) -> (BTreeMap<Arc<str>, Encoding>, Option<Encoding>) {
        if !media_type::is_multipart(media) && !media_type::is_urlencoded(media) {
            return (BTreeMap::new(), None);
        }
        let others = self.unnamed(shape).map(|other| self.of_shape(other));
        let mut encodings: BTreeMap<Arc<str>, Encoding> = self
            .usual_of_members(shape)
            .into_iter()
            .map(|(name, (usual, span))| (name, unsaid(usual, span)))
            .collect();
        let Some(declared) = self.object(object, "encoding") else {
            return (encodings, others);
        };
        for (name, span, node) in declared.members().filter(|(name, ..)| !name.starts_with("x-")) {
            let Some(usual) = encodings.get(name).map(|known| known.usual.clone()) else {
                self.warn(span, format!("`{name}` is no property: its encoding is ignored"));
                continue;
            };
            if !node.is_object() {
                self.lose(node.span(), "an encoding is an object");
                continue;
            }
            let said = self.encoding(&node, media, usual);
            let part = self.member_shape(shape, name);
            let members = self.nested(&node, &said, part);
            encodings.insert(name.into(), Encoding { members, span, ..said });
        }
        (encodings, others)
    }

    /// The encodings inside a part that is a form or multipart itself (OAS 3.2.0 §4.15.1.2).
    fn nested(
        &mut self,
        node: &Node,
        said: &Encoding,
        part: Option<ShapeId>,
    ) -> BTreeMap<Arc<str>, Encoding> {
        let ([media], Some(part), Version::V3_2) =
            (said.content_types.as_slice(), part, self.version)
        else {
            return BTreeMap::new();
        };
        let media = self.media_type(media, node.span());
        self.encodings(node, &media, part).0
    }

    /// The shape of a member, or of each element where it is a list.
    fn member_shape(&self, shape: ShapeId, name: &str) -> Option<ShapeId> {
        let members = self.members_of(shape);
        let member = *members.get(name)?.first()?.first()?;
        let layers = self.layers(&[member], Alternatives::LeftOut);
        let element = layers.iter().find_map(|layer| layer.array.get()?.rest);
        Some(element.unwrap_or(member))
    }

    /// The shape of members that have no name of their own.
    fn unnamed(&self, shape: ShapeId) -> Option<ShapeId> {
        let layers = self.layers(&[shape], Alternatives::LeftOut);
        let other = layers.iter().find_map(|layer| layer.object.get()?.additional)?;
        let is_schema = self.schemas.shapes().get(other).boolean.is_none();
        is_schema.then_some(other)
    }

    /// How a part of this shape is encoded of which nothing is said.
    fn of_shape(&self, part: ShapeId) -> Encoding {
        let span = self.schemas.shapes().get(part).span.span;
        unsaid(self.usual(&[part]), span)
    }

    /// The encodings of parts without names: of the first ones, and of those after them (OAS 3.2
    /// §4.14.4.2).
    pub(super) fn positional_encodings(
        &mut self,
        object: &Node,
        media: &MediaType,
        (shape, item): (Option<ShapeId>, Option<ShapeId>),
    ) -> (Vec<Encoding>, Option<Encoding>) {
        if self.version != Version::V3_2 || !media_type::is_multipart(media) {
            return (Vec::new(), None);
        }
        let part = |reader: &Self, index| match shape {
            Some(shape) => reader.element(shape, index),
            None => item,
        };
        let mut first = Vec::new();
        for (index, node) in self.list(object, "prefixEncoding").iter().flatten().enumerate() {
            let part = part(self, index);
            first.push(self.part_encoding(node, media, part));
        }
        if let Some(node) = self.member(object, "itemEncoding") {
            let part = part(self, first.len());
            return (first, Some(self.part_encoding(&node, media, part)));
        }
        let listed = shape.map_or(0, |shape| self.listed_elements(shape));
        for index in first.len()..listed {
            first.extend(part(self, index).map(|part| self.of_shape(part)));
        }
        let rest = part(self, first.len()).map(|part| self.of_shape(part));
        (first, rest)
    }

    /// How many elements have shapes of their own.
    fn listed_elements(&self, shape: ShapeId) -> usize {
        let layers = self.layers(&[shape], Alternatives::LeftOut);
        let arrays = layers.iter().filter_map(|layer| layer.array.get());
        arrays.map(|array| array.prefix.len()).max().unwrap_or(0)
    }

    fn part_encoding(&mut self, node: &Node, media: &MediaType, part: Option<ShapeId>) -> Encoding {
        if !node.is_object() {
            self.lose(node.span(), "an encoding is an object");
        }
        let usual = self.usual(part.as_slice());
        self.encoding(node, media, usual)
    }

    /// The shape of the element at this position.
    fn element(&self, shape: ShapeId, index: usize) -> Option<ShapeId> {
        let layers = self.layers(&[shape], Alternatives::LeftOut);
        let mut arrays = layers.iter().filter_map(|layer| layer.array.get());
        arrays.find_map(|array| array.prefix.get(index).copied().or(array.rest))
    }

    fn encoding(&mut self, node: &Node, media: &MediaType, usual: UsualParts) -> Encoding {
        let styled =
            ["style", "explode", "allowReserved"].iter().any(|name| node.get(name).is_some());
        // Other multipart bodies than forms have no styles, and in 3.0 none has (OAS 3.0.4 §4.7.15.1.2,
        // OAS 3.1.1 §4.8.15.1.2).
        let styles_apply = media_type::is_urlencoded(media)
            || (self.version >= Version::V3_1 && &*media.subtype == "form-data");
        let mut written = styled.then(|| self.styled(node, Styles::QUERY));
        if media_type::is_multipart(media)
            && let Some(Serialisation::Style { allow_reserved, .. }) = &mut written
        {
            // Nothing is escaped there.
            *allow_reserved = false;
        }
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
        let span = node.span();
        let members = BTreeMap::new();
        let allow_empty = false;
        settled(Encoding {
            content_types,
            serialisation,
            unheard,
            allow_empty,
            headers,
            members,
            usual,
            span,
        })
    }

    /// The members that shapes give a place, each with the shapes that apply to it together: first
    /// what holds in any case, else what each alternative says.
    pub(super) fn members_of(&self, shape: ShapeId) -> BTreeMap<Arc<str>, Vec<Vec<ShapeId>>> {
        let mut members: BTreeMap<Arc<str>, Vec<Vec<ShapeId>>> = BTreeMap::new();
        let declared =
            |layer: &&Shape| layer.object.get().map(|object| &*object.properties).cloned();
        let certain = self.layers(&[shape], Alternatives::LeftOut);
        for (name, member) in certain.iter().filter_map(declared).flatten() {
            let known = members.entry(name).or_insert_with(|| vec![Vec::new()]);
            for together in known {
                together.push(member.value);
            }
        }
        let mut possible: BTreeMap<Arc<str>, Vec<Vec<ShapeId>>> = BTreeMap::new();
        let all = self.layers(&[shape], Alternatives::Taken);
        for (name, member) in all.iter().filter_map(declared).flatten() {
            if !members.contains_key(&name) {
                possible.entry(name).or_default().push(vec![member.value]);
            }
        }
        members.extend(possible);
        members
    }

    /// The shapes and all that apply with them: references, conjuncts, perhaps alternatives.
    pub(super) fn layers(&self, place: &[ShapeId], alternatives: Alternatives) -> Vec<&Shape> {
        let shapes = self.schemas.shapes();
        let (mut seen, mut next) = (place.to_vec(), 0);
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
        let layers = self.layers(&[shape], Alternatives::LeftOut);
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

/// The encoding of a member of which nothing is said.
pub(super) fn unsaid(usual: UsualParts, span: Span) -> Encoding {
    let (content_types, headers, members) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    Encoding {
        content_types,
        serialisation: None,
        unheard: None,
        allow_empty: false,
        headers,
        members,
        usual,
        span,
    }
}

/// The encoding without what is the default for the member.
pub(super) fn settled(mut encoding: Encoding) -> Encoding {
    let usual = &encoding.usual.here;
    if let [only] = encoding.content_types.as_slice()
        && !usual.is_empty()
        && usual.values().all(|part| part.is_some_and(|part| **only == *part.name()))
    {
        encoding.content_types.clear();
    }
    if let Some(Serialisation::Style { style: Style::Form, explode, allow_reserved: false }) =
        encoding.serialisation
    {
        // A scalar is written once and an exploded array once for each element, as by default.
        let is_default = |content: &PartContent| {
            let is_scalar = !matches!(content.kind, Kind::Array | Kind::Object);
            is_scalar && (explode || content.spread == PartSpread::Whole)
        };
        if !usual.is_empty() && usual.keys().all(is_default) {
            encoding.serialisation = None;
        }
    }
    encoding
}
