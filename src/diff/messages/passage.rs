//! What passed into another package file by file, where the package that it left stands, was split or
//! was merged.

use std::collections::{BTreeMap, BTreeSet};

use super::packages::Kin;
use super::pairs::Pairs;
use super::side::Side;
use super::similar::{MAX_HOLDERS, favourites};
use crate::model::{MessageKind, Messages};
use crate::source::{are_near, family};

/// Pairs what is called the same within its package, and whose file says another package now, or is
/// gone while a file of another package came that declares most of the same, in this contract or in
/// one that is read along.
pub(super) fn pair(pairs: &mut Pairs, old: &Side<'_>, new: &Side<'_>) {
    let left = [pairs.messages.gone(), pairs.enums.gone(), pairs.services.gone()];
    let arrived = [pairs.messages.fresh(), pairs.enums.fresh(), pairs.services.fresh()];
    let (gone, come) = (Remainder::of(old, left), Remainder::of(new, arrived));
    if gone.elements.is_empty() || come.elements.is_empty() {
        return;
    }
    let found = mutual(&Sides::of(pairs, (old, &gone), (new, &come)));
    let mut shares: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (from, to) in found {
        let (Some(was), Some(is)) = (gone.elements.get(from), come.elements.get(to)) else {
            continue;
        };
        match was.key.0 {
            Kind::Message => pairs.messages.join(was.at, is.at),
            Kind::Enum => pairs.enums.join(was.at, is.at),
            Kind::Service => pairs.services.join(was.at, is.at),
        }
        *shares.entry((was.file, is.file)).or_default() += 1;
    }
    // What most of a file went to comes first.
    let mut shares: Vec<_> = shares.into_iter().collect();
    shares.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    for ((from, to), _) in shares {
        pairs.packages.pass((from, old.package(from)), (to, new.package(to)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Message,
    Enum,
    Service,
}

/// What an element is, and what it is called within its package.
type Key<'a> = (Kind, &'a str);

/// An element without a namesake.
struct Element<'a> {
    key: Key<'a>,
    at: usize,
    file: usize,
}

/// What a file declares that has no namesake.
#[derive(Default)]
struct Parcel<'a> {
    names: BTreeSet<Key<'a>>,
    /// The numbers and names in each of them.
    parts: BTreeSet<(Key<'a>, String)>,
}

/// All that a side declares and that has no namesake on the other.
#[derive(Default)]
struct Remainder<'a> {
    elements: Vec<Element<'a>>,
    parcels: BTreeMap<usize, Parcel<'a>>,
}

impl<'a> Remainder<'a> {
    fn of(side: &Side<'a>, [messages, enums, services]: [Vec<usize>; 3]) -> Self {
        let all: &'a Messages = &side.contract.messages;
        let mut found = Self::default();
        for (at, one) in messages.into_iter().filter_map(|at| Some((at, all.messages.get(at)?))) {
            if one.kind != MessageKind::Unseen {
                let fields = one.fields.iter();
                let parts = fields.map(|field| format!("{} {}", field.number.get(), field.name));
                found.note(side, (Kind::Message, at), (one.file, &*one.full_name), parts);
            }
        }
        for (at, one) in enums.into_iter().filter_map(|at| Some((at, all.enums.get(at)?))) {
            let parts = one.values.iter().map(|value| format!("{} {}", value.number, value.name));
            found.note(side, (Kind::Enum, at), (one.file, &*one.full_name), parts);
        }
        for (at, one) in services.into_iter().filter_map(|at| Some((at, all.services.get(at)?))) {
            let calls = side.calls().filter(|(_, call)| call.service == one.full_name);
            let parts = calls.map(|(_, call)| call.method.to_string());
            found.note(side, (Kind::Service, at), (one.file, &*one.full_name), parts);
        }
        found
    }

    fn note(
        &mut self,
        side: &Side<'a>,
        (kind, at): (Kind, usize),
        (file, full_name): (usize, &'a str),
        parts: impl Iterator<Item = String>,
    ) {
        if side.is_own(file) || side.is_beside(file) {
            let key = (kind, local(full_name, side.package(file)));
            let parcel = self.parcels.entry(file).or_default();
            parcel.names.insert(key);
            parcel.parts.extend(parts.map(|part| (key, part)));
            self.elements.push(Element { key, at, file });
        }
    }
}

/// What an element is called within its package.
fn local<'a>(full_name: &'a str, package: &str) -> &'a str {
    full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.')
}

/// How much speaks for a passage: whether the file is where it was, then how many names and how many
/// parts are there.
type Tie = (bool, usize, usize);

/// Both sides, with what is asked of pairs of files.
struct Sides<'s, 'a> {
    pairs: &'s Pairs,
    old: (&'s Side<'a>, &'s Remainder<'a>),
    new: (&'s Side<'a>, &'s Remainder<'a>),
    /// By path, the packages of the old and of the new files.
    stood: BTreeSet<(&'a str, &'a str)>,
    stands: BTreeSet<(&'a str, &'a str)>,
    /// New packages that declare again what another version of them declares.
    copies: BTreeSet<&'a str>,
}

impl<'s, 'a> Sides<'s, 'a> {
    fn of(
        pairs: &'s Pairs,
        old: (&'s Side<'a>, &'s Remainder<'a>),
        new: (&'s Side<'a>, &'s Remainder<'a>),
    ) -> Self {
        let (stood, stands) = (statements(old.0), statements(new.0));
        Self { pairs, old, new, stood, stands, copies: copies(new.0) }
    }

