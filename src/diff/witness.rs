//! Values that show a break, and how they cross.

use std::fmt;
use std::sync::Arc;

use crate::model::{Json, Polarity, Surface};

/// A value that shows a break, or the exchange in which an offer is missed.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Which side writes it.
    pub writer: WitnessSide,
    /// Who writes it there: the consumer, the producer, or either.
    pub polarity: Polarity,
    /// What happens to it at the other side.
    pub effect: WitnessEffect,
    /// On which surface it is lost.
    pub surface: Surface,
    /// How it crosses.
    pub form: WitnessForm,
    /// The value as its writer means it; `None` where an exchange is lost as such.
    pub value: Option<Json>,
    /// JSON Pointer to the part of the value that matters; empty for the whole.
    pub focus: String,
    /// The value as the reader understands it, where it is not refused.
    pub read_as: Option<Json>,
    /// The value as readers of the writer's contract understand it once a party of the other
    /// contract has passed it on, where that was tried.
    pub relayed_as: Option<Json>,
    /// The reader's own reason.
    pub because: String,
    /// Who confirmed it; `None` where nobody did, or where a rule by itself is the proof and this
    /// illustrates it.
    pub confirmed_by: Option<&'static str>,
}

/// A side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WitnessSide {
    /// The old contract.
    Old,
    /// The new contract.
    New,
}

/// What becomes of a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WitnessEffect {
    /// The reader refuses it.
    Refused,
    /// The reader takes it for another value.
    Misread,
    /// The reader does not see it.
    Lost,
}

/// How a witness crosses.
#[derive(Clone, Debug, PartialEq)]
pub enum WitnessForm {
    /// As JSON.
    Json,
    /// In an HTTP exchange.
    Http(Box<HttpForm>),
    /// As bytes of a numbered message.
    Bytes(Vec<u8>),
}

/// An HTTP exchange, as small as its contract allows.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpForm {
    /// The method.
    pub method: Arc<str>,
    /// Path and query as they travel, percent-encoded (RFC 3986); a name in parentheses for
    /// webhooks and callbacks, whose addresses the contract does not know.
    pub target: String,
    /// The headers that matter of the request.
    pub headers: Vec<HttpHeader>,
    /// What the request carries.
    pub body: Option<HttpBody>,
    /// What comes back, where that is what breaks.
    pub response: Option<HttpResponse>,
}

/// A header as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpHeader {
    /// The name as the contract writes it.
    pub name: Arc<str>,
    /// The value.
    pub value: String,
}

/// What a message carries.
#[derive(Clone, Debug, PartialEq)]
pub enum HttpBody {
    /// A JSON text.
    Json(Json),
    /// Any other text: a form, XML.
    Text(String),
}

/// A response as it travels.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The status as the contract writes it: `200`, `2XX`, `default`.
    pub status: Arc<str>,
    /// The headers that matter.
    pub headers: Vec<HttpHeader>,
    /// What it carries.
    pub body: Option<HttpBody>,
}

impl HttpForm {
    /// The headers of the message that breaks.
    pub fn shown_headers(&self) -> &[HttpHeader] {
        self.response.as_ref().map_or(&self.headers, |response| &response.headers)
    }

    /// What the message that breaks carries.
    pub fn shown_body(&self) -> Option<&HttpBody> {
        self.response.as_ref().map_or(self.body.as_ref(), |response| response.body.as_ref())
    }
}

/// The request line, with the status where a response is what breaks: `GET /orders/1 → 200`.
impl fmt::Display for HttpForm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.target)?;
        match &self.response {
            Some(response) => write!(out, " → {}", response.status),
            None => Ok(()),
        }
    }
}

impl WitnessSide {
    /// The side that reads what this one writes.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}
