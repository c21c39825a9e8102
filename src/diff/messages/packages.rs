//! Packages that were renamed, retired or added as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::side::Side;
use crate::model::{EnumValue, Field, Messages, Ownership};
use crate::source::{are_near, family};

/// What became of the packages that only one side has.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    /// Packages that live on under another name, old to new.
    pub(crate) renamed: BTreeMap<Arc<str>, Arc<str>>,
    /// Packages that are gone.
    pub(crate) gone: BTreeSet<Arc<str>>,
    /// Packages that were not there.
    pub(crate) fresh: BTreeSet<Arc<str>>,
    /// Of these, versions of something of which another version stands on both sides, or several
    /// came or went: one that is gone was retired and one that is fresh was launched, and neither
    /// became the other.
    versions: BTreeSet<Arc<str>>,
    /// By old file, where its package did not go as a whole: where what it declared is now, what took
    /// most of it first.
    passed: BTreeMap<usize, Vec<Passage>>,
}

/// What an old file declared is in a file of another package now.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    /// The package that it left.
    pub(crate) from: Arc<str>,
    /// The package that it is in.
    pub(crate) to: Arc<str>,
    /// The new file.
    pub(crate) file: usize,
}

impl Packages {
    pub(super) fn of(old: &Side<'_>, new: &Side<'_>) -> Self {
        let (mut was, mut is) = (contents(old), contents(new));
        let lone = |here: &Contents, there: &Contents| -> BTreeSet<Arc<str>> {
            here.keys().filter(|name| !there.contains_key(*name)).cloned().collect()
        };
        let (mut gone, mut fresh) = (lone(&was, &is), lone(&is, &was));
        // Full names come first: what another contract declares now is not gone, nor new what one did.
        let (went, came) = (passed(old, new), passed(new, old));
        gone.retain(|name| !went.contains(name));
        fresh.retain(|name| !came.contains(name));
        let versions = versions(&told(old), &told(new));
        let candidates = |names: &BTreeSet<Arc<str>>| -> Vec<Arc<str>> {
            names.iter().filter(|name| !versions.contains(*name)).cloned().collect()
        };
        let in_place = renamed_in_place((&was, &gone), &is);
        let mut movable = candidates(&gone);
        movable.retain(|old| !in_place.contains_key(old));
        look_inside(&mut was, old, &gone);
        look_inside(&mut is, new, &fresh);
        let mut taking = candidates(&fresh);
        // What declares nothing has taken nothing over.
        taking.retain(|name| is.get(name).is_some_and(|content| !content.names.is_empty()));
        taking.retain(|new| !in_place.values().any(|taken| taken == new));
        let mut renamed = renamed((&was, &movable), (&is, &taking));
        renamed.extend(in_place);
        for (old, new) in &renamed {
            gone.remove(old);
            fresh.remove(new);
        }
        Self { renamed, gone, fresh, versions, passed: BTreeMap::new() }
    }

    /// Whether elements of the package may live on, or have lived, under another name.
    pub(super) fn may_move(&self, package: &str) -> bool {
        let is_it = |name: &Arc<str>| **name == *package;
        let is_renamed = self.renamed.keys().chain(self.renamed.values()).any(is_it);
        is_renamed || !self.versions.contains(package)
    }

    /// Whether an element of the old package may have moved to the new one. Where all of the one
    /// went and all of the other came, and neither became the other as a whole, what looks alike
    /// does so by custom.
    pub(super) fn may_pass(&self, old: &str, new: &str) -> bool {
        let has_passed = || {
            let mut passages = self.passed.values().flatten();
            passages.any(|one| *one.from == *old && *one.to == *new)
        };
        let replaced = self.is_replaced(old, new) && !has_passed();
        old == new
            || self.renamed.get(old).is_some_and(|is| **is == *new)
            || (!replaced && are_near(old, new))
    }

    /// Whether all of the one went and all of the other came.
    pub(super) fn is_replaced(&self, old: &str, new: &str) -> bool {
        self.gone.contains(old) && self.fresh.contains(new)
    }

    /// Notes that what an old file declared is in a new file of another package.
    pub(super) fn pass(&mut self, (old, from): (usize, &str), (file, to): (usize, &str)) {
        // The one was no mere retirement, nor the other a mere launch.
        self.versions.remove(from);
        self.versions.remove(to);
        let passage = Passage { from: from.into(), to: to.into(), file };
        self.passed.entry(old).or_default().push(passage);
    }

