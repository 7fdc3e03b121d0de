//! `nixscope init`: a configuration that explains itself.

use std::path::Path;

use anyhow::{Result, bail};
use nixscope_project::{CONFIG_FILE, find_root};

use crate::cli::InitArgs;
use crate::output::Report;
use crate::write::write_atomically;

/// Every key, commented out, with what it does.
const TEMPLATE: &str = include_str!("init/nixscope.toml");

/// Runs the command.
pub(crate) fn run(args: &InitArgs) -> Result<Report> {
    let start = args.path.as_deref().unwrap_or(Path::new("."));
    if start.is_file() {
        bail!("{}: this is a file; give the directory of the flake", start.display());
    }
    let root = find_root(start)?;
    let path = Path::new(root.path.as_str()).join(CONFIG_FILE);
    if path.symlink_metadata().is_ok() {
        bail!("{}: there is one already; remove it first if a new one is wanted", path.display());
    }
    write_atomically(&path, TEMPLATE.as_bytes())?;
    Ok(Report::text(format!("{}\n", path.display())))
}

#[cfg(test)]
mod tests {
    use nixscope_project::{Config, VfsPath, settings};

    use super::*;

    #[test]
    fn the_template_is_a_configuration_with_and_without_its_comments() {
        assert_eq!(Config::from_toml(TEMPLATE), Ok(Config::default()));
        let lines = TEMPLATE.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line));
        let config = Config::from_toml(&lines.collect::<Vec<_>>().join("\n")).unwrap();
        let (_, errors) = settings(&config, &VfsPath::new("/"), &[]);
        assert_eq!(errors, []);
        let Config {
            lints,
            select,
            ignore,
            per_path_ignores,
            secret_directories,
            inputs,
            formatter,
            evaluation,
            inlay_hints,
        } = config;
        assert!(
            !lints.is_empty() && !select.is_empty() && !ignore.is_empty() && !per_path_ignores.is_empty()
        );
        assert!(!secret_directories.is_empty() && !inputs.is_empty() && !formatter.command.is_empty());
        assert!(
            inlay_hints.values.is_some() && inlay_hints.paths.is_some() && inlay_hints.binding_ends.is_some()
        );
        assert!(evaluation.max_steps.is_some() && evaluation.current_system.is_some());
        assert!(!evaluation.search_path.is_empty() && !evaluation.environment.is_empty());
    }
}
