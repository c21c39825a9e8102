//! What can be invoked: HTTP exchanges and calls.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Body, Json, Lifecycle, MessageId, Polarity, Remarks, Security, ShapeId, Stated};
use crate::source::Span;

/// One thing that can be invoked.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Who invokes it.
    pub caller: Caller,
    /// What is exchanged.
    pub exchange: Exchange,
    /// The name that generated code uses.
    pub identifier: Option<Stated<Arc<str>>>,
    /// The groups that generated code and documentation sort it into.
    pub tags: Vec<Stated<Arc<str>>>,
    /// How settled it is.
    pub lifecycle: Lifecycle,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where it is declared.
    pub span: Span,
}

impl Operation {
    /// What people call an HTTP operation: `POST /orders`. Calls have a route for that.
    pub fn title(&self) -> Option<Arc<str>> {
        let exchange = match &self.exchange {
            Exchange::Http(exchange) => exchange,
            Exchange::Call(_) => return None,
        };
        let method = &exchange.method;
        Some(match &self.caller {
            Caller::Consumer => format!("{method} {}", exchange.path).into(),
            Caller::Webhook(name) => format!("webhook {name} ({method})").into(),
            Caller::Callback { operation, name, expression: _, sent: _ } => {
                format!("callback {name} of {operation} ({method})").into()
            }
        })
    }
}

/// Who invokes an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// The consumer: an ordinary operation.
    Consumer,
    /// The producer, at an address that it was given: a webhook of this name.
    Webhook(Arc<str>),
    /// Whoever answers an operation, in return: its route, the callback's name and expression.
    Callback {
        /// The operation that registers the callback.
        operation: Arc<str>,
        /// The callback's name.
        name: Arc<str>,
        /// The runtime expression that gives the address.
        expression: Arc<str>,
        /// Who writes what is sent: the producer, and the consumer where the producer called it.
        sent: Polarity,
    },
}

impl Caller {
    /// Who writes what this caller sends.
    #[must_use]
    pub fn sent(&self) -> Polarity {
        match self {
            Self::Consumer => Polarity::Request,
            Self::Webhook(_) => Polarity::Response,
            Self::Callback { operation: _, name: _, expression: _, sent } => *sent,
        }
    }
}

/// What is exchanged.
#[derive(Clone, Debug)]
pub enum Exchange {
    /// HTTP.
    Http(Box<HttpExchange>),
    /// A remote call of numbered messages.
    Call(Call),
}

/// A remote call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The path on the wire: `/package.Service/Method`.
    pub route: Arc<str>,
    /// The service's full name.
    pub service: Arc<str>,
    /// The method's name.
    pub method: Arc<str>,
    /// What the caller sends.
    pub request: Streamed,
    /// What the caller receives.
    pub response: Streamed,
    /// What callers and proxies may assume about repeating it.
    pub idempotency: Idempotency,
    /// The options set on the method, for packs that know them.
    pub options: Vec<Stated<(Arc<str>, Json)>>,
}

/// One message or a stream of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streamed {
    /// The message.
    pub message: MessageId,
    /// Whether any number of them may be sent.
    pub streaming: Streaming,
    /// Where it is declared.
    pub span: Span,
}

/// Whether one message crosses, or any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streaming {
    /// Exactly one.
    Single,
    /// Any number.
    Stream,
}

/// What callers and proxies may assume about repeating a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Idempotency {
    /// Nothing.
    #[default]
    Unknown,
    /// Repeating it changes nothing more.
    Idempotent,
    /// It changes nothing at all.
    NoSideEffects,
}

/// An HTTP exchange.
#[derive(Clone, Debug)]
pub struct HttpExchange {
    /// The method, upper case for the methods of RFC 9110.
    pub method: Arc<str>,
    /// The path template as written, without the server's prefix.
    pub path: PathTemplate,
    /// Where it is served.
    pub servers: Servers,
    /// Parameters in effect, path-level ones included.
    pub parameters: Vec<Parameter>,
    /// What the caller sends.
    pub request: Option<Body>,
    /// What the caller receives, by status.
    pub responses: BTreeMap<StatusKey, Response>,
    /// What a caller must present.
    pub security: Security,
}

