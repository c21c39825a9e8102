//! What a message violates of the constraints that its contract states in options: those of
//! `buf.validate` and `REQUIRED` of `google.api.field_behavior`.
//!
//! <https://protovalidate.com/schemas/standard-rules/>; expressions (CEL) are not run, and what
//! cannot be checked is said to be so.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::absent;
use super::choices;
use super::closure::{get, index};
use super::masks;
use super::spelled::{is_sized, is_spelled};
use crate::load::protobuf::base64;
use crate::load::{Violated, Violations};
use crate::model::moment::seconds_of;
use crate::model::{
    Cardinality, Decimal, Field, FieldKind, Json, MessageId, Messages, Presence, Scalar,
};
use crate::subtype::language::Language;

const FIELD: &str = "(buf.validate.field)";
const MESSAGE: &str = "(buf.validate.message)";
const BEHAVIOR: &str = "(google.api.field_behavior)";

/// How deep messages are looked into.
const MAX_DEPTH: usize = 32;

/// What the message violates.
pub(super) fn violations(all: &Messages, root: MessageId, value: &Json) -> Violations {
    let mut found = Checked { all, found: Violations::default() };
    found.message(root, value, None, 0);
    found.found
}

struct Checked<'m> {
    all: &'m Messages,
    found: Violations,
}

/// Where in a message a value is: in which field of the outermost one, under which rules.
#[derive(Clone)]
struct Place {
    field: Arc<str>,
    rules: String,
}

impl Place {
    fn within(&self, name: &str) -> Self {
        Self { field: self.field.clone(), rules: format!("{}.{name}", self.rules) }
    }
}

