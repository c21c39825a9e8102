//! What this team minds: severities, selected surfaces, thresholds.
//!
//! **Invariant:** facts come in and opinions go out; a verdict is never changed here.

mod fingerprint;
mod judge;
mod lifecycle;
mod severity;

pub use fingerprint::fingerprint;
pub use judge::{
    ContractReport, JudgedFinding, Policy, Report, ReportedProblem, Status, Summary, judge,
};
pub use lifecycle::{Announcement, Announcements};
pub use severity::{Severity, Threshold};
