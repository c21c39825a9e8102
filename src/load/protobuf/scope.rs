//! Which declaration a name means: innermost scope first, among what the file can see.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::order::Together;
use super::syntax::ImportKind;
use super::tree::ReadFile;
use super::unit::Unit;
use crate::model::{EnumId, MessageId, Visibility};

/// Something with a full name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Symbol {
    pub(super) kind: SymbolKind,
    /// The file that declares it.
    pub(super) unit: usize,
    /// Whether other files may name it.
    pub(super) visibility: Visibility,
}

/// What a full name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolKind {
    Message(MessageId),
    Enum(EnumId),
    Service,
    /// An index into the extensions of the contract.
    Extension(usize),
}

/// What a look-up is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Type,
    Extension,
}

/// What a name was found to mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// Something that the file can see.
    Visible(Symbol),
    /// Something in a file that is imported for its options only.
    ForOptions(Symbol),
    /// Something in a file that is not imported.
    Hidden(Symbol),
}

/// Every full name that was declared so far, and what the files at hand see of them.
pub(super) struct Scopes {
    symbols: HashMap<Arc<str>, Symbol, RandomState>,
    /// What has a name that another file has given already. No file sees both.
    repeated: HashMap<Arc<str>, Vec<Symbol>, RandomState>,
    /// The files that declare such things.
    repeating: HashSet<usize, RandomState>,
    together: Together,
    /// By every package, and every scope that a package lies in: one of its files.
    packages: HashMap<Arc<str>, usize, RandomState>,
    views: HashMap<usize, FileView, RandomState>,
}

/// What one file sees.
struct FileView {
    units: HashSet<usize, RandomState>,
    /// Those of them that are imported for their options only.
    for_options: HashSet<usize, RandomState>,
    packages: HashSet<Arc<str>, RandomState>,
}

/// What has the name already of something that is declared.
pub(super) enum Taken {
    /// Something that whoever compiles the one compiles too.
    Here(Symbol),
    /// Something that nobody has to compile together with it: told of each pair of files once.
    Elsewhere(Symbol),
}

impl Scopes {
    /// Nothing is declared in these files yet.
    pub(super) fn of(read: &[ReadFile]) -> Self {
        Self {
            symbols: HashMap::default(),
            repeated: HashMap::default(),
            repeating: HashSet::default(),
            together: Together::of(read),
            packages: HashMap::default(),
            views: HashMap::default(),
        }
    }

    /// The files that declare what another file declares too.
    pub(super) fn repeating(&self) -> &HashSet<usize, RandomState> {
        &self.repeating
    }

    /// Whether some file of the contract's own is compiled with both.
    pub(super) fn are_together(&mut self, one: usize, other: usize) -> bool {
        self.together.are(one, other)
    }

    /// Turns to these files: names are looked up for them from here on. The files that they import
    /// have been at hand before, or are now.
    pub(super) fn turn_to(&mut self, group: impl Iterator<Item = usize> + Clone, units: &[Unit]) {
        for unit in group.clone() {
            let package = units.get(unit).map_or("", |unit| &unit.package);
            for prefix in prefixes(package) {
                if !self.packages.contains_key(prefix) {
                    self.packages.insert(prefix.into(), unit);
                }
            }
        }
        self.views.clear();
        self.views.extend(group.map(|unit| (unit, FileView::of(unit, units))));
    }

    /// What a full name means, wherever it is declared.
    pub(super) fn anywhere(&self, full_name: &str, wanted: Wanted) -> Option<Symbol> {
        self.get(full_name, wanted, |_| true)
    }

    /// Enters a declaration, unless something that is compiled with it has the name; answers what has
    /// the name already.
    pub(super) fn declare(&mut self, full_name: &Arc<str>, symbol: Symbol) -> Option<Taken> {
        let Some(first) = self.symbols.get(full_name).copied() else {
            self.symbols.insert(Arc::clone(full_name), symbol);
            return None;
        };
        let others = self.repeated.get(full_name).map_or(&[][..], Vec::as_slice);
        let all = std::iter::once(first).chain(others.iter().copied());
        let mut all = all.filter(|before| {
            before.unit == symbol.unit || self.together.are(before.unit, symbol.unit)
        });
        if let Some(before) = all.next() {
            return Some(Taken::Here(before));
        }
        self.repeated.entry(Arc::clone(full_name)).or_default().push(symbol);
        self.repeating.insert(first.unit);
        self.repeating.insert(symbol.unit).then_some(Taken::Elsewhere(first))
    }

    /// What `name`, written in `scope` of a file, means.
    pub(super) fn find(
        &self,
        name: &str,
        scope: &str,
        unit: usize,
        wanted: Wanted,
    ) -> Option<Found> {
        let view = self.views.get(&unit)?;
        let visible = |symbol: &Symbol| view.units.contains(&symbol.unit);
        if let Some(absolute) = name.strip_prefix('.') {
            if let Some(symbol) = self.get(absolute, wanted, visible) {
                return Some(view.found(symbol));
            }
            return self.anywhere(absolute, wanted).map(Found::Hidden);
        }
        let packages = |package: &str| view.packages.contains(package);
        let in_view = self.search(name, scope, wanted, visible, packages);
        in_view.map(|symbol| view.found(symbol)).or_else(|| {
            let packages = |package: &str| self.packages.contains_key(package);
            let anywhere = self.search(name, scope, wanted, |_| true, packages);
            anywhere.map(Found::Hidden)
        })
    }

