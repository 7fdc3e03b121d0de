//! `duplicate-nixpkgs`: an input that brings a nixpkgs of its own.

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::flake_inputs::{DeclaredInput, FlakeInputs};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "duplicate-nixpkgs",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an input that brings a nixpkgs of its own",
    page: r#"
An input is locked with a nixpkgs of its own. Each one more is fetched and evaluated, and its packages share nothing with those
of the hosts.

`inputs.nixpkgs.follows` makes the input use the flake's own nixpkgs.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix"; # error
  outputs = { self, nixpkgs, agenix }: { };
}
#- /repo/flake.lock
{
  "nodes": {
    "agenix": { "inputs": { "nixpkgs": "nixpkgs_2" } },
    "nixpkgs": { "locked": { "rev": "aaaaaaa" } },
    "nixpkgs_2": { "locked": { "rev": "bbbbbbb" } },
    "root": { "inputs": { "agenix": "agenix", "nixpkgs": "nixpkgs" } }
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
  inputs.agenix.url = "github:ryantm/agenix";
  inputs.agenix.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { self, nixpkgs, agenix }: { };
}
#- /repo/flake.lock
{
  "nodes": {
    "agenix": { "inputs": { "nixpkgs": [ "nixpkgs" ] } },
    "nixpkgs": { "locked": { "rev": "aaaaaaa" } },
    "root": { "inputs": { "agenix": "agenix", "nixpkgs": "nixpkgs" } }
  },
  "root": "root",
  "version": 7
}
```

## When it is fine

Where the input's own binary cache is used, which has what it builds with its own nixpkgs only. A second channel among the
flake's own inputs is not reported.

## Source

The Nix manual, [`nix flake`, "Flake inputs"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#flake-inputs).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let Some(flake) = FlakeInputs::read(cx) else { return };
    let Some((_, lock)) = flake.lock() else { return };
    let Some(own) = lock.input(lock.root(), NIXPKGS) else { return };
    for input in flake.inputs.iter().filter(|it| it.follows.is_none() && it.is_flake) {
        let Some(node) = lock.input(lock.root(), input.name) else { continue };
        let Some(theirs) = lock.input(node, NIXPKGS).filter(|_| !lock.is_followed(node, NIXPKGS)) else {
            continue;
        };
        let rev =
            |node: &str| lock.text(node, "/locked/rev").map(|rev| rev.chars().take(7).collect::<String>());
        // Inputs of one revision are one source.
        if theirs == own || rev(theirs) == rev(own) {
            continue;
        }
        let which = rev(theirs).map(|rev| format!(" (`{rev}`)")).unwrap_or_default();
        let message = format!(
            "`{}` brings a nixpkgs of its own{which}: with `inputs.nixpkgs.follows = \"nixpkgs\"` it uses this flake's",
            input.name
        );
        let mut finding = Diagnostic::new(&LINT, flake.cx.file, flake.cx.name_range(input.place), message);
        finding.fix = fix(&flake, input);
        found.push(finding);
    }
}

const NIXPKGS: &str = "nixpkgs";

/// Writes the `follows` behind the URL, in the manner in which that is written.
fn fix(flake: &FlakeInputs<'_>, input: &DeclaredInput<'_>) -> Option<Fix> {
    let cx = &flake.cx;
    let url = input.url.filter(|_| input.inner.is_empty())?;
    let settings = names::bindings(&cx.body.exprs[input.value?])?;
    let url = settings.named.iter().find(|it| it.value == nixscope_hir::BindingValue::Expr(url.expr))?;
    let entry = cx.map.entry(url.place);
    let text = cx.slice(entry);
    // `a.url` and `{ url = …; }`: what stands before `url` stands before `inputs` too.
    let written = cx.name_range(url.place);
    let before = text.get(..usize::from(written.start() - entry.start()))?;
    let line = cx.text.get(..usize::from(entry.start()))?;
    let line = &line[line.rfind('\n').map_or(0, |at| at + 1)..];
    let separator = if line.trim().is_empty() { format!("\n{line}") } else { " ".to_string() };
    let new_text = format!("{separator}{before}inputs.nixpkgs.follows = \"nixpkgs\";");
    let at = nixscope_syntax::TextRange::empty(entry.end());
    let edit = Edit { file: cx.file, range: at, new_text };
    Some(Fix::risky(format!("Let `{}` use this flake's nixpkgs", input.name), vec![edit]))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn inputs_that_bring_their_own() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
    a.url = "github:a/a";
    b = { url = "github:a/b"; };
    c = {
      url = "github:a/c";
    };
    d = { url = "github:a/d"; inputs.nixpkgs.follows = "nixpkgs"; };
    e.url = "github:a/e";
  };
  outputs = { self, nixpkgs, ... }: { };
}
#- /repo/a.nix
1
#- /repo/flake.lock
{ "root": "root", "nodes": {
  "nixpkgs": { "locked": { "rev": "aaaaaaaaaa" } }, "nixpkgs_2": { "locked": { "rev": "bbbbbbbbbb" } },
  "nixpkgs-unstable": { "locked": { "rev": "cccccccccc" } },
  "a": { "inputs": { "nixpkgs": "nixpkgs_2" } }, "b": { "inputs": { "nixpkgs": "nixpkgs_2" } },
  "c": { "inputs": { "nixpkgs": "nixpkgs_2" } }, "d": { "inputs": { "nixpkgs": ["nixpkgs"] } },
  "e": { "inputs": { "nixpkgs": "nixpkgs" } },
  "root": { "inputs": { "nixpkgs": "nixpkgs", "nixpkgs-unstable": "nixpkgs-unstable", "a": "a", "b": "b", "c": "c", "d": "d",
    "e": "e" } }
} }
"#,
            expect![[r#"
                flake.nix:5:5 `a` hint: `a` brings a nixpkgs of its own (`bbbbbbb`): with `inputs.nixpkgs.follows = "nixpkgs"` it uses this flake's
                    unsafe: Let `a` use this flake's nixpkgs => a.url = "github:a/a";
                flake.nix:6:5 `b` hint: `b` brings a nixpkgs of its own (`bbbbbbb`): with `inputs.nixpkgs.follows = "nixpkgs"` it uses this flake's
                    unsafe: Let `b` use this flake's nixpkgs => b = { url = "github:a/b"; inputs.nixpkgs.follows = "nixpkgs"; };
                flake.nix:7:5 `c` hint: `c` brings a nixpkgs of its own (`bbbbbbb`): with `inputs.nixpkgs.follows = "nixpkgs"` it uses this flake's
                    unsafe: Let `c` use this flake's nixpkgs => c = {
            "#]],
        );
    }
}
