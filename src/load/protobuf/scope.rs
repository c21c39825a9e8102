//! Which declaration a name means: innermost scope first, among what the file can see.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::syntax::{ImportKind, Visibility};
use super::tree::Unit;
use crate::model::{EnumId, MessageId};

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
    /// Something in a file that is not imported.
    Hidden(Symbol),
}

/// Every full name of a contract, and what each file sees of them.
pub(super) struct Scopes<'t> {
    symbols: HashMap<Arc<str>, Symbol, RandomState>,
    packages: HashSet<&'t str, RandomState>,
    views: Vec<FileView<'t>>,
}

/// What one file sees.
struct FileView<'t> {
    units: HashSet<usize, RandomState>,
    packages: HashSet<&'t str, RandomState>,
}

impl<'t> Scopes<'t> {
    /// Scopes of these files, without any declaration yet.
    pub(super) fn new(units: &'t [Unit<'t>]) -> Self {
        let views: Vec<FileView<'t>> =
            (0..units.len()).map(|unit| FileView::of(unit, units)).collect();
        let packages = units.iter().flat_map(|unit| prefixes(package_of(unit))).collect();
        Self { symbols: HashMap::default(), packages, views }
    }

    /// Enters a declaration; answers the one that has the name already.
    pub(super) fn declare(&mut self, full_name: &Arc<str>, symbol: Symbol) -> Result<(), Symbol> {
        if let Some(before) = self.symbols.get(full_name) {
            return Err(*before);
        }
        self.symbols.insert(Arc::clone(full_name), symbol);
        Ok(())
    }

    /// What `name`, written in `scope` of a file, means.
    pub(super) fn find(
        &self,
        name: &str,
        scope: &str,
        unit: usize,
        wanted: Wanted,
    ) -> Option<Found> {
        let view = self.views.get(unit)?;
        let visible = |symbol: &Symbol| view.units.contains(&symbol.unit);
        if let Some(absolute) = name.strip_prefix('.') {
            let symbol = self.get(absolute, wanted)?;
            return Some(if visible(&symbol) {
                Found::Visible(symbol)
            } else {
                Found::Hidden(symbol)
            });
        }
        let in_view = self.search(name, scope, wanted, visible, &view.packages);
        in_view.map(Found::Visible).or_else(|| {
            let anywhere = self.search(name, scope, wanted, |_| true, &self.packages);
            anywhere.map(Found::Hidden)
        })
    }

    fn search(
        &self,
        name: &str,
        scope: &str,
        wanted: Wanted,
        visible: impl Fn(&Symbol) -> bool,
        packages: &HashSet<&'t str, RandomState>,
    ) -> Option<Symbol> {
        let first = name.split('.').next().unwrap_or(name);
        let mut prefix = scope;
        let mut candidate = String::with_capacity(scope.len() + name.len() + 1);
        loop {
            join_into(&mut candidate, prefix, first);
            if first.len() == name.len() {
                if let Some(symbol) = self.get(&candidate, wanted).filter(&visible) {
                    return Some(symbol);
                }
            } else {
                let declared = self.symbols.get(candidate.as_str());
                let aggregate = declared.is_some_and(|symbol| symbol.is_scope() && visible(symbol));
                if aggregate || packages.contains(candidate.as_str()) {
                    // The innermost scope that has the first part decides, even if it lacks the rest.
                    join_into(&mut candidate, prefix, name);
                    return self.get(&candidate, wanted).filter(&visible);
                }
            }
            if prefix.is_empty() {
                return None;
            }
            prefix = prefix.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }

    fn get(&self, full_name: &str, wanted: Wanted) -> Option<Symbol> {
        let symbol = self.symbols.get(full_name)?;
        let fits = match symbol.kind {
            SymbolKind::Message(_) | SymbolKind::Enum(_) => wanted == Wanted::Type,
            SymbolKind::Extension(_) => wanted == Wanted::Extension,
            SymbolKind::Service => false,
        };
        if fits { Some(*symbol) } else { None }
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

impl<'t> FileView<'t> {
    fn of(unit: usize, all: &'t [Unit<'t>]) -> Self {
        let mut units: HashSet<usize, RandomState> = HashSet::default();
        units.insert(unit);
        let mut waiting: Vec<usize> = imports(unit, all, |_| true);
        while let Some(next) = waiting.pop() {
            if units.insert(next) {
                waiting.extend(imports(next, all, |kind| kind == ImportKind::Public));
            }
        }
        let seen = units.iter().filter_map(|seen| all.get(*seen));
        let packages = seen.flat_map(|seen| prefixes(package_of(seen))).collect();
        Self { units, packages }
    }
}

fn imports(unit: usize, all: &[Unit<'_>], wanted: impl Fn(ImportKind) -> bool) -> Vec<usize> {
    let Some(unit) = all.get(unit) else { return Vec::new() };
    let pairs = unit.tree.imports.iter().zip(&unit.imports);
    pairs.filter(|(import, _)| wanted(import.kind)).filter_map(|(_, target)| *target).collect()
}

fn package_of<'u>(unit: &'u Unit<'_>) -> &'u str {
    unit.tree.package.as_ref().map_or("", |package| &package.text)
}

/// `a.b.c`, `a.b`, `a`.
fn prefixes(package: &str) -> impl Iterator<Item = &str> {
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
