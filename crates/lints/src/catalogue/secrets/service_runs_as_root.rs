//! `service-runs-as-root`: a service of the repository that runs as root without any hardening.

use nixscope_fleet::{HostSettings, Known, Setting, SettingDefinition};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, folded, is_own, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "service-runs-as-root",
    group: Group::Secrets,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a service of one's own that runs as root without any hardening",
    page: r#"
A service that the repository defines has neither a `User` nor `DynamicUser`, and none of the settings that confine it:
it runs as root and may do everything, and so may who breaks into it.

Most services need no more than a user of their own, which `DynamicUser` makes; `systemd-analyze security` says what else
can be taken away.

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
{ pkgs, ... }:
{
  systemd.services.tides.serviceConfig = { # error
    ExecStart = "${pkgs.tides}/bin/tides --port 8080";
  };
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
{ pkgs, ... }:
{
  systemd.services.tides.serviceConfig = {
    DynamicUser = true;
    ExecStart = "${pkgs.tides}/bin/tides --port 8080";
  };
}
```

## When it is fine

Where the service manages the machine itself. One that runs once and ends (`Type = "oneshot"`) is not reported, nor is
one of nixpkgs' own to which the repository only adds settings.

## Source

`man systemd.exec`, "Sandboxing".
"#,
    check: Check::Fleet(check),
};

/// Settings that say who a service is, or confine it.
const CONFINES: &[&str] = &[
    "User",
    "DynamicUser",
    "AmbientCapabilities",
    "CapabilityBoundingSet",
    "IPAddressDeny",
    "LockPersonality",
    "MemoryDenyWriteExecute",
    "NoNewPrivileges",
    "PrivateDevices",
    "PrivateNetwork",
    "PrivateTmp",
    "PrivateUsers",
    "ProtectControlGroups",
    "ProtectHome",
    "ProtectKernelModules",
    "ProtectSystem",
    "RestrictAddressFamilies",
    "RestrictNamespaces",
    "RootDirectory",
    "SystemCallFilter",
];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        for setting in settings.matching(&["systemd", "services", "*", "serviceConfig"]) {
            let Some(name) = setting.path.get(2) else { continue };
            let Some(definition) = runs_as_root(cx, settings, setting, name) else { continue };
            let Some(place) = definition.name.or(definition.value.place) else { continue };
            let message = format!(
                "the service `{name}` runs as root {HOSTS}, with nothing that confines it: give it `DynamicUser = true` or a \
                 `User` of its own"
            );
            merged.add(Some(host), Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
        }
    }
    found.extend(folded(merged.finish(), "service"));
}

/// The definition of a service that is known to run as root; none where it does not, or that is not known.
fn runs_as_root<'a>(
    cx: &FleetContext<'_>,
    settings: &'a HostSettings,
    setting: &'a Setting,
    name: &SmolStr,
) -> Option<&'a SettingDefinition> {
    if setting.open || !setting.definitions.iter().all(is_known) {
        return None;
    }
    let member = |key: &str| setting.definitions.iter().find_map(|it| it.value.known.member(key));
    if CONFINES.iter().any(|key| member(key).is_some()) {
        return None;
    }
    if member("Type").is_some_and(|it| it.known.text().is_none_or(|text| text == "oneshot")) {
        return None;
    }
    let starts = |it: &&SettingDefinition| {
        // A list resets what nixpkgs has; so does a priority.
        let command = it.value.known.member("ExecStart").map(|it| &it.known);
        it.priority == DEFAULT_PRIORITY && matches!(command, Some(Known::Text(_) | Known::No))
    };
    let own = |it: &&SettingDefinition| it.name.is_some_and(|place| is_own(cx, place));
    let script = || {
        let script = settings.get(&["systemd", "services", name, "script"])?;
        let is_script = script.definitions.iter().any(|it| it.priority == DEFAULT_PRIORITY && own(&it));
        is_script.then(|| setting.definitions.iter().find(own)).flatten()
    };
    setting.definitions.iter().filter(starts).find(own).or_else(script)
}

/// The priority of a definition that says nothing about it. Source: nixpkgs `lib/modules.nix`, `defaultOverridePriority`.
const DEFAULT_PRIORITY: i64 = 100;

fn is_known(definition: &SettingDefinition) -> bool {
    definition.active && matches!(definition.value.known, Known::Set(_, true))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn services_of_ones_own() {
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
{ lib, config, pkgs, ... }:
{
  systemd.services = {
    open = { script = "serve"; serviceConfig.Restart = "always"; };
    once = { script = "serve"; serviceConfig.Type = "oneshot"; };
    user.serviceConfig = { ExecStart = "x"; User = "web"; };
    confined.serviceConfig = { ExecStart = "x"; ProtectSystem = "strict"; };
    computed.serviceConfig = lib.mkMerge [ { ExecStart = "x"; } config.unknown ];
    conditional.serviceConfig = lib.mkIf config.unknown.enable { ExecStart = "x"; };
    nginx.serviceConfig.LimitNOFILE = 5;
    forced.serviceConfig.ExecStart = lib.mkForce "x";
    command.serviceConfig.ExecStart = "${pkgs.x}/bin/x";
  };
}
#- /repo/db.nix
{ systemd.services.command.serviceConfig.DynamicUser = true; }
"#,
            expect![[r#"
                m.nix:4:32 `serviceConfig` hint: the service `open` runs as root on db and web, with nothing that confines it: give it `DynamicUser = true` or a `User` of its own
                    hosts db web
                m.nix:12:13 `serviceConfig` hint: the service `command` runs as root on web, with nothing that confines it: give it `DynamicUser = true` or a `User` of its own
                    hosts web
            "#]],
        );
    }
}
