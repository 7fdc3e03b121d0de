//! `unused-lambda-arg`: a function that does not use its argument.

use nixscope_hir::{Expr, ExprId, Lambda, ScopeId, ScopeKind, Symbol};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, remove, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unused-lambda-arg",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a function that does not use its argument",
    page: r#"
The function's result does not depend on the argument. Where the caller decides that there is one, as for
an overlay or for `mapAttrs`, a name that begins with `_` says that this is meant. A name beside a pattern
(`{ lib, ... }@args`) that nothing uses can go.

## Example

```nix
{
  nixpkgs.overlays = [
    (final: prev: { # error
      hello = prev.hello.override { };
    })
  ];
}
```

## Use instead

```nix
{
  nixpkgs.overlays = [
    (_final: prev: {
      hello = prev.hello.override { };
    })
  ];
}
```

## Source

[deadnix](https://github.com/astro/deadnix).
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Lambda(lambda) = &cx.body.exprs[id] else { return };
    let Some((name, place)) = lambda.arg else { return };
    let Some(scope) = lambda_scope(cx, id, lambda) else { return };
    let slot = lambda.formals.as_deref().unwrap_or_default().len();
    let text = name.as_str();
    if text.starts_with('_') || !cx.usage().of_slot(scope, slot).is_empty() {
        return;
    }
    if cx.usage().is_in_dead_code(id) {
        return;
    }
    let range = cx.name_range(place);
    let finding = match lambda.formals {
        None => {
            let message =
                format!("the function does not use `{name}`: call it `_{name}` or `_` if that is meant");
            let finding = Diagnostic::new(&LINT, cx.file, range, message);
            // The new name must not take the place of another one.
            match cx.usage().uses_underscored(Symbol::new(&format!("_{text}"))) {
                true => finding,
                false => finding.with_fix(Fix::safe(
                    format!("Call it `_{name}`"),
                    vec![replace(cx, TextRange::empty(range.start()), "_")],
                )),
            }
        }
        Some(_) => {
            let message = format!("nothing uses `{name}`, the name for all the arguments: remove it");
            let finding = Diagnostic::new(&LINT, cx.file, range, message);
            match bind_range(cx, range).filter(|it| !may_hold_comment(cx, *it)) {
                Some(bind) => finding.with_fix(Fix::safe(format!("Remove `{name}`"), vec![remove(cx, bind)])),
                None => finding,
            }
        }
    };
    found.push(finding.with_tag(Tag::Unnecessary));
}

/// `@args` or `args@`, with the blanks towards the pattern.
pub(super) fn bind_range(cx: &FileContext<'_>, name: TextRange) -> Option<TextRange> {
    let before = cx.text.get(..usize::from(name.start()))?.trim_end();
    let after = cx.text.get(usize::from(name.end())..)?;
    if let Some(before) = before.strip_suffix('@') {
        return Some(TextRange::new(TextSize::of(before.trim_end()), name.end()));
    }
    let rest = after.trim_start().strip_prefix('@')?.trim_start();
    Some(TextRange::new(name.start(), name.end() + TextSize::of(after) - TextSize::of(rest)))
}

/// The scope that a function opens.
pub(super) fn lambda_scope(cx: &FileContext<'_>, owner: ExprId, lambda: &Lambda) -> Option<ScopeId> {
    let mut scope = cx.body.scope_of(lambda.body);
    while let Some(id) = scope {
        if cx.body.scopes[id].kind == ScopeKind::Lambda(owner) {
            return Some(id);
        }
        scope = cx.body.scopes[id].parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn plain_arguments_get_an_underscore() {
        check(
            &super::LINT,
            "x: y: x\n",
            expect![[r#"
            1:4 `y` hint: the function does not use `y`: call it `_y` or `_` if that is meant
                safe: Call it `_y` => x: _y: x
        "#]],
        );
        check(
            &super::LINT,
            "x: _x: 1\n",
            expect![[r#"
                1:1 `x` hint: the function does not use `x`: call it `_x` or `_` if that is meant
                    safe: Call it `_x` => _x: _x: 1
            "#]],
        );
        check(&super::LINT, "_: _x: 1\n", expect![""]);
    }

    #[test]
    fn names_for_all_arguments_go() {
        check(
            &super::LINT,
            "{ a, ... }@args: a\n",
            expect![[r#"
            1:12 `args` hint: nothing uses `args`, the name for all the arguments: remove it
                safe: Remove `args` => { a, ... }: a
        "#]],
        );
        check(
            &super::LINT,
            "args @ { a, ... }: a\n",
            expect![[r#"
            1:1 `args` hint: nothing uses `args`, the name for all the arguments: remove it
                safe: Remove `args` => { a, ... }: a
        "#]],
        );
        check(&super::LINT, "args@{ a, ... }: args\n", expect![""]);
    }
}
