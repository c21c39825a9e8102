//! What a change to the config makes of the contracts that the base's config looked at.

use std::collections::BTreeMap;

use super::config::{Config, ConfigFile};
use super::relaxed::relaxed;
use super::weakened::Sides;
use crate::load::Format;
use crate::rules::policy::{CONTRACT_IGNORED, SETTING_RELAXED};
use crate::source::{
    ContractPair, Discovered, Kind, References, RepoPath, Selection, Snapshot, SourceError,
    discover,
};

/// A contract of the base, and what head's config makes of it.
#[derive(Debug)]
pub struct Watched {
    kind: Kind,
    place: Place,
    fate: Fate,
}

/// Where a contract is.
#[derive(Clone, Debug)]
struct Place {
    path: String,
    files: Vec<String>,
}

#[derive(Debug)]
enum Fate {
    /// It is compared with what lies here.
    Kept(Place),
    /// It is gone, which is told as a change of a contract.
    Gone,
    /// Head's config has its file read as something else.
    Reread(Kind),
    /// Under head's config nobody looks at it.
    Unseen,
}

impl Watched {
    /// The contracts of the base, as its own config has them found. `pairs` are those that head's
    /// config finds.
    ///
    /// # Errors
    /// When a file of the base cannot be read.
    pub fn all(
        base: &dyn Snapshot,
        (before, after): (&Config, &Config),
        pairs: &[ContractPair],
        references: &References<'_>,
    ) -> Result<Vec<Self>, SourceError> {
        if before.contracts == after.contracts && before.ignore == after.ignore {
            let known = pairs.iter().filter_map(|pair| Some((pair.old.as_ref()?, pair)));
            let kept = |(old, pair): (&Discovered, &ContractPair)| Self {
                kind: old.kind,
                place: Place::of(old),
                fate: fate(pair),
            };
            return Ok(known.map(kept).collect());
        }
        let selection = after.selection();
        let (found, _) = discover(base, &before.selection(), references)?;
        Ok(found.iter().map(|old| Self::of(old, pairs, &selection)).collect())
    }

    fn of(old: &Discovered, pairs: &[ContractPair], selection: &Selection) -> Self {
        let sides = |pair: &ContractPair| pair.old.clone().into_iter().chain(pair.new.clone());
        let same = |pair: &&ContractPair| {
            pair.old.as_ref().is_some_and(|it| it.kind == old.kind && it.root == old.root)
        };
        let other = || pairs.iter().flat_map(sides).find(|it| it.root == old.root);
        let holds = |pair: &ContractPair| {
            pair.old.as_ref().is_some_and(|it| {
                it.kind == old.kind && old.files.first().is_some_and(|file| it.files.contains(file))
            })
        };
        let is_ignored = |path: &RepoPath| selection.ignored_by(path).is_some();
        let fate = match pairs.iter().find(same) {
            Some(pair) => fate(pair),
            // The pattern that has it ignored is told by itself.
            None if old.files.iter().all(is_ignored) => Fate::Gone,
            // Since other roots are named, its files begin elsewhere.
            None if pairs.iter().any(holds) => {
                pairs.iter().find(|pair| holds(pair)).map_or(Fate::Gone, fate)
            }
            None => other().map_or(Fate::Unseen, |other| Fate::Reread(other.kind)),
        };
        Self { kind: old.kind, place: Place::of(old), fate }
    }
}

/// What became of a contract.
fn fate(pair: &ContractPair) -> Fate {
    let new = pair.new.as_ref().filter(|new| !new.files.is_empty());
    new.map_or(Fate::Gone, |new| Fate::Kept(Place::of(new)))
}

impl Place {
    fn of(contract: &Discovered) -> Self {
        let files = contract.files.iter().map(|path| path.as_str().to_owned()).collect();
        Self { path: contract.root.as_str().to_owned(), files }
    }

    fn files(&self) -> Vec<&str> {
        self.files.iter().map(String::as_str).collect()
    }

