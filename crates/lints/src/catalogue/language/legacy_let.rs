//! `legacy-let`: `let { …; body = …; }`.

use nixscope_syntax::{SyntaxKind, SyntaxNode, TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::replace;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "legacy-let",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`let { body = …; }`, a form that is deprecated",
    page: r#"
`let { …; body = x; }` is an old way to write `let … in x`. Newer Nix warns of it and can refuse it.

## Example

```nix
let { # error
  name = "web";
  body = { networking.hostName = name; };
}
```

## Use instead

```nix
rec {
  name = "web";
  body = { networking.hostName = name; };
}.body
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `legacy_let_syntax`; the Nix manual, "Deprecated language
features".
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_LEGACY_LET], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let range = node.text_range();
    let keyword = TextRange::at(range.start(), TextSize::of("let"));
    let message = "`let { … }` is deprecated syntax: write `let … in`, or `rec { … }.body`";
    let edits = vec![replace(cx, keyword, "rec"), replace(cx, TextRange::empty(range.end()), ".body")];
    found.push(
        Diagnostic::new(&LINT, cx.file, keyword, message)
            .with_tag(Tag::Deprecated)
            .with_fix(Fix::safe("Write `rec { … }.body`", edits)),
    );
}
