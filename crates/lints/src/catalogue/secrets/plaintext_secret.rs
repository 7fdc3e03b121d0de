//! `plaintext-secret`: a password, token or key written into the configuration.

mod formats;

use nixscope_hir::{BindingValue, Expr, ExprId, StrPart, Symbol};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::samples::is_test;

pub(super) static LINT: Lint = Lint {
    name: "plaintext-secret",
    group: Group::Secrets,
    level: Level::Error,
    since: "0.1.0",
    summary: "a password, token or key written into the configuration",
    page: r#"
A literal that is assigned to an option that takes a password, token or private key, or a text in a
well-known credential format. It is in the repository, in its history, and in the world-readable store of
every host that gets it.

Not reported: hashes (`hashedPassword`), empty strings and placeholders, paths and options that end in
`File`, references (`ext:…`, `$VAR`, `{{…}}`), defaults and examples of options, public keys, and what
stands in a directory of tests.

An `initialPassword`, a password that everybody tries first (`changeme`) and one that is the user's name are
warnings: they are meant to be changed, and the account is open until somebody does; on a medium to install from they
are hints. So is what is only for the machine that `nixos-rebuild build-vm` makes.

## Example

```nix
{
  users.users.alice.password = "not-a-real-password"; # error
}
```

## Use instead

```nix
{ config, ... }:
{
  users.users.alice.hashedPasswordFile = config.age.secrets.alice-password.path;
}
```

## When it is fine

A password that is public on purpose (a guest network, a demo). Suppress the finding there and say why.

## Source

The NixOS manual, ["User management"](https://nixos.org/manual/nixos/stable/#sec-user-management); the
formats: [GitHub](https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats),
[GitLab](https://docs.gitlab.com/security/tokens/#token-prefixes),
[Slack](https://api.slack.com/concepts/token-types),
[AWS](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids),
[age](https://age-encryption.org/v1).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if is_test(cx.relative_path()) {
        return;
    }
    for (id, expr) in cx.body.exprs.iter() {
        match expr {
            Expr::Str(text) => formatted(cx, id, text, found),
            Expr::Interpolated(parts) => {
                for part in parts {
                    if let StrPart::Text(text) = part {
                        formatted(cx, id, text, found);
                    }
                }
            }
            _ => {}
        }
        let Some(bindings) = names::bindings(expr) else { continue };
        for binding in &bindings.named {
            if let BindingValue::Expr(value) = binding.value {
                named(cx, id, binding.name, value, found);
            }
        }
    }
    found.dedup_by(|a, b| a.lint.name == b.lint.name && a.range == b.range);
}

/// Texts in a well-known format.
fn formatted(cx: &FileContext<'_>, id: ExprId, text: &str, found: &mut Vec<Diagnostic>) {
    let Some(what) = formats::credential(text) else { return };
    if is_documentation(cx, id) {
        return;
    }
    let message = format!(
        "this text holds what looks like {what}: revoke it, and keep its successor encrypted \
         (agenix, sops-nix, secrix)"
    );
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
}

/// Literals under a name that takes a secret.
fn named(cx: &FileContext<'_>, set: ExprId, name: Symbol, value: ExprId, found: &mut Vec<Diagnostic>) {
    let Some(kind) = Kind::of(name.as_str()) else { return };
    let Some((literal, text)) = literal(cx, value, 8) else { return };
    let takes = match kind {
        Kind::Password => is_password(text),
        // Services call the public half of a pair so.
        Kind::Token => formats::is_random(text) && !text.starts_with("pk_") && !text.starts_with("pk1_"),
    };
    // What a format tells already is not told twice.
    if !takes || formats::credential(text).is_some() || is_documentation(cx, set) || is_option(cx, set) {
        return;
    }
    if says_its_own_name(name.as_str(), text) {
        return;
    }
    let is_well_known = WELL_KNOWN.contains(&text.to_ascii_lowercase().as_str());
    let is_initial = name.as_str().starts_with("initial");
    let message = if is_well_known || is_initial {
        let remedy = match is_initial || name.as_str() == "password" {
            true => "use `hashedPasswordFile` with an encrypted file",
            false => "encrypt one of its own (agenix, sops-nix, secrix) and pass a file",
        };
        format!(
            "`{name}` is a literal that everybody who can read the repository or the store knows, until it \
             is changed: {remedy}"
        )
    } else if let Some(twin) = twin(cx, set, name, text) {
        format!(
            "`{name}` is the same as `{twin}` beside it, and so known to whoever can reach the service: encrypt \
             one of its own (agenix, sops-nix, secrix) and pass a file"
        )
    } else {
        let message = format!(
            "`{name}` is written out here: it is readable in the repository, in its history and in the \
             store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file"
        );
        let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(literal), message);
        if is_for_trial(cx, set) {
            finding.level = Level::Hint;
        }
        return found.push(finding);
    };
    let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(literal), message);
    let is_harmless = is_for_trial(cx, set) || is_for_installing(cx);
    finding.level = if is_harmless { Level::Hint } else { Level::Warning };
    found.push(finding);
}

/// A setting of the same set with the same text: the user or the database that a password is named after.
fn twin(cx: &FileContext<'_>, set: ExprId, name: Symbol, text: &str) -> Option<Symbol> {
    let bindings = names::bindings(&cx.body.exprs[set])?;
    let has_text = |value| literal(cx, value, 8).is_some_and(|(_, it)| it == text);
    let mut others = bindings.named.iter().filter(|it| it.name != name);
    others.find(|it| matches!(it.value, BindingValue::Expr(value) if has_text(value))).map(|it| it.name)
}

/// Whether a set is for the machine that `build-vm` makes to try a configuration out.
fn is_for_trial(cx: &FileContext<'_>, set: ExprId) -> bool {
    let is_variant = |name: &str| name.starts_with("vmVariant");
    let mut inner = set;
    cx.outline.ancestors(set).any(|outer| {
        let bindings = names::bindings(&cx.body.exprs[outer]);
        let key = bindings
            .and_then(|it| it.named.iter().find(|binding| binding.value == BindingValue::Expr(inner)));
        inner = outer;
        key.is_some_and(|it| is_variant(it.name.as_str()))
    })
}

/// Whether a file is about a medium to install from, whose accounts last until the next boot.
fn is_for_installing(cx: &FileContext<'_>) -> bool {
    let mut words = cx.relative_path().split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "iso" | "installer" | "live" | "netboot" | "vm"))
}

