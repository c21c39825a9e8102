//! What an option says of where it may be set, and since which edition (`FieldOptions.targets`,
//! `FieldOptions.feature_support`).

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::option::Slot;
use super::{Holder, Resolver};
use crate::load::protobuf::syntax::{Edition, LiteralValue, Member, Setting};
use crate::source::Span;

/// Such options, by where their names are declared.
pub(super) type Aims = HashMap<Span, Aim, RandomState>;

/// Where an option may be set.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Aim {
    /// The kinds of elements (`FieldOptions.OptionTargetType`); anywhere, where none is told.
    targets: Vec<Box<str>>,
    introduced: Option<Edition>,
    removed: Option<Edition>,
}

/// An element whose options are interpreted.
#[derive(Clone, Copy)]
pub(super) struct Bearer {
    pub(super) holder: Holder,
    pub(super) edition: Edition,
}

impl Aim {
    /// What the options of a field say of this.
    pub(super) fn of(options: &[Setting<'_>]) -> Option<Self> {
        let mut aim = Self::default();
        for setting in options {
            let [name] = &setting.name[..] else { continue };
            match (&*name.word.text, &setting.value.value) {
                _ if name.extension => {}
                ("targets", LiteralValue::Word("TARGET_TYPE_UNKNOWN")) => {}
                ("targets", LiteralValue::Word(word)) => aim.targets.push((*word).into()),
                ("feature_support", LiteralValue::Message(members)) => {
                    aim.introduced = edition(members, "edition_introduced");
                    aim.removed = edition(members, "edition_removed");
                }
                _ => {}
            }
        }
        (aim != Self::default()).then_some(aim)
    }
}

fn edition(members: &[Member<'_>], name: &str) -> Option<Edition> {
    let member = members.iter().find(|member| !member.extension && member.name.text == name)?;
    let LiteralValue::Word(word) = member.value.value else { return None };
    Some(match word {
        "EDITION_PROTO2" => Edition::Proto2,
        "EDITION_PROTO3" => Edition::Proto3,
        "EDITION_2023" => Edition::Edition2023,
        "EDITION_2024" => Edition::Edition2024,
        "EDITION_2026" => Edition::Edition2026,
        _ => return None,
    })
}

impl Resolver<'_, '_> {
    /// Tells of an option, or of a part of one, on an element that it is not for.
    pub(super) fn check_aim(&mut self, slot: Slot, span: Span) {
        let (Some(declared), Some(bearer)) = (slot.declared, self.bearer) else { return };
        let Some(aim) = self.aims.get(&declared) else { return };
        let edition = bearer.edition;
        let mut targets = aim.targets.iter();
        let is_elsewhere = kind(bearer.holder)
            .is_some_and(|kind| !aim.targets.is_empty() && !targets.any(|one| **one == *kind));
        let message = if is_elsewhere {
            let targets = aim.targets.join(", ");
            format!("this option is set on what it is not for (`targets`): {targets}")
        } else if let Some(since) = aim.introduced.filter(|since| edition < *since) {
            format!("this option came with {}, and the file is of {}", since.name(), edition.name())
        } else if let Some(until) = aim.removed.filter(|until| edition >= *until) {
            format!(
                "this option is gone since {}, and the file is of {}",
                until.name(),
                edition.name()
            )
        } else {
            return;
        };
        self.part(span, message);
    }
}

/// `FieldOptions.OptionTargetType` of the elements on which every compiler minds targets.
fn kind(holder: Holder) -> Option<&'static str> {
    Some(match holder {
        Holder::File(_) => "TARGET_TYPE_FILE",
        Holder::Message(_) => "TARGET_TYPE_MESSAGE",
        Holder::Field(..) | Holder::Extension(_) => "TARGET_TYPE_FIELD",
        Holder::Oneof(..) => "TARGET_TYPE_ONEOF",
        Holder::Enum(_) => "TARGET_TYPE_ENUM",
        Holder::EnumValue(..) => "TARGET_TYPE_ENUM_ENTRY",
        Holder::Terms(..) | Holder::Service(_) | Holder::Method(_) => return None,
    })
}
