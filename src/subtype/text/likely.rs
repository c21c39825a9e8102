//! How a reader most likely takes a value that crosses as text: each part as what is said of the part.
//!
//! Parts are read one by one, so that a value of many parts costs what its parts do. Where some part
//! cannot be read as anything that is said of it, or the parts are too many, the value is refused
//! however it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{ArrayFacets, Contains, Json, Kind, ObjectFacets, ShapeId};
use crate::subtype::Carrier;
use crate::subtype::engine::Search;
use crate::subtype::goal::Claim;

use super::readings::{all_readings, arriving};

/// How many choices of alternatives are looked at for one value.
const CHOICES: usize = 64;

/// How many choices of alternatives of both ends are compared, each with each.
pub(in crate::subtype) const MAX_PAIRS: usize = 64;

/// How many references are followed to what a shape admits.
const MAX_HOPS: usize = 64;

/// Readings of a value; `None` where there are too many alternatives to look at.
type Readings = Option<Vec<Json>>;

impl<'e> Search<'e> {
    /// Readings in which every part is read as what is said of the part: none where the reader refuses
    /// the value in whatever way it is read. Of a scalar they are all that it takes.
    pub(in crate::subtype) fn likely_readings(
        &mut self,
        read: &[Claim],
        value: &Json,
        carrier: Carrier,
    ) -> Readings {
        let mut found = Vec::new();
        for choice in self.choices(read)? {
            self.budget.take_evaluation().ok()?;
            found.extend(self.readings_of(&choice, value, carrier)?);
            if let Some(left) = arriving(value, carrier.of_member()) {
                found.extend(self.readings_of(&choice, &left, carrier)?);
            }
        }
        found.dedup();
        Some(found)
    }

    /// What applies in place, with each choice of alternatives.
    pub(in crate::subtype) fn choices(&mut self, read: &[Claim]) -> Option<Vec<Vec<Claim>>> {
        let mut open = vec![(read.to_vec(), 0)];
        let mut done = Vec::new();
        while let Some((mut parts, next)) = open.pop() {
            let Some(claim) = parts.get(next).copied() else {
                done.push(parts);
                continue;
            };
            let shape = self.shapes.get(claim.shape);
            let logic = shape.logic.get();
            let inside = shape.reference.iter().map(|reference| reference.target);
            let inside = inside.chain(logic.iter().flat_map(|logic| logic.all_of.iter().copied()));
            for part in inside {
                self.add(&mut parts, claim, part);
            }
            let mut ways = vec![parts];
            for group in logic.iter().flat_map(|logic| logic.any_of.iter().chain(&logic.one_of)) {
                let mut longer = Vec::new();
                let branches = group.value.iter().map(|branch| self.inner(claim, *branch));
                let branches: Vec<_> = branches.collect();
                for way in ways {
                    if branches.iter().any(|branch| way.contains(branch)) {
                        // It is chosen already.
                        longer.push(way);
                        continue;
                    }
                    for branch in &branches {
                        longer.push(way.iter().chain([branch]).copied().collect());
                    }
                    if longer.len() > CHOICES {
                        return None;
                    }
                }
                ways = longer;
            }
            if ways.len() + open.len() + done.len() > CHOICES {
                return None;
            }
            open.extend(ways.into_iter().map(|way| (way, next + 1)));
        }
        Some(done)
    }

    fn add(&mut self, parts: &mut Vec<Claim>, claim: Claim, part: ShapeId) {
        let part = self.inner(claim, part);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }

    fn readings_of(&mut self, choice: &[Claim], value: &Json, carrier: Carrier) -> Readings {
        match value {
            Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {
                let mut all = all_readings(value, carrier);
                all.retain(|reading| self.takes(choice, reading) != Some(false));
                Some(all)
            }
            Json::Array(elements) => {
                let mut found = self.lists(choice, elements, carrier)?;
                if let ([only], false) = (&**elements, carrier.is_form()) {
                    // It is written as that element.
                    found.extend(self.likely_readings(choice, only, carrier.of_element())?);
                }
                Some(found)
            }
            Json::Object(members) => {
                let mut found = self.objects(choice, members, carrier)?;
                if members.is_empty() && carrier == Carrier::HttpText {
                    let empty = Json::string("");
                    found.extend(self.readings_of(choice, &empty, carrier)?);
                }
                Some(found)
            }
        }
    }

