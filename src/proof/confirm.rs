//! Asking both referees.

use super::shrink::shrink;
use crate::load::{Opinion, Reading, Referee};
use crate::model::Json;
use crate::source::Span;

/// The two ends of a payload, each with its referee and the place of its schema.
pub(crate) struct Ends<'r> {
    pub(crate) writer: (&'r Referee, Span),
    pub(crate) reader: (&'r Referee, Span),
    pub(crate) reading: Reading,
}

/// What the referees say of a counterexample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// The writer's schema accepts this value and the reader's refuses it.
    Confirmed {
        /// The value, made as small as both answers allow.
        value: Json,
        /// The reader's reason.
        because: String,
        /// Who says so.
        by: &'static str,
    },
    /// A referee says the opposite of the engine.
    Contradicted(String),
    /// Nobody could say.
    Unable(String),
}

/// Confirms that the writer may send the value and the reader refuses it.
pub(crate) fn confirm(ends: &Ends<'_>, value: &Json) -> Confirmation {
    match (ends.written(value), ends.read(value)) {
        (Opinion::Accepts, Opinion::Refuses(_)) => {
            let value = shrink(value, &|smaller| {
                ends.is_written(smaller) && matches!(ends.read(smaller), Opinion::Refuses(_))
            });
            let because = match ends.read(&value) {
                Opinion::Refuses(because) => because,
                Opinion::Accepts | Opinion::Unable(_) => String::new(),
            };
            let by = match ends.reader.0 {
                Referee::Values(referee) => referee.name(),
                Referee::Messages(referee) => referee.name(),
                Referee::None => "",
            };
            Confirmation::Confirmed { value, because, by }
        }
        (Opinion::Refuses(reason), _) => {
            Confirmation::Contradicted(format!("the writer's schema refuses {value}: {reason}"))
        }
        (_, Opinion::Accepts) => {
            Confirmation::Contradicted(format!("the reader's schema accepts {value}"))
        }
        (Opinion::Unable(reason), _) | (_, Opinion::Unable(reason)) => Confirmation::Unable(reason),
    }
}

impl Ends<'_> {
    fn written(&self, value: &Json) -> Opinion {
        self.ask(self.writer, value)
    }

    fn is_written(&self, value: &Json) -> bool {
        let (referee, schema) = self.writer;
        match referee {
            Referee::Values(referee) => referee.accepts(schema, value, self.reading),
            Referee::Messages(_) | Referee::None => false,
        }
    }

    fn read(&self, value: &Json) -> Opinion {
        self.ask(self.reader, value)
    }

    fn ask(&self, (referee, schema): (&Referee, Span), value: &Json) -> Opinion {
        match referee {
            Referee::Values(referee) => referee.judge(schema, value, self.reading),
            Referee::Messages(_) | Referee::None => {
                Opinion::Unable("no validator for this format".to_owned())
            }
        }
    }
}
