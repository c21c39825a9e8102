//! The referee and the engine know the same formats, each by itself.

use unbroken::load::json_schema::load;
use unbroken::load::{LoadOptions, Opinion, Reading, Referee};
use unbroken::model::{Json, Polarity};
use unbroken::source::{MemorySnapshot, RepoPath};
use unbroken::subtype::format::Format;

fn judge(format: &str, value: &Json) -> Opinion {
    let path = RepoPath::new("schema.json").unwrap();
    let text = format!(r#"{{"format": "{format}"}}"#);
    let snapshot = MemorySnapshot::new("test", [(path.clone(), text.into_bytes())]);
    let loaded = load(&snapshot, &path, &LoadOptions::default());
    let Referee::Values(referee) = &loaded.referee else { panic!("no referee") };
    let root = loaded.contract.shapes.get(loaded.contract.roots[0].shape).span.span;
    let how = Reading { polarity: Polarity::Both, http: false, assert_formats: true };
    referee.judge(root, value, how)
}

#[test]
fn the_referee_agrees_on_every_sample_and_every_stranger() {
    let mut wrong = Vec::new();
    for format in Format::all() {
        for sample in format.samples() {
            if judge(format.name, &sample) != Opinion::Accepts {
                wrong.push(format!("{} refuses {sample}", format.name));
            }
        }
        for stranger in format.strangers() {
            if !matches!(judge(format.name, &stranger), Opinion::Refuses(_)) {
                wrong.push(format!("{} accepts {stranger}", format.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
