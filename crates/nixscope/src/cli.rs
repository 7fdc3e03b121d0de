//! The arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use nixscope_ide::Level;

use crate::output::Report;

/// A language server and checker for Nix repositories that hold many hosts.
///
/// Without a command, the language server on standard input and output.
#[derive(Parser, Debug)]
#[command(name = "nixscope", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Run the language server on standard input and output (the default)
    #[arg(long)]
    pub(crate) stdio: bool,

    /// The same as the command `check`
    #[arg(long)]
    pub(crate) check: bool,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Report what is wrong in a flake, a directory or single files
    Check(CheckArgs),
    /// Name the hosts that changes since a git revision touch
    Affected(AffectedArgs),
    /// Show the index: hosts, modules, options, secrets, inputs
    Fleet(FleetArgs),
    /// Show an option of a host: its value, what sets it, which definition wins and why
    Option(OptionArgs),
    /// Print the value of a Nix file
    Eval(EvalArgs),
    /// Show where the name at a place is defined
    Definition(PlaceArgs),
    /// Show every place that refers to what stands at a place
    References(PlaceArgs),
    /// Show what an editor shows for the name at a place
    Hover(PlaceArgs),
    /// Write reference pages
    #[command(subcommand)]
    Docs(DocsCommand),
    /// Print a lint's documentation, or list the lints
    Explain(ExplainArgs),
    /// Show what the analysis did: files, hosts, references, time, memory
    Stats(FleetArgs),
    /// Write a nixscope.toml that explains itself
    Init(InitArgs),
    /// Print a completion script
    Completions(CompletionsArgs),
}

/// Sources of inputs, of every command that opens a project.
#[derive(Args, Clone, Default, Debug)]
pub(crate) struct InputArgs {
    /// The directory with an input's source; of an input's input: `a/b=DIR`
    #[arg(long = "input", value_name = "NAME=DIR", value_parser = parse_input)]
    pub(crate) inputs: Vec<InputSource>,
}

/// An input and the directory that was named for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InputSource {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
}

fn parse_input(text: &str) -> Result<InputSource, String> {
    let parts = text.split_once('=').filter(|(name, directory)| !name.is_empty() && !directory.is_empty());
    let (name, directory) = parts.ok_or("expected NAME=DIR, for example nixpkgs=/src/nixpkgs")?;
    let directory = PathBuf::from(directory);
    match directory.is_dir() {
        true => Ok(InputSource { name: name.to_string(), directory }),
        false => Err(format!("{}: there is no such directory", directory.display())),
    }
}

/// How lists are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    Human,
    /// JSON, schema 1
    Json,
}

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people, with the source
    Human,
    /// JSON, schema 1
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub's annotations
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// A Markdown table
    Markdown,
    /// Checkstyle's XML
    Checkstyle,
}

/// From which level on findings make the check fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Any finding
    Hint,
    /// Info and above
    Info,
    /// Warnings and errors
    Warning,
    /// Errors only
    Error,
    /// No finding
    Never,
}

impl FailOn {
    /// Whether a finding of that level makes the check fail.
    pub(crate) fn fails(self, level: Level) -> bool {
        match self {
            FailOn::Hint => level >= Level::Hint,
            FailOn::Info => level >= Level::Info,
            FailOn::Warning => level >= Level::Warning,
            FailOn::Error => level >= Level::Error,
            FailOn::Never => false,
        }
    }
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Flake directories, directories in them, or single files [default: the nearest flake upwards]
    #[arg(value_name = "DIR")]
    pub(crate) paths: Vec<PathBuf>,

    /// How to print the findings
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,

    /// Exit with 1 where a finding is at least this serious
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Warning)]
    pub(crate) fail_on: FailOn,

    /// Run these lints or groups only, also those that are off by default
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Do not run these lints or groups
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// Mend what can be mended without changing the configuration, then report what is left
    #[arg(long)]
    pub(crate) fix: bool,

    /// Print what --fix would change, and change nothing
    #[arg(long)]
    pub(crate) diff: bool,

    /// With --fix or --diff: also what may change the configuration
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,

    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write the findings to the baseline [default: nixscope-baseline.json] instead of reporting them
    #[arg(long)]
    pub(crate) write_baseline: bool,

    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

/// Which flake a command is about.
#[derive(Args, Debug)]
pub(crate) struct FlakeArgs {
    /// The flake's directory [default: the nearest flake upwards]
    #[arg(value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

/// Arguments of `fleet`.
#[derive(Args, Debug)]
pub(crate) struct FleetArgs {
    /// How to print the index
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) flake: FlakeArgs,
}

/// Arguments of `affected`.
#[derive(Args, Debug)]
pub(crate) struct AffectedArgs {
    /// The git revision to compare the work tree with
    #[arg(long, value_name = "REV")]
    pub(crate) base: String,

    /// Say for each host through which file or input
    #[arg(long)]
    pub(crate) explain: bool,

