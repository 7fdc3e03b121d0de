//! `secret-too-open`: a decrypted secret that every user of the host may read.

use std::collections::BTreeSet;

use nixscope_eval::SourcePlace;
use nixscope_fleet::{Known, Setting};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "secret-too-open",
    group: Group::Secrets,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a decrypted secret that every user of the host may read",
    page: r#"
The `mode` of a decrypted secret gives a right to everybody: each user and each service of the host can read it, also
one that was broken into. Give the file to the user or group that needs it.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  outputs = { self, nixpkgs, agenix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        agenix.nixosModules.default
        {
          age.secrets.mail-password = {
            file = ./mail.age;
            mode = "0444"; # error
          };
        }
      ];
    };
  };
}
#- /repo/mail.age
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
      modules = [
        agenix.nixosModules.default
        {
          age.secrets.mail-password = {
            file = ./mail.age;
            mode = "0440";
            group = "mail";
          };
        }
      ];
    };
  };
}
#- /repo/mail.age
age-encryption.org/v1
```

## When it is fine

What is no secret after all: a certificate, a public key, a list of authorised keys. Such names are not reported.

## Source

`man 2 chmod`; the options `age.secrets.<name>.mode` and `sops.secrets.<name>.mode`.
"#,
    check: Check::Fleet(check),
};

const MODES: &[&[&str]] = &[
    &["age", "secrets", "*", "mode"],
    &["sops", "secrets", "*", "mode"],
    &["sops", "templates", "*", "mode"],
];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    // A mode may be written once for many secrets.
    let mut open: Vec<TooOpen<'_>> = Vec::new();
    for (host, settings) in settings(cx) {
        for setting in MODES.iter().flat_map(|pattern| settings.matching(pattern)) {
            let Some(it) = too_open(setting) else { continue };
            let known = match open.iter().position(|known| known.place == it.place) {
                Some(known) => known,
                None => {
                    open.push(it);
                    open.len() - 1
                }
            };
            let known = &mut open[known];
            known.secrets.extend(setting.path.get(2));
            known.hosts.insert(host);
        }
    }
    let mut merged = Merged::default();
    for it in open {
        let finding = it.finding(cx);
        it.hosts.iter().for_each(|host| merged.add(Some(host), finding.clone()));
    }
    found.extend(merged.finish());
}

/// A mode that is too open.
struct TooOpen<'a> {
    place: SourcePlace,
    mode: &'a str,
    can: &'static str,
    secrets: BTreeSet<&'a SmolStr>,
    hosts: BTreeSet<&'a SmolStr>,
}

impl TooOpen<'_> {
    fn finding(&self, cx: &FleetContext<'_>) -> Diagnostic {
        let (mode, can) = (self.mode, self.can);
        let mut names = self.secrets.iter();
        let first = names.next().map_or("", |name| name.as_str());
        let secrets = match names.count() {
            0 => format!("the secret `{first}`"),
            1 => format!("the secret `{first}` and another one"),
            more => format!("the secret `{first}` and {more} others"),
        };
        let message = format!(
            "every user and service {HOSTS} can {can} {secrets}: the last digit of `{mode}` is for everybody; give it to \
             a group with `0440`"
        );
        Diagnostic::new(&LINT, self.place.source, self.place.range(cx.db), message)
    }
}

fn too_open(setting: &Setting) -> Option<TooOpen<'_>> {
    let winner = setting.winner()?;
    let Known::Text(mode) = &winner.value.known else { return None };
    let can = rights_of_others(mode)?;
    if is_public(setting.path.get(2)?) {
        return None;
    }
    let place = winner.value.place.or(winner.name)?;
    Some(TooOpen { place, mode, can, secrets: BTreeSet::new(), hosts: BTreeSet::new() })
}

/// What a mode lets everybody do with a secret; none where that is nothing.
fn rights_of_others(mode: &str) -> Option<&'static str> {
    let is_octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    let others = mode.chars().last()?.to_digit(8).filter(|_| is_octal)?;
    match (others & 4 != 0, others & 2 != 0) {
        (true, true) => Some("read and change"),
        (true, false) => Some("read"),
        (false, true) => Some("change"),
        (false, false) => None,
    }
}

/// Whether a name says that what it names is for everybody.
fn is_public(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    lower.contains("public")
        || lower.contains("authorized")
        || words.any(|word| {
            matches!(word, "pub" | "pubkey" | "cert" | "crt" | "ca" | "certificate" | "known" | "id")
        })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn only_what_everybody_may() {
        assert_eq!(super::rights_of_others("0444"), Some("read"));
        assert_eq!(super::rights_of_others("666"), Some("read and change"));
        assert_eq!(super::rights_of_others("0622"), Some("change"));
        for mode in ["0400", "440", "0770", "0711", "u=r", "0999", ""] {
            assert_eq!(super::rights_of_others(mode), None, "{mode}");
        }
    }

    #[test]
    fn the_mode_that_wins_counts() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./m.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./m.nix ./db.nix ]; };
  };
}
#- /repo/m.nix
{ lib, config, ... }:
let
  shared = { mode = "0404"; };
in
{
  sops.secrets.token.mode = "0444";
  sops.secrets.ssh_pub.mode = "0444";
  sops.templates."env".mode = lib.mkDefault "0666";
  sops.secrets.x = shared;
  sops.secrets.y = shared;
  age.secrets.a.mode = config.unknown.mode;
  age.secrets.b.mode = lib.mkIf config.unknown.enable "0444";
}
#- /repo/db.nix
{ sops.templates."env".mode = "0400"; }
"#,
            expect![[r#"
                m.nix:6:29 `"0444"` warning: every user and service on db and web can read the secret `token`: the last digit of `0444` is for everybody; give it to a group with `0440`
                    hosts db web
                m.nix:3:21 `"0404"` warning: every user and service on db and web can read the secret `x` and another one: the last digit of `0404` is for everybody; give it to a group with `0440`
                    hosts db web
                m.nix:8:45 `"0666"` warning: every user and service on web can read and change the secret `env`: the last digit of `0666` is for everybody; give it to a group with `0440`
                    hosts web
            "#]],
        );
    }
}
