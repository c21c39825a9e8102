//! Which files a text refers to, without parsing it: unchanged files are only scanned.
//!
//! **Invariant:** what is found may be too much, never too little. Where the spelling is beyond a
//! scan (escaped names, anchors, folded scalars) the text is parsed after all.

mod import;
mod keyword;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::source::{Files, RepoPath};

use super::reference::file_part;
use super::text::Decoded;
use super::{Document, Limits, decode, json, yaml};

/// The files that a text names: for each `$ref`, `$dynamicRef` and `$schema` in JSON or YAML the reference
/// without its fragment, decoded as [`Documents::resolve`](super::Documents::resolve) does, and
/// each `import` of a `.proto` file, which counts from an import root and not from the file.
///
/// Sorted, each once. References within the same file are left out, and references with a scheme
/// are given as written, since an `$id` in the repository may claim them.
pub fn references(bytes: &[u8]) -> Vec<String> {
    let mut found = BTreeSet::new();
    import::collect(bytes, &mut found);
    let mut written = BTreeSet::new();
    if keyword::collect(bytes, &mut written).is_err() {
        written = parsed(bytes);
    }
    found.extend(written.iter().filter_map(|reference| file_part(reference)));
    found.into_iter().collect()
}

/// A spelling that a scan cannot read.
struct Unreadable;

fn parsed(bytes: &[u8]) -> BTreeSet<String> {
    let limits = Limits::default();
    let Decoded { text, fault: None } = decode(bytes, &limits) else { return BTreeSet::new() };
    let Ok(path) = RepoPath::new("scanned") else { return BTreeSet::new() };
    let file = Files::default().add(path, Arc::clone(&text));
    let document = json::read(file, &text, &limits);
    let document =
        document.or_else(|_| yaml::read(file, &text, &limits).map(|(document, _)| document));
    document.map_or_else(|_| BTreeSet::new(), |document| keywords(&document))
}

fn keywords(document: &Document) -> BTreeSet<String> {
    let values = document
        .nodes()
        .flat_map(|node| keyword::NAMES.iter().filter_map(move |name| document.get(node, name)));
    values.filter_map(|value| document.string(value)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::mangle;

    fn found(text: &str) -> Vec<String> {
        references(text.as_bytes())
    }

    #[test]
    fn every_spelling_of_a_reference_is_found() {
        for text in [
            r#"{"$ref": "a b.yaml#/x"}"#,
            r#"{"$ref":"a%20b.yaml"}"#,
            "{\"$ref\"\n:\n\"a b.yaml#/x\"}",
            r#"{"$dynamicRef": "a b.yaml#x"}"#,
            r#"{"$schema": "a b.yaml"}"#,
            r#"{"$r\u0065f": "a b.yaml"}"#,
            r#"{"\u0024ref": "a b.yaml"}"#,
            r#"{"$ref": "a\u0020b.yaml"}"#,
            r#"{"$ref": ".\/a b.yaml#\/x"}"#,
            "$ref: a b.yaml#/x # why\n",
            "- $ref: a b.yaml\n  description: x\n",
            "'$ref' : 'a b.yaml#/x'\n",
            "x: {$ref: a b.yaml, y: 1}\n",
            "x: {$ref: a b.yaml#/{id}}\n",
            "x: { y: 1,\n $ref: a\n b.yaml }\n",
            "$ref:\n  a b.yaml\n",
            "$ref:\n  \"a b.yaml\"\n",
            "$ref: >-\n  a\n  b.yaml\n",
            "$ref: a\n  b.yaml\n",
            "$ref: &x a b.yaml\n",
            "x: &x a b.yaml\n$ref: *x\n",
            "$ref: !!str a b.yaml\n",
            "? $ref\n: a b.yaml\n",
            "? \"$r\\\n  ef\"\n: a b.yaml\n",
            "- &k $ref\n- {*k : a b.yaml}\n",
            "\"\\x24ref\": a b.yaml\n",
            "$ref: a b.yaml\r\nx: y\r\n",
            "$ref: 'a b.yaml'''\nx: &x !t\n",
        ] {
            let references = found(text);
            let wanted = |path: &String| path.trim_start_matches("./").starts_with("a b.yaml");
            assert!(references.iter().any(wanted), "{text:?}: {references:?}");
        }
    }

    #[test]
    fn a_reference_within_the_file_is_none_to_another() {
        assert_eq!(found(r##"{"$ref": "#/a", "x": ["$ref", "$refs"]}"##), [""; 0]);
        assert_eq!(found("$ref: '#/a'\nenum: [$ref]\n"), [""; 0]);
        assert_eq!(found("properties:\n  $ref: {type: string}\n"), [""; 0]);
        assert_eq!(
            found(r#"{"$ref": "https://a.example/b.json#/c"}"#),
            ["https://a.example/b.json"]
        );
    }

    #[test]
    fn imports_are_found() {
        let text = "syntax = \"proto3\";\nimport \"a.proto\";import public 'b.proto' ;\n\
            import /* x */ weak // y\n \"c\" '.proto';\nimport option \"d\\x2eproto\";\n\
            important \"no.proto\";";
        assert_eq!(found(text), ["a.proto", "b.proto", "c.proto", "d.proto"]);
    }

    #[test]
    fn hostile_text_costs_no_more_than_its_length() {
        for piece in ["$ref:", "$ref: ", "import/*", "$ref: x\n", "$ref:'", "import//", "\\x24"] {
            let text = piece.repeat(200_000);
            assert!(references(text.as_bytes()).len() <= 1, "{piece}");
        }
    }

    /// What the parser sees, the scan must have seen.
    #[test]
    fn damage_hides_nothing() {
        let seeds = [
            "a: {$ref: b.yaml}\nc:\n  $ref: 'd.yaml#/x'\ne: &k $ref\n*k : f.yaml\n",
            "- $ref: &a b.yaml\n  x: >\n   $ref: c\n- {\"$ref\": d.yaml, <<: {$ref: e}}\n",
            "{\"$ref\": \"a.json#/b\", \"c\": {\"$ref\" : \"d\\u002ejson\"}, \"\\u0024ref\": \"e\"}",
            "x: { y: 1, # c\n  $ref: a\n  b, z: [$ref: c,\n $ref\n : d]}\n? $ref\n# c\n: e.yaml\n",
        ];
        for bytes in mangle::texts(&seeds, 8_000) {
            let scanned: BTreeSet<String> = references(&bytes).into_iter().collect();
            let seen: BTreeSet<String> =
                parsed(&bytes).iter().filter_map(|reference| file_part(reference)).collect();
            let missed: Vec<&String> = seen.difference(&scanned).collect();
            assert!(missed.is_empty(), "{:?}: {missed:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
