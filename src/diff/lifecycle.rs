//! How settled elements are.

use super::session::Session;
use crate::model::{Lifecycle, Polarity, Site, Stability, Stated, Sunset};
use crate::rules::lifecycle::{
    DEPRECATED, DEPRECATION_WITHDRAWN, STABILITY_LOWERED, STABILITY_RAISED, SUNSET_ANNOUNCED,
    SUNSET_BROUGHT_FORWARD, SUNSET_PUT_OFF, SUNSET_WITHDRAWN,
};
use crate::rules::{Rule, Verdict};
use crate::source::Span;

/// Compares how settled an element is. Nobody breaks by it, whatever the day.
pub(crate) fn compare_lifecycle(
    session: &mut Session<'_>,
    site: &Site,
    spans: (Option<Span>, Option<Span>),
    (old, new): (&Lifecycle, &Lifecycle),
    polarity: Polarity,
) {
    let Lifecycle { deprecated, sunset, stability } = old;
    let mut state = |rule: &'static Rule, message: &str, at: (Option<Span>, Option<Span>)| {
        let spans = (at.0.or(spans.0), at.1.or(spans.1));
        session.ledger.state(rule, spans, message, site, (Verdict::Compatible, polarity));
    };
    match (deprecated, new.deprecated) {
        (None, Some(span)) => state(&DEPRECATED, "deprecated", (None, Some(span))),
        (Some(span), None) => {
            state(&DEPRECATION_WITHDRAWN, "no longer deprecated", (Some(*span), None));
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
    if let Some((rule, message)) = sunset_moved(sunset.as_ref(), new.sunset.as_ref()) {
        let place = |sunset: &Option<Stated<Sunset>>| sunset.as_ref().map(|stated| stated.span);
        state(rule, &message, (place(sunset), place(&new.sunset)));
    }
    if *stability != new.stability {
        let message =
            format!("stability changed from {} to {}", word(*stability), word(new.stability));
        let rule = if new.stability < *stability { &STABILITY_LOWERED } else { &STABILITY_RAISED };
        state(rule, &message, (None, None));
    }
}

/// What became of a sunset. A date that nobody can read is earlier than every other: nobody knows
/// how much time is left.
fn sunset_moved(
    old: Option<&Stated<Sunset>>,
    new: Option<&Stated<Sunset>>,
) -> Option<(&'static Rule, String)> {
    Some(match (old.map(|stated| &stated.value), new.map(|stated| &stated.value)) {
        (None, None) => return None,
        (None, Some(is)) => (&SUNSET_ANNOUNCED, format!("may be gone from {} on", is.text)),
        (Some(was), None) => {
            (&SUNSET_WITHDRAWN, format!("the sunset {} is announced no more", was.text))
        }
        (Some(was), Some(is)) if was.text == is.text => return None,
        (Some(was), Some(is)) if was.day.is_some() && was.day == is.day => return None,
        (Some(was), Some(is)) => {
            let message = format!("the sunset moved from {} to {}", was.text, is.text);
            let rule = if is.day < was.day { &SUNSET_BROUGHT_FORWARD } else { &SUNSET_PUT_OFF };
            (rule, message)
        }
    })
}

fn word(stability: Stability) -> &'static str {
    match stability {
        Stability::Draft => "draft",
        Stability::Alpha => "alpha",
        Stability::Beta => "beta",
        Stability::Stable => "stable",
    }
}
