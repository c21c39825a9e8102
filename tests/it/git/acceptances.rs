//! Findings that a team has decided to live with.

use std::fmt::Write as _;

use serde_json::Value;

use super::scratch::{Scratch, broken, lines, orders};

const TERMS: [&str; 6] =
    ["--reason", "nobody omits it", "--owner", "@acme/orders", "--until", "2027-06-30"];

fn fingerprint(report: &Value, rule: &str) -> String {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == rule).unwrap();
    found["fingerprint"].as_str().unwrap().to_owned()
}

fn accept(scratch: &Scratch, digits: &str) -> (i32, String) {
    scratch.run(&[&["accept", digits][..], &TERMS[..]].concat())
}

#[test]
fn an_accepted_finding_is_shown_and_fails_nothing() {
    let scratch = broken();
    let digits = fingerprint(&scratch.report(&[]), "property-became-required");
    let (code, said) = accept(&scratch, &digits[..12]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&digits), "{said}");
    let report = scratch.report(&[]);
    assert_eq!(lines(&report), ["off property-became-required accepted", "note acceptance-added"]);
    assert_eq!(report["verdict"], "breaking");
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["summary"]["breaking"], 1);
    let suppressed = &report["findings"][0]["suppressed"];
    assert_eq!(suppressed["reason"], "nobody omits it");
    assert_eq!(suppressed["owner"], "@acme/orders");
    assert_eq!(suppressed["until"], "2027-06-30");
    assert_eq!(suppressed["by"], "file");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("accepted until 2027-06-30 by @acme/orders: nobody omits it"), "{said}");
    assert_eq!(scratch.run(&["check", "--fail-on", "warning"]).0, 0);
    assert_eq!(scratch.run(&["check", "--config-from", "base"]).0, 1, "the base accepted nothing");
}

#[test]
fn a_fingerprint_is_explained_and_is_accepted_once() {
    let scratch = broken();
    let digits = fingerprint(&scratch.report(&[]), "property-became-required");
    let (code, said) = scratch.run(&["explain", &digits[..8]]);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with(&digits), "{said}");
    assert!(said.contains("\n\nproperty-became-required\n"), "{said}");
    assert_eq!(scratch.run(&["explain", "00000000"]).0, 2);
    assert_eq!(accept(&scratch, &digits).0, 0);
    let (code, said) = accept(&scratch, &digits);
    assert_eq!((code, said), (0, format!("accepted already, until 2027-06-30: {digits}\n")));
    // An acceptance is a remark on the policy, and no change that harms nobody.
    let report = scratch.report(&[]);
    assert_eq!(
        (&report["summary"]["compatible"], &report["summary"]["policy"]),
        (&0.into(), &1.into())
    );
    let (_, said) = scratch.run(&["check"]);
    assert!(said.contains("\n.unbroken/accepted.yaml  what this change"), "{said}");
    assert!(said.contains("BREAKING: 1 breaking (accepted), 1 remark of policy"), "{said}");
    let (_, said) = scratch.run(&["check", "--format", "markdown"]);
    assert!(said.starts_with("### ✅ API contracts: 1 breaking (accepted)\n"), "{said}");
    assert!(said.contains("<summary>⚙️ 1 remark of policy</summary>"), "{said}");
    assert!(!said.contains("harmless"), "{said}");
}

#[test]
fn an_acceptance_follows_the_contract_to_another_path() {
    let scratch = broken();
    let report = scratch.report(&[]);
    let digits = fingerprint(&report, "property-became-required");
    assert_eq!(accept(&scratch, &digits).0, 0);
    let path = report["contracts"][0]["path"].as_str().unwrap();
    std::fs::rename(scratch.root().join(path), scratch.root().join("moved.yaml")).unwrap();
    let report = scratch.report(&[]);
    assert_eq!(report["contracts"][0]["path"], "moved.yaml");
    let lines = lines(&report);
    for told in ["off property-became-required accepted", "warning contract-moved"] {
        assert!(lines.contains(&told.to_owned()), "{report}");
    }
    assert_eq!(scratch.run(&["check"]).0, 0);
}

