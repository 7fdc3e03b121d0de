//! `syntax-error`: what Nix's parser refuses.

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::secrets::is_plain_text;

pub(super) static LINT: Lint = Lint {
    name: "syntax-error",
    group: Group::Language,
    level: Level::Error,
    since: "0.1.0",
    summary: "text that is not Nix",
    page: r#"
The file does not parse. Nothing that imports it evaluates, and so no host that gets it. The first error
is reported, as Nix does; the rest of the file is still analysed as far as it can be read.

A file that is encrypted (git-crypt, age, sops) is not reported. In a test, a template or an example that no host
takes the error is a hint.

What Nix refuses and other tools let pass is reported too: an integer that does not fit into 64 bits, an
argument listed twice, a computed name in a `let`.

The pipe operators `|>` and `<|` are an experimental feature of Nix. They are reported where `experimental-features` below
`[evaluation]` in `nixscope.toml` lists what is on, without `pipe-operators`.

## Example

```nix
{
  programs.git.enable = true
  programs.vim.enable = true; # error
}
```

## Use instead

```nix
{
  programs.git.enable = true;
  programs.vim.enable = true;
}
```

## Source

The Nix manual, ["Nix Language"](https://nix.dev/manual/nix/latest/language/).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if is_encrypted(cx) {
        return;
    }
    for error in cx.parse.errors().iter().filter(|it| !it.follows) {
        found.push(Diagnostic::new(&LINT, cx.file, error.range, error.message.clone()));
    }
    let machine = &cx.project.evaluation(cx.db).machine;
    if machine.has_feature("pipe-operators") == Some(false)
        && let Some(range) = cx.parse.pipe_operator()
    {
        found.push(Diagnostic::new(&LINT, cx.file, range, nixscope_syntax::PIPES_ARE_OFF));
    }
}

/// Whether the file is no Nix code but what age, sops or OpenPGP made of it.
fn is_encrypted(cx: &FileContext<'_>) -> bool {
    !cx.text.trim().is_empty() && !is_plain_text(cx.file.text(cx.db))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_is_encrypted_is_no_nix() {
        check(&super::LINT, "{\n\t\"data\": \"ENC[AES256_GCM,data:x,tag:y==,type:str]\"\n}\n", expect![""]);
        check(&super::LINT, "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", expect![""]);
    }

    #[test]
    fn says_what_is_expected() {
        check(
            &super::LINT,
            "{ a = 1 b = 2; }\n",
            expect![[r#"
                1:11 `= 2` error: expected `;`, found `=`
            "#]],
        );
        check(
            &super::LINT,
            "{ a = [ 1 2; }\n",
            expect![[r#"
            1:12 `;` error: expected an expression, found `;`
        "#]],
        );
        check(
            &super::LINT,
            "{ a, a }: 99999999999999999999\n",
            expect![[r#"
            1:6 `a` error: the argument `a` is listed twice in this pattern
            1:11 `99999999999999999999` error: the integer 99999999999999999999 does not fit into 64 bits (largest: 9223372036854775807)
        "#]],
        );
        check(
            &super::LINT,
            "{ a = \"${\"; }",
            expect![[r#"
            1:11 `; }` error: expected the end of the string, text or `${`, found `;`
        "#]],
        );
    }
}
