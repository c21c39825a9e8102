//! In which order files are resolved: each behind everything that it imports.

use std::collections::HashMap;

use super::tree::ReadFile;

/// Which file each import names, as far as a glance tells.
pub(super) struct Imports {
    /// By file: the files that it imports, or has to follow for another reason.
    before: Vec<Vec<usize>>,
}

impl Imports {
    /// The imports of these files.
    pub(super) fn of(read: &[ReadFile]) -> Self {
        Self { before: read.iter().map(|file| file.targets().collect()).collect() }
    }

    /// Has one file wait for another; answers whether it did not before.
    pub(super) fn wait(&mut self, file: usize, other: usize) -> bool {
        let Some(before) = self.before.get_mut(file) else { return false };
        let is_new = file != other && !before.contains(&other);
        if is_new {
            before.push(other);
        }
        is_new
    }

    /// Every file once, in groups of those that import each other; what a group imports is in the
    /// groups before it or in itself.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        components(&self.before)
    }
}

/// Which files are compiled together, because one of the contract's own reaches both.
pub(super) struct Together {
    /// By file: the files that import it.
    importers: Vec<Vec<usize>>,
    own: Vec<bool>,
    /// Pairs that somebody asked about.
    known: HashMap<(usize, usize), bool>,
}

impl Together {
    /// Nothing was asked yet.
    pub(super) fn of(read: &[ReadFile]) -> Self {
        let mut importers = vec![Vec::new(); read.len()];
        for (at, file) in read.iter().enumerate() {
            for target in file.targets() {
                if let Some(importers) = importers.get_mut(target) {
                    importers.push(at);
                }
            }
        }
        let own = read.iter().map(ReadFile::is_own).collect();
        Self { importers, own, known: HashMap::new() }
    }

    /// Whether a file of the contract's own reaches both, itself included.
    pub(super) fn are(&mut self, one: usize, other: usize) -> bool {
        if let Some(known) = self.known.get(&(one, other)) {
            return *known;
        }
        let (of_one, of_other) = (self.reaching(one), self.reaching(other));
        let mut both = of_one.iter().zip(&of_other).zip(&self.own);
        let are = both.any(|((one, other), own)| *one && *other && *own);
        self.known.insert((one, other), are);
        are
    }

    fn reaching(&self, file: usize) -> Vec<bool> {
        let mut found = vec![false; self.importers.len()];
        let mut open = vec![file];
        while let Some(at) = open.pop() {
            if let Some(seen @ false) = found.get_mut(at) {
                *seen = true;
                open.extend(self.importers.get(at).into_iter().flatten());
            }
        }
        found
    }
}

/// The strongly connected components of a graph, each behind those that it leads to (Tarjan 1972).
///
/// Edges to nodes that do not exist are passed over.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        visited: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        open: Vec::new(),
        is_open: vec![false; edges.len()],
        found: Vec::new(),
        count: 0,
    };
    for node in 0..edges.len() {
        search.from(node);
    }
    search.found
}

struct Search<'e> {
    edges: &'e [Vec<usize>],
    /// When each node was reached.
    visited: Vec<Option<usize>>,
    /// By node: the earliest open node that it leads to.
    lowest: Vec<usize>,
    open: Vec<usize>,
    is_open: Vec<bool>,
    found: Vec<Vec<usize>>,
    count: usize,
}

impl Search<'_> {
    /// Walks everything that can be reached from here. A file may import a long chain of others, so
    /// the way back is kept in a list and not on the stack of the program.
    fn from(&mut self, node: usize) {
        let mut way: Vec<(usize, usize)> = Vec::new();
        if self.enter(node) {
            way.push((node, 0));
        }
        while let Some((node, next)) = way.pop() {
            let Some(target) = self.edges.get(node).and_then(|edges| edges.get(next)).copied()
            else {
                self.leave(node);
                if let Some((parent, _)) = way.last() {
                    self.lower(*parent, self.lowest.get(node).copied());
                }
                continue;
            };
            way.push((node, next + 1));
            if self.enter(target) {
                way.push((target, 0));
            } else if self.is_open.get(target).copied().unwrap_or(false) {
                self.lower(node, self.visited.get(target).copied().flatten());
            }
        }
    }

    fn enter(&mut self, node: usize) -> bool {
        let (Some(visited @ None), Some(lowest), Some(is_open)) =
            (self.visited.get_mut(node), self.lowest.get_mut(node), self.is_open.get_mut(node))
        else {
            return false;
        };
        (*visited, *lowest, *is_open) = (Some(self.count), self.count, true);
        self.count += 1;
        self.open.push(node);
        true
    }

    fn lower(&mut self, node: usize, to: Option<usize>) {
        if let (Some(lowest), Some(to)) = (self.lowest.get_mut(node), to) {
            *lowest = to.min(*lowest);
        }
    }

    fn leave(&mut self, node: usize) {
        if self.visited.get(node).copied().flatten() != self.lowest.get(node).copied() {
            return;
        }
        let begins = self.open.iter().rposition(|open| *open == node).unwrap_or(0);
        let mut group = self.open.split_off(begins);
        for member in &group {
            if let Some(is_open) = self.is_open.get_mut(*member) {
                *is_open = false;
            }
        }
        group.sort_unstable();
        self.found.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_led_to_comes_first_and_circles_stay_together() {
        let edges = [vec![1, 9], vec![2], vec![1, 3], vec![], vec![0, 4]];
        assert_eq!(components(&edges), [vec![3], vec![1, 2], vec![0], vec![4]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<Vec<usize>> = (1..=200_000).map(|next| vec![next]).collect();
        assert_eq!(components(&edges).len(), 200_000);
    }
}
