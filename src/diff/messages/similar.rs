//! Renames and moves, inferred: the same structure under another name.

use std::collections::{BTreeMap, BTreeSet};

use super::packages::Packages;
use super::side::short;

/// An element without counterpart, and what it is made of.
pub(super) struct Candidate<'a> {
    /// Its position among the elements of its side.
    pub(super) at: usize,
    /// Whose it is.
    pub(super) whose: Whose,
    /// Its full name.
    pub(super) name: &'a str,
    /// The package that it is declared in.
    pub(super) package: &'a str,
    /// The path of its file.
    pub(super) path: &'a str,
    /// One text for each part that makes it recognisable.
    pub(super) traits: BTreeSet<String>,
    /// The same without what the names of all parts begin with; none where they do not by custom.
    pub(super) bare: BTreeSet<String>,
    /// Of parts that have a number: which stands for what.
    pub(super) numbered: BTreeMap<i64, String>,
    /// What of it stands in the way of its having come from another package.
    pub(super) rooted: Rooted<'a>,
    /// Whether anything that would hold its heir now says that it does not.
    pub(super) holder: Holder,
}

/// Which contract declares an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The one that is compared.
    Own,
    /// One that is read along.
    Beside,
}

/// By old and new position: what speaks for the one having taken the place of the other.
pub(super) type Swaps = BTreeMap<(usize, usize), Evidence>;

/// Where one type stands in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    /// Behind the number of another's field, or in a call.
    Place,
    /// In a field that has its number and its name still.
    Field,
}

/// What is known of those who hold an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// One of them is there on both sides: a swap shows what it holds in the other's place.
    Lives,
    /// There is none, or it has no counterpart itself.
    Unknown,
}

/// Whether what an element is made of could have moved with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rooted<'a> {
    /// All of it did, or stayed; what it lies in is called so on the new side, or it lies in nothing.
    Free(Option<&'a str>),
    /// It holds a type, or lies in one, that has no counterpart.
    Held,
}

/// A trait that more candidates than this share says nothing about any of them.
pub(super) const MAX_HOLDERS: usize = 64;

