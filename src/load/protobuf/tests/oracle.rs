//! Our reading beside `protox`, which reads proto2 and proto3: the same facts, line by line.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use prost_reflect::prost_types::field_descriptor_proto::{Label, Type};
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    ServiceDescriptorProto,
};
use protox::Compiler;
use protox::file::{ChainFileResolver, GoogleFileResolver, IncludeFileResolver};

use super::*;

/// Facts of one side, one to a line.
type Facts = BTreeSet<String>;

#[test]
fn protox_reads_the_measured_cases_the_same() {
    let cases = Path::new("../shared/cases/protobuf");
    if !cases.exists() {
        eprintln!("skipped: {} is not here", cases.display());
        return;
    }
    let mut compared = 0;
    for case in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        for side in ["old", "new"] {
            compared += usize::from(compare(&case.join(side), 0));
        }
    }
    assert!(compared > 100, "only {compared} sides were compared");
}

/// A real tree, given by a path: `UNBROKEN_PROTO_TREE=…/google-proto-files cargo test`.
#[test]
fn protox_reads_a_real_tree_the_same() {
    let Ok(tree) = std::env::var("UNBROKEN_PROTO_TREE") else {
        eprintln!("skipped: UNBROKEN_PROTO_TREE names no tree");
        return;
    };
    compare(Path::new(&tree), 1_000);
}

/// Compares what both readers make of the files that `protox` accepts.
fn compare(folder: &Path, most_problems: usize) -> bool {
    let mut paths = Vec::new();
    proto_files(folder, folder, &mut paths);
    let texts: Vec<(String, String)> = paths
        .iter()
        .filter_map(|path| {
            Some((path.to_str()?.to_owned(), std::fs::read_to_string(folder.join(path)).ok()?))
        })
        .collect();
    let borrowed: Vec<(&str, &str)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    if borrowed.is_empty() {
        return false;
    }
    let start = Instant::now();
    let ours = load_texts(&borrowed);
    eprintln!("ours: {} files in {:?}", borrowed.len(), start.elapsed());
    for problem in ours.problems.iter().take(50) {
        let place = problem.span.and_then(|span| ours.files.locate(span));
        eprintln!("{place:?}: {}", problem.message);
    }
    assert!(ours.problems.len() <= most_problems, "{} problems", ours.problems.len());
    let accepted = accepted_by_protox(folder, &borrowed);
    if accepted.is_empty() {
        return false;
    }
    let ours = our_facts(&ours, &accepted);
    let theirs: Facts = accepted.iter().flat_map(their_facts).collect();
    let missing: Vec<&String> = theirs.difference(&ours).take(20).collect();
    let extra: Vec<&String> = ours.difference(&theirs).take(20).collect();
    eprintln!("{} files, {} facts", accepted.len(), theirs.len());
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{}: missing {missing:#?}, extra {extra:#?}",
        folder.display()
    );
    true
}

fn accepted_by_protox(folder: &Path, files: &[(&str, &str)]) -> Vec<FileDescriptorProto> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(GoogleFileResolver::new());
    resolver.add(IncludeFileResolver::new(folder.to_path_buf()));
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true);
    let mut refused = 0;
    for (path, _) in files {
        if let Err(error) = compiler.open_file(path) {
            refused += 1;
            if refused < 10 {
                eprintln!("protox: {path}: {error}");
            }
        }
    }
    eprintln!("protox refuses {refused} files");
    let own: BTreeSet<&str> = files.iter().map(|(path, _)| *path).collect();
    let set = compiler.file_descriptor_set().file;
    set.into_iter()
        .filter(|file| own.contains(file.name()) && !file.name().starts_with("google/protobuf/"))
        .collect()
}

fn proto_files(root: &Path, folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            proto_files(root, &path, out);
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            out.push(path.strip_prefix(root).unwrap().to_path_buf());
        }
    }
    out.sort();
}

fn our_facts(loaded: &Loaded, accepted: &[FileDescriptorProto]) -> Facts {
    let names: BTreeSet<&str> = accepted.iter().map(FileDescriptorProto::name).collect();
    let all = &loaded.contract.messages;
    let wanted = |file: usize| names.contains(&*all.files[file].path);
    let mut facts = Facts::new();
    for message in all.messages.iter().filter(|message| wanted(message.file)) {
        let name = &message.full_name;
        facts.insert(format!("message {name} {}", message.kind == MessageKind::MapEntry));
        for field in &message.fields {
            let oneof = field.oneof.map(|oneof| &*message.oneofs[oneof].name);
            facts.insert(our_field(all, name, field, oneof, message.kind));
        }
        for range in &message.reserved_numbers {
            facts.insert(format!("reserved {name} {:?}", range.value));
        }
        for range in &message.extension_ranges {
            facts.insert(format!("extensions {name} {:?}", range.value));
        }
        for reserved in &message.reserved_names {
            facts.insert(format!("reserved {name} {}", reserved.value));
        }
    }
    for declared in all.enums.iter().filter(|declared| wanted(declared.file)) {
        for value in &declared.values {
            facts.insert(format!("{} {} {}", declared.full_name, value.name, value.number));
        }
    }
    for extension in all.extensions.iter().filter(|extension| wanted(extension.file)) {
        let extendee = &all.messages[extension.extendee.0 as usize].full_name;
        let owner = format!("{} of {extendee}", extension.full_name);
        facts.insert(our_field(all, &owner, &extension.field, None, MessageKind::Declared));
    }
    for operation in &loaded.contract.operations {
        let Exchange::Call(call) = &operation.exchange else { panic!("no call") };
        let side = |side: &Streamed| {
            let name = &all.messages[side.message.0 as usize].full_name;
            format!("{name} {:?}", side.streaming)
        };
        let service = all.services.iter().find(|found| found.full_name == call.service).unwrap();
        if wanted(service.file) {
            facts.insert(format!(
                "{} {} {}",
                call.route,
                side(&call.request),
                side(&call.response)
            ));
        }
    }
    facts
}

