//! `secret-recipient-missing`: a secret that the host which declares it cannot decrypt.

use nixscope_fleet::{
    AgenixRule, EncryptedFile, Encryption, HostIndex, HostSettings, Known, NamedKeys, OwnKeys, Recipient,
    SecretBackend, SecretDeclaration, encrypted_file, host_settings, recipients_of,
};
use nixscope_syntax::TextRange;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "secret-recipient-missing",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a secret that the host which declares it cannot decrypt",
    page: r#"
A host declares a secret, and the secret is not encrypted for that host: activation fails, or the service that needs
it does. With agenix, `secrets.nix` says for whom a file is encrypted; a file of sops says it itself.

A host's key is the one that the repository calls by the host's name (`web`, `host_web`, `root@web`), or that its
configuration names. Where a recipient may be the host under another name, or the host decrypts with another key than
its SSH host key (`age.identityPaths`, `sops.age.keyFile`), nothing is reported.

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
          age.secrets.tls.file = ./tls.age;
          age.secrets.wifi.file = ./wifi.age; # error
        }
      ];
    };
  };
}
#- /repo/secrets.nix
let
  alice = "ssh-ed25519 AAAAalice";
  web = "ssh-ed25519 AAAAweb";
in
{
  "tls.age".publicKeys = [ alice web ];
  "wifi.age".publicKeys = [ alice ];
}
#- /repo/tls.age
age-encryption.org/v1
#- /repo/wifi.age
age-encryption.org/v1
```

## Use instead

Name the host's key, and encrypt the file anew (`agenix --rekey`, `sops updatekeys`).

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
          age.secrets.tls.file = ./tls.age;
          age.secrets.wifi.file = ./wifi.age;
        }
      ];
    };
  };
}
#- /repo/secrets.nix
let
  alice = "ssh-ed25519 AAAAalice";
  web = "ssh-ed25519 AAAAweb";
in
{
  "tls.age".publicKeys = [ alice web ];
  "wifi.age".publicKeys = [ alice web ];
}
#- /repo/tls.age
age-encryption.org/v1
#- /repo/wifi.age
age-encryption.org/v1
```

## Source

The readmes of [agenix](https://github.com/ryantm/agenix) and [sops-nix](https://github.com/Mic92/sops-nix).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for backend in [SecretBackend::Agenix, SecretBackend::Sops] {
        let named = NamedKeys::of(cx.fleet, backend);
        for (host, index) in &cx.fleet.hosts {
            // Only what the host itself declares: a user decrypts with keys of one's own.
            let declared = |it: &&SecretDeclaration| it.backend == backend && !it.conditional;
            if !index.secrets.iter().any(|it| declared(&it)) {
                continue;
            }
            let settings = host_settings(cx.db, cx.project, host.output.clone(), host.name.clone());
            if uses_other_keys(settings, backend) {
                continue;
            }
            let keys = named.of_host(cx.fleet, &host.name);
            for secret in index.secrets.iter().filter(declared) {
                if let Some(finding) = judge(cx, index, &keys, secret) {
                    merged.add(Some(&host.name), finding);
                }
            }
        }
    }
    found.extend(merged.finish());
}

/// Whether a host may decrypt with another key than its SSH host key.
fn uses_other_keys(settings: &HostSettings, backend: SecretBackend) -> bool {
    let paths: &[&[&str]] = match backend {
        SecretBackend::Agenix => &[&["age", "identityPaths"]],
        _ => &[
            &["sops", "age", "keyFile"],
            &["sops", "age", "sshKeyPaths"],
            &["sops", "gnupg", "home"],
            &["sops", "gnupg", "sshKeyPaths"],
        ],
    };
    paths.iter().filter_map(|path| settings.get(path)).any(|setting| {
        setting.open || !setting.definitions.iter().all(|it| it.active && is_host_key(&it.value.known))
    })
}

fn is_host_key(value: &Known) -> bool {
    let is_path = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with("ssh_host_"));
    match value {
        Known::Null => true,
        Known::Text(path) => is_path(path),
        Known::List(items, complete) => *complete && items.iter().all(|it| is_host_key(&it.known)),
        _ => false,
    }
}

