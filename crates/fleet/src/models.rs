//! Models of the outside: what flake inputs give when their source is not here.
//!
//! An input is an unknown whose symbolic path begins with `inputs.<name>`. What is selected from it or
//! called of it is looked up here, by the kind of the input and by the shape of the path; so
//! `nixpkgs.lib.nixosSystem` is a function that makes a system, whatever the input is called.

mod embedded;
mod fetched;
mod packages;
mod systems;

use std::collections::BTreeSet;
use std::sync::Mutex;

use nixscope_db::{VfsPath, source};
use nixscope_eval::modules::PlatformSource;
use nixscope_eval::{Evaluator, Machine, Models, Reason, Taint, Thunk, Unknown, UnknownKind, Value};
use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::index::{Input, SourceOrigin};
use crate::input_kind::{InputKind, by_name};

/// The models of one flake's inputs.
#[derive(Default)]
pub(crate) struct FleetModels {
    /// What each input is.
    pub kinds: FxHashMap<SmolStr, InputKind>,
    /// The revision that the lock holds.
    pub revisions: FxHashMap<SmolStr, SmolStr>,
    /// Where the sources of inputs are that are no part of the repository.
    pub sources: Vec<(SmolStr, VfsPath)>,
    /// What the user says of the machine that evaluates.
    pub machine: Machine,
    /// The inputs that something was selected from.
    pub used: Mutex<BTreeSet<SmolStr>>,
}

/// Whether an input is evaluated from its source, where that is on this machine, rather than modelled.
///
/// **The rule which of the two wins, in one place.** A directory of the repository is code like any other
/// and always runs. Of a source from elsewhere, the model wins where there is one: the module systems of
/// nixpkgs, home-manager and nix-darwin have thousands of modules, too many for each host to read, whose
/// options the [option index](crate::external) has; and the libraries are the same as their models, only
/// slower. What has no model runs from its source, and so do modules, of which a model knows only a part.
pub(crate) fn runs_from_source(input: &Input, kind: InputKind) -> bool {
    input.origin == SourceOrigin::Repository
        || matches!(
            kind,
            InputKind::Systems(_)
                | InputKind::Den
                | InputKind::DeployRs
                | InputKind::Microvm
                | InputKind::ExtraModules
                | InputKind::Other
        )
}

/// A symbolic path taken apart.
pub(crate) struct Symbolic<'h> {
    /// `inputs.nixpkgs` or `pkgs`.
    pub root: &'h str,
    /// The attributes selected from it, outermost first.
    pub path: Vec<Symbol>,
    /// Whether a call is on the way.
    pub called: bool,
}

/// Takes a symbolic path apart.
pub(crate) fn symbolic<'h>(unknown: &Unknown<'h>) -> Symbolic<'h> {
    let (mut path, mut called, mut kind) = (Vec::new(), false, unknown.kind);
    let root = loop {
        kind = match kind {
            UnknownKind::Root(root) => break root,
            UnknownKind::Attr(base, name) => {
                path.push(name);
                base.kind
            }
            UnknownKind::Call(function, _) => {
                called = true;
                function.kind
            }
        };
    };
    path.reverse();
    Symbolic { root, path, called }
}

/// The root of the symbolic path of an input.
pub(crate) const INPUT_PREFIX: &str = "inputs.";

impl FleetModels {
    fn kind(&self, root: &str) -> Option<InputKind> {
        let name = root.strip_prefix(INPUT_PREFIX)?;
        // `inputs.a.inputs.b` is classified by the name of `b`.
        let last = name.rsplit(".inputs.").next().unwrap_or(name);
        match self.kinds.get(name).or_else(|| self.kinds.get(last)) {
            Some(kind) => Some(*kind),
            None => Some(by_name(last)),
        }
    }

    /// The names of the inputs that something was selected from, or that were called.
    pub(crate) fn used(&self) -> Vec<SmolStr> {
        self.used.lock().map(|used| used.iter().cloned().collect()).unwrap_or_default()
    }

    fn note_use(&self, root: &str) {
        if let Some(name) = crate::reads::input_name(root)
            && let Ok(mut used) = self.used.lock()
            && !used.contains(&name)
        {
            used.insert(name);
        }
    }

    /// An input as a value.
    pub(crate) fn input<'h>(ev: &Evaluator<'h>, name: &str) -> Value<'h> {
        let path = format!("{INPUT_PREFIX}{name}");
        Value::Unknown(ev.unknown(&path, Reason::Input, Taint::None, nixscope_eval::Place::NONE))
    }
}

impl Models for FleetModels {
    fn machine(&self) -> &Machine {
        &self.machine
    }

