//! `top-level-with`: a `with` over a whole file, or one inside another.

use nixscope_hir::{Expr, ExprId, ScopeKind, spine};

use super::unused_with::head;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "top-level-with",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a `with` over a whole file, or inside another `with`",
    page: r#"
Below a `with` no reader, and no tool, can say where a name comes from: it may come from the set, or be a
slip. Over a whole file that holds for every name in it. Of two `with`s inside each other the inner one
wins, whatever it happens to have: when a set gets a new attribute, a name changes its meaning.

`with pkgs; [ … ]` around a list is fine; `ps: with ps; [ … ]` inside of it is only a hint.

## Example

```nix
{ config, lib, ... }:
with lib; # error
{
  services.nginx.enable = mkDefault true;
}
```

## Use instead

```nix
{ config, lib, ... }:
let
  inherit (lib) mkDefault;
in
{
  services.nginx.enable = mkDefault true;
}
```

## Source

[nix.dev, "Best practices"](https://nix.dev/guides/best-practices#with-scopes).
"#,
    check: Check::Exprs(&[ExprKind::With], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::With(namespace, body) = cx.body.exprs[id] else { return };
    // What no name comes from is said by another lint.
    if !cx.usage().is_with_used(id) {
        return;
    }
    let Some(head) = head(cx, cx.range(id), body) else { return };
    let name = cx.slice(cx.range(namespace));
    let name = if name.contains('\n') { "…" } else { name };
    if is_over_file(cx, id, body) {
        let message = format!(
            "`with {name}` over the whole file hides where every name comes from: \
             name what is needed, `inherit ({name}) …;`"
        );
        found.push(Diagnostic::new(&LINT, cx.file, head, message));
        return;
    }
    let Some(outer) = outer_with(cx, id) else { return };
    let Expr::With(outer_namespace, outer_body) = cx.body.exprs[outer] else { return };
    // The one over the file is reported already, and its going mends this too.
    if is_over_file(cx, outer, outer_body) || !cx.usage().share_a_name(id, outer) {
        return;
    }
    let other = cx.slice(cx.range(outer_namespace));
    // The same set twice: either has the name.
    if other == cx.slice(cx.range(namespace)) {
        return;
    }
    let other = if other.contains('\n') { "…" } else { other };
    let message = format!(
        "names in here may come from `{name}` or from `{other}`: which one depends on what the two have"
    );
    let mut finding = Diagnostic::new(&LINT, cx.file, head, message);
    // `ps: with ps; [ … ]` among packages: everybody writes it, and knows which is meant.
    if matches!(cx.body.exprs[namespace], Expr::Local { up: 0, .. }) {
        finding.level = Level::Hint;
    }
    let place = cx.range(outer_namespace);
    found.push(finding.with_related(cx.file, place, "the other `with`"));
}

/// Whether a `with` is over the whole file, and that is more than a list.
fn is_over_file(cx: &FileContext<'_>, id: ExprId, body: ExprId) -> bool {
    let mut inner = body;
    while let Expr::With(_, body) = cx.body.exprs[inner] {
        inner = body;
    }
    !matches!(cx.body.exprs[inner], Expr::List(_)) && spine(cx.body).any(|it| it == id)
}

/// The innermost `with` around another.
fn outer_with(cx: &FileContext<'_>, id: ExprId) -> Option<ExprId> {
    let mut scope = cx.body.scope_of(id);
    while let Some(at) = scope {
        if let ScopeKind::With(owner) = cx.body.scopes[at].kind {
            return Some(owner).filter(|owner| cx.usage().is_with_used(*owner));
        }
        scope = cx.body.scopes[at].parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn nested_ones_are_ambiguous() {
        check(
            &super::LINT,
            "{ pkgs }: { a = with pkgs; [ b (with python3Packages; [ c ]) ]; }\n",
            expect![[r#"
                1:33 `with python3Packages;` warning: names in here may come from `python3Packages` or from `pkgs`: which one depends on what the two have
                    at 1:22 `pkgs`: the other `with`
            "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: { c = with a; with b; [ d ]; }\n",
            expect![[r#"
            1:25 `with b;` warning: names in here may come from `b` or from `a`: which one depends on what the two have
                at 1:22 `a`: the other `with`
        "#]],
        );
    }

    #[test]
    fn the_same_set_twice_is_not() {
        check(
            &super::LINT,
            "{ pkgs }: { a = with pkgs; [ b (c { d = with pkgs; [ e ]; }) ]; }\n",
            expect![""],
        );
    }

    #[test]
    fn around_a_list_it_is_fine() {
        check(&super::LINT, "{ pkgs }: with pkgs; [ hello ]\n", expect![""]);
        check(&super::LINT, "{ pkgs }: { a = with pkgs; [ hello ]; b = with pkgs; hello; }\n", expect![""]);
    }
}
