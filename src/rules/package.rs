//! Packages and files: where names live.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::extension::unknown_name;
use super::impact::Impact;
use super::rules;
use crate::diff::messages::{Change, FieldPair, Packer, Scope, Walk, listed, several};
use crate::model::{MessageFile, Surface};
use crate::source::Span;

rules! {
    /// A package was renamed
    ///
    /// Everything in it has another full name. Bytes and JSON do not carry it, but the paths of
    /// calls do, and the type URLs of `Any`, and all generated code.
    PACKAGE_RENAMED {
        id: "package-renamed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "an `Any` that holds a message of the package names its type: readers that know only the other name cannot unpack it",
        fix: "Add the new package beside the old one, and serve both until all clients have moved.",
    }

    /// A package was removed
    ///
    /// Nothing is left of it under its name: clients of its services are told that they are not
    /// implemented, and code that names what it held no longer compiles.
    PACKAGE_REMOVED {
        id: "package-removed",
        effect: Withdraws,
        surfaces: [wire, json, source],
        caution: "readers can no longer unpack its messages from an `Any` or decode data that was stored as them",
        fix: "Keep the package until nobody uses it.",
    }

    /// A package was added
    ///
    /// Nobody uses it yet.
    PACKAGE_ADDED {
        id: "package-added",
        effect: Offers,
        surfaces: [wire, source],
        fix: "Nothing to do.",
    }

    /// A file was added
    ///
    /// Nobody imports it yet.
    FILE_ADDED {
        id: "file-added",
        effect: Offers,
        surfaces: [source],
        fix: "Nothing to do.",
    }

    /// A file is gone from its path
    ///
    /// Files that import it no longer compile, even where what it declared lives on elsewhere.
    FILE_REMOVED {
        id: "file-removed",
        effect: Withdraws,
        surfaces: [source],
        fix: "Leave a file at the old path that imports the new one with `import public`.",
    }

    /// A file was moved
    ///
    /// Files that import it by the old path no longer compile. What it declares is where it was for
    /// everyone else.
    FILE_MOVED {
        id: "file-moved",
        effect: Withdraws,
        surfaces: [source],
        fix: "Leave a file at the old path that imports the new one with `import public`.",
    }

    /// The syntax or edition of a file changed
    ///
    /// What that means for each element is resolved and compared; by itself it means nothing.
    SYNTAX_CHANGED {
        id: "syntax-changed",
        effect: Annotates,
        surfaces: [source],
        caution: "every consumer's compiler must know the syntax",
        fix: "Nothing to do.",
    }
}

/// What of a package has another name.
pub(crate) enum Extent {
    /// All of it, which these old files declared.
    Whole(BTreeSet<usize>),
    /// What these old files declared, while the rest stayed, or went elsewhere.
    Files(BTreeSet<usize>),
}

impl Extent {
    fn files(&self) -> &BTreeSet<usize> {
        match self {
            Self::Whole(files) | Self::Files(files) => files,
        }
    }

    fn message(&self, walk: &Walk<'_>, names: (&str, &str)) -> String {
        let files = match self {
            Self::Whole(_) => {
                return match names {
                    ("", is) => format!("what had no package is in package `{is}` now"),
                    (was, "") => format!("what was in package `{was}` has no package now"),
                    (was, is) => format!("package `{was}` was renamed to `{is}`"),
                };
            }
            Self::Files(files) => files,
        };
        let paths: Vec<&str> = files.iter().map(|file| walk.old.path(*file)).collect();
        let what = format!("what was in {}", several(&paths));
        match names {
            ("", is) => format!("{what} had no package, and is in package `{is}` now"),
            (was, "") => format!("{what} has no package now, and was in package `{was}`"),
            (was, is) => format!("{what} moved from package `{was}` to `{is}`"),
        }
    }
}

/// Says that a package, or part of it, has another name.
pub(crate) fn renamed(
    walk: &mut Walk<'_>,
    names: (&Arc<str>, &Arc<str>),
    spans: (Option<Span>, Option<Span>),
    extent: &Extent,
) {
    let (old, new) = names;
    let files = extent.files();
    let mut message = extent.message(walk, (&**old, &**new));
    let services = walk.old.contract.messages.services.iter();
    let came = |at| {
        let heir = walk.new.contract.messages.services.get(walk.pairs.services.new_of(at)?)?;
        Some(walk.new.package(heir.file))
    };
    let services = services
        .enumerate()
        .filter(|(at, one)| files.contains(&one.file) && came(*at) == Some(&**new));
    let services: Vec<&str> = services.map(|(_, one)| &*one.full_name).collect();
    let mut broken = vec![Surface::Source];
    if !services.is_empty() {
        let plural = if services.len() == 1 { "" } else { "s" };
        message = format!("{message}, and with it the service{plural} {}", services.join(", "));
        broken.push(Surface::Wire);
    }
    for packer in Packer::ALL {
        let own = walk.old.messages().filter(|(_, one)| files.contains(&one.file));
        let packed = own.filter(|(_, one)| walk.packer(&one.full_name) == Some(packer));
        let packed: Vec<&str> = packed.map(|(_, one)| &*one.full_name).collect();
        if !packed.is_empty() {
            let names = listed(packed);
            let who = packer.name();
            message = format!("{message}; {who} of this contract pack {names} into an `Any`");
            broken.extend([Surface::Wire, Surface::Json]);
        }
    }
    let extensions = walk.extensions_of(files);
    if !extensions.is_empty() {
        let names = listed(extensions.iter().map(|(was, _)| &*was.full_name));
        message = format!("{message}; JSON calls the extension {names} by its full name");
    }
    let mut change = Change::new(&PACKAGE_RENAMED, Scope::Named(new.clone()), message)
        .impact(Impact::breaking(&broken))
        .spans(spans.0, spans.1)
        .evidence([old.to_string()]);
    if let Some((was, is)) = extensions.first() {
        let holders = (was.extendee, is.extendee);
        let pair = FieldPair { holders, old: &was.field, new: &is.field };
        change.impact = change.impact.with(unknown_name(), unknown_name());
        change.root = Some(pair.root());
    }
    walk.report(change);
}

