//! What the parts of forms and multipart bodies are where no encoding says it (OAS 3.0.4 §4.7.15.1.1,
//! OAS 3.1.1 §4.8.15.1.1).
//!
//! Both tables go by the type of the value. 3.0 tells bytes by `format`; 3.1 by `contentEncoding`, and
//! by there being no type.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::encoding::Alternatives;
use super::reader::Reader;
use super::version::Version;
use crate::model::{
    Kind, Kinds, LogicFacets, PartContent, PartSpread, PartTold, Shape, ShapeId, TextFacets,
    UsualPart, UsualParts,
};
use crate::source::Span;

/// Media types by content; `None` where two alternatives give the same content two types.
type Found = BTreeMap<PartContent, Option<UsualPart>>;

impl Reader<'_> {
    /// What each member is where nothing is said of it, and where the member is declared.
    pub(super) fn usual_of_members(
        &self,
        shape: ShapeId,
    ) -> BTreeMap<Arc<str>, (UsualParts, Span)> {
        let member = |(name, alternatives): (Arc<str>, Vec<Vec<ShapeId>>)| {
            let first = *alternatives.first()?.first()?;
            let told = |rule| {
                let mut found = Found::new();
                for together in &alternatives {
                    merge(&mut found, self.contents(together, rule));
                }
                found
            };
            let span = self.schemas.shapes().get(first).span.span;
            Some((name, (self.by_both(told), span)))
        };
        self.members_of(shape).into_iter().filter_map(member).collect()
    }

    /// What a part is where nothing is said of it, and these shapes apply together.
    pub(super) fn usual(&self, place: &[ShapeId]) -> UsualParts {
        self.by_both(|rule| self.contents(place, rule))
    }

    fn by_both(&self, told: impl Fn(PartTold) -> Found) -> UsualParts {
        let (told_by, other) = match self.version {
            Version::V2 | Version::V3_0 => (PartTold::Format, PartTold::Encoding),
            Version::V3_1 | Version::V3_2 => (PartTold::Encoding, PartTold::Format),
        };
        UsualParts { told_by, here: told(told_by), elsewhere: told(other) }
    }

    fn contents(&self, place: &[ShapeId], rule: PartTold) -> Found {
        let mut found = Found::new();
        if !place.is_empty() {
            let mut look = Look { rule, spread: PartSpread::Whole, seen: BTreeSet::new() };
            self.look(place, &mut look, &mut found);
        }
        found
    }

    fn look(&self, place: &[ShapeId], look: &mut Look, found: &mut Found) {
        let layers = self.layers(place, Alternatives::LeftOut);
        let stated = layers.iter().filter_map(|layer| layer.kinds.as_ref());
        let kinds = stated.fold(Kinds::ALL, |all, kinds| all.and(kinds.value));
        let branches: Vec<ShapeId> = layers.iter().flat_map(|layer| alternatives(layer)).collect();
        if !branches.is_empty() {
            let mut inside = Found::new();
            for branch in branches {
                if look.seen.insert(branch) {
                    self.look(&[branch], look, &mut inside);
                }
            }
            let spread = look.spread;
            inside.retain(|content, _| {
                let is_inner = content.spread != spread;
                let kind = if is_inner { Kind::Array } else { content.kind };
                kinds.has(kind) || (kind == Kind::Number && kinds.has(Kind::IntegerLiteral))
            });
            return merge(found, inside);
        }
        let kinds = if kinds == Kinds::ALL { listed(&layers) } else { Some(kinds) };
        let Some(kinds) = kinds else {
            if look.rule == PartTold::Encoding && layers.iter().all(|layer| says_nothing(layer)) {
                for kind in Kinds::ALL.iter().filter(|kind| *kind != Kind::Null) {
                    look.add(kind, UsualPart::Bytes, found);
                }
            }
            return;
        };
        for kind in kinds.iter() {
            let part = match kind {
                Kind::Null => continue,
                Kind::Boolean | Kind::Integer | Kind::IntegerLiteral | Kind::Number => {
                    UsualPart::Text
                }
                Kind::String if layers.iter().any(|layer| carries_bytes(layer, look.rule)) => {
                    UsualPart::Bytes
                }
                Kind::String => UsualPart::Text,
                Kind::Array if look.spread == PartSpread::Whole => {
                    let mut arrays = layers.iter().filter_map(|layer| layer.array.get());
                    if let Some(rest) = arrays.find_map(|array| array.rest) {
                        let seen = std::mem::take(&mut look.seen);
                        let mut inner = Look { rule: look.rule, spread: PartSpread::Element, seen };
                        self.look(&[rest], &mut inner, found);
                        look.seen = inner.seen;
                    }
                    continue;
                }
                Kind::Object | Kind::Array => UsualPart::Json,
            };
            look.add(kind, part, found);
        }
    }
}

