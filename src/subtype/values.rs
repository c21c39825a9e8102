//! Lists of values, of which much is asked and little is new.
//!
//! What is known of a value is copied for every case that is looked into, and held against the list of
//! every alternative. A list is therefore shared, and knows the order of its values once somebody
//! looks for one in it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::model::Json;

/// Values in the order in which they are listed.
#[derive(Clone, Debug)]
pub(super) struct Values(Arc<Listed>);

#[derive(Debug)]
struct Listed {
    values: Vec<Json>,
    /// The positions of the values, those of the least first.
    sorted: OnceLock<Vec<usize>>,
}

/// Up to how many values looking at each costs less than to have them in order.
const FEW: usize = 8;

impl Values {
    /// Whether the value is listed.
    pub(super) fn contains(&self, value: &Json) -> bool {
        let Listed { values, sorted } = &*self.0;
        if values.len() <= FEW {
            return values.contains(value);
        }
        let in_order = || {
            let mut positions: Vec<usize> = (0..values.len()).collect();
            positions.sort_by_key(|at| values.get(*at));
            positions
        };
        let positions = sorted.get_or_init(in_order);
        positions.binary_search_by_key(&Some(value), |at| values.get(*at)).is_ok()
    }

    /// Those that the other list has too, in this one's order.
    pub(super) fn shared(&self, other: &Self) -> Self {
        if Arc::ptr_eq(&self.0, &other.0) || self.iter().all(|value| other.contains(value)) {
            return self.clone();
        }
        self.iter().filter(|value| other.contains(value)).cloned().collect()
    }

    /// Whether some value that both lists have passes; which of the lists gives it is open.
    pub(super) fn share(&self, other: &Self, mut passes: impl FnMut(&Json) -> bool) -> bool {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        few.iter().any(|value| many.contains(value) && passes(value))
    }
}

impl From<Vec<Json>> for Values {
    fn from(values: Vec<Json>) -> Self {
        Self(Arc::new(Listed { values, sorted: OnceLock::new() }))
    }
}

impl FromIterator<Json> for Values {
    fn from_iter<I: IntoIterator<Item = Json>>(values: I) -> Self {
        Self::from(values.into_iter().collect::<Vec<_>>())
    }
}

impl Deref for Values {
    type Target = [Json];

    fn deref(&self) -> &[Json] {
        &self.0.values
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(range: impl Iterator<Item = i64>) -> Values {
        range.map(|number| Json::Number(number.into())).collect()
    }

    #[test]
    fn what_is_listed_is_found_and_nothing_else() {
        for most in [3, 300] {
            let even = numbers((0..most).rev().map(|number| 2 * number));
            let found = |number: i64| even.contains(&Json::Number(number.into()));
            assert!((0..most).all(|number| found(2 * number) && !found(2 * number + 1)));
        }
    }

    #[test]
    fn what_both_list_keeps_the_order_of_the_first() {
        let (down, some) = (numbers((0..50).rev()), numbers((0..100).filter(|it| it % 7 == 0)));
        let shared = down.shared(&some);
        assert_eq!(*shared, *numbers((0..50).rev().filter(|it| it % 7 == 0)));
        assert!(Arc::ptr_eq(&shared.shared(&down).0, &shared.0));
        assert!(down.share(&some, |_| true));
        assert!(!down.share(&numbers(50..99), |_| true));
    }
}
