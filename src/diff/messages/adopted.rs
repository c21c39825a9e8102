//! What a contract uses of files that are none of its own, where nobody else compares them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use foldhash::fast::RandomState;

use super::side::Side;
use crate::load::Loaded;
use crate::model::{EnumId, FieldKind, MessageFile, MessageId, Ownership};

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

/// Has each side adopt what it reaches of files that belong to it alone, and of those that an import led
/// to before and does no longer, or leads to now.
pub(super) fn adopt((old, was): (&Loaded, &mut Side<'_>), (new, is): (&Loaded, &mut Side<'_>)) {
    let (before, after) = (Places::of(old), Places::of(new));
    // What moved as a whole is compared as it stands.
    let is_as_before = !before.is_laid_out_otherwise(&after);
    let adopted = |side: &Side<'_>, here: &Places<'_>, there: &Places<'_>| {
        let is_adopted = |file: &MessageFile| match file.ownership {
            Ownership::Reached => true,
            Ownership::Imported => is_as_before && here.differ(there, file),
            Ownership::Own | Ownership::Beside => false,
        };
        let files = side.contract.messages.files.iter().enumerate();
        let files: BTreeSet<usize> =
            files.filter(|(_, file)| is_adopted(file)).map(|(index, _)| index).collect();
        if files.is_empty() {
            return Adopted::default();
        }
        Adopted::of(side, |file| files.contains(&file))
    };
    was.adopted = adopted(was, &before, &after);
    is.adopted = adopted(is, &after, &before);
}

/// Where the files lie, by the names by which they are imported.
struct Places<'l> {
    files: BTreeMap<&'l str, (&'l str, Ownership)>,
}

impl<'l> Places<'l> {
    fn of(side: &'l Loaded) -> Self {
        let place = |file: &'l MessageFile| {
            let path = side.files.get(file.span.file)?.path.as_str();
            // What stands for files that were not given lies nowhere.
            path.ends_with(&*file.path).then_some((&*file.path, (path, file.ownership)))
        };
        Self { files: side.contract.messages.files.iter().filter_map(place).collect() }
    }

    /// Whether the import leads to another place on the other side.
    fn differ(&self, other: &Self, file: &MessageFile) -> bool {
        let here = self.files.get(&*file.path);
        let there = other.files.get(&*file.path);
        here.zip(there).is_some_and(|(here, there)| here.0 != there.0)
    }

    /// Whether files of the contract's own lie elsewhere on the other side.
    fn is_laid_out_otherwise(&self, other: &Self) -> bool {
        let own = self.files.iter().filter(|(_, (_, ownership))| *ownership == Ownership::Own);
        let mut both = own.filter_map(|(name, here)| Some((here, other.files.get(name)?)));
        both.any(|(here, there)| there.1 == Ownership::Own && here.0 != there.0)
    }
}
