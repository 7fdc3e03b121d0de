//! `service-in-host`: a service written out in a host's own configuration, where others have modules.

use nixscope_db::SourceFile;
use nixscope_hir::{Binding, BindingValue, Bindings, Expr};
use nixscope_syntax::TextRange;

use crate::closure_files::{closure_files, own_host};
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "service-in-host",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a service that is configured in a host's own file, where the repository has modules for its services",
    page: r#"
The repository keeps what it says of its services in modules that hosts import; this one is written out in the
configuration of one host. It cannot be moved to another machine with a line, and who looks for it looks in the wrong
place.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./hosts/db.nix ./services/a.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./hosts/web.nix ./services/a.nix ./services/b.nix ./services/c.nix ];
    };
  };
}
#- /repo/hosts/db.nix
{ networking.hostName = "db"; }
#- /repo/hosts/web.nix
{
  services.harbour = { # error
    enable = true;
    port = 8080;
    name = "harbour";
    depth = 12;
    berths = 40;
  };
}
#- /repo/services/a.nix
{ services.a = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
#- /repo/services/b.nix
{ services.b = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
#- /repo/services/c.nix
{ services.c = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./hosts/db.nix ./services/a.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./hosts/web.nix ./services/a.nix ./services/b.nix ./services/c.nix ./services/harbour.nix ];
    };
  };
}
#- /repo/hosts/db.nix
{ networking.hostName = "db"; }
#- /repo/hosts/web.nix
{ networking.hostName = "web"; }
#- /repo/services/a.nix
{ services.a = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
#- /repo/services/b.nix
{ services.b = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
#- /repo/services/c.nix
{ services.c = { enable = true; b = 1; c = 2; d = 3; e = 4; }; }
#- /repo/services/harbour.nix
{
  services.harbour = {
    enable = true;
    port = 8080;
    name = "harbour";
    depth = 12;
    berths = 40;
  };
}
```

## When it is fine

Up to three settings beside `enable` are what is particular to the machine. Repositories that keep services with their
hosts are left alone.

## Source

The NixOS manual, ["Modularity"](https://nixos.org/manual/nixos/stable/#sec-modularity).
"#,
    check: Check::Fleet(check),
};

/// So many settings beside `enable` are particular to a machine.
const SETTINGS: usize = 3;

/// So many services in modules are a habit.
const HABIT: usize = 3;

/// `services.<name>` that are settings of the machine as such.
const OF_THE_MACHINE: &[&str] =
    &["xserver", "openssh", "logind", "tlp", "displayManager", "desktopManager", "zfs", "btrbk", "fstrim"];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut in_hosts = Vec::new();
    let mut in_modules = 0;
    for (file, _) in closure_files(cx) {
        let services = services(cx, *file);
        match own_host(cx, *file) {
            Some(host) if is_main_file(cx, *file, host) => {
                in_hosts.extend(services.into_iter().map(|it| (host, *file, it)));
            }
            // A file of the host's for one service.
            Some(_) => {}
            None => in_modules += services.len(),
        }
    }
    // With as many in hosts as in modules, that is the habit.
    if in_modules < HABIT || in_hosts.len() * 3 > in_modules {
        return;
    }
    for (host, file, (name, range)) in in_hosts {
        let message = format!(
            "`services.{name}` is written out in the configuration of {host}: {in_modules} other services of the \
             repository are in modules of their own"
        );
        let mut finding = Diagnostic::new(&LINT, file, range, message);
        finding.hosts = vec![host.clone()];
        found.push(finding);
    }
}

/// Whether a file is where a host's configuration begins: `web.nix`, `web/default.nix`.
fn is_main_file(cx: &FleetContext<'_>, file: SourceFile, host: &str) -> bool {
    let mut parts = file.path(cx.db).as_str().rsplit('/');
    let name = parts.next().and_then(|it| it.strip_suffix(".nix"));
    name == Some(host) || matches!(name, Some("default" | "configuration")) && parts.next() == Some(host)
}

/// The services that a module configures at length.
fn services(cx: &FleetContext<'_>, file: SourceFile) -> Vec<(&'static str, TextRange)> {
    let cx = FileContext::new(cx.db, cx.project, file);
    if cx.is_broken() || cx.is_generated() {
        return Vec::new();
    }
    let Some(mut root) = nixscope_hir::spine(cx.body).last().and_then(|end| set(&cx, end)) else {
        return Vec::new();
    };
    if let Some(config) = member(root, "config").and_then(|it| value(&cx, it)) {
        root = config;
    }
    let all = member(root, "services").and_then(|it| value(&cx, it));
    let is_long = |it: &&Binding| {
        let settings = value(&cx, it).map_or(0, |body| {
            body.dynamic.len() + body.named.iter().filter(|it| it.name.as_str() != "enable").count()
        });
        settings > SETTINGS && !OF_THE_MACHINE.contains(&it.name.as_str())
    };
    let long = all.into_iter().flat_map(|services| services.named.iter()).filter(is_long);
    long.map(|it| (it.name.as_str(), cx.name_range(it.place))).collect()
}

fn set<'a>(cx: &FileContext<'a>, expr: nixscope_hir::ExprId) -> Option<&'a Bindings> {
    match &cx.body.exprs[expr] {
        Expr::Attrs(bindings) => Some(bindings),
        _ => None,
    }
}

fn member<'a>(bindings: &'a Bindings, name: &str) -> Option<&'a Binding> {
    bindings.named.iter().find(|it| it.name.as_str() == name)
}

fn value<'a>(cx: &FileContext<'a>, binding: &Binding) -> Option<&'a Bindings> {
    match binding.value {
        BindingValue::Expr(expr) => set(cx, expr),
        _ => None,
    }
}
