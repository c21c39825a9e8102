//! Asking both referees.

use super::readings::read;
use crate::load::{Opinion, Reading, ValueReferee};
use crate::model::Json;
use crate::source::Span;

/// The two ends of a payload, each with its referee and the place of its schema.
pub(crate) struct Ends<'r> {
    pub(crate) writer: (&'r dyn ValueReferee, Span),
    pub(crate) reader: (&'r dyn ValueReferee, Span),
    pub(crate) reading: Reading,
    pub(crate) passage: Passage,
    /// The place in the value that matters, as a JSON Pointer.
    pub(crate) focus: String,
}

/// In which form a value reaches its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// As itself.
    Itself,
    /// As text: the reader takes it for any of the values that the text can be read as.
    Text,
    /// The same in a body, where what has no parts leaves a text too.
    Body,
    /// The same where members are lines, so that an object without members is no empty text.
    Lines,
    /// The same where a reader of lists takes the text apart at this character.
    Joined(char),
    /// As a form, whose members are fields.
    Form,
    /// The same where fields that are objects are written in a style: all that they hold is text.
    StyledForm,
    /// As a field of a form: objects are JSON there, everything else is text.
    Field,
}

impl Passage {
    /// The form in which a member reaches its reader.
    pub(super) fn of_member(self) -> Self {
        match self {
            Self::Itself | Self::Field => Self::Itself,
            Self::Text | Self::Joined(_) | Self::StyledForm => Self::Text,
            Self::Body | Self::Lines => self,
            Self::Form => Self::Field,
        }
    }

    /// Whether the value is a form, of which only the fields are texts.
    pub(super) fn is_form(self) -> bool {
        matches!(self, Self::Form | Self::StyledForm)
    }

    /// The form in which an element does.
    pub(super) fn of_element(self) -> Self {
        match self {
            Self::Itself | Self::Text | Self::Body | Self::Lines => self,
            Self::Joined(_) | Self::StyledForm => Self::Text,
            Self::Form | Self::Field => Self::Field,
        }
    }
}

/// What the referees say of a counterexample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// The writer's schema accepts this value and the reader's refuses it.
    Confirmed {
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
    let (writer, schema) = ends.writer;
    match writer.judge(schema, value, ends.reading) {
        Opinion::Accepts => {}
        Opinion::Refuses(reason) => {
            let said = format!("the writer's schema refuses {value}: {reason}");
            return Confirmation::Contradicted(said);
        }
        Opinion::Unable(reason) => return Confirmation::Unable(reason),
    }
    match ends.read(value) {
        Opinion::Refuses(because) => Confirmation::Confirmed { because, by: ends.reader.0.name() },
        Opinion::Accepts => {
            Confirmation::Contradicted(format!("the reader's schema accepts {value}"))
        }
        Opinion::Unable(reason) => Confirmation::Unable(reason),
    }
}

impl Ends<'_> {
    /// Says that the value will be asked about.
    pub(super) fn expect(&self, value: &Json) {
        for (referee, schema) in [self.writer, self.reader] {
            referee.expect(schema, value, self.reading);
        }
    }

    /// What the reader says of the value as it arrives.
    fn read(&self, value: &Json) -> Opinion {
        let (reader, schema) = self.reader;
        let near = |value: &Json| reader.judge_near(schema, value, self.reading, &self.focus);
        if self.passage == Passage::Itself {
            return near(value);
        }
        match read(value, self.passage, &|value| reader.judge(schema, value, self.reading)) {
            Opinion::Refuses(_) => near(value),
            taken @ (Opinion::Accepts | Opinion::Unable(_)) => taken,
        }
    }
}
