//! What an expression or entry looks like: small tests that several lints share.

use nixscope_hir::{BinaryOp, Expr, ExprId, Lambda, UnaryOp};
use nixscope_syntax::{AstNode, SyntaxKind, SyntaxNode, ast};

use crate::context::FileContext;
use crate::names::{self, Known};
use crate::target::MODULE_LISTS;

/// Whether an expression is a name of Nix's base environment that nothing shadows.
pub(crate) fn is_global_name(cx: &FileContext<'_>, expr: ExprId, name: &str) -> bool {
    matches!(&cx.body.exprs[expr], Expr::Global(it) if it.as_str() == name)
}

/// Builtins and functions of `lib` whose result is always a bool.
const TESTS: &[&str] = &[
    "all",
    "any",
    "elem",
    "hasAttr",
    "hasAttrByPath",
    "hasContext",
    "hasInfix",
    "hasPrefix",
    "hasSuffix",
    "isAttrs",
    "isBool",
    "isFloat",
    "isFunction",
    "isInt",
    "isList",
    "isNull",
    "isPath",
    "isString",
    "isDerivation",
    "isStorePath",
    "lessThan",
    "pathExists",
    "versionAtLeast",
    "versionOlder",
];

/// Whether an expression can be nothing but a bool, as far as its text says.
pub(crate) fn is_bool(cx: &FileContext<'_>, expr: ExprId) -> bool {
    let expr = names::through(cx.body, expr);
    match &cx.body.exprs[expr] {
        Expr::HasAttr { .. } | Expr::Unary(UnaryOp::Not, _) => true,
        Expr::Global(name) => matches!(name.as_str(), "true" | "false"),
        Expr::Binary(op, ..) => matches!(
            op,
            BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Implies
                | BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::More
                | BinaryOp::MoreEqual
        ),
        Expr::Apply { args, .. } => names::applied(cx.body, expr)
            .and_then(|(function, _)| function.library())
            .is_some_and(|name| TESTS.contains(&name) && args.len() == arity(name)),
        Expr::Select { default: None, .. } => names::access(cx.body, expr).is_some_and(|it| {
            let parts = it.parts();
            match parts.as_slice() {
                // Options named `enable` are made by `mkEnableOption`, which gives a bool.
                ["config", _, .., "enable"] => it.argument_of.is_some(),
                [.., "stdenv", "isLinux" | "isDarwin"] => true,
                [.., "hostPlatform", "isLinux" | "isDarwin" | "isx86_64" | "isAarch64"] => true,
                _ => false,
            }
        }),
        _ => false,
    }
}

fn arity(test: &str) -> usize {
    match test {
        "all" | "any" | "elem" | "hasAttr" | "hasAttrByPath" | "hasInfix" | "hasPrefix" | "hasSuffix"
        | "lessThan" | "versionAtLeast" | "versionOlder" => 2,
        _ => 1,
    }
}

/// The name of an attribute path that is a single plain one.
pub(crate) fn single_name(path: &ast::Attrpath) -> Option<String> {
    let mut attrs = path.attrs();
    match (attrs.next(), attrs.next()) {
        (Some(ast::Attr::Ident(name)), None) => Some(name.syntax().text().to_string()),
        _ => None,
    }
}

/// Whether an entry stands in a `let` or `rec`, where it sees its own name.
pub(crate) fn is_in_recursive_set(entry: &SyntaxNode) -> bool {
    let Some(set) = entry.parent() else { return false };
    match ast::AttrSet::cast(set.clone()) {
        Some(set) => set.rec_token().is_some(),
        None => matches!(set.kind(), SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET),
    }
}

/// Names under which flakes hand out modules.
const MODULE_OUTPUTS: &[&str] = &[
    "nixosModule",
    "nixosModules",
    "homeModule",
    "homeModules",
    "homeManagerModule",
    "homeManagerModules",
    "darwinModules",
    "flakeModules",
    "module",
    "config",
];

/// Whether a function with a pattern may be a module, as far as its place says: it is the file, an element of a
/// list of modules, or what a flake hands out as one.
pub(crate) fn may_be_module(cx: &FileContext<'_>, id: ExprId, lambda: &Lambda) -> bool {
    if lambda.formals.is_none() {
        return false;
    }
    if cx.body.root == id {
        return true;
    }
    for outer in cx.outline.ancestors(id) {
        match &cx.body.exprs[outer] {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                let keys = bindings.named.iter();
                let mut inside = keys.filter(|it| cx.map.entry(it.place).contains_range(cx.range(id)));
                return inside.any(|it| {
                    let name = it.name.as_str();
                    MODULE_LISTS.contains(&name) || MODULE_OUTPUTS.contains(&name)
                }) || cx.outline.ancestors(outer).any(|it| is_module_set(cx, it, id));
            }
            Expr::Lambda(_) => return false,
            _ => {}
        }
    }
    false
}

fn is_module_set(cx: &FileContext<'_>, set: ExprId, inner: ExprId) -> bool {
    let Some(bindings) = names::bindings(&cx.body.exprs[set]) else { return false };
    bindings.named.iter().any(|it| {
        MODULE_OUTPUTS.contains(&it.name.as_str()) && cx.map.entry(it.place).contains_range(cx.range(inner))
    })
}

/// The attributes of a literal set that is a derivation's description, with the function it is given to.
pub(crate) fn derivation<'a>(
    cx: &FileContext<'a>,
    apply: ExprId,
) -> Option<(&'static str, ExprId, &'a nixscope_hir::Bindings)> {
    let Expr::Apply { function, args } = &cx.body.exprs[apply] else { return None };
    let name = match names::known(cx.body, *function) {
        Some(Known::Pkgs(name)) => name,
        _ => last_name(cx, *function)?,
    };
    if !BUILDERS.contains(&name) {
        return None;
    }
    let mut set = names::through(cx.body, *args.last()?);
    // `finalAttrs: { … }`
    if let Expr::Lambda(lambda) = &cx.body.exprs[set] {
        set = lambda.body;
    }
    match &cx.body.exprs[set] {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => Some((name, set, bindings)),
        _ => None,
    }
}

/// Functions that make a derivation from a set of attributes and run its phases.
const BUILDERS: &[&str] = &[
    "mkDerivation",
    "mkDerivationNoCC",
    "buildGoModule",
    "buildNpmPackage",
    "buildPythonApplication",
    "buildPythonPackage",
    "buildRustPackage",
    "buildVimPlugin",
];

/// The last name of a variable or selection.
pub(crate) fn last_name(cx: &FileContext<'_>, expr: ExprId) -> Option<&'static str> {
    match &cx.body.exprs[expr] {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => Some(name.as_str()),
        Expr::Select { path, default: None, .. } => Some(path.last()?.as_static()?.as_str()),
        _ => None,
    }
}
