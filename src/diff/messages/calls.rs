//! Services and their calls on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::side::Side;
use super::walk::{Scope, Walk};
use crate::model::{Call, Json, MessageId, Messages, Operation, Part, Service, Stated};
use crate::rules::generated_code::{self, Annotated, Options};
use crate::rules::{call, service};
use crate::source::FileId;

/// A call, and what is said about it as an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeclaredCall<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) call: &'a Call,
}

/// A call on both sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallPair<'a> {
    pub(crate) old: DeclaredCall<'a>,
    pub(crate) new: DeclaredCall<'a>,
}

/// The calls of one side, by service and the file that declares it.
type ByService<'a> = BTreeMap<(&'a str, FileId), Vec<DeclaredCall<'a>>>;

fn by_service<'a>(side: &Side<'a>) -> ByService<'a> {
    let mut found: ByService<'a> = BTreeMap::new();
    for (operation, call) in side.calls() {
        let key = (&*call.service, operation.span.file);
        found.entry(key).or_default().push(DeclaredCall { operation, call });
    }
    found
}

fn key(service: &Service) -> (&str, FileId) {
    (&service.full_name, service.span.file)
}

fn calls_of<'a>(calls: &ByService<'a>, service: &'a Service) -> Vec<DeclaredCall<'a>> {
    calls.get(&key(service)).cloned().unwrap_or_default()
}

/// Compares all services and calls.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (old_calls, new_calls) = (by_service(&walk.old), by_service(&walk.new));
    let (old, new) = (&walk.old.contract.messages.services, &walk.new.contract.messages.services);
    let mut all = Vec::new();
    for (at, was) in old.iter().enumerate() {
        let paired = walk.pairs.services.new_of(at).and_then(|at| new.get(at));
        // What went to another contract is compared there, and what came from one here.
        let has_come =
            walk.old.is_beside(was.file) && paired.is_some_and(|is| walk.new.is_own(is.file));
        let has_gone = paired.is_some_and(|is| walk.new.is_beside(is.file));
        if !walk.old.is_own(was.file) && !has_come || has_gone {
            continue;
        }
        let mine = calls_of(&old_calls, was);
        let Some(is) = paired else {
            let routes: Vec<Arc<str>> = mine.iter().map(|one| one.call.route.clone()).collect();
            if !walk.is_package_gone(was.file) {
                service::removed(walk, was, &routes);
            }
            continue;
        };
        compare_services(walk, was, is);
        all.push(pair_calls(walk, &mine, &calls_of(&new_calls, is)));
    }
    let both = all.iter().flat_map(|calls| &calls.both);
    walk.heirs =
        both.map(|pair| (pair.old.call.route.clone(), pair.new.call.route.clone())).collect();
    for Paired { both, removed, added } in all {
        for pair in both {
            compare_pair(walk, pair);
        }
        for was in removed {
            call::removed(walk, was);
        }
        for is in added {
            call::added(walk, is);
        }
    }
    for (at, is) in new.iter().enumerate() {
        let is_new = walk.pairs.services.old_of(at).is_none();
        if walk.new.is_own(is.file) && is_new && !walk.is_package_fresh(is.file) {
            service::added(walk, is);
        }
    }
}

fn compare_services(walk: &mut Walk<'_>, old: &Service, new: &Service) {
    let follows = walk.pairs.follows_package((&walk.old, old.file), &old.full_name, &new.full_name);
    if old.full_name != new.full_name && !follows {
        service::renamed(walk, old, new);
    }
    let element = Annotated {
        scope: Scope::Named(new.full_name.clone()),
        step: None,
        spans: (old.name_span, new.name_span),
        root: None,
        file: None,
    };
    generated_code::compare(walk, &element, &old.options, &new.options);
    walk.compare_comments(element.scope, None, (old.span, new.span));
}

/// The calls of a service on both sides.
#[derive(Default)]
struct Paired<'a> {
    both: Vec<CallPair<'a>>,
    removed: Vec<DeclaredCall<'a>>,
    added: Vec<DeclaredCall<'a>>,
}

fn pair_calls<'a>(
    walk: &Walk<'a>,
    old: &[DeclaredCall<'a>],
    new: &[DeclaredCall<'a>],
) -> Paired<'a> {
    let mut paired = Paired::default();
    let mut taken = BTreeSet::new();
    let mut left = Vec::new();
    for was in old {
        match new.iter().find(|is| is.call.method == was.call.method) {
            Some(is) => {
                taken.insert(&is.call.method);
                paired.both.push(CallPair { old: *was, new: *is });
            }
            None => left.push(*was),
        }
    }
    let mut fresh: Vec<DeclaredCall<'a>> =
        new.iter().filter(|is| !taken.contains(&is.call.method)).copied().collect();
    for was in &left {
        let twins: Vec<usize> =
            (0..fresh.len()).filter(|at| is_twin(walk, *was, fresh.get(*at))).collect();
        let rivals = left
            .iter()
            .filter(|other| twins.first().is_some_and(|at| is_twin(walk, **other, fresh.get(*at))));
        match (&twins[..], rivals.count()) {
            ([at], 1) => {
                let is = fresh.remove(*at);
                paired.both.push(CallPair { old: *was, new: is });
            }
            _ => paired.removed.push(*was),
        }
    }
    paired.added = fresh;
    paired
}

