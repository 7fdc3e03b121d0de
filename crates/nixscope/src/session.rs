//! A project, opened for one command.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Result, anyhow, bail};
use nixscope_ide::{Analysis, AnalysisHost, Settings};
use nixscope_project::{CONFIG_FILE, DiskFileSystem, Overlay, VfsPath, Workspace, absolute, unknown_lint};

use crate::check::Target;
use crate::cli::{FlakeArgs, InputSource};

/// A project on disk and its analysis.
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    pub(crate) host: AnalysisHost,
    /// Texts that are not on disk yet: fixes are tried here.
    pub(crate) overlay: Arc<Overlay>,
}

/// What the arguments change of the configuration.
#[derive(Default)]
pub(crate) struct Overrides<'a> {
    pub(crate) select: &'a [String],
    pub(crate) ignore: &'a [String],
    pub(crate) inputs: &'a [InputSource],
}

impl Session {
    /// The project at a path, or around the working directory.
    pub(crate) fn open(path: Option<&Path>, overrides: &Overrides<'_>) -> Result<Session> {
        let path = path.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let workspace = Workspace::discover(&path)?;
        Session::over(workspace, overrides)
    }

    fn over(workspace: Workspace, overrides: &Overrides<'_>) -> Result<Session> {
        let settings = configured(&workspace, overrides)?;
        let overlay = Arc::new(Overlay::new(Arc::new(DiskFileSystem::new())));
        let host = workspace.analysis_host_over(overlay.clone(), settings);
        Ok(Session { workspace, host, overlay })
    }

    /// The project at a path, with texts that are on no disk.
    pub(crate) fn open_with_texts(path: &Path, texts: Vec<(VfsPath, String)>) -> Result<Session> {
        let workspace = Workspace::discover(path)?;
        let settings = configured(&workspace, &Overrides::default())?;
        let overlay = Arc::new(Overlay::new(Arc::new(DiskFileSystem::new())));
        for (path, text) in texts {
            overlay.set(path, text.into());
        }
        let host = workspace.analysis_host_over(overlay.clone(), settings);
        Ok(Session { workspace, host, overlay })
    }

    /// The flake that a command is about.
    pub(crate) fn of_flake(flake: &FlakeArgs) -> Result<Session> {
        let path = flake.path.as_deref();
        if let Some(path) = path.filter(|it| it.is_file()) {
            bail!("{}: this is a file; give the directory of the flake", path.display());
        }
        Session::open(path, &Overrides { inputs: &flake.inputs.inputs, ..Overrides::default() })
    }

    /// The project of a target of `check`. A file that was named counts even where git ignores it.
    pub(crate) fn open_with(target: &Target, overrides: &Overrides<'_>) -> Result<Session> {
        let mut workspace = Workspace::discover(&target.path)?;
        let named = target.wanted.iter().filter(|it| it.is_nix() && Path::new(it.as_str()).is_file());
        let missing: Vec<VfsPath> =
            named.filter(|it| workspace.files.binary_search(it).is_err()).cloned().collect();
        workspace.files.extend(missing);
        workspace.files.sort();
        Session::over(workspace, overrides)
    }

    /// A snapshot for a command that looks at every host, once.
    pub(crate) fn analysis_of_all(&mut self) -> Analysis {
        self.host.batch_hosts(available_parallelism().unwrap_or(NonZeroUsize::MIN));
        self.host.analysis()
    }

    /// The project's root.
    pub(crate) fn root(&self) -> &VfsPath {
        &self.workspace.root.path
    }

    /// What people should know of the project before they read the answer.
    pub(crate) fn notes(&self) -> Vec<String> {
        if self.workspace.root.has_flake {
            return Vec::new();
        }
        let what = match self.workspace.files.len() {
            0 => "and no Nix files either: nothing to look at",
            _ => "so only networks of morph and nixops have hosts; other files are looked at one by one",
        };
        vec![format!("nixscope: note: {} has no flake.nix, {what}", self.root())]
    }
}

/// The configuration with the arguments laid over it.
fn configured(workspace: &Workspace, overrides: &Overrides<'_>) -> Result<Settings> {
    if !workspace.config_errors.is_empty() {
        let errors: Vec<String> = workspace
            .config_errors
            .iter()
            .map(|error| format!("{}:{error}", workspace.config_path()))
            .collect();
        bail!(
            "{}\nmend {CONFIG_FILE} first; `nixscope init` writes one that explains itself",
            errors.join("\n")
        );
    }
    let names = overrides.select.iter().chain(overrides.ignore);
    if let Some(message) = names.filter_map(|name| unknown_lint(name)).next() {
        return Err(anyhow!(message));
    }
    let mut settings = workspace.settings.clone();
    if !overrides.select.is_empty() {
        settings.select = overrides.select.iter().map(Into::into).collect();
    }
    settings.ignore.extend(overrides.ignore.iter().map(smol_str::SmolStr::from));
    for input in overrides.inputs {
        let directory = absolute(&input.directory)?;
        let path = directory
            .to_str()
            .ok_or_else(|| anyhow!("{}: the path is not UTF-8 text", input.directory.display()))?;
        settings.input_sources.retain(|(name, _)| *name != input.name);
        settings.input_sources.push((input.name.as_str().into(), VfsPath::new(path)));
    }
    Ok(settings)
}
