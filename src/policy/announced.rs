//! The notice that an announced removal gives. Dates are opinions: what breaks breaks on every day, and
//! only what the team makes of it depends on the calendar.

use super::config::Day;
use super::lifecycle::lives;
use super::weakened::Remark;
use crate::diff::Finding;
use crate::load::Loaded;
use crate::rules::lifecycle::{SUNSET_ANNOUNCED, SUNSET_BROUGHT_FORWARD};
use crate::rules::policy::NOTICE_SHORTENED;

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
    let mut sunsets = lives(&new?.contract).filter_map(|(_, known)| known.sunset.as_ref());
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
