//! Which rules of buf a team has selected.

use super::arguments::PresetArgument;
use crate::load::protobuf::{BreakingSection, breaking_section};
use crate::rules::peer::{Category, ConfigVersion, Preset, Unstable};
use crate::source::{Discovered, Snapshot};

/// The preset: a category where one is named, else what the `buf.yaml` above the contract says, of
/// which the files that it ignores count either way.
pub(super) fn chosen(
    argument: PresetArgument,
    snapshot: &dyn Snapshot,
    contract: &Discovered,
) -> Preset {
    // Without a configuration buf takes the rules of its first stable version.
    let unsaid = || BreakingSection { version: "v1".to_owned(), ..BreakingSection::default() };
    let section = breaking_section(snapshot, contract.root.as_str()).unwrap_or_else(unsaid);
    let BreakingSection { uses, except, ignore, ignore_only, unstable, version } = section;
    let version = match &*version {
        "v1beta1" => ConfigVersion::V1Beta1,
        "v1" => ConfigVersion::V1,
        _ => ConfigVersion::V2,
    };
    let unstable = if unstable { Unstable::Ignored } else { Unstable::Compared };
    let left_out = Preset { ignore, ignore_only, unstable, ..Preset::default() };
    let of = |category| Preset { uses: Preset::of(category).uses, ..left_out.clone() };
    match argument {
        PresetArgument::Buf => Preset { uses, except, version, ..left_out },
        PresetArgument::BufFile => of(Category::File),
        PresetArgument::BufPackage => of(Category::Package),
        PresetArgument::BufWireJson => of(Category::WireJson),
        PresetArgument::BufWire => of(Category::Wire),
    }
}
