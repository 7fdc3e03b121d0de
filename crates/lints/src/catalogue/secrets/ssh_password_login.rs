//! `ssh-password-login`: an SSH server that lets people in with a password.

use nixscope_fleet::{HostSettings, Known, SettingDefinition};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, is_installer, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "ssh-password-login",
    group: Group::Secrets,
    level: Level::Warning,
    since: "0.1.0",
    summary: "an SSH server that takes passwords, or root with one",
    page: r#"
The host's SSH server takes passwords, so that everybody who can reach it may guess them; or root may log in with one.
Keys cannot be guessed, and who needs root has `sudo`.

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
  services.openssh.enable = true;
  services.openssh.settings.PasswordAuthentication = true; # error
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
  services.openssh.enable = true;
  services.openssh.settings.PasswordAuthentication = false;
}
```

## When it is fine

On installation media, which are not reported. `PermitRootLogin = "yes"` beside `PasswordAuthentication = false` lets
root in by key only, and is a hint: `"prohibit-password"` says so by itself.

## Source

`man sshd_config`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        let is_on = settings.get(&["services", "openssh", "enable"]).and_then(|it| it.winner());
        if is_on.is_none_or(|it| it.value.known != Known::Bool(true)) || is_installer(cx, host) {
            continue;
        }
        let password = option(settings, "PasswordAuthentication", "passwordAuthentication");
        let root = option(settings, "PermitRootLogin", "permitRootLogin");
        if let Some(winner) = password.filter(|it| it.value.known == Known::Bool(true)) {
            let message = format!(
                "SSH takes passwords {HOSTS}: who can reach the port may guess them; use keys, and set this to false"
            );
            add(cx, &mut merged, host, winner, Level::Warning, message);
        }
        if let Some(winner) = root.filter(|it| it.value.known.text() == Some("yes")) {
            let (level, message) = match password.map(|it| &it.value.known) {
                Some(Known::Bool(false)) => (
                    Level::Hint,
                    "root may log in, if only by key: `\"prohibit-password\"` says so by itself".to_string(),
                ),
                _ => (
                    Level::Warning,
                    format!(
                        "root may log in with a password {HOSTS}: use `\"prohibit-password\"` or `\"no\"`"
                    ),
                ),
            };
            add(cx, &mut merged, host, winner, level, message);
        }
    }
    found.extend(merged.finish());
}

/// What a host sets of an option under its new or its old name.
fn option<'a>(settings: &'a HostSettings, new: &str, old: &str) -> Option<&'a SettingDefinition> {
    let of = |path: &[&str]| settings.get(path).and_then(|it| it.winner());
    of(&["services", "openssh", "settings", new]).or_else(|| of(&["services", "openssh", old]))
}

fn add(
    cx: &FleetContext<'_>,
    merged: &mut Merged,
    host: &SmolStr,
    winner: &SettingDefinition,
    level: Level,
    message: String,
) {
    let Some(place) = winner.name.or(winner.value.place) else { return };
    let finding = Diagnostic::new(&LINT, place.source, place.range(cx.db), message);
    merged.add(Some(host), Diagnostic { level, ..finding });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn what_the_server_of_each_host_takes() {
        let text = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./db.nix ]; };
  };
}
#- /repo/common.nix
{ services.openssh = { enable = true; settings.PermitRootLogin = "yes"; }; }
#- /repo/db.nix
{ services.openssh.settings.PasswordAuthentication = false; }
"#;
        check_fleet(
            &super::LINT,
            text,
            expect![[r#"
            common.nix:1:48 `PermitRootLogin` hint: root may log in, if only by key: `"prohibit-password"` says so by itself
                hosts db
            common.nix:1:48 `PermitRootLogin` warning: root may log in with a password on web: use `"prohibit-password"` or `"no"`
                hosts web
        "#]],
        );
        check_fleet(&super::LINT, &text.replace("enable = true;", ""), expect![""]);
        check_fleet(&super::LINT, &text.replace("enable = true;", "enable = false;"), expect![""]);
    }
}
