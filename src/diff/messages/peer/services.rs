//! Rules about services that both sides have by the same full name.

use super::view::View;
use super::{Found, inside};
use crate::model::{Call, Operation, Part};
use crate::source::Span;

pub(super) fn compare(found: &mut Found<'_>, old: &View<'_>, new: &View<'_>) {
    for was in &old.all.services {
        let is_own = old.services.contains_key(&*was.full_name);
        let Some(is) = new.services.get(&*was.full_name).filter(|_| is_own) else { continue };
        let homes = [old.home(was.file), new.home(is.file)];
        let none = Vec::new();
        let before = old.calls.get(&*was.full_name).unwrap_or(&none);
        let after = new.calls.get(&*is.full_name).unwrap_or(&none);
        for (operation, call) in before {
            let element = inside(&was.full_name, &call.method);
            let Some((twin, other)) = after.iter().find(|(_, twin)| twin.method == call.method)
            else {
                let spans = (Some(operation.span), Some(is.span));
                found.note("RPC_NO_DELETE", element, homes, spans);
                continue;
            };
            for (id, spans) in changes((old, *call), (new, *other), (operation, twin)) {
                found.note(id, &*element, homes, spans);
            }
        }
    }
}

type Change = (&'static str, (Option<Span>, Option<Span>));

fn changes(
    (old, was): (&View<'_>, &Call),
    (new, is): (&View<'_>, &Call),
    (before, after): (&Operation, &Operation),
) -> Vec<Change> {
    let name = |view: &View<'_>, call: &Call, part: &Part| {
        let side = if *part == Part::RequestMessage { &call.request } else { &call.response };
        view.message(side.message).map(|message| message.full_name.clone())
    };
    let whole = (Some(before.span), Some(after.span));
    let mut found: Vec<Change> = Vec::new();
    if name(old, was, &Part::RequestMessage) != name(new, is, &Part::RequestMessage) {
        let spans = (Some(was.request.span), Some(is.request.span));
        found.push(("RPC_SAME_REQUEST_TYPE", spans));
    }
    if name(old, was, &Part::ResponseMessage) != name(new, is, &Part::ResponseMessage) {
        let spans = (Some(was.response.span), Some(is.response.span));
        found.push(("RPC_SAME_RESPONSE_TYPE", spans));
    }
    if was.request.streaming != is.request.streaming {
        found.push(("RPC_SAME_CLIENT_STREAMING", whole));
    }
    if was.response.streaming != is.response.streaming {
        found.push(("RPC_SAME_SERVER_STREAMING", whole));
    }
    if was.idempotency != is.idempotency {
        found.push(("RPC_SAME_IDEMPOTENCY_LEVEL", whole));
    }
    found
}
