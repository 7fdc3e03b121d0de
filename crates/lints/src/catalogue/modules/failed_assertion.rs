//! `failed-assertion`: an assertion of a module that does not hold on a host.

use nixscope_eval::modules::show_option_path;
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{Host, Notice, host_option};
use nixscope_hir::{AttrName, Body, Expr};

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::notices::report;
use crate::problems::problems;

pub(super) static LINT: Lint = Lint {
    name: "failed-assertion",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an assertion of a module that does not hold",
    page: r#"
A module checks what it needs with `assertions`, and on a host the condition is false. Building the host fails with the
message of the assertion; this says so beforehand.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 0; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; } # error
  ];
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 60; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; }
  ];
}
```

## Source

The NixOS manual, ["Warnings and Assertions"](https://nixos.org/manual/nixos/stable/#sec-assertions).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let notices = problems(cx).flat_map(|(host, all)| all.assertions.iter().map(move |it| (host, it)));
    let notices = notices.filter(|(host, notice)| !asks_for_more(cx, host, notice));
    report(cx, &LINT, "this assertion fails", notices, found);
}

/// Whether the condition reads a list or a set of NixOS's own: what nixpkgs adds to it is not known.
fn asks_for_more(cx: &FleetContext<'_>, host: &Host, notice: &Notice) -> bool {
    let Some(SourcePlace { source, kind: PlaceKind::Expr(raw) }) = notice.place else { return false };
    let file = FileContext::new(cx.db, cx.project, source);
    let Some(whole) = file.node(file.range(Body::expr_from_raw(raw))).map(|it| it.text_range()) else {
        return false;
    };
    let Some((_, index)) = cx.fleet.hosts.iter().find(|(it, _)| it == host) else { return false };
    let is_own =
        |path: &str| index.options.iter().any(|it| is_around(&it.path, path) || is_around(path, &it.path));
    file.body.exprs.iter().filter(|(id, _)| whole.contains_range(file.range(*id))).any(|(_, expr)| {
        let Expr::Select { base, path, .. } = expr else { return false };
        let Some(mut read) = names::access(file.body, *base).map(|it| it.names) else { return false };
        // Of a computed name, what it is selected from.
        read.extend(path.iter().map_while(AttrName::as_static));
        if read.len() < 2 || read[0].as_str() != "config" {
            return false;
        }
        let path = show_option_path(&read[1..]);
        if is_own(&path) {
            return false;
        }
        let option = host_option(cx.db, cx.project, host.output.clone(), host.name.clone(), path.into());
        option.value.as_ref().is_none_or(|value| value.starts_with(['[', '{']))
    })
}

/// Whether one path leads to the other.
fn is_around(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn names_the_hosts() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, ... }: {
  options.harbour.mode = lib.mkOption { type = lib.types.str; default = \"day\"; };
  config.boot.kernelParams = [ \"debug\" ];
  config.networking.firewall.allowedTCPPorts = [ 1 ];
  config.assertions = [
    { assertion = config.harbour.mode == \"night\"; message = \"It must be\\n  night.\"; }
    { assertion = config.services.nginx.enable; message = \"Not known.\"; }
    { assertion = true; message = \"It holds.\"; }
    { assertion = builtins.elem \"quiet\" config.boot.kernelParams; message = \"NixOS adds others.\"; }
    { assertion = let ports = \"allowedTCPPorts\"; in config.networking.firewall.${ports} == [ ]; message = \"So it does.\"; }
  ];
}",
            ),
            expect![[r#"
                m.nix:6:5 `{ assertion = config.harbour.mode == "night"; message = "It must be\n night."; }` error: this assertion fails on db and web: It must be night.
                    hosts db web
                    at flake.nix:5:25 `db`: the host db
                    at flake.nix:9:25 `web`: the host web
            "#]],
        );
    }

    #[test]
    fn not_under_a_condition_that_is_false_or_not_known() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: {
  config = lib.mkMerge [
    (lib.mkIf false { assertions = [ { assertion = false; message = \"a\"; } ]; })
    (lib.mkIf config.services.nginx.enable { assertions = [ { assertion = false; message = \"b\"; } ]; })
  ];
}",
            ),
            expect![""],
        );
    }
}
