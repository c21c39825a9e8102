//! The fewest of many that do it together.

/// How often it is asked whether some do it; beyond that, more are named than have to be.
const MAX_TRIALS: usize = 96;

/// A smallest part of these that still does what all of them do, those that come first if it can be
/// (`QuickXplain`: Junker, "Preferred Explanations and Relaxations for Over-Constrained Problems",
/// AAAI 2004).
pub(super) fn fewest<T: Copy>(all: &[T], does: &mut impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut trials = MAX_TRIALS;
    explain(&[], false, all, &mut |some| {
        if trials == 0 {
            return false;
        }
        trials -= 1;
        does(some)
    })
}

/// What of these is needed beside what is kept already.
fn explain<T: Copy>(
    kept: &[T],
    has_grown: bool,
    all: &[T],
    does: &mut impl FnMut(&[T]) -> bool,
) -> Vec<T> {
    if has_grown && does(kept) {
        return Vec::new();
    }
    if all.len() <= 1 {
        return all.to_vec();
    }
    let (first, second) = all.split_at(all.len() / 2);
    let with: Vec<T> = kept.iter().chain(first).copied().collect();
    let needed = explain(&with, !first.is_empty(), second, does);
    let with: Vec<T> = kept.iter().chain(&needed).copied().collect();
    let mut also = explain(&with, !needed.is_empty(), first, does);
    also.extend(needed);
    also
}

#[cfg(test)]
mod tests {
    use super::fewest;

    #[test]
    fn those_that_do_it_together_are_found_and_no_others() {
        let all: Vec<u32> = (0..40).collect();
        let mut trials = 0;
        let found = fewest(&all, &mut |some| {
            trials += 1;
            [7, 8, 31].iter().all(|it| some.contains(it))
        });
        assert_eq!(found, [7, 8, 31]);
        assert!(trials < 40, "{trials}");
        assert_eq!(fewest(&all, &mut |some| some.contains(&3) || some.contains(&30)), [3]);
    }
}
