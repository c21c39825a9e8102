//! Files that could not be read in full.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diff::Finding;
use crate::diff::whole::unreadable_file;
use crate::load::Loaded;
use crate::model::{Legibility, MessageFile, Ownership};
use crate::source::{FileId, Span};

/// Takes back what was found in files of which a side lacks a part: what seems to have come or gone
/// may have been there. Each such file of the base that changed is one question left open; one of the
/// head is a problem, which speaks for itself.
pub(super) fn take_back(findings: &mut Vec<Finding>, old: &Loaded, new: &Loaded) {
    let (were, are) = (by_path(old), by_path(new));
    let is_torn = |file: &&MessageFile| file.legibility == Legibility::Torn;
    let all = were.values().chain(are.values());
    let torn: BTreeSet<&str> = all.copied().filter(is_torn).map(|file| &*file.path).collect();
    if torn.is_empty() {
        return;
    }
    let (was, is) = (by_id(&were), by_id(&are));
    let lies_in = |places: &BTreeMap<FileId, &str>, span: Option<Span>| {
        span.and_then(|span| places.get(&span.file)).is_some_and(|path| torn.contains(path))
    };
    findings.retain(|finding| !lies_in(&was, finding.old) && !lies_in(&is, finding.new));
    let text = |side: &Loaded, file: &MessageFile| {
        side.files.get(file.span.file).map(|file| Arc::clone(&file.text))
    };
    for (path, file) in were.iter().filter(|(_, file)| is_torn(file)) {
        let heir = are.get(path);
        let was = text(old, file).filter(|text| !text.is_empty());
        let is = heir.copied().filter(is_torn).and_then(|heir| text(new, heir));
        if was.is_none() || was != is {
            findings.push(unreadable_file(path, file.span, heir.map(|heir| heir.span)));
        }
    }
}

fn by_path(side: &Loaded) -> BTreeMap<&str, &MessageFile> {
    let files = side.contract.messages.files.iter();
    let told_here = files.filter(|file| file.ownership != Ownership::Beside);
    told_here.map(|file| (&*file.path, file)).collect()
}

fn by_id<'a>(files: &BTreeMap<&'a str, &MessageFile>) -> BTreeMap<FileId, &'a str> {
    files.iter().map(|(path, file)| (file.span.file, *path)).collect()
}
