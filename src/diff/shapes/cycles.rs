//! Pairs of places that are being judged: a pair that is met again inside itself is judged already.
//!
//! What is found inside such a cycle lacks what the walk has yet to find further out, so it is good
//! only until the pair that was met again has been judged; then the pair itself knows everything.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::judged::Judged;
use super::walk::{Ends, Memory};

/// The pairs that are open, and what was found inside cycles through them.
#[derive(Default)]
pub(super) struct Cycles {
    /// Each open pair, and how many were open before.
    open: HashMap<Ends, usize, FixedState>,
    stack: Vec<Level>,
    /// What was found, and the outermost open pair that it lacks.
    provisional: HashMap<Memory, (Rc<Vec<Judged>>, usize), FixedState>,
    /// Whether the walk turned back before it came to an end.
    is_cut_short: bool,
}

struct Level {
    ends: Ends,
    /// The outermost open pair that was met again from here.
    reaches: usize,
    /// Whether this pair was met again.
    is_met_again: bool,
}

/// What is known of a pair when the walk comes to it.
pub(super) enum Entered {
    /// Nothing: it is open now, at this level.
    Fresh(usize),
    /// It is open already.
    Again,
    /// What was found of it inside the same cycle.
    Known(Rc<Vec<Judged>>),
}

impl Cycles {
    /// Opens a pair.
    pub(super) fn enter(&mut self, ends: Ends, memory: &Memory) -> Entered {
        if let Some(level) = self.open.get(&ends).copied() {
            self.meet(level);
            if let Some(level) = self.stack.get_mut(level) {
                level.is_met_again = true;
            }
            return Entered::Again;
        }
        if let Some((judged, level)) = self.provisional.get(memory) {
            let (judged, level) = (Rc::clone(judged), *level);
            self.meet(level);
            return Entered::Known(judged);
        }
        let level = self.stack.len();
        self.open.insert(ends.clone(), level);
        self.stack.push(Level { ends, reaches: usize::MAX, is_met_again: false });
        Entered::Fresh(level)
    }

    /// Goes no deeper: what is found of every open pair but the outermost lacks what lies there.
    pub(super) fn go_no_deeper(&mut self) {
        self.cut_short();
        self.meet(0);
    }

    /// Something further inside is not looked at.
    pub(super) fn cut_short(&mut self) {
        self.is_cut_short = true;
    }

    /// Whether something was not looked at since this was asked last.
    pub(super) fn was_cut_short(&mut self) -> bool {
        std::mem::take(&mut self.is_cut_short)
    }

    fn meet(&mut self, level: usize) {
        if let Some(here) = self.stack.last_mut() {
            here.reaches = here.reaches.min(level);
        }
    }

    /// Whether something that belongs to the pair at this level is judged further out.
    pub(super) fn is_cut(&self, level: usize) -> bool {
        self.stack.get(level).is_some_and(|here| here.reaches < level)
    }

    /// Closes the pair; true where what was found of it is all that there is.
    pub(super) fn leave(
        &mut self,
        level: usize,
        memory: &Memory,
        judged: &Rc<Vec<Judged>>,
    ) -> bool {
        let Some(Level { ends, reaches, is_met_again }) = self.stack.pop() else { return true };
        self.open.remove(&ends);
        if is_met_again {
            self.provisional.retain(|_, (_, outermost)| *outermost < level);
        }
        if reaches < level {
            self.meet(reaches);
            self.provisional.insert(memory.clone(), (Rc::clone(judged), reaches));
            return false;
        }
        true
    }
}
