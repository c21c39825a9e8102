//! One side of the comparison, indexed for the walk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::adopted::Adopted;
use super::comments::Commentary;
use crate::load::{Loaded, MessageReferee, Past, Referee};
use crate::model::{
    Call, Caller, Cardinality, Contract, EnumId, Enumeration, Exchange, Extension, Field,
    FieldKind, FieldNumber, Message, MessageFile, MessageId, MessageKind, Messages, Operation,
    Ownership,
};
use crate::source::FileId;
use crate::subtype::exchange::{Coding, Encoding, JsonForm};

/// One side, with what the walk asks of it.
pub(crate) struct Side<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) referee: Option<&'a dyn MessageReferee>,
    /// What the files declared at earlier revisions.
    pub(crate) past: Option<&'a dyn Past>,
    /// What counts beside its own files.
    pub(super) adopted: Adopted,
    pub(super) commentary: Commentary<'a>,
    /// By file: where it lies.
    places: Vec<&'a str>,
    /// By message: the messages that have a field of it.
    users: Vec<Vec<MessageId>>,
    /// By enumeration: the messages that have a field of it.
    enum_users: Vec<Vec<MessageId>>,
    /// By message: the services, by position, with a call that sends it.
    callers: BTreeMap<MessageId, Vec<usize>>,
    /// By message: the enumerations that are declared in it.
    inner_enums: BTreeMap<MessageId, Vec<EnumId>>,
    /// By message: its extensions.
    extensions: BTreeMap<MessageId, Vec<&'a Extension>>,
    /// By message, where it was asked for: the names by which ProtoJSON readers know its fields.
    members: RefCell<BTreeMap<MessageId, Rc<Members>>>,
}

/// In which file something is declared.
#[derive(Clone, Copy)]
pub(super) struct Home<'a> {
    /// Where the file lies.
    pub(super) place: &'a str,
    /// The path by which it is imported.
    pub(super) path: &'a str,
    /// How far it is from being the contract's own.
    pub(super) whose: u8,
    /// The contract whose it is.
    pub(super) tree: Tree<'a>,
}

/// The contract whose a file is, as far as that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tree<'a> {
    /// The one that is compared, wherever it lies on either side.
    Own,
    /// The one whose files are imported from this folder.
    Of(&'a str),
}

/// Places of fields, by the names that a reader takes for them.
type Members = HashMap<Arc<str>, usize, RandomState>;

impl<'a> Side<'a> {
    /// Indexes a loaded contract.
    pub(crate) fn new(loaded: &'a Loaded) -> Self {
        let Loaded {
            contract,
            problems: _,
            files,
            trees: _,
            referee,
            past,
            comments: _,
            extent: _,
            gaps: _,
        } = loaded;
        let referee = match referee {
            Referee::Messages(referee) => Some(&**referee),
            Referee::Values(_) | Referee::None => None,
        };
        let Messages { messages, enums, services: _, extensions, files: declared } =
            &*contract.messages;
        let place =
            |file: &MessageFile| files.get(file.span.file).map_or("", |file| file.path.as_str());
        let mut side = Self {
            contract,
            referee,
            past: past.as_deref(),
            adopted: Adopted::default(),
            commentary: Commentary::of(loaded),
            places: declared.iter().map(place).collect(),
            users: vec![Vec::new(); messages.len()],
            enum_users: vec![Vec::new(); enums.len()],
            callers: BTreeMap::new(),
            inner_enums: BTreeMap::new(),
            extensions: BTreeMap::new(),
            members: RefCell::default(),
        };
        for (id, message) in side.messages() {
            message.fields.iter().for_each(|field| side.note_use(field.kind, id));
        }
        for extension in extensions {
            side.note_use(extension.field.kind, extension.extendee);
            side.extensions.entry(extension.extendee).or_default().push(extension);
        }
        side.note_callers();
        for (id, one) in side.enums() {
            if let Some(parent) = one.parent {
                side.inner_enums.entry(parent).or_default().push(id);
            }
        }
        side
    }

    fn note_callers(&mut self) {
        let services = self.contract.messages.services.iter().enumerate();
        let places: HashMap<&str, usize, RandomState> =
            services.map(|(at, service)| (&*service.full_name, at)).collect();
        for (_, call) in self.calls() {
            let Some(at) = places.get(&*call.service) else { continue };
            for part in [&call.request, &call.response] {
                self.callers.entry(part.message).or_default().push(*at);
            }
        }
    }

    /// The services, by position, with a call that sends the message.
    pub(super) fn callers(&self, id: MessageId) -> &[usize] {
        self.callers.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The enumerations that are declared in the message.
    pub(super) fn inner_enums(&self, id: MessageId) -> &[EnumId] {
        self.inner_enums.get(&id).map_or(&[], Vec::as_slice)
    }

    fn note_use(&mut self, kind: FieldKind, user: MessageId) {
        let users = match kind {
            FieldKind::Scalar(_) => None,
            FieldKind::Message(id, _) => self.users.get_mut(index(id.0)),
            FieldKind::Enum(id) => self.enum_users.get_mut(index(id.0)),
        };
        if let Some(users) = users.filter(|users| users.last() != Some(&user)) {
            users.push(user);
        }
    }

    /// Every message with its id.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (MessageId, &'a Message)> + use<'a> {
        (0..).map(MessageId).zip(&self.contract.messages.messages)
    }

