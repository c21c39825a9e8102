//! A text that never outgrows its budget.

/// Blocks are taken whole or not at all, so that no markup is cut in two.
pub(super) struct Page {
    text: String,
    budget: usize,
}

impl Page {
    pub(super) fn new(budget: usize) -> Self {
        Self { text: String::new(), budget }
    }

    /// How many bytes the text may have.
    pub(super) fn budget(&self) -> usize {
        self.budget
    }

    /// How many it has.
    pub(super) fn used(&self) -> usize {
        self.text.len()
    }

    /// Takes the block if it fits.
    pub(super) fn add(&mut self, block: &str) -> bool {
        self.add_keeping(block, 0)
    }

    /// Takes the block if that leaves so many bytes.
    pub(super) fn add_keeping(&mut self, block: &str, reserve: usize) -> bool {
        let fits = self.used() + block.len() + reserve <= self.budget;
        if fits {
            self.text.push_str(block);
        }
        fits
    }

    pub(super) fn text(self) -> String {
        self.text
    }
}
