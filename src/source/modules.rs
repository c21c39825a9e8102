//! What buf's configuration says of modules: the folders from which files are imported, and which files
//! below them belong to them.

use super::{Folder, RepoPath};

/// A module, its paths relative to the configuration as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Module {
    /// The folder.
    pub(super) path: String,
    /// What belongs to it; none stands for all.
    includes: Vec<String>,
    /// What does not.
    excludes: Vec<String>,
    /// Whether another configuration says what belongs to it.
    is_listed: bool,
}

/// A module of a configuration that lies somewhere.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) folder: Folder,
    includes: Vec<Folder>,
    excludes: Vec<Folder>,
    is_listed: bool,
}

impl Module {
    /// The module of a configuration in this folder; `None` where it leaves the snapshot.
    pub(super) fn placed(&self, folder: &str) -> Option<Placed> {
        let below =
            |paths: &[String]| paths.iter().filter_map(|path| below(folder, path)).collect();
        Some(Placed {
            folder: self::below(folder, &self.path)?,
            includes: below(&self.includes),
            excludes: below(&self.excludes),
            is_listed: self.is_listed,
        })
    }
}

/// Whether a file below a folder belongs to none of the modules that lie there.
pub(super) fn is_left_out(path: &RepoPath, modules: &[Placed]) -> bool {
    let holds = |folders: &[Folder]| {
        folders.iter().any(|folder| folder.holds(path) || folder.as_str() == path.as_str())
    };
    let mut telling = modules.iter().filter(|module| !module.is_listed).peekable();
    telling.peek().is_some()
        && telling.all(|module| {
            let Placed { folder: _, includes, excludes, is_listed: _ } = module;
            holds(excludes) || !includes.is_empty() && !holds(includes)
        })
}

/// The modules that a `buf.yaml` or `buf.work.yaml` names.
///
/// These files are written by people and by `buf` in block style; of flow style what stands on one line is
/// read too.
pub(super) fn declared_modules(file_name: &str, bytes: &[u8]) -> Vec<Module> {
    let is_work = file_name == "buf.work.yaml";
    if !is_work && file_name != "buf.yaml" {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let mut reading = Reading::default();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            reading.line(line, is_work);
        }
    }
    let Reading { mut modules, build, .. } = reading;
    if modules.is_empty() && !is_work {
        modules.push(Module { path: ".".to_owned(), ..Module::default() });
    }
    for module in &mut modules {
        module.is_listed = is_work;
        module.excludes.extend(build.iter().cloned());
    }
    modules
}

/// How far a configuration is read.
#[derive(Default)]
struct Reading {
    section: String,
    /// Where the entries of the section begin, where there is a list of them.
    indent: Option<usize>,
    /// The key whose list is being read.
    list: String,
    modules: Vec<Module>,
    /// What belongs to no module of the file.
    build: Vec<String>,
}

impl Reading {
    fn line(&mut self, line: &str, is_work: bool) {
        let rest = line.trim_start();
        let indent = line.len() - rest.len();
        let item = rest.strip_prefix("- ").map(str::trim_start);
        if indent == 0 && item.is_none() {
            let (key, value) = rest.split_once(':').unwrap_or((rest, ""));
            (self.section, self.list, self.indent) = (key.to_owned(), key.to_owned(), None);
            return self.value(value.trim(), is_work);
        }
        if let Some(item) = item {
            if self.section != "modules" {
                return self.word(item, is_work);
            }
            if indent > *self.indent.get_or_insert(indent) {
                return self.word(item, is_work);
            }
            self.modules.push(Module { path: ".".to_owned(), ..Module::default() });
            return self.member(item, is_work);
        }
        self.member(rest, is_work);
    }

    /// A key of a module, or of `build`, and what stands behind it on the line.
    fn member(&mut self, text: &str, is_work: bool) {
        if let Some(inside) = inside(text, '{', '}') {
            for part in parts(inside) {
                self.member(part, is_work);
            }
            return;
        }
        let (key, value) = text.split_once(':').unwrap_or((text, ""));
        key.trim().clone_into(&mut self.list);
        self.value(value.trim(), is_work);
    }

    fn value(&mut self, value: &str, is_work: bool) {
        if let Some(inside) = inside(value, '[', ']') {
            for part in parts(inside) {
                if self.section == "modules" && self.list == "modules" {
                    self.modules.push(Module { path: ".".to_owned(), ..Module::default() });
                    self.member(part, is_work);
                    "modules".clone_into(&mut self.list);
                } else {
                    self.word(part, is_work);
                }
            }
        } else if let Some(inside) = inside(value, '{', '}') {
            for part in parts(inside) {
                self.member(part, is_work);
            }
        } else if !value.is_empty() {
            self.word(value, is_work);
        }
    }

