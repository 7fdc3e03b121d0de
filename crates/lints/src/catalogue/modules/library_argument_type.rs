//! `library-argument-type`: a library function given what it rejects.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::replace;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::target::target;

pub(super) static LINT: Lint = Lint {
    name: "library-argument-type",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "a library function given what it rejects",
    page: r#"
The argument is written out and is of a kind that the function cannot take. Nix says so only when the value is
used, far from here, or never: `mkEnableOption { … }` fails when somebody builds the manual.

`lib.optional condition [ … ]` gives a list in a list; `optionals` is the one that takes a list.

## Example

```nix
{ lib, ... }:
{
  options.backup.enable = lib.mkEnableOption { # error
    description = "backups";
  };
}
```

## Use instead

```nix
{ lib, ... }:
{
  options.backup.enable = lib.mkEnableOption "backups";
}
```

## Source

nixpkgs, `lib/options.nix`, `lib/modules.nix`, `lib/types.nix`, `lib/lists.nix`.
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

/// Kinds of values that a text shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    List,
    Set,
    Function,
    Number,
    Path,
    Bool,
}

impl Kind {
    fn with_article(self) -> &'static str {
        match self {
            Kind::Text => "a string",
            Kind::List => "a list",
            Kind::Set => "a set",
            Kind::Function => "a function",
            Kind::Number => "a number",
            Kind::Path => "a path",
            Kind::Bool => "a bool",
        }
    }
}

/// Function, argument (from zero), and the kinds that it takes there.
const RULES: &[(&str, usize, &[Kind])] = &[
    ("attrsOf", 0, &[Kind::Set]),
    ("concatLists", 0, &[Kind::List]),
    ("concatStringsSep", 0, &[Kind::Text]),
    ("concatStringsSep", 1, &[Kind::List]),
    ("enum", 0, &[Kind::List]),
    ("listOf", 0, &[Kind::Set]),
    ("mkEnableOption", 0, &[Kind::Text]),
    ("mkMerge", 0, &[Kind::List]),
    ("mkOption", 0, &[Kind::Set]),
    ("mkOrder", 0, &[Kind::Number]),
    ("mkOverride", 0, &[Kind::Number]),
    ("nullOr", 0, &[Kind::Set]),
    ("oneOf", 0, &[Kind::List]),
    ("optional", 0, &[Kind::Bool]),
    ("optionalAttrs", 0, &[Kind::Bool]),
    ("optionalAttrs", 1, &[Kind::Set]),
    ("optionalString", 0, &[Kind::Bool]),
    ("optionalString", 1, &[Kind::Text]),
    ("optionals", 0, &[Kind::Bool]),
    ("optionals", 1, &[Kind::List]),
    ("mkIf", 0, &[Kind::Bool]),
];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((known, args)) = names::applied(cx.body, id) else { return };
    let Some(name) = known.library() else { return };
    for (_, at, kinds) in RULES.iter().filter(|(rule, ..)| *rule == name) {
        let Some(argument) = args.get(*at) else { continue };
        let Some(kind) = kind(&cx.body.exprs[*argument]).filter(|kind| !kinds.contains(kind)) else {
            continue;
        };
        let wanted = kinds.first().map_or("something else", |it| it.with_article());
        let message = format!("`{name}` takes {wanted} here, not {}", kind.with_article());
        let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(*argument), message);
        // These hand on whatever they are given: it is wrong only where the condition does not hold.
        if name.starts_with("optional") && *at == 1 {
            finding.level = Level::Warning;
        }
        found.push(finding);
    }
    match (name, args) {
        ("mkIf", [_]) => without_body(cx, id, found),
        ("optional", [_, list]) => list_in_list(cx, id, *list, found),
        _ => {}
    }
}

/// The kind of a literal; none for what only evaluation tells.
fn kind(expr: &Expr) -> Option<Kind> {
    match expr {
        Expr::Int(_) | Expr::Float(_) => Some(Kind::Number),
        Expr::Str(_) | Expr::Interpolated(_) => Some(Kind::Text),
        Expr::Path(..) | Expr::InterpolatedPath(..) => Some(Kind::Path),
        Expr::List(_) => Some(Kind::List),
        // A set may be called, or turned into a string.
        Expr::Attrs(bindings) => {
            let is_special = bindings.named.iter().any(|it| it.name.as_str().starts_with("__"))
                || bindings.named.iter().any(|it| it.name.as_str() == "outPath");
            (!is_special && bindings.dynamic.is_empty()).then_some(Kind::Set)
        }
        Expr::Lambda(_) => Some(Kind::Function),
        _ => None,
    }
}

