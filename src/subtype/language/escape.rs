//! Reads what follows a backslash, and classes in brackets.

use super::class::Class;
use super::parse::Parser;
use super::property;
use super::syntax::{Fault, Grammar, Node, Sense};

/// What one element of a class or one escape stands for.
enum Member {
    /// A code point, perhaps a lone surrogate.
    Code(u32),
    /// A class.
    Set(Class),
    /// Something whose meaning depends on the flag that the rest of the pattern refuses. What
    /// ECMA-262 says then (`\\p` is the letter p) is not what anybody means.
    Ambiguous(&'static str),
}

/// Reads an escape outside brackets; the backslash is behind.
pub(super) fn outside(parser: &mut Parser) -> Result<Node, Fault> {
    match parser.peek() {
        Some('b') => {
            parser.skip(1);
            Ok(Node::Boundary(Sense::Holds))
        }
        Some('B') => {
            parser.skip(1);
            Ok(Node::Boundary(Sense::Fails))
        }
        Some('1'..='9') => back_reference(parser),
        Some('k') if parser.grammar == Grammar::Unicode || parser.named => {
            parser.skip(1);
            if !parser.eat('<') {
                return Err(Fault::Malformed);
            }
            parser.name()?;
            if parser.named { Ok(BACK_REFERENCE) } else { Err(Fault::Malformed) }
        }
        Some(_) | None => match shared(parser, Place::Outside)? {
            Member::Code(code) => Ok(Node::One(Class::one(code))),
            Member::Set(class) => Ok(Node::One(class)),
            Member::Ambiguous(what) => Ok(Node::Unsupported(what)),
        },
    }
}

const BACK_REFERENCE: Node = Node::Unsupported("back-reference");

/// Where an escape stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    InClass,
}

fn back_reference(parser: &mut Parser) -> Result<Node, Fault> {
    let start = parser.place();
    let number = parser.number().unwrap_or(u64::MAX);
    if number <= parser.groups {
        return Ok(BACK_REFERENCE);
    }
    if parser.grammar == Grammar::Unicode {
        return Err(Fault::Malformed);
    }
    parser.back_to(start);
    let code = octal_or_itself(parser).ok_or(Fault::Malformed)?;
    Ok(Node::One(Class::one(code)))
}

/// Annex B.1.2 `LegacyOctalEscapeSequence`; 8 and 9 stand for themselves.
fn octal_or_itself(parser: &mut Parser) -> Option<u32> {
    let first = parser.next()?;
    let Some(mut value) = first.to_digit(8) else {
        return Some(first.into());
    };
    let longest = if value <= 3 { 2 } else { 1 };
    for _ in 0..longest {
        let Some(digit) = parser.peek().and_then(|code| code.to_digit(8)) else {
            break;
        };
        value = value * 8 + digit;
        parser.skip(1);
    }
    Some(value)
}

/// Reads an escape that means the same inside and outside brackets.
fn shared(parser: &mut Parser, place: Place) -> Result<Member, Fault> {
    let unicode = parser.grammar == Grammar::Unicode;
    let code = parser.next().ok_or(Fault::Malformed)?;
    let control = |code: u32| Ok(Member::Code(code));
    match code {
        'd' => Ok(Member::Set(Class::digit())),
        'D' => Ok(Member::Set(Class::digit().complement())),
        'w' => Ok(Member::Set(Class::word())),
        'W' => Ok(Member::Set(Class::word().complement())),
        's' => Ok(Member::Set(Class::space())),
        'S' => Ok(Member::Set(Class::space().complement())),
        't' => control(0x09),
        'n' => control(0x0A),
        'v' => control(0x0B),
        'f' => control(0x0C),
        'r' => control(0x0D),
        'c' => letter_of_control(parser, place),
        'p' | 'P' if unicode => {
            let class = property::braced(parser)?;
            Ok(Member::Set(if code == 'p' { class } else { class.complement() }))
        }
        'p' | 'P' if parser.peek() == Some('{') => {
            Ok(Member::Ambiguous("`\\p{…}` beside what the flag `u` refuses"))
        }
        'x' => match hex(parser, 2) {
            Some(value) => Ok(Member::Code(value)),
            None if unicode => Err(Fault::Malformed),
            None => Ok(Member::Code('x'.into())),
        },
        'u' => unicode_escape(parser),
        '0' if !matches!(parser.peek(), Some('0'..='9')) => control(0),
        '0'..='9' if unicode => Err(Fault::Malformed),
        '0'..='9' => {
            parser.back_to(parser.place() - 1);
            octal_or_itself(parser).map(Member::Code).ok_or(Fault::Malformed)
        }
        '-' if unicode && place == Place::InClass => control(code.into()),
        'k' if parser.named => Err(Fault::Malformed),
        other if !unicode || is_syntax(other) => control(other.into()),
        _ => Err(Fault::Malformed),
    }
}

fn is_syntax(code: char) -> bool {
    "^$\\.*+?()[]{}|/".contains(code)
}

