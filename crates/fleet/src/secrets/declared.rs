//! The secrets that a system declares.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_eval::modules::{Def, System, show_option_path};
use nixscope_eval::{Evaluator, Halt, Place, PlaceKind, Reason, SourcePlace, Thunk, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use super::recipients::Recipient;
use super::rules::{public_key, public_keys};
use super::{SECRET_PATHS, credentials};
use crate::closure::own_place;
use crate::host_eval::names_at;
use crate::index::{SecretBackend, SecretDeclaration};
use crate::project::Project;

/// The secrets that a system declares, sorted by path. A declaration whose condition is false is none.
pub(crate) fn declared<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    host: &str,
    system: &System<'h>,
) -> Vec<SecretDeclaration> {
    let mut out: Vec<SecretDeclaration> = Vec::new();
    for (backend, pattern) in SECRET_PATHS {
        for path in expand(ev, system, pattern) {
            for name in names_at(ev, system, &path) {
                let mut path = path.clone();
                path.push(name);
                out.extend(match backend {
                    SecretBackend::Clan => credentials::clan_file(ev, project, host, system, &path),
                    _ => declaration(ev, system, *backend, &path),
                });
            }
        }
    }
    out.extend(credentials::declared(ev, system));
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out.dedup_by(|a, b| a.path == b.path);
    out
}

/// The paths that a pattern stands for in a system: `*` is any name.
pub(crate) fn expand<'h>(ev: &Evaluator<'h>, system: &System<'h>, pattern: &[&str]) -> Vec<Vec<Symbol>> {
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
) -> Option<SecretDeclaration> {
    let cx = Secret { ev, system, path };
    let defs: Vec<Def<'h>> =
        system.definitions(ev, path, false).into_iter().filter(|def| def.unknown.is_none()).collect();
    if defs.is_empty() {
        return None;
    }
    let name = path.last().map_or("", |name| name.as_str());
    let found = match backend {
        SecretBackend::Agenix => {
            or(cx.file(&["file"]), || cx.file(&["rekeyFile"])).or_else(|why| cx.generated(name).ok_or(why))
        }
        SecretBackend::Sops => {
            or(cx.file(&["sopsFile"]), || file_at(ev, system, &symbols(&["sops", "defaultSopsFile"])))
        }
        SecretBackend::Secrix => cx.file(&["encrypted", "file"]),
        SecretBackend::Systemd | SecretBackend::Clan => Err(None),
    };
    let (file, file_place, unknown_file) = match found {
        Ok((file, place)) => (Some(file), own_place(ev, place), None),
        Err(why) => (None, None, why.map(|why| why.describe().into())),
    };
    // What a framework declares for what lies in its directories is declared by the file itself.
    let place = defs.iter().find_map(|def| own_place(ev, def.place));
    let place = place.or_else(|| {
        let source = nixscope_db::source(ev.db, file.as_ref()?);
        Some(SourcePlace { source, kind: PlaceKind::Offset(0) })
    });
    Some(SecretDeclaration {
        name: name.into(),
        backend,
        path: show_option_path(path).into(),
        place,
        exists: file.as_ref().map(|file| nixscope_db::kind(ev.db, file) == EntryKind::File),
        file,
        unknown_file,
        file_place,
        key: match backend {
            SecretBackend::Sops => cx.sops_key(name),
            _ => None,
        },
        recipients: match backend {
            SecretBackend::Agenix => cx.rekey_recipients(),
            SecretBackend::Secrix => cx.secrix_recipients(),
            _ => Vec::new(),
        },
        conditional: defs.iter().all(|def| def.active.is_none()),
    })
}

/// One secret of a system.
struct Secret<'a, 'h> {
    ev: &'a Evaluator<'h>,
    system: &'a System<'h>,
    path: &'a [Symbol],
}

