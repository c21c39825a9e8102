//! Numbers and names that were used before the old contract, and given up.

use super::side::short;
use super::walk::Walk;
use crate::load::PastElement;
use crate::model::{EnumValue, Enumeration, Field, Message};

/// What a field's number or name once was.
pub(crate) enum OnceWas {
    /// The number belonged to another field.
    Number(PastElement),
    /// The name belonged to a field of another type, under another number.
    Name(PastElement),
}

impl Walk<'_> {
    /// What a new field of an old message takes over from one that was given up earlier. The same
    /// field under its old number is back, and takes over nothing.
    pub(crate) fn once_was(&self, message: &Message, field: &Field) -> Option<OnceWas> {
        let past = self.past(message.file, &message.full_name)?;
        let kind = self.short_kind(field);
        let number = i64::from(field.number.get());
        let same_kind = |one: &&PastElement| one.kind.as_deref() == Some(&*kind);
        let mut numbered = past.iter().filter(|one| one.number == number).peekable();
        if numbered.peek().is_some() {
            let back = numbered.clone().any(|one| *one.name == *field.name && same_kind(&one));
            let latest = numbered.next().filter(|_| !back)?;
            return Some(OnceWas::Number(latest.clone()));
        }
        let mut named = past.iter().filter(|one| *one.name == *field.name);
        let changed = !named.clone().any(|one| same_kind(&one));
        named.next().filter(|_| changed).map(|one| OnceWas::Name(one.clone()))
    }

    /// The value that once had the number of a new one, under another name.
    pub(crate) fn once_valued(&self, old: &Enumeration, value: &EnumValue) -> Option<PastElement> {
        let past = self.past(old.file, &old.full_name)?;
        let number = i64::from(value.number);
        let mut same = past.iter().filter(|one| one.number == number);
        let back = same.clone().any(|one| *one.name == *value.name);
        same.next().filter(|_| !back).cloned()
    }

    /// What an element of an old file declared at earlier revisions, newest first.
    fn past(&self, file: usize, owner: &str) -> Option<Vec<PastElement>> {
        let past = self.old.past?;
        let declared = past.declared(&self.old.file(file)?.path);
        Some(declared.iter().filter(|one| *one.owner == *owner).cloned().collect())
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