    fn word(&mut self, word: &str, is_work: bool) {
        let word = word.trim().trim_matches(['"', '\'']).to_owned();
        let module = || Module { path: word.clone(), ..Module::default() };
        match (is_work, &*self.section, &*self.list) {
            (true, "directories", _) | (false, "build", "roots") => self.modules.push(module()),
            (false, "build", "excludes") => self.build.push(word),
            (false, "modules", list) => {
                let Some(module) = self.modules.last_mut() else { return };
                match list {
                    "path" => module.path = word,
                    "includes" => module.includes.push(word),
                    "excludes" => module.excludes.push(word),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// What stands between two signs that a text begins and ends with.
fn inside(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// The parts of a list in flow style.
fn parts(text: &str) -> Vec<&str> {
    let (mut found, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(text.get(begin..at));
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(begin..));
    found.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn below(folder: &str, path: &str) -> Option<Folder> {
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("./").unwrap_or(path);
    if path == "." || path.is_empty() {
        return Some(Folder::new(folder));
    }
    let path = RepoPath::new(&super::git_tree::below(folder, path)).ok()?;
    Some(Folder::new(path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str, text: &str) -> Vec<String> {
        let found = declared_modules(name, text.as_bytes());
        found.into_iter().map(|module| module.path).collect()
    }

    fn left_out(text: &str, path: &str) -> bool {
        let modules = declared_modules("buf.yaml", text.as_bytes());
        let placed: Vec<Placed> = modules.iter().filter_map(|one| one.placed("")).collect();
        is_left_out(&RepoPath::new(path).unwrap(), &placed)
    }

    #[test]
    fn modules_are_found_wherever_their_path_stands() {
        let text = "version: v2\nmodules:\n  - name: buf.build/acme/a\n    path: a # first\n\
            - path: \"b\"\nbreaking:\n  ignore:\n    - path: c\n";
        assert_eq!(paths("buf.yaml", text), ["a", "b"]);
        assert_eq!(paths("buf.yaml", "version: v1\nbreaking:\n  use: [FILE]\n"), ["."]);
        let text = "version: v1\ndirectories:\n  - proto\n  - vendor/x\n";
        assert_eq!(paths("buf.work.yaml", text), ["proto", "vendor/x"]);
    }

    #[test]
    fn a_list_on_one_line_names_modules_too() {
        let work = "version: v1\ndirectories: [proto, \"vendor/x\"]\n";
        assert_eq!(paths("buf.work.yaml", work), ["proto", "vendor/x"]);
        let modules = "version: v2\nmodules: [{path: a, name: buf.build/x/y}, {path: 'b'}]\n";
        assert_eq!(paths("buf.yaml", modules), ["a", "b"]);
        let modules = "version: v2\nmodules:\n  - {path: a, excludes: [a/b, a/c]}\n";
        assert_eq!(paths("buf.yaml", modules), ["a"]);
        let roots = "version: v1beta1\nbuild:\n  roots:\n    - a\n  excludes:\n    - a/b\n";
        assert_eq!(paths("buf.yaml", roots), ["a"]);
    }

    #[test]
    fn what_a_module_leaves_out_is_not_of_it() {
        for text in [
            "version: v2\nmodules:\n  - path: a\n    excludes:\n      - a/x\n      - a/y\n",
            "version: v2\nmodules:\n- path: a\n  excludes:\n  - a/x/\n  - ./a/y\n",
            "version: v2\nmodules: [{path: a, excludes: [a/x, a/y]}]\n",
            "version: v1\nbuild:\n  excludes: [a/x, a/y]\n",
            "version: v1beta1\nbuild:\n  roots: [a]\n  excludes:\n    - a/x\n    - a/y\n",
        ] {
            assert!(left_out(text, "a/x/x.proto") && left_out(text, "a/y/z/y.proto"), "{text}");
            assert!(!left_out(text, "a/b.proto") && !left_out(text, "a/xx/x.proto"), "{text}");
        }
        let text = "version: v2\nmodules:\n  - path: a\n    includes: [a/b]\n";
        assert!(left_out(text, "a/x.proto") && !left_out(text, "a/b/x.proto"));
    }
}