/// A path with variables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathTemplate {
    /// Literal text and variables, in order.
    pub parts: Vec<PathPart>,
}

/// A piece of a path template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathPart {
    /// Text that is sent as it is, slashes included.
    Literal(Arc<str>),
    /// A variable; its name never travels.
    Variable(Arc<str>),
}

/// Where an operation is served, and who says so.
#[derive(Clone, Debug)]
pub struct Servers {
    /// Every address, in the order of the text; never empty (the default is the root of wherever
    /// the contract lives).
    pub list: Vec<Server>,
    /// What is said of the servers to people.
    pub remarks: Remarks,
    /// Where they are declared: the contract itself where nothing declares them.
    pub span: Span,
}

/// An address under which an operation is served.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    /// Scheme, host and port, variables left in braces; empty for a relative server.
    pub origin: Arc<str>,
    /// The path that goes before every operation's path, without a final slash.
    pub prefix: Arc<str>,
}

/// A parameter that is sent beside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name as written.
    pub name: Arc<str>,
    /// Where it is sent.
    pub location: ParameterLocation,
    /// Whether every call must have it.
    pub required: Stated<bool>,
    /// How its value becomes text.
    pub serialisation: Serialisation,
    /// Its value.
    pub shape: ShapeId,
    /// Whether an empty value may be sent whatever the shape says.
    pub allow_empty: bool,
    /// How settled it is.
    pub lifecycle: Lifecycle,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where it is declared.
    pub span: Span,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterLocation {
    /// In the path template.
    Path,
    /// In the query.
    Query,
    /// The whole query at once.
    QueryString,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

impl ParameterLocation {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::QueryString => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a value becomes text, and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Serialisation {
    /// By a style: RFC 6570's and the delimited ones.
    Style {
        /// Which.
        style: Style,
        /// Whether elements and members become parts of their own.
        explode: bool,
        /// Whether reserved characters go unencoded.
        allow_reserved: bool,
    },
    /// Lists of lists, in a style of their own at each depth; the outermost first.
    Nested(Vec<Style>),
    /// As text of a media type (`application/json`).
    Media(Arc<str>),
}

/// How arrays and objects are laid out in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// `;name=value`
    Matrix,
    /// `.value`
    Label,
    /// `name=value`
    Form,
    /// `value`
    Simple,
    /// Space between elements.
    SpaceDelimited,
    /// `|` between elements.
    PipeDelimited,
    /// A tab between elements (OpenAPI 2.0).
    TabDelimited,
    /// `name[member]=value`
    DeepObject,
    /// `name=value` as cookies are written.
    Cookie,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its headers, by name in lower case.
    pub headers: BTreeMap<Arc<str>, Header>,
    /// Its payloads; `None` where there is no described body.
    pub body: Option<Body>,
    /// What may be called next, as a hint to tools, one digest for each name.
    pub links: Remarks,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where the operation lists it: the reference, where it is declared elsewhere.
    pub listed: Span,
    /// Where it is declared.
    pub span: Span,
}

/// A response header.
#[derive(Clone, Debug)]
pub struct Header {
    /// The name as written.
    pub name: Arc<str>,
    /// Whether every such response has it.
    pub required: Stated<bool>,
    /// How its value becomes text.
    pub serialisation: Serialisation,
    /// Its value.
    pub shape: ShapeId,
    /// How settled it is.
    pub lifecycle: Lifecycle,
    /// What it says to people.
    pub remarks: Remarks,
    /// Where it is declared.
    pub span: Span,
}

/// Which statuses a response is for (RFC 9110 §15). Order is precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKey {
    /// One status.
    Code(u16),
    /// All statuses with this first digit.
    Class(u8),
    /// Every other status.
    Default,
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                PathPart::Literal(text) => out.write_str(text)?,
                PathPart::Variable(name) => write!(out, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(out, "{code}"),
            Self::Class(digit) => write!(out, "{digit}XX"),
            Self::Default => out.write_str("default"),
        }
    }
}
