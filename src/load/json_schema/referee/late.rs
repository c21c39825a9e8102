//! Patterns that are compiled when a text is first held against them.
//!
//! To compile a large pattern costs more than all else that bears on a value. Most patterns beside a value
//! are never asked about it, and what both sides write alike is asked about twice.
//!
//! **Invariant:** the same engine says the same of a text as where all is compiled beforehand. Where it
//! cannot, the mark of what cannot be read is met, and who asked turns to the texts as they are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;
use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::{instance, pattern_options, text};

/// How many compiled patterns a thread keeps.
const KEPT: usize = 64;

/// What was compiled, by the pattern; nothing where it cannot be.
type Compiled = HashMap<(Draft, String), Option<Rc<Validator>>, RandomState>;

thread_local! {
    /// What was compiled on this thread.
    static COMPILED: RefCell<Compiled> = RefCell::default();
}

/// Has patterns compiled late.
pub(super) fn compile_late(options: ValidationOptions<'_>, draft: Draft) -> ValidationOptions<'_> {
    options.with_keyword("pattern", move |_, pattern, _| match pattern {
        Value::String(pattern) => Ok(Box::new(Late { pattern: pattern.clone(), draft })),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(ValidationError::schema("a pattern is a text"))
        }
    })
}

struct Late {
    pattern: String,
    /// The draft of the schema around, whose metaschema is at hand; a pattern is one in all of them.
    draft: Draft,
}

impl Late {
    fn complaint<'i>(&self, instance: &'i Value) -> Option<ValidationError<'i>> {
        instance.as_str()?;
        let Some(validator) = compiled(&self.pattern, self.draft) else {
            text::meet_unread();
            return None;
        };
        let complaint = validator.validate(instance).err()?;
        if instance::is_exhaustion(&complaint) {
            // Of what is open only the whole can say whether it matters.
            text::meet_unread();
            return None;
        }
        Some(complaint)
    }
}

impl<'i> Keyword<'i> for Late {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.complaint(instance).map_or(Ok(()), Err)
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.complaint(instance).is_none()
    }
}

fn compiled(pattern: &str, draft: Draft) -> Option<Rc<Validator>> {
    let asked = (draft, pattern.to_owned());
    if let Some(known) = COMPILED.with_borrow(|known| known.get(&asked).cloned()) {
        return known;
    }
    let options = jsonschema::options().with_draft(draft).offline().should_validate_formats(false);
    let options = options.with_pattern_options(pattern_options());
    let validator = options.build(&json!({ "pattern": pattern })).ok().map(Rc::new);
    COMPILED.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(asked, validator.clone());
    });
    validator
}
