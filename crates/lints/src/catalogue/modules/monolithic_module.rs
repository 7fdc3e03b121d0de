//! `monolithic-module`: a module file that is too long to read.

use nixscope_syntax::{TextRange, TextSize};

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

/// From how many lines on a module is long.
const LIMIT: usize = 500;

pub(super) static LINT: Lint = Lint {
    name: "monolithic-module",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a module of over 500 lines",
    page: r#"
A module of many hundred lines does more than one thing. Files of one concern each are found by name, imported by the
hosts that need them, and conflict less.

Only files that some host imports are counted, and none that a program wrote.

## Example

```nix
{
  # Five hundred lines and more.
}
```

## Use instead

```nix
{
  imports = [
    ./nginx.nix
    ./postgresql.nix
  ];
}
```
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    for (file, hosts) in closure_files(cx) {
        let cx = FileContext::new(cx.db, cx.project, *file);
        let lines = cx.text.lines().count();
        if lines <= LIMIT || cx.relative_path() == "flake.nix" || cx.is_generated() {
            continue;
        }
        let message = format!("this module has {lines} lines: files of one concern each are easier to find");
        let first = cx.text.lines().next().unwrap_or("");
        let range = TextRange::up_to(TextSize::of(first));
        let mut finding = Diagnostic::new(&LINT, *file, range, message);
        finding.hosts.clone_from(hosts);
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    fn fleet(lines: usize, head: &str) -> String {
        let body: String = (0..lines).map(|at| format!("  environment.etc.f{at}.text = \"\";\n")).collect();
        format!(
            "#- /flake.nix\n{{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n  outputs = {{ nixpkgs, ... }}: {{\n    \
             nixosConfigurations.web = nixpkgs.lib.nixosSystem {{ modules = [ ./web.nix ]; }};\n  }};\n}}\n\
             #- /web.nix\n{head}{{\n{body}}}\n#- /other.nix\n{{\n{body}}}\n"
        )
    }

    #[test]
    fn only_what_a_host_imports() {
        check_fleet(
            &super::LINT,
            &fleet(500, ""),
            expect![[r#"
            web.nix:1:1 `{` hint: this module has 502 lines: files of one concern each are easier to find
                hosts web
        "#]],
        );
        check_fleet(&super::LINT, &fleet(498, ""), expect![""]);
        check_fleet(&super::LINT, &fleet(500, "# Do not modify this file!\n"), expect![""]);
    }
}
