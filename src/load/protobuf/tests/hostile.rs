//! Input that nobody writes: it is refused or read, and nothing falls over.

use super::*;

#[test]
fn depth_bombs_are_refused_by_name() {
    let depth = 20_000;
    let nested = "message M {".repeat(depth) + &"}".repeat(depth);
    let groups = "optional group G = 1 {".repeat(depth) + &"}".repeat(depth);
    let literals = "{a:".repeat(depth) + "1" + &"}".repeat(depth);
    let lists = "[".repeat(depth) + &"]".repeat(depth);
    let name = "a.".repeat(depth) + "a";
    let bombs = [
        (nested, "MAX_MESSAGES"),
        (format!("message M {{ {groups} }}"), "MAX_MESSAGES"),
        (format!("option (x) = {literals};"), "MAX_NESTING"),
        (format!("option (x) = {{a: {lists}}};"), "MAX_NESTING"),
        (format!("option (x).{name} = 1;"), "MAX_NESTING"),
        (format!("package {name};"), "MAX_NESTING"),
    ];
    for (bomb, limit) in bombs {
        let text = bomb + "\nmessage After { }";
        let loaded = load_text(&text);
        let named = |problem: &Problem| {
            problem.kind > ProblemKind::Warning && problem.message.contains(limit)
        };
        assert!(loaded.problems.iter().any(named), "{:.60}: {:?}", text, messages(&loaded));
        let all = &loaded.contract.messages.messages;
        assert!(all.iter().any(|message| &*message.full_name == "After"), "{text:.60}");
    }
}

#[test]
fn a_file_full_of_errors_tells_some_of_them() {
    let loaded = load_text(&"message ! { }\n".repeat(10_000));
    assert!(loaded.problems.len() <= 101, "{}", loaded.problems.len());
}

#[test]
fn files_that_are_no_text_or_too_large_or_too_many_hide_no_others() {
    let paths: Vec<RepoPath> =
        ["a.proto", "b.proto", "c.proto"].map(|path| RepoPath::new(path).unwrap()).into();
    let texts = [b"\xff\xfe".to_vec(), b"message B { }".to_vec(), vec![b' '; 100]];
    let snapshot = MemorySnapshot::new("test", paths.iter().cloned().zip(texts));
    let folders = vec![Folder::default()];
    let root = ProtoRoot::new(paths[0].clone(), folders, paths);
    let limits = LoadOptions { max_bytes: 50, ..LoadOptions::default() };
    let loaded = load(&snapshot, &root, &limits);
    let kinds: Vec<ProblemKind> = loaded.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Part, ProblemKind::Refused]);
    assert_eq!(loaded.contract.messages.messages.len(), 1);
    let limits = LoadOptions { max_files: 1, ..LoadOptions::default() };
    let loaded = load(&snapshot, &root, &limits);
    assert!(loaded.problems.iter().any(|problem| problem.message.contains("max_files")));
}

/// Cuts, doubles, swaps and overwrites pieces of real text; whatever comes out is read or refused.
#[test]
fn mutated_text_is_read_without_a_panic() {
    let seeds = [
        wellknown::bundled("google/protobuf/descriptor.proto").unwrap(),
        wellknown::bundled("google/protobuf/go_features.proto").unwrap(),
        reading::EVERYTHING,
    ];
    let pieces = ["{", "}", "[", "]", "\"", "'\\", "=", ";", "<", "option (a) = {", "é", "0x", "-"];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..rounds() {
        let mut text = seeds[round % seeds.len()].to_owned();
        for _ in 0..=random.below(4) {
            mutate(&mut text, &mut random, &pieces);
        }
        let loaded = load_text(&text);
        for problem in &loaded.problems {
            let located = problem.span.and_then(|span| loaded.files.locate(span));
            assert!(located.is_some() || problem.path.is_some(), "{}", problem.message);
        }
        let Referee::Messages(referee) = &loaded.referee else { panic!("no referee") };
        for id in (0..3).filter(|id| *id < loaded.contract.messages.messages.len()) {
            let id = MessageId(u32::try_from(id).unwrap());
            _ = referee.decode(id, b"\x08\x01\x12\x01a\x1b");
        }
    }
}

/// `UNBROKEN_MUTATIONS=100000 cargo test mutated` looks longer.
fn rounds() -> usize {
    std::env::var("UNBROKEN_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(150)
}

fn mutate(text: &mut String, random: &mut Random, pieces: &[&str]) {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if boundaries.is_empty() {
        return;
    }
    let (one, two) = (random.below(boundaries.len()), random.below(boundaries.len()));
    let (start, end) = (boundaries[one.min(two)], boundaries[one.max(two)]);
    match random.below(4) {
        0 => text.truncate(start),
        1 => {
            let end = end.min(start + 40);
            let end = boundaries.iter().copied().find(|at| *at >= end).unwrap_or(start);
            text.replace_range(start..end.max(start), "");
        }
        2 => text.insert_str(start, pieces[random.below(pieces.len())]),
        _ => {
            let piece = text[start..end].chars().take(60).collect::<String>();
            text.insert_str(end, &piece);
        }
    }
}

/// A small generator with a fixed seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

#[test]
fn files_that_import_each_other_and_messages_that_hold_themselves_are_read() {
    let loaded = load_texts(&[
        ("a.proto", "syntax = \"proto3\"; import \"b.proto\"; message A { B b = 1; }"),
        ("b.proto", "syntax = \"proto3\"; import \"a.proto\"; message B { A a = 1; B b = 2; }"),
    ]);
    assert_eq!(loaded.contract.messages.messages.len(), 2);
    let Referee::Messages(referee) = &loaded.referee else { panic!("no referee") };
    let id = |name: &str| {
        let messages = &loaded.contract.messages.messages;
        let at = messages.iter().position(|one| &*one.full_name == name).unwrap();
        MessageId(u32::try_from(at).unwrap())
    };
    let nested = b"\x0a\x04\x0a\x02\x0a\x00";
    if let Ok(value) = referee.decode(id("A"), nested) {
        assert_eq!(value.to_string(), r#"{"b":{"a":{"b":{}}}}"#);
    }
    let deep = (0..300).fold(Vec::new(), |inner: Vec<u8>, _| {
        let mut outer = vec![0x12];
        let length = inner.len();
        outer.push(u8::try_from(length & 0x7f | 0x80).unwrap());
        outer.push(u8::try_from(length >> 7).unwrap());
        outer.extend(inner);
        outer
    });
    assert!(referee.decode(id("B"), &deep).is_err(), "runtimes bound their recursion");
}
