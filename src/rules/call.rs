//! Remote calls: their routes, their messages, how many cross and what may be assumed of repeating.

use super::impact::Impact;
use super::rules;
use crate::diff::messages::{CallPair, Change, DeclaredCall, Root, Scope, Walk, contents};
use crate::model::{Idempotency, Part, Streamed, Streaming, Surface};

rules! {
    /// A call was added
    ///
    /// Nobody makes it yet.
    CALL_ADDED {
        id: "call-added",
        effect: Offers,
        surfaces: [wire, source],
        caution: "implementations of the service interface no longer compile in some languages until they have it",
        fix: "Nothing to do.",
    }

    /// A call was removed
    ///
    /// Clients that make it are told that it is not implemented.
    CALL_REMOVED {
        id: "call-removed",
        effect: Withdraws,
        surfaces: [wire, source],
        fix: "Mark it deprecated and keep serving it until nobody calls it.",
    }

    /// A call was renamed
    ///
    /// The name is part of the path: clients that know the old one are told that it is not
    /// implemented.
    CALL_RENAMED {
        id: "call-renamed",
        effect: Withdraws,
        surfaces: [wire, source],
        fix: "Serve both names until all clients have moved.",
    }

    /// A call takes or returns another message
    ///
    /// Stubs no longer compile. Whether payloads survive depends on what the two messages hold.
    CALL_MESSAGE_CHANGED {
        id: "call-message-changed",
        effect: Replaces,
        surfaces: [wire, json, source],
        fix: "Keep the message and add fields to it, or add a second call.",
    }

    /// A call became streaming, or no longer is
    ///
    /// The side that expects one message meets none or many, and fails the call. Stubs no longer
    /// compile.
    STREAMING_CHANGED {
        id: "streaming-changed",
        effect: Replaces,
        surfaces: [wire, source],
        fix: "Add a second call that streams.",
    }

    /// A call may no longer be repeated or cached as it might
    ///
    /// Clients and proxies that relied on it repeat calls that must not be repeated, or send them
    /// in a way that is no longer served.
    IDEMPOTENCY_WITHDRAWN {
        id: "idempotency-withdrawn",
        effect: Withdraws,
        surfaces: [wire],
        fix: "Keep the promise, or add a second call without it.",
    }

    /// A call may be repeated
    ///
    /// A promise more.
    IDEMPOTENCY_PROMISED {
        id: "idempotency-promised",
        effect: Offers,
        surfaces: [wire],
        fix: "Nothing to do.",
    }
}

/// Says that a call came.
pub(crate) fn added(walk: &mut Walk<'_>, new: DeclaredCall<'_>) {
    let message = format!("call `{}` was added", new.call.method);
    let scope = Scope::Call(new.call.route.clone(), Part::Whole);
    let change = Change::new(&CALL_ADDED, scope, message).spans(None, Some(new.operation.span));
    walk.report(change);
}

/// Says that a call went.
pub(crate) fn removed(walk: &mut Walk<'_>, old: DeclaredCall<'_>) {
    let message = format!("call `{}` was removed", old.call.method);
    let scope = Scope::Call(old.call.route.clone(), Part::Whole);
    let change = Change::new(&CALL_REMOVED, scope, message)
        .impact(Impact::breaking(&[Surface::Wire, Surface::Source]))
        .spans(Some(old.operation.span), None);
    walk.report(change);
}

/// Compares a call on both sides.
pub(crate) fn compare<'a>(walk: &mut Walk<'a>, pair: CallPair<'a>) {
    let (old, new) = (pair.old.call, pair.new.call);
    if old.method != new.method {
        let message = format!("call `{}` was renamed to `{}`", old.method, new.method);
        let change = pair
            .change(&CALL_RENAMED, Part::Whole, message)
            .impact(Impact::breaking(&[Surface::Wire, Surface::Source]))
            .evidence([old.route.to_string()]);
        walk.report(change);
    }
    exchanged(walk, pair, Part::RequestMessage, (&old.request, &new.request));
    exchanged(walk, pair, Part::ResponseMessage, (&old.response, &new.response));
    idempotency(walk, pair);
}

fn exchanged<'a>(
    walk: &mut Walk<'a>,
    pair: CallPair<'a>,
    part: Part,
    (old, new): (&'a Streamed, &'a Streamed),
) {
    let name = |streaming| match streaming {
        Streaming::Single => "one message",
        Streaming::Stream => "a stream",
    };
    if old.streaming != new.streaming {
        let message =
            format!("the {part} is {}, no longer {}", name(new.streaming), name(old.streaming));
        let change = pair
            .change(&STREAMING_CHANGED, part.clone(), message)
            .impact(Impact::breaking(&[Surface::Wire, Surface::Source]))
            .spans(Some(old.span), Some(new.span))
            .evidence([name(old.streaming).to_owned(), name(new.streaming).to_owned()]);
        walk.report(change);
    }
    if walk.pairs.new_message(old.message) == Some(new.message) {
        return;
    }
    let (Some(before), Some(after)) =
        (walk.old.message(old.message), walk.new.message(new.message))
    else {
        return;
    };
    let ways = contents(walk, old.message, new.message);
    let message =
        format!("the {part} changed from `{}` to `{}`", before.full_name, after.full_name);
    let change = pair
        .change(&CALL_MESSAGE_CHANGED, part, message)
        .impact(Impact::breaking(&[Surface::Source]).with(ways.old_to_new, ways.new_to_old))
        .spans(Some(old.span), Some(new.span))
        .evidence([before.full_name.to_string(), after.full_name.to_string()])
        .root(Some(Root {
            old: old.message,
            new: new.message,
            old_fields: Vec::new(),
            new_fields: Vec::new(),
        }));
    walk.report(change);
}

fn idempotency(walk: &mut Walk<'_>, pair: CallPair<'_>) {
    let (was, is) = (pair.old.call.idempotency, pair.new.call.idempotency);
    let word = |level| match level {
        Idempotency::Unknown => "nothing",
        Idempotency::Idempotent => "that repeating it changes nothing more",
        Idempotency::NoSideEffects => "that it changes nothing",
    };
    if was == is {
        return;
    }
    let message = format!("it promises {}, no longer {}", word(is), word(was));
    let change = if is < was {
        pair.change(&IDEMPOTENCY_WITHDRAWN, Part::Whole, message)
            .impact(Impact::breaking(&[Surface::Wire]))
    } else {
        pair.change(&IDEMPOTENCY_PROMISED, Part::Whole, format!("it promises {}", word(is)))
    };
    walk.report(change.evidence([word(was).to_owned(), word(is).to_owned()]));
}

impl<'a> CallPair<'a> {
    /// A change to the call or a part of it.
    fn change(&self, rule: &'static super::Rule, part: Part, message: String) -> Change<'a> {
        Change::new(rule, Scope::Call(self.new.call.route.clone(), part), message)
            .spans(Some(self.old.operation.span), Some(self.new.operation.span))
    }
}
