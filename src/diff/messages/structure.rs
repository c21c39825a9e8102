//! What corresponds to what among elements without a namesake: what is made of the same parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::packages::Packages;
use super::pairs::{Pairing, Pairs, id, place};
use super::prefix::beginning;
use super::side::{Side, short};
use super::similar::{Candidate, Evidence, Holder, Rooted, Swaps, Whose, similar};
use crate::model::{Call, FieldKind, Message, MessageId};

/// How often elements are paired by what was paired before: types by the fields that hold them, and
/// by the types that they hold.
const MAX_ROUNDS: usize = 16;

/// Pairs messages, enumerations and services that lack a counterpart.
pub(super) fn pair(pairs: &mut Pairs, old: &Side<'_>, new: &Side<'_>) {
    for _ in 0..MAX_ROUNDS {
        let is_left = |pairing: &Pairing| !pairing.gone().is_empty() && !pairing.fresh().is_empty();
        if !is_left(&pairs.messages) && !is_left(&pairs.enums) {
            break;
        }
        let swaps = swapped_types(pairs, old, new);
        let mut found = pair_messages(pairs, (old, new), &swaps.messages, Unpaired::ByName);
        found |= pair_enums(pairs, (old, new), &swaps.enums);
        if !found && !pair_messages(pairs, (old, new), &swaps.messages, Unpaired::Assumed) {
            break;
        }
    }
    pair_services(pairs, old, new);
}

/// What is said of the type of a field that has no counterpart so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unpaired {
    /// That types of one name are one.
    ByName,
    /// That it may be any other that has none: so a message that holds itself is recognised, and
    /// messages that hold each other are. What was assumed is examined afterwards.
    Assumed,
}

fn pair_messages(
    pairs: &mut Pairs,
    sides: (&Side<'_>, &Side<'_>),
    swaps: &Swaps,
    unpaired: Unpaired,
) -> bool {
    let found = match unpaired {
        Unpaired::ByName => similar_messages(pairs, sides, swaps, unpaired),
        Unpaired::Assumed => assumed(pairs, sides, swaps.clone()),
    };
    join_all(&mut pairs.messages, found)
}

fn similar_messages(
    pairs: &Pairs,
    sides: (&Side<'_>, &Side<'_>),
    swaps: &Swaps,
    unpaired: Unpaired,
) -> Vec<(usize, usize)> {
    let (gone, fresh) = (pairs.messages.gone(), pairs.messages.fresh());
    if gone.is_empty() || fresh.is_empty() {
        return Vec::new();
    }
    let of = |at: &usize, side: Which| message(pairs, sides, *at, (side, unpaired));
    let was: Vec<Candidate<'_>> = gone.iter().filter_map(|at| of(at, Which::Old)).collect();
    let is: Vec<Candidate<'_>> = fresh.iter().filter_map(|at| of(at, Which::New)).collect();
    similar(&was, &is, swaps, &pairs.packages)
}

/// The pairs that bear each other out: one that is assumed says what its fields held and hold now.
fn assumed(
    pairs: &mut Pairs,
    sides: (&Side<'_>, &Side<'_>),
    mut swaps: Swaps,
) -> Vec<(usize, usize)> {
    let before = pairs.messages.clone();
    let mut all = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let found = similar_messages(pairs, sides, &swaps, Unpaired::Assumed);
        for (from, to) in &found {
            pairs.messages.join(*from, *to);
        }
        if found.is_empty() {
            break;
        }
        all.extend(found);
        swaps = swapped_types(pairs, sides.0, sides.1).messages;
    }
    pairs.messages = before;
    borne_out(pairs, sides, all, &swaps)
}

/// The pairs that hold once every one of them is taken for granted, and nothing else is.
fn borne_out(
    pairs: &mut Pairs,
    sides: (&Side<'_>, &Side<'_>),
    mut found: Vec<(usize, usize)>,
    swaps: &Swaps,
) -> Vec<(usize, usize)> {
    let before = pairs.messages.clone();
    for _ in 0..MAX_ROUNDS {
        for (from, to) in &found {
            pairs.messages.join(*from, *to);
        }
        let is_similar = |(from, to): &(usize, usize)| {
            let one = |at: usize, side| message(pairs, sides, at, (side, Unpaired::ByName));
            let both = one(*from, Which::Old).zip(one(*to, Which::New));
            both.is_some_and(|(was, is)| !similar(&[was], &[is], swaps, &pairs.packages).is_empty())
        };
        let held: Vec<(usize, usize)> = found.iter().copied().filter(is_similar).collect();
        pairs.messages = before.clone();
        if held.len() == found.len() {
            return held;
        }
        found = held;
    }
    Vec::new()
}

