//! What is parsed: the contracts that a change reaches, in each format, and nothing else.

use serde_json::Value;

use super::scratch::Scratch;

/// One contract of each format, made of two files: `$part` stands for what the second holds.
const CONTRACTS: [(&str, &str, &str, &str); 3] = [
    (
        "openapi.yaml",
        "openapi: 3.1.0\ninfo: { title: a, version: 1.0.0 }\npaths:\n  /a:\n    get:\n      responses:\n        \
         '200':\n          description: fine\n          content:\n            application/json:\n              \
         schema: { $ref: 'parts/more.yaml#/A' }\n",
        "parts/more.yaml",
        "A: { type: $part }\n",
    ),
    (
        "event.schema.json",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$ref\": \"defs/part.json\"}\n",
        "defs/part.json",
        "{\"type\": \"$part\"}\n",
    ),
    (
        "shop/order.proto",
        "syntax = \"proto3\";\npackage shop;\nimport \"shop/money.proto\";\nmessage Order { Money total = 1; }\n",
        "shop/money.proto",
        "syntax = \"proto3\";\npackage shop;\nmessage Money { $part units = 1; }\n",
    ),
];

/// What each part holds before and after.
fn part(path: &str, after: bool) -> &'static str {
    let changed = if path.starts_with("shop/") { "int64" } else { "integer" };
    if after { changed } else { "string" }
}

fn write(scratch: &Scratch, after: bool) {
    for (path, text, other, more) in CONTRACTS {
        scratch.write(path, text);
        scratch.write(other, &more.replace("$part", part(other, after)));
    }
}

fn findings(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let breaking = findings.filter(|finding| finding["verdict"] == "breaking");
    breaking.map(|finding| (text(&finding["contract"]), text(&finding["rule"]))).collect()
}

#[test]
fn what_a_contract_reaches_is_part_of_it_in_every_format() {
    let scratch = Scratch::new();
    write(&scratch, false);
    let start = scratch.commit();
    scratch.branch("feature", start);
    write(&scratch, true);
    let found = findings(&scratch.report(&[]));
    for (contract, rule) in [
        ("openapi.yaml", "type-changed"),
        ("event.schema.json", "type-changed"),
        (".", "field-type-changed"),
    ] {
        let found = found.iter().any(|(of, is)| of == contract && is == rule);
        assert!(found, "{contract} {rule}: {:?}", findings(&scratch.report(&[])));
    }
}

#[test]
fn a_branch_answers_for_its_own_edits_in_every_format() {
    let scratch = Scratch::new();
    write(&scratch, false);
    let schema = |kind: &str| format!("{{\"type\": \"{kind}\"}}");
    scratch.write("mine.schema.json", &schema("string"));
    let start = scratch.commit();
    write(&scratch, true);
    scratch.commit();
    scratch.branch("feature", start);
    scratch.write("mine.schema.json", &schema("integer"));
    scratch.commit();
    let found = findings(&scratch.report(&[]));
    assert_eq!(found, [("mine.schema.json".to_owned(), "type-changed".to_owned())]);
    // The other way round: each format is edited here, and main's edit is nobody's.
    scratch.checkout("main");
    scratch.branch("other", start);
    write(&scratch, true);
    scratch.write("notes.md", "not the commit that main has");
    scratch.commit();
    scratch.checkout("main");
    scratch.write("mine.schema.json", &schema("integer"));
    scratch.commit();
    scratch.checkout("other");
    let mut found: Vec<String> =
        findings(&scratch.report(&[])).into_iter().map(|(contract, _)| contract).collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, [".", "event.schema.json", "openapi.yaml"]);
}

#[test]
fn a_file_outside_what_changed_is_not_parsed() {
    let scratch = Scratch::new();
    write(&scratch, false);
    // Each of these would be a problem to whoever parsed it.
    let broken = "openapi: 3.1.0\ninfo: {title: a, version: 1.0.0}\npaths: [\n";
    scratch.write("broken.yaml", broken);
    scratch
        .write("broken.schema.json", "{\"$schema\": \"https://json-schema.org/draft-07/schema\",");
    scratch.write("lost/lost.proto", "syntax = \"proto3\";\npackage lost;\nmessage {\n");
    scratch.commit();
    let (path, _, other, more) = CONTRACTS[0];
    scratch.write(other, &more.replace("$part", "integer"));
    let report = scratch.report(&[]);
    assert_eq!(report["problems"].as_array().unwrap().as_slice(), &[] as &[Value]);
    let contracts = report["contracts"].as_array().unwrap();
    assert_eq!(contracts.len(), 1, "{contracts:?}");
    assert_eq!(contracts[0]["path"], path);
    // They are when it is their turn.
    scratch.write("broken.yaml", &format!("{broken}# edited\n"));
    scratch.write("lost/lost.proto", "syntax = \"proto3\";\npackage lost;\nmessage  {\n");
    let said = scratch.report(&[]).to_string();
    assert!(said.contains("broken.yaml") && said.contains("lost.proto"), "{said}");
}