/// Whether a text says what belongs there: `smtp-password` for `SMTP_PASSWORD` is the name of a secret kept elsewhere.
fn says_its_own_name(name: &str, text: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let name = plain(name);
    name.len() > "passphrase".len() && plain(text).contains(&name)
}

/// What a name says that it takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Any text is a secret.
    Password,
    /// A text that looks random is one.
    Token,
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        // Every name of a set comes by here: most are none at their last three letters.
        let ending = name.as_bytes().last_chunk::<3>()?.map(|c| c.to_ascii_lowercase());
        if !matches!(&ending, b"ord" | b"swd" | b"ase" | b"psk" | b"raw" | b"ken" | b"key" | b"ret") {
            return None;
        }
        let plain: String =
            name.chars().filter(|c| !matches!(c, '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect();
        let hashed = plain.contains("hash") || plain.contains("encrypted");
        if hashed || plain.contains("public") {
            return None;
        }
        // Programs and switches, not secrets.
        if matches!(plain.as_str(), "askpassword" | "showpassword" | "requirepassword" | "savepassword") {
            return None;
        }
        const PASSWORDS: &[&str] = &["password", "passwd", "passphrase"];
        if PASSWORDS.iter().any(|it| plain.ends_with(it)) || matches!(plain.as_str(), "psk" | "pskraw") {
            return Some(Kind::Password);
        }
        const TOKENS: &[&str] = &[
            "token",
            "apikey",
            "secretkey",
            "privatekey",
            "presharedkey",
            "clientsecret",
            "secretaccesskey",
            "authkey",
            "encryptionkey",
            "secret",
            "jwtsecret",
            "sharedsecret",
        ];
        TOKENS.iter().any(|it| plain.ends_with(it)).then_some(Kind::Token)
    }
}

/// The literal that a value is, behind priorities and conditions.
fn literal<'db>(cx: &FileContext<'db>, value: ExprId, depth: u32) -> Option<(ExprId, &'db str)> {
    let depth = depth.checked_sub(1)?;
    match &cx.body.exprs[value] {
        Expr::Str(text) => Some((value, text.as_str())),
        Expr::Apply { .. } => {
            let (function, args) = names::applied(cx.body, value)?;
            match function.library() {
                Some("mkDefault" | "mkForce" | "mkIf" | "mkOverride" | "mkVMOverride") => {
                    literal(cx, *args.last()?, depth)
                }
                _ => None,
            }
        }
        Expr::If(_, then, otherwise) => literal(cx, *then, depth).or_else(|| literal(cx, *otherwise, depth)),
        _ => None,
    }
}

/// Passwords that everybody tries first.
const WELL_KNOWN: &[&str] = &[
    "changeme",
    "changeit",
    "change-me",
    "change_me",
    "password",
    "passwd",
    "secret",
    "admin",
    "root",
    "nixos",
    "test",
    "guest",
    "default",
    "1234",
    "12345",
    "123456",
    "toor",
    "raspberry",
];