fn pair_enums(pairs: &mut Pairs, (old, new): (&Side<'_>, &Side<'_>), swaps: &Swaps) -> bool {
    let (gone, fresh) = (pairs.enums.gone(), pairs.enums.fresh());
    if gone.is_empty() || fresh.is_empty() {
        return false;
    }
    let of_old = |at| enumeration(pairs, (old, new), at, Which::Old);
    let of_new = |at| enumeration(pairs, (new, new), at, Which::New);
    let was: Vec<_> = gone.into_iter().filter_map(of_old).collect();
    let is: Vec<_> = fresh.into_iter().filter_map(of_new).collect();
    let found = similar(&was, &is, swaps, &pairs.packages);
    join_all(&mut pairs.enums, found)
}

fn pair_services(pairs: &mut Pairs, old: &Side<'_>, new: &Side<'_>) {
    let packages = &pairs.packages;
    let (gone, fresh) = (pairs.services.gone(), pairs.services.fresh());
    let was: Vec<_> = gone.into_iter().filter_map(|at| service(old, at, packages)).collect();
    let is: Vec<_> = fresh.into_iter().filter_map(|at| service(new, at, packages)).collect();
    let found = similar(&was, &is, &Swaps::new(), packages);
    join_all(&mut pairs.services, found);
}

/// Whether there was anything to join.
fn join_all(pairing: &mut Pairing, found: Vec<(usize, usize)>) -> bool {
    let any = !found.is_empty();
    for (from, to) in found {
        pairing.join(from, to);
    }
    any
}

#[derive(Default)]
struct Swapped {
    messages: Swaps,
    enums: Swaps,
}

/// Types that stand on both sides behind the same number of the same message, or are sent by the
/// same call.
fn swapped_types(pairs: &Pairs, old: &Side<'_>, new: &Side<'_>) -> Swapped {
    let mut swaps = Swapped::default();
    let note = |swaps: &mut Swaps, old: u32, new: u32, evidence: Evidence| {
        let known = swaps.entry((place(old), place(new))).or_insert(evidence);
        *known = evidence.max(*known);
    };
    for (id, was) in old.messages() {
        let Some(is) = pairs.new_message(id).and_then(|id| new.message(id)) else { continue };
        for field in &was.fields {
            let twin = is.fields.iter().find(|twin| twin.number == field.number);
            let Some(twin) = twin else { continue };
            let same_name = twin.name == field.name;
            let evidence = if same_name { Evidence::Field } else { Evidence::Place };
            match (field.kind, twin.kind) {
                (FieldKind::Message(old, _), FieldKind::Message(new, _)) => {
                    note(&mut swaps.messages, old.0, new.0, evidence);
                }
                (FieldKind::Enum(old), FieldKind::Enum(new)) => {
                    note(&mut swaps.enums, old.0, new.0, evidence);
                }
                (FieldKind::Scalar(_) | FieldKind::Message(..) | FieldKind::Enum(_), _) => {}
            }
        }
    }
    let key = |call: &'_ Call| (call.service.clone(), call.method.clone());
    let calls: BTreeMap<_, &Call> = new.calls().map(|(_, call)| (key(call), call)).collect();
    let services = |side: &Side<'_>| -> Vec<Arc<str>> {
        side.contract.messages.services.iter().map(|one| one.full_name.clone()).collect()
    };
    let (gone, come) = (services(old), services(new));
    let heirs: BTreeMap<&Arc<str>, &Arc<str>> = gone
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((name, come.get(pairs.services.new_of(at)?)?)))
        .collect();
    for (_, was) in old.calls() {
        let heir = heirs.get(&was.service).map(|heir| (Arc::clone(heir), was.method.clone()));
        let Some(is) = heir.and_then(|heir| calls.get(&heir)) else { continue };
        for (old, new) in [(&was.request, &is.request), (&was.response, &is.response)] {
            note(&mut swaps.messages, old.message.0, new.message.0, Evidence::Place);
        }
    }
    swaps
}

