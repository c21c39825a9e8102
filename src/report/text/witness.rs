//! The value that breaks, in a sentence and a line.

use std::fmt::{self, Write};

use super::value::inline;
use crate::diff::{Witness, WitnessEffect, WitnessForm, WitnessSide};
use crate::report::escape::escape;
use crate::report::hexadecimal::hexadecimal;
use crate::report::style::{Style, Tone};

/// How many bytes are shown in hexadecimal.
const MOST_BYTES: usize = 48;

/// Writes what crosses, what becomes of it, the reader's reason, and who confirmed it.
pub(super) fn render(witness: &Witness, style: Style, out: &mut dyn Write) -> fmt::Result {
    let Witness { writer, effect, surface: _, form, value, focus, read_as, because, confirmed_by } =
        witness;
    writeln!(out, "  {}", sentence(*writer, *effect, form))?;
    let value = inline(value, focus);
    match form {
        WitnessForm::Json => writeln!(out, "      {}", style.paint(Tone::Strong, value))?,
        WitnessForm::Http(line) => {
            // A value in a query or a header belongs to the name that it follows.
            let gap = if line.ends_with('=') { "" } else { "   " };
            writeln!(out, "      {}{gap}{}", escape(line), style.paint(Tone::Strong, value))?;
        }
        WitnessForm::Bytes(bytes) => {
            let hex = shortened(bytes);
            writeln!(out, "      {}   {value}", style.paint(Tone::Strong, hex))?;
        }
    }
    if let Some(read) = read_as {
        writeln!(out, "      read as {}", style.paint(Tone::Strong, inline(read, focus)))?;
    }
    let by = match confirmed_by {
        Some(name) => style.paint(Tone::Faint, format!("confirmed by {name}")),
        None => style.paint(Tone::Doubtful, "not confirmed".to_owned()),
    };
    if because.is_empty() {
        writeln!(out, "      ({by})")
    } else {
        writeln!(out, "      {} ({by})", escape(because))
    }
}

/// What becomes of the value, up to the colon.
pub(in crate::report) fn sentence(
    writer: WitnessSide,
    effect: WitnessEffect,
    form: &WitnessForm,
) -> String {
    let answers = matches!(form, WitnessForm::Http(line) if line.contains('→'));
    let (what, reader) = match (form, writer) {
        (WitnessForm::Http(_), WitnessSide::Old) if answers => {
            ("A response that is sent today", "the new contract")
        }
        (WitnessForm::Http(_), WitnessSide::Old) => {
            ("A request that clients send today", "the new server")
        }
        (WitnessForm::Http(_), WitnessSide::New) if answers => {
            ("A response that the new server may send", "old clients")
        }
        (WitnessForm::Http(_), WitnessSide::New) => {
            ("A request that the new side may send", "the old one")
        }
        (WitnessForm::Json, WitnessSide::Old) => {
            ("Data written under the old contract", "new readers")
        }
        (WitnessForm::Json, WitnessSide::New) => {
            ("Data written under the new contract", "old readers")
        }
        (WitnessForm::Bytes(_), WitnessSide::Old) => ("A message of old writers", "new readers"),
        (WitnessForm::Bytes(_), WitnessSide::New) => ("A message of new writers", "old readers"),
    };
    match effect {
        WitnessEffect::Refused => format!("{what} is refused by {reader}:"),
        WitnessEffect::Misread => format!("{what} is misread by {reader}:"),
        WitnessEffect::Lost => format!("{what} loses a part on its way to {reader}:"),
    }
}

/// The bytes, as many as fit.
pub(in crate::report) fn shortened(bytes: &[u8]) -> String {
    let shown = hexadecimal(bytes.get(..MOST_BYTES).unwrap_or(bytes));
    match bytes.len() {
        0 => "(no bytes)".to_owned(),
        count if count > MOST_BYTES => format!("{shown}… ({count} bytes)"),
        _ => shown,
    }
}
