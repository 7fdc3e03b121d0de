//! Reads of other hosts in the forms that real fleets use.

mod support;

use std::cell::Cell;

use expect_test::{Expect, expect};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{HostReference, fleet, observed_references};
use nixscope_syntax::{PositionEncoding, line_index};
use nixscope_test_fixture::TestDatabase;
use support::load;

fn show(db: &TestDatabase, place: SourcePlace) -> String {
    let at = line_index(db, place.source).line_col(place.range(db).start(), PositionEncoding::Utf32);
    format!("{}:{}", place.source.path(db), at.line + 1)
}

/// Prints what each host's modules read of others, then what functions over hosts were seen to read.
fn check(fixture: &str, expected: Expect) {
    let (db, project) = load(fixture);
    let index = fleet(&db, project);
    let is_observed = Cell::new(false);
    let mut out = String::new();
    let mut print = |reference: &HostReference| {
        let observed = if is_observed.get() { "observed " } else { "" };
        let targets: Vec<String> = reference.targets.iter().map(|it| show(&db, *it)).collect();
        let line = format!(
            "{observed}{} {} -> {} {} [{}] {} {}\n",
            show(&db, reference.place),
            reference.expression,
            reference.host.as_deref().unwrap_or("?"),
            if reference.path.is_empty() { "-" } else { &reference.path },
            reference.status.as_str(),
            reference.value.as_deref().unwrap_or("?"),
            targets.join(" ")
        );
        out.push_str(line.trim_end());
        out.push('\n');
    };
    index.hosts.iter().flat_map(|(_, index)| &index.references).for_each(&mut print);
    index.references.iter().for_each(&mut print);
    is_observed.set(true);
    observed_references(&db, project).iter().for_each(&mut print);
    expected.assert_eq(&out);
}

const FLAKE: &str = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      lib = nixpkgs.lib.extend (final: prev: { own = import ./lib.nix { lib = final; }; });
      host = module: lib.nixosSystem {
        inherit lib;
        specialArgs = { inherit self; inherit (self) nixosConfigurations; nodes = self.nixosConfigurations; };
        modules = [ module ./options.nix ];
      };
    in
    { nixosConfigurations = { web = host ./web.nix; db = host ./db.nix; }; };
}
#- /lib.nix
{ lib }: {
  filterHosts = filters: hosts: lib.filterAttrs (_: { config, ... }: builtins.all (f: f config) filters) hosts;
}
#- /options.nix
{ lib, ... }: {
  options.own.port = lib.mkOption { type = lib.types.int; default = 1; };
  options.own.ping = lib.mkOption { type = lib.types.bool; default = true; };
}
#- /db.nix
{ own.port = 5432; services.postgresql.settings.port = 5433; }
"#;

