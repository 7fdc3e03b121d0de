//! Evaluating part of a file by itself: the functions around it get symbolic arguments.
//!
//! `pkgs` is an unknown set of packages, `lib` the embedded library, everything else unknown. What
//! comes out says what the text alone decides: above all whether a value comes from a derivation.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{
    Attr, Attrs, Budget, Closure, ContextItem, Eval, Evaluator, FileContext, LIB_PATH, Models, Place, Reason,
    Taint, Thunk, Unknown, UnknownKind, Value, evaluate,
};
use nixscope_hir::{Expr, ExprId, Symbol};

/// A file's expressions are evaluated for a lint, while somebody types: little is spent on each.
const BUDGET: Budget = Budget { steps: 400_000, depth: 4_000, memory: 128 << 20 };

/// An evaluation of parts of one file.
pub struct Symbolic<'a, 'h> {
    /// The evaluator.
    pub ev: &'a Evaluator<'h>,
    file: &'h FileContext<'h>,
    pkgs: Value<'h>,
}

/// Runs an evaluation of parts of a file.
pub fn symbolic<R>(db: &dyn Db, file: SourceFile, run: impl for<'a, 'h> FnOnce(&Symbolic<'a, 'h>) -> R) -> R {
    evaluate(db, &PackageModels, BUDGET, |ev| {
        let file = ev.context(file);
        let pkgs = Value::Unknown(ev.unknown("pkgs", Reason::Package, Taint::PackageSet, Place::NONE));
        run(&Symbolic { ev, file, pkgs })
    })
}

/// What the functions around an expression are called with: the function and its argument.
pub type Given<'a, 'h> = [(ExprId, &'a Thunk<'h>)];

impl<'h> Symbolic<'_, 'h> {
    /// The value of an expression where it stands.
    ///
    /// # Errors
    /// Where the expression itself is wrong.
    pub fn value(&self, expr: ExprId) -> Eval<'h, Value<'h>> {
        self.value_with(expr, &[])
    }

    /// The same, with some of the functions around it called with known arguments.
    ///
    /// # Errors
    /// Where the expression itself is wrong.
    pub fn value_with(&self, expr: ExprId, given: &[(ExprId, &'h Thunk<'h>)]) -> Eval<'h, Value<'h>> {
        let env =
            self.ev.env_at(self.file, expr, &|owner, closure| Some(self.argument(owner, closure, given)));
        self.ev.eval(env, expr)
    }

    /// An expression as a thunk, where it stands.
    pub fn thunk(&self, expr: ExprId) -> &'h Thunk<'h> {
        let env = self.ev.env_at(self.file, expr, &|owner, closure| Some(self.argument(owner, closure, &[])));
        self.ev.delay(env, expr)
    }

    fn argument(
        &self,
        owner: ExprId,
        closure: &'h Closure<'h>,
        given: &[(ExprId, &'h Thunk<'h>)],
    ) -> &'h Thunk<'h> {
        if let Some((_, argument)) = given.iter().find(|(it, _)| *it == owner) {
            return argument;
        }
        let lambda = closure.lambda;
        let Some(formals) = lambda.formals.as_deref() else {
            let name = lambda.arg.map_or("argument", |(name, _)| name.as_str());
            let is_overlay = self.is_overlay(owner);
            return self.ev.done(self.symbol(name, is_overlay));
        };
        let is_package = self.file.body.root == owner;
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(formals.len());
        for formal in formals {
            let name = formal.name.as_str();
            let value = match is_package && PACKAGE_FUNCTIONS.contains(&name) {
                true => self.of_packages(formal.name),
                false => self.symbol(name, false),
            };
            entries.push(Attr { name: formal.name, place: closure.place, value: self.ev.done(value) });
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        entries.dedup_by_key(|attr| attr.name);
        let open = self.ev.unknown("argument", Reason::Argument, Taint::None, closure.place);
        let entries = self.ev.heap.slice(&entries);
        let attrs = self.ev.heap.alloc(Attrs { entries, open: Some(open) });
        self.ev.done_at(Value::Attrs(attrs), closure.place)
    }

    /// What a name stands for that a function gets from outside.
    fn symbol(&self, name: &str, is_overlay: bool) -> Value<'h> {
        if is_overlay || is_package_set(name) {
            return self.pkgs;
        }
        if name == "lib"
            && let Some(lib) = embedded_lib(self.ev)
        {
            return lib;
        }
        Value::Unknown(self.ev.unknown(name, Reason::Argument, Taint::None, Place::NONE))
    }

    fn of_packages(&self, name: Symbol) -> Value<'h> {
        match self.pkgs {
            Value::Unknown(pkgs) => {
                self.ev.select_unknown(pkgs, name, Place::NONE).unwrap_or(Value::Unknown(pkgs))
            }
            other => other,
        }
    }

    /// Whether a function is one of the two of an overlay, `final: prev: …`.
    fn is_overlay(&self, owner: ExprId) -> bool {
        let Expr::Lambda(lambda) = &self.file.body.exprs[owner] else { return false };
        let name = lambda.arg.map(|(name, _)| name.as_str());
        match name {
            Some("final" | "prev" | "super") => true,
            Some("self") => match &self.file.body.exprs[lambda.body] {
                Expr::Lambda(inner) => {
                    inner.arg.is_some_and(|(name, _)| matches!(name.as_str(), "super" | "prev"))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// What of a value has to be built before its files can be read; none where nothing is known to.
    pub fn derivation(&self, value: Value<'h>) -> Option<String> {
        derivation(self.ev, value, 4)
    }
}

fn derivation<'h>(ev: &Evaluator<'h>, value: Value<'h>, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Unknown(unknown) if unknown.taint == Taint::Derivation => Some(unknown.path()),
        Value::Str(text) => text.context.iter().find_map(|item| match item {
            ContextItem::Path(_) => None,
            ContextItem::Output(path, _) | ContextItem::Derivation(path) => Some((*path).to_string()),
        }),
        Value::Choice(choice) => {
            ev.alternatives(choice).into_iter().find_map(|value| derivation(ev, value, depth))
        }
        Value::Attrs(attrs) => {
            let out = attrs.get(Symbol::new("outPath"))?;
            let out = ev.force(out.value).ok()?;
            derivation(ev, out, depth)
        }
        _ => None,
    }
}

/// `pkgs`, `pkgs-unstable`, `pkgsUnstable`; not `pkgs-lib`.
fn is_package_set(name: &str) -> bool {
    name.strip_prefix("pkgs").is_some_and(|rest| !rest.to_ascii_lowercase().ends_with("lib"))
}

/// The embedded library, where the database can read it.
fn embedded_lib<'h>(ev: &Evaluator<'h>) -> Option<Value<'h>> {
    let path = VfsPath::new(LIB_PATH);
    if nixscope_db::kind(ev.db, &path) != EntryKind::File {
        return None;
    }
    let source = nixscope_db::source(ev.db, &path);
    ev.force(ev.import_file(source)).ok()
}