    /// How to print the hosts: a name a line, or JSON
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) flake: FlakeArgs,
}

/// Arguments of `option`.
#[derive(Args, Debug)]
pub(crate) struct OptionArgs {
    /// The host's name
    #[arg(value_name = "HOST")]
    pub(crate) host: String,

    /// The option, for example services.nginx.enable; names with dots in quotes
    #[arg(value_name = "PATH")]
    pub(crate) option: String,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) flake: FlakeArgs,
}

/// Arguments of `eval`.
#[derive(Args, Debug)]
pub(crate) struct EvalArgs {
    /// The Nix file; a directory is its default.nix
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Attribute paths into the value, printed one after the other; numbers count into lists from 0
    #[arg(value_name = "ATTR")]
    pub(crate) attributes: Vec<String>,

    /// Print the value as JSON
    #[arg(long, conflicts_with = "xml")]
    pub(crate) json: bool,

    /// Print the value as XML
    #[arg(long)]
    pub(crate) xml: bool,

    /// Print with each part where it comes from: its place, and the calls, imports and merges on the way
    #[arg(long, conflicts_with_all = ["json", "xml"])]
    pub(crate) trace: bool,

    /// Give the file's function an argument: an expression
    #[arg(long, num_args = 2, value_names = ["NAME", "EXPRESSION"])]
    pub(crate) arg: Vec<String>,

    /// Give the file's function an argument: a string
    #[arg(long, num_args = 2, value_names = ["NAME", "STRING"])]
    pub(crate) argstr: Vec<String>,

    /// Look there first for a NAME in angle brackets: a directory, or PREFIX=DIRECTORY
    #[arg(short = 'I', value_name = "PATH")]
    pub(crate) search_path: Vec<String>,

    /// Experimental features of Nix to have on besides those in nixscope.toml: `pipe-operators`, `parse-toml-timestamps`
    #[arg(long, value_name = "FEATURES")]
    pub(crate) extra_experimental_features: Vec<String>,
}

/// Arguments of what asks about a place.
#[derive(Args, Debug)]
pub(crate) struct PlaceArgs {
    /// The place; lines and columns count from 1, columns in characters
    #[arg(value_name = "FILE:LINE:COLUMN")]
    pub(crate) place: OsString,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

/// What `docs` writes.
#[derive(Subcommand, Debug)]
pub(crate) enum DocsCommand {
    /// The options that the repository's modules declare
    Options(DocsArgs),
}

/// Arguments of `docs options`.
#[derive(Args, Debug)]
pub(crate) struct DocsArgs {
    /// How to write the reference
    #[arg(long, value_enum, default_value_t = DocsFormat::Markdown)]
    pub(crate) format: DocsFormat,

    #[command(flatten)]
    pub(crate) flake: FlakeArgs,
}

/// How reference pages are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum DocsFormat {
    /// A page for people
    Markdown,
    /// JSON, schema 1
    Json,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The lint's name; without one, all lints are listed
    #[arg(value_name = "LINT")]
    pub(crate) lint: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,
}

/// Arguments of `init`.
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The flake's directory [default: the nearest flake upwards]
    #[arg(value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// For which shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// The completion script of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<Report> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "nixscope", &mut script);
    Ok(Report::text(String::from_utf8(script)?))
}

/// Turns the flag `--check` into the command `check`, so that `nixscope --check DIR --format json` and
/// `nixscope check DIR --format json` are the same.
pub(crate) fn with_check_as_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let Some(first) = args.get(1) else { return args };
    let is_command = Cli::command().get_subcommands().any(|it| first == it.get_name());
    let flags = args.iter().take_while(|it| *it != "--").position(|it| it == "--check");
    if let (false, Some(at)) = (is_command || first == "help", flags) {
        args.remove(at);
        args.insert(1, "check".into());
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_input_is_a_name_and_a_directory() {
        let expected = InputSource { name: "a/b".into(), directory: ".".into() };
        assert_eq!(parse_input("a/b=."), Ok(expected));
        for text in ["nixpkgs", "=/", "nixpkgs=", "nixpkgs=/no/such/directory"] {
            assert!(parse_input(text).is_err(), "{text}");
        }
    }

    #[test]
    fn check_is_a_flag_too() {
        let rewritten = |args: &[&str]| {
            let args = std::iter::once("nixscope").chain(args.iter().copied()).map(OsString::from).collect();
            let args = with_check_as_command(args);
            args.iter().skip(1).map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rewritten(&["--check", "."]), "check .");
        assert_eq!(rewritten(&["--format", "json", "--check", "a", "b"]), "check --format json a b");
        assert_eq!(rewritten(&["fleet", "--check"]), "fleet --check");
        assert_eq!(rewritten(&["check", "--", "--check"]), "check -- --check");
        assert_eq!(rewritten(&[]), "");
    }
}
