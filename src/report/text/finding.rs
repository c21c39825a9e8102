//! One finding: in full where somebody must act, else in a line or two.

use std::fmt::{self, Write};

use super::witness;
use crate::diff::Proof;
use crate::policy::{Scope, Severity, Subject};
use crate::report::Screen;
use crate::report::escape::escape;
use crate::report::excerpt::{Excerpt, Extent, Line, Mark};
use crate::report::item::{Item, count, reach_list, verb};
use crate::report::style::{Painted, Style, Tone};
use crate::rules::Verdict;

/// How many places that a finding reaches are named.
const MOST_PLACES: usize = 4;

/// How many columns of a terminal the text of an excerpt leaves to its margin, sign, line number and
/// the marks of what was left out.
const BESIDE_AN_EXCERPT: usize = 16;

/// A finding among its contract, and how to paint it.
pub(super) struct Told<'r> {
    pub(super) item: Item<'r>,
    pub(super) style: Style,
    /// Whether it can be accepted.
    pub(super) scope: Scope,
    pub(super) screen: Option<&'r Screen>,
}

impl Told<'_> {
    /// Everything that helps to understand and to mend it.
    pub(super) fn in_full(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = self.item.finding();
        self.headline(out)?;
        self.place(out)?;
        self.reached(out)?;
        self.excerpt(out)?;
        self.caution(out)?;
        self.doubt(out)?;
        for shown in &finding.witnesses {
            witness::render(shown, &finding.proof, self.style, out)?;
        }
        self.assumed(out)?;
        writeln!(out, "  {}", finding.advice())?;
        let mut next = vec![format!("unbroken explain {}", finding.rule.id)];
        if self.scope == Scope::Repository && self.item.contract.subject == Subject::Contract {
            next.push(format!("unbroken accept {}", self.item.judged.fingerprint));
        }
        // A command that is broken in two cannot be copied.
        let long: usize = next.iter().map(|command| command.len() + 3).sum();
        let is_narrow = self.screen.is_some_and(|screen| screen.columns < long);
        let lines = if is_narrow { next } else { vec![next.join(" · ")] };
        let mut lines = lines.into_iter();
        lines.try_for_each(|line| writeln!(out, "  {}", self.style.paint(Tone::Faint, line)))
    }

    /// What it is, where, and why it deserves a look.
    pub(super) fn in_brief(&self, out: &mut dyn Write) -> fmt::Result {
        self.headline(out)?;
        self.place(out)?;
        self.caution(out)?;
        self.assumed(out)?;
        self.doubt(out)
    }

    /// One line about what was told in full of another base.
    pub(super) fn again(&self, out: &mut dyn Write) -> fmt::Result {
        self.line(out)?;
        out.write_str(" (as above)\n")
    }

    fn line(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = self.item.finding();
        write!(out, "{} {}", self.mark(), finding.rule.id)?;
        let site = finding.site.to_string();
        if !site.is_empty() {
            write!(out, "  {}", escape(&site))?;
        }
        write!(out, ": {}", escape(&finding.message))
    }

    /// One line.
    pub(super) fn in_passing(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = self.item.finding();
        self.line(out)?;
        if finding.verdict() != self.item.judged.verdict {
            write!(out, " ({} {}, not selected)", finding.verdict().name(), self.item.surfaces())?;
        }
        if let Some(told) = self.item.judged.announcement {
            write!(out, " ({}: {})", self.item.judged.verdict.name(), told.name())?;
        }
        if !finding.assumptions.is_empty() {
            write!(out, " (assumes that {})", escape(&finding.assumptions.join("; ")))?;
        }
        out.write_str("\n")
    }

    /// One line about what nobody minds any more, and why.
    pub(super) fn accepted(&self, out: &mut dyn Write) -> fmt::Result {
        let Some(acceptance) = self.item.acceptance() else { return Ok(()) };
        let finding = self.item.finding();
        write!(out, "{} {}", self.style.paint(Tone::Faint, "~"), finding.rule.id)?;
        let site = finding.site.to_string();
        if !site.is_empty() {
            write!(out, "  {}", escape(&site))?;
        }
        let verdict = finding.verdict().name();
        writeln!(out, ": {} ({verdict}, {acceptance})", escape(&finding.message))
    }

    fn headline(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = self.item.finding();
        let id = self.style.paint(Tone::Strong, finding.rule.id);
        write!(out, "{} {id}: {}", self.mark(), escape(&finding.message))?;
        let severity = self.item.judged.severity;
        // The mark tells the verdict; the opinion is said where it is not what follows from that.
        let is_usual = match self.item.judged.verdict {
            Verdict::Breaking | Verdict::Undecided => severity == Severity::Error,
            Verdict::Compatible => severity < Severity::Error,
        };
        if !is_usual {
            let because = self.item.judged.announcement.map(|told| format!(": {}", told.name()));
            write!(out, " [{}{}]", severity.name(), because.unwrap_or_default())?;
        }
        out.write_str("\n")
    }

    fn mark(&self) -> Painted<&'static str> {
        let (tone, mark) = match (self.item.judged.verdict, self.item.judged.severity) {
            (Verdict::Breaking, _) => (Tone::Bad, "✗"),
            (Verdict::Undecided, _) => (Tone::Doubtful, "?"),
            (Verdict::Compatible, Severity::Error | Severity::Warning) => (Tone::Doubtful, "!"),
            (Verdict::Compatible, Severity::Note | Severity::Off) => (Tone::Good, "·"),
        };
        self.style.paint(tone, mark)
    }

    fn place(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = self.item.finding();
        let mut words = Vec::new();
        if let Some(said) = self.item.position() {
            let here = self.item.new_place().or_else(|| self.item.anchor());
            words.push(match (self.screen, here) {
                (Some(screen), Some(here)) => screen.link(&here.path, said),
                (Some(_) | None, _) => said,
            });
        }
        let site = finding.site.to_string();
        if !site.is_empty() {
            words.push(escape(&site).into_owned());
        }
        let touched = self.item.surfaces();
        if !touched.is_empty() {
            words.push(format!("{} {touched}", verb(finding.verdict())));
        }
        let mut peers: Vec<&str> = finding.peers.iter().map(|peer| peer.rule.id).collect();
        peers.dedup();
        if !peers.is_empty() {
            words.push(format!("buf {}", peers.join(", ")));
        }
        if words.is_empty() { Ok(()) } else { writeln!(out, "  {}", words.join(" · ")) }
    }

    /// The places that the edit reaches, unless the one that there is has been named: first where it
    /// is as bad as anywhere.
    fn reached(&self, out: &mut dyn Write) -> fmt::Result {
        if self.item.names_its_reach() {
            return Ok(());
        }
        let finding = self.item.finding();
        let (bad, rest) = self.item.reached();
        if !bad.is_empty() {
            writeln!(out, "  {} {}", verb(finding.verdict()), reach_list(&bad, MOST_PLACES))?;
        }
        if rest.is_empty() {
            return Ok(());
        }
        writeln!(out, "  harmless in {}", reach_list(&rest, MOST_PLACES))
    }

    fn excerpt(&self, out: &mut dyn Write) -> fmt::Result {
        let room = self
            .screen
            .map_or(usize::MAX, |screen| screen.columns.saturating_sub(BESIDE_AN_EXCERPT));
        let Excerpt { lines, more } = self.item.excerpt(Extent::BRIEF.within(room));
        let width = lines.iter().map(Line::number).max().unwrap_or(0).to_string().len();
        for line in &lines {
            let Line { mark, old: _, new: _, text, gap } = line;
            if *gap {
                writeln!(out, "      {:>width$} ⋮", "")?;
            }
            let number = line.number();
            let text = text.replace('\t', "    ");
            let (sign, tone) = match mark {
                Mark::Same => (' ', Tone::Faint),
                Mark::Removed => ('-', Tone::Bad),
                Mark::Added => ('+', Tone::Good),
            };
            let line = format!("{sign} {number:>width$} │ {}", escape(&text));
            writeln!(out, "    {}", self.style.paint(tone, line.trim_end()))?;
        }
        if more > 0 { writeln!(out, "      … {}", count(more, "more line")) } else { Ok(()) }
    }

    fn caution(&self, out: &mut dyn Write) -> fmt::Result {
        match &self.item.finding().caution {
            Some(why) => {
                let why = escape(why);
                writeln!(out, "  {} {why}", self.style.paint(Tone::Doubtful, "Caution:"))
            }
            None => Ok(()),
        }
    }

    fn assumed(&self, out: &mut dyn Write) -> fmt::Result {
        let mut all = self.item.finding().assumptions.iter();
        all.try_for_each(|each| writeln!(out, "  Assumes that {}.", escape(each)))
    }

    fn doubt(&self, out: &mut dyn Write) -> fmt::Result {
        match &self.item.finding().proof {
            Proof::Undecided(why) => {
                let why = escape(why);
                writeln!(out, "  {} {why}", self.style.paint(Tone::Doubtful, "Undecided:"))
            }
            Proof::Witness | Proof::Contained | Proof::Rule => Ok(()),
        }
    }
}
