//! `deploy-target-missing`: deploy nodes and hosts that do not go together.

use nixscope_fleet::{DeployNode, DeployTarget, Deployments, HostClass, deployments};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{Known, known_hosts};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "deploy-target-missing",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a deploy node whose host does not exist, or a host that no deploy node brings anywhere",
    page: r#"
A node of deploy-rs names a host that the flake does not have: `deploy` fails for it, as a rule after the host was renamed
or taken out.

The other way round, as a hint: where a deploy tool (deploy-rs, colmena, nixinate) has most of the machines, one that it
does not have was perhaps forgotten, and gets no updates.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem { modules = [ ]; };
    deploy.nodes.feri = { # error
      hostname = "ferry.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.feri;
    };
  };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem { modules = [ ]; };
    deploy.nodes.ferry = {
      hostname = "ferry.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.ferry;
    };
  };
}
```

## When it is fine

A machine that is rebuilt by hand, a laptop, say, needs no node. Images are not reported, nor is anything where nodes are
not known.

## Source

[deploy-rs](https://github.com/serokell/deploy-rs), "API"; [nixinate](https://github.com/MatthewCroughan/nixinate).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    // Where the set of hosts is not completely known, any name may be one.
    if !cx.fleet.gaps.is_empty() {
        return;
    }
    let deployed = deployments(cx.db, cx.project);
    found.extend(deployed.nodes.iter().filter_map(|node| without_host(cx, node)));
    found.extend(without_node(cx, deployed));
}

/// A node for what does not exist.
fn without_host(cx: &FleetContext<'_>, node: &DeployNode) -> Option<Diagnostic> {
    if !node.targets.contains(&DeployTarget::Missing) {
        return None;
    }
    let (file, range) = own_range(cx, node.place?)?;
    let hosts = cx.fleet.hosts.iter().map(|(host, _)| host.name.as_str());
    let hint = match names::nearest(&node.name, hosts) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => ": `deploy` fails for this node".into(),
    };
    let message = format!("the deploy node `{}` brings a host that does not exist{hint}", node.name);
    Some(Diagnostic::new(&LINT, file, range, message))
}

/// Machines that no node brings anywhere, where the tool has most.
fn without_node(cx: &FleetContext<'_>, deployed: &Deployments) -> Vec<Diagnostic> {
    let Some(first) = deployed.nodes.first().filter(|_| !deployed.open) else { return Vec::new() };
    let is_deployed = |known: &Known<'_>| {
        deployed.nodes.iter().any(|node| {
            let host = &known.host.name;
            node.name == *host
                || node.targets.iter().any(|it| matches!(it, DeployTarget::Host(name) if name == host))
        })
    };
    let machines: Vec<Known<'_>> = known_hosts(cx)
        .into_iter()
        .filter(|it| it.host.class == HostClass::Nixos && !it.is_image() && it.index.gaps.is_empty())
        .collect();
    let (with, without): (Vec<_>, Vec<_>) = machines.into_iter().partition(is_deployed);
    if with.len() < 3 || (without.len() > 1 && without.len() * 8 > with.len()) {
        return Vec::new();
    }
    let family = |known: &Known<'_>| known.host.name.split('-').next().map(str::to_owned);
    let finding = |known: &Known<'_>| {
        if with.iter().any(|it| known.is_variant_of(it) || family(known) == family(it)) {
            return None;
        }
        let (file, range) = own_range(cx, known.host.place?)?;
        let message = format!(
            "{} has no node for {}, and has {} other hosts: is it updated by other means?",
            first.tool,
            known.host.name,
            with.len()
        );
        let mut finding = Diagnostic::new(&LINT, file, range, message);
        finding.level = Level::Hint;
        finding.hosts = vec![known.host.name.clone()];
        Some(finding)
    };
    without.iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn nodes_that_are_made_and_hosts_without_one() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: let
    host = name: nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = name; } ]; };
    node = name: {
      hostname = name;
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.${name};
    };
  in {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "api" "db" "mail" "web" "web-iso" ] host // {
      laptop = nixpkgs.lib.nixosSystem { modules = [ ./laptop.nix ]; };
    };
    deploy.nodes = nixpkgs.lib.genAttrs [ "api" "db" "web" "gone" ] node // {
      post = node "mail";
      router = { hostname = "router"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.custom nixpkgs.hello "./run"; };
    };
  };
}
#- /repo/laptop.nix
{ }
"#,
            expect![[r#"
                flake.nix:14:5 `deploy` warning: the deploy node `gone` brings a host that does not exist: `deploy` fails for this node
                flake.nix:12:7 `laptop` hint: deploy-rs has no node for laptop, and has 4 other hosts: is it updated by other means?
                    hosts laptop
            "#]],
        );
    }

    #[test]
    fn silent_where_nodes_are_not_known() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.tools.url = "github:example/tools";
  outputs = { self, nixpkgs, tools }: let
    host = name: nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = name; } ]; };
  in {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "api" "db" "mail" "web" ] host;
    deploy.nodes = { api = { }; db = { }; web = { }; } // tools.nodes;
  };
}
"#,
            expect![""],
        );
    }
}