/// On which side a candidate stands.
#[derive(Clone, Copy)]
enum Which {
    Old,
    New,
}

fn message<'a>(
    pairs: &Pairs,
    (old, new): (&Side<'a>, &Side<'a>),
    at: usize,
    (which, unpaired): (Which, Unpaired),
) -> Option<Candidate<'a>> {
    let side = match which {
        Which::Old => old,
        Which::New => new,
    };
    let message = side.contract.messages.messages.get(at)?;
    if side.is_entry(MessageId(id(at))) || !is_movable(side, message.file, &pairs.packages) {
        return None;
    }
    // A type that has a counterpart is called what that is called on the new side.
    let called = |kind: FieldKind| {
        let twin = match (kind, which) {
            (FieldKind::Scalar(_), _) => return side.kind_name(kind),
            (FieldKind::Message(id, end), Which::Old) => {
                pairs.new_message(id).map(|id| FieldKind::Message(id, end))
            }
            (FieldKind::Message(id, _), Which::New) => pairs.old_message(id).map(|_| kind),
            (FieldKind::Enum(id), Which::Old) => pairs.new_enum(id).map(FieldKind::Enum),
            (FieldKind::Enum(id), Which::New) => pairs.old_enum(id).map(|_| kind),
        };
        match (twin, unpaired) {
            (Some(twin), _) => new.kind_name(twin),
            (None, Unpaired::ByName) => side.kind_name(kind),
            (None, Unpaired::Assumed) => "?".into(),
        }
    };
    let parts = message.fields.iter().map(|field| {
        let part = format!("{} {}", field.name, short(&called(field.kind)));
        (i64::from(field.number.get()), part)
    });
    let numbered: BTreeMap<i64, String> = parts.collect();
    // Where a type is taken for any other, so it is here.
    let is_held = unpaired == Unpaired::ByName
        && message.fields.iter().any(|field| !is_settled(pairs, side, which, message, field.kind));
    let rooted = if is_held { Rooted::Held } else { rooted(pairs, new, which, message.parent) };
    Some(Candidate {
        at,
        whose: whose(side, message.file),
        name: &message.full_name,
        package: package(pairs, side, new, (which, message.file)),
        path: side.path(message.file),
        traits: numbered.iter().map(|(number, part)| format!("{number} {part}")).collect(),
        bare: BTreeSet::new(),
        numbered,
        rooted,
        holder: holder(pairs, side, which, MessageId(id(at))),
    })
}

/// What the package of a file is called on the new side.
fn package<'a>(
    pairs: &Pairs,
    side: &Side<'a>,
    new: &Side<'a>,
    (which, file): (Which, usize),
) -> &'a str {
    let package = side.package(file);
    let heir = match which {
        Which::Old => pairs.packages.heirs(file, package).first().copied(),
        Which::New => None,
    };
    let files = &new.contract.messages.files;
    let heir = heir.and_then(|heir| files.iter().find(|file| file.package.value == *heir));
    heir.map_or(package, |file| &file.package.value)
}

/// Whether anything that lives on holds the message, or a type that is declared in it, where it has
/// nothing else.
fn holder(pairs: &Pairs, side: &Side<'_>, which: Which, at: MessageId) -> Holder {
    let lives = |message: MessageId| match which {
        Which::Old => pairs.new_message(message).is_some(),
        Which::New => pairs.old_message(message).is_some(),
    };
    let stands = |service: &usize| match which {
        Which::Old => pairs.services.new_of(*service).is_some(),
        Which::New => pairs.services.old_of(*service).is_some(),
    };
    let is_empty = side.message(at).is_some_and(|message| message.fields.is_empty());
    let within = if is_empty { side.inner_enums(at) } else { &[] };
    let is_held = side.users(at).iter().any(|user| *user != at && lives(*user))
        || within.iter().any(|id| side.enum_users(*id).iter().any(|user| lives(*user)))
        || side.callers(at).iter().any(stands);
    if is_held { Holder::Lives } else { Holder::Unknown }
}