/// Formal arguments of a package's file that are functions of nixpkgs, and what they make a derivation.
const PACKAGE_FUNCTIONS: &[&str] = &[
    "stdenv",
    "stdenvNoCC",
    "runCommand",
    "runCommandLocal",
    "runCommandNoCC",
    "writeText",
    "writeTextFile",
    "writeTextDir",
    "writeScript",
    "writeScriptBin",
    "writeShellScript",
    "writeShellScriptBin",
    "writeShellApplication",
    "substituteAll",
    "replaceVars",
    "symlinkJoin",
    "linkFarm",
    "buildEnv",
    "applyPatches",
    "fetchFromGitHub",
    "fetchFromGitLab",
    "fetchFromGitea",
    "fetchFromSourcehut",
    "fetchgit",
    "fetchzip",
    "fetchpatch",
    "callPackage",
];

/// What is known of package sets: which of their attributes are no derivations.
struct PackageModels;

impl Models for PackageModels {
    fn select<'h>(&self, ev: &Evaluator<'h>, base: &'h Unknown<'h>, name: Symbol) -> Option<Value<'h>> {
        let text = name.as_str();
        let taint = match base.taint {
            Taint::PackageSet if text == "lib" => return embedded_lib(ev),
            Taint::PackageSet => of_package_set(text),
            Taint::Derivation => of_derivation(text),
            Taint::None => of_unknown(base, text),
        };
        Some(unknown(ev, UnknownKind::Attr(base, name), base, taint))
    }

    fn call<'h>(
        &self,
        ev: &Evaluator<'h>,
        function: &'h Unknown<'h>,
        argument: &'h Thunk<'h>,
    ) -> Option<Value<'h>> {
        let kind = UnknownKind::Call(function, argument);
        let last = last_name(function);
        match function.kind {
            // `import nixpkgs { … }`
            UnknownKind::Root(_) | UnknownKind::Attr(..)
                if function.taint == Taint::None && is_nixpkgs(last) =>
            {
                Some(Value::Unknown(ev.unknown("pkgs", Reason::Package, Taint::PackageSet, Place::NONE)))
            }
            UnknownKind::Attr(..) if matches!(last, "extend" | "appendOverlays") => {
                Some(unknown(ev, kind, function, Taint::PackageSet))
            }
            UnknownKind::Call(inner, path) if is_call_package(inner) => Some(
                call_package(ev, path, argument).unwrap_or_else(|| unknown(ev, kind, function, Taint::None)),
            ),
            _ => None,
        }
    }

    fn search_path<'h>(&self, _: &Evaluator<'h>, _: &str) -> Option<Value<'h>> {
        None
    }
}

