//! Inputs: what the lock file says of them, and their sources where these are here.

mod support;

use expect_test::{Expect, expect};
use nixscope_db::VfsPath;
use nixscope_fleet::{SourceOrigin, dangling_inputs, fleet, inputs};
use support::load_with;

/// Two locked inputs whose sources are in the store, and what `follows` them.
const FLEET: &str = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.tools.url = "github:owner/tools?dir=nix";
  inputs.tools.inputs.base.follows = "base";
  inputs.base = { url = "github:owner/base"; flake = false; };
  inputs.same.follows = "tools/deep";
  inputs.near.url = "path:./near";
  inputs.away.url = "github:owner/away";
  outputs = { self, nixpkgs, tools, base, ... }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ tools.nixosModules.default inputs.near.nixosModules.near "${base}/module.nix" ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ config, ... }: { networking.hostName = config.tools.name; }
#- /repo/near/flake.nix
{ outputs = { self }: { nixosModules.near = ./near.nix; }; }
#- /repo/near/near.nix
{ near = true; }
#- /repo/flake.lock
{ "version": 7, "root": "root", "nodes": {
  "root": { "inputs": {
    "nixpkgs": "nixpkgs", "tools": "tools", "base": "base", "same": ["tools", "deep"], "near": "near", "away": "away"
  } },
  "nixpkgs": { "locked": { "type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "0123456789" } },
  "tools": {
    "inputs": { "base": ["base"], "deep": "deep" },
    "locked": { "type": "github", "owner": "owner", "repo": "tools", "rev": "aaaabbbbcccc", "dir": "nix",
                "narHash": "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" }
  },
  "base": { "flake": false, "locked": { "type": "github", "owner": "owner", "repo": "base",
                                        "narHash": "sha256-SG6kYiTRu0+2gPNPfJrZao8k7Ii+c+qOWmxlJg6cuKc=" } },
  "deep": { "locked": { "type": "github", "narHash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } },
  "near": { "locked": { "type": "path", "path": "./near" }, "original": { "type": "path", "path": "./near" }, "parent": [] },
  "away": { "locked": { "type": "github", "owner": "owner", "repo": "away", "narHash": "nonsense" } }
} }
#- /nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source/nix/flake.nix
{
  inputs.base = { url = "github:owner/other"; flake = false; };
  inputs.bad.url = "path:../../../etc";
  outputs = { self, base, ... }: {
    nixosModules.default = { lib, ... }: {
      imports = [ (base + "/common.nix") ];
      options.tools.name = lib.mkOption { default = "from-${self.shortRev}"; };
    };
  };
}
#- /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source/common.nix
{ common = true; }
#- /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source/module.nix
{ base = true; }
#- /nix/etc/flake.nix
{ outputs = { self }: { }; }
"#;

fn check(fixture: &str, sources: &[(&str, &str)], expected: Expect) {
    let sources = sources.iter().map(|(name, path)| ((*name).into(), VfsPath::new(path))).collect();
    let (db, project) = load_with(fixture, "/repo", sources);
    let mut out = String::new();
    for (input, _) in inputs(&db, project) {
        let origin = match input.origin {
            SourceOrigin::Configured => "configured",
            SourceOrigin::Repository => "repository",
            SourceOrigin::Disk => "disk",
            SourceOrigin::Store => "store",
        };
        let source = input.source.as_ref().map_or_else(|| "-".into(), |it| format!("{it} ({origin})"));
        out.push_str(&format!(
            "{}: {} at {source}\n",
            input.name,
            input.store_path.as_deref().unwrap_or("-")
        ));
    }
    expected.assert_eq(&out);
}

#[test]
fn sources_are_where_the_lock_file_says() {
    check(
        FLEET,
        &[],
        expect![[r#"
        nixpkgs: - at -
        tools: /nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source at /nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source/nix (store)
        base: /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source at /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source (store)
        same: /nix/store/bqfq4db6nwycmkdrql9igsbrayqsw3g2-source at -
        near: - at /repo/near (repository)
        away: - at -
    "#]],
    );
}

#[test]
fn a_directory_named_by_hand_comes_first() {
    let fixture = format!("{FLEET}#- /src/tools/nix/flake.nix\n{{ }}\n#- /src/away/default.nix\n1\n");
    check(
        &fixture,
        &[("tools", "/src/tools"), ("away", "/src/away"), ("base", "/none")],
        expect![[r#"
        nixpkgs: - at -
        tools: /nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source at /src/tools/nix (configured)
        base: /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source at /nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source (store)
        same: /nix/store/bqfq4db6nwycmkdrql9igsbrayqsw3g2-source at -
        near: - at /repo/near (repository)
        away: - at /src/away (configured)
    "#]],
    );
}

#[test]
fn places_on_this_machine() {
    check(
        r#"
#- /repo/flake.nix
{
  inputs.a.url = "path:/srv/a?dir=sub";
  inputs.b.url = "git+file:///srv/b";
  inputs.c.url = "./c";
  inputs.d.url = "git+file:./d";
  inputs.e.url = "path:../e";
  inputs.f.url = "path:/srv/none";
  outputs = _: { };
}
#- /srv/a/sub/flake.nix
{ }
#- /srv/b/flake.nix
{ }
#- /repo/c/flake.nix
{ }
#- /repo/d/flake.nix
{ }
#- /e/flake.nix
{ }
"#,
        &[],
        expect![[r#"
            a: - at /srv/a/sub (disk)
            b: - at /srv/b (disk)
            c: - at /repo/c (repository)
            d: - at /repo/d (repository)
            e: - at /e (repository)
            f: - at -
        "#]],
    );
}

#[test]
fn modules_of_inputs_run_from_their_sources() {
    let (db, project) = load_with(FLEET, "/repo", Vec::new());
    let (_, web) = &fleet(&db, project).hosts[0];
    let modules: Vec<&str> = web.modules.iter().map(|it| it.file.path(&db).as_str()).collect();
    assert_eq!(modules, ["/repo/near/near.nix", "/repo/web.nix"], "files of the repository only");
    let external: Vec<&str> = web.external.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(external, ["inputs.tools.nixosModules.default", "inputs.base/module.nix"]);
    assert_eq!(web.gaps, []);
    assert_eq!(web.options, [], "what an input declares is none of the repository's options");
    let name = nixscope_fleet::host_option(
        &db,
        project,
        "nixosConfigurations".into(),
        "web".into(),
        "networking.hostName".into(),
    );
    assert_eq!(name.value.as_deref(), Some("\"from-aaaabbb\""));
}

#[test]
fn entries_that_lead_nowhere() {
    let fixture = FLEET.replace(r#"["tools", "deep"]"#, r#"["tools", "lost"]"#);
    let (db, _) = load_with(&fixture, "/repo", Vec::new());
    let lock = nixscope_db::source(&db, &VfsPath::new("/repo/flake.lock"));
    let found = dangling_inputs(&db, lock);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].node.as_str(), found[0].input.as_str(), found[0].target.as_str()),
        ("root", "same", "tools/lost")
    );
}
