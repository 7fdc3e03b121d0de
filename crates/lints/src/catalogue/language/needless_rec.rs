//! `needless-rec`: `rec` on a set that never refers to itself.

use nixscope_hir::{Body, Expr, ExprId, ScopeKind, Symbol};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Tag};
use crate::lint::{Check, Group, Level, Lint};
use crate::names::scope_up;

pub(super) static LINT: Lint = Lint {
    name: "needless-rec",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`rec` on a set that never refers to itself",
    page: r#"
`rec` makes every attribute of a set a name inside the set. Where no attribute uses another one, it does
nothing, but every name added later may silently take the place of one from outside.

## Example

```nix
{
  users.users.alice = rec { # error
    isNormalUser = true;
    home = "/home/alice";
  };
}
```

## Use instead

```nix
{
  users.users.alice = {
    isNormalUser = true;
    home = "/home/alice";
  };
}
```

## Source

[nix.dev, "Best practices"](https://nix.dev/guides/best-practices#recursive-attribute-set-rec).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    // A hole in the text may have swallowed the reference.
    if cx.is_broken() {
        return;
    }
    for (_, set) in recursive_sets(cx) {
        if !set.used.is_empty() || set.has_overrides {
            continue;
        }
        let space = cx.text.get(usize::from(set.keyword.end())..).unwrap_or("");
        let blank = TextSize::of(space) - TextSize::of(space.trim_start());
        let edit = TextRange::new(set.keyword.start(), set.keyword.end() + blank);
        let message = "this set never refers to itself: `rec` does nothing but invite accidents";
        let mut finding = Diagnostic::new(&LINT, cx.file, set.keyword, message).with_fix(Fix {
            title: "Remove `rec`".into(),
            applicability: Applicability::Safe,
            edits: vec![Edit { file: cx.file, range: edit, new_text: String::new() }],
        });
        finding.tags.push(Tag::Unnecessary);
        found.push(finding);
    }
}

/// What is known of a `rec { }`.
pub(super) struct RecursiveSet {
    /// The keyword.
    pub(super) keyword: TextRange,
    /// The names of it that something inside refers to, with the first reference to each.
    pub(super) used: Vec<(Symbol, ExprId)>,
    /// Whether it has `__overrides`, which only works with `rec`.
    has_overrides: bool,
}

/// Every `rec { }` of the file, in order of place.
pub(super) fn recursive_sets(cx: &FileContext<'_>) -> Vec<(ExprId, RecursiveSet)> {
    let mut sets: FxHashMap<ExprId, RecursiveSet> = FxHashMap::default();
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::RecAttrs(bindings) = expr else { continue };
        let range = cx.range(id);
        // `let { … }` is lowered to one too.
        if !cx.slice(range).starts_with("rec") {
            continue;
        }
        let overrides = Symbol::new("__overrides");
        let set = RecursiveSet {
            keyword: TextRange::at(range.start(), TextSize::of("rec")),
            used: Vec::new(),
            has_overrides: bindings.named.iter().any(|it| it.name == overrides),
        };
        sets.insert(id, set);
    }
    if sets.is_empty() {
        return Vec::new();
    }
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::Local { name, up, .. } = expr else { continue };
        let Some(owner) = owner(cx.body, id, *up) else { continue };
        if let Some(set) = sets.get_mut(&owner)
            && !set.used.iter().any(|(known, _)| known == name)
        {
            set.used.push((*name, id));
        }
    }
    let mut sets: Vec<(ExprId, RecursiveSet)> = sets.into_iter().collect();
    sets.sort_by_key(|(id, set)| (set.keyword.start(), Body::raw(*id)));
    sets
}

/// The `rec` set that a variable belongs to.
fn owner(body: &Body, variable: ExprId, up: u32) -> Option<ExprId> {
    let scope = scope_up(body, body.scope_of(variable)?, up)?;
    match body.scopes[scope].kind {
        ScopeKind::Rec(owner) => Some(owner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn flags_what_is_never_used() {
        check(
            &super::LINT,
            "rec { a = 1; b = { a = 2; }; }\n",
            expect![[r#"
            1:1 `rec` warning: this set never refers to itself: `rec` does nothing but invite accidents
                safe: Remove `rec` => { a = 1; b = { a = 2; }; }
        "#]],
        );
        check(
            &super::LINT,
            "rec /* why */ { a = x: x; }\n",
            expect![[r#"
            1:1 `rec` warning: this set never refers to itself: `rec` does nothing but invite accidents
                safe: Remove `rec` => /* why */ { a = x: x; }
        "#]],
        );
        check(
            &super::LINT,
            "{ x }: rec { inherit x; y = rec { }; }\n",
            expect![[r#"
            1:8 `rec` warning: this set never refers to itself: `rec` does nothing but invite accidents
                safe: Remove `rec` => { x }: { inherit x; y = rec { }; }
            1:29 `rec` warning: this set never refers to itself: `rec` does nothing but invite accidents
                safe: Remove `rec` => { x }: rec { inherit x; y = { }; }
        "#]],
        );
    }

    #[test]
    fn any_reference_counts() {
        check(&super::LINT, "rec { a = 1; b = { c = _: a; }; }\n", expect![""]);
        check(&super::LINT, "rec { a = 1; ${a} = 2; }\n", expect![""]);
        check(&super::LINT, "rec { a = { x = 1; }; inherit (a) x; }\n", expect![""]);
        check(&super::LINT, "rec { __overrides = { a = 2; }; a = 1; }\n", expect![""]);
        check(&super::LINT, "let { a = 1; body = a; }\n", expect![""]);
    }
}
