//! `unregistered-module`: a module that is in one of two lists that should be alike.

use nixscope_db::{EntryKind, SourceFile, VfsPath};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, NameId, PathBase};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::replace;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "unregistered-module",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a module that is exported and not in the builder's own list, or the reverse",
    page: r#"
A flake exports its modules by name, and a function that builds hosts takes nearly all of them in a list of its own
(`with self.nixosModules; [ … ]`). A module that is in one of the two and not in the other was forgotten there: hosts do
not get it, or nobody else can have it.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosModules = {
      beacon = ./beacon.nix;
      ferry = ./ferry.nix;
      pilot = ./pilot.nix;
      radio = ./radio.nix; # error
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = with self.nixosModules; [ beacon ferry pilot ];
    };
  };
}
#- /repo/beacon.nix
{ }
#- /repo/ferry.nix
{ }
#- /repo/pilot.nix
{ }
#- /repo/radio.nix
{ }
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosModules = {
      beacon = ./beacon.nix;
      ferry = ./ferry.nix;
      pilot = ./pilot.nix;
      radio = ./radio.nix;
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = with self.nixosModules; [ beacon ferry pilot radio ];
    };
  };
}
#- /repo/beacon.nix
{ }
#- /repo/ferry.nix
{ }
#- /repo/pilot.nix
{ }
#- /repo/radio.nix
{ }
```

## When it is fine

A module that a host imports elsewhere is not reported, nor is one that is called `default`.

## Source

The Nix manual, [`nix flake`, "Flake format"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#flake-format).
"#,
    check: Check::Fleet(check),
};

/// Lists that share fewer modules than this with the exported ones are something else.
const MIN_SHARED: usize = 3;

/// An entry of the exported modules.
struct Entry<'db> {
    file: SourceFile,
    name: NameId,
    text: &'static str,
    module: SourceFile,
    cx: FileContext<'db>,
}

/// A list of modules below `with ….nixosModules;`.
struct Twin<'db> {
    cx: FileContext<'db>,
    names: FxHashSet<&'static str>,
    /// The last name that is itself an element of a list: a further one goes behind it.
    last: Option<ExprId>,
    /// Paths to files of the repository that stand beside the names.
    paths: Vec<(ExprId, SourceFile)>,
}

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let outputs: FxHashSet<&str> = cx
        .fleet
        .exports
        .iter()
        .filter_map(|(_, output)| output.rsplit_once('.'))
        .map(|(set, _)| set)
        .collect();
    let mut outputs: Vec<&str> = outputs.into_iter().collect();
    outputs.sort_unstable();
    let imported: FxHashSet<SourceFile> = closure_files(cx).iter().map(|(file, _)| *file).collect();
    for output in outputs {
        let set = output.rsplit('.').next().unwrap_or(output);
        let entries = registry(cx, output);
        if entries.len() <= MIN_SHARED {
            continue;
        }
        for twin in twins(cx, set) {
            let shared = entries.iter().filter(|entry| twin.names.contains(entry.text)).count();
            if shared < MIN_SHARED || shared * 10 < entries.len() * 6 {
                continue;
            }
            compare(cx, output, &entries, &twin, &imported, found);
        }
    }
}

fn compare(
    cx: &FleetContext<'_>,
    output: &str,
    entries: &[Entry<'_>],
    twin: &Twin<'_>,
    imported: &FxHashSet<SourceFile>,
    found: &mut Vec<Diagnostic>,
) {
    for entry in entries {
        if twin.names.contains(entry.text) || entry.text == "default" || imported.contains(&entry.module) {
            continue;
        }
        let range = entry.cx.name_range(entry.name);
        let message = format!(
            "`{output}.{}` is exported, but not in the list in {} that takes the others",
            entry.text,
            twin.cx.relative_path().trim_start_matches('/')
        );
        let known = |it: &Diagnostic| it.lint.name == LINT.name && it.file == entry.file && it.range == range;
        if !found.iter().any(known) {
            let mut finding = Diagnostic::new(&LINT, entry.file, range, message);
            finding.fix = twin.addition(entry.text);
            found.push(finding);
        }
    }
    for (path, file) in &twin.paths {
        if cx.fleet.exports.iter().any(|(exported, set)| exported == file && set.starts_with(output)) {
            continue;
        }
        let message = format!("this module stands among those of `{output}`, but is not exported there");
        let mut finding = Diagnostic::new(&LINT, twin.cx.file, twin.cx.range(*path), message);
        finding.fix = export(twin, *path, entries, output);
        found.push(finding);
    }
}

impl Twin<'_> {
    /// Puts a further name into the list.
    fn addition(&self, name: &str) -> Option<Fix> {
        let last = self.cx.range(self.last?);
        let separator = match line_start(self.cx.text, last.start()) {
            // Each on a line of its own.
            Some(indent) => format!("\n{indent}"),
            None => " ".to_string(),
        };
        let edit = replace(&self.cx, TextRange::empty(last.end()), format!("{separator}{name}"));
        let place = self.cx.relative_path().trim_start_matches('/');
        Some(Fix::risky(format!("Add `{name}` to the list in {place}"), vec![edit]))
    }
}

/// Exports a module that stands as a path in the list, under its file's name.
fn export(twin: &Twin<'_>, path: ExprId, entries: &[Entry<'_>], output: &str) -> Option<Fix> {
    let text = twin.cx.slice(twin.cx.range(path));
    let name = text.trim_end_matches("/default.nix").rsplit('/').next()?.trim_end_matches(".nix");
    let starts_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_name = starts_name && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c));
    // A path is relative to its file.
    let last = entries.last().filter(|it| it.file == twin.cx.file)?;
    if !is_name || entries.iter().any(|entry| entry.text == name) {
        return None;
    }
    let entry = last.cx.map.entry(last.name);
    let separator = match line_start(last.cx.text, entry.start()) {
        Some(indent) => format!("\n{indent}"),
        None => " ".to_string(),
    };
    let edit = replace(&last.cx, TextRange::empty(entry.end()), format!("{separator}{name} = {text};"));
    Some(Fix::risky(format!("Export it as `{output}.{name}`"), vec![edit]))
}

/// What stands before a place on its line, where it is white space.
fn line_start(text: &str, at: TextSize) -> Option<&str> {
    let before = text.get(..usize::from(at))?;
    let line = &before[before.rfind('\n')? + 1..];
    line.trim().is_empty().then_some(line)
}

/// The entries of an output's set, where they are written as paths.
fn registry<'db>(cx: &FleetContext<'db>, output: &str) -> Vec<Entry<'db>> {
    let mut entries = Vec::new();
    for path in cx.project.files(cx.db) {
        let file = FileContext::new(cx.db, cx.project, nixscope_db::source(cx.db, path));
        for (_, expr) in file.body.exprs.iter() {
            let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = expr else { continue };
            for binding in &bindings.named {
                let BindingValue::Expr(value) = binding.value else { continue };
                let Some(module) = module_file(cx, &file, value) else { continue };
                let text = binding.name.as_str();
                let is_exported = cx.fleet.exports.iter().any(|(exported, name)| {
                    *exported == module && name.strip_prefix(output) == Some(&format!(".{text}"))
                });
                if is_exported {
                    entries.push(Entry { file: file.file, name: binding.place, text, module, cx: file });
                }
            }
        }
    }
    entries
}

/// The file of the repository that a path leads to.
fn module_file(cx: &FleetContext<'_>, file: &FileContext<'_>, path: ExprId) -> Option<SourceFile> {
    let Expr::Path(PathBase::File, text) = &file.body.exprs[path] else { return None };
    let target: VfsPath = file.file.path(cx.db).parent()?.join(text);
    let target = match nixscope_db::kind(cx.db, &target) {
        EntryKind::Directory => target.join("default.nix"),
        _ => target,
    };
    let is_own = target.starts_with(cx.project.root(cx.db)) && target.is_nix();
    (is_own && nixscope_db::kind(cx.db, &target) == EntryKind::File)
        .then(|| nixscope_db::source(cx.db, &target))
}

/// The files that list modules of a set below `with`.
fn twins<'db>(cx: &FleetContext<'db>, set: &str) -> Vec<Twin<'db>> {
    let mut twins = Vec::new();
    for path in cx.project.files(cx.db) {
        let file = FileContext::new(cx.db, cx.project, nixscope_db::source(cx.db, path));
        let mut twin = Twin { cx: file, names: FxHashSet::default(), last: None, paths: Vec::new() };
        for (id, expr) in file.body.exprs.iter() {
            let is_below = || is_below(file.body, id, set) && in_list(&file, id);
            match expr {
                Expr::WithName { name, .. } if is_below() => {
                    twin.names.insert(name.as_str());
                    let parent = file.outline.parent(id).map(|it| &file.body.exprs[it]);
                    if matches!(parent, Some(Expr::List(_))) {
                        twin.last = Some(id);
                    }
                }
                Expr::Path(PathBase::File, _) if is_below() => {
                    twin.paths.extend(module_file(cx, &file, id).map(|module| (id, module)));
                }
                _ => {}
            }
        }
        if twin.names.len() >= MIN_SHARED {
            twins.push(twin);
        }
    }
    twins
}

/// Whether the innermost `with` around an expression is one of the set.
fn is_below(body: &Body, expr: ExprId, set: &str) -> bool {
    let innermost = names::withs(body, expr).next();
    let access = innermost.and_then(|namespace| names::access(body, namespace));
    access.is_some_and(|it| it.names.last().is_some_and(|name| name.as_str() == set))
}

/// Whether an expression is an element of a list, or an argument that becomes one (`optional`).
fn in_list(file: &FileContext<'_>, expr: ExprId) -> bool {
    let Some(parent) = file.outline.parent(expr) else { return false };
    match &file.body.exprs[parent] {
        Expr::List(_) => true,
        Expr::Apply { args, .. } => {
            let function = names::applied(file.body, parent).and_then(|(function, _)| function.library());
            function == Some("optional") && args.last() == Some(&expr)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn both_lists_are_completed() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosModules = {
      beacon = ./beacon.nix;
      ferry = ./ferry.nix;
      pilot = ./pilot.nix;
      radio = ./radio.nix;
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = with self.nixosModules; [
        beacon
        ./quay.nix
        ferry
        pilot
      ];
    };
  };
}
#- /repo/beacon.nix
{ }
#- /repo/ferry.nix
{ }
#- /repo/pilot.nix
{ }
#- /repo/radio.nix
{ }
#- /repo/quay.nix
{ }
"#,
            expect![[r#"
                flake.nix:8:7 `radio` warning: `nixosModules.radio` is exported, but not in the list in flake.nix that takes the others
                    unsafe: Add `radio` to the list in flake.nix => radio = ./radio.nix;
                flake.nix:13:9 `./quay.nix` warning: this module stands among those of `nixosModules`, but is not exported there
                    unsafe: Export it as `nixosModules.quay` => odules; [
            "#]],
        );
    }
}
