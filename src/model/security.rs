//! What a caller must present.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::Span;

/// What a caller must present: one of the alternatives. Empty means that nothing is asked.
#[derive(Clone, Debug, Default)]
pub struct Security {
    /// Each suffices by itself.
    pub alternatives: Vec<Alternative>,
    /// Where it is declared, if anywhere.
    pub span: Option<Span>,
}

/// Credentials that are presented together; none for anonymous access.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// Scheme by scheme, and the scopes that each must carry. Schemes are equal when what travels is
    /// equal; their names never travel.
    pub credentials: BTreeMap<Scheme, BTreeSet<Arc<str>>>,
    /// The names by which the contract calls the schemes, for people.
    pub names: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A way of authenticating, by what travels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// A key in a query parameter, header or cookie.
    ApiKey {
        /// `query`, `header` or `cookie`.
        location: Arc<str>,
        /// Its name, in lower case for headers.
        name: Arc<str>,
    },
    /// An HTTP authentication scheme (RFC 9110 §11), in lower case.
    Http(Arc<str>),
    /// OAuth 2, by the flows through which a token may be had.
    OAuth2(BTreeSet<Arc<str>>),
    /// OpenID Connect. Where its provider is found is not ours to tell from a move of it, like the
    /// addresses of OAuth 2's flows.
    OpenIdConnect,
    /// A client certificate.
    MutualTls,
    /// A scheme that is referred to and not declared, or of a type that we do not know.
    Unknown(Arc<str>),
}
