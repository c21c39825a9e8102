//! The independent judge of values: the `jsonschema` validator on the source schemas.
//!
//! **Invariant:** nothing here looks at the model. Schemas are taken from the text; only what the
//! validator does not speak (the dialects of HTTP descriptions) is translated, keyword by keyword.

mod alone;
mod closure;
mod excerpt;
mod excerpts;
mod form;
mod formats;
mod instance;
mod late;
mod marks;
mod patterns;
mod reason;
mod refused;
mod registry;
mod sets;
mod standing;
mod surrogates;
mod text;
mod translation;

#[cfg(test)]
pub(super) mod suite;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{
    Draft, FancyRegex, PatternOptions, Registry, ValidationError, ValidationOptions, Validator,
};
use serde_json::Value;

pub(super) use instance::sentence;
pub(super) use text::plain;

use self::excerpts::Excerpts;
use self::patterns::Spellings;
use self::reason::Reason;
use self::text::Met;
use super::resources::{Resources, file_uri, resolve, split};
use super::{Dialect, SchemaReader, metaschemas};
use crate::document::{Document, Documents, Member, Place, Pointer};
use crate::load::{Opinion, Reading, Standalone, ValueReferee, with_room};
use crate::model::{Json, Shape};
use crate::source::{FileId, RepoPath, Span};

/// Judges values by the schemas of one side.
pub struct SchemaReferee {
    sources: Sources,
    registry: Bundle,
    judges: Mutex<Judges>,
    excerpts: Excerpts,
    complaints: Complaints,
    spellings: OnceLock<Spellings>,
}

/// How many of the complaints about a value are listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Complaints {
    /// All, for the one that tells most.
    All,
    /// The first: there may be as many as there are ways in which schemas apply to a value.
    First,
    /// None: beside `unevaluatedProperties` the validator follows each of the ways to compile a schema.
    Unasked,
}

/// The texts of one side, as far as schemas are concerned.
#[derive(Debug, Default)]
pub(super) struct Sources {
    files: Vec<Source>,
    by_path: HashMap<RepoPath, usize>,
    by_id: HashMap<FileId, usize>,
    /// Schemas of which something could not be read, and what: a value that meets one cannot be
    /// judged.
    unread: HashMap<Place, Vec<Span>>,
    /// The words of schemas that belong to other drafts: the validator reads some of them all the same.
    foreign: HashMap<Place, Vec<&'static str>>,
    /// Identifiers of files that do not declare them, as references called them.
    called: Vec<(String, FileId)>,
    /// What identifiers and plain names mean.
    resources: Resources,
    /// What texts call themselves, by all that they are called: the validator knows the plain names in
    /// a text by its own name only.
    own_names: HashMap<String, String>,
    /// The texts of which another bears the same name, by their roots: each is called by its place, so
    /// that what refers to one by that does not mean the other.
    contested: HashSet<Place>,
}

/// One parsed text.
#[derive(Debug)]
pub(super) struct Source {
    path: RepoPath,
    document: Arc<Document>,
    dialect: Dialect,
    /// What the text calls itself.
    uri: Option<String>,
}

/// A compiled schema.
struct Judge {
    validator: Validator,
}

/// Every file of schemas as the validator finds them, made when it is first needed.
type Bundle = OnceLock<Result<Registry<'static>, String>>;

/// The judges by schema and way of reading, each made by whoever needs it first.
type Judges = HashMap<(Span, Reading), Arc<OnceLock<Built>>, RandomState>;

/// A judge, or why there is none.
type Built = Result<Arc<Judge>, String>;

/// The keyword that stands for a schema that cannot be read.
const UNREAD: &str = "x-unbroken-unread";

/// In how many ways schemas may apply to one value if all that is said against it is listened to.
const MANY_WAYS: usize = 1 << 14;

/// How often a pattern may backtrack, and how large it may be once compiled.
const MAX_BACKTRACKING: usize = 200_000;
const MAX_PATTERN_BYTES: usize = 4 << 20;

impl SchemaReferee {
    /// A referee over every document that was opened and read by this reader.
    pub fn new(documents: &Documents<'_>, reader: &SchemaReader) -> Self {
        let mut sources = Sources {
            files: Vec::new(),
            by_path: HashMap::new(),
            by_id: HashMap::new(),
            unread: reader.unread_places(),
            foreign: reader.foreign.clone(),
            called: reader.called(),
            resources: reader.resources.clone(),
            own_names: HashMap::new(),
            contested: HashSet::new(),
        };
        for (id, file) in documents.files().iter() {
            let (Some(document), Some(dialect)) =
                (documents.document(id), reader.dialects().get(&id))
            else {
                continue;
            };
            let index = sources.files.len();
            sources.by_path.insert(file.path.clone(), index);
            sources.by_id.insert(id, index);
            let (path, dialect) = (file.path.clone(), *dialect);
            let uri = reader.declared_uri(&document);
            sources.files.push(Source { path, document, dialect, uri });
        }
        sources.tell_apart();
        sources.own_names = sources.names();
        let complaints = Complaints::about(reader);
        Self {
            sources,
            registry: Bundle::new(),
            judges: Mutex::default(),
            excerpts: Excerpts::default(),
            complaints,
            spellings: OnceLock::new(),
        }
    }

