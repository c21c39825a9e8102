//! The constraints of one value as conditions on it, and values as messages hold them.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::leaves::{Way, number};
use super::reach::Bounded;
use super::sense::{limit, members};
use super::spelling;
use crate::diff::messages::Side;
use crate::model::moment::text_of;
use crate::model::{Decimal, Field, FieldKind, Json, Openness, Scalar};
use crate::subtype::admitted::{Condition, Kind, Span, Values, Zero};
use crate::subtype::exchange::JsonForm;
use crate::subtype::language::Language;

/// The longest duration, in seconds.
const LONGEST: &str = "315576000000";

/// The last moment of the year 9999, and the first of the year 1, in seconds.
const LAST: &str = "253402300799.999999999";
const FIRST: &str = "-62135596800";

/// What is stated of one value: of a field, or of what it holds.
pub(super) struct Stating<'s> {
    pub(super) side: &'s Side<'s>,
    pub(super) stated: &'s Bounded<'s>,
    /// The way to the constraints, if they are those of a part.
    pub(super) around: &'s [Arc<str>],
    pub(super) kind: FieldKind,
}

/// What a value is.
pub(super) fn kind_of(side: &Side<'_>, kind: FieldKind) -> Kind {
    let scalar = match kind {
        FieldKind::Scalar(scalar) => scalar,
        FieldKind::Enum(id) => {
            let Some(listed) = side.enumeration(id) else { return Kind::Other };
            return match listed.openness.value {
                Openness::Closed => Kind::Listed(
                    listed.values.iter().map(|one| i64::from(one.number).into()).collect(),
                ),
                Openness::Open => whole(&i32::MIN.to_string(), &i32::MAX.to_string()),
            };
        }
        FieldKind::Message(id, _) => {
            let form = side.message(id).map(|message| JsonForm::of(&message.full_name));
            match form {
                Some(JsonForm::Wrapped(scalar)) => scalar,
                Some(JsonForm::Text("duration", _)) => {
                    return stepped("0.000000001", &format!("-{LONGEST}"), LONGEST);
                }
                Some(JsonForm::Text("timestamp", _)) => {
                    return stepped("0.000000001", FIRST, LAST);
                }
                Some(JsonForm::Any) => return Kind::Text,
                Some(
                    JsonForm::Object
                    | JsonForm::Text(..)
                    | JsonForm::Struct
                    | JsonForm::List
                    | JsonForm::Anything,
                )
                | None => return Kind::Other,
            }
        }
    };
    match scalar {
        Scalar::Double | Scalar::Float => Kind::Real,
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
            whole(&i32::MIN.to_string(), &i32::MAX.to_string())
        }
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
            whole(&i64::MIN.to_string(), &i64::MAX.to_string())
        }
        Scalar::Uint32 | Scalar::Fixed32 => whole("0", &u32::MAX.to_string()),
        Scalar::Uint64 | Scalar::Fixed64 => whole("0", &u64::MAX.to_string()),
        Scalar::Bool => Kind::Truth,
        Scalar::String(_) => Kind::Text,
        Scalar::Bytes => Kind::Bytes,
    }
}

fn whole(least: &str, most: &str) -> Kind {
    stepped("1", least, most)
}

fn stepped(step: &str, least: &str, most: &str) -> Kind {
    match (step.parse(), least.parse(), most.parse()) {
        (Ok(step), Ok(least), Ok(most)) => Kind::Stepped { step, least, most },
        _ => Kind::Other,
    }
}

