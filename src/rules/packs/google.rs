//! Resources, long-running operations and generated clients of `google.api`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::Edited;
use super::sense::members;
use crate::diff::messages::{Change, Scope, Side, Walk};
use crate::model::{Json, Message, Part, Stated, Surface};
use crate::rules::Rule;
use crate::rules::generated_code::Annotated;
use crate::rules::impact::Impact;
use crate::rules::rules;
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

rules! {
    /// The type of a resource changed
    ///
    /// Policies, audit logs and references name resources by type, and generated clients name their
    /// helpers after it.
    RESOURCE_TYPE_CHANGED {
        id: "resource-type-changed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the type of the resource.",
    }

    /// A pattern of a resource's names was removed
    ///
    /// Names that old writers send are no names of the resource any more, and the helpers that
    /// build and take apart such names are gone from generated clients.
    RESOURCE_PATTERN_REMOVED {
        id: "resource-pattern-removed",
        effect: Narrows,
        surfaces: [wire, json, source],
        fix: "Keep the pattern, and add the new one after it (AIP-123).",
    }

    /// A pattern of a resource's names was added
    ///
    /// Names may look another way.
    RESOURCE_PATTERN_ADDED {
        id: "resource-pattern-added",
        effect: Offers,
        surfaces: [wire, json, source],
        caution: "clients that take names apart meet some that do not fit the patterns they know",
        fix: "Add patterns after those that exist.",
    }

    /// A field names another kind of resource
    ///
    /// Generated clients offer helpers for the resource that a field names.
    RESOURCE_REFERENCE_CHANGED {
        id: "resource-reference-changed",
        effect: Replaces,
        surfaces: [source],
        fix: "Keep the reference; add a field for another kind of resource.",
    }

    /// A long-running operation packs another message
    ///
    /// Its result and its metadata travel in an `Any`, which names the type: clients that know the
    /// other one cannot unpack it, and the types of generated clients change.
    OPERATION_TYPE_CHANGED {
        id: "operation-type-changed",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Keep the message and add fields to it, or add a second call.",
    }

    /// A method signature was removed
    ///
    /// Generated clients lose the overload that takes these fields one by one.
    METHOD_SIGNATURE_REMOVED {
        id: "method-signature-removed",
        effect: Withdraws,
        surfaces: [source],
        fix: "Keep the signature, and add the new one after it (AIP-4232).",
    }

    /// A method signature was added
    ///
    /// Generated clients gain an overload.
    METHOD_SIGNATURE_ADDED {
        id: "method-signature-added",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// Generated clients connect to another host
    ///
    /// Clients that are built anew talk to the other host without being asked.
    DEFAULT_HOST_CHANGED {
        id: "default-host-changed",
        effect: Annotates,
        surfaces: [source],
        caution: "clients that are generated anew connect to the other host",
        fix: "Serve both hosts until all clients have moved.",
    }
}

/// The options that declare resources: of a message, and of a file.
pub(super) const RESOURCES: [&str; 2] =
    ["(google.api.resource)", "(google.api.resource_definition)"];

/// Compares a resource, or the resources that a file defines.
pub(super) fn compare_resource<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let (old, new) = (resources(edited.old), resources(edited.new));
    let mut said = false;
    let (mut gone, mut fresh) = (lone(&old, &new), lone(&new, &old));
    let mut pairs: Vec<(&Resource, &Resource)> = Vec::new();
    for was in &old {
        pairs.extend(new.iter().find(|is| is.kind == was.kind).map(|is| (was, is)));
    }
    let moved: Vec<(Resource, Resource)> = gone
        .iter()
        .filter_map(|was| Some((was.clone(), declared(&walk.new, was).next()?)))
        .collect();
    gone.retain(|was| moved.iter().all(|(moved, _)| moved.kind != was.kind));
    for (was, _) in &moved {
        let message = format!("`{}` is declared elsewhere now", was.kind);
        let kinds = [&*was.kind; 2];
        walk.report(change(&RESOURCE_TYPE_CHANGED, (element, edited), message, &kinds));
    }
    pairs.extend(moved.iter().map(|(was, is)| (was, is)));
    // What came from elsewhere is told where it was.
    let came = fresh.len();
    fresh.retain(|is| {
        declared(&walk.old, is).next().is_none() || declared(&walk.new, is).nth(1).is_some()
    });
    said |= !moved.is_empty() || fresh.len() < came;
    // One that went and one that came are one resource under another type.
    if let ([was], [is]) = (&gone[..], &fresh[..]) {
        let message = format!("its type is `{}`, no longer `{}`", is.kind, was.kind);
        let kinds = [&*was.kind, &is.kind];
        let change = change(&RESOURCE_TYPE_CHANGED, (element, edited), message, &kinds);
        walk.report(change.impact(Impact::source()));
        pairs.push((was, is));
        said = true;
    } else {
        for was in &gone {
            let message = format!("`{}` is no longer declared a resource", was.kind);
            let kinds = [&*was.kind, ""];
            let change = change(&RESOURCE_TYPE_CHANGED, (element, edited), message, &kinds);
            walk.report(change.impact(Impact::source()));
            said = true;
        }
        for is in &fresh {
            let message = format!("`{}` is declared a resource", is.kind);
            let kinds = ["", &is.kind];
            walk.report(change(&RESOURCE_TYPE_CHANGED, (element, edited), message, &kinds));
            said = true;
        }
    }
    for (was, is) in pairs {
        said |= compare_patterns(walk, (element, edited), was, is);
    }
    said
}

