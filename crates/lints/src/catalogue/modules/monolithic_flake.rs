//! `monolithic-flake`: packages and modules written out in `flake.nix`.

use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::{derivation, may_be_module};

/// From how many lines on `flake.nix` is long.
const LIMIT: usize = 400;
/// From how many lines on a package or module should have a file of its own.
const PART: usize = 30;

pub(super) static LINT: Lint = Lint {
    name: "monolithic-flake",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a long `flake.nix`, or packages and modules written out in it",
    page: r#"
`flake.nix` says what there is: inputs, hosts, packages, modules. What each of them does belongs in a file of its own,
where it is found by name. Reported are a `flake.nix` of over 400 lines, and in it a package or module of over
30 lines.

## Example

```nix
{
  # Four hundred lines and more.
}
```

## Use instead

```nix
{
  outputs = { nixpkgs, ... }: {
    nixosModules.web = ./modules/web.nix;
    packages.x86_64-linux.greeter = nixpkgs.legacyPackages.x86_64-linux.callPackage ./greeter.nix { };
  };
}
```
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if cx.relative_path() != "flake.nix" || cx.is_broken() {
        return;
    }
    let lines = cx.text.lines().count();
    if lines > LIMIT {
        let message = format!(
            "`flake.nix` has {lines} lines: hosts, packages and modules belong in files of their own"
        );
        let first = cx.text.lines().next().unwrap_or("");
        let range = TextRange::up_to(TextSize::of(first));
        found.push(Diagnostic::new(&LINT, cx.file, range, message));
        return;
    }
    for (id, expr) in cx.body.exprs.iter() {
        let what = match expr {
            Expr::Apply { .. } if derivation(cx, id).is_some() => "package",
            Expr::Lambda(lambda) if is_module(cx, id, lambda) => "module",
            _ => continue,
        };
        let range = cx.range(id);
        let lines = cx.slice(range).lines().count();
        if lines > PART {
            let first = cx.slice(range).lines().next().unwrap_or("");
            let message =
                format!("a {what} of {lines} lines in `flake.nix`: it belongs in a file of its own");
            let range = TextRange::at(range.start(), TextSize::of(first));
            found.push(Diagnostic::new(&LINT, cx.file, range, message));
        }
    }
}

fn is_module(cx: &FileContext<'_>, id: ExprId, lambda: &nixscope_hir::Lambda) -> bool {
    let formals = lambda.formals.as_deref().unwrap_or_default();
    let asks = formals.iter().any(|it| matches!(it.name.as_str(), "config" | "lib" | "pkgs" | "options"));
    asks && lambda.open && may_be_module(cx, id, lambda)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn long_parts_of_it() {
        let lines = "            environment.etc.a.text = \"\";\n".repeat(30);
        let flake = format!(
            "#- /flake.nix\n{{\n  outputs = {{ nixpkgs, ... }}: {{\n    nixosConfigurations.web = nixpkgs.lib.nixosSystem {{\n      \
             modules = [\n        ({{ pkgs, ... }}: {{\n{lines}        }})\n      ];\n    }};\n  }};\n}}\n"
        );
        check(
            &super::LINT,
            &flake,
            expect![[r#"
            5:10 `{ pkgs, ... }: {` hint: a module of 32 lines in `flake.nix`: it belongs in a file of its own
        "#]],
        );
        check(
            &super::LINT,
            &flake.replacen("            environment.etc.a.text = \"\";\n", "", 3),
            expect![""],
        );
    }
}
