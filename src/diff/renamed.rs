//! A value that shows an edit, under names that its writer sends.
//!
//! Where an edit is looked at by itself, a name that another edit of the reader declares is one that
//! nobody speaks of. Beside that edit the writer is assumed not to send it.

use std::sync::Arc;

use super::blame::{Blame, Strength};
use super::session::Session;
use crate::model::Json;

/// The names that are tried.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "x", "y", "z"];
/// How many members of an object are called otherwise, one at a time.
const MEMBERS: usize = 4;
/// How deep members are called otherwise, below objects alone.
const DEPTH: usize = 3;
/// How many values are tried.
const TRIED: usize = 64;

impl Blame {
    /// The value with one of its members called otherwise, so that its writer sends it and it shows the
    /// edit as surely as this.
    pub(super) fn otherwise_named(
        &self,
        session: &mut Session<'_>,
        value: &Json,
        least: Strength,
    ) -> Option<Json> {
        let renamed = renamed(value, DEPTH);
        renamed.into_iter().take(TRIED).find(|value| self.shows(session, value, least))
    }
}

/// The value with each of its members called otherwise in turn, the outer ones first.
fn renamed(value: &Json, depth: usize) -> Vec<Json> {
    let Json::Object(members) = value else { return Vec::new() };
    let mut found = Vec::new();
    for (name, member) in members.iter().take(MEMBERS) {
        let free = NAMES.iter().filter(|other| !members.contains_key(**other));
        found.extend(free.map(|other| {
            let mut members = (**members).clone();
            members.remove(name);
            members.insert((*other).into(), member.clone());
            Json::Object(Arc::new(members))
        }));
    }
    if depth == 0 {
        return found;
    }
    for (name, member) in members.iter().take(MEMBERS) {
        found.extend(renamed(member, depth - 1).into_iter().map(|member| {
            let mut members = (**members).clone();
            members.insert(Arc::clone(name), member);
            Json::Object(Arc::new(members))
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_called_otherwise_in_turn() {
        let inner = Json::object([("b", Json::Null)]);
        let values = renamed(&Json::object([("a", inner.clone())]), DEPTH);
        assert_eq!(values.len(), 2 * (NAMES.len() - 1));
        assert!(values.contains(&Json::object([("x", inner)])));
        assert!(values.contains(&Json::object([("a", Json::object([("x", Json::Null)]))])));
    }
}