fn our_field(
    all: &Messages,
    owner: &str,
    field: &Field,
    oneof: Option<&str>,
    kind: MessageKind,
) -> String {
    let shape = match field.kind {
        FieldKind::Scalar(Scalar::String(_)) => "String".to_owned(),
        FieldKind::Scalar(scalar) => format!("{scalar:?}"),
        FieldKind::Enum(id) => format!("Enum {}", all.enums[id.0 as usize].full_name),
        FieldKind::Message(id, Delimiting::Delimited) => {
            format!("Group {}", all.messages[id.0 as usize].full_name)
        }
        FieldKind::Message(id, Delimiting::LengthPrefixed) => {
            format!("Message {}", all.messages[id.0 as usize].full_name)
        }
    };
    let cardinality = match field.cardinality {
        _ if kind == MessageKind::MapEntry => "entry".to_owned(),
        Cardinality::Singular(presence) => format!("{presence:?}"),
        Cardinality::Repeated(packing) => format!("{packing:?}"),
        Cardinality::Map => "Expanded".to_owned(),
    };
    let (number, name, json) = (field.number.get(), &field.name, &field.json_name);
    let default = field.default.is_some();
    format!("{owner}.{name} {json} {number} {shape} {cardinality} {oneof:?} {default}")
}

fn their_facts(file: &FileDescriptorProto) -> Facts {
    let mut facts = Facts::new();
    let proto3 = file.syntax() == "proto3";
    let scope = file.package();
    for message in &file.message_type {
        their_message(message, scope, proto3, &mut facts);
    }
    for declared in &file.enum_type {
        their_enum(declared, scope, &mut facts);
    }
    for extension in &file.extension {
        their_extension(extension, scope, proto3, &mut facts);
    }
    for service in &file.service {
        their_service(service, scope, &mut facts);
    }
    facts
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

fn their_message(message: &DescriptorProto, scope: &str, proto3: bool, facts: &mut Facts) {
    let name = join(scope, message.name());
    let entry =
        message.options.as_ref().is_some_and(prost_reflect::prost_types::MessageOptions::map_entry);
    facts.insert(format!("message {name} {entry}"));
    for field in &message.field {
        let synthetic = field.proto3_optional();
        let oneof = field.oneof_index.filter(|_| !synthetic);
        let oneof = oneof.map(|oneof| message.oneof_decl[usize::try_from(oneof).unwrap()].name());
        facts.insert(their_field(field, &name, oneof, proto3, entry, false));
    }
    for range in &message.reserved_range {
        facts.insert(format!("reserved {name} {:?}", (range.start(), range.end() - 1)));
    }
    for range in &message.extension_range {
        facts.insert(format!("extensions {name} {:?}", (range.start(), range.end() - 1)));
    }
    for reserved in &message.reserved_name {
        facts.insert(format!("reserved {name} {reserved}"));
    }
    for nested in &message.nested_type {
        their_message(nested, &name, proto3, facts);
    }
    for nested in &message.enum_type {
        their_enum(nested, &name, facts);
    }
    for extension in &message.extension {
        their_extension(extension, &name, proto3, facts);
    }
}

fn their_enum(declared: &EnumDescriptorProto, scope: &str, facts: &mut Facts) {
    let name = join(scope, declared.name());
    for value in &declared.value {
        facts.insert(format!("{name} {} {}", value.name(), value.number()));
    }
}

fn their_extension(field: &FieldDescriptorProto, scope: &str, proto3: bool, facts: &mut Facts) {
    let extendee = field.extendee().trim_start_matches('.');
    let owner = format!("{} of {extendee}", join(scope, field.name()));
    facts.insert(their_field(field, &owner, None, proto3, false, true));
}

fn their_field(
    field: &FieldDescriptorProto,
    owner: &str,
    oneof: Option<&str>,
    proto3: bool,
    entry: bool,
    extension: bool,
) -> String {
    let kind = field.r#type();
    let mut shape = format!("{kind:?}");
    if let Some(name) = &field.type_name {
        write!(shape, " {}", name.trim_start_matches('.')).unwrap();
    }
    let message = matches!(kind, Type::Message | Type::Group);
    let packable = !message && !matches!(kind, Type::String | Type::Bytes);
    let packed = field.options.as_ref().and_then(|options| options.packed).unwrap_or(proto3);
    let cardinality = match field.label() {
        _ if entry => "entry",
        Label::Repeated if packable && packed => "Packed",
        Label::Repeated => "Expanded",
        Label::Required => "Required",
        Label::Optional if message || extension || !proto3 => "Explicit",
        Label::Optional if oneof.is_some() || field.proto3_optional() => "Explicit",
        Label::Optional => "Implicit",
    };
    let (number, name, json) = (field.number(), field.name(), field.json_name());
    let default = field.default_value.is_some();
    format!("{owner}.{name} {json} {number} {shape} {cardinality} {oneof:?} {default}")
}

fn their_service(service: &ServiceDescriptorProto, scope: &str, facts: &mut Facts) {
    let name = join(scope, service.name());
    let side = |message: &str, streaming: bool| {
        let streaming = if streaming { Streaming::Stream } else { Streaming::Single };
        format!("{} {streaming:?}", message.trim_start_matches('.'))
    };
    for method in &service.method {
        let request = side(method.input_type(), method.client_streaming());
        let response = side(method.output_type(), method.server_streaming());
        facts.insert(format!("/{name}/{} {request} {response}", method.name()));
    }
}
