//! `missing-import`: an import of what is not there.

use nixscope_db::EntryKind;
use nixscope_fleet::ProblemKind;
use nixscope_hir::{BinaryOp, BindingValue, Expr, ExprId, PathBase};

use crate::catalogue::fleet_problems;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Known};
use crate::target::MODULE_LISTS;

pub(super) static LINT: Lint = Lint {
    name: "missing-import",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an import of a file that is not there",
    page: r#"
A path in `imports`, or the argument of `import` or `callPackage`, names a file that does not exist, or a
directory without a `default.nix`. Every host that gets the module fails to evaluate.

An import that the program itself makes sure of (`pathExists`, `optional`) is not reported, nor is one in a
directory of templates: what is copied elsewhere meets its neighbours there.

## Example

```nix
#- /repo/host.nix
{
  imports = [
    ./hardware.nix
    ./disk.nix # error
  ];
}
#- /repo/hardware.nix
{ }
#- /repo/disks.nix
{ }
```

## Use instead

```nix
#- /repo/host.nix
{
  imports = [
    ./hardware.nix
    ./disks.nix
  ];
}
#- /repo/hardware.nix
{ }
#- /repo/disks.nix
{ }
```

## Source

The NixOS manual, ["Modularity"](https://nixos.org/manual/nixos/stable/#sec-modularity); the Nix manual,
[`import`](https://nix.dev/manual/nix/latest/language/builtins#builtins-import).
"#,
    check: Check::Both(check, check_fleet),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if cx.relative_path().split('/').any(|part| part.contains("template")) {
        return;
    }
    for (id, text, use_) in imported(cx) {
        if let Some(finding) = missing(cx, id, text, use_)
            && !is_guarded(cx, id)
        {
            found.push(finding);
        }
    }
}

/// The paths in a file that are imported: where they stand, how they are written, what for.
pub(super) fn imported<'db>(cx: &FileContext<'db>) -> impl Iterator<Item = (ExprId, &'db str, Use)> {
    let cx = *cx;
    cx.body.exprs.iter().filter_map(move |(id, expr)| match expr {
        Expr::Path(PathBase::File, text) => Some((id, &**text, use_of(&cx, id)?)),
        _ => None,
    })
}

/// What a path is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// An element of `imports` or `modules`.
    Module,
    /// The argument of `import`.
    Import,
    /// The argument of `callPackage`.
    Package,
}

fn use_of(cx: &FileContext<'_>, path: ExprId) -> Option<Use> {
    let parent = cx.outline.parent(path)?;
    match &cx.body.exprs[parent] {
        Expr::Apply { args, .. } => match names::applied(cx.body, parent)?.0 {
            Known::Builtin("import") if args.first() == Some(&path) => Some(Use::Import),
            Known::Pkgs("callPackage") | Known::Lib("callPackageWith") if args.first() == Some(&path) => {
                Some(Use::Package)
            }
            _ => None,
        },
        Expr::List(_) => is_module_list(cx, parent).then_some(Use::Module),
        _ => None,
    }
}

/// Whether a list is the value of `imports` or `modules`, or a part of it joined with `++`.
fn is_module_list(cx: &FileContext<'_>, list: ExprId) -> bool {
    let mut current = list;
    while let Some(parent) = cx.outline.parent(current) {
        match &cx.body.exprs[parent] {
            Expr::Binary(BinaryOp::Concat, ..) => current = parent,
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                let key = bindings.named.iter().find(|it| it.value == BindingValue::Expr(current));
                return key.is_some_and(|it| MODULE_LISTS.contains(&it.name.as_str()));
            }
            _ => return false,
        }
    }
    false
}

fn missing(cx: &FileContext<'_>, path: ExprId, text: &str, use_: Use) -> Option<Diagnostic> {
    let directory = cx.file.path(cx.db).parent()?;
    let target = directory.join(text);
    // What lies outside the repository may be anything.
    if !target.starts_with(cx.project.root(cx.db)) {
        return None;
    }
    let range = cx.range(path);
    match nixscope_db::kind(cx.db, &target) {
        EntryKind::File | EntryKind::Symlink | EntryKind::Other => None,
        EntryKind::Directory => {
            if nixscope_db::kind(cx.db, &target.join("default.nix")) != EntryKind::Missing {
                return None;
            }
            let message = format!(
                "the directory `{text}` has no `default.nix`, so it cannot be imported: name a file in it, or add one"
            );
            Some(Diagnostic::new(&LINT, cx.file, range, message))
        }
        EntryKind::Missing => {
            let parent = target.parent()?;
            let names: Vec<&str> = nixscope_db::list(cx.db, &parent)
                .iter()
                .filter(|(name, kind)| name.ends_with(".nix") || *kind == EntryKind::Directory)
                .map(|(name, _)| &**name)
                .collect();
            let what = match use_ {
                Use::Module => "every host that gets this module fails to evaluate",
                Use::Import => "what needs it fails to evaluate",
                Use::Package => "what needs the package fails to evaluate",
            };
            let with_suffix = format!("{}.nix", target.file_name());
            let near = names
                .iter()
                .copied()
                .find(|name| *name == with_suffix)
                .or_else(|| names::nearest(target.file_name(), names.iter().copied()));
            let Some(near) = near else {
                let message = format!("there is no `{text}`: {what}");
                return Some(Diagnostic::new(&LINT, cx.file, range, message));
            };
            let stem = text.trim_end_matches('/').rsplit_once('/').map_or("", |(stem, _)| stem);
            let meant = format!("{stem}/{near}");
            let message = format!("there is no `{text}`: {what}; did you mean `{meant}`?");
            let fix = Fix {
                title: format!("Import `{meant}`"),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { file: cx.file, range, new_text: meant }],
            };
            Some(Diagnostic::new(&LINT, cx.file, range, message).with_fix(fix))
        }
    }
}

