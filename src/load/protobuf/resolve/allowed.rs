//! Whether an element can have such an option, and have it once more.

use std::collections::HashSet;
use std::sync::Arc;

use super::builtin::{Takes, options_message, takes};
use super::{Holder, Place, Resolver, index};
use crate::load::protobuf::scope::{Found, SymbolKind, Wanted};
use crate::load::protobuf::syntax::{LiteralValue, NamePart, Setting, Word};

impl Resolver<'_, '_> {
    /// The first part of an option's name: it must be one for such an element.
    pub(super) fn check_first(&mut self, holder: Holder, setting: &Setting<'_>, place: &Place) {
        let Some((first, rest)) = setting.name.split_first() else { return };
        let name = &*first.word.text;
        if first.extension {
            self.check_extended(holder, &first.word, place);
            return;
        }
        let is_pseudo = matches!(holder, Holder::Field(..) | Holder::Extension(_));
        if is_pseudo && name == "default" && rest.is_empty() {
            return;
        }
        if name == "uninterpreted_option" {
            let message = "`uninterpreted_option` is for compilers alone".to_owned();
            self.part(first.word.span, message);
            return;
        }
        match takes(holder, name) {
            None => {
                self.part(first.word.span, format!("there is no option `{name}` for this element"));
            }
            Some(Takes::Message) if !rest.is_empty() && is_repeated(holder, first) => {
                let message = "this is a list of messages, each of which is written in braces";
                self.part(first.word.span, message.to_owned());
            }
            Some(Takes::Message)
                if rest.is_empty() && !Takes::Message.fits(&setting.value.value) =>
            {
                self.part(
                    setting.value.span,
                    format!("expected {} here", Takes::Message.described()),
                );
            }
            Some(Takes::Message) => {}
            Some(_) if !rest.is_empty() => {
                self.part(first.word.span, format!("`{name}` is no message"));
            }
            Some(taken) if !taken.fits(&setting.value.value) => {
                self.part(setting.value.span, format!("expected {} here", taken.described()));
            }
            Some(_) => {}
        }
    }

    /// A custom option extends the message that holds the options of such an element.
    fn check_extended(&mut self, holder: Holder, word: &Word<'_>, place: &Place) {
        let found = self.scopes.find(&word.text, &place.scope, place.unit, Wanted::Extension);
        let Some(Found::Visible(symbol) | Found::ForOptions(symbol) | Found::Hidden(symbol)) =
            found
        else {
            return;
        };
        let SymbolKind::Extension(id) = symbol.kind else { return };
        let Some(extension) = self.messages.extensions.get(id) else { return };
        let extended = self.messages.messages.get(index(extension.extendee.0));
        let wanted = options_message(holder);
        if let Some(extended) = extended.filter(|extended| *extended.full_name != *wanted) {
            let name = Arc::clone(&extended.full_name);
            self.part(word.span, format!("`({})` is for {name}, not {wanted}", word.text));
        }
    }

    /// Tells of options that are set twice and do not add up: a part may follow the whole, unless
    /// that sets it too, and the whole follows no part.
    pub(super) fn check_once(&mut self, given: &[Setting<'_>]) {
        if given.len() < 2 {
            return;
        }
        let (mut seen, mut begun) = (HashSet::new(), HashSet::new());
        for setting in given {
            let plain = setting.name.iter().all(|part| !part.extension);
            let path: Vec<&str> = setting.name.iter().map(|part| &*part.word.text).collect();
            let listed = matches!(path[..], ["targets" | "edition_defaults" | "declaration"]);
            let again = plain && !listed && !seen.insert(path.clone());
            if again || plain && begun.contains(&path) {
                self.part(setting.span, "this option is set twice".to_owned());
            }
            if let (LiteralValue::Message(members), true) = (&setting.value.value, plain) {
                let inside = members.iter().filter(|member| !member.extension);
                seen.extend(inside.map(|member| {
                    path.iter().copied().chain([&*member.name.text]).collect::<Vec<&str>>()
                }));
            }
            begun.extend((1..path.len()).filter_map(|length| Some(path.get(..length)?.to_vec())));
        }
    }
}

/// Whether settings of the option add up although its declaration is not looked at.
pub(super) fn is_repeated(holder: Holder, first: &NamePart<'_>) -> bool {
    let listed = match holder {
        Holder::Terms(..) => "declaration",
        Holder::Field(..) | Holder::Extension(_) => "edition_defaults",
        Holder::File(_)
        | Holder::Message(_)
        | Holder::Oneof(..)
        | Holder::Enum(_)
        | Holder::EnumValue(..)
        | Holder::Service(_)
        | Holder::Method(_) => return false,
    };
    !first.extension && first.word.text == listed
}
