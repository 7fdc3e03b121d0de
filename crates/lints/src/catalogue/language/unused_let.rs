//! `unused-let`: a binding of a `let` that nothing uses.

use nixscope_hir::{BindingValue, Expr, ExprId, ScopeKind};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::remove_entry;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unused-let",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a `let` binding that nothing uses",
    page: r#"
Nothing in the file uses the name. It costs the reader time, and often it is the trace of a slip: a value
that was meant to be used. Bindings that only other unused bindings use, or only themselves, count as
unused too.

A name that begins with `_` is left alone.

## Example

```nix
let
  user = "alice";
  home = "/home/alice"; # error
in
{
  users.users.${user}.isNormalUser = true;
}
```

## Use instead

```nix
let
  user = "alice";
in
{
  users.users.${user}.isNormalUser = true;
}
```

## Source

[deadnix](https://github.com/astro/deadnix).
"#,
    check: Check::Exprs(&[ExprKind::Let], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Let { bindings, body } = &cx.body.exprs[id] else { return };
    let usage = cx.usage();
    let Some(scope) = let_scope(cx, id, *body) else { return };
    if usage.is_in_dead_code(id) {
        return;
    }
    for (slot, binding) in bindings.named.iter().enumerate() {
        let BindingValue::Expr(_) = binding.value else { continue };
        let name = binding.name.as_str();
        if name.starts_with('_') || !usage.is_dead(scope, slot) {
            continue;
        }
        let message = match usage.of_slot(scope, slot).is_empty() {
            true => format!("nothing uses `{name}`: remove it, or use it"),
            false => format!("nothing uses `{name}` but bindings that are unused themselves: remove it"),
        };
        let mut finding =
            Diagnostic::new(&LINT, cx.file, cx.name_range(binding.place), message).with_tag(Tag::Unnecessary);
        let further = cx.map.further_places().iter().filter(|(first, _)| *first == binding.place);
        let entry = cx.map.entry(binding.place);
        let mut edits = vec![remove_entry(cx, entry)];
        edits.extend(further.map(|(_, place)| remove_entry(cx, cx.map.entry(*place))));
        // What another dead binding still uses goes after that one is gone.
        if usage.is_only_used_by_itself(scope, slot) {
            finding = finding.with_fix(Fix::safe(format!("Remove `{name}`"), edits));
        }
        found.push(finding);
    }
}

/// The scope that a `let` opens.
pub(super) fn let_scope(cx: &FileContext<'_>, owner: ExprId, body: ExprId) -> Option<nixscope_hir::ScopeId> {
    let mut scope = cx.body.scope_of(body);
    while let Some(id) = scope {
        if cx.body.scopes[id].kind == ScopeKind::Let(owner) {
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
    fn what_only_dead_code_uses_is_dead() {
        check(
            &super::LINT,
            "let f = x: f x; a = 1; b = a; c = 2; in c\n",
            expect![[r#"
            1:5 `f` warning: nothing uses `f` but bindings that are unused themselves: remove it
                safe: Remove `f` => let a = 1; b = a; c = 2; in c
            1:17 `a` warning: nothing uses `a` but bindings that are unused themselves: remove it
            1:24 `b` warning: nothing uses `b`: remove it, or use it
                safe: Remove `b` => let f = x: f x; a = 1; c = 2; in c
        "#]],
        );
    }

    #[test]
    fn what_is_inside_of_it_is_not_said_again() {
        check(
            &super::LINT,
            "let a = let b = 1; in 2; in 3\n",
            expect![[r#"
            1:5 `a` warning: nothing uses `a`: remove it, or use it
                safe: Remove `a` => let in 3
        "#]],
        );
    }

    #[test]
    fn any_use_counts() {
        check(&super::LINT, "let a = 1; in { inherit a; }\n", expect![""]);
        check(&super::LINT, "let a = { b = 1; }; inherit (a) b; in b\n", expect![""]);
        check(&super::LINT, "let a.b = 1; a.c = 2; in \"${toString a.b}\"\n", expect![""]);
        check(&super::LINT, "let n = \"x\"; in { ${n} = 1; }\n", expect![""]);
        check(&super::LINT, "let a = 1; in with { b = 2; }; a\n", expect![""]);
        check(&super::LINT, "let _a = 1; in 2\n", expect![""]);
    }

    #[test]
    fn keeps_layout() {
        check(
            &super::LINT,
            "let\n  # of b\n  b.c = 1; # of c\n  b.d = 2;\nin 2\n",
            expect![[r#"
            3:3 `b` warning: nothing uses `b`: remove it, or use it
                safe: Remove `b` => # of c
        "#]],
        );
    }
}
