//! What buf would report: the table of its rules, and what fires on pairs of files.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use unbroken::rules::peer::{Category, peer_rules};

use crate::cases::unbroken;

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/reference/buf_rules.tsv");

const INTRODUCTION: &str = "# From buf

`unbroken diff OLD NEW --preset buf:WIRE` reports what that category of `buf breaking` would, on the same
elements and under the same rule ids, each beside what we say of the change; `--preset buf` does what the
`breaking:` section of the nearest `buf.yaml` selects (`use`, `except`, `ignore`, `ignore_only`,
`ignore_unstable_packages`; `FILE` where it says nothing). Whatever buf would fail on is an error then, and
nothing else is shown. What only buf reports is shown as compatible: nobody was found who breaks.

`except`, `ignore`, `ignore_only` and `ignore_unstable_packages` were run beside buf 1.75 on real trees, under
every version of the file, with `modules` and with `buf.work.yaml`: the same rules fire on the same elements. A
file that buf excludes, does not include, or that lies beside all modules of a workspace is left out, though not from
what others import; without a `buf.yaml` `--preset buf` takes the rules of `v1`, as buf does; a rule that was replaced
selects those that replaced it, as there; the plugins and policies of a `buf.yaml` are not run. Where a tree holds a copy
of a file that comes with every compiler (`google/protobuf/any.proto`), only buf compares it: here the name always
means the bundled one. Where the last import of such a file goes, it is gone from buf's images, and `FILE_NO_DELETE`,
`PACKAGE_NO_DELETE` or `PACKAGE_MESSAGE_NO_DELETE` fire on it and what it declares; they do here, too. When the
last import of another module's file goes, only buf says that the file was deleted. What moved from one module to
another is compared where it is now, whoever imports it; buf compares it where a module imports it before and after.

Without a preset the truth decides, not this table. What buf does not see is seen: calls and services
that are gone under WIRE, files and packages that moved with changes inside, extensions under another
number, signs (`int32` read as `uint32`), text that is not UTF-8, HTTP routes in options. What it flags and
nobody notices is compatible: a message moved with all its users, a oneof renamed, one field that joins a
new oneof.

Rules of buf 1.75, the categories that hold them (CSR is the set of the Confluent schema registry), and
the rules of ours that speak of the same change:

| buf | categories | here | difference |
|---|---|---|---|
";

/// The page that the table derives.
fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut rules: Vec<_> = peer_rules().collect();
    rules.sort_by_key(|rule| rule.id);
    for rule in rules {
        let categories: Vec<&str> = rule.categories.iter().map(|one| one.name()).collect();
        let ours: Vec<String> = rule.ours.iter().map(|one| format!("`{}`", one.id)).collect();
        let categories =
            if categories.is_empty() { "none".to_owned() } else { categories.join(", ") };
        writeln!(page, "| `{}` | {categories} | {} | {} |", rule.id, ours.join(", "), rule.note)
            .unwrap();
    }
    page
}

#[test]
fn the_page_for_those_who_come_from_buf_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/from-buf.md");
    let fresh = page();
    if fs::read_to_string(&path).unwrap_or_default() != fresh {
        if std::env::var_os("CI").is_none() {
            fs::write(&path, fresh).unwrap();
        }
        panic!("docs/from-buf.md was stale; run the tests again and commit it");
    }
}

#[test]
fn every_rule_of_buf_is_in_the_table_with_its_categories() {
    let Ok(text) = fs::read_to_string(RULES) else {
        eprintln!("skipped: {RULES} is not here");
        return;
    };
    let mut listed = BTreeSet::new();
    for line in text.lines().skip(1) {
        let mut columns = line.split('\t');
        let (id, categories) = (columns.next().unwrap(), columns.next().unwrap());
        let known = peer_rules().find(|rule| rule.id == id);
        let known = known.unwrap_or_else(|| panic!("{id} is not in the table"));
        let mut wanted: Vec<&str> =
            categories.split(',').filter(|name| !matches!(*name, "-" | "absent")).collect();
        let mut said: Vec<&str> = known.categories.iter().map(|one| Category::name(*one)).collect();
        wanted.sort_unstable();
        said.sort_unstable();
        assert_eq!(said, wanted, "{id}");
        listed.insert(id.to_owned());
    }
    assert!(peer_rules().all(|rule| listed.contains(rule.id)), "a rule is none of buf's");
}

/// What a preset reports of two texts: the rule ids of buf with their elements.
fn reported(preset: &str, old: &str, new: &str, config: Option<&str>) -> (BTreeSet<String>, Value) {
    let with = |text| {
        let config = config.map(|config| ("buf.yaml", config));
        std::iter::once(("a.proto", text)).chain(config).collect::<Vec<_>>()
    };
    reported_of(preset, &with(old), &with(new))
}