/// Pairs of positions that are one element: at least 60 % of the traits in common, half of them for a
/// namesake by a `swap`, and nobody else as similar. Under another short name it takes two traits and no number that
/// means something else, four where the names have nothing in common and a holder lives on that holds
/// it no longer; or a `swap`: a place that held the one and holds the other now; or all of the traits,
/// and nothing else that went from the file or came. Into another package it takes a swap, or the same
/// short name, all traits (where no holder dropped it, all of the old ones, or all but one of three and
/// more), two at least where the file is another, types and a parent that moved too or stayed, and
/// packages of which the one may have passed elements to the other.
pub(super) fn similar(
    old: &[Candidate<'_>],
    new: &[Candidate<'_>],
    swaps: &Swaps,
    packages: &Packages,
) -> Vec<(usize, usize)> {
    let (holders, loners) = (holders(new), loners(old, new));
    let mut likings: Vec<(usize, usize, Likeness)> = Vec::new();
    for (from, was) in old.iter().enumerate() {
        let loner = loners.get(&from).copied();
        for to in acquaintances(was, new, &holders, swaps).into_iter().chain(loner) {
            let known = new.get(to);
            let likeness = known.and_then(|is| {
                let is_alone =
                    loner == Some(to) && was.traits == is.traits && may_be_called(was, is, 0);
                likeness(was, is, swaps, packages).or(is_alone.then_some((100, false, false)))
            });
            likings.extend(likeness.map(|likeness| (from, to, likeness)));
        }
    }
    let forward = favourites(likings.iter().map(|(from, to, likeness)| (*from, *to, *likeness)));
    let backward = favourites(likings.iter().map(|(from, to, likeness)| (*to, *from, *likeness)));
    let mutual = forward.into_iter().filter(|(from, to)| backward.get(to) == Some(from));
    mutual.filter_map(|(from, to)| Some((old.get(from)?.at, new.get(to)?.at))).collect()
}

/// What one is the only one to have gone from a file, by the one that is the only one to have come.
fn loners(old: &[Candidate<'_>], new: &[Candidate<'_>]) -> BTreeMap<usize, usize> {
    let by_path = |candidates: &[Candidate<'_>]| {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, candidate) in candidates.iter().enumerate() {
            places.entry(candidate.path.to_owned()).or_default().push(place);
        }
        places
    };
    let (gone, come) = (by_path(old), by_path(new));
    let pairs =
        gone.iter().filter_map(|(path, gone)| match (&gone[..], come.get(path)?.as_slice()) {
            ([one], [other]) => Some((*one, *other)),
            _ => None,
        });
    let same_package = |(one, other): &(usize, usize)| {
        let home = |one: &Candidate<'_>| (one.whose == Whose::Own, one.package.to_owned());
        let homes = (old.get(*one).map(home), new.get(*other).map(home));
        homes.0 == homes.1 && homes.0.is_some_and(|(is_own, _)| is_own)
    };
    pairs.filter(same_package).collect()
}

/// For each one the other that it likes best, where there is one such.
pub(super) fn favourites<Liking: Copy + PartialOrd>(
    likings: impl Iterator<Item = (usize, usize, Liking)>,
) -> BTreeMap<usize, usize> {
    let mut best: BTreeMap<usize, (Liking, Option<usize>)> = BTreeMap::new();
    for (one, other, likeness) in likings {
        let favourite = best.entry(one).or_insert((likeness, Some(other)));
        if likeness > favourite.0 {
            *favourite = (likeness, Some(other));
        } else if likeness == favourite.0 && favourite.1 != Some(other) {
            favourite.1 = None;
        }
    }
    best.into_iter().filter_map(|(one, (_, other))| Some((one, other?))).collect()
}

/// Share of common traits in hundredths, then whether the place and the short name agree.
type Likeness = (usize, bool, bool);

fn likeness(
    old: &Candidate<'_>,
    new: &Candidate<'_>,
    swaps: &Swaps,
    packages: &Packages,
) -> Option<Likeness> {
    let most = old.traits.len().max(new.traits.len());
    let common = old.traits.intersection(&new.traits).count();
    let share = (100 * common).checked_div(most).unwrap_or(100);
    let is_within = old.whose == Whose::Own && new.whose == Whose::Own;
    if !is_within && (old.whose == new.whose || old.package != new.package) {
        // What went from one contract to another is seen by both as far as it stays in its package.
        return None;
    }
    let evidence = swaps.get(&(old.at, new.at));
    let swapped = evidence.is_some();
    let same_name = short(old.name) == short(new.name);
    let recognisable = if old.package == new.package || swapped {
        same_name || swapped || (common >= 2 && !clash(old, new) && may_be_called(old, new, common))
    } else {
        let is_telling = common >= 2 || old.path == new.path;
        let is_free = old.rooted != Rooted::Held && old.rooted == new.rooted;
        let may_move = packages.may_pass(old.package, new.package);
        let is_grown = common == old.traits.len();
        let is_edited = common >= 2 && common + 1 == old.traits.len() && !clash(old, new);
        let is_alike = share == 100 || !is_dropped(old, new) && (is_grown || is_edited);
        same_name && is_alike && is_telling && is_free && may_move
    };
    // What stands in the other's place, and is called the same, is more than likely the other, edited.
    let least = if swapped && same_name { 50 } else { 60 };
    if share >= least && recognisable {
        return Some((share, swapped, same_name));
    }
    let is_there = evidence == Some(&Evidence::Field) && is_heir(old, new);
    is_there.then_some((share.min(least - 1), swapped, same_name))
}

/// Whether what a field holds now is made of what it held, of whatever types: all of the one is in the
/// other, or half of both; or most of it but for the numbers, or but for what all names begin with.
fn is_heir(old: &Candidate<'_>, new: &Candidate<'_>) -> bool {
    let most = old.numbered.len().max(new.numbered.len());
    let least = old.numbered.len().min(new.numbered.len());
    let is_kept = |(number, was): &(&i64, &String)| {
        new.numbered.get(*number).is_some_and(|is| called(is) == called(was))
    };
    let kept = old.numbered.iter().filter(is_kept).count();
    let names = |one: &Candidate<'_>| -> BTreeSet<String> {
        one.numbered.values().map(|part| called(part).to_owned()).collect()
    };
    let moved = names(old).intersection(&names(new)).count();
    let spelled = old.bare.intersection(&new.bare).count();
    kept > 0 && (kept == least || 2 * kept >= most)
        || moved > 1 && 100 * moved >= 60 * most
        || spelled > 1 && 100 * spelled >= 60 * most
}

