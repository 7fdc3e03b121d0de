//! `nixscope.toml`, and the same keys as an editor sends them.

use std::collections::BTreeMap;
use std::fmt;
use std::num::{NonZeroU32, NonZeroU64};
use std::ops::Range;

use nixscope_eval::{Budget, Machine, SearchEntry, edit_distance};
use nixscope_ide::Evaluation;
use nixscope_lints::Level;
use nixscope_vfs::VfsPath;
use serde::{Deserialize, Deserializer};
use smol_str::SmolStr;

/// The configuration file's name; it stands beside `flake.nix`.
pub const CONFIG_FILE: &str = "nixscope.toml";

/// What a user can configure. Absent keys are empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// Levels of lints and groups.
    pub lints: BTreeMap<String, LevelName>,
    /// If not empty, only these lints or groups run.
    pub select: Vec<String>,
    /// These lints or groups do not run.
    pub ignore: Vec<String>,
    /// Lints or groups that do not run in files whose path matches a glob.
    #[serde(alias = "perPathIgnores")]
    pub per_path_ignores: BTreeMap<String, Vec<String>>,
    /// Further names of directories whose plain files are secrets.
    #[serde(alias = "secretDirectories")]
    pub secret_directories: Vec<String>,
    /// Directories with the source of flake inputs, by the input's name.
    pub inputs: BTreeMap<String, String>,
    /// The formatter.
    pub formatter: FormatterConfig,
    /// What evaluations may do, and what they know of the machine.
    pub evaluation: EvaluationConfig,
    /// Which inlay hints an editor shows.
    #[serde(alias = "inlayHints")]
    pub inlay_hints: InlayHintsConfig,
}

/// Which inlay hints an editor shows; each is shown unless it is switched off.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct InlayHintsConfig {
    /// The value of a read of another host's option.
    pub values: Option<bool>,
    /// The file that a computed path leads to.
    pub paths: Option<bool>,
    /// The name of what a set of many lines was bound to, at its end.
    #[serde(alias = "bindingEnds")]
    pub binding_ends: Option<bool>,
    /// What an option's default comes to, where it is computed.
    pub defaults: Option<bool>,
    /// The name of the argument that a number or a text is passed for.
    pub parameters: Option<bool>,
}

/// How files are formatted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct FormatterConfig {
    /// The program and its arguments; it reads standard input and writes standard output.
    #[serde(deserialize_with = "command")]
    pub command: Vec<String>,
}

/// What evaluations may do, and what they know of the machine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EvaluationConfig {
    /// How many steps one evaluation may take before its value counts as unknown.
    #[serde(alias = "maxSteps")]
    pub max_steps: Option<NonZeroU64>,
    /// How deep an evaluation may go.
    #[serde(alias = "maxDepth")]
    pub max_depth: Option<NonZeroU32>,
    /// How much memory one evaluation may take, in MiB.
    #[serde(alias = "maxMemory")]
    pub max_memory: Option<NonZeroU32>,
    /// What `builtins.currentSystem` gives.
    #[serde(alias = "currentSystem")]
    pub current_system: Option<String>,
    /// Variables for `builtins.getEnv`.
    pub environment: BTreeMap<String, String>,
    /// Where `<name>` is looked for, as in `NIX_PATH`.
    #[serde(alias = "searchPath")]
    pub search_path: Vec<String>,
    /// The experimental features of Nix that are on, as in `nix.conf`.
    #[serde(alias = "experimentalFeatures")]
    pub experimental_features: Option<Vec<String>>,
}

/// A level as the configuration spells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LevelName {
    /// Not reported.
    Off,
    /// Taste.
    Hint,
    /// Worth knowing.
    Info,
    /// Most likely wrong.
    Warning,
    /// Wrong.
    Error,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Level {
        match name {
            LevelName::Off => Level::Off,
            LevelName::Hint => Level::Hint,
            LevelName::Info => Level::Info,
            LevelName::Warning => Level::Warning,
            LevelName::Error => Level::Error,
        }
    }
}

/// What is wrong with a configuration, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    /// What is wrong and what was expected.
    pub message: String,
    /// Where, in bytes; none for what did not come from a file.
    pub span: Option<Range<usize>>,
    /// The line, from one; 0 where there is no place.
    pub line: usize,
    /// The column in characters, from one; 0 where there is no place.
    pub column: usize,
}

