//! Reads OpenAPI and Swagger documents into the model: 2.0, 3.0, 3.1 and 3.2.
//!
//! What is read is what is in effect, never what is written: inherited parameters, servers and
//! requirements are given to each operation, defaults are spelled out, names without case are in
//! lower case. **Invariant:** nothing aborts the reading of the rest; what cannot be read is a
//! problem with a place, and undecided wherever it would have counted.

mod body;
mod bytes;
mod components;
mod encoding;
mod foreign;
mod heirs;
mod lifecycle;
mod media_type;
mod node;
mod operation;
mod parameter;
mod path_parameters;
mod paths;
mod reader;
mod remarks;
mod response;
mod security;
mod server;
mod swagger;
mod template;
mod usual;
mod version;

#[cfg(test)]
mod tests;

use foreign::Owner;
use node::Node;
use operation::Inherited;
use reader::Reader;
use server::root_server;
use version::{Declaration, Version};

use super::json_schema::{Dialect, SchemaReferee};
use super::{Extent, LoadOptions, Loaded, Problem, ProblemKind, Referee};
use crate::document::{DocumentErrorKind, Documents, Limits};
use crate::model::{Contract, Declared, Equality, Heirs, Lifecycle, Remarks, Shapes};
use crate::source::{RepoPath, Snapshot, Span};

/// Reads the description at `root`, and all that it refers to, from the snapshot.
///
/// Never fails as a whole: a text that is no description yields an empty contract and a problem of
/// kind [`ProblemKind::Unreadable`] or [`ProblemKind::Refused`].
pub fn load(snapshot: &dyn Snapshot, root: &RepoPath, options: &LoadOptions) -> Loaded {
    let mut documents = Documents::new(snapshot, limits(options)).naming(&options.identified);
    let document = match documents.open(root).map(|file| (file, documents.document(file))) {
        Ok((_, Some(document))) => document,
        Ok((file, None)) => {
            let span = Span { file, start: 0, end: 0 };
            return nothing(documents, root, ProblemKind::Unreadable, "the file is empty", span);
        }
        Err(error) => {
            let kind = match error.kind {
                DocumentErrorKind::Malformed | DocumentErrorKind::Dangling => {
                    ProblemKind::Unreadable
                }
                DocumentErrorKind::Limit | DocumentErrorKind::Outside => ProblemKind::Refused,
            };
            return nothing(documents, root, kind, &error.message, error.span);
        }
    };
    let node = Node::root(document);
    match declaration(&node) {
        Declaration::Known(version) => read(documents, root, &node, version),
        Declaration::Newer(version) => {
            let mut loaded = read(documents, root, &node, version);
            let message = "a later version of 3: read as 3.2".to_owned();
            loaded.problems.push(warning(message, node.span()));
            loaded
        }
        Declaration::Unknown => {
            let message = "no OpenAPI description: `openapi: 3.x` or `swagger: \"2.0\"` is missing";
            let span = node.span();
            let loaded = nothing(documents, root, ProblemKind::Unreadable, message, span);
            Loaded { extent: Extent::Foreign, ..loaded }
        }
    }
}

fn read(documents: Documents<'_>, path: &RepoPath, root: &Node, version: Version) -> Loaded {
    let mut reader = Reader::new(documents, root.clone(), version);
    reader.dialect = reader.dialect_of(root);
    reader.warn_of_foreign_fields(root, Owner::Root);
    reader.read_schemes(root);
    let inherited = reader.inherited(root);
    reader.read_paths(root, &inherited);
    let cutting = reader.gaps.len();
    let info = reader.object(root, "info");
    let declared = info.as_ref().and_then(|info| reader.word(info, "version"));
    let lifecycle = info.map(|info| reader.lifecycle(&info)).unwrap_or_default();
    let heirs = reader.heirs(root);
    let (components, remarks) = (reader.components(root, &heirs), reader.remarks_of_root(root));
    let Reader { documents, schemas, operations, mut problems, mut gaps, .. } = reader;
    let odd = documents.warnings().iter();
    problems.extend(odd.map(|odd| warning(odd.message.clone(), odd.span)));
    let referee = Referee::Values(Box::new(SchemaReferee::new(&documents, &schemas)));
    // What is met later is of no operation.
    gaps.iter_mut().skip(cutting).for_each(|gap| gap.owner = None);
    gaps.extend(schemas.gaps(problems.len()));
    let (shapes, found) = schemas.finish();
    problems.extend(found);
    let contract = Contract {
        path: path.clone(),
        format: version.label().into(),
        version: declared.map(|word| Declared { text: word.value, span: word.span }),
        operations,
        roots: Vec::new(),
        at_hand: Vec::new(),
        equality: Equality::of_side(&shapes),
        shapes,
        messages: std::sync::Arc::default(),
        components,
        heirs,
        remarks,
        lifecycle,
        span: root.span(),
    };
    let (files, trees) = documents.into_parts();
    let extent = Extent::Read;
    Loaded { contract, problems, files, trees, referee, past: None, comments: None, extent, gaps }
}

