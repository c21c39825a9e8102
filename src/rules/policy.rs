//! What a change does to the team's own policy. Nothing that travels changes with it, so these rules
//! touch no surface; they are there so that whoever reviews a change sees that its gate was moved.

use super::rules;

rules! {
    /// A finding was accepted
    ///
    /// The change brings the acceptance of a finding with it, or makes one last longer or cover more.
    /// Whoever approves the change approves that too.
    ACCEPTANCE_ADDED {
        id: "acceptance-added",
        effect: Annotates,
        surfaces: [],
        fix: "Read the reason, and see that its owner agrees.",
    }

    /// An acceptance expired
    ///
    /// What it covered counts again. An acceptance is a loan of time, and the time is over.
    ACCEPTANCE_EXPIRED {
        id: "acceptance-expired",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Mend what was accepted and remove the entry, or accept it anew with a reason of today.",
    }

    /// An acceptance is not needed
    ///
    /// Its contract was compared, and no finding has its fingerprint: the change that it was for has
    /// been merged, mended or edited. An entry that nobody needs hides what comes later.
    ACCEPTANCE_UNUSED {
        id: "acceptance-unused",
        effect: Annotates,
        surfaces: [],
        fix: "Remove the entry.",
    }

    /// An accepted finding reaches more than was accepted
    ///
    /// The edit is the same, and it breaks an operation that nobody had in mind when it was accepted.
    ACCEPTANCE_OUTGROWN {
        id: "acceptance-outgrown",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Look at the operations that were added, and accept the finding anew if that is right.",
    }

    /// The team minds a kind of change less than before
    ///
    /// The change lowers the severity of a rule, or the threshold from which a comparison fails.
    SEVERITY_LOWERED {
        id: "severity-lowered",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Lower it in a change of its own, so that it is decided by itself.",
    }

    /// A contract is not looked at any more
    ///
    /// The change has contracts ignored, or no longer names what nobody else would take for one.
    CONTRACT_IGNORED {
        id: "contract-ignored",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Ignore copies and fixtures only; a contract that is promised no more is removed.",
    }

    /// A version is not supported any more
    ///
    /// Head is no longer compared with it. Whoever still runs it is not warned.
    SUPPORT_DROPPED {
        id: "support-dropped",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Give the entry an `until`, and remove it when that day has passed.",
    }

    /// Less is promised for a contract than before
    ///
    /// The change relaxes what is asked of a contract: its mode, surfaces, stability, readers, content
    /// model, formats, or the notice of a sunset.
    SETTING_RELAXED {
        id: "setting-relaxed",
        effect: Annotates,
        surfaces: [],
        severity: Warning,
        fix: "Relax it in a change of its own, so that it is decided by itself.",
    }

    /// A sunset leaves less notice than the team gives
    ///
    /// From the day on which it is announced, consumers have fewer days to leave than
    /// `policy.sunset.minimum-days` asks for.
    NOTICE_SHORTENED {
        id: "notice-shortened",
        effect: Annotates,
        surfaces: [],
        severity: Error,
        fix: "Choose a later date.",
    }
}
