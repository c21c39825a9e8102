//! What authors say to readers of a file: every edit is named, none breaks anybody.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::walk::{Alike, Change, Scope, Walk};
use crate::load::{Comments, Loaded, ReadComments};
use crate::model::{MessageFile, Stated, Step};
use crate::rules::annotation::ANNOTATION_CHANGED;
use crate::source::{FileId, Files, Span};

/// The comments of one side, read where somebody asks for those of a file.
pub(super) struct Commentary<'a> {
    files: &'a Files,
    read: Option<ReadComments>,
    known: RefCell<BTreeMap<FileId, Rc<Comments>>>,
    /// The file that was looked at last, one of the other side, and whether they are alike.
    last: Cell<Option<(FileId, FileId, bool)>>,
}

impl<'a> Commentary<'a> {
    pub(super) fn of(loaded: &'a Loaded) -> Self {
        let (known, last) = (RefCell::default(), Cell::default());
        Self { files: &loaded.files, read: loaded.comments, known, last }
    }

    fn text(&self, file: FileId) -> &'a str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// Whether a file says the same as one of the other side.
    fn is_alike(&self, file: FileId, other: &Self, twin: FileId) -> bool {
        if let Some((one, two, known)) = self.last.get()
            && (one, two) == (file, twin)
        {
            return known;
        }
        let is_alike = self.text(file) == other.text(twin);
        self.last.set(Some((file, twin, is_alike)));
        is_alike
    }

    fn comments(&self, file: FileId) -> Option<Rc<Comments>> {
        let read = self.read?;
        let mut known = self.known.borrow_mut();
        let comments = || Rc::new(read(file, self.text(file)));
        Some(Rc::clone(known.entry(file).or_insert_with(comments)))
    }
}

/// Where an element stands on both sides.
type Spans = (Span, Span);

impl Walk<'_> {
    /// Compares the comments of two elements, which are declared here.
    pub(crate) fn compare_comments(&mut self, scope: Scope, step: Option<Step>, spans: Spans) {
        let of = |span: Span| (span.file, Some(span.start));
        let Some(edited) = self.reworded(of(spans.0), of(spans.1)) else { return };
        let mut change = Change::new(&ANNOTATION_CHANGED, scope, edited.words())
            .spans(edited.old.or(Some(spans.0)), edited.new.or(Some(spans.1)));
        change.steps.extend(step);
        self.report(change);
    }

    /// Compares the comments of two files that belong to nothing in them.
    pub(super) fn compare_file_comments(&mut self, old: &MessageFile, new: &MessageFile) {
        let files = (old.span.file, new.span.file);
        let Some(edited) = self.reworded((files.0, None), (files.1, None)) else { return };
        let mut change =
            Change::new(&ANNOTATION_CHANGED, Scope::Named(new.path.clone()), edited.words())
                .spans(edited.old.or(Some(old.span)), edited.new.or(Some(new.span)));
        // A header is often edited in all files at once.
        let edit = format!("comments {} {}", edited.gone, edited.come);
        change.alike = Some(Alike { edit, file: new.path.clone() });
        self.report(change);
    }

    /// How the comments about two elements, or files, differ.
    fn reworded(&self, old: (FileId, Option<u32>), new: (FileId, Option<u32>)) -> Option<Reworded> {
        let (was, is) = (&self.old.commentary, &self.new.commentary);
        if old.1 == new.1 && was.is_alike(old.0, is, new.0) {
            return None;
        }
        let (before, after) = (was.comments(old.0)?, is.comments(new.0)?);
        Reworded::of(before.about(old.1), after.about(new.1))
    }
}

/// Comments that differ.
struct Reworded {
    /// The first that differs on each side.
    old: Option<Span>,
    new: Option<Span>,
    /// Which there are on one side only.
    gone: String,
    come: String,
    edit: Edit,
}

enum Edit {
    Added,
    Dropped,
    Edited,
}

impl Reworded {
    fn of(old: &[Stated<u64>], new: &[Stated<u64>]) -> Option<Self> {
        let only = |one: &[Stated<u64>], other: &[Stated<u64>]| -> Vec<Stated<u64>> {
            let mut others: BTreeMap<u64, usize> = BTreeMap::new();
            for stated in other {
                *others.entry(stated.value).or_default() += 1;
            }
            let is_lone = |stated: &&Stated<u64>| match others.get_mut(&stated.value) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                Some(_) | None => true,
            };
            one.iter().filter(is_lone).cloned().collect()
        };
        let (gone, come) = (only(old, new), only(new, old));
        let edit = match (&gone[..], &come[..]) {
            ([], []) => return None,
            ([], _) => Edit::Added,
            (_, []) => Edit::Dropped,
            _ => Edit::Edited,
        };
        let digest = |stated: &[Stated<u64>]| {
            let values: Vec<String> = stated.iter().map(|one| one.value.to_string()).collect();
            values.join(",")
        };
        let first = |stated: &[Stated<u64>]| stated.first().map(|one| one.span);
        Some(Self {
            old: first(&gone),
            new: first(&come),
            gone: digest(&gone),
            come: digest(&come),
            edit,
        })
    }

    fn words(&self) -> String {
        let verb = match self.edit {
            Edit::Added => "added",
            Edit::Dropped => "dropped",
            Edit::Edited => "edited",
        };
        format!("comment {verb}")
    }
}
