//! What was announced, and what was never settled: severities that follow from the life of an
//! element. The day counts here and nowhere else; no verdict depends on it.

use std::sync::Arc;

use super::severity::Severity;
use crate::diff::Finding;
use crate::model::{Contract, Day, Exchange, Lifecycle, Operation, Stability};
use crate::rules::Effect;
use crate::rules::lifecycle::{
    DEPRECATED, SUNSET_ANNOUNCED, SUNSET_BROUGHT_FORWARD, SUNSET_PUT_OFF,
};
use crate::rules::operation::OPERATION_MOVED;
use crate::rules::parameter::{HEADER_BECAME_OPTIONAL, HEADER_REMOVED, PARAMETER_REMOVED};
use crate::source::Span;

/// What is expected of announcements, and the day on which they are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Announcements {
    /// The day of the comparison; without it no announcement counts as kept.
    pub today: Option<Day>,
    /// How many days at least lie between the announcement and the sunset.
    pub minimum_days: u32,
}

/// What became of an announcement, and why a severity is not what follows from the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// What went was announced as going, and the day has come.
    AnnouncedRemoval,
    /// What went was announced as going, and the day has not come.
    RemovedBeforeSunset,
    /// What went was never announced as going.
    RemovedWithoutNotice,
    /// The element was a draft or an experiment.
    NeverSettled,
    /// The sunset is nearer than announcements have to be.
    NoticeTooShort,
    /// An announcement without a date, where a number of days is asked for.
    NoSunset,
}

impl Announcement {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnouncedRemoval => "announced-removal",
            Self::RemovedBeforeSunset => "removed-before-sunset",
            Self::RemovedWithoutNotice => "removed-without-notice",
            Self::NeverSettled => "never-settled",
            Self::NoticeTooShort => "notice-too-short",
            Self::NoSunset => "no-sunset",
        }
    }

    /// What it makes of a severity.
    pub(super) fn severity(self, usual: Severity) -> Severity {
        match self {
            Self::AnnouncedRemoval => usual.min(Severity::Note),
            Self::NeverSettled => usual.min(Severity::Warning),
            Self::RemovedBeforeSunset | Self::RemovedWithoutNotice => usual,
            Self::NoticeTooShort => usual.max(Severity::Error),
            Self::NoSunset => usual.max(Severity::Warning),
        }
    }
}

/// What was announced of what a finding is about, as far as it bears on how much it matters.
pub(super) fn announcement(
    finding: &Finding,
    (old, new): (Option<&Contract>, Option<&Contract>),
    announcements: Announcements,
) -> Option<Announcement> {
    let withdrawn = finding.rule.effect == Effect::Withdraws && finding.new.is_none();
    let goes = withdrawn || [&OPERATION_MOVED, &PARAMETER_REMOVED].contains(&finding.rule);
    let removed = finding.old.filter(|_| goes);
    if let Some(life) = removed.and_then(|span| old.and_then(|old| life_at(old, span))) {
        return of_removal(life, announcements.today);
    }
    if let Some(life) = old.and_then(|old| header_gone(finding, old)) {
        return of_removal(life, announcements.today);
    }
    if old.is_some_and(|old| was_never_settled(finding, old)) {
        return Some(Announcement::NeverSettled);
    }
    if announcements.minimum_days == 0 {
        return None;
    }
    let announced = [&SUNSET_ANNOUNCED, &SUNSET_BROUGHT_FORWARD, &SUNSET_PUT_OFF];
    let mut lives = new.iter().flat_map(|new| lives(new));
    let life = lives.find(|(_, life)| {
        let sunset = life.sunset.as_ref().map(|stated| stated.span);
        finding.new.is_some() && (finding.new == sunset || finding.new == life.deprecated)
    });
    let (_, life) = life?;
    if finding.rule == &DEPRECATED && life.sunset.is_none() {
        return Some(Announcement::NoSunset);
    }
    let day = life.sunset.as_ref()?.value.day?;
    let notice = announcements.today?.until(day).ok()?.get_days();
    let is_short = i64::from(notice) < i64::from(announcements.minimum_days);
    (announced.contains(&finding.rule) && is_short).then_some(Announcement::NoticeTooShort)
}

/// What a header said of its end, where the finding is about its going. Of one that said nothing
/// nobody expects an announcement.
fn header_gone<'c>(finding: &Finding, old: &'c Contract) -> Option<&'c Lifecycle> {
    let is_about = [&HEADER_REMOVED, &HEADER_BECAME_OPTIONAL].contains(&finding.rule);
    if finding.new.is_some() || !is_about {
        return None;
    }
    let exchanges = old.operations.iter().filter_map(|operation| match &operation.exchange {
        Exchange::Http(exchange) => Some(exchange),
        Exchange::Call(_) => None,
    });
    let responses = exchanges.flat_map(|exchange| exchange.responses.values());
    let mut headers = responses.flat_map(|response| response.headers.values());
    let header = headers.find(|header| Some(header.span) == finding.old)?;
    header.lifecycle.sunset.is_some().then_some(&header.lifecycle)
}

/// What is said of a removal; where nobody says what day it is, only what does not depend on it.
pub(super) fn of_removal(life: &Lifecycle, today: Option<Day>) -> Option<Announcement> {
    let Lifecycle { deprecated, sunset, stability } = life;
    let day = sunset.as_ref().and_then(|stated| stated.value.day);
    match (day, today) {
        (Some(day), Some(today)) if day <= today => Some(Announcement::AnnouncedRemoval),
        _ if is_unsettled(*stability) => Some(Announcement::NeverSettled),
        (Some(_), Some(_)) => Some(Announcement::RemovedBeforeSunset),
        (Some(_), None) => None,
        // A deprecation without a date says that it goes, and not when.
        (None, _) if deprecated.is_some() => Some(Announcement::RemovedBeforeSunset),
        (None, _) => Some(Announcement::RemovedWithoutNotice),
    }
}

fn is_unsettled(stability: Stability) -> bool {
    match stability {
        Stability::Draft | Stability::Alpha => true,
        Stability::Beta | Stability::Stable => false,
    }
}

/// Whether everything that a finding reaches was a draft or an experiment.
fn was_never_settled(finding: &Finding, old: &Contract) -> bool {
    let unsettled = old.operations.iter().filter(|found| is_unsettled(found.lifecycle.stability));
    let unsettled: Vec<Arc<str>> = unsettled.filter_map(Operation::title).collect();
    !finding.reached_from.is_empty()
        && !unsettled.is_empty()
        && finding.reached_from.iter().all(|reach| unsettled.contains(&reach.operation))
}

fn life_at(contract: &Contract, span: Span) -> Option<&Lifecycle> {
    lives(contract).find(|(place, _)| *place == span).map(|(_, life)| life)
}

/// The contract, its operations and parameters, where they stand, and how settled they are.
pub(super) fn lives(contract: &Contract) -> impl Iterator<Item = (Span, &Lifecycle)> {
    let whole = std::iter::once((contract.span, &contract.lifecycle));
    whole.chain(contract.operations.iter().flat_map(|operation| {
        let parameters = match &operation.exchange {
            Exchange::Http(exchange) => &*exchange.parameters,
            Exchange::Call(_) => &[],
        };
        let of_parameters = parameters.iter().map(|found| (found.span, &found.lifecycle));
        std::iter::once((operation.span, &operation.lifecycle)).chain(of_parameters)
    }))
}
