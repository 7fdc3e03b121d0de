//! `manual-inherit`: `a = a;`.

use nixscope_syntax::AstNode;
use nixscope_syntax::{SyntaxKind, SyntaxNode, ast};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::{is_in_recursive_set, single_name};

pub(super) static LINT: Lint = Lint {
    name: "manual-inherit",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`a = a;` instead of `inherit a;`",
    page: r#"
`inherit` says that the name is the same on purpose, and takes several at once.

## Example

```nix
{ inputs, ... }:
{
  _module.args.lib' = {
    inputs = inputs; # error
  };
}
```

## Use instead

```nix
{ inputs, ... }:
{
  _module.args.lib' = {
    inherit inputs;
  };
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `manual_inherit`.
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_ATTRPATH_VALUE], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let Some(entry) = ast::AttrpathValue::cast(node.clone()) else { return };
    let Some(ast::Expr::Ident(value)) = entry.value() else { return };
    let Some(name) = entry.attrpath().and_then(|path| single_name(&path)) else { return };
    // In a `let` or `rec` it would be its own value.
    if value.syntax().text() != name.as_str() || is_in_recursive_set(node) {
        return;
    }
    let range = node.text_range();
    let message = format!("`{name} = {name};` is `inherit {name};`");
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message);
    if !may_hold_comment(cx, range) {
        let instead = format!("inherit {name};");
        finding =
            finding.with_fix(Fix::safe(format!("Write `{instead}`"), vec![replace(cx, range, instead)]));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn only_of_the_same_name() {
        check(
            &super::LINT,
            "{ a, b }: { a = a; b = a; c.a = a; \"b\" = b; }\n",
            expect![[r#"
            1:13 `a = a;` hint: `a = a;` is `inherit a;`
                safe: Write `inherit a;` => { a, b }: { inherit a; b = a; c.a = a; "b" = b; }
        "#]],
        );
        check(&super::LINT, "{ a }: rec { a = a; }\n", expect![""]);
        check(&super::LINT, "{ a }: let a = a; in a\n", expect![""]);
    }
}
