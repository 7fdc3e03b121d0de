//! `nixscope init`: a configuration that explains itself.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use nixscope_lints::lints;
use nixscope_project::{CONFIG_FILE, find_root};

use crate::cli::InitArgs;
use crate::output::Report;
use crate::write::write_atomically;

/// Every key, commented out, with what it does. The lints stand where it says `@lints`.
const TEMPLATE: &str = include_str!("init/nixscope.toml");

/// The configuration that is written: the template with every lint and its level.
fn template() -> String {
    let mut list = String::new();
    let mut group = None;
    for lint in lints() {
        if group != Some(lint.group) {
            let _ = writeln!(list, "\n# {}", lint.group.as_str());
            group = Some(lint.group);
        }
        let _ = writeln!(list, "#: {} = \"{}\"  # {}", lint.name, lint.level.as_str(), lint.summary);
    }
    TEMPLATE.replace("@lints\n", &list)
}

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
    write_atomically(&path, template().as_bytes())?;
    Ok(Report::text(format!("{}\n", path.display())))
}

#[cfg(test)]
mod tests {
    use nixscope_project::{Config, VfsPath, settings};

    use super::*;

    #[test]
    fn the_template_is_a_configuration_with_and_without_its_comments() {
        let template = template();
        assert_eq!(Config::from_toml(&template), Ok(Config::default()));
        let lines = template.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line));
        let config = Config::from_toml(&lines.collect::<Vec<_>>().join("\n")).unwrap();
        let (_, errors) = settings(&config, &VfsPath::new("/"), &[]);
        assert_eq!(errors, []);
        for lint in lints() {
            assert!(config.lints.contains_key(lint.name), "{} is not in the template", lint.name);
        }
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
        assert!(inlay_hints.defaults.is_some() && inlay_hints.parameters.is_some());
        assert!(evaluation.max_steps.is_some() && evaluation.current_system.is_some());
        assert!(!evaluation.search_path.is_empty() && !evaluation.environment.is_empty());
    }
}