/// What a part is called, without its type.
fn called(part: &str) -> &str {
    part.split_once(' ').map_or(part, |(name, _)| name)
}

/// Whether the one may be what the other is called now: what a holder that lives on has dropped is
/// likely gone, unless the names have a word in common, or much else.
fn may_be_called(old: &Candidate<'_>, new: &Candidate<'_>, common: usize) -> bool {
    !is_dropped(old, new) || common >= 4 || !words(old.name).is_disjoint(&words(new.name))
}

/// Whether somebody lives on who held the one, or holds the other, and does not hold both.
fn is_dropped(old: &Candidate<'_>, new: &Candidate<'_>) -> bool {
    [old, new].iter().any(|one| one.holder == Holder::Lives)
}

/// Words that say what is done, or what kind of thing it is, of whatever there is.
const CUSTOMARY: [&str; 16] = [
    "get", "list", "create", "update", "delete", "set", "add", "remove", "request", "response",
    "req", "res", "reply", "enum", "info", "message",
];

/// The words of which the short name is made, but for customary ones.
fn words(name: &str) -> BTreeSet<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in short(name).chars() {
        if letter == '_' || letter.is_ascii_uppercase() && was_lower {
            words.push(String::new());
        }
        was_lower = !letter.is_ascii_uppercase();
        if let Some(word) = words.last_mut().filter(|_| letter != '_') {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty() && !CUSTOMARY.contains(&&**word));
    words.into_iter().collect()
}

/// Whether a number that both have stands for something else; what is called the same is the same, of
/// whatever type.
fn clash(old: &Candidate<'_>, new: &Candidate<'_>) -> bool {
    let mut numbered = old.numbered.iter();
    numbered
        .any(|(number, was)| new.numbered.get(number).is_some_and(|is| called(is) != called(was)))
}

fn holders<'c>(candidates: &'c [Candidate<'_>]) -> BTreeMap<&'c str, Vec<usize>> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let name = std::iter::once(short(candidate.name));
        for text in candidate.traits.iter().map(String::as_str).chain(name) {
            holders.entry(text).or_default().push(place);
        }
    }
    holders
}

