//! `unresolved-name`: a name that nothing defines.

use nixscope_hir::{BindingValue, Expr, ExprId, Symbol, global_names, is_global};

use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "unresolved-name",
    group: Group::Language,
    level: Level::Error,
    since: "0.1.0",
    summary: "a name that nothing defines",
    page: r#"
No argument, `let`, `rec` or `with` around the place provides the name, and it is none of those that Nix
knows everywhere. Nix refuses the whole file, also where the name is in a part that is never used.

Most builtins need their prefix: `attrNames` is `builtins.attrNames`. The fix adds it.

## Example

```nix
{ lib, ... }:
{
  networking.hostName = lib.head (attrNames { web = 1; }); # error
}
```

## Use instead

```nix
{ lib, ... }:
{
  networking.hostName = lib.head (builtins.attrNames { web = 1; });
}
```

## When it is fine

A file that is only ever read with `builtins.scopedImport` gets names from there. Suppress the lint in it.

## Source

The Nix manual, ["Identifier"](https://nix.dev/manual/nix/latest/language/identifiers) and
["Built-ins"](https://nix.dev/manual/nix/latest/language/builtins).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    // A hole in the text may have swallowed the binding.
    if cx.is_broken() {
        return;
    }
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::Unresolved(name) = expr else { continue };
        found.push(finding(cx, id, *name));
    }
}

fn finding(cx: &FileContext<'_>, id: ExprId, name: Symbol) -> Diagnostic {
    let range = cx.range(id);
    if is_builtin(name) {
        let message = format!("`{name}` is a builtin, and needs its prefix: `builtins.{name}`");
        let finding = Diagnostic::new(&LINT, cx.file, range, message);
        if is_inherited(cx, id) {
            return finding;
        }
        return finding.with_fix(Fix {
            title: format!("Write `builtins.{name}`"),
            applicability: Applicability::Safe,
            edits: vec![Edit { file: cx.file, range, new_text: format!("builtins.{name}") }],
        });
    }
    let message = match names::nearest(name.as_str(), visible(cx, id)) {
        Some(nearest) => format!("nothing defines the name `{name}`; did you mean `{nearest}`?"),
        None => match arguments_close_by(cx, id) {
            true => format!("nothing defines the name `{name}`; should it be an argument of the function?"),
            false => format!("nothing defines the name `{name}`"),
        },
    };
    Diagnostic::new(&LINT, cx.file, range, message)
}

fn is_builtin(name: Symbol) -> bool {
    is_global(Symbol::new(&format!("__{name}")))
}

/// Whether the name stands in a plain `inherit`, where no selection may stand.
fn is_inherited(cx: &FileContext<'_>, id: ExprId) -> bool {
    let parent = cx.outline.parent(id).map(|it| &cx.body.exprs[it]);
    parent
        .and_then(names::bindings)
        .is_some_and(|bindings| bindings.named.iter().any(|it| it.value == BindingValue::Inherit(id)))
}

/// The names that could stand here.
fn visible<'db>(cx: &FileContext<'db>, id: ExprId) -> Vec<&'db str> {
    let mut names: Vec<&'db str> = Vec::new();
    let mut scope = cx.body.scope_of(id);
    while let Some(it) = scope {
        names.extend(cx.body.scopes[it].names.iter().map(|(name, _)| name.as_str()));
        scope = cx.body.scopes[it].parent;
    }
    names.extend(global_names());
    names
}

/// Whether the file is a function with a list of arguments, as packages and modules are.
fn arguments_close_by(cx: &FileContext<'_>, id: ExprId) -> bool {
    cx.outline
        .ancestors(id)
        .any(|it| matches!(&cx.body.exprs[it], Expr::Lambda(lambda) if lambda.formals.is_some()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn builtins_get_their_prefix() {
        check(
            &super::LINT,
            "map (x: x) (attrNames { })\n",
            expect![[r#"
            1:13 `attrNames` error: `attrNames` is a builtin, and needs its prefix: `builtins.attrNames`
                safe: Write `builtins.attrNames` => map (x: x) (builtins.attrNames { })
        "#]],
        );
        check(
            &super::LINT,
            "{ inherit readFile; }\n",
            expect![[r#"
            1:11 `readFile` error: `readFile` is a builtin, and needs its prefix: `builtins.readFile`
        "#]],
        );
        check(&super::LINT, "__attrNames { }\n", expect![""]);
    }

    #[test]
    fn suggests_what_is_near() {
        check(
            &super::LINT,
            "{ config, lib }: confg.a\n",
            expect![[r#"
            1:18 `confg` error: nothing defines the name `confg`; did you mean `config`?
        "#]],
        );
        check(
            &super::LINT,
            "{ stdenv }: stdenv.mkDerivation { b = [ cmake ]; }\n",
            expect![[r#"
            1:41 `cmake` error: nothing defines the name `cmake`; should it be an argument of the function?
        "#]],
        );
        check(
            &super::LINT,
            "ture\n",
            expect![[r#"
            1:1 `ture` error: nothing defines the name `ture`; did you mean `true`?
        "#]],
        );
    }

    #[test]
    fn a_with_may_provide_it() {
        check(&super::LINT, "{ pkgs }: with pkgs; [ hello ]\n", expect![""]);
    }

    #[test]
    fn silent_where_the_file_does_not_parse() {
        check(&super::LINT, "let a = 1 in b\n", expect![""]);
    }
}
