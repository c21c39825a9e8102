//! The value that breaks, in a sentence and a line.

use std::fmt::{self, Write};

use super::value::inline;
use crate::diff::{
    HttpBody, HttpForm, HttpHeader, Proof, Witness, WitnessEffect, WitnessForm, WitnessSide,
};
use crate::model::Polarity;
use crate::report::escape::escape;
use crate::report::hexadecimal::hexadecimal;
use crate::report::style::{Style, Tone};

/// How many bytes are shown in hexadecimal.
const MOST_BYTES: usize = 48;
/// How many lines of a body that is no JSON are shown, and how much of each.
const MOST_LINES: usize = 12;
const MOST_OF_A_LINE: usize = 200;

/// What is said of a witness: nothing in it is hidden, and nothing is markup yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Shown {
    /// What becomes of it: `A request that clients send today is refused by the new server:`
    pub(in crate::report) sentence: String,
    /// What crosses, line by line.
    pub(in crate::report) lines: Vec<String>,
    /// The reader's own reason; may be empty.
    pub(in crate::report) because: String,
    /// Who confirmed it; `None` where there is nothing to confirm.
    pub(in crate::report) confirmed: Option<Confirmed>,
}

/// Whether a referee has judged a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Confirmed {
    /// It has.
    By(&'static str),
    /// It has not, or could not.
    Not,
}

impl fmt::Display for Confirmed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(name) => write!(out, "confirmed by {name}"),
            Self::Not => out.write_str("not confirmed"),
        }
    }
}

impl Shown {
    /// The reason and who confirmed it, in one line.
    pub(in crate::report) fn reason(&self) -> String {
        match (self.because.is_empty(), &self.confirmed) {
            (_, None) => self.because.clone(),
            (true, Some(confirmed)) => format!("({confirmed})"),
            (false, Some(confirmed)) => format!("{} ({confirmed})", self.because),
        }
    }
}

/// Says what crosses, what becomes of it, the reader's reason, and who confirmed it.
pub(in crate::report) fn shown(witness: &Witness, proof: &Proof) -> Shown {
    let Witness {
        writer,
        polarity,
        effect,
        surface: _,
        form,
        value,
        focus,
        read_as,
        relayed_as,
        because,
        confirmed_by,
    } = witness;
    let text = value.as_ref().map(|value| inline(value, focus)).unwrap_or_default();
    let mut lines = match form {
        WitnessForm::Json => vec![text],
        WitnessForm::Http(form) => http(form, focus),
        WitnessForm::Bytes(bytes) => vec![format!("{}   {text}", shortened(bytes))],
    };
    lines.extend(read_as.as_ref().map(|read| format!("read as {}", inline(read, focus))));
    lines.extend(relayed_as.as_ref().map(|relayed| match value {
        Some(value) if value == relayed => "passed on by an old party, it arrives whole".to_owned(),
        Some(_) | None => {
            format!("passed on by an old party, it arrives as {}", inline(relayed, focus))
        }
    }));
    let confirmed = match (confirmed_by, proof, form) {
        (Some(name), _, _) => Some(Confirmed::By(name)),
        // What follows from a rule has no value that a referee could judge.
        (None, Proof::Rule, WitnessForm::Http(_)) => None,
        (None, Proof::Rule | Proof::Witness | Proof::Contained | Proof::Undecided(_), _) => {
            Some(Confirmed::Not)
        }
    };
    Shown {
        sentence: sentence((*writer, *polarity), *effect, form, value.is_some()),
        lines,
        because: escape(because).into_owned(),
        confirmed,
    }
}

/// Writes a witness below its finding.
pub(super) fn render(
    witness: &Witness,
    proof: &Proof,
    style: Style,
    out: &mut dyn Write,
) -> fmt::Result {
    let Shown { sentence, lines, because, confirmed } = shown(witness, proof);
    writeln!(out, "  {sentence}")?;
    for line in lines {
        writeln!(out, "      {}", style.paint(Tone::Strong, line))?;
    }
    let tone = match confirmed {
        Some(Confirmed::By(_)) => Tone::Faint,
        Some(Confirmed::Not) | None => Tone::Doubtful,
    };
    let by = confirmed.map(|confirmed| style.paint(tone, confirmed.to_string()));
    match (because.is_empty(), by) {
        (true, None) => Ok(()),
        (true, Some(by)) => writeln!(out, "      ({by})"),
        (false, None) => writeln!(out, "      {because}"),
        (false, Some(by)) => writeln!(out, "      {because} ({by})"),
    }
}

