//! `deprecated-to-path`: `builtins.toPath`.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{as_operand, may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Known};

pub(super) static LINT: Lint = Lint {
    name: "deprecated-to-path",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`builtins.toPath`, which is deprecated",
    page: r#"
`builtins.toPath` gives a string, whatever its name says, and is deprecated. `/. + "/path"` makes a path of an
absolute string, `./. + "/path"` one of a relative one. The fix is unsafe: a path is copied to the store
where it is interpolated, a string is not.

## Example

```nix
{ home, ... }:
{
  imports = [ (builtins.toPath "${home}/local.nix") ]; # error
}
```

## Use instead

```nix
{ home, ... }:
{
  imports = [ (/. + "${home}/local.nix") ];
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `deprecated_to_path`; the Nix manual,
[`toPath`](https://nix.dev/manual/nix/latest/language/builtins#builtins-toPath).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Apply { args, .. } = &cx.body.exprs[id] else { return };
    let [argument] = args.as_ref() else { return };
    match names::applied(cx.body, id) {
        Some((Known::Builtin("toPath"), _)) => {}
        _ => return,
    }
    let range = cx.range(id);
    let message = "`toPath` is deprecated, and gives a string: `/. + \"…\"` makes a path";
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message).with_tag(Tag::Deprecated);
    if !may_hold_comment(cx, range) {
        let plain = format!("/. + {}", as_operand(cx, *argument));
        let in_parens = cx.outer_range(id) != range;
        let instead = if in_parens { plain } else { format!("({plain})") };
        finding = finding.with_fix(Fix::risky("Write `/. + …`", vec![replace(cx, range, instead)]));
    }
    found.push(finding);
}
