//! Samples are small, and nothing claims to be confirmed that is not.

use super::compare;

#[test]
fn without_a_referee_nothing_is_confirmed() {
    let findings = compare("message M { int64 f = 1; }", "message M { int32 f = 1; }");
    let confirmed = findings.iter().flat_map(|finding| &finding.witnesses);
    assert!(
        confirmed
            .filter(|witness| witness.confirmed_by.is_some())
            .all(|witness| !witness.because.is_empty())
    );
}
