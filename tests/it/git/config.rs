//! The config as somebody meets it who writes one.

use super::scratch::{Scratch, broken};

#[test]
fn everything_that_is_wrong_with_a_config_is_told_at_once() {
    let scratch = broken();
    let config = "contracts:\n  - paths: [api]\n    ownr: '@x'\n    mode: backwards\n  - paths: api\n\
                  policy:\n  rules: {property-remvoed: off}\nacept: x.yaml\n";
    scratch.write("unbroken.yaml", config);
    let (code, said) = scratch.run(&["check"]);
    assert_eq!(code, 2, "{said}");
    let places: Vec<&str> = said.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    let expected = ["3:5", "4:11", "5:12", "7:11", "8:1"].map(|it| format!("unbroken.yaml:{it}"));
    assert_eq!(places, expected, "{said}");
    assert!(!said.contains("is missing"), "what was passed over is not missing: {said}");
    let (_, said) = scratch.run(&["check", "--format", "github"]);
    assert_eq!(said.matches("::error file=unbroken.yaml,line=").count(), 5, "{said}");
}

#[test]
fn each_value_that_holds_says_where_it_comes_from() {
    let scratch = broken();
    let config = "contracts:\n  - paths: [api]\n    mode: full\npolicy:\n  fail-on: warning\n";
    scratch.write("unbroken.yaml", config);
    scratch.write("CODEOWNERS", "*.proto @acme/proto\n");
    scratch.write("proto/a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage M {}\n");
    let (_, said) = scratch.run(&["check", "--print-config"]);
    let row = |said: &str, name: &str| -> Vec<String> {
        let line = said.lines().find(|line| line.starts_with(&format!("{name}  ")));
        let line = line.unwrap_or_else(|| panic!("{name} is not in\n{said}"));
        line.split("  ").map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    for (name, value, origin) in [
        ("api/orders.yaml: mode", "full", "unbroken.yaml:3"),
        ("api/orders.yaml: surfaces", "[wire, json]", "default"),
        ("api/orders.yaml: owner", "nobody", "default"),
        ("proto: mode", "full", "default"),
        ("proto: surfaces", "[wire, json, source]", "default"),
        ("proto: owner", "@acme/proto", "CODEOWNERS"),
    ] {
        assert_eq!(row(&said, name)[1..], [value, origin], "{name}");
    }
    let (code, said) = scratch.run(&["check", "--print-config", "--mode", "backward"]);
    assert_eq!(code, 0);
    assert_eq!(row(&said, "api/orders.yaml: mode")[1..], ["backward", "flag --mode"]);
    let origins: Vec<(&str, &str)> = said
        .lines()
        .map(|line| (line.split("  ").next().unwrap(), line.rsplit("  ").next().unwrap()))
        .collect();
    for expected in [
        ("contracts[0].mode", "unbroken.yaml:3"),
        ("policy.fail-on", "unbroken.yaml:5"),
        ("accept", "default"),
        ("mode", "flag --mode"),
        ("today", "environment UNBROKEN_TODAY"),
    ] {
        assert!(origins.contains(&expected), "{expected:?} is not in\n{said}");
    }
}

#[test]
fn init_writes_a_config_that_reads_back_and_spares_one_that_is_there() {
    let scratch = broken();
    scratch.write("events/a.schema.json", "{}");
    scratch.write("proto/a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage M {}\n");
    scratch.write("CODEOWNERS", "/api/ @acme/orders\n");
    let (code, said) = scratch.run(&["init"]);
    assert_eq!(code, 0, "{said}");
    let text = std::fs::read_to_string(scratch.root().join("unbroken.yaml")).unwrap();
    let expected = "contracts:\n  # names a version of `openapi` or `swagger`; owned by @acme/orders \
                    (CODEOWNERS)\n  - paths: [\"api/orders.yaml\"]\n    kind: openapi\n  # is called \
                    *.schema.*\n  - paths: [\"events/a.schema.json\"]\n    kind: json-schema\n  # is \
                    called *.proto\n  - paths: [\"proto\"]\n    kind: protobuf\n";
    assert!(text.contains(expected), "{text}");
    assert_eq!(scratch.run(&["check"]).0, 1);
    let (code, said) = scratch.run(&["init"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--force"), "{said}");
    assert_eq!(scratch.run(&["init", "--force"]).0, 0);
    assert!(scratch.run(&["check", "--print-config"]).1.contains("policy.fail-on"));
}

#[test]
fn imports_are_looked_up_where_the_config_says() {
    let scratch = Scratch::new();
    let header = |package: &str| format!("syntax = \"proto3\";\npackage {package};\n");
    let common = |kind: &str| format!("{}message C {{\n  {kind} a = 1;\n}}\n", header("common"));
    let call =
        "import \"common/c.proto\";\nservice S {\n  rpc F(common.C) returns (common.C);\n}\n";
    scratch.write("proto/svc/s.proto", &format!("{}{call}", header("svc")));
    scratch.write("proto/common/c.proto", &common("int32"));
    scratch.write("third_party/common/c.proto", &common("int32"));
    scratch.commit();
    scratch.write("third_party/common/c.proto", &common("int64"));
    let (_, said) = scratch.run(&["check", "--base", "HEAD"]);
    assert!(!said.contains("/svc.S/F"), "its own folder holds the file: {said}");
    scratch.write("unbroken.yaml", "import-roots: [third_party, proto]\n");
    let (code, said) = scratch.run(&["check", "--base", "HEAD"]);
    assert!(code == 1 && said.contains("breaks /svc.S/F \u{203a} request"), "{said}");
    assert!(!said.contains("contract-ignored"), "{said}");
    let (_, said) = scratch.run(&["check", "--print-config"]);
    assert!(said.contains("import-roots") && said.contains("[third_party, proto]"), "{said}");
    scratch.write("unbroken.yaml", "import-roots: [third_party, prto]\n");
    for command in [&["check", "--base", "HEAD"][..], &["doctor", "--base", "HEAD"]] {
        let (code, said) = scratch.run(command);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("unbroken.yaml:1:29: nothing lies below `prto`"), "{said}");
    }
}
