//! What real documents hold and the specification does not foresee.

use super::{
    effective, http, load_files, load_paths, load_text, only, parameter, problems, statuses,
};
use crate::load::ProblemKind::{Part, Refused, Unreadable, Warning};
use crate::model::{ParameterLocation, StatusKey};

#[test]
fn status_keys_are_read_by_their_text() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a:
    get:
      responses:
        200: {description: OK}
        '404': {description: No}
        5xx: {description: Oh}
        default: {description: Else}
        0200: {description: x}
        \"20X\": {description: x}
        x-note: {}
",
    );
    let codes = [StatusKey::Code(200), StatusKey::Code(404), StatusKey::Class(5)];
    assert_eq!(statuses(&loaded), [&codes[..], &[StatusKey::Default]].concat());
    assert_eq!(problems(&loaded), [(Warning, "5xx"), (Part, "0200"), (Part, "\"20X\"")]);
}

#[test]
fn a_broken_reference_hides_nothing_else() {
    let loaded = load_paths(
        "3.1.0",
        "
  /a:
    get:
      parameters: [{$ref: '#/nowhere'}, {name: q, in: query, schema: {type: string}}]
      requestBody: {$ref: '#/nowhere'}
      responses: {200: {$ref: '#/nowhere'}, 404: {description: No}}
      callbacks: {done: {$ref: '#/nowhere'}}
  /b: {$ref: '#/nowhere'}
  /c: {get: {}}
",
    );
    let [first, second] = loaded.contract.operations.as_slice() else { panic!() };
    assert_eq!(http(first).parameters.len(), 1);
    let body = http(first).request.as_ref().unwrap();
    let response = http(first).responses[&StatusKey::Code(200)].body.as_ref().unwrap();
    for payload in body.content.iter().chain(&response.content) {
        assert_eq!(loaded.contract.shapes.get(payload.shape.unwrap()).unread.len(), 1);
    }
    assert_eq!(&*http(second).method, "GET");
    assert_eq!(loaded.problems.len(), 5);
    assert!(loaded.problems.iter().all(|found| found.kind == Part));
    let named = loaded.problems.iter().filter(|found| found.message.starts_with("GET /a: "));
    assert_eq!(named.count(), 4);
}

#[test]
fn references_that_go_in_circles_end() {
    let loaded = load_text(
        "
openapi: 3.1.0
info: {title: T, version: 1.0.0}
paths:
  /a: {$ref: '#/paths/~1a'}
  /b:
    get:
      parameters: [{$ref: '#/components/parameters/A'}]
      callbacks: {again: {'{$url}': {$ref: '#/paths/~1b'}}}
components:
  parameters: {A: {$ref: '#/components/parameters/B'}, B: {$ref: '#/components/parameters/A'}}
",
    );
    assert_eq!(loaded.contract.operations.len(), 1);
    assert_eq!(loaded.problems.len(), 2, "{:?}", loaded.problems);
}

#[test]
fn a_reference_that_is_data_is_never_followed() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a:
    get:
      responses:
        200:
          description: OK
          content:
            application/json:
              schema: {type: object, example: {$ref: '#/no'}, properties: {$ref: {type: string}}}
              example: {$ref: '#/nowhere'}
              examples: {other: {value: {$ref: '#/nowhere'}}}
",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let body = only(&loaded).responses[&StatusKey::Code(200)].body.as_ref().unwrap();
    assert_eq!(body.content[0].examples.len(), 2);
}

#[test]
fn any_pointer_is_resolved() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a/{id}:
    get: &get
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {200: {description: OK, content: {application/json: {schema: {type: object}}}}}
  /b:
    get:
      parameters: []
      responses: {200: {$ref: '#/paths/~1a~1%7Bid%7D/get/responses/200'}}
",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    assert_eq!(http(&loaded.contract.operations[1]).responses.len(), 1);
}

#[test]
fn path_parameters_are_settled_with_the_template() {
    let loaded = load_paths(
        "3.0.3",
        "
  a/{id}/{+rest}/{id}:
    get:
      parameters:
        - {name: rest, in: path, schema: {type: string}}
        - {name: gone, in: path, required: true, schema: {type: string}}
",
    );
    let parameters = &only(&loaded).parameters;
    let names: Vec<&str> = parameters.iter().map(|found| &*found.name).collect();
    assert_eq!(names, ["id", "rest"]);
    assert!(parameters.iter().all(|found| found.required.value));
    assert!(parameters.iter().all(|found| found.location == ParameterLocation::Path));
    assert_eq!(problems(&loaded).len(), 5, "{:?}", loaded.problems);
}

#[test]
fn equal_templates_are_both_kept() {
    let loaded = load_paths("3.0.3", "\n  /a/{x}: {get: {}}\n  /a/{y}: {get: {}}\n");
    assert_eq!(loaded.contract.operations.len(), 2);
    assert!(loaded.problems.iter().any(|found| found.message.contains("are the same path")));
}

#[test]
fn null_is_absent() {
    let terse = load_paths("3.1.0", "\n  /a: {get: {responses: {200: {description: OK}}}}\n");
    let nulls = load_paths(
        "3.1.0",
        "
  /a:
    parameters:
    put:
    get:
      parameters:
      requestBody:
      callbacks:
      security:
      servers:
      tags:
      responses: {200: {description: OK, content: , headers: }}
  /b:
",
    );
    assert_eq!(effective(&terse), effective(&nulls));
    assert!(nulls.problems.iter().all(|found| found.kind == Warning), "{:?}", nulls.problems);
    assert_eq!(nulls.problems.len(), 11);
}

