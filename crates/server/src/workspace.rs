//! One project: its database under the open texts, and its configuration.

use std::path::Path;
use std::sync::Arc;

use nixscope_ide::{Analysis, AnalysisHost, HintSettings, VfsPath};
use nixscope_project::{
    CONFIG_FILE, Config, ConfigError, Overlay, Root, Workspace as Project, find_root, settings,
};

use crate::snapshot::Preferences;

/// A file that changed on the disk.
pub(crate) struct FileChange {
    /// The file, or a directory that is gone.
    pub(crate) path: VfsPath,
    /// Whether the file was there before and still is.
    pub(crate) content_only: bool,
}

/// A project of the client's folders.
pub(crate) struct Workspace {
    host: AnalysisHost,
    overlay: Arc<Overlay>,
    project: Project,
    /// What the client configured; it wins over the file.
    client: Config,
    /// What the file and the client configured of the server itself.
    preferences: Arc<Preferences>,
}

/// What is wrong with the project's configuration file.
#[derive(Clone)]
pub(crate) struct ConfigReport {
    /// The file.
    pub(crate) path: VfsPath,
    /// The errors, in no particular order.
    pub(crate) errors: Arc<[ConfigError]>,
}

impl Workspace {
    /// The project of a root, with the client's settings.
    pub(crate) fn open(overlay: Arc<Overlay>, root: Root, client: Config) -> Workspace {
        let project = project(root);
        tracing::info!(root = %project.root.path, files = project.files.len(), "workspace");
        let host = project.analysis_host_over(overlay.clone(), project.settings.clone());
        let mut workspace = Workspace { host, overlay, project, client, preferences: Arc::default() };
        workspace.overlay.paths().iter().for_each(|path| workspace.see(path));
        workspace.apply_settings();
        workspace
    }

    /// The project's directory.
    pub(crate) fn root(&self) -> &VfsPath {
        &self.project.root.path
    }

    /// A snapshot of the database.
    pub(crate) fn analysis(&self) -> Analysis {
        self.host.analysis()
    }

    /// What was configured of the server itself.
    pub(crate) fn preferences(&self) -> Arc<Preferences> {
        self.preferences.clone()
    }

    /// What is wrong with the configuration file.
    pub(crate) fn config_report(&self) -> ConfigReport {
        ConfigReport {
            path: self.project.config_path(),
            errors: self.project.config_errors.as_slice().into(),
        }
    }

    /// Looks again at a document whose text the overlay got; `own` says whether it belongs to this project.
    pub(crate) fn text_changed(&mut self, path: &VfsPath, own: bool) {
        self.host.refresh(std::slice::from_ref(path));
        if own {
            self.see(path);
        }
    }

    /// Makes the database read a document now. Read later, on a snapshot, it would be of the text of that
    /// moment and not of the snapshot's: what the database has not seen, no write waits for.
    fn see(&self, path: &VfsPath) {
        self.host.analysis().file(path);
    }

    /// A document was saved by a client that watches no files.
    pub(crate) fn saved(&mut self, path: &VfsPath) {
        let content_only = self.project.files.binary_search(path).is_ok();
        let lock = FileChange { path: self.project.root.path.join("flake.lock"), content_only: true };
        self.look_again(&[FileChange { path: path.clone(), content_only }, lock]);
    }

    /// Files changed on the disk.
    pub(crate) fn look_again(&mut self, changes: &[FileChange]) {
        let mut paths = Vec::new();
        for FileChange { path, content_only } in changes {
            paths.push(path.clone());
            if !content_only {
                // What came or went may have brought or taken its directories, or its contents.
                let root = &self.project.root.path;
                let above = std::iter::successors(path.parent(), VfsPath::parent);
                paths.extend(above.take_while(|it| it.starts_with(root)));
                paths.extend(self.project.files.iter().filter(|it| it.starts_with(path)).cloned());
            }
        }
        self.host.refresh(&paths);
        let belongs_elsewhere = changes.iter().any(|it| !it.content_only || decides_what_belongs(&it.path));
        if belongs_elsewhere && self.project.root.path.as_str() != "/" {
            let root = find_root(Path::new(self.project.root.path.as_str())).ok();
            let root = root.filter(|root| root.path == self.project.root.path);
            self.project = project(root.unwrap_or_else(|| self.project.root.clone()));
            self.host.set_files(self.project.files.clone());
            self.host.set_untracked(self.project.untracked());
            self.apply_settings();
        }
    }

    /// Takes the client's settings in place of those it sent before; what is wrong with them, for people.
    pub(crate) fn configure(&mut self, client: Config) -> Option<String> {
        self.client = client;
        self.apply_settings()
    }

    fn apply_settings(&mut self) -> Option<String> {
        let files = &self.project.files;
        let root = &self.project.root.path;
        let config = self.project.config.clone().overlaid_with(self.client.clone());
        self.host.set_settings(settings(&config, root, files).0);
        let every = HintSettings::default();
        let hints = &config.inlay_hints;
        self.preferences = Arc::new(Preferences {
            hints: HintSettings {
                values: hints.values.unwrap_or(every.values),
                paths: hints.paths.unwrap_or(every.paths),
                binding_ends: hints.binding_ends.unwrap_or(every.binding_ends),
                defaults: hints.defaults.unwrap_or(every.defaults),
                parameters: hints.parameters.unwrap_or(every.parameters),
            },
            formatter: config.formatter.command,
        });
        // The file's own errors have their place in the file.
        let (_, errors) = settings(&self.client, root, files);
        errors.first().map(ToString::to_string)
    }
}

/// Whether a file's content says which files belong to the project, or how they are looked at. `git add` changes git's
/// index.
fn decides_what_belongs(path: &VfsPath) -> bool {
    matches!(path.file_name(), CONFIG_FILE | ".gitignore") || path.as_str().ends_with("/.git/index")
}

/// The project of a root. A folder that is no repository may be anything, a home directory for
/// instance: there only open documents count.
fn project(root: Root) -> Project {
    let directory = Path::new(root.path.as_str());
    if root.has_flake || [".git", CONFIG_FILE].iter().any(|name| directory.join(name).exists()) {
        return Project::open(root);
    }
    let (files, config, settings, config_errors) = Default::default();
    Project { root, files, config, settings, config_errors }
}