/// The same of trees.
fn reported_of(
    preset: &str,
    old: &[(&str, &str)],
    new: &[(&str, &str)],
) -> (BTreeSet<String>, Value) {
    let home = tempfile::tempdir().unwrap();
    for (side, files) in [("old", old), ("new", new)] {
        for (path, text) in files {
            let path = home.path().join(side).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let output =
        unbroken(home.path(), &["diff", "old", "new", "--preset", preset, "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let peers = findings.iter().filter_map(|finding| finding["peers"].as_array()).flatten();
    let word = |peer: &Value, name: &str| peer[name].as_str().unwrap().to_owned();
    let found = peers.map(|peer| format!("{} {}", word(peer, "rule"), word(peer, "element")));
    (found.collect(), report)
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

const OLD: &str = "syntax = \"proto3\"; package x.v1;\nmessage M { int32 a = 1; string b = 2; \
    oneof o { int32 c = 3; } repeated int32 l = 4; }\nenum E { Z = 0; ONE = 1; }\n\
    service S { rpc Get (M) returns (M); }\n";

const NEW: &str = "syntax = \"proto3\"; package x.v1;\nmessage M { int64 a = 1; string bb = 2; \
    int32 c = 3; }\nenum E { Z = 0; UN = 1; }\nservice S { rpc Get (M) returns (stream M); }\n";

#[test]
fn each_category_reports_its_own_rules() {
    let (wire, report) = reported("buf:WIRE", OLD, NEW, None);
    let expected = [
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED x.v1.M.l",
        "FIELD_SAME_ONEOF x.v1.M.c",
        "RPC_SAME_SERVER_STREAMING x.v1.S.Get",
    ];
    assert_eq!(wire, set(&expected));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["severity"] == "error"));
    let (json, _) = reported("buf:WIRE_JSON", OLD, NEW, None);
    let more = [
        "ENUM_VALUE_SAME_NAME x.v1.E.1",
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED x.v1.M.l",
        "FIELD_SAME_JSON_NAME x.v1.M.bb",
        "FIELD_SAME_NAME x.v1.M.bb",
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE x.v1.M.a",
    ];
    assert_eq!(json, set(&[&expected[..], &more[..]].concat()));
    let (file, _) = reported("buf:FILE", OLD, NEW, None);
    assert!(file.contains("FIELD_SAME_TYPE x.v1.M.a") && file.contains("ONEOF_NO_DELETE x.v1.M.o"));
    assert_eq!(reported("buf:FILE", OLD, OLD, None).0, set(&[]));
}

/// `buf` refuses such a file, and says nothing of what it promised.
#[test]
fn what_could_not_be_read_is_told_under_every_preset() {
    let twice = |kind: &str| {
        let message = format!("message M {{ {kind} a = 1; }}");
        format!("syntax = \"proto3\"; package x.v1;\n{message}\n{message}\n")
    };
    let (found, report) = reported("buf:FILE", &twice("int32"), &twice("string"), None);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "contract-unreadable"), "{found:?}");
    assert_eq!(report["verdict"], "undecided");
}

/// As `buf breaking` 1.75 answers.
#[test]
fn what_buf_does_not_look_at_is_not_reported() {
    let file = |text: &str| format!("syntax = \"proto2\"; package p; {text}\n");
    let edition = |text: &str| format!("edition = \"2023\"; package p; {text}\n");
    let found = |preset, old: &str, new: &str| reported(preset, old, new, None).0;
    // A package that declares no message any more is not looked into.
    let (old, new) = (file("message M {} enum E { A = 0; }"), file("enum E { A = 0; }"));
    assert_eq!(found("buf:PACKAGE", &old, &new), set(&[]));
    let (old, new) = (file("message M {} message N {}"), file("message N {}"));
    assert_eq!(found("buf:PACKAGE", &old, &new), set(&["PACKAGE_MESSAGE_NO_DELETE p.M"]));
    // Nobody can tell that the field is absent; its default is compared all the same.
    let old = edition("message M { int32 a = 1 [default = 5]; }");
    let new = edition("message M { int32 a = 1 [features.field_presence = IMPLICIT]; }");
    assert_eq!(found("buf:WIRE", &old, &new), set(&["FIELD_SAME_DEFAULT p.M.a"]));
    let old = file("message M { optional int32 a = 1 [default = 1]; }");
    let new = file("message M { optional bool a = 1 [default = true]; }");
    assert_eq!(found("buf:WIRE", &old, &new), set(&[]));
    // The label counts, and editions have none.
    let old = file("message M { required int32 a = 1; }");
    let new = edition("message M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }");
    assert_eq!(found("buf:WIRE", &old, &new), set(&["MESSAGE_SAME_REQUIRED_FIELDS p.M.a"]));
    let plain = edition("message M { int32 a = 1; }");
    let cardinality = "FIELD_WIRE_COMPATIBLE_CARDINALITY p.M.a";
    assert_eq!(found("buf:WIRE", &plain, &new), set(&[cardinality]));
}

/// As `buf breaking` 1.75 answers.
#[test]
fn what_comes_with_every_compiler_is_gone_with_its_last_import() {
    let file = |imports: &[&str]| {
        let import = |name: &&str| format!("import \"google/protobuf/{name}.proto\";\n");
        let imports: String = imports.iter().map(import).collect();
        format!("syntax = \"proto3\"; package p;\n{imports}message M {{ int32 a = 1; }}\n")
    };
    let found = |preset, old: &str, new: &str| reported(preset, old, new, None).0;
    let (both, one, none) = (file(&["any", "empty"]), file(&["empty"]), file(&[]));
    assert_eq!(found("buf:FILE", &both, &one), set(&["FILE_NO_DELETE google/protobuf/any.proto"]));
    assert_eq!(
        found("buf:PACKAGE", &both, &one),
        set(&["PACKAGE_MESSAGE_NO_DELETE google.protobuf.Any"])
    );
    assert_eq!(found("buf:PACKAGE", &both, &none), set(&["PACKAGE_NO_DELETE google.protobuf"]));
    assert_eq!(found("buf:WIRE", &both, &none), set(&[]));
    assert_eq!(found("buf:FILE", &none, &both), set(&[]));
}

#[test]
fn what_buf_yaml_leaves_out_is_not_reported() {
    let config = "version: v2\nbreaking:\n  use: [WIRE, FIELD_SAME_NAME]\n  except:\n    - \
        FIELD_SAME_ONEOF\n  ignore_only:\n    RPC_SAME_SERVER_STREAMING:\n      - a.proto\n";
    let (found, _) = reported("buf", OLD, NEW, Some(config));
    let expected = ["FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED x.v1.M.l", "FIELD_SAME_NAME x.v1.M.bb"];
    assert_eq!(found, set(&expected));
    let config = "version: v1\nbreaking:\n  ignore:\n    - a.proto\n";
    assert_eq!(reported("buf", OLD, NEW, Some(config)).0, set(&[]));
    let config = "version: v1\nbuild:\n  excludes: [a.proto]\n";
    assert_eq!(reported("buf", OLD, NEW, Some(config)).0, set(&[]));
    let unstable = OLD.replace("x.v1", "x.v1beta1");
    let changed = NEW.replace("x.v1", "x.v1beta1");
    let config = "version: v1\nbreaking:\n  ignore_unstable_packages: true\n";
    assert_eq!(reported("buf", &unstable, &changed, Some(config)).0, set(&[]));
}

/// As `buf breaking` 1.75 answers.
#[test]
fn who_configures_nothing_has_the_rules_of_the_first_stable_version() {
    let file = |default: u8| {
        let field = format!("optional int32 a = 1 [default = {default}];");
        format!("syntax = \"proto2\"; package x.v1; message M {{ {field} }}\n")
    };
    let found = |config| reported("buf", &file(1), &file(2), config).0;
    assert_eq!(found(None), set(&[]));
    assert_eq!(found(Some("version: v1\n")), set(&[]));
    assert_eq!(found(Some("version: v2\n")), set(&["FIELD_SAME_DEFAULT x.v1.M.a"]));
}

/// As `buf breaking` 1.75 answers.
#[test]
fn what_moved_from_one_module_to_another_is_compared_where_it_is_now() {
    let config = ("buf.yaml", "version: v2\nmodules:\n  - path: a\n  - path: b\n");
    let (kept, user) = ("package k;\n", "import \"p/m.proto\"; message U { p.M m = 1; }\n");
    let (kept, user) = (("a/k.proto", kept), ("b/u.proto", user));
    let was = "syntax = \"proto3\"; package p; message M { int32 x = 1; }\n";
    let is = "syntax = \"proto3\"; package p; message M { string x = 1; }\n";
    let user = (user.0, &*format!("syntax = \"proto3\"; {}", user.1));
    let old = [config, kept, user, ("a/p/m.proto", was)];
    let moved = [config, kept, user, ("b/p/m.proto", is)];
    let found = |preset: &str, new| reported_of(preset, &old, new).0;
    let expected = ["FIELD_SAME_TYPE p.M.x", "FILE_NO_DELETE p/m.proto"];
    assert_eq!(found("buf:FILE", &moved), set(&expected));
    assert_eq!(found("buf:WIRE", &moved), set(&["FIELD_WIRE_COMPATIBLE_TYPE p.M.x"]));
}

#[test]
fn an_older_configuration_has_its_own_categories() {
    let of = |version: &str| {
        let config = format!("version: {version}\nbreaking:\n  use: [WIRE_JSON]\n");
        reported("buf", OLD, NEW, Some(&config)).0
    };
    let (first, then) = (of("v1beta1"), of("v2"));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        only(&first, &then),
        ["FIELD_SAME_CARDINALITY x.v1.M.c", "FIELD_SAME_TYPE x.v1.M.a"]
    );
    assert_eq!(only(&then, &first), ["FIELD_WIRE_JSON_COMPATIBLE_TYPE x.v1.M.a"]);
}
