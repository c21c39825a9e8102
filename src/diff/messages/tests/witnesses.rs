//! Witnesses: what the writer's runtime makes of a sample, and the reader's of that.

use super::compare;
use crate::diff::{Finding, Witness, WitnessEffect, WitnessForm, WitnessSide};

fn only(findings: &[Finding], writer: WitnessSide) -> &Witness {
    let found = findings.iter().flat_map(|finding| &finding.witnesses);
    found.into_iter().find(|witness| witness.writer == writer).expect("a witness")
}

#[track_caller]
fn check(old: &str, new: &str, writer: WitnessSide, bytes: &[u8], effect: WitnessEffect) {
    let findings = compare(old, new);
    let witness = only(&findings, writer);
    assert_eq!(witness.form, WitnessForm::Bytes(bytes.to_vec()), "{witness:?}");
    assert_eq!(witness.effect, effect, "{witness:?}");
    assert!(witness.confirmed_by.is_some(), "{witness:?}");
}

#[test]
fn a_truncated_integer_is_shown_as_written_and_as_read() {
    let (old, new) = ("message M { int32 f = 1; }", "message M { int64 f = 1; }");
    let bytes = [0x08, 0x80, 0xe4, 0x97, 0xd0, 0x12];
    check(old, new, WitnessSide::New, &bytes, WitnessEffect::Misread);
    let findings = compare(old, new);
    let witness = only(&findings, WitnessSide::New);
    assert_eq!(witness.value.as_ref().unwrap().to_string(), "{\"f\":\"5000000000\"}");
    assert_eq!(witness.read_as.as_ref().unwrap().to_string(), "{\"f\":705032704}");
    assert_eq!(findings[0].witnesses.len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let (old, new) = ("message M { bytes f = 1; }", "message M { string f = 1; }");
    check(old, new, WitnessSide::Old, &[0x0a, 2, 0xff, 0xfe], WitnessEffect::Refused);
}

#[test]
fn a_renumbered_field_is_lost() {
    let (old, new) = ("message M { int32 f = 1; }", "message M { int32 f = 3; }");
    check(old, new, WitnessSide::Old, &[0x08, 5], WitnessEffect::Lost);
    check(old, new, WitnessSide::New, &[0x18, 5], WitnessEffect::Lost);
}

#[test]
fn two_members_of_a_new_oneof_are_sent_and_one_is_read() {
    let old = "message M { int32 f = 1; int32 g = 2; }";
    let new = "message M { oneof o { int32 f = 1; int32 g = 2; } }";
    check(old, new, WitnessSide::Old, &[0x08, 5, 0x10, 5], WitnessEffect::Lost);
}

#[test]
fn a_missing_required_field_is_refused() {
    let old = "syntax = \"proto2\"; message M { optional int32 f = 1; }";
    let new = "syntax = \"proto2\"; message M { required int32 f = 1; }";
    check(old, new, WitnessSide::Old, &[], WitnessEffect::Refused);
}

#[test]
fn a_value_that_a_closed_enumeration_does_not_list_is_lost() {
    let old = "syntax = \"proto2\"; enum E { A = 0; } message M { optional E f = 1; }";
    let new = old.replace("A = 0;", "A = 0; B = 2;");
    check(old, &new, WitnessSide::New, &[0x08, 2], WitnessEffect::Lost);
}

#[test]
fn a_renamed_field_is_refused_in_json() {
    let findings = compare("message M { int32 f = 1; }", "message M { int32 g = 1; }");
    let witness = only(&findings, WitnessSide::Old);
    assert_eq!(witness.form, WitnessForm::Json);
    assert_eq!(witness.value.as_ref().unwrap().to_string(), "{\"f\":5}");
    assert_eq!(witness.effect, WitnessEffect::Refused);
    assert!(witness.confirmed_by.is_some());
}

#[test]
fn required_fields_without_end_make_no_sample() {
    let old = "syntax = \"proto2\"; message N { required N a = 1; required N b = 2; required N c = 3; } \
               message M { required N n = 1; optional int64 f = 2; }";
    let findings = compare(old, &old.replace("int64 f", "int32 f"));
    assert_eq!(findings[0].surfaces.wire.name(), "breaking");
}
