//! What a message reaches.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::model::{EnumId, FieldKind, Message, MessageId, Messages, Openness};

/// A message, every type that its fields reach, and the extensions of these.
pub(super) struct Closure {
    pub(super) messages: BTreeSet<MessageId>,
    pub(super) enums: BTreeSet<EnumId>,
    /// Indexes into [`Messages::extensions`], each with the message in which it is declared.
    pub(super) extensions: BTreeMap<usize, Option<MessageId>>,
    /// Messages that only hold others of the closure.
    pub(super) shells: BTreeSet<MessageId>,
}

/// Where the messages of one side are found.
pub(super) struct Index {
    /// By file and full name.
    by_name: HashMap<(usize, Arc<str>), MessageId, RandomState>,
    /// By message: what extends it.
    extensions: HashMap<MessageId, Vec<usize>, RandomState>,
}

impl Index {
    pub(super) fn of(all: &Messages) -> Self {
        let ids = (0..).map(MessageId).zip(&all.messages);
        let by_name =
            ids.map(|(id, message)| ((message.file, Arc::clone(&message.full_name)), id)).collect();
        let mut extensions: HashMap<MessageId, Vec<usize>, RandomState> = HashMap::default();
        for (at, extension) in all.extensions.iter().enumerate() {
            extensions.entry(extension.extendee).or_default().push(at);
        }
        Self { by_name, extensions }
    }

    /// The message in which an extension is declared; `None` where that is a file.
    fn scope_of(&self, all: &Messages, extension: usize) -> Option<MessageId> {
        let extension = all.extensions.get(extension)?;
        let (scope, _) = extension.full_name.rsplit_once('.')?;
        self.by_name.get(&(extension.file, scope.into())).copied()
    }
}

impl Closure {
    pub(super) fn of(root: MessageId, all: &Messages, index: &Index) -> Self {
        let mut closure = Self {
            messages: BTreeSet::new(),
            enums: BTreeSet::new(),
            extensions: BTreeMap::new(),
            shells: BTreeSet::new(),
        };
        let mut waiting = vec![root];
        let mut names: HashSet<&str, RandomState> = HashSet::default();
        while let Some(id) = waiting.pop() {
            if !closure.messages.insert(id) {
                continue;
            }
            let Some(message) = get(all, id) else { continue };
            for field in &message.fields {
                closure.reach(field.kind, &mut waiting);
            }
            for at in index.extensions.get(&id).into_iter().flatten() {
                let Some(extension) = all.extensions.get(*at) else { continue };
                // Of two files that repeat each other one is enough, and no pool holds both.
                if !names.insert(&extension.full_name) {
                    continue;
                }
                closure.extensions.insert(*at, index.scope_of(all, *at));
                closure.reach(extension.field.kind, &mut waiting);
            }
        }
        closure.enclose(all);
        closure
    }

    fn reach(&mut self, kind: FieldKind, waiting: &mut Vec<MessageId>) {
        match kind {
            FieldKind::Scalar(_) => {}
            FieldKind::Enum(id) => _ = self.enums.insert(id),
            FieldKind::Message(id, _) => waiting.push(id),
        }
    }

    fn enclose(&mut self, all: &Messages) {
        let of_messages = self.messages.iter().filter_map(|id| get(all, *id)?.parent);
        let of_enums = self.enums.iter().filter_map(|id| all.enums.get(index(id.0))?.parent);
        let of_extensions = self.extensions.values().flatten().copied();
        let mut waiting: Vec<MessageId> =
            of_messages.chain(of_enums).chain(of_extensions).collect();
        while let Some(id) = waiting.pop() {
            if !self.messages.contains(&id) && self.shells.insert(id) {
                waiting.extend(get(all, id).and_then(|message| message.parent));
            }
        }
    }

    /// The messages to be declared, held or holding.
    pub(super) fn declared(&self) -> impl Iterator<Item = MessageId> {
        self.messages.union(&self.shells).copied()
    }

    /// Whether a file of an edition, or a closed enumeration, is reached.
    pub(super) fn is_beyond_prost(&self, all: &Messages) -> bool {
        let mut enums = self.enums.iter().filter_map(|id| all.enums.get(index(id.0)));
        let closed = enums.any(|found| found.openness.value == Openness::Closed);
        closed || self.files(all).iter().any(|file| is_edition(all, *file))
    }

    /// The files that declare something of the closure.
    pub(super) fn files(&self, all: &Messages) -> BTreeSet<usize> {
        let messages = self.declared().filter_map(|id| Some(get(all, id)?.file));
        let enums = self.enums.iter().filter_map(|id| Some(all.enums.get(index(id.0))?.file));
        let extensions =
            self.extensions.keys().filter_map(|id| Some(all.extensions.get(*id)?.file));
        messages.chain(enums).chain(extensions).collect()
    }
}

/// Whether the file states features instead of a syntax.
pub(super) fn is_edition(all: &Messages, file: usize) -> bool {
    let syntax = all.files.get(file).map_or("proto2", |file| &file.syntax.value);
    !matches!(syntax, "proto2" | "proto3")
}

pub(super) fn get(all: &Messages, id: MessageId) -> Option<&Message> {
    all.messages.get(index(id.0))
}

pub(super) fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