/// Those whose type the other side does not know.
fn lone(here: &[Resource], there: &[Resource]) -> Vec<Resource> {
    let is_lone = |one: &&Resource| there.iter().all(|other| other.kind != one.kind);
    here.iter().filter(is_lone).cloned().collect()
}

/// The resources of this type that a side declares, wherever it does.
fn declared<'s>(side: &'s Side<'_>, like: &'s Resource) -> impl Iterator<Item = Resource> + 's {
    let of_messages = side.messages().map(|(_, message)| &message.options);
    let of_files = (0..).map_while(|file| side.file(file)).map(|file| &file.options);
    let declaring = of_messages.chain(of_files).flat_map(|options| {
        RESOURCES.iter().filter_map(|option| options.get(*option)).collect::<Vec<_>>()
    });
    let all = declaring.flat_map(|option| resources(Some(option)));
    all.filter(|one| one.kind == like.kind)
}

fn compare_patterns<'a>(
    walk: &mut Walk<'a>,
    at: (&Annotated<'a>, &Edited<'_>),
    was: &Resource,
    is: &Resource,
) -> bool {
    let gone: Vec<&Arc<str>> = was.patterns.difference(&is.patterns).collect();
    let mut fresh: Vec<&Arc<str>> = is.patterns.difference(&was.patterns).collect();
    for pattern in gone {
        // What a variable is called is no part of the names that it stands in.
        let twin = fresh.iter().position(|one| nameless(one) == nameless(pattern));
        if let Some(twin) = twin {
            let renamed = fresh.remove(twin);
            let message = format!(
                "pattern `{pattern}` of `{}` became `{renamed}`: the names are as before, and only helpers that are generated from it change",
                is.kind
            );
            let names = [&*is.kind, pattern, renamed];
            let change = change(&RESOURCE_PATTERN_REMOVED, at, message, &names);
            walk.report(change.impact(Impact::source()));
            continue;
        }
        let because = "the reader no longer takes such names for the resource's";
        let refused = Passage::new(Outcome::Refused, Sample::Ordinary, because);
        let refused = Exchange { wire: refused.clone(), json: refused };
        let message = format!("pattern `{pattern}` of `{}` was removed", is.kind);
        let change = change(&RESOURCE_PATTERN_REMOVED, at, message, &[&is.kind, pattern]);
        walk.report(change.impact(Impact::source().with(refused, Exchange::default())));
    }
    for pattern in fresh {
        let message = format!("pattern `{pattern}` of `{}` was added", is.kind);
        walk.report(change(&RESOURCE_PATTERN_ADDED, at, message, &[&is.kind, pattern]));
    }
    was.patterns != is.patterns
}

