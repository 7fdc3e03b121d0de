//! `rec-attrset`: a set that refers to itself through `rec`.

use nixscope_hir::{BindingValue, Expr, ExprId, NameId, ScopeKind, Symbol, global_names};

use super::needless_rec::recursive_sets;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "rec-attrset",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`rec` where a `let` or `finalAttrs` is safer",
    page: r#"
In a `rec` set every attribute is a name for all the others. Two things go wrong with it: an attribute
that is named as something outside (`rec { version = version; }`) refers to itself, and whoever changes
an attribute with `//` or `overrideAttrs` does not change what the others saw of it.

The finding is a hint. It is a warning where an attribute takes the place of a name from outside that is
in use: the reference inside the set then means the attribute, not the name that a reader sees above.

## Example

```nix
{
  backup = rec { # error
    target = "/srv/backup";
    daily = "${target}/daily";
  };
}
```

## Use instead

```nix
{
  backup =
    let
      target = "/srv/backup";
    in
    {
      inherit target;
      daily = "${target}/daily";
    };
}
```

In a derivation, `stdenv.mkDerivation (finalAttrs: { … finalAttrs.version … })`.

## When it is fine

In a small set that nobody overrides. Turn the lint off if you like `rec`.

## Source

[nix.dev, "Best practices"](https://nix.dev/guides/best-practices#recursive-attribute-set-rec).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    for (id, set) in recursive_sets(cx) {
        let Some((first, _)) = set.used.first() else { continue };
        let shadowed = set.used.iter().find_map(|(name, at)| Some((*name, *at, outside(cx, id, *name)?)));
        let Some((name, reference, place)) = shadowed else {
            let instead = match is_derivation_argument(cx, id) {
                true => "`mkDerivation (finalAttrs: { … })` follows an override, `rec` does not",
                false => "a `let` keeps the names apart from the attributes",
            };
            let message = format!("this set refers to its own `{first}`: {instead}");
            found.push(Diagnostic::new(&LINT, cx.file, set.keyword, message));
            continue;
        };
        let message = format!(
            "`{name}` inside this set is the set's own attribute, not the `{name}` from outside: \
             use a `let`, or another name"
        );
        let mut finding = Diagnostic::new(&LINT, cx.file, set.keyword, message);
        finding.level = Level::Warning;
        finding = finding.with_related(cx.file, cx.range(reference), "this means the attribute");
        if let Some(place) = place {
            finding = finding.with_related(cx.file, cx.name_range(place), "and not this");
        }
        found.push(finding);
    }
}

/// Whether a name is bound outside the set as well, to something else: where, if in this file.
fn outside(cx: &FileContext<'_>, set: ExprId, name: Symbol) -> Option<Option<NameId>> {
    let Expr::RecAttrs(bindings) = &cx.body.exprs[set] else { return None };
    let binding = bindings.named.iter().find(|it| it.name == name)?;
    if !matches!(binding.value, BindingValue::Expr(_)) {
        return None;
    }
    let mut scope = cx.body.scope_of(set);
    while let Some(id) = scope {
        let it = &cx.body.scopes[id];
        if let Some((_, place)) = it.names.iter().find(|(known, _)| *known == name) {
            // A set inside a set of the same kind: `rec { a = rec { a = …` is seen at a glance.
            return (!matches!(it.kind, ScopeKind::Rec(_))).then_some(Some(*place));
        }
        scope = it.parent;
    }
    global_names().contains(&name.as_str()).then_some(None)
}

fn is_derivation_argument(cx: &FileContext<'_>, set: ExprId) -> bool {
    let Some(Expr::Apply { function, .. }) = cx.outline.parent(set).map(|it| &cx.body.exprs[it]) else {
        return false;
    };
    let name = match &cx.body.exprs[*function] {
        Expr::Select { path, .. } => path.last().and_then(|it| it.as_static()),
        Expr::Local { name, .. } | Expr::WithName { name, .. } => Some(*name),
        _ => None,
    };
    name.is_some_and(|it| it.as_str().starts_with("mkDerivation"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_hint_where_it_is_used() {
        check(
            &super::LINT,
            "rec { a = 1; b = a; }\n",
            expect![[r#"
            1:1 `rec` hint: this set refers to its own `a`: a `let` keeps the names apart from the attributes
        "#]],
        );
        check(
            &super::LINT,
            "{ stdenv }: stdenv.mkDerivation rec { a = 1; b = a; }\n",
            expect![[r#"
            1:33 `rec` hint: this set refers to its own `a`: `mkDerivation (finalAttrs: { … })` follows an override, `rec` does not
        "#]],
        );
        check(&super::LINT, "rec { a = 1; }\n", expect![""]);
    }

    #[test]
    fn a_warning_where_a_name_is_taken() {
        check(
            &super::LINT,
            "{ version }: rec { version = \"1\"; src = version; }\n",
            expect![[r#"
            1:14 `rec` warning: `version` inside this set is the set's own attribute, not the `version` from outside: use a `let`, or another name
                at 1:41 `version`: this means the attribute
                at 1:3 `version`: and not this
        "#]],
        );
        check(
            &super::LINT,
            "rec { map = f: f; x = map 1; }\n",
            expect![[r#"
            1:1 `rec` warning: `map` inside this set is the set's own attribute, not the `map` from outside: use a `let`, or another name
                at 1:23 `map`: this means the attribute
        "#]],
        );
        check(
            &super::LINT,
            "{ version }: rec { inherit version; src = version; }\n",
            expect![[r#"
            1:14 `rec` hint: this set refers to its own `version`: a `let` keeps the names apart from the attributes
        "#]],
        );
    }
}