    /// What speaks for it that what left the old file is in the new one.
    fn tie(&self, was: usize, is: usize) -> Option<Tie> {
        let ((old, gone), (new, come)) = (self.old, self.new);
        if old.is_beside(was) && new.is_beside(is) {
            // That is for other contracts to tell.
            return None;
        }
        let (from, to) = (old.package(was), new.package(is));
        let (left, arrived) = (gone.parcels.get(&was)?, come.parcels.get(&is)?);
        let is_within = old.is_own(was) && new.is_own(is);
        let is_in_place = is_within && old.path(was) == new.path(is);
        let shared = left.names.intersection(&arrived.names).count();
        let kept = left.parts.intersection(&arrived.parts).count();
        let heir = self.pairs.packages.renamed.get(from).map_or(from, |heir| heir);
        if heir == to {
            return None;
        }
        let tie = (is_in_place, shared, kept);
        if is_in_place {
            return Some(tie);
        }
        let (has_left, has_come) = if is_within {
            let has_left = !self.stands.contains(&(old.path(was), heir));
            (has_left, !self.stood.contains(&(new.path(is), to)))
        } else {
            let (place, now) = (old.home(was).place, new.home(is).place);
            (!new.has_place(place), !old.has_place(now))
        };
        let least = left.names.len().min(arrived.names.len());
        let asked = left.parts.iter().filter(|(key, _)| arrived.names.contains(key)).count();
        let same_file = file_name(old.path(was)) == file_name(new.path(is));
        let is_continued = match Kin::of(from, to) {
            Kin::Versions => kept > 0 || same_file,
            Kin::Strangers if are_near(from, to) => kept > 0 || same_file,
            // Files that are called alike hold much that is by custom.
            Kin::Strangers => same_file && kept >= 3 && shared == least,
        };
        let is_it = !self.pairs.packages.is_replaced(from, to)
            && has_left
            && has_come
            && 2 * shared >= least
            && 3 * kept >= 2 * asked
            && is_continued
            && self.is_no_launch(from, to);
        is_it.then_some(tie)
    }

    /// Whether the one did not merely retire while the other, another version of it, was launched. What
    /// a launch brings is there beside what it was copied from.
    fn is_no_launch(&self, from: &str, to: &str) -> bool {
        let packages = &self.pairs.packages;
        packages.may_move(from) && (packages.may_move(to) || !self.copies.contains(to))
    }
}

/// Pairs of elements, by position, of which each is the other's favourite by their files.
fn mutual(sides: &Sides<'_, '_>) -> Vec<(usize, usize)> {
    let ((old, gone), (new, come)) = (sides.old, sides.new);
    let mut by_key: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (to, is) in come.elements.iter().enumerate() {
        by_key.entry(is.key).or_default().push(to);
    }
    let mut ties: BTreeMap<(usize, usize), Option<Tie>> = BTreeMap::new();
    let mut likings = Vec::new();
    for (from, was) in gone.elements.iter().enumerate() {
        let namesakes = by_key.get(&was.key).map_or(&[][..], Vec::as_slice);
        for to in namesakes {
            let Some(is) = come.elements.get(*to) else { continue };
            let is_asked =
                namesakes.len() <= MAX_HOLDERS || old.path(was.file) == new.path(is.file);
            if is_asked {
                let both = (was.file, is.file);
                let tie = *ties.entry(both).or_insert_with(|| sides.tie(was.file, is.file));
                likings.extend(tie.map(|tie| (from, *to, tie)));
            }
        }
    }
    let forward = favourites(likings.iter().copied());
    let backward = favourites(likings.iter().map(|(from, to, tie)| (*to, *from, *tie)));
    forward.into_iter().filter(|(from, to)| backward.get(to) == Some(from)).collect()
}

/// The path and the package of each of the contract's own files.
fn statements<'a>(side: &Side<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let files = 0..side.contract.messages.files.len();
    let own = files.filter(|file| side.is_own(*file));
    own.map(|file| (side.path(file), side.package(file))).collect()
}

/// The packages that declare what another version of them declares too.
fn copies<'a>(side: &Side<'a>) -> BTreeSet<&'a str> {
    let Messages { messages, enums, services, extensions: _, files } = &*side.contract.messages;
    let families: Vec<Option<String>> =
        files.iter().map(|file| family(&file.package.value)).collect();
    let types = messages.iter().map(|one| (&one.full_name, one.file));
    let types = types.chain(enums.iter().map(|one| (&one.full_name, one.file)));
    let all = types.chain(services.iter().map(|one| (&one.full_name, one.file)));
    let mut declared: BTreeMap<(&str, &'a str), &'a str> = BTreeMap::new();
    let mut copies = BTreeSet::new();
    let is_told = |file: usize| side.is_own(file) || side.is_beside(file);
    for (full_name, file) in all.filter(|(_, file)| is_told(*file)) {
        let Some(Some(family)) = families.get(file) else { continue };
        let package = side.package(file);
        let first =
            *declared.entry((family.as_str(), local(full_name, package))).or_insert(package);
        if first != package {
            copies.extend([first, package]);
        }
    }
    copies
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
