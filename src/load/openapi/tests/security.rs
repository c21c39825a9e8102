//! Requirements are alternatives of what travels.

use super::{http, load_text, problems};
use crate::load::{Loaded, ProblemKind};
use crate::model::{Alternative, Scheme};

fn load_operations(operations: &str) -> Loaded {
    load_text(&format!(
        "
openapi: 3.1.0
info: {{title: T, version: 1.0.0}}
security: [{{key: []}}]
paths:
  /a:
{operations}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key}}
    bearer: {{type: http, scheme: Bearer, bearerFormat: JWT}}
    login:
      type: oauth2
      flows: {{implicit: {{authorizationUrl: /, scopes: {{}}}}, password: {{tokenUrl: /}}}}
"
    ))
}

fn alternatives(loaded: &Loaded, index: usize) -> Vec<&Alternative> {
    http(&loaded.contract.operations[index]).security.alternatives.iter().collect()
}

fn key() -> Scheme {
    Scheme::ApiKey { location: "header".into(), name: "x-key".into() }
}

#[test]
fn silence_inherits_and_an_empty_list_asks_for_nothing() {
    let loaded =
        load_operations("    get: {}\n    put: {security: []}\n    post: {security: [{}]}");
    assert_eq!(alternatives(&loaded, 0)[0].credentials.keys().collect::<Vec<_>>(), [&key()]);
    assert!(alternatives(&loaded, 1).is_empty());
    assert!(alternatives(&loaded, 2)[0].credentials.is_empty());
}

#[test]
fn schemes_together_are_one_alternative() {
    let loaded =
        load_operations("    get: {security: [{bearer: [], login: [write, read]}, {key: []}]}");
    let found = alternatives(&loaded, 0);
    let login = Scheme::OAuth2(["implicit".into(), "password".into()].into());
    let schemes: Vec<&Scheme> = found[0].credentials.keys().collect();
    assert_eq!(schemes, [&Scheme::Http("bearer".into()), &login]);
    let scopes: Vec<&str> = found[0].credentials[&login].iter().map(|scope| &**scope).collect();
    assert_eq!(scopes, ["read", "write"]);
    assert_eq!(found.len(), 2);
}

#[test]
fn a_scheme_that_is_not_declared_is_unknown_and_reported() {
    let loaded = load_operations("    get: {security: [{nobody: []}]}");
    let found = alternatives(&loaded, 0);
    assert!(found[0].credentials.contains_key(&Scheme::Unknown("nobody".into())));
    assert_eq!(problems(&loaded), [(ProblemKind::Part, "[]")]);
    assert!(loaded.problems[0].message.contains("GET /a"));
}
