//! What this team minds: severities, acceptances, thresholds. Never changes a verdict.
