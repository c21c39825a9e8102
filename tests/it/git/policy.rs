//! `unbroken.yaml` in a repository: what it changes, who owns what, and what a change takes back.

use super::scratch::{Scratch, broken, lines, openapi, orders};

#[test]
fn severities_and_the_threshold_follow_the_config_and_flags_win() {
    let scratch = broken();
    assert_eq!(scratch.run(&["check"]).0, 1);
    scratch.write("unbroken.yaml", "policy: {rules: {property-became-required: warning}}\n");
    let report = scratch.report(&[]);
    assert_eq!(report["verdict"], "breaking", "an opinion changes no verdict");
    assert!(lines(&report).contains(&"warning property-became-required".to_owned()), "{report}");
    assert_eq!(scratch.run(&["check"]).0, 0);
    assert_eq!(scratch.run(&["check", "--fail-on", "warning"]).0, 1);
    scratch.write("unbroken.yaml", "policy: {fail-on: never}\n");
    assert_eq!(scratch.run(&["check"]).0, 0);
    assert_eq!(scratch.run(&["check", "--fail-on", "error"]).0, 1);
    let narrower = "policy:\n  rules: {property-became-required: note}\n  severities:\n    - {paths: \
                    [api], severity: warning}\n    - {paths: [other], severity: off}\n    - {surfaces: \
                    [source], severity: off}\n";
    scratch.write("unbroken.yaml", narrower);
    assert!(lines(&scratch.report(&[])).contains(&"warning property-became-required".to_owned()));
}

#[test]
fn a_config_that_is_wrong_is_located_and_ends_with_2() {
    let scratch = broken();
    scratch.write("unbroken.yaml", "contracts:\n  - paths: [api/*]\n    sufaces: [wire]\n");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 2);
    assert!(said.contains("unbroken.yaml:3:5: unknown key `sufaces`; did you mean `surfaces`?"));
    scratch.remove("unbroken.yaml");
    scratch.write(".unbroken.yml", "{}\n");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 2);
    assert!(said.contains(".unbroken.yml: the config is called unbroken.yaml"), "{said}");
}

#[test]
fn what_is_asked_of_a_contract_follows_the_config() {
    let schema = |words: &str| {
        format!("{{\"type\": \"object\", \"properties\": {{\"a\": {{\"enum\": [{words}]}}}}}}")
    };
    let scratch = Scratch::new();
    scratch.write("events/a.schema.json", &schema("1"));
    scratch.commit();
    scratch.write("events/a.schema.json", &schema("1, 2"));
    let verdict = || scratch.report(&[])["verdict"].as_str().unwrap().to_owned();
    assert_eq!(verdict(), "compatible");
    scratch.write("unbroken.yaml", "contracts: [{paths: [events], mode: full}]\n");
    assert_eq!(verdict(), "breaking");
    scratch
        .write("unbroken.yaml", "contracts: [{paths: [events], mode: full, readers: tolerant}]\n");
    assert_eq!(verdict(), "compatible");
    scratch
        .write("unbroken.yaml", "contracts: [{paths: [events], mode: full, surfaces: [source]}]\n");
    assert_eq!(verdict(), "compatible");
    scratch.write("unbroken.yaml", "contracts: [{paths: [events], mode: full, stability: beta}]\n");
    assert!(lines(&scratch.report(&[])).contains(&"warning enum-value-added".to_owned()));
    assert_eq!(verdict(), "breaking");
}

