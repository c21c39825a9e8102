//! One file as every other file sees it, and what is wrong with its imports.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::order::components;
use super::syntax::{Edition, ImportKind, ProtoFile};
use super::tree::{Origin, ReadFile};
use crate::load::{Problem, ProblemKind};
use crate::model::{Json, Messages};
use crate::source::Span;

/// What is kept of a file when its tree is gone.
pub(super) struct Unit {
    pub(super) import_path: Arc<str>,
    pub(super) edition: Edition,
    pub(super) package: Arc<str>,
    /// The files that it imports, and what for.
    pub(super) imports: Vec<(ImportKind, usize)>,
    /// Whether a file that it imports is missing.
    pub(super) lacks_import: bool,
}

impl Unit {
    /// A file that was not parsed yet.
    pub(super) fn unparsed(file: &ReadFile) -> Self {
        Self {
            import_path: Arc::clone(&file.import_path),
            edition: Edition::Proto2,
            package: Arc::from(""),
            imports: Vec::new(),
            lacks_import: false,
        }
    }

    /// Takes down what its tree says, and what is wrong with its imports.
    pub(super) fn learn(
        &mut self,
        tree: &ProtoFile<'_>,
        file: &ReadFile,
        problems: &mut Vec<Problem>,
    ) {
        self.edition = tree.edition;
        self.package = tree.package.as_ref().map_or("", |package| &package.text).into();
        let mut for_options = false;
        for (at, import) in tree.imports.iter().enumerate() {
            let mut earlier = tree.imports.iter().take(at);
            if import.kind != ImportKind::Option && for_options && file.origin == Origin::Written {
                let message = "imports for options stand behind all others".to_owned();
                problems.push(part(message, import.span));
            }
            for_options |= import.kind == ImportKind::Option;
            let odd = odd_path(&import.path).filter(|_| file.origin == Origin::Written);
            problems.extend(odd.map(|message| part(message, import.span)));
            if earlier.any(|one| one.path == import.path) {
                let message = format!("`{}` is imported twice", import.path);
                problems.push(part(message, import.span));
            } else if let Some(target) = file.target(&import.path) {
                self.imports.push((import.kind, target));
            } else {
                self.lacks_import = true;
                problems.push(missing_import(&import.path, import.span));
            }
        }
    }
}

/// Tells of files that import themselves, by way of others or not.
pub(super) fn check_circles(
    group: &[(usize, ProtoFile<'_>)],
    units: &[Unit],
    problems: &mut Vec<Problem>,
) {
    let members = group.iter().enumerate();
    let places: HashMap<usize, usize, RandomState> =
        members.map(|(place, (unit, _))| (*unit, place)).collect();
    let inside = |unit: usize| -> Vec<usize> {
        let imports = units.get(unit).map_or(&[][..], |unit| &unit.imports);
        imports.iter().filter_map(|(_, target)| places.get(target).copied()).collect()
    };
    let edges: Vec<Vec<usize>> = group.iter().map(|(unit, _)| inside(*unit)).collect();
    for circle in components(&edges) {
        let names: HashSet<&str, RandomState> = circle
            .iter()
            .filter_map(|place| Some(&*units.get(group.get(*place)?.0)?.import_path))
            .collect();
        let Some((unit, tree)) = circle.first().and_then(|place| group.get(*place)) else {
            continue;
        };
        let back = tree.imports.iter().find(|import| names.contains(&*import.path));
        let Some(import) = back else { continue };
        let itself = units.get(*unit).is_some_and(|unit| *unit.import_path == *import.path);
        let message = if itself {
            "this file imports itself".to_owned()
        } else {
            format!("`{}` imports this file, directly or by way of others", import.path)
        };
        problems.push(part(message, import.span));
    }
}

/// What is wrong with a path that no file is imported by, wherever it lies.
fn odd_path(path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let is_odd = path.contains('\\') || parts.any(|part| matches!(part, "" | "." | ".."));
    is_odd.then(|| {
        format!("`{path}` cannot be imported: write a path from a root of imports, with `/` between its parts")
    })
}

/// Tells of files for the whole runtime that import what is for the small one (`LITE_RUNTIME`), which
/// knows no descriptors.
pub(super) fn check_runtimes(
    group: &[(usize, ProtoFile<'_>)],
    read: &[ReadFile],
    messages: &Messages,
    problems: &mut Vec<Problem>,
) {
    let is_lite = |file: usize| {
        let options = messages.files.get(file).map(|file| &file.options);
        let runtime = options.and_then(|options| options.get("optimize_for"));
        runtime.is_some_and(|runtime| runtime.value == Json::string("LITE_RUNTIME"))
    };
    for (unit, tree) in group {
        let Some(file) = read.get(*unit).filter(|file| file.is_own()) else { continue };
        for import in tree.imports.iter().filter(|import| import.kind != ImportKind::Option) {
            let target = file.target(&import.path).filter(|target| is_lite(*target));
            if target.is_some() && !is_lite(*unit) {
                let message = format!(
                    "`{}` is for the lite runtime (`optimize_for`) and this file, which imports it, is not",
                    import.path
                );
                problems.push(part(message, import.span));
                break;
            }
        }
    }
}

pub(super) fn part(message: String, span: Span) -> Problem {
    Problem { kind: ProblemKind::Part, message, span: Some(span), path: None }
}

/// A dependency that is kept elsewhere, as registries of modules have it, hides no change of the files
/// that are here.
fn missing_import(path: &str, span: Span) -> Problem {
    let message = format!("the imported file `{path}` was not found");
    Problem { kind: ProblemKind::Warning, message, span: Some(span), path: None }
}