/// A pattern with what its variables are called left out.
fn nameless(pattern: &str) -> String {
    let mut left = String::new();
    let mut depth = 0_usize;
    for letter in pattern.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => continue,
            _ => {}
        }
        left.push(letter);
    }
    left
}

/// A kind of resource, and what its names look like.
#[derive(Clone, Debug)]
struct Resource {
    kind: Arc<str>,
    patterns: BTreeSet<Arc<str>>,
}

fn resources(option: Option<&Stated<Json>>) -> Vec<Resource> {
    let all = option.map(|one| members(&one.value)).unwrap_or_default();
    let declared = all.iter().filter_map(|one| {
        let patterns = one.member("pattern").map(members).unwrap_or_default();
        let patterns = patterns.iter().filter_map(|one| one.text().map(Arc::from)).collect();
        Some(Resource { kind: one.member("type")?.text()?.into(), patterns })
    });
    declared.collect()
}

/// Compares what kind of resource a field names.
pub(super) fn compare_reference<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let (was, is) = (Referred::of(edited.old), Referred::of(edited.new));
    let (message, impact) = match (&was, &is) {
        (Some(was), Some(is)) if was != is => {
            (format!("it names {is}, no longer {was}"), Impact::source())
        }
        (Some(was), None) => (format!("it no longer names {was}"), Impact::source()),
        (None, Some(is)) => (format!("it names {is}"), Impact::none()),
        (Some(_), Some(_)) | (None, None) => return false,
    };
    let known = [&was, &is].map(|side| match side {
        Some(Referred { member, kind }) => [*member, &**kind],
        None => ["", ""],
    });
    let known = known.as_flattened();
    let change = change(&RESOURCE_REFERENCE_CHANGED, (element, edited), message, known);
    walk.report(change.impact(impact));
    true
}

/// The resource that a field names, by itself or as what lies in it.
#[derive(PartialEq, Eq)]
struct Referred {
    member: &'static str,
    kind: Arc<str>,
}

impl Referred {
    fn of(option: Option<&Stated<Json>>) -> Option<Self> {
        let value = &option?.value;
        let named = |name| Some(Self { member: name, kind: value.member(name)?.text()?.into() });
        named("type").or_else(|| named("child_type"))
    }
}

impl fmt::Display for Referred {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = if self.member == "child_type" { "the parent of " } else { "" };
        write!(out, "{relation}`{}`", self.kind)
    }
}

/// Compares what an operation packs.
pub(super) fn compare_operation<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let Scope::Call(route, _) = &element.scope else { return false };
    let packed = |option: Option<&Stated<Json>>, name: &str| {
        option.and_then(|one| one.value.member(name)?.text().map(Arc::from))
    };
    let mut told: Vec<(String, bool, Vec<Arc<str>>)> = Vec::new();
    for (name, role) in [("response_type", "result"), ("metadata_type", "metadata")] {
        let (was, is) = (packed(edited.old, name), packed(edited.new, name));
        if was == is || is_renamed(walk, route, was.as_deref(), is.as_deref()) {
            continue;
        }
        let message = match (&was, &is) {
            (Some(was), Some(is)) => format!("its {role} is `{is}`, no longer `{was}`"),
            (Some(was), None) => format!("its {role} is no longer said to be `{was}`"),
            (None, Some(is)) => format!("its {role} is said to be `{is}`"),
            (None, None) => continue,
        };
        let breaks = was.is_some();
        told.push((
            message,
            breaks,
            vec![name.into(), was.unwrap_or_default(), is.unwrap_or_default()],
        ));
    }
    if let ([(result, breaks, of_result), (metadata, _, of_metadata)], true) =
        (&told[..], edited.old.is_none() || edited.new.is_none())
    {
        // The option came or went as one.
        let evidence = [&of_result[..], of_metadata].concat();
        told = vec![(format!("{result}, and {metadata}"), *breaks, evidence)];
    }
    let said = !told.is_empty();
    for (message, breaks, evidence) in told {
        let broken = [Surface::Wire, Surface::Json, Surface::Source];
        let impact = if breaks { Impact::breaking(&broken) } else { Impact::none() };
        let at = (element, edited);
        let known: Vec<&str> = evidence.iter().map(|one| &**one).collect();
        let mut change = change(&OPERATION_TYPE_CHANGED, at, message, &known).impact(impact);
        change.scope = Scope::Call(route.clone(), Part::ResponseMessage);
        walk.report(change);
    }
    said
}

