//! What `explain` can be asked about.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::rules;

/// A word of any kind, which is a rule's id or a finding's fingerprint; a shell is told the ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Explained;

impl TypedValueParser for Explained {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(rules::catalogue().map(|rule| PossibleValue::new(rule.id))))
    }
}