/// Whether the type of a field has a counterpart, or is part of the message that holds it.
fn is_settled(
    pairs: &Pairs,
    side: &Side<'_>,
    which: Which,
    holder: &Message,
    kind: FieldKind,
) -> bool {
    let is_within = |full_name: &str| {
        let rest = full_name.strip_prefix(&*holder.full_name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let (is_paired, name) = match (kind, which) {
        (FieldKind::Scalar(_), _) => return true,
        (FieldKind::Message(id, _), Which::Old) => {
            (pairs.new_message(id).is_some(), side.message(id).map(|one| &*one.full_name))
        }
        (FieldKind::Message(id, _), Which::New) => {
            (pairs.old_message(id).is_some(), side.message(id).map(|one| &*one.full_name))
        }
        (FieldKind::Enum(id), Which::Old) => {
            (pairs.new_enum(id).is_some(), side.enumeration(id).map(|one| &*one.full_name))
        }
        (FieldKind::Enum(id), Which::New) => {
            (pairs.old_enum(id).is_some(), side.enumeration(id).map(|one| &*one.full_name))
        }
    };
    is_paired || name.is_some_and(is_within)
}

/// What the message around an element is called on the new side.
fn rooted<'a>(
    pairs: &Pairs,
    new: &Side<'a>,
    which: Which,
    parent: Option<MessageId>,
) -> Rooted<'a> {
    let Some(parent) = parent else { return Rooted::Free(None) };
    let heir = match which {
        Which::Old => pairs.new_message(parent),
        Which::New => pairs.old_message(parent).map(|_| parent),
    };
    let name = heir.and_then(|id| new.message(id)).map(|message| &*message.full_name);
    name.map_or(Rooted::Held, |name| Rooted::Free(Some(name)))
}

fn enumeration<'a>(
    pairs: &Pairs,
    (side, new): (&Side<'a>, &Side<'a>),
    at: usize,
    which: Which,
) -> Option<Candidate<'a>> {
    let one = side.contract.messages.enums.get(at)?;
    let traits = one.values.iter().map(|value| format!("{} {}", value.number, value.name));
    let ahead = beginning(one.values.iter().map(|value| &*value.name));
    let bare = one
        .values
        .iter()
        .map(|value| format!("{} {}", value.number, value.name.get(ahead..).unwrap_or_default()));
    // The first of several with one number is what the number means.
    let numbered = one.values.iter().rev();
    let numbered = numbered.map(|value| (i64::from(value.number), value.name.to_string()));
    is_movable(side, one.file, &pairs.packages).then(|| Candidate {
        at,
        whose: whose(side, one.file),
        name: &one.full_name,
        package: package(pairs, side, new, (which, one.file)),
        path: side.path(one.file),
        traits: traits.collect(),
        bare: bare.collect(),
        numbered: numbered.collect(),
        rooted: rooted(pairs, new, which, one.parent),
        holder: Holder::Unknown,
    })
}

fn service<'a>(side: &Side<'a>, at: usize, packages: &Packages) -> Option<Candidate<'a>> {
    let one = side.contract.messages.services.get(at)?;
    let calls = side.calls().filter(|(_, call)| call.service == one.full_name);
    let traits = calls.flat_map(|(_, call)| {
        let name = |id| side.message(id).map_or("", |message| short(&message.full_name));
        let (request, response) = (name(call.request.message), name(call.response.message));
        [call.method.to_string(), format!("{} {request} {response}", call.method)]
    });
    is_movable(side, one.file, packages).then(|| Candidate {
        at,
        whose: whose(side, one.file),
        name: &one.full_name,
        package: side.package(one.file),
        path: side.path(one.file),
        traits: traits.collect(),
        bare: BTreeSet::new(),
        numbered: BTreeMap::new(),
        rooted: Rooted::Free(None),
        holder: Holder::Unknown,
    })
}

/// Whether what the file declares is the contract's own, or is read along, and may be found under
/// another name.
fn is_movable(side: &Side<'_>, file: usize, packages: &Packages) -> bool {
    (side.is_own(file) || side.is_beside(file)) && packages.may_move(side.package(file))
}

fn whose(side: &Side<'_>, file: usize) -> Whose {
    if side.is_own(file) { Whose::Own } else { Whose::Beside }
}