fn is_password(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let is_word = matches!(
        lower.as_str(),
        "yes"
            | "no"
            | "true"
            | "false"
            | "none"
            | "null"
            | "enabled"
            | "disabled"
            | "optional"
            | "required"
            | "sufficient"
    );
    !is_word
        && text.chars().any(|c| c.is_ascii_alphanumeric())
        && !is_reference(text)
        && !is_placeholder(&lower)
}

/// Texts that name a secret kept elsewhere.
fn is_reference(text: &str) -> bool {
    const MARKS: &[&str] = &[
        "/", "~/", "./", "$", "{{", "{%", "%", "<", "@", "!", "ext:", "file:", "file://", "op://", "vault:",
        "env:", "pass:", "secret:", "keyring:", "ref+",
    ];
    MARKS.iter().any(|mark| text.starts_with(mark))
        || text.contains("${")
        || text.contains("$(")
        || text.contains("{{")
        || text.contains("ENC[")
        || text.contains("_PLACEHOLDER")
        || (text.contains("://") && !text.contains('@'))
        || (text.starts_with('{') && text.ends_with('}'))
        || text.contains(" --")
        || names_a_variable(text)
        || is_hash(text)
}

/// Whether a text is what a program keeps instead of a password: PostgreSQL's SCRAM and MD5, Transmission's SHA-1 in a
/// brace. Those of `crypt` begin with a `$`.
fn is_hash(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|c| c.is_ascii_hexdigit());
    let (md5, sha1) = (text.strip_prefix("md5"), text.strip_prefix('{').and_then(|it| it.get(..40)));
    text.starts_with("SCRAM-SHA-")
        || md5.is_some_and(|it| it.len() == 32 && is_hex(it))
        || sha1.is_some_and(is_hex)
}

/// Whether a text is the name of a variable rather than a secret: `ADGUARD_PASS`, which a script replaces.
fn names_a_variable(text: &str) -> bool {
    let is_name = text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    is_name && ["PASS", "PASSWORD", "SECRET", "TOKEN", "KEY"].iter().any(|kind| text.ends_with(kind))
}

fn is_placeholder(lower: &str) -> bool {
    const WORDS: &[&str] = &[
        "your-",
        "your_",
        "yourpass",
        "placeholder",
        "replace",
        "todo",
        "fixme",
        "xxxx",
        "****",
        "example",
        "insert",
        "dummy",
    ];
    WORDS.iter().any(|word| lower.contains(word))
        || lower.chars().all(|c| matches!(c, 'x' | '*' | '.' | '-' | '?'))
}

/// Whether a place is a default, an example or a description rather than a setting.
fn is_documentation(cx: &FileContext<'_>, at: ExprId) -> bool {
    let mut inner = at;
    for outer in cx.outline.ancestors(at) {
        if let Expr::Apply { .. } = &cx.body.exprs[outer]
            && let Some((function, _)) = names::applied(cx.body, outer)
            && matches!(
                function.library(),
                Some(
                    "mkOption"
                        | "mkEnableOption"
                        | "mkPackageOption"
                        | "literalExpression"
                        | "literalMD"
                        | "mdDoc"
                )
            )
        {
            return true;
        }
        if let Some(bindings) = names::bindings(&cx.body.exprs[outer]) {
            let key = bindings.named.iter().find(|it| it.value == BindingValue::Expr(inner));
            if key.is_some_and(|it| matches!(it.name.as_str(), "example" | "description" | "defaultText")) {
                return true;
            }
        }
        inner = outer;
    }
    false
}

