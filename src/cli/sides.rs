//! Sides that were read already. Head is compared with every version that is still supported, and most
//! versions hold a contract just as their neighbours do: each state of it is read once, and each pair
//! of states is compared once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use crate::diff::{CompareOptions, Comparison, compare, compare_once};
use crate::load::{LoadOptions, Loaded, load};
use crate::source::{ContentId, ContractPair, Discovered, RepoPath, Snapshot};

/// What was read and compared in one run.
pub(super) struct Sides {
    memory: Memory,
    old: Side,
    new: Side,
    compared: Vec<Compared>,
}

/// Whether anybody will ask again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// There is one base: each side is taken apart by its comparison, and nothing is copied.
    None,
    /// There are more.
    All,
}

/// The states of the contracts of one side, by where they begin.
#[derive(Default)]
struct Side(BTreeMap<String, Vec<State>>);

/// One state of a contract: all that it is made of, and what was read.
struct State {
    contract: Discovered,
    contents: Vec<Option<ContentId>>,
    loaded: Arc<Loaded>,
}

/// Two states, the question that was asked of them, and the answer.
struct Compared {
    old: Arc<Loaded>,
    new: Arc<Loaded>,
    options: CompareOptions,
    answer: Comparison,
}

/// Both sides of a pair, as far as there are two.
pub(super) type Pair = (Option<Arc<Loaded>>, Option<Arc<Loaded>>);

impl Sides {
    /// For comparisons with so many bases.
    pub(super) fn new(bases: usize) -> Self {
        let memory = if bases > 1 { Memory::All } else { Memory::None };
        Self { memory, old: Side::default(), new: Side::default(), compared: Vec::new() }
    }

    /// Both sides of the pair; what was not read yet is read now, each on its own thread.
    pub(super) fn of(
        &mut self,
        (old, new): (&mut dyn Snapshot, &mut dyn Snapshot),
        pair: &ContractPair,
    ) -> Pair {
        let ContractPair { old: was, new: is, how: _ } = pair;
        let (was, is) = (was.as_ref(), is.as_ref());
        let contents = match self.memory {
            Memory::None => (None, None),
            Memory::All => (was.map(|was| contents(old, was)), is.map(|is| contents(new, is))),
        };
        let known = (
            was.zip(contents.0.as_ref()).and_then(|(was, ids)| self.old.find(was, ids)),
            is.zip(contents.1.as_ref()).and_then(|(is, ids)| self.new.find(is, ids)),
        );
        let options = LoadOptions::default();
        let read = |found: Option<&Discovered>, known: Option<Arc<Loaded>>, from: &dyn Snapshot| {
            known.or_else(|| found.map(|found| Arc::new(load(from, found, &options))))
        };
        let (old, new) = thread::scope(|scope| {
            // A snapshot may be used by one thread at a time, so each thread has its own.
            let new_side = scope.spawn(move || read(is, known.1, new));
            let old_side = read(was, known.0, old);
            (old_side, new_side.join().unwrap_or(None))
        });
        self.old.keep(was, contents.0, old.as_ref());
        self.new.keep(is, contents.1, new.as_ref());
        (old, new)
    }

    /// The answer to a question that was asked before, else a fresh one.
    pub(super) fn compare(
        &mut self,
        old: &mut Arc<Loaded>,
        new: &mut Arc<Loaded>,
        options: CompareOptions,
    ) -> Comparison {
        if let (Some(old), Some(new)) = (Arc::get_mut(old), Arc::get_mut(new)) {
            return compare_once(old, new, options);
        }
        let known = self.compared.iter().find(|known| {
            Arc::ptr_eq(&known.old, old) && Arc::ptr_eq(&known.new, new) && known.options == options
        });
        if let Some(known) = known {
            return known.answer.clone();
        }
        let answer = compare(old, new, options);
        let (old, new) = (Arc::clone(old), Arc::clone(new));
        self.compared.push(Compared { old, new, options, answer: answer.clone() });
        answer
    }
}

