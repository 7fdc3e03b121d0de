//! `unreachable-module`: a module that no host gets and that the flake does not export.

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_fleet::Project;
use nixscope_hir::{Body, Expr, ExprId, PathBase, StrPart, body};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::closure_files::closure_files;
use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Tag};
use crate::fleet::systems;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::samples::in_other_flake;

pub(super) static LINT: Lint = Lint {
    name: "unreachable-module",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a module file that no host imports and no output exports",
    page: r#"
A file that is a module by its looks is in no host, is not among the modules that the flake exports, and no other file
names it: an import was forgotten, or the file was left over when one was taken out.

Reported only where the modules of every host are completely known.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./modules/web.nix ];
    };
  };
}
#- /repo/modules/web.nix
{ services.nginx.enable = true; }
#- /repo/modules/mail.nix
{ config, ... }: # error
{ services.postfix.enable = true; }
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./modules/web.nix ./modules/mail.nix ];
    };
  };
}
#- /repo/modules/web.nix
{ services.nginx.enable = true; }
#- /repo/modules/mail.nix
{ config, ... }:
{ services.postfix.enable = true; }
```

## When it is fine

Templates, examples and tests are not reported. Modules that are kept for later belong where they say so, with a
suppression in the file: `# nixscope: ignore-file[unreachable-module]`.

## Source

The NixOS manual, ["Modularity"](https://nixos.org/manual/nixos/stable/#sec-modularity).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    for &file in unreachable_modules(cx.db, cx.project) {
        // The first line stands for the file.
        let text = file.text(cx.db).as_str();
        let length = text.find('\n').unwrap_or(text.len());
        let range = TextRange::up_to(TextSize::try_from(length).unwrap_or_default());
        let message = "no host imports this module, and the flake does not export it: import it where it is meant, or \
                       delete it";
        found.push(Diagnostic::new(&LINT, file, range, message).with_tag(Tag::Unnecessary));
    }
}

/// The modules that nothing leads to; none where what leads where is not completely known. Recomputed when the fleet's
/// index or a file changes.
#[salsa::tracked(returns(deref))]
pub(crate) fn unreachable_modules(db: &dyn Db, project: Project) -> Vec<SourceFile> {
    let cx = FleetContext { db, project, fleet: nixscope_fleet::fleet(db, project) };
    let is_known = cx.fleet.gaps.is_empty()
        && !cx.fleet.hosts.is_empty()
        && systems(cx.fleet).iter().all(|(_, index)| index.gaps.is_empty());
    if !is_known {
        return Vec::new();
    }
    let found = unreachable(&cx);
    // Where much is not reached, there are hosts that are not known.
    let is_credible = found.len() * 2 <= closure_files(&cx).len() + 4;
    if is_credible { found } else { Vec::new() }
}

/// The modules that nothing leads to, as far as the fleet is known.
fn unreachable(cx: &FleetContext<'_>) -> Vec<SourceFile> {
    let db = cx.db;
    let mut reached: FxHashSet<SourceFile> = closure_files(cx).iter().map(|(file, _)| *file).collect();
    reached.extend(cx.fleet.exports.iter().map(|(file, _)| *file));
    let root = cx.project.root(db);
    let files: Vec<SourceFile> =
        cx.project.files(db).iter().map(|path| nixscope_db::source(db, path)).collect();
    let mut candidates: Vec<SourceFile> = files
        .iter()
        .copied()
        .filter(|file| {
            !reached.contains(file) && is_candidate(db, root, *file) && looks_like_module(db, *file)
        })
        .collect();
    // What another file names is reached, unless that one is itself not.
    loop {
        let unreached: FxHashSet<SourceFile> = candidates.iter().copied().collect();
        let named = Named::by(db, files.iter().copied().filter(|file| !unreached.contains(file)));
        let before = candidates.len();
        candidates.retain(|file| !named.leads_to(root, file.path(db), &reached, db));
        if candidates.len() == before {
            return candidates;
        }
    }
}

