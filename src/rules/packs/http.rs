//! HTTP routes of calls: what a REST client sees of them.
//!
//! <https://google.aip.dev/127>, `google/api/http.proto`

use super::Edited;
use super::http_route::{Binding, bindings};
use crate::diff::messages::{Change, DeclaredCall, MessagePair, Root, Scope, Side, Walk, contents};
use crate::diff::{HttpForm, Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::model::{Call, Json, MessageId, Part, Polarity, Stated, Surface};
use crate::rules::Rule;
use crate::rules::generated_code::Annotated;
use crate::rules::impact::Impact;
use crate::rules::rules;
use crate::subtype::exchange::{Exchange, Passage};

rules! {
    /// An HTTP route leads to a call
    ///
    /// Nobody takes it yet.
    HTTP_BINDING_ADDED {
        id: "http-binding-added",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }

    /// An HTTP route is served no longer
    ///
    /// REST clients that take it are told that nothing is there. Clients that call by name notice
    /// nothing.
    HTTP_BINDING_REMOVED {
        id: "http-binding-removed",
        effect: Withdraws,
        surfaces: [wire],
        fix: "Keep the old route among the `additional_bindings` until nobody takes it.",
    }

    /// An HTTP route leads to another call
    ///
    /// It is served still, but what it does is what the other call does, even where both take and return
    /// the same: who took it to enable something may disable it now.
    HTTP_BINDING_MOVED {
        id: "http-binding-moved",
        effect: Replaces,
        surfaces: [wire, json],
        fix: "Keep the route where it was, and give the other call one of its own.",
    }

    /// An HTTP route covers more
    ///
    /// Every path that it served is served still.
    HTTP_BINDING_WIDENED {
        id: "http-binding-widened",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }

    /// The body of an HTTP route holds something else
    ///
    /// What was a member of the body is a query parameter now, or the other way round: REST clients
    /// send or read JSON of another shape.
    HTTP_BODY_CHANGED {
        id: "http-body-changed",
        effect: Replaces,
        surfaces: [json],
        fix: "Add a second binding with the other body, and keep the first.",
    }

    /// A part of an HTTP path is read into another field
    ///
    /// The path is the same. What stands in it means another field of the request.
    HTTP_VARIABLE_CHANGED {
        id: "http-variable-changed",
        effect: Annotates,
        surfaces: [wire],
        caution: "clients that build the path from the request must take it from the other field",
        fix: "Keep the name of the variable, or rename the field with it.",
    }
}

/// The option that states routes.
pub(super) const OPTION: &str = "(google.api.http)";

/// Compares the routes to a call. Whether there was anything to say.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    element: &Annotated<'a>,
    edited: &Edited<'_>,
) -> bool {
    let stated = |one: Option<&Stated<Json>>| bindings(one.map(|one| &one.value));
    let (old, new) = (stated(edited.old), stated(edited.new));
    let mut fresh: Vec<&Binding> =
        new.iter().filter(|is| !old.iter().any(|was| was.is_same(is))).collect();
    let calls = (walk.old_call(element), walk.new_call(element));
    let mut said = false;
    let mut gone = Vec::new();
    for was in &old {
        if let Some(is) = new.iter().find(|is| was.is_same(is)) {
            said |= compare_pair(walk, (element, edited), calls, (was, is));
            continue;
        }
        let wider = new.iter().find(|is| is.serves(was));
        let Some(is) = wider else {
            // A route is the service's: another call may have taken it over.
            match walk.taker(element, was) {
                Some((heir, is)) => {
                    said |= moved(walk, (element, edited), (calls.0, Some(heir)), (was, &is));
                }
                None => gone.push(was),
            }
            continue;
        };
        fresh.retain(|one| *one != is);
        let message = format!("`{was}` became `{is}`, which serves its paths too");
        let evidence = [was, is].map(ToString::to_string);
        walk.report(change(&HTTP_BINDING_WIDENED, (element, edited), message, evidence));
        compare_pair(walk, (element, edited), calls, (was, is));
        said = true;
    }
    let mut own = Vec::new();
    for is in fresh {
        match walk.giver(element, is) {
            Giver::None => own.push(is),
            Giver::Lives => said = true,
            Giver::Gone(heir, was) => {
                said |= moved(walk, (element, edited), (Some(heir), calls.1), (&was, is));
            }
        }
    }
    said | came_or_went(walk, (element, edited), &gone, own)
}

