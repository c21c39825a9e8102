//! What becomes of the values of either side's writers by an edit of one constraint.

use std::sync::Arc;

use super::leaves::{Way, leaves};
use super::reach::{Bounded, besets, is_shut_in};
use super::sense::Shift;
use super::whole::{Constrained, Lost, lost, mentions};
use super::{Edited, FIELD, MESSAGE};
use crate::diff::messages::{Side, Unshown, Walk};
use crate::rules::generated_code::Annotated;
use crate::rules::impact::Directions;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// What becomes of the values of both sides' writers, and values that show it.
pub(super) struct Settled {
    pub(super) ways: Directions<Loss>,
    pub(super) shown: Vec<Sample>,
}

/// What an edit comes to beside the other constraints of the field; where that is not known, what it
/// does by itself.
pub(super) fn settled(
    walk: &Walk<'_>,
    element: &Annotated<'_>,
    edited: &Edited<'_>,
    (old, new): &(Bounded<'_>, Bounded<'_>),
    (way, shift): (&Way, Shift),
) -> Settled {
    let ends = || {
        let is_field = &**edited.name == FIELD && element.step.is_some();
        let root = element.root.as_ref().filter(|_| is_field)?;
        let (was, is) = root.first()?;
        let holders = (walk.old.message(root.old), walk.new.message(root.new));
        let was = Constrained { side: &walk.old, field: was, stated: old, holder: holders.0 };
        let is = Constrained { side: &walk.new, field: is, stated: new, holder: holders.1 };
        Some((was, is))
    };
    let lost = match ends() {
        Some((was, is)) => [lost(&was, &is, way), lost(&is, &was, way)],
        None => [Lost::Unknown, Lost::Unknown],
    };
    let alone = Directions::of(shift, is_run(way));
    let is_shut = is_shut_in(old.leaves, new.leaves, way, shift);
    let is_of_paths = way.iter().any(|name| &**name == "field_mask");
    let is_in_many = is_of_paths && way.len() > 2;
    let mut shown = Vec::new();
    let mut settle = |lost: Lost, alone: Loss, writer: (&Bounded<'_>, &Side<'_>)| {
        let is_beset = || writer.0.leaves.iter().any(|(other, of)| besets(other, of, way));
        match (lost, alone) {
            (Lost::Nothing, _) => Loss::None,
            (Lost::Shown(sample), _) => {
                shown.push(sample);
                // Whether a list or a map may hold such a mask is for a message to show.
                let is_free = is_free_of_expressions(element, writer) && !is_in_many;
                if is_free { Loss::Stands } else { Loss::Open }
            }
            (Lost::Unknown, Loss::Stands) if is_shut => Loss::None,
            // A path stands for all that lie in it, so that lists of them are no sets of values.
            (Lost::Unknown, Loss::Stands) if is_of_paths || is_beset() => Loss::Open,
            (Lost::Unknown, alone) => alone,
        }
    };
    let [forth, back] = lost;
    let ways = Directions {
        old_to_new: settle(forth, alone.old_to_new, (old, &walk.old)),
        new_to_old: settle(back, alone.new_to_old, (new, &walk.new)),
    };
    Settled { ways, shown }
}

/// Whether no rule in a language of its own may keep back values of the field.
fn is_free_of_expressions(
    element: &Annotated<'_>,
    (stated, side): (&Bounded<'_>, &Side<'_>),
) -> bool {
    let is_own = |way: &Way| matches!(&way[..], [word] if is_run(std::slice::from_ref(word)));
    let Some((name, root)) = element.step.as_ref().zip(element.root.as_ref()) else { return true };
    let around = [root.old, root.new].into_iter().filter_map(|id| side.message(id));
    let mut around = around.filter_map(|message| message.options.get(MESSAGE));
    !stated.leaves.keys().any(is_own)
        && !around.any(|option| mentions(&leaves(&option.value), &name.to_string()))
}

/// Whether a constraint is an expression, or stands for expressions that are declared elsewhere.
fn is_run(way: &[Arc<str>]) -> bool {
    way.last().is_some_and(|word| {
        matches!(&**word, "cel" | "cel_expression") || word.starts_with(['[', '('])
    })
}

/// What becomes of the values of a writer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// None is refused.
    None,
    /// Some are refused, whatever else is stated.
    Stands,
    /// Some are refused, if the writer states nothing that keeps them back.
    Open,
    /// Nobody can say, for this reason.
    Unknown(&'static str),
}

/// Why nobody can say what an expression does.
const NOT_RUN: &str = "expressions are not run here, so that nobody knows which values they allow";

impl Loss {
    pub(super) fn unshown(self) -> Unshown {
        match self {
            Self::Open => Unshown::Open,
            Self::None | Self::Stands | Self::Unknown(_) => Unshown::Stands,
        }
    }
}

impl Directions<Loss> {
    pub(super) const NONE: Self = Self { old_to_new: Loss::None, new_to_old: Loss::None };

    /// What an edit does by itself.
    pub(super) fn of(shift: Shift, is_run: bool) -> Self {
        let unknown = Loss::Unknown(NOT_RUN);
        let lost = if is_run { unknown } else { Loss::Stands };
        match shift {
            Shift::None => Self::NONE,
            Shift::Narrower => Self { old_to_new: lost, ..Self::NONE },
            Shift::Wider => Self { new_to_old: lost, ..Self::NONE },
            Shift::Across => Self { old_to_new: lost, new_to_old: lost },
            Shift::Unknown => Self { old_to_new: unknown, new_to_old: unknown },
        }
    }
}

/// What becomes of messages that cross.
pub(super) fn crossing(loss: Loss) -> Exchange {
    let passage = match loss {
        Loss::None => return Exchange::default(),
        Loss::Stands | Loss::Open => {
            let because = "a constraint of the reader refuses values that the writer may send";
            Passage::new(Outcome::Refused, Sample::Ordinary, because)
        }
        Loss::Unknown(because) => Passage::new(Outcome::Unknown, Sample::None, because),
    };
    Exchange { wire: passage.clone(), json: passage }
}
