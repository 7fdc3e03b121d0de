//! Values: sixteen bytes, copied freely, pointing into the heap.

use nixscope_hir::{Lambda, Symbol};

use crate::builtins::Builtin;
use crate::heap::{Env, Thunk};
use crate::modules::ConfigNode;
use crate::place::Place;

/// A value in weak head normal form.
#[derive(Clone, Copy)]
pub enum Value<'h> {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string with its context.
    Str(&'h Str<'h>),
    /// A path; absolute and normalised.
    Path(&'h &'h str),
    /// A list.
    List(&'h List<'h>),
    /// An attribute set.
    Attrs(&'h Attrs<'h>),
    /// A function of the program.
    Lambda(&'h Closure<'h>),
    /// A builtin with the arguments it has so far.
    Native(&'h Native<'h>),
    /// Part of a host's configuration: an attribute set computed by the module system.
    Config(&'h ConfigNode<'h>),
    /// Something that cannot be known.
    Unknown(&'h Unknown<'h>),
    /// One of several values, depending on something unknown.
    Choice(&'h Choice<'h>),
}

/// A string.
#[derive(Clone, Copy)]
pub struct Str<'h> {
    /// The text.
    pub text: &'h str,
    /// What store paths it refers to.
    pub context: &'h [ContextItem<'h>],
}

/// One reference of a string's context.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ContextItem<'h> {
    /// A source file or directory that is copied to the store.
    Path(&'h str),
    /// An output of a derivation: its derivation path and the output's name.
    Output(&'h str, &'h str),
    /// A derivation with its whole closure.
    Derivation(&'h str),
}

/// A list.
#[derive(Clone, Copy)]
pub struct List<'h> {
    /// The elements that are known. One whose value is a [`Choice`] with `absent` may be missing.
    pub items: &'h [&'h Thunk<'h>],
    /// Set where there may be further elements that are not known.
    pub open: Option<&'h Unknown<'h>>,
}

/// An attribute set.
#[derive(Clone, Copy)]
pub struct Attrs<'h> {
    /// The attributes, sorted by symbol (not by name), each once.
    pub entries: &'h [Attr<'h>],
    /// Set where there may be further attributes that are not known.
    pub open: Option<&'h Unknown<'h>>,
}

/// One attribute.
#[derive(Clone, Copy)]
pub struct Attr<'h> {
    /// Its name.
    pub name: Symbol,
    /// Where the name is written.
    pub place: Place,
    /// Its value.
    pub value: &'h Thunk<'h>,
}

/// A function and the environment it was made in.
#[derive(Clone, Copy)]
pub struct Closure<'h> {
    /// Its environment.
    pub env: &'h Env<'h>,
    /// The function.
    pub lambda: &'h Lambda,
    /// Where it is written.
    pub place: Place,
}

/// A builtin and the arguments it has so far.
#[derive(Clone, Copy)]
pub struct Native<'h> {
    /// The builtin.
    pub builtin: &'static Builtin,
    /// Fewer than it takes.
    pub args: &'h [&'h Thunk<'h>],
}

/// Something that cannot be known.
#[derive(Clone, Copy)]
pub struct Unknown<'h> {
    /// What it stands for.
    pub kind: UnknownKind<'h>,
    /// Why it is unknown.
    pub reason: Reason,
    /// Whether it is, or comes from, a derivation.
    pub taint: Taint,
    /// Where it came into being.
    pub place: Place,
}

/// What an unknown stands for: its symbolic path.
#[derive(Clone, Copy)]
pub enum UnknownKind<'h> {
    /// A name of the outside: `inputs.nixpkgs`, `pkgs`, `builtins.currentTime`.
    Root(&'h str),
    /// An attribute of another unknown.
    Attr(&'h Unknown<'h>, Symbol),
    /// The result of calling another unknown.
    Call(&'h Unknown<'h>, &'h Thunk<'h>),
}

/// Why a value is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// A flake input whose source is not on this machine.
    Input,
    /// A package, or the set of them.
    Package,
    /// A module argument that nobody provides here.
    Argument,
    /// An option that only an external module declares or sets.
    ExternalOption,
    /// Something fetched from the network.
    Fetch,
    /// Depends on the machine: environment, time, current system.
    Impure,
    /// The result of a derivation.
    Derivation,
    /// Content of an encrypted file.
    Encrypted,
    /// Both branches of an unknown condition, or a mix of values.
    Condition,
    /// The evaluation of it failed; the error was reported where it belongs.
    Failed,
    /// A budget was spent.
    Budget,
}

