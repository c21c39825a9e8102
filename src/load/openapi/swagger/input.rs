//! Parameters of 2.0, of which some are the body.

use std::sync::Arc;

use super::super::body::bare;
use super::super::encoding::{settled, unsaid};
use super::super::node::Node;
use super::super::reader::Reader;
use super::super::remarks::OF_INLINE;
use super::{JSON, Listed, is_form, list_of};
use crate::model::{Body, Encoding, Kind, Kinds, MediaPayload, Parameter, ParameterLocation};
use crate::model::{Remarks, Serialisation, Shape, Stated, Style};

/// Members of a body parameter that decide what it promises; its name never travels.
const OF_BODY_PARAMETERS: &[&str] = &["name", "in", "required", "schema"];

impl Reader<'_> {
    /// The parameters of an operation and its body, which 2.0 writes as parameters.
    pub(in super::super) fn swagger_inputs(
        &mut self,
        operation: &Node,
        nodes: &[Node],
        consumes: &[Listed],
    ) -> (Vec<Parameter>, Option<Body>) {
        let (mut parameters, mut fields, mut body) = (Vec::new(), Vec::new(), None);
        for node in nodes {
            match node.get("in").and_then(|place| place.scalar()).as_deref() {
                Some("body") => body = Some(self.swagger_body(node, consumes)),
                Some("formData") => fields.push(node.clone()),
                Some("path") => {
                    self.swagger_parameter(node, ParameterLocation::Path, &mut parameters);
                }
                Some("query") => {
                    self.swagger_parameter(node, ParameterLocation::Query, &mut parameters);
                }
                Some("header") => {
                    self.swagger_parameter(node, ParameterLocation::Header, &mut parameters);
                }
                Some(_) | None => self.lose(node.span(), "a parameter is in no place of 2.0"),
            }
        }
        if fields.is_empty() {
            return (parameters, body);
        }
        if body.is_some() {
            self.warn(
                operation.span(),
                "a body and form fields exclude each other: the body counts",
            );
            return (parameters, body);
        }
        (parameters, Some(self.form(operation, &fields, consumes)))
    }

    fn swagger_parameter(
        &mut self,
        node: &Node,
        location: ParameterLocation,
        parameters: &mut Vec<Parameter>,
    ) {
        let Some(name) = self.word(node, "name") else { return };
        let mut required = self.flag_or_false(node, "required");
        if location == ParameterLocation::Path && !required.value {
            let message = format!("the path parameter `{}` is always required", name.value);
            self.warn(required.span, message);
            required.value = true;
        }
        let allow_empty = location == ParameterLocation::Query
            && self.flag_or_false(node, "allowEmptyValue").value;
        parameters.push(Parameter {
            name: name.value,
            location,
            required,
            serialisation: self.collected(node, location),
            shape: self.carried_shape(node),
            allow_empty,
            lifecycle: self.lifecycle(node),
            remarks: self.remarks(node, OF_INLINE),
            span: node.span(),
        });
    }

    fn swagger_body(&mut self, node: &Node, consumes: &[Listed]) -> Body {
        let span = node.span();
        let required = self.flag_or_false(node, "required");
        let shape = self.member(node, "schema").map(|schema| self.shape(&schema));
        if shape.is_none() {
            self.warn(span, "a body without `schema`: any payload is meant");
        }
        let implied = [Listed { text: JSON.into(), span, list: span }];
        let listed = if consumes.is_empty() { &implied } else { consumes };
        let mut content: Vec<MediaPayload> = Vec::new();
        for Listed { text, span: written, list: _ } in listed {
            let media = self.media_type(text, *written);
            if content.iter().all(|known| known.media != media) {
                let shape = shape.filter(|shape| !self.is_any_bytes(&media, *shape));
                content.push(MediaPayload { shape, listed: *written, ..bare(media, span) });
            }
        }
        let remarks = self.remarks(node, OF_BODY_PARAMETERS);
        Body { required, content, remarks, listed: list_of(listed, span), span }
    }

    /// A form: one object whose properties are the fields.
    fn form(&mut self, operation: &Node, fields: &[Node], consumes: &[Listed]) -> Body {
        let span = operation.get("parameters").map_or(operation.span(), |list| list.span());
        let mut shape = Shape::anything(span);
        shape.kinds = Some(Stated { value: Kinds::NONE.with(Kind::Object), span });
        let mut styled: Vec<(Arc<str>, Encoding)> = Vec::new();
        let (mut has_file, mut any_required) = (false, None);
        for field in fields {
            let Some(name) = self.word(field, "name").map(|word| word.value) else { continue };
            let value = self.inline_shape(field);
            let required = self.flag_or_false(field, "required");
            let object = shape.object.edit();
            let property = Stated { value, span: field.span() };
            Arc::make_mut(&mut object.properties).insert(Arc::clone(&name), property);
            if required.value {
                Arc::make_mut(&mut object.required)
                    .insert(Arc::clone(&name), Stated { value: (), span: required.span });
                object.required_at = Some(span);
                any_required = any_required.or(Some(required.span));
            }
            has_file |= field.get("type").is_some_and(|kind| kind.string() == Some("file"));
            let serialisation = self.collected(field, ParameterLocation::Query);
            let serialisation = Some(serialisation).filter(|style| !is_exploded_form(style));
            let said = unsaid(self.usual(&[value]), field.span());
            let allow_empty = self.flag_or_false(field, "allowEmptyValue").value;
            styled.push((name, settled(Encoding { serialisation, allow_empty, ..said })));
        }
        let shape = self.schemas.shapes_mut().add(shape);
        let implied =
            if has_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        let mut listed: Vec<Listed> = consumes.iter().filter(|one| is_form(one)).cloned().collect();
        if listed.is_empty() {
            self.warn(
                span,
                format!("form fields without a form in `consumes`: {implied} is meant"),
            );
            listed.push(Listed { text: implied.into(), span, list: span });
        }
        let mut content = Vec::new();
        let list = list_of(&listed, span);
        for Listed { text, span: written, list: _ } in listed {
            let media = self.media_type(&text, written);
            let encoding = styled.iter().cloned().collect();
            let shape = Some(shape);
            content.push(MediaPayload { shape, encoding, listed: written, ..bare(media, span) });
        }
        let required = Stated { value: any_required.is_some(), span: any_required.unwrap_or(span) };
        Body { required, content, remarks: Remarks::default(), listed: list, span }
    }
}

/// Repeating a field for each element, and writing a scalar once, is what forms do by default.
fn is_exploded_form(serialisation: &Serialisation) -> bool {
    matches!(serialisation, Serialisation::Style { style: Style::Form, explode: true, .. })
}
