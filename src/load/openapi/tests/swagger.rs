//! 2.0 in the words of the model.

use super::{effective, load_paths, load_text, only, parameter, problems, shape_text};
use crate::load::{Opinion, ProblemKind, Reading, Referee};
use crate::model::{Json, Polarity, Serialisation, ShapeId, StatusKey, Style};

#[test]
fn an_equal_description_of_3_0_means_the_same() {
    let old = load_text(
        "
swagger: '2.0'
info: {title: T, version: 1.0.0}
host: jobs.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
paths:
  /teams/{team}/jobs:
    post:
      parameters:
        - {name: ids, in: query, type: array, items: {type: integer}}
        - {name: all, in: query, type: array, items: {type: integer}, collectionFormat: multi}
        - {name: team, in: path, required: true, type: string}
        - {name: limit, in: query, type: integer, maximum: 100}
        - {name: anything, in: body, schema: {type: object}}
      responses:
        200:
          description: OK
          schema: {type: array, items: {type: string}}
          headers: {X-Total: {type: integer}}
        204: {description: None}
",
    );
    let new = load_text(
        "
openapi: 3.0.3
info: {title: T, version: 1.0.0}
servers: [{url: https://jobs.example.com/v1}]
paths:
  /teams/{team}/jobs:
    post:
      parameters:
        - {name: ids, in: query, schema: {type: array, items: {type: integer}}, explode: false}
        - {name: all, in: query, schema: {type: array, items: {type: integer}}}
        - {name: team, in: path, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        200:
          description: OK
          content: {application/json: {schema: {type: array, items: {type: string}}}}
          headers: {x-total: {schema: {type: integer}}}
        204: {description: None}
",
    );
    let lower = |text: String| text.replace("X-Total", "x-total");
    assert_eq!(lower(effective(&old)), lower(effective(&new)));
    assert!(old.problems.is_empty() && new.problems.is_empty(), "{:?}", old.problems);
}

#[test]
fn form_fields_are_the_properties_of_a_body() {
    let old = load_paths(
        "2.0",
        "
  /jobs:
    post:
      consumes: [application/x-www-form-urlencoded, text/plain]
      parameters:
        - {name: cmd, in: formData, type: string, required: true}
        - {name: all, in: formData, type: array, items: {type: string}, collectionFormat: multi}
        - {name: ids, in: formData, type: array, items: {type: string}}
",
    );
    let new = load_paths(
        "3.0.3",
        "
  /jobs:
    post:
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [cmd]
              properties:
                cmd: {type: string}
                all: {type: array, items: {type: string}}
                ids: {type: array, items: {type: string}}
            encoding: {ids: {explode: false}}
",
    );
    assert_eq!(effective(&old), effective(&new));
}

#[test]
fn files_are_binary_strings_of_multipart_forms() {
    let loaded = load_paths(
        "2.0",
        "
  /jobs:
    post:
      parameters: [{name: file, in: formData, type: file}]
      responses: {200: {description: OK, schema: {type: file}}}
",
    );
    let body = only(&loaded).request.as_ref().unwrap();
    assert_eq!(&*body.content[0].media.type_name, "multipart");
    let text = shape_text(&loaded, body.content[0].shape.unwrap());
    assert!(text.contains("binary"), "{text}");
    let response = only(&loaded).responses[&StatusKey::Code(200)].body.as_ref().unwrap();
    assert_eq!(&*response.content[0].media.subtype, "octet-stream");
    assert_eq!(response.content[0].shape, None);
    let kinds: Vec<ProblemKind> = loaded.problems.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [ProblemKind::Warning], "{:?}", loaded.problems);
}

#[test]
fn the_referee_reads_parameters_and_definitions_as_they_are_meant() {
    let loaded = load_text(
        "
swagger: '2.0'
info: {title: T, version: 1.0.0}
paths:
  /a/{n}:
    post:
      parameters:
        - {name: n, in: path, required: true, type: integer, maximum: 3}
        - {name: b, in: body, schema: {$ref: '#/definitions/B'}}
definitions:
  B: {type: object, required: [x], properties: {x: {type: string, x-nullable: true}}}
",
    );
    let Referee::Values(referee) = &loaded.referee else { panic!() };
    let how = Reading { polarity: Polarity::Request, http: true, assert_formats: true };
    let accepts = |shape: ShapeId, value: &Json| {
        let span = loaded.contract.shapes.get(shape).span.span;
        referee.judge(span, value, how) == Opinion::Accepts
    };
    let n = parameter(&loaded, "n").shape;
    assert!(accepts(n, &Json::Number(3_u64.into())) && !accepts(n, &Json::Number(4_u64.into())));
    let body = only(&loaded).request.as_ref().unwrap().content[0].shape.unwrap();
    let empty: [(&str, Json); 0] = [];
    assert!(!accepts(body, &Json::object(empty)));
    assert!(accepts(body, &Json::object([("x", Json::Null)])));
}

#[test]
fn lists_of_media_types_are_overridden_and_never_merged() {
    let loaded = load_text(
        "
swagger: '2.0'
info: {title: T, version: 1.0.0}
produces: [application/xml]
schemes: [http, https]
host: example.com
paths:
  /a:
    get:
      produces: [application/json]
      schemes: [https]
      responses: {200: {description: OK, schema: {type: string}, examples: {application/json: hi}}}
",
    );
    let body = only(&loaded).responses[&StatusKey::Code(200)].body.as_ref().unwrap();
    let types: Vec<&str> = body.content.iter().map(|one| &*one.media.subtype).collect();
    assert_eq!(types, ["json"]);
    assert_eq!(body.content[0].examples.len(), 1);
    let origins: Vec<&str> = only(&loaded).servers.list.iter().map(|one| &*one.origin).collect();
    assert_eq!(origins, ["https://example.com"]);
}

#[test]
fn oddities_are_read_in_the_closest_sense() {
    let loaded = load_paths(
        "2.0",
        "
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, type: array, items: {type: string}, collectionFormat: multi}
        - {name: b, in: body, schema: {type: object}}
        - {name: f, in: formData, type: string}
        - {name: t, in: query, type: array, items: {type: string}, collectionFormat: tsv}
",
    );
    assert!(only(&loaded).request.is_some());
    let id = parameter(&loaded, "id");
    assert!(id.required.value);
    let simple =
        Serialisation::Style { style: Style::Simple, explode: false, allow_reserved: false };
    assert_eq!(id.serialisation, simple);
    let Serialisation::Style { style, .. } = parameter(&loaded, "t").serialisation else {
        panic!()
    };
    assert_eq!(style, Style::TabDelimited);
    let found = problems(&loaded);
    assert!(found.iter().all(|(kind, _)| *kind == ProblemKind::Warning), "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
}