impl Reason {
    /// For people: "because …".
    pub fn describe(self) -> &'static str {
        match self {
            Reason::Input => "the flake input's source is not on this machine",
            Reason::Package => "packages are not evaluated",
            Reason::Argument => "nothing here provides this argument",
            Reason::ExternalOption => "only a module outside the repository declares or sets it",
            Reason::Fetch => "it is fetched from the network",
            Reason::Impure => "it depends on the machine that evaluates",
            Reason::Derivation => "it is the result of a build",
            Reason::Encrypted => "the file is encrypted",
            Reason::Condition => "it depends on a condition that is not known",
            Reason::Failed => "its evaluation fails",
            Reason::Budget => "the evaluation budget was spent",
        }
    }
}

/// Whether an unknown is, or comes from, a derivation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Taint {
    /// No.
    None,
    /// A set of packages: what is selected from it is a derivation.
    PackageSet,
    /// A derivation, or something built from one.
    Derivation,
}

/// One of several values.
#[derive(Clone, Copy)]
pub struct Choice<'h> {
    /// What is not known.
    pub condition: &'h Unknown<'h>,
    /// The values; one or more.
    pub alternatives: &'h [&'h Thunk<'h>],
    /// Whether there may be no value at all: the attribute or element is missing then.
    pub absent: bool,
}

impl<'h> Attrs<'h> {
    /// The attribute of that name.
    pub fn get(&self, name: Symbol) -> Option<&'h Attr<'h>> {
        if self.entries.len() <= 8 {
            return self.entries.iter().find(|attr| attr.name == name);
        }
        let index = self.entries.binary_search_by_key(&name, |attr| attr.name).ok()?;
        self.entries.get(index)
    }

    /// The attributes in the order of their names, as Nix enumerates them.
    pub fn sorted(&self) -> Vec<&'h Attr<'h>> {
        // The names are looked up once each, not at every comparison.
        let mut named: Vec<(&'static str, &'h Attr<'h>)> =
            self.entries.iter().map(|attr| (attr.name.as_str(), attr)).collect();
        named.sort_unstable_by_key(|(name, _)| *name);
        named.into_iter().map(|(_, attr)| attr).collect()
    }
}

/// The longest symbolic path that is kept.
const MAX_STEPS: usize = 64;

impl<'h> Unknown<'h> {
    /// The symbolic path: `inputs.nixpkgs.lib.nixosSystem`, `pkgs.hello`, `builtins.getEnv …`.
    pub fn path(&self) -> String {
        match self.kind {
            UnknownKind::Root(name) => name.to_string(),
            UnknownKind::Attr(base, name) => {
                let name = name.as_str();
                let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c));
                match plain && !name.is_empty() {
                    true => format!("{}.{name}", base.path()),
                    false => format!("{}.{name:?}", base.path()),
                }
            }
            UnknownKind::Call(function, _) => match function.kind {
                UnknownKind::Call(..) => function.path(),
                _ => format!("{} …", function.path()),
            },
        }
    }

    /// Whether the symbolic path has as many steps as are kept: a fold over an unknown function or set has
    /// no end of them, and they tell a reader nothing.
    pub(crate) fn is_long(&self) -> bool {
        let mut kind = self.kind;
        for _ in 0..MAX_STEPS {
            kind = match kind {
                UnknownKind::Root(_) => return false,
                UnknownKind::Attr(base, _) | UnknownKind::Call(base, _) => base.kind,
            };
        }
        true
    }

    /// What the calls in it are given, the last first.
    pub(crate) fn arguments(&self) -> Vec<&'h Thunk<'h>> {
        let mut arguments = Vec::new();
        let mut kind = self.kind;
        loop {
            kind = match kind {
                UnknownKind::Root(_) => return arguments,
                UnknownKind::Attr(base, _) => base.kind,
                UnknownKind::Call(function, argument) => {
                    arguments.push(argument);
                    function.kind
                }
            };
        }
    }

    /// The name at the start of the symbolic path.
    pub fn root(&self) -> &'h str {
        match self.kind {
            UnknownKind::Root(name) => name,
            UnknownKind::Attr(base, _) | UnknownKind::Call(base, _) => base.root(),
        }
    }
}

impl<'h> Value<'h> {
    /// The type, as `builtins.typeOf` names it; unknowns and choices have names of their own.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "string",
            Value::Path(_) => "path",
            Value::List(_) => "list",
            Value::Attrs(_) | Value::Config(_) => "set",
            Value::Lambda(_) | Value::Native(_) => "lambda",
            Value::Unknown(_) | Value::Choice(_) => "unknown",
        }
    }

    /// The type for a message: "a list", "an integer".
    pub fn describe_type(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a Boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Str(_) => "a string",
            Value::Path(_) => "a path",
            Value::List(_) => "a list",
            Value::Attrs(_) | Value::Config(_) => "a set",
            Value::Lambda(_) => "a function",
            Value::Native(_) => "a built-in function",
            Value::Unknown(_) | Value::Choice(_) => "an unknown value",
        }
    }
}