impl ConfigError {
    pub(crate) fn new(text: &str, span: Option<Range<usize>>, message: String) -> ConfigError {
        let (line, column) = match &span {
            Some(span) => {
                let before = text.get(..span.start).unwrap_or(text);
                let line_start = before.rfind('\n').map_or(0, |at| at + 1);
                (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
            }
            None => (0, 0),
        };
        ConfigError { message, span, line, column }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the text of a `nixscope.toml`.
    pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::new(text, error.span(), friendly(error.message())))
    }

    /// Reads what an editor sends: the same keys, also in camel case; `null` is as good as absent. What
    /// concerns the editor's own side (`server`, `trace`) is left alone.
    pub fn from_json(value: &serde_json::Value) -> Result<Config, ConfigError> {
        let mut value = without_nulls(value);
        if let Some(object) = value.as_object_mut() {
            object.retain(|key, _| !matches!(key.as_str(), "server" | "trace"));
        }
        if value.is_null() {
            return Ok(Config::default());
        }
        serde_json::from_value(value)
            .map_err(|error| ConfigError::new("", None, friendly(&error.to_string())))
    }

    /// This configuration with another laid over it: what the other one says wins.
    pub fn overlaid_with(mut self, over: Config) -> Config {
        fn list<T>(base: &mut Vec<T>, over: Vec<T>) {
            if !over.is_empty() {
                *base = over;
            }
        }
        self.lints.extend(over.lints);
        list(&mut self.select, over.select);
        self.ignore.extend(over.ignore);
        self.per_path_ignores.extend(over.per_path_ignores);
        self.secret_directories.extend(over.secret_directories);
        self.inputs.extend(over.inputs);
        list(&mut self.formatter.command, over.formatter.command);
        let (hints, over_hints) = (&mut self.inlay_hints, over.inlay_hints);
        hints.values = over_hints.values.or(hints.values);
        hints.paths = over_hints.paths.or(hints.paths);
        hints.binding_ends = over_hints.binding_ends.or(hints.binding_ends);
        hints.defaults = over_hints.defaults.or(hints.defaults);
        hints.parameters = over_hints.parameters.or(hints.parameters);
        self.evaluation = self.evaluation.overlaid_with(over.evaluation);
        self
    }
}

impl EvaluationConfig {
    fn overlaid_with(mut self, over: EvaluationConfig) -> EvaluationConfig {
        self.environment.extend(over.environment);
        EvaluationConfig {
            max_steps: over.max_steps.or(self.max_steps),
            max_depth: over.max_depth.or(self.max_depth),
            max_memory: over.max_memory.or(self.max_memory),
            current_system: over.current_system.or(self.current_system),
            environment: self.environment,
            search_path: if over.search_path.is_empty() { self.search_path } else { over.search_path },
            experimental_features: over.experimental_features.or(self.experimental_features),
        }
    }

    /// The same as the analysis takes it. Directories of the search path start at the root.
    pub fn evaluation(&self, root: &VfsPath) -> Evaluation {
        let default = Budget::default();
        let budget = Budget {
            steps: self.max_steps.map_or(default.steps, NonZeroU64::get),
            depth: self.max_depth.map_or(default.depth, NonZeroU32::get),
            memory: self
                .max_memory
                .map_or(default.memory, |mib| (mib.get() as usize).saturating_mul(1 << 20)),
        };
        let entry = |text: &String| SearchEntry::parse(text, root);
        let machine = Machine {
            system: self.current_system.as_deref().filter(|it| !it.is_empty()).map(SmolStr::from),
            environment: self.environment.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            search_path: Some(self.search_path.iter().map(entry).collect())
                .filter(|it: &Vec<_>| !it.is_empty()),
            experimental_features: self
                .experimental_features
                .as_ref()
                .map(|features| features.iter().map(SmolStr::from).collect()),
        };
        Evaluation { budget, machine }
    }
}

/// A command is a list, or a string without any quoting.
fn command<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of strings: the program and its arguments")
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split_whitespace().map(str::to_string).collect())
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut words = Vec::new();
            while let Some(word) = seq.next_element()? {
                words.push(word);
            }
            Ok(words)
        }
    }
    deserializer.deserialize_any(Visitor)
}

fn without_nulls(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(object) => object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), without_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}

