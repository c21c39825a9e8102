//! Objects of many members: the answer does not depend on how many there are, and where they are too
//! many to try, nothing is said.

use serde_json::{Map, Value, json};
use unbroken::diff::Finding;
use unbroken::model::Mode;
use unbroken::rules::Verdict;

use crate::comparison::{findings, usual, verdicts};

fn compared(old: &Value, new: &Value) -> Vec<Finding> {
    let home = tempfile::tempdir().unwrap();
    for (name, schema) in [("old.schema.json", old), ("new.schema.json", new)] {
        let mut schema = schema.clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        std::fs::write(home.path().join(name), schema.to_string()).unwrap();
    }
    findings(home.path(), ("old.schema.json", "new.schema.json"), usual(Mode::Full))
}

/// A closed object of so many members is opened for texts; of the members one goes, whose values are
/// texts, so that nothing of it is lost, one comes, and one is narrowed.
fn excused(count: usize) -> (Value, Value) {
    let text = json!({"type": "string"});
    let members = || (3..count).map(|at| (format!("m{at}"), text.clone()));
    let mut old: Map<_, _> = members().collect();
    old.insert("goes".to_owned(), text.clone());
    old.insert("narrowed".to_owned(), json!({"type": "integer", "maximum": 9}));
    let mut new: Map<_, _> = members().collect();
    new.insert("comes".to_owned(), json!({"type": "integer"}));
    new.insert("narrowed".to_owned(), json!({"type": "integer", "maximum": 5}));
    (
        json!({"type": "object", "properties": old, "additionalProperties": false}),
        json!({"type": "object", "properties": new, "additionalProperties": text}),
    )
}

#[test]
fn what_another_edit_makes_up_for_breaks_at_no_size() {
    let expected = [
        ("maximum-lowered", Verdict::Breaking),
        ("property-added", Verdict::Breaking),
        ("property-removed", Verdict::Compatible),
        ("values-allowed", Verdict::Breaking),
    ];
    for count in [3, 4, 20, 47, 48, 49, 120] {
        let (old, new) = excused(count);
        assert_eq!(verdicts(&compared(&old, &new)), expected, "{count} members");
    }
}

/// An object of two members at most, of which the new side wants these values not to be among the
/// values. Only the last member may be 23.
fn crowded(count: usize, extra: impl Fn(usize) -> Value, lists: [Value; 3]) -> (Value, Value) {
    let member = |at: usize| (format!("p{at:03}"), json!({"enum": [1, 2, 3, extra(at)]}));
    let mut members: Map<_, _> = (0..count).map(member).collect();
    members.insert("zz".to_owned(), json!({"enum": [23]}));
    let old = json!({
        "type": "object", "properties": members, "additionalProperties": false, "maxProperties": 2,
    });
    let mut new = old.clone();
    let branches = lists.map(|list| json!({"additionalProperties": {"not": {"enum": list}}}));
    new["anyOf"] = json!(branches);
    (old, new)
}

#[test]
fn what_the_steps_did_not_reach_is_left_open() {
    // No two members are alike, and every pair is tried before the one that does: 3 beside 23.
    let lists = [json!([1, 23]), json!([2, 23]), json!([3])];
    let (old, new) = crowded(200, |at| json!(100 + at), lists);
    let found = compared(&old, &new);
    assert!(found.iter().all(|finding| finding.verdict() == Verdict::Undecided), "{found:?}");
    assert!(!found.is_empty());
    let reason = format!("{:?}", found[0].proof);
    assert!(reason.contains("placements of members"), "{reason}");
}

#[test]
fn members_alike_are_tried_once() {
    let lists = [json!([1]), json!([2, 23]), json!([3, 23])];
    let (old, new) = crowded(1_000, |_| json!(4), lists);
    let found = compared(&old, &new);
    assert!(found.iter().all(|finding| finding.verdict() == Verdict::Breaking), "{found:?}");
    assert!(!found.is_empty());
}

