//! `nix-path-lookup`: what depends on the machine that evaluates, in a flake.

use nixscope_hir::{Expr, ExprId};

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "nix-path-lookup",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`<nixpkgs>`, `getEnv`, `currentSystem`, `currentTime` in a flake",
    page: r#"
A flake is evaluated in pure mode: `<nixpkgs>` is an error, `builtins.currentSystem` and `currentTime` are not there, and
`builtins.getEnv` gives an empty string whatever the environment says.

Looked at are `flake.nix` and the modules of its hosts, which are evaluated like that; not `shell.nix` and the like, and not
the default of an argument, which a caller replaces.

## Example

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{
  imports = [ <nixpkgs/nixos/modules/profiles/minimal.nix> ]; # error
}
```

## Use instead

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ modulesPath, ... }:
{
  imports = [ "${modulesPath}/profiles/minimal.nix" ];
}
```

## Source

The Nix manual, [`pure-eval`](https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-pure-eval).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let flake = nixscope_db::source(cx.db, &cx.project.root(cx.db).join("flake.nix"));
    if !matches!(flake.text(cx.db), nixscope_db::FileText::Text(_)) {
        return;
    }
    let of_hosts = closure_files(cx).iter().map(|(file, hosts)| (*file, hosts.clone()));
    for (file, hosts) in std::iter::once((flake, Vec::new())).chain(of_hosts) {
        let cx = FileContext::new(cx.db, cx.project, file);
        for (id, expr) in cx.body.exprs.iter() {
            let Some(message) = impure(&cx, id, expr) else { continue };
            if is_default(&cx, id) {
                continue;
            }
            let mut finding = Diagnostic::new(&LINT, file, cx.range(id), message);
            finding.hosts.clone_from(&hosts);
            found.push(finding);
        }
    }
}

fn impure(cx: &FileContext<'_>, id: ExprId, expr: &Expr) -> Option<String> {
    match expr {
        Expr::SearchPath(path) if path != "nix/fetchurl.nix" => {
            let instead = match path.strip_prefix("nixpkgs/nixos/modules") {
                Some(_) => "a module finds NixOS's modules below `modulesPath`",
                None => "take it from an input",
            };
            Some(format!(
                "`<{path}>` is an error in a flake, which is evaluated without `NIX_PATH`: {instead}"
            ))
        }
        Expr::Apply { .. } => {
            let (names::Known::Builtin("getEnv"), _) = names::applied(cx.body, id)? else { return None };
            Some("`getEnv` gives an empty string in a flake, whatever the environment says".to_string())
        }
        Expr::Select { path, default: None, .. } => {
            let [only] = path.as_ref() else { return None };
            let names::Known::Builtin(name) = names::known(cx.body, id)? else { return None };
            let name = only.as_static().filter(|it| it.as_str() == name)?;
            match name.as_str() {
                "currentSystem" | "currentTime" => {
                    Some(format!("`builtins.{name}` is not there in a flake, which is evaluated purely"))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether an expression is part of what an argument is by default, or tried only where it is there.
fn is_default(cx: &FileContext<'_>, id: ExprId) -> bool {
    let mut inner = id;
    for outer in cx.outline.ancestors(id) {
        match &cx.body.exprs[outer] {
            Expr::Lambda(lambda) if lambda.body != inner => return true,
            // `if builtins ? currentSystem then …`, `if builtins.pathExists …`
            Expr::If(condition, ..) if *condition != inner => {
                let text = cx.slice(cx.range(*condition));
                if text.contains("currentSystem")
                    || text.contains("inPureEvalMode")
                    || text.contains("tryEval")
                {
                    return true;
                }
            }
            Expr::Apply { .. }
                if names::applied(cx.body, outer).is_some_and(|(it, _)| it.name() == "tryEval") =>
            {
                return true;
            }
            _ => {}
        }
        inner = outer;
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn where_it_is_evaluated() {
        check_fleet(
            &super::LINT,
            r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = builtins.currentSystem;
      modules = [ ./web.nix ];
    };
    other = builtins.currentSystem or "x86_64-linux";
  };
}
#- /web.nix
{ config, nixpkgs ? <nixpkgs>, ... }: { users.users.alice.home = builtins.getEnv "HOME"; }
#- /shell.nix
import <nixpkgs> { }
"#,
            expect![[r#"
                flake.nix:5:16 `builtins.currentSystem` warning: `builtins.currentSystem` is not there in a flake, which is evaluated purely
                web.nix:1:66 `builtins.getEnv "HOME"` warning: `getEnv` gives an empty string in a flake, whatever the environment says
                    hosts web
            "#]],
        );
    }
}
