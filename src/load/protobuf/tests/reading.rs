//! What single declarations come to.

use super::*;

/// One of everything that the language has.
pub(super) const EVERYTHING: &str = r#"
edition = "2024";
package a.b;
import public "google/protobuf/any.proto";
import "google/protobuf/descriptor.proto";
option features.field_presence = IMPLICIT;
option (kind) = { name: "x" 'y' list: [1, 2] inner { deep: <n: -1.5> } [a.b.other]: true };
extend google.protobuf.FileOptions { Kind kind = 50000; }
extend Kind { bool other = 100; }
local message Kind {
  string name = 1;
  repeated int32 list = 2;
  message Inner { Deep deep = 1; }
  message Deep { double n = 1; }
  Inner inner = 3;
  extensions 100 to 199, 300 to max [verification = UNVERIFIED];
}
export enum E {
  option features.enum_type = CLOSED;
  reserved 5, 7 to max, -3;
  reserved GONE;
  A = 1 [deprecated = true];
  B = 0x2;
}
message M {
  option deprecated = true;
  reserved 100, 200 to 300, 1000 to max;
  reserved old_name, older_name;
  E e = 1 [features.field_presence = LEGACY_REQUIRED];
  map<string, Kind> kinds = 2 [json_name = "k"];
  repeated int32 packed = 3;
  repeated int32 expanded = 4 [features.repeated_field_encoding = EXPANDED];
  Kind group = 5 [features.message_encoding = DELIMITED];
  oneof choice { string s = 6 [features.utf8_validation = NONE]; bytes raw = 7; }
  int32 implicit = 8;
  int32 explicit = 9 [features = { field_presence: EXPLICIT }, (a.b.note).n = 4];
  google.protobuf.Any any = 10;
}
extend google.protobuf.FieldOptions { Kind.Deep note = 50001; }
service S {
  option deprecated = true;
  rpc Get(M) returns (stream Kind) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Put(stream .a.b.M) returns (M);
}
"#;

fn problems(text: &str) -> Vec<String> {
    messages(&load_text(text))
}

