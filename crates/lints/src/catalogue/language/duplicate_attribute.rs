//! `duplicate-attribute`: an attribute that one set defines twice.

use nixscope_hir::LoweringProblem;

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "duplicate-attribute",
    group: Group::Language,
    level: Level::Error,
    since: "0.1.0",
    summary: "an attribute that one set defines twice",
    page: r#"
Nix refuses a set that defines the same attribute twice. Two literal sets are merged
(`a.b = 1; a = { c = 2; };` is one set `a`); anything else is an error when the file is read, also in
modules, where definitions of *different* files would be merged.

## Example

```nix
{
  networking.hostName = "web";
  services.nginx.enable = true;
  networking.hostName = "www"; # error
}
```

## Use instead

```nix
{
  networking.hostName = "web";
  services.nginx.enable = true;
}
```

## Source

The Nix manual, ["Attribute set"](https://nix.dev/manual/nix/latest/language/syntax#attrs-literal).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    // A hole in the text may have swallowed what tells two attributes apart.
    if cx.is_broken() {
        return;
    }
    for problem in cx.map.problems() {
        let LoweringProblem::DuplicateAttribute { path, first, second } = problem;
        let message =
            format!("`{path}` is defined already in this set, and the two cannot be merged: keep one");
        let finding = Diagnostic::new(&LINT, cx.file, cx.name_range(*second), message);
        found.push(finding.with_related(cx.file, cx.name_range(*first), "the first definition"));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn merges_as_nix_does() {
        check(
            &super::LINT,
            r#"
#- /repo/computed.nix
{ ${a} = 1; ${a} = 2; "b" = 1; b = 2; }
#- /repo/inherited.nix
let x = 1; inherit ({ }) x; in x
#- /repo/merged.nix
{ a.b = 1; a.c = 2; a = { d = 3; }; }
#- /repo/nested.nix
{ a.b = 1; a.b = 2; }
#- /repo/set-and-value.nix
{ a = 1; a.b = 2; }
"#,
            expect![[r#"
                computed.nix:1:32 `b` error: `b` is defined already in this set, and the two cannot be merged: keep one
                    at computed.nix:1:23 `"b"`: the first definition
                inherited.nix:1:26 `x` error: `x` is defined already in this set, and the two cannot be merged: keep one
                    at inherited.nix:1:5 `x`: the first definition
                nested.nix:1:14 `b` error: `b` is defined already in this set, and the two cannot be merged: keep one
                    at nested.nix:1:5 `b`: the first definition
                set-and-value.nix:1:10 `a` error: `a` is defined already in this set, and the two cannot be merged: keep one
                    at set-and-value.nix:1:3 `a`: the first definition
            "#]],
        );
    }
}
