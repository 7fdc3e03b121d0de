//! Secrets by the tools that fleets use: declarations, recipients, what files show.

mod support;

use expect_test::{Expect, expect};
use nixscope_fleet::{HostIndex, Recipient, SecretDeclaration, encrypted_file, fleet, recipients_of};
use support::load;

fn all<'a>(index: &'a HostIndex, out: &mut Vec<&'a SecretDeclaration>) {
    out.extend(&index.secrets);
    index.nested.iter().for_each(|nested| all(&nested.index, out));
}

/// Prints every secret of every host: its file, whether that is there, its key, who can decrypt it.
fn check(fixture: &str, expected: Expect) {
    let (db, project) = load(fixture);
    let index = fleet(&db, project);
    let mut out = String::new();
    for (host, of_host) in &index.hosts {
        out.push_str(&format!("{}\n", host.name));
        let mut secrets = Vec::new();
        all(of_host, &mut secrets);
        for secret in secrets {
            let file = secret.file.as_ref().map_or("?", |file| file.as_str());
            let exists = match secret.exists {
                Some(true) => String::new(),
                Some(false) => " (missing)".into(),
                None => format!(" ({})", secret.unknown_file.as_deref().unwrap_or("unknown")),
            };
            let shown = secret.file.as_ref().map(|it| encrypted_file(&db, nixscope_db::source(&db, it)));
            let key = match (&secret.key, shown) {
                (Some(key), Some(file)) => match file.has_key(key) {
                    Some(true) => format!(" key {key}"),
                    Some(false) => format!(" no key {key}"),
                    None => format!(" key {key}?"),
                },
                _ => String::new(),
            };
            let conditional = if secret.conditional { " conditional" } else { "" };
            let recipients: Vec<_> =
                recipients_of(&db, index, secret).iter().map(|it| it.label().to_string()).collect();
            out.push_str(&format!(
                "  {} {} {file}{exists}{key}{conditional} [{}]\n",
                secret.backend.as_str(),
                secret.path,
                recipients.join(" ")
            ));
        }
        for read in &of_host.secret_reads {
            out.push_str(&format!("  reads {} {:?}\n", read.path, read.declared));
        }
    }
    // What a secret says is nowhere in what is known of it.
    let everything = format!("{index:?}");
    assert!(!everything.contains("c2VjcmV0") && !out.contains("c2VjcmV0"), "the content of a secret is kept");
    expected.assert_eq(&out);
}

#[test]
fn agenix_rules_name_recipients_as_the_program_does() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./web.nix ./lib/secret.nix ];
    };
  };
}
#- /web.nix
{ config, lib, ... }:
let
  mkSecret = cond: value: lib.mkIf cond value;
in
{
  age.secrets.tls.file = ./secrets/tls.age;
  age.secrets."mail/password" = { file = ./secrets + "/mail.age"; owner = "mail"; };
  age.secrets.off = lib.mkIf false { file = ./secrets/off.age; };
  age.secrets.helped = mkSecret config.helper.enable { file = ./secrets/tls.age; };
  age.secrets.unhelped = mkSecret (!config.helper.enable) { file = ./secrets/tls.age; };
  # age.secrets.commented.file = ./secrets/tls.age;
  services.tls.keyFile = config.age.secrets.tls.path;
  services.tls.off = config.age.secrets.off.path;
}
#- /lib/secret.nix
{ lib, ... }: {
  options.helper.enable = lib.mkOption { type = lib.types.bool; default = true; };
}
#- /keys.nix
{ hosts = { web = "ssh-ed25519 AAAAweb root@web"; }; ops = [ "ssh-ed25519 AAAAone" "age1two" ]; }
#- /secrets/secrets.nix
let
  keys = import ../keys.nix;
  backup = "ssh-rsa AAAAbackup somebody@laptop";
  rules = { tls = [ keys.hosts.web backup ]; };
