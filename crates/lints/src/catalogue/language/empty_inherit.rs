//! `empty-inherit`: `inherit;`.

use nixscope_syntax::{AstNode, SyntaxKind, SyntaxNode, ast};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, remove_entry};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "empty-inherit",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an `inherit` without names",
    page: r#"
It inherits nothing.

## Example

```nix
{ lib, ... }:
{
  inherit (lib); # error
  networking.hostName = "web";
}
```

## Use instead

```nix
{ lib, ... }:
{
  networking.hostName = "web";
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `empty_inherit`.
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_INHERIT], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let Some(inherit) = ast::Inherit::cast(node.clone()) else { return };
    if inherit.attrs().next().is_some() {
        return;
    }
    let range = node.text_range();
    let mut finding = Diagnostic::new(&LINT, cx.file, range, "this `inherit` names nothing: remove it")
        .with_tag(Tag::Unnecessary);
    if !may_hold_comment(cx, range) {
        finding = finding.with_fix(Fix::safe("Remove the `inherit`", vec![remove_entry(cx, range)]));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn with_and_without_source() {
        check(
            &super::LINT,
            "{ a }: { inherit; inherit (a); inherit (a) b; }\n",
            expect![[r#"
            1:10 `inherit;` hint: this `inherit` names nothing: remove it
                safe: Remove the `inherit` => { a }: { inherit (a); inherit (a) b; }
            1:19 `inherit (a);` hint: this `inherit` names nothing: remove it
                safe: Remove the `inherit` => { a }: { inherit; inherit (a) b; }
        "#]],
        );
    }
}
