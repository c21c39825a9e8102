//! One API, described in every version: whatever is compared with whatever, nobody breaks.

use std::path::Path;

use serde_json::Value;

use crate::cases::unbroken;

const VERSIONS: [&str; 4] = ["v2.yaml", "v3_0.yaml", "v3_1.yaml", "v3_2.yaml"];

#[test]
fn an_equal_api_in_another_version_is_nothing_but_notes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/openapi-versions");
    let mut loud = Vec::new();
    for old in VERSIONS {
        for new in VERSIONS {
            let output = unbroken(&folder, &["diff", old, new, "--format", "json"]);
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            for problem in report["problems"].as_array().unwrap() {
                loud.push(format!("{old} → {new}: {}", problem["message"]));
            }
            for finding in report["findings"].as_array().unwrap() {
                if finding["severity"] != "note" {
                    loud.push(format!(
                        "{old} → {new}: {} {} {}",
                        finding["rule"], finding["site"], finding["message"]
                    ));
                }
            }
        }
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}