impl Checked<'_> {
    fn violated(&mut self, place: &Place) {
        self.lacks(place, Vec::new());
    }

    /// Violated for want of one of these fields.
    fn lacks(&mut self, place: &Place, choices: Vec<Arc<str>>) {
        let (field, constraint) = (place.field.clone(), place.rules.clone());
        self.found.found.push(Violated { field, constraint, choices });
    }

    fn message(&mut self, id: MessageId, value: &Json, outer: Option<&Arc<str>>, depth: usize) {
        let (Some(message), Json::Object(members)) = (get(self.all, id), value) else { return };
        if depth > MAX_DEPTH {
            self.found.unchecked = true;
            return;
        }
        // Of what lies deeper the fields are none of the outermost message's.
        let own = |choices| if outer.is_none() { choices } else { Vec::new() };
        match message.options.get(MESSAGE).map(|one| &one.value) {
            Some(rules) if rules.member("disabled") == Some(&Json::Boolean(true)) => return,
            Some(rules) => {
                self.found.unchecked |= !choices::are_all(rules);
                let field = outer.cloned().unwrap_or_else(|| "".into());
                let place = Place { field, rules: MESSAGE.to_owned() }.within("oneof");
                for choices in choices::refused(rules, message, members) {
                    self.lacks(&place, own(choices));
                }
            }
            None => {}
        }
        for (oneof, choices) in choices::unset(message, members) {
            let field = outer.unwrap_or(&oneof).clone();
            self.lacks(
                &Place { field, rules: format!("{}.required", choices::ONEOF) },
                own(choices),
            );
        }
        for field in &message.fields {
            let held = members.get(&field.json_name);
            let name = outer.unwrap_or(&field.json_name).clone();
            self.field(id, field, held, &name);
            if let (FieldKind::Message(inner, _), Some(held)) = (field.kind, held)
                && !is_excused(field, &["IGNORE_ALWAYS"])
            {
                self.inner(field, inner, held, &name, depth);
            }
        }
    }

    /// Whether the message says of the field that one of several is set.
    fn is_chosen(&self, id: MessageId, field: &Field) -> bool {
        let rules = get(self.all, id).and_then(|message| message.options.get(MESSAGE));
        rules.is_some_and(|rules| choices::name(&rules.value, field))
    }

    /// The messages that a field holds.
    fn inner(
        &mut self,
        field: &Field,
        inner: MessageId,
        held: &Json,
        name: &Arc<str>,
        depth: usize,
    ) {
        match (field.cardinality, held) {
            (Cardinality::Map, Json::Object(entries)) => {
                let value = get(self.all, inner)
                    .and_then(|entry| entry.fields.iter().find(|field| field.number.get() == 2));
                if let Some(FieldKind::Message(inner, _)) = value.map(|value| value.kind) {
                    for held in entries.values() {
                        self.message(inner, held, Some(name), depth + 1);
                    }
                }
            }
            (Cardinality::Repeated(_), Json::Array(elements)) => {
                for held in elements.iter() {
                    self.message(inner, held, Some(name), depth + 1);
                }
            }
            (Cardinality::Singular(_) | Cardinality::Repeated(_) | Cardinality::Map, _) => {
                self.message(inner, held, Some(name), depth + 1);
            }
        }
    }

    fn field(&mut self, id: MessageId, field: &Field, held: Option<&Json>, name: &Arc<str>) {
        let place = |rules: &str| Place { field: name.clone(), rules: rules.to_owned() };
        if let Some(behavior) = field.options.get(BEHAVIOR).map(|one| &one.value)
            && behavior.listed().contains(&Json::string("REQUIRED"))
            && held.is_none()
        {
            self.violated(&place(&format!("{BEHAVIOR}.REQUIRED")));
        }
        let Some(rules) = field.options.get(FIELD).map(|one| &one.value) else { return };
        let excused = |words: &[&str]| is_excused(field, words);
        if excused(&["IGNORE_ALWAYS"]) || rules.member("skipped") == Some(&Json::Boolean(true)) {
            return;
        }
        if held.is_none() && rules.member("required") == Some(&Json::Boolean(true)) {
            self.violated(&place(FIELD).within("required"));
        }
        let lenient = ["IGNORE_IF_UNPOPULATED", "IGNORE_IF_ZERO_VALUE", "IGNORE_IF_DEFAULT_VALUE"];
        let absent = match (held, field.cardinality) {
            (Some(_), _) => None,
            (None, _) if excused(&lenient) || field.oneof.is_some() => return,
            (None, _) if rules.member("ignore").is_none() && self.is_chosen(id, field) => return,
            (None, Cardinality::Singular(Presence::Explicit | Presence::Required)) => return,
            (None, Cardinality::Map) => Some(Json::object::<&str>([])),
            (None, Cardinality::Singular(Presence::Implicit) | Cardinality::Repeated(_)) => {
                absent::reading(self.all, id, &field.json_name)
            }
        };
        if let Some(value) = held.or(absent.as_ref()) {
            self.rules(rules, field.kind, value, &place(FIELD));
        }
    }

    /// The rules of a field, or of the elements, keys or values of one.
    fn rules(&mut self, rules: &Json, kind: FieldKind, value: &Json, place: &Place) {
        let Json::Object(groups) = rules else { return };
        for (name, group) in groups.iter() {
            let place = place.within(name);
            match &**name {
                "required" | "ignore" | "ignore_empty" | "skipped" => {}
                "cel" | "cel_expression" => self.found.unchecked = true,
                "repeated" => self.repeated(group, kind, value, &place),
                "map" => self.map(group, kind, value, &place),
                _ => self.group(group, kind, value, &place),
            }
        }
    }

    fn repeated(&mut self, group: &Json, kind: FieldKind, value: &Json, place: &Place) {
        let elements = value.listed();
        self.count(group, elements.len(), ("min_items", "max_items"), place);
        if group.member("unique") == Some(&Json::Boolean(true)) {
            let distinct: BTreeSet<&Json> = elements.iter().collect();
            if distinct.len() < elements.len() {
                self.violated(&place.within("unique"));
            }
        }
        if let Some(rules) = group.member("items") {
            for element in elements {
                self.rules(rules, kind, element, &place.within("items"));
            }
        }
    }

    fn map(&mut self, group: &Json, kind: FieldKind, value: &Json, place: &Place) {
        let Json::Object(entries) = value else { return };
        self.count(group, entries.len(), ("min_pairs", "max_pairs"), place);
        let FieldKind::Message(entry, _) = kind else { return };
        let part = |number: u32| {
            let fields = get(self.all, entry).map_or(&[][..], |entry| &entry.fields);
            fields.iter().find(|field| field.number.get() == number).map(|field| field.kind)
        };
        let (key, held) = (part(1), part(2));
        for (name, value) in entries.iter() {
            if let (Some(rules), Some(kind)) = (group.member("keys"), key) {
                self.rules(rules, kind, &Json::String(name.clone()), &place.within("keys"));
            }
            if let (Some(rules), Some(kind)) = (group.member("values"), held) {
                self.rules(rules, kind, value, &place.within("values"));
            }
        }
    }

    fn count(&mut self, group: &Json, count: usize, (min, max): (&str, &str), place: &Place) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let bound = |name| group.member(name).and_then(number).and_then(|bound| bound.to_count());
        if bound(min).is_some_and(|least| count < least) {
            self.violated(&place.within(min));
        }
        if bound(max).is_some_and(|most| count > most) {
            self.violated(&place.within(max));
        }
    }

    /// The rules of one type.
    fn group(&mut self, group: &Json, kind: FieldKind, value: &Json, place: &Place) {
        let Json::Object(rules) = group else {
            self.found.unchecked = true;
            return;
        };
        let bound = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| Some((name, rules.get(name)?)))
        };
        let gap = match (bound(["gt", "gte"]), bound(["lt", "lte"])) {
            (Some(least), Some(most)) if number(most.1) < number(least.1) => Some((least, most)),
            (Some(_) | None, _) => None,
        };
        if let Some(((above, least), (below, most))) = gap {
            // The two then say that what lies between is refused.
            let either =
                (self.holds(above, least, kind, value), self.holds(below, most, kind, value));
            match either {
                (Some(true), _) | (_, Some(true)) => {}
                (Some(false), Some(false)) => self.violated(&place.within(above)),
                (None, _) | (_, None) => self.found.unchecked = true,
            }
        }
        let alone = |name: &str| match gap {
            Some(((above, _), (below, _))) => name != above && name != below,
            None => true,
        };
        for (name, bound) in rules.iter().filter(|(name, _)| alone(name)) {
            match self.holds(name, bound, kind, value) {
                Some(true) => {}
                Some(false) => self.violated(&place.within(name)),
                None => self.found.unchecked = true,
            }
        }
    }

    /// Whether the value satisfies one rule; `None` where that is not checked here.
    fn holds(&self, name: &str, bound: &Json, kind: FieldKind, value: &Json) -> Option<bool> {
        let is_bytes = kind == FieldKind::Scalar(Scalar::Bytes);
        let value = &self.by_number(kind, value);
        if self.is(kind, "google.protobuf.FieldMask") {
            return masks::holds(name, bound, value.text()?);
        }
        let length = || match value {
            Json::String(text) if is_bytes => Some(base64::decode(text)?.len()),
            Json::String(text) => Some(text.chars().count()),
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                None
            }
        };
        let size = |length: Option<usize>| u64::try_from(length?).ok();
        let bytes = || {
            if is_bytes { size(length()) } else { Some(u64::try_from(value.text()?.len()).ok()?) }
        };
        let limit = || number(bound)?.to_count();
        let lies = |is_so: fn(Ordering) -> bool| match endless(value) {
            Some(Endless::Neither) => Some(false),
            Some(Endless::Above) => Some(is_so(Ordering::Greater)),
            Some(Endless::Below) => Some(is_so(Ordering::Less)),
            None => Some(is_so(number(value)?.cmp(&number(bound)?))),
        };
        Some(match name {
            "const" => self.is_same(kind, value, bound),
            "in" => bound.listed().iter().any(|one| self.is_same(kind, value, one)),
            "not_in" => !bound.listed().iter().any(|one| self.is_same(kind, value, one)),
            "gt" => lies(Ordering::is_gt)?,
            "gte" => lies(Ordering::is_ge)?,
            "lt" => lies(Ordering::is_lt)?,
            "lte" => lies(Ordering::is_le)?,
            "len" => size(length())? == limit()?,
            "min_len" => size(length())? >= limit()?,
            "max_len" => size(length())? <= limit()?,
            "len_bytes" => bytes()? == limit()?,
            "min_bytes" => bytes()? >= limit()?,
            "max_bytes" => bytes()? <= limit()?,
            "pattern" if !is_bytes => {
                Language::pattern(bound.text()?).ok()?.matches(value.text()?)?
            }
            "prefix" if !is_bytes => value.text()?.starts_with(bound.text()?),
            "suffix" if !is_bytes => value.text()?.ends_with(bound.text()?),
            "contains" if !is_bytes => value.text()?.contains(bound.text()?),
            "not_contains" if !is_bytes => !value.text()?.contains(bound.text()?),
            "prefix" => decoded(value)?.starts_with(&decoded(bound)?),
            "suffix" => decoded(value)?.ends_with(&decoded(bound)?),
            "contains" => {
                let (whole, part) = (decoded(value)?, decoded(bound)?);
                part.is_empty() || whole.windows(part.len()).any(|one| *one == part)
            }
            "defined_only" => *bound != Json::Boolean(true) || self.is_listed(kind, value),
            "example" | "strict" => true,
            _ if *bound == Json::Boolean(false) => true,
            "finite" => endless(value).is_none(),
            _ if is_bytes => is_sized(name, length()?)?,
            _ => is_spelled(name, value.text()?)?,
        })
    }

    /// Whether it is a message of this name.
    fn is(&self, kind: FieldKind, full_name: &str) -> bool {
        let FieldKind::Message(id, _) = kind else { return false };
        get(self.all, id).is_some_and(|one| &*one.full_name == full_name)
    }

    /// The value, one of an enumeration by its number and one that names its own type by that.
    fn by_number(&self, kind: FieldKind, value: &Json) -> Json {
        if let Json::Object(members) = value
            && self.is(kind, "google.protobuf.Any")
        {
            return members.get("@type").cloned().unwrap_or(Json::string(""));
        }
        let (FieldKind::Enum(id), Json::String(name)) = (kind, value) else { return value.clone() };
        let listed = self.all.enums.get(index(id.0));
        let found = listed.and_then(|listed| listed.values.called(name));
        found.map_or_else(|| value.clone(), |one| Json::Number(i64::from(one.number).into()))
    }

    fn is_listed(&self, kind: FieldKind, value: &Json) -> bool {
        let FieldKind::Enum(id) = kind else { return true };
        let values = self.all.enums.get(index(id.0)).map_or(&[][..], |found| &found.values);
        let wanted = number(value);
        values.iter().any(|one| Some(Decimal::from(i64::from(one.number))) == wanted)
    }

    /// Whether two values of one type are the same; ProtoJSON quotes some numbers.
    fn is_same(&self, kind: FieldKind, value: &Json, bound: &Json) -> bool {
        let bound = &self.by_number(kind, bound);
        let texts = matches!(kind, FieldKind::Scalar(Scalar::String(_) | Scalar::Bytes));
        value == bound || !texts && number(value).is_some() && number(value) == number(bound)
    }
}

