//! Names of messages that something else hides: what calls exchange and what is extended is looked up
//! among all that is declared, the fields of other types among types alone.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{Resolver, index};
use crate::load::protobuf::scope::qualified;
use crate::load::protobuf::syntax::{Declarations, ExtendNode, MessageBody, Word};
use crate::model::MessageId;

/// Full names of what is no type.
pub(super) type Members = HashSet<Arc<str>, RandomState>;

impl Resolver<'_, '_> {
    /// What is declared around extensions inside of messages besides types.
    pub(super) fn members_beside_extensions(&self) -> Members {
        let inside = self.extends.iter().filter(|one| one.place.parent.is_some());
        let scopes: HashSet<&str, RandomState> =
            inside.flat_map(|one| scopes(&one.place.scope)).collect();
        let mut members = Members::default();
        for body in self.bodies.iter().filter(|body| scopes.contains(&*body.place.scope)) {
            let MessageBody { fields, oneofs, scope, .. } = body.node;
            let Declarations { messages: _, enums, extends } = scope;
            let fields = fields.iter().map(|one| &one.name);
            let names = fields.chain(oneofs.iter().map(|one| &one.name));
            let values = enums.iter().flat_map(|one| one.values.iter().map(|value| &value.name));
            let extensions = extends.iter().flat_map(|ExtendNode { fields, .. }| fields);
            let names = names.chain(values).chain(extensions.map(|one| &one.name));
            members.extend(names.map(|name| qualified(&body.place.scope, &name.text)));
        }
        members
    }

    /// Tells of the name of a message that means one of these members where it stands.
    pub(super) fn tell_hidden(
        &mut self,
        word: &Word<'_>,
        (scope, members): (&str, &Members),
        found: MessageId,
    ) {
        if word.text.contains('.') || members.is_empty() {
            return;
        }
        let message = self.messages.messages.get(index(found.0));
        let meant = message.map(|one| Arc::clone(&one.full_name));
        let candidates = scopes(scope).map(|scope| qualified(scope, &word.text));
        let mut inner = candidates.take_while(|one| Some(one) != meant.as_ref());
        if let Some(hiding) = inner.find(|one| members.contains(one)) {
            self.part(word.span, format!("`{}` is `{hiding}` here, and no message", word.text));
        }
    }
}

/// A scope and those around it, from the inside.
fn scopes(scope: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(scope), |scope| scope.rsplit_once('.').map(|(outer, _)| outer))
}
