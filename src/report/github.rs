//! Annotations on a pull request: workflow commands, as GitHub's runner reads them from the log.
//!
//! A step may make ten of each level, and what is beyond is dropped without a word; so the tenth says
//! how many more there are. Harmless changes are summed up in one.

use std::fmt::{self, Write};

use super::escape::escape;
use super::excerpt::Extent;
use super::item::{Item, Place, against, count, distinct, ranked_of_all, reach_list, verb};
use super::problem::{self, Alike};
use super::text::witness::{Shown, shown};
use crate::policy::{Report, ReportedProblem, Severity};

/// How many annotations of one level a step may make.
const MOST_OF_A_LEVEL: usize = 10;
/// How many places that a finding reaches are named.
const MOST_PLACES: usize = 5;

/// Writes one command a line.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> fmt::Result {
    let items = distinct(ranked_of_all(report));
    let problems = problem::problems(report);
    for (level, severity) in [("error", Severity::Error), ("warning", Severity::Warning)] {
        let mut of_level = problems.clone();
        of_level.retain(|problem| problem::level(problem) == severity);
        let of_problems = problem::alike(of_level).into_iter().map(|alike| of_problem(&alike));
        let of_findings = items.iter().filter(|(item, _)| item.judged.severity == severity);
        let of_findings = of_findings.map(|(item, bases)| of_finding(item, against(report, bases)));
        // What could not be compared comes before all; what is only odd about the input, after what
        // was changed.
        let all: Vec<Annotation> = if severity == Severity::Error {
            of_problems.chain(of_findings).collect()
        } else {
            of_findings.chain(of_problems).collect()
        };
        // Where all fit, no place is spent on counting.
        let shown = if all.len() > MOST_OF_A_LEVEL { MOST_OF_A_LEVEL - 1 } else { all.len() };
        for annotation in all.iter().take(shown) {
            annotation.write(level, out)?;
        }
        if all.len() > shown {
            let more = format!("more {level}");
            let message =
                format!("… and {}; the report lists all", count(all.len() - shown, &more));
            let rest = Annotation { place: None, title: "unbroken".to_owned(), message };
            rest.write(level, out)?;
        }
    }
    let notes = items.iter().filter(|(item, _)| item.judged.severity == Severity::Note).count();
    if notes > 0 {
        let message = count(notes, "harmless change");
        Annotation { place: None, title: "unbroken".to_owned(), message }.write("notice", out)?;
    }
    Ok(())
}

/// The annotation of a run in which nothing could be compared: why.
///
/// # Errors
/// When `out` refuses to be written to.
pub fn failure(problem: &ReportedProblem, out: &mut dyn Write) -> fmt::Result {
    let message = escape(&problem.message).into_owned();
    let place = problem.path.clone().map(|path| {
        let (line, column) = problem.position.unwrap_or((1, 1));
        Place { path, line, column, end_column: None }
    });
    Annotation { place, title: "unbroken".to_owned(), message }.write("error", out)
}

/// A remark, and where to put it.
struct Annotation {
    place: Option<Place>,
    title: String,
    message: String,
}

impl Annotation {
    fn write(&self, level: &str, out: &mut dyn Write) -> fmt::Result {
        write!(out, "::{level} ")?;
        if let Some(Place { path, line, column, end_column }) = &self.place {
            write!(out, "file={},line={line},endLine={line},col={column},", property(path))?;
            if let Some(end) = end_column {
                write!(out, "endColumn={end},")?;
            }
        }
        writeln!(out, "title={}::{}", property(&self.title), data(&self.message))
    }
}

fn of_finding(item: &Item<'_>, against: Option<String>) -> Annotation {
    let finding = item.finding();
    let mut lines = vec![escape(&finding.message).into_owned()];
    let site = finding.site.to_string();
    if !site.is_empty() {
        lines.push(format!("in {}", escape(&site)));
    }
    let (bad, _) = item.reached();
    if !bad.is_empty() {
        lines.push(format!("{} {}", verb(finding.verdict()), reach_list(&bad, MOST_PLACES)));
    }
    lines.extend(against.map(|names| format!("against {names}")));
    let doubt = item.doubt().map(|why| format!("Undecided: {}", escape(why)));
    let caution = finding.caution.as_deref().map(|why| format!("Caution: {}", escape(why)));
    lines.extend(doubt.into_iter().chain(caution));
    for witness in &finding.witnesses {
        let shown = shown(witness, &finding.proof);
        let reason = shown.reason();
        let Shown { sentence, lines: crossing, because: _, confirmed: _ } = shown;
        lines.push(sentence);
        lines.extend(crossing);
        lines.push(reason);
    }
    lines.push(finding.advice().to_owned());
    Annotation {
        // A file that head no longer has cannot be remarked upon.
        place: item.touched(&item.excerpt(Extent::BRIEF)),
        title: format!("{} ({})", finding.rule.id, item.judged.verdict.name()),
        message: lines.join("\n"),
    }
}

fn of_problem(alike: &Alike<'_>) -> Annotation {
    let problem = alike.first;
    let ReportedProblem { kind, message, path, position, side, counts: _ } = problem;
    let place = path.clone().filter(|_| *side == "new").map(|path| {
        let (line, column) = position.unwrap_or((1, 1));
        Place { path, line, column, end_column: None }
    });
    let message = format!("{} {}{}", escape(message), problem::side(problem), alike.elsewhere());
    Annotation { place, title: problem::word(*kind).to_owned(), message }
}

/// The value of a property; what is hidden in it is shown first.
fn property(text: &str) -> String {
    data(&escape(text)).replace(':', "%3A").replace(',', "%2C")
}

/// What a command says.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_whatever_it_says() {
        let place =
            Place { path: "a,b:c%0A\n.yaml".to_owned(), line: 3, column: 5, end_column: Some(9) };
        let mut text = String::new();
        let message = "100%\n::error::no".to_owned();
        Annotation { place: Some(place), title: "t: u".to_owned(), message }
            .write("error", &mut text)
            .unwrap();
        assert_eq!(
            text,
            "::error file=a%2Cb%3Ac%250A\\n.yaml,line=3,endLine=3,col=5,endColumn=9,title=t%3A u\
             ::100%25%0A::error::no\n"
        );
    }
}
