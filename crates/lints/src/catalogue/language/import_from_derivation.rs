//! `import-from-derivation`: evaluation that has to wait for a build.

use nixscope_eval::Thunk;
use nixscope_fleet::ProblemKind;
use nixscope_hir::{Body, Expr, ExprId, describe};
use rustc_hash::FxHashMap;

use crate::catalogue::fleet_problems;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Bound, Known};
use crate::symbolic::{Symbolic, symbolic};

pub(super) static LINT: Lint = Lint {
    name: "import-from-derivation",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "evaluation that has to wait for a build",
    page: r#"
`readFile`, `import` and their kin need the *content* of a file while the configuration is evaluated. If
the file is the output of a derivation, Nix stops evaluating, builds (or downloads) it, and goes on. One
such place makes every evaluation of every host that gets it slow, needs a builder for the host's system
(evaluating an aarch64 host on x86_64 fails without one), and `nix flake check`, Hydra and many CI systems
forbid it (`allow-import-from-derivation = false`).

The value is followed through `let`s, functions and files: a script that is written with
`pkgs.writeShellScript`, bound to a name and read back is found. A script that is only run is fine.

## Example

```nix
{ pkgs, ... }:
let
  banner = pkgs.runCommand "banner" { } "echo hello > $out";
in
{
  users.motd = builtins.readFile banner; # error
}
```

## Use instead

Let the build write the file where it is needed, or keep the text in the repository:

```nix
{ pkgs, ... }:
let
  banner = pkgs.runCommand "banner" { } "echo hello > $out";
in
{
  environment.etc.motd.source = banner;
}
```

## When it is fine

In repositories that generate Nix code from lock files (`crate2nix`, `haskell.nix`) and accept the price.

## Source

The Nix manual, ["Import from derivation"](https://nix.dev/manual/nix/latest/language/import-from-derivation).
"#,
    check: Check::Both(check, check_fleet),
};

/// A place that needs a file's content.
struct Read<'db> {
    /// The application.
    expr: ExprId,
    /// What is called.
    function: &'db str,
    /// The file.
    file: ExprId,
}

/// At most this many calls of the functions around a place are tried.
const MAX_CALLS: usize = 200;

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    let reads = reads(cx);
    if reads.is_empty() {
        return;
    }
    symbolic(cx.db, cx.file, |symbolic| {
        let mut calls = None;
        for read in &reads {
            if let Ok(value) = symbolic.value(read.file)
                && let Some(what) = symbolic.derivation(value)
            {
                found.push(finding(cx, read, &what));
                continue;
            }
            // Inside a function of the file: whether one of its calls hands a derivation in.
            let calls = calls.get_or_insert_with(|| local_calls(cx.body));
            if let Some(finding) = through_calls(cx, symbolic, read, calls) {
                found.push(finding);
            }
        }
    });
}

fn finding(cx: &FileContext<'_>, read: &Read<'_>, what: &str) -> Diagnostic {
    let what = what.trim_end_matches(" …");
    let message = format!(
        "`{}` needs a file that has to be built first (`{what}`): every evaluation waits for the build. \
         Use it at build time, or keep the file in the repository",
        read.function
    );
    Diagnostic::new(&LINT, cx.file, cx.range(read.expr), message)
}

/// Every place that needs a file's content and whose file is not written out.
fn reads<'db>(cx: &FileContext<'db>) -> Vec<Read<'db>> {
    let mut reads = Vec::new();
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::Apply { args, .. } = expr else { continue };
        if matches!(cx.body.exprs[args[0]], Expr::Path(..) | Expr::Lambda(_) | Expr::Attrs(_)) {
            continue;
        }
        let Some((function, args)) = names::applied(cx.body, id) else { continue };
        let Some(file) = read_argument(function).and_then(|index| args.get(index)) else { continue };
        reads.push(Read { expr: id, function: function.name(), file: *file });
    }
    reads
}

/// Which argument of a function is a file whose content it needs.
fn read_argument(function: Known) -> Option<usize> {
    match function {
        Known::Builtin("hashFile" | "scopedImport") => Some(1),
        Known::Builtin("import" | "readFile" | "readDir" | "pathExists" | "readFileType")
        | Known::Lib("readFile" | "readDir" | "pathExists" | "importJSON" | "importTOML" | "fileContents")
        | Known::Pkgs("callPackage") => Some(0),
        _ => None,
    }
}

/// The calls of the functions that the file itself binds: by the function, each with its arguments.
type Calls<'db> = FxHashMap<ExprId, Vec<(ExprId, &'db [ExprId])>>;

fn local_calls(body: &Body) -> Calls<'_> {
    let mut calls = Calls::default();
    for (id, expr) in body.exprs.iter() {
        let Expr::Apply { function, args } = expr else { continue };
        if matches!(names::bound(body, *function), Some(Bound::Expr(_))) {
            let target = names::through(body, *function);
            if matches!(body.exprs[target], Expr::Lambda(_)) {
                calls.entry(target).or_default().push((id, args));
            }
        }
    }
    calls
}

