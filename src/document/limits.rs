//! How much of a hostile input we are willing to read.

/// Budgets for reading texts. They are counts, so the same input always gets the same answer.
///
/// A text that exceeds one is refused with [`DocumentErrorKind::Limit`](super::DocumentErrorKind),
/// and the message names the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `max-bytes`: the size of one file. Positions are 32 bits wide, so 4 GiB is the ceiling
    /// whatever is written here. Default 256 MiB.
    pub max_bytes: usize,
    /// `max-depth`: arrays and objects inside each other, the root counting as one. Default 512.
    pub max_depth: usize,
    /// `max-values`: the values of one file, names not counted: each costs some fifty bytes of memory,
    /// however few it is written in. Default 10 000 000.
    pub max_values: usize,
    /// `max-aliases`: YAML aliases in one file. They share nodes, so they cost nothing here; the
    /// budget guards whoever walks the graph. Default 100 000.
    pub max_aliases: usize,
    /// `max-merged-members`: members that YAML merge keys (`<<`) copy in one file. Default 1 000 000.
    pub max_merged_members: usize,
    /// `max-files`: files that one side opens. Default 20 000.
    pub max_files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_depth: 512,
            max_values: 10_000_000,
            max_aliases: 100_000,
            max_merged_members: 1_000_000,
            max_files: 20_000,
        }
    }
}