#[test]
fn files_are_named_and_ignored_by_the_config() {
    let scratch = Scratch::new();
    let schema = |required: &str| format!("type: object\nrequired: [{required}]\n");
    scratch.write("plain.yaml", &schema("a"));
    scratch.write("vendor/orders.yaml", &orders("a"));
    scratch.commit();
    scratch.write("plain.yaml", &schema("a, b"));
    scratch.write("vendor/orders.yaml", &orders("a, b"));
    let seen = || -> Vec<String> {
        let report = scratch.report(&[]);
        let contracts = report["contracts"].as_array().unwrap().clone();
        let path = |contract: &serde_json::Value| contract["path"].as_str().unwrap().to_owned();
        contracts.iter().map(path).filter(|path| path != "unbroken.yaml").collect()
    };
    assert_eq!(seen(), ["vendor/orders.yaml"]);
    scratch.write(
        "unbroken.yaml",
        "contracts: [{paths: [plain.yaml], kind: json-schema}]\nignore: [vendor]\n",
    );
    assert_eq!(seen(), ["plain.yaml"]);
    scratch.write("unbroken.yaml", "contracts: [{paths: [vendor/orders.yaml]}]\nignore: ['**']\n");
    assert_eq!(seen(), ["vendor/orders.yaml"]);
    scratch.write("unbroken.yaml", "contracts: [{paths: [vendor/order.yaml]}]\n");
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("unbroken.yaml:1:22: vendor/order.yaml is neither in head nor in a base")
    );
}

#[test]
fn owners_come_from_the_config_and_else_from_codeowners() {
    let scratch = broken();
    let owner = || scratch.report(&[])["contracts"][0]["owner"].clone();
    assert_eq!(owner(), serde_json::Value::Null);
    scratch.write("docs/CODEOWNERS", "* @docs\n");
    assert_eq!(owner(), "@docs");
    scratch.write(".github/CODEOWNERS", "* @all\n/api/ @acme/orders @b # why\n");
    assert_eq!(owner(), "@acme/orders @b");
    assert!(scratch.run(&["check"]).1.contains("owned by @acme/orders @b"));
    scratch.write("unbroken.yaml", "contracts: [{paths: [api], owner: '@mine'}]\n");
    assert_eq!(owner(), "@mine");
}

#[test]
fn what_a_change_takes_back_of_the_policy_is_shown_with_it() {
    let scratch = broken();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("unbroken.yaml", "policy:\n  fail-on: warning\n");
    scratch.commit();
    scratch.write("api/orders.yaml", &orders("a, b"));
    let weaker = "policy:\n  fail-on: never\n  rules:\n    property-became-required: off\n";
    scratch.write("unbroken.yaml", weaker);
    let report = scratch.report(&[]);
    let of_policy: Vec<&serde_json::Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "severity-lowered")
        .collect();
    assert_eq!(of_policy.len(), 2, "{report}");
    assert_eq!(of_policy[0]["message"], "`fail-on` went from warning to never");
    assert_eq!(of_policy[0]["contract"], "unbroken.yaml");
    assert_eq!(of_policy[0]["severity"], "warning");
    assert_eq!(of_policy[0]["new"]["line"], 2);
    assert_eq!(report["summary"]["contracts"], 1, "the policy is no contract");
    let (code, said) = scratch.run(&["check", "--config-from", "base"]);
    assert_eq!(code, 1, "{said}");
    assert!(!said.contains("severity-lowered"), "what does not count need not be shown: {said}");
    scratch.remove("unbroken.yaml");
    let (_, said) = scratch.run(&["check"]);
    assert!(said.contains("`fail-on` went from warning to error"), "{said}");
}

