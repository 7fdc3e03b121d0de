//! Secrets: which tools there are, and what of the repository is secret.
//!
//! Only names, recipients, places and the existence of files are looked at, never a secret's content.

mod creation_rules;
mod credentials;
mod declared;
mod encrypted;
mod own_keys;
mod recipients;
mod rules;
mod tree;

use nixscope_db::VfsPath;
use nixscope_eval::Evaluator;
use nixscope_hir::{Body, Expr, ExprId, StrPart, Symbol};
use smol_str::SmolStr;

pub use self::creation_rules::{SopsRule, sops_rules};
pub(crate) use self::declared::{declared, expand, host_keys};
pub use self::encrypted::{EncryptedFile, Encryption, encrypted_file};
pub use self::own_keys::{NamedKeys, OwnKeys};
pub use self::recipients::Recipient;
pub(crate) use self::rules::secret_rules;
pub use self::rules::{AgenixRule, SecretRules, agenix_rules, recipients_of};
use crate::index::SecretBackend;

/// The option paths under which each tool declares secrets; `*` stands for any name.
pub(crate) const SECRET_PATHS: &[(SecretBackend, &[&str])] = &[
    (SecretBackend::Agenix, &["age", "secrets"]),
    (SecretBackend::Sops, &["sops", "secrets"]),
    (SecretBackend::Secrix, &["secrix", "system", "secrets"]),
    (SecretBackend::Secrix, &["secrix", "services", "*", "secrets"]),
    (SecretBackend::Clan, &["clan", "core", "vars", "generators", "*", "files"]),
];

/// What stands for a secret's content in a template: the name that follows is that of a secret of sops.
const PLACEHOLDER: &[&str] = &["sops", "placeholder"];

/// Directories whose plain files are secrets.
pub const SECRET_DIRECTORIES: &[&str] =
    &["secrets", "secret", ".secrets", "private", "credentials", "private_keys", "agenix", "sops"];

/// Whether a file is, by its name and directory, a secret: encrypted, or kept among secrets and no
/// public key.
pub fn is_secret_file(path: &str) -> bool {
    let (directories, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.ends_with(".age") || name.ends_with(".gpg") || name.ends_with(".key") {
        return true;
    }
    let public = name.ends_with(".pub") || name.ends_with(".nix") || name.contains("pub");
    !public && directories.split('/').any(|directory| SECRET_DIRECTORIES.contains(&directory))
}

/// Whether a printed value shows content of a secret file that this evaluation has read.
pub(crate) fn reveals(ev: &Evaluator<'_>, shown: &str) -> bool {
    let unquoted = shown.trim_matches('"');
    ev.any_event(|event| {
        let nixscope_eval::EventKind::ReadFile { path } = event.kind else { return false };
        if !is_secret_file(path) {
            return false;
        }
        let content = nixscope_db::source(ev.db, &VfsPath::new(path)).text(ev.db).as_str().trim().to_string();
        let hidden = content.len() >= 4 && shown.contains(&content);
        hidden || (unquoted.len() >= 6 && content.contains(unquoted))
    })
}

/// Whether a path leads to a secret, and which: the tool, the length of the secret's own path, and
/// its name.
///
/// A placeholder leads to its secret: [`secret_path`] says where that is declared.
pub(crate) fn secret_at(path: &[Symbol]) -> Option<(SecretBackend, usize, Symbol)> {
    if let Some(name) = placeholder(path) {
        return Some((SecretBackend::Sops, PLACEHOLDER.len() + 1, name));
    }
    SECRET_PATHS.iter().find_map(|(backend, pattern)| {
        let name = *path.get(pattern.len())?;
        let fits = pattern.iter().zip(path).all(|(wanted, got)| *wanted == "*" || *wanted == got.as_str());
        fits.then_some((*backend, pattern.len() + 1, name))
    })
}

/// The tool whose secrets a path holds: `age.secrets`.
pub(crate) fn secrets_at(path: &[Symbol]) -> Option<SecretBackend> {
    let placeholders = std::iter::once((SecretBackend::Sops, PLACEHOLDER));
    SECRET_PATHS.iter().copied().chain(placeholders).find_map(|(backend, pattern)| {
        let same = |(wanted, got): (&&str, &Symbol)| *wanted == "*" || *wanted == got.as_str();
        (path.len() == pattern.len() && pattern.iter().zip(path).all(same)).then_some(backend)
    })
}

/// Where the tools put what they decrypt.
const DECRYPTED: &[&str] = &["/run/agenix/", "/run/secrets/", "/run/secrets-for-users/"];

/// The places of decrypted secrets in a file's texts: the expression, the directory, the name.
pub(crate) fn decrypted_places(body: &Body) -> Vec<(ExprId, &'static str, SmolStr)> {
    let mut found = Vec::new();
    let mut add = |expr: ExprId, text: &str| {
        for directory in DECRYPTED {
            for (at, _) in text.match_indices(directory) {
                let rest = &text[at + directory.len()..];
                let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/@+".contains(c);
                let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
                if !name.is_empty() {
                    found.push((expr, *directory, SmolStr::from(name)));
                }
            }
        }
    };
    for (id, expr) in body.exprs.iter() {
        match expr {
            Expr::Str(text) => add(id, text),
            Expr::Interpolated(parts) => parts.iter().for_each(|part| {
                if let StrPart::Text(text) = part {
                    add(id, text);
                }
            }),
            _ => {}
        }
    }
    found
}

/// The secret whose placeholder a path is: `sops.placeholder.<name>`.
fn placeholder(path: &[Symbol]) -> Option<Symbol> {
    let fits = PLACEHOLDER.iter().zip(path).all(|(wanted, got)| *wanted == got.as_str());
    path.get(PLACEHOLDER.len()).copied().filter(|_| fits)
}

/// The path at which a secret is declared, of the path that leads to it.
pub(crate) fn secret_path(path: &[Symbol]) -> Vec<Symbol> {
    match placeholder(path) {
        Some(name) => vec![Symbol::new("sops"), Symbol::new("secrets"), name],
        None => path.to_vec(),
    }
}
