//! `cross-host-cycle`: options of several hosts that need each other.

use std::collections::BTreeSet;

use nixscope_db::SourceFile;
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{HostReference, ReferenceStatus, needs_itself};
use nixscope_hir::Body;
use nixscope_syntax::TextRange;
use smol_str::SmolStr;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;
use crate::target::target;

pub(super) static LINT: Lint = Lint {
    name: "cross-host-cycle",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "an option that needs another host's, which needs the first again",
    page: r#"
The configuration of one host reads an option of another one, whose value reads the first option again. Nix stops with
"infinite recursion encountered", for both hosts, and names places of nixpkgs rather than the two that matter.

One of the two has to be written out, or both be taken from a third place.

## Example

```nix
#- /repo/beacon.nix
{ self, ... }:
{
  networking.domain = self.nixosConfigurations.ferry.config.networking.domain; # error
}
#- /repo/ferry.nix
{ self, ... }:
{
  networking.domain = self.nixosConfigurations.beacon.config.networking.domain;
}
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./beacon.nix ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./ferry.nix ];
    };
  };
}
```

## Use instead

```nix
#- /repo/beacon.nix
{
  networking.domain = "harbour.example";
}
#- /repo/ferry.nix
{ self, ... }:
{
  networking.domain = self.nixosConfigurations.beacon.config.networking.domain;
}
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./beacon.nix ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./ferry.nix ];
    };
  };
}
```

## When it is fine

Hosts may read each other's *different* options. Reported is only what evaluating the options confirms.

## Source

The Nix manual, ["Values"](https://nix.dev/manual/nix/latest/language/evaluation), on lazy evaluation.
"#,
    check: Check::Fleet(check),
};

/// A definition of a host that reads another host's option.
struct Edge<'a> {
    output: &'a SmolStr,
    host: &'a SmolStr,
    /// The option that is defined.
    option: SmolStr,
    /// The host and the option that are read.
    reads: (&'a SmolStr, &'a SmolStr),
    place: (SourceFile, TextRange),
}

/// Longer chains of hosts are not followed.
const MAX_LENGTH: usize = 6;

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let edges = edges(cx);
    let mut reported: BTreeSet<Vec<usize>> = BTreeSet::new();
    for start in 0..edges.len() {
        let Some(cycle) = cycle_from(&edges, start, &mut vec![start]) else { continue };
        let mut members = cycle.clone();
        members.sort_unstable();
        if reported.contains(&members) || !is_confirmed(cx, &edges[start]) {
            continue;
        }
        reported.insert(members);
        found.push(finding(&edges, &cycle));
    }
}

/// The reads of other hosts that stand in a definition.
fn edges<'a>(cx: &FleetContext<'a>) -> Vec<Edge<'a>> {
    let mut out = Vec::new();
    for (host, index) in &cx.fleet.hosts {
        let certain = |it: &&HostReference| it.status == ReferenceStatus::Resolved && !it.guarded;
        for reference in index.references.iter().filter(certain) {
            let read = reference.host.as_ref().filter(|it| **it != host.name);
            let (Some(read), Some(place), Some(option)) =
                (read, own_range(cx, reference.place), defined_at(cx, reference.place))
            else {
                continue;
            };
            let reads = (read, &reference.path);
            out.push(Edge { output: &host.output, host: &host.name, option, reads, place });
        }
    }
    out
}

/// The option in whose definition an expression stands.
fn defined_at(cx: &FleetContext<'_>, place: SourcePlace) -> Option<SmolStr> {
    let PlaceKind::Expr(raw) = place.kind else { return None };
    let cx = FileContext::new(cx.db, cx.project, place.source);
    let expr = Body::expr_from_raw(raw);
    let mut around = std::iter::once(expr).chain(cx.outline.ancestors(expr));
    around.find_map(|expr| target(&cx, expr).filter(|it| it.in_module)?.option_path()).map(SmolStr::from)
}

/// The edges of the shortest way that leads from one back to itself.
fn cycle_from(edges: &[Edge<'_>], start: usize, way: &mut Vec<usize>) -> Option<Vec<usize>> {
    let (host, option) = edges[*way.last()?].reads;
    let leads_to = |edge: &Edge<'_>| edge.host == host && is_within(&edge.option, option);
    if leads_to(&edges[start]) {
        return Some(way.clone());
    }
    if way.len() >= MAX_LENGTH {
        return None;
    }
    for next in (0..edges.len()).filter(|it| leads_to(&edges[*it])) {
        if !way.contains(&next) {
            way.push(next);
            if let Some(cycle) = cycle_from(edges, start, way) {
                return Some(cycle);
            }
            way.pop();
        }
    }
    None
}

/// Whether one option is the other or lies in it.
fn is_within(a: &str, b: &str) -> bool {
    let below =
        |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    below(a, b) || below(b, a)
}

fn is_confirmed(cx: &FleetContext<'_>, edge: &Edge<'_>) -> bool {
    needs_itself(cx.db, cx.project, edge.output.clone(), edge.host.clone(), edge.option.clone())
}

fn finding(edges: &[Edge<'_>], cycle: &[usize]) -> Diagnostic {
    let first = &edges[cycle[0]];
    let mut way = format!("`{}` of {}", first.option, first.host);
    for edge in cycle.iter().map(|it| &edges[*it]) {
        way = format!("{way} needs `{}` of {}", edge.reads.1, edge.reads.0);
        if edge.place != edges[cycle[cycle.len() - 1]].place {
            way.push_str(", which");
        }
    }
    let message = format!("infinite recursion between hosts: {way} again");
    let mut finding = Diagnostic::new(&LINT, first.place.0, first.place.1, message);
    for edge in cycle[1..].iter().map(|it| &edges[*it]) {
        let what =
            format!("`{}` of {} is read for `{}` of {}", edge.reads.1, edge.reads.0, edge.option, edge.host);
        finding = finding.with_related(edge.place.0, edge.place.1, what);
    }
    finding.hosts = cycle.iter().map(|it| edges[*it].host.clone()).collect();
    finding.hosts.sort();
    finding.hosts.dedup();
    finding
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn three_hosts_and_other_options() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = builtins.mapAttrs (name: module: nixpkgs.lib.nixosSystem {
      specialArgs = { nodes = self.nixosConfigurations; };
      modules = [ module ];
    }) { a = ./a.nix; b = ./b.nix; c = ./c.nix; };
  };
}
#- /repo/a.nix
{ nodes, ... }: {
  services.x.url = "http://${nodes.b.config.networking.hostName}:1";
  networking.hostName = "a";
  services.y.port = nodes.b.config.services.y.port + 1;
}
#- /repo/b.nix
{ nodes, ... }: {
  networking.hostName = "b";
  services.z.name = nodes.a.config.networking.hostName;
  services.y.port = nodes.c.config.services.y.port + 1;
}
#- /repo/c.nix
{ nodes, ... }: {
  services.y = { port = nodes.a.config.services.y.port + 1; };
}
"#,
            expect![[r#"
                a.nix:4:21 `nodes.b.config.services.y.port` error: infinite recursion between hosts: `services.y.port` of a needs `services.y.port` of b, which needs `services.y.port` of c, which needs `services.y.port` of a again
                    hosts a b c
                    at b.nix:4:21 `nodes.c.config.services.y.port`: `services.y.port` of c is read for `services.y.port` of b
                    at c.nix:2:25 `nodes.a.config.services.y.port`: `services.y.port` of a is read for `services.y.port` of c
            "#]],
        );
    }
}