impl Stating<'_> {
    /// The values, unless anybody excuses any.
    pub(super) fn values(&self) -> Values {
        let depth = self.around.len();
        let own = self.stated.leaves.iter().filter(|(way, _)| way.starts_with(self.around));
        let conditions = own.filter_map(|(way, bound)| match way.get(depth..)? {
            [word] if matches!(&**word, "cel" | "cel_expression") => {
                Some(Condition::Unknown(format!("{word} {bound}")))
            }
            [group, _] if matches!(&**group, "repeated" | "map") => None,
            own @ [_, _] => self.at(own),
            _ => None,
        });
        Values { conditions: conditions.collect(), ..self.free() }
    }

    /// All values of the kind.
    pub(super) fn free(&self) -> Values {
        let kind = kind_of(self.side, self.kind);
        Values { kind, conditions: Vec::new(), zero: Zero::Judged }
    }

    /// What one constraint demands, if anything.
    pub(super) fn at(&self, own: &[Arc<str>]) -> Option<Condition> {
        let [group, word] = own else { return None };
        let way: Way = self.around.iter().chain(own).cloned().collect();
        let bound = self.stated.leaves.get(&way)?;
        let unknown = || Condition::Unknown(format!("{group}.{word} {bound}"));
        let count = || number(bound)?.to_count();
        let found =
            match &**word {
                "example" => return None,
                "gte" | "lte" => self.span(&way, word).map(Condition::Within),
                "in" | "const" | "not_in" => {
                    let listed: Option<BTreeSet<Json>> =
                        members(bound).iter().map(|one| self.read(one)).collect();
                    if listed.as_ref().is_some_and(BTreeSet::is_empty) {
                        return None;
                    }
                    let is_listed = &**word != "not_in";
                    listed.map(|them| {
                        if is_listed { Condition::Among(them) } else { Condition::Beyond(them) }
                    })
                }
                "len" => count().map(|length| Condition::Length(length, Some(length))),
                "len_bytes" => count().map(|size| Condition::Size(size, Some(size))),
                "min_len" => count().map(|least| Condition::Length(least, None)),
                "max_len" => count().map(|most| Condition::Length(0, Some(most))),
                "min_bytes" => count().map(|least| Condition::Size(least, None)),
                "max_bytes" => count().map(|most| Condition::Size(0, Some(most))),
                "defined_only" if *bound == Json::Boolean(true) => self.defined(),
                "strict" | "well_known_regex" => {
                    let beside = |name: &str| self.beside(&way, name).map(ToString::to_string);
                    let (regex, strict) = (beside("well_known_regex"), beside("strict"));
                    Some(Condition::Unknown(format!("{regex:?} {strict:?}")))
                }
                _ if *bound == Json::Boolean(false) => return None,
                "finite" => Some(Condition::Finite),
                _ => self.spelled(word, bound),
            };
        Some(found.unwrap_or_else(unknown))
    }

    fn beside(&self, way: &Way, name: &str) -> Option<&Json> {
        let around = way.split_last().map_or(&[][..], |(_, around)| around);
        let other: Way = around.iter().cloned().chain([Arc::from(name)]).collect();
        self.stated.leaves.get(&other)
    }

    /// Both bounds as one, where on either side what lies between two bounds is refused: there neither
    /// says anything alone.
    pub(super) fn bounds(&self, own: &[Arc<str>]) -> Option<Condition> {
        let way: Way = self.around.iter().chain(own).cloned().collect();
        let bound = |name| self.beside(&way, name).map(limit);
        if bound("gte").is_none() && bound("lte").is_none() {
            return None;
        }
        let is_known = |bound: &Option<Option<_>>| !matches!(bound, Some(None));
        let (least, most) = (bound("gte"), bound("lte"));
        if !is_known(&least) || !is_known(&most) {
            return Some(Condition::Unknown(format!("{way:?}")));
        }
        let is_gap = self.has_gap(own);
        Some(Condition::Within(Span { least: least.flatten(), most: most.flatten(), is_gap }))
    }

    /// Whether what lies between the bounds there is what is refused.
    pub(super) fn has_gap(&self, own: &[Arc<str>]) -> bool {
        let group = own.split_last().map_or(&[][..], |(_, group)| group);
        let around: Way = self.around.iter().chain(group).cloned().collect();
        self.stated.is_gap(&around)
    }

    /// The bound, or both where what lies between them is refused.
    fn span(&self, way: &Way, word: &str) -> Option<Span> {
        let around = way.split_last().map_or(&[][..], |(_, around)| around);
        let bound = |name| match self.beside(way, name) {
            Some(bound) => limit(bound).map(Some),
            None => Some(None),
        };
        let (least, most) = (bound("gte")?, bound("lte")?);
        if self.stated.is_gap(around) {
            return Some(Span { least, most, is_gap: true });
        }
        let is_lower = word == "gte";
        Some(Span {
            least: least.filter(|_| is_lower),
            most: most.filter(|_| !is_lower),
            is_gap: false,
        })
    }

    /// Those that the enumeration lists.
    fn defined(&self) -> Option<Condition> {
        let FieldKind::Enum(id) = self.kind else { return None };
        let listed = &self.side.enumeration(id)?.values;
        let numbers = listed.iter().map(|one| Json::Number(i64::from(one.number).into()));
        Some(Condition::Among(numbers.collect()))
    }

    /// What a text or bytes must look like.
    fn spelled(&self, word: &str, bound: &Json) -> Option<Condition> {
        let kind = kind_of(self.side, self.kind);
        let is_bytes = matches!(kind, Kind::Bytes);
        if !is_bytes && !matches!(kind, Kind::Text) {
            return None;
        }
        match (word, self.read(bound)) {
            ("pattern", Some(Json::String(pattern))) if !is_bytes => {
                Language::pattern(&pattern).ok().map(Condition::In)
            }
            ("not_contains", Some(Json::String(part))) => {
                spelling::around(word, &part).map(Condition::NotIn)
            }
            ("prefix" | "suffix" | "contains", Some(Json::String(part))) => {
                spelling::around(word, &part).map(Condition::In)
            }
            (_, _) if *bound != Json::Boolean(true) => None,
            (format, _) if is_bytes => spelling::bytes(format).map(Condition::In),
            (format, _) => spelling::texts(format).map(Condition::In),
        }
    }

    /// A value as it is stated in a constraint, as conditions compare it.
    fn read(&self, value: &Json) -> Option<Json> {
        match (kind_of(self.side, self.kind), value) {
            (Kind::Bytes, Json::String(text)) => {
                let bytes = BASE64_STANDARD.decode(&**text).ok()?;
                Some(Json::string(bytes.into_iter().map(char::from).collect::<String>()))
            }
            (Kind::Stepped { .. } | Kind::Real | Kind::Listed(_), _) => {
                match (number(value), value) {
                    (Some(number), _) => Some(Json::Number(number)),
                    (None, Json::String(_)) => Some(value.clone()),
                    (None, _) => None,
                }
            }
            (Kind::Other, _) => None,
            (Kind::Bytes | Kind::Text | Kind::Truth, _) => Some(value.clone()),
        }
    }

    /// A value as messages hold it in JSON: of a list or a map with all that is in it.
    pub(super) fn written(&self, entry: Option<(&Field, &Field)>, value: &Json) -> Option<Json> {
        match (entry, value) {
            (_, Json::Array(elements)) => {
                let written: Option<Vec<Json>> =
                    elements.iter().map(|one| write(self.side, self.kind, one)).collect();
                written.map(Json::array)
            }
            (Some((_, held)), Json::Object(entries)) => {
                let written: Option<Vec<(Arc<str>, Json)>> = entries
                    .iter()
                    .map(|(key, one)| Some((key.clone(), write(self.side, held.kind, one)?)))
                    .collect();
                written.map(Json::object)
            }
            _ => write(self.side, self.kind, value),
        }
    }
}

