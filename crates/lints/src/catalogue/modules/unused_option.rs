//! `unused-option`: an option that nothing sets and nothing reads.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::parse_option_path;
use nixscope_hir::{AttrName, Body, Expr, ExprId, StrPart, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Tag};
use crate::fleet::systems;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::outline::outline;
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "unused-option",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an option that nothing in the repository sets or reads",
    page: r#"
A module declares an option; no host sets it, and no module reads it. It is left over, or its reader was never written: who
sets it is in for a surprise.

## Example

```nix
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 80; };
  options.harbour.beacon.colour = lib.mkOption { type = lib.types.str; default = "red"; }; # error
  config.networking.firewall.allowedTCPPorts = [ config.harbour.beacon.port ];
}
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ]; };
  };
}
```

## Use instead

```nix
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 80; };
  config.networking.firewall.allowedTCPPorts = [ config.harbour.beacon.port ];
}
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ]; };
  };
}
```

## When it is fine

Modules that the flake exports are for others, who may set the option; they are not reported. Nor is an option whose name is
written anywhere else in the repository, or that lies in a set which something takes as a whole.

## Source

The NixOS manual, ["Option declarations"](https://nixos.org/manual/nixos/stable/#sec-option-declarations).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let all = systems(cx.fleet);
    let is_known = cx.fleet.gaps.is_empty() && all.iter().all(|(_, index)| index.gaps.is_empty());
    if !is_known || all.is_empty() {
        return;
    }
    let mut defined: FxHashSet<&SmolStr> = FxHashSet::default();
    let mut declared: FxHashMap<SourcePlace, &SmolStr> = FxHashMap::default();
    for (_, index) in &all {
        defined.extend(index.definitions.iter().map(|it| &it.path).chain(&index.open_options));
        let visible = index.options.iter().filter(|it| !it.hidden);
        declared.extend(visible.filter_map(|it| Some((it.place?, &it.path))));
    }
    let words = Words::of(cx);
    let mut unused: Vec<_> = declared
        .into_iter()
        .filter(|(place, path)| {
            !defined.contains(path) && !cx.fleet.exports.iter().any(|(file, _)| *file == place.source)
        })
        .filter_map(|(place, path)| {
            let names: Vec<Symbol> = parse_option_path(path);
            let (last, above) = names.split_last()?;
            let is_used = words.count.get(last).is_none_or(|count| *count > 1)
                || above.iter().any(|name| words.whole.contains(name))
                || names.iter().any(|name| matches!(name.as_str(), "<name>" | "*"));
            (!is_used).then_some((own_range(cx, place)?, path))
        })
        .collect();
    unused.sort_by_key(|((file, range), _)| (file.path(cx.db).clone(), range.start()));
    for ((file, range), path) in unused {
        let message = format!("nothing in the repository sets or reads `{path}`");
        found.push(Diagnostic::new(&LINT, file, range, message).with_tag(Tag::Unnecessary));
    }
}

/// What the files of a repository name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Words {
    /// How often each name is written: as a key, a selection, a variable, a word in a text.
    count: FxHashMap<Symbol, usize>,
    /// The names of sets that are taken as a whole, and not for one attribute.
    whole: FxHashSet<Symbol>,
}

impl Words {
    fn of(cx: &FleetContext<'_>) -> Words {
        let mut out = Words::default();
        for path in cx.project.files(cx.db) {
            let words = words(cx.db, nixscope_db::source(cx.db, path));
            for (name, count) in &words.count {
                *out.count.entry(*name).or_default() += count;
            }
            out.whole.extend(&words.whole);
        }
        out
    }

    fn add(&mut self, name: Symbol) {
        *self.count.entry(name).or_default() += 1;
    }

    fn text(&mut self, text: &str) {
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))) {
            if !word.is_empty() {
                self.add(Symbol::new(word));
            }
        }
    }

    fn path(&mut self, body: &Body, base: ExprId, path: &[AttrName]) {
        path.iter().filter_map(AttrName::as_static).for_each(|name| self.add(name));
        // Any attribute of what is before a computed one may be meant.
        if let Some(at) = path.iter().position(|attr| attr.as_static().is_none()) {
            match path[..at].last().and_then(AttrName::as_static) {
                Some(name) => {
                    self.whole.insert(name);
                }
                None => self.take_whole(body, base),
            }
        }
    }

    fn take_whole(&mut self, body: &Body, expr: ExprId) {
        self.whole.extend(names::access(body, expr).and_then(|it| it.names.last().copied()));
    }
}

/// What one file names.
#[salsa::tracked(returns(ref))]
fn words(db: &dyn Db, file: SourceFile) -> Words {
    let (body, outline) = (nixscope_hir::body(db, file), outline(db, file));
    let mut out = Words::default();
    for (_, name) in body.names.iter() {
        out.add(*name);
    }
    for (id, expr) in body.exprs.iter() {
        match expr {
            Expr::Str(text) => out.text(text),
            Expr::Interpolated(parts) => parts.iter().for_each(|part| {
                if let StrPart::Text(text) = part {
                    out.text(text);
                }
            }),
            Expr::Select { base, path, .. } | Expr::HasAttr { base, path } => out.path(body, *base, path),
            Expr::WithName { name, .. } => out.add(*name),
            _ => {}
        }
        // `toJSON cfg`, `with cfg;`, `cfg // …`: every attribute may be meant.
        let is_name = matches!(expr, Expr::Select { .. } | Expr::Local { .. } | Expr::WithName { .. });
        let is_part = outline.parent(id).is_some_and(|parent| match &body.exprs[parent] {
            Expr::Select { base, .. } | Expr::HasAttr { base, .. } => *base == id,
            Expr::Let { body, .. } => *body != id,
            _ => false,
        });
        if is_name && !is_part {
            out.take_whole(body, id);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn what_may_use_it() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: let cfg = config.harbour; in {
  options.harbour = let text = lib.mkOption { type = lib.types.str; default = \"\"; }; in {
    lone = text; written = text; spoken = text; asked = text;
    light = { inner = text; };
    lamp = { other = text; };
    secret = lib.mkOption { type = lib.types.str; default = \"\"; internal = true; };
  };
  config.harbour.written = \"x\";
  config.services.a = {
    b = cfg ? asked; c = \"see spoken\"; d = builtins.toJSON cfg.light; e = name: cfg.lamp.${name};
  };
}",
            ),
            expect![[r#"
                m.nix:3:5 `lone` hint: nothing in the repository sets or reads `harbour.lone`
            "#]],
        );
    }
}
