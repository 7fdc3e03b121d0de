//! `nix-env-in-script`: `nix-env -i` in a script.

use nixscope_hir::{Expr, ExprId, StrPart};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "nix-env-in-script",
    group: Group::Secrets,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`nix-env -i` in a script or alias",
    page: r#"
`nix-env -i` installs into a profile that no configuration knows of: it is not updated with the system, not rolled
back with it, and hides the version that the configuration installs.

## Example

```nix
{
  environment.shellAliases.install = "nix-env -iA nixos.hello"; # error
}
```

## Use instead

```nix
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.hello ];
}
```
"#,
    check: Check::Exprs(&[ExprKind::Str], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let installs = match &cx.body.exprs[id] {
        Expr::Str(text) => installs(text),
        Expr::Interpolated(parts) => {
            parts.iter().any(|part| matches!(part, StrPart::Text(text) if installs(text)))
        }
        _ => false,
    };
    if installs {
        let message = "`nix-env -i` installs past the configuration: put the package into it";
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
    }
}

/// Whether a line of a script that is no comment installs something.
fn installs(text: &str) -> bool {
    text.contains("nix-env")
        && text.lines().filter(|line| !line.trim_start().starts_with('#')).any(|line| {
            line.split("nix-env").skip(1).any(|rest| {
                rest.split_whitespace()
                    .take_while(|word| !word.starts_with(['|', ';', '&']))
                    .any(|word| word == "--install" || (word.starts_with("-i") && word.len() <= 4))
            })
        })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn only_what_installs() {
        check(
            &super::LINT,
            "{ p }: { a = \"nix-env --list-generations\"; b = \"nix-env -p ${p} --set x\"; c = ''\n  # nix-env -i x\n''; d = ''\n  nix-env -f . -iA ${p}\n''; e = ''\n  nix-env --install ${p}\n''; }\n",
            expect![[r#"
                3:9 `'' nix-env -f . -iA ${p} ''` hint: `nix-env -i` installs past the configuration: put the package into it
                5:9 `'' nix-env --install ${p} ''` hint: `nix-env -i` installs past the configuration: put the package into it
            "#]],
        );
    }
}