    /// Whether each shape admits values of the type.
    pub(in crate::subtype) fn admit(&self, choice: &[Claim], kind: Kind) -> bool {
        choice.iter().all(|claim| {
            let shape = self.shapes.get(claim.shape);
            shape.boolean != Some(false)
                && shape.kinds.as_ref().is_none_or(|kinds| kinds.value.has(kind))
        })
    }

    /// Whether of values of the type no more is said in place than what a choice of alternatives says:
    /// of those of which only one may hold, no other admits the type.
    pub(in crate::subtype) fn is_told(&self, claim: Claim, kind: Kind) -> bool {
        self.shapes.get(claim.shape).logic.get().is_none_or(|logic| {
            let one = logic.one_of.as_ref().map_or(&[][..], |group| &group.value);
            one.iter().filter(|branch| self.admits(**branch, kind, MAX_HOPS)).count() <= 1
                && logic.not.is_none()
                && logic.condition.is_none()
        })
    }

    /// Whether the shape may accept values of the type, by the types that it states.
    fn admits(&self, shape: ShapeId, kind: Kind, hops: usize) -> bool {
        let shape = self.shapes.get(shape);
        let target = shape.reference.as_ref().map(|reference| reference.target);
        shape.boolean != Some(false)
            && shape.kinds.as_ref().is_none_or(|kinds| kinds.value.has(kind))
            && target
                .zip(hops.checked_sub(1))
                .is_none_or(|(target, hops)| self.admits(target, kind, hops))
    }

    /// Lists of the elements, each read as what is said of it.
    fn lists(&mut self, choice: &[Claim], elements: &[Json], carrier: Carrier) -> Readings {
        let stated = self.stated_lists(choice);
        let count = u64::try_from(elements.len()).unwrap_or(u64::MAX);
        let fits = |(_, array): &(Claim, &ArrayFacets)| {
            array.min_items.as_ref().is_none_or(|least| least.value <= count)
                && array.max_items.as_ref().is_none_or(|most| count <= most.value)
        };
        if !self.admit(choice, Kind::Array) || !stated.iter().all(fits) {
            return Some(Vec::new());
        }
        let mut ways = Vec::with_capacity(elements.len());
        for (position, element) in elements.iter().enumerate() {
            let mut claims = Vec::new();
            for (claim, array) in &stated {
                let shape = array.prefix.get(position).copied().or(array.rest);
                claims.extend(shape.map(|shape| self.child(*claim, shape)));
            }
            let found = self.likely_readings(&claims, element, carrier.of_element())?;
            if found.is_empty() {
                return Some(Vec::new());
            }
            ways.push(found);
        }
        let mut lists = vec![ways.iter().filter_map(|ways| ways.first().cloned()).collect()];
        for (claim, array) in stated {
            if array.unique.as_ref().is_some_and(|unique| unique.value) {
                let Some(list) = distinct(elements, &ways) else { return Some(Vec::new()) };
                lists.push(list);
            }
            if let Some(contains) = &array.contains {
                let wanted = self.child(claim, contains.shape);
                let Some(found) = self.containing(contains, wanted, &ways) else {
                    return Some(Vec::new());
                };
                lists.extend(found);
            }
        }
        Some(lists.into_iter().map(Json::array).collect())
    }

    pub(in crate::subtype) fn stated_lists(
        &self,
        choice: &[Claim],
    ) -> Vec<(Claim, &'e ArrayFacets)> {
        let shapes = self.shapes;
        let stated = |claim: &Claim| Some((*claim, shapes.get(claim.shape).array.get()?));
        choice.iter().filter_map(stated).collect()
    }