    /// Where what an old file declared is now, where its package did not go as a whole.
    pub(super) fn passages(&self, old: usize) -> &[Passage] {
        self.passed.get(&old).map_or(&[], Vec::as_slice)
    }

    /// Every old file that passed into other packages, with where it did.
    pub(super) fn all_passages(&self) -> impl Iterator<Item = (usize, &Passage)> {
        let all = self.passed.iter();
        all.flat_map(|(old, passages)| passages.iter().map(|one| (*old, one)))
    }

    /// Whether a new file declares what files of another package did.
    pub(super) fn has_taken_over(&self, new: usize) -> bool {
        self.all_passages().any(|(_, passage)| passage.file == new)
    }

    /// What the package of an old file is called now, as far as the file is concerned.
    pub(super) fn heirs<'p>(&'p self, file: usize, package: &str) -> Vec<&'p Arc<str>> {
        let passages = self.passages(file).iter().map(|passage| &passage.to);
        passages.chain(self.renamed.get(package)).collect()
    }
}

/// The packages of a side's own files, and of those that are read along.
fn told(side: &Side<'_>) -> BTreeSet<Arc<str>> {
    let files = side.contract.messages.files.iter();
    let told = files.filter(|file| match file.ownership {
        Ownership::Own | Ownership::Beside => true,
        Ownership::Imported | Ownership::Reached => false,
    });
    told.map(|file| Arc::clone(&file.package.value)).collect()
}

/// Of the packages that went or came, those of which another version stands or several went or came, in
/// whichever contract.
fn versions(were: &BTreeSet<Arc<str>>, are: &BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
    let standing: BTreeSet<String> =
        were.intersection(are).filter_map(|name| family(name)).collect();
    let (gone, fresh) = (were - are, are - were);
    let (left, arrived) = (several(&gone), several(&fresh));
    let is_version = |name: &&Arc<str>| {
        family(name).is_some_and(|one| {
            standing.contains(&one) || left.contains(&one) || arrived.contains(&one)
        })
    };
    gone.iter().chain(&fresh).filter(is_version).cloned().collect()
}

/// The families of which there are several among these packages.
fn several(names: &BTreeSet<Arc<str>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    names.iter().filter_map(|name| family(name)).filter(|one| !seen.insert(one.clone())).collect()
}

type Contents = BTreeMap<Arc<str>, Content>;

/// What a package holds: relative names, those of services among them, and the paths of its files.
#[derive(Default)]
struct Content {
    names: BTreeSet<String>,
    /// What the messages and enumerations hold, where somebody has looked.
    parts: BTreeSet<String>,
    services: BTreeSet<String>,
    paths: BTreeSet<Arc<str>>,
}

impl Content {
    fn size(&self) -> usize {
        self.names.len() + self.paths.len()
    }

    fn shared_with(&self, other: &Self) -> usize {
        self.names.intersection(&other.names).count()
            + self.paths.intersection(&other.paths).count()
    }

    /// Whether most of what it held is there, or a file of it is: what is called alike may be so by
    /// custom. Where the two are versions of one thing, only what is called the same is asked.
    fn is_continued_by(&self, other: &Self, kin: Kin) -> bool {
        let is_asked = |part: &&String| {
            let name = part.split_once(' ').map_or("", |(name, _)| name);
            kin == Kin::Strangers || other.names.contains(name)
        };
        let asked: Vec<&String> = self.parts.iter().filter(is_asked).collect();
        let kept = asked.iter().filter(|part| other.parts.contains(**part)).count();
        !self.paths.is_disjoint(&other.paths) || 3 * kept >= 2 * asked.len()
    }

    /// Whether the other serves something that this did, or this served nothing.
    fn is_served_by(&self, other: &Self) -> bool {
        self.services.is_empty() || !self.services.is_disjoint(&other.services)
    }
}

/// Whether two packages are called the same but for their versions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    Versions,
    Strangers,
}

impl Kin {
    pub(super) fn of(old: &str, new: &str) -> Self {
        let bare = |name: &str| family(name).unwrap_or_else(|| name.to_owned()).replace(".*", "");
        if bare(old) == bare(new) { Self::Versions } else { Self::Strangers }
    }
}

