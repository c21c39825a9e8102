//! What every candidate file of a side is and refers to, learned from its bytes alone.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::import_roots::{Folder, ImportRoots};
use super::links::through;
use super::modules::{Module, declared_modules};
use super::sniff::{Form, Sniffed, sniff};
use super::{
    ContentId, Kind, LeftOut, Listing, RepoPath, Selection, Snapshot, SourceError, Unseen,
};

/// Finds the references that some bytes make: `$ref` values and imported file names.
pub type References<'f> = dyn Fn(&[u8]) -> Vec<String> + 'f;

/// What has been learned of some bytes; both sides share it, so that equal files are read once.
#[derive(Default)]
pub(super) struct Memory {
    facts: BTreeMap<(ContentId, String), Rc<Facts>>,
}

pub(super) struct Facts {
    pub(super) sniffed: Sniffed,
    pub(super) references: Vec<String>,
    pub(super) modules: Vec<Module>,
}

/// Why the files of a side were taken for what they are.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Files of contracts, and what told so.
    pub contracts: Vec<(RepoPath, &'static str)>,
    /// Files that would be contracts if they were not ignored, and by which pattern of the
    /// selection.
    pub ignored: Vec<(RepoPath, usize)>,
    /// Files that would be contracts if buf's configuration did not leave them out.
    pub left_out: Vec<RepoPath>,
    /// The other files that could have been one by their names.
    pub others: Vec<RepoPath>,
}

/// How many metaschemas may each be written in the next.
const MAX_METASCHEMAS: usize = 16;

/// How many missing objects one message names: what it tells to run fits a command line.
const MOST_MISSING: usize = 1_000;

/// By file: the files that import it.
pub(super) type Importers = BTreeMap<RepoPath, Vec<RepoPath>>;

/// One side.
pub(super) struct Survey {
    facts: BTreeMap<RepoPath, Rc<Facts>>,
    /// Files that are no contracts because somebody said so.
    ignored: BTreeSet<RepoPath>,
    /// Files that are contracts because somebody said so.
    named: BTreeSet<RepoPath>,
    /// Files that the system keeps to itself, and why.
    unreadable: BTreeMap<RepoPath, String>,
    /// The files that claim each identifier.
    ids: BTreeMap<String, Vec<RepoPath>>,
    /// Paths that are referred to and lead to files by symbolic links.
    links: BTreeMap<RepoPath, RepoPath>,
    roots: ImportRoots,
}