impl Reader<'_> {
    /// The dialect of schemas that do not say theirs (OAS 3.1 §4.8.24.7).
    fn dialect_of(&mut self, root: &Node) -> Dialect {
        match self.version {
            Version::V2 => Dialect::OpenApi20,
            Version::V3_0 => Dialect::OpenApi30,
            Version::V3_1 | Version::V3_2 => {
                let Some(stated) = self.word(root, "jsonSchemaDialect") else {
                    return Dialect::OpenApi31;
                };
                Dialect::of_uri(&stated.value).unwrap_or_else(|| {
                    let message = format!("the dialect `{}` is not known: 2020-12", stated.value);
                    self.warn(stated.span, message);
                    Dialect::OpenApi31
                })
            }
        }
    }

    /// What the description says for all its operations.
    fn inherited(&mut self, root: &Node) -> Inherited {
        let servers = match self.version {
            Version::V2 => self.swagger_servers(root),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => {
                self.servers(root).unwrap_or_else(|| root_server(root.span()))
            }
        };
        if self.version == Version::V3_2 {
            let own = self.word(root, "$self").map(|word| word.value);
            let own = own.filter(|address| !address.is_empty());
            let path = self.documents.files().get(root.span().file).map(|file| file.path.clone());
            self.own_address = path.zip(own);
        }
        let security = self.security(root).unwrap_or_default();
        let mut listed = |name| match self.version {
            Version::V2 => self.media_list(root, name).unwrap_or_default(),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => Vec::new(),
        };
        let (consumes, produces) = (listed("consumes"), listed("produces"));
        Inherited { servers, security, consumes, produces }
    }
}

fn declaration(root: &Node) -> Declaration {
    let text = |name: &str| root.get(name).and_then(|node| node.scalar());
    match (text("openapi"), text("swagger")) {
        (Some(openapi), _) => Declaration::of_openapi(&openapi),
        (None, Some(swagger)) => Declaration::of_swagger(&swagger),
        (None, None) => Declaration::Unknown,
    }
}

fn limits(options: &LoadOptions) -> Limits {
    let LoadOptions { max_bytes, max_depth, max_files, identified: _, texts: _ } = options;
    Limits {
        max_bytes: usize::try_from(*max_bytes).unwrap_or(usize::MAX),
        max_depth: *max_depth,
        max_files: *max_files,
        ..Limits::default()
    }
}

fn nothing(
    documents: Documents<'_>,
    path: &RepoPath,
    kind: ProblemKind,
    message: &str,
    span: Span,
) -> Loaded {
    let contract = Contract {
        path: path.clone(),
        format: "openapi".into(),
        version: None,
        operations: Vec::new(),
        roots: Vec::new(),
        at_hand: Vec::new(),
        shapes: Shapes::default(),
        equality: Equality::default(),
        messages: std::sync::Arc::default(),
        components: Vec::new(),
        heirs: Heirs::default(),
        remarks: Remarks::default(),
        lifecycle: Lifecycle::default(),
        span,
    };
    let problem = Problem { kind, message: message.to_owned(), span: Some(span), path: None };
    let problems = vec![problem];
    let (files, trees) = documents.into_parts();
    let (referee, extent, gaps) = (Referee::None, Extent::Nothing, Vec::new());
    Loaded { contract, problems, files, trees, referee, past: None, comments: None, extent, gaps }
}

fn warning(message: String, span: Span) -> Problem {
    Problem { kind: ProblemKind::Warning, message, span: Some(span), path: None }
}
