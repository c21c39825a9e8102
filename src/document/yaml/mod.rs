//! YAML 1.2 with positions, in the same arena as JSON.
//!
//! The parser's events are iterative and so is this builder. An alias is the node of its anchor,
//! so a text of nested aliases stays as small as it is written.

mod layout;
mod merge;
mod scalar;
mod spans;

#[cfg(test)]
mod suite;

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use crate::source::FileId;

use super::members::{Pending, refuse_repeated};
use super::text::{Fault, offset, too_many};
use super::{Document, DocumentBuilder, DocumentErrorKind, Element, Limits, NodeId};
use layout::Layout;
use merge::{Allowance, Merge};
use scalar::Scalar;
use spans::Spans;

/// What is said of the documents after the first; the span of the warning covers them.
pub const ONLY_THE_FIRST: &str = "only the first document of this file is read";

/// A document, and what was passed over with its place.
pub(super) type Read = (Document, Vec<(String, u32, u32)>);

/// Reads the first document of a YAML stream; the rest must be YAML and is otherwise ignored.
///
/// # Errors
/// The first departure from YAML 1.2, a name that is no scalar or stands twice, an alias inside
/// its own anchor, or an exhausted budget.
pub(super) fn read(file: FileId, text: &Arc<str>, limits: &Limits) -> Result<Read, Fault> {
    match read_as(file, text, text, &BTreeSet::new(), limits) {
        Err(Stopped::Misplaced(at, fault)) => read_lifting(file, text, limits, at, fault),
        Err(Stopped::Fault(fault)) => Err(fault),
        Ok(read) => Ok(read),
    }
}

/// Reads again with misplaced closing brackets lifted, for as long as that helps; where it does not,
/// the first fault is the one to report.
fn read_lifting(
    file: FileId,
    text: &Arc<str>,
    limits: &Limits,
    mut at: u32,
    first: Fault,
) -> Result<Read, Fault> {
    let mut layout = Layout::new(text);
    while layout.lift(at) {
        match read_as(file, text, layout.text(), layout.lifted(), limits) {
            Ok(read) => return Ok(read),
            Err(Stopped::Misplaced(next, _)) if next > at => at = next,
            Err(Stopped::Misplaced(..) | Stopped::Fault(_)) => break,
        }
    }
    Err(first)
}

/// Why reading stopped.
enum Stopped {
    /// For good.
    Fault(Fault),
    /// At something that stands no deeper than its parent.
    Misplaced(u32, Fault),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Reads `text` through what the parser is `shown`, which has every byte in the same place.
fn read_as(
    file: FileId,
    text: &Arc<str>,
    shown: &str,
    lifted: &BTreeSet<u32>,
    limits: &Limits,
) -> Result<Read, Stopped> {
    let mut reader = Reader::new(file, text, limits);
    let mut documents = 0_usize;
    let mut closers = 0_usize;
    for step in Parser::new_from_str(shown) {
        let (event, span) = step.map_err(|error| {
            let fault = reader.malformed(&error);
            if error.info().contains("indentation") {
                Stopped::Misplaced(reader.spans.byte(*error.marker()), fault)
            } else {
                Stopped::Fault(fault)
            }
        })?;
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents == 2 {
                let start = reader.spans.byte(span.start);
                reader.warnings.push((ONLY_THE_FIRST.to_owned(), start, offset(text.len())));
            }
        }
        if matches!(event, Event::SequenceEnd | Event::MappingEnd)
            && !lifted.is_empty()
            && lifted.contains(&reader.spans.byte(span.start))
        {
            closers += 1;
        }
        if documents == 1 {
            reader.on(event, span)?;
        }
    }
    if closers < lifted.len() {
        // A bracket that was lifted became part of a text instead.
        let at = lifted.first().copied().unwrap_or_default();
        return Err(Stopped::Fault(malformed("a bracket closes nothing", at, at + 1)));
    }
    let Some(root) = reader.root else {
        let message = "the text holds no value, only white space or comments".to_owned();
        return Err(Fault::new(DocumentErrorKind::Malformed, message, 0, 0).into());
    };
    Ok((reader.builder.finish(root), reader.warnings))
}

struct Reader<'t> {
    text: &'t str,
    spans: Spans<'t>,
    limits: &'t Limits,
    builder: DocumentBuilder,
    frames: Vec<Frame>,
    elements: Vec<NodeId>,
    members: Vec<Pending>,
    anchors: HashMap<usize, Anchored>,
    aliases: usize,
    allowance: Allowance,
    /// Where the last thing that is really written ends: block containers end there.
    written: u32,
    root: Option<NodeId>,
    warnings: Vec<(String, u32, u32)>,
}

