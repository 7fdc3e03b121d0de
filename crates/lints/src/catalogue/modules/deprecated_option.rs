//! `deprecated-option`: an option by a name that it no longer has.

mod table;

use nixscope_db::Db;
use nixscope_fleet::{InputKind, Project, inputs, locked_at};
use nixscope_hir::{BindingValue, Expr, ExprId, NameId, Symbol};
use nixscope_syntax::{SyntaxKind, SyntaxNode, TextRange};

use self::table::{Entry, Of, TABLE};
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::{Diagnostic, Edit, Fix, Tag};
use crate::fleet::Merged;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::{own_range, problems};
use crate::target::{is_plain_name, target};

pub(super) static LINT: Lint = Lint {
    name: "deprecated-option",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "an option by a name that it no longer has",
    page: r#"
An option was renamed: the old name still works for some time, with a warning each time the host is built, and then no
longer. Reported are options that the repository's own modules rename (`mkRenamedOptionModule`), and well-known ones of
NixOS and home-manager, where the release that the flake uses has the new name.

A hint is also `networking.useDHCP` beside `useDHCP` of single interfaces, as old versions of `nixos-generate-config`
wrote it.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  fonts.fonts = [ ]; # error
  services.xserver.layout = "de"; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  fonts.packages = [ ];
  services.xserver.xkb.layout = "de";
}
```

## Source

nixpkgs, `nixos/modules/rename.nix`; the release notes of NixOS and home-manager.
"#,
    check: Check::Both(check, check_fleet),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if cx.is_broken() {
        return;
    }
    let mut dhcp = Dhcp::default();
    for (_, expr) in cx.body.exprs.iter() {
        let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = expr else { continue };
        for binding in &bindings.named {
            let BindingValue::Expr(value) = binding.value else { continue };
            let name = binding.name.as_str();
            if name == "useDHCP" {
                dhcp.see(cx, value, binding.place);
            }
            let of_this_name = TABLE.iter().filter(|entry| entry.old.rsplit('.').next() == Some(name));
            for entry in of_this_name {
                let Some(target) = target(cx, value).filter(|it| it.in_module) else { break };
                if matches(entry.old, &target.path)
                    && release(cx.db, cx.project, entry.of) >= Some(entry.since)
                {
                    found.push(finding(cx, entry, &target.path, binding.place));
                }
            }
        }
    }
    found.extend(dhcp.finding(cx));
}

/// Whether a path is the one of an entry.
fn matches(old: &str, path: &[Option<Symbol>]) -> bool {
    old.split('.').count() == path.len()
        && old
            .split('.')
            .zip(path)
            .all(|(wanted, name)| wanted == "*" || name.is_some_and(|name| name.as_str() == wanted))
}

fn finding(cx: &FileContext<'_>, entry: &Entry, path: &[Option<Symbol>], name: NameId) -> Diagnostic {
    let written = written(cx, name);
    let range = written.as_ref().map_or(cx.name_range(name), |it| it.range);
    let project = match entry.of {
        Of::Nixos => "NixOS",
        Of::HomeManager => "home-manager",
    };
    let (year, month) = (entry.since / 100, entry.since % 100);
    let Some(new) = entry.new else {
        let message = format!("`{}` was taken out in {project} {year}.{month:02}", entry.old);
        return Diagnostic::new(&LINT, cx.file, range, message).with_tag(Tag::Deprecated);
    };
    let named = |pattern: &str| -> Option<Vec<String>> {
        let names = pattern.split('.').enumerate();
        names.map(|(at, name)| if name == "*" { shown(*path.get(at)?) } else { Some(name.into()) }).collect()
    };
    let new_path = named(new).unwrap_or_else(|| new.split('.').map(String::from).collect());
    let message = format!(
        "`{}` is called `{}` since {project} {year}.{month:02}",
        named(entry.old).map_or(entry.old.into(), |it| it.join(".")),
        new_path.join(".")
    );
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message).with_tag(Tag::Deprecated);
    // What the sets around it are called stays as it is.
    if let Some(written) = written
        && let Some(outer) = path.len().checked_sub(written.names)
        && let Some(outer_names) = path[..outer].iter().map(|name| shown(*name)).collect::<Option<Vec<_>>>()
        && new_path.starts_with(&outer_names)
        && new_path.len() > outer
    {
        let edit = Edit { file: cx.file, range: written.own, new_text: new_path[outer..].join(".") };
        finding.fix = Some(Fix::safe(format!("Write `{}`", new_path.join(".")), vec![edit]));
    }
    finding
}

/// A name as it is written in a path.
fn shown(name: Option<Symbol>) -> Option<String> {
    let name = name?.as_str();
    Some(if is_plain_name(name) { name.into() } else { format!("{name:?}") })
}

/// A name with the names before it in the same path.
struct Written {
    /// From the first name of the path.
    range: TextRange,
    /// The same without a leading `config`.
    own: TextRange,
    /// How many names that are.
    names: usize,
}

fn written(cx: &FileContext<'_>, name: NameId) -> Option<Written> {
    let range = cx.name_range(name);
    let path = cx.node(range)?.ancestors().find(|node| node.kind() == SyntaxKind::NODE_ATTRPATH)?;
    let before: Vec<SyntaxNode> =
        path.children().filter(|node| node.text_range().end() <= range.end()).collect();
    let first = before.first()?;
    let skipped = usize::from(first.text() == "config" && before.len() > 1);
    let own = before.get(skipped)?.text_range().start();
    Some(Written {
        range: TextRange::new(first.text_range().start(), range.end()),
        own: TextRange::new(own, range.end()),
        names: before.len() - skipped,
    })
}

/// The release that the flake uses: the oldest where it uses several, none where that is not known.
fn release(db: &dyn Db, project: Project, of: Of) -> Option<u16> {
    let wanted = match of {
        Of::Nixos => InputKind::Nixpkgs,
        Of::HomeManager => InputKind::HomeManager,
    };
    let of_kind = inputs(db, project).iter().filter(|(_, kind)| *kind == wanted);
    let releases: Option<Vec<u16>> = of_kind
        .map(|(input, _)| {
            let of_channel = input.url.as_deref().and_then(channel);
            of_channel.or_else(|| locked_at(db, input).and_then(release_before))
        })
        .collect();
    releases?.into_iter().min()
}

/// The release in the name of a channel: 2411 in `nixos-24.11`.
fn channel(url: &str) -> Option<u16> {
    let name = url.split('?').next()?.rsplit(['/', '-']).next()?;
    let (year, month) = name.split_once('.')?;
    let digits = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
    Some(digits(year)? * 100 + digits(month)?)
}

/// The month before a moment, in seconds since 1970, in the form of a release: what was released then is in.
fn release_before(seconds: u64) -> Option<u16> {
    const SECONDS_PER_YEAR: u64 = 31_556_952;
    let month = (seconds * 12 / SECONDS_PER_YEAR).checked_sub(1)?;
    let (year, month) = (1970 + month / 12, month % 12 + 1);
    u16::try_from(year.checked_sub(2000)? * 100 + month).ok()
}

/// `networking.useDHCP`, and that of an interface.
#[derive(Default)]
struct Dhcp {
    global: Option<NameId>,
    of_interface: Option<NameId>,
}

impl Dhcp {
    fn see(&mut self, cx: &FileContext<'_>, value: ExprId, name: NameId) {
        let Some(target) = target(cx, value).filter(|it| it.in_module) else { return };
        let path: Vec<&str> = target.path.iter().map(|it| it.map_or("*", Symbol::as_str)).collect();
        match path.as_slice() {
            ["networking", "useDHCP"] => self.global = Some(name),
            ["networking", "interfaces", _, "useDHCP"] => self.of_interface = Some(name),
            _ => {}
        }
    }

    fn finding(&self, cx: &FileContext<'_>) -> Option<Diagnostic> {
        let (global, of_interface) = (self.global?, self.of_interface?);
        let message = "`networking.useDHCP` is for all interfaces, and below single ones have a `useDHCP` of \
                       their own: one of the two says it all";
        let mut finding = Diagnostic::new(&LINT, cx.file, cx.name_range(global), message);
        finding.level = Level::Hint;
        Some(finding.with_related(cx.file, cx.name_range(of_interface), "of an interface"))
    }
}

/// Options that modules of the repository rename.
fn check_fleet(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, all) in problems(cx) {
        for renamed in &all.renamed {
            for place in &renamed.definitions {
                let Some((file, range)) = own_range(cx, *place) else { continue };
                let message = format!("`{}` is called `{}` now", renamed.from, renamed.to);
                merged.add(
                    Some(&host.name),
                    Diagnostic::new(&LINT, file, range, message).with_tag(Tag::Deprecated),
                );
            }
        }
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_fleet, flake};

    fn module(channel: &str, module: &str) -> String {
        format!(
            "#- /repo/flake.nix\n{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs/{channel}\"; outputs = i: {{ }}; }}\n\
             #- /repo/m.nix\n{module}\n"
        )
    }

    #[test]
    fn however_it_is_written() {
        check(
            &super::LINT,
            &module(
                "nixos-25.11",
                "{ config, lib, ... }: {
  config.services.xserver = { enable = true; layout = \"de\"; libinput.enable = true; };
  config.hardware.pulseaudio.enable = lib.mkForce false;
  config.services.openssh = lib.mkIf config.a { permitRootLogin = \"no\"; };
  config.users.users.ada.passwordFile = \"/a\";
  config.sound.enable = true;
}",
            ),
            expect![[r#"
                m.nix:2:46 `layout` warning: `services.xserver.layout` is called `services.xserver.xkb.layout` since NixOS 24.05
                    safe: Write `services.xserver.xkb.layout` => config.services.xserver = { enable = true; xkb.layout = "de"; libinput.enable = true; };
                m.nix:2:61 `libinput` warning: `services.xserver.libinput` is called `services.libinput` since NixOS 24.05
                m.nix:3:3 `config.hardware.pulseaudio` warning: `hardware.pulseaudio` is called `services.pulseaudio` since NixOS 25.05
                    safe: Write `services.pulseaudio` => config.services.pulseaudio.enable = lib.mkForce false;
                m.nix:4:49 `permitRootLogin` warning: `services.openssh.permitRootLogin` is called `services.openssh.settings.PermitRootLogin` since NixOS 23.05
                    safe: Write `services.openssh.settings.PermitRootLogin` => config.services.openssh = lib.mkIf config.a { settings.PermitRootLogin = "no"; };
                m.nix:5:3 `config.users.users.ada.passwordFile` warning: `users.users.ada.passwordFile` is called `users.users.ada.hashedPasswordFile` since NixOS 23.11
                    safe: Write `users.users.ada.hashedPasswordFile` => config.users.users.ada.hashedPasswordFile = "/a";
                m.nix:6:3 `config.sound.enable` warning: `sound.enable` was taken out in NixOS 24.11
            "#]],
        );
    }

    #[test]
    fn silent_with_an_older_release() {
        check(
            &super::LINT,
            &module("nixos-23.11", "{ services.xserver.layout = \"de\"; sound.enable = true; }"),
            expect![""],
        );
        check(&super::LINT, &module("nixos-unstable", "{ fonts.fonts = [ ]; }"), expect![""]);
    }

    #[test]
    fn of_a_locked_revision() {
        let lock = "#- /repo/flake.lock\n{ \"version\": 7, \"root\": \"root\", \"nodes\": { \"root\": { \"inputs\": \
                    { \"nixpkgs\": \"nixpkgs\" } }, \"nixpkgs\": { \"locked\": { \"lastModified\": 1700000000 } } } }\n";
        let text = module("nixos-unstable", "{ fonts.fonts = [ ]; services.openssh.useDns = true; }") + lock;
        check(
            &super::LINT,
            &text,
            expect![[r#"
            m.nix:1:22 `services.openssh.useDns` warning: `services.openssh.useDns` is called `services.openssh.settings.UseDns` since NixOS 23.05
                safe: Write `services.openssh.settings.UseDns` => { fonts.fonts = [ ]; services.openssh.settings.UseDns = true; }
        "#]],
        );
    }

    #[test]
    fn dhcp_of_all_and_of_one() {
        check(
            &super::LINT,
            &module(
                "nixos-25.11",
                "{ networking.useDHCP = false; networking.interfaces.enp1s0.useDHCP = true; }",
            ),
            expect![[r#"
                m.nix:1:14 `useDHCP` hint: `networking.useDHCP` is for all interfaces, and below single ones have a `useDHCP` of their own: one of the two says it all
                    at m.nix:1:60 `useDHCP`: of an interface
            "#]],
        );
    }

    #[test]
    fn the_repositorys_own() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, ... }: {
  imports = [
    (lib.mkRenamedOptionModule [ \"harbour\" \"old\" ] [ \"harbour\" \"new\" ])
    (lib.mkAliasOptionModule [ \"harbour\" \"short\" ] [ \"harbour\" \"new\" ])
  ];
  options.harbour.new = lib.mkOption { type = lib.types.int; };
  config.harbour.old = 1;
  config.harbour.short = 1;
}",
            ),
            expect![[r#"
                m.nix:7:18 `old` warning: `harbour.old` is called `harbour.new` now
                    hosts web
            "#]],
        );
    }
}
