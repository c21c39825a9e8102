//! The rules of buf, their categories, and which of ours say what they say: for teams that migrate.
//!
//! **Invariant:** a fact. What a team selects of it is policy, what fires is found by `diff`.

mod declarations;
mod elements;

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;

/// A rule of buf 1.75.
#[derive(Debug)]
pub struct PeerRule {
    /// Its id there.
    pub id: &'static str,
    /// The categories that contain it.
    pub categories: &'static [Category],
    /// The rules of ours that speak of the same change, the closest first.
    pub ours: &'static [&'static Rule],
    /// In what we differ, and why.
    pub note: &'static str,
}

/// A category of buf: a set of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Generated code, file by file.
    File,
    /// Generated code, package by package.
    Package,
    /// Bytes and JSON.
    WireJson,
    /// Bytes.
    Wire,
    /// What the Confluent schema registry minds.
    Csr,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [Self::File, Self::Package, Self::WireJson, Self::Wire, Self::Csr];

    /// What buf calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "FILE",
            Self::Package => "PACKAGE",
            Self::WireJson => "WIRE_JSON",
            Self::Wire => "WIRE",
            Self::Csr => "CSR",
        }
    }
}

/// Every rule of buf, by id.
pub fn peer_rules() -> impl Iterator<Item = &'static PeerRule> {
    elements::ELEMENTS.iter().chain(declarations::DECLARATIONS)
}

/// Looks a rule of buf up by its id.
pub fn find_peer(id: &str) -> Option<&'static PeerRule> {
    peer_rules().find(|rule| rule.id == id)
}

/// What a team has buf report: the `breaking:` section of a `buf.yaml`, or a category by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preset {
    /// Ids of rules and names of categories; empty stands for `FILE`.
    pub uses: Vec<String>,
    /// Ids and categories that are taken off again.
    pub except: Vec<String>,
    /// Files and folders in which nothing is reported.
    pub ignore: Vec<String>,
    /// By id or category: files and folders in which that is not reported.
    pub ignore_only: BTreeMap<String, Vec<String>>,
    /// Whether packages like `acme.v1alpha1` are left alone.
    pub unstable: Unstable,
    /// By which version of buf's configuration categories are understood.
    pub version: ConfigVersion,
}

/// A version of buf's configuration. Each has its own rules and categories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigVersion {
    /// `v1beta1`: types and cardinalities are compared as they are written, whatever crosses.
    V1Beta1,
    /// `v1`.
    V1,
    /// `v2`.
    #[default]
    V2,
}

impl ConfigVersion {
    /// Whether a rule exists there at all.
    fn knows(self, id: &str) -> bool {
        match id {
            "EXTENSION_NO_DELETE" | "PACKAGE_EXTENSION_NO_DELETE" | "FIELD_SAME_DEFAULT" => {
                self >= Self::V2
            }
            "FIELD_WIRE_COMPATIBLE_TYPE" | "FIELD_WIRE_JSON_COMPATIBLE_TYPE" => self >= Self::V1,
            _ => true,
        }
    }

    /// The categories that contain a rule there.
    fn categories(self, rule: &PeerRule) -> &[Category] {
        const EACH: [Category; 4] =
            [Category::File, Category::Package, Category::WireJson, Category::Wire];
        match (self, rule.id) {
            (Self::V1Beta1, "FIELD_SAME_TYPE" | "FIELD_SAME_CARDINALITY") => &EACH,
            (Self::V1Beta1, "FILE_SAME_PACKAGE") => &[Category::File],
            (Self::V1Beta1 | Self::V1 | Self::V2, _) => rule.categories,
        }
    }

    /// The rules that took over from the one with this id, which may still be named.
    fn heirs(self, id: &str) -> &'static [&'static str] {
        match id {
            _ if self >= Self::V2 => &[],
            "FIELD_SAME_CTYPE" => &["FIELD_SAME_CPP_STRING_TYPE"],
            "FIELD_SAME_LABEL" => &[
                "FIELD_SAME_CARDINALITY",
                "FIELD_WIRE_COMPATIBLE_CARDINALITY",
                "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
            ],
            "FILE_SAME_JAVA_STRING_CHECK_UTF8" => &["FIELD_SAME_JAVA_UTF8_VALIDATION"],
            _ => &[],
        }
    }

    /// Whether an id or category names the rule.
    fn names(self, rule: &PeerRule, name: &str) -> bool {
        let is_category = |category: &Category| {
            let is_there = self >= Self::V2 || *category != Category::Csr;
            is_there && category.name() == name
        };
        let is_named = rule.id == name || self.heirs(name).contains(&rule.id);
        self.knows(rule.id) && (is_named || self.categories(rule).iter().any(is_category))
    }
}

/// What is done with packages that say themselves that they are not stable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unstable {
    /// They are compared like any other.
    #[default]
    Compared,
    /// Nothing is reported of them.
    Ignored,
}

