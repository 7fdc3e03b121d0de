//! `secret-read-at-eval`: a secret whose text lands in the store.

use nixscope_db::VfsPath;
use nixscope_eval::Value;
use nixscope_hir::{Expr, ExprId, PathBase, StrPart};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, Known};
use crate::secrets::{decrypted_path, is_decrypted_place, is_plain_secret};
use crate::symbolic::symbolic;

pub(super) static LINT: Lint = Lint {
    name: "secret-read-at-eval",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a secret whose text lands in the store",
    page: r#"
What is read while a configuration is evaluated becomes part of it, and so of `/nix/store`, which every
user of the machine, every binary cache and every backup of the store can read. That goes for `readFile`
and its kin on a plain file in a directory of secrets or on the path of a decrypted secret, and for a
plain secret interpolated as a path (`"${./secrets/token}"` copies the file).

The *path* of a decrypted secret is not the secret: `"${config.age.secrets.token.path}"` is what it is
for. Public keys and encrypted files are fine too.

Directories of secrets are `secrets`, `secret`, `.secrets`, `private`, `credentials`, and what
`secret-directories` in `nixscope.toml` adds.

## Example

```nix
#- /repo/web.nix
{ config, ... }:
{
  age.secrets.token.file = ./secrets/token.age;
  services.web.environment.TOKEN = builtins.readFile config.age.secrets.token.path; # error
  services.web.environment.OTHER = builtins.readFile ./secrets/other; # error
}
#- /repo/secrets/other
not-a-real-token
```

## Use instead

```nix
#- /repo/web.nix
{ config, ... }:
{
  age.secrets.token.file = ./secrets/token.age;
  age.secrets.other.file = ./secrets/other.age;
  services.web.environment.TOKEN_FILE = config.age.secrets.token.path;
  services.web.environment.OTHER_FILE = config.age.secrets.other.path;
}
#- /repo/secrets/other
not-a-real-token
```

## Source

The Nix manual, ["Secrets"](https://nix.dev/manual/nix/latest/store/secrets); the
[agenix](https://github.com/ryantm/agenix#builtinsreadfile-anti-pattern) and
[sops-nix](https://github.com/Mic92/sops-nix) readmes.
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut computed: Vec<(ExprId, &'static str, ExprId)> = Vec::new();
    for (id, expr) in cx.body.exprs.iter() {
        match expr {
            Expr::Apply { .. } => {
                let Some((function, file)) = read(cx, id) else { continue };
                match read_of(cx, id, function, file) {
                    Read::Harmless => {}
                    Read::Secret(finding) => found.push(*finding),
                    Read::Computed => computed.push((id, function, file)),
                }
            }
            Expr::Interpolated(parts) => {
                found.extend(parts.iter().filter_map(|part| copied(cx, part)));
            }
            _ => {}
        }
    }
    if computed.is_empty() {
        return;
    }
    symbolic(cx.db, cx.file, |symbolic| {
        for (id, function, file) in computed {
            let path = match symbolic.value(file) {
                Ok(Value::Path(path)) => VfsPath::new(path),
                Ok(Value::Str(text)) if text.text.starts_with('/') => VfsPath::new(text.text),
                _ => continue,
            };
            if is_plain_secret(cx.db, cx.project, &path) {
                found.push(plain(cx, id, function, &path));
            }
        }
    });
}

/// What reads a file, and which argument is the file.
fn read(cx: &FileContext<'_>, id: ExprId) -> Option<(&'static str, ExprId)> {
    let (function, args) = names::applied(cx.body, id)?;
    match function {
        Known::Builtin("readFile" | "import")
        | Known::Lib("readFile" | "fileContents" | "importJSON" | "importTOML") => {
            Some((function.name(), *args.first()?))
        }
        _ => None,
    }
}

enum Read {
    Harmless,
    Secret(Box<Diagnostic>),
    /// Only evaluation says what is read.
    Computed,
}

fn read_of(cx: &FileContext<'_>, id: ExprId, function: &'static str, file: ExprId) -> Read {
    if let Some(name) = decrypted(cx, file) {
        let message = format!(
            "`{function}` reads the decrypted secret `{name}` while evaluating: its text would land in the \
             world-readable store. Pass its path to the service and let that read it"
        );
        return Read::Secret(Box::new(Diagnostic::new(&LINT, cx.file, cx.range(id), message)));
    }
    match &cx.body.exprs[names::through(cx.body, file)] {
        Expr::Path(PathBase::File, text) => {
            let Some(path) = cx.file.path(cx.db).parent().map(|it| it.join(text)) else {
                return Read::Harmless;
            };
            match is_plain_secret(cx.db, cx.project, &path) {
                true => Read::Secret(Box::new(plain(cx, id, function, &path))),
                false => Read::Harmless,
            }
        }
        Expr::Path(..) | Expr::SearchPath(_) | Expr::Lambda(_) | Expr::Attrs(_) | Expr::RecAttrs(_) => {
            Read::Harmless
        }
        _ => Read::Computed,
    }
}

/// The name of the secret whose decrypted file an expression is the path of.
fn decrypted(cx: &FileContext<'_>, expr: ExprId) -> Option<String> {
    if let Some(access) = names::access(cx.body, expr)
        && let Some(name) = decrypted_path(&access.parts())
    {
        return Some(name.to_string());
    }
    match &cx.body.exprs[names::through(cx.body, expr)] {
        Expr::Interpolated(parts) => match parts.as_ref() {
            [StrPart::Expr(only)] => decrypted(cx, *only),
            _ => None,
        },
        Expr::Str(text) if is_decrypted_place(text) => text.rsplit('/').next().map(str::to_string),
        Expr::Path(PathBase::Root, text) if is_decrypted_place(text) => {
            text.rsplit('/').next().map(str::to_string)
        }
        Expr::Apply { args, .. } => {
            let (function, _) = names::applied(cx.body, names::through(cx.body, expr))?;
            (function.name() == "toString").then(|| decrypted(cx, *args.first()?))?
        }
        _ => None,
    }
}

fn plain(cx: &FileContext<'_>, id: ExprId, function: &str, path: &VfsPath) -> Diagnostic {
    let message = format!(
        "`{function}` puts the plain secret `{}` into the world-readable store: encrypt it (agenix, sops-nix, \
         secrix) and pass the path of the decrypted file",
        relative(cx, path)
    );
    Diagnostic::new(&LINT, cx.file, cx.range(id), message)
}

/// `"${./secrets/token}"`: the file is copied to the store.
fn copied(cx: &FileContext<'_>, part: &StrPart) -> Option<Diagnostic> {
    let StrPart::Expr(expr) = part else { return None };
    let Expr::Path(PathBase::File, text) = &cx.body.exprs[names::through(cx.body, *expr)] else {
        return None;
    };
    let path = cx.file.path(cx.db).parent()?.join(text);
    if !is_plain_secret(cx.db, cx.project, &path) {
        return None;
    }
    let message = format!(
        "interpolating `{}` copies this plain secret to the world-readable store: encrypt it (agenix, \
         sops-nix, secrix) and use the path of the decrypted file",
        relative(cx, &path)
    );
    Some(Diagnostic::new(&LINT, cx.file, cx.range(*expr), message))
}

fn relative(cx: &FileContext<'_>, path: &VfsPath) -> String {
    path.strip_prefix(cx.project.root(cx.db)).unwrap_or(path.as_str()).to_string()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn plain_files_of_secret_directories() {
        check(
            &super::LINT,
            r#"
#- /repo/web.nix
{ lib, ... }:
let
  file = ./secrets/token;
in
{
  a = builtins.readFile ./secrets/token;
  b = "${file}";
  c = lib.fileContents (./secrets + "/token");
  d = builtins.fromJSON (builtins.readFile ./private/a.json);
  e = "--token-file ${toString ./secrets/token}";
}
#- /repo/secrets/token
not-a-real-token
#- /repo/private/a.json
{ "password": "not-real" }
"#,
            expect![[r#"
                6:7 `builtins.readFile ./secrets/token` error: `readFile` puts the plain secret `secrets/token` into the world-readable store: encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
                7:10 `file` error: interpolating `secrets/token` copies this plain secret to the world-readable store: encrypt it (agenix, sops-nix, secrix) and use the path of the decrypted file
                8:7 `lib.fileContents (./secrets + "/token")` error: `fileContents` puts the plain secret `secrets/token` into the world-readable store: encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
                9:26 `builtins.readFile ./private/a.json` error: `readFile` puts the plain secret `private/a.json` into the world-readable store: encrypt it (agenix, sops-nix, secrix) and pass the path of the decrypted file
            "#]],
        );
    }

    #[test]
    fn decrypted_secrets() {
        check(
            &super::LINT,
            r#"
{ config, lib, ... }:
let
  cfg = config.sops.secrets;
in
{
  a = builtins.readFile config.age.secrets.token.path;
  b = lib.fileContents "${cfg.token.path}";
  c = builtins.fromJSON (builtins.readFile config.secrix.system.secrets.key.decrypted.path);
  d = builtins.readFile "/run/agenix/token";
}
"#,
            expect![[r#"
                6:7 `builtins.readFile config.age.secrets.token.path` error: `readFile` reads the decrypted secret `token` while evaluating: its text would land in the world-readable store. Pass its path to the service and let that read it
                7:7 `lib.fileContents "${cfg.token.path}"` error: `fileContents` reads the decrypted secret `token` while evaluating: its text would land in the world-readable store. Pass its path to the service and let that read it
                8:26 `builtins.readFile config.secrix.system.secrets.key.decrypted.path` error: `readFile` reads the decrypted secret `key` while evaluating: its text would land in the world-readable store. Pass its path to the service and let that read it
                9:7 `builtins.readFile "/run/agenix/token"` error: `readFile` reads the decrypted secret `token` while evaluating: its text would land in the world-readable store. Pass its path to the service and let that read it
            "#]],
        );
    }

    #[test]
    fn what_is_public_or_encrypted_is_fine() {
        check(
            &super::LINT,
            r#"
#- /repo/web.nix
{ config, ... }:
{
  age.secrets.x.file = ./secrets/x.age;
  sops.defaultSopsFile = ./secrets/all.yaml;
  a = "${./secrets/x.age} ${./secrets/all.yaml} ${config.age.secrets.x.path}";
  b = builtins.readFile ./secrets/alice.pub;
  c = builtins.readFile ./secrets/public_keys/alice;
  d = import ./secrets/secrets.nix;
  e = builtins.pathExists ./secrets/token;
  f = builtins.readFile ./secrets/host-key;
  g = builtins.readFile ./other/token;
}
#- /repo/secrets/x.age
age-encryption.org/v1
#- /repo/secrets/all.yaml
a: ENC[AES256_GCM,data:x]
#- /repo/secrets/alice.pub
ssh-ed25519 AAAA
#- /repo/secrets/public_keys/alice
AAAA
#- /repo/secrets/host-key
ssh-ed25519 AAAA
#- /repo/secrets/secrets.nix
{ }
#- /repo/secrets/token
not-a-real-token
#- /repo/other/token
not-a-real-token
"#,
            expect![""],
        );
    }
}
