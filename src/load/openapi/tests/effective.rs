//! What is in effect, however it is written.

use super::{effective, http, load_files, load_paths, load_text, only, parameter};
use crate::model::{Caller, PathPart, Serialisation, StatusKey, Style};

#[test]
fn parameters_of_the_path_item_are_merged_into_each_operation() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: X-Trace, in: header, required: true, schema: {type: string}}
      - {name: q, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: x-trace, in: header, schema: {type: string}}
        - {name: Q, in: query, schema: {type: string}}
        - {name: Accept, in: header, required: true, schema: {type: string}}
",
    );
    let names: Vec<&str> = only(&loaded).parameters.iter().map(|found| &*found.name).collect();
    assert_eq!(names, ["id", "x-trace", "q", "Q"]);
    assert!(!parameter(&loaded, "x-trace").required.value);
}

#[test]
fn defaults_spelled_out_change_nothing() {
    let terse = load_paths(
        "3.0.3",
        "
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: array, items: {type: string}}}
        - {name: h, in: header, schema: {type: string}}
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                meta: {type: object}
                file: {type: string, format: binary}
                tags: {type: array, items: {type: string}}
",
    );
    let verbose = load_text(
        "
openapi: 3.0.3
info: {title: T, version: 1.0.0}
servers: [{url: /}]
paths:
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, style: simple, explode: false}
        - name: q
          in: query
          required: false
          style: form
          explode: true
          allowReserved: false
          allowEmptyValue: false
          schema: {type: array, items: {type: string}}
        - {name: h, in: header, style: simple, schema: {type: string}, required: false}
      requestBody:
        required: false
        content:
          Multipart/Form-Data:
            schema:
              type: object
              properties:
                meta: {type: object}
                file: {type: string, format: binary}
                tags: {type: array, items: {type: string}}
",
    );
    assert_eq!(effective(&terse), effective(&verbose));
}

#[test]
fn an_encoding_that_is_no_default_is_kept() {
    let loaded = load_paths(
        "3.0.3",
        "
  /a:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                a: {type: array, items: {type: integer}}
                b: {type: array, items: {type: integer}}
                c: {type: object}
            encoding:
              a: {style: form, explode: true}
              b: {explode: false}
              c: {style: deepObject}
",
    );
    let body = only(&loaded).request.as_ref().unwrap();
    let encoding = &body.content[0].encoding;
    let names: Vec<&str> = encoding.keys().map(|name| &**name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(encoding["a"].serialisation, None);
    let style =
        |style, explode| Some(Serialisation::Style { style, explode, allow_reserved: false });
    assert_eq!(encoding["b"].serialisation, style(Style::Form, false));
    assert_eq!(encoding["c"].serialisation, style(Style::DeepObject, true));
}

#[test]
fn the_nearest_servers_count_and_finite_variables_are_expanded() {
    let loaded = load_text(
        "
openapi: 3.1.0
info: {title: T, version: 1.0.0}
servers:
  - url: https://{region}.Example.com/{base}/
    variables: {region: {default: eu, enum: [eu, us]}, base: {default: v1}}
paths:
  /a:
    get: {}
    put: {servers: []}
  /b:
    servers: [{url: /v2}]
    get: {}
",
    );
    let servers: Vec<Vec<(&str, &str)>> = loaded
        .contract
        .operations
        .iter()
        .map(|operation| {
            http(operation)
                .servers
                .list
                .iter()
                .map(|server| (&*server.origin, &*server.prefix))
                .collect()
        })
        .collect();
    assert_eq!(
        servers,
        [
            vec![("https://eu.example.com", "/{base}"), ("https://us.example.com", "/{base}")],
            vec![("", "")],
            vec![("", "/v2")],
        ]
    );
}

#[test]
fn path_items_stand_behind_references_and_local_fields_win() {
    let loaded = load_files(&[
        (
            "api/main.yaml",
            "
openapi: 3.1.0
info: {title: T, version: 1.0.0}
paths:
  /a: {$ref: 'a.yaml#/item', get: {operationId: local}}
",
        ),
        ("api/a.yaml", "item: {get: {operationId: far}, put: {operationId: put}}"),
    ]);
    let operations = loaded.contract.operations.iter();
    let found: Vec<_> = operations
        .map(|one| (&*http(one).method, one.identifier.as_ref().map(|id| &*id.value).unwrap()))
        .collect();
    assert_eq!(found, [("GET", "local"), ("PUT", "put")]);
    assert_eq!(loaded.problems.len(), 1, "{:?}", loaded.problems);
}

#[test]
fn callbacks_and_webhooks_are_operations_that_the_producer_calls() {
    let loaded = load_text(
        "
openapi: 3.1.0
info: {title: T, version: 1.0.0}
security: [{key: []}]
paths:
  /a:
    post:
      callbacks:
        done:
          '{$request.body#/url}':
            post: {responses: {204: {description: Seen.}}}
webhooks:
  moved: {post: {}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
",
    );
    let callers: Vec<&Caller> = loaded.contract.operations.iter().map(|one| &one.caller).collect();
    let callback = Caller::Callback {
        operation: "POST /a".into(),
        name: "done".into(),
        expression: "{$request.body#/url}".into(),
        sent: crate::model::Polarity::Response,
    };
    assert_eq!(callers, [&Caller::Consumer, &callback, &Caller::Webhook("moved".into())]);
    let needs: Vec<usize> = loaded
        .contract
        .operations
        .iter()
        .map(|one| http(one).security.alternatives.len())
        .collect();
    assert_eq!(needs, [1, 0, 0]);
}

#[test]
fn bytes_are_written_with_and_without_a_schema() {
    let with = load_paths(
        "3.0.3",
        "
  /a:
    put:
      requestBody: {content: {image/png: {schema: {type: string, format: binary}}}}
",
    );
    let without = load_paths(
        "3.1.0",
        "
  /a:
    put:
      requestBody: {content: {image/png: {}}}
",
    );
    assert_eq!(effective(&with), effective(&without));
}

#[test]
fn additions_of_3_2_are_read() {
    let loaded = load_text(
        "
openapi: 3.2.0
$self: https://example.com/api.yaml
info: {title: T, version: 1.0.0}
paths:
  /a:
    query:
      parameters:
        - name: whatever
          in: querystring
          content: {application/x-www-form-urlencoded: {schema: {type: object}}}
      responses:
        200:
          content:
            application/jsonl: {$ref: 'https://example.com/api.yaml#/components/mediaTypes/Lines'}
    additionalOperations:
      COPY: {}
components:
  mediaTypes:
    Lines: {itemSchema: {type: object}}
",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let [query, copy] = loaded.contract.operations.as_slice() else { panic!() };
    assert_eq!((&*http(query).method, &*http(copy).method), ("QUERY", "COPY"));
    let media = "application/x-www-form-urlencoded".into();
    assert_eq!(http(query).parameters[0].serialisation, Serialisation::Media(media));
    let body = http(query).responses[&StatusKey::Code(200)].body.as_ref().unwrap();
    assert!(body.content[0].item.is_some());
}

#[test]
fn variables_take_the_order_of_the_template() {
    let loaded = load_paths(
        "3.1.0",
        "
  /a/{x}/{y}:
    get:
      parameters:
        - {name: y, in: path, required: true, schema: {type: integer}}
        - {name: x, in: path, required: true, schema: {type: string}}
",
    );
    let exchange = only(&loaded);
    let names: Vec<&str> = exchange.parameters.iter().map(|found| &*found.name).collect();
    assert_eq!(names, ["x", "y"]);
    assert_eq!(exchange.path.parts[1], PathPart::Variable("x".into()));
}
