//! `repeated-keys`: `a.b = …; a.c = …; a.d = …;`.

use nixscope_syntax::ast::HasEntry;
use nixscope_syntax::{AstNode, SyntaxKind, SyntaxNode, TextRange, ast};
use rustc_hash::FxHashMap;

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::lint::{Check, Group, Level, Lint};

/// From how many on a set is nicer than paths.
const MANY: usize = 3;

pub(super) static LINT: Lint = Lint {
    name: "repeated-keys",
    group: Group::Language,
    level: Level::Off,
    since: "0.1.0",
    summary: "three or more attribute paths that begin alike",
    page: r#"
Three paths with the same beginning may be written as one set. Off by default: whether `services.nginx` is
repeated or opened once is taste, and often the paths stand apart on purpose.

## Example

```nix
{
  networking.hostName = "web"; # error
  networking.domain = "example.org";
  networking.nftables.enable = true;
}
```

## Use instead

```nix
{
  networking = {
    hostName = "web";
    domain = "example.org";
    nftables.enable = true;
  };
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `repeated_keys`.
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_ATTR_SET], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let Some(set) = ast::AttrSet::cast(node.clone()) else { return };
    let mut keys: Vec<(String, Vec<SyntaxNode>)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for entry in set.attrpath_values() {
        let Some(path) = entry.attrpath() else { continue };
        let mut attrs = path.attrs();
        let (Some(ast::Attr::Ident(first)), Some(_)) = (attrs.next(), attrs.next()) else { continue };
        let name = first.syntax().text().to_string();
        let index = *known.entry(name.clone()).or_insert(keys.len());
        match keys.get_mut(index) {
            Some((_, entries)) => entries.push(entry.syntax().clone()),
            None => keys.push((name, vec![entry.syntax().clone()])),
        }
    }
    for (name, entries) in keys.iter().filter(|(_, entries)| entries.len() >= MANY) {
        let first = entries[0].text_range();
        let place = TextRange::at(first.start(), nixscope_syntax::TextSize::of(name.as_str()));
        let message = format!("{} paths begin with `{name}`: one set says it once", entries.len());
        let mut finding = Diagnostic::new(&LINT, cx.file, place, message);
        for entry in &entries[1..] {
            finding = finding.with_related(cx.file, entry.text_range(), "again");
        }
        if let Some(fix) = joined(cx, name, entries) {
            finding = finding.with_fix(fix);
        }
        found.push(finding);
    }
}

/// The fix where the entries stand one below the other, each on a line of its own.
fn joined(cx: &FileContext<'_>, name: &str, entries: &[SyntaxNode]) -> Option<Fix> {
    let whole = TextRange::new(entries.first()?.text_range().start(), entries.last()?.text_range().end());
    let text = cx.slice(whole);
    if text.lines().count() != entries.len() || may_hold_comment(cx, whole) {
        return None;
    }
    let before = cx.text.get(..usize::from(whole.start()))?;
    let indent = &before[before.rfind('\n')? + 1..];
    if !indent.chars().all(|c| c == ' ') {
        return None;
    }
    let mut out = format!("{name} = {{\n");
    for entry in entries {
        let line = entry.text().to_string();
        let rest = line.strip_prefix(name)?.trim_start().strip_prefix('.')?.trim_start();
        out.push_str(&format!("{indent}  {rest}\n"));
    }
    out.push_str(&format!("{indent}}};"));
    Some(Fix::safe(format!("Write one `{name}`"), vec![replace(cx, whole, out)]))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn from_three_on() {
        check(&super::LINT, "{ a.b = 1; a.c = 2; }\n", expect![""]);
        check(
            &super::LINT,
            "{ a.b = 1; x = 0; a.c = 2; a.d = 3; }\n",
            expect![[r#"
            1:3 `a` off: 3 paths begin with `a`: one set says it once
                at 1:19 `a.c = 2;`: again
                at 1:28 `a.d = 3;`: again
        "#]],
        );
    }
}
