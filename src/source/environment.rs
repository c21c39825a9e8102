//! The environment, as a value.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variables that say where the repository is and what a CI system knows.
///
/// Passed in, never read here: the same question has the same answer wherever it is asked.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The value, unless it is unset, empty or not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().filter(|value| !value.is_empty())
    }

    /// The value as a path, unless it is unset or empty.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.0.get(name)?;
        if value.is_empty() { None } else { Some(PathBuf::from(value)) }
    }

    /// Several paths in one value, as `PATH` has them.
    pub fn path_list(&self, name: &str) -> Vec<PathBuf> {
        self.0.get(name).map_or_else(Vec::new, |value| std::env::split_paths(value).collect())
    }

    /// What follows this beginning in the names of variables.
    pub fn suffixes<'e>(&'e self, beginning: &'e str) -> impl Iterator<Item = &'e str> {
        self.0.keys().filter_map(move |name| name.strip_prefix(beginning))
    }

    /// Whether the variable is set to anything but a denial.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "0" | "false"))
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        let named = variables.into_iter().filter_map(|(name, value)| {
            let name = name.into().into_string().ok()?;
            Some((name, value.into()))
        });
        Self(named.collect())
    }
}
