//! What a change does in each direction, and the verdicts that follow from who reads whom.

use super::Verdict;
use crate::model::{Mode, Polarity, Surface, Surfaces};
use crate::subtype::exchange::{Exchange, Outcome, Passage, Sample};

/// Something for each direction in which a payload can cross.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directions<T> {
    /// An old writer meets a new reader.
    pub(crate) old_to_new: T,
    /// A new writer meets an old reader.
    pub(crate) new_to_old: T,
}

/// What a change does to those who are coupled to the element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Impact {
    /// What holds whoever reads whom: routes, names in generated code.
    pub(crate) always: Surfaces<Verdict>,
    /// What becomes of bytes.
    pub(crate) wire: Directions<Passage>,
    /// What becomes of ProtoJSON.
    pub(crate) json: Directions<Passage>,
    /// In which payloads anything becomes of them.
    pub(crate) bites: Bites,
}

/// Whose payloads a change concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Bites {
    /// All that cross.
    #[default]
    Anywhere,
    /// What is demanded of requests alone: no client refuses a response for it.
    InRequests,
}

/// Who reads whom at a place, and which of it the mode asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exposure {
    /// Who writes there.
    pub(crate) polarity: Polarity,
    /// Which direction counts where either side may write.
    pub(crate) mode: Mode,
}

impl Exposure {
    /// Which directions decide the verdict.
    fn gates(self) -> Directions<bool> {
        let (old_to_new, new_to_old) = match (self.polarity, self.mode) {
            (Polarity::Request, _) | (Polarity::Both, Mode::Backward) => (true, false),
            (Polarity::Response, _) | (Polarity::Both, Mode::Forward) => (false, true),
            (Polarity::Both, Mode::Full) => (true, true),
        };
        Directions { old_to_new, new_to_old }
    }
}

impl Impact {
    /// Nobody is affected.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// These surfaces break, whoever reads whom.
    pub(crate) fn breaking(surfaces: &[Surface]) -> Self {
        let broken = |surface| {
            if surfaces.contains(&surface) { Verdict::Breaking } else { Verdict::Compatible }
        };
        let always = Surfaces {
            wire: broken(Surface::Wire),
            json: broken(Surface::Json),
            source: broken(Surface::Source),
        };
        Self { always, ..Self::default() }
    }

    /// Only generated code breaks.
    pub(crate) fn source() -> Self {
        Self::breaking(&[Surface::Source])
    }

    /// The same, and what happens to payloads in each direction.
    #[must_use]
    pub(crate) fn with(mut self, old_to_new: Exchange, new_to_old: Exchange) -> Self {
        self.wire = Directions { old_to_new: old_to_new.wire, new_to_old: new_to_old.wire };
        self.json = Directions { old_to_new: old_to_new.json, new_to_old: new_to_old.json };
        self
    }

    /// The same, of these payloads only.
    #[must_use]
    pub(crate) fn biting(self, bites: Bites) -> Self {
        Self { bites, ..self }
    }

    /// Which directions decide the verdict at a place.
    pub(crate) fn gates(&self, exposure: Exposure) -> Directions<bool> {
        match (self.bites, exposure.polarity) {
            (Bites::InRequests, Polarity::Response) => Directions::default(),
            (Bites::Anywhere | Bites::InRequests, _) => exposure.gates(),
        }
    }

    /// The same, where nobody knows whether what would break in these directions is ever sent.
    #[must_use]
    pub(crate) fn left_open(mut self, open: Directions<bool>, because: &'static str) -> Self {
        let Self { always: _, wire, json, bites: _ } = &mut self;
        let ways = [
            (open.old_to_new, &mut wire.old_to_new),
            (open.new_to_old, &mut wire.new_to_old),
            (open.old_to_new, &mut json.old_to_new),
            (open.new_to_old, &mut json.new_to_old),
        ];
        let open = ways.into_iter().filter(|(is_open, passage)| *is_open && passage.breaks());
        for (_, passage) in open {
            *passage = Passage::new(Outcome::Unknown, Sample::None, because);
        }
        self
    }