#[test]
fn nonsense_in_any_place_is_a_problem_and_no_panic() {
    for place in [
        "paths: 3",
        "paths: [a]",
        "paths: {/a: 3}",
        "paths: {/a: {get: 3}}",
        "paths: {/a: {get: {parameters: 3, responses: [], security: {}, tags: 3}}}",
        "paths: {/a: {get: {parameters: [3, {in: query}, {name: a, in: nowhere}]}}}",
        "paths: {/a: {get: {responses: {200: 3}}}}",
        "paths: {/a: {get: {requestBody: {content: {json: 3}}}}}",
        "paths: {/a: {get: {requestBody: {$ref: 3}}}}",
        "paths: {/a: {get: {callbacks: {a: {b: 3}}}}}",
        "servers: [3, {url: [], variables: {a: 3}}]",
        "components: {securitySchemes: {a: 3, b: {type: x}, c: {type: apiKey}}}",
        "security: [3]",
        "webhooks: {a: 3}",
        "jsonSchemaDialect: 3",
        "info: 3",
        "$self: []",
    ] {
        for version in ["openapi: 3.2.0", "openapi: 3.0.0", "swagger: '2.0'"] {
            let loaded = load_text(&format!("{version}\n{place}\n"));
            assert!(!loaded.problems.is_empty(), "{version} {place}");
        }
    }
}

#[test]
fn fields_of_another_version_say_nothing_and_are_reported() {
    let loaded = load_text(
        "
openapi: 3.0.3
webhooks: {moved: {post: {}}}
host: example.com
paths: {/a: {query: {}, get: {consumes: [text/plain]}}}
",
    );
    assert_eq!(loaded.contract.operations.len(), 1);
    let expected = ["webhooks", "host", "query", "consumes"].map(|name| (Warning, name));
    assert_eq!(problems(&loaded), expected);
}

#[test]
fn what_is_no_description_is_unreadable() {
    for text in ["", "a: 1", "swagger: 1.2", "openapi: 4.0.0", "[]", "<html></html>", "a: ["] {
        let loaded = load_text(text);
        let kinds: Vec<_> = loaded.problems.iter().map(|found| found.kind).collect();
        assert_eq!(kinds, [Unreadable], "{text}");
        assert!(loaded.contract.operations.is_empty());
    }
}

#[test]
fn a_reference_out_of_the_repository_is_refused() {
    let loaded = load_files(&[(
        "api.yaml",
        "
openapi: 3.0.0
paths: {/a: {$ref: 'https://example.com/a'}, /b: {$ref: '../b.yaml'}, /c: {get: {}}}
",
    )]);
    let kinds: Vec<_> = loaded.problems.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [Refused, Refused]);
    assert_eq!(loaded.contract.operations.len(), 1);
}

#[test]
fn unquoted_versions_are_taken_by_their_text() {
    let loaded = load_text("swagger: 2.0\ninfo: {version: 1.10}\npaths: {/a: {get: {}}}");
    assert_eq!(&*loaded.contract.format, "swagger-2.0");
    assert_eq!(&*loaded.contract.version.as_ref().unwrap().text, "1.10");
    assert_eq!(loaded.contract.operations.len(), 1);
}

#[test]
fn media_types_are_equal_by_meaning() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a:
    post:
      requestBody:
        content:
          Application/JSON;charset=UTF-8: {schema: {type: object}}
          application/json: {schema: {type: string}}
          json: {schema: {type: string}}
",
    );
    assert_eq!(only(&loaded).request.as_ref().unwrap().content.len(), 2);
    assert_eq!(problems(&loaded), [(Warning, "application/json"), (Warning, "json")]);
}

#[test]
fn a_parameter_without_a_value_admits_any() {
    let loaded = load_paths("3.0.3", "\n  /a: {get: {parameters: [{name: q, in: query}]}}\n");
    let shape = loaded.contract.shapes.get(parameter(&loaded, "q").shape);
    assert!(shape.kinds.is_none() && shape.unread.is_empty());
    assert_eq!(loaded.problems.len(), 1);
}

#[test]
fn what_many_operations_share_is_reported_once() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a:
    parameters: [{$ref: '#/nowhere'}, {name: q, in: query, style: simple, schema: {}}]
    get: {}
    put: {}
",
    );
    let kinds: Vec<_> = loaded.problems.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [Part, Warning]);
    assert!(loaded.problems[0].message.starts_with("GET /a: "));
}

#[test]
fn a_short_text_cannot_ask_for_endless_lists() {
    let mut text = String::from("{\"openapi\": \"3.0.3\", \"servers\": [");
    let servers = (0..3000).map(|index| format!("{{\"url\": \"/{index}\"}}"));
    text.push_str(&servers.collect::<Vec<_>>().join(","));
    text.push_str("], \"paths\": {");
    let paths = (0..3000).map(|index| format!("\"/{index}\": {{\"get\": {{}}}}"));
    text.push_str(&paths.collect::<Vec<_>>().join(","));
    text.push_str("}}");
    let loaded = load_text(&text);
    let kinds: Vec<_> = loaded.problems.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [Refused]);
    assert!(loaded.contract.operations.len() < 2000);
}

#[test]
fn extensions_that_are_operations_are_read() {
    let hooks = "openapi: 3.0.3\npaths: {x-note: {}}\nx-webhooks: {moved: {post: {}}}";
    assert_eq!(load_text(hooks).contract.operations.len(), 1);
    let overloads = "swagger: '2.0'\npaths: {}\nx-ms-paths: {'/a?op=x': {get: {}}}";
    assert_eq!(load_text(overloads).contract.operations.len(), 1);
}
