//! What our loader says of a description.

use std::collections::BTreeMap;

use unbroken::load::Loaded;
use unbroken::model::{Caller, Exchange, ParameterLocation, PathPart, ShapeId, StatusKey};

/// One line for each promise, with its schema.
pub(super) type Reading = BTreeMap<String, Option<ShapeId>>;

/// How the lines of named schemas begin.
pub(super) const COMPONENT: &str = "schema ";

/// Every promise of a loaded description.
pub(super) fn reading(loaded: &Loaded) -> Reading {
    let mut lines = Reading::new();
    for operation in &loaded.contract.operations {
        let Exchange::Http(http) = &operation.exchange else { continue };
        if operation.caller != Caller::Consumer {
            continue;
        }
        let path: String = http.path.parts.iter().map(written).collect();
        let label = format!("{} {path}", http.method);
        lines.insert(label.clone(), None);
        for parameter in &http.parameters {
            let location = parameter.location.name();
            let required = parameter.required.value;
            let name = if parameter.location == ParameterLocation::Header {
                parameter.name.to_ascii_lowercase()
            } else {
                parameter.name.to_string()
            };
            let line = format!("{label} {location} {name} {required}");
            lines.insert(line, Some(parameter.shape));
        }
        for payload in http.request.iter().flat_map(|body| &body.content) {
            lines.insert(format!("{label} takes {}", payload.media), payload.shape);
        }
        for (status, response) in &http.responses {
            let status = status_text(*status);
            lines.insert(format!("{label} {status}"), None);
            for payload in response.body.iter().flat_map(|body| &body.content) {
                let line = format!("{label} {status} gives {}", payload.media);
                lines.insert(line, payload.shape);
            }
            for (name, header) in &response.headers {
                lines.insert(format!("{label} {status} header {name}"), Some(header.shape));
            }
        }
    }
    for component in loaded.contract.components.iter().filter(|it| &*it.kind == "schema") {
        lines.insert(format!("{COMPONENT}{}", component.name), component.shape);
    }
    lines
}

fn written(part: &PathPart) -> String {
    match part {
        PathPart::Literal(text) => text.to_string(),
        PathPart::Variable(name) => format!("{{{name}}}"),
    }
}

fn status_text(status: StatusKey) -> String {
    match status {
        StatusKey::Code(code) => code.to_string(),
        StatusKey::Class(digit) => format!("{digit}XX"),
        StatusKey::Default => "default".to_owned(),
    }
}
