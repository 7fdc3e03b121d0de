//! `stale-lock-entry`: an entry of `flake.lock` that `flake.nix` does not ask for.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::flake_inputs::{FlakeInputs, lock_entry};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "stale-lock-entry",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "an entry of `flake.lock` that `flake.nix` does not ask for",
    page: r#"
`flake.lock` has an input that `flake.nix` does not declare (any more), or is locked to another repository or branch than
`flake.nix` names. Nix brings the two together the next time it may write the lock file; until then, what is locked is not what
one reads.

`nix flake lock` mends it.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11"; # error
  outputs = { self, nixpkgs }: { };
}
#- /repo/flake.lock
{
  "nodes": {
    "nixpkgs": { "original": { "type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.05" } },
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
  outputs = { self, nixpkgs }: { };
}
#- /repo/flake.lock
{
  "nodes": {
    "nixpkgs": { "original": { "type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.11" } },
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
    let Some((file, lock)) = flake.lock() else { return };
    let text = file.text(cx.db).as_str();
    for name in lock.inputs(lock.root()) {
        // An argument of `outputs` is an input too.
        let is_known = flake.get(name).is_some() || cx.fleet.inputs.iter().any(|it| it.name == name);
        if !is_known {
            let message = format!(
                "`flake.nix` declares no input `{name}`: `nix flake lock` removes what is left of it here"
            );
            found.push(Diagnostic::new(&LINT, file, lock_entry(text, lock.root(), name), message));
        }
    }
    for input in &flake.inputs {
        let Some(url) = input.url.filter(|_| input.follows.is_none()) else { continue };
        let Some(wanted) = Forge::parse(url.text) else { continue };
        let Some(node) = lock.input(lock.root(), input.name) else { continue };
        let original = |name: &str| lock.text(node, &format!("/original/{name}"));
        if original("type") != Some(wanted.kind) || lock.is_followed(lock.root(), input.name) {
            continue;
        }
        let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            (a, b) => a.is_none() == b.is_none(),
        };
        let is_same = same(original("owner"), Some(wanted.owner))
            && same(original("repo"), Some(wanted.repo))
            && same(original("ref").or(original("rev")), wanted.branch);
        if is_same {
            continue;
        }
        let locked = [original("owner"), original("repo"), original("ref").or(original("rev"))];
        let shown: Vec<&str> = locked.into_iter().flatten().collect();
        let message = format!(
            "`flake.lock` still has `{}:{}` for `{}`: run `nix flake lock`",
            wanted.kind,
            shown.join("/"),
            input.name
        );
        let entry = lock_entry(text, lock.root(), input.name);
        let finding = Diagnostic::new(&LINT, flake.cx.file, flake.cx.range(url.expr), message);
        found.push(finding.with_related(file, entry, "what is locked"));
    }
}

/// A reference to a repository of a forge. Source: the Nix manual, "Flake references".
struct Forge<'a> {
    kind: &'a str,
    owner: &'a str,
    repo: &'a str,
    branch: Option<&'a str>,
}

impl Forge<'_> {
    fn parse(url: &str) -> Option<Forge<'_>> {
        let (kind, rest) = url.split_once(':')?;
        if !matches!(kind, "github" | "gitlab" | "sourcehut") || rest.contains(['%', '#']) {
            return None;
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        let (owner, repo) = (parts.next()?, parts.next()?);
        let mut branch = parts.next().filter(|it| !it.is_empty());
        for pair in query.split('&').filter(|it| !it.is_empty()) {
            match pair.split_once('=')? {
                ("ref" | "rev", value) => branch = Some(value),
                ("dir", _) => {}
                _ => return None,
            }
        }
        Some(Forge { kind, owner, repo, branch })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn what_is_not_asked_for() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs = {
    nixpkgs.url = "github:/nixos/nixpkgs?ref=nixos-25.11";
    same.url = "github:a/b/main?dir=sub";
    slash.url = "github:a/slash/";
    follows.follows = "nixpkgs";
    other.url = "git+https://example.org/x";
    moved.url = "github:new/b";
  };
  outputs = { self, nixpkgs, indirect, ... }: { };
}
#- /repo/a.nix
1
#- /repo/flake.lock
{ "root": "root", "nodes": {
  "indirect": { "inputs": { "gone": "gone" } },
  "gone": { },
  "nixpkgs": { "original": { "type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "nixos-25.11" } },
  "same": { "original": { "type": "github", "owner": "a", "repo": "b", "ref": "main", "dir": "sub" } },
  "slash": { "original": { "type": "github", "owner": "a", "repo": "slash" } },
  "moved": { "original": { "type": "github", "owner": "old", "repo": "b" } },
  "other": { "original": { "type": "git", "url": "https://example.org/y" } },
  "root": { "inputs": { "nixpkgs": "nixpkgs", "same": "same", "slash": "slash", "follows": ["nixpkgs"], "indirect": "indirect", "gone": "gone",
    "other": "other", "moved": "moved" } }
} }
"#,
            expect![[r#"
                flake.lock:9:129 `"gone"` warning: `flake.nix` declares no input `gone`: `nix flake lock` removes what is left of it here
                flake.nix:8:17 `"github:new/b"` warning: `flake.lock` still has `github:old/b` for `moved`: run `nix flake lock`
                    at flake.lock:10:23 `"moved"`: what is locked
            "#]],
        );
    }
}
