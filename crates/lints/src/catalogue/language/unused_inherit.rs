//! `unused-inherit`: a name inherited into a `let` that nothing uses.

use nixscope_hir::{Binding, BindingValue, Expr, ExprId, NameId};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::unused_let::let_scope;
use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Edit, Fix, Tag};
use crate::edits::{may_hold_comment, remove, remove_entry};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unused-inherit",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a name inherited into a `let` that nothing uses",
    page: r#"
The name is brought into scope and never used. Such lists grow by copying and are never cleaned.

## Example

```nix
{ lib, ... }:
let
  inherit (lib) mkIf mkOption types; # error
in
{
  options.a = mkOption { type = types.str; };
}
```

## Use instead

```nix
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.a = mkOption { type = types.str; };
}
```

## Source

[deadnix](https://github.com/astro/deadnix).
"#,
    check: Check::Exprs(&[ExprKind::Let], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Let { bindings, body } = &cx.body.exprs[id] else { return };
    let usage = cx.usage();
    let Some(scope) = let_scope(cx, id, *body) else { return };
    if usage.is_in_dead_code(id) {
        return;
    }
    let is_dead =
        |slot: usize, it: &Binding| !matches!(it.value, BindingValue::Expr(_)) && usage.is_dead(scope, slot);
    // Of each `inherit`: its first name, and whether any of its names is used.
    let mut inherits: FxHashMap<TextRange, (NameId, bool)> = FxHashMap::default();
    for (slot, binding) in bindings.named.iter().enumerate() {
        let known = inherits.entry(cx.map.entry(binding.place)).or_insert((binding.place, false));
        known.1 |= !is_dead(slot, binding);
    }
    for (slot, binding) in bindings.named.iter().enumerate() {
        if !is_dead(slot, binding) || binding.name.as_str().starts_with('_') {
            continue;
        }
        let name = binding.name;
        let entry = cx.map.entry(binding.place);
        let Some((first, some_used)) = inherits.get(&entry) else { continue };
        let message = format!("nothing uses `{name}`: take it out of the `inherit`");
        let mut finding =
            Diagnostic::new(&LINT, cx.file, cx.name_range(binding.place), message).with_tag(Tag::Unnecessary);
        // Where none is used the first one's fix takes the whole `inherit` out.
        let edit = match (some_used, *first == binding.place) {
            (false, true) => Some(remove_entry(cx, entry)),
            (false, false) => None,
            (true, _) => Some(remove_name(cx, cx.name_range(binding.place))),
        };
        if let Some(edit) = edit.filter(|it| !may_hold_comment(cx, it.range)) {
            finding = finding.with_fix(Fix::safe(format!("Remove `{name}`"), vec![edit]));
        }
        found.push(finding);
    }
}

/// Takes one name out of an `inherit`, with the blanks before it.
fn remove_name(cx: &FileContext<'_>, name: TextRange) -> Edit {
    let before = cx.text.get(..usize::from(name.start())).unwrap_or("");
    let start = TextSize::of(before.trim_end());
    remove(cx, TextRange::new(start, name.end()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn one_of_several_or_all() {
        check(
            &super::LINT,
            "{ lib }: let inherit (lib) a b c; in b\n",
            expect![[r#"
            1:28 `a` warning: nothing uses `a`: take it out of the `inherit`
                safe: Remove `a` => { lib }: let inherit (lib) b c; in b
            1:32 `c` warning: nothing uses `c`: take it out of the `inherit`
                safe: Remove `c` => { lib }: let inherit (lib) a b; in b
        "#]],
        );
        check(
            &super::LINT,
            "{ lib }: let\n  inherit (lib) a b;\n  c = 1;\nin c\n",
            expect![[r#"
            2:17 `a` warning: nothing uses `a`: take it out of the `inherit`
                safe: Remove `a` => c = 1;
            2:19 `b` warning: nothing uses `b`: take it out of the `inherit`
        "#]],
        );
        check(
            &super::LINT,
            "{ a, lib }: let inherit a; in lib\n",
            expect![[r#"
            1:25 `a` warning: nothing uses `a`: take it out of the `inherit`
                safe: Remove `a` => { a, lib }: let in lib
        "#]],
        );
    }

    #[test]
    fn what_is_used_is_silent() {
        check(&super::LINT, "{ lib }: let inherit (lib) a; b = a; in b\n", expect![""]);
        check(&super::LINT, "{ lib }: { inherit (lib) a; }\n", expect![""]);
    }
}
