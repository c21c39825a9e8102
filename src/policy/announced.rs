//! Removals that were announced, and the notice that they give. Dates are opinions: what breaks breaks on
//! every day, and only what the team makes of it depends on the calendar.

use super::config::Day;
use super::weakened::Remark;
use crate::diff::Finding;
use crate::load::Loaded;
use crate::model::{Contract, Exchange, Lifecycle};
use crate::rules::lifecycle::{SUNSET_ANNOUNCED, SUNSET_BROUGHT_FORWARD};
use crate::rules::policy::NOTICE_SHORTENED;
use crate::rules::{Effect, Verdict};
use crate::source::Span;

/// Whether the finding is the removal of something whose announced sunset has come.
pub(super) fn is_announced(finding: &Finding, old: Option<&Loaded>, today: Day) -> bool {
    let withdrawn = finding.rule.effect == Effect::Withdraws && finding.new.is_none();
    if !withdrawn || finding.verdict() == Verdict::Compatible {
        return false;
    }
    let (Some(old), Some(span)) = (old, finding.old) else { return false };
    let element = lifecycles(&old.contract).find(|(place, _)| *place == span);
    let day = element.and_then(|(_, lifecycle)| lifecycle.sunset.as_ref()?.value.day);
    day.is_some_and(|day| day <= today)
}

/// What is to be said where the finding is a sunset, announced or brought forward, that gives less notice
/// than the team does. A date that nobody can read gives none.
pub(super) fn short_notice(
    finding: &Finding,
    new: Option<&Loaded>,
    minimum_days: u32,
    today: Day,
) -> Option<Remark> {
    let rule = finding.rule.id;
    let hastens = rule == SUNSET_ANNOUNCED.id || rule == SUNSET_BROUGHT_FORWARD.id;
    if !hastens || minimum_days == 0 {
        return None;
    }
    let mut sunsets = lifecycles(&new?.contract).filter_map(|(_, known)| known.sunset.as_ref());
    let sunset = sunsets.find(|sunset| Some(sunset.span) == finding.new)?;
    let span = sunset.value.day.and_then(|day| today.until(day).ok());
    let days = span.map_or(0, |span| i64::from(span.get_days()).max(0));
    if days >= i64::from(minimum_days) {
        return None;
    }
    let text = &sunset.value.text;
    Some(Remark {
        rule: &NOTICE_SHORTENED,
        message: format!("{text} gives {days} days of notice, fewer than {minimum_days}"),
        site: finding.site.to_string(),
        old: None,
        new: Some(sunset.span),
    })
}

/// Everything of a contract that can be announced as going away, with its place.
fn lifecycles(contract: &Contract) -> impl Iterator<Item = (Span, &Lifecycle)> {
    let whole = std::iter::once((contract.span, &contract.lifecycle));
    let operations = contract.operations.iter().flat_map(|operation| {
        let parameters = match &operation.exchange {
            Exchange::Http(exchange) => exchange.parameters.as_slice(),
            Exchange::Call(_) => &[],
        };
        let parameters = parameters.iter().map(|one| (one.span, &one.lifecycle));
        std::iter::once((operation.span, &operation.lifecycle)).chain(parameters)
    });
    whole.chain(operations)
}
