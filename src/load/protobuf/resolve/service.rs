//! Services, whose methods are operations.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::declare::text;
use super::field::find_option;
use super::hidden::Members;
use super::restrict::Target;
use super::{Holder, Place, Resolver};
use crate::load::protobuf::features::Features;
use crate::load::protobuf::scope::{SymbolKind, qualified};
use crate::load::protobuf::syntax::{Exchanged, LiteralValue, MethodNode, ServiceNode, Setting};
use crate::model::{
    Call, Caller, Exchange, Idempotency, Lifecycle, Operation, Ownership, Remarks, Service,
    Stability, Streamed, Streaming, Visibility,
};

impl<'t> Resolver<'t, '_> {
    /// Methods of imported services are offered by somebody else: they become no operations, unless
    /// their files are read for what they use.
    pub(super) fn resolve_services(&mut self) {
        for (unit, tree) in self.trees {
            let features = Features::of(tree.edition);
            let scope = self.package(*unit);
            let place = Place { unit: *unit, scope, parent: None, features };
            let ownership = self.read.get(*unit).map_or(Ownership::Imported, |file| file.ownership);
            for node in &tree.services {
                self.service(node, &place, ownership);
            }
        }
    }

    fn service(&mut self, node: &'t ServiceNode<'t>, place: &Place, ownership: Ownership) {
        let full_name = qualified(&place.scope, &node.name.text);
        if !self.enter(&full_name, (SymbolKind::Service, Visibility::Export), place, node.name.span)
        {
            return;
        }
        self.messages.services.push(Service {
            full_name: Arc::clone(&full_name),
            file: place.unit,
            options: BTreeMap::new(),
            span: node.span,
            name_span: node.name.span,
        });
        let inside = Place { scope: full_name, ..place.clone() };
        let holder = Holder::Service(self.messages.services.len() - 1);
        self.later(holder, &inside, &node.options);
        self.check_features(&node.options, self.edition(place), Target::Service);
        if matches!(ownership, Ownership::Own | Ownership::Beside) {
            let mut names: HashSet<&str> = HashSet::new();
            let all = node.methods.iter();
            let members: Members =
                all.map(|method| qualified(&inside.scope, &method.name.text)).collect();
            for method in &node.methods {
                if !names.insert(&method.name.text) {
                    let message = format!("two calls are called `{}`", method.name.text);
                    self.part(method.name.span, message);
                }
                self.check_features(&method.options, self.edition(&inside), Target::Method);
                self.method(method, (&inside, &members));
            }
        }
    }

    fn method(&mut self, node: &'t MethodNode<'t>, (place, beside): (&Place, &Members)) {
        let request = self.exchanged(&node.request, (place, beside));
        let response = self.exchanged(&node.response, (place, beside));
        let (Some(request), Some(response)) = (request, response) else { return };
        let call = Call {
            route: format!("/{}/{}", place.scope, node.name.text).into(),
            service: Arc::clone(&place.scope),
            method: text(&node.name),
            request,
            response,
            idempotency: idempotency(&node.options),
            options: Vec::new(),
        };
        self.operations.push(Operation {
            caller: Caller::Consumer,
            exchange: Exchange::Call(call),
            identifier: None,
            tags: Vec::new(),
            lifecycle: lifecycle(&node.options),
            remarks: Remarks::default(),
            span: node.span,
        });
        let holder = Holder::Method(self.operations.len() - 1);
        self.later(holder, place, &node.options);
    }

    fn exchanged(
        &mut self,
        node: &Exchanged<'_>,
        (place, beside): (&Place, &Members),
    ) -> Option<Streamed> {
        let message = self.find_message(&node.message, place)?;
        self.tell_hidden(&node.message, (&place.scope, beside), message);
        let streaming = if node.streaming { Streaming::Stream } else { Streaming::Single };
        Some(Streamed { message, streaming, span: node.message.span })
    }
}

fn idempotency(options: &[Setting<'_>]) -> Idempotency {
    let level = find_option(options, "idempotency_level").map(|setting| &setting.value.value);
    match level {
        Some(LiteralValue::Word("NO_SIDE_EFFECTS")) => Idempotency::NoSideEffects,
        Some(LiteralValue::Word("IDEMPOTENT")) => Idempotency::Idempotent,
        _ => Idempotency::Unknown,
    }
}

fn lifecycle(options: &[Setting<'_>]) -> Lifecycle {
    let deprecated = find_option(options, "deprecated");
    let deprecated = deprecated
        .filter(|setting| matches!(setting.value.value, LiteralValue::Word("true")))
        .map(|setting| setting.span);
    Lifecycle { deprecated, sunset: None, stability: Stability::default() }
}