in
{
  "tls.age".publicKeys = rules.tls ++ keys.ops;
  "mail.age".publicKeys = [ keys.hosts.web "ssh-ed25519 AAAAme me@home" ];
  "unused.age".publicKeys = keys.ops;
}
#- /secrets/tls.age
age-encryption.org/v1
-> X25519 c2VjcmV0
"#,
        expect![[r#"
            web
              agenix age.secrets."mail/password" /secrets/mail.age (missing) [me@home web]
              agenix age.secrets.helped /secrets/tls.age [backup ops ops web]
              agenix age.secrets.tls /secrets/tls.age [backup ops ops web]
              reads age.secrets.tls Some(true)
              reads age.secrets.off Some(false)
        "#]],
    );
}

#[test]
fn the_same_name_is_another_secret_on_another_host() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      host = name: nixpkgs.lib.nixosSystem {
        modules = [
          {
            secrix.defaultEncryptKeys.alice = [ "ssh-ed25519 AAAAalice alice@laptop" ];
            secrix.hostPubKey = builtins.readFile (./keys + "/${name}.pub");
            secrix.system.secrets.token.encrypted.file = ./secrets/${name}-token;
            secrix.services.wg.secrets."${name}-wg" = {
              encrypted.file = "${self}/secrets/wg_${name}";
              encryptKeys.bob = [ "ssh-ed25519 AAAAbob" ];
            };
          }
        ];
      };
    in
    { nixosConfigurations = { a = host "a"; b = host "b"; }; };
}
#- /keys/a.pub
ssh-ed25519 AAAAa root@nixos
#- /keys/b.pub
ssh-ed25519 AAAAb root@nixos
#- /secrets/a-token
age-encryption.org/v1
"#,
        expect![[r#"
            a
              secrix secrix.services.wg.secrets.a-wg /secrets/wg_a (missing) [a bob]
              secrix secrix.system.secrets.token /secrets/a-token [a alice]
            b
              secrix secrix.services.wg.secrets.b-wg /secrets/wg_b (missing) [b bob]
              secrix secrix.system.secrets.token /secrets/b-token (missing) [alice b]
        "#]],
    );
}

#[test]
fn sops_files_say_who_reads_them_and_rules_who_would() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ home-manager.nixosModules.home-manager ./web.nix ];
    };
  };
}
#- /web.nix
{ config, ... }: {
  sops.defaultSopsFile = ./secrets/web.yaml;
  sops.secrets."db/password" = { };
  sops.secrets.gone = { };
  sops.secrets.renamed.key = "db/users/a";
  sops.secrets.env = { sopsFile = ./secrets/app.env; format = "dotenv"; key = "TOKEN"; };
  sops.secrets.whole = { sopsFile = ./secrets/blob.bin; format = "binary"; };
  sops.secrets.later = { sopsFile = ./secrets/later.yaml; };
  sops.templates."app.conf".content = "password=${config.sops.placeholder."db/password"}";
  services.app.config = config.sops.templates."app.conf".path;
  home-manager.users.alice.sops.secrets.mail.sopsFile = ./secrets/web.yaml;
}
#- /.sops.yaml
keys:
  - &admin age1admin
  - &hosts
    - &web age1web
creation_rules:
  - path_regex: secrets/other\.yaml$
    age: age1other
  - path_regex: secrets/[^/]+\.yaml$
    key_groups:
      - age: [*admin, *web]
        pgp:
          - ABCDEF
#- /secrets/web.yaml
db:
    password: ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]
    users:
        a: ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]
sops:
    age:
        - recipient: age1web
          enc: |
            c2VjcmV0
        - recipient: age1unnamed
    mac: ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]