/// The message that breaks: its start line, the headers that matter, what it carries.
fn http(form: &HttpForm, focus: &str) -> Vec<String> {
    let line = escape(&form.to_string()).into_owned();
    let asked = form.headers.iter().filter(|header| is_telling(header, form));
    let answered = form.response.iter().flat_map(|response| &response.headers);
    let answered = answered.filter(|header| is_telling(header, form));
    let body = form.shown_body();
    let mut shown = vec![match body {
        Some(HttpBody::Json(value)) => format!("{line}   {}", inline(value, focus)),
        Some(HttpBody::Text(_)) | None => line,
    }];
    let headers = asked.chain(answered);
    shown.extend(
        headers.map(|HttpHeader { name, value }| format!("{}: {}", escape(name), escape(value))),
    );
    if let Some(HttpBody::Text(text)) = body {
        let mut lines = text.lines();
        for line in lines.by_ref().take(MOST_LINES) {
            let mut start: String = line.chars().take(MOST_OF_A_LINE).collect();
            if start.len() < line.len() {
                start.push('…');
            }
            shown.push(escape(&start).into_owned());
        }
        if lines.next().is_some() {
            shown.push("…".to_owned());
        }
    }
    shown
}

/// Whether a person needs the header: that JSON is sent as JSON goes without saying, and of the
/// request before a response only what was asked for matters.
fn is_telling(header: &HttpHeader, form: &HttpForm) -> bool {
    let HttpHeader { name, value } = header;
    let is_asked = form.headers.iter().any(|known| std::ptr::eq(known, header));
    if is_asked && form.response.is_some() {
        return &**name == "Accept";
    }
    &**name != "Content-Type"
        || value != "application/json"
        || form.headers.iter().any(|known| &*known.name == "Accept")
}

fn sentence(
    (writer, polarity): (WitnessSide, Polarity),
    effect: WitnessEffect,
    form: &WitnessForm,
    has_value: bool,
) -> String {
    let (what, reader) = match (form, writer, polarity) {
        (WitnessForm::Http(form), _, _) => http_parties(form, writer, polarity),
        (WitnessForm::Json, WitnessSide::Old, _) => {
            ("Data written under the old contract", "new readers")
        }
        (WitnessForm::Json, WitnessSide::New, _) => {
            ("Data written under the new contract", "old readers")
        }
        (WitnessForm::Bytes(_), WitnessSide::Old, _) => ("A message of old writers", "new readers"),
        (WitnessForm::Bytes(_), WitnessSide::New, _) => ("A message of new writers", "old readers"),
    };
    match effect {
        WitnessEffect::Refused => format!("{what} is refused by {reader}:"),
        WitnessEffect::Misread => format!("{what} is misread by {reader}:"),
        WitnessEffect::Lost if !has_value => format!("{what} is made no more:"),
        WitnessEffect::Lost => format!("{what} loses a part on its way to {reader}:"),
    }
}

/// What crosses, and who reads it. A request that the producer writes is a call of a webhook or a
/// callback, and its response is the consumer's.
fn http_parties(
    form: &HttpForm,
    writer: WitnessSide,
    polarity: Polarity,
) -> (&'static str, &'static str) {
    match (form.response.is_some(), polarity, writer) {
        (false, Polarity::Request | Polarity::Both, WitnessSide::Old) => {
            ("A request that clients send today", "the new server")
        }
        (false, Polarity::Request | Polarity::Both, WitnessSide::New) => {
            ("A request that new clients may send", "the old server")
        }
        (false, Polarity::Response, WitnessSide::Old) => {
            ("A call that the server makes today", "new receivers")
        }
        (false, Polarity::Response, WitnessSide::New) => {
            ("A call that the new server may make", "old receivers")
        }
        (true, Polarity::Response | Polarity::Both, WitnessSide::Old) => {
            ("A response that is sent today", "new clients")
        }
        (true, Polarity::Response | Polarity::Both, WitnessSide::New) => {
            ("A response that the new server may send", "old clients")
        }
        (true, Polarity::Request, WitnessSide::Old) => {
            ("An answer that receivers give today", "the new server")
        }
        (true, Polarity::Request, WitnessSide::New) => {
            ("An answer that new receivers may give", "the old server")
        }
    }
}

fn shortened(bytes: &[u8]) -> String {
    let shown = hexadecimal(bytes.get(..MOST_BYTES).unwrap_or(bytes));
    match bytes.len() {
        0 => "(no bytes)".to_owned(),
        count if count > MOST_BYTES => format!("{shown}… ({count} bytes)"),
        _ => shown,
    }
}
