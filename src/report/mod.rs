//! How it is said: one file per output format.