/// Packages that are gone while their files stand where they stood, all in one other package: only the
/// statement was edited. One that stood before has not taken over what it had already.
fn renamed_in_place(
    (was, gone): (&Contents, &BTreeSet<Arc<str>>),
    is: &Contents,
) -> BTreeMap<Arc<str>, Arc<str>> {
    let heir = |content: &Content| {
        let path = content.paths.first()?;
        let (name, heir) = is.iter().find(|(_, other)| other.paths.contains(path))?;
        let before = was.get(name).map(|before| &before.names);
        let has_come = |name: &&String| before.is_none_or(|before| !before.contains(*name));
        let is_it = content.paths.is_subset(&heir.paths)
            && content.names.intersection(&heir.names).any(|name| has_come(&name));
        is_it.then(|| Arc::clone(name))
    };
    let found = gone.iter().filter_map(|old| Some((Arc::clone(old), heir(was.get(old)?)?)));
    found.collect()
}

/// An old package, a new one, and how much they have in common.
type Share<'a> = (&'a Arc<str>, &'a Arc<str>, usize);

/// Beyond this many comparisons only versions of the same package are compared.
const MAX_COMPARISONS: usize = 10_000;

/// Pairs of packages of which each is the one most like the other, with at least half of the old
/// content in common, a service among it where there were any.
fn renamed(
    (was, gone): (&Contents, &[Arc<str>]),
    (is, fresh): (&Contents, &[Arc<str>]),
) -> BTreeMap<Arc<str>, Arc<str>> {
    let are_few = gone.len().saturating_mul(fresh.len()) <= MAX_COMPARISONS;
    // Where several are versions of one, none of them is a candidate.
    let heirs: BTreeMap<String, &Arc<str>> =
        fresh.iter().filter_map(|new| Some((family(new)?, new))).collect();
    let candidates = |old: &str| -> Vec<&Arc<str>> {
        if are_few {
            return fresh.iter().collect();
        }
        family(old).and_then(|one| heirs.get(&one).copied()).into_iter().collect()
    };
    let mut shares: Vec<Share<'_>> = Vec::new();
    for old in gone {
        let Some(content) = was.get(old) else { continue };
        for new in candidates(old) {
            let share = is.get(new).map_or(0, |other| content.shared_with(other));
            let served = is.get(new).is_some_and(|other| content.is_served_by(other));
            let continued = is.get(new);
            let continued =
                continued.is_some_and(|other| content.is_continued_by(other, Kin::of(old, new)));
            if served && continued && share > 0 && 2 * share >= content.size() {
                shares.push((old, new, share));
            }
        }
    }
    let best = |mine: &dyn Fn(&Share<'_>) -> bool| {
        let mut found: Vec<_> = shares.iter().filter(|one| mine(one)).copied().collect();
        found.sort_by_key(|(.., share)| std::cmp::Reverse(*share));
        match &found[..] {
            [(old, new, share), (.., next), ..] if share > next => Some((*old, *new)),
            [(old, new, _)] => Some((*old, *new)),
            _ => None,
        }
    };
    let mut renamed = BTreeMap::new();
    for old in gone {
        let favourite = best(&|(one, ..)| *one == old);
        let mutual = favourite.filter(|(_, new)| best(&|(_, other, _)| other == new) == favourite);
        renamed.extend(mutual.map(|(old, new)| (old.clone(), new.clone())));
    }
    renamed
}

fn contents(side: &Side<'_>) -> Contents {
    let all = &side.contract.messages;
    let mut found = Contents::new();
    for (at, file) in all.files.iter().enumerate() {
        if side.is_own(at) {
            let content = found.entry(file.package.value.clone()).or_default();
            content.paths.insert(file.path.clone());
        }
    }
    let messages = all.messages.iter().map(|one| (&one.full_name, one.file));
    let enums = all.enums.iter().map(|one| (&one.full_name, one.file));
    let services = all.services.iter().map(|one| (&one.full_name, one.file));
    let rest = |name: &str, package: &str| {
        let rest = name.strip_prefix(package).unwrap_or(name);
        rest.trim_start_matches('.').to_owned()
    };
    for (name, file) in services.clone() {
        let package = side.package(file);
        if let Some(content) = found.get_mut(package) {
            content.services.insert(rest(name, package));
        }
    }
    for (name, file) in messages.chain(enums).chain(services) {
        let package = side.package(file);
        if let Some(content) = found.get_mut(package) {
            content.names.insert(rest(name, package));
        }
    }
    found
}

