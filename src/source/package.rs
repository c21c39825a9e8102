//! The package of a `.proto` file, found without parsing the rest of it, and its other versions.

/// What the file's `package` statement names, wherever it stands outside of braces.
pub(super) fn package(text: &[u8]) -> Option<String> {
    let mut rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    loop {
        rest = skip_blank(rest);
        if rest.is_empty() {
            return None;
        }
        if let Some(named) = rest.strip_prefix(b"package")
            && !named.first().is_some_and(|byte| is_name(*byte))
        {
            return Some(name(named)).filter(|name| !name.is_empty());
        }
        rest = skip_statement(rest);
    }
}

/// A package with a star for its versions (`a.v1` is of `a.*`); `None` where it names none.
pub fn family(package: &str) -> Option<String> {
    let is_version = |part: &str| {
        let digits = part.strip_prefix('v').and_then(|rest| rest.bytes().next());
        digits.is_some_and(|first| first.is_ascii_digit())
    };
    if !package.split('.').any(is_version) {
        return None;
    }
    let parts = package.split('.').map(|part| if is_version(part) { "*" } else { part });
    Some(parts.collect::<Vec<&str>>().join("."))
}

/// The same for every package: one that names no version is the only one of its kind.
pub(super) fn any_version(package: &str) -> String {
    family(package).unwrap_or_else(|| package.to_owned())
}

/// Whether the names of two packages differ in one part, beside their versions: what else is alike
/// in two packages is as likely custom as descent.
pub fn are_near(old: &str, new: &str) -> bool {
    let parts =
        |name: &str| -> Vec<String> { any_version(name).split('.').map(str::to_owned).collect() };
    let (old, new) = (parts(old), parts(new));
    let (short, long) = if old.len() <= new.len() { (&old, &new) } else { (&new, &old) };
    let ahead = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let behind = short.iter().rev().zip(long.iter().rev());
    let behind = behind.take_while(|(one, other)| one == other).count();
    long.len() - short.len() <= 1 && (ahead + behind + 1 >= long.len())
}

/// The parts of a name and the dots between them, up to anything else.
fn name(mut rest: &[u8]) -> String {
    let mut name = String::new();
    loop {
        rest = skip_blank(rest);
        let length = rest.iter().take_while(|byte| is_name(**byte)).count();
        if length == 0 {
            return name;
        }
        let (part, behind) = rest.split_at(length);
        name.push_str(&String::from_utf8_lossy(part));
        rest = behind;
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}

/// What follows the semicolon or the closing brace that ends a statement.
fn skip_statement(mut rest: &[u8]) -> &[u8] {
    let mut open = 0_usize;
    while let [first, behind @ ..] = rest {
        rest = match first {
            b'/' if matches!(behind.first(), Some(b'/' | b'*')) => skip_blank(rest),
            b'"' | b'\'' => skip_quoted(*first, behind),
            b';' if open == 0 => return behind,
            b'{' => {
                open += 1;
                behind
            }
            b'}' if open <= 1 => return behind,
            b'}' => {
                open -= 1;
                behind
            }
            _ => behind,
        };
    }
    rest
}

/// A text ends with its quote, or with its line.
fn skip_quoted(quote: u8, mut rest: &[u8]) -> &[u8] {
    while let [first, behind @ ..] = rest {
        match first {
            b'\n' => return rest,
            b'\\' => rest = behind.get(1..).unwrap_or_default(),
            byte if *byte == quote => return behind,
            _ => rest = behind,
        }
    }
    rest
}

fn skip_blank(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = rest.trim_ascii_start();
        let end = match rest {
            [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n'),
            [b'/', b'*', ..] => {
                rest.windows(2).skip(2).position(|pair| pair == b"*/").map(|at| at + 4)
            }
            _ => return rest,
        };
        rest = end.and_then(|end| rest.get(end..)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_found_wherever_it_is_stated() {
        for text in [
            "package a.v1;",
            "syntax = \"proto3\"; package a.v1;",
            "// package b;\n/* package c; */ package\n a /* x */ . v1 ;",
            "message M { string package = 1; } option x = \"package d;\"; package a.v1;",
            "\u{feff}message package_ {} service S { rpc A(B) returns (C) { } } package a.v1;",
        ] {
            assert_eq!(package(text.as_bytes()).as_deref(), Some("a.v1"), "{text}");
        }
        for text in ["", "message M {", "message package {}", "/* package a;", "package;"] {
            assert_eq!(package(text.as_bytes()), None, "{text}");
        }
    }
}
