//! Data files as values: JSON and TOML.
