//! The stable identity of a finding across commits.

use std::fmt::Write as _;

use crate::diff::Finding;

/// A digest of the rule, the contract, the edit's site and both sides' edited values: no prose and no
/// line numbers, so that rewording a message or moving a schema orphans no acceptance.
///
/// It identifies, it does not protect: 128 bits of a fast hash with fixed seeds.
pub fn fingerprint(contract: &str, finding: &Finding) -> String {
    let site = finding.site.to_string();
    let mut parts = vec![contract, finding.rule.id, &site];
    parts.extend(finding.evidence.iter().map(String::as_str));
    digest(&parts)
}

/// 32 hexadecimal digits that stand for these parts.
pub fn digest(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        push(&mut text, part);
    }
    let digest = |seed: u64| {
        use std::hash::{BuildHasher as _, Hasher as _};
        let mut hasher = foldhash::quality::FixedState::with_seed(seed).build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    format!("{:016x}{:016x}", digest(0x756e_6272), digest(0x6f6b_656e))
}

/// Length first, so that no two lists of parts run into the same text.
fn push(text: &mut String, part: &str) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{}:{part}", part.len());
}
