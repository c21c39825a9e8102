//! What this team minds: severities, selected surfaces, thresholds.
//!
//! **Invariant:** facts come in and opinions go out; a verdict is never changed here.

mod fingerprint;
mod judge;
mod severity;
mod version;

pub use fingerprint::{digest, fingerprint};
pub use judge::{
    ContractReport, JudgedFinding, Policy, Report, ReportedProblem, Status, Summary, judge,
};
pub use severity::{Severity, Threshold};
pub use version::{Bump, DeclaredVersions};
