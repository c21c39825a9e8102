//! Who calls decides which direction counts.

use super::{compare, rules};
use crate::model::Polarity;

const SERVICE: &str = "service S { rpc Put(Q) returns (R); }";

#[test]
fn a_message_that_only_requests_hold_is_judged_as_a_request() {
    let old = format!("message Q {{ int32 f = 1; }} message R {{}} {SERVICE}");
    let findings = compare(&old, &old.replace("int32 f", "int64 f"));
    assert_eq!(rules(&findings), ["field-type-changed"]);
    assert_eq!(findings[0].surfaces.wire.name(), "compatible");
    assert!(findings[0].caution.as_ref().unwrap().contains("old servers"));
    let reach = &findings[0].reached_from[0];
    assert_eq!((&*reach.operation, &*reach.part), ("/x.S/Put", "request"));
    assert_eq!(reach.polarity, Polarity::Request);
}

#[test]
fn the_same_edit_in_a_response_breaks() {
    let old =
        format!("message Q {{}} message N {{ int32 f = 1; }} message R {{ N n = 1; }} {SERVICE}");
    let findings = compare(&old, &old.replace("int32 f", "int64 f"));
    assert_eq!(findings[0].surfaces.wire.name(), "breaking");
    assert_eq!(findings[0].reached_from[0].polarity, Polarity::Response);
}

#[test]
fn routes_pair_by_name_and_then_by_what_they_exchange() {
    let old = "message Q {} message R {} service S { rpc A(Q) returns (R); rpc B(Q) returns (R); }";
    let check = |new: &str, expected: &[&str]| {
        let findings = compare(old, new);
        assert_eq!(rules(&findings), expected);
    };
    check(&old.replace("rpc B", "rpc C"), &["call-renamed"]);
    check(&old.replace("rpc B(Q) returns (R);", ""), &["call-removed"]);
    check(
        &old.replace("rpc B(Q) returns (R)", "rpc B(Q) returns (stream R)"),
        &["streaming-changed"],
    );
    check(&old.replace("service S", "service T"), &["service-renamed"]);
    let only = "message Q {} message R {}";
    check(only, &["service-removed"]);
}
