//! Numbers and names that were used before the old contract, and given up.

use super::side::short;
use super::walk::Walk;
use crate::load::{EXTENDED, PastElement};
use crate::model::{EnumId, EnumValue, Extension, Field, MessageId};

/// What a field's number or name once was.
pub(crate) enum OnceWas {
    /// The number belonged to another field.
    Number(PastElement),
    /// The name belonged to a field of another type, under another number.
    Name(PastElement),
}

impl Walk<'_> {
    /// What a new field takes over from one of its message that was given up earlier, be it that the
    /// message itself was and is back. The same field under its old number is back, and takes over
    /// nothing.
    pub(crate) fn once_was(&self, message: MessageId, field: &Field) -> Option<OnceWas> {
        let (new, old) = (self.new.message(message)?, self.pairs.old_message(message));
        let past = match old.and_then(|id| self.old.message(id)) {
            Some(old) => self.past(self.old_path(old.file)?, &old.full_name)?,
            None => self.past(self.new_path(new.file)?, &new.full_name)?,
        };
        let kind = self.short_kind(field);
        let same_kind = |one: &&PastElement| one.kind.as_deref() == Some(&*kind);
        let numbered = past.iter().filter(|one| one.number == i64::from(field.number.get()));
        if numbered.clone().next().is_some() {
            return self.given_up(numbered, (&field.name, field)).map(OnceWas::Number);
        }
        let mut named = past.iter().filter(|one| *one.name == *field.name);
        let changed = !named.clone().any(|one| same_kind(&one));
        named.next().filter(|_| changed).map(|one| OnceWas::Name(one.clone()))
    }

    /// The extension that once had the number of a new one, in its file or in one that lost it.
    pub(crate) fn once_extended(&self, new: &Extension) -> Option<PastElement> {
        let extendee = &self.new.message(new.extendee)?.full_name;
        let is_it = |owner: &str| {
            let written = owner.strip_prefix(EXTENDED);
            let left = written.and_then(|written| extendee.strip_suffix(written));
            left.is_some_and(|left| left.is_empty() || left.ends_with('.'))
        };
        let past = self.old.past?;
        let (here, anywhere) =
            (past.declared(self.new_path(new.file)?), past.lost(short(extendee)));
        let number = i64::from(new.field.number.get());
        let all = here.iter().chain(&*anywhere);
        let numbered = all.filter(|one| one.number == number && is_it(&one.owner));
        self.given_up(numbered, (&new.full_name, &new.field))
    }

    /// The latest of those that had a number, unless the field is one of them.
    fn given_up<'p>(
        &self,
        mut numbered: impl Iterator<Item = &'p PastElement> + Clone,
        (name, field): (&str, &Field),
    ) -> Option<PastElement> {
        let kind = self.short_kind(field);
        let is_back =
            numbered.clone().any(|one| one.name == name && one.kind.as_deref() == Some(&*kind));
        numbered.next().filter(|_| !is_back).cloned()
    }

    /// The value that once had the number of a new one, under another name.
    pub(crate) fn once_valued(&self, new: EnumId, value: &EnumValue) -> Option<PastElement> {
        let (declared, old) = (self.new.enumeration(new)?, self.pairs.old_enum(new));
        let past = match old.and_then(|id| self.old.enumeration(id)) {
            Some(old) => self.past(self.old_path(old.file)?, &old.full_name)?,
            None => self.past(self.new_path(declared.file)?, &declared.full_name)?,
        };
        let number = i64::from(value.number);
        let mut same = past.iter().filter(|one| one.number == number);
        let back = same.clone().any(|one| *one.name == *value.name);
        same.next().filter(|_| !back).cloned()
    }

    fn old_path(&self, file: usize) -> Option<&str> {
        self.old.file(file).map(|file| &*file.path)
    }

    fn new_path(&self, file: usize) -> Option<&str> {
        self.new.file(file).map(|file| &*file.path)
    }

    /// What an element of a file declared at earlier revisions, newest first; then what it declared
    /// in files where it was before.
    fn past(&self, path: &str, owner: &str) -> Option<Vec<PastElement>> {
        let past = self.old.past?;
        let (here, elsewhere) = (past.declared(path), past.lost(short(owner)));
        let all = here.iter().chain(&*elsewhere);
        Some(all.filter(|one| *one.owner == *owner).cloned().collect())
    }

    /// The type of a field, types by their last part.
    fn short_kind(&self, field: &Field) -> String {
        let name = self.new.type_name(field);
        match name.strip_prefix("map<").and_then(|inside| inside.strip_suffix('>')) {
            Some(inside) => {
                let parts: Vec<&str> = inside.split(", ").map(short).collect();
                format!("map<{}>", parts.join(", "))
            }
            None => match name.strip_prefix("repeated ") {
                Some(element) => format!("repeated {}", short(element)),
                None => short(&name).to_owned(),
            },
        }
    }
}
