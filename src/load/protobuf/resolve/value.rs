//! Literals to JSON, by the types they are for where these are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fit::Stands;
use super::merging::merged;
use super::option::Slot;
use super::{Place, Resolver, index};
use crate::load::protobuf::base64;
use crate::load::protobuf::features::Features;
use crate::load::protobuf::parser::whole_number;
use crate::load::protobuf::scope::Wanted;
use crate::load::protobuf::syntax::{Edition, Literal, LiteralValue, Member, Word};
use crate::model::{Decimal, EnumId, FieldKind, Json, MessageId, MessageKind, Scalar};

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
            let (key, slot) = self.called(member, kind, place);
            self.check_member(member, kind, slot);
            // What is packed is somebody else's, and so are its targets.
            let bearer = self.bearer.filter(|_| !is_url(member));
            let bearer = std::mem::replace(&mut self.bearer, bearer);
            let mut value = self.json(&member.value, slot.kind, place);
            self.bearer = bearer;
            if slot.repeated && !is_list(member) {
                value = Json::array([value]);
            }
            let value = match object.remove(&key) {
                Some(before) if slot.repeated => merged(before, value),
                Some(before) if slot.kind.is_none() => several(before, value),
                Some(_) if zeros.contains(&key) || !self.is_written(place.unit) => value,
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

    /// What a member of a message is called in full, and what it holds.
    fn called(
        &mut self,
        member: &Member<'_>,
        kind: Option<FieldKind>,
        place: &Place,
    ) -> (Arc<str>, Slot) {
        let name = &*member.name.text;
        if is_url(member) {
            (format!("[{name}]").into(), self.packed(member, kind, place))
        } else if member.extension {
            let (name, slot) = self.extension_slot(&member.name, kind, place);
            (format!("[{name}]").into(), slot)
        } else {
            (name.into(), self.member_slot(name, kind))
        }
    }

    /// Tells of a member that its message has not, and of a value that it cannot have.
    fn check_member(&mut self, member: &Member<'_>, inside: Option<FieldKind>, slot: Slot) {
        if !member.extension {
            self.check_aim(slot, member.name.span);
        }
        match (slot.kind, inside) {
            (Some(_), _) if is_list(member) && !slot.repeated => {
                let message = format!("`{}` is no list", member.name.text);
                self.part(member.value.span, message);
            }
            (Some(kind), _) => self.check_literal(&member.value, kind, Stands::Inside),
            // Text may name what is reserved, to no effect.
            (None, Some(FieldKind::Message(id, _)))
                if !member.extension && !self.is_reserved(id, &member.name.text) =>
            {
                self.note_no_member(id, &member.name);
            }
            (None, _) => {}
        }
    }

    fn is_reserved(&self, id: MessageId, name: &str) -> bool {
        let message = self.messages.messages.get(index(id.0));
        message.is_some_and(|one| one.reserved_names.iter().any(|taken| *taken.value == *name))
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
        let (domain, type_name) = name.text.rsplit_once('/').unwrap_or_default();
        if let Some(message) = self.unpackable(domain, kind).filter(|_| self.is_written(place.unit))
        {
            self.part(name.span, message);
        }
        let slot = self.packed_slot(type_name);
        if slot.kind.is_none() && kind.is_some() && self.is_written(place.unit) {
            let absolute = Word { text: format!(".{type_name}").into(), span: name.span };
            self.note_unknown(&absolute, place, Wanted::Type);
            let message = format!("the type `{type_name}` is not declared");
            self.report(self.undeclared(place), name.span, message);
        }
        slot
    }

    /// Why no message is packed here under this domain.
    fn unpackable(&self, domain: &str, kind: Option<FieldKind>) -> Option<String> {
        let known = ["type.googleapis.com", "type.googleprod.com"];
        if !known.contains(&domain) {
            return Some(format!("compilers look for packed messages at `{}` alone", known[0]));
        }
        let Some(FieldKind::Message(id, _)) = kind else { return None };
        let message = self.messages.messages.get(index(id.0))?;
        let is_any = message.kind == MessageKind::Unseen || &*message.full_name == ANY;
        (!is_any).then(|| {
            format!("`{}` holds no packed message: that is for `{ANY}`", message.full_name)
        })
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

/// The message that packed messages are in.
const ANY: &str = "google.protobuf.Any";

fn is_url(member: &Member<'_>) -> bool {
    member.extension && member.name.text.contains('/')
}

fn is_list(member: &Member<'_>) -> bool {
    matches!(member.value.value, LiteralValue::List(_))
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