/// Whether two calls exchange the same messages in the same way.
fn is_twin(walk: &Walk<'_>, old: DeclaredCall<'_>, new: Option<&DeclaredCall<'_>>) -> bool {
    let same = |old: MessageId, new: MessageId| walk.pairs.new_message(old) == Some(new);
    new.is_some_and(|new| {
        let (was, is) = (old.call, new.call);
        same(was.request.message, is.request.message)
            && same(was.response.message, is.response.message)
            && was.request.streaming == is.request.streaming
            && was.response.streaming == is.response.streaming
    })
}

fn compare_pair<'a>(walk: &mut Walk<'a>, pair: CallPair<'a>) {
    call::compare(walk, pair);
    let element = Annotated {
        scope: Scope::Call(pair.new.call.route.clone(), Part::Whole),
        step: None,
        spans: (pair.old.operation.span, pair.new.operation.span),
        root: None,
        file: None,
    };
    generated_code::compare(walk, &element, &options(pair.old), &options(pair.new));
    walk.compare_comments(element.scope, None, element.spans);
}

/// The options of a call, its deprecation among them.
fn options(call: DeclaredCall<'_>) -> Options {
    let stated = call.call.options.iter().map(|option| {
        let (name, value) = &option.value;
        (name.clone(), Stated { value: value.clone(), span: option.span })
    });
    let deprecated = call
        .operation
        .lifecycle
        .deprecated
        .map(|span| ("deprecated".into(), Stated { value: Json::Boolean(true), span }));
    stated.chain(deprecated).collect()
}

/// What of a contract packs a message into an `Any`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packer {
    /// Operations that run long, of which a call says that it is the result or the metadata.
    Operations,
    /// Options that hold one.
    Options,
}

impl Packer {
    pub(crate) const ALL: [Self; 2] = [Self::Operations, Self::Options];

    /// In a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Options => "options",
        }
    }
}

impl Walk<'_> {
    /// What of the old contract packs the message into an `Any`.
    pub(crate) fn packer(&self, full_name: &str) -> Option<Packer> {
        if self.is_result(full_name) {
            return Some(Packer::Operations);
        }
        let packed = self.packed.get_or_init(|| packed_in_options(&self.old));
        packed.contains(full_name).then_some(Packer::Options)
    }

    fn is_result(&self, full_name: &str) -> bool {
        self.old.calls().any(|(_, call)| {
            let info = call
                .options
                .iter()
                .filter(|option| &*option.value.0 == "(google.longrunning.operation_info)");
            let package = call.service.rsplit_once('.').map_or("", |(package, _)| package);
            info.flat_map(|option| members(&option.value.1))
                .any(|name| *name == *full_name || format!("{package}.{name}") == full_name)
        })
    }
}

/// The full names of the messages that options of this side hold in an `Any`.
fn packed_in_options(side: &Side<'_>) -> BTreeSet<String> {
    let Messages { messages, enums, services, extensions, files } = &*side.contract.messages;
    let of_fields = messages.iter().flat_map(|one| &one.fields);
    let of_oneofs = messages.iter().flat_map(|one| &one.oneofs);
    let of_values = enums.iter().flat_map(|one| &one.values);
    let all = messages
        .iter()
        .flat_map(|one| one.options.values())
        .chain(of_fields.flat_map(|one| one.options.values()))
        .chain(of_oneofs.flat_map(|one| one.options.values()))
        .chain(of_values.flat_map(|one| one.options.values()))
        .chain(enums.iter().flat_map(|one| one.options.values()))
        .chain(services.iter().flat_map(|one| one.options.values()))
        .chain(extensions.iter().flat_map(|one| one.field.options.values()))
        .chain(files.iter().flat_map(|one| one.options.values()));
    let mut found = BTreeSet::new();
    all.for_each(|stated| note_packed(&stated.value, &mut found));
    for option in side.calls().flat_map(|(_, call)| &call.options) {
        note_packed(&option.value.1, &mut found);
    }
    found
}

/// Notes the types of what is written as `[type.googleapis.com/full.Name] { … }`, however deep.
fn note_packed(option: &Json, found: &mut BTreeSet<String>) {
    match option {
        Json::Object(members) => {
            for (name, value) in members.iter() {
                let url = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
                if let Some((_, full_name)) = url.and_then(|url| url.rsplit_once('/')) {
                    found.insert(full_name.to_owned());
                }
                note_packed(value, found);
            }
        }
        Json::Array(elements) => elements.iter().for_each(|element| note_packed(element, found)),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// The texts that an option's members hold.
fn members(option: &Json) -> Vec<Arc<str>> {
    let Json::Object(members) = option else { return Vec::new() };
    let texts = members.values().filter_map(|value| match value {
        Json::String(text) => Some(text.clone()),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    });
    texts.collect()
}
