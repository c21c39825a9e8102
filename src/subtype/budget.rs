//! How much work one question may cost, and how much all questions of a comparison together: in
//! counts, so that the same question ends the same wherever it is asked.

use super::Reason;
use super::engine::Search;

/// What is left of the work allowed for one question.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    goals: u32,
    terms: u32,
    goal_terms: u32,
    steps: u32,
    evaluations: u32,
    work: u64,
    work_limit: u64,
    depth: u32,
    depth_limit: u32,
}

/// What the questions of one comparison have cost so far.
///
/// A question may cost a fixed part of what is left, so that the first dear ones cannot leave
/// nothing to those that come after, and never less than most questions need: the whole comparison
/// is bounded whatever is compared, and what is cheap is answered however much was spent before.
#[derive(Clone, Debug, Default)]
pub(super) struct Purse {
    spent: u64,
}

impl Purse {
    /// How much work the dear questions of one comparison may cost together.
    const WORK: u64 = 48_000_000;
    /// One question may cost this part of what is left.
    const SHARE: u64 = 8;
    /// What every question may cost, whatever was spent before.
    const LEAST: u64 = 40_000;

    /// What the next question may cost.
    pub(super) fn allowance(&self) -> u64 {
        (Self::WORK.saturating_sub(self.spent) / Self::SHARE).max(Self::LEAST)
    }

    /// Whether more is spent than is left.
    pub(super) fn is_half_spent(&self) -> bool {
        self.spent > Self::WORK / 2
    }

    pub(super) fn spend(&mut self, work: u64) {
        self.spent = self.spent.saturating_add(work);
    }
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

    pub(super) fn new(depth_limit: u32, work: u64) -> Self {
        Self {
            goals: Self::GOALS,
            terms: Self::TERMS,
            goal_terms: Self::GOAL_TERMS,
            steps: Self::STEPS,
            evaluations: Self::EVALUATIONS,
            work,
            work_limit: work,
            depth: 0,
            depth_limit,
        }
    }

    /// Takes note of work that was done: one for each thing looked at. It only counts; whoever goes
    /// on to the next goal, disjunct or placement learns that nothing is left.
    pub(super) fn work(&mut self, done: usize) {
        self.work = self.work.saturating_sub(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// What is left of the work.
    pub(super) fn work_left(&self) -> u64 {
        self.work
    }

    /// How much work was done.
    pub(super) fn work_done(&self) -> u64 {
        self.work_limit.saturating_sub(self.work)
    }

    /// Whether there is work left to do anything at all.
    pub(super) fn check_work(&self) -> Result<(), Reason> {
        if self.work == 0 { Err(exhausted("work on one question")) } else { Ok(()) }
    }

    pub(super) fn take_goal(&mut self) -> Result<(), Reason> {
        self.check_work()?;
        take(&mut self.goals, "sub-questions")
    }

    pub(super) fn take_term(&mut self) -> Result<(), Reason> {
        self.check_work()?;
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
        self.terms == 0 || self.goal_terms == 0 || self.work == 0
    }

    /// Whether no further placement may be tried.
    pub(super) fn is_out_of_steps(&self) -> bool {
        self.steps == 0 || self.work == 0
    }

    pub(super) fn take_step(&mut self) -> Result<(), Reason> {
        self.check_work()?;
        take(&mut self.steps, "placements of members and elements")
    }

    pub(super) fn take_evaluation(&mut self) -> Result<(), Reason> {
        self.check_work()?;
        self.work(EVALUATION);
        take(&mut self.evaluations, "evaluations of values")
    }

    /// Why an answer is open when the evaluation of a listed value is.
    pub(super) fn cannot_evaluate(&self) -> Reason {
        let is_spent = self.evaluations == 0;
        let spent = self.check_work().err();
        spent
            .or_else(|| is_spent.then(|| exhausted("evaluations of values")))
            .unwrap_or_else(|| Reason("a listed value cannot be evaluated".to_owned()))
    }

    /// One level deeper; pairs with [`Self::ascend`] where it succeeds.
    pub(super) fn descend(&mut self) -> Result<(), Reason> {
        if self.depth >= self.depth_limit {
            return Err(too_deep());
        }
        self.depth += 1;
        Ok(())
    }

    /// How many levels deep the search is.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    pub(super) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// What the evaluation of a shape on a value costs, its parts aside.
const EVALUATION: usize = 4;

fn take(count: &mut u32, name: &str) -> Result<(), Reason> {
    *count = count.checked_sub(1).ok_or_else(|| exhausted(name))?;
    Ok(())
}

/// The reason for giving up.
pub(super) fn exhausted(name: &str) -> Reason {
    Reason(format!("budget: {name}"))
}

/// The reason for giving up on what nests too deep.
pub(super) fn too_deep() -> Reason {
    exhausted("depth of nesting")
}

/// What a question has cost is paid when it has been answered.
impl Drop for Search<'_> {
    fn drop(&mut self) {
        self.purse.spend(self.budget.work_done());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dear_share_what_the_cheap_do_not_need() {
        let mut purse = Purse::default();
        let (mut dear, first) = (0, purse.allowance());
        for _ in 0..1_000 {
            let allowance = purse.allowance();
            dear += allowance.saturating_sub(Purse::LEAST);
            purse.spend(allowance);
        }
        assert!(dear <= Purse::WORK, "{dear}");
        assert!(first > Purse::LEAST);
        assert_eq!(purse.allowance(), Purse::LEAST);
    }

    #[test]
    fn what_is_exhausted_says_its_name() {
        let mut budget = Budget::new(8, 10);
        assert_eq!(budget.take_goal(), Ok(()));
        budget.work(11);
        let reason = Err(Reason("budget: work on one question".to_owned()));
        assert_eq!(budget.take_goal(), reason);
        assert_eq!(budget.take_term(), reason);
        assert_eq!(budget.take_step(), reason);
        assert_eq!(budget.take_evaluation(), reason);
        assert!(budget.is_out_of_terms() && budget.is_out_of_steps());
        assert!(!budget.is_goal_spent());
    }
}