    /// The verdict on each surface at a place.
    pub(crate) fn verdicts(&self, exposure: Exposure) -> Surfaces<Verdict> {
        let gates = self.gates(exposure);
        let of = |gate: bool, passage: &Passage| {
            if gate { verdict(passage.outcome) } else { Verdict::Compatible }
        };
        let judge = |ways: &Directions<Passage>| {
            of(gates.old_to_new, &ways.old_to_new).max(of(gates.new_to_old, &ways.new_to_old))
        };
        Surfaces {
            wire: self.always.wire.max(judge(&self.wire)),
            json: self.always.json.max(judge(&self.json)),
            source: self.always.source,
        }
    }

    /// Why nothing can be said in a direction that decides, where that is so.
    pub(crate) fn undecided(&self, exposure: Exposure) -> Option<String> {
        let gates = self.gates(exposure);
        let asked = [
            (gates.old_to_new, &self.wire.old_to_new),
            (gates.old_to_new, &self.json.old_to_new),
            (gates.new_to_old, &self.wire.new_to_old),
            (gates.new_to_old, &self.json.new_to_old),
        ];
        let mut open = asked
            .into_iter()
            .filter(|(gate, passage)| *gate && verdict(passage.outcome) == Verdict::Undecided);
        open.next().map(|(_, passage)| passage.because.to_owned())
    }

    /// What breaks in the direction that nobody asked about, in words.
    pub(crate) fn unasked(&self, exposure: Exposure) -> Option<String> {
        let gates = self.gates(exposure);
        let broken = |wire: &Passage, json: &Passage| wire.breaks() || json.breaks();
        if gates == Directions::default() {
            return None;
        }
        let (who, asked) = match exposure.polarity {
            Polarity::Request => (["servers", "requests"], "only requests cross here"),
            Polarity::Response => (["clients", "responses"], "only responses cross here"),
            Polarity::Both => (["readers", "data"], "the mode does not ask about it"),
        };
        let [readers, data] = who;
        if !gates.old_to_new && broken(&self.wire.old_to_new, &self.json.old_to_new) {
            Some(format!("new {readers} could not use old {data}; {asked}"))
        } else if !gates.new_to_old && broken(&self.wire.new_to_old, &self.json.new_to_old) {
            Some(format!("old {readers} could not use new {data}; {asked}"))
        } else {
            None
        }
    }

    /// The worst that happens to a payload in one direction, bytes first.
    pub(crate) fn shown(&self, way: impl Fn(&Directions<Passage>) -> Passage) -> Option<Shown> {
        let (wire, json) = (way(&self.wire), way(&self.json));
        if wire.breaks() {
            Some(Shown { surface: Surface::Wire, passage: wire })
        } else if json.breaks() {
            Some(Shown { surface: Surface::Json, passage: json })
        } else {
            None
        }
    }
}

/// What an outcome means for whoever is in its way.
fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Same => Verdict::Compatible,
        Outcome::Unknown => Verdict::Undecided,
        Outcome::Lost | Outcome::Misread | Outcome::Refused => Verdict::Breaking,
    }
}

/// A passage that is worth showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// On which surface.
    pub(crate) surface: Surface,
    /// What happens.
    pub(crate) passage: Passage,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost_by_old_readers() -> Impact {
        let lost = Passage::new(Outcome::Lost, Sample::Ordinary, "gone");
        let broken = Exchange { wire: lost, json: Passage::SAME };
        Impact::none().with(Exchange::default(), broken)
    }

    #[test]
    fn only_the_direction_that_crosses_decides() {
        let impact = lost_by_old_readers();
        let verdict = |polarity, mode| impact.verdicts(Exposure { polarity, mode }).wire;
        assert_eq!(verdict(Polarity::Request, Mode::Full), Verdict::Compatible);
        assert_eq!(verdict(Polarity::Response, Mode::Backward), Verdict::Breaking);
        assert_eq!(verdict(Polarity::Both, Mode::Full), Verdict::Breaking);
        assert_eq!(verdict(Polarity::Both, Mode::Backward), Verdict::Compatible);
        assert_eq!(verdict(Polarity::Both, Mode::Forward), Verdict::Breaking);
    }

    #[test]
    fn a_break_that_nobody_asked_about_is_said() {
        let impact = lost_by_old_readers();
        let said = |polarity, mode| impact.unasked(Exposure { polarity, mode });
        assert!(said(Polarity::Both, Mode::Backward).unwrap().starts_with("old readers"));
        assert_eq!(said(Polarity::Both, Mode::Full), None);
        assert_eq!(said(Polarity::Response, Mode::Full), None);
    }
}