#[test]
fn every_declaration_of_the_language_is_read() {
    let loaded = load_text(EVERYTHING);
    assert_eq!(messages(&loaded), Vec::<String>::new());
    let cardinality = |name| field(&loaded, "a.b.M", name).cardinality;
    assert_eq!(cardinality("e"), Cardinality::Singular(Presence::Required));
    assert_eq!(cardinality("kinds"), Cardinality::Map);
    assert_eq!(cardinality("packed"), Cardinality::Repeated(Packing::Packed));
    assert_eq!(cardinality("expanded"), Cardinality::Repeated(Packing::Expanded));
    assert_eq!(cardinality("implicit"), Cardinality::Singular(Presence::Implicit));
    assert_eq!(cardinality("explicit"), Cardinality::Singular(Presence::Explicit));
    assert_eq!(cardinality("any"), Cardinality::Singular(Presence::Explicit));
    assert_eq!(cardinality("s"), Cardinality::Singular(Presence::Explicit));
    let kind = |name| field(&loaded, "a.b.M", name).kind;
    assert!(matches!(kind("group"), FieldKind::Message(_, Delimiting::Delimited)));
    assert!(matches!(kind("kinds"), FieldKind::Message(_, Delimiting::LengthPrefixed)));
    assert_eq!(kind("s"), FieldKind::Scalar(Scalar::String(Utf8::Unverified)));
    assert_eq!(&*field(&loaded, "a.b.M", "kinds").json_name, "k");
    let note = &field(&loaded, "a.b.M", "explicit").options;
    assert_eq!(note["(a.b.note)"].value.to_string(), r#"{"n":4}"#);
    let file = loaded.contract.messages.files.iter().find(|file| &*file.path == "a.proto").unwrap();
    let expected = r#"{"[a.b.other]":true,"inner":{"deep":{"n":-1.5}},"list":[1,2],"name":"xy"}"#;
    assert_eq!(file.options["(a.b.kind)"].value.to_string(), expected);
    assert_eq!(file.options.len(), 1, "features are resolved, not kept: {:?}", file.options);
    let all = &loaded.contract.messages.enums;
    let e = all.iter().find(|found| &*found.full_name == "a.b.E").unwrap();
    assert_eq!(e.openness.value, Openness::Closed);
    assert_eq!(e.values[1].number, 2);
    assert_eq!(e.reserved_numbers[1].value, (7, i32::MAX));
    let routes: Vec<&str> = loaded.contract.operations.iter().map(route).collect();
    assert_eq!(routes, ["/a.b.S/Get", "/a.b.S/Put"]);
    let Exchange::Call(get) = &loaded.contract.operations[0].exchange else { panic!("no call") };
    assert_eq!(get.idempotency, Idempotency::NoSideEffects);
    assert_eq!(get.response.streaming, Streaming::Stream);
    assert!(get.options.is_empty());
}

fn route(operation: &Operation) -> &str {
    match &operation.exchange {
        Exchange::Call(call) => &call.route,
        Exchange::Http(_) => panic!("no call"),
    }
}

#[test]
fn the_innermost_scope_with_the_first_part_decides() {
    let text = "package a.b; message Foo { } \
        message M { message b { message Foo { } } optional b.Foo f = 1; optional .a.b.Foo g = 2; \
        optional Foo h = 3; optional a.b.Foo i = 4; }";
    let loaded = load_text(&format!("syntax = \"proto2\"; {text}"));
    assert_eq!(messages(&loaded), Vec::<String>::new());
    let target = |name| match field(&loaded, "a.b.M", name).kind {
        FieldKind::Message(id, _) => {
            let index = usize::try_from(id.0).unwrap();
            loaded.contract.messages.messages[index].full_name.to_string()
        }
        FieldKind::Scalar(_) | FieldKind::Enum(_) => panic!("no message"),
    };
    assert_eq!(["f", "g", "h", "i"].map(target), ["a.b.M.b.Foo", "a.b.Foo", "a.b.Foo", "a.b.Foo"]);
    let shadowed = "package a; message M { message b { } b.Foo f = 1; } message Foo { }";
    assert_eq!(
        messages(&load_texts(&[
            ("a.proto", &format!("syntax = \"proto3\"; import \"b.proto\"; {shadowed}")),
            ("b.proto", "syntax = \"proto3\"; package b; message Foo { }"),
        ])),
        ["`b.Foo` is not declared"]
    );
}

#[test]
fn public_imports_are_seen_and_others_are_told() {
    let files = |import: &str| {
        load_texts(&[
            ("a.proto", "syntax = \"proto3\"; import \"b.proto\"; message A { C c = 1; }"),
            ("b.proto", &format!("syntax = \"proto3\"; import {import} \"c.proto\";")),
            ("c.proto", "syntax = \"proto3\"; message C { }"),
        ])
    };
    assert_eq!(messages(&files("public")), Vec::<String>::new());
    let hidden = files("");
    assert_eq!(messages(&hidden), ["`C` is declared in `c.proto`, which is not imported"]);
    assert_eq!(hidden.problems[0].kind, ProblemKind::Part);
}

#[test]
fn options_of_several_settings_come_together() {
    let loaded = load_text(
        "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\";\n\
         extend google.protobuf.MessageOptions { optional O o = 50000; repeated int64 n = 50001; \
         optional bytes raw = 50002; optional E e = 50003; }\n\
         enum E { ZERO = 0; ONE = 1; }\n\
         message O { optional string a = 1; repeated P p = 2; }\nmessage P { optional bool t = 1; }\n\
         message M { option (o).a = \"x\"; option (o).p = { t: true }; option (o).p = { t: 0 };\n\
         option (n) = 1; option (n) = 0x10; option (raw) = \"\\xff\"; option (e) = 1; \
         option (gone).x = inf; }",
    );
    let expected = ["expected a value of `E` here", "the option `(gone)` is not declared"];
    assert_eq!(messages(&loaded), expected);
    let mut all = loaded.contract.messages.messages.iter();
    let message = all.find(|message| &*message.full_name == "M").unwrap();
    let text = |name: &str| message.options[name].value.to_string();
    assert_eq!(text("(o)"), r#"{"a":"x","p":[{"t":true},{"t":false}]}"#);
    assert_eq!(text("(n)"), "[1,16]");
    assert_eq!(text("(raw)"), "\"/w==\"");
    assert_eq!(text("(e)"), "\"ONE\"");
    assert_eq!(text("(gone)"), r#"{"x":"inf"}"#);
}

#[test]
fn groups_extensions_and_defaults_of_proto2() {
    let loaded = load_text(
        "syntax = \"proto2\"; enum E { A = 1; }\n\
         message M { extensions 10 to max; repeated group Some_Item = 1 { optional E e = 1 \
         [default = A]; optional float f = 2 [default = -inf]; optional bytes b = 3 \
         [default = \"\\001\"]; } }\n\
         message N { extend M { optional int32 x = 10; } }",
    );
    assert_eq!(messages(&loaded), Vec::<String>::new());
    let group = field(&loaded, "M", "some_item");
    assert_eq!(&*group.json_name, "someItem");
    assert!(matches!(group.kind, FieldKind::Message(_, Delimiting::Delimited)));
    let default = |name| field(&loaded, "M.Some_Item", name).default.clone().unwrap().value;
    assert_eq!(default("e").to_string(), "\"A\"");
    assert_eq!(default("f").to_string(), "\"-Infinity\"");
    assert_eq!(default("b").to_string(), "\"AQ==\"");
    let extension = &loaded.contract.messages.extensions[0];
    assert_eq!(&*extension.full_name, "N.x");
    assert_eq!(extension.field.cardinality, Cardinality::Singular(Presence::Explicit));
}

#[test]
fn what_makes_comparison_meaningless_is_told() {
    let cases = [
        ("message M { int32 a = 1; int32 b = 1; }", "`a` and `b` both have the number 1"),
        ("message M { int32 a = 0; }", "field numbers go from 1 to 536870911"),
        (
            "message M { int32 a = 19500; }",
            "the field numbers 19000 to 19999 are set apart for protobuf itself",
        ),
        ("message M { reserved 1 to 3; int32 a = 2; }", "the number 2 is reserved"),
        ("message M { reserved \"a\"; int32 a = 2; }", "the name `a` is reserved"),
        ("message M { reserved a; }", "reserved names are quoted before editions"),
        ("enum E { }", "the enumeration `E` has no value"),
        ("enum E { A = 1; }", "the first value of the open enumeration `E` must be 0"),
        ("enum E { A = 0; B = 0; }", "`A` and `B` both have the number 0"),
        ("message M { } message M { }", "`M` is declared twice"),
        ("message M { required int32 a = 1; }", "proto3 has no required fields"),
        (
            "message M { map<float, int32> a = 1; }",
            "the keys of a map are integers, booleans or strings",
        ),
        ("message M { int32 a_b = 1; int32 aB = 2; }", "`a_b` and `aB` are both `aB` in JSON"),
        ("import \"gone.proto\";", "the imported file `gone.proto` was not found"),
        ("message M { int32 a = 1 }", "expected `;`, found `}`"),
        ("package .a;", "expected the name of a package, found `.`"),
        ("message M {", "this `{` is never closed"),
        ("export message M { }", "`export` and `local` need edition 2024"),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(&format!("syntax = \"proto3\"; {text}")), [expected], "{text}");
    }
    assert_eq!(problems("syntax = \"proto4\";"), ["the syntax `proto4` is not known"]);
    let (one, other) = (("a.proto", "message M { }"), ("b.proto", "message M { }"));
    let both = ("c.proto", "import \"a.proto\"; import \"b.proto\";");
    let three = load_texts(&[one, other, both]);
    assert_eq!(messages(&three), ["`M` is declared in `a.proto` already"]);
}

#[test]
fn two_files_that_nobody_compiles_together_may_declare_the_same() {
    let loaded = load_texts(&[
        ("a.proto", "message M { optional int32 a = 1; } enum E { ZERO = 0; }"),
        ("b.proto", "message M { optional string b = 1; } enum E { ZERO = 0; }"),
        ("of_a.proto", "import \"a.proto\"; message A { optional M m = 1; }"),
        ("of_b.proto", "import \"b.proto\"; message B { optional .M m = 1; }"),
    ]);
    assert_eq!(
        messages(&loaded),
        [
            "`M` is declared in `a.proto` too; each of the two files is compared by itself, and no program \
          can hold both"
        ]
    );
    let all = &loaded.contract.messages.messages;
    let field_of = |holder: &str| {
        let holder = all.iter().find(|one| &*one.full_name == holder).unwrap();
        let FieldKind::Message(id, _) = holder.fields[0].kind else { panic!("no message") };
        all[usize::try_from(id.0).unwrap()].fields[0].name.to_string()
    };
    assert_eq!((&*field_of("A"), &*field_of("B")), ("a", "b"));
}

#[test]
fn a_missing_semicolon_hides_nothing() {
    let loaded = load_text("syntax = \"proto3\";\nmessage M {\n  int32 a = 1\n  int32 b = 2;\n}");
    assert_eq!(messages(&loaded), ["a `;` is missing here"]);
    assert_eq!(field(&loaded, "M", "a").number.get(), 1);
    assert_eq!(field(&loaded, "M", "b").number.get(), 2);
}

#[test]
fn bundled_files_go_ahead_of_copies_in_the_tree() {
    let loaded = load_texts(&[
        (
            "google/protobuf/any.proto",
            "syntax = \"proto3\"; package google.protobuf; message Any { }",
        ),
        (
            "m.proto",
            "syntax = \"proto3\"; import \"google/protobuf/any.proto\"; \
         message M { google.protobuf.Any a = 1; }",
        ),
    ]);
    assert_eq!(messages(&loaded), Vec::<String>::new());
    assert_eq!(field(&loaded, "google.protobuf.Any", "type_url").number.get(), 1);
    let any = &loaded.contract.messages.files.iter().find(|file| file.path.ends_with("any.proto"));
    assert_eq!(any.unwrap().ownership, Ownership::Imported);
}

fn load_bytes(bytes: &[u8]) -> Loaded {
    let path = RepoPath::new("a.proto").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), bytes.to_vec())]);
    let root = ProtoRoot::new(path.clone(), vec![Folder::default()], vec![path]);
    load(&snapshot, &root, &LoadOptions::default())
}

#[test]
fn comments_in_another_encoding_hide_no_declaration() {
    let loaded = load_bytes(b"syntax = \"proto3\";\n// \xe9t\xe9\nmessage M { int32 x = 1; }");
    let told = ["the byte 0xE9 at 2:4 is not UTF-8: save the file as UTF-8"];
    assert_eq!(messages(&loaded), told);
    assert_eq!(loaded.problems[0].kind, ProblemKind::Warning);
    assert_eq!(field(&loaded, "M", "x").number.get(), 1);
}

#[test]
fn texts_in_another_encoding_are_not_guessed() {
    let loaded = load_bytes(b"option java_package = \"\xe9t\xe9\";\nmessage M {}");
    assert_eq!(loaded.problems[0].kind, ProblemKind::Unreadable);
}