impl Survey {
    /// Reads every file of the listing whose bytes are not yet known.
    pub(super) fn of(
        snapshot: &dyn Snapshot,
        listing: &Listing,
        selection: &Selection,
        references: &References<'_>,
        memory: &mut Memory,
    ) -> Result<Self, SourceError> {
        let mut facts = BTreeMap::new();
        let mut ignored = BTreeSet::new();
        let mut unreadable = BTreeMap::new();
        let (mut missing, mut remote) = (Vec::new(), String::new());
        for (path, id) in listing {
            let key = (*id, path.file_name().to_owned());
            let known = if let Some(known) = memory.facts.get(&key) {
                Rc::clone(known)
            } else {
                let bytes = match snapshot.read(path) {
                    Ok(Some(bytes)) => bytes,
                    Ok(None) => continue,
                    // Data, as far as anybody can tell; a contract that reaches it will say so.
                    Err(SourceError::TooLarge { .. }) => Vec::new(),
                    Err(SourceError::Unreadable { path: _, reason }) => {
                        unreadable.insert(path.clone(), reason);
                        Vec::new()
                    }
                    Err(SourceError::MissingObjects { what: _, fetch })
                        if missing.len() < MOST_MISSING =>
                    {
                        missing.push(id.oid());
                        remote = fetch.remote;
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                let sniffed = sniff(path, &bytes);
                let learned = Rc::new(Facts {
                    references: match sniffed.form {
                        Form::Text => references(&bytes),
                        Form::Compiled | Form::Pointer => Vec::new(),
                    },
                    sniffed,
                    modules: declared_modules(path.file_name(), &bytes),
                });
                memory.facts.insert(key, Rc::clone(&learned));
                learned
            };
            if selection.ignored_by(path).is_some() {
                ignored.insert(path.clone());
            }
            facts.insert(path.clone(), said(path, known, selection));
        }
        if !missing.is_empty() {
            return Err(SourceError::missing(&missing, remote));
        }
        let mut ids: BTreeMap<String, Vec<RepoPath>> = BTreeMap::new();
        for (path, known) in &facts {
            if let Some(id) = &known.sniffed.id {
                ids.entry(without_fragment(id).to_owned()).or_default().push(path.clone());
            }
        }
        let mut roots = ImportRoots::infer(&facts, &selection.import_roots);
        if selection.left_out == LeftOut::Compared {
            roots.leave_nothing_out();
        }
        let named = facts.keys().filter(|path| selection.names(path));
        let named = named.cloned().collect();
        let links = BTreeMap::new();
        let mut survey = Self { facts, ignored, named, unreadable, ids, links, roots };
        survey.links = survey.linked(snapshot);
        survey.know_by_metaschemas();
        Ok(survey)
    }

    /// Takes for schemas what is written in a metaschema of the tree, as what is written in one of
    /// json-schema.org is: a metaschema may be written in another.
    fn know_by_metaschemas(&mut self) {
        for _ in 0..MAX_METASCHEMAS {
            let is_schema = |(path, known): &(&RepoPath, &Rc<Facts>)| {
                let Sniffed { kind: None, id, metaschema: Some(uri), .. } = &known.sniffed else {
                    return false;
                };
                let named = self.referred(path, id.as_deref(), uri);
                named
                    .iter()
                    .filter_map(|it| self.facts.get(it))
                    .any(|it| it.sniffed.extends && it.sniffed.kind == Some(Kind::JsonSchema))
            };
            let found: Vec<RepoPath> =
                self.facts.iter().filter(is_schema).map(|(path, _)| path.clone()).collect();
            if found.is_empty() {
                return;
            }
            for path in found {
                let Some(known) = self.facts.get_mut(&path) else { continue };
                let Facts { sniffed, references, modules } = &**known;
                let why = "names a metaschema that lies here";
                let kind = Some(Kind::JsonSchema);
                let sniffed = Sniffed { kind, why, ..sniffed.clone() };
                let (references, modules) = (references.clone(), modules.clone());
                *known = Rc::new(Facts { sniffed, references, modules });
            }
        }
    }

    /// The links among what is referred to, as far as they lead to files that we know.
    fn linked(&self, snapshot: &dyn Snapshot) -> BTreeMap<RepoPath, RepoPath> {
        let mut asked = BTreeSet::new();
        let mut links = BTreeMap::new();
        for (path, known) in &self.facts {
            if known.sniffed.kind == Some(Kind::Protobuf) {
                continue;
            }
            for target in known.references.iter().flat_map(|reference| beside(path, reference)) {
                if self.facts.contains_key(&target) || !asked.insert(target.clone()) {
                    continue;
                }
                let lead = through(&target, &|at| snapshot.content_id(at), &|at| snapshot.link(at));
                if let Ok((place, Some(_))) = lead
                    && self.facts.contains_key(&place)
                {
                    links.insert(target, place);
                }
            }
        }
        links
    }

    /// Whether the file is there and is no contract.
    pub(super) fn is_plain(&self, path: &RepoPath) -> bool {
        self.facts.get(path).is_some_and(|known| known.sniffed.kind.is_none())
    }

    /// Whether something stands in the file's place that says where it is kept.
    pub(super) fn is_pointer(&self, path: &RepoPath) -> bool {
        self.facts.get(path).is_some_and(|known| known.sniffed.form == Form::Pointer)
    }

    /// Why nothing is known of the file, though it is there.
    pub(super) fn unseen(&self, path: &RepoPath) -> Option<Unseen> {
        if self.is_pointer(path) {
            return Some(Unseen::Pointer { path: path.clone() });
        }
        if self.leaves_out(path) && !self.ignored.contains(path) {
            return Some(Unseen::LeftOut { path: path.clone() });
        }
        let reason = self.unreadable.get(path)?.clone();
        (!self.ignored.contains(path)).then(|| Unseen::Unreadable { path: path.clone(), reason })
    }

    /// Whether the file is one text of several that are one contract.
    pub(super) fn is_text(&self, path: &RepoPath) -> bool {
        self.facts.get(path).is_some_and(|known| known.sniffed.form == Form::Text)
    }

    /// Has `.proto` files belong to the trees to which they belong on the new side.
    pub(super) fn follow(&mut self, new: &Self) {
        self.roots.follow(&new.roots);
    }

    /// Every file with its kind, if it is a contract.
    pub(super) fn files(&self) -> impl Iterator<Item = (&RepoPath, Option<Kind>)> {
        self.facts.iter().map(|(path, known)| {
            let is_out = self.ignored.contains(path) || self.leaves_out(path);
            (path, if is_out { None } else { known.sniffed.kind })
        })
    }

    /// Why each file was taken for what it is.
    pub(super) fn seen(&self, selection: &Selection) -> Seen {
        let mut seen = Seen::default();
        for (path, known) in &self.facts {
            match (known.sniffed.kind, selection.ignored_by(path)) {
                (Some(_), Some(by)) => seen.ignored.push((path.clone(), by)),
                (Some(_), None) if self.leaves_out(path) => seen.left_out.push(path.clone()),
                (Some(_), None) => {
                    let named = selection.kind(path).is_some();
                    let why = if named { "named in the config" } else { known.sniffed.why };
                    seen.contracts.push((path.clone(), why));
                }
                (None, _) => seen.others.push(path.clone()),
            }
        }
        seen
    }

    /// Whether buf's configuration says of the file that it belongs to no module, and nobody else that it
    /// is a contract.
    pub(super) fn leaves_out(&self, path: &RepoPath) -> bool {
        self.roots.leaves_out(path) && !self.named.contains(path)
    }

    /// Where imports of `.proto` files are looked up.
    pub(super) fn roots(&self) -> &ImportRoots {
        &self.roots
    }

    /// The folder below which a `.proto` file is imported by its path.
    pub(super) fn root_of(&self, path: &RepoPath) -> Folder {
        self.roots.of(path)
    }

    /// The files and everything that they reach.
    pub(super) fn closure<'p>(
        &self,
        files: impl IntoIterator<Item = &'p RepoPath>,
    ) -> BTreeSet<RepoPath> {
        let mut open: Vec<RepoPath> = files.into_iter().cloned().collect();
        let mut reached = BTreeSet::new();
        while let Some(path) = open.pop() {
            if reached.contains(&path) {
                continue;
            }
            open.extend(self.targets(&path));
            reached.insert(path);
        }
        reached
    }

    /// The identifiers that exactly one of the files claims, and which: where several do, it is not
    /// for us to choose among them.
    pub(super) fn identified(&self, files: &BTreeSet<RepoPath>) -> BTreeMap<String, RepoPath> {
        let claims = files.iter().filter_map(|path| {
            let id = without_fragment(self.facts.get(path)?.sniffed.id.as_deref()?);
            match self.ids.get(id).map(Vec::as_slice) {
                Some([only]) => Some((id.to_owned(), only.clone())),
                Some(_) | None => None,
            }
        });
        claims.collect()
    }

    /// The package of a `.proto` file, empty where it states none; `None` for other files.
    pub(super) fn package(&self, path: &RepoPath) -> Option<&str> {
        let sniffed = &self.facts.get(path)?.sniffed;
        let is_text = sniffed.kind == Some(Kind::Protobuf) && sniffed.form == Form::Text;
        is_text.then(|| sniffed.package.as_deref().unwrap_or_default())
    }

    /// Whether there is such a file, as far as anybody has looked.
    pub(super) fn has(&self, path: &RepoPath) -> bool {
        self.facts.contains_key(path)
    }

    /// What a file refers to, as it is written.
    pub(super) fn references(&self, path: &RepoPath) -> &[String] {
        self.facts.get(path).map_or(&[], |known| &known.references)
    }

    /// The file that an import of a `.proto` file leads to.
    pub(super) fn imported(&self, from: &RepoPath, import: &str) -> Option<RepoPath> {
        let found = self.roots.find(from, import, |target| self.facts.contains_key(target));
        found.into_iter().next()
    }

    /// Which of these files import which.
    pub(super) fn importers<'p>(&self, files: impl Iterator<Item = &'p RepoPath>) -> Importers {
        let mut importers = Importers::new();
        for path in files {
            for target in self.targets(path) {
                importers.entry(target).or_default().push(path.clone());
            }
        }
        importers
    }