/// Whether the message has another name on the new side, which is told where it is declared.
fn is_renamed(walk: &Walk<'_>, route: &str, was: Option<&str>, is: Option<&str>) -> bool {
    let service = route.trim_start_matches('/').split('/').next().unwrap_or("");
    let package = service.rsplit_once('.').map_or("", |(package, _)| package);
    let is_called = |message: &Message, name: &str| {
        *message.full_name == *name || *message.full_name == format!("{package}.{name}")
    };
    let (Some(was), Some(is)) = (was, is) else { return false };
    let was = walk.old.messages().find(|(_, message)| is_called(message, was));
    let is = walk.new.messages().find(|(_, message)| is_called(message, is));
    match (was, is) {
        (Some((was, _)), Some((is, _))) => walk.pairs.new_message(was) == Some(is),
        (Some(_) | None, _) => false,
    }
}

/// Compares the overloads of generated clients.
pub(super) fn compare_signatures<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let signatures = |option: Option<&Stated<Json>>| -> BTreeSet<Arc<str>> {
        let all = option.map(|one| members(&one.value)).unwrap_or_default();
        let words = all.iter().filter_map(Json::text);
        words
            .map(|one| one.split(',').map(str::trim).collect::<Vec<_>>().join(", ").into())
            .collect()
    };
    let (old, new) = (signatures(edited.old), signatures(edited.new));
    for gone in old.difference(&new) {
        let message = format!("signature `({gone})` was removed");
        let change = change(&METHOD_SIGNATURE_REMOVED, (element, edited), message, &[gone]);
        walk.report(change.impact(Impact::source()));
    }
    for fresh in new.difference(&old) {
        let message = format!("signature `({fresh})` was added");
        walk.report(change(&METHOD_SIGNATURE_ADDED, (element, edited), message, &[fresh]));
    }
    old != new
}

/// Compares where generated clients connect to.
pub(super) fn compare_host<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let host = |option: Option<&Stated<Json>>| {
        option.and_then(|one| one.value.text().map(Arc::from)).unwrap_or_else(|| "none".into())
    };
    let (was, is) = (host(edited.old), host(edited.new));
    let message = format!("the host is {is}, no longer {was}");
    walk.report(change(&DEFAULT_HOST_CHANGED, (element, edited), message, &[&was, &is]));
    true
}

fn change<'a>(
    rule: &'static Rule,
    (element, edited): (&Annotated<'a>, &Edited<'_>),
    message: String,
    evidence: &[&str],
) -> Change<'a> {
    let (old, new) = element.spans;
    let mut change = Change::new(rule, element.scope.clone(), message)
        .spans(
            Some(edited.old.map_or(old, |one| one.span)),
            Some(edited.new.map_or(new, |one| one.span)),
        )
        .evidence(evidence.iter().map(|one| (*one).to_owned()));
    change.steps.extend(element.step.clone());
    change
}