/// The numbers from 0 on, in so many ranges of ten, one of which is left out.
fn ranges(count: usize, gap: Option<usize>) -> Value {
    // In no order: 7 and the count have no divisor in common.
    let starts = (0..count).map(|at| at * 7 % count).filter(|at| Some(*at) != gap);
    let range = |at: usize| json!({"type": "integer", "minimum": at * 10, "maximum": at * 10 + 9});
    json!({"anyOf": starts.map(range).collect::<Vec<_>>()})
}

#[test]
fn a_range_in_many_parts_is_the_range() {
    let count = 101;
    let whole = json!({"type": "integer", "minimum": 0, "maximum": count * 10 - 1});
    let same = compared(&whole, &ranges(count, None));
    assert!(same.iter().all(|finding| finding.verdict() == Verdict::Compatible), "{same:?}");
    let less = compared(&whole, &ranges(count, Some(17)));
    let witnesses = less.iter().flat_map(|finding| &finding.witnesses);
    let shown: Vec<String> =
        witnesses.filter_map(|shown| Some(shown.value.as_ref()?.to_string())).collect();
    assert_eq!(shown, ["170"]);
}

/// Alternatives of one member each, whose values are of this type.
fn alternatives(count: usize, kind: &str) -> Value {
    let branch = |at: usize| {
        let name = format!("v{at}");
        json!({"type": "object", "properties": {&name: {"type": kind}}, "required": [&name]})
    };
    json!({"oneOf": (0..count).map(branch).collect::<Vec<_>>()})
}

#[test]
fn each_of_many_alternatives_is_judged() {
    let count = 40;
    let found = compared(&alternatives(count, "string"), &alternatives(count, "integer"));
    let breaking = found.iter().filter(|finding| finding.verdict() == Verdict::Breaking);
    assert_eq!(breaking.clone().count(), count, "{:?}", verdicts(&found));
    assert!(breaking.into_iter().all(|finding| !finding.witnesses.is_empty()));
}

#[test]
fn each_of_many_patterns_of_names_is_judged() {
    // A name may match any of them, and any others too: there are as many kinds of names as sets.
    let schema = |kind: &str| {
        let member = |at: usize| (format!("p{at}x"), json!({"type": kind}));
        json!({"type": "object", "patternProperties": (0..24).map(member).collect::<Map<_, _>>()})
    };
    let found = compared(&schema("string"), &schema("integer"));
    assert!(found.iter().all(|finding| finding.verdict() == Verdict::Breaking), "{found:?}");
    assert_eq!(found.len(), 24);
}

/// So many conditions, each of which demands a member of this name where a tag has its value.
fn conditions(count: usize, name: &str) -> Value {
    let condition = |at: usize| {
        let when = json!({"properties": {"tag": {"const": format!("t{at}")}}, "required": ["tag"]});
        json!({"if": when, "then": {"required": [format!("{name}{at}")]}})
    };
    json!({"type": "object", "allOf": (0..count).map(condition).collect::<Vec<_>>()})
}

#[test]
fn each_of_many_conditions_is_judged() {
    let count = 70;
    let found = compared(&conditions(count, "was"), &conditions(count, "is"));
    let open = found.iter().filter(|finding| finding.verdict() == Verdict::Undecided);
    assert_eq!(open.count(), 0, "{:?}", verdicts(&found));
    let breaking = found.iter().filter(|finding| finding.verdict() == Verdict::Breaking);
    assert!(breaking.count() >= count);
}

