//! Elements that no file declares any more, though some may still name them.

use std::sync::Arc;

use super::fields::unknown;
use super::pairs::is_end;
use super::walk::{Change, Walk};
use crate::model::{MessageId, MessageKind};
use crate::rules::impact::Directions;

/// Why nothing is known of what is written there.
const STILL_NAMED: &str = "files that still name the type cannot be compiled";

impl Walk<'_> {
    /// The message that an old one became, where a file declares it: a name alone promises nothing.
    pub(crate) fn heir(&self, old: MessageId) -> Option<MessageId> {
        let id = self.pairs.new_message(old)?;
        let heir = self.new.message(id)?;
        (heir.kind != MessageKind::Unseen).then_some(id)
    }

    /// The same removal of these types, and what it means that new files name one that none declares:
    /// nobody can compile them, and what they would write and read is not known.
    pub(crate) fn still_named<'a>(&self, removal: Change<'a>, types: &[Arc<str>]) -> Change<'a> {
        let unseen = self.new.messages().filter(|(_, one)| one.kind == MessageKind::Unseen);
        let unseen: Vec<_> = unseen.map(|(_, one)| one).collect();
        let found = types.iter().find_map(|name| {
            let is_it = |short: &str| *short == **name || is_end(short, name);
            Some((name, unseen.iter().find(|one| is_it(&one.full_name))?.name_span))
        });
        let Some((name, place)) = found else { return removal };
        let what = if types.len() == 1 && removal.message.contains(&**name) {
            "it".to_owned()
        } else {
            format!("`{name}`")
        };
        let message =
            format!("{}; files that still name {what} cannot be compiled", removal.message);
        let Directions { old_to_new, new_to_old } = unknown(STILL_NAMED);
        let impact = removal.impact.with(old_to_new, new_to_old);
        Change { message, impact, anchor: Some(place), ..removal }
    }
}
