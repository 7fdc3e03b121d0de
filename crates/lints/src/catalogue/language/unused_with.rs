//! `unused-with`: a `with` that no name comes from.

use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, remove, with_line};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unused-with",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a `with` that no name comes from",
    page: r#"
Every name in the body is bound by something else, so nothing comes from the `with`. It still makes every
misspelt name look as if it might exist.

## Example

```nix
{ lib, ... }:
{
  networking.firewall.allowedTCPPorts = with lib; [ 80 443 ]; # error
}
```

## Use instead

```nix
{ lib, ... }:
{
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
```

## Source

[nix.dev, "Best practices"](https://nix.dev/guides/best-practices#with-scopes).
"#,
    check: Check::Exprs(&[ExprKind::With], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::With(namespace, body) = cx.body.exprs[id] else { return };
    if cx.usage().is_with_used(id) {
        return;
    }
    let range = cx.range(id);
    let Some(head) = head(cx, range, body) else { return };
    let namespace = cx.slice(cx.range(namespace));
    let message = match namespace.len() {
        0..=40 if !namespace.contains('\n') => format!("no name comes from `with {namespace}`: remove it"),
        _ => "no name comes from this `with`: remove it".to_string(),
    };
    let mut finding = Diagnostic::new(&LINT, cx.file, head, message).with_tag(Tag::Unnecessary);
    let edit = with_line(cx, head);
    if !may_hold_comment(cx, edit) {
        finding = finding.with_fix(Fix::safe("Remove the `with`", vec![remove(cx, edit)]));
    }
    found.push(finding);
}

/// `with a;`, without what follows.
pub(super) fn head(cx: &FileContext<'_>, with: TextRange, body: ExprId) -> Option<TextRange> {
    let before = TextRange::new(with.start(), cx.outer_range(body).start());
    let semicolon = cx.slice(before).rfind(';')?;
    Some(TextRange::at(with.start(), TextSize::try_from(semicolon + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_shadows_a_with_leaves_it_unused() {
        check(
            &super::LINT,
            "{ lib }: with lib;\nlet a = 1; in map (x: a) [ ]\n",
            expect![[r#"
            1:10 `with lib;` warning: no name comes from `with lib`: remove it
                safe: Remove the `with` => { lib }:
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: with a; with b; [ ]\n",
            expect![[r#"
            1:11 `with a;` warning: no name comes from `with a`: remove it
                safe: Remove the `with` => { a, b }: with b; [ ]
            1:19 `with b;` warning: no name comes from `with b`: remove it
                safe: Remove the `with` => { a, b }: with a; [ ]
        "#]],
        );
    }

    #[test]
    fn any_name_may_come_from_any_with() {
        check(&super::LINT, "{ a, b }: with a; with b; [ c ]\n", expect![""]);
        check(&super::LINT, "{ a }: with a; { inherit c; }\n", expect![""]);
        check(&super::LINT, "{ a }: with a; (c\n", expect![""]);
    }
}
