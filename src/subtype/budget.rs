//! How much work one question may cost, in counts.

use super::Reason;

/// What is left of the work allowed for one question.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    goals: u32,
    terms: u32,
    goal_terms: u32,
    steps: u32,
    evaluations: u32,
    depth: u32,
    depth_limit: u32,
}

impl Budget {
    /// How many distinct sub-questions one question may raise.
    const GOALS: u32 = 40_000;
    /// How many disjuncts may be looked into.
    const TERMS: u32 = 8_000;
    /// How many of them for one sub-question, those that it raises in turn not counted.
    const GOAL_TERMS: u32 = 1_500;
    /// How many placements of members and elements may be tried.
    const STEPS: u32 = 20_000;
    /// How many shapes may be evaluated on values.
    const EVALUATIONS: u32 = 200_000;

    pub(super) fn new(depth_limit: u32) -> Self {
        Self {
            goals: Self::GOALS,
            terms: Self::TERMS,
            goal_terms: Self::GOAL_TERMS,
            steps: Self::STEPS,
            evaluations: Self::EVALUATIONS,
            depth: 0,
            depth_limit,
        }
    }

    pub(super) fn take_goal(&mut self) -> Result<(), Reason> {
        take(&mut self.goals, "sub-questions")
    }

    pub(super) fn take_term(&mut self) -> Result<(), Reason> {
        take(&mut self.terms, "cases")?;
        take(&mut self.goal_terms, "cases")
    }

    /// A fresh allowance for a sub-question; returns what is left for the one that raises it.
    pub(super) fn enter_goal(&mut self) -> u32 {
        std::mem::replace(&mut self.goal_terms, Self::GOAL_TERMS)
    }

    /// Back to the question that raised the sub-question.
    pub(super) fn leave_goal(&mut self, left: u32) {
        self.goal_terms = left;
    }

    /// Whether nothing is left for the sub-question itself: asked again it would end the same.
    pub(super) fn is_goal_spent(&self) -> bool {
        self.goal_terms == 0
    }

    /// Whether values may be tried that are not needed for the answer.
    pub(super) fn has_evaluations_to_spare(&self) -> bool {
        self.evaluations > Self::EVALUATIONS / 2
    }

    /// Whether no further disjunct may be looked into.
    pub(super) fn is_out_of_terms(&self) -> bool {
        self.terms == 0 || self.goal_terms == 0
    }

    /// Whether no further placement may be tried.
    pub(super) fn is_out_of_steps(&self) -> bool {
        self.steps == 0
    }

    pub(super) fn take_step(&mut self) -> Result<(), Reason> {
        take(&mut self.steps, "placements of members and elements")
    }

    pub(super) fn take_evaluation(&mut self) -> Result<(), Reason> {
        take(&mut self.evaluations, "evaluations of values")
    }

    /// One level deeper; pairs with [`Self::ascend`] where it succeeds.
    pub(super) fn descend(&mut self) -> Result<(), Reason> {
        if self.depth >= self.depth_limit {
            return Err(exhausted("depth of nesting"));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

fn take(count: &mut u32, name: &str) -> Result<(), Reason> {
    *count = count.checked_sub(1).ok_or_else(|| exhausted(name))?;
    Ok(())
}

/// The reason for giving up.
pub(super) fn exhausted(name: &str) -> Reason {
    Reason(format!("budget: {name}"))
}