/// The new candidates that share a trait, the short name or a place with the old one.
fn acquaintances(
    old: &Candidate<'_>,
    new: &[Candidate<'_>],
    holders: &BTreeMap<&str, Vec<usize>>,
    swaps: &Swaps,
) -> BTreeSet<usize> {
    let name = std::iter::once(short(old.name));
    let shared = old.traits.iter().map(String::as_str).chain(name);
    let known = shared.filter_map(|text| holders.get(text));
    let mut found: BTreeSet<usize> =
        known.filter(|places| places.len() <= MAX_HOLDERS).flatten().copied().collect();
    let swapped = swaps.range((old.at, 0)..=(old.at, usize::MAX)).map(|((_, to), _)| *to);
    let wanted: BTreeSet<usize> = swapped.collect();
    let places = new.iter().enumerate().filter(|(_, one)| wanted.contains(&one.at));
    if !wanted.is_empty() {
        found.extend(places.map(|(place, _)| place));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate<'a>(at: usize, name: &'a str, traits: &[&str]) -> Candidate<'a> {
        Candidate {
            at,
            whose: Whose::Own,
            name,
            package: "x",
            path: "x.proto",
            traits: traits.iter().map(|text| (*text).to_owned()).collect(),
            bare: BTreeSet::new(),
            numbered: traits.iter().filter_map(|text| numbered(text)).collect(),
            rooted: Rooted::Free(None),
            holder: Holder::Unknown,
        }
    }

    fn numbered(text: &str) -> Option<(i64, String)> {
        let (number, rest) = text.split_once(' ')?;
        Some((number.parse().ok()?, rest.to_owned()))
    }

    #[test]
    fn a_number_that_means_something_else_tells_strangers_apart() {
        let old = [candidate(0, "x.Created", &["1 id string", "2 at int64", "3 sku string"])];
        let new = [candidate(1, "x.Deleted", &["1 id string", "2 at int64", "3 why string"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), []);
        assert_eq!(
            similar(&old, &new, &[((0, 1), Evidence::Place)].into(), &Packages::default()),
            [(0, 1)]
        );
    }

    #[test]
    fn the_same_structure_under_another_name_is_a_rename() {
        let old = [candidate(3, "x.N", &["1 p int32", "2 q string"])];
        let new = [candidate(5, "x.Nn", &["1 p int32", "2 q string"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), [(3, 5)]);
    }

    #[test]
    fn one_common_trait_is_no_rename_unless_a_place_says_so() {
        let old = [candidate(0, "x.GetThing", &["1 id string"]), candidate(2, "x.Gone", &[])];
        let new = [candidate(1, "x.Other", &["1 id string"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), []);
        assert_eq!(
            similar(&old, &new, &[((0, 1), Evidence::Place)].into(), &Packages::default()),
            [(0, 1)]
        );
    }

    #[test]
    fn the_only_one_that_went_from_a_file_is_the_only_one_that_came() {
        let old = [candidate(0, "x.Ping", &["1 id string"])];
        let new = [candidate(1, "x.Pong", &["1 id string"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), [(0, 1)]);
        let new = [candidate(1, "x.Pong", &["1 id bytes"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), []);
        let (old, new) = ([candidate(0, "x.Ping", &[])], [candidate(1, "x.Pong", &[])]);
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), [(0, 1)]);
    }

    #[test]
    fn what_a_holder_dropped_is_another_unless_its_name_says_so() {
        let (old, new) = (["1 name string", "2 value string"], ["1 name string", "2 value string"]);
        let held = |name| Candidate { holder: Holder::Lives, ..candidate(0, name, &old) };
        let heir = |name| Candidate { holder: Holder::Lives, ..candidate(0, name, &new) };
        let found =
            |was, is| similar(&[held(was)], &[heir(is)], &Swaps::new(), &Packages::default());
        assert_eq!(found("x.ActionParameter", "x.NamedMetric"), []);
        assert_eq!(found("x.GetFooResponse", "x.GetBarResponse"), []);
        assert_eq!(found("x.ActionParameter", "x.ActionArgument"), [(0, 0)]);
    }

    #[test]
    fn two_equally_similar_ones_are_none() {
        let old = [candidate(0, "x.A", &["1 p int32", "2 q string"])];
        let new = [
            candidate(0, "x.B", &["1 p int32", "2 q string"]),
            candidate(1, "x.C", &["1 p int32", "2 q string"]),
        ];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), []);
    }

    #[test]
    fn a_move_keeps_the_short_name() {
        let old = [candidate(0, "x.M.E", &["0 E0"])];
        let new = [candidate(0, "x.E", &["0 E0"]), candidate(1, "x.F", &["0 E0"])];
        assert_eq!(similar(&old, &new, &Swaps::new(), &Packages::default()), [(0, 0)]);
    }
}
