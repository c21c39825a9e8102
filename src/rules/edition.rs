//! What the edition of a file makes of generated code.

use super::feature::{Feature, LANGUAGES, Language, states};
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Alike, Change, Scope, Walk};
use crate::model::MessageFile;

rules! {
    /// The edition of a file shapes generated code differently
    ///
    /// The features of a language have other defaults in another edition: accessors return other
    /// types, classes lie elsewhere, fields are reached in another way. Whoever generates code for
    /// the language and names them has to change theirs. Bytes and JSON stay as they are.
    EDITION_DEFAULTS_CHANGED {
        id: "edition-defaults-changed",
        effect: Replaces,
        surfaces: [source],
        fix: "Set the features to what they were, and `java_outer_classname` to the name that the class had; let consumers move one by one.",
    }
}

/// Says which defaults of generated code a file gets by another edition.
pub(crate) fn compare(walk: &mut Walk<'_>, old: (usize, &MessageFile), new: (usize, &MessageFile)) {
    let is_later = |file: &MessageFile| is_from_2024(&file.syntax.value);
    let (was, is) = (is_later(old.1), is_later(new.1));
    if was == is {
        return;
    }
    for language in &LANGUAGES {
        let stated = |file: &MessageFile, name| states(&file.options, language.extension, name);
        let concerns = |feature: &&Feature| {
            let is_pinned = stated(old.1, feature.name) || stated(new.1, feature.name);
            let sides = [(&walk.old, old.0), (&walk.new, new.0)];
            let (before, after) = feature.by_edition();
            before != after
                && !is_pinned
                && sides.into_iter().all(|(side, file)| (feature.concerns)(side, file))
        };
        let words: Vec<String> = language
            .features
            .iter()
            .filter(concerns)
            .map(|feature| {
                let (before, after) = feature.by_edition();
                let (was, is) = if was { (after, before) } else { (before, after) };
                format!("`{}` is {is}, no longer {was}", feature.name)
            })
            .collect();
        if !words.is_empty() {
            report(walk, old.1, new.1, language, &words.join("; "));
        }
    }
}

fn report(
    walk: &mut Walk<'_>,
    old: &MessageFile,
    new: &MessageFile,
    language: &Language,
    words: &str,
) {
    let (edition, all) = (&new.syntax.value, language.names.join(" and "));
    let message = format!("edition {edition} generates {all} otherwise: {words}");
    let package = &new.package.value;
    let scope = Scope::Named(if package.is_empty() { &new.path } else { package }.clone());
    let mut change = Change::new(&EDITION_DEFAULTS_CHANGED, scope, message)
        .impact(Impact::source())
        .spans(Some(old.syntax.span), Some(new.syntax.span))
        .evidence([language.extension, &old.syntax.value, edition].map(str::to_owned));
    change.languages = language.names;
    let edit = [edition, &**package, language.extension, words].join("\n");
    change.alike = Some(Alike { edit, file: new.path.clone() });
    walk.report(change);
}

pub(crate) fn is_from_2024(syntax: &str) -> bool {
    syntax.parse::<u32>().is_ok_and(|year| year >= 2024)
}
