//! Which settings of a contract promise less than before.

use super::ContractSettings;
use super::config::{
    ContentModelWord, FormatsWord, ModeWord, PackWord, ReadersWord, StabilityWord, SurfaceWord,
};
use crate::model::Mode;
use crate::rules::Pack;
use crate::source::Kind;

/// The settings of a contract of this kind that promise less: key, before, after. What is not said
/// is as the kind has it by default.
pub(super) fn relaxed(
    old: &ContractSettings,
    new: &ContractSettings,
    kind: Kind,
) -> Vec<(&'static str, String, String)> {
    let usual = match kind {
        Kind::Protobuf => Default::OfMessages,
        Kind::OpenApi | Kind::JsonSchema => Default::OfValues,
    };
    let ContractSettings {
        owner: _,
        mode,
        surfaces,
        stability,
        readers,
        content_model,
        formats,
        json_readers,
        packs,
    } = old;
    let mut found = Vec::new();
    let mut compare = |name, (was, before): Rank, (is, after): Rank| {
        if is < was {
            found.push((name, before, after));
        }
    };
    compare("stability", of_stability(*stability), of_stability(new.stability));
    compare("readers", of_readers(*readers), of_readers(new.readers));
    compare("json-readers", of_json_readers(*json_readers), of_json_readers(new.json_readers));
    compare("content-model", of_model(*content_model), of_model(new.content_model));
    compare("formats", of_formats(*formats), of_formats(new.formats));
    let counting =
        |surfaces: &Option<Vec<SurfaceWord>>| surfaces.clone().unwrap_or_else(|| usual.surfaces());
    let (was, is) = (usual.mode(*mode), usual.mode(new.mode));
    let asks = |mode: Mode, about: Mode| mode == Mode::Full || mode == about;
    let lost = |about: &&Mode| asks(was, **about) && !asks(is, **about);
    if [Mode::Backward, Mode::Forward].iter().any(|about| lost(&about)) {
        found.push(("mode", said(&was), said(&is)));
    }
    let lost = lost_surfaces(&counting(surfaces), &counting(&new.surfaces));
    if !lost.is_empty() {
        found.push(("surfaces", lost.join(" and ") + " selected", "not".to_owned()));
    }
    let lost = lost_packs(packs.as_deref(), new.packs.as_deref());
    if !lost.is_empty() {
        found.push(("packs", lost.join(" and ") + " chosen", "not".to_owned()));
    }
    found
}

/// How much a setting promises, more by the higher number, and the word for it.
type Rank = (u8, String);

fn said(word: &dyn std::fmt::Debug) -> String {
    format!("{word:?}").to_lowercase()
}

fn of_stability(stability: Option<StabilityWord>) -> Rank {
    let word = stability.unwrap_or(StabilityWord::Stable);
    let rank = match word {
        StabilityWord::Draft | StabilityWord::Alpha => 0,
        StabilityWord::Beta => 1,
        StabilityWord::Stable => 2,
    };
    (rank, said(&word))
}

fn of_readers(readers: Option<ReadersWord>) -> Rank {
    let word = readers.unwrap_or(ReadersWord::Strict);
    (u8::from(word == ReadersWord::Strict), said(&word))
}

fn of_json_readers(readers: Option<ReadersWord>) -> Rank {
    let word = readers.unwrap_or(ReadersWord::Tolerant);
    (u8::from(word == ReadersWord::Strict), said(&word))
}

fn of_model(model: Option<ContentModelWord>) -> Rank {
    let word = model.unwrap_or(ContentModelWord::Open);
    (u8::from(word == ContentModelWord::Strict), said(&word))
}

fn of_formats(formats: Option<FormatsWord>) -> Rank {
    let word = formats.unwrap_or(FormatsWord::Assert);
    (u8::from(word == FormatsWord::Assert), said(&word))
}

/// The packs that counted and count no more.
fn lost_packs(old: Option<&[PackWord]>, new: Option<&[PackWord]>) -> Vec<&'static str> {
    let (old, new) = (old.unwrap_or(&[]), new.unwrap_or(&[]));
    let lost = old.iter().filter(|word| !new.contains(word));
    lost.map(|word| Pack::from(*word).name()).collect()
}

/// The surfaces that counted and count no more.
fn lost_surfaces(old: &[SurfaceWord], new: &[SurfaceWord]) -> Vec<String> {
    let lost = old.iter().filter(|word| !new.contains(word));
    lost.map(|word| said(word)).collect()
}

/// What holds where nothing is said.
#[derive(Clone, Copy)]
enum Default {
    /// Of contracts of numbered messages: both directions, and generated code.
    OfMessages,
    /// Of all others.
    OfValues,
}

impl Default {
    fn mode(self, said: Option<ModeWord>) -> Mode {
        match (said, self) {
            (Some(word), _) => word.mode(),
            (None, Self::OfMessages) => Mode::Full,
            (None, Self::OfValues) => Mode::Backward,
        }
    }

    fn surfaces(self) -> Vec<SurfaceWord> {
        match self {
            Self::OfMessages => vec![SurfaceWord::Wire, SurfaceWord::Json, SurfaceWord::Source],
            Self::OfValues => vec![SurfaceWord::Wire, SurfaceWord::Json],
        }
    }
}