/// The deserialiser's message with the nearest of the words it expected.
fn friendly(message: &str) -> String {
    let (what, rest) = match message {
        _ if message.starts_with("unknown field `") => ("key", message),
        _ if message.starts_with("unknown variant `") => ("level", message),
        _ => {
            return message
                .replace("a nonzero u64", "a number above 0")
                .replace("a nonzero u32", "a number above 0");
        }
    };
    let mut words = rest.split('`').skip(1).step_by(2);
    let given = words.next().unwrap_or_default();
    // The camel-case twins are for editors.
    let known: Vec<&str> = words.filter(|word| !word.contains(char::is_uppercase)).collect();
    let hint = match nearest(given, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "expected one of {}",
            known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    format!("unknown {what} `{given}`: {hint}")
}

/// The word most like a misspelt one, if any is like it at all.
pub(crate) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.replace('_', "-").to_lowercase();
    known
        .map(|word| (edit_distance(&given, word), word))
        .filter(|(distance, word)| *distance * 2 <= word.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn reads_every_key() {
        let config = Config::from_toml(
            r#"
            select = ["language"]
            ignore = ["url-literal"]
            secret-directories = ["keys"]

            [lints]
            language = "hint"
            url-literal = "error"

            [per-path-ignores]
            "hosts/**" = ["url-literal"]

            [inputs]
            nixpkgs = "../nixpkgs"

            [formatter]
            command = ["nixfmt", "-q"]

            [evaluation]
            max-steps = 1000
            max-memory = 512
            current-system = "x86_64-linux"
            search-path = ["nixpkgs=../nixpkgs"]
            experimental-features = ["pipe-operators"]

            [evaluation.environment]
            USER = "alice"

            [inlay-hints]
            binding-ends = false
            "#,
        )
        .unwrap();
        assert_eq!(config.lints["url-literal"], LevelName::Error);
        assert_eq!(config.formatter.command, ["nixfmt", "-q"]);
        assert_eq!(config.inlay_hints.binding_ends, Some(false));
        let Evaluation { budget, machine } = config.evaluation.evaluation(&VfsPath::new("/r"));
        assert_eq!(budget, Budget { steps: 1000, memory: 512 << 20, ..Budget::default() });
        assert_eq!(machine.system.as_deref(), Some("x86_64-linux"));
        assert_eq!(machine.environment["USER"], "alice");
        assert_eq!(machine.has_feature("pipe-operators"), Some(true));
        assert_eq!(machine.has_feature("parse-toml-timestamps"), Some(false));
        assert_eq!(machine.search_path.unwrap()[0].path.as_str(), "/nixpkgs");
        assert_eq!(config.per_path_ignores["hosts/**"], ["url-literal"]);
    }

    #[test]
    fn an_editor_sends_camel_case_and_null() {
        let config = Config::from_json(&serde_json::json!({
            "server": {"path": null},
            "secretDirectories": ["keys"],
            "evaluation": {"maxSteps": null},
            "formatter": {"command": null},
        }));
        assert_eq!(config, Ok(Config { secret_directories: vec!["keys".into()], ..Config::default() }));
        assert_eq!(Config::from_json(&serde_json::Value::Null), Ok(Config::default()));
    }

    fn refused(text: &str, expected: Expect) {
        expected.assert_eq(&Config::from_toml(text).unwrap_err().to_string());
    }

    #[test]
    fn says_what_is_wrong_where() {
        refused("selct = []\n", expect!["1:1: unknown key `selct`: did you mean `select`?"]);
        refused(
            "[lints]\nurl-literal = \"eror\"\n",
            expect!["2:15: unknown level `eror`: did you mean `error`?"],
        );
        refused("[formatter]\ncomand = []\n", expect!["2:1: unknown key `comand`: did you mean `command`?"]);
        refused("select = 3\n", expect!["1:10: invalid type: integer `3`, expected a sequence"]);
        refused(
            "[evaluation]\nmax-steps = 0\n",
            expect!["2:13: invalid value: integer `0`, expected a number above 0"],
        );
        refused("select = [\n", expect!["1:11: unclosed array, expected `]`"]);
        refused(
            "[formatter]\ncommand = 1\n",
            expect![
                "2:11: invalid type: integer `1`, expected a list of strings: the program and its arguments"
            ],
        );
    }
}