/// Directories whose modules are for others, or for later.
const ELSEWHERE: &[&str] =
    &["example", "examples", "test", "tests", "checks", "fixtures", "doc", "docs", "vendor"];

fn is_candidate(db: &dyn Db, root: &VfsPath, file: SourceFile) -> bool {
    let path = file.path(db);
    let Some(relative) = path.strip_prefix(root) else { return false };
    let (directories, name) = relative.trim_start_matches('/').rsplit_once('/').unwrap_or(("", relative));
    !matches!(name, "flake.nix" | "shell.nix")
        && !relative.split('/').any(|part| part.starts_with('_') || part.starts_with('.'))
        && !directories.split('/').any(|part| {
            let part = part.to_ascii_lowercase();
            ELSEWHERE.contains(&part.as_str()) || part.contains("template")
        })
        && !in_other_flake(db, root, path)
        && nixscope_syntax::parse(db, file).errors().is_empty()
}

/// Names at the top of a module that are not those of a flake's own modules.
const OF_SYSTEMS: &[&str] = &[
    "boot",
    "console",
    "environment",
    "fileSystems",
    "fonts",
    "hardware",
    "home",
    "home-manager",
    "homebrew",
    "i18n",
    "launchd",
    "networking",
    "nix",
    "nixpkgs",
    "programs",
    "security",
    "services",
    "sound",
    "swapDevices",
    "system",
    "systemd",
    "time",
    "users",
    "virtualisation",
    "wayland",
    "xdg",
];

/// Whether a file is a function of a module's arguments, or a set, that defines options of a system.
fn looks_like_module(db: &dyn Db, file: SourceFile) -> bool {
    let body = body(db, file);
    let mut current = body.root;
    let mut is_function = false;
    loop {
        match &body.exprs[current] {
            Expr::Lambda(lambda) if !is_function => {
                // A package's function takes packages; a module's takes whatever there is.
                if lambda.formals.is_none() || !lambda.open {
                    return false;
                }
                is_function = true;
                current = lambda.body;
            }
            Expr::Let { body: inner, .. } | Expr::With(_, inner) | Expr::Assert(_, inner) => current = *inner,
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                let has =
                    |wanted: &[&str]| bindings.named.iter().any(|it| wanted.contains(&it.name.as_str()));
                let in_config = bindings.named.iter().filter(|it| it.name.as_str() == "config").any(
                    |it| matches!(it.value, nixscope_hir::BindingValue::Expr(value) if defines(body, value)),
                );
                return !has(&["perSystem", "flake", "systems", "outputs", "description"])
                    && (has(OF_SYSTEMS) || in_config);
            }
            _ => return false,
        }
    }
}

/// Whether the value of `config` defines options of a system, perhaps under conditions.
fn defines(body: &Body, mut value: ExprId) -> bool {
    for _ in 0..8 {
        match &body.exprs[value] {
            Expr::Apply { args, .. } if names::applied(body, value).is_some() => match args.last() {
                Some(last) => value = *last,
                None => return false,
            },
            Expr::Let { body: inner, .. } | Expr::With(_, inner) | Expr::Assert(_, inner) => value = *inner,
            Expr::List(items) => match items.first() {
                Some(first) => value = *first,
                None => return false,
            },
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                return bindings.named.iter().any(|it| OF_SYSTEMS.contains(&it.name.as_str()));
            }
            _ => return false,
        }
    }
    false
}

/// What some files name.
struct Named {
    paths: FxHashSet<VfsPath>,
    /// Ends of paths, as texts have them, by the last name.
    texts: FxHashMap<SmolStr, Vec<SmolStr>>,
}

impl Named {
    fn by(db: &dyn Db, files: impl Iterator<Item = SourceFile>) -> Named {
        let mut named = Named { paths: FxHashSet::default(), texts: FxHashMap::default() };
        for file in files {
            let mentions = mentions(db, file);
            named.paths.extend(mentions.paths.iter().cloned());
            for text in &mentions.texts {
                let last = text.rsplit('/').next().unwrap_or(text);
                named.texts.entry(last.into()).or_default().push(text.clone());
            }
        }
        named
    }

