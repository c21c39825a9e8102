//! Which files of a tree bear on a change: the others are the same on both sides, and nothing that
//! changed reaches them or is reached from them.

use std::collections::{BTreeMap, BTreeSet};

use super::package::any_version;
use super::survey::Survey;
use super::{Changes, Discovered, RepoPath};

/// The state of a tree at one side.
pub(super) struct State<'s> {
    pub(super) survey: &'s Survey,
    pub(super) tree: &'s Discovered,
}

/// The files of a tree that have to be compared, on either side: those that changed, those of the
/// same packages (a package is gone when its last file is) and of other versions of these (a version
/// that comes beside one that stands took nobody's place), whatever leads to a change, since calls
/// and messages there are reached by it, and what all of these import.
pub(super) fn bearing(sides: [&State<'_>; 2], changes: &Changes) -> BTreeSet<RepoPath> {
    let elsewhere = led_elsewhere(sides, changes);
    let packages: BTreeSet<String> =
        sides.iter().flat_map(|side| side.packages(changes)).map(any_version).collect();
    let mut found: BTreeSet<RepoPath> = BTreeSet::new();
    for side in sides {
        let of_package = side.tree.files.iter().filter(|path| {
            side.survey.package(path).is_some_and(|one| packages.contains(&any_version(one)))
        });
        found.extend(of_package.cloned());
        found.extend(side.leading_to(changes, &elsewhere));
    }
    let imported = sides.map(|side| {
        side.survey.closure(found.iter().filter(|path| side.tree.reached.contains(*path)))
    });
    found.extend(imported.into_iter().flatten());
    found
}

/// The files of which an import leads to another file than it did, though they say the same.
fn led_elsewhere([old, new]: [&State<'_>; 2], changes: &Changes) -> BTreeSet<RepoPath> {
    let both = old.tree.reached.intersection(&new.tree.reached);
    let same = both.filter(|path| !changes.contains_key(*path));
    same.filter(|path| old.survey.targets(path) != new.survey.targets(path)).cloned().collect()
}

impl<'s> State<'s> {
    /// The packages of the files that changed; files without one are of the package without a name.
    fn packages<'p>(&'p self, changes: &'p Changes) -> impl Iterator<Item = &'s str> + 'p {
        self.changed(changes).filter_map(|path| self.survey.package(path))
    }

    fn changed<'p>(&'p self, changes: &'p Changes) -> impl Iterator<Item = &'s RepoPath> + 'p {
        self.tree.reached.iter().filter(|path| changes.contains_key(*path))
    }

    /// The files that changed or have an import that leads elsewhere, and all from which imports lead to one of them.
    fn leading_to(&self, changes: &Changes, elsewhere: &BTreeSet<RepoPath>) -> BTreeSet<RepoPath> {
        let mut importers: BTreeMap<RepoPath, Vec<&RepoPath>> = BTreeMap::new();
        for path in &self.tree.reached {
            for target in self.survey.targets(path) {
                importers.entry(target).or_default().push(path);
            }
        }
        let mut waiting: Vec<&RepoPath> = self.changed(changes).chain(elsewhere).collect();
        let mut found = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if found.insert(path.clone()) {
                waiting.extend(importers.get(path).into_iter().flatten());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemorySnapshot, Snapshot as _, between_listings, pair_contracts};

    const TREE: [(&str, &str); 8] = [
        ("a/v1/a.proto", "package a.v1; import \"base.proto\";"),
        ("a/v1/beside.proto", "package a.v1;"),
        ("a/v2/a.proto", "package a.v2;"),
        ("b/b.proto", "package b; import \"a/v1/a.proto\"; import \"c/c.proto\";"),
        ("b/user.proto", "package e; import \"b/b.proto\";"),
        ("base.proto", "package base;"),
        ("c/c.proto", "package c;"),
        ("d/d.proto", "package d; import \"base.proto\";"),
    ];

    /// Everything in quotes, which is all that these texts import.
    fn imports(text: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(text);
        text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn at_rest(edited: &str, text: &str) -> Vec<String> {
        let path = |path: &str| RepoPath::new(path).unwrap();
        let side = |edit: Option<(&str, &str)>| {
            let mut files: BTreeMap<RepoPath, Vec<u8>> =
                TREE.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec())).collect();
            if let Some((name, text)) = edit {
                files.insert(path(name), text.as_bytes().to_vec());
            }
            MemorySnapshot::new("test", files)
        };
        let (old, new) = (side(None), side(Some((edited, text))));
        let changes = between_listings(&old.listing().unwrap(), &new.listing().unwrap());
        let pairs = pair_contracts(&old, &new, &changes, &imports).unwrap();
        let found = pairs.iter().filter_map(|pair| pair.new.as_ref());
        found.flat_map(|tree| &tree.at_rest).map(ToString::to_string).collect()
    }

    #[test]
    fn what_neither_leads_to_a_change_nor_follows_from_one_rests() {
        let package = "package a.v1; import \"base.proto\"; message M {}";
        assert_eq!(at_rest("a/v1/a.proto", package), ["d/d.proto"]);
        let alone = at_rest("d/d.proto", "package d; import \"base.proto\"; message M {}");
        assert_eq!(alone.len(), TREE.len() - 2, "{alone:?}");
        let base = at_rest("base.proto", "package base; message M {}");
        assert_eq!(base, ["a/v1/beside.proto", "a/v2/a.proto"]);
    }
}