impl<'h> Secret<'_, 'h> {
    fn at(&self, suffix: &[&str]) -> Vec<Symbol> {
        let mut path = self.path.to_vec();
        path.extend(symbols(suffix));
        path
    }

    fn file(&self, suffix: &[&str]) -> NamedFile {
        file_at(self.ev, self.system, &self.at(suffix))
    }

    /// Where agenix-rekey keeps what a generator makes, unless a secret says otherwise. Source: agenix-rekey's
    /// README, `age.rekey.generatedSecretsDir`.
    fn generated(&self, name: &str) -> Option<(VfsPath, Place)> {
        if self.defined(&self.at(&["generator"])).is_empty() {
            return None;
        }
        let (dir, place) =
            file_at(self.ev, self.system, &symbols(&["age", "rekey", "generatedSecretsDir"])).ok()?;
        Some((dir.join(&format!("{name}.age")), place))
    }

    /// What a setting of the secret, or its default for all, is; the outer none where it is set and not
    /// known.
    fn text(&self, setting: &str, default: &str) -> Option<Option<SmolStr>> {
        for path in [self.at(&[setting]), symbols(&["sops", default])] {
            let defs = self.system.definitions(self.ev, &path, false);
            let Some(def) = System::winners(&defs).into_iter().next() else { continue };
            return match self.ev.force(def.value).and_then(|value| self.ev.settle(value)) {
                Ok(Value::Str(text)) => Some(Some(text.text.into())),
                Ok(Value::Null) => continue,
                _ => None,
            };
        }
        Some(None)
    }

    /// The key within the sops file; none where the whole file is meant, or it is not known.
    fn sops_key(&self, name: &str) -> Option<SmolStr> {
        let format = self.text("format", "defaultSopsFormat")?;
        if format.as_deref() == Some("binary") {
            return None;
        }
        let key = self.text("key", "defaultSopsKey")?.unwrap_or_else(|| name.into());
        (!key.is_empty()).then_some(key)
    }

    /// Whom agenix-rekey encrypts for: what the repository holds, for the master identities; what it makes
    /// of that, for the host.
    fn rekey_recipients(&self) -> Vec<Recipient> {
        if self.defined(&self.at(&["rekeyFile"])).is_empty()
            && self.defined(&self.at(&["generator"])).is_empty()
        {
            return Vec::new();
        }
        let rekey = |name: &str| self.defined(&symbols(&["age", "rekey", name]));
        let mut out = Vec::new();
        for def in rekey("masterIdentities") {
            let Ok(Value::List(list)) = self.ev.force(def.value) else { continue };
            for item in list.items {
                let key = match self.ev.force(item) {
                    Ok(Value::Attrs(identity)) => {
                        identity.get(Symbol::new("pubkey")).map_or(*item, |it| it.value)
                    }
                    _ => *item,
                };
                out.extend(public_key(self.ev, key).or_else(|| identity_beside(self.ev, item)));
            }
        }
        for name in ["extraEncryptionPubkeys", "hostPubkey"] {
            out.extend(rekey(name).into_iter().flat_map(|def| public_keys(self.ev, def.value).0));
        }
        out
    }

    /// Whom secrix encrypts for: the keys of the secret, else those for all, and the host.
    fn secrix_recipients(&self) -> Vec<Recipient> {
        let mut users = self.defined(&self.at(&["encryptKeys"]));
        if users.is_empty() {
            users = self.defined(&symbols(&["secrix", "defaultEncryptKeys"]));
        }
        let mut out = Vec::new();
        for def in users {
            let Ok(names) = self.ev.force_attrs(def.value, def.place) else { continue };
            for user in names.sorted() {
                let name = SmolStr::from(user.name.as_str());
                let keys = public_keys(self.ev, user.value).0;
                out.extend(keys.into_iter().map(|key| Recipient { name: Some(name.clone()), ..key }));
            }
        }
        for def in self.defined(&symbols(&["secrix", "hostPubKey"])) {
            out.extend(public_keys(self.ev, def.value).0);
        }
        out
    }

    fn defined(&self, path: &[Symbol]) -> Vec<Def<'h>> {
        let defs = self.system.definitions(self.ev, path, false);
        System::winners(&defs).into_iter().filter(|def| def.unknown.is_none()).collect()
    }
}

/// The public half of an identity that is given by its file: agenix-rekey reads `<identity>.pub`.
fn identity_beside<'h>(ev: &Evaluator<'h>, item: &'h Thunk<'h>) -> Option<Recipient> {
    let value = match ev.force(item).ok()? {
        Value::Attrs(identity) => ev.force(identity.get(Symbol::new("identity"))?.value).ok()?,
        value => value,
    };
    let path = match value {
        Value::Path(path) => *path,
        Value::Str(text) if text.text.starts_with('/') => text.text,
        _ => return None,
    };
    let file = VfsPath::new(path);
    let name = file.file_name().split('.').next().unwrap_or("").to_string();
    Some(Recipient { key: name.as_str().into(), name: Some(name.into()), place: item.place().resolve(ev) })
}

/// The keys that are a host's own, as its configuration says.
pub(crate) fn host_keys<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Vec<SmolStr> {
    let mut keys = Vec::new();
    for path in [["secrix", "hostPubKey"].as_slice(), &["age", "rekey", "hostPubkey"]] {
        let defs = system.definitions(ev, &symbols(path), false);
        for def in System::winners(&defs).into_iter().filter(|def| def.unknown.is_none()) {
            keys.extend(public_key(ev, def.value).map(|it| it.key));
        }
    }
    keys
}

pub(super) fn symbols(names: &[&str]) -> Vec<Symbol> {
    names.iter().map(|name| Symbol::new(name)).collect()
}

/// The file that a definition names, and where; else why it is not known, where something names it.
pub(super) type NamedFile = Result<(VfsPath, Place), Option<Reason>>;

/// The file that a path's definition names.
pub(super) fn file_at<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> NamedFile {
    let defs = system.definitions(ev, path, false);
    let def = System::winners(&defs).into_iter().next().ok_or(None)?;
    let value = match ev.force(def.value).and_then(|value| ev.settle(value)) {
        Ok(Value::Path(path)) => path,
        Ok(Value::Str(text)) if text.text.starts_with('/') => text.text,
        Ok(Value::Unknown(unknown)) | Err(Halt::Unknown(unknown)) => return Err(Some(unknown.reason)),
        Err(Halt::Fail(_)) => return Err(Some(Reason::Failed)),
        Ok(_) => return Err(None),
    };
    Ok((VfsPath::new(value), def.value.place().or(def.place)))
}

/// The file that one definition names, else the one that another does; the first reason why neither is known.
fn or(known: NamedFile, otherwise: impl FnOnce() -> NamedFile) -> NamedFile {
    known.or_else(|why| otherwise().map_err(|other| why.or(other)))
}
