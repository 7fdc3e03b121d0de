//! `url-literal`: bare URLs (RFC 45).

use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "url-literal",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a URL without quotes",
    page: r#"
A URL may be written without quotes. The syntax is deprecated: it looks like a path or a function
(`x:x` is a URL, `x: x` a function), takes no interpolation, and newer Nix can refuse it.

## Example

```nix
{
  url = https://example.org/source.tar.gz; # error
}
```

## Use instead

```nix
{
  url = "https://example.org/source.tar.gz";
}
```

## Source

[RFC 45](https://github.com/NixOS/rfcs/blob/master/rfcs/0045-deprecate-url-syntax.md).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    for range in cx.map.uris() {
        let fix = Fix {
            title: "Put the URL in quotes".into(),
            applicability: Applicability::Safe,
            edits: vec![Edit { file: cx.file, range: *range, new_text: format!("\"{}\"", cx.slice(*range)) }],
        };
        let message = "a URL without quotes is deprecated syntax (RFC 45): write it as a string";
        found.push(Diagnostic::new(&LINT, cx.file, *range, message).with_fix(fix));
    }
}
