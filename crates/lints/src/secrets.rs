//! Telling secrets from what only lies beside them: by directory, name and the first words of a file.
//!
//! **Invariant:** what is read here is looked at and forgotten; no content goes into a finding.

use nixscope_db::{Db, EntryKind, FileText, VfsPath};
use nixscope_fleet::Project;

/// Directories whose plain files are secrets.
const SECRET_DIRECTORIES: &[&str] = &["secrets", "secret", ".secrets", "private", "credentials"];

/// Directories of modules and packages, which are sorted by subject.
const CODE_DIRECTORIES: &[&str] = &["modules", "module", "pkgs", "packages", "overlays", "lib"];

/// Endings of files that are encrypted, or no secrets by their nature.
const HARMLESS_ENDINGS: &[&str] = &[
    ".age", ".gpg", ".asc", ".enc", ".pub", ".nix", ".md", ".crt", ".cert", ".cer", ".csr", ".svg", ".png",
    ".jpg", ".patch", ".sh", ".py",
];

/// Whether a file is a secret in plain text: it lies in a directory of secrets, and neither its name
/// nor its first words say that it is public or encrypted.
pub(crate) fn is_plain_secret(db: &dyn Db, project: Project, path: &VfsPath) -> bool {
    let Some(relative) = path.strip_prefix(project.root(db)) else { return false };
    let mut parts: Vec<&str> = relative.split('/').collect();
    let Some(name) = parts.pop() else { return false };
    let own = project.secret_directories(db);
    let is_secret =
        |part: &&str| SECRET_DIRECTORIES.contains(part) || own.iter().any(|it| it.as_str() == *part);
    let Some(at) = parts.iter().position(|part| is_secret(&part.to_ascii_lowercase().as_str())) else {
        return false;
    };
    if parts[at..].iter().any(|part| is_public_name(part)) || is_public_name(name) {
        return false;
    }
    // A module about secrets, or a package of a tool for them: its files are code.
    if parts[..at].iter().any(|part| CODE_DIRECTORIES.contains(part)) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    if HARMLESS_ENDINGS.iter().any(|ending| lower.ends_with(ending)) || lower.starts_with('.') {
        return false;
    }
    nixscope_db::kind(db, path) == EntryKind::File && is_plain_text(nixscope_db::source(db, path).text(db))
}

/// `wg_web_pub`, `public_keys`, `id_ed25519.pub`, `known_hosts`.
fn is_public_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("public")
        || lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| matches!(word, "pub" | "pubkey" | "pubkeys"))
        || lower.ends_with("pubkey")
        || matches!(
            lower.as_str(),
            "known_hosts" | "authorized_keys" | "recipients" | "recipients.txt" | "readme"
        )
}

/// Whether a text is neither empty, encrypted, nor public by its nature.
pub(crate) fn is_plain_text(text: &FileText) -> bool {
    // Bytes that are no text are encrypted (git-crypt), or no token.
    let FileText::Text(text) = text else { return false };
    let start = text.trim_start();
    const MARKS: &[&str] = &[
        "age-encryption.org/",
        "-----BEGIN AGE ENCRYPTED FILE",
        "-----BEGIN PGP MESSAGE",
        "-----BEGIN PGP PUBLIC KEY",
        "-----BEGIN CERTIFICATE",
        "-----BEGIN PUBLIC KEY",
        "-----BEGIN SSH2 PUBLIC KEY",
        "-----BEGIN ENCRYPTED PRIVATE KEY",
        "$ANSIBLE_VAULT",
        "\0GITCRYPT",
        "ssh-",
        "sk-ssh-",
        "ecdsa-sha2-",
        "age1",
    ];
    !start.is_empty() && !MARKS.iter().any(|mark| start.starts_with(mark)) && !text.contains("ENC[AES256_GCM")
}

/// The name of the secret whose decrypted file a selection is the path of: `config.age.secrets.x.path`,
/// `config.sops.secrets.x.path`, `config.secrix.….secrets.x.decrypted.path`.
pub(crate) fn decrypted_path<'a>(parts: &[&'a str]) -> Option<&'a str> {
    let rest = parts.strip_suffix(&["path"])?;
    if let Some(rest) = rest.strip_suffix(&["decrypted"]) {
        let (name, before) = rest.split_last()?;
        return (before.contains(&"secrix") && before.last() == Some(&"secrets")).then_some(name);
    }
    let (name, before) = rest.split_last()?;
    let managed = matches!(before, [.., "age" | "sops", "secrets"] | [.., "sops", "templates"]);
    managed.then_some(name)
}

/// Where the tools put decrypted files.
pub(crate) fn is_decrypted_place(text: &str) -> bool {
    ["/run/agenix/", "/run/agenix.d/", "/run/secrets/", "/run/secrets.d/", "/run/user/1000/secrets/"]
        .iter()
        .any(|place| text.starts_with(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_public_names() {
        for name in ["id.pub", "wg_web_pub", "public_keys", "web-pubkey", "known_hosts"] {
            assert!(is_public_name(name), "{name}");
        }
        for name in ["republic.txt.key", "publisher"] {
            assert_eq!(is_public_name(name), name.contains("public"), "{name}");
        }
        assert!(!is_public_name("token"));
    }

    #[test]
    fn knows_encrypted_and_public_texts() {
        let plain = |text: &str| is_plain_text(&FileText::Text(text.into()));
        assert!(plain("token-value"));
        assert!(plain("{\"user\": \"x\"}"));
        for text in ["", "age-encryption.org/v1\n", "ssh-ed25519 AAAA", "{\"a\": \"ENC[AES256_GCM,data:x\"}"]
        {
            assert!(!plain(text), "{text}");
        }
        assert!(!is_plain_text(&FileText::NotUtf8(3)));
    }

    #[test]
    fn knows_decrypted_paths() {
        let of = |text: &'static str| decrypted_path(&text.split('.').collect::<Vec<_>>());
        assert_eq!(of("config.age.secrets.wg.path"), Some("wg"));
        assert_eq!(of("osConfig.sops.secrets.wg.path"), Some("wg"));
        assert_eq!(of("config.secrix.system.secrets.wg.decrypted.path"), Some("wg"));
        assert_eq!(of("config.secrix.services.a.secrets.wg.decrypted.path"), Some("wg"));
        assert_eq!(of("config.age.secrets.wg.file"), None);
        assert_eq!(of("cfg.secrets.wg.path"), None);
    }
}