impl Preset {
    /// The preset of one category.
    pub fn of(category: Category) -> Self {
        Self { uses: vec![category.name().to_owned()], ..Self::default() }
    }

    /// The ids of the rules that are selected.
    pub fn rules(&self) -> BTreeSet<&'static str> {
        let default = [Category::File.name().to_owned()];
        let uses = if self.uses.is_empty() { &default[..] } else { &self.uses[..] };
        let named = |names: &[String]| -> BTreeSet<&'static str> {
            let is_named =
                |rule: &PeerRule| names.iter().any(|name| self.version.names(rule, name));
            let rules = peer_rules().filter(|rule| is_named(rule));
            rules.map(|rule| rule.id).collect()
        };
        let except = named(&self.except);
        named(uses).into_iter().filter(|id| !except.contains(id)).collect()
    }

    /// Whether what the rule says of a file of a package is left out.
    pub fn ignores(&self, rule: &PeerRule, path: &str, package: &str) -> bool {
        let below = |folders: &[String]| folders.iter().any(|folder| is_below(path, folder));
        let only = self.ignore_only.iter().filter(|(name, _)| self.version.names(rule, name));
        below(&self.ignore)
            || only.into_iter().any(|(_, folders)| below(folders))
            || self.unstable == Unstable::Ignored && is_unstable(package)
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let rest = path.strip_prefix(folder);
    folder.is_empty() || folder == "." || rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
}

/// Whether the last part of a package is a version before its first: `v1alpha1`, `v2beta`,
/// `v1p1alpha1`, `v1test`.
fn is_unstable(package: &str) -> bool {
    let last = package.rsplit('.').next().unwrap_or(package);
    let Some(version) = last.strip_prefix('v') else { return false };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (major, mut rest) = version.split_at(digits(version));
    if let Some(patch) = rest.strip_prefix('p') {
        let length = digits(patch);
        rest = if length > 0 { patch.get(length..).unwrap_or("") } else { rest };
    }
    let number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_stage =
        ["alpha", "beta"].iter().any(|stage| rest.strip_prefix(stage).is_some_and(number));
    !major.is_empty() && (is_stage || rest.starts_with("test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_selects_by_id_and_by_category() {
        assert_eq!(Preset::default().rules(), Preset::of(Category::File).rules());
        let sizes = Category::ALL.map(|category| Preset::of(category).rules().len());
        assert_eq!(sizes, [51, 51, 22, 15, 32]);
        let preset = Preset {
            uses: vec!["WIRE".to_owned(), "FIELD_SAME_NAME".to_owned()],
            except: vec!["FIELD_SAME_ONEOF".to_owned()],
            ..Preset::default()
        };
        assert_eq!(preset.rules().len(), 15);
    }

    #[test]
    fn a_rule_that_was_replaced_names_those_that_replaced_it() {
        let named = |version| {
            let uses = vec!["FIELD_SAME_LABEL".to_owned(), "FIELD_SAME_CTYPE".to_owned()];
            let rules = Preset { uses, version, ..Preset::default() }.rules();
            rules.into_iter().filter(|id| !find_peer(id).unwrap().categories.is_empty()).count()
        };
        assert_eq!((named(ConfigVersion::V1), named(ConfigVersion::V2)), (4, 0));
    }

    #[test]
    fn each_version_has_categories_of_its_own() {
        let sizes = |version| {
            Category::ALL.map(|category| Preset { version, ..Preset::of(category) }.rules().len())
        };
        assert_eq!(sizes(ConfigVersion::V1), [49, 49, 21, 14, 0]);
        assert_eq!(sizes(ConfigVersion::V1Beta1), [49, 48, 21, 14, 0]);
    }

    #[test]
    fn files_folders_and_unstable_packages_are_left_out() {
        let preset = Preset {
            ignore: vec!["a".to_owned()],
            ignore_only: [("WIRE".to_owned(), vec!["b/c.proto".to_owned()])].into(),
            unstable: Unstable::Ignored,
            ..Preset::default()
        };
        let ignores = |id, path, package| preset.ignores(find_peer(id).unwrap(), path, package);
        assert!(ignores("FIELD_SAME_NAME", "a/b.proto", "p"));
        assert!(!ignores("FIELD_SAME_NAME", "ab/b.proto", "p"));
        assert!(ignores("FIELD_SAME_ONEOF", "b/c.proto", "p"));
        assert!(!ignores("FIELD_SAME_NAME", "b/c.proto", "p"));
        for package in ["p.v1alpha1", "p.v1beta", "p.v2p1beta2", "p.v1testfoo"] {
            assert!(ignores("FIELD_SAME_NAME", "x.proto", package), "{package}");
        }
        for package in ["p.v1", "p.alpha", "p.vbeta1", "p.v1betax"] {
            assert!(!ignores("FIELD_SAME_NAME", "x.proto", package), "{package}");
        }
    }
}
