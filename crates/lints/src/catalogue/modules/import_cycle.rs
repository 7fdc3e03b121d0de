//! `import-cycle`: modules that import each other.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use nixscope_hir::{BindingValue, Body, Expr, ExprId, PathBase, spine};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::closure_files::closure_files;
use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "import-cycle",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "modules that import each other",
    page: r#"
Two modules import each other, perhaps through others. The module system follows imports before it finds out that it
has seen a module already, so that evaluation ends with a stack overflow and without a word about the reason.

## Example

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /vpn.nix
{ imports = [ ./web.nix ]; }
#- /web.nix
{ imports = [ ./vpn.nix ]; } # error
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
#- /vpn.nix
{ networking.firewall.enable = true; }
#- /web.nix
{ imports = [ ./vpn.nix ]; }
```

## Source

nixpkgs, `lib/modules.nix`, `collectModules`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let hosts: FxHashMap<SourceFile, _> =
        closure_files(cx).iter().map(|(file, hosts)| (*file, hosts)).collect();
    // Depth first; an import of what is on the way already closes a circle.
    let mut done: FxHashSet<SourceFile> = FxHashSet::default();
    for (start, _) in closure_files(cx) {
        let mut way: Vec<(SourceFile, usize)> = vec![(*start, 0)];
        while let Some((file, next)) = way.last_mut() {
            let file = *file;
            let import = imports(cx.db, cx.project, file).get(*next);
            *next += 1;
            let Some((imported, expr)) = import else {
                done.insert(file);
                way.pop();
                continue;
            };
            let on_way = way.iter().position(|(it, _)| it == imported);
            if let Some(first) = on_way {
                let range = nixscope_hir::source_map(cx.db, file).expr(Body::expr_from_raw(*expr));
                let mut finding = Diagnostic::new(&LINT, file, range, message(cx, &way[first..]));
                for pair in way[first..].windows(2) {
                    let [(from, next), _] = pair else { continue };
                    if let Some((_, expr)) = imports(cx.db, cx.project, *from).get(next.saturating_sub(1)) {
                        let range = nixscope_hir::source_map(cx.db, *from).expr(Body::expr_from_raw(*expr));
                        finding = finding.with_related(*from, range, "the import that leads here");
                    }
                }
                if let Some(hosts) = hosts.get(&file) {
                    finding.hosts.clone_from(hosts);
                }
                found.push(finding);
            } else if hosts.contains_key(imported) && !done.contains(imported) {
                way.push((*imported, 0));
            }
        }
    }
}

fn message(cx: &FleetContext<'_>, circle: &[(SourceFile, usize)]) -> String {
    if circle.len() == 1 {
        return "this module imports itself: the module system overflows its stack on it".to_string();
    }
    let root = cx.project.root(cx.db);
    let names = circle.iter().map(|(file, _)| file.path(cx.db).strip_prefix(root).unwrap_or("…"));
    let mut names: Vec<&str> = names.collect();
    names.extend(names.first().copied());
    format!("modules import each other, {}: the module system overflows its stack on them", names.join(" → "))
}

/// The files that a module always imports, as far as its `imports` list them as paths.
#[salsa::tracked(returns(deref))]
fn imports(db: &dyn Db, _project: Project, file: SourceFile) -> Vec<(SourceFile, u32)> {
    let body = nixscope_hir::body(db, file);
    let Some(set) = spine(body).last() else { return Vec::new() };
    let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = &body.exprs[set] else { return Vec::new() };
    let list = bindings.named.iter().find(|it| it.name.as_str() == "imports").map(|it| it.value);
    let Some(BindingValue::Expr(list)) = list else { return Vec::new() };
    let Expr::List(items) = &body.exprs[list] else { return Vec::new() };
    let Some(directory) = file.path(db).parent() else { return Vec::new() };
    let target = |item: &ExprId| {
        let Expr::Path(PathBase::File, text) = &body.exprs[*item] else { return None };
        let path = directory.join(text);
        let path = match nixscope_db::kind(db, &path) {
            nixscope_db::EntryKind::Directory => path.join("default.nix"),
            _ => path,
        };
        Some((nixscope_db::source(db, &path), Body::raw(*item)))
    };
    items.iter().filter_map(target).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    const FLAKE: &str = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; };
  };
}
"#;

    #[test]
    fn through_others() {
        check_fleet(
            &super::LINT,
            &format!(
                "{FLAKE}#- /a.nix\n{{ imports = [ ./b ./c.nix ]; }}\n#- /b/default.nix\n{{ imports = [ ../c.nix ]; }}\n#- /c.nix\n{{ imports = [ ./b ]; }}\n"
            ),
            expect![[r#"
                c.nix:1:15 `./b` error: modules import each other, b/default.nix → c.nix → b/default.nix: the module system overflows its stack on them
                    hosts web
                    at b/default.nix:1:15 `../c.nix`: the import that leads here
            "#]],
        );
    }

    #[test]
    fn twice_is_no_circle() {
        check_fleet(
            &super::LINT,
            &format!(
                "{FLAKE}#- /a.nix\n{{ imports = [ ./b.nix ./c.nix ]; }}\n#- /b.nix\n{{ imports = [ ./c.nix ]; }}\n#- /c.nix\n{{ }}\n"
            ),
            expect![""],
        );
    }
}
