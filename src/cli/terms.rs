//! The question that is asked of one contract, and what the team minds of the answer.

use super::arguments::{PresetArgument, QuestionOptions};
use crate::diff::{CompareOptions, JsonReaders, Readers};
use crate::load::Format;
use crate::model::{Mode, Stability};
use crate::policy::config::{Day, ModeWord, PackWord, SurfaceWord};
use crate::policy::{ContractSettings, Opinions, Policy, named_surfaces};
use crate::rules::{Pack, Packs};
use crate::subtype::{Assumptions, ContentModel, Formats};

/// How a base stands to head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It is what head replaces.
    #[default]
    Replaced,
    /// It goes on running beside head.
    Beside,
}

/// The question that is asked of one contract, and what the team minds of the answer.
pub(super) struct Terms<'t> {
    pub(super) compare: CompareOptions,
    pub(super) policy: Policy<'t>,
    pub(super) outside: OutsideReferences,
    /// Whose rules a peer would report by.
    pub(super) preset: Option<PresetArgument>,
}

/// The packs that count: those of the flag, else those of the config.
pub(super) fn chosen_packs(question: &QuestionOptions, of_config: Option<&[PackWord]>) -> Packs {
    if question.pack.is_empty() {
        of_config.into_iter().flatten().map(|pack| Pack::from(*pack)).collect()
    } else {
        question.pack.iter().map(|pack| Pack::from(*pack)).collect()
    }
}

/// What becomes of a reference to a file outside the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutsideReferences {
    Refused,
    Followed,
}

impl<'t> Terms<'t> {
    /// What holds for a contract of this format: the flag, else the config, else the format's own.
    pub(super) fn of(
        format: Format,
        question: &QuestionOptions,
        settings: ContractSettings,
        standing: Standing,
        today: Day,
        opinions: Option<Opinions<'t>>,
    ) -> Self {
        let ContractSettings {
            owner,
            mode,
            surfaces,
            stability,
            readers,
            content_model,
            formats,
            json_readers,
            packs,
        } = settings;
        let usual = match format {
            Format::Protobuf => Mode::Full,
            Format::OpenApi | Format::JsonSchema => Mode::Backward,
        };
        let mode = match (question.mode, standing) {
            (Some(argument), _) => argument.into(),
            // Each reads what the other writes, whatever is promised to those who come later.
            (None, Standing::Beside) => Mode::Full,
            (None, Standing::Replaced) => mode.map_or(usual, ModeWord::mode),
        };
        let assumptions = Assumptions {
            content_model: match question.content_model {
                Some(argument) => argument.into(),
                None => content_model.map_or(ContentModel::Open, ContentModel::from),
            },
            formats: match question.formats {
                Some(argument) => argument.into(),
                None => formats.map_or(Formats::Assert, Formats::from),
            },
        };
        let readers = match question.readers {
            Some(argument) => argument.into(),
            None => readers.map_or(Readers::Strict, Readers::from),
        };
        let json_readers = match question.json_readers {
            Some(argument) => argument.into(),
            None => json_readers.map_or(JsonReaders::Lenient, JsonReaders::from),
        };
        let packs = chosen_packs(question, packs.as_deref());
        let words: Vec<SurfaceWord> = question.surface.iter().map(|word| (*word).into()).collect();
        let surfaces = match (words.as_slice(), surfaces) {
            ([], None) => format.default_surfaces(),
            ([], Some(words)) => named_surfaces(&words),
            (words, _) => named_surfaces(words),
        };
        let stability = stability.map_or(Stability::Stable, Stability::from);
        Self {
            compare: CompareOptions { mode, assumptions, readers, json_readers, packs },
            policy: Policy { surfaces, stability, owner, today: Some(today), opinions },
            outside: if question.allow_outside_references {
                OutsideReferences::Followed
            } else {
                OutsideReferences::Refused
            },
            preset: question.preset,
        }
    }
}
