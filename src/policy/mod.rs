//! What this team minds: its config, severities, acceptances, and what follows for a report.
//!
//! **Invariant:** facts come in and opinions go out; a verdict is never changed here. No clock is read
//! here: today is a value.

mod acceptance;
mod allowed;
mod announced;
mod audit;
pub mod config;
mod fingerprint;
mod gone;
mod judge;
mod lifecycle;
mod owners;
mod relaxed;
mod settings;
mod severity;
mod team;
mod version;
mod watched;
mod weakened;

pub use acceptance::{
    Acceptance, AcceptedFile, HEADER, SuppressedBy, Suppression, entry, operations,
};
pub use audit::audit;
pub use fingerprint::{digest, fingerprints};
pub use judge::{
    ContractReport, JudgedFinding, Opinions, Policy, Report, ReportedProblem, Scope, Status,
    Subject, Summary, Trust, distinct, judge,
};
pub use lifecycle::{Announcement, Announcements};
pub use owners::{Owners, PLACES};
pub use settings::{ContractSettings, named_surfaces};
pub use severity::{Severity, Threshold};
pub use team::{Team, TeamError};
pub use version::{Bump, DeclaredVersions};
pub use watched::Watched;