    fn judge_of(&self, schema: Span, how: Reading) -> Built {
        let place = {
            let mut judges = self.judges.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(judges.entry((schema, how)).or_default())
        };
        let (sources, bundle) = (&self.sources, &self.registry);
        let built = place.get_or_init(|| {
            let built = with_room(|| build(sources, bundle, schema, how));
            built.and_then(|judge| judge).map(Arc::new)
        });
        built.clone()
    }
}

impl Complaints {
    fn about(reader: &SchemaReader) -> Self {
        let is_evaluating = |shape: &Shape| {
            let object = shape.object.get().is_some_and(|object| object.unevaluated.is_some());
            object || shape.array.get().is_some_and(|array| array.unevaluated.is_some())
        };
        if reader.most_ways() <= MANY_WAYS {
            Self::All
        } else if reader.shapes().since(0).any(|(_, shape)| is_evaluating(shape)) {
            Self::Unasked
        } else {
            Self::First
        }
    }
}

/// Compiles the schema written at a span.
fn build(sources: &Sources, bundle: &Bundle, schema: Span, how: Reading) -> Result<Judge, String> {
    let absent = || "the schema is not in a file that was read".to_owned();
    let source = sources.get(schema.file).ok_or_else(absent)?;
    let pointer = source.document.pointer_of_span(schema).ok_or_else(absent)?;
    let parsed = Pointer::parse(&pointer).map_err(|error| error.to_string())?;
    let node = source.document.at(&parsed).ok_or_else(absent)?;
    let options = options(how);
    let built = if source.dialect.is_lenient() {
        let place = Place { file: schema.file, node };
        let closure = closure::closure(sources, place, source.dialect, how, "s")?;
        refused::build(&options, closure)
    } else {
        let registry = bundle.get_or_init(|| registry::build(sources));
        let registry = registry.as_ref().map_err(Clone::clone)?;
        let options = options.with_registry(registry);
        // The whole document is compiled as it stands: a reference to it would add a step to
        // the dynamic scope. A document that its metaschema refuses can only be referred to.
        let whole = pointer.is_empty().then(|| registry::document(sources, source));
        let compiled = whole.transpose()?.and_then(|(uri, draft, contents)| {
            options.clone().with_draft(draft).with_base_uri(uri).build(&contents).ok()
        });
        let root = registry::reference(source, &pointer);
        // All drafts know a reference: the metaschema of this one is at hand.
        let draft = registry::draft_in_force(source);
        compiled.map_or_else(|| options.with_draft(draft).build(&root), Ok)
    };
    let validator = built.map_err(|error| not_compiled(&error))?;
    Ok(Judge { validator })
}

/// Why a schema could not be compiled. Patterns were found to be patterns when they were read.
fn not_compiled(error: &ValidationError<'_>) -> String {
    if let ValidationErrorKind::Format { format } = error.kind()
        && format == "regex"
    {
        let pattern = instance::shorten(&error.instance().to_string());
        return format!("{pattern} is larger than the patterns that the validator compiles");
    }
    instance::shorten(&error.to_string())
}

/// How schemas are compiled.
fn options<'o>(how: Reading) -> ValidationOptions<'o> {
    let options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(false)
        .without_content_media_type_support("application/json")
        .without_content_encoding_support("base64")
        .with_pattern_options(pattern_options());
    let options = formats::assert(options, how.assert_formats);
    text::refuse_unread(options)
}

/// Who matches patterns, and within which bounds.
fn pattern_options() -> PatternOptions<FancyRegex> {
    PatternOptions::fancy_regex().backtrack_limit(MAX_BACKTRACKING).size_limit(MAX_PATTERN_BYTES)
}

impl ValueReferee for SchemaReferee {
    fn name(&self) -> &'static str {
        "jsonschema"
    }

    fn judge_near(&self, schema: Span, value: &Json, how: Reading, near: &str) -> Opinion {
        if self.complaints == Complaints::Unasked {
            return Opinion::Unable(format!(
                "the schemas apply in more than {MANY_WAYS} ways, beside a word about what is not evaluated"
            ));
        }
        if let Some(judge) = self.excerpt_for(schema, value, how)
            && let Ok(opinion) = self.heard(&judge, value, near)
        {
            return opinion;
        }
        match self.judge_of(schema, how) {
            Ok(judge) => self.heard(&judge, value, near).unwrap_or_else(Opinion::Unable),
            // Something in the texts stands in the way; it may be nothing that bears on the value.
            Err(reason) => {
                let heard = self.excerpt_alone(schema, value, how);
                let heard = heard.and_then(|judge| self.heard(&judge, value, near).ok());
                heard.unwrap_or(Opinion::Unable(reason))
            }
        }
    }

    fn expect(&self, schema: Span, value: &Json, how: Reading) {
        self.excerpts.expect(schema, value, how);
    }

    fn by_itself(&self, schema: Span, how: Reading, prefix: &str) -> Option<Standalone> {
        let source = self.sources.get(schema.file)?;
        let pointer = Pointer::parse(&source.document.pointer_of_span(schema)?).ok()?;
        let place = Place { file: schema.file, node: source.document.at(&pointer)? };
        with_room(|| alone::standalone(&self.sources, place, how, prefix)).ok()?
    }
}

