//! What a contract uses of files that are none of its own, where nobody else compares them.

use std::collections::{BTreeSet, HashSet};

use foldhash::fast::RandomState;

use super::pairs::Pairs;
use super::side::Side;
use crate::model::{EnumId, FieldKind, MessageId, Ownership};

/// The elements of other files that count as the contract's own.
#[derive(Default)]
pub(super) struct Adopted {
    messages: HashSet<MessageId, RandomState>,
    enums: HashSet<EnumId, RandomState>,
}

impl Adopted {
    /// What the contract's own declarations reach in files of which `is_adopted` says so.
    fn of(side: &Side<'_>, is_adopted: impl Fn(usize) -> bool) -> Self {
        let mut seen: HashSet<MessageId, RandomState> = HashSet::default();
        let mut found = Self::default();
        let own = side.messages().filter(|(_, one)| side.is_own(one.file)).map(|(id, _)| id);
        let called =
            side.calls().flat_map(|(_, call)| [call.request.message, call.response.message]);
        let mut open: Vec<MessageId> = own.chain(called).collect();
        let all = &side.contract.messages;
        let extensions = all.extensions.iter().filter(|one| side.is_own(one.file));
        let mut kinds: Vec<FieldKind> = extensions.map(|one| one.field.kind).collect();
        loop {
            for kind in kinds.drain(..) {
                match kind {
                    FieldKind::Scalar(_) => {}
                    FieldKind::Message(id, _) => open.push(id),
                    FieldKind::Enum(id) => {
                        let file = side.enumeration(id).map(|one| one.file);
                        if file.is_some_and(&is_adopted) {
                            found.enums.insert(id);
                        }
                    }
                }
            }
            let Some(id) = open.pop() else { return found };
            let Some(message) = side.message(id).filter(|_| seen.insert(id)) else { continue };
            if is_adopted(message.file) {
                found.messages.insert(id);
            }
            kinds.extend(message.fields.iter().map(|field| field.kind));
        }
    }

    pub(super) fn has_message(&self, id: MessageId) -> bool {
        self.messages.contains(&id)
    }

    pub(super) fn has_enum(&self, id: EnumId) -> bool {
        self.enums.contains(&id)
    }
}

/// Has a side adopt what it reaches of files whose contract nobody else compares.
pub(super) fn adopt(side: &mut Side<'_>) {
    let files = side.contract.messages.files.iter().enumerate();
    let reached = files.filter(|(_, file)| file.ownership == Ownership::Reached);
    let files: BTreeSet<usize> = reached.map(|(index, _)| index).collect();
    if !files.is_empty() {
        side.adopted = Adopted::of(side, |file| files.contains(&file));
    }
}

/// Has the old side adopt what came from other contracts, which is compared where it is now.
pub(super) fn take_in(old: &mut Side<'_>, new: &Side<'_>, pairs: &Pairs) {
    let came = |file: usize, is_own: Option<bool>| old.is_beside(file) && is_own == Some(true);
    let messages = old.messages().filter(|(id, one)| {
        let heir = pairs.new_message(*id).and_then(|id| new.message(id));
        came(one.file, heir.map(|heir| new.is_own(heir.file)))
    });
    let messages: Vec<MessageId> = messages.map(|(id, _)| id).collect();
    let enums = old.enums().filter(|(id, one)| {
        let heir = pairs.new_enum(*id).and_then(|id| new.enumeration(id));
        came(one.file, heir.map(|heir| new.is_own(heir.file)))
    });
    let enums: Vec<EnumId> = enums.map(|(id, _)| id).collect();
    old.adopted.messages.extend(messages);
    old.adopted.enums.extend(enums);
}
