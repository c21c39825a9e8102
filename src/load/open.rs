//! From what was discovered to what is promised.

use super::protobuf;
use super::{Format, LoadOptions, Loaded, json_schema, openapi};
use crate::model::Surfaces;
use crate::source::{Discovered, Folder, Kind, RepoPath, Root, Snapshot};

/// Loads a contract that was discovered in a snapshot.
pub fn load(snapshot: &dyn Snapshot, found: &Discovered, options: &LoadOptions) -> Loaded {
    let Discovered {
        kind,
        root,
        files,
        reached: _,
        identified,
        import_roots,
        named_roots,
        at_rest,
        names,
        imports,
        beside,
        adopted,
    } = found;
    let options = &LoadOptions { identified: identified.clone(), ..options.clone() };
    match (Format::from(*kind), root) {
        (Format::OpenApi, Root::File(path)) => openapi::load(snapshot, path, options),
        (Format::JsonSchema, Root::File(path)) => json_schema::load(snapshot, path, options),
        (Format::Protobuf, Root::File(path)) => protobuf::load_compiled(snapshot, path, options),
        (_, Root::Folder(_)) => {
            let (folders, home) = (import_roots.clone(), home(root, import_roots));
            let path = contract_path(root, files);
            let files = files.iter().filter(|file| !at_rest.contains(*file)).cloned().collect();
            let (names, imports) = (names.clone(), *imports);
            let (beside, adopted) = (beside.clone(), adopted.clone());
            let root = protobuf::ProtoRoot {
                path,
                home,
                named: named_roots.clone(),
                folders,
                files,
                names,
                imports,
                beside,
                adopted,
            };
            protobuf::load(snapshot, &root, options)
        }
    }
}

/// The folder of a tree, from which its files are imported; of a file that was named alone the first in which
/// anything is looked for.
fn home(root: &Root, import_roots: &[Folder]) -> Folder {
    match root {
        Root::Folder(folder) if import_roots.contains(folder) => folder.clone(),
        Root::Folder(_) | Root::File(_) => import_roots.first().cloned().unwrap_or_default(),
    }
}

/// A tree at the root of the snapshot is known by its first file.
fn contract_path(root: &Root, files: &[RepoPath]) -> RepoPath {
    let folder = RepoPath::new(root.as_str()).ok();
    match (folder, files) {
        (_, [only]) => only.clone(),
        (Some(folder), _) => folder,
        (None, [first, ..]) => first.clone(),
        (None, []) => RepoPath::fallback(),
    }
}

impl From<Kind> for Format {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::OpenApi => Self::OpenApi,
            Kind::JsonSchema => Self::JsonSchema,
            Kind::Protobuf => Self::Protobuf,
        }
    }
}

impl From<Format> for Kind {
    fn from(format: Format) -> Self {
        match format {
            Format::OpenApi => Self::OpenApi,
            Format::JsonSchema => Self::JsonSchema,
            Format::Protobuf => Self::Protobuf,
        }
    }
}

impl Format {
    /// The surfaces that count where the team says nothing: consumers of messages live on generated
    /// code, those of HTTP and JSON on what travels.
    pub fn default_surfaces(self) -> Surfaces<bool> {
        match self {
            Self::OpenApi | Self::JsonSchema => Surfaces { wire: true, json: true, source: false },
            Self::Protobuf => Surfaces::all(true),
        }
    }
}
