//! Witnesses in the JSON report.

use serde::Serialize;
use serde_json::Value;

use super::{effect_name, ends, polarity_name};
use crate::diff::{HttpBody, HttpForm, HttpHeader, HttpResponse, Witness, WitnessForm};
use crate::model::Json;
use crate::report::hexadecimal::hexadecimal;

#[derive(Serialize)]
pub(super) struct WireWitness<'r> {
    writer: &'static str,
    reader: &'static str,
    effect: &'static str,
    polarity: &'static str,
    surface: &'static str,
    form: &'static str,
    exchange: Option<String>,
    http: Option<WireHttp<'r>>,
    value: Option<Value>,
    focus: &'r str,
    hex: Option<String>,
    read_as: Option<Value>,
    relayed_as: Option<Value>,
    because: &'r str,
    confirmed_by: Option<&'static str>,
}

#[derive(Serialize)]
struct WireHttp<'r> {
    method: &'r str,
    target: &'r str,
    headers: Vec<WireHeader<'r>>,
    body: Option<Value>,
    response: Option<WireResponse<'r>>,
}

#[derive(Serialize)]
struct WireHeader<'r> {
    name: &'r str,
    value: &'r str,
}

#[derive(Serialize)]
struct WireResponse<'r> {
    status: &'r str,
    headers: Vec<WireHeader<'r>>,
    body: Option<Value>,
}

/// A witness as the report writes it.
pub(super) fn witness(witness: &Witness) -> WireWitness<'_> {
    let Witness {
        writer,
        polarity,
        effect,
        surface,
        form,
        value,
        focus,
        read_as,
        relayed_as,
        because,
        confirmed_by,
    } = witness;
    let (writer, reader) = ends(*writer);
    let (form, http, hex) = match form {
        WitnessForm::Json => ("json", None, None),
        WitnessForm::Http(form) => ("http", Some(form), None),
        WitnessForm::Bytes(bytes) => ("protobuf", None, Some(hexadecimal(bytes))),
    };
    WireWitness {
        writer,
        reader,
        polarity: polarity_name(*polarity),
        surface: surface.name(),
        effect: effect_name(*effect),
        form,
        exchange: http.map(ToString::to_string),
        http: http.map(|form| http_form(form)),
        value: value.as_ref().and_then(raw),
        focus,
        hex,
        read_as: read_as.as_ref().and_then(raw),
        relayed_as: relayed_as.as_ref().and_then(raw),
        because,
        confirmed_by: *confirmed_by,
    }
}

/// The value with its numbers as they are.
fn raw(value: &Json) -> Option<Value> {
    serde_json::from_str(&value.to_string()).ok()
}

fn http_form(form: &HttpForm) -> WireHttp<'_> {
    let HttpForm { method, target, headers, body, response } = form;
    WireHttp {
        method,
        target,
        headers: headers.iter().map(header).collect(),
        body: body.as_ref().and_then(http_body),
        response: response.as_ref().map(|response| {
            let HttpResponse { status, headers, body } = response;
            WireResponse {
                status,
                headers: headers.iter().map(header).collect(),
                body: body.as_ref().and_then(http_body),
            }
        }),
    }
}

fn header(header: &HttpHeader) -> WireHeader<'_> {
    let HttpHeader { name, value } = header;
    WireHeader { name, value }
}

fn http_body(body: &HttpBody) -> Option<Value> {
    match body {
        HttpBody::Json(value) => raw(value),
        HttpBody::Text(text) => Some(Value::String(text.clone())),
    }
}
