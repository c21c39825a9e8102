//! The referee beside what a real runtime (upb) did with the same bytes and the same JSON.

use std::path::Path;

use super::*;
use crate::load::MessageReferee;

/// Where our runtimes differ from upb, and why that is right or does not matter.
const KNOWN: [(&str, &str); 0] = [];

#[test]
fn runtimes_do_as_upb_did() {
    let cases = Path::new("../shared/cases/protobuf");
    if !cases.exists() {
        eprintln!("skipped: {} is not here", cases.display());
        return;
    }
    let (mut compared, mut differing) = (0, Vec::new());
    let mut folders: Vec<_> =
        std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for case in folders {
        let Ok(measured) = std::fs::read_to_string(case.join("measured.json")) else { continue };
        let measured: serde_json::Value = serde_json::from_str(&measured).unwrap();
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        if KNOWN.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let side = |side: &str| {
            load_text(&std::fs::read_to_string(case.join(side).join("a.proto")).unwrap())
        };
        let (old, new) = (side("old"), side("new"));
        for (key, writer, reader) in [("old_to_new", &old, &new), ("new_to_old", &new, &old)] {
            let written = if key == "old_to_new" { "old" } else { "new" };
            compared += 2;
            if let Some(problem) = wire(&measured["wire"], key, written, writer, reader) {
                differing.push(format!("{name} wire {key}: {problem}"));
            }
            if let Some(problem) = json(&measured["json"], key, written, reader) {
                differing.push(format!("{name} json {key}: {problem}"));
            }
        }
    }
    assert!(compared > 200, "only {compared} directions were compared");
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

/// The message that is measured.
fn measured_message(loaded: &Loaded) -> MessageId {
    let messages = &loaded.contract.messages.messages;
    let at = messages.iter().position(|one| &*one.full_name == "x.M").unwrap();
    MessageId(u32::try_from(at).unwrap())
}

fn referee(loaded: &Loaded) -> &dyn MessageReferee {
    let Referee::Messages(referee) = &loaded.referee else { panic!("no referee") };
    &**referee
}

fn wire(
    measured: &serde_json::Value,
    key: &str,
    written: &str,
    writer: &Loaded,
    reader: &Loaded,
) -> Option<String> {
    let bytes = unhex(measured[format!("bytes_written_by_{written}")].as_str()?);
    let outcome = measured[key].as_str()?;
    let own = referee(writer).decode(measured_message(writer), &bytes);
    if let Err(error) = &own {
        return Some(format!("the writer refuses its own bytes: {error}"));
    }
    let read = referee(reader).decode(measured_message(reader), &bytes);
    match (outcome.starts_with("ERROR"), &read) {
        (true, Ok(value)) => Some(format!("{outcome}, but we read {value}")),
        (false, Err(error)) => Some(format!("{outcome}, but we refuse: {error}")),
        _ => None,
    }
}

fn json(measured: &serde_json::Value, key: &str, written: &str, reader: &Loaded) -> Option<String> {
    let text = measured[format!("written_by_{written}")].as_str()?;
    let outcome = measured[key].as_str()?;
    let value = json_value(&serde_json::from_str(text).ok()?);
    let read = referee(reader).read_json(measured_message(reader), &value);
    match (outcome.starts_with("ERROR"), &read) {
        (true, Ok(value)) => Some(format!("{outcome}, but we read {value}")),
        (false, Err(error)) => Some(format!("{outcome}, but we refuse: {error}")),
        _ => None,
    }
}

fn json_value(value: &serde_json::Value) -> Json {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(value) => Json::Boolean(*value),
        serde_json::Value::Number(number) => Json::Number(number.to_string().parse().unwrap()),
        serde_json::Value::String(text) => Json::string(text.as_str()),
        serde_json::Value::Array(elements) => Json::array(elements.iter().map(json_value)),
        serde_json::Value::Object(members) => {
            Json::object(members.iter().map(|(name, value)| (name.as_str(), json_value(value))))
        }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len() / 2).map(|index| byte(index * 2)).collect()
}
