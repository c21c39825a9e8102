//! The second opinion: where the engine leaves a question open, another one is asked, which compares
//! the schemas as they are written and shares nothing with it.

use jsonschema::canonical::{self, Containment};
use serde_json::json;

use crate::load::{Reading, Referee, Standalone, with_room};
use crate::source::Span;

/// Who gives the second opinion.
pub(crate) const SECOND: &str = "jsonschema";

/// How many questions of one comparison are passed on: the other engine can take as long over one as
/// ours takes over a hundred.
const MAX_QUESTIONS: u32 = 64;

/// The schemas that apply at a place of one side, as they are written.
#[derive(Clone, Copy)]
pub(crate) struct Written<'r> {
    pub(crate) referee: &'r Referee,
    pub(crate) schemas: &'r [Span],
}

/// Somebody to ask where nobody here knows.
#[derive(Debug)]
pub(crate) struct Second {
    left: u32,
}

impl Default for Second {
    fn default() -> Self {
        Self { left: MAX_QUESTIONS }
    }
}

impl Second {
    /// Whether the other engine proves that the reader's schemas accept every value that the writer's
    /// do, taken literally. Writers who send less than their schemas accept lose nothing then either.
    /// Errs towards `false`: it is experimental, and its `no` comes without a value to show.
    pub(crate) fn proves(
        &mut self,
        reader: Written<'_>,
        writer: Written<'_>,
        how: Reading,
    ) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let (Some(reads), Some(sends)) =
            (reader.standalone(how, "reader"), writer.standalone(how, "writer"))
        else {
            return false;
        };
        // It has a budget of its own, but recurses.
        with_room(|| covers(reads, sends, how.assert_formats)).unwrap_or_default()
    }
}

impl Written<'_> {
    /// Each of the schemas by itself.
    fn standalone(&self, how: Reading, side: &str) -> Option<Vec<Standalone>> {
        let Referee::Values(referee) = self.referee else { return None };
        let schemas = self.schemas.iter().enumerate();
        let alone = |(index, schema): (usize, &Span)| {
            referee.by_itself(*schema, how, &format!("{side}-{index}-"))
        };
        schemas.map(alone).collect()
    }
}

/// Whether the other engine says so. Both sides stand in one document: it compares nothing across
/// two that call different things by one name.
fn covers(reads: Vec<Standalone>, sends: Vec<Standalone>, asserts: bool) -> bool {
    let Some(draft) = reads.first().map(|first| first.draft) else { return false };
    if reads.iter().chain(&sends).any(|each| each.draft != draft) {
        return false;
    }
    let mut definitions = serde_json::Map::new();
    for (side, schemas) in [("reader", reads), ("writer", sends)] {
        let mut all = Vec::new();
        for Standalone { root, definitions: reached, draft: _ } in schemas {
            all.push(root);
            definitions.extend(reached);
        }
        definitions.insert(side.to_owned(), json!({ "allOf": all }));
    }
    let both = json!({ "$defs": definitions });
    let options = canonical::options().with_draft(draft).offline().should_validate_formats(asserts);
    let Ok(prepared) = options.prepare(&both) else { return false };
    let side = |name: &str| prepared.canonicalize_at(&format!("/$defs/{name}"));
    let (Ok(reader), Ok(writer)) = (side("reader"), side("writer")) else { return false };
    matches!(reader.covers(&writer), Ok(Containment::Yes))
}
