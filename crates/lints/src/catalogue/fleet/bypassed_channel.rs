//! `bypassed-channel`: a second nixpkgs taken from the inputs where hosts are given it as an argument.

use nixscope_db::SourceFile;
use nixscope_hir::{AttrName, Expr, ExprId};
use smol_str::SmolStr;

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::fleet::systems;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "bypassed-channel",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a second nixpkgs taken from the inputs where modules get it as an argument",
    page: r#"
A module takes packages of another channel straight from the inputs (`inputs.nixpkgs-unstable.legacyPackages`), while its hosts
are given that channel as an argument. The two are not the same: the argument has the host's `config` (`allowUnfree`) and
overlays, and a second instance of nixpkgs is evaluated once more.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs, nixpkgs-unstable }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = {
        inherit inputs;
        pkgs-unstable = import nixpkgs-unstable { system = "x86_64-linux"; config.allowUnfree = true; };
      };
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ inputs, pkgs, ... }:
{
  environment.systemPackages = [
    inputs.nixpkgs-unstable.legacyPackages.x86_64-linux.helix # error
  ];
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs, nixpkgs-unstable }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = {
        inherit inputs;
        pkgs-unstable = import nixpkgs-unstable { system = "x86_64-linux"; config.allowUnfree = true; };
      };
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ pkgs-unstable, ... }:
{
  environment.systemPackages = [
    pkgs-unstable.helix
  ];
}
```
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let channels: Vec<(&str, &str)> =
        cx.fleet.inputs.iter().filter_map(|it| Some((it.name.as_str(), channel(&it.name)?))).collect();
    if channels.is_empty() {
        return;
    }
    for (file, hosts) in closure_files(cx) {
        if file.path(cx.db).file_name() == "flake.nix" {
            continue;
        }
        let of_file = FileContext::new(cx.db, cx.project, *file);
        for (id, expr) in of_file.body.exprs.iter() {
            let Some(name) = taken_from(&of_file, id, expr) else { continue };
            let Some((input, channel)) = channels.iter().find(|(input, _)| *input == name) else { continue };
            let Some(argument) = argument_of_all(cx, *file, channel) else { continue };
            let message = format!(
                "this takes packages straight from `{input}`: the hosts get them as the argument `{argument}`, with their \
                 configuration"
            );
            let mut finding = Diagnostic::new(&LINT, *file, of_file.range(id), message);
            finding.hosts = hosts.clone();
            found.push(finding);
        }
    }
}

/// What distinguishes a second nixpkgs by its name: `unstable` of `nixpkgs-unstable`.
fn channel(input: &str) -> Option<&str> {
    let rest = input.strip_prefix("nixpkgs")?.trim_start_matches(['-', '_', '.']);
    (rest.len() >= 4 && rest != "lib").then_some(rest)
}

/// The input whose package set an expression takes: `inputs.x.legacyPackages…`, `import inputs.x …`.
fn taken_from(cx: &FileContext<'_>, id: ExprId, expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Select { path, .. } => {
            let names = names::access(cx.body, id).map(|it| it.parts()).or_else(|| {
                // `inputs.x.legacyPackages.${system}.hello`
                let known = path.iter().map_while(AttrName::as_static).map(|it| it.as_str());
                let base = match expr {
                    Expr::Select { base, .. } => names::access(cx.body, *base)?.parts(),
                    _ => return None,
                };
                Some(base.into_iter().chain(known).collect())
            })?;
            let at = names.iter().position(|it| *it == "inputs")?;
            let takes = names.get(at + 2) == Some(&"legacyPackages");
            // Only the whole selection, not what is bound to a part of it.
            (takes && !matches!(cx.body.exprs[id], Expr::Local { .. })).then(|| names[at + 1])
        }
        Expr::Apply { args, .. } => {
            let (function, _) = names::applied(cx.body, id)?;
            let names = names::access(cx.body, *args.first()?)?.parts();
            let at = names.iter().position(|it| *it == "inputs")?;
            (function.name() == "import" && names.len() == at + 2).then(|| names[at + 1])
        }
        _ => None,
    }
}

/// The argument called like a channel that every system with a file gets.
fn argument_of_all<'a>(cx: &FleetContext<'a>, file: SourceFile, channel: &str) -> Option<&'a SmolStr> {
    let all = systems(cx.fleet);
    let mut with_file =
        all.iter().filter(|(_, index)| index.modules.iter().any(|it| it.file == file)).peekable();
    with_file.peek()?;
    let is_channel = |name: &&SmolStr| {
        let lower = name.to_ascii_lowercase();
        lower.contains(channel) && (lower == channel || lower.contains("pkgs"))
    };
    let mut argument = None;
    for (_, index) in with_file {
        argument = Some(index.module_args.iter().find(is_channel)?);
    }
    argument
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn only_where_every_host_has_the_argument() {
        let text = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs, nixpkgs-unstable }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit inputs; unstable = nixpkgs-unstable.legacyPackages.x86_64-linux; };
      modules = [ ./m.nix ];
    };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit inputs; unstable = nixpkgs-unstable.legacyPackages.x86_64-linux; };
      modules = [ ./m.nix ];
    };
  };
}
#- /repo/m.nix
{ inputs, pkgs, ... }:
let
  own = import inputs.nixpkgs-unstable { inherit (pkgs) system; };
in
{
  a = [ own.helix inputs.nixpkgs-unstable.legacyPackages.${pkgs.system}.hello inputs.nixpkgs.legacyPackages.x ];
  b = inputs.nixpkgs-unstable.lib.version;
}
"#;
        check_fleet(
            &super::LINT,
            text,
            expect![[r#"
            m.nix:3:9 `import inputs.nixpkgs-unstable { inherit (pkgs) system; }` hint: this takes packages straight from `nixpkgs-unstable`: the hosts get them as the argument `unstable`, with their configuration
                hosts db web
            m.nix:6:19 `inputs.nixpkgs-unstable.legacyPackages.${pkgs.system}.hello` hint: this takes packages straight from `nixpkgs-unstable`: the hosts get them as the argument `unstable`, with their configuration
                hosts db web
        "#]],
        );
        let one = text.replacen("unstable = nixpkgs-unstable.legacyPackages.x86_64-linux;", "", 1);
        check_fleet(&super::LINT, &one, expect![""]);
    }
}