impl SchemaReferee {
    /// What the judge says of the value.
    ///
    /// # Errors
    /// In words, when it cannot tell.
    fn heard(&self, judge: &Judge, value: &Json, near: &str) -> Result<Opinion, String> {
        let opinion = with_room(|| {
            let instance = instance::value(value)?;
            let (opinion, met) = text::meeting_unread(|| self.opinion(judge, &instance, near));
            if met == Met::Unread {
                return Err("the value meets a schema that could not be read".to_owned());
            }
            Ok(opinion)
        });
        opinion.and_then(|opinion| opinion)
    }

    fn opinion(&self, judge: &Judge, instance: &Value, near: &str) -> Opinion {
        let own_words = |error: &ValidationError<'_>, said| {
            let spellings = || Spellings::of(&self.sources);
            match patterns::pattern_of(error) {
                Some(_) => self.spellings.get_or_init(spellings).restore(error, said),
                None => said,
            }
        };
        let mut reason = Reason::near(near, &own_words);
        let errors: Box<dyn Iterator<Item = _>> = match self.complaints {
            Complaints::All => Box::new(judge.validator.iter_errors(instance)),
            Complaints::First | Complaints::Unasked => {
                Box::new(judge.validator.validate(instance).err().into_iter())
            }
        };
        for error in errors {
            if instance::is_exhaustion(&error) {
                return Opinion::Unable("a pattern needs too much backtracking".into());
            }
            reason.hear(&error);
        }
        reason.told().map_or(Opinion::Accepts, Opinion::Refuses)
    }
}

impl Sources {
    fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(*self.by_id.get(&file)?)
    }

    /// Whether the member of a schema object is one that could not be read.
    fn is_unread(&self, schema: Place, member: Member<'_>, value: Span) -> bool {
        let spans = self.unread.get(&schema).into_iter().flatten();
        let key = member.key.span;
        spans.into_iter().any(|span| {
            *span == key || (key.start <= span.start && span.end <= key.end.max(value.end))
        })
    }

    /// Takes their names from texts that bear the same, and from what the validator has another copy of.
    fn tell_apart(&mut self) {
        let mut claims: HashMap<String, usize> = HashMap::new();
        for own in self.files.iter().filter_map(|source| source.uri.clone()) {
            *claims.entry(own).or_default() += 1;
        }
        for source in &mut self.files {
            let is_contested = |own: &String| {
                claims.get(own).is_some_and(|count| *count > 1) || metaschemas::is_mended(own)
            };
            if source.uri.take_if(|own| is_contested(own)).is_some() {
                let document = &source.document;
                self.contested.insert(Place { file: document.file(), node: document.root() });
            }
        }
    }

    fn names(&self) -> HashMap<String, String> {
        let mut names = HashMap::new();
        for source in &self.files {
            let Some(own) = &source.uri else { continue };
            names.extend(file_uri(&source.path).map(|place| (place.to_string(), own.clone())));
        }
        for (uri, file) in &self.called {
            let own = self.get(*file).and_then(|source| source.uri.clone());
            names.extend(own.map(|own| (uri.clone(), own)));
        }
        names
    }

    /// A reference as the validator finds what it leads to, where that is called otherwise there.
    fn by_own_name(&self, at: Span, reference: &str) -> Option<String> {
        let (base, fragment) = split(reference);
        if base.is_empty() || self.own_names.is_empty() && self.contested.is_empty() {
            // It leads nowhere else, or nothing is called otherwise.
            return None;
        }
        let around = self.resources.get(self.resources.around(at)?)?;
        let absolute = resolve(&around.uri, base)?;
        let claimed = self.resources.find(&absolute).and_then(|id| self.resources.get(id));
        let claimed = claimed.filter(|claim| self.contested.contains(&claim.place));
        let own = match claimed.and_then(|claim| self.get(claim.place.file)) {
            Some(source) => file_uri(&source.path)?.to_string(),
            None => self.own_names.get(absolute.as_str())?.clone(),
        };
        (own != absolute.as_str()).then(|| format!("{own}#{fragment}"))
    }

    fn find(&self, path: &RepoPath) -> Option<&Source> {
        self.files.get(*self.by_path.get(path)?)
    }
}