/// Whether a set is a part of a declaration: `options.x = { … }` or the argument of `mkOption`.
fn is_option(cx: &FileContext<'_>, set: ExprId) -> bool {
    crate::target::target(cx, set)
        .and_then(|it| it.path.first().copied().flatten())
        .is_some_and(|it| it.as_str() == "options")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, file_findings, load};

    #[test]
    fn passwords_by_name() {
        check(
            &super::LINT,
            r#"
{ lib, ... }:
{
  users.users.a.password = "not-real-1";
  users.users.b.initialPassword = "not-real-2";
  users.users.c.password = "changeme";
  networks.home.psk = lib.mkDefault "not-real-3";
  smtp."smtp_password" = if true then "not-real-4" else "";
  k3sToken = "Qm4vT8xL2pR7wN5cY9bK3dH6gJ1fZ0sAe8uX2iO4kDm";
}
"#,
            expect![[r#"
                3:28 `"not-real-1"` error: `password` is written out here: it is readable in the repository, in its history and in the store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file
                4:35 `"not-real-2"` warning: `initialPassword` is a literal that everybody who can read the repository or the store knows, until it is changed: use `hashedPasswordFile` with an encrypted file
                5:28 `"changeme"` warning: `password` is a literal that everybody who can read the repository or the store knows, until it is changed: use `hashedPasswordFile` with an encrypted file
                6:37 `"not-real-3"` error: `psk` is written out here: it is readable in the repository, in its history and in the store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file
                7:39 `"not-real-4"` error: `smtp_password` is written out here: it is readable in the repository, in its history and in the store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file
                8:14 `"Qm4vT8xL2pR7wN5cY9bK3dH6gJ1fZ0sAe8uX2iO4kDm"` error: `k3sToken` is written out here: it is readable in the repository, in its history and in the store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file
            "#]],
        );
    }

    #[test]
    fn what_guards_little() {
        check(
            &super::LINT,
            r#"
#- /repo/a.nix
{
  environment.DB_USER = "romm";
  environment.DB_PASSWORD = "romm";
  virtualisation.vmVariant.users.users.ada.password = "not-real";
}
#- /repo/b.nix
{ env = { DB_USER = "romm"; DB_PASSWORD = "romm"; }; }
#- /repo/hosts/iso.nix
{ users.users.nixos.initialPassword = "nixos"; }
"#,
            expect![[r#"
                a.nix:3:29 `"romm"` warning: `DB_PASSWORD` is the same as `DB_USER` beside it, and so known to whoever can reach the service: encrypt one of its own (agenix, sops-nix, secrix) and pass a file
                a.nix:4:55 `"not-real"` hint: `password` is written out here: it is readable in the repository, in its history and in the store of every host that gets it. Encrypt it (agenix, sops-nix, secrix) and pass a file
                b.nix:1:43 `"romm"` warning: `DB_PASSWORD` is the same as `DB_USER` beside it, and so known to whoever can reach the service: encrypt one of its own (agenix, sops-nix, secrix) and pass a file
                hosts/iso.nix:1:39 `"nixos"` hint: `initialPassword` is a literal that everybody who can read the repository or the store knows, until it is changed: use `hashedPasswordFile` with an encrypted file
            "#]],
        );
    }

    #[test]
    fn what_is_no_secret() {
        check(
            &super::LINT,
            r#"
{ lib, config, ... }:
{
  options.password = lib.mkOption { default = "not-real"; example.password = "not-real"; };
  options.nested = { password = lib.mkOption { type = lib.types.str; default = { password = "x"; }; }; };
  a.hashedPassword = "$6$abcdefgh";
  a.initialHashedPassword = "not-a-hash-but-named-so";
  b.password = "";
  c.passwordFile = "/run/secrets/x";
  d.password = "/run/secrets/x";
  e.pskRaw = "ext:psk_home";
  f.password = "$PASSWORD";
  f.web.password = "ADGUARDPASS";
  f.aliases."1password" = "spawn --userscript 1password";
  g.password = "{{HOMEPAGE_VAR_PASSWORD}}";
  h.password = "your-password";
  i.passwordCommand = "pass show mail";
  j.PasswordAuthentication = "no";
  q.password = "{MQTT_PASSWORD}";
  k.token = "state_icon";
  l.publicKey = "Qm4vT8xL2pR7wN5cY9bK3dH6gJ1fZ0sAe8uX2iO4kDm=";
  m.password = "file://${config.age.secrets.x.path}";
  n.askPassword = "ksshaskpass";
  o.password = "!";
  p.SMTP_PASSWORD = "mealie-smtp-password";
  p.api_key = "pk1_0123456789abcdef0123456789abcdef0123456789abcdef";
  p.rpc-password = "{0123456789abcdef0123456789abcdef01234567salt";
  p.ensureClauses.password = "SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5";
  p.user.signingKey = "0123456789ABCDEF9876543210FEDCBA";
}
"#,
            expect![""],
        );
    }

    #[test]
    fn credentials_by_format() {
        // Put together here, so that no scanner takes this file for a leak.
        let github = format!("ghp{}", "_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
        let aws = format!("AKIA{}", "Q3EGTDHNWPXK7A2B");
        let age = format!("AGE-SECRET-KEY-1{}", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE");
        let text = format!(
            "{{\n  a = \"token {github}\";\n  b = ''\n    export KEY={aws}\n    ${{x}}\n  '';\n  c.token = \"{age}\";\n}}\n"
        );
        let (db, project) = load(&format!("x:\n{text}"));
        let found = file_findings(&db, project, &super::LINT);
        let said: Vec<&str> = found.iter().filter_map(|it| it.message.split(':').next()).collect();
        expect![[r#"
            this text holds what looks like a GitHub token
            this text holds what looks like an AWS access key
            this text holds what looks like an age secret key"#]]
        .assert_eq(&said.join("\n"));
        // No message holds any of it.
        for secret in [github, aws, age] {
            assert!(found.iter().all(|it| !it.message.contains(&secret[8..])));
        }
    }

    #[test]
    fn tests_are_left_alone() {
        check(
            &super::LINT,
            "#- /repo/tests/web.nix\n{ users.users.a.password = \"not-real\"; }\n",
            expect![""],
        );
    }
}
