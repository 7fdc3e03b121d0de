//! The module system, natively: tolerant, and with provenance.

mod config;

pub use config::ConfigNode;