    /// What `name`, written in `scope`, could mean if the file that declares it were imported.
    pub(super) fn find_unseen(&self, name: &str, scope: &str, wanted: Wanted) -> Option<Symbol> {
        if let Some(absolute) = name.strip_prefix('.') {
            return self.anywhere(absolute, wanted);
        }
        let packages = |package: &str| self.packages.contains_key(package);
        self.search(name, scope, wanted, |_| true, packages)
    }

    fn search(
        &self,
        name: &str,
        scope: &str,
        wanted: Wanted,
        visible: impl Fn(&Symbol) -> bool,
        is_package: impl Fn(&str) -> bool,
    ) -> Option<Symbol> {
        let first = name.split('.').next().unwrap_or(name);
        let mut prefix = scope;
        let mut candidate = String::with_capacity(scope.len() + name.len() + 1);
        loop {
            join_into(&mut candidate, prefix, first);
            if first.len() == name.len() {
                if let Some(symbol) = self.get(&candidate, wanted, &visible) {
                    return Some(symbol);
                }
            } else {
                let aggregate =
                    self.all(&candidate).any(|symbol| symbol.is_scope() && visible(symbol));
                if aggregate || is_package(&candidate) {
                    // The innermost scope that has the first part decides, even if it lacks the rest.
                    join_into(&mut candidate, prefix, name);
                    return self.get(&candidate, wanted, &visible);
                }
            }
            if prefix.is_empty() {
                return None;
            }
            prefix = prefix.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }

    fn get(
        &self,
        full_name: &str,
        wanted: Wanted,
        visible: impl Fn(&Symbol) -> bool,
    ) -> Option<Symbol> {
        let fits = |symbol: &&Symbol| match symbol.kind {
            SymbolKind::Message(_) | SymbolKind::Enum(_) => wanted == Wanted::Type,
            SymbolKind::Extension(_) => wanted == Wanted::Extension,
            SymbolKind::Service => false,
        };
        self.all(full_name).filter(fits).find(|symbol| visible(symbol)).copied()
    }

    /// Everything that has the name.
    fn all(&self, full_name: &str) -> impl Iterator<Item = &Symbol> {
        // Hardly any name is given twice.
        let others = if self.repeated.is_empty() { None } else { self.repeated.get(full_name) };
        self.symbols.get(full_name).into_iter().chain(others.into_iter().flatten())
    }
}

impl Symbol {
    fn is_scope(&self) -> bool {
        match self.kind {
            SymbolKind::Message(_) | SymbolKind::Enum(_) | SymbolKind::Service => true,
            SymbolKind::Extension(_) => false,
        }
    }
}

impl FileView {
    fn of(unit: usize, all: &[Unit]) -> Self {
        let mut units: HashSet<usize, RandomState> = HashSet::default();
        units.insert(unit);
        let mut see = |mut waiting: Vec<usize>| {
            let mut seen: HashSet<usize, RandomState> = HashSet::default();
            while let Some(next) = waiting.pop() {
                if units.insert(next) {
                    seen.insert(next);
                    waiting.extend(imports(next, all, |kind| kind == ImportKind::Public));
                }
            }
            seen
        };
        see(imports(unit, all, |kind| kind != ImportKind::Option));
        let for_options = see(imports(unit, all, |kind| kind == ImportKind::Option));
        let seen = units.iter().filter_map(|seen| all.get(*seen));
        let mut packages: HashSet<Arc<str>, RandomState> = HashSet::default();
        for package in seen.map(|seen| &seen.package) {
            if packages.insert(Arc::clone(package)) {
                packages.extend(prefixes(package).skip(1).map(Arc::from));
            }
        }
        Self { units, for_options, packages }
    }

    fn found(&self, symbol: Symbol) -> Found {
        if self.for_options.contains(&symbol.unit) {
            Found::ForOptions(symbol)
        } else {
            Found::Visible(symbol)
        }
    }
}

fn imports(unit: usize, all: &[Unit], wanted: impl Fn(ImportKind) -> bool) -> Vec<usize> {
    let imports = all.get(unit).map_or(&[][..], |unit| &unit.imports);
    let wanted = imports.iter().filter(|(kind, _)| wanted(*kind));
    wanted.map(|(_, target)| *target).collect()
}

/// `a.b.c`, `a.b`, `a`.
pub(super) fn prefixes(package: &str) -> impl Iterator<Item = &str> {
    let whole = if package.is_empty() { None } else { Some(package) };
    std::iter::successors(whole, |prefix| prefix.rsplit_once('.').map(|(outer, _)| outer))
}

fn join_into(out: &mut String, scope: &str, name: &str) {
    out.clear();
    out.push_str(scope);
    if !scope.is_empty() {
        out.push('.');
    }
    out.push_str(name);
}

/// The full name of something declared in a scope.
pub(super) fn qualified(scope: &str, name: &str) -> Arc<str> {
    let mut full = String::with_capacity(scope.len() + name.len() + 1);
    join_into(&mut full, scope, name);
    full.into()
}
