//! From a counterexample to a confirmed witness.