#- /secrets/app.env
TOKEN=ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]
sops_age__list_0__map_recipient=age1admin
#- /secrets/blob.bin
{ "data": "ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]", "sops": { "age": [ { "recipient": "age1web" } ] } }
"#,
        expect![[r#"
            web
              sops-nix sops.secrets."db/password" /secrets/web.yaml key db/password [age1unnamed web]
              sops-nix sops.secrets.env /secrets/app.env key TOKEN [admin]
              sops-nix sops.secrets.gone /secrets/web.yaml no key gone [age1unnamed web]
              sops-nix sops.secrets.later /secrets/later.yaml (missing) key later? [ABCDEF admin web]
              sops-nix sops.secrets.renamed /secrets/web.yaml key db/users/a [age1unnamed web]
              sops-nix sops.secrets.whole /secrets/blob.bin [web]
              sops-nix sops.secrets.mail /secrets/web.yaml no key mail [age1unnamed web]
              reads sops.secrets."db/password" Some(true)
        "#]],
    );
}

#[test]
fn rekeyed_secrets_credentials_and_generated_variables() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ pkgs, ... }: {
  age.rekey = {
    masterIdentities = [ ./keys/yubikey.pub { identity = "/home/alice/.age/main.age"; pubkey = "age1main"; } ];
    extraEncryptionPubkeys = [ "age1spare" ];
    hostPubkey = "ssh-ed25519 AAAAweb";
  };
  age.rekey.generatedSecretsDir = ./generated;
  age.secrets.tls.rekeyFile = ./tls.age;
  age.secrets.token.generator.script = "alnum";
  age.secrets.outside.rekeyFile = pkgs.fetchurl "https://example.org/outside.age";
  systemd.services.app.serviceConfig.LoadCredentialEncrypted = [ "token:${./token.cred}" "other:/etc/other" ];
  systemd.services.app.serviceConfig.SetCredentialEncrypted = "inline:c2VjcmV0";
  clan.core.vars.generators.wifi = {
    share = true;
    files.password = { };
    files.ssid.secret = false;
  };
}
#- /keys/yubikey.pub
# Recipient: c2VjcmV0
AGE-PLUGIN-YUBIKEY-1ABC
#- /tls.age
age-encryption.org/v1
#- /generated/token.age
age-encryption.org/v1
#- /token.cred
c2VjcmV0
#- /vars/shared/wifi/password/secret
{ "data": "ENC[AES256_GCM,data:c2VjcmV0]", "sops": { "age": [ { "recipient": "age1web" } ] } }
"#,
        expect![[r#"
            web
              agenix age.secrets.outside ? (packages are not evaluated) [age1main age1spare web yubikey]
              agenix age.secrets.tls /tls.age [age1main age1spare web yubikey]
              agenix age.secrets.token /generated/token.age [age1main age1spare web yubikey]
              clan clan.core.vars.generators.wifi.files.password /vars/shared/wifi/password/secret [age1web]
              systemd systemd.services.app.serviceConfig.LoadCredentialEncrypted.other ? (the file is one of the running machine) []
              systemd systemd.services.app.serviceConfig.LoadCredentialEncrypted.token /token.cred []
              systemd systemd.services.app.serviceConfig.SetCredentialEncrypted.inline ? (the file is one of the running machine) []
        "#]],
    );
}

#[test]
fn a_recipient_is_known_by_its_key() {
    let (db, project) = load(
        r#"
#- /flake.nix
{ outputs = { self }: { nixosConfigurations = { }; }; }
#- /secrets.nix
{ "a.age".publicKeys = [ "ssh-ed25519 AAAAa a@b" (import <nowhere>) ]; }
#- /modules/secrets.nix
{ config, ... }: { "b.age".publicKeys = [ "age1x" ]; }
"#,
    );
    let rules = &fleet(&db, project).secret_rules.agenix;
    let shown: Vec<_> = rules
        .iter()
        .map(|it| {
            (it.file.to_string(), it.recipients.iter().map(Recipient::label).collect::<Vec<_>>(), it.complete)
        })
        .collect();
    assert_eq!(shown, [("/a.age".to_string(), vec!["a@b".into()], false)]);
}