#[test]
fn doctor_says_what_is_compared_with_what_and_why() {
    let scratch = broken();
    scratch.write("vendor/a.yaml", &openapi("a"));
    scratch.write("notes.yaml", "a: 1\n");
    scratch.write("CODEOWNERS", "* @all\n");
    scratch.write("unbroken.yaml", "ignore:\n  - vendor\n");
    let (code, said) = scratch.run(&["doctor"]);
    assert_eq!(code, 0, "{said}");
    for expected in [
        "head      work tree\n",
        "(merge base with main)\n",
        "config    unbroken.yaml, 0 entries of contracts\n",
        "accepted  0 findings in .unbroken/accepted.yaml\n",
        "contract  api/orders.yaml  openapi: names a version of `openapi` or `swagger` · reads 1 file · \
         owned by @all\n",
        "ignored   vendor/a.yaml  by `vendor` at unbroken.yaml:2\n",
        "others    2 files that are no contracts: notes.yaml, unbroken.yaml\n",
        "owners    CODEOWNERS\n",
        "ready: ",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    scratch.write("api/orders.yaml", "openapi: 3.1.0\n\tx: 1\n");
    let (code, said) = scratch.run(&["doctor"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("problem   api/orders.yaml:1:10: "), "{said}");
    // What was so before is none of the change, for a check and for its doctor.
    scratch.commit();
    let (code, said) = scratch.run(&["doctor"]);
    assert_eq!((code, scratch.run(&["check"]).0), (0, 0), "{said}");
    assert!(said.contains("problem   api/orders.yaml:1:10: "), "{said}");
    assert!(said.contains("ready: the problems above are none of this change"), "{said}");
    scratch.write("unbroken.yaml", "ignor: []\n");
    let (code, said) = scratch.run(&["doctor"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("did you mean `ignore`?"), "{said}");
    assert!(
        said.contains("contract  api/orders.yaml  openapi"),
        "the rest is told all the same: {said}"
    );
    // Without a base the rest is told, and what would bring one.
    scratch.remove("unbroken.yaml");
    scratch.write("api/orders.yaml", &orders("a"));
    let (code, said) = scratch.run(&["doctor", "--base", "nowhere"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("base      none: nowhere names no commit here"), "{said}");
    assert!(said.contains("contract  api/orders.yaml  openapi"), "{said}");
    assert!(said.ends_with("not ready: `unbroken check` has nothing to compare with\n"), "{said}");
    let scratch = Scratch::new();
    scratch.write("notes.yaml", "a: 1\n");
    scratch.commit();
    let (code, said) = scratch.run(&["doctor"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.ends_with("no contract is seen: `unbroken check` would compare nothing\n"),
        "{said}"
    );
}

#[test]
fn doctor_and_check_agree_on_what_is_left_unread() {
    let scratch = Scratch::new();
    let schema = |kind: &str| format!(r#"{{"$schema": "meta.json", "type": "{kind}"}}"#);
    scratch.write(
        "meta.json",
        r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$vocabulary": {
            "https://json-schema.org/draft/2020-12/vocab/core": true,
            "https://json-schema.org/draft/2020-12/vocab/validation": true}}"#,
    );
    scratch.write("a.schema.json", &schema("string"));
    scratch.commit();
    let concluded = || scratch.run(&["doctor"]).1.lines().last().unwrap_or_default().to_owned();
    assert!(concluded().starts_with("ready, but for what the problems above leave unread: "));
    scratch.write("a.schema.json", &schema("integer"));
    assert!(concluded().contains("is undecided in `unbroken check`"), "{}", concluded());
    assert_eq!(scratch.report(&[])["verdict"], "undecided");
}

#[test]
fn doctor_names_the_packs_that_a_contract_could_use() {
    let scratch = Scratch::new();
    let field = "string a = 1 [(buf.validate.field).string.max_len = 8];";
    scratch.write("proto/a.proto", &format!("syntax = \"proto3\";\nmessage A {{ {field} }}\n"));
    scratch.commit();
    let is_named = |arguments: &[&str]| {
        let (_, said) = scratch.run(&[&["doctor"], arguments].concat());
        assert!(!said.contains("google-api"), "{said}");
        said.contains("pack      proto  sets options that `packs: [protovalidate]` has judged")
    };
    assert!(is_named(&[]));
    assert!(!is_named(&["--pack", "protovalidate"]));
    scratch.write("unbroken.yaml", "contracts: [{paths: [proto], packs: [protovalidate]}]\n");
    assert!(!is_named(&[]));
}

/// An operation that is announced as going away on a day.
fn sunset(day: &str) -> String {
    let announced = format!("post:\n      deprecated: true\n      x-sunset: {day}");
    orders("a").replacen("post:", &announced, 1)
}

#[test]
fn a_removal_after_its_sunset_is_a_note_and_breaks_all_the_same() {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &sunset("2027-01-31"));
    scratch.commit();
    scratch.write("api/orders.yaml", &openapi("orders"));
    let severity = |today: &str| {
        let report = scratch.report(&["--today", today]);
        assert_eq!(report["verdict"], "breaking");
        lines(&report).into_iter().find(|line| line.ends_with("operation-removed")).unwrap()
    };
    assert_eq!(severity("2027-01-30"), "error operation-removed");
    assert_eq!(severity("2027-01-31"), "note operation-removed");
}

#[test]
fn a_sunset_gives_the_notice_that_the_team_gives() {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("unbroken.yaml", "policy: {sunset: {minimum-days: 90}}\n");
    scratch.commit();
    let short = |day: &str| {
        scratch.write("api/orders.yaml", &sunset(day));
        lines(&scratch.report(&[])).contains(&"error notice-shortened".to_owned())
    };
    assert!(short("2027-04-30"), "89 days");
    assert!(!short("2027-05-01"), "90 days");
    assert!(short("2026-12-31"));
    scratch.write("unbroken.yaml", "{}\n");
    assert!(!short("2027-02-01"));
}

#[test]
fn whatever_the_config_of_a_change_asks_less_of_a_contract_is_shown() {
    let scratch = Scratch::new();
    let schema = |words: &str| {
        format!(
            "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"enum\": [{words}]}}"
        )
    };
    scratch.write("a.json", &schema("1, 2"));
    scratch.write("drafts/b.json", "{}");
    scratch.write("unbroken.yaml", "contracts: [{paths: [drafts/**], stability: draft}]\n");
    scratch.commit();
    let said = || -> Vec<String> {
        let report = scratch.report(&[]);
        let findings = report["findings"].as_array().unwrap().clone();
        let of_policy = findings.iter().filter(|finding| finding["contract"] == "unbroken.yaml");
        of_policy.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
    };
    scratch.write("a.json", &schema("1"));
    let drafts = "contracts: [{paths: [drafts/**], stability: draft}, ";
    scratch.write("unbroken.yaml", &format!("{drafts}{{paths: [a.json], kind: openapi}}]\n"));
    assert_eq!(said(), ["`kind` of `a.json` went from json-schema to openapi"]);
    scratch.write("unbroken.yaml", &format!("{drafts}{{paths: [a.json], kind: json-schema}}]\n"));
    assert_eq!(said(), [""; 0]);
    // Without a word of the config, too: it moved to where less is asked of it.
    scratch.checkout("main");
    scratch.remove("a.json");
    scratch.write("drafts/a.json", &schema("1, 2"));
    assert_eq!(said(), ["`stability` of `drafts/a.json` went from stable to draft"]);
    let (code, _) = scratch.run(&["check", "--config-from", "base", "--fail-on", "warning"]);
    assert_eq!(code, 1, "and that it moved is told in any case");
}

#[test]
fn what_nobody_would_heed_of_the_config_is_an_error() {
    let scratch = Scratch::new();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write(
        "proto/a/a.proto",
        "syntax = \"proto3\";\npackage a;\nmessage A { string n = 1; }\n",
    );
    scratch.write("proto/b/b.proto", "syntax = \"proto3\";\npackage b;\nmessage B {}\n");
    scratch.write("models/c.yaml", "type: string\n");
    let referring =
        "{\"type\": \"object\", \"properties\": {\"c\": {\"$ref\": \"../models/c.yaml\"}}}";
    scratch.write("api/d.schema.json", referring);
    scratch.commit();
    scratch.write("proto/a/a.proto", "syntax = \"proto3\";\npackage a;\nmessage A {}\n");
    for (path, expected) in [
        ("/abs/x.yaml", "abs/x.yaml is neither in head nor in a base"),
        ("nowhere", "no contract lies at nowhere"),
        ("proto/a/a.proto", "what `proto/a/a.proto` covers is a part of a contract: name `proto`"),
        ("proto/a/*.proto", "what `proto/a/*.proto` covers is a part of a contract: name `proto`"),
        ("models/**", "what `models/**` covers is a part of a contract: name `api/d.schema.json`"),
    ] {
        scratch
            .write("unbroken.yaml", &format!("contracts: [{{paths: ['{path}'], mode: full}}]\n"));
        for command in ["check", "doctor"] {
            let (code, said) = scratch.run(&[command]);
            assert_eq!(code, 3, "{command} {path}: {said}");
            assert!(said.contains("unbroken.yaml:1:22: ") && said.contains(expected), "{said}");
        }
    }
    for path in ["proto", "/proto/", "proto/**", "**/*.yml", "api/d.schema.json"] {
        scratch.write("unbroken.yaml", &format!("contracts: [{{paths: ['{path}']}}]\n"));
        assert_ne!(scratch.run(&["check"]).0, 3, "{path}");
    }
    scratch.write("unbroken.yaml", "contracts: [{paths: [../x.yaml]}]\n");
    assert_eq!(scratch.run(&["check"]).0, 2);
}

#[test]
fn a_severity_may_be_about_one_file_of_a_contract() {
    let scratch = Scratch::new();
    let message = |name: &str, fields: &str| {
        format!("syntax = \"proto3\";\npackage {name};\nmessage A {{ {fields} }}\n")
    };
    scratch.write("proto/a/a.proto", &message("a", "string n = 1;"));
    scratch.write("proto/b/b.proto", &message("b", "string n = 1;"));
    scratch.commit();
    scratch.write("proto/a/a.proto", &message("a", ""));
    scratch.write("proto/b/b.proto", &message("b", ""));
    let config = "policy: {severities: [{paths: [proto/a/a.proto], severity: note}]}\n";
    scratch.write("unbroken.yaml", config);
    let severities = |report: &serde_json::Value| -> Vec<String> {
        let findings = report["findings"].as_array().unwrap().iter();
        let removed = findings.filter(|finding| finding["rule"] == "field-removed");
        let line = |it: &serde_json::Value| format!("{} {}", it["severity"], it["new"]["path"]);
        removed.map(line).collect()
    };
    let mut found = severities(&scratch.report(&[]));
    found.sort();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("error") && found[1].contains("note"), "{found:?}");
    scratch.write("unbroken.yaml", &config.replace("a.proto", "c.proto"));
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 3);
    assert!(said.contains("proto/a/c.proto is neither in head nor in a base"), "{said}");
}

#[test]
fn owners_are_those_of_the_base_where_the_change_has_no_say() {
    let scratch = broken();
    scratch.write("api/orders.yaml", &orders("a"));
    scratch.write("CODEOWNERS", "* @good\n");
    scratch.commit();
    scratch.write("api/orders.yaml", &orders("a, b"));
    scratch.write("CODEOWNERS", "* @evil\n");
    assert_eq!(scratch.report(&[])["contracts"][0]["owner"], "@evil");
    assert_eq!(scratch.report(&["--config-from", "base"])["contracts"][0]["owner"], "@good");
    let (_, said) = scratch.run(&["doctor", "--config-from", "base"]);
    assert!(said.contains("owned by @good"), "{said}");
}

#[test]
fn a_report_is_written_when_nothing_could_be_compared() {
    let scratch = broken();
    let written = |name: &str| std::fs::read_to_string(scratch.root().join(name)).unwrap();
    let arguments = ["check", "--base", "nosuch", "-o", "json=r.json", "-o", "gitlab=g.json"];
    assert_eq!(scratch.run(&arguments).0, 3);
    let report: serde_json::Value = serde_json::from_str(&written("r.json")).unwrap();
    assert_eq!(report["verdict"], "undecided", "{report}");
    assert!(report["problems"][0]["message"].as_str().unwrap().contains("nosuch"), "{report}");
    assert!(written("g.json").contains("nosuch"));
    for format in ["json", "sarif", "github", "gitlab", "junit", "markdown", "comment", "html"] {
        let (code, said) = scratch.run(&["check", "--base", "nosuch", "--format", format]);
        assert_eq!(code, 3, "{format}");
        assert!(said.matches("nosuch").count() > 1, "in the report and as an error: {said}");
    }
    scratch.write("unbroken.yaml", "policy: {fail-no: error}\n");
    assert_eq!(scratch.run(&["check", "-o", "json=r.json"]).0, 2);
    let report: serde_json::Value = serde_json::from_str(&written("r.json")).unwrap();
    let problem = &report["problems"][0];
    assert_eq!(problem["path"], "unbroken.yaml", "{report}");
    assert_eq!(problem["line"], 1, "{report}");
    assert_eq!(scratch.run(&["diff", "x.yaml", "y.yaml", "-o", "json=d.json"]).0, 3);
    assert!(written("d.json").contains("x.yaml"));
}
