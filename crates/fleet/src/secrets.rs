//! Secrets that a host declares: agenix, sops-nix, secrix.
//!
//! Only names, places and the existence of files are looked at, never a secret's content.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_eval::modules::System;
use nixscope_eval::{Evaluator, Place, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::host_eval::names_at;
use crate::index::{SecretBackend, SecretDeclaration};

/// The option paths under which each tool declares secrets; `*` stands for any name.
pub(crate) const SECRET_PATHS: &[(SecretBackend, &[&str])] = &[
    (SecretBackend::Agenix, &["age", "secrets"]),
    (SecretBackend::Sops, &["sops", "secrets"]),
    (SecretBackend::Secrix, &["secrix", "system", "secrets"]),
    (SecretBackend::Secrix, &["secrix", "services", "*", "secrets"]),
];

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
pub(crate) fn secret_at(path: &[Symbol]) -> Option<(SecretBackend, usize, Symbol)> {
    SECRET_PATHS.iter().find_map(|(backend, pattern)| {
        let name = *path.get(pattern.len())?;
        let fits = pattern.iter().zip(path).all(|(wanted, got)| *wanted == "*" || *wanted == got.as_str());
        fits.then_some((*backend, pattern.len() + 1, name))
    })
}

/// The secrets that a system declares, sorted by path.
pub(crate) fn declared<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Vec<SecretDeclaration> {
    let mut out: Vec<SecretDeclaration> = Vec::new();
    for (backend, pattern) in SECRET_PATHS {
        for path in expand(ev, system, pattern) {
            for def in system.definitions(ev, &path, false) {
                if def.unknown.is_some() {
                    continue;
                }
                let Ok(attrs) = ev.force_attrs(def.value, def.place) else { continue };
                for attr in attrs.sorted() {
                    let mut secret_path = path.clone();
                    secret_path.push(attr.name);
                    let shown: SmolStr = nixscope_eval::modules::show_option_path(&secret_path).into();
                    if out.iter().any(|known| known.path == shown) {
                        continue;
                    }
                    out.push(declaration(ev, system, *backend, &secret_path, shown, attr.place));
                }
            }
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn expand<'h>(ev: &Evaluator<'h>, system: &System<'h>, pattern: &[&str]) -> Vec<Vec<Symbol>> {
    let mut paths: Vec<Vec<Symbol>> = vec![Vec::new()];
    for part in pattern {
        let mut next = Vec::new();
        for path in paths {
            let names = match *part {
                "*" => names_at(ev, system, &path),
                part => vec![Symbol::new(part)],
            };
            next.extend(names.into_iter().map(|name| {
                let mut longer = path.clone();
                longer.push(name);
                longer
            }));
        }
        paths = next;
    }
    paths
}

fn declaration<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    backend: SecretBackend,
    path: &[Symbol],
    shown: SmolStr,
    place: Place,
) -> SecretDeclaration {
    let name = path.last().map_or("", |name| name.as_str());
    let candidates: &[&[&str]] = match backend {
        SecretBackend::Agenix => &[&["file"], &["rekeyFile"]],
        SecretBackend::Sops => &[&["sopsFile"]],
        SecretBackend::Secrix => &[&["encrypted", "file"]],
    };
    let own = candidates.iter().find_map(|suffix| {
        let mut path = path.to_vec();
        path.extend(suffix.iter().map(|name| Symbol::new(name)));
        file_at(ev, system, &path)
    });
    let found = own.or_else(|| match backend {
        SecretBackend::Sops => file_at(ev, system, &[Symbol::new("sops"), Symbol::new("defaultSopsFile")]),
        _ => None,
    });
    let (file, file_place) = match found {
        Some((file, place)) => (Some(file), place.resolve(ev)),
        None => (None, None),
    };
    let exists = file.as_ref().map(|file| nixscope_db::kind(ev.db, file) == EntryKind::File);
    SecretDeclaration {
        name: name.into(),
        backend,
        path: shown,
        place: place.resolve(ev),
        file,
        exists,
        file_place,
    }
}

/// The file that a definition names, where it is known, and where it is named.
fn file_at<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> Option<(VfsPath, Place)> {
    let defs = system.definitions(ev, path, false);
    let def = System::winners(&defs).into_iter().next()?;
    let value = ev.force(def.value).ok()?;
    match ev.settle(value).ok()? {
        Value::Path(path) => Some((VfsPath::new(path), def.value.place().or(def.place))),
        Value::Str(text) if text.text.starts_with('/') => {
            Some((VfsPath::new(text.text), def.value.place().or(def.place)))
        }
        _ => None,
    }
}
