//! Path templates.

use crate::model::{PathPart, PathTemplate};

/// Takes a path template apart. A brace that does not delimit a variable is literal text, and so
/// are `?` and `#`, which authors use to tell apart what the specification cannot.
pub(super) fn parse(text: &str) -> PathTemplate {
    let mut parts = Vec::new();
    let (mut literal, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) if is_name(name) => {
                if !literal.is_empty() {
                    parts.push(PathPart::Literal(std::mem::take(&mut literal).into()));
                }
                parts.push(PathPart::Variable(name.into()));
                rest = tail;
            }
            Some(_) | None => {
                literal.push('{');
                rest = after;
            }
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(PathPart::Literal(literal.into()));
    }
    PathTemplate { parts }
}

/// The template with its variables' names left out: templates equal in it are the same path.
pub(super) fn erased(template: &PathTemplate) -> String {
    let pieces = template.parts.iter().map(|part| match part {
        PathPart::Literal(text) => text,
        PathPart::Variable(_) => "{}",
    });
    pieces.collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['{', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_sequences_of_literals_and_variables() {
        let variable = |name: &str| PathPart::Variable(name.into());
        let literal = |text: &str| PathPart::Literal(text.into());
        assert_eq!(
            parse("/v2{x}/{a}.{b}:verb?y=1#z").parts,
            [
                literal("/v2"),
                variable("x"),
                literal("/"),
                variable("a"),
                literal("."),
                variable("b"),
                literal(":verb?y=1#z"),
            ]
        );
        assert_eq!(parse("/a{b/{}/c}").parts, [literal("/a{b/{}/c}")]);
        assert_eq!(parse("").parts, []);
        assert_eq!(erased(&parse("/a/{b}/{c}")), "/a/{}/{}");
    }
}
