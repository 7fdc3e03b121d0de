//! `shadowed-builtin`: a binding that hides a builtin or a constant.

use nixscope_hir::{BindingValue, Expr, ExprId, NameId, Symbol, global_names};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Known};

pub(super) static LINT: Lint = Lint {
    name: "shadowed-builtin",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a binding that hides a builtin or a constant",
    page: r#"
`map`, `true`, `import` and some others are names that every expression knows. A `let` or an argument of the
same name takes their place without a word, and a reader takes the one for the other.

## Example

```nix
{ lib, ... }:
let
  map = lib.mapAttrsToList; # error
in
{
  environment.etc.names.text = toString (map (name: _: name) { web = 1; });
}
```

## Use instead

```nix
{ lib, ... }:
let
  mapAttrs = lib.mapAttrsToList;
in
{
  environment.etc.names.text = toString (mapAttrs (name: _: name) { web = 1; });
}
```

## When it is fine

Where the name is bound to the builtin itself, as by `inherit (builtins) map`: that is not reported.

## Source

[nixf](https://github.com/nix-community/nixd/tree/main/libnixf), `sema-primop-overridden`.
"#,
    check: Check::Exprs(&[ExprKind::Let, ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    match &cx.body.exprs[id] {
        Expr::Let { bindings, .. } => {
            for binding in &bindings.named {
                let same = match binding.value {
                    BindingValue::Inherit(_) => true,
                    BindingValue::Expr(value) => is_builtin(cx, value, binding.name),
                    // What a library hands on under a builtin's name does the same.
                    BindingValue::InheritFrom(_) => true,
                };
                if !same {
                    report(cx, binding.name, binding.place, found);
                }
            }
        }
        Expr::Lambda(lambda) => {
            // A package's file is handed what its pattern names, under the name that it has there.
            if let (None, Some((name, place))) = (&lambda.formals, lambda.arg) {
                report(cx, name, place, found);
            }
        }
        _ => {}
    }
}

fn is_builtin(cx: &FileContext<'_>, value: ExprId, name: Symbol) -> bool {
    matches!(names::known(cx.body, value),
        Some(Known::Builtin(it) | Known::Lib(it)) if it == name.as_str())
}

fn report(cx: &FileContext<'_>, name: Symbol, place: NameId, found: &mut Vec<Diagnostic>) {
    if !global_names().contains(&name.as_str()) {
        return;
    }
    let what = match name.as_str() {
        "true" | "false" | "null" => "constant",
        _ => "builtin",
    };
    let message = format!("`{name}` hides the {what} of that name: call it something else");
    found.push(Diagnostic::new(&LINT, cx.file, cx.name_range(place), message));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn lets_and_arguments() {
        check(
            &super::LINT,
            "let true = 1; in import: import true\n",
            expect![[r#"
            1:5 `true` hint: `true` hides the constant of that name: call it something else
            1:18 `import` hint: `import` hides the builtin of that name: call it something else
        "#]],
        );
        check(
            &super::LINT,
            "{ fetchTarball }: let inherit (builtins) map; toString = builtins.toString; in { throw = map; }\n",
            expect![""],
        );
    }
}
