//! What messages and enumerations of earlier revisions are called today.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::load::PastElement;

/// Of how many hundredths of its fields or values one is recognised under another name. It is more
/// than between two contracts, since what is found here is held against a number for good.
const ENOUGH: usize = 75;

/// How many elements must be the same for that.
const FEWEST: usize = 2;

/// The names of one file's elements, gone through from the newest version to the oldest.
#[derive(Default)]
pub(super) struct Names {
    /// By name of then.
    today: HashMap<String, String, RandomState>,
    /// What the version before this one, which is newer, declared, and in which package.
    newer: Option<(String, BTreeMap<String, Traits>)>,
}

/// The numbers and names of the fields or values of one element.
type Traits = BTreeSet<(i64, String)>;

impl Names {
    /// Takes in the next version.
    pub(super) fn follow(&mut self, package: &str, elements: &[PastElement]) {
        let mut owners: BTreeMap<String, Traits> = BTreeMap::new();
        for PastElement { revision: _, owner, number, name, kind: _ } in elements {
            owners.entry(owner.clone()).or_default().insert((*number, name.clone()));
        }
        if let Some((newer_package, newer)) = &self.newer {
            let gone: Vec<_> =
                newer.iter().filter(|(name, _)| !owners.contains_key(*name)).collect();
            let mut found = Vec::new();
            for (owner, traits) in &owners {
                if self.today.contains_key(owner) || newer.contains_key(owner) {
                    continue;
                }
                let same_place = |name: &str| {
                    let places = rest(owner, package).zip(rest(name, newer_package));
                    package != newer_package && places.is_some_and(|(was, is)| was == is)
                };
                let heir = gone.iter().find(|(name, _)| same_place(name)).or_else(|| {
                    let mut alike = gone.iter().filter(|(_, others)| is_alike(traits, others));
                    alike.next().filter(|_| alike.next().is_none())
                });
                found.extend(heir.map(|(name, _)| (owner.clone(), self.today((*name).clone()))));
            }
            self.today.extend(found);
        }
        for owner in owners.keys() {
            self.today.entry(owner.clone()).or_insert_with(|| owner.clone());
        }
        self.newer = Some((package.to_owned(), owners));
    }

    /// What an element of then is called.
    pub(super) fn today(&self, owner: String) -> String {
        self.today.get(&owner).cloned().unwrap_or(owner)
    }
}

/// A name without its package.
fn rest<'n>(name: &'n str, package: &str) -> Option<&'n str> {
    name.strip_prefix(package).map(|rest| rest.trim_start_matches('.'))
}

fn is_alike(one: &Traits, other: &Traits) -> bool {
    let common = one.intersection(other).count();
    common >= FEWEST && common * 100 >= ENOUGH * one.len().max(other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(owners: &[(&str, &[&str])]) -> Vec<PastElement> {
        let element = |owner: &str, number, name: &str| PastElement {
            revision: String::new(),
            owner: owner.to_owned(),
            number,
            name: name.to_owned(),
            kind: None,
        };
        let all = owners.iter().flat_map(|(owner, names)| {
            (1..).zip(*names).map(move |(number, name)| element(owner, number, name))
        });
        all.collect()
    }

    #[test]
    fn renames_and_new_packages_are_followed_back() {
        let mut names = Names::default();
        names.follow("x.v2", &version(&[("x.v2.Refusal", &["a", "b", "c"])]));
        names.follow("x.v1", &version(&[("x.v1.Refusal", &["a", "b", "c"])]));
        names.follow("x.v1", &version(&[("x.v1.Rejection", &["a", "b", "c", "d"])]));
        names.follow("x.v1", &version(&[("x.v1.Other", &["p", "q"])]));
        names.follow("x.v1", &version(&[("x.v1.Rejection", &["a"])]));
        let today = |owner: &str| names.today(owner.to_owned());
        assert_eq!(today("x.v1.Refusal"), "x.v2.Refusal");
        assert_eq!(today("x.v1.Rejection"), "x.v2.Refusal");
        assert_eq!(today("x.v1.Other"), "x.v1.Other");
    }

    #[test]
    fn what_could_be_either_is_neither() {
        let mut names = Names::default();
        names.follow("x", &version(&[("x.A", &["a", "b"]), ("x.B", &["a", "b"])]));
        names.follow("x", &version(&[("x.C", &["a", "b"])]));
        assert_eq!(names.today("x.C".to_owned()), "x.C");
    }
}
