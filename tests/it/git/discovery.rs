//! What is a contract, without any configuration.

use unbroken::source::{Discovered, Folder, Kind, LeftOut, MemorySnapshot, Selection, discover};

use super::scratch::{openapi, path, references};

fn found(files: &[(&str, &str)]) -> Vec<Discovered> {
    let files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    discover(&MemorySnapshot::new("test", files), &Selection::default(), &references).unwrap().0
}

fn places(files: &[(&str, &str)]) -> Vec<(Kind, String)> {
    found(files).iter().map(|one| (one.kind, one.root.as_str().to_owned())).collect()
}

#[test]
fn contracts_are_known_by_content() {
    let here = places(&[
        ("docs/service.yml", &openapi("x")),
        ("openapi.yaml", "paths: {}\n"),
        ("package.json", "{\"$schema\": \"https://json.schemastore.org/package\"}"),
        ("events/a.json", "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}"),
        ("events/b.schema.yaml", "type: object\n"),
        ("notes.txt", "openapi: 3.0.0\n"),
    ]);
    let expected = [
        (Kind::OpenApi, "docs/service.yml"),
        (Kind::JsonSchema, "events/a.json"),
        (Kind::JsonSchema, "events/b.schema.yaml"),
    ];
    assert_eq!(here, expected.map(|(kind, place)| (kind, place.to_owned())));
}

#[test]
fn proto_files_are_trees_below_the_folder_from_which_they_import() {
    let trees = found(&[
        ("proto/shop/v1/order.proto", "package shop.v1;\nimport \"shop/v1/item.proto\";\n"),
        ("proto/shop/v1/item.proto", "package shop.v1;\nimport \"google/type/money.proto\";\n"),
        ("proto/shop/v2/lonely.proto", "package shop.v2;\n"),
        ("third_party/google/type/money.proto", "package google.type;\n"),
    ]);
    let roots: Vec<&str> = trees.iter().map(|tree| tree.root.as_str()).collect();
    assert_eq!(roots, ["proto", "third_party"]);
    assert_eq!(trees[0].files.len(), 3);
    assert!(trees[0].reached.contains(&path("third_party/google/type/money.proto")));
    assert_eq!(trees[0].import_roots.len(), 2);
}

#[test]
fn roots_that_are_named_are_looked_up_first_in_their_order() {
    let files = [
        ("proto/svc/s.proto", "package svc;\nimport \"common/c.proto\";\n"),
        ("proto/common/c.proto", "package common;\n"),
        ("third_party/common/c.proto", "package common;\n"),
    ];
    let of = |named: &[&str]| {
        let files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let import_roots = named.iter().map(|name| Folder::new(name)).collect();
        let selection = Selection { import_roots, ..Selection::default() };
        discover(&MemorySnapshot::new("test", files), &selection, &references).unwrap().0
    };
    let reached = |found: &[Discovered], file: &str| {
        let tree = found.iter().find(|one| one.files.contains(&path("proto/svc/s.proto"))).unwrap();
        tree.reached.contains(&path(file))
    };
    let found = of(&["third_party", "proto"]);
    assert!(reached(&found, "third_party/common/c.proto"));
    let found = of(&["proto", "third_party"]);
    assert!(!reached(&found, "third_party/common/c.proto"));
    let found = of(&["."]);
    let roots: Vec<&str> = found.iter().map(|tree| tree.root.as_str()).collect();
    assert_eq!(roots, ["."], "what lies below a root that is named belongs to it");
}

#[test]
fn what_a_module_of_buf_leaves_out_is_no_contract_for_who_asks_as_buf() {
    let seen = |module: &str, left_out: LeftOut| {
        let files = [
            ("buf.yaml", format!("version: v2\nmodules:\n  - path: apis\n    {module}\n")),
            ("apis/a/x.proto", "package p;\n".to_owned()),
            ("apis/b/y.proto", "package p;\n".to_owned()),
        ];
        let files = files.map(|(name, text)| (path(name), text.into_bytes()));
        let selection = Selection { left_out, ..Selection::default() };
        let snapshot = MemorySnapshot::new("test", files);
        let found = discover(&snapshot, &selection, &references).unwrap().0;
        found
            .into_iter()
            .flat_map(|tree| tree.files)
            .map(|path| path.to_string())
            .collect::<Vec<_>>()
    };
    let files = |module: &str| seen(module, LeftOut::Ignored);
    assert_eq!(seen("excludes: [apis/b]", LeftOut::Compared).len(), 2);
    assert_eq!(files("excludes: [apis/b]"), ["apis/a/x.proto"]);
    assert_eq!(files("includes: [apis/b]"), ["apis/b/y.proto"]);
    assert_eq!(files("name: buf.build/x/y").len(), 2);
}

#[test]
fn what_lies_beside_all_modules_is_no_contract_for_who_asks_as_buf() {
    let seen = |name: &str, text: &str| {
        let files = ["a/x.proto", "b/y.proto", "c/z.proto"].map(|name| (name, "package p;\n"));
        let files = files.into_iter().chain([(name, text), ("c/buf.yaml", "version: v1\n")]);
        let files = files.map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let selection = Selection { left_out: LeftOut::Ignored, ..Selection::default() };
        let snapshot = MemorySnapshot::new("test", files);
        let found = discover(&snapshot, &selection, &references).unwrap().0;
        let paths = found.into_iter().flat_map(|tree| tree.files);
        paths.map(|path| path.to_string()).collect::<Vec<_>>()
    };
    let expected = ["a/x.proto", "c/z.proto"];
    assert_eq!(seen("buf.work.yaml", "version: v1\ndirectories: [a]\n"), expected);
    assert_eq!(seen("buf.yaml", "version: v2\nmodules:\n  - path: a\n"), expected);
    assert_eq!(seen("buf.yaml", "version: v1beta1\nbuild:\n  roots: [a]\n"), expected);
    assert_eq!(seen("buf.yaml", "version: v1\n").len(), 3);
    assert_eq!(seen("buf.gen.yaml", "version: v1\n").len(), 3);
}

#[test]
fn the_modules_of_buf_are_roots() {
    let buf = "version: v2\nmodules:\n  - path: apis\n  - path: more\n";
    let here = places(&[
        ("buf.yaml", buf),
        ("apis/a/x.proto", "package p;\n"),
        ("apis/b/y.proto", "package p;\n"),
        ("more/z.proto", "package p;\n"),
    ]);
    let expected = [(Kind::Protobuf, "apis"), (Kind::Protobuf, "more")];
    assert_eq!(here, expected.map(|(kind, place)| (kind, place.to_owned())));
}

#[test]
fn references_in_a_circle_end() {
    let here = found(&[
        ("a.yaml", &format!("{}x:\n  $ref: \"b.yaml\"\n", openapi("a"))),
        ("b.yaml", "y:\n  $ref: \"a.yaml\"\n"),
    ]);
    assert_eq!(here.len(), 1);
    assert_eq!(here[0].reached.len(), 2);
}
