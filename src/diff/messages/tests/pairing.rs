//! One edit is one finding, and a rename is no deletion.

use super::{compare, rules, tree};
use crate::diff::CompareOptions;
use crate::diff::messages::compare_messages;
use crate::model::Mode;

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    let findings = compare(old, new);
    let said: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
    assert_eq!(rules(&findings), expected, "{said:?}");
}

#[test]
fn a_field_keeps_its_number_or_its_name() {
    check("message M { int32 f = 1; }", "message M { int32 g = 1; }", &["field-renamed"]);
    check("message M { int32 f = 1; }", "message M { int32 f = 2; }", &["field-renumbered"]);
    check(
        "message M { int32 f = 1; int32 g = 2; }",
        "message M { int32 g = 1; int32 f = 2; }",
        &["field-renumbered", "field-renumbered"],
    );
    check("message M { int32 f = 1; }", "message M { string g = 1; }", &["field-number-reused"]);
}

#[test]
fn a_deletion_is_asked_for_its_reservation() {
    let old = "message M { int32 f = 1; int32 g = 2; }";
    check(old, "message M { int32 f = 1; }", &["field-removed", "number-left-free"]);
    check(
        old,
        "message M { int32 f = 1; reserved 2; reserved \"g\"; }",
        &["field-removed", "reservation-added"],
    );
    check(
        old,
        "message M { int32 f = 1; reserved 2; }",
        &["field-removed", "number-left-free", "reservation-added"],
    );
}

#[test]
fn a_dropped_reservation_is_said_once() {
    let old = "message M { reserved 2 to 4; }";
    check(old, "message M { reserved 2 to 4; }", &[]);
    check(old, "message M { reserved 2, 3, 4; }", &[]);
    check(old, "message M { }", &["number-left-free"]);
    check(old, "message M { reserved 2, 4; string g = 3; }", &["field-added", "number-left-free"]);
}

#[test]
fn a_renamed_message_brings_what_is_in_it() {
    check(
        "message N { message I { int32 a = 1; } I p = 1; string q = 2; } message M { N n = 1; }",
        "message O { message I { int32 a = 1; } I p = 1; string q = 2; } message M { O n = 1; }",
        &["message-renamed"],
    );
}

#[test]
fn a_renamed_package_is_one_finding() {
    let old =
        "syntax = \"proto3\"; package x.v1; message M { int32 f = 1; E e = 2; } enum E { A = 0; }";
    let new = old.replace("x.v1", "x.v2");
    let findings = compare_messages(
        &tree(&[("a.proto", old)]),
        &tree(&[("b.proto", &new)]),
        CompareOptions { mode: Mode::Full, ..CompareOptions::default() },
    );
    assert_eq!(rules(&findings), ["package-renamed", "file-moved"]);
}

#[test]
fn another_message_of_the_same_shape_is_compatible_but_for_source() {
    let old = "message A { int32 p = 1; } message B { int32 p = 1; } message M { A f = 1; }";
    let new = "message A { int32 p = 1; } message B { int32 p = 1; } message M { B f = 1; }";
    let findings = compare(old, new);
    assert_eq!(rules(&findings), ["field-type-changed"]);
    assert_eq!(findings[0].surfaces.wire.name(), "compatible");
    assert_eq!(findings[0].surfaces.json.name(), "compatible");
    assert_eq!(findings[0].surfaces.source.name(), "breaking");
}

#[test]
fn recursive_messages_are_compared_by_shape() {
    let old = "message A { A next = 1; int32 v = 2; } message B { B next = 1; int64 v = 2; } \
               message M { A f = 1; }";
    let new = old.replace("A f = 1", "B f = 1");
    let findings = compare(old, &new);
    assert_eq!(rules(&findings), ["field-type-changed"]);
    assert_eq!(findings[0].surfaces.wire.name(), "breaking");
}

#[test]
fn proto3_optional_is_called_optional() {
    let findings = compare("message M { int32 f = 1; }", "message M { optional int32 f = 1; }");
    assert_eq!(rules(&findings), ["presence-changed"]);
    assert!(findings[0].message.contains("optional"));
}

#[test]
fn a_oneof_that_falls_apart_is_one_finding() {
    check(
        "message M { oneof o { int32 f = 1; int32 g = 2; } }",
        "message M { oneof o { int32 f = 1; } oneof o2 { int32 g = 2; } }",
        &["oneof-left"],
    );
    check(
        "message M { oneof o { int32 f = 1; int32 g = 2; } }",
        "message M { oneof p { int32 f = 1; int32 g = 2; } }",
        &["oneof-renamed"],
    );
}
