//! The `breaking:` section of a `buf.yaml`, of any version.

use std::collections::BTreeMap;

use crate::document::{Document, Limits, NodeId, Value, parse};
use crate::source::{FileId, RepoPath, Snapshot};

/// What a team has buf report, as written; paths are relative to the contract's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakingSection {
    /// `use`: ids and categories.
    pub uses: Vec<String>,
    /// `except`: ids and categories that are taken off.
    pub except: Vec<String>,
    /// `ignore`: files and folders.
    pub ignore: Vec<String>,
    /// `ignore_only`: files and folders by id or category.
    pub ignore_only: BTreeMap<String, Vec<String>>,
    /// `ignore_unstable_packages`.
    pub unstable: bool,
    /// `version`: `v1beta1`, `v1`, `v2`.
    pub version: String,
}

/// The categories in which every rule is that stands in any.
const EVERY_CATEGORY: [&str; 4] = ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"];

/// The section that holds for the contract at this root: of the nearest `buf.yaml` at or above it,
/// and there of the module at the root where it has one of its own. A `buf.work.yaml` speaks of modules
/// that have theirs with them, if any: nothing above it counts.
pub fn breaking_section(snapshot: &dyn Snapshot, root: &str) -> Option<BreakingSection> {
    let root = if root == "." { "" } else { root };
    let mut folder = root;
    loop {
        let name =
            if folder.is_empty() { "buf.yaml".to_owned() } else { format!("{folder}/buf.yaml") };
        let path = RepoPath::new(&name).ok()?;
        if let Ok(Some(bytes)) = snapshot.read(&path) {
            let inside = root.strip_prefix(folder).unwrap_or("").trim_start_matches('/');
            return read(&path, &bytes, inside);
        }
        let work = path.folder().map_or_else(String::new, |folder| format!("{folder}/"));
        let work = RepoPath::new(&format!("{work}buf.work.yaml")).ok()?;
        if folder.is_empty() || matches!(snapshot.content_id(&work), Ok(Some(_))) {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
}

fn read(path: &RepoPath, bytes: &[u8], module: &str) -> Option<BreakingSection> {
    let document = parse(FileId::default(), path, bytes, &Limits::default()).ok()?.document;
    let top = document.root();
    let modules = document.get(top, "modules").map_or(&[][..], |list| document.elements(list));
    let own = modules.iter().find(|one| {
        let path = document.get(**one, "path").and_then(|path| document.string(path));
        path.unwrap_or(".").trim_matches('/') == if module.is_empty() { "." } else { module }
    });
    let of_module = own.and_then(|module| document.get(*module, "breaking"));
    let node = of_module.or_else(|| document.get(top, "breaking"));
    let build = document.get(top, "build");
    // The roots of the first version are modules, whose paths `ignore` is written in.
    let roots = build.and_then(|build| document.get(build, "roots"));
    let roots = roots.map_or_else(Vec::new, |list| words(&document, list));
    let is_root = roots.iter().any(|root| root.trim_matches('/') == module);
    let written_in = if is_root { "" } else { module };
    let mut section =
        node.map_or_else(BreakingSection::default, |node| section(&document, node, written_in));
    let version = document.get(top, "version").and_then(|version| document.string(version));
    version.unwrap_or("v1beta1").clone_into(&mut section.version);
    Some(section)
}

fn section(document: &Document, node: NodeId, module: &str) -> BreakingSection {
    let list =
        |name: &str| document.get(node, name).map_or_else(Vec::new, |at| words(document, at));
    let paths =
        |listed: Vec<String>| listed.iter().filter_map(|path| below(path, module)).collect();
    let only = document.get(node, "ignore_only");
    let only = only.into_iter().flat_map(|only| document.members(only));
    let unstable = document.get(node, "ignore_unstable_packages");
    let mut except = list("except");
    let builtin = document.get(node, "disable_builtin");
    if builtin.is_some_and(|at| document.value(at) == Value::Boolean(true)) {
        // Only the rules of plugins are left.
        except.extend(EVERY_CATEGORY.map(str::to_owned));
    }
    BreakingSection {
        uses: list("use"),
        except,
        ignore: paths(list("ignore")),
        ignore_only: only
            .map(|member| (member.key.text.to_owned(), paths(words(document, member.value))))
            .collect(),
        unstable: unstable.is_some_and(|at| document.value(at) == Value::Boolean(true)),
        version: String::new(),
    }
}

fn words(document: &Document, list: NodeId) -> Vec<String> {
    let words = document.elements(list).iter().filter_map(|node| document.string(*node));
    words.map(str::to_owned).collect()
}

/// A path of the file seen from the module; `None` where it is in another module.
fn below(path: &str, module: &str) -> Option<String> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if module.is_empty() {
        return Some(path.to_owned());
    }
    if path == module || path == "." {
        return Some(".".to_owned());
    }
    path.strip_prefix(module)?.strip_prefix('/').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemorySnapshot;

    fn section_of(text: &str, root: &str) -> Option<BreakingSection> {
        let path = RepoPath::new("api/buf.yaml").unwrap();
        let snapshot = MemorySnapshot::new("test", [(path, text.as_bytes().to_vec())]);
        breaking_section(&snapshot, root)
    }

    #[test]
    fn the_nearest_file_above_the_root_counts() {
        let text = "version: v1\nbreaking:\n  use:\n    - WIRE\n  except: [FIELD_SAME_ONEOF]\n  \
            ignore:\n    - old\n  ignore_only:\n    FIELD_SAME_NAME:\n      - a.proto\n  \
            ignore_unstable_packages: true\n";
        let found = section_of(text, "api").unwrap();
        assert_eq!(
            (&found.uses[..], &found.except[..]),
            (&["WIRE".to_owned()][..], &["FIELD_SAME_ONEOF".to_owned()][..])
        );
        assert_eq!(found.ignore, ["old"]);
        assert_eq!(found.ignore_only["FIELD_SAME_NAME"], ["a.proto"]);
        assert!(found.unstable);
        assert_eq!(section_of(text, "other"), None);
    }

    #[test]
    fn a_module_may_have_a_section_of_its_own() {
        let text = "version: v2\nmodules:\n  - path: proto\n    breaking:\n      use: [PACKAGE]\n      \
            ignore: [proto/a, vendor/b]\nbreaking:\n  use: [FILE]\n";
        let found = section_of(text, "api/proto").unwrap();
        assert_eq!((&*found.uses[0], &found.ignore[..]), ("PACKAGE", &["a".to_owned()][..]));
        assert_eq!(section_of(text, "api/else").unwrap().uses, ["FILE"]);
    }

    #[test]
    fn what_is_ignored_is_written_from_the_root_of_the_first_version() {
        let text = "version: v1beta1\nbuild:\n  roots: [m]\nbreaking:\n  ignore: [a]\n";
        assert_eq!(section_of(text, "api/m").unwrap().ignore, ["a"]);
    }
}