    /// Lists with as many, and with as few, of the wanted elements as the readings allow; `None` where
    /// there are always too few or too many.
    fn containing(
        &mut self,
        contains: &Contains,
        wanted: Claim,
        ways: &[Vec<Json>],
    ) -> Option<[Vec<Json>; 2]> {
        let (mut many, mut few) = ((Vec::new(), 0), (Vec::new(), 0));
        for ways in ways {
            let serves: Vec<_> = ways.iter().map(|way| self.accepts(wanted, way)).collect();
            let pick = |serving: bool| {
                let found = ways.iter().zip(&serves).find(|(_, serves)| **serves == Some(serving));
                found.map(|(way, _)| way).or_else(|| ways.first()).cloned()
            };
            // What has parts may be read in other ways than these.
            let is_scalar = |way: &Json| !matches!(way, Json::Array(_) | Json::Object(_));
            let is_told = ways.iter().all(is_scalar);
            let can = !is_told || serves.iter().any(|serves| *serves != Some(false));
            let must = is_told && serves.iter().all(|serves| *serves == Some(true));
            many.0.extend(pick(true));
            few.0.extend(pick(false));
            many.1 += u64::from(can);
            few.1 += u64::from(must);
        }
        let least = contains.minimum.as_ref().map_or(1, |least| least.value);
        let most = contains.maximum.as_ref().map_or(u64::MAX, |most| most.value);
        (least <= many.1 && few.1 <= most).then_some([many.0, few.0])
    }

    /// Objects of the members, each read as what is said of it.
    fn objects(&mut self, choice: &[Claim], members: &Members, carrier: Carrier) -> Readings {
        let shapes = self.shapes;
        let stated = |claim: &Claim| Some((*claim, shapes.get(claim.shape).object.get()?));
        let stated: Vec<(Claim, &ObjectFacets)> = choice.iter().filter_map(stated).collect();
        let fit = stated.iter().all(|(claim, object)| self.fits_names(*claim, object, members));
        if !self.admit(choice, Kind::Object) || !fit {
            return Some(Vec::new());
        }
        let mut object = Vec::with_capacity(members.len());
        for (name, member) in members {
            let mut claims = Vec::new();
            for (claim, object) in &stated {
                if self.ignored(*claim).contains(name) {
                    continue;
                }
                let (shapes, _) = self.member_shapes(object, name);
                claims.extend(shapes.into_iter().map(|shape| self.child(*claim, shape)));
            }
            let inner = carrier.of_member();
            let first = if inner.is_json() {
                let is_refused = self.takes(&claims, member) == Some(false);
                (!is_refused).then(|| member.clone())
            } else {
                self.likely_readings(&claims, member, inner)?.into_iter().next()
            };
            let Some(first) = first else { return Some(Vec::new()) };
            object.push((Arc::clone(name), first));
        }
        Some(vec![Json::object(object)])
    }

    /// Whether the names of the members, and how many there are, may be accepted.
    fn fits_names(&mut self, claim: Claim, object: &ObjectFacets, members: &Members) -> bool {
        let ignored = self.ignored(claim);
        let has = |name: &Arc<str>| members.contains_key(name) || ignored.contains(name);
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let names = object.names.map(|names| self.child(claim, names));
        object.required.keys().all(has)
            && object.min_properties.as_ref().is_none_or(|least| least.value <= count)
            && object.max_properties.as_ref().is_none_or(|most| count <= most.value)
            && object
                .dependent_required
                .iter()
                .all(|(name, needed)| !members.contains_key(name) || needed.value.iter().all(has))
            && names.is_none_or(|names| {
                let mut all = members.keys().filter(|name| !ignored.contains(*name));
                all.all(|name| self.accepts(names, &Json::String(Arc::clone(name))) != Some(false))
            })
    }
}

type Members = BTreeMap<Arc<str>, Json>;

/// A list of readings that differ from each other; `None` where there are too few for the elements
/// that are one text.
fn distinct(elements: &[Json], ways: &[Vec<Json>]) -> Option<Vec<Json>> {
    let mut used = BTreeSet::new();
    let mut list = Vec::with_capacity(ways.len());
    for (element, ways) in elements.iter().zip(ways) {
        if let Some(way) = ways.iter().find(|way| !used.contains(*way)) {
            used.insert(way);
            list.push(way.clone());
        } else {
            let alike = elements.iter().filter(|other| *other == element).count();
            let is_scalar = |way: &Json| !matches!(way, Json::Array(_) | Json::Object(_));
            if ways.len() < alike && ways.iter().all(is_scalar) {
                return None;
            }
            list.extend(ways.first().cloned());
        }
    }
    Some(list)
}