/// A container that is open.
struct Frame {
    start: u32,
    /// Where its elements or members begin among those of all open containers.
    first: usize,
    anchor: usize,
    kind: Kind,
}

enum Kind {
    Array,
    Object { key: Option<Name>, merges: Vec<Merge> },
}

/// The name that waits for its value.
enum Name {
    Member(Element, u32, u32),
    Merge(u32, u32),
}

struct Anchored {
    node: NodeId,
    /// The text of a scalar, for an alias that stands as a name.
    name: Option<Element>,
}

impl<'t> Reader<'t> {
    fn new(file: FileId, text: &'t Arc<str>, limits: &'t Limits) -> Self {
        let limit = limits.max_merged_members;
        Self {
            text,
            spans: Spans::new(text),
            limits,
            builder: DocumentBuilder::new(file, Arc::clone(text)),
            frames: Vec::new(),
            elements: Vec::new(),
            members: Vec::new(),
            anchors: HashMap::default(),
            aliases: 0,
            allowance: Allowance { left: limit, limit },
            written: 0,
            root: None,
            warnings: Vec::new(),
        }
    }

    fn on(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        if self.builder.count() + self.frames.len() >= self.limits.max_values {
            return Err(too_many(self.limits.max_values, self.spans.byte(span.start)));
        }
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(Kind::Array, self.elements.len(), anchor, tag.as_deref(), span)
            }
            Event::MappingStart(anchor, tag) => {
                let kind = Kind::Object { key: None, merges: Vec::new() };
                self.open(kind, self.members.len(), anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fault> {
        let (start, end) = (self.spans.byte(span.start), self.spans.byte(span.end));
        self.written = end;
        self.aliases += 1;
        if self.aliases > self.limits.max_aliases {
            let limit = self.limits.max_aliases;
            let message = format!("there are more aliases than the limit max-aliases = {limit}");
            return Err(Fault::new(DocumentErrorKind::Limit, message, start, end));
        }
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(malformed("the alias stands inside the value that it names", start, end));
        };
        let (node, name) = (anchored.node, anchored.name.clone());
        match (self.awaited_name(), name) {
            (None, _) => self.attach(node),
            (Some(key), Some(name)) => *key = Some(Name::Member(name, start, end)),
            (Some(_), None) => return Err(complex_key(start)),
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let (start, end) = if span.start == span.end {
            let at = self.spans.empty(self.written, span.start);
            (at, at)
        } else {
            self.spans.scalar(span, style, anchor != 0 || tag.is_some())
        };
        self.written = end;
        self.warn_about(tag, span);
        let content = self.content(value, start, end, style);
        let is_name = self.awaited_name().is_some();
        if !is_name || anchor != 0 {
            let node = self.value(value, content.clone(), style, tag, (start, end));
            if anchor != 0 {
                self.anchors.insert(anchor, Anchored { node, name: Some(content.clone()) });
            }
            if !is_name {
                self.attach(node);
                return;
            }
        }
        let merges = value == "<<" && style == ScalarStyle::Plain && tag.is_none();
        if let Some(key) = self.awaited_name() {
            *key = Some(if merges {
                Name::Merge(start, end)
            } else {
                Name::Member(content, start, end)
            });
        }
    }

    /// The text of a scalar: a slice of the source where that says the same.
    fn content(&self, value: &str, start: u32, end: u32, style: ScalarStyle) -> Element {
        let quotes = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => 0,
        };
        let inner = (start + quotes, end.saturating_sub(quotes));
        let slice = self.text.get(inner.0 as usize..inner.1 as usize);
        if slice == Some(value) {
            return Element::Slice(inner.0, inner.1);
        }
        Element::Owned(value.into())
    }

    fn value(
        &mut self,
        value: &str,
        content: Element,
        style: ScalarStyle,
        tag: Option<&Tag>,
        (start, end): (u32, u32),
    ) -> NodeId {
        match scalar::resolve(value, style, tag) {
            Scalar::Null => self.builder.null(start, end),
            Scalar::Boolean(truth) => self.builder.boolean(start, end, truth),
            Scalar::String => self.builder.string(start, end, content),
            Scalar::Number(digits) if digits == value => self.builder.number(start, end, content),
            Scalar::Number(digits) => {
                self.builder.number(start, end, Element::Owned(digits.into()))
            }
        }
    }

    fn open(
        &mut self,
        kind: Kind,
        first: usize,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Fault> {
        let start = self.spans.container(span.start, anchor != 0 || tag.is_some());
        if self.awaited_name().is_some() {
            return Err(complex_key(start));
        }
        if self.frames.len() >= self.limits.max_depth {
            let message = too_deep(self.limits.max_depth);
            return Err(Fault::new(DocumentErrorKind::Limit, message, start, start));
        }
        self.warn_about(tag, span);
        self.frames.push(Frame { start, first, anchor, kind });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fault> {
        let Some(Frame { start, first, anchor, kind }) = self.frames.pop() else { return Ok(()) };
        // Only flow containers are closed by something that is written.
        if span.start != span.end {
            self.written = self.spans.byte(span.start) + 1;
        }
        let end = self.written.max(start);
        let node = match kind {
            Kind::Array => {
                let items = self.elements.get(first..).unwrap_or_default();
                let node = self.builder.array(start, end, items);
                self.elements.truncate(first);
                node
            }
            Kind::Object { key: _, merges } => self.object(start, end, first, &merges)?,
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node, name: None });
        }
        self.attach(node);
        Ok(())
    }

    fn object(
        &mut self,
        start: u32,
        end: u32,
        first: usize,
        merges: &[Merge],
    ) -> Result<NodeId, Fault> {
        let own = self.members.get(first..).unwrap_or_default();
        refuse_repeated(self.text, own)?;
        if merges.is_empty() {
            return Ok(self.builder.object(start, end, self.members.drain(first..)));
        }
        let members = merge::merged(self.text, &self.builder, own, merges, &mut self.allowance)?;
        self.members.truncate(first);
        Ok(self.builder.object(start, end, members))
    }

    /// The slot of the innermost object's next name, if a name is what comes next.
    fn awaited_name(&mut self) -> Option<&mut Option<Name>> {
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            Some(Kind::Object { key, merges: _ }) if key.is_none() => Some(key),
            Some(Kind::Object { .. } | Kind::Array) | None => None,
        }
    }

