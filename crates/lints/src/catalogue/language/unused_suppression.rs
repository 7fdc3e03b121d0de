//! `unused-suppression`: a suppression that suppresses nothing.

use crate::lint::{Check, Group, Level, Lint};

pub(crate) static LINT: Lint = Lint {
    name: "unused-suppression",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a suppression comment that suppresses nothing",
    page: r#"
The lint that the comment names finds nothing where the comment applies: what it excused is gone, or it stands at the wrong
line. A suppression applies to its own line where code stands before it, else to the next line, and `ignore-file` to the
file. A lint that the configuration switches off is not judged.

## Example

```nix
{
  # nixscope: ignore[url-literal] the server knows no other form # error
  url = "https://example.org/source.tar.gz";
}
```

## Use instead

```nix
{
  url = "https://example.org/source.tar.gz";
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
    fn what_is_used_is_silent() {
        check_suppressions(
            "{\n  # nixscope: ignore[url-literal] why\n  a = https://example.org;\n  b = https://example.org; # nixscope: ignore[url-literal] why\n}\n",
            expect![""],
        );
        check_suppressions(
            "# nixscope: ignore-file[url-literal, needless-rec] why\n{ a = https://example.org; }\n",
            expect![[r#"
                1:38 `needless-rec` warning: `needless-rec` finds nothing in this file: remove the suppression
                    safe: Remove the suppression => # nixscope: ignore-file[url-literal] why
            "#]],
        );
    }

    #[test]
    fn names_go_one_by_one() {
        check_suppressions(
            "{\n  a = 1; # nixscope: ignore[url-literal, needless-rec] why\n  # nixscope: ignore[unused-let]\n  b = 2;\n}\n",
            expect![[r#"
                2:29 `url-literal` warning: `url-literal` finds nothing here: remove the suppression
                    safe: Remove the suppression => a = 1; # nixscope: ignore[needless-rec] why
                2:42 `needless-rec` warning: `needless-rec` finds nothing here: remove the suppression
                    safe: Remove the suppression => a = 1; # nixscope: ignore[url-literal] why
                3:22 `unused-let` warning: `unused-let` finds nothing here: remove the suppression
                    safe: Remove the suppression => b = 2;
            "#]],
        );
    }

    #[test]
    fn a_file_that_does_not_parse_is_not_judged() {
        check_suppressions("{ a = 1 # nixscope: ignore[url-literal] why\n", expect![""]);
    }
}