fn judge(
    cx: &FleetContext<'_>,
    index: &HostIndex,
    keys: &OwnKeys,
    secret: &SecretDeclaration,
) -> Option<Diagnostic> {
    let file = secret.file.as_ref().filter(|_| secret.exists == Some(true))?;
    let shown = file.strip_prefix(cx.project.root(cx.db))?;
    let place = secret.place.or(secret.file_place)?;
    let finding = |why: String| {
        let message = format!("the secret `{}` cannot be decrypted {HOSTS}: {why}", secret.name);
        Diagnostic::new(&LINT, place.source, place.range(cx.db), message)
    };
    match secret.backend {
        SecretBackend::Agenix => {
            let rules: Vec<&AgenixRule> =
                cx.fleet.secret_rules.agenix.iter().filter(|rule| rule.file == *file).collect();
            let [rule] = rules.as_slice() else { return None };
            // agenix-rekey makes a file of its own for every host.
            if !rule.complete || !secret.recipients.is_empty() || !index.public_keys.is_empty() {
                return None;
            }
            if keys.are_among(&rule.recipients)? {
                return None;
            }
            let entry = rule.place?;
            let rules_file = entry.source.path(cx.db);
            let name = rules_file.strip_prefix(cx.project.root(cx.db)).unwrap_or(rules_file.as_str());
            let whom = names(&rule.recipients);
            let finding = finding(format!("`{name}` encrypts `{shown}` for {whom} only"));
            let range = entry.range(cx.db);
            Some(finding.with_related(entry.source, range, "add the key of the host here"))
        }
        SecretBackend::Sops => {
            let source = nixscope_db::source(cx.db, file);
            let EncryptedFile { encryption: Encryption::Sops, recipients, .. } =
                encrypted_file(cx.db, source)
            else {
                return None;
            };
            // The recipients of the file itself, with the names that the rules have for them.
            let mut named = recipients_of(cx.db, cx.fleet, secret);
            named.retain(|it| recipients.iter().any(|own| own.key == it.key));
            if keys.are_among(&named)? {
                return None;
            }
            let finding = finding(format!("`{shown}` is encrypted for {} only", names(&named)));
            Some(finding.with_related(source, TextRange::default(), "its recipients are listed under `sops`"))
        }
        _ => None,
    }
}

/// "alice, bob and 3 others".
fn names(recipients: &[Recipient]) -> String {
    let mut names: Vec<SmolStr> = recipients.iter().map(Recipient::label).collect();
    names.dedup();
    let quoted = |names: &[SmolStr]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    match names.as_slice() {
        [] => "nobody".into(),
        [one] => format!("`{one}`"),
        [rest @ .., last] if rest.len() < 3 => format!("{} and `{last}`", quoted(rest)),
        [head @ .., _] => format!("{} and {} others", quoted(&head[..2]), names.len() - 2),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    const FLAKE: &str = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./db.nix ]; };
  };
}
"#;

    #[test]
    fn what_sops_files_say_of_themselves() {
        let text = format!(
            "{FLAKE}{}",
            r#"
#- /repo/common.nix
{ sops.defaultSopsFile = ./all.yaml; sops.secrets.token = { }; }
#- /repo/db.nix
{ sops.secrets.password.sopsFile = ./db.yaml; }
#- /repo/.sops.yaml
keys:
  - &alice age1alice
  - &host_web age1web
  - &host_db age1db
creation_rules:
  - path_regex: all.yaml$
    key_groups:
      - age: [*alice, *host_web, *host_db]
  - path_regex: db.yaml$
    key_groups:
      - age: [*alice, *host_db]
#- /repo/all.yaml
token: ENC[AES256_GCM,data:x,type:str]
sops:
    age:
        - recipient: age1alice
        - recipient: age1db
#- /repo/db.yaml
password: ENC[AES256_GCM,data:x,type:str]
sops:
    age:
        - recipient: age1alice
        - recipient: age1db
"#
        );
        check_fleet(
            &super::LINT,
            &text,
            expect![[r#"
            common.nix:1:51 `token` error: the secret `token` cannot be decrypted on web: `all.yaml` is encrypted for `alice` and `host_db` only
                hosts web
                at all.yaml:1:1 ``: its recipients are listed under `sops`
        "#]],
        );
        let other_key = text.replace("{ sops.def", "{ sops.age.keyFile = \"/root/key.txt\"; sops.def");
        check_fleet(&super::LINT, &other_key, expect![""]);
        let unnamed = text.replace("&alice age1alice", "age1alice");
        check_fleet(&super::LINT, &unnamed.replace("*alice, ", ""), expect![""]);
    }

    #[test]
    fn a_host_that_a_group_may_stand_for() {
        let text = format!(
            "{FLAKE}{}",
            r#"
#- /repo/common.nix
{ age.secrets.tls.file = ./tls.age; }
#- /repo/db.nix
{ age.secrets.mail.file = ./mail.age; age.identityPaths = [ "/persist/etc/ssh/ssh_host_ed25519_key" ]; }
#- /repo/secrets.nix
let
  alice = "ssh-ed25519 AAAAalice alice@web";
  web = "ssh-ed25519 AAAAweb";
  hosts.db = "ssh-ed25519 AAAAdb";
in
{
  "tls.age".publicKeys = [ web hosts.db ];
  "mail.age".publicKeys = [ alice web ];
}
#- /repo/tls.age
age-encryption.org/v1
#- /repo/mail.age
age-encryption.org/v1
"#
        );
        check_fleet(
            &super::LINT,
            &text,
            expect![[r#"
            db.nix:1:15 `mail` error: the secret `mail` cannot be decrypted on db: `secrets.nix` encrypts `mail.age` for `alice` and `web` only
                hosts db
                at secrets.nix:8:3 `"mail.age"`: add the key of the host here
        "#]],
        );
        let unknown = text.replace("[ alice web ]", "(import ./keys.nix)");
        check_fleet(&super::LINT, &unknown, expect![""]);
        let group = text.replace("[ alice web ]", "[ alice \"ssh-ed25519 AAAAother\" ]");
        check_fleet(&super::LINT, &group, expect![""]);
        let own = text.replace("/persist/etc/ssh/ssh_host_ed25519_key", "/home/alice/.ssh/id_ed25519");
        check_fleet(&super::LINT, &own, expect![""]);
    }
}
