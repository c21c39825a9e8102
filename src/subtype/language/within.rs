//! Whether a pattern plainly admits no more than another one, piece by piece: what an edit of a class
//! or a count leaves, where to walk both automata can take long.

use super::class::Class;
use super::syntax::{Node, Sense};

impl Node {
    /// Whether each piece admits no more than the piece of the other in its place. All pieces admit
    /// the more the more their parts do, but for what is excluded.
    pub(super) fn is_plainly_within(&self, other: &Self) -> bool {
        let all = |ours: &[Self], theirs: &[Self]| {
            ours.iter().zip(theirs).all(|(our, their)| our.is_plainly_within(their))
        };
        match (self, other) {
            (Self::One(ours), Self::One(theirs)) => is_within(ours, theirs),
            (Self::Sequence(ours), Self::Sequence(theirs)) => {
                ours.len() == theirs.len() && all(ours, theirs)
            }
            (Self::Either(ours), Self::Either(theirs)) => {
                ours.len() <= theirs.len() && all(ours, theirs)
            }
            (
                Self::Repeat { body, min, max },
                Self::Repeat { body: other, min: least, max: most },
            ) => {
                let is_no_longer = most.is_none_or(|most| max.is_some_and(|max| max <= most));
                min >= least && is_no_longer && body.is_plainly_within(other)
            }
            (Self::Start, Self::Start) | (Self::End, Self::End) => true,
            (Self::Boundary(ours), Self::Boundary(theirs)) => ours == theirs,
            (Self::Ahead(Sense::Holds, body), Self::Ahead(Sense::Holds, other)) => {
                body.is_plainly_within(other)
            }
            (Self::Ahead(Sense::Fails, body), Self::Ahead(Sense::Fails, other)) => {
                other.is_plainly_within(body)
            }
            (
                Self::One(_)
                | Self::Sequence(_)
                | Self::Either(_)
                | Self::Repeat { .. }
                | Self::Start
                | Self::End
                | Self::Boundary(_)
                | Self::Ahead(..)
                | Self::Behind(..)
                | Self::Unsupported(_),
                _,
            ) => false,
        }
    }
}

/// Whether each range lies in one of the other.
fn is_within(ours: &Class, theirs: &Class) -> bool {
    ours.ranges().iter().all(|(first, last)| {
        let after = theirs.ranges().partition_point(|(start, _)| start <= first);
        let around = after.checked_sub(1).and_then(|place| theirs.ranges().get(place));
        around.is_some_and(|(_, end)| last <= end)
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    fn is_within(ours: &str, theirs: &str) -> bool {
        let (Ok(ours), Ok(theirs)) = (parse::pattern(ours), parse::pattern(theirs)) else {
            return false;
        };
        ours.is_plainly_within(&theirs)
    }

    #[test]
    fn a_narrower_class_and_a_shorter_count_admit_no_more() {
        assert!(is_within("^[a-c]{2,5}/[x]$", "^[a-z]{0,9}/[x-z]$"));
        assert!(is_within("^(?!ab)a*$", "^(?!a[b])[ab]*$"));
        assert!(is_within("^(a|b)$", "^(a|b|c)$"));
    }

    #[test]
    fn what_admits_more_or_is_made_otherwise_is_not_within() {
        for (ours, theirs) in [
            ("^[a-z]$", "^[a-c]$"),
            ("^a{1,3}$", "^a{2,3}$"),
            ("^a{1,3}$", "^a{1,2}$"),
            ("^a*$", "^a{0,9}$"),
            ("a", "^a"),
            ("^a", "a"),
            ("^(?!ab)a*$", "^(?!a[bc])a*$"),
            ("^(?=ab)a*$", "^(?=ac)a*$"),
            ("^(a|b|c)$", "^(a|b)$"),
            ("\\b", "\\B"),
        ] {
            assert!(!is_within(ours, theirs), "{ours} in {theirs}");
        }
    }
}
