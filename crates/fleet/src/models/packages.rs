//! Package sets: unknown but for their library and what describes the platform.

use nixscope_eval::{Evaluator, Reason, Taint, Thunk, Unknown, UnknownKind, Value};
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
