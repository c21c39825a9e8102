//! Which settings of a contract promise less than before.

use super::ContractSettings;
use super::config::{
    ContentModelWord, FormatsWord, ModeWord, PackWord, ReadersWord, StabilityWord, SurfaceWord,
};
use crate::rules::Pack;

/// The settings that promise less: name, before, after.
pub(super) fn relaxed(
    old: &ContractSettings,
    new: &ContractSettings,
) -> Vec<(&'static str, String, String)> {
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
    let of_mode = |mode: Option<ModeWord>| match mode {
        Some(ModeWord::Full | ModeWord::FullTransitive) => (2, "full".to_owned()),
        Some(word) => (1, said(&word.mode())),
        None => (1, "the default".to_owned()),
    };
    compare("mode", of_mode(*mode), of_mode(new.mode));
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
    let lost = lost_surfaces(surfaces.as_deref(), new.surfaces.as_deref());
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

/// The surfaces that counted and count no more; what counts by default counts in every format.
fn lost_surfaces(old: Option<&[SurfaceWord]>, new: Option<&[SurfaceWord]>) -> Vec<String> {
    let default = [SurfaceWord::Wire, SurfaceWord::Json];
    let (old, new) = (old.unwrap_or(&default), new.unwrap_or(&default));
    let lost = old.iter().filter(|word| !new.contains(word));
    lost.map(|word| format!("{word:?}").to_lowercase()).collect()
}
