//! Names: Nix's base environment, and where a name is bound.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::Symbol;
use crate::expr::{Body, Expr, ExprId, NameId, ScopeId, ScopeKind};

/// The names that every Nix expression sees without any scope, but for the `__`-prefixed ones.
///
/// Source: the Nix manual, "Built-ins"; Nix's `primops.cc` (what is registered without `__`).
pub fn global_names() -> &'static [&'static str] {
    GLOBALS
}

const GLOBALS: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "builtins",
    "derivation",
    "derivationStrict",
    "dirOf",
    "false",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "null",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
    "true",
];

/// The builtins that are reachable as `__name` without the `builtins.` prefix.
const PREFIXED: &[&str] = &[
    "add",
    "addErrorContext",
    "all",
    "any",
    "appendContext",
    "attrNames",
    "attrValues",
    "bitAnd",
    "bitOr",
    "bitXor",
    "catAttrs",
    "ceil",
    "compareVersions",
    "concatLists",
    "concatMap",
    "concatStringsSep",
    "convertHash",
    "currentSystem",
    "currentTime",
    "deepSeq",
    "div",
    "elem",
    "elemAt",
    "fetchurl",
    "fetchClosure",
    "fetchFinalTree",
    "filter",
    "filterSource",
    "findFile",
    "flakeRefToString",
    "floor",
    "foldl'",
    "fromJSON",
    "functionArgs",
    "genList",
    "genericClosure",
    "getAttr",
    "getContext",
    "getEnv",
    "getFlake",
    "groupBy",
    "hasAttr",
    "hasContext",
    "hashFile",
    "hashString",
    "head",
    "intersectAttrs",
    "isAttrs",
    "isBool",
    "isFloat",
    "isFunction",
    "isInt",
    "isList",
    "isPath",
    "isString",
    "langVersion",
    "length",
    "lessThan",
    "listToAttrs",
    "mapAttrs",
    "match",
    "mul",
    "nixPath",
    "nixVersion",
    "outputOf",
    "parseDrvName",
    "parseFlakeRef",
    "partition",
    "path",
    "pathExists",
    "readDir",
    "readFile",
    "readFileType",
    "replaceStrings",
    "seq",
    "sort",
    "split",
    "splitVersion",
    "storeDir",
    "storePath",
    "stringLength",
    "sub",
    "substring",
    "tail",
    "toFile",
    "toJSON",
    "toPath",
    "toXML",
    "trace",
    "traceVerbose",
    "tryEval",
    "typeOf",
    "unsafeDiscardOutputDependency",
    "unsafeDiscardStringContext",
    "unsafeGetAttrPos",
    "warn",
    "zipAttrsWith",
    "addDrvOutputDependencies",
    "exec",
    "importNative",
];

static GLOBAL_SYMBOLS: LazyLock<FxHashSet<Symbol>> = LazyLock::new(|| {
    let prefixed = PREFIXED.iter().map(|name| Symbol::new(&format!("__{name}")));
    GLOBALS.iter().map(|name| Symbol::new(name)).chain(prefixed).collect()
});

/// Whether Nix's base environment has the name.
pub fn is_global(name: Symbol) -> bool {
    GLOBAL_SYMBOLS.contains(&name)
}

/// Where a name is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Definition {
    /// A binding or argument of this file.
    Name(NameId, ScopeId),
    /// Nix's base environment.
    Global(Symbol),
    /// Some `with` around it; the innermost one's expression.
    With(ExprId),
    /// Nothing.
    Nowhere,
}

/// The namespaces of the `with`s around an expression, the innermost first.
pub fn withs_around(body: &Body, expr: ExprId) -> impl Iterator<Item = ExprId> + '_ {
    let scopes = std::iter::successors(body.scope_of(expr), |scope| body.scopes[*scope].parent);
    scopes.filter_map(|scope| match body.exprs[body.scopes[scope].kind.owner()] {
        Expr::With(namespace, _) => Some(namespace),
        _ => None,
    })
}

/// Where the name of a variable expression is bound; none for another kind of expression.
pub fn resolve(body: &Body, expr: ExprId) -> Option<Definition> {
    match &body.exprs[expr] {
        Expr::Local { up, slot, .. } => {
            let mut scope = body.scope_of(expr)?;
            for _ in 0..*up {
                scope = body.scopes[scope].parent?;
            }
            let (_, place) = body.scopes[scope].names.get(*slot as usize)?;
            Some(Definition::Name(*place, scope))
        }
        Expr::Global(name) => Some(Definition::Global(*name)),
        Expr::WithName { .. } => {
            let mut scope = body.scope_of(expr);
            while let Some(id) = scope {
                if let ScopeKind::With(owner) = body.scopes[id].kind {
                    return Some(Definition::With(owner));
                }
                scope = body.scopes[id].parent;
            }
            Some(Definition::Nowhere)
        }
        Expr::Unresolved(_) => Some(Definition::Nowhere),
        _ => None,
    }
}