    /// The files that a file refers to directly.
    pub(super) fn targets(&self, path: &RepoPath) -> Vec<RepoPath> {
        let place = self.links.get(path).unwrap_or(path);
        let Some(known) = self.facts.get(place) else { return Vec::new() };
        let found = known.references.iter().flat_map(|reference| {
            if known.sniffed.kind == Some(Kind::Protobuf) {
                return self.roots.find(path, reference, |target| self.facts.contains_key(target));
            }
            self.referred(path, known.sniffed.id.as_deref(), reference)
        });
        let itself = (place != path).then(|| place.clone());
        found.chain(itself).collect()
    }

    /// A `$ref` may name a file beside this one, or a document by its `$id`; where it could be both,
    /// both count, since a contract compared too often is no harm.
    fn referred(&self, from: &RepoPath, base: Option<&str>, reference: &str) -> Vec<RepoPath> {
        let reference = without_fragment(reference);
        if reference.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        found.extend(self.ids.get(reference).into_iter().flatten().cloned());
        if reference.contains("://") {
            return found;
        }
        if let Some(base) = base
            && let Some(uri) = resolve_uri(without_fragment(base), reference)
        {
            found.extend(self.ids.get(&uri).into_iter().flatten().cloned());
        }
        let known =
            |path: &RepoPath| self.facts.contains_key(path) || self.links.contains_key(path);
        found.extend(beside(from, reference).filter(known));
        found
    }
}