/// What is looked for, and what has been looked at.
struct Look {
    rule: PartTold,
    spread: PartSpread,
    seen: BTreeSet<ShapeId>,
}

impl Look {
    fn add(&self, kind: Kind, part: UsualPart, found: &mut Found) {
        let kind = match kind {
            Kind::Integer | Kind::IntegerLiteral => Kind::Number,
            Kind::Null
            | Kind::Boolean
            | Kind::Number
            | Kind::String
            | Kind::Array
            | Kind::Object => kind,
        };
        let content = PartContent { spread: self.spread, kind };
        merge(found, Found::from([(content, Some(part))]));
    }
}

fn merge(found: &mut Found, others: Found) {
    for (content, part) in others {
        found
            .entry(content)
            .and_modify(|known| *known = known.filter(|known| Some(*known) == part))
            .or_insert(part);
    }
}

fn alternatives(layer: &Shape) -> Vec<ShapeId> {
    let Some(LogicFacets { all_of: _, any_of, one_of, not: _, condition: _ }) = layer.logic.get()
    else {
        return Vec::new();
    };
    any_of.iter().chain(one_of).flat_map(|group| &group.value).copied().collect()
}

/// The types of the values that are listed where no type is said.
fn listed(layers: &[&Shape]) -> Option<Kinds> {
    let mut lists = layers.iter().filter_map(|layer| {
        let values = layer.enumeration.as_ref().map(|list| list.value.as_slice());
        values.or(layer.constant.as_ref().map(|only| std::slice::from_ref(&only.value)))
    });
    let values = lists.next()?;
    Some(values.iter().fold(Kinds::NONE, |kinds, value| kinds.with(value.kind())))
}

/// Whether a schema leaves open what is sent, but for what the bytes are.
fn says_nothing(layer: &Shape) -> bool {
    let Shape {
        span: _,
        boolean,
        reference: _,
        kinds,
        null: _,
        enumeration,
        constant,
        number,
        text,
        array,
        object,
        logic,
        notes: _,
        unread,
    } = layer;
    let only_carries = text.get().is_none_or(|text| {
        let TextFacets {
            min_length,
            max_length,
            pattern,
            content_encoding: _,
            content_media_type: _,
            content: _,
        } = text;
        min_length.is_none() && max_length.is_none() && pattern.is_none()
    });
    let only_joins = logic.get().is_none_or(|logic| {
        let LogicFacets { all_of: _, any_of, one_of, not, condition } = logic;
        any_of.is_none() && one_of.is_none() && not.is_none() && condition.is_none()
    });
    *boolean != Some(false)
        && kinds.is_none()
        && enumeration.is_none()
        && constant.is_none()
        && (number.get(), array.get(), object.get()) == (None, None, None)
        && unread.is_empty()
        && only_carries
        && only_joins
}

fn carries_bytes(layer: &Shape, rule: PartTold) -> bool {
    let text = layer.text.get();
    let is_encoded = text.is_some_and(|text| text.content_encoding.is_some());
    match rule {
        PartTold::Encoding => is_encoded,
        PartTold::Format => {
            let format = layer.notes.get().and_then(|notes| notes.format.as_ref());
            // What 3.0 says by a format, 3.1 says by the media type of the content.
            let has_type = text.is_some_and(|text| text.content_media_type.is_some());
            let names_bytes = |format: &str| matches!(format, "binary" | "byte");
            is_encoded || has_type || format.is_some_and(|format| names_bytes(&format.value))
        }
    }
}
