//! `secret-unused`: secrets that are declared and read by nothing, and entries of `secrets.nix` without a counterpart.

use nixscope_db::{EntryKind, SourceFile, VfsPath};
use nixscope_fleet::{HostIndex, NamedKeys, OwnKeys, SecretBackend, SecretDeclaration, host_settings};
use nixscope_hir::{AttrName, Expr, StrPart};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Tag};
use crate::fleet::{HOSTS, Merged, folded, is_own, is_written, references, systems, written};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "secret-unused",
    group: Group::Secrets,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a secret that nothing reads, or an entry of `secrets.nix` that nothing declares",
    page: r#"
A secret is declared, and no module of any host reads it: it is decrypted on every start for nobody. Or `secrets.nix`
has an entry for a file that no host declares, or that is not there.

What is not read any more should go: each copy of a secret is one more to lose and to rotate.

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
  age.secrets.tls.file = ./tls.age;
  age.secrets.old.file = ./old.age; # error
  services.web.keyFile = config.age.secrets.tls.path;
}
#- /repo/tls.age
age-encryption.org/v1
#- /repo/old.age
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
  age.secrets.tls.file = ./tls.age;
  services.web.keyFile = config.age.secrets.tls.path;
}
#- /repo/tls.age
age-encryption.org/v1
```

## When it is fine

A secret with a `path` of its own is read there, by what no module knows; such ones are not reported. Nor are those of a
host of which not every module is known.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut all = Vec::new();
    unread(cx, &mut all);
    undeclared_rules(cx, &mut all);
    found.extend(folded(all, "entry"));
}

/// Declared secrets that nothing reads.
fn unread(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let all = systems(cx.fleet);
    let mut read: FxHashSet<&str> = FxHashSet::default();
    let mut read_by_any_name: Vec<SecretBackend> = Vec::new();
    for it in all.iter().flat_map(|(_, index)| &index.secret_reads) {
        read.insert(&it.path);
        if it.name.is_empty() {
            read_by_any_name.push(it.backend);
        }
    }
    // What another host reads: `nodes.web.config.age.secrets.tls.path`.
    let elsewhere: Vec<&str> = references(cx.fleet).iter().map(|(_, it)| it.path.as_str()).collect();
    let is_read = |secret: &SecretDeclaration| {
        read.contains(secret.path.as_str())
            || read_by_any_name.contains(&secret.backend)
            || elsewhere.iter().any(|path| path.starts_with(secret.path.as_str()))
    };
    let mut merged = Merged::default();
    let mut spoken: FxHashMap<SourceFile, FxHashSet<&str>> = FxHashMap::default();
    for (host, index) in &cx.fleet.hosts {
        if !is_known(index) {
            continue;
        }
        let settings = host_settings(cx.db, cx.project, host.output.clone(), host.name.clone());
        for secret in &index.secrets {
            let (managed, root) = match secret.backend {
                SecretBackend::Agenix => (true, "age"),
                SecretBackend::Sops => (true, "sops"),
                _ => (false, ""),
            };
            let has_place = ["path", "name"]
                .iter()
                .any(|setting| settings.get(&[root, "secrets", &secret.name, setting]).is_some());
            if !managed || secret.conditional || has_place || is_read(secret) {
                continue;
            }
            let Some(place) = secret.place.filter(|it| is_own(cx, *it)) else { continue };
            // One that is computed may be read by a computed name.
            if !is_written(cx.db, place, &secret.name) {
                continue;
            }
            // What only looks like a read may be one that could not be followed, or one of a directory.
            let mut files = module_files(index).into_iter();
            if files.any(|file| {
                let said = spoken.entry(file).or_insert_with(|| names_in(cx, file));
                said.contains(&*secret.name) || directories(&secret.name).any(|it| said.contains(&*it))
            }) {
                continue;
            }
            let message = format!("the secret `{}` is declared {HOSTS} and nothing reads it", secret.name);
            let finding = Diagnostic::new(&LINT, place.source, place.range(cx.db), message);
            merged.add(Some(&host.name), finding.with_tag(Tag::Unnecessary));
        }
    }
    found.extend(merged.finish());
}

/// The directories that a secret of that name lies in when it is decrypted, below those of the tools: `/run/secrets/web` for
/// `web/key`.
fn directories(name: &str) -> impl Iterator<Item = String> {
    let ends = name.match_indices('/').map(|(at, _)| at);
    let above = ends.filter_map(move |at| name.get(..at)).filter(|it| !it.is_empty());
    above.flat_map(|it| [format!("/run/secrets/{it}"), format!("/run/agenix/{it}")])
}

/// The files of a host's modules and of those of the systems inside it.
fn module_files(index: &HostIndex) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = index.modules.iter().map(|it| it.file).collect();
    index.nested.iter().for_each(|nested| files.extend(module_files(&nested.index)));
    files
}

/// What a file's expressions name: variables, attributes that are selected, the words of texts.
fn names_in<'db>(cx: &FleetContext<'db>, file: SourceFile) -> FxHashSet<&'db str> {
    let mut names = FxHashSet::default();
    let mut text = |text: &'db str| {
        names.insert(text);
        names.extend(text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-./".contains(c))));
        names.extend(text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))));
    };
    for (_, expr) in nixscope_hir::body(cx.db, file).exprs.iter() {
        match expr {
            Expr::Str(it) => text(it),
            Expr::Interpolated(parts) => parts.iter().for_each(|part| {
                if let StrPart::Text(it) = part {
                    text(it);
                }
            }),
            Expr::Local { name, .. } | Expr::WithName { name, .. } => text(name.as_str()),
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => {
                path.iter().filter_map(AttrName::as_static).for_each(|it| text(it.as_str()));
            }
            _ => {}
        }
    }
    names
}

/// Whether all modules of a host and of what is in it are known.
fn is_known(index: &HostIndex) -> bool {
    index.gaps.is_empty() && index.nested.iter().all(|it| is_known(&it.index))
}

/// Entries of `secrets.nix` for files that nothing declares, or that are not there.
fn undeclared_rules(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let all = systems(cx.fleet);
    let declared = || all.iter().flat_map(|(_, index)| &index.secrets);
    let of_agenix = || declared().filter(|it| it.backend == SecretBackend::Agenix);
    let files: FxHashSet<_> = declared().filter_map(|it| it.file.as_ref()).collect();
    let is_complete = cx.fleet.gaps.is_empty()
        && cx.fleet.hosts.iter().all(|(_, index)| is_known(index))
        && of_agenix().next().is_some()
        && of_agenix().all(|it| it.file.is_some());
    let named = NamedKeys::of(cx.fleet, SecretBackend::Agenix);
    let hosts: Vec<OwnKeys> =
        cx.fleet.hosts.iter().map(|(host, _)| named.of_host(cx.fleet, &host.name)).collect();
    for rule in &cx.fleet.secret_rules.agenix {
        let Some(place) = rule.place.filter(|it| is_own(cx, *it)) else { continue };
        let root = cx.project.root(cx.db);
        // Another flake in the repository has hosts of its own.
        let rules_file = place.source.path(cx.db);
        let mut above =
            std::iter::successors(rules_file.parent(), VfsPath::parent).take_while(|it| it != root);
        if above.any(|it| nixscope_db::kind(cx.db, &it.join("flake.nix")) == EntryKind::File) {
            continue;
        }
        let shown = rule.file.strip_prefix(root).unwrap_or(rule.file.as_str());
        // One that is computed stands for many.
        let is_written = written(cx.db, place).is_some_and(|it| shown.ends_with(it.trim_matches('"')));
        if !is_written {
            continue;
        }
        let message = if nixscope_db::kind(cx.db, &rule.file) == EntryKind::Missing {
            // Where a host declares it, that is an error of its own.
            if files.contains(&rule.file) {
                continue;
            }
            format!(
                "there is no `{shown}`, and no host declares it: remove this entry, or make it with `agenix -e`"
            )
        } else if is_complete
            && !files.contains(&rule.file)
            // What no host can read is meant for people.
            && hosts.iter().any(|keys| keys.are_among(&rule.recipients) == Some(true))
        {
            format!("no host declares a secret with the file `{shown}`")
        } else {
            continue;
        };
        found.push(Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn what_reads_a_secret() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; specialArgs = { inherit self; }; };
  };
}
#- /repo/common.nix
{ config, pkgs, ... }:
{
  age.secrets = {
    direct.file = ./s.age;
    in-script.file = ./s.age;
    placed = { file = ./s.age; path = "/etc/x"; };
    unread.file = ./s.age;
  };
  sops.secrets.in-template = { };
  sops.secrets.unread = { };
  sops.secrets."boot/keys/db" = { };
  boot.keys = "/run/secrets/boot";
  sops.templates.env.content = "X=${config.sops.placeholder.in-template}";
  services.a.passwordFile = config.age.secrets.direct.path;
  services.b.script = "cat /run/agenix/in-script";
}
#- /repo/secrets.nix
let
  alice = "ssh-ed25519 AAAAalice";
  web = "ssh-ed25519 AAAAweb";
in
{
  "s.age".publicKeys = [ web ];
  "gone.age".publicKeys = [ web ];
  "there.age".publicKeys = [ alice web ];
  "private.age".publicKeys = [ alice ];
}
#- /repo/other/flake.nix
{ outputs = { self }: { }; }
#- /repo/other/secrets.nix
{ "gone.age".publicKeys = [ "ssh-ed25519 AAAAweb" ]; }
#- /repo/private.age
age-encryption.org/v1
#- /repo/s.age
age-encryption.org/v1
#- /repo/there.age
age-encryption.org/v1
"#,
            expect![[r#"
                common.nix:7:5 `unread` hint: the secret `unread` is declared on db and web and nothing reads it
                    hosts db web
                common.nix:10:16 `unread` hint: the secret `unread` is declared on db and web and nothing reads it
                    hosts db web
                secrets.nix:7:3 `"gone.age"` hint: there is no `gone.age`, and no host declares it: remove this entry, or make it with `agenix -e`
                secrets.nix:8:3 `"there.age"` hint: no host declares a secret with the file `there.age`
            "#]],
        );
    }
}