    /// Whether a file is named: itself, by the directory of which it is the `default.nix`, by the end of its path; or
    /// a directory around it is, of which nothing else is reached: then who reads the directory is not known.
    fn leads_to(&self, root: &VfsPath, path: &VfsPath, reached: &FxHashSet<SourceFile>, db: &dyn Db) -> bool {
        let Some(directory) = path.parent() else { return true };
        let name = path.file_name();
        let is_default = name == "default.nix";
        if self.paths.contains(path) || is_default && self.paths.contains(&directory) {
            return true;
        }
        let mut ways = vec![path.as_str().to_string(), path.as_str().trim_end_matches(".nix").to_string()];
        if is_default {
            ways.push(directory.as_str().to_string());
        }
        let in_text = |way: &String| {
            let last = way.rsplit('/').next().unwrap_or("");
            self.texts.get(last).into_iter().flatten().any(|text| ends_with(way, text))
        };
        if ways.iter().any(in_text) {
            return true;
        }
        let mut around = Some(directory);
        while let Some(it) = around.filter(|it| it.starts_with(root)) {
            if it != *root && self.paths.contains(&it) {
                return !reached.iter().any(|file| file.path(db).starts_with(&it));
            }
            around = it.parent();
        }
        false
    }
}

/// Whether a path ends with another, at a slash.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// What one file names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Mentions {
    paths: Vec<VfsPath>,
    /// Texts that may be parts of paths, without slashes in front.
    texts: Vec<SmolStr>,
}

/// Recomputed when the file's expressions change.
#[salsa::tracked(returns(ref))]
fn mentions(db: &dyn Db, file: SourceFile) -> Mentions {
    let mut out = Mentions::default();
    let Some(directory) = file.path(db).parent() else { return out };
    let mut text = |it: &str| {
        let it = it.trim_start_matches("./").trim_matches('/');
        let is_path = !it.is_empty() && it.len() < 200 && !it.contains([' ', '\n']);
        if is_path {
            out.texts.push(it.into());
        }
    };
    for (_, expr) in body(db, file).exprs.iter() {
        match expr {
            Expr::Path(PathBase::File, path) => out.paths.push(directory.join(path)),
            Expr::Str(it) => text(it),
            Expr::Interpolated(parts) | Expr::InterpolatedPath(_, parts) => {
                for part in parts {
                    if let StrPart::Text(it) = part {
                        text(it);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn what_is_named_or_no_module() {
        let mut text = flake(&["web"], "{ imports = [ ./a.nix ]; }");
        text += "#- /repo/a.nix\n{ services.a.enable = true; }\n";
        text += "#- /repo/b.nix\n{ imports = [ ./c.nix ]; services.b.enable = true; }\n";
        text += "#- /repo/c.nix\n{ config, lib, ... }: { config = lib.mkIf true { services.c.enable = true; }; }\n";
        text += "#- /repo/lib.nix\n{ d = \"dir/d\"; }\n";
        text += "#- /repo/dir/d.nix\n{ services.d.enable = true; }\n";
        text += "#- /repo/package.nix\n{ stdenv, services }: { services.x = 1; }\n";
        text += "#- /repo/templates/t.nix\n{ services.t.enable = true; }\n";
        check_fleet(
            &super::LINT,
            &text,
            expect![[r#"
                b.nix:1:1 `{ imports = [ ./c.nix ]; services.b.enable = true; }` warning: no host imports this module, and the flake does not export it: import it where it is meant, or delete it
                c.nix:1:1 `{ config, lib, ... }: { config = lib.mkIf true { services.c.enable = true; }; }` warning: no host imports this module, and the flake does not export it: import it where it is meant, or delete it
            "#]],
        );
    }

    #[test]
    fn silent_where_modules_are_not_known() {
        let mut text = flake(&["web"], "{ inputs, ... }: { imports = inputs.strangers.modules; }");
        text += "#- /repo/b.nix\n{ services.b.enable = true; }\n";
        check_fleet(&super::LINT, &text, expect![""]);
    }
}
