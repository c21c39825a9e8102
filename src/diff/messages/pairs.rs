//! What corresponds to what: by full name, by renamed package, by file, then by structure.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::packages::Packages;
use super::passage;
use super::side::{Home, Side, Tree};
use super::structure;
use crate::model::{EnumId, MessageId, MessageKind, Messages};

/// Which elements of the two sides are the same.
pub(crate) struct Pairs {
    /// What became of packages.
    pub(crate) packages: Packages,
    /// Messages, by id.
    pub(crate) messages: Pairing,
    /// Enumerations, by id.
    pub(crate) enums: Pairing,
    /// Services, by position.
    pub(crate) services: Pairing,
}

/// Which elements of one kind are the same; several old ones may have become one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairing {
    forward: Vec<Option<usize>>,
    backward: Vec<Option<usize>>,
}

impl Pairing {
    fn new(old: usize, new: usize) -> Self {
        Self { forward: vec![None; old], backward: vec![None; new] }
    }

    /// Pairs two elements, unless one of them is taken.
    pub(super) fn join(&mut self, old: usize, new: usize) {
        if let (Some(forward @ None), Some(backward @ None)) =
            (self.forward.get_mut(old), self.backward.get_mut(new))
        {
            *forward = Some(new);
            *backward = Some(old);
        }
    }

    /// The new element that an old one became.
    pub(crate) fn new_of(&self, old: usize) -> Option<usize> {
        self.forward.get(old).copied().flatten()
    }

    /// The old element that a new one was.
    pub(crate) fn old_of(&self, new: usize) -> Option<usize> {
        self.backward.get(new).copied().flatten()
    }

    /// The old elements that are gone.
    pub(crate) fn gone(&self) -> Vec<usize> {
        (0..self.forward.len()).filter(|old| self.new_of(*old).is_none()).collect()
    }

    /// The new elements that were not there.
    pub(crate) fn fresh(&self) -> Vec<usize> {
        (0..self.backward.len()).filter(|new| self.old_of(*new).is_none()).collect()
    }

