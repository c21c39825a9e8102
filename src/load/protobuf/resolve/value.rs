//! Literals to JSON, by the types they are for where these are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fit::Stands;
use super::option::{Slot, merged};
use super::{Place, Resolver, index};
use crate::load::protobuf::base64;
use crate::load::protobuf::features::Features;
use crate::load::protobuf::parser::whole_number;
use crate::load::protobuf::scope::Wanted;
use crate::load::protobuf::syntax::{Edition, Literal, LiteralValue, Member, Word};
use crate::model::{Decimal, EnumId, FieldKind, Json, Scalar};

impl Place {
    /// A scope of a file, for looking up options.
    pub(super) fn of(unit: usize, scope: &Arc<str>) -> Self {
        let features = Features::of(Edition::Proto2);
        Self { unit, scope: Arc::clone(scope), parent: None, features }
    }

    /// For values that name nothing.
    pub(super) fn nowhere() -> Self {
        Self::of(0, &Arc::from(""))
    }
}

impl Resolver<'_, '_> {
    /// The value of a literal: enumeration values by name, bytes in base64, infinities as ProtoJSON
    /// writes them.
    pub(super) fn json(
        &mut self,
        literal: &Literal<'_>,
        kind: Option<FieldKind>,
        place: &Place,
    ) -> Json {
        match &literal.value {
            LiteralValue::Word(word) => word_value(word, kind, false),
            LiteralValue::NegativeWord(word) => word_value(word, kind, true),
            LiteralValue::Number { negative, text } => self.number(text, *negative, kind),
            LiteralValue::Text(bytes) => {
                if let Some(FieldKind::Scalar(Scalar::Bytes)) = kind {
                    return Json::string(base64::encode(bytes));
                }
                Json::string(String::from_utf8_lossy(bytes).into_owned())
            }
            LiteralValue::Message(members) => self.object(members, kind, place),
            LiteralValue::List(elements) => {
                let elements: Vec<Json> =
                    elements.iter().map(|element| self.json(element, kind, place)).collect();
                Json::array(elements)
            }
        }
    }