fn through_calls(
    cx: &FileContext<'_>,
    symbolic: &Symbolic<'_, '_>,
    read: &Read<'_>,
    calls: &Calls<'_>,
) -> Option<Diagnostic> {
    let around = cx.outline.ancestors(read.expr).filter_map(|outer| Some((outer, calls.get(&outer)?)));
    let calls = around.flat_map(|(function, calls)| calls.iter().map(move |call| (function, call)));
    for (mut function, (call, args)) in calls.take(MAX_CALLS) {
        let mut given: Vec<(ExprId, &Thunk<'_>)> = Vec::new();
        for arg in args.iter() {
            let Expr::Lambda(lambda) = &cx.body.exprs[function] else { break };
            given.push((function, symbolic.thunk(*arg)));
            function = lambda.body;
        }
        if let Ok(value) = symbolic.value_with(read.file, &given)
            && let Some(what) = symbolic.derivation(value)
        {
            let message = format!("the call `{}` hands it in", describe(cx.body, *call));
            return Some(finding(cx, read, &what).with_related(cx.file, cx.range(*call), message));
        }
    }
    None
}

/// What evaluating the hosts found and no file shows by itself.
fn check_fleet(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    fleet_problems(cx, &LINT, ProblemKind::ImportFromDerivation, check, found);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn direct_and_through_lets() {
        check(
            &super::LINT,
            r#"
{ pkgs, ... }:
let
  script = pkgs.writeShellScript "x" "true";
  same = script;
in
{
  a = builtins.readFile "${pkgs.hello}/share/doc";
  b = builtins.readFile same;
  c = import (pkgs.fetchFromGitHub { owner = "a"; }) { };
  d = import (pkgs.fetchzip { } + "/sub");
  e = "${script}";
  f = builtins.pathExists script;
}
"#,
            expect![[r#"
                7:7 `builtins.readFile "${pkgs.hello}/share/doc"` warning: `readFile` needs a file that has to be built first (`pkgs.hello`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                8:7 `builtins.readFile same` warning: `readFile` needs a file that has to be built first (`pkgs.writeShellScript`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                9:7 `import (pkgs.fetchFromGitHub { owner = "a"; }) { }` warning: `import` needs a file that has to be built first (`pkgs.fetchFromGitHub`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                10:7 `import (pkgs.fetchzip { } + "/sub")` warning: `import` needs a file that has to be built first (`pkgs.fetchzip`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                12:7 `builtins.pathExists script` warning: `pathExists` needs a file that has to be built first (`pkgs.writeShellScript`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
            "#]],
        );
    }

    #[test]
    fn through_functions() {
        check(
            &super::LINT,
            r#"
{ pkgs, ... }:
let
  read = kind: file: { text = builtins.readFile (kind + file); };
in
[
  (read "" "${pkgs.hello}/x")
  (read ./. "/x")
]
"#,
            expect![[r#"
                3:31 `builtins.readFile (kind + file)` warning: `readFile` needs a file that has to be built first (`pkgs.hello`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                    at 6:4 `read "" "${pkgs.hello}/x"`: the call `read …` hands it in
            "#]],
        );
    }

    #[test]
    fn through_files() {
        check(
            &super::LINT,
            r#"
#- /main.nix
{ pkgs, ... }:
let
  board = import ./board.nix { inherit pkgs; };
  other = pkgs.callPackage ./package.nix { };
in
[ (builtins.readFile board) (builtins.readFile other) (builtins.readFile other.passthru.file) ]
#- /board.nix
{ pkgs }: pkgs.runCommand "board" { } "x"
#- /package.nix
{ stdenv, lib }: stdenv.mkDerivation { name = "x"; }
"#,
            expect![[r#"
                main.nix:6:4 `builtins.readFile board` warning: `readFile` needs a file that has to be built first (`pkgs.runCommand`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                main.nix:6:30 `builtins.readFile other` warning: `readFile` needs a file that has to be built first (`pkgs.stdenv.mkDerivation`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
            "#]],
        );
    }

    #[test]
    fn what_is_no_derivation_is_fine() {
        check(
            &super::LINT,
            r#"
{ pkgs, lib, config, inputs, ... }:
{
  a = import pkgs.path { };
  b = builtins.readFile (./. + "/x");
  c = builtins.pathExists config.services.x.file;
  d = builtins.readFile "${inputs.foo}/file";
  e = import "${pkgs.path}/nixos/lib";
  f = pkgs.lib.importJSON (lib.concatStrings [ "/a" "/b" ]);
  g = builtins.readFile (toString ./. + "/${pkgs.hello.version}");
  h = import inputs.nixpkgs { system = pkgs.system; };
}
"#,
            expect![""],
        );
    }

    #[test]
    fn package_sets_by_other_names() {
        check(
            &super::LINT,
            r#"
{ nixpkgs, inputs, ... }:
let
  stable = import nixpkgs { };
in
{
  a = builtins.readFile stable.hello;
  b = builtins.readFile inputs.x.packages.x86_64-linux.default;
  c = final: prev: import prev.hello;
}
"#,
            expect![[r#"
                6:7 `builtins.readFile stable.hello` warning: `readFile` needs a file that has to be built first (`pkgs.hello`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                7:7 `builtins.readFile inputs.x.packages.x86_64-linux.default` warning: `readFile` needs a file that has to be built first (`inputs.x.packages.x86_64-linux.default`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
                8:20 `import prev.hello` warning: `import` needs a file that has to be built first (`pkgs.hello`): every evaluation waits for the build. Use it at build time, or keep the file in the repository
            "#]],
        );
    }
}