/// Says which routes are gone and which are new.
fn came_or_went<'a>(
    walk: &mut Walk<'a>,
    at: (&Annotated<'a>, &Edited<'_>),
    gone: &[&Binding],
    mut fresh: Vec<&Binding>,
) -> bool {
    let said = !gone.is_empty() || !fresh.is_empty();
    // One that went and one that came are one edit.
    let replaced = if let ([_], [_]) = (gone, &fresh[..]) { fresh.pop() } else { None };
    for was in gone.iter().copied() {
        let instead = replaced.map(|is| format!("; `{is}` is instead")).unwrap_or_default();
        let message = format!("`{was}` is served no longer{instead}");
        let evidence = [Some(was), replaced].into_iter().flatten().map(ToString::to_string);
        let mut change = change(&HTTP_BINDING_REMOVED, at, message, evidence)
            .impact(Impact::breaking(&[Surface::Wire]));
        let because = "no route leads there".to_owned();
        change.exchanges = vec![sent(was, WitnessEffect::Refused, because)];
        walk.report(change);
    }
    for is in fresh {
        let message = format!("`{is}` was added");
        let evidence = [is.to_string()];
        walk.report(change(&HTTP_BINDING_ADDED, at, message, evidence));
    }
    said
}

/// Says that a route leads to another call, and compares what crosses on it.
fn moved<'a>(
    walk: &mut Walk<'a>,
    at: (&Annotated<'a>, &Edited<'_>),
    (from, to): (Option<DeclaredCall<'a>>, Option<DeclaredCall<'a>>),
    (was, is): (&Binding, &Binding),
) -> bool {
    let (Some(from), Some(to)) = (from, to) else { return false };
    let name = |call: &Call| {
        let is_here = from.call.service == to.call.service;
        if is_here { call.method.clone() } else { call.route.clone() }
    };
    let (old, new) = (name(from.call), name(to.call));
    let message = format!("`{was}` leads to `{new}`, no longer to `{old}`");
    let evidence = [was.to_string(), from.call.route.to_string(), to.call.route.to_string()];
    let mut change = change(&HTTP_BINDING_MOVED, at, message, evidence);
    let because = format!("`{new}` answers it, and not `{old}`");
    change.impact = Impact::breaking(&[Surface::Wire]);
    change.exchanges = vec![sent(was, WitnessEffect::Misread, because)];
    let differs = |part, before: MessageId, after: MessageId| {
        let crossed = contents(walk, before, after);
        let way =
            if part == Part::RequestMessage { &crossed.old_to_new } else { &crossed.new_to_old };
        let breaks = way.json.breaks();
        let is_same = walk.pairs.new_message(before) == Some(after);
        (!is_same && breaks).then_some((part, before, after, crossed))
    };
    let (old, new) = (from.call, to.call);
    let broken = differs(Part::RequestMessage, old.request.message, new.request.message)
        .or_else(|| differs(Part::ResponseMessage, old.response.message, new.response.message));
    if let Some((part, before, after, crossed)) = broken {
        // A message shows it.
        change.exchanges.clear();
        let side = |side: &Side<'_>, id| {
            side.message(id).map_or_else(String::new, |one| format!("`{}`", one.full_name))
        };
        let (is, was) = (side(&walk.new, after), side(&walk.old, before));
        change.message = format!("{}; its {part} is {is}, no longer {was}", change.message);
        let json = |json| Exchange { wire: Passage::SAME, json };
        let (there, back) = (json(crossed.old_to_new.json), json(crossed.new_to_old.json));
        change.impact = change.impact.with(there, back);
        change.scope = Scope::Call(to.call.route.clone(), part);
        change.root =
            Some(Root { old: before, new: after, old_fields: Vec::new(), new_fields: Vec::new() });
    }
    walk.report(change);
    compare_pair(walk, at, (Some(from), Some(to)), (was, is));
    true
}

/// The call that had a route which another one has now.
enum Giver<'a> {
    /// None had it.
    None,
    /// It is there still, or has the route still: what there is to tell is told with it.
    Lives,
    /// It is gone.
    Gone(DeclaredCall<'a>, Binding),
}

impl<'a> Walk<'a> {
    /// Another call of the new contract that serves a route.
    fn taker(&self, element: &Annotated<'_>, was: &Binding) -> Option<(DeclaredCall<'a>, Binding)> {
        let others = self.new.calls().filter(|(_, call)| !is_at(element, &call.route));
        let mut serving = others.filter_map(|(operation, call)| {
            let is = routes(call).into_iter().find(|is| is.serves(was))?;
            Some((DeclaredCall { operation, call }, is))
        });
        serving.next()
    }

