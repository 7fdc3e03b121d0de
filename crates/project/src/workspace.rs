//! A project as it lies on disk, ready to be analysed.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use nixscope_eval::EMBEDDED_ROOT;
use nixscope_git::untracked;
use nixscope_ide::{AnalysisHost, Settings};
use nixscope_vfs::{FileSystem, FileText, VfsPath};

use crate::config::{CONFIG_FILE, Config, ConfigError};
use crate::discovery::{Root, RootError, find_root};
use crate::disk::DiskFileSystem;
use crate::settings::settings;
use crate::walk::nix_files;

/// A project: its root, its files and its configuration.
pub struct Workspace {
    /// Where it begins.
    pub root: Root,
    /// Its Nix files, sorted.
    pub files: Vec<VfsPath>,
    /// Its configuration, as the file says it.
    pub config: Config,
    /// The same, as the analysis takes it.
    pub settings: Settings,
    /// What is wrong with the configuration; the rest of it counts.
    pub config_errors: Vec<ConfigError>,
}

/// Why there is no workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorkspaceError {
    /// There is no root.
    Root(RootError),
}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkspaceError::Root(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WorkspaceError {}

impl Workspace {
    /// The project that a directory or file belongs to. A file outside any flake is a project by itself.
    pub fn discover(start: &Path) -> Result<Workspace, WorkspaceError> {
        let root = find_root(start).map_err(WorkspaceError::Root)?;
        if !root.has_flake && start.is_file() {
            let file = crate::discovery::absolute(start).map_err(WorkspaceError::Root)?;
            let files = file.to_str().map(VfsPath::new).into_iter().collect();
            return Ok(Workspace::with_files(root, files));
        }
        Ok(Workspace::open(root))
    }

    /// The project of a root.
    pub fn open(root: Root) -> Workspace {
        let files = nix_files(&root.path);
        Workspace::with_files(root, files)
    }

    fn with_files(root: Root, files: Vec<VfsPath>) -> Workspace {
        let (config, text, mut config_errors) = read_config(&root.path);
        let (settings, errors) = settings(&config, &root.path, &files);
        config_errors.extend(errors.into_iter().map(|error| error.locate(&text)));
        Workspace { root, files, config, settings, config_errors }
    }

    /// Those of its files that git does not have now.
    pub fn untracked(&self) -> Vec<VfsPath> {
        untracked(&self.root.path, &self.files)
    }

    /// The configuration file's path.
    pub fn config_path(&self) -> VfsPath {
        self.root.path.join(CONFIG_FILE)
    }

    /// An analysis of the project over the disk.
    pub fn analysis_host(&self, settings: Settings) -> AnalysisHost {
        self.analysis_host_over(Arc::new(DiskFileSystem::new()), settings)
    }

    /// An analysis of the project over another file system, an overlay for instance.
    pub fn analysis_host_over(&self, file_system: Arc<dyn FileSystem>, settings: Settings) -> AnalysisHost {
        let durable = vec![VfsPath::new(EMBEDDED_ROOT), VfsPath::new("/nix/store")];
        let root = self.root.path.clone();
        let mut host = AnalysisHost::new(file_system, durable, root, self.files.clone(), settings);
        host.set_untracked(self.untracked());
        host
    }
}

/// The configuration beside the root's `flake.nix`, its text, and what is wrong with it.
fn read_config(root: &VfsPath) -> (Config, String, Vec<ConfigError>) {
    let path = root.join(CONFIG_FILE);
    if std::fs::symlink_metadata(path.as_str()).is_err() {
        return (Config::default(), String::new(), Vec::new());
    }
    let text = match DiskFileSystem::new().read(&path) {
        FileText::Text(text) => text.to_string(),
        FileText::Encrypted => return unreadable("this file is encrypted".into()),
        FileText::NotUtf8(at) => {
            return unreadable(format!(
                "this is not UTF-8 text: the byte at offset {at} belongs to no character"
            ));
        }
        FileText::TooLarge(size) => {
            return unreadable(format!("{size} bytes are too many for a configuration"));
        }
        FileText::Unreadable(why) => return unreadable(format!("this file cannot be read: {why}")),
    };
    match Config::from_toml(&text) {
        Ok(config) => (config, text, Vec::new()),
        Err(error) => (Config::default(), text, vec![error]),
    }
}

fn unreadable(message: String) -> (Config, String, Vec<ConfigError>) {
    (Config::default(), String::new(), vec![ConfigError::new("", None, message)])
}