/// `x = mkIf condition;`: the definition is a function.
fn without_body(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    // A single name may be a function that a library makes.
    let is_definition = target(cx, id).is_some_and(|it| it.in_module && it.path.len() > 1);
    if is_definition {
        let message = "`mkIf` without a body: it takes the condition, and then what holds under it";
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
    }
}

/// Options that take lists in lists, or flatten them.
const FLATTENED: &[&str] = &[
    "buildInputs",
    "nativeBuildInputs",
    "propagatedBuildInputs",
    "propagatedNativeBuildInputs",
    "checkInputs",
    "nativeCheckInputs",
    "packages",
    "configureFlags",
    "cmakeFlags",
    "mesonFlags",
    "makeFlags",
    "patches",
    "imports",
];

/// `systemPackages = lib.optional condition [ … ];`
fn list_in_list(cx: &FileContext<'_>, id: ExprId, list: ExprId, found: &mut Vec<Diagnostic>) {
    if !matches!(cx.body.exprs[list], Expr::List(_)) {
        return;
    }
    // The elements themselves may have to be lists, so that only where they must not be is sure.
    let mut whole = id;
    while let Some(parent) = cx.outline.parent(whole)
        && matches!(cx.body.exprs[parent], Expr::Binary(nixscope_hir::BinaryOp::Concat, ..))
    {
        whole = parent;
    }
    let Some(target) = target(cx, whole).filter(|it| it.in_module) else { return };
    if !target.last().is_some_and(|it| LISTS.contains(&it)) || target.has(FLATTENED) {
        return;
    }
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return };
    let message = "`optional` puts this list into a list: `optionals` is the one that takes a list";
    let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(*function), message);
    let text = cx.slice(cx.range(*function));
    if let Some(prefix) = text.strip_suffix("optional") {
        let edits = vec![replace(cx, cx.range(*function), format!("{prefix}optionals"))];
        finding = finding.with_fix(Fix::risky("Use `optionals`", edits));
    }
    found.push(finding);
}

/// Options whose elements are no lists.
const LISTS: &[&str] = &[
    "allowedTCPPorts",
    "allowedUDPPorts",
    "availableKernelModules",
    "extraGroups",
    "extraModulePackages",
    "fonts",
    "kernelModules",
    "kernelParams",
    "modules",
    "supportedFilesystems",
    "systemPackages",
    "wantedBy",
    "after",
];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn literals_of_the_wrong_kind() {
        check(
            &super::LINT,
            "{ lib, ... }: with lib; { a = types.enum \"x\"; b = lib.optionals true \"x\"; c = mkMerge { }; d = concatStringsSep [ ] \",\"; }\n",
            expect![[r#"
                1:42 `"x"` error: `enum` takes a list here, not a string
                1:70 `"x"` warning: `optionals` takes a list here, not a string
                1:87 `{ }` error: `mkMerge` takes a list here, not a set
                1:113 `[ ]` error: `concatStringsSep` takes a string here, not a list
                1:117 `","` error: `concatStringsSep` takes a list here, not a string
            "#]],
        );
        check(
            &super::LINT,
            "{ lib, config, ... }:\n{\n  a.b = lib.mkIf config.b;\n  d = lib.mkIf config.b;\n  c = map (lib.mkIf config.b) [ ];\n}\n",
            expect![[r#"
                3:9 `lib.mkIf config.b` error: `mkIf` without a body: it takes the condition, and then what holds under it
            "#]],
        );
    }

    #[test]
    fn a_list_in_a_list() {
        check(
            &super::LINT,
            "{ lib, config, pkgs, ... }: { environment.systemPackages = [ ] ++ lib.optional config.a [ pkgs.hello ]; b = lib.optional true [ 1 ]; }\n",
            expect![[r#"
                1:67 `lib.optional` error: `optional` puts this list into a list: `optionals` is the one that takes a list
                    unsafe: Use `optionals` => { lib, config, pkgs, ... }: { environment.systemPackages = [ ] ++ lib.optionals config.a [ pkgs.hello ]; b = lib.optional true [ 1 ]; }
            "#]],
        );
    }

    #[test]
    fn what_only_evaluation_tells_is_silent() {
        check(
            &super::LINT,
            "{ lib, x }: [ (lib.types.enum x) (lib.mkEnableOption x) (lib.mkEnableOption { outPath = \"\"; }) (lib.types.listOf (lib.types.submodule { })) ]\n",
            expect![""],
        );
    }
}
