//! Which settings of a contract promise less than before.

use super::ContractSettings;
use super::config::{
    ContentModelWord, FormatsWord, KindWord, ModeWord, PackWord, ReadersWord, StabilityWord,
    SurfaceWord,
};
use crate::rules::Pack;
use crate::source::Kind;

/// The settings that promise less: name, before, after.
///
/// What counts where nothing is said depends on the kind of contract. Where that is not known, a
/// setting that appears is held against the strictest default, and one that goes against the
/// mildest: rather told once too often than not at all.
pub(super) fn relaxed(
    old: &ContractSettings,
    new: &ContractSettings,
    kind: Option<KindWord>,
) -> Vec<(&'static str, String, String)> {
    let unsaid = |unknown| match kind {
        Some(KindWord(Kind::Protobuf)) => Default::OfMessages,
        Some(KindWord(Kind::OpenApi | Kind::JsonSchema)) => Default::OfValues,
        None => unknown,
    };
    let (before, after) = (unsaid(Default::OfMessages), unsaid(Default::OfValues));
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
    let mut compare = |name, was: (u8, String), is: (u8, String)| {
        if is.0 < was.0 {
            found.push((name, was.1, is.1));
        }
    };
    let said = |word: &dyn std::fmt::Debug| format!("{word:?}").to_lowercase();
    let of_mode = |mode: Option<ModeWord>, unsaid: Default| match (mode, unsaid) {
        (Some(ModeWord::Full | ModeWord::FullTransitive), _) => (2, "full".to_owned()),
        (Some(word), _) => (1, said(&word.mode())),
        (None, Default::OfMessages) => (2, "the default".to_owned()),
        (None, Default::OfValues) => (1, "the default".to_owned()),
    };
    if *mode != new.mode {
        compare("mode", of_mode(*mode, before), of_mode(new.mode, after));
    }
    let of_stability = |stability: Option<StabilityWord>| {
        let word = stability.unwrap_or(StabilityWord::Stable);
        let rank = match word {
            StabilityWord::Draft | StabilityWord::Alpha => 0,
            StabilityWord::Beta => 1,
            StabilityWord::Stable => 2,
        };
        (rank, said(&word))
    };
    compare("stability", of_stability(*stability), of_stability(new.stability));
    let of_readers = |readers: Option<ReadersWord>| {
        let word = readers.unwrap_or(ReadersWord::Strict);
        (u8::from(word == ReadersWord::Strict), said(&word))
    };
    compare("readers", of_readers(*readers), of_readers(new.readers));
    let of_json_readers = |readers: Option<ReadersWord>| {
        let word = readers.unwrap_or(ReadersWord::Tolerant);
        (u8::from(word == ReadersWord::Strict), said(&word))
    };
    compare("json-readers", of_json_readers(*json_readers), of_json_readers(new.json_readers));
    let of_model = |model: Option<ContentModelWord>| {
        let word = model.unwrap_or(ContentModelWord::Open);
        (u8::from(word == ContentModelWord::Strict), said(&word))
    };
    compare("content-model", of_model(*content_model), of_model(new.content_model));
    let of_formats = |formats: Option<FormatsWord>| {
        let word = formats.unwrap_or(FormatsWord::Assert);
        (u8::from(word == FormatsWord::Assert), said(&word))
    };
    compare("formats", of_formats(*formats), of_formats(new.formats));
    let counting = |surfaces: &Option<Vec<SurfaceWord>>, unsaid: Default| {
        surfaces.clone().unwrap_or_else(|| unsaid.surfaces())
    };
    let lost = if *surfaces == new.surfaces {
        Vec::new()
    } else {
        lost_surfaces(&counting(surfaces, before), &counting(&new.surfaces, after))
    };
    if !lost.is_empty() {
        found.push(("surfaces", lost.join(" and ") + " selected", "not".to_owned()));
    }
    let lost = lost_packs(packs.as_deref(), new.packs.as_deref());
    if !lost.is_empty() {
        found.push(("packs", lost.join(" and ") + " chosen", "not".to_owned()));
    }
    found
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
    lost.map(|word| format!("{word:?}").to_lowercase()).collect()
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
    fn surfaces(self) -> Vec<SurfaceWord> {
        match self {
            Self::OfMessages => vec![SurfaceWord::Wire, SurfaceWord::Json, SurfaceWord::Source],
            Self::OfValues => vec![SurfaceWord::Wire, SurfaceWord::Json],
        }
    }
}