#[test]
fn accepting_appends_and_keeps_what_people_wrote() {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("api/users.yaml", &orders("a"));
    scratch.commit();
    scratch.write("api/orders.yaml", &orders("b"));
    scratch.write("api/users.yaml", &orders("b"));
    let path = scratch.root().join(".unbroken/accepted.yaml");
    scratch.write(".unbroken/accepted.yaml", "# ours\n\n# more");
    let (code, said) = scratch.run(&[&["baseline"][..], &TERMS[..]].concat());
    assert_eq!(code, 0, "{said}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# ours\n\n# more\n\n- finding: "), "{text}");
    assert_eq!(text.matches("- finding: ").count(), 2, "{text}");
    assert_eq!(scratch.run(&["check"]).0, 0);
    let (code, said) = scratch.run(&[&["baseline"][..], &TERMS[..]].concat());
    assert_eq!((code, said.as_str()), (0, "nothing to accept: nothing fails\n"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    // Nothing but the file itself is there.
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_accepted_is_said() {
    let scratch = broken();
    for (arguments, expected) in [
        (vec!["accept", "0123456789"], "the following required arguments"),
        (vec!["accept", "12"], "`12` is no fingerprint"),
        (vec!["accept", "00000000"], "no finding of this comparison has the fingerprint"),
    ] {
        let terms: &[&str] = if arguments[1] == "0123456789" { &[] } else { &TERMS };
        let (code, said) = scratch.run(&[arguments.as_slice(), terms].concat());
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(expected), "{said}");
    }
    let digits = fingerprint(&scratch.report(&[]), "property-became-required");
    let past = ["--reason", "r", "--owner", "@a", "--until", "2027-01-30"];
    let (code, said) = scratch.run(&[&["accept", &digits][..], &past[..]].concat());
    assert_eq!(code, 2);
    assert!(said.contains("has passed already"), "{said}");
}

#[test]
fn an_acceptance_ends() {
    let scratch = broken();
    let digits = fingerprint(&scratch.report(&[]), "property-became-required");
    assert_eq!(accept(&scratch, &digits).0, 0);
    let report = scratch.report(&["--today", "2027-06-30"]);
    assert!(lines(&report).contains(&"off property-became-required accepted".to_owned()));
    let report = scratch.report(&["--today", "2027-07-01"]);
    let expected = ["error property-became-required", "warning acceptance-expired"];
    for line in expected {
        assert!(lines(&report).contains(&line.to_owned()), "{report}");
    }
    assert_eq!(scratch.run(&["check", "--today", "2027-07-01"]).0, 1);
}

#[test]
fn an_acceptance_that_nobody_needs_is_a_finding_once_its_contract_was_compared() {
    let scratch = broken();
    let digits = fingerprint(&scratch.report(&[]), "property-became-required");
    assert_eq!(accept(&scratch, &digits).0, 0);
    scratch.commit();
    assert_eq!(lines(&scratch.report(&[])), [""; 0], "nothing was compared");
    scratch.write("api/orders.yaml", &orders("a"));
    assert!(lines(&scratch.report(&[])).contains(&"note acceptance-unused".to_owned()));
}

/// A schema behind a reference, used by some operations.
fn shared(required: &str, users: &[&str]) -> String {
    let mut text = "openapi: 3.1.0\ninfo: { title: a, version: 1.0.0 }\npaths:\n".to_owned();
    for path in users {
        write!(
            text,
            "  {path}:\n    post:\n      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: \
             '#/components/schemas/S' }} }} }} }}\n      responses: {{ '200': {{ description: fine }} }}\n"
        )
        .unwrap();
    }
    write!(
        text,
        "components:\n  schemas:\n    S:\n      type: object\n      required: [{required}]\n      \
         properties: {{ a: {{ type: string }}, b: {{ type: string }} }}\n"
    )
    .unwrap();
    text
}

#[test]
fn an_acceptance_covers_no_operation_that_nobody_had_in_mind() {
    let scratch = Scratch::new();
    let users = ["/one", "/two", "/zero"];
    scratch.write("api/a.yaml", &shared("a", &users));
    scratch.commit();
    scratch.write("api/a.yaml", &shared("a, b", &users[..2]));
    let before = fingerprint(&scratch.report(&[]), "property-became-required");
    assert_eq!(accept(&scratch, &before).0, 0);
    assert!(
        lines(&scratch.report(&[])).contains(&"off property-became-required accepted".to_owned())
    );
    scratch.write("api/a.yaml", &shared("a, b", &users));
    let report = scratch.report(&[]);
    assert_eq!(fingerprint(&report, "property-became-required"), before, "it is the same edit");
    assert!(lines(&report).contains(&"error property-became-required".to_owned()), "{report}");
    assert!(lines(&report).contains(&"warning acceptance-outgrown".to_owned()), "{report}");
    let said = scratch.run(&["check"]).1;
    assert!(said.contains("now reaches POST /zero too"), "{said}");
    assert_eq!(accept(&scratch, &before).0, 0);
    let report = scratch.report(&[]);
    assert!(
        lines(&report).contains(&"off property-became-required accepted".to_owned()),
        "{report}"
    );
    assert!(!lines(&report).contains(&"warning acceptance-outgrown".to_owned()), "{report}");
}

#[test]
fn a_contract_allows_a_rule_where_it_says_so() {
    let scratch = broken();
    let allowing = |rule: &str, until: &str| {
        let allow = format!(
            "x-unbroken-allow: {{ rule: {rule}, until: {until}, reason: measured }}\n              type: object"
        );
        orders("a, b").replacen("type: object", &allow, 1)
    };
    scratch.write("api/orders.yaml", &allowing("property-became-required", "2027-06-30"));
    let report = scratch.report(&[]);
    assert!(
        lines(&report).contains(&"off property-became-required accepted".to_owned()),
        "{report}"
    );
    assert!(lines(&report).contains(&"note acceptance-added".to_owned()), "{report}");
    assert_eq!(report["verdict"], "breaking");
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| !finding["suppressed"].is_null()).unwrap();
    assert_eq!(found["suppressed"]["by"], "contract");
    assert_eq!(found["suppressed"]["place"]["path"], "api/orders.yaml");
    assert_eq!(scratch.run(&["check"]).0, 0);
    assert_eq!(scratch.run(&["check", "--config-from", "base"]).0, 1, "the base allowed nothing");
    scratch.write("api/orders.yaml", &allowing("property-removed", "2027-06-30"));
    let report = scratch.report(&[]);
    assert!(lines(&report).contains(&"error property-became-required".to_owned()), "{report}");
    assert!(lines(&report).contains(&"note acceptance-unused".to_owned()), "{report}");
    scratch.write("api/orders.yaml", &allowing("property-became-required", "2027-01-30"));
    let report = scratch.report(&[]);
    assert!(lines(&report).contains(&"error property-became-required".to_owned()), "{report}");
    assert!(lines(&report).contains(&"warning acceptance-expired".to_owned()), "{report}");
    scratch.write("api/orders.yaml", &allowing("property-become-required", "2027-06-30"));
    let said = scratch.run(&["check"]).1;
    assert!(
        said.contains("this allows nothing: there is no rule `property-become-required`"),
        "{said}"
    );
}

