//! `secret-file-missing`: a declared secret whose encrypted file or key is not there.

use nixscope_db::EntryKind;
use nixscope_eval::SourcePlace;
use nixscope_fleet::{SecretBackend, SecretDeclaration, encrypted_file};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{folded, merged, systems};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "secret-file-missing",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a declared secret whose encrypted file or key is not there",
    page: r#"
A secret names an encrypted file that does not exist, or (sops-nix) a key that the file does not have. An
agenix or secrix host fails to evaluate or build, a sops-nix host fails when it is activated.

The keys of a sops file are readable without the key to it; nothing is decrypted.

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
{
  age.secrets.wifi.file = ./secrets/wifi.age; # error
}
#- /repo/secrets/wlan.age
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
{
  age.secrets.wifi.file = ./secrets/wlan.age;
}
#- /repo/secrets/wlan.age
age-encryption.org/v1
```

## Source

The readmes of [agenix](https://github.com/ryantm/agenix), [sops-nix](https://github.com/Mic92/sops-nix)
and [secrix](https://github.com/Platonic-Systems/secrix).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let all = merged(systems(cx.fleet).into_iter().flat_map(|(host, index)| {
        // What a condition that is not known may take away is not asked for.
        index.secrets.iter().filter(|it| !it.conditional).filter_map(move |secret| {
            let (place, message) = missing_file(cx, secret).or_else(|| missing_key(cx, secret))?;
            Some((host, Diagnostic::new(&LINT, place.source, place.range(cx.db), message)))
        })
    }));
    found.extend(folded(all, "secret"));
}

fn missing_file(cx: &FleetContext<'_>, secret: &SecretDeclaration) -> Option<(SourcePlace, String)> {
    if secret.exists != Some(false) {
        return None;
    }
    let place = secret.file_place.or(secret.place)?;
    let file = secret.file.as_ref()?;
    // Outside the repository (the store, another checkout) the file may be anywhere.
    let shown = file.strip_prefix(cx.project.root(cx.db))?;
    let directory = file.parent()?;
    let names = nixscope_db::list(cx.db, &directory)
        .iter()
        .filter(|(_, kind)| matches!(kind, EntryKind::File | EntryKind::Symlink));
    let near = names::nearest(file.file_name(), names.map(|(name, _)| &**name));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let message =
        format!("the encrypted file `{shown}` of the secret `{}` does not exist{hint}", secret.name);
    Some((place, message))
}

/// A sops file is a tree of keys with encrypted leaves; the key of a secret must be in it.
fn missing_key(cx: &FleetContext<'_>, secret: &SecretDeclaration) -> Option<(SourcePlace, String)> {
    if secret.backend != SecretBackend::Sops || secret.exists != Some(true) {
        return None;
    }
    let file = secret.file.as_ref()?;
    let shown = file.strip_prefix(cx.project.root(cx.db))?;
    let (place, key) = (secret.place?, secret.key.as_ref()?);
    // Of other formats sops-nix takes the whole file. Source: its `sops-install-secrets`.
    if !["yaml", "yml", "json"].contains(&file.file_name().rsplit('.').next()?) {
        return None;
    }
    let content = encrypted_file(cx.db, nixscope_db::source(cx.db, file));
    if content.has_key(key)? {
        return None;
    }
    let near = names::nearest(key, content.keys.iter().map(|(key, _)| key.as_str()));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Some((place, format!("the sops file `{shown}` has no key `{key}`{hint}")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_db::VfsPath;
    use nixscope_fleet::SecretBackend;

    use crate::testing::{FleetFixture, check_fleet, declaration, flake};

    #[test]
    fn a_file_that_is_not_there() {
        let fixture = FleetFixture::new(
            "#- /repo/m.nix\n{ age.secrets.wifi.file = ./secrets/wifi.age; }\n#- /repo/secrets/wlan.age\nage-encryption.org/v1\n",
        );
        let mut missing = declaration(SecretBackend::Agenix, "wifi");
        missing.file = Some(VfsPath::new("/repo/secrets/wifi.age"));
        missing.exists = Some(false);
        missing.file_place = Some(fixture.place("./secrets/wifi.age"));
        let mut unknown = missing.clone();
        unknown.exists = None;
        let mut fleet = fixture.fleet(&["db", "web"]);
        fleet.hosts[0].1.secrets = vec![missing.clone(), unknown];
        fleet.hosts[1].1.secrets = vec![missing];
        fixture.check(&super::LINT, &fleet, expect![[r#"
            1:27 `./secrets/wifi.age` error: the encrypted file `secrets/wifi.age` of the secret `wifi` does not exist
                hosts db web
        "#]]);
    }

    #[test]
    fn a_key_that_is_not_in_the_file() {
        let fixture = FleetFixture::new(
            r#"
#- /repo/m.nix
{ sops.secrets = { "a/b" = { }; "a/c" = { }; d = { }; e = { }; f.key = "d"; }; }
#- /repo/all.yaml
a:
    b: ENC[AES256_GCM,data:x,tag:y==,type:str]
d: ENC[AES256_GCM,data:x,tag:y==,type:str]
sops:
    mac: ENC[AES256_GCM,data:x]
"#,
        );
        let secret = |name: &str, path: &str, at: &str| {
            let mut secret = declaration(SecretBackend::Sops, name);
            secret.path = path.into();
            secret.file = Some(VfsPath::new("/repo/all.yaml"));
            secret.exists = Some(true);
            secret.key = Some(if name == "f" { "d" } else { name }.into());
            secret.place = Some(fixture.place(at));
            secret
        };
        let mut fleet = fixture.fleet(&["db"]);
        fleet.hosts[0].1.secrets = vec![
            secret("a/b", "sops.secrets.\"a/b\"", "\"a/b\""),
            secret("a/c", "sops.secrets.\"a/c\"", "\"a/c\""),
            secret("d", "sops.secrets.d", "d"),
            secret("e", "sops.secrets.e", "e"),
            secret("f", "sops.secrets.f", "f"),
        ];
        fixture.check(
            &super::LINT,
            &fleet,
            expect![[r#"
            1:33 `"a/c"` error: the sops file `all.yaml` has no key `a/c`; did you mean `a/b`?
                hosts db
            1:55 `e` error: the sops file `all.yaml` has no key `e`
                hosts db
        "#]],
        );
    }

    #[test]
    fn a_fleet_with_sops_files() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.sops-nix.url = "github:Mic92/sops-nix";
  outputs = { self, nixpkgs, sops-nix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ sops-nix.nixosModules.sops ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ config, lib, ... }:
{
  sops.defaultSopsFile = ./all.yaml;
  sops.secrets.plain = { };
  sops.secrets.other.key = "plain";
  sops.secrets."nested/inner" = { };
  sops.secrets.whole = { sopsFile = ./all.yaml; key = ""; };
  sops.secrets.env = { sopsFile = ./other.env; format = "dotenv"; };
  sops.secrets.computed.key = config.networking.hostName;
  sops.secrets.absent = { };
  sops.secrets.gone.sopsFile = ./gone.yaml;
  sops.secrets.guarded = lib.mkIf (builtins.pathExists ./gone.yaml) { sopsFile = ./gone.yaml; };
}
#- /repo/all.yaml
plain: ENC[AES256_GCM,data:x,tag:y==,type:str]
nested:
    inner: ENC[AES256_GCM,data:x,tag:y==,type:str]
sops:
    mac: ENC[AES256_GCM,data:x]
#- /repo/other.env
a=ENC[AES256_GCM,data:x]
"#,
            expect![[r#"
                web.nix:10:16 `absent` error: the sops file `all.yaml` has no key `absent`
                    hosts web
                web.nix:11:32 `./gone.yaml` error: the encrypted file `gone.yaml` of the secret `gone` does not exist
                    hosts web
            "#]],
        );
    }

    #[test]
    fn what_a_function_declares_is_said_once() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, ... }:
let
  secret = name: { file = ./secrets + \"/${name}.age\"; };
in
{ age.secrets = lib.genAttrs [ \"a\" \"b\" \"c\" ] secret; }",
            ),
            expect![[r#"
                m.nix:3:27 `./secrets + "/${name}.age"` error: the encrypted file `secrets/a.age` of the secret `a` does not exist; and 2 more secrets that this line is for
                    hosts web
            "#]],
        );
    }
}
