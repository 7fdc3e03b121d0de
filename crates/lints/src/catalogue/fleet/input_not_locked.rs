//! `input-not-locked`: an input that `flake.lock` does not have.

use nixscope_db::EntryKind;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::flake_inputs::FlakeInputs;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "input-not-locked",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "an input that `flake.lock` does not have",
    page: r#"
`flake.nix` declares an input that `flake.lock` does not have. Where the lock file may not be written (in CI, in a pure
evaluation, for who uses the flake) nothing evaluates; elsewhere Nix fetches whatever is newest at that moment.

`nix flake lock` adds what is missing. A flake with hosts and without any `flake.lock` is a warning.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix"; # error
  outputs = { self, nixpkgs, agenix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
#- /repo/flake.lock
{
  "nodes": {
    "nixpkgs": { "locked": { "type": "github", "rev": "a" } },
    "root": { "inputs": { "nixpkgs": "nixpkgs" } }
  },
  "root": "root",
  "version": 7
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
#- /repo/flake.lock
{
  "nodes": {
    "nixpkgs": { "locked": { "type": "github", "rev": "a" } },
    "root": { "inputs": { "nixpkgs": "nixpkgs" } }
  },
  "root": "root",
  "version": 7
}
```

## Source

The Nix manual, [`nix flake`, "Lock files"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let Some(flake) = FlakeInputs::read(cx) else { return };
    let Some((_, lock)) = flake.lock() else {
        let path = cx.project.root(cx.db).join("flake.lock");
        let is_missing = nixscope_db::kind(cx.db, &path) == EntryKind::Missing;
        if is_missing && !cx.fleet.hosts.is_empty() && !flake.inputs.is_empty() {
            let message = "there is no `flake.lock`: every evaluation may get other inputs; make one with \
                           `nix flake lock`, and add it to git";
            let finding = Diagnostic::new(&LINT, flake.cx.file, flake.name, message);
            found.push(Diagnostic { level: Level::Warning, ..finding });
        }
        return;
    };
    let locked: Vec<&str> = lock.inputs(lock.root()).collect();
    let mut missing = flake.inputs.iter().filter(|it| !locked.contains(&it.name));
    let Some(first) = missing.next() else { return };
    let others: Vec<_> = missing.collect();
    let which = match others.as_slice() {
        [] => format!("the input `{}` is", first.name),
        [one] => format!("the inputs `{}` and `{}` are", first.name, one.name),
        _ => format!("the input `{}` and {} others are", first.name, others.len()),
    };
    let message = format!(
        "{which} not in `flake.lock`: where that may not be written, nothing evaluates; run `nix flake lock`"
    );
    let place = flake.cx.name_range(first.place);
    let mut finding = Diagnostic::new(&LINT, flake.cx.file, place, message);
    for other in others {
        finding = finding.with_related(
            flake.cx.file,
            flake.cx.name_range(other.place),
            "this is not locked either",
        );
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    const FLAKE: &str = r#"
#- /repo/flake.nix
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    tools = { url = "github:a/b"; flake = false; };
    more.url = "github:a/more";
  };
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
#- /repo/a.nix
1
"#;

    #[test]
    fn one_input_or_all() {
        check_fleet(
            &super::LINT,
            FLAKE,
            expect![[r#"
            flake.nix:2:3 `inputs` warning: there is no `flake.lock`: every evaluation may get other inputs; make one with `nix flake lock`, and add it to git
        "#]],
        );
        let lock = r#"#- /repo/flake.lock
{ "root": "root", "nodes": { "root": { "inputs": { "nixpkgs": "nixpkgs" } }, "nixpkgs": { } } }
"#;
        check_fleet(
            &super::LINT,
            &format!("{FLAKE}{lock}"),
            expect![[r#"
                flake.nix:4:5 `tools` error: the inputs `tools` and `more` are not in `flake.lock`: where that may not be written, nothing evaluates; run `nix flake lock`
                    at flake.nix:5:5 `more`: this is not locked either
            "#]],
        );
        let computed = FLAKE.replace("inputs = {", "inputs = import ./a.nix // {");
        check_fleet(&super::LINT, &format!("{computed}{lock}"), expect![""]);
        check_fleet(&super::LINT, &format!("{FLAKE}#- /repo/flake.lock\n<<<<"), expect![""]);
    }
}
