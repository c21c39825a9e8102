//! What the engine says of a given value.

use crate::model::{Json, Piece, Shapes};
use crate::subtype::engine::Engine;
use crate::subtype::goal::Source;
use crate::subtype::writer::kept::{Beside, KeptBack};
use crate::subtype::{Role, View};

use super::all;

impl Engine {
    /// Whether the view's schema accepts the value, all that is said of it taken literally; `None`
    /// where something in it cannot be decided.
    pub fn accepts(&mut self, shapes: &Shapes, view: &View, value: &Json) -> Option<bool> {
        let mut search = self.search(shapes, view);
        search.evaluations.keep(value);
        let source = match view.role {
            Role::Writer => Source::Writer,
            Role::Reader => Source::Reader,
        };
        let claims = search.claims(&view.conjuncts, source);
        all(claims, |claim| search.accepts(claim, value))
    }

    /// Whether the writer may send the value to the reader: its schema accepts it, and it uses
    /// nothing that writers are assumed not to send. Errs towards `false`.
    pub fn sends(&mut self, shapes: &Shapes, reader: &View, writer: &View, value: &Json) -> bool {
        let mut search = self.search(shapes, writer);
        search.evaluations.keep(value);
        let written = search.claims(&writer.conjuncts, Source::Writer);
        let place = search.root_place(&reader.conjuncts);
        all(&written, |claim| search.accepts(*claim, value)) == Some(true)
            && search.sends(&written, place, value)
    }

    /// Of a value that the writer's schema accepts: what keeps the writer from sending it, if something
    /// does.
    pub fn kept_back(
        &mut self,
        shapes: &Shapes,
        reader: &View,
        writer: &View,
        value: &Json,
    ) -> Option<KeptBack> {
        let mut search = self.search(shapes, writer);
        search.evaluations.keep(value);
        let written = search.claims(&writer.conjuncts, Source::Writer);
        let place = search.root_place(&reader.conjuncts);
        search.evaluations.enter();
        let kept = search.kept_back(&written, place, value, (&mut Vec::new(), &Beside::default()));
        search.evaluations.leave();
        kept
    }

    /// Whether the reader takes the value as it crosses: itself, or where it crosses as text any of
    /// the values that the text can be read as. `None` where something cannot be decided.
    pub fn reads(&mut self, shapes: &Shapes, reader: &View, value: &Json) -> Option<bool> {
        let mut search = self.search(shapes, reader);
        search.evaluations.keep(value);
        let read = search.claims(&reader.conjuncts, Source::Reader);
        if reader.carrier.is_json() {
            return all(&read, |claim| search.accepts(*claim, value));
        }
        search.reads(&read, value, reader.carrier)
    }

    /// The ways to the members and elements of the value that one could try to do without, outermost
    /// first: those that none of the views demands in any case.
    pub fn spare(&mut self, shapes: &Shapes, views: &[View], value: &Json) -> Vec<Vec<Piece>> {
        let Some(first) = views.first() else { return Vec::new() };
        let mut search = self.search(shapes, first);
        let mut claims = Vec::new();
        for view in views {
            claims.extend(search.claims(&view.conjuncts, Source::Reader));
        }
        let mut ways = Vec::new();
        search.spare(claims, value, &mut Vec::new(), &mut ways);
        ways
    }
}