/// Events of several actions each, all of which share a large part; in the events of the first kinds
/// more is demanded of the part that is theirs.
fn events(kinds: usize, demanded: &[&str]) -> Value {
    const ACTIONS: usize = 4;
    let shared: Map<_, _> =
        (0..30).map(|at| (format!("m{at}"), json!({"type": "string"}))).collect();
    let names: Vec<&String> = shared.keys().collect();
    let shared = json!({"properties": shared, "required": names, "additionalProperties": false});
    let own = |kind: usize| {
        let mut members = json!({"n": {"type": "integer"}});
        let mut names = vec!["n"];
        for name in demanded.iter().filter(|_| kind < 2) {
            members[*name] = json!({"type": "string"});
            names.push(name);
        }
        let is_open = names.len() > 1;
        json!({"properties": members, "required": names, "additionalProperties": is_open})
    };
    let event = |kind: usize| {
        let part = format!("part{kind}");
        let action = |at: usize| {
            let members = json!({
                "action": {"const": at}, "shared": {"$ref": "#/$defs/shared"}, &part: own(kind),
            });
            json!({
                "type": "object", "properties": members, "required": ["action", "shared", &part],
                "additionalProperties": false,
            })
        };
        json!({"oneOf": (0..ACTIONS).map(action).collect::<Vec<_>>()})
    };
    let events: Vec<Value> = (0..kinds).map(event).collect();
    json!({"oneOf": events, "$defs": {"shared": shared}})
}

#[test]
fn what_is_demanded_in_one_of_many_events_is_judged() {
    let found = compared(&events(24, &[]), &events(24, &["created", "url"]));
    let open = found.iter().filter(|finding| finding.verdict() == Verdict::Undecided);
    assert_eq!(open.count(), 0, "{:?}", verdicts(&found));
    let demanded = found.iter().filter(|finding| finding.rule.id == "property-became-required");
    assert!(demanded.clone().count() > 0);
    assert!(demanded.into_iter().all(|finding| !finding.witnesses.is_empty()));
}

/// Requests that carry an integer of at most this, at so many places as one of two alternatives of which
/// the other takes any object, and at one place deeper inside; where members are demanded, at those many
/// places.
fn excusing(places: usize, most: u32, is_demanded: bool) -> Value {
    let sent = |schema: Value| {
        let body = json!({"content": {"application/json": {"schema": schema}}});
        json!({"post": {"requestBody": body, "responses": {"204": {"description": "None"}}}})
    };
    let part = || json!({"$ref": "#/components/schemas/Part"});
    let mut paths = Map::new();
    for at in 0..places {
        let name = format!("m{at}");
        let mut schema = json!({
            "type": "object", "properties": {&name: {"type": "string"}},
            "anyOf": [part(), {"type": "object"}],
        });
        if is_demanded {
            schema["required"] = json!([name]);
        }
        paths.insert(format!("/p{at}"), sent(schema));
    }
    let inner = json!({"type": "object", "properties": {"b": part()}});
    paths.insert("/deep".to_owned(), sent(json!({"type": "object", "properties": {"a": inner}})));
    let number = json!({"type": "integer", "maximum": most});
    json!({
        "openapi": "3.1.0", "info": {"title": "Parts", "version": "1.0.0"}, "paths": paths,
        "components": {"schemas": {"Part": {"type": "object", "properties": {"n": number}}}},
    })
}

#[test]
fn an_edit_that_is_excused_at_more_roots_than_are_looked_at_is_left_open() {
    for (places, verdict) in [(8, Verdict::Breaking), (64, Verdict::Undecided)] {
        let home = tempfile::tempdir().unwrap();
        for (name, side) in
            [("old.json", excusing(places, 9, false)), ("new.json", excusing(places, 5, true))]
        {
            std::fs::write(home.path().join(name), side.to_string()).unwrap();
        }
        let found = findings(home.path(), ("old.json", "new.json"), usual(Mode::Backward));
        let lowered = found.iter().find(|finding| finding.rule.id == "maximum-lowered").unwrap();
        assert_eq!(lowered.verdict(), verdict, "{places} places");
        let reason = format!("{:?}", lowered.proof);
        assert_eq!(reason.contains("budget: roots of an edit"), places == 64, "{reason}");
    }
}
