//! Files that left one tree while files like them came to another: what the ones declared may be in the
//! others now, under another package.

use std::collections::{BTreeMap, BTreeSet};

use super::package::{any_version, are_near};
use super::{Folder, RepoPath};

/// A file that one side alone has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lone {
    pub(super) path: RepoPath,
    pub(super) package: String,
    pub(super) tree: Folder,
}

/// Files of which each may have become another of them, as far as names tell: all of them are seen by
/// every tree that has one, so that all say the same of them.
#[derive(Default)]
pub(super) struct Circle {
    left: Vec<Lone>,
    arrived: Vec<Lone>,
}

/// Beyond this many pairs of packages only files of one name are taken for each other.
const MAX_COMPARISONS: usize = 10_000;

impl Circle {
    /// The circles that reach beyond one tree, of files that left and files that arrived.
    pub(super) fn all(left: Vec<Lone>, arrived: Vec<Lone>) -> Vec<Self> {
        let ties = Ties::of(&left, &arrived);
        let mut circles: BTreeMap<usize, Self> = BTreeMap::new();
        for (at, file) in left.into_iter().enumerate() {
            circles.entry(ties.head(at)).or_default().left.push(file);
        }
        for (at, file) in arrived.into_iter().enumerate() {
            circles.entry(ties.head(ties.border + at)).or_default().arrived.push(file);
        }
        circles.into_values().filter(Self::reaches_across).collect()
    }

    fn reaches_across(&self) -> bool {
        let trees = |files: &[Lone]| -> BTreeSet<Folder> {
            files.iter().map(|file| file.tree.clone()).collect()
        };
        let (from, to) = (trees(&self.left), trees(&self.arrived));
        !from.is_empty() && !to.is_empty() && from.union(&to).count() > 1
    }

    /// Whether a file of it left the one tree or arrived in the other, which are one on either side.
    pub(super) fn touches(&self, was: &Folder, is: &Folder) -> bool {
        let is_in = |files: &[Lone], tree: &Folder| files.iter().any(|file| file.tree == *tree);
        is_in(&self.left, was) || is_in(&self.arrived, is)
    }

    /// Its files of either side.
    pub(super) fn files(&self) -> [impl Iterator<Item = &RepoPath>; 2] {
        [&self.left, &self.arrived].map(|files| files.iter().map(|file| &file.path))
    }

    /// The packages of its files, whatever their version: whether one that came took the place of one
    /// that went depends on which others stand.
    pub(super) fn families(&self) -> BTreeSet<String> {
        let files = self.left.iter().chain(&self.arrived);
        files.map(|file| any_version(&file.package)).collect()
    }
}

/// Which files hang together, by position: those that left, then those that arrived.
struct Ties {
    /// For each one another that it hangs together with, or itself.
    up: Vec<usize>,
    border: usize,
}

impl Ties {
    fn of(left: &[Lone], arrived: &[Lone]) -> Self {
        let border = left.len();
        let mut ties = Self { up: (0..border + arrived.len()).collect(), border };
        let (gone, come) = (by(left, |file| &file.package), by(arrived, |file| &file.package));
        if gone.len().saturating_mul(come.len()) <= MAX_COMPARISONS {
            for (from, were) in &gone {
                for (_, are) in come.iter().filter(|(to, _)| are_near(from, to)) {
                    ties.tie(were, are);
                }
            }
        }
        let gone = by(left, |file| file.path.file_name());
        let come = by(arrived, |file| file.path.file_name());
        for (name, were) in &gone {
            if let Some(are) = come.get(name) {
                ties.tie(were, are);
            }
        }
        ties
    }

    fn tie(&mut self, left: &[usize], arrived: &[usize]) {
        let all = left.iter().copied().chain(arrived.iter().map(|at| self.border + at));
        let heads: Vec<usize> = all.map(|at| self.head(at)).collect();
        let Some(first) = heads.first().copied() else { return };
        for head in heads {
            if let Some(up) = self.up.get_mut(head) {
                *up = first;
            }
        }
    }

    fn head(&self, at: usize) -> usize {
        let above = |at: &usize| self.up.get(*at).copied().filter(|up| up != at);
        std::iter::successors(Some(at), above).last().unwrap_or(at)
    }
}

fn by<'f>(files: &'f [Lone], key: impl Fn(&'f Lone) -> &'f str) -> BTreeMap<&'f str, Vec<usize>> {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        found.entry(key(file)).or_default().push(at);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tree: &str, name: &str, package: &str) -> Lone {
        let tree = Folder::new(tree);
        let path = tree.file(name).unwrap();
        Lone { path, package: package.to_owned(), tree }
    }

    #[test]
    fn what_left_hangs_together_with_what_arrived_elsewhere_under_a_near_package_or_its_name() {
        let left = || vec![file("", "a.proto", "shop.v1")];
        for (arrived, circles) in [
            (file("v2", "b.proto", "shop.v2"), 1),
            (file("v2", "a.proto", "garage.doors"), 1),
            (file("v2", "b.proto", "garage.doors"), 0),
            (file("", "b.proto", "shop.v2"), 0),
        ] {
            assert_eq!(
                Circle::all(left(), vec![arrived.clone()]).len(),
                circles,
                "{}",
                arrived.path
            );
        }
    }

    #[test]
    fn every_tree_sees_all_that_hangs_together() {
        let left = vec![file("a", "x.proto", "p.v1"), file("b", "y.proto", "q")];
        let arrived = vec![file("c", "x.proto", "p.v2"), file("c", "y.proto", "p.v3")];
        let circles = Circle::all(left, arrived);
        let [circle] = &circles[..] else { panic!("{} circles", circles.len()) };
        let [left, arrived] = circle.files().map(Iterator::count);
        assert_eq!((left, arrived), (2, 2));
        assert!(circle.touches(&Folder::new("b"), &Folder::new("d")));
    }
}
