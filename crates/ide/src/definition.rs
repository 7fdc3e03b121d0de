//! Go to definition.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

/// What a target is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TargetKind {
    /// A definition of an option.
    Definition,
    /// The declaration of an option.
    Declaration,
    /// A host.
    Host,
    /// A module.
    Module,
    /// A file or directory.
    File,
    /// A binding: an attribute, a `let`.
    Binding,
    /// A function's argument.
    Parameter,
    /// A flake input.
    Input,
    /// A secret's declaration.
    Secret,
    /// A builtin; has no place.
    Builtin,
}

impl TargetKind {
    /// As the JSON prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::Definition => "definition",
            TargetKind::Declaration => "declaration",
            TargetKind::Host => "host",
            TargetKind::Module => "module",
            TargetKind::File => "file",
            TargetKind::Binding => "binding",
            TargetKind::Parameter => "parameter",
            TargetKind::Input => "input",
            TargetKind::Secret => "secret",
            TargetKind::Builtin => "builtin",
        }
    }
}

/// A place to go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// The file; none for what is outside and not on this machine.
    pub file: Option<SourceFile>,
    /// The name to put the cursor on.
    pub focus: TextRange,
    /// The whole entry around it.
    pub full: TextRange,
    /// The hosts it holds for; empty where it does not depend on the host.
    pub hosts: Vec<SmolStr>,
    /// Whether it makes the value.
    pub winning: bool,
    /// The value as written, shortened, or a line of description.
    pub text: Option<SmolStr>,
    /// The symbolic path of what is outside: `inputs.nixpkgs…`.
    pub external: Option<SmolStr>,
    /// What the text at the question's place was taken for: the part that should be underlined.
    pub origin: Option<TextRange>,
}

/// Where what stands at a place is defined, best first; empty where nothing is known.
pub(crate) fn definition(_db: &dyn Db, _project: Project, _file: SourceFile, _offset: TextSize) -> Vec<Target> {
    Vec::new()
}