fn write(side: &Side<'_>, kind: FieldKind, value: &Json) -> Option<Json> {
    let form = match kind {
        FieldKind::Message(id, _) => side.message(id).map(|one| JsonForm::of(&one.full_name)),
        FieldKind::Scalar(_) | FieldKind::Enum(_) => None,
    };
    match (kind_of(side, kind), form, value) {
        (Kind::Bytes, _, Json::String(text)) => {
            let bytes: Option<Vec<u8>> =
                text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
            Some(Json::string(BASE64_STANDARD.encode(bytes?)))
        }
        (_, Some(JsonForm::Text("duration", _)), Json::Number(number)) => {
            Some(Json::string(format!("{number}s")))
        }
        (_, Some(JsonForm::Text("timestamp", _)), Json::Number(number)) => moment(number),
        (_, Some(JsonForm::Any), Json::String(url)) if url.is_empty() => {
            Some(Json::object::<&str>([]))
        }
        (_, Some(JsonForm::Any), Json::String(url)) => {
            Some(Json::object([("@type", Json::String(url.clone()))]))
        }
        (Kind::Other, ..) => None,
        _ => Some(value.clone()),
    }
}

/// A point in time, with the part of a second that it has.
fn moment(seconds: &Decimal) -> Option<Json> {
    let whole = seconds.floor_to(&Decimal::from(1_i64))?;
    let rest = seconds.plus(&whole.negated())?;
    let text = text_of(whole.to_i64()?)?;
    if rest.is_zero() {
        return Some(Json::string(text));
    }
    let fraction = rest.to_string();
    let fraction = fraction.strip_prefix("0.")?;
    Some(Json::string(format!("{}.{fraction}Z", text.strip_suffix('Z')?)))
}