/// What a package took with it.
pub(crate) struct Lost {
    /// Its messages.
    pub(crate) messages: Vec<Arc<str>>,
    /// Its enumerations.
    pub(crate) enums: Vec<Arc<str>>,
    /// Its services.
    pub(crate) services: Vec<Arc<str>>,
}

impl Lost {
    /// Whether all that it held lives on elsewhere.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.enums.is_empty() && self.services.is_empty()
    }
}

/// Says that a package is gone, with everything that was declared in it.
pub(crate) fn removed(walk: &mut Walk<'_>, name: &Arc<str>, span: Span, lost: &Lost) {
    let Lost { messages, enums, services } = lost;
    let count = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        many => Some(format!("{many} {word}s")),
    };
    let calls = match &services[..] {
        [] => None,
        [one] => Some(format!("the service {one}")),
        many => Some(format!("the services {}", many.join(", "))),
    };
    let parts: Vec<String> =
        [count(messages.len(), "message"), count(enums.len(), "enumeration"), calls]
            .into_iter()
            .flatten()
            .collect();
    let all = match parts.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} and {end}", rest.join(", ")),
        None => String::new(),
    };
    let word = if name.is_empty() {
        "what had no package".to_owned()
    } else {
        format!("package `{name}`")
    };
    let mut broken = vec![Surface::Source];
    if !services.is_empty() {
        broken.push(Surface::Wire);
    }
    let message = format!("{word} was removed with {all}");
    let change = Change::new(&PACKAGE_REMOVED, Scope::Named(name.clone()), message)
        .impact(Impact::breaking(&broken))
        .spans(Some(span), None);
    let types: Vec<Arc<str>> = messages.iter().chain(enums).cloned().collect();
    let change = walk.still_named(change, &types);
    walk.report(change);
}

/// Says that there is a package.
pub(crate) fn added(walk: &mut Walk<'_>, name: &Arc<str>, span: Span) {
    let word = if name.is_empty() {
        "something without a package".to_owned()
    } else {
        format!("package `{name}`")
    };
    let scope = Scope::Named(name.clone());
    let change = Change::new(&PACKAGE_ADDED, scope, format!("{word} was added"));
    walk.report(change.spans(None, Some(span)));
}

/// Says that there is a file.
pub(crate) fn file_added(walk: &mut Walk<'_>, file: &MessageFile) {
    let message = format!("file `{}` was added", file.path);
    let scope = Scope::Named(file.path.clone());
    walk.report(Change::new(&FILE_ADDED, scope, message).spans(None, Some(file.span)));
}

/// Says that what a file declared is in a file at another path now, or by the same path below another
/// root.
pub(crate) fn file_moved(
    walk: &mut Walk<'_>,
    (old, was_below): (&MessageFile, &str),
    (new, is_below): (&MessageFile, &str),
) {
    let word = |root: &str| if root.is_empty() { ".".to_owned() } else { root.to_owned() };
    let mut message = format!("file `{}` moved to `{}`", old.path, new.path);
    let mut evidence = vec![old.path.to_string()];
    if was_below != is_below {
        let (from, to) = (word(was_below), word(is_below));
        message = if old.path == new.path {
            format!("file `{}` moved from the root `{from}` to `{to}`", new.path)
        } else {
            format!("{message}, from the root `{from}` to `{to}`")
        };
        evidence.push(from);
    }
    let mut change = Change::new(&FILE_MOVED, Scope::Named(new.path.clone()), message)
        .spans(Some(old.span), Some(new.span))
        .evidence(evidence);
    change = if old.path == new.path {
        change.caution("whoever compiles with the old root alone does not find it")
    } else {
        change.impact(Impact::source())
    };
    walk.report(change);
}

/// Says that there is no file at the path any more.
pub(crate) fn file_removed(walk: &mut Walk<'_>, file: &MessageFile) {
    let message = format!("nothing is at `{}` any more", file.path);
    let change = Change::new(&FILE_REMOVED, Scope::Named(file.path.clone()), message)
        .impact(Impact::source())
        .spans(Some(file.span), None);
    walk.report(change);
}

/// Compares what two files are written in.
pub(crate) fn compare_syntax(walk: &mut Walk<'_>, old: &MessageFile, new: &MessageFile) {
    let (was, is) = (&old.syntax, &new.syntax);
    if was.value == is.value {
        return;
    }
    let message = format!("its syntax is {}, no longer {}", is.value, was.value);
    let change = Change::new(&SYNTAX_CHANGED, Scope::Named(new.path.clone()), message)
        .spans(Some(was.span), Some(is.span))
        .evidence([was.value.to_string(), is.value.to_string()]);
    walk.report(change);
}
