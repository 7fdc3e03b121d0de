//! `secret-undeclared`: a secret that is read and not declared.

use nixscope_fleet::{HostIndex, SecretRead};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, merged, rename, systems};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "secret-undeclared",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a secret that is read and not declared",
    page: r#"
A module reads `config.age.secrets.NAME` (or the same of sops-nix or secrix), and a host that gets the
module declares no such secret: the host fails to evaluate. The message names the hosts.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  outputs = { self, nixpkgs, agenix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ agenix.nixosModules.default ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ config, ... }:
{
  age.secrets.restic.file = ./secrets/restic.age;
  services.restic.backups.all.passwordFile = config.age.secrets.restik.path; # error
}
#- /repo/secrets/restic.age
age-encryption.org/v1
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  outputs = { self, nixpkgs, agenix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ agenix.nixosModules.default ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ config, ... }:
{
  age.secrets.restic.file = ./secrets/restic.age;
  services.restic.backups.all.passwordFile = config.age.secrets.restic.path;
}
#- /repo/secrets/restic.age
age-encryption.org/v1
```

## When it is fine

A read with a default (`… or null`) or behind `?` is not reported.

## Source

The readmes of [agenix](https://github.com/ryantm/agenix), [sops-nix](https://github.com/Mic92/sops-nix)
and [secrix](https://github.com/Platonic-Systems/secrix).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(merged(systems(cx.fleet).into_iter().flat_map(|(host, index)| {
        let undeclared = index.secret_reads.iter().filter(|it| it.declared == Some(false));
        undeclared.map(move |read| (host, finding(cx, index, read)))
    })));
}

fn finding(cx: &FleetContext<'_>, index: &HostIndex, read: &SecretRead) -> Diagnostic {
    let place = read.name_place;
    let same_tool = index.secrets.iter().filter(|it| it.backend == read.backend);
    let declared: Vec<&SmolStr> = same_tool.map(|it| &it.name).collect();
    let near = names::nearest(&read.name, declared.iter().map(|it| it.as_str()));
    let hint = match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!(": declare `{}` there", read.path),
    };
    let message =
        format!("the {} secret `{}` is not declared {HOSTS}{hint}", read.backend.as_str(), read.name);
    let mut finding = Diagnostic::new(&LINT, place.source, place.range(cx.db), message);
    finding.fix = near.and_then(|near| rename(cx.db, place, &read.name, near));
    finding
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_fleet::{SecretBackend, SecretRead};

    use crate::testing::{FleetFixture, declaration};

    #[test]
    fn names_the_hosts_once() {
        let fixture = FleetFixture::new(
            "#- /repo/m.nix\n{ config }: [ config.age.secrets.restik.path config.sops.secrets.other.path ]\n",
        );
        let read = |backend, name: &str, path: &str, declared| SecretRead {
            path: path.into(),
            name: name.into(),
            backend,
            place: fixture.place(name),
            name_place: fixture.place(name),
            declared,
        };
        let restic = read(SecretBackend::Agenix, "restik", "age.secrets.restik", Some(false));
        let unknown = read(SecretBackend::Sops, "other", "sops.secrets.other", None);
        let other = read(SecretBackend::Sops, "other", "sops.secrets.other", Some(false));
        let mut fleet = fixture.fleet(&["db", "web", "www"]);
        for (_, index) in &mut fleet.hosts {
            index.secrets.push(declaration(SecretBackend::Agenix, "restic"));
        }
        fleet.hosts[0].1.secret_reads = vec![restic.clone(), unknown];
        fleet.hosts[1].1.secret_reads = vec![restic.clone()];
        fleet.hosts[2].1.secret_reads = vec![restic, other];
        fixture.check(&super::LINT, &fleet, expect![[r#"
            1:34 `restik` error: the agenix secret `restik` is not declared on db, web and www; did you mean `restic`?
                hosts db web www
                unsafe: Write `restic` => { config }: [ config.age.secrets.restic.path config.sops.secrets.other.path ]
            1:66 `other` error: the sops-nix secret `other` is not declared on www: declare `sops.secrets.other` there
                hosts www
        "#]]);
    }
}
