//! `unused-pattern-name`: an argument of a pattern that nothing uses.

use nixscope_hir::{Expr, ExprId};

use super::unused_lambda_arg::lambda_scope;
use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Tag};
use crate::edits::remove_formals;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unused-pattern-name",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an argument of a pattern that nothing uses",
    page: r#"
The function asks for an argument and does not use it. In a module with `...` it can simply go. A function
without `...` refuses what it does not name, so that taking a name out changes who may call it: there the
fix is unsafe.

Left alone are arguments of a function that also has a name for all of them (`{ pkgs, ... }@args`) and uses
it: what the pattern names is what the module system hands over. So are `self`, and the inputs in a
`outputs = { self, nixpkgs }:` without `...`, which Nix requires to be there.

## Example

```nix
{
  config,
  lib, # error
  ...
}:
{
  networking.hostName = config.networking.domain;
}
```

## Use instead

```nix
{
  config,
  ...
}:
{
  networking.hostName = config.networking.domain;
}
```

## When it is fine

In a file that a program wrote, which says so in its first lines; such files are not looked at. If you like
every module to begin alike, turn the lint off.

## Source

[deadnix](https://github.com/astro/deadnix).
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Lambda(lambda) = &cx.body.exprs[id] else { return };
    let Some(formals) = lambda.formals.as_deref().filter(|it| !it.is_empty()) else { return };
    let Some(scope) = lambda_scope(cx, id, lambda) else { return };
    let usage = cx.usage();
    let handed_on = lambda.arg.is_some() && !usage.of_slot(scope, formals.len()).is_empty();
    let is_outputs = formals.iter().any(|it| it.name.as_str() == "self") && cx.relative_path() == "flake.nix";
    if handed_on || (is_outputs && !lambda.open) || usage.is_in_dead_code(id) {
        return;
    }
    let is_unused = |at: usize| {
        let name = formals[at].name.as_str();
        usage.of_slot(scope, at).is_empty() && !name.starts_with('_') && name != "self"
    };
    let unused: Vec<bool> = (0..formals.len()).map(is_unused).collect();
    if !unused.contains(&true) {
        return;
    }
    let edits = remove_formals(cx, lambda, &unused);
    for ((formal, edit), _) in formals.iter().zip(edits).zip(&unused).filter(|(_, unused)| **unused) {
        let name = formal.name;
        let message = match lambda.open {
            true => format!("nothing uses the argument `{name}`: remove it"),
            false => format!(
                "nothing uses the argument `{name}`: remove it, here and where the function is called"
            ),
        };
        let mut finding =
            Diagnostic::new(&LINT, cx.file, cx.name_range(formal.place), message).with_tag(Tag::Unnecessary);
        if let Some(edit) = edit {
            let applicability = match lambda.open {
                true => Applicability::Safe,
                false => Applicability::Unsafe,
            };
            finding =
                finding.with_fix(Fix { title: format!("Remove `{name}`"), applicability, edits: vec![edit] });
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_comment_stays_with_what_it_is_about() {
        check(
            &super::LINT,
            "{ a\n, b ? 1 # why\n, c ? 2\n, ...\n}: a\n",
            expect![[r#"
            2:3 `b` hint: nothing uses the argument `b`: remove it
            3:3 `c` hint: nothing uses the argument `c`: remove it
                safe: Remove `c` => , ...
        "#]],
        );
    }

    #[test]
    fn any_layout() {
        check(
            &super::LINT,
            "{ a, b, ... }: b\n",
            expect![[r#"
            1:3 `a` hint: nothing uses the argument `a`: remove it
                safe: Remove `a` => { b, ... }: b
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b, c }: a\n",
            expect![[r#"
            1:6 `b` hint: nothing uses the argument `b`: remove it, here and where the function is called
                unsafe: Remove `b` => { a, c }: a
            1:9 `c` hint: nothing uses the argument `c`: remove it, here and where the function is called
                unsafe: Remove `c` => { a, b }: a
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: 1\n",
            expect![[r#"
            1:3 `a` hint: nothing uses the argument `a`: remove it, here and where the function is called
                unsafe: Remove `a` => {  }: 1
        "#]],
        );
        check(
            &super::LINT,
            "{ a\n, b ? 1\n, c\n}: c\n",
            expect![[r#"
            1:3 `a` hint: nothing uses the argument `a`: remove it, here and where the function is called
                unsafe: Remove `a` => { b ? 1
            2:3 `b` hint: nothing uses the argument `b`: remove it, here and where the function is called
                unsafe: Remove `b` => , c
        "#]],
        );
        check(
            &super::LINT,
            "{ a, # why\n  b, ... }: b\n",
            expect![[r#"
            1:3 `a` hint: nothing uses the argument `a`: remove it
                safe: Remove `a` => { # why
        "#]],
        );
    }

    #[test]
    fn what_is_used_or_handed_on_is_silent() {
        check(&super::LINT, "{ a, b ? a, ... }: b\n", expect![""]);
        check(&super::LINT, "{ a, ... }@args: import ./x.nix args\n", expect![""]);
        check(&super::LINT, "{ a, ... }: { inherit a; }\n", expect![""]);
        check(&super::LINT, "# Do not modify this file!\n{ a, ... }: { }\n", expect![""]);
        check(&super::LINT, "#- /flake.nix\n{ outputs = { self, a }: { }; }\n", expect![""]);
    }
}