/// What is known of a file, with what somebody says it is in the place of what it seems to be.
fn said(path: &RepoPath, known: Rc<Facts>, selection: &Selection) -> Rc<Facts> {
    match selection.kind(path) {
        Some(kind) if known.sniffed.kind != Some(kind) => {
            let sniffed = Sniffed { kind: Some(kind), ..known.sniffed.clone() };
            let Facts { sniffed: _, references, modules } = &*known;
            Rc::new(Facts { sniffed, references: references.clone(), modules: modules.clone() })
        }
        Some(_) | None => known,
    }
}

/// The files beside this one that a `$ref` may mean, as it is written and decoded.
fn beside(from: &RepoPath, reference: &str) -> impl Iterator<Item = RepoPath> {
    let reference = without_fragment(reference);
    let is_path = !reference.is_empty() && !reference.contains("://");
    let decoded = percent_encoding::percent_decode_str(reference).decode_utf8_lossy();
    let names = [reference, decoded.as_ref()].map(|name| from.join(name).ok());
    names.into_iter().flatten().filter(move |_| is_path)
}

fn without_fragment(reference: &str) -> &str {
    reference.split_once('#').map_or(reference, |(document, _)| document)
}

/// RFC 3986 §5.2 for a relative path against an absolute URI, without query.
fn resolve_uri(base: &str, relative: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let rooted = RepoPath::new(if path.is_empty() { "x" } else { path }).ok()?;
    let path = rooted.join(relative).ok()?;
    Some(format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references_resolve_against_the_id() {
        let resolved = |base, relative| resolve_uri(base, relative).unwrap();
        assert_eq!(resolved("https://x.org/a/b.json", "c.json"), "https://x.org/a/c.json");
        assert_eq!(resolved("https://x.org/a/b.json", "/c.json"), "https://x.org/c.json");
        assert_eq!(resolve_uri("urn:x:y", "c.json"), None);
    }
}