    fn module<'h>(&self, ev: &Evaluator<'h>, module: &'h Unknown<'h>, class: &str) -> Option<Value<'h>> {
        let it = symbolic(module);
        if it.called {
            return None;
        }
        let path: Vec<&str> = it.path.iter().map(|name| name.as_str()).collect();
        match (self.kind(it.root)?, class, path.as_slice()) {
            (InputKind::Microvm, "nixos", ["nixosModules", "host"]) => {
                embedded::module(ev, "microvm.nix", module, "host")
            }
            // By name, or as a file: `inputs.nixos-extra-modules + "/modules"`.
            (InputKind::ExtraModules, "nixos", [] | ["nixosModules", _] | ["modules", "nixos", _]) => {
                embedded::module(ev, "extra-modules.nix", module, "nixos")
            }
            (InputKind::ExtraModules, "flake", ["flakeModules", _] | ["modules", "flake", _]) => {
                embedded::module(ev, "extra-modules.nix", module, "flake")
            }
            _ => None,
        }
    }

    fn outside(&self, path: &VfsPath) -> Option<String> {
        // A source may lie inside another's: the innermost is meant.
        let holds = |(name, root): &'_ (SmolStr, VfsPath)| {
            let rest = path.strip_prefix(root)?;
            Some((root.as_str().len(), format!("{INPUT_PREFIX}{name}/{rest}")))
        };
        self.sources.iter().filter_map(holds).max_by_key(|(length, _)| *length).map(|(_, name)| name)
    }

    /// One broken module is no reason to know nothing of the host.
    fn is_lenient(&self) -> bool {
        true
    }

    fn select<'h>(&self, ev: &Evaluator<'h>, base: &'h Unknown<'h>, name: Symbol) -> Option<Value<'h>> {
        let it = symbolic(base);
        self.note_use(it.root);
        if it.called {
            return packages::select_from_call(ev, base, name);
        }
        if it.root == "pkgs" {
            return packages::select(ev, base, &it.path, name);
        }
        let kind = self.kind(it.root)?;
        let path: Vec<&str> = it.path.iter().map(|name| name.as_str()).collect();
        if path.is_empty()
            && let Some(known) = embedded::output(ev, kind, base, name)
        {
            return Some(known);
        }
        match (kind, path.as_slice(), name.as_str()) {
            (_, [], "inputs") => {
                let path = format!("{}.inputs", it.root);
                Some(Value::Unknown(ev.unknown(&path, Reason::Input, Taint::None, base.place)))
            }
            (_, [], "rev" | "shortRev") => {
                let input = it.root.strip_prefix(INPUT_PREFIX)?;
                let rev = self.revisions.get(input)?;
                let text = if name.as_str() == "rev" { rev } else { rev.get(..7)? };
                Some(ev.string(text))
            }
            (_, [], "outPath") => Some(Value::Unknown(base)),
            (InputKind::Nixpkgs, [], "lib") => Some(nixpkgs_lib(ev)),
            // `import (nixpkgs + "/lib")` is the library: a flake has no outputs of these names.
            (InputKind::Nixpkgs, [], name) if is_of_library(ev, name) => ev
                .get_attr(nixpkgs_lib(ev), Symbol::new(name), base.place)
                .ok()
                .flatten()
                .and_then(|it| ev.force(it.value).ok()),
            (InputKind::Nixpkgs, ["legacyPackages"], platform) => {
                let platform = ev.done(ev.string(platform));
                Some(ev.package_set(Some(PlatformSource::Platform(platform))))
            }
            (_, ["packages" | "legacyPackages" | "defaultPackage", ..], _) if path.len() < 3 => {
                let taint = if path.len() == 1 { Taint::PackageSet } else { Taint::Derivation };
                let kind = UnknownKind::Attr(base, name);
                Some(Value::Unknown(ev.heap.alloc(Unknown {
                    kind,
                    reason: Reason::Package,
                    taint,
                    place: base.place,
                })))
            }
            _ => systems::builder(ev, &path, name.as_str()),
        }
        // `inputs.a.inputs` was given as a root of its own: what is selected from it is an input.
        .or_else(|| {
            let inner = it.root.ends_with(".inputs") && it.path.is_empty();
            inner.then(|| {
                let path = format!("{}.{name}", it.root);
                Value::Unknown(ev.unknown(&path, Reason::Input, Taint::None, base.place))
            })
        })
    }

    fn call<'h>(
        &self,
        ev: &Evaluator<'h>,
        function: &'h Unknown<'h>,
        argument: &'h Thunk<'h>,
    ) -> Option<Value<'h>> {
        let it = symbolic(function);
        self.note_use(it.root);
        if is_package(function, &it) && has_modules(ev, argument) {
            return systems::nixos(ev, argument);
        }
        if it.called {
            return packages::call_package(ev, function, argument);
        }
        if it.root == "pkgs" {
            return packages::call(ev, function, &it.path, argument);
        }
        if it.root.starts_with("builtins.") && it.path.is_empty() {
            return fetched::call(ev, it.root, argument);
        }
        let last = it.path.last().map(|name| name.as_str());
        let kind = self.kind(it.root)?;
        if last.is_none()
            && let Some(result) = embedded::call(ev, kind, function, argument)
        {
            return Some(result);
        }
        match (kind, last) {
            // `import nixpkgs { … }`, and `import "${nixpkgs}/nixos/lib/eval-config.nix" { modules … }`.
            // And `import (nixpkgs + "/nixos") { configuration = …; }`.
            (InputKind::Nixpkgs, None) => {
                match has_modules(ev, argument) || has_configuration(ev, argument) {
                    true => systems::nixos(ev, argument),
                    false => Some(ev.package_set(Some(PlatformSource::Arguments(argument)))),
                }
            }
            (_, Some("extendModules")) => systems::extend_unknown(ev, function, argument),
            _ => None,
        }
    }

    fn import<'h>(&self, ev: &Evaluator<'h>, file: &'h Unknown<'h>) -> Option<Value<'h>> {
        let it = symbolic(file);
        match self.kind(it.root)? {
            InputKind::Systems(systems) if it.path.is_empty() && !it.called => {
                let names: Vec<&Thunk<'h>> = systems.iter().map(|name| ev.done(ev.string(name))).collect();
                Some(ev.list(&names))
            }
            _ => None,
        }
    }

    /// `<nixpkgs>` and `<home-manager/nixos>`: what a repository without a flake has for inputs.
    fn search_path<'h>(&self, ev: &Evaluator<'h>, name: &str) -> Option<Value<'h>> {
        let mut parts = name.split('/');
        let input = parts.next()?;
        if by_name(input) == InputKind::Other {
            return None;
        }
        let mut value = Self::input(ev, input);
        for part in parts {
            let Value::Unknown(base) = value else { break };
            let kind = UnknownKind::Attr(base, Symbol::new(part));
            value = Value::Unknown(ev.heap.alloc(Unknown { kind, ..*base }));
        }
        Some(value)
    }
}