fn unknown<'h>(ev: &Evaluator<'h>, kind: UnknownKind<'h>, from: &'h Unknown<'h>, taint: Taint) -> Value<'h> {
    Value::Unknown(ev.heap.alloc(Unknown { kind, reason: from.reason, taint, place: from.place }))
}

fn of_package_set(name: &str) -> Taint {
    match name {
        "stdenv" | "stdenvNoCC" | "system" | "config" | "path" | "hostPlatform" | "buildPlatform"
        | "targetPlatform" | "overlays" | "formats" | "nix-gitignore" | "callPackage" | "callPackages"
        | "newScope" | "extend" | "appendOverlays" | "pkgsCross" | "testers" | "types"
        | "recurseIntoAttrs" => Taint::None,
        "pkgs" | "buildPackages" | "targetPackages" | "pkgsStatic" | "pkgsMusl" | "pkgsi686Linux"
        | "pkgsHostTarget" | "pkgsBuildHost" | "unstable" | "stable" | "__splicedPackages" => {
            Taint::PackageSet
        }
        _ => Taint::Derivation,
    }
}

/// What describes a package is known when it is evaluated; its files are not.
fn of_derivation(name: &str) -> Taint {
    let describes = matches!(
        name,
        "version"
            | "pname"
            | "name"
            | "meta"
            | "passthru"
            | "system"
            | "sitePackages"
            | "libPrefix"
            | "outputs"
            | "rev"
            | "url"
            | "urls"
            | "hash"
            | "owner"
            | "repo"
            | "tag"
            | "stdenv"
            | "lib"
            | "isGNU"
            | "isClang"
    ) || name.ends_with("Version");
    if describes { Taint::None } else { Taint::Derivation }
}

fn of_unknown(base: &Unknown<'_>, name: &str) -> Taint {
    let outside = !matches!(base.root(), "config" | "cfg" | "options" | "osConfig" | "nixosConfig");
    match base.kind {
        // `inputs.x.packages.${system}` and `nixpkgs.legacyPackages.${system}`
        UnknownKind::Attr(_, set) if outside && matches!(set.as_str(), "packages" | "legacyPackages") => {
            Taint::PackageSet
        }
        UnknownKind::Attr(of, set) if of.taint == Taint::PackageSet => match (set.as_str(), name) {
            ("stdenv" | "stdenvNoCC", "mkDerivation") => Taint::Derivation,
            ("pkgsCross", _) => Taint::PackageSet,
            _ => Taint::None,
        },
        // `(pkgs.formats.json { }).generate`
        UnknownKind::Call(function, _) if name == "generate" && is_format(function) => Taint::Derivation,
        _ => Taint::None,
    }
}

fn is_format(function: &Unknown<'_>) -> bool {
    match function.kind {
        UnknownKind::Attr(formats, _) => last_name(formats) == "formats" && formats.root() == "pkgs",
        _ => false,
    }
}

fn is_nixpkgs(name: &str) -> bool {
    name.trim_start_matches('<').starts_with("nixpkgs")
}

fn is_call_package(function: &Unknown<'_>) -> bool {
    match function.kind {
        UnknownKind::Attr(pkgs, name) => pkgs.taint == Taint::PackageSet && name.as_str() == "callPackage",
        _ => false,
    }
}

fn last_name<'h>(unknown: &Unknown<'h>) -> &'h str {
    match unknown.kind {
        UnknownKind::Root(name) => name,
        UnknownKind::Attr(_, name) => name.as_str(),
        UnknownKind::Call(..) => "",
    }
}

/// `callPackage path args`: the function of the file gets what it asks for from the package set.
fn call_package<'h>(ev: &Evaluator<'h>, path: &'h Thunk<'h>, args: &'h Thunk<'h>) -> Option<Value<'h>> {
    let function = match ev.force(path).ok()? {
        Value::Path(path) => ev.import_path(path, Place::NONE).ok()?,
        function @ Value::Lambda(_) => function,
        _ => return None,
    };
    let Value::Attrs(given) = ev.force(args).ok()? else { return None };
    let pkgs = ev.unknown("pkgs", Reason::Package, Taint::PackageSet, Place::NONE);
    let argument = ev.heap.alloc(Attrs { entries: given.entries, open: Some(pkgs) });
    ev.apply(function, ev.done(Value::Attrs(argument)), Place::NONE).ok()
}