/// Whether one of these words excuses the field.
fn is_excused(field: &Field, words: &[&str]) -> bool {
    let rules = field.options.get(FIELD).map(|one| &one.value);
    match rules.and_then(|rules| rules.member("ignore")) {
        Some(Json::String(word)) => words.contains(&&**word),
        Some(_) | None => false,
    }
}

/// The bytes that a text writes.
fn decoded(value: &Json) -> Option<Vec<u8>> {
    base64::decode(value.text()?)
}

/// How a value that is written in a word lies to every number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endless {
    Above,
    Below,
    /// It is no number, and within no bounds.
    Neither,
}

fn endless(value: &Json) -> Option<Endless> {
    match value.text()? {
        "Infinity" => Some(Endless::Above),
        "-Infinity" => Some(Endless::Below),
        "NaN" => Some(Endless::Neither),
        _ => None,
    }
}

/// The value as a number; of a duration or a point in time its seconds.
fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => Some(number.clone()),
        Json::String(text) => {
            let seconds = || text.strip_suffix('s')?.parse().ok();
            text.parse().ok().or_else(seconds).or_else(|| seconds_of(text))
        }
        Json::Object(members) => {
            let part = |name: &str| match members.get(name) {
                Some(Json::Number(number)) => Some(number.clone()),
                Some(_) => None,
                None => Some(Decimal::zero()),
            };
            let is_moment = members.keys().all(|name| matches!(&**name, "seconds" | "nanos"));
            let nanos = part("nanos")?.times(&"0.000000001".parse().ok()?)?;
            part("seconds")?.plus(&nanos).filter(|_| is_moment)
        }
        Json::Null | Json::Boolean(_) | Json::Array(_) => None,
    }
}
