//! Compiled files beside the text that they were compiled from.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};
use unbroken::diff::{CompareOptions, compare};
use unbroken::load::protobuf::{ProtoRoot, load, load_compiled};
use unbroken::load::{LoadOptions, Loaded, ProblemKind};
use unbroken::source::{Folder, MemorySnapshot, RepoPath};

use crate::case::Case;

/// A side: paths and texts.
type Texts = Vec<(String, String)>;

fn load_texts(files: &Texts) -> Loaded {
    let paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect();
    let texts = files.iter().map(|(_, text)| text.as_bytes().to_vec());
    let snapshot = MemorySnapshot::new("test", paths.iter().cloned().zip(texts));
    let root = ProtoRoot::new(paths[0].clone(), vec![Folder::default()], paths);
    load(&snapshot, &root, &LoadOptions::default())
}

fn load_bytes(bytes: Vec<u8>) -> Loaded {
    let path = RepoPath::new("set.binpb").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), bytes)]);
    load_compiled(&snapshot, &path, &LoadOptions::default())
}

fn messages(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| problem.message.clone()).collect()
}

/// The files as `protox` compiles them, options and source information included; `None` where it
/// refuses one.
fn compiled_by_protox(files: &Texts) -> Option<Vec<u8>> {
    struct InMemory(Texts);
    impl FileResolver for InMemory {
        fn open_file(&self, name: &str) -> Result<File, protox::Error> {
            let found = self.0.iter().find(|(path, _)| path == name);
            let (_, text) = found.ok_or_else(|| protox::Error::file_not_found(name))?;
            File::from_source(name, text)
        }
    }
    let mut resolver = ChainFileResolver::new();
    resolver.add(InMemory(files.clone()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    for (path, _) in files {
        compiler.open_file(path).ok()?;
    }
    Some(compiler.encode_file_descriptor_set())
}

fn side_of(text: &str) -> Texts {
    vec![("x/y.proto".to_owned(), text.to_owned())]
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

const TEXT: &str = "syntax = \"proto2\";

// Of the package.
package x.y; // aside

import \"google/protobuf/descriptor.proto\";

message Tag { optional string label = 1; repeated int32 at = 2; optional bytes raw = 3; }
extend google.protobuf.FieldOptions { optional Tag tag = 50001; repeated uint64 many = 50002; }

/* Block. */
message M {
  reserved 4, 10 to 20;
  reserved \"gone\";
  extensions 100 to 199;
  // Leads.
  optional int32 a = 1 [default = -7, (tag) = { label: \"q\\\"\\n\" at: [1, 2] raw: \"\\xff\" }];
  repeated group Item = 2 { required string name = 1; }
  map<string, Tag> tags = 3;
  optional int32 nameless = 7 [json_name = \"\"];
  oneof choice { E e = 5; double d = 6 [(many) = 1, (many) = 2, deprecated = true]; }
  enum E { option allow_alias = true; NONE = 0; ZERO = 0; LOW = -1; }
  extend M { optional bytes inside = 100 [default = \"\\001a\\\"\"]; }
}
service S {
  option deprecated = true;
  rpc Get (M) returns (stream Tag) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Put (M) returns (M);
}
";

fn compiled(text: &str) -> Vec<u8> {
    compiled_by_protox(&side_of(text)).unwrap()
}

#[test]
fn a_compiled_file_means_what_its_text_means_on_the_same_lines() {
    let (text, set) = (load_texts(&side_of(TEXT)), load_bytes(compiled(TEXT)));
    assert_eq!(messages(&set), Vec::<String>::new());
    let findings = compare(&text, &set, CompareOptions::default()).findings;
    let told: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
    assert_eq!(told, Vec::<&str>::new());
    let lines = |loaded: &Loaded| -> Vec<(String, u32)> {
        let own =
            loaded.contract.messages.messages.iter().filter(|one| one.full_name.starts_with("x.y"));
        let fields = own.flat_map(|one| &one.fields);
        let line = |span| loaded.files.locate(span).unwrap().1.line;
        fields.map(|field| (field.name.to_string(), line(field.span))).collect()
    };
    assert_eq!(lines(&text), lines(&set));
    let (_, file) = set.files.iter().find(|(_, file)| file.path.as_str() == "x/y.proto").unwrap();
    for comment in ["// Of the package.", "// aside", "// Block.", "// Leads."] {
        assert!(file.text.contains(comment), "{comment} is missing:\n{}", file.text);
    }
}

#[test]
fn every_case_of_our_own_reads_the_same_once_compiled() {
    let mut compared = 0;
    for side in sides() {
        let Some(set) = compiled_by_protox(&side) else { continue };
        let (text, set) = (load_texts(&side), load_bytes(set));
        assert_eq!(messages(&set), messages(&text), "{side:?}");
        let findings = compare(&text, &set, CompareOptions::default()).findings;
        let told: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
        assert_eq!(told, Vec::<&str>::new(), "{side:?}");
        compared += 1;
    }
    assert!(compared > 120, "only {compared} were compared");
}

/// The sides of all cases, each as paths and texts.
fn sides() -> Vec<Texts> {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let mut found = Vec::new();
    for case in Case::of("protobuf") {
        for side in [&case.old, &case.new].map(|name| case.ground.join(name)) {
            if side.is_dir() {
                let paths = proto_files(&side);
                let text = |path: &PathBuf| (path.display().to_string(), read(&side.join(path)));
                found.push(paths.iter().map(text).collect());
            } else if side.extension().is_some_and(|extension| extension == "proto") {
                found.push(vec![("a.proto".to_owned(), read(&side))]);
            }
        }
    }
    found
}

#[test]
fn gzip_is_taken_off_and_a_bomb_is_refused() {
    let set = compiled(TEXT);
    assert_eq!(messages(&load_bytes(zipped(&set))), Vec::<String>::new());
    let path = RepoPath::new("set.binpb").unwrap();
    let snapshot = MemorySnapshot::new("test", [(path.clone(), zipped(&vec![0; 1 << 20]))]);
    let limits = LoadOptions { max_bytes: 1_000, ..LoadOptions::default() };
    let refused = load_compiled(&snapshot, &path, &limits);
    assert_eq!(refused.problems[0].kind, ProblemKind::Refused);
}

#[test]
fn what_is_no_descriptor_set_is_unreadable_and_panics_nowhere() {
    let set = compiled(TEXT);
    for cut in (0..set.len()).step_by(7) {
        let _ = load_bytes(set[..cut].to_vec());
        let mut bent = set.clone();
        bent[cut] ^= 0x55;
        let _ = load_bytes(bent);
    }
    let broken = load_bytes(b"\x0a\xff\xff".to_vec());
    assert_eq!(broken.problems[0].kind, ProblemKind::Unreadable);
}

/// The `.proto` files below a folder, by their paths in it.
fn proto_files(folder: &Path) -> Vec<PathBuf> {
    let mut open = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path.strip_prefix(folder).unwrap().to_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn a_set_of_nothing_and_one_that_is_cut_off_are_no_contract() {
    let told = |bytes: Vec<u8>| messages(&load_bytes(bytes));
    assert_eq!(told(Vec::new()), ["the descriptor set holds no file: did its build fail?"]);
    let whole = compiled_by_protox(&side_of("syntax = \"proto3\"; message M { int32 a = 1; }"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&whole.unwrap()).unwrap();
    let packed = packed.finish().unwrap();
    let cut = told(packed[..packed.len() / 2].to_vec());
    assert!(cut[0].starts_with("the gzip data are cut off or damaged: "), "{cut:?}");
}
