//! `decrypted-secret-committed`: a file that is declared as encrypted and is not.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_fleet::{Encryption, SecretBackend, SecretDeclaration, encrypted_file};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{is_own, merged, systems};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "decrypted-secret-committed",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a file that is declared as encrypted and is not",
    page: r#"
A secret names a file that should be encrypted, and the file can be read as it is: it has neither age's header nor
sops' metadata. Who reads the repository, or the Nix store of a host, reads the secret; and the host cannot decrypt
what is not encrypted.

The content is looked at for the marks of encryption only, and shown nowhere. A file that git-crypt keeps is left
alone: it is plain text on the disk of who has the key.

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
          age.secrets.wifi.file = ./secrets/wifi.age; # error
        }
      ];
    };
  };
}
#- /repo/secrets/wifi.age
correct horse battery staple
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
          age.secrets.wifi.file = ./secrets/wifi.age;
        }
      ];
    };
  };
}
#- /repo/secrets/wifi.age
age-encryption.org/v1
```

Encrypt the file, change the secret (history keeps what was committed), and commit only what is encrypted.

## Source

[The format of age](https://age-encryption.org/v1); the readmes of [agenix](https://github.com/ryantm/agenix) and
[sops-nix](https://github.com/Mic92/sops-nix).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(merged(systems(cx.fleet).into_iter().flat_map(|(host, index)| {
        index.secrets.iter().filter_map(move |secret| Some((host, finding(cx, secret)?)))
    })));
}

fn finding(cx: &FleetContext<'_>, secret: &SecretDeclaration) -> Option<Diagnostic> {
    let place = secret.file_place.or(secret.place).filter(|it| is_own(cx, *it))?;
    let file = secret.file.as_ref().filter(|_| secret.exists == Some(true))?;
    // What clan makes may be plain where it says so; what systemd has lies on the host.
    let of_host = matches!(secret.backend, SecretBackend::Clan | SecretBackend::Systemd);
    if of_host || !is_plain(cx, file) {
        return None;
    }
    let shown = file.strip_prefix(cx.project.root(cx.db)).unwrap_or(file.as_str());
    let lacks = match secret.backend {
        SecretBackend::Sops => "it has none of sops' metadata",
        _ => "it has no header of age",
    };
    let message = format!(
        "`{shown}` should be encrypted and is plain text ({lacks}): encrypt it, and change the secret if it was ever \
         committed"
    );
    Some(Diagnostic::new(&LINT, place.source, place.range(cx.db), message))
}

fn is_plain(cx: &FleetContext<'_>, file: &VfsPath) -> bool {
    file.starts_with(cx.project.root(cx.db))
        && encrypted_file(cx.db, nixscope_db::source(cx.db, file)).encryption == Encryption::Plain
        && !is_kept_by_git_crypt(cx, file)
}

/// Whether a `.gitattributes` above a file has files that git-crypt keeps.
fn is_kept_by_git_crypt(cx: &FleetContext<'_>, file: &VfsPath) -> bool {
    let root = cx.project.root(cx.db);
    let above = std::iter::successors(file.parent(), VfsPath::parent).take_while(|it| it.starts_with(root));
    above.map(|directory| directory.join(".gitattributes")).any(|path| {
        nixscope_db::kind(cx.db, &path) == EntryKind::File
            && nixscope_db::source(cx.db, &path).text(cx.db).as_str().contains("git-crypt")
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    fn fixture(attributes: &str) -> String {
        let flake = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./m.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./m.nix ]; };
  };
}
#- /repo/m.nix
{
  sops.defaultSopsFile = ./all.yaml;
  sops.secrets.token = { };
  sops.secrets.other = { };
  age.secrets.binary.file = ./binary.age;
  age.secrets.empty.file = ./empty.age;
  age.secrets.outside.file = "/etc/secret";
}
#- /repo/all.yaml
token: hunter22
#- /repo/binary.age
-----BEGIN AGE ENCRYPTED FILE-----
#- /repo/empty.age
"#;
        format!("{flake}{attributes}")
    }

    #[test]
    fn names_the_file_once_and_never_what_is_in_it() {
        check_fleet(
            &super::LINT,
            &fixture(""),
            expect![[r#"
            m.nix:2:26 `./all.yaml` error: `all.yaml` should be encrypted and is plain text (it has none of sops' metadata): encrypt it, and change the secret if it was ever committed
                hosts db web
        "#]],
        );
    }

    #[test]
    fn git_crypt_decrypts_on_disk() {
        let attributes = "#- /repo/.gitattributes\nall.yaml filter=git-crypt diff=git-crypt\n";
        check_fleet(&super::LINT, &fixture(attributes), expect![""]);
    }
}
