//! First pass: everything that has a full name gets an id.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::find_option;
use super::restrict::Target;
use super::{Body, Extending, Holder, Place, Resolver, index, size};
use crate::load::ProblemKind;
use crate::load::protobuf::features::{Features, Symbols};
use crate::load::protobuf::scope::{Symbol, SymbolKind, Taken, qualified};
use crate::load::protobuf::syntax::{
    Declarations, Edition, EnumNode, ExtensionsNode, FieldNode, FieldType, Import, ImportKind,
    LiteralValue, MessageBody, MessageNode, ProtoFile, RangeEnd, RangeNode, ReservedName, Setting,
    Word,
};
use crate::load::protobuf::tree::ReadFile;
use crate::model::{
    EnumId, EnumValue, Enumeration, ExtensionTerms, Legibility, Message, MessageFile, MessageId,
    MessageKind, Oneof, Stated, Visibility,
};
use crate::source::Span;

/// The largest number of a field.
const LAST_FIELD: i64 = 536_870_911;

/// The last number in a message set: the items of one say their number themselves.
const LAST_ITEM: i64 = 2_147_483_646;

/// Every number of a field.
const ALL_NUMBERS: (u32, u32) = (1, 536_870_911);

impl<'t> Resolver<'t, '_> {
    pub(super) fn declare_all(&mut self) {
        for (unit, tree) in self.trees {
            self.declare_file(*unit, tree);
        }
    }

    fn declare_file(&mut self, unit: usize, tree: &'t ProtoFile<'t>) {
        let ProtoFile { edition, edition_span, package, imports, options, scope, span, .. } = tree;
        self.check_features(options, *edition, Target::File);
        self.restrict_file(options, *edition);
        if self.is_written(unit) {
            self.check_names(tree);
        }
        let features = self.refine(Features::of(*edition), options);
        let name = self.package(unit);
        let package_span = package.as_ref().map_or(*span, |package| package.span);
        let place = Place { unit, scope: Arc::clone(&name), parent: None, features };
        if let Some(file) = self.messages.files.get_mut(unit) {
            file.package = Stated { value: name, span: package_span };
            file.syntax = Stated { value: edition.name().into(), span: *edition_span };
            let public = imports.iter().filter(|import| import.kind == ImportKind::Public);
            let stated =
                |import: &Import| Stated { value: (*import.path).into(), span: import.span };
            file.passes_on = public.map(stated).collect();
            file.span = *span;
            file.defaults = features.of_file();
        }
        self.later(Holder::File(unit), &place, options);
        self.declare_scope(scope, &place);
    }

    pub(super) fn package(&self, unit: usize) -> Arc<str> {
        self.units.get(unit).map_or_else(|| Arc::from(""), |unit| Arc::clone(&unit.package))
    }

    fn declare_scope(&mut self, scope: &'t Declarations<'t>, place: &Place) {
        let Declarations { messages, enums, extends } = scope;
        for message in messages {
            self.declare_message(message, place, MessageKind::Declared);
        }
        for declared in enums {
            self.declare_enum(declared, place);
        }
        for node in extends {
            self.declare_groups(&node.fields, place);
            self.extends.push(Extending { place: place.clone(), node });
        }
    }

    fn declare_groups(&mut self, fields: &'t [FieldNode<'t>], place: &Place) {
        for field in fields {
            if let FieldType::Group(message) = &field.kind {
                self.declare_message(message, place, MessageKind::Group);
            }
        }
    }

    fn declare_message(&mut self, node: &'t MessageNode<'t>, place: &Place, kind: MessageKind) {
        let MessageNode { name, visibility, body, span } = node;
        let full_name = qualified(&place.scope, &name.text);
        let id = MessageId(size(self.messages.messages.len()));
        let seen = self.visibility(*visibility, place, Target::Message);
        if !self.enter(&full_name, (SymbolKind::Message(id), seen), place, name.span) {
            return;
        }
        self.check_features(&body.options, self.edition(place), Target::Message);
        let features = self.refine(place.features, &body.options);
        let last = last_number(&body.options);
        if last == LAST_ITEM && self.edition(place) == Edition::Proto3 {
            self.part(name.span, "proto3 has no message sets".to_owned());
        }
        let mut reserved_numbers = Vec::new();
        for range in &body.reserved {
            reserved_numbers.extend(self.reserved_range(range, last));
        }
        let (extension_ranges, extension_terms) = self.extension_ranges(id, body, place);
        let reserved_names = self.reserved_names(&body.reserved_names, place);
        let oneofs = body.oneofs.iter();
        self.messages.messages.push(Message {
            full_name: Arc::clone(&full_name),
            file: place.unit,
            parent: place.parent,
            kind,
            visibility: seen,
            fields: Vec::with_capacity(body.fields.len()),
            oneofs: oneofs
                .map(|oneof| Oneof {
                    name: text(&oneof.name),
                    options: BTreeMap::new(),
                    span: oneof.span,
                })
                .collect(),
            reserved_numbers,
            reserved_names,
            extension_ranges,
            extension_terms,
            json_format: features.json,
            options: BTreeMap::new(),
            span: *span,
            name_span: name.span,
        });
        self.later(Holder::Message(id), place, &body.options);
        let inside = Place { unit: place.unit, scope: full_name, parent: Some(id), features };
        for (at, oneof) in body.oneofs.iter().enumerate() {
            self.check_features(&oneof.options, self.edition(place), Target::Oneof);
            self.later(Holder::Oneof(id, at), &inside, &oneof.options);
        }
        self.declare_groups(&body.fields, &inside);
        self.declare_scope(&body.scope, &inside);
        self.bodies.push(Body { id, place: inside, node: body });
    }

    /// The numbers that a message leaves to extensions, and on which terms.
    fn extension_ranges(
        &mut self,
        id: MessageId,
        body: &'t MessageBody<'t>,
        place: &Place,
    ) -> (Vec<Stated<(u32, u32)>>, Vec<ExtensionTerms>) {
        let (mut ranges, mut terms) = (Vec::new(), Vec::new());
        let last = last_number(&body.options);
        for ExtensionsNode { ranges: written, options, span } in &body.extension_ranges {
            let first = ranges.len();
            for range in written {
                ranges.extend(self.range_to(range, last));
            }
            if !options.is_empty() {
                self.later(Holder::Terms(id, terms.len()), place, options);
                if self.is_written(place.unit) {
                    self.check_declarations(options, written.len());
                }
                let ranges = first..ranges.len();
                let (declared, options) = (None, BTreeMap::new());
                terms.push(ExtensionTerms { ranges, declared, options, span: *span });
            }
        }
        if let Some(range) = body.extension_ranges.first().and_then(|node| node.ranges.first())
            && self.edition(place) == Edition::Proto3
        {
            self.part(range.span, "proto3 leaves no numbers to extensions".to_owned());
        }
        (ranges, terms)
    }

    fn declare_enum(&mut self, node: &'t EnumNode<'t>, place: &Place) {
        let full_name = qualified(&place.scope, &node.name.text);
        let id = EnumId(size(self.messages.enums.len()));
        let seen = self.visibility(node.visibility, place, Target::Enum);
        if !self.enter(&full_name, (SymbolKind::Enum(id), seen), place, node.name.span) {
            return;
        }
        self.check_features(&node.options, self.edition(place), Target::Enum);
        let features = self.refine(place.features, &node.options);
        let openness_span = feature_span(&node.options, "enum_type").unwrap_or(node.name.span);
        let mut values = Vec::with_capacity(node.values.len());
        for value in &node.values {
            let Ok(number) = i32::try_from(value.number.value) else {
                self.part(value.number.span, "an enumeration value has 32 bits".to_owned());
                continue;
            };
            self.check_features(&value.options, self.edition(place), Target::EnumValue);
            self.later(Holder::EnumValue(id, values.len()), place, &value.options);
            let (name, options, span) = (text(&value.name), BTreeMap::new(), value.span);
            values.push(EnumValue { json_name: name.clone(), name, number, options, span });
        }
        let reserved_names = self.reserved_names(&node.reserved_names, place);
        let reserved_numbers = self.enum_ranges(&node.reserved);
        self.messages.enums.push(Enumeration {
            full_name,
            file: place.unit,
            parent: place.parent,
            visibility: seen,
            openness: Stated { value: features.openness, span: openness_span },
            values: values.into(),
            reserved_numbers,
            reserved_names,
            json_format: features.json,
            options: BTreeMap::new(),
            span: node.span,
            name_span: node.name.span,
        });
        self.later(Holder::Enum(id), place, &node.options);
    }

    /// Who may name a declaration: whoever it says, else whoever the file says.
    fn visibility(
        &mut self,
        stated: Option<(Visibility, Span)>,
        place: &Place,
        target: Target,
    ) -> Visibility {
        let symbols = place.features.symbols;
        let Some((visibility, span)) = stated else {
            // Compilers keep what is stated of one declaration, and not what its file says of all
            // (`RETENTION_SOURCE`).
            let edition = self.edition(place);
            let may_differ =
                edition >= Edition::Edition2024 && symbols == Features::of(edition).symbols;
            return if may_differ && !self.is_written(place.unit) {
                Visibility::Unstated
            } else {
                symbols.visibility(place.parent.is_some())
            };
        };
        // In C++ an enumeration has a scope only where a message gives it one: a message that nobody
        // else names and that can have no field may export what is in it.
        let is_scope = |id: MessageId| {
            let parent = self.messages.messages.get(index(id.0));
            parent.is_some_and(|parent| {
                let reserved = parent.reserved_numbers.iter().map(|range| range.value);
                parent.visibility == Visibility::Local && reserved.eq([ALL_NUMBERS])
            })
        };
        if let (Visibility::Export, Symbols::Strict, Some(parent)) =
            (visibility, symbols, place.parent)
            && !(target == Target::Enum && is_scope(parent))
        {
            let message = "nothing inside of a message is exported where \
                           `default_symbol_visibility` is STRICT";
            self.part(span, message.to_owned());
        }
        visibility
    }

    /// Gives a full name to a declaration, unless another one has it.
    pub(super) fn enter(
        &mut self,
        full_name: &Arc<str>,
        (kind, visibility): (SymbolKind, Visibility),
        place: &Place,
        span: Span,
    ) -> bool {
        let symbol = Symbol { kind, unit: place.unit, visibility };
        let before = match self.scopes.declare(full_name, symbol) {
            None => return true,
            Some(Taken::Elsewhere(first)) => {
                self.warn_repeated(full_name, first.unit, place.unit, span);
                return true;
            }
            Some(Taken::Here(before)) => before,
        };
        let path = self.units.get(before.unit).map_or("", |unit| &unit.import_path);
        let message = if before.unit == place.unit {
            format!("`{full_name}` is declared twice")
        } else {
            format!("`{full_name}` is declared in `{path}` already")
        };
        self.part(span, message);
        // Of what it declares nothing is known here.
        if let Some(file) = self.messages.files.get_mut(place.unit) {
            file.legibility = Legibility::Torn;
        }
        false
    }

    /// Says that two files of the contract's own cannot be in one program.
    fn warn_repeated(&mut self, full_name: &str, first: usize, other: usize, span: Span) {
        let mut files = [first, other].into_iter().filter_map(|unit| self.read.get(unit));
        if files.any(|file| !file.is_own()) {
            return;
        }
        let path = self.units.get(first).map_or("", |unit| &unit.import_path);
        let message = format!(
            "`{full_name}` is declared in `{path}` too; each of the two files is compared by itself, \
             and no program can hold both"
        );
        self.report(ProblemKind::Warning, span, message);
    }

    pub(super) fn refine(&mut self, features: Features, options: &[Setting<'_>]) -> Features {
        if options.is_empty() {
            return features;
        }
        let mut bad = Vec::new();
        let refined = features.refined(options, &mut bad);
        for problem in bad {
            self.part(problem.span, problem.message);
        }
        refined
    }

    fn reserved_names(
        &mut self,
        names: &[ReservedName<'_>],
        place: &Place,
    ) -> Vec<Stated<Arc<str>>> {
        let quoted = !self.edition(place).has_features();
        for reserved in names.iter().filter(|reserved| reserved.quoted != quoted) {
            let message = if quoted {
                "reserved names are quoted before editions"
            } else {
                "reserved names are not quoted since editions"
            };
            self.part(reserved.name.span, message.to_owned());
        }
        let names = names.iter().map(|reserved| &reserved.name);
        names.map(|name| Stated { value: text(name), span: name.span }).collect()
    }

    /// Numbers that are reserved: those that no field has may be, to no effect.
    fn reserved_range(&mut self, range: &RangeNode, end: i64) -> Option<Stated<(u32, u32)>> {
        match range.last {
            RangeEnd::At(last) if (end + 1..=LAST_ITEM).contains(&last) && range.first > 0 => {
                let kept = RangeNode { last: RangeEnd::At(end), ..*range };
                if range.first > end { None } else { self.range_to(&kept, end) }
            }
            RangeEnd::At(_) | RangeEnd::Max => self.range_to(range, end),
        }
    }

    /// Numbers of an enumeration.
    fn enum_ranges(&mut self, ranges: &[RangeNode]) -> Vec<Stated<(i32, i32)>> {
        let mut found = Vec::with_capacity(ranges.len());
        for range in ranges {
            let last = match range.last {
                RangeEnd::Max => Ok(i32::MAX),
                RangeEnd::At(last) => i32::try_from(last),
            };
            if let (Ok(first), Ok(last)) = (i32::try_from(range.first), last) {
                found.push(Stated { value: (first, last), span: range.span });
            } else {
                self.part(range.span, "an enumeration value has 32 bits".to_owned());
            }
        }
        found
    }

    /// Numbers up to the last one that there can be.
    fn range_to(&mut self, range: &RangeNode, end: i64) -> Option<Stated<(u32, u32)>> {
        let last = match range.last {
            RangeEnd::Max => end,
            RangeEnd::At(last) => last,
        };
        let first = u32::try_from(range.first).ok().filter(|first| *first > 0);
        match (first, u32::try_from(last)) {
            (Some(first), Ok(number)) if last <= end => {
                Some(Stated { value: (first, number), span: range.span })
            }
            _ => {
                self.part(range.span, format!("field numbers go from 1 to {end}"));
                None
            }
        }
    }
}

/// The last number that a message with these options may leave to others.
fn last_number(options: &[Setting<'_>]) -> i64 {
    let is_set = find_option(options, "message_set_wire_format")
        .is_some_and(|setting| matches!(setting.value.value, LiteralValue::Word("true")));
    if is_set { LAST_ITEM } else { LAST_FIELD }
}

/// What is said of a file before its tree is known.
pub(super) fn unparsed_file(file: &ReadFile) -> MessageFile {
    let span = Span { file: file.id, start: 0, end: 0 };
    MessageFile {
        path: Arc::clone(&file.import_path),
        package: Stated { value: Arc::from(""), span },
        syntax: Stated { value: Arc::from(""), span },
        passes_on: Vec::new(),
        options: BTreeMap::new(),
        ownership: file.ownership,
        span,
        legibility: file.legibility,
        defaults: Features::of(Edition::Proto2).of_file(),
    }
}

/// Where a feature is set among these options.
fn feature_span(options: &[Setting<'_>], feature: &str) -> Option<Span> {
    let sets = |setting: &&Setting<'_>| {
        let mut parts = setting.name.iter().map(|part| &*part.word.text);
        parts.next() == Some("features") && parts.next().is_none_or(|name| name == feature)
    };
    options.iter().find(sets).map(|setting| setting.span)
}

pub(super) fn text(word: &Word<'_>) -> Arc<str> {
    Arc::from(&*word.text)
}