    /// Where the file says the key of this contract, the last word counting.
    fn said(&self, file: &ConfigFile, key: &str) -> Option<String> {
        let files = self.files();
        let entries = file.config.contracts.iter().enumerate().rev();
        let covering = entries.filter(|(_, entry)| entry.covers(&self.path, &files));
        let mut pointers = covering.map(|(index, _)| format!("/contracts/{index}/{key}"));
        pointers.find(|pointer| file.span(pointer).is_some())
    }
}

/// What was said of a contract and is said now: the key, both values, where each stands.
type Change = (&'static str, String, String, Option<String>, Option<String>);

impl Sides<'_> {
    /// States what is asked less of the contracts, the same thing once however many it concerns.
    pub(super) fn contracts(&mut self, watched: &[Watched]) {
        let (base, head) = (&self.base.config, &self.head.config);
        let mut changes: BTreeMap<Change, Vec<&str>> = BTreeMap::new();
        for Watched { kind, place, fate } in watched {
            let mut say = |key, from: String, to: String, path, new: &Place| {
                let at = (place.said(base, key), new.said(head, key));
                changes.entry((key, from, to, at.0, at.1)).or_default().push(path);
            };
            match fate {
                Fate::Kept(new) => {
                    let before = base.config.settings_of(&place.path, &place.files());
                    let after = head.config.settings_of(&new.path, &new.files());
                    for (key, from, to) in relaxed(&before, &after, *kind) {
                        say(key, from, to, new.path.as_str(), new);
                    }
                }
                Fate::Reread(other) => {
                    let name = |kind: Kind| Format::from(kind).name().to_owned();
                    say("kind", name(*kind), name(*other), place.path.as_str(), place);
                }
                Fate::Unseen => say("kind", String::new(), String::new(), &place.path, place),
                Fate::Gone => {}
            }
        }
        for ((key, from, to, was, is), paths) in changes {
            let Some((first, others)) = paths.split_first() else { continue };
            let whom = match others.len() {
                0 => format!("`{first}`"),
                1 => format!("`{first}` and 1 more"),
                many => format!("`{first}` and {many} more"),
            };
            let at = (was.as_deref().unwrap_or("-"), is.as_deref().unwrap_or("-"));
            let site = format!("{first} › {key}");
            if to.is_empty() {
                let message = format!("{whom} is no longer taken for a contract");
                self.say(&CONTRACT_IGNORED, at, &site, message);
            } else {
                let message = format!("`{key}` of {whom} went from {from} to {to}");
                self.say(&SETTING_RELAXED, at, &site, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::team::Team;
    use super::super::weakened::weakened;
    use super::*;
    use crate::document::references;
    use crate::source::{How, MemorySnapshot};

    fn snapshot(config: &str) -> MemorySnapshot {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let files = [
            ("unbroken.yaml", config),
            ("a.schema.json", "{\"type\": \"string\"}"),
            ("b.schema.json", "{\"type\": \"object\"}"),
            ("plain.yaml", "type: object\n"),
            ("api/a.yaml", "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"),
            ("proto/a.proto", "syntax = \"proto3\";\nmessage A {}\n"),
        ];
        let files = files.map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        MemorySnapshot::new("x", files)
    }

    fn pairs(old: &MemorySnapshot, new: &MemorySnapshot, by: &Selection) -> Vec<ContractPair> {
        let (old, _) = discover(old, by, &references).unwrap();
        let (new, _) = discover(new, by, &references).unwrap();
        let pair = |old: Discovered| {
            let same = |new: &&Discovered| new.kind == old.kind && new.root == old.root;
            let new = new.iter().find(same).cloned();
            ContractPair { old: Some(old), new, how: How::Changed }
        };
        old.into_iter().map(pair).collect()
    }

    fn said(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (snapshot(old), snapshot(new));
        let (base, head) = (Team::of(&old).unwrap(), Team::of(&new).unwrap());
        let configs = (&base.config.config, &head.config.config);
        let pairs = pairs(&old, &new, &configs.1.selection());
        let watched = Watched::all(&old, configs, &pairs, &references).unwrap();
        let found = weakened(&base, &head, &watched, "2027-01-31".parse().unwrap());
        found.into_iter().map(|remark| format!("{}: {}", remark.rule.id, remark.message)).collect()
    }

    #[test]
    fn whatever_is_asked_less_of_a_contract_is_said() {
        for (base, head, expected) in [
            (
                "contracts: [{paths: [plain.yaml], kind: json-schema}]",
                "",
                "contract-ignored: `plain.yaml` is no longer taken for a contract",
            ),
            (
                "",
                "contracts: [{paths: [a.schema.json], kind: openapi}]",
                "setting-relaxed: `kind` of `a.schema.json` went from json-schema to openapi",
            ),
            (
                "contracts: [{paths: ['*.json'], mode: full}]",
                "contracts: [{paths: ['*.json'], mode: full}, {paths: [b.schema.json], mode: backward}]",
                "setting-relaxed: `mode` of `b.schema.json` went from full to backward",
            ),
            (
                "contracts: [{paths: ['**'], mode: full}]",
                "contracts: [{paths: [a.schema.json], mode: full}, {paths: ['**'], mode: backward}]",
                "setting-relaxed: `mode` of `api/a.yaml` and 3 more went from full to backward",
            ),
            (
                "contracts: [{paths: ['*.schema.json'], content-model: strict}]",
                "contracts: [{paths: [a.schema.json], content-model: strict}]",
                "setting-relaxed: `content-model` of `b.schema.json` went from strict to open",
            ),
            (
                "",
                "contracts: [{paths: [a.schema.json], mode: forward}]",
                "setting-relaxed: `mode` of `a.schema.json` went from backward to forward",
            ),
            (
                "",
                "contracts: [{paths: ['*'], readers: tolerant}]",
                "setting-relaxed: `readers` of `api/a.yaml` and 3 more went from strict to tolerant",
            ),
            (
                "contracts: [{paths: [proto], json-readers: strict}]",
                "contracts: [{paths: [proto]}]",
                "setting-relaxed: `json-readers` of `proto` went from strict to tolerant",
            ),
            (
                "contracts: [{paths: [proto], packs: [google-api]}]",
                "contracts: [{paths: [proto], packs: [protovalidate]}]",
                "setting-relaxed: `packs` of `proto` went from google-api chosen to not",
            ),
            (
                "",
                "contracts: [{paths: [proto], surfaces: [wire, json]}]",
                "setting-relaxed: `surfaces` of `proto` went from source selected to not",
            ),
            (
                "",
                "contracts: [{paths: [api/a.yaml], formats: annotate}]",
                "setting-relaxed: `formats` of `api/a.yaml` went from assert to annotate",
            ),
            (
                "",
                "contracts: [{paths: [api], stability: alpha}]",
                "setting-relaxed: `stability` of `api/a.yaml` went from stable to alpha",
            ),
            (
                "",
                "contracts: [{paths: [proto], mode: backward}]",
                "setting-relaxed: `mode` of `proto` went from full to backward",
            ),
        ] {
            assert_eq!(said(base, head), [expected], "{base} → {head}");
        }
    }

    #[test]
    fn what_is_as_before_for_every_contract_is_not_said() {
        for (base, head) in [
            ("", "contracts: [{paths: [a.schema.json], mode: backward}]"),
            ("", "contracts: [{paths: [a.schema.json], kind: json-schema, owner: '@a'}]"),
            ("", "contracts: [{paths: [plain.yaml], kind: json-schema}]"),
            (
                "",
                "contracts: [{paths: [api], surfaces: [wire, json]}, {paths: [proto], mode: full}]",
            ),
            (
                "contracts: [{paths: [a.schema.json, b.schema.json], mode: full}]",
                "contracts: [{paths: ['*.schema.json'], mode: full}]",
            ),
            (
                "contracts: [{paths: [a.schema.json], kind: json-schema, formats: annotate}]",
                "contracts: [{paths: [a.schema.json]}]",
            ),
        ] {
            assert_eq!(said(base, head), [""; 0], "{base} → {head}");
        }
    }
}
