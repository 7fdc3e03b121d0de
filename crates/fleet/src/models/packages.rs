//! Package sets: unknown but for their library and what describes the platform.

use nixscope_eval::{Attr, Evaluator, Reason, Taint, Thunk, Unknown, UnknownKind, Value};
use nixscope_hir::Symbol;

/// What is selected from a package set, where it is not just a package.
pub(super) fn select<'h>(
    ev: &Evaluator<'h>,
    base: &'h Unknown<'h>,
    path: &[Symbol],
    name: Symbol,
) -> Option<Value<'h>> {
    let taint = match (path, name.as_str()) {
        ([], "lib") => return Some(super::nixpkgs_lib(ev)),
        ([], "pkgs") => return Some(Value::Unknown(base)),
        // Functions that make no derivation by being selected, and sets of packages.
        (
            [],
            "callPackage" | "callPackages" | "newScope" | "formats" | "writers" | "testers"
            | "appendOverlays" | "extend" | "makeScope" | "nixosTest" | "buildPackages" | "targetPackages"
            | "pkgsCross" | "pkgsStatic" | "pkgsi686Linux",
        ) => Taint::PackageSet,
        _ => return None,
    };
    let kind = UnknownKind::Attr(base, name);
    Some(Value::Unknown(ev.heap.alloc(Unknown { kind, reason: Reason::Package, taint, place: base.place })))
}

/// What is selected from the result of a call into a package set.
pub(super) fn select_from_call<'h>(_: &Evaluator<'h>, _: &'h Unknown<'h>, _: Symbol) -> Option<Value<'h>> {
    None
}

/// Calls into a package set that give something else than a package.
pub(super) fn call<'h>(
    ev: &Evaluator<'h>,
    function: &'h Unknown<'h>,
    path: &[Symbol],
    argument: &'h Thunk<'h>,
) -> Option<Value<'h>> {
    match path.last().map(|name| name.as_str()) {
        // `pkgs { … }` happens with `import nixpkgs { } { }` only.
        None => Some(ev.package_set(None)),
        // What is extended is for the same platform.
        Some("extend" | "appendOverlays") => match function.kind {
            UnknownKind::Attr(set, _) => Some(ev.package_set(ev.platform_source(set))),
            _ => Some(ev.package_set(None)),
        },
        Some("callPackage" | "callPackages") => {
            let kind = UnknownKind::Call(function, argument);
            Some(Value::Unknown(ev.heap.alloc(Unknown {
                kind,
                reason: Reason::Package,
                taint: Taint::Derivation,
                place: function.place,
            })))
        }
        _ => None,
    }
}

/// `callPackage f { … }` where `f` is here and gives something else than a package: a library, a set of functions. What
/// it does not get by name it gets from the package set; of what has a default, the default is taken, since which
/// packages there are is not known. Source: nixpkgs, `lib/customisation.nix`.
pub(super) fn call_package<'h>(
    ev: &Evaluator<'h>,
    function: &'h Unknown<'h>,
    arguments: &'h Thunk<'h>,
) -> Option<Value<'h>> {
    let UnknownKind::Call(call, file) = function.kind else { return None };
    let UnknownKind::Attr(packages, name) = call.kind else { return None };
    if packages.taint != Taint::PackageSet || !matches!(name.as_str(), "callPackage" | "callPackages") {
        return None;
    }
    let body = match ev.force(file).ok()? {
        Value::Path(path) => ev.import_path(path, file.place()).ok()?,
        other => other,
    };
    let formals = ev.formals(body)?;
    let given = ev.force_attrs(arguments, arguments.place()).ok()?;
    let set = ev.done(Value::Unknown(packages));
    let mut all: Vec<Attr<'h>> = given.entries.to_vec();
    for (name, has_default, place) in formals {
        if !has_default && given.get(name).is_none() {
            all.push(Attr { name, place, value: ev.delay_select(set, name, place) });
        }
    }
    match ev.apply(body, ev.done(ev.attrs(all)), arguments.place()).ok()? {
        Value::Unknown(_) | Value::Choice(_) => None,
        known => Some(known),
    }
}