    fn object(&mut self, members: &[Member<'_>], kind: Option<FieldKind>, place: &Place) -> Json {
        let mut object: BTreeMap<Arc<str>, Json> = BTreeMap::new();
        let mut zeros: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut chosen: BTreeMap<usize, &str> = BTreeMap::new();
        for member in members {
            if let Some(oneof) = self.oneof_of(member, kind).filter(|_| self.is_written(place.unit))
                && let Some(before) = chosen.insert(oneof, &member.name.text)
                && *before != *member.name.text
            {
                let message =
                    format!("`{before}` and `{}` are members of one oneof", member.name.text);
                self.part(member.name.span, message);
            }
            let is_url = member.extension && member.name.text.contains('/');
            let (key, slot) = if is_url {
                (format!("[{}]", member.name.text).into(), self.packed(member, kind, place))
            } else if member.extension {
                let (name, slot) = self.extension_slot(&member.name, kind, place);
                (format!("[{name}]").into(), slot)
            } else {
                let name = &*member.name.text;
                (name.into(), self.member_slot(name, kind))
            };
            if let Some(kind) = slot.kind {
                self.check_literal(&member.value, kind, Stands::Inside);
            } else if !member.extension
                && let Some(FieldKind::Message(id, _)) = kind
            {
                self.note_no_member(id, &member.name);
            }
            let listed = matches!(member.value.value, LiteralValue::List(_));
            let mut value = self.json(&member.value, slot.kind, place);
            if slot.repeated && !listed {
                value = Json::array([value]);
            }
            let value = match object.remove(&key) {
                Some(before) if slot.repeated => merged(before, value),
                Some(before) if slot.kind.is_none() => several(before, value),
                Some(_) if !self.is_written(place.unit) => value,
                Some(_) => {
                    let message = format!("`{}` is set twice", member.name.text);
                    self.part(member.name.span, message);
                    value
                }
                None => value,
            };
            if self.is_none(&member.value, slot) {
                zeros.insert(Arc::clone(&key));
            }
            object.insert(key, value);
        }
        object.retain(|key, _| !zeros.contains(key));
        Json::Object(Arc::new(object))
    }

    /// Whether a value is the zero of a field without presence: it is not written, and is the same as
    /// none.
    pub(super) fn is_none(&self, literal: &Literal<'_>, slot: Slot) -> bool {
        let Some(kind) = slot.kind.filter(|_| slot.implicit) else { return false };
        match (&literal.value, kind) {
            (LiteralValue::Text(bytes), _) => bytes.is_empty(),
            (LiteralValue::Word(word), FieldKind::Enum(id)) => {
                let declared = self.messages.enums.get(index(id.0));
                let mut values = declared.into_iter().flat_map(|declared| declared.values.iter());
                values.any(|value| value.number == 0 && &*value.name == *word)
            }
            (LiteralValue::Word(word), _) => matches!(*word, "false" | "False" | "f"),
            (LiteralValue::Number { negative, text }, kind) => {
                // A negative zero is a number of its own where there are fractions.
                let is_float = matches!(kind, FieldKind::Scalar(Scalar::Double | Scalar::Float));
                decimal(text, false).is_some_and(|number| number.is_zero())
                    && !(is_float && *negative)
            }
            (
                LiteralValue::NegativeWord(_) | LiteralValue::Message(_) | LiteralValue::List(_),
                _,
            ) => false,
        }
    }

    /// The oneof that a member of a message is in.
    fn oneof_of(&self, member: &Member<'_>, kind: Option<FieldKind>) -> Option<usize> {
        let Some(FieldKind::Message(id, _)) = kind.filter(|_| !member.extension) else {
            return None;
        };
        let message = self.messages.messages.get(index(id.0))?;
        self.member(message, &member.name.text)?.oneof
    }

    /// What a packed message holds; a type that nothing declares is told.
    fn packed(&mut self, member: &Member<'_>, kind: Option<FieldKind>, place: &Place) -> Slot {
        let name = &member.name;
        let type_name = name.text.rsplit('/').next().unwrap_or("");
        let slot = self.packed_slot(type_name);
        if slot.kind.is_none() && kind.is_some() && self.is_written(place.unit) {
            let absolute = Word { text: format!(".{type_name}").into(), span: name.span };
            self.note_unknown(&absolute, place, Wanted::Type);
            let message = format!("the type `{type_name}` is not declared");
            self.report(self.undeclared(place), name.span, message);
        }
        slot
    }

    fn number(&self, text: &str, negative: bool, kind: Option<FieldKind>) -> Json {
        let Some(number) = decimal(text, negative) else {
            return Json::string(if negative { format!("-{text}") } else { text.to_owned() });
        };
        match kind {
            Some(FieldKind::Scalar(Scalar::Bool)) => Json::Boolean(!number.is_zero()),
            Some(FieldKind::Enum(id)) => self.enum_value(id, number),
            Some(FieldKind::Scalar(_) | FieldKind::Message(..)) | None => Json::Number(number),
        }
    }

    /// A value of an enumeration by its canonical name, where the number has one.
    fn enum_value(&self, id: EnumId, number: Decimal) -> Json {
        let listed = self.messages.enums.get(index(id.0));
        let wanted = number.to_i64().and_then(|number| i32::try_from(number).ok());
        match listed.zip(wanted).and_then(|(listed, number)| listed.values.numbered(number).next())
        {
            Some(value) => Json::String(Arc::clone(&value.name)),
            None => Json::Number(number),
        }
    }
}

/// Two values of a member whose declaration is unknown: it must be a repeated one.
pub(super) fn several(before: Json, after: Json) -> Json {
    let list = |value: Json| match value {
        Json::Array(_) => value,
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Json::array([value])
        }
    };
    merged(list(before), list(after))
}

fn word_value(word: &str, kind: Option<FieldKind>, negative: bool) -> Json {
    let is_enum = matches!(kind, Some(FieldKind::Enum(_)));
    match (word, negative) {
        ("true" | "True", false) if !is_enum => Json::Boolean(true),
        ("false" | "False", false) if !is_enum => Json::Boolean(false),
        ("t", false) if kind == Some(FieldKind::Scalar(Scalar::Bool)) => Json::Boolean(true),
        ("f", false) if kind == Some(FieldKind::Scalar(Scalar::Bool)) => Json::Boolean(false),
        _ => {
            let float = matches!(kind, Some(FieldKind::Scalar(Scalar::Double | Scalar::Float)));
            let sign = if negative { "-" } else { "" };
            match word.to_ascii_lowercase().as_str() {
                "inf" | "infinity" if float || negative => Json::string(format!("{sign}Infinity")),
                "nan" if float || negative => Json::string("NaN"),
                _ => Json::string(format!("{sign}{word}")),
            }
        }
    }
}

fn decimal(text: &str, negative: bool) -> Option<Decimal> {
    let sign = if negative { "-" } else { "" };
    if let Some(whole) = whole_number(text) {
        // Digits beyond 64 bits keep their value: only decimal ones can be told so.
        let is_beyond = whole == u64::MAX && !text.starts_with('0');
        let digits = if is_beyond { text.to_owned() } else { whole.to_string() };
        return format!("{sign}{digits}").parse().ok();
    }
    let text = text.trim_end_matches(['f', 'F']);
    let zero = if text.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{text}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_notation() {
        let read = |text: &str| decimal(text, true).unwrap().to_string();
        assert_eq!(read("0x10"), "-16");
        assert_eq!(read("010"), "-8");
        assert_eq!(read("1.5f"), "-1.5");
        assert_eq!(read(".5"), "-0.5");
        assert_eq!(read("18446744073709551616"), "-18446744073709551616");
        assert_eq!(read("0xFFFFFFFFFFFFFFFF"), "-18446744073709551615");
    }
}