/// The packages of which the one side's own files declare something that files of other contracts
/// declare on the other side, and not on this one.
fn passed<'a>(own: &Side<'a>, beside: &Side<'a>) -> BTreeSet<Arc<str>> {
    let files = beside.contract.messages.files.len();
    if !(0..files).any(|file| beside.is_beside(file)) {
        return BTreeSet::new();
    }
    let declared = |side: &Side<'a>, is_beside: bool| -> BTreeMap<&'a Arc<str>, usize> {
        let Messages { messages, enums, services, extensions, files: _ } = &*side.contract.messages;
        let types = messages.iter().map(|one| (&one.full_name, one.file));
        let types = types.chain(enums.iter().map(|one| (&one.full_name, one.file)));
        let others = services.iter().map(|one| (&one.full_name, one.file));
        let others = others.chain(extensions.iter().map(|one| (&one.full_name, one.file)));
        let is_asked = |file: usize| {
            if is_beside { side.is_beside(file) } else { side.is_own(file) }
        };
        types.chain(others).filter(|(_, file)| is_asked(*file)).collect()
    };
    let (here, there) = (declared(own, true), declared(beside, true));
    let kept = declared(beside, false);
    let mine = declared(own, false).into_iter();
    let passed = mine.filter(|(name, _)| {
        there.contains_key(name) && !here.contains_key(name) && !kept.contains_key(name)
    });
    passed.map(|(_, file)| own.package(file).into()).collect()
}

/// Notes what messages and enumerations of these packages hold.
fn look_inside(contents: &mut Contents, side: &Side<'_>, packages: &BTreeSet<Arc<str>>) {
    let Messages { messages, enums, services: _, extensions: _, files: _ } =
        &*side.contract.messages;
    let mut note = |file: usize, full_name: &str, parts: &mut dyn Iterator<Item = String>| {
        let package = side.package(file);
        if !packages.contains(package) {
            return;
        }
        let name = full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.');
        if let Some(content) = contents.get_mut(package) {
            content.parts.extend(parts.map(|part| format!("{name} {part}")));
        }
    };
    for one in messages {
        let field = |field: &Field| format!("{} {}", field.number.get(), field.name);
        note(one.file, &one.full_name, &mut one.fields.iter().map(field));
    }
    for one in enums {
        let value = |value: &EnumValue| format!("{} {}", value.number, value.name);
        note(one.file, &one.full_name, &mut one.values.iter().map(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::messages::tests::tree;

    fn packages(old: &[&str], new: &[&str]) -> Packages {
        let load = |names: &[&str]| {
            let text = |name: &&str| {
                let words = "message A { int32 a = 1; } message B { A a = 1; }";
                (
                    format!("{}.proto", name.replace('.', "/")),
                    format!("syntax = \"proto3\"; package {name}; {words}"),
                )
            };
            let files: Vec<(String, String)> = names.iter().map(text).collect();
            let files: Vec<(&str, &str)> =
                files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            tree(&files)
        };
        let (old, new) = (load(old), load(new));
        Packages::of(&Side::new(&old), &Side::new(&new))
    }

    #[test]
    fn the_only_heir_of_a_package_is_what_it_was_renamed_to() {
        let found = packages(&["x.v1", "other"], &["x.v2", "other"]);
        assert_eq!(found.renamed.into_iter().collect::<Vec<_>>(), [("x.v1".into(), "x.v2".into())]);
        assert!(found.gone.is_empty() && found.fresh.is_empty());
    }

    #[test]
    fn of_very_many_packages_each_is_compared_with_its_own_version() {
        let names = |version: &str| (0..150).map(|at| format!("p{at}.{version}")).collect();
        let (old, new): (Vec<String>, Vec<String>) = (names("v1"), names("v2"));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let found = packages(&old, &new);
        assert_eq!((found.renamed.len(), found.gone.len(), found.fresh.len()), (150, 0, 0));
    }

    #[test]
    fn of_two_heirs_none_is_guessed() {
        let found = packages(&["x"], &["y", "z"]);
        assert!(found.renamed.is_empty());
        assert_eq!((found.gone.len(), found.fresh.len()), (1, 2));
    }

    #[test]
    fn beside_a_version_that_stands_others_come_and_go() {
        let found = packages(&["x.v1.e", "x.v2.e"], &["x.v2.e", "x.v3.e"]);
        assert!(found.renamed.is_empty());
        assert!(!found.may_move("x.v1.e") && !found.may_move("x.v3.e") && found.may_move("x.v2.e"));
    }
}