#[test]
fn clan_declares_what_its_directories_hold_for_a_machine() {
    check(
        r#"
#- /flake.nix
{
  inputs.clan-core.url = "https://git.clan.lol/clan/clan-core/archive/main.tar.gz";
  outputs = { self, clan-core, ... }:
    let
      clan = clan-core.lib.clan {
        inherit self;
        machines.web = { config, ... }: {
          a = config.sops.secrets.mail.path;
          b = config.sops.secrets."vars/shared/backup/key".path;
          c = config.sops.secrets.other.path;
        };
        machines.db = { config, ... }: { d = config.sops.secrets.mail.path; };
      };
    in
    { inherit (clan.config) nixosConfigurations; };
}
#- /sops/groups/mailers/machines/web/key.json
{}
#- /sops/secrets/mail/groups/mailers/key.json
{}
#- /sops/secrets/mail/secret
{"data": "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "sops": {"age": [{"recipient": "age1web"}]}}
#- /sops/secrets/other/machines/db/key.json
{}
#- /sops/secrets/other/secret
{"data": "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "sops": {"age": [{"recipient": "age1db"}]}}
#- /vars/per-machine/web/ssh/id/secret
{"data": "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "sops": {"age": [{"recipient": "age1web"}]}}
#- /vars/per-machine/web/ssh/id/machines/web/key.json
{}
#- /vars/per-machine/web/ssh/id.pub/value
ssh-ed25519 AAAA
#- /vars/shared/backup/key/machines/web/key.json
{}
#- /vars/shared/backup/key/secret
{"data": "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "sops": {"age": [{"recipient": "age1web"}]}}
"#,
        expect![[r#"
            db
              sops-nix sops.secrets.other /sops/secrets/other/secret [age1db]
              reads sops.secrets.mail None
            web
              sops-nix sops.secrets."vars/per-machine/web/ssh/id" /vars/per-machine/web/ssh/id/secret [age1web]
              sops-nix sops.secrets."vars/shared/backup/key" /vars/shared/backup/key/secret [age1web]
              sops-nix sops.secrets.mail /sops/secrets/mail/secret [age1web]
              reads sops.secrets.mail Some(true)
              reads sops.secrets."vars/shared/backup/key" Some(true)
              reads sops.secrets.other None
        "#]],
    );
}

#[test]
fn a_read_that_may_never_be_evaluated_is_no_fault() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  outputs = { self, nixpkgs, agenix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ agenix.nixosModules.default ./web.nix ];
    };
  };
}
#- /web.nix
{ config, lib, ... }:
let
  onlyOn = hosts: lib.mkIf (builtins.elem config.networking.hostName hosts);
  inherit (lib) mkForce;
in
{
  networking.hostName = "web";
  services.backup = onlyOn [ "db" ] { passwordFile = config.age.secrets.elsewhere.path; };
  services.exporter = { enable = false; passwordFile = config.age.secrets.off.path; };
  services.a.passwordFile = mkForce config.age.secrets.forced.path;
  services.b = lib.mkMerge [ { passwordFile = config.age.secrets.merged.path; } ];
}
"#,
        expect![[r#"
            web
              reads age.secrets.elsewhere None
              reads age.secrets.off None
              reads age.secrets.forced Some(false)
              reads age.secrets.merged Some(false)
        "#]],
    );
}

#[test]
fn a_set_of_secrets_with_names_that_fail_may_declare_any() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.sops-nix.url = "github:Mic92/sops-nix";
  outputs = { self, nixpkgs, sops-nix }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ sops-nix.nixosModules.sops ./web.nix ];
    };
  };
}
#- /web.nix
{ config, ... }:
let
  user = import ./private.nix;
in
{
  sops.secrets = { password = { }; "key-${user.name}" = { }; };
  users.users.ann.hashedPasswordFile = config.sops.secrets.password.path;
}
"#,
        expect![[r#"
            web
              reads sops.secrets.password None
        "#]],
    );
}
