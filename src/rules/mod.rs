//! The kinds of change: one file per facet, each rule declared once.
//!
//! A rule says what a change *does* ([`Effect`]); where it happened and who writes there are data on
//! the finding. Titles, explanations, pages and the config schema derive from the declarations here.
//! **Invariant:** no verdict is computed elsewhere, and no id occurs as a string elsewhere.

pub(crate) mod annotation;
mod array;
mod bound;
pub(crate) mod call;
pub(crate) mod component;
mod condition;
pub(crate) mod contract;
pub(crate) mod edit;
pub(crate) mod edition;
mod effect;
pub(crate) mod effective;
pub(crate) mod enum_type;
pub(crate) mod enum_value;
pub(crate) mod enumeration;
pub(crate) mod extension;
pub(crate) mod feature;
pub(crate) mod field;
pub(crate) mod field_default;
pub(crate) mod field_number;
pub(crate) mod field_presence;
pub(crate) mod field_type;
pub(crate) mod generated_code;
pub(crate) mod impact;
pub(crate) mod import;
pub(crate) mod java_class;
pub(crate) mod json_name;
mod kind;
pub(crate) mod lifecycle;
pub(crate) mod matching;
pub(crate) mod message;
mod nodes;
pub(crate) mod oneof;
pub(crate) mod openness;
pub(crate) mod operation;
pub(crate) mod package;
pub(crate) mod packs;
pub(crate) mod parameter;
pub(crate) mod parts;
pub(crate) mod payload;
pub mod peer;
mod pointing;
pub(crate) mod policy;
pub(crate) mod presence;
pub(crate) mod property;
pub(crate) mod reserved;
pub(crate) mod security;
pub(crate) mod service;
pub(crate) mod shape;
pub(crate) mod slot;
pub(crate) mod standing;
pub(crate) mod text;
pub(crate) mod union;

pub use effect::{Effect, Verdict};
pub use packs::{Pack, Packs};

use crate::model::Surfaces;

/// A named kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `noun-past-participle`, kebab-case, never reused.
    pub id: &'static str,
    /// The doc comment of the declaration: the first line is the title, the rest says why.
    pub docs: &'static [&'static str],
    /// What to do about it.
    pub fix: &'static str,
    /// What there is to say instead where the other party writes: in webhooks and callbacks.
    pub turned: Option<Turned>,
    /// What the change does to the set of values or offers.
    pub effect: Effect,
    /// What the change can touch at all.
    pub surfaces: Surfaces<bool>,
    /// Why the change, even where compatible, has bitten people.
    pub caution: Option<&'static str>,
    /// What policy makes of it by default, where that does not follow from the verdict.
    pub severity: Option<DefaultSeverity>,
    /// The file of the declaration.
    pub file: &'static str,
}

/// What a rule says where the producer calls, and the consumer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Why it matters, in a sentence or two.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

/// A severity that a rule asks for; policy has the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefaultSeverity {
    /// Worth saying.
    Note,
    /// Worth a look before merging.
    Warning,
    /// Worth stopping for.
    Error,
}

impl Rule {
    /// One line, without final dot.
    pub fn title(&self) -> &'static str {
        self.docs.first().map_or("", |line| line.trim().trim_end_matches('.'))
    }

    /// Whether it speaks of the team's own policy: nothing that travels changes with it.
    pub fn is_about_policy(&self) -> bool {
        let Surfaces { wire, json, source } = self.surfaces;
        !wire && !json && !source
    }

    /// Whether it speaks of texts, which do not bear on any payload.
    pub(crate) fn is_text_only(&self) -> bool {
        self.effect == Effect::Annotates && self.caution.is_none()
    }

    /// The paragraphs after the title, as one line each.
    pub fn why(&self) -> String {
        let lines = self.docs.iter().skip(1).map(|line| line.trim());
        let mut paragraphs: Vec<String> = vec![String::new()];
        for line in lines {
            match (line, paragraphs.last_mut()) {
                ("", Some(last)) if last.is_empty() => {}
                ("", _) | (_, None) => paragraphs.push(line.to_owned()),
                (text, Some(last)) if last.is_empty() => last.push_str(text),
                (text, Some(last)) => {
                    last.push(' ');
                    last.push_str(text);
                }
            }
        }
        paragraphs.join("\n").trim().to_owned()
    }
}

/// Declares the rules of one facet and collects them in `RULES`.
///
/// The doc comment is the rule's page: title on the first line, then why. `surfaces` lists what the
/// change can touch; `caution` is for changes that are compatible and have bitten people; `turned` is
/// what holds in webhooks and callbacks, where that is something else.
macro_rules! rules {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            id: $id:literal,
            effect: $effect:ident,
            surfaces: [$($surface:ident),*],
            $(caution: $caution:literal,)?
            $(severity: $severity:ident,)?
            $(turned: ($turned_why:literal, $turned_fix:literal),)?
            fix: $fix:literal $(,)?
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) static $name: $crate::rules::Rule = $crate::rules::Rule {
                id: $id,
                docs: &[$($doc),+],
                fix: $fix,
                turned: rules!(@turned $($turned_why, $turned_fix)?),
                effect: $crate::rules::Effect::$effect,
                surfaces: {
                    #[allow(unused_mut, reason = "a rule about policy touches no surface")]
                    let mut touched = $crate::model::Surfaces {
                        wire: false,
                        json: false,
                        source: false,
                    };
                    $(touched.$surface = true;)*
                    touched
                },
                caution: rules!(@caution $($caution)?),
                severity: rules!(@severity $($severity)?),
                file: file!(),
            };
        )+
        /// The rules of this facet.
        pub(crate) static RULES: &[&$crate::rules::Rule] = &[$(&$name),+];
    };
    (@caution) => { None };
    (@caution $caution:literal) => { Some($caution) };
    (@turned) => { None };
    (@turned $why:literal, $fix:literal) => {
        Some($crate::rules::Turned { why: $why, fix: $fix })
    };
    (@severity) => { None };
    (@severity $severity:ident) => { Some($crate::rules::DefaultSeverity::$severity) };
}
pub(crate) use rules;

/// The rules of every facet, facet by facet.
pub fn catalogue() -> impl Iterator<Item = &'static Rule> {
    let facets = [
        annotation::RULES,
        array::RULES,
        bound::RULES,
        call::RULES,
        component::RULES,
        condition::RULES,
        contract::RULES,
        enum_type::RULES,
        enum_value::RULES,
        enumeration::RULES,
        extension::RULES,
        field::RULES,
        field_default::RULES,
        field_number::RULES,
        field_presence::RULES,
        field_type::RULES,
        edition::RULES,
        generated_code::RULES,
        import::RULES,
        java_class::RULES,
        json_name::RULES,
        kind::RULES,
        lifecycle::RULES,
        message::RULES,
        oneof::RULES,
        openness::RULES,
        operation::RULES,
        package::RULES,
        packs::constraint::RULES,
        packs::google::RULES,
        packs::http::RULES,
        parameter::RULES,
        payload::RULES,
        policy::RULES,
        presence::RULES,
        property::RULES,
        reserved::RULES,
        security::RULES,
        service::RULES,
        shape::RULES,
        text::RULES,
        union::RULES,
    ];
    facets.into_iter().flat_map(|facet| facet.iter().copied())
}

/// Looks a rule up by its id.
pub fn find(id: &str) -> Option<&'static Rule> {
    catalogue().find(|rule| rule.id == id)
}
