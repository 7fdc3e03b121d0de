//! `secret-file-missing`: a declared secret whose encrypted file or key is not there.

use nixscope_db::{EntryKind, FileText, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{SecretBackend, SecretDeclaration};
use nixscope_hir::{BindingValue, Body, Expr};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, systems};
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
    let mut merged = Merged::default();
    for (host, index) in systems(cx.fleet) {
        for secret in &index.secrets {
            if let Some((place, message)) = missing_file(cx, secret).or_else(|| missing_key(cx, secret)) {
                merged.add(Some(host), Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
            }
        }
    }
    found.extend(merged.finish());
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
    let place = secret.place?;
    let key = written_key(cx, place)?.unwrap_or_else(|| secret.name.to_string());
    // An empty key stands for the whole file.
    if key.is_empty() {
        return None;
    }
    let keys = sops_keys(cx, file)?;
    if keys.contains(&key) {
        return None;
    }
    let near = names::nearest(&key, keys.iter().map(String::as_str));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Some((place, format!("the sops file `{shown}` has no key `{key}`{hint}")))
}

/// The key that a secret's declaration asks for, the inner none where that is its name. None where the
/// declaration is no plain set, or asks for another format.
fn written_key(cx: &FleetContext<'_>, place: SourcePlace) -> Option<Option<String>> {
    let PlaceKind::Name(raw) = place.kind else { return None };
    let body = nixscope_hir::body(cx.db, place.source);
    let name = Body::name_from_raw(raw);
    let bindings = body.exprs.iter().filter_map(|(_, expr)| names::bindings(expr));
    let binding = bindings.flat_map(|it| it.named.iter()).find(|it| it.place == name)?;
    let BindingValue::Expr(value) = binding.value else { return None };
    let Expr::Attrs(settings) = &body.exprs[value] else { return None };
    if !settings.dynamic.is_empty() || !settings.inherit_from.is_empty() {
        return None;
    }
    let mut key = None;
    for setting in &settings.named {
        let text = match setting.value {
            BindingValue::Expr(value) => match &body.exprs[value] {
                Expr::Str(text) => Some(text.as_str()),
                _ => None,
            },
            _ => None,
        };
        match setting.name.as_str() {
            "key" => key = Some(text?.to_string()),
            "format" if !matches!(text?, "yaml" | "json") => return None,
            _ => {}
        }
    }
    Some(key)
}

/// The keys of a sops file in YAML or JSON, nested ones joined by slashes. None where the text is not
/// laid out as sops lays it out.
fn sops_keys(cx: &FleetContext<'_>, file: &VfsPath) -> Option<Vec<String>> {
    let name = file.file_name();
    let FileText::Text(text) = nixscope_db::source(cx.db, file).text(cx.db) else { return None };
    if !(name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json")) {
        return None;
    }
    // A block per line, indented; JSON differs by quotes and braces only.
    let is_json = name.ends_with(".json");
    let mut keys: Vec<String> = Vec::new();
    let mut way: Vec<(usize, &str)> = Vec::new();
    let mut has_metadata = false;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with(['#', '-', '}', ']']) || (is_json && content == "{") {
            continue;
        }
        let (key, _) = match is_json {
            true => content.split_once("\":").map(|(key, rest)| (key.trim_start_matches('"'), rest))?,
            false => match content.split_once(':') {
                Some((key, rest)) => (key.trim_matches(['"', '\'']), rest),
                // The rest of a text that spans lines.
                None => continue,
            },
        };
        way.retain(|(outer, _)| *outer < indent);
        way.push((indent, key));
        has_metadata |= way.len() == 1 && key == "sops";
        keys.push(way.iter().map(|(_, key)| *key).collect::<Vec<_>>().join("/"));
    }
    has_metadata.then_some(keys)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_db::VfsPath;
    use nixscope_fleet::SecretBackend;

    use crate::testing::{FleetFixture, check_fleet, declaration};

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
}
