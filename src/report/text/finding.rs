//! One finding: in full where somebody must act, else in a line or two.

use std::fmt::{self, Write};

use super::witness;
use crate::diff::{Finding, Proof, Reach};
use crate::load::Loaded;
use crate::model::Surface;
use crate::policy::{ContractReport, JudgedFinding, Scope, Severity, Subject, Suppression};
use crate::report::escape::escape;
use crate::report::excerpt::{Excerpt, Line, Mark, Role, Side, excerpt};
use crate::report::style::{Painted, Style, Tone};
use crate::rules::Verdict;
use crate::source::Span;

/// How many places that a finding reaches are named.
const MOST_PLACES: usize = 4;

/// A finding among its contract, and how to paint it.
pub(super) struct Item<'r> {
    pub(super) contract: &'r ContractReport,
    pub(super) judged: &'r JudgedFinding,
    pub(super) style: Style,
    /// Whether it can be accepted.
    pub(super) scope: Scope,
}

impl Item<'_> {
    /// Everything that helps to understand and to mend it.
    pub(super) fn in_full(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = &self.judged.finding;
        self.headline(out)?;
        self.place(out)?;
        self.reached(out)?;
        self.excerpt(out)?;
        self.caution(out)?;
        self.doubt(out)?;
        for shown in &finding.witnesses {
            witness::render(shown, &finding.proof, self.style, out)?;
        }
        for assumption in &finding.assumptions {
            writeln!(out, "  Assumes that {}.", escape(assumption))?;
        }
        writeln!(out, "  {}", finding.rule.fix)?;
        let mut next = format!("unbroken explain {}", finding.rule.id);
        if self.scope == Scope::Repository && self.contract.subject == Subject::Contract {
            next = format!("{next} · unbroken accept {}", self.judged.fingerprint);
        }
        writeln!(out, "  {}", self.style.paint(Tone::Faint, next))
    }

    /// What it is, where, and why it deserves a look.
    pub(super) fn in_brief(&self, out: &mut dyn Write) -> fmt::Result {
        self.headline(out)?;
        self.place(out)?;
        self.caution(out)?;
        self.doubt(out)
    }

    /// One line.
    pub(super) fn in_passing(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = &self.judged.finding;
        write!(out, "{} {}", self.mark(), finding.rule.id)?;
        let site = finding.site.to_string();
        if !site.is_empty() {
            write!(out, "  {}", escape(&site))?;
        }
        write!(out, ": {}", escape(&finding.message))?;
        if finding.verdict() != self.judged.verdict {
            write!(out, " ({} {}, not selected)", finding.verdict().name(), self.surfaces())?;
        }
        out.write_str("\n")
    }

    /// One line about what nobody minds any more, and why.
    pub(super) fn accepted(&self, out: &mut dyn Write) -> fmt::Result {
        let Some(Suppression { reason, owner, until, by: _ }) = &self.judged.suppressed else {
            return Ok(());
        };
        let finding = &self.judged.finding;
        write!(out, "{} {}", self.style.paint(Tone::Faint, "~"), finding.rule.id)?;
        let site = finding.site.to_string();
        if !site.is_empty() {
            write!(out, "  {}", escape(&site))?;
        }
        write!(out, ": {} ({}", escape(&finding.message), finding.verdict().name())?;
        write!(out, ", accepted until {until}")?;
        if let Some(owner) = owner {
            write!(out, " by {}", escape(owner))?;
        }
        writeln!(out, ": {})", escape(reason))
    }

    fn headline(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = &self.judged.finding;
        let id = self.style.paint(Tone::Strong, finding.rule.id);
        write!(out, "{} {id}: {}", self.mark(), escape(&finding.message))?;
        let severity = self.judged.severity;
        // The mark tells the verdict; the opinion is said where it is not what follows from that.
        let is_usual = match self.judged.verdict {
            Verdict::Breaking | Verdict::Undecided => severity == Severity::Error,
            Verdict::Compatible => severity < Severity::Error,
        };
        if !is_usual {
            write!(out, " [{}]", severity.name())?;
        }
        out.write_str("\n")
    }

    fn mark(&self) -> Painted<&'static str> {
        let (tone, mark) = match (self.judged.verdict, self.judged.severity) {
            (Verdict::Breaking, _) => (Tone::Bad, "✗"),
            (Verdict::Undecided, _) => (Tone::Doubtful, "?"),
            (Verdict::Compatible, Severity::Error | Severity::Warning) => (Tone::Doubtful, "!"),
            (Verdict::Compatible, Severity::Note | Severity::Off) => (Tone::Good, "·"),
        };
        self.style.paint(tone, mark)
    }

    fn place(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = &self.judged.finding;
        let mut words = Vec::new();
        if let Some(place) = self.position() {
            words.push(place);
        }
        let site = finding.site.to_string();
        if !site.is_empty() {
            words.push(escape(&site).into_owned());
        }
        let touched = self.surfaces();
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

    /// The surfaces of the worst verdict, unless it is harmless.
    fn surfaces(&self) -> String {
        let finding = &self.judged.finding;
        let worst = finding.verdict();
        if worst == Verdict::Compatible {
            return String::new();
        }
        let names = Surface::ALL
            .into_iter()
            .filter(|surface| finding.surfaces.get(*surface) == worst)
            .map(Surface::name);
        names.collect::<Vec<&str>>().join(", ")
    }

    /// Where to look: in the new contract, or in the old one if nothing is left.
    fn position(&self) -> Option<String> {
        let Finding { old, new, anchor, .. } = &self.judged.finding;
        let at = |side: &Option<Loaded>, span: &Option<Span>| -> Option<String> {
            let (path, position) = side.as_ref()?.files.locate((*span)?)?;
            let path = path.to_string();
            Some(format!("{}:{}:{}", escape(&path), position.line, position.column))
        };
        let ContractReport { old: was, new: is, .. } = self.contract;
        let new_place = at(is, new);
        match (new_place, at(was, old), at(is, anchor)) {
            (Some(here), _, _) => Some(here),
            (None, Some(there), Some(parent)) => Some(format!("{parent} (was at {there})")),
            (None, Some(there), None) => Some(format!("was at {there}")),
            (None, None, parent) => parent,
        }
    }

    /// The other places that the edit reaches: first where it is as bad as anywhere.
    fn reached(&self, out: &mut dyn Write) -> fmt::Result {
        let finding = &self.judged.finding;
        let reaches = &finding.reached_from;
        let [_, _, ..] = reaches.as_slice() else { return Ok(()) };
        let worst = finding.verdict();
        let (bad, rest): (Vec<&Reach>, Vec<&Reach>) =
            reaches.iter().partition(|reach| reach.verdict == worst);
        if !bad.is_empty() {
            writeln!(out, "  {} {}", verb(worst), listed(&bad))?;
        }
        if rest.is_empty() { Ok(()) } else { writeln!(out, "  harmless in {}", listed(&rest)) }
    }

    fn excerpt(&self, out: &mut dyn Write) -> fmt::Result {
        let Finding { old, new, anchor, .. } = &self.judged.finding;
        let was = self.contract.old.as_ref().map(|side| &side.files);
        let is = self.contract.new.as_ref().map(|side| &side.files);
        let old = was.zip(*old).map(|(files, span)| Side { files, span, role: Role::Element });
        let (span, role) = match new {
            Some(span) => (Some(*span), Role::Element),
            None => (*anchor, Role::Surroundings),
        };
        let new = is.zip(span).map(|(files, span)| Side { files, span, role });
        let Excerpt { lines, more } = excerpt(old, new);
        let width = lines.iter().map(|line| line.number).max().unwrap_or(0).to_string().len();
        for line in &lines {
            let Line { mark, number, text } = line;
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
        match &self.judged.finding.caution {
            Some(why) => {
                let why = escape(why);
                writeln!(out, "  {} {why}", self.style.paint(Tone::Doubtful, "Caution:"))
            }
            None => Ok(()),
        }
    }

    fn doubt(&self, out: &mut dyn Write) -> fmt::Result {
        match &self.judged.finding.proof {
            Proof::Undecided(why) => {
                let why = escape(why);
                writeln!(out, "  {} {why}", self.style.paint(Tone::Doubtful, "Undecided:"))
            }
            Proof::Witness | Proof::Contained | Proof::Rule => Ok(()),
        }
    }
}

fn verb(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaking => "breaks",
        Verdict::Undecided => "may break",
        Verdict::Compatible => "reaches",
    }
}

fn listed(reaches: &[&Reach]) -> String {
    let words: Vec<String> = reaches
        .iter()
        .take(MOST_PLACES)
        .map(|reach| {
            let Reach { operation, part, polarity: _, verdict: _ } = reach;
            match (operation.is_empty(), part.is_empty()) {
                (true, _) => escape(part).into_owned(),
                (false, true) => escape(operation).into_owned(),
                (false, false) => format!("{} › {}", escape(operation), escape(part)),
            }
        })
        .collect();
    match reaches.len().saturating_sub(MOST_PLACES) {
        0 => words.join(", "),
        more => format!("{} and {}", words.join(", "), count(more, "more place")),
    }
}

/// A number with its noun: `1 contract`, `2 contracts`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
