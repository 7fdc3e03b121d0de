//! systemd's encrypted credentials, and clan's generated variables: secrets whose declarations are no
//! sets of secrets.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Evaluator, Thunk, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use super::declared::expand;
use crate::index::{SecretBackend, SecretDeclaration};
use crate::project::Project;

/// Settings of a unit that name encrypted credentials. Source: systemd.exec(5), `LoadCredentialEncrypted=`
/// is `name[:path]`, `SetCredentialEncrypted=` is `name:data`.
const SETTINGS: &[&str] = &["LoadCredentialEncrypted", "SetCredentialEncrypted"];

/// The encrypted credentials of a system's units.
pub(super) fn declared<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Vec<SecretDeclaration> {
    let mut out = Vec::new();
    // Systems have many units, and few have credentials.
    let closure = system.closure(ev);
    if !closure.modules.iter().filter_map(|it| it.file).any(|file| names_credentials(ev.db, file)) {
        return out;
    }
    for unit in expand(ev, system, &["systemd", "services", "*"]) {
        for setting in SETTINGS {
            let mut path = unit.clone();
            path.extend(["serviceConfig", setting].map(Symbol::new));
            for def in system.definitions(ev, &path, false) {
                if def.unknown.is_some() {
                    continue;
                }
                for item in items(ev, def.value) {
                    out.extend(credential(ev, &path, setting, item, def.active.is_none()));
                }
            }
        }
    }
    out
}

/// Whether a file sets encrypted credentials of something. Depends on the file's body only.
#[salsa::tracked(returns(copy))]
fn names_credentials(db: &dyn Db, file: SourceFile) -> bool {
    nixscope_hir::body(db, file).names.iter().any(|(_, name)| SETTINGS.contains(&name.as_str()))
}

fn items<'h>(ev: &Evaluator<'h>, value: &'h Thunk<'h>) -> Vec<&'h Thunk<'h>> {
    match ev.force(value) {
        Ok(Value::List(list)) => list.items.to_vec(),
        Ok(_) => vec![value],
        Err(_) => Vec::new(),
    }
}

fn credential<'h>(
    ev: &Evaluator<'h>,
    path: &[Symbol],
    setting: &str,
    item: &'h Thunk<'h>,
    conditional: bool,
) -> Option<SecretDeclaration> {
    let Value::Str(text) = ev.force(item).and_then(|value| ev.settle(value)).ok()? else { return None };
    let (name, rest) = text.text.split_once(':').unwrap_or((text.text, ""));
    let file = (setting == "LoadCredentialEncrypted" && rest.starts_with('/')).then(|| VfsPath::new(rest));
    let mut path = path.to_vec();
    path.push(Symbol::new(name));
    // A path of the running machine says nothing about the repository.
    let own = file.filter(|file| nixscope_db::kind(ev.db, file) == EntryKind::File);
    Some(SecretDeclaration {
        name: name.into(),
        backend: SecretBackend::Systemd,
        path: SmolStr::from(show_option_path(&path)),
        place: item.place().resolve(ev),
        exists: own.as_ref().map(|_| true),
        unknown_file: own.is_none().then(|| "the file is one of the running machine".into()),
        file: own,
        file_place: None,
        key: None,
        recipients: Vec::new(),
        conditional,
    })
}

/// A file that a generator of clan makes, unless it is public.
///
/// Source: clan-core `nixosModules/clanCore/vars`: the files of a generator that is shared lie in
/// `vars/shared`, those of others in `vars/per-machine/<machine>`; the secret ones are called `secret`.
pub(super) fn clan_file<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    host: &str,
    system: &System<'h>,
    path: &[Symbol],
) -> Option<SecretDeclaration> {
    let [.., generator, _, file] = path else { return None };
    let defs = system.definitions(ev, path, false);
    let first = defs.iter().find(|def| def.unknown.is_none())?;
    let flag = |path: &[Symbol], name: &str| -> Option<bool> {
        let mut path = path.to_vec();
        path.push(Symbol::new(name));
        let defs = system.definitions(ev, &path, false);
        let value = System::winners(&defs).into_iter().next()?.value;
        match ev.force(value).and_then(|value| ev.settle(value)) {
            Ok(Value::Bool(value)) => Some(value),
            _ => None,
        }
    };
    if flag(path, "secret") == Some(false) {
        return None;
    }
    let shared = flag(&path[..path.len() - 2], "share") == Some(true);
    let place = if shared { "shared".to_string() } else { format!("per-machine/{host}") };
    let on_disk = project.root(ev.db).join(&format!("vars/{place}/{generator}/{file}/secret"));
    let exists = nixscope_db::kind(ev.db, &on_disk) == EntryKind::File;
    Some(SecretDeclaration {
        name: format!("{generator}/{file}").into(),
        backend: SecretBackend::Clan,
        path: show_option_path(path).into(),
        place: first.place.resolve(ev),
        // Other stores keep it elsewhere, and one that was not generated yet is nowhere.
        exists: exists.then_some(true),
        unknown_file: (!exists).then(|| "another store has it, or it is not generated yet".into()),
        file: exists.then_some(on_disk),
        file_place: None,
        key: None,
        recipients: Vec::new(),
        conditional: first.active.is_none(),
    })
}