#[test]
fn a_comment_allows_a_rule_where_it_stands() {
    let proto =
        |fields: &str| format!("syntax = \"proto3\";\npackage a;\nmessage M {{\n{fields}}}\n");
    let scratch = Scratch::new();
    scratch.write("a.proto", &proto("  string a = 1;\n  string b = 2;\n"));
    scratch.commit();
    let allow = "// unbroken: allow[field-type-changed] until=2027-06-30 -- nobody reads it\n";
    scratch.write("a.proto", &proto("  string a = 1;\n  int32 b = 2;\n"));
    assert!(lines(&scratch.report(&[])).contains(&"error field-type-changed".to_owned()));
    scratch.write("a.proto", &proto(&format!("  string a = 1;\n  {allow}  int32 b = 2;\n")));
    let report = scratch.report(&[]);
    assert!(lines(&report).contains(&"off field-type-changed accepted".to_owned()), "{report}");
    scratch.write("a.proto", &proto(&format!("  {allow}  string a = 1;\n  int32 b = 2;\n")));
    assert!(lines(&scratch.report(&[])).contains(&"error field-type-changed".to_owned()));
    let removed = allow.replace("field-type-changed", "field-removed");
    let text = proto("  string a = 1;\n").replace("message", &format!("{removed}message"));
    scratch.write("a.proto", &text);
    let report = scratch.report(&[]);
    assert!(lines(&report).contains(&"off field-removed accepted".to_owned()), "{report}");
}