#[test]
fn selections_aliases_and_strings() {
    check(
        &format!(
            "{FLAKE}{}",
            r#"
#- /web.nix
{ self, nodes, lib, config, ... }:
let
  hosts = self.nixosConfigurations;
  db = nodes.db.config;
  postgres = hosts.db.config.services.postgresql;
  inherit (nodes.db.config.own) port;
  other = { own.port = 3; };
in
{
  services.a.alias = hosts.db.config.own.port;
  services.a.config = db.own.port;
  services.a.part = postgres.settings.port;
  services.a.text = "http://db:${toString self.nixosConfigurations.db.config.own.port}/";
  services.a.lines = ''
    # self.nixosConfigurations.db.config.own.gone
    nixos-rebuild --flake .#nixosConfigurations.db
    ${toString self.nixosConfigurations.db.config.own.port}
  '';
  # services.a.comment = nodes.db.config.own.port;
  services.a.let = other.own.port;
  services.a.inherited = port;
  services.a.or = nodes.db.config.services.redis.port or 6379;
  services.a.list = lib.attrByPath [ "own" "port" ] 0 nodes.db.config;
  services.a.get = lib.getAttrFromPath [ "own" "port" ] nodes.db.config;
  services.a.has = lib.hasAttrByPath [ "services" "postgresql" "settings" ] nodes.db.config;
  services.a.missing = nodes.dbb.config.own.port;
  services.a.system = nodes.db.config.system.build.toplevel;
}
"#
        ),
        expect![[r#"
            /web.nix:6 nodes.db.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:6 nodes.db.config.own -> db own [resolved] ? /db.nix:1
            /web.nix:4 nodes.db.config -> db - [resolved] ?
            /web.nix:5 hosts.db.config.services.postgresql -> db services.postgresql [resolved] { settings = { port = 5433; }; } /db.nix:1
            /web.nix:10 hosts.db.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:11 db.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:13 self.nixosConfigurations.db.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:17 self.nixosConfigurations.db.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:22 nodes.db.config.services.redis.port -> db services.redis.port [missing-option] ?
            /web.nix:23 nodes.db.config -> db - [resolved] ?
            /web.nix:23 lib.attrByPath … -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:24 nodes.db.config -> db - [resolved] ?
            /web.nix:24 lib.getAttrFromPath … -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            /web.nix:25 nodes.db.config -> db - [resolved] ?
            /web.nix:25 lib.hasAttrByPath … -> db services.postgresql.settings [resolved] { port = 5433; } /db.nix:1
            /web.nix:26 nodes.dbb.config.own.port -> dbb - [missing-host] ?
            /web.nix:27 nodes.db.config.system.build.toplevel -> db system.build.toplevel [external] ?
        "#]],
    );
}

#[test]
fn functions_over_hosts() {
    check(
        &format!(
            "{FLAKE}{}",
            r#"
#- /web.nix
{ self, nodes, lib, config, pkgs, ... }:
let
  portOf = host: host.config.own.port;
  configFor = name: self.nixosConfigurations.${name}.config;
in
{
  services.b.map = map (host: host.config.own.port) (lib.attrValues self.nixosConfigurations);
  services.b.mapAttrs = lib.mapAttrs (name: host: host.config.own.ping) nodes;
  services.b.filter = lib.filterAttrs (_: { config, ... }: config.own.ping) nodes;
  services.b.helper = portOf nodes.db;
  services.b.names = map (name: (configFor name).own.port) [ "db" ];
  services.b.file = pkgs.writeText "ports" (lib.concatMapStrings (h: toString h.config.own.port) [ nodes.db ]);
  services.b.peers = import ./peers.nix { inherit self; };
  services.b.scrape = import ./scrape.nix { inherit lib; inherit (self) nixosConfigurations; };
}
#- /peers.nix
{ self }: map (name: self.nixosConfigurations.${name}.config.own.port) (builtins.attrNames self.nixosConfigurations)
#- /scrape.nix
{ lib, nixosConfigurations, ... }:
let
  hosts = lib.own.filterHosts [ (cfg: cfg.own.ping) ] nixosConfigurations;
in
{ targets = lib.attrNames hosts; }
"#
        ),
        expect![[r#"
            /web.nix:4 self.nixosConfigurations.${name}.config -> ? - [dynamic] ?
            /web.nix:10 nodes.db -> db - [resolved] ?
            /web.nix:12 nodes.db -> db - [resolved] ?
            observed /peers.nix:1 self.nixosConfigurations.${name}.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            observed /peers.nix:1 self.nixosConfigurations.${name}.config.own.port -> web own.port [default] 1 /options.nix:2
            observed /scrape.nix:3 cfg.own.ping -> db own.ping [default] true /options.nix:3
            observed /scrape.nix:3 cfg.own.ping -> web own.ping [default] true /options.nix:3
            observed /web.nix:3 host.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            observed /web.nix:4 self.nixosConfigurations.${name}.config -> db - [resolved] ?
            observed /web.nix:7 host.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            observed /web.nix:7 host.config.own.port -> web own.port [default] 1 /options.nix:2
            observed /web.nix:8 host.config.own.ping -> db own.ping [default] true /options.nix:3
            observed /web.nix:8 host.config.own.ping -> web own.ping [default] true /options.nix:3
            observed /web.nix:9 config.own.ping -> db own.ping [default] true /options.nix:3
            observed /web.nix:11 configFor ….own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
            observed /web.nix:12 h.config.own.port -> db own.port [resolved] 5432 /db.nix:1 /options.nix:2
        "#]],
    );
}

/// A module says with `_file` that it comes from another file than the one it is written in: what either
/// reads is read in its own file.
#[test]
fn modules_that_name_another_file_as_theirs() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      at = file: module: { _file = file; imports = [ module ]; };
      host = module: lib.nixosSystem {
        specialArgs = { inherit self; };
        modules = [ (at "${self}/short.nix" (import ./long.nix)) module ];
      };
    in
    {
      nixosConfigurations = {
        db = host { networking.hostName = "db"; };
        web = host ./short.nix;
      };
    };
}
#- /short.nix
{ self, ... }: { a = self.nixosConfigurations.db.config.networking.hostName; }
#- /long.nix
{ self, lib, unused ? lib.mkIf (1 == 2) [ 1 2 3 4 5 6 7 8 9 ], ... }: {
  b = self.nixosConfigurations.web.config.networking.hostName;
  c = [ 1 2 3 4 5 6 7 8 9 ];
}
"#,
        expect![[r#"
            /long.nix:2 self.nixosConfigurations.web.config.networking.hostName -> web networking.hostName [external] ?
            /long.nix:2 self.nixosConfigurations.web.config.networking.hostName -> web networking.hostName [external] ?
            /short.nix:1 self.nixosConfigurations.db.config.networking.hostName -> db networking.hostName [resolved] "db" /flake.nix:14
        "#]],
    );
}