impl Side {
    fn find(&self, contract: &Discovered, contents: &[Option<ContentId>]) -> Option<Arc<Loaded>> {
        let states = self.0.get(contract.root.as_str())?;
        let same = |state: &&State| state.contents == contents && state.contract == *contract;
        states.iter().find(same).map(|state| Arc::clone(&state.loaded))
    }

    fn keep(
        &mut self,
        contract: Option<&Discovered>,
        contents: Option<Vec<Option<ContentId>>>,
        loaded: Option<&Arc<Loaded>>,
    ) {
        let (Some(contract), Some(contents), Some(loaded)) = (contract, contents, loaded) else {
            return;
        };
        if self.find(contract, &contents).is_none() {
            let (contract, loaded) = (contract.clone(), Arc::clone(loaded));
            let states = self.0.entry(contract.root.as_str().to_owned()).or_default();
            states.push(State { contract, contents, loaded });
        }
    }
}

/// What each file holds that the contract reaches; a file that cannot be read is as good as none.
fn contents(snapshot: &dyn Snapshot, contract: &Discovered) -> Vec<Option<ContentId>> {
    let id = |path: &RepoPath| snapshot.content_id(path).ok().flatten();
    contract.reached.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::document::references;
    use crate::source::{Label, MemorySnapshot, SourceError, between_listings, pair_contracts};

    /// Counts how often the one file is read.
    struct Counting {
        inside: MemorySnapshot,
        reads: AtomicUsize,
    }

    impl Counting {
        fn of(text: &str) -> Self {
            let path = RepoPath::new("a.schema.json").unwrap();
            let inside = MemorySnapshot::new("it", [(path, text.as_bytes().to_vec())]);
            Self { inside, reads: AtomicUsize::new(0) }
        }

        fn reads(&self) -> usize {
            self.reads.swap(0, Ordering::Relaxed)
        }
    }

    impl Snapshot for Counting {
        fn label(&self) -> &Label {
            self.inside.label()
        }

        fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, SourceError> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            self.inside.read(path)
        }

        fn content_id(&self, path: &RepoPath) -> Result<Option<ContentId>, SourceError> {
            self.inside.content_id(path)
        }

        fn paths(&self) -> Result<Vec<RepoPath>, SourceError> {
            self.inside.paths()
        }
    }

    fn pair(old: &Counting, new: &Counting) -> ContractPair {
        let changes = between_listings(&old.listing().unwrap(), &new.listing().unwrap());
        let mut pairs = pair_contracts(&old.inside, &new.inside, &changes, &references).unwrap();
        pairs.pop().unwrap()
    }

    #[test]
    fn a_state_that_several_bases_share_is_read_once_and_compared_once() {
        let mut new = Counting::of("{\"type\": \"string\", \"maxLength\": 1}");
        let mut sides = Sides::new(3);
        let mut answers = 0;
        for (text, read) in [("{\"enum\": [1]}", 1), ("{\"enum\": [1]}", 0), ("{\"enum\": [2]}", 1)]
        {
            let mut old = Counting::of(text);
            let pair = pair(&old, &new);
            let (was, is) = sides.of((&mut old, &mut new), &pair);
            let (mut was, mut is) = (was.unwrap(), is.unwrap());
            assert_eq!(old.reads(), read, "{text}");
            sides.compare(&mut was, &mut is, CompareOptions::default());
            answers += read;
            assert_eq!(sides.compared.len(), answers);
        }
        assert_eq!(new.reads(), 1, "the head is the same for all of them");
    }

    #[test]
    fn one_base_is_read_once_and_nothing_is_kept() {
        let (mut old, mut new) = (Counting::of("{\"enum\": [1]}"), Counting::of("{\"enum\": [2]}"));
        let pair = pair(&old, &new);
        let mut sides = Sides::new(1);
        let (was, is) = sides.of((&mut old, &mut new), &pair);
        let (mut was, mut is) = (was.unwrap(), is.unwrap());
        sides.compare(&mut was, &mut is, CompareOptions::default());
        assert_eq!((old.reads(), new.reads()), (1, 1));
        assert!(sides.compared.is_empty() && sides.old.0.is_empty() && sides.new.0.is_empty());
    }
}