#[test]
fn a_comment_in_yaml_allows_what_is_below_it_or_beside_it() {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.commit();
    let changed = orders("a, b");
    let required = changed.lines().find(|line| line.trim_start().starts_with("required: ["));
    let required = required.unwrap();
    let comment = "# unbroken: allow[property-became-required] until=2027-06-30 -- all send it";
    for allowing in [
        changed.replace(required, &format!("{required}  {comment}")),
        changed.replace(required, &format!("      {comment}\n{required}")),
    ] {
        scratch.write("api/orders.yaml", &allowing);
        let report = scratch.report(&[]);
        let accepted = "off property-became-required accepted".to_owned();
        assert!(lines(&report).contains(&accepted), "{allowing}\n{report}");
        assert!(lines(&report).contains(&"note acceptance-added".to_owned()), "{report}");
    }
    scratch.write("api/orders.yaml", &format!("# unbroken: allow[no-such] -- x\n{changed}"));
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("api/orders.yaml:1:1: this allows nothing: write it as `# "), "{said}");
}

#[test]
fn what_is_added_may_allow_its_own_addition() {
    let scratch = Scratch::new();
    let contract = |members: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: a, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      \
             responses:\n        '200':\n          description: d\n          content:\n            \
             application/json:\n              schema:\n                type: object\n                \
             additionalProperties: false\n                properties:\n                  \
             a: {{type: string}}\n{members}"
        )
    };
    scratch.write("api/a.yaml", &contract(""));
    scratch.commit();
    let added = "                  b:\n                    type: string\n                    \
                 x-unbroken-allow: {rule: property-added, until: 2027-06-30, reason: announced}\n";
    scratch.write("api/a.yaml", &contract(added));
    let report = scratch.report(&[]);
    assert!(lines(&report).contains(&"off property-added accepted".to_owned()), "{report}");
    assert!(!lines(&report).iter().any(|line| line.contains("acceptance-unused")), "{report}");
}

#[test]
fn an_entry_that_was_renewed_is_only_in_the_way() {
    let scratch = broken();
    let found = fingerprint(&scratch.report(&[]), "property-became-required");
    let entry = |until: &str| {
        format!(
            "- {{finding: '{found}', rule: property-became-required, contract: api/orders.yaml, \
             covers: [POST /orders], reason: why, owner: '@a', until: {until}}}\n"
        )
    };
    scratch.write(".unbroken/accepted.yaml", &entry("2026-12-31"));
    let rules = || lines(&scratch.report(&[])).join("; ");
    assert!(rules().contains("acceptance-expired"), "{}", rules());
    let both = entry("2026-12-31") + &entry("2027-12-31");
    scratch.write(".unbroken/accepted.yaml", &both);
    assert!(!rules().contains("acceptance-expired"), "{}", rules());
    assert!(rules().contains("acceptance-unused"), "the old one can go: {}", rules());
    assert_eq!(scratch.run(&["check"]).0, 0);
}

#[test]
fn what_a_contract_allows_is_needed_whoever_accepts_it_too() {
    let scratch = broken();
    let allow =
        "x-unbroken-allow: {rule: property-became-required, until: 2027-12-31, reason: why}\n";
    let allowing = |text: String| format!("{allow}{text}");
    let text = allowing(std::fs::read_to_string(scratch.root().join("api/orders.yaml")).unwrap());
    scratch.write("api/orders.yaml", &text);
    let rules = |arguments: &[&str]| lines(&scratch.report(arguments)).join("; ");
    let of_base = rules(&["--config-from", "base"]);
    assert!(of_base.contains("error property-became-required"), "{of_base}");
    assert!(!of_base.contains("acceptance-added"), "it does not count: {of_base}");
    let found = fingerprint(&scratch.report(&[]), "property-became-required");
    accept(&scratch, &found);
    let both = rules(&[]);
    assert!(both.contains("property-became-required accepted"), "{both}");
    assert!(!both.contains("acceptance-unused"), "{both}");
}
