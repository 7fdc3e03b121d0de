//! `dangling-follows`: a `follows` that leads nowhere.

use nixscope_fleet::Lock;

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits;
use crate::flake_inputs::{DeclaredInput, FlakeInputs, Text};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "dangling-follows",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a `follows` to an input that is not there, or of one that is not there",
    page: r#"
`follows` names an input that the flake does not have: Nix refuses to evaluate anything. Or it is said of an input that the
other flake does not have (any more): then it does nothing, and Nix warns; such a finding is a warning.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  inputs.agenix.inputs.nixpkgs.follows = "nixpgks"; # error
  outputs = { self, nixpkgs, agenix }: { };
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
```

## When it is fine

`follows = ""` takes an input away.

## Source

The Nix manual, [`nix flake`, "Flake inputs"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#flake-inputs).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let Some(flake) = FlakeInputs::read(cx) else { return };
    let lock = flake.lock().map(|(_, lock)| lock);
    for input in &flake.inputs {
        if let Some(follows) = input.follows {
            found.extend(target(cx, &flake, lock, follows));
        }
        let node = lock.and_then(|lock| Some((lock, lock.input(lock.root(), input.name)?)));
        inner(cx, &flake, lock, input, node, found);
    }
}

/// What is said of the inputs of an input, whose node in the lock file is `node`.
fn inner(
    cx: &FleetContext<'_>,
    flake: &FlakeInputs<'_>,
    lock: Option<&Lock>,
    input: &DeclaredInput<'_>,
    node: Option<(&Lock, &str)>,
    found: &mut Vec<Diagnostic>,
) {
    for it in &input.inner {
        if let Some(follows) = it.follows {
            found.extend(target(cx, flake, lock, follows));
        }
        let mut next = None;
        if let Some((lock, node)) = node {
            let own: Vec<&str> = lock.inputs(node).collect();
            if !own.contains(&it.name) && input.follows.is_none() {
                found.push(unknown_input(flake, input, it, &own));
                continue;
            }
            next = lock.input(node, it.name).map(|node| (lock, node));
        }
        inner(cx, flake, lock, it, next, found);
    }
}

/// A `follows` of an input that the other flake does not have.
fn unknown_input(
    flake: &FlakeInputs<'_>,
    input: &DeclaredInput<'_>,
    it: &DeclaredInput<'_>,
    own: &[&str],
) -> Diagnostic {
    let near = names::nearest(it.name, own.iter().copied());
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let message = match input.is_flake {
        true => format!("`{}` has no input `{}`: this does nothing{hint}", input.name, it.name),
        false => format!("`{}` is not used as a flake (`flake = false`): this does nothing", input.name),
    };
    let place = flake.cx.name_range(it.place);
    let mut finding = Diagnostic::new(&LINT, flake.cx.file, place, message);
    finding.level = Level::Warning;
    if let Some(near) = near.filter(|_| flake.cx.slice(place) == it.name) {
        let edit = edits::replace(&flake.cx, place, near);
        finding.fix = Some(Fix::risky(format!("Write `{near}`"), vec![edit]));
    }
    finding
}

/// A `follows` to what is not there.
fn target(
    cx: &FleetContext<'_>,
    flake: &FlakeInputs<'_>,
    lock: Option<&Lock>,
    follows: Text<'_>,
) -> Option<Diagnostic> {
    let mut steps = follows.text.split('/');
    let first = steps.next().filter(|it| !it.is_empty())?;
    let range = flake.cx.range(follows.expr);
    // An argument of `outputs` is an input too.
    let names = || cx.fleet.inputs.iter().map(|it| it.name.as_str());
    if !names().any(|it| it == first) {
        let near = names::nearest(first, names());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("this flake has no input `{first}`: Nix evaluates nothing of it{hint}");
        let mut finding = Diagnostic::new(&LINT, flake.cx.file, range, message);
        if let Some(near) = near {
            let text = flake.cx.slice(range).replacen(first, near, 1);
            finding.fix =
                Some(Fix::risky(format!("Write `{near}`"), vec![edits::replace(&flake.cx, range, text)]));
        }
        return Some(finding);
    }
    let lock = lock?;
    let mut node = lock.input(lock.root(), first)?;
    let mut way = first.to_string();
    for step in steps {
        let own: Vec<&str> = lock.inputs(node).collect();
        if !own.contains(&step) {
            let near = names::nearest(step, own.iter().copied());
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message =
                format!("the input `{way}` has no input `{step}`: Nix evaluates nothing of this flake{hint}");
            return Some(Diagnostic::new(&LINT, flake.cx.file, range, message));
        }
        node = lock.input(node, step)?;
        way = format!("{way}/{step}");
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn targets_and_sources() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    systems.follows = "utils/systems";
    broken.follows = "utils/sistems";
    utils = {
      url = "github:a/utils";
      inputs.systems.follows = "";
      inputs.nixpkg.follows = "nixpkgs";
      inputs.flake-parts.follows = "nixpkg";
    };
    files = { url = "github:a/files"; flake = false; inputs.nixpkgs.follows = "nixpkgs"; };
    new = { url = "github:a/new"; inputs.anything.follows = "indirect"; };
  };
  outputs = { self, nixpkgs, indirect, ... }: { };
}
#- /repo/a.nix
1
#- /repo/flake.lock
{ "root": "root", "nodes": {
  "nixpkgs": { }, "files": { }, "systems": { },
  "utils": { "inputs": { "nixpkgs": ["nixpkgs"], "systems": "systems", "flake-parts": "systems" } },
  "root": { "inputs": { "nixpkgs": "nixpkgs", "utils": "utils", "files": "files", "systems": ["utils", "systems"] } }
} }
"#,
            expect![[r#"
                flake.nix:5:22 `"utils/sistems"` error: the input `utils` has no input `sistems`: Nix evaluates nothing of this flake; did you mean `systems`?
                flake.nix:9:14 `nixpkg` warning: `utils` has no input `nixpkg`: this does nothing; did you mean `nixpkgs`?
                    unsafe: Write `nixpkgs` => inputs.nixpkgs.follows = "nixpkgs";
                flake.nix:10:36 `"nixpkg"` error: this flake has no input `nixpkg`: Nix evaluates nothing of it; did you mean `nixpkgs`?
                    unsafe: Write `nixpkgs` => inputs.flake-parts.follows = "nixpkgs";
                flake.nix:12:61 `nixpkgs` warning: `files` is not used as a flake (`flake = false`): this does nothing
            "#]],
        );
    }
}
