//! Which version the changes call for, and which one is declared, in words.

use super::escape::escape;
use crate::policy::{Bump, ContractReport, DeclaredVersions};

/// `needs a major version, declares 1.4.0 → 1.5.0, which is not enough`
pub(super) fn version(contract: &ContractReport) -> String {
    let bump = contract.suggested_bump();
    let needed = match bump {
        Bump::None => "needs no new version".to_owned(),
        Bump::Patch | Bump::Minor | Bump::Major => format!("needs a {} version", bump.name()),
    };
    let DeclaredVersions { old, new, satisfies } = contract.declared_versions();
    let enough = match satisfies {
        Some(false) => ", which is not enough",
        Some(true) | None => "",
    };
    match (old, new) {
        (Some(old), Some(new)) if old == new && bump == Bump::None => needed,
        (Some(old), Some(new)) if old == new => format!("{needed}, still declares {}", escape(new)),
        (Some(old), Some(new)) => {
            format!("{needed}, declares {} → {}{enough}", escape(old), escape(new))
        }
        (None, Some(one)) | (Some(one), None) => format!("{needed}, declares {}", escape(one)),
        (None, None) => needed,
    }
}