    /// Every enumeration with its id.
    pub(crate) fn enums(&self) -> impl Iterator<Item = (EnumId, &'a Enumeration)> + use<'a> {
        (0..).map(EnumId).zip(&self.contract.messages.enums)
    }

    /// Every remote call that consumers make, with what is said about it.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&'a Operation, &'a Call)> + use<'a> {
        self.contract.operations.iter().filter_map(|operation| {
            match (&operation.caller, &operation.exchange) {
                (Caller::Consumer, Exchange::Call(call)) => Some((operation, call)),
                (_, Exchange::Call(_) | Exchange::Http(_)) => None,
            }
        })
    }

    /// The message; `None` for an id of the other side.
    pub(crate) fn message(&self, id: MessageId) -> Option<&'a Message> {
        self.contract.messages.messages.get(index(id.0))
    }

    /// The enumeration; `None` for an id of the other side.
    pub(crate) fn enumeration(&self, id: EnumId) -> Option<&'a Enumeration> {
        self.contract.messages.enums.get(index(id.0))
    }

    /// The file.
    pub(crate) fn file(&self, file: usize) -> Option<&'a MessageFile> {
        self.contract.messages.files.get(file)
    }

    /// Whether the contract promises what the file declares.
    pub(crate) fn is_own(&self, file: usize) -> bool {
        self.file(file).is_none_or(|file| file.ownership == Ownership::Own)
    }

    /// Whether the contract promises the message.
    pub(crate) fn promises(&self, id: MessageId) -> bool {
        let is_own = self.message(id).is_some_and(|message| self.is_own(message.file));
        is_own || self.adopted.has_message(id)
    }

    /// Whether the contract promises the enumeration.
    pub(crate) fn promises_enum(&self, id: EnumId) -> bool {
        let is_own = self.enumeration(id).is_some_and(|one| self.is_own(one.file));
        is_own || self.adopted.has_enum(id)
    }

    /// The import path of a file.
    pub(crate) fn path(&self, file: usize) -> &'a str {
        self.file(file).map_or("", |file| &file.path)
    }

    /// Whether the file is another contract's, and read along.
    pub(crate) fn is_beside(&self, file: usize) -> bool {
        self.file(file).is_some_and(|file| file.ownership == Ownership::Beside)
    }

    /// The files of other contracts that are read along.
    pub(super) fn files_beside(&self) -> BTreeSet<FileId> {
        let files = self.contract.messages.files.iter();
        let beside = files.filter(|file| file.ownership == Ownership::Beside);
        beside.map(|file| file.span.file).collect()
    }

    /// Whether a file declares a type of this name.
    pub(super) fn declares(&self, full_name: &str) -> bool {
        let Messages { messages, enums, services: _, extensions: _, files: _ } =
            &*self.contract.messages;
        let mut declared = messages.iter().filter(|one| one.kind != MessageKind::Unseen);
        declared.any(|one| *one.full_name == *full_name)
            || enums.iter().any(|one| *one.full_name == *full_name)
    }

    /// Whether a file of another contract is imported by this path.
    pub(super) fn has_beside(&self, path: &str) -> bool {
        let mut files = self.contract.messages.files.iter();
        files.any(|file| file.ownership == Ownership::Beside && *file.path == *path)
    }

    /// Whether one of the files that were read lies there.
    pub(super) fn has_place(&self, place: &str) -> bool {
        self.places.contains(&place)
    }

    /// The folder from which a file is imported by its path; empty for the outermost.
    pub(super) fn root(&self, file: usize) -> &'a str {
        folder((self.place(file), self.path(file)))
    }

    fn place(&self, file: usize) -> &'a str {
        self.places.get(file).copied().unwrap_or_default()
    }

    /// Where a file is, for telling apart what has the same full name in several.
    pub(super) fn home(&self, file: usize) -> Home<'a> {
        let (place, path) = (self.place(file), self.path(file));
        let whose = match self.file(file).map(|file| file.ownership) {
            Some(Ownership::Own) | None => 0,
            Some(Ownership::Reached) => 1,
            Some(Ownership::Imported) => 2,
            Some(Ownership::Beside) => 3,
        };
        let tree = if whose == 0 { Tree::Own } else { Tree::Of(folder((place, path))) };
        Home { place, path, whose, tree }
    }

    /// The package of a file; empty where it has none.
    pub(crate) fn package(&self, file: usize) -> &'a str {
        self.file(file).map_or("", |file| &file.package.value)
    }

    /// The messages that have a field of this one.
    pub(crate) fn users(&self, id: MessageId) -> &[MessageId] {
        self.users.get(index(id.0)).map_or(&[], Vec::as_slice)
    }

    /// The messages that have a field of this enumeration.
    pub(crate) fn enum_users(&self, id: EnumId) -> &[MessageId] {
        self.enum_users.get(index(id.0)).map_or(&[], Vec::as_slice)
    }

    /// How the field is written and read; `None` where its type is not known.
    pub(crate) fn encoding(&self, field: &Field) -> Option<Encoding<'a>> {
        let coding = match field.kind {
            FieldKind::Scalar(scalar) => Coding::Scalar(scalar),
            FieldKind::Enum(id) => Coding::Enum(self.enumeration(id)?),
            FieldKind::Message(id, delimiting) => {
                Coding::Message(delimiting, JsonForm::of(&self.message(id)?.full_name))
            }
        };
        Some(Encoding { coding, cardinality: field.cardinality })
    }

    /// Whether a field of the message, or an extension, has the number.
    pub(crate) fn has_number(&self, message: MessageId, number: FieldNumber) -> bool {
        let own = self.message(message).map_or(&[][..], |message| &message.fields);
        let is_it = |field: &Field| field.number == number;
        own.iter().any(is_it) || self.extensions(message).iter().any(|one| is_it(&one.field))
    }

    /// The extensions of the message.
    pub(crate) fn extensions(&self, id: MessageId) -> &[&'a Extension] {
        self.extensions.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The field that a ProtoJSON reader of the message takes a name for: by JSON names first, then
    /// by the fields' own.
    pub(crate) fn member(&self, id: MessageId, name: &str) -> Option<&'a Field> {
        let fields = self.message(id).map_or(&[][..], |message| &message.fields);
        let known = self.members.borrow().get(&id).cloned();
        let members = known.unwrap_or_else(|| {
            let mut members = Members::default();
            let placed = || fields.iter().enumerate();
            members.extend(placed().map(|(at, field)| (Arc::clone(&field.name), at)));
            members.extend(placed().map(|(at, field)| (Arc::clone(&field.json_name), at)));
            let members = Rc::new(members);
            self.members.borrow_mut().insert(id, Rc::clone(&members));
            members
        });
        members.get(name).and_then(|at| fields.get(*at))
    }

    /// What ProtoJSON calls a field of the message: extensions by their full name.
    pub(crate) fn member_name(&self, holder: MessageId, field: &Field) -> Arc<str> {
        let own = self.message(holder).map_or(&[][..], |message| &message.fields);
        let is_own = own.iter().any(|one| one.number == field.number);
        let mut extensions = self.extensions(holder).iter();
        let found = extensions.find(|one| !is_own && one.field.number == field.number);
        match found {
            Some(extension) => format!("[{}]", extension.full_name).into(),
            None => field.json_name.clone(),
        }
    }

    /// The key and the value of a map field.
    pub(crate) fn entry(&self, field: &Field) -> Option<(&'a Field, &'a Field)> {
        let FieldKind::Message(id, _) = field.kind else { return None };
        let entry = self.message(id).filter(|_| field.cardinality == Cardinality::Map)?;
        let at = |number| entry.fields.iter().find(|field| field.number.get() == number);
        Some((at(1)?, at(2)?))
    }

    /// The type of the field as people write it: `repeated string`, `map<string, x.N>`.
    pub(crate) fn type_name(&self, field: &Field) -> String {
        if let Some((key, value)) = self.entry(field) {
            return format!("map<{}, {}>", self.kind_name(key.kind), self.kind_name(value.kind));
        }
        let repeated = match field.cardinality {
            Cardinality::Repeated(_) => "repeated ",
            Cardinality::Singular(_) | Cardinality::Map => "",
        };
        format!("{repeated}{}", self.kind_name(field.kind))
    }

    /// The name of what each value is.
    pub(crate) fn kind_name(&self, kind: FieldKind) -> Arc<str> {
        match kind {
            FieldKind::Scalar(scalar) => scalar.name().into(),
            FieldKind::Message(id, _) => {
                self.message(id).map_or_else(|| "?".into(), |message| message.full_name.clone())
            }
            FieldKind::Enum(id) => {
                self.enumeration(id).map_or_else(|| "?".into(), |one| one.full_name.clone())
            }
        }
    }

    /// Whether the message is an entry that a map field brought with it.
    pub(crate) fn is_entry(&self, id: MessageId) -> bool {
        self.message(id).is_some_and(|message| message.kind == MessageKind::MapEntry)
    }
}

/// The folder from which a file that lies there is imported by its path.
fn folder<'p>((place, path): (&'p str, &str)) -> &'p str {
    place.strip_suffix(path).unwrap_or_default().trim_end_matches('/')
}

/// The last segment of a full name.
pub(crate) fn short(full_name: &str) -> &str {
    full_name.rsplit_once('.').map_or(full_name, |(_, name)| name)
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