fn letter_of_control(parser: &mut Parser, place: Place) -> Result<Member, Fault> {
    let legacy_class = parser.grammar == Grammar::Legacy && place == Place::InClass;
    match parser.peek() {
        Some(letter) if letter.is_ascii_alphabetic() => {
            parser.skip(1);
            Ok(Member::Code(u32::from(letter) % 32))
        }
        Some(letter @ ('0'..='9' | '_')) if legacy_class => {
            parser.skip(1);
            Ok(Member::Code(u32::from(letter) % 32))
        }
        Some(_) | None if parser.grammar == Grammar::Unicode => Err(Fault::Malformed),
        Some(_) | None => {
            // Annex B.1.2: the backslash stands for itself, and the `c` is read again.
            parser.back_to(parser.place() - 1);
            Ok(Member::Code('\\'.into()))
        }
    }
}

fn hex(parser: &mut Parser, digits: usize) -> Option<u32> {
    let mut value = 0;
    for distance in 0..digits {
        value = value * 16 + parser.ahead(distance)?.to_digit(16)?;
    }
    parser.skip(digits);
    Some(value)
}

/// Reads what follows `\u`: four digits, two surrogates together, or `{…}` with the flag `u`.
///
/// Without the flag, two surrogates one after the other stand for the two halves of one code point,
/// and so, outside brackets, for that code point.
fn unicode_escape(parser: &mut Parser) -> Result<Member, Fault> {
    if parser.peek() == Some('{') {
        if parser.grammar == Grammar::Legacy {
            return Ok(Member::Ambiguous("`\\u{…}` beside what the flag `u` refuses"));
        }
        return braced_code(parser).map(Member::Code).ok_or(Fault::Malformed);
    }
    let Some(lead) = hex(parser, 4) else {
        let unicode = parser.grammar == Grammar::Unicode;
        return if unicode { Err(Fault::Malformed) } else { Ok(Member::Code('u'.into())) };
    };
    if !(0xD800..0xDC00).contains(&lead) || parser.ahead(0) != Some('\\') {
        return Ok(Member::Code(lead));
    }
    let start = parser.place();
    parser.skip(1);
    if parser.eat('u')
        && let Some(trail @ 0xDC00..=0xDFFF) = hex(parser, 4)
    {
        return Ok(Member::Code(0x1_0000 + ((lead - 0xD800) << 10) + (trail - 0xDC00)));
    }
    parser.back_to(start);
    Ok(Member::Code(lead))
}

fn braced_code(parser: &mut Parser) -> Option<u32> {
    parser.skip(1);
    let mut value = None;
    while let Some(digit) = parser.peek().and_then(|code| code.to_digit(16)) {
        let so_far: u32 = value.unwrap_or(0);
        let longer = so_far * 16 + digit;
        if longer > super::class::LAST {
            return None;
        }
        value = Some(longer);
        parser.skip(1);
    }
    if parser.eat('}') { value } else { None }
}

/// Reads a class; the opening bracket is behind.
pub(super) fn class(parser: &mut Parser) -> Result<Node, Fault> {
    let negated = parser.eat('^');
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let mut ambiguous = None;
    loop {
        if parser.eat(']') {
            break;
        }
        let first = member(parser)?;
        if let Member::Ambiguous(what) = first {
            ambiguous = Some(what);
        }
        if parser.peek() != Some('-') || matches!(parser.ahead(1), Some(']') | None) {
            add(&mut ranges, &first);
            continue;
        }
        parser.skip(1);
        match (first, member(parser)?) {
            (Member::Code(first), Member::Code(last)) if first <= last => {
                ranges.push((first, last));
            }
            (Member::Code(_), Member::Code(_)) => return Err(Fault::Malformed),
            (Member::Set(_), _) | (_, Member::Set(_)) if parser.grammar == Grammar::Unicode => {
                return Err(Fault::Malformed);
            }
            (first, last) => {
                if let Member::Ambiguous(what) = last {
                    ambiguous = Some(what);
                }
                add(&mut ranges, &first);
                add(&mut ranges, &Member::Code('-'.into()));
                add(&mut ranges, &last);
            }
        }
    }
    if let Some(what) = ambiguous {
        return Ok(Node::Unsupported(what));
    }
    let class = Class::of(ranges);
    Ok(Node::One(if negated { class.complement() } else { class }))
}

fn add(ranges: &mut Vec<(u32, u32)>, member: &Member) {
    match member {
        Member::Code(code) => ranges.push((*code, *code)),
        Member::Set(class) => ranges.extend(class.ranges()),
        Member::Ambiguous(_) => {}
    }
}

fn member(parser: &mut Parser) -> Result<Member, Fault> {
    match parser.next() {
        Some('\\') if parser.eat('b') => Ok(Member::Code(0x08)),
        Some('\\') => shared(parser, Place::InClass),
        Some(code) => Ok(Member::Code(code.into())),
        None => Err(Fault::Malformed),
    }
}