    /// Another call of the old contract that had the route.
    fn giver(&self, element: &Annotated<'_>, is: &Binding) -> Giver<'a> {
        let here = self.old_call(element).map(|one| one.call.route.clone());
        let others = self.old.calls().filter(|(_, call)| Some(&call.route) != here.as_ref());
        let mut having = others.filter_map(|(operation, call)| {
            let was = routes(call).into_iter().find(|was| is.serves(was))?;
            Some((DeclaredCall { operation, call }, was))
        });
        let Some((call, was)) = having.next() else { return Giver::None };
        let Some(heir) = self.heirs.get(&call.call.route) else { return Giver::Gone(call, was) };
        let mut heirs = self.new.calls().filter(|(_, call)| call.route == *heir);
        let kept = heirs.any(|(_, call)| routes(call).iter().any(|kept| kept.serves(&was)));
        if kept { Giver::None } else { Giver::Lives }
    }

    /// The call of the old contract whose heir the element is.
    fn old_call(&self, element: &Annotated<'_>) -> Option<DeclaredCall<'a>> {
        let is_here = |route| self.heirs.get(route).is_some_and(|heir| is_at(element, heir));
        let mut found = self.old.calls().filter(|(_, call)| is_here(&call.route));
        found.next().map(|(operation, call)| DeclaredCall { operation, call })
    }

    /// The call of the new contract that the element is.
    fn new_call(&self, element: &Annotated<'_>) -> Option<DeclaredCall<'a>> {
        let mut found = self.new.calls().filter(|(_, call)| is_at(element, &call.route));
        found.next().map(|(operation, call)| DeclaredCall { operation, call })
    }
}

fn is_at(element: &Annotated<'_>, route: &str) -> bool {
    matches!(&element.scope, Scope::Call(here, _) if **here == *route)
}

/// The routes that a call states.
fn routes(call: &Call) -> Vec<Binding> {
    let mut stated = call.options.iter().filter(|option| &*option.value.0 == OPTION);
    stated.next().map_or_else(Vec::new, |option| bindings(Some(&option.value.1)))
}

/// Compares what crosses on a route that both sides have.
fn compare_pair<'a>(
    walk: &mut Walk<'a>,
    at: (&Annotated<'a>, &Edited<'_>),
    calls: (Option<DeclaredCall<'a>>, Option<DeclaredCall<'a>>),
    (was, is): (&Binding, &Binding),
) -> bool {
    let word = |body: &str, none: &str| match body {
        "" => none.to_owned(),
        "*" => "the whole request".to_owned(),
        field => format!("`{field}`"),
    };
    let sent = |message: fn(&Call) -> MessageId| {
        let (old, new) = calls;
        Some((message(old?.call), message(new?.call)))
    };
    let (request, response) =
        (sent(|call| call.request.message), sent(|call| call.response.message));
    let parts = [
        ("body", (&was.body, &is.body), "nothing", request),
        ("response body", (&was.response_body, &is.response_body), "the whole response", response),
    ];
    let mut said = false;
    for (part, (before, after), none, holders) in parts {
        if before != after
            && holders.is_some_and(|holders| is_one(walk, holders, (&**before, &**after)))
        {
            // The body is what the field holds, and does not name it: the field tells its new name.
            said = true;
        } else if before != after {
            let evidence = [is.to_string(), part.to_owned(), before.to_string(), after.to_string()];
            let (after, before) = (word(after, none), word(before, none));
            let message = format!("the {part} of `{is}` is {after}, no longer {before}");
            let change = change(&HTTP_BODY_CHANGED, at, message, evidence)
                .impact(Impact::breaking(&[Surface::Json]));
            walk.report(change);
            said = true;
        }
    }
    if was.path.fields != is.path.fields && was.path.segments == is.path.segments {
        let message = format!("`{was}` became `{is}`");
        let evidence = [was, is].map(ToString::to_string);
        walk.report(change(&HTTP_VARIABLE_CHANGED, at, message, evidence));
        said = true;
    }
    said
}

/// Whether two names are those of one field of messages that are sent.
fn is_one(
    walk: &Walk<'_>,
    (old_id, new_id): (MessageId, MessageId),
    (before, after): (&str, &str),
) -> bool {
    let heir = walk.heir(old_id).filter(|heir| *heir == new_id);
    let both = heir.and_then(|_| Some((walk.old.message(old_id)?, walk.new.message(new_id)?)));
    both.is_some_and(|(old, new)| {
        let pair = MessagePair { old_id, new_id, old, new };
        let fields = pair.fields().pairs;
        fields.iter().any(|field| *field.old.name == *before && *field.new.name == *after)
    })
}

fn change<'a>(
    rule: &'static Rule,
    (element, edited): (&Annotated<'a>, &Edited<'_>),
    message: String,
    evidence: impl IntoIterator<Item = String>,
) -> Change<'a> {
    let (old, new) = element.spans;
    Change::new(rule, element.scope.clone(), message)
        .spans(
            Some(edited.old.map_or(old, |one| one.span)),
            Some(edited.new.map_or(new, |one| one.span)),
        )
        .evidence(evidence)
}

/// A request of old clients, and what becomes of it.
fn sent(was: &Binding, effect: WitnessEffect, because: String) -> Witness {
    Witness {
        writer: WitnessSide::Old,
        polarity: Polarity::Request,
        effect,
        surface: Surface::Wire,
        form: WitnessForm::Http(Box::new(HttpForm {
            method: was.verb.as_str().into(),
            target: was.path.sample(),
            headers: Vec::new(),
            body: None,
            response: None,
        })),
        value: None,
        focus: String::new(),
        read_as: None,
        relayed_as: None,
        because,
        confirmed_by: None,
    }
}