    fn attach(&mut self, node: NodeId) {
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            None => self.root = Some(node),
            Some(Kind::Array) => self.elements.push(node),
            Some(Kind::Object { key, merges }) => match key.take() {
                Some(Name::Member(name, start, end)) => {
                    self.members.push((name, start, end, node));
                }
                Some(Name::Merge(start, end)) => merges.push(Merge { source: node, start, end }),
                None => {}
            },
        }
    }

    fn warn_about(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag.filter(|tag| scalar::ignored(tag)) {
            self.warn(&format!("the tag `{tag}` is ignored"), span);
        }
    }

    fn warn(&mut self, message: &str, span: Span) {
        let (start, end) = (self.spans.byte(span.start), self.spans.byte(span.end));
        self.warnings.push((message.to_owned(), start, end));
    }

    fn malformed(&self, error: &ScanError) -> Fault {
        let start = self.spans.byte(*error.marker());
        let rest = self.text.get(start as usize..).unwrap_or("");
        let end = start + rest.chars().next().map_or(0, |found| offset(found.len_utf8()));
        let info = error.info();
        if let Some(tab) = self.tab_before(end).filter(|_| info.contains("tab")) {
            let message = "a tab stands where YAML wants spaces: indent with spaces";
            return malformed(message, tab, tab + 1);
        }
        if info.contains("recursion limit") {
            // The parser counts open brackets in a byte.
            let limit = self.limits.max_depth;
            let message = format!("{}, and within brackets 255", too_deep(limit));
            return Fault::new(DocumentErrorKind::Limit, message, start, end);
        }
        if info.contains("unknown anchor") {
            return malformed("the alias names no anchor that stands before it", start, end);
        }
        malformed(&format!("this is not YAML: {info}"), start, end)
    }

    /// The last tab of the line that ends here; the parser's mark may stand behind it.
    fn tab_before(&self, end: u32) -> Option<u32> {
        let before = self.text.get(..end as usize)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        before.get(line..)?.rfind('\t').map(|at| offset(line + at))
    }
}

fn too_deep(limit: usize) -> String {
    format!("arrays and objects are nested deeper than the limit max-depth = {limit}")
}

fn complex_key(start: u32) -> Fault {
    malformed("a name in an object must be a scalar, not an array or an object", start, start)
}

fn malformed(message: &str, start: u32, end: u32) -> Fault {
    Fault::new(DocumentErrorKind::Malformed, message.to_owned(), start, end)
}
