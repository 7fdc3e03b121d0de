//! `unused-input`: a flake input that nothing in the repository mentions.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{Project, inputs};
use nixscope_hir::{AttrName, Bindings, Expr, ExprId, StrPart};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashSet;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::{Diagnostic, Tag};
use crate::flake_inputs::{DeclaredInput, FlakeInputs};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "unused-input",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a flake input that nothing in the repository mentions",
    page: r#"
No Nix file of the repository mentions the input, and no other input follows it. It is locked, updated and fetched for
nothing.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.hardware.url = "github:NixOS/nixos-hardware"; # error
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
```

## When it is fine

A framework may look for inputs by name, or all inputs may be put into the registry. Where a file does something with all
inputs at once, nothing is reported; nor are the names that frameworks are known to look for.
"#,
    check: Check::Fleet(check),
};

/// Inputs that frameworks, templates or other files of the repository look for by themselves.
const BY_CONVENTION: &[&str] = &[
    "darwin",
    "flake-compat",
    "flake-parts",
    "flake-utils",
    "home-manager",
    "nix-darwin",
    "nixpkgs",
    "nixpkgs-lib",
    "nixpkgs-stable",
    "nixpkgs-unstable",
    "self",
    "snowfall-lib",
    "systems",
    "treefmt-nix",
];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let Some(flake) = FlakeInputs::read(cx) else { return };
    let mut mentioned: FxHashSet<&str> = FxHashSet::default();
    flake.inputs.iter().for_each(|input| followed(input, &mut mentioned));
    for path in cx.project.files(cx.db) {
        let of_file = mentions(cx.db, cx.project, nixscope_db::source(cx.db, path));
        if of_file.all {
            return;
        }
        let all = inputs(cx.db, cx.project);
        mentioned.extend(
            of_file.inputs.iter().filter_map(|at| all.get(*at)).map(|(input, _)| input.name.as_str()),
        );
    }
    for input in &flake.inputs {
        if mentioned.contains(input.name) || BY_CONVENTION.contains(&input.name) {
            continue;
        }
        let message = format!("nothing in the repository uses the input `{}`", input.name);
        let range = flake.cx.name_range(input.place);
        found.push(Diagnostic::new(&LINT, flake.cx.file, range, message).with_tag(Tag::Unnecessary));
    }
}

/// What an input and those in it follow.
fn followed<'db>(input: &DeclaredInput<'db>, out: &mut FxHashSet<&'db str>) {
    out.extend(input.follows.iter().filter_map(|it| it.text.split('/').next()));
    input.inner.iter().for_each(|inner| followed(inner, out));
}

/// What a file mentions of the flake's inputs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Mentions {
    /// The inputs, by their place among all.
    inputs: Vec<usize>,
    /// Whether it does something with all of them at once, or cannot be read.
    all: bool,
}

/// Functions that do something with each member of a set.
const FOR_ALL: &[&str] = &[
    "attrNames",
    "attrValues",
    "concatMapAttrs",
    "filterAttrs",
    "foldlAttrs",
    "mapAttrs",
    "mapAttrs'",
    "mapAttrsToList",
    "removeAttrs",
];

/// Recomputed when the file's expressions or the names of the inputs change.
#[salsa::tracked(returns(ref))]
fn mentions(db: &dyn Db, project: Project, file: SourceFile) -> Mentions {
    let names: Vec<&str> = inputs(db, project).iter().map(|(input, _)| input.name.as_str()).collect();
    let cx = FileContext::new(db, project, file);
    if cx.is_broken() {
        return Mentions { inputs: Vec::new(), all: true };
    }
    let skipped = if cx.relative_path() == "flake.nix" { declarations(&cx) } else { Vec::new() };
    let mut out = Mentions::default();
    let mut mention = |text: &str| {
        if let Some(at) = names.iter().position(|it| *it == text)
            && !out.inputs.contains(&at)
        {
            out.inputs.push(at);
        }
    };
    let mut all = false;
    for (id, expr) in cx.body.exprs.iter() {
        if skipped.iter().any(|range| range.contains_range(cx.range(id))) {
            continue;
        }
        match expr {
            Expr::Local { name, .. } | Expr::WithName { name, .. } | Expr::Unresolved(name) => {
                mention(name.as_str());
            }
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => {
                path.iter().filter_map(AttrName::as_static).for_each(|it| mention(it.as_str()));
                // `inputs.${name}`
                let is_computed = path.iter().any(|it| matches!(it, AttrName::Dynamic(..)));
                let base = match expr {
                    Expr::Select { base, .. } | Expr::HasAttr { base, .. } => Some(*base),
                    _ => None,
                };
                all |= is_computed && base.is_some_and(|base| is_inputs(&cx, base));
            }
            Expr::Str(text) => text.split(|c: char| !is_word(c)).for_each(&mut mention),
            Expr::Interpolated(parts) => parts.iter().for_each(|part| {
                if let StrPart::Text(text) = part {
                    text.split(|c: char| !is_word(c)).for_each(&mut mention);
                }
            }),
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
                inherited(bindings, &mut mention);
            }
            Expr::Apply { args, .. } => {
                let name = names::applied(cx.body, id).and_then(|(function, _)| function.library());
                all |=
                    name.is_some_and(|it| FOR_ALL.contains(&it)) && args.iter().any(|it| is_inputs(&cx, *it));
            }
            _ => {}
        }
    }
    out.all = all;
    out
}

/// `inherit (inputs) a b;`
fn inherited(bindings: &Bindings, mention: &mut impl FnMut(&str)) {
    for binding in &bindings.named {
        if let nixscope_hir::BindingValue::InheritFrom(_) = binding.value {
            mention(binding.name.as_str());
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\'')
}

/// Whether an expression is the set of all inputs.
fn is_inputs(cx: &FileContext<'_>, expr: ExprId) -> bool {
    match &cx.body.exprs[names::through(cx.body, expr)] {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => name.as_str().contains("inputs"),
        Expr::Select { path, .. } => {
            path.last().and_then(AttrName::as_static).is_some_and(|it| it.as_str().contains("inputs"))
        }
        // `inputs // { … }`, `removeAttrs inputs [ … ]`
        Expr::Binary(_, left, right) => is_inputs(cx, *left) || is_inputs(cx, *right),
        Expr::Apply { args, .. } => args.iter().any(|it| is_inputs(cx, *it)),
        _ => false,
    }
}

