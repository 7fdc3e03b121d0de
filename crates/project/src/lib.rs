//! The project on disk: where it is, what belongs to it, how it is configured, how its files are read.
//!
//! Everything that touches the operating system's files on behalf of the analysis is here; above this
//! crate a file is a [`VfsPath`] and its text. The server and the command line share it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the disk is read here, so that the analysis need not"
)]

mod config;
mod discovery;
mod disk;
mod overlay;
mod schema;
mod settings;
mod walk;
mod workspace;

pub use config::{
    CONFIG_FILE, Config, ConfigError, EvaluationConfig, FormatterConfig, InlayHintsConfig, LevelName,
};
pub use discovery::{Root, RootError, absolute, find_root, flakes_below};
pub use disk::DiskFileSystem;
pub use overlay::Overlay;
pub use schema::config_schema;
pub use settings::{SettingsError, settings, unknown_lint};
pub use walk::nix_files;
pub use workspace::{Workspace, WorkspaceError};

pub use nixscope_vfs::VfsPath;