/// Whether something is a package, so that only what is imported from it can be called: nixpkgs with patches,
/// whoever makes it (`import (patched + "/nixos/lib/eval-config.nix") { modules = …; }`).
fn is_package(unknown: &Unknown<'_>, it: &Symbolic<'_>) -> bool {
    let is_set = |name: &str| matches!(name, "packages" | "legacyPackages");
    unknown.taint == Taint::Derivation || it.root.rsplit('.').next().is_some_and(is_set)
}

/// Whether a function is called as the module system's are: with a list of modules.
fn has_modules<'h>(ev: &Evaluator<'h>, argument: &'h Thunk<'h>) -> bool {
    let Ok(attrs) = ev.force_attrs(argument, argument.place()) else { return false };
    let modules = attrs.get(Symbol::new("modules"));
    modules.is_some_and(|it| matches!(ev.force(it.value), Ok(Value::List(_))))
}

/// Whether a function is called as nixpkgs' `nixos/default.nix` is: with one module.
fn has_configuration<'h>(ev: &Evaluator<'h>, argument: &'h Thunk<'h>) -> bool {
    let Ok(attrs) = ev.force_attrs(argument, argument.place()) else { return false };
    attrs.get(Symbol::new("configuration")).is_some()
}

/// Whether a name is one of the library's, and none of what a checkout of nixpkgs has itself.
fn is_of_library<'h>(ev: &Evaluator<'h>, name: &str) -> bool {
    const OWN: &[&str] =
        &["lib", "modules", "nixosModules", "legacyPackages", "packages", "inputs", "config", "pkgs"];
    !OWN.contains(&name)
        && matches!(ev.get_attr(nixpkgs_lib(ev), Symbol::new(name), nixscope_eval::Place::NONE), Ok(Some(_)))
}

/// nixpkgs' `lib` as flakes see it: the library, and `nixosSystem`.
pub(crate) fn nixpkgs_lib<'h>(ev: &Evaluator<'h>) -> Value<'h> {
    let base = match ev.force(ev.embedded_lib()) {
        Ok(base) => base,
        Err(_) => return FleetModels::input(ev, "nixpkgs"),
    };
    // Through `extend`, so that a flake that extends the library keeps what is added here.
    let none = nixscope_eval::Place::NONE;
    let extended = ev
        .get_attr(base, Symbol::new("extend"), none)
        .and_then(|extend| extend.map(|it| ev.force(it.value)).transpose())
        .and_then(|extend| {
            extend.map(|it| ev.apply(it, ev.done(ev.native(&systems::LIB_OVERLAY)), none)).transpose()
        });
    match extended {
        Ok(Some(lib)) => lib,
        _ => base,
    }
}

/// The value of an embedded model, called with arguments.
pub(crate) fn model_file<'h>(
    ev: &Evaluator<'h>,
    file: &str,
    args: Vec<nixscope_eval::Attr<'h>>,
) -> Value<'h> {
    let path = VfsPath::new(&format!("{}/models/{file}", nixscope_eval::EMBEDDED_ROOT));
    let function = ev.force(ev.import_file(source(ev.db, &path)));
    let called = function.and_then(|it| ev.apply(it, ev.done(ev.attrs(args)), nixscope_eval::Place::NONE));
    match called {
        Ok(value) => value,
        Err(_) => Value::Unknown(ev.unknown(file, Reason::Failed, Taint::None, nixscope_eval::Place::NONE)),
    }
}

pub(crate) use embedded::{hive, project};
