//! From the configuration to what the analysis takes.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use nixscope_ide::{LintLevel, Settings};
use nixscope_lints::{Group, lints};
use nixscope_vfs::VfsPath;
use smol_str::SmolStr;
use toml::de::{DeTable, DeValue};

use crate::config::{Config, ConfigError, nearest};

/// A value of the configuration that is well-formed and means nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsError {
    /// What is wrong and what was expected.
    pub message: String,
    /// The keys that lead to the value.
    path: Vec<String>,
    /// The element of a list.
    index: Option<usize>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.join("."), self.message)
    }
}

impl std::error::Error for SettingsError {}

impl SettingsError {
    /// The same with its place in the file that the configuration was read from.
    pub fn locate(self, text: &str) -> ConfigError {
        let span = DeTable::parse(text).ok().and_then(|table| self.span(table.get_ref()));
        ConfigError::new(text, span, self.message)
    }

    fn span(&self, mut table: &DeTable<'_>) -> Option<std::ops::Range<usize>> {
        let (last, parents) = self.path.split_last()?;
        for name in parents {
            table = table.get(name.as_str())?.get_ref().as_table()?;
        }
        let (key, value) = table.get_key_value(last.as_str())?;
        match (self.index, value.get_ref()) {
            (Some(index), DeValue::Array(items)) => items.get(index).map(|item| item.span()),
            _ => Some(key.span()),
        }
    }
}

/// The settings of the analysis, and what of the configuration had to be left out.
///
/// `files` are the project's files: globs are matched against them here, once. Directories of inputs
/// are taken from the root.
pub fn settings(config: &Config, root: &VfsPath, files: &[VfsPath]) -> (Settings, Vec<SettingsError>) {
    let mut errors = Vec::new();
    let mut known = |names: &[String], path: &[&str]| -> Vec<SmolStr> {
        let mut kept = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match unknown_lint(name) {
                Some(message) => errors.push(SettingsError {
                    message,
                    path: path.iter().map(ToString::to_string).collect(),
                    index: Some(index),
                }),
                None => kept.push(SmolStr::from(name)),
            }
        }
        kept
    };
    let select = known(&config.select, &["select"]);
    let ignore = known(&config.ignore, &["ignore"]);
    let ignored_by_glob: Vec<(&String, Vec<SmolStr>)> = config
        .per_path_ignores
        .iter()
        .map(|(glob, names)| (glob, known(names, &["per-path-ignores", glob])))
        .collect();

    let mut levels = Vec::new();
    for (name, level) in &config.lints {
        match unknown_lint(name) {
            Some(message) => {
                errors.push(SettingsError { message, path: vec!["lints".into(), name.clone()], index: None });
            }
            None => levels.push(LintLevel { name: name.into(), level: (*level).into() }),
        }
    }
    let mut path_ignores = Vec::new();
    for (glob, names) in ignored_by_glob {
        match matcher(glob) {
            Ok(matcher) => {
                let relative = files.iter().filter_map(|file| file.strip_prefix(root));
                let matched = relative.filter(|path| matcher.is_match(path));
                path_ignores.extend(matched.map(|path| (SmolStr::from(path), names.clone())));
            }
            Err(message) => errors.push(SettingsError {
                message,
                path: vec!["per-path-ignores".into(), glob.clone()],
                index: None,
            }),
        }
    }
    let input_sources =
        config.inputs.iter().map(|(name, directory)| (SmolStr::from(name), root.join(directory))).collect();
    let secret_directories = config.secret_directories.iter().map(SmolStr::from).collect();
    let evaluation = config.evaluation.evaluation(root);
    let settings =
        Settings { levels, select, ignore, path_ignores, input_sources, secret_directories, evaluation };
    (settings, errors)
}

/// Why a name is no lint's and no group's, with the nearest one; none where it is one.
pub fn unknown_lint(name: &str) -> Option<String> {
    let groups = [Group::Language, Group::Modules, Group::Secrets, Group::Fleet, Group::Packages];
    let mut known = lints().iter().map(|lint| lint.name).chain(groups.map(Group::as_str));
    if known.clone().any(|it| it == name) {
        return None;
    }
    let hint = match nearest(name, &mut known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`nixscope explain` lists the lints".to_string(),
    };
    Some(format!("there is no lint or group `{name}`: {hint}"))
}

/// `*` stays within a directory, `**` does not; a directory stands for all below it.
fn matcher(glob: &str) -> Result<GlobMatcher, String> {
    let pattern = match glob.strip_suffix('/') {
        Some(directory) => format!("{directory}/**"),
        None => glob.to_string(),
    };
    GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| format!("this is not a glob: {}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Settings, Vec<String>) {
        let root = VfsPath::new("/r");
        let files = ["/r/flake.nix", "/r/hosts/web/default.nix", "/r/hosts/a.nix"].map(VfsPath::new);
        let config = Config::from_toml(text).unwrap();
        let (settings, errors) = settings(&config, &root, &files);
        (settings, errors.into_iter().map(|error| error.locate(text).to_string()).collect())
    }

    #[test]
    fn expands_globs_and_directories() {
        let (settings, errors) = of(
            "[per-path-ignores]\n\"hosts/\" = [\"url-literal\"]\n\"*.nix\" = [\"language\"]\n[inputs]\nx = \"../x\"\n",
        );
        assert_eq!(errors, [""; 0]);
        let ignored: Vec<(&str, &str)> =
            settings.path_ignores.iter().map(|(path, lints)| (path.as_str(), lints[0].as_str())).collect();
        assert_eq!(
            ignored,
            [
                ("flake.nix", "language"),
                ("hosts/web/default.nix", "url-literal"),
                ("hosts/a.nix", "url-literal")
            ]
        );
        assert_eq!(settings.input_sources, [("x".into(), VfsPath::new("/x"))]);
    }

    #[test]
    fn places_unknown_names() {
        let (settings, errors) = of(
            "select = [\"url-literal\",\n  \"langauge\"]\n[lints]\nurl-litteral = \"off\"\n[per-path-ignores]\n\"a{\" = []\n",
        );
        assert_eq!(settings.select, ["url-literal"]);
        expect_test::expect![[r#"
            2:3: there is no lint or group `langauge`: did you mean `language`?
            4:1: there is no lint or group `url-litteral`: did you mean `url-literal`?
            6:1: this is not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"#]]
        .assert_eq(&errors.join("\n"));
    }
}
