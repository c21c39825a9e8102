//! Whether a contract speaks the words of a pack at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{OPTIONS, Pack};
use crate::model::{Contract, Exchange, Json, Message, Stated};

impl Pack {
    /// Whether the contract sets an option to which the pack gives a meaning.
    pub fn is_stated_in(self, contract: &Contract) -> bool {
        let is_known = |option: &Arc<str>| {
            OPTIONS.iter().any(|(name, pack, _)| *pack == self && *name == &**option)
        };
        let states = |options: &BTreeMap<Arc<str>, Stated<Json>>| options.keys().any(is_known);
        let of_message = |message: &Message| {
            states(&message.options)
                || message.fields.iter().any(|field| states(&field.options))
                || message.oneofs.iter().any(|oneof| states(&oneof.options))
        };
        let all = &contract.messages;
        all.messages.iter().any(of_message)
            || all.files.iter().any(|file| states(&file.options))
            || all.services.iter().any(|service| states(&service.options))
            || all.extensions.iter().any(|extension| states(&extension.field.options))
            || contract.operations.iter().any(|operation| match &operation.exchange {
                Exchange::Call(call) => call.options.iter().any(|one| is_known(&one.value.0)),
                Exchange::Http(_) => false,
            })
    }
}