    /// Pairs elements whose names are the same once the old one is translated. Where several files
    /// declare the name, what stayed in its file is the same, then what stayed the contract's own.
    fn join_names(
        &mut self,
        old: &[Named<'_>],
        new: &[Named<'_>],
        translate: impl Fn(usize, &str) -> Option<String>,
    ) {
        let (stood, places) = (Places::of(old), Places::of(new));
        let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, named) in old.iter().enumerate().filter(|(at, _)| self.new_of(*at).is_none()) {
            if let Some(name) = translate(place, named.name) {
                wanted.entry(name).or_default().push(place);
            }
        }
        for (name, were) in wanted {
            let may_be = |was: &Named<'_>, is: &Named<'_>| {
                let (from, to) = (was.home.tree, is.home.tree);
                let has_moved = || !stood.has(is.name, to) && !places.has(was.name, from);
                from == to || was.home.place == is.home.place || has_moved()
            };
            let are = places.called(&name);
            self.join_nearest((old, &were), (new, are), may_be);
        }
    }

    /// Pairs what has one name. What is in a file of another contract is another thing, unless it moved: it
    /// is no longer where it was, and was not there where it is.
    fn join_nearest(
        &mut self,
        (old, were): (&[Named<'_>], &[usize]),
        (new, are): (&[Named<'_>], &[usize]),
        may_be: impl Fn(&Named<'_>, &Named<'_>) -> bool,
    ) {
        let near: [fn(&Home<'_>, &Home<'_>) -> bool; 4] = [
            |old, new| old.place == new.place,
            |old, new| old.path == new.path && old.whose == new.whose,
            |old, new| old.tree == new.tree,
            |_, _| true,
        ];
        let whose = |all: &[Named<'_>], at: &usize| all.get(*at).map(|named| named.home.whose);
        let (mut were, mut are) = (were.to_vec(), are.to_vec());
        were.sort_by_key(|at| whose(old, at));
        are.sort_by_key(|at| whose(new, at));
        for is_near in near {
            for was in &were {
                let fits = |is: &&usize| {
                    self.new_of(*was).is_none()
                        && self.old_of(**is).is_none()
                        && old.get(*was).zip(new.get(**is)).is_some_and(|(was, is)| {
                            is_near(&was.home, &is.home) && may_be(was, is)
                        })
                };
                if let Some(is) = are.iter().find(fits) {
                    self.join(*was, *is);
                }
            }
        }
        // Where the copies of several contracts moved to one place, each of them is what is there now.
        for was in were {
            let merged = are.iter().find(|is| {
                let both = old.get(was).zip(new.get(**is));
                both.is_some_and(|(was, is)| was.home.tree != is.home.tree && may_be(was, is))
            });
            if let (Some(forward @ None), Some(is)) = (self.forward.get_mut(was), merged) {
                *forward = Some(*is);
            }
        }
    }
}

impl Pairs {
    /// Pairs everything that has a name.
    pub(crate) fn of(old: &Side<'_>, new: &Side<'_>) -> Self {
        let packages = Packages::of(old, new);
        let (was, is) = (Names::of(old), Names::of(new));
        let mut pairs = Self {
            messages: Pairing::new(was.messages.len(), is.messages.len()),
            enums: Pairing::new(was.enums.len(), is.enums.len()),
            services: Pairing::new(was.services.len(), is.services.len()),
            packages,
        };
        pairs.by_name(old, &was, &is);
        passage::pair(&mut pairs, old, new);
        pairs.unseen(old, new);
        structure::pair(&mut pairs, old, new);
        pairs
    }

    fn by_name(&mut self, old: &Side<'_>, was: &Names<'_>, is: &Names<'_>) {
        let same = |_: usize, name: &str| Some(name.to_owned());
        self.messages.join_names(&was.messages, &is.messages, same);
        self.enums.join_names(&was.enums, &is.enums, same);
        self.services.join_names(&was.services, &is.services, same);
        let files = &old.contract.messages;
        let packages = &self.packages.renamed;
        let moved = |file: Option<usize>, name: &str| {
            let package = old.package(file?);
            let renamed = packages.get(package)?;
            let rest = name.strip_prefix(package)?.trim_start_matches('.');
            Some(if renamed.is_empty() { rest.to_owned() } else { format!("{renamed}.{rest}") })
        };
        self.messages.join_names(&was.messages, &is.messages, |place, name| {
            moved(files.messages.get(place).map(|one| one.file), name)
        });
        self.enums.join_names(&was.enums, &is.enums, |place, name| {
            moved(files.enums.get(place).map(|one| one.file), name)
        });
        self.services.join_names(&was.services, &is.services, |place, name| {
            moved(files.services.get(place).map(|one| one.file), name)
        });
    }

    /// A type that one side names and nobody declares there may be what the other side declares, or
    /// names in full.
    fn unseen(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let all = |side: &Side<'_>, left: Vec<usize>| -> Vec<(usize, Arc<str>, bool)> {
            let all = left.into_iter().filter_map(|at| {
                let message = side.contract.messages.messages.get(at)?;
                Some((at, message.full_name.clone(), message.kind == MessageKind::Unseen))
            });
            all.collect()
        };
        let (gone, fresh) = (all(old, self.messages.gone()), all(new, self.messages.fresh()));
        for (was, old_name, is_unseen) in &gone {
            let mut alike = fresh.iter().filter(|(_, new_name, unseen)| {
                (*is_unseen && is_end(old_name, new_name))
                    || (*unseen && is_end(new_name, old_name))
            });
            if let (Some((is, ..)), None) = (alike.next(), alike.next()) {
                self.messages.join(*was, *is);
            }
        }
    }

    /// The new message that an old one became.
    pub(crate) fn new_message(&self, old: MessageId) -> Option<MessageId> {
        self.messages.new_of(place(old.0)).map(|at| MessageId(id(at)))
    }

    /// The old message that a new one was.
    pub(crate) fn old_message(&self, new: MessageId) -> Option<MessageId> {
        self.messages.old_of(place(new.0)).map(|at| MessageId(id(at)))
    }

    /// The new enumeration that an old one became.
    pub(crate) fn new_enum(&self, old: EnumId) -> Option<EnumId> {
        self.enums.new_of(place(old.0)).map(|at| EnumId(id(at)))
    }

    /// The old enumeration that a new one was.
    pub(crate) fn old_enum(&self, new: EnumId) -> Option<EnumId> {
        self.enums.old_of(place(new.0)).map(|at| EnumId(id(at)))
    }

    /// Whether the new name is what the old one is called since its package was renamed, or its file
    /// passed into another.
    pub(crate) fn follows_package(
        &self,
        (side, file): (&Side<'_>, usize),
        old: &str,
        new: &str,
    ) -> bool {
        let package = side.package(file);
        let rest = |name: &str, package: &str| {
            name.strip_prefix(package).map(|rest| rest.trim_start_matches('.').to_owned())
        };
        let mut heirs = self.packages.heirs(file, package).into_iter();
        heirs.any(|heir| rest(old, package) == rest(new, heir))
    }
}

/// The elements of a side by name.
struct Places<'n> {
    by_name: BTreeMap<&'n str, Vec<usize>>,
    all: &'n [Named<'n>],
}

impl<'n> Places<'n> {
    fn of(all: &'n [Named<'n>]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, named) in all.iter().enumerate() {
            by_name.entry(named.name).or_default().push(place);
        }
        Self { by_name, all }
    }

    fn called(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a file of this contract declares the name.
    fn has(&self, name: &str, tree: Tree<'_>) -> bool {
        let mut named = self.called(name).iter().filter_map(|at| self.all.get(*at));
        named.any(|one| one.home.tree == tree)
    }
}

struct Names<'a> {
    messages: Vec<Named<'a>>,
    enums: Vec<Named<'a>>,
    services: Vec<Named<'a>>,
}

struct Named<'a> {
    name: &'a Arc<str>,
    home: Home<'a>,
}

impl<'a> Names<'a> {
    fn of(side: &Side<'a>) -> Self {
        let Messages { messages, enums, services, extensions: _, files: _ } =
            &*side.contract.messages;
        let named = |name: &'a Arc<str>, file: usize| Named { name, home: side.home(file) };
        Self {
            messages: messages.iter().map(|one| named(&one.full_name, one.file)).collect(),
            enums: enums.iter().map(|one| named(&one.full_name, one.file)).collect(),
            services: services.iter().map(|one| named(&one.full_name, one.file)).collect(),
        }
    }
}

/// Whether the short name may stand for the full one: its last parts.
pub(super) fn is_end(short: &str, full: &str) -> bool {
    full.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'))
}

pub(super) fn place(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

pub(super) fn id(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