/// Whether the program looks first: a condition around it asks `pathExists`.
fn is_guarded(cx: &FileContext<'_>, path: ExprId) -> bool {
    let mut inner = path;
    for outer in cx.outline.ancestors(path) {
        let guards = match &cx.body.exprs[outer] {
            Expr::If(condition, ..) | Expr::Assert(condition, _) => {
                inner != *condition && asks_for_paths(cx, *condition, 8)
            }
            Expr::Binary(BinaryOp::And | BinaryOp::Or | BinaryOp::Implies, left, _) => {
                inner != *left && asks_for_paths(cx, *left, 8)
            }
            Expr::Apply { args, .. } => {
                let name = names::applied(cx.body, outer).and_then(|(function, _)| function.library());
                match name {
                    Some("optional" | "optionals" | "tryEval") => true,
                    Some("mkIf" | "optionalAttrs" | "optionalString") => {
                        args.first().is_some_and(|it| *it != inner && asks_for_paths(cx, *it, 8))
                    }
                    Some("filter") => true,
                    _ => false,
                }
            }
            _ => false,
        };
        if guards {
            return true;
        }
        inner = outer;
    }
    false
}

/// Whether a condition asks whether a path exists, itself or through names.
fn asks_for_paths(cx: &FileContext<'_>, expr: ExprId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if names::known(cx.body, expr).and_then(Known::library).is_some_and(|it| it.contains("pathExists")) {
        return true;
    }
    let target = names::through(cx.body, expr);
    if target != expr {
        return asks_for_paths(cx, target, depth);
    }
    let mut asks = false;
    crate::outline::for_each_child(&cx.body.exprs[expr], &mut |child| {
        asks = asks || asks_for_paths(cx, child, depth);
    });
    asks
}

/// What evaluating the hosts found: paths that are computed.
fn check_fleet(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut computed = Vec::new();
    fleet_problems(cx, &LINT, ProblemKind::MissingImport, check, &mut computed);
    // `/etc/nixos/hardware-configuration.nix` is on another machine, or on none: that is not known here.
    found.extend(computed.into_iter().filter(|it| !it.message.split(' ').any(|word| word.starts_with('/'))));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn looks_where_the_path_leads() {
        check(
            &super::LINT,
            r#"
#- /repo/hosts/web.nix
{ lib, pkgs, ... }:
{
  imports = [ ./missing.nix ../modules ../empty ../modules/vpn ] ++ [ ./gone.nix ];
  a = import ../lib.nix { };
  b = import ./web.nix;
  c = pkgs.callPackage ../pkgs/tool { };
  d = ./nothing.txt;
  e = import ../../outside.nix;
}
#- /repo/templates/host/flake.nix
{ outputs = _: { module.imports = [ ./configuration.nix ]; }; }
#- /repo/modules/default.nix
{ }
#- /repo/modules/vpn.nix
{ }
#- /repo/empty/readme
"#,
            expect![[r#"
                hosts/web.nix:3:15 `./missing.nix` error: there is no `./missing.nix`: every host that gets this module fails to evaluate
                hosts/web.nix:3:40 `../empty` error: the directory `../empty` has no `default.nix`, so it cannot be imported: name a file in it, or add one
                hosts/web.nix:3:49 `../modules/vpn` error: there is no `../modules/vpn`: every host that gets this module fails to evaluate; did you mean `../modules/vpn.nix`?
                    unsafe: Import `../modules/vpn.nix` => imports = [ ./missing.nix ../modules ../empty ../modules/vpn.nix ] ++ [ ./gone.nix ];
                hosts/web.nix:3:71 `./gone.nix` error: there is no `./gone.nix`: every host that gets this module fails to evaluate
                hosts/web.nix:4:14 `../lib.nix` error: there is no `../lib.nix`: what needs it fails to evaluate
                hosts/web.nix:6:24 `../pkgs/tool` error: there is no `../pkgs/tool`: what needs the package fails to evaluate
            "#]],
        );
    }

    #[test]
    fn what_is_looked_for_first_is_fine() {
        check(
            &super::LINT,
            r#"
{ lib, ... }:
let
  exists = builtins.pathExists ./local.nix;
in
{
  imports =
    lib.optional (builtins.pathExists ./a.nix) ./a.nix
    ++ lib.optionals exists [ ./local.nix ]
    ++ (if exists then [ ./local.nix ] else [ ]);
  b = if exists then import ./local.nix else { };
  # imports = [ ./gone.nix ];
}
"#,
            expect![""],
        );
    }
}
