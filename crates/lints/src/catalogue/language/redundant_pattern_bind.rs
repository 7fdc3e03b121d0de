//! `redundant-pattern-bind`: `{ ... }@args:`.

use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "redundant-pattern-bind",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`{ ... }@args:` instead of `args:`",
    page: r#"
The pattern takes nothing apart: the name alone is enough.

## Example

```nix
{ ... }@args: # error
{
  imports = [ (import ./web.nix args) ];
}
```

## Use instead

```nix
args:
{
  imports = [ (import ./web.nix args) ];
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `redundant_pattern_bind`.
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Lambda(lambda) = &cx.body.exprs[id] else { return };
    let is_empty = lambda.formals.as_deref().is_some_and(<[_]>::is_empty);
    let Some((name, place)) = lambda.arg.filter(|_| is_empty && lambda.open) else { return };
    let range = cx.range(id);
    let (brace, bind) = (cx.slice(range).find('}').unwrap_or(0), cx.name_range(place));
    let brace = range.start() + TextSize::try_from(brace + 1).unwrap_or_default();
    let pattern = TextRange::new(range.start(), brace.max(bind.end()));
    let message = format!("`{{ ... }}` takes nothing apart: `{name}:` says the same");
    let mut finding = Diagnostic::new(&LINT, cx.file, pattern, message);
    if !may_hold_comment(cx, pattern) {
        let edits = vec![replace(cx, pattern, name.as_str())];
        finding = finding.with_fix(Fix::safe(format!("Write `{name}`"), edits));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn either_way_round() {
        check(
            &super::LINT,
            "args@{ ... }: args\n",
            expect![[r#"
            1:1 `args@{ ... }` hint: `{ ... }` takes nothing apart: `args:` says the same
                safe: Write `args` => args: args
        "#]],
        );
        check(
            &super::LINT,
            "{ ... } @ args: args\n",
            expect![[r#"
            1:1 `{ ... } @ args` hint: `{ ... }` takes nothing apart: `args:` says the same
                safe: Write `args` => args: args
        "#]],
        );
        check(&super::LINT, "{ a, ... }@args: args\n", expect![""]);
        check(&super::LINT, "{ }@args: args\n", expect![""]);
    }
}
