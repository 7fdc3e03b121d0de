//! `fetch-without-hash`: a download that says not what it must be.

use nixscope_hir::Expr;

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Known, bindings};
use crate::shapes::last_name;

pub(super) static LINT: Lint = Lint {
    name: "fetch-without-hash",
    group: Group::Packages,
    level: Level::Error,
    since: "0.1.0",
    summary: "a download without a hash",
    page: r#"
What is fetched without a hash may be another thing tomorrow. The fetchers of nixpkgs refuse to build it.
`builtins.fetchTarball` and its kin are allowed to when evaluation is impure, which in a flake it is not:
reported are those in modules of the flake's hosts.

## Example

```nix
{ fetchFromGitHub }:
fetchFromGitHub { # error
  owner = "example";
  repo = "greeter";
  rev = "v1.0";
}
```

## Use instead

```nix
{ fetchFromGitHub }:
fetchFromGitHub {
  owner = "example";
  repo = "greeter";
  rev = "v1.0";
  hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}
```

## When it is fine

`builtins.fetchGit` and `fetchTree` need only a revision.

## Source

The nixpkgs manual, ["Fetchers"](https://nixos.org/manual/nixpkgs/stable/#chap-pkgs-fetchers); the Nix manual,
[`fetchTarball`](https://nix.dev/manual/nix/latest/language/builtins#builtins-fetchTarball).
"#,
    check: Check::Both(check, check_fleet),
};

/// nixpkgs' fetchers that take one set.
const FETCHERS: &[&str] = &[
    "fetchFromBitbucket",
    "fetchFromCodeberg",
    "fetchFromGitHub",
    "fetchFromGitLab",
    "fetchFromGitea",
    "fetchFromSourcehut",
    "fetchgit",
    "fetchpatch",
    "fetchurl",
    "fetchzip",
];

/// Attributes that say what is fetched, or that somebody else will.
const HASHES: &[&str] = &["hash", "sha256", "sha512", "sha1", "md5", "outputHash", "narHash"];

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if cx.is_broken() {
        return;
    }
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::Apply { function, args } = expr else { continue };
        let name = match names::known(cx.body, *function) {
            Some(Known::Pkgs(name)) => Some(name),
            Some(_) => None,
            None => last_name(cx, *function),
        };
        let Some(name) = name.filter(|name| FETCHERS.contains(name)) else { continue };
        let [argument] = args.as_ref() else { continue };
        let Some(bindings) = bindings(&cx.body.exprs[*argument]) else { continue };
        let has = |wanted: &str| bindings.named.iter().any(|it| it.name.as_str() == wanted);
        // What has no source at all is another function of the same name.
        let is_fetch = has("url") || has("urls") || has("owner");
        if !is_fetch || !bindings.dynamic.is_empty() || HASHES.iter().any(|it| has(it)) {
            continue;
        }
        let message = format!("`{name}` without a `hash`: nixpkgs does not build it");
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(id).cover(cx.range(*function)), message));
    }
}

fn check_fleet(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    for (file, hosts) in closure_files(cx) {
        let file = *file;
        let cx = FileContext::new(cx.db, cx.project, file);
        for (id, expr) in cx.body.exprs.iter() {
            let Expr::Apply { args, .. } = expr else { continue };
            let Some((Known::Builtin(name @ ("fetchTarball" | "fetchurl")), _)) = names::applied(cx.body, id)
            else {
                continue;
            };
            let [argument] = args.as_ref() else { continue };
            let is_bare = match &cx.body.exprs[*argument] {
                Expr::Str(_) => true,
                Expr::Attrs(bindings) => {
                    let has = |wanted: &str| bindings.named.iter().any(|it| it.name.as_str() == wanted);
                    bindings.dynamic.is_empty() && has("url") && !HASHES.iter().any(|it| has(it))
                }
                _ => false,
            };
            if !is_bare {
                continue;
            }
            let message =
                format!("`builtins.{name}` without a `sha256` is refused in a flake: evaluation is pure");
            let mut finding = Diagnostic::new(&LINT, file, cx.range(id), message);
            finding.hosts.clone_from(hosts);
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_fleet};

    #[test]
    fn what_may_have_one_is_silent() {
        check(
            &super::LINT,
            "{ fetchurl, pkgs, x }: [ (fetchurl { url = x; inherit (x) hash; }) (pkgs.fetchurl x) (builtins.fetchurl { url = x; }) (pkgs.fetchzip { ${x} = x; url = x; }) ]\n",
            expect![""],
        );
    }

    #[test]
    fn builtins_in_a_module_of_a_host() {
        check_fleet(
            &super::LINT,
            r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ imports = [ "${builtins.fetchTarball "https://example.org/a.tar.gz"}/module.nix" ]; }
#- /shell.nix
import (builtins.fetchTarball "https://example.org/nixpkgs.tar.gz") { }
"#,
            expect![[r#"
                web.nix:1:18 `builtins.fetchTarball "https://example.org/a.tar.gz"` error: `builtins.fetchTarball` without a `sha256` is refused in a flake: evaluation is pure
                    hosts web
            "#]],
        );
    }
}
