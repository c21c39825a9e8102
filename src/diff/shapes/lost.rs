//! Values that were found to be lost at the place that is being judged.

use super::judged::Direction;
use super::listed::Lists;
use super::walk::Question;
use crate::model::Json;

/// The values lost at the place that was asked about last, by direction.
#[derive(Default)]
pub(super) struct Lost {
    place: Option<Question>,
    values: Vec<(Direction, Json)>,
    /// What is known of lists, wherever they are.
    pub(super) lists: Lists,
}

/// How many are remembered; more edits than that seldom have one in common.
const MAX_VALUES: usize = 4;

impl Lost {
    pub(super) fn remember(&mut self, place: &Question, direction: Direction, value: &Json) {
        if self.place.as_ref() != Some(place) {
            self.place = Some(place.clone());
            self.values.clear();
        }
        if self.values.len() >= MAX_VALUES {
            // The first few, and the last one, which the next edit most likely has in common.
            self.values.pop();
        }
        self.values.push((direction, value.clone()));
    }

    pub(super) fn known(&self, place: &Question, direction: Direction) -> Vec<Json> {
        if self.place.as_ref() != Some(place) {
            return Vec::new();
        }
        let here = self.values.iter().filter(|(known, _)| *known == direction);
        here.map(|(_, value)| value.clone()).collect()
    }
}
