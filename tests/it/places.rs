//! Where a report points, and what it shows there.

use crate::case::Case;
use crate::cases::unbroken;

/// What stands between two marks, wherever they follow one another.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

/// The line that the facts of a finding name in head; `None` where head has nothing left of it.
fn named(finding: &str) -> Option<&str> {
    let facts = *between(finding, "<p class=\"facts\">", "</p>").first()?;
    let place = facts.strip_prefix("<span><code>")?.split("</code>").next()?;
    place.rsplit(':').nth(1)
}

/// The numbers of the lines of the new side that are shown.
fn shown(finding: &str) -> Vec<&str> {
    let cells = between(finding, "<td class=\"new no", "</td>");
    cells.into_iter().filter_map(|cell| cell.split('>').nth(1)).collect()
}

#[test]
fn the_line_that_a_finding_names_is_among_those_that_it_shows() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for case in Case::all() {
        let mut arguments = vec!["diff", &case.old, &case.new, "--format", "html"];
        if case.format == "json-schema" {
            arguments.extend(["--kind", "json-schema"]);
        }
        arguments.extend(case.flags.iter().map(String::as_str));
        let page = String::from_utf8(unbroken(&case.folder, &arguments).stdout).unwrap();
        for finding in page.split("<details class=\"finding\"").skip(1) {
            let Some(line) = named(finding) else { continue };
            seen += 1;
            let shown = shown(finding);
            if !shown.contains(&line) {
                let what = between(finding, "<span class=\"what\">", "</span>");
                wrong.push(format!("{}: {what:?} at {line}, shown {shown:?}", case.title()));
            }
        }
    }
    assert!(seen > 500, "only {seen} findings have a place");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}
