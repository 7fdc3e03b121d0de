//! `secret-path-in-store`: a plain file of the repository given to an option that takes the path of a secret.

use nixscope_db::{EntryKind, FileText, VfsPath};
use nixscope_hir::{Expr, ExprId, PathBase};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::samples::is_test;
use crate::secrets::is_plain_text;
use crate::target::target;

pub(super) static LINT: Lint = Lint {
    name: "secret-path-in-store",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a plain file given as a path to an option that takes a secret's file",
    page: r#"
Options such as `passwordFile` exist so that the secret does not land in the store. A Nix path undoes that: `./password`
is copied to the store, where every user of the host can read it, and the file is plain text in the repository.

Reported is a file that is there and is not encrypted; an environment file only if one of its variables is called like a
secret.

## Example

```nix
#- /repo/nextcloud.nix
{
  services.nextcloud.config.adminpassFile = ./admin-password.txt; # error
}
#- /repo/admin-password.txt
correct horse battery staple
```

## Use instead

```nix
#- /repo/nextcloud.nix
{ config, ... }:
{
  age.secrets.admin-password.file = ./admin-password.age;
  services.nextcloud.config.adminpassFile = config.age.secrets.admin-password.path;
}
#- /repo/admin-password.age
age-encryption.org/v1
```

## When it is fine

In tests, which are not reported.

## Source

The Nix manual, ["String interpolation"](https://nix.dev/manual/nix/latest/language/string-interpolation): a path that
becomes a string is copied to the store.
"#,
    check: Check::Exprs(&[ExprKind::Path, ExprKind::Name], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let value = names::through(cx.body, id);
    let Expr::Path(PathBase::File, text) = &cx.body.exprs[value] else { return };
    let Some(option) = target(cx, id).and_then(|it| it.last()) else { return };
    let Some(holds) = Holds::of(option) else { return };
    let Some(path) = cx.file.path(cx.db).parent().map(|it| it.join(text)) else { return };
    let Some(shown) = path.strip_prefix(cx.project.root(cx.db)) else { return };
    if is_test(cx.relative_path()) || !is_secret(cx, &path, holds) {
        return;
    }
    let message = format!(
        "`{option}` is given `{shown}` as a Nix path: the plain text is copied to the world-readable store. Encrypt it \
         (agenix, sops-nix, secrix) and pass the path of the decrypted file"
    );
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
}

/// What the file of an option holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A secret, whatever is in it.
    Secret,
    /// Variables, some of which may be secrets.
    Variables,
}

impl Holds {
    fn of(option: &str) -> Option<Holds> {
        let stem = option.strip_suffix("File").or_else(|| option.strip_suffix("_file"))?.to_ascii_lowercase();
        if stem.contains("public") {
            return None;
        }
        const ENDINGS: &[&str] = &[
            "password",
            "passwd",
            "pass",
            "passphrase",
            "token",
            "secret",
            "secrets",
            "privatekey",
            "private_key",
            "presharedkey",
            "secretkey",
            "apikey",
            "api_key",
            "authkey",
            "credential",
            "credentials",
        ];
        match stem.as_str() {
            "environment" | "env" => Some(Holds::Variables),
            stem => ENDINGS.iter().any(|it| stem.ends_with(it)).then_some(Holds::Secret),
        }
    }
}

fn is_secret(cx: &FileContext<'_>, path: &VfsPath, holds: Holds) -> bool {
    if nixscope_db::kind(cx.db, path) != EntryKind::File || path.is_nix() {
        return false;
    }
    let content = nixscope_db::source(cx.db, path).text(cx.db);
    let FileText::Text(text) = content else { return false };
    is_plain_text(content) && (holds == Holds::Secret || text.lines().any(sets_secret))
}

/// Whether a line of an environment file sets a variable that is called like a secret.
fn sets_secret(line: &str) -> bool {
    let Some((name, value)) = line.trim().split_once('=').filter(|(name, _)| !name.starts_with('#')) else {
        return false;
    };
    let name = name.trim_start_matches("export ").trim().to_ascii_uppercase();
    let is_literal = !value.trim().is_empty() && !value.trim().starts_with(['/', '$']);
    is_literal
        && ["PASSWORD", "PASSWD", "TOKEN", "SECRET", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"]
            .iter()
            .any(|it| name.ends_with(it))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_is_in_the_file_decides() {
        check(
            &super::LINT,
            r#"
#- /repo/m.nix
{ lib, config, ... }:
let
  file = ./token;
in
{
  services.a.tokenFile = file;
  services.b.passwordFile = lib.mkIf config.x (lib.mkDefault ./token);
  services.c.passwordFile = toString ./token;
  services.d.tokenFile = ./encrypted;
  services.e.tokenFile = ./missing;
  services.f.configFile = ./token;
  services.g.publicKeyFile = ./token;
  services.h.environmentFile = ./harmless.env;
  services.i.environmentFile = ./secret.env;
  passwordFile = map (x: ./token) [ ];
}
#- /repo/token
not-a-real-token
#- /repo/encrypted
age-encryption.org/v1
#- /repo/harmless.env
LOG_LEVEL=info
TOKEN_FILE=/run/token
# API_TOKEN=x
API_TOKEN=$OTHER
#- /repo/secret.env
LOG_LEVEL=info
API_TOKEN=not-a-real-token
"#,
            expect![[r#"
                6:26 `file` error: `tokenFile` is given `token` as a Nix path: the plain text is copied to the world-readable store. Encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
                7:62 `./token` error: `passwordFile` is given `token` as a Nix path: the plain text is copied to the world-readable store. Encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
                14:32 `./secret.env` error: `environmentFile` is given `secret.env` as a Nix path: the plain text is copied to the world-readable store. Encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
            "#]],
        );
        check(
            &super::LINT,
            "#- /repo/tests/m.nix\n{ a.passwordFile = ./p; }\n#- /repo/tests/p\nx\n",
            expect![""],
        );
    }
}
