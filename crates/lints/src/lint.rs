//! What a lint is.

use nixscope_hir::ExprId;
use nixscope_syntax::{SyntaxKind, SyntaxNode};

use crate::catalogue;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Not reported.
    Off,
    /// Taste, or right nine times in ten.
    Hint,
    /// Worth knowing.
    Info,
    /// Right ninety-nine times in a hundred.
    Warning,
    /// Will not evaluate, will not activate, or leaks a secret.
    Error,
}

impl Level {
    /// As the configuration and the JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Hint => "hint",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that spelling.
    pub fn parse(text: &str) -> Option<Level> {
        [Level::Off, Level::Hint, Level::Info, Level::Warning, Level::Error]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// What a lint is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// The language.
    Language,
    /// Modules and options.
    Modules,
    /// Secrets and security.
    Secrets,
    /// Several hosts together.
    Fleet,
    /// Packages.
    Packages,
}

impl Group {
    /// As the configuration spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Language => "language",
            Group::Modules => "modules",
            Group::Secrets => "secrets",
            Group::Fleet => "fleet",
            Group::Packages => "packages",
        }
    }
}

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, in kebab case; says what is wrong.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its level unless configured.
    pub level: Level,
    /// The version it came with.
    pub since: &'static str,
    /// One line: what it flags.
    pub summary: &'static str,
    /// Its page, in Markdown: why it is bad, example, use instead, when it is fine, source.
    pub page: &'static str,
    /// What runs.
    pub check: Check,
}

/// What a lint looks at.
///
/// Lints of expressions and of nodes share one walk over the file, and see only files that Nix can
/// read: where the text has a hole, a name or binding may be in it.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One file by itself.
    File(fn(&FileContext<'_>, &mut Vec<Diagnostic>)),
    /// The expressions of some kinds, one by one.
    Exprs(&'static [ExprKind], fn(&FileContext<'_>, ExprId, &mut Vec<Diagnostic>)),
    /// The nodes of the tree of some kinds, one by one: for what lowering leaves out.
    Nodes(&'static [SyntaxKind], fn(&FileContext<'_>, &SyntaxNode, &mut Vec<Diagnostic>)),
    /// The fleet.
    Fleet(fn(&FleetContext<'_>, &mut Vec<Diagnostic>)),
    /// One file by itself, and what only the fleet tells.
    Both(fn(&FileContext<'_>, &mut Vec<Diagnostic>), fn(&FleetContext<'_>, &mut Vec<Diagnostic>)),
    /// Nothing: reported by the machinery itself (suppressions).
    Machinery,
}

/// Every lint, sorted by group and name.
pub fn lints() -> &'static [&'static Lint] {
    &catalogue::LINTS
}

/// The lint of that name.
pub fn find(name: &str) -> Option<&'static Lint> {
    lints().iter().copied().find(|lint| lint.name == name)
}

/// The lint whose name is most like a misspelt one.
pub fn nearest(name: &str) -> Option<&'static Lint> {
    lints()
        .iter()
        .copied()
        .map(|lint| (nixscope_eval::edit_distance(name, lint.name), lint))
        .filter(|(distance, lint)| *distance * 2 <= lint.name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, lint)| lint)
}
