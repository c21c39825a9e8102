//! Which parts without names correspond: the caller pairs them, the facets compare the pairs.

use super::edit::{Both, GroupAt};

/// How what is listed without names at two places corresponds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairing {
    /// The group of one side, where it stands for something else that the other side says.
    pub(crate) replaced: Option<Both<Option<GroupAt>>>,
    pub(crate) groups: Vec<GroupPair>,
    pub(crate) groups_removed: Vec<GroupAt>,
    pub(crate) groups_added: Vec<GroupAt>,
    pub(crate) not: Matching,
    pub(crate) conditions: Matching,
    pub(crate) contained: Matching,
}

/// Two groups of alternatives that correspond.
#[derive(Clone, Debug)]
pub(crate) struct GroupPair {
    pub(crate) at: Both<GroupAt>,
    pub(crate) branches: Matching,
}

/// Which element of the old list is which of the new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matching {
    /// Old index, new index, in the order of the old list.
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) removed: Vec<usize>,
    pub(crate) added: Vec<usize>,
}
