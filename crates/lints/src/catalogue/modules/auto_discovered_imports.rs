//! `auto-discovered-imports`: modules found by reading a directory.

use nixscope_hir::{BindingValue, ExprId};
use rustc_hash::FxHashSet;

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Bound};
use crate::outline::for_each_child;

pub(super) static LINT: Lint = Lint {
    name: "auto-discovered-imports",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`imports` built by reading a directory",
    page: r#"
Every file that happens to be in the directory becomes part of the host: also one that was left there, and one of
another branch. No file says any more what a host consists of.

## Example

```nix
{ lib, ... }:
{
  imports = map (name: ./services + "/${name}") (lib.attrNames (builtins.readDir ./services)); # error
}
```

## Use instead

```nix
{ lib, ... }:
{
  imports = [
    ./services/nginx.nix
    ./services/postgresql.nix
  ];
}
```

## When it is fine

Where a repository does so on purpose, with a rule that everybody in it knows. Turn the lint off there.
"#,
    check: Check::Exprs(&[ExprKind::Attrs], check),
};

/// How many expressions are looked at for one list.
const MAX_STEPS: usize = 2_000;

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some(bindings) = names::bindings(&cx.body.exprs[id]) else { return };
    let imports = bindings.named.iter().find(|it| it.name.as_str() == "imports");
    let Some(BindingValue::Expr(value)) = imports.map(|it| it.value) else { return };
    let Some(reader) = reader(cx, value) else { return };
    let message = "these imports are whatever is in the directory: nothing says what the host consists of";
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(value), message).with_related(
        cx.file,
        cx.range(reader),
        "read here",
    ));
}

/// Where a value reads a directory, also through `let`s.
fn reader(cx: &FileContext<'_>, value: ExprId) -> Option<ExprId> {
    let mut seen: FxHashSet<ExprId> = FxHashSet::default();
    let mut open = vec![value];
    while let Some(expr) = open.pop() {
        if seen.len() > MAX_STEPS || !seen.insert(expr) {
            continue;
        }
        if let Some((function, _)) = names::applied(cx.body, expr)
            && matches!(function.library(), Some("readDir" | "listFilesRecursive"))
        {
            return Some(expr);
        }
        if let Some(Bound::Expr(next)) = names::bound(cx.body, expr) {
            open.push(next);
        }
        for_each_child(&cx.body.exprs[expr], &mut |child| open.push(child));
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn through_a_let() {
        check(
            &super::LINT,
            "{ lib, ... }:\nlet files = lib.filesystem.listFilesRecursive ./modules; in\n{ imports = lib.filter (x: true) files; a = builtins.readDir ./.; }\n",
            expect![[r#"
                3:13 `lib.filter (x: true) files` hint: these imports are whatever is in the directory: nothing says what the host consists of
                    at 2:13 `lib.filesystem.listFilesRecursive ./modules`: read here
            "#]],
        );
        check(&super::LINT, "{ imports = [ ./a.nix ]; a = builtins.readDir ./.; }\n", expect![""]);
    }
}
