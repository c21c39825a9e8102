//! What whoever imports a file may name: `export` and `local` of edition 2024.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::walk::{Scope, Walk};
use super::words::several;
use crate::model::{MessageKind, Visibility};
use crate::rules::import;
use crate::source::Span;

/// An element that is named by others, or no longer.
struct Shifted {
    name: Arc<str>,
    scope: Scope,
    spans: (Span, Span),
}

/// Says of each file what it withholds from its importers, and what it gives them, although it
/// declares it on both sides. What left its file is told elsewhere.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (mut withheld, mut given) = (BTreeMap::new(), BTreeMap::new());
    for (file, (was, is), shifted) in elements(walk) {
        let found = match (was, is) {
            (Visibility::Export, Visibility::Local) => &mut withheld,
            (Visibility::Local, Visibility::Export) => &mut given,
            (Visibility::Export, Visibility::Export)
            | (Visibility::Local, Visibility::Local)
            | (Visibility::Unstated, _)
            | (_, Visibility::Unstated) => continue,
        };
        found.entry(file).or_insert_with(Vec::new).push(shifted);
    }
    for (file, shifted) in withheld {
        tell(walk, file, &shifted, import::Naming::Withheld);
    }
    for (file, shifted) in given {
        tell(walk, file, &shifted, import::Naming::Given);
    }
}

type Element = (usize, (Visibility, Visibility), Shifted);

fn elements(walk: &Walk<'_>) -> Vec<Element> {
    let stays = |old: usize, new: usize| {
        let path = |file: Option<&crate::model::MessageFile>| file.map(|file| file.path.clone());
        walk.old.is_own(old) && path(walk.old.file(old)) == path(walk.new.file(new))
    };
    let messages = walk.old.messages().filter_map(|(id, old)| {
        let twin = walk.pairs.new_message(id)?;
        let new = walk.new.message(twin)?;
        let is_told = old.kind != MessageKind::MapEntry && new.kind != MessageKind::MapEntry;
        let shifted = Shifted {
            name: new.full_name.clone(),
            scope: Scope::Message(Some(id), Some(twin)),
            spans: (old.name_span, new.name_span),
        };
        let shift = (old.visibility, new.visibility);
        (is_told && stays(old.file, new.file)).then_some((new.file, shift, shifted))
    });
    let enums = walk.old.enums().filter_map(|(id, old)| {
        let twin = walk.pairs.new_enum(id)?;
        let new = walk.new.enumeration(twin)?;
        let shifted = Shifted {
            name: new.full_name.clone(),
            scope: Scope::Enum(Some(id), Some(twin)),
            spans: (old.name_span, new.name_span),
        };
        let shift = (old.visibility, new.visibility);
        stays(old.file, new.file).then_some((new.file, shift, shifted))
    });
    messages.chain(enums).collect()
}

fn tell(walk: &mut Walk<'_>, file: usize, shifted: &[Shifted], naming: import::Naming) {
    let Some(path) = walk.new.file(file).map(|file| file.path.clone()) else { return };
    let Some(first) = shifted.first() else { return };
    let names: Vec<&str> = shifted.iter().map(|one| &*one.name).collect();
    let scope = match shifted {
        [one] => one.scope.clone(),
        _ => Scope::Named(path.clone()),
    };
    import::named(walk, (scope, &path), first.spans, (&names, &several(&names)), naming);
}
