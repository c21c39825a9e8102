//! Words that names begin with: values are called after their enumeration by custom.

/// How long the words are that all these names begin with, the last word of each left to it.
pub(super) fn beginning<'n>(mut names: impl Iterator<Item = &'n str>) -> usize {
    let words = |name: &'n str| name.rsplit_once('_').map_or("", |(words, _)| words);
    let Some(first) = names.next() else { return 0 };
    let mut common = words(first);
    for name in names {
        let is_kept =
            |ahead: &&str| name.strip_prefix(*ahead).is_some_and(|on| on.starts_with('_'));
        common = { shorter(common) }.find(is_kept).unwrap_or_default();
    }
    if common.is_empty() { 0 } else { common.len() + 1 }
}

/// The words, then without the last one, and so on.
fn shorter(words: &str) -> impl Iterator<Item = &str> {
    let all = std::iter::successors(Some(words), |ahead| Some(ahead.rsplit_once('_')?.0));
    all.filter(|words| !words.is_empty())
}

/// What the old name begins with and what the new one does, where the rest of both is the same words.
pub(crate) fn exchanged<'n>(old: &'n str, new: &'n str) -> Option<(&'n str, &'n str)> {
    // The longest rest comes first.
    let starts = std::iter::once(0).chain(old.match_indices('_').map(|(at, _)| at + 1));
    let found = starts.filter_map(|at| {
        let (ahead, rest) = old.split_at_checked(at)?;
        let instead = new.strip_suffix(rest).filter(|_| !rest.is_empty())?;
        (instead.is_empty() || instead.ends_with('_')).then_some((ahead, instead))
    });
    { found }.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_the_words_that_they_share() {
        let length = |names: &[&str]| beginning(names.iter().copied());
        assert_eq!(length(&["COLOR_RED", "COLOR_BLUE"]), "COLOR_".len());
        assert_eq!(length(&["A_B_C", "A_B_D", "A_E"]), "A_".len());
        assert_eq!(length(&["A_B", "A"]), 0);
        assert_eq!(length(&["COLOR_RED", "COLOUR_RED"]), 0);
        assert_eq!(length(&["A_B"]), "A_".len());
        assert_eq!(length(&[]), 0);
    }

    #[test]
    fn a_name_may_begin_with_other_words_than_it_did() {
        assert_eq!(exchanged("E_A_B", "F_A_B"), Some(("E_", "F_")));
        assert_eq!(exchanged("A", "F_A"), Some(("", "F_")));
        assert_eq!(exchanged("E_A", "A"), Some(("E_", "")));
        assert_eq!(exchanged("E_A", "F_B"), None);
        assert_eq!(exchanged("E_A", "FA"), None);
    }
}
