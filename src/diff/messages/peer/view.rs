//! One side as buf looks at it: the contract's own files, and everything in them by full name.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use super::Home;
use crate::model::{
    Call, Contract, Enumeration, Exchange, Extension, Json, Message, MessageFile, MessageId,
    Messages, Operation, Ownership, Service, Stated,
};
use crate::source::Span;

/// The package of the files that come with every compiler.
const BUNDLED: &str = "google.protobuf";

pub(super) struct View<'a> {
    pub(super) all: &'a Messages,
    /// By path.
    pub(super) files: BTreeMap<&'a str, (usize, &'a MessageFile)>,
    pub(super) messages: HashMap<&'a str, &'a Message, RandomState>,
    pub(super) enums: HashMap<&'a str, &'a Enumeration, RandomState>,
    pub(super) services: HashMap<&'a str, &'a Service, RandomState>,
    /// By extended message and number.
    pub(super) extensions: BTreeMap<(&'a str, u32), &'a Extension>,
    /// By service.
    pub(super) calls: HashMap<&'a str, Vec<(&'a Operation, &'a Call)>, RandomState>,
}

impl<'a> View<'a> {
    pub(super) fn of(contract: &'a Contract) -> Self {
        let all = &contract.messages;
        // What comes with every compiler is in its images where it is imported, and only there.
        let is_bundled = |file: &MessageFile| {
            file.ownership == Ownership::Imported && &*file.package.value == BUNDLED
        };
        let own = |file: usize| {
            let file = all.files.get(file);
            file.is_some_and(|file| file.ownership == Ownership::Own || is_bundled(file))
        };
        let files = all.files.iter().enumerate().filter(|(at, _)| own(*at));
        let messages = all.messages.iter().filter(|one| own(one.file));
        let enums = all.enums.iter().filter(|one| own(one.file));
        let services = all.services.iter().filter(|one| own(one.file));
        let extensions = all.extensions.iter().filter(|one| own(one.file));
        let mut calls: HashMap<&str, Vec<(&Operation, &Call)>, RandomState> = HashMap::default();
        for operation in &contract.operations {
            if let Exchange::Call(call) = &operation.exchange {
                calls.entry(&call.service).or_default().push((operation, call));
            }
        }
        let name_of = |id: MessageId| message(all, id).map_or("", |message| &*message.full_name);
        Self {
            all,
            files: files.map(|(at, file)| (&*file.path, (at, file))).collect(),
            messages: messages.map(|one| (&*one.full_name, one)).collect(),
            enums: enums.map(|one| (&*one.full_name, one)).collect(),
            services: services.map(|one| (&*one.full_name, one)).collect(),
            extensions: extensions
                .map(|one| ((name_of(one.extendee), one.field.number.get()), one))
                .collect(),
            calls,
        }
    }

    /// Takes in what this side had from another module and the later one declares itself: it moved there.
    pub(super) fn with_what_moved_to(mut self, later: &Self) -> Self {
        // What is still where it was has not moved: the later one is a copy.
        let left: HashSet<&str, RandomState> = later.foreign_names().collect();
        let Self { all, files, messages, enums, services, extensions: _, calls: _ } = &mut self;
        for (at, file) in all.files.iter().enumerate().filter(|(at, _)| is_foreign(all, *at)) {
            let path = &*file.path;
            if later.files.contains_key(path) && !left.contains(path) {
                files.entry(path).or_insert((at, file));
            }
        }
        for one in all.messages.iter().filter(|one| is_foreign(all, one.file)) {
            let name = &*one.full_name;
            if later.messages.contains_key(name) && !left.contains(name) {
                messages.entry(name).or_insert(one);
            }
        }
        for one in all.enums.iter().filter(|one| is_foreign(all, one.file)) {
            let name = &*one.full_name;
            if later.enums.contains_key(name) && !left.contains(name) {
                enums.entry(name).or_insert(one);
            }
        }
        for one in all.services.iter().filter(|one| is_foreign(all, one.file)) {
            let name = &*one.full_name;
            if later.services.contains_key(name) && !left.contains(name) {
                services.entry(name).or_insert(one);
            }
        }
        self
    }

    /// What is declared in files of others, and the paths of those.
    fn foreign_names(&self) -> impl Iterator<Item = &'a str> + '_ {
        let all = self.all;
        let files = all.files.iter().map(|file| &*file.path).enumerate();
        let messages = all.messages.iter().map(|one| (one.file, &*one.full_name));
        let enums = all.enums.iter().map(|one| (one.file, &*one.full_name));
        let services = all.services.iter().map(|one| (one.file, &*one.full_name));
        let named = files.chain(messages).chain(enums).chain(services);
        named.filter(|(file, _)| is_foreign(all, *file)).map(|(_, name)| name)
    }

    /// The path and the package of a file.
    pub(super) fn home(&self, file: usize) -> Option<Home<'a>> {
        let file = self.all.files.get(file)?;
        Some((&file.path, &file.package.value))
    }

    pub(super) fn package(&self, file: usize) -> &'a str {
        self.all.files.get(file).map_or("", |file| &file.package.value)
    }

    /// The path of the file that declares an element.
    pub(super) fn path(&self, file: usize) -> &'a str {
        self.all.files.get(file).map_or("", |file| &file.path)
    }

    /// The name without the package.
    pub(super) fn nested<'n>(&self, name: &'n str, file: usize) -> &'n str {
        let package = self.package(file);
        name.strip_prefix(package).map_or(name, |rest| rest.trim_start_matches('.'))
    }

    pub(super) fn message(&self, id: MessageId) -> Option<&'a Message> {
        message(self.all, id)
    }

    /// The innermost message around a name that still exists, else its file.
    pub(super) fn around(&self, name: &str, path: &str) -> Option<Span> {
        let mut outer = name;
        while let Some((before, _)) = outer.rsplit_once('.') {
            if let Some(message) = self.messages.get(before) {
                return Some(message.span);
            }
            outer = before;
        }
        self.files.get(path).map(|(_, file)| file.span)
    }
}

/// Whether a file is another module's.
fn is_foreign(all: &Messages, file: usize) -> bool {
    all.files.get(file).is_some_and(|file| file.ownership != Ownership::Own)
}

fn message(all: &Messages, id: MessageId) -> Option<&Message> {
    all.messages.get(usize::try_from(id.0).ok()?)
}

/// The value of an option; `None` where it is not set.
pub(super) fn option<'a>(
    options: &'a BTreeMap<std::sync::Arc<str>, Stated<Json>>,
    name: &str,
) -> Option<&'a Json> {
    options.get(name).map(|option| &option.value)
}

/// A member of an object.
pub(super) fn member<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    match value {
        Json::Object(members) => members.get(name),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
    }
}

/// Text of an option as it is; numbers and words as they are written.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_string()
        }
    }
}