/// Where `flake.nix` declares its inputs.
fn declarations(cx: &FileContext<'_>) -> Vec<TextRange> {
    let Some(root) = names::bindings(&cx.body.exprs[cx.body.root]) else { return Vec::new() };
    let entries = root.named.iter().filter(|it| it.name.as_str() == "inputs");
    entries
        .filter_map(|it| match it.value {
            nixscope_hir::BindingValue::Expr(value) => Some(value),
            _ => None,
        })
        .flat_map(|value| {
            let own = names::bindings(&cx.body.exprs[value]).map(|it| it.named.iter());
            let entries = own.into_iter().flatten().map(|it| cx.map.entry(it.place));
            entries.chain([cx.range(value)]).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn what_mentions_an_input() {
        let text = r#"
#- /repo/flake.nix
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    by-formal.url = "github:a/a";
    by-select.url = "github:a/b";
    by-inherit.url = "github:a/c";
    by-text.url = "github:a/d";
    by-follows.url = "github:a/e";
    by-with.url = "github:a/f";
    only-named.url = "github:a/g";
    unused = { url = "github:a/unused"; inputs.x.follows = "by-follows"; };
  };
  outputs = { self, nixpkgs, by-formal, only-named, ... }@inputs: {
    x = by-formal.x;
    y = import ./m.nix inputs;
  };
}
#- /repo/m.nix
inputs: with inputs; let inherit (inputs) by-inherit; in [ inputs.by-select by-with by-inherit "a by-text b" ]
"#;
        check_fleet(
            &super::LINT,
            text,
            expect![[r#"
            flake.nix:10:5 `only-named` hint: nothing in the repository uses the input `only-named`
            flake.nix:11:5 `unused` hint: nothing in the repository uses the input `unused`
        "#]],
        );
        let all = text
            .replace("inputs: with", "inputs: builtins.attrValues inputs ++ (with")
            .replace(" b\" ]", " b\" ])");
        check_fleet(&super::LINT, &all, expect![""]);
        let computed = text.replace("inputs.by-select", "inputs.${inputs.by-select}");
        check_fleet(&super::LINT, &computed, expect![""]);
    }
}
