//! `unknown-suppression`: a suppression comment that means no lint.

use crate::lint::{Check, Group, Level, Lint};

pub(crate) static LINT: Lint = Lint {
    name: "unknown-suppression",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a suppression comment that is misspelt",
    page: r#"
The comment names a lint that does not exist, or is not of the form `# nixscope: ignore[lint] reason`. It suppresses
nothing.

## Example

```nix
{
  # nixscope: ignore[url-litteral] the server knows no other form # error
  url = https://example.org/source.tar.gz;
}
```

## Use instead

```nix
{
  # nixscope: ignore[url-literal] the server knows no other form
  url = https://example.org/source.tar.gz;
}
```
"#,
    check: Check::Machinery,
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_suppressions;

    #[test]
    fn the_nearest_name_and_the_form() {
        check_suppressions(
            "{\n  # nixscope: ignore[unused-lett] why\n  # nixscope: ignore unused-let\n  # nixscope: ingore[unused-let]\n  # as nixscope: says\n  b = 2;\n}\n",
            expect![[r#"
                2:22 `unused-lett` warning: there is no lint `unused-lett`; did you mean `unused-let`?
                    unsafe: Write `unused-let` => # nixscope: ignore[unused-let] why
                3:3 `# nixscope: ignore unused-let` warning: this suppresses nothing: a suppression is `# nixscope: ignore[lint] reason`, or `# nixscope: ignore-file[lint] reason`
                4:3 `# nixscope: ingore[unused-let]` warning: this suppresses nothing: a suppression is `# nixscope: ignore[lint] reason`, or `# nixscope: ignore-file[lint] reason`
            "#]],
        );
    }
}
