//! The rules that say for whom a secret's file is encrypted: `secrets.nix` and `.sops.yaml`.
//!
//! `secrets.nix` is a Nix file like any other, so it is evaluated, and a key is called what the program
//! calls it: by the `let` or attribute that binds it.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{Evaluator, Halt, Place, PlaceKind, SourcePlace, Thunk, Value};
use nixscope_hir::{BinaryOp, BindingValue, Body, Expr, ExprId, Symbol};
use smol_str::SmolStr;

use super::creation_rules::{SopsRule, sops_config, sops_rule, sops_rules};
use super::recipients::Recipient;
use crate::index::{FleetIndex, SecretBackend, SecretDeclaration};
use crate::outputs::with_flake;
use crate::project::Project;
use crate::sites::Parents;

/// An entry of agenix' `secrets.nix`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgenixRule {
    /// Where the entry stands.
    pub place: Option<SourcePlace>,
    /// The encrypted file.
    pub file: VfsPath,
    /// The keys it is encrypted for.
    pub recipients: Vec<Recipient>,
    /// Whether these are all; false where some are not known.
    pub complete: bool,
}

/// The rules of one `secrets.nix`, in the order of names. Empty for a file that is none. Re-evaluated when a file
/// that it reads changes.
#[salsa::tracked(returns(ref))]
pub fn agenix_rules(db: &dyn Db, project: Project, source: SourceFile) -> Vec<AgenixRule> {
    let Some(directory) = source.path(db).parent() else { return Vec::new() };
    // A module of that name is a function.
    let body = nixscope_hir::body(db, source);
    if matches!(body.exprs[body.root], Expr::Lambda(_)) {
        return Vec::new();
    }
    with_flake(db, project, |ev, _| {
        let Ok(entries) = ev.force_attrs(ev.import_file(source), Place::NONE) else { return Vec::new() };
        let mut rules = Vec::new();
        for entry in entries.sorted() {
            let Ok(Value::Attrs(rule)) = ev.force(entry.value) else { continue };
            let Some(keys) = rule.get(Symbol::new("publicKeys")) else { continue };
            let (recipients, complete) = public_keys(ev, keys.value);
            rules.push(AgenixRule {
                place: entry.place.or(entry.value.place()).resolve(ev),
                file: directory.join(entry.name.as_str()),
                recipients,
                complete,
            });
        }
        rules
    })
}

/// A list of public keys with what they are called, and whether it is known completely.
pub(crate) fn public_keys<'h>(ev: &Evaluator<'h>, keys: &'h Thunk<'h>) -> (Vec<Recipient>, bool) {
    let value = match ev.force(keys).and_then(|value| ev.settle(value)) {
        Ok(value) => value,
        Err(Halt::Unknown(_) | Halt::Fail(_)) => return (Vec::new(), false),
    };
    let (items, mut complete): (Vec<&'h Thunk<'h>>, bool) = match value {
        Value::List(list) => (list.items.to_vec(), list.open.is_none()),
        Value::Str(_) => (vec![keys], true),
        _ => return (Vec::new(), false),
    };
    let mut recipients: Vec<Recipient> = Vec::new();
    for item in items {
        match public_key(ev, item) {
            Some(key) if recipients.iter().all(|known| known.key != key.key) => recipients.push(key),
            Some(_) => {}
            None => complete = false,
        }
    }
    (recipients, complete)
}

/// A public key: a text, or the path of a file that holds one.
pub(crate) fn public_key<'h>(ev: &Evaluator<'h>, key: &'h Thunk<'h>) -> Option<Recipient> {
    let value = ev.force(key).and_then(|value| ev.settle(value)).ok()?;
    let place = key.place().resolve(ev);
    let name = |text: &str| place.and_then(|place| bound_name(ev.db, place, text));
    let file = match value {
        Value::Str(text) if text.text.starts_with('/') => text.text,
        Value::Str(text) => return Recipient::parse(text.text, name(text.text), place),
        Value::Path(path) => *path,
        _ => return None,
    };
    let file = VfsPath::new(file);
    let line = key_line(ev.db, &file)?;
    let own = file.file_name().trim_end_matches(".pub");
    Recipient::parse(line, name(line).or_else(|| Some(own.into())), place)
}

/// The key in a file of one. Only of files that are called public: an identity beside them is a secret.
fn key_line<'db>(db: &'db dyn Db, file: &VfsPath) -> Option<&'db str> {
    let public = file.file_name().ends_with(".pub");
    let text = nixscope_db::source(db, file).text(db).as_str();
    text.lines().find(|line| public && !line.trim().is_empty() && !line.starts_with('#'))
}

/// What the program calls the key that an expression is: the last name that leads to it; for a key that
/// is written there, the binding whose value it is. A key among others has its own comment for a name,
/// before that of the list.
fn bound_name(db: &dyn Db, place: SourcePlace, text: &str) -> Option<SmolStr> {
    let body = nixscope_hir::body(db, place.source);
    let names_owner = |name: &&str| {
        let lower = name.to_ascii_lowercase();
        !lower.contains("key") && !lower.contains("identit")
    };
    let mut value: ExprId = match place.kind {
        PlaceKind::Expr(raw) => Body::expr_from_raw(raw),
        PlaceKind::Name(raw) => {
            let name = body.names[Body::name_from_raw(raw)].as_str();
            return Some(name).filter(names_owner).map(SmolStr::from);
        }
        PlaceKind::Offset(_) => return None,
    };
    match &body.exprs[value] {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => {
            return Some(name.as_str()).filter(names_owner).map(SmolStr::from);
        }
        Expr::Select { path, .. } => {
            let names = path.iter().rev().filter_map(|attr| attr.as_static());
            return names.map(|name| name.as_str()).find(names_owner).map(SmolStr::from);
        }
        _ => {}
    }
    let parents = Parents::new(body);
    loop {
        let parent = parents.of(value)?;
        match &body.exprs[parent] {
            Expr::List(_) | Expr::Binary(BinaryOp::Concat, ..) => {
                if Recipient::parse(text, None, None)?.name.is_some() {
                    return None;
                }
                value = parent;
            }
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
                let binding = bindings.named.iter().find(|it| it.value == BindingValue::Expr(value))?;
                return Some(binding.name.as_str()).filter(names_owner).map(SmolStr::from);
            }
            _ => return None,
        }
    }
}

/// Every rule that the repository has, and what it says of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SecretRules {
    /// The entries of each `secrets.nix`, file by file.
    pub agenix: Vec<AgenixRule>,
    /// The `.sops.yaml` files that hold for some declared secret, with their rules in order.
    pub sops: Vec<(SourceFile, Vec<SopsRule>)>,
}

/// The rules of the repository: every `secrets.nix`, and the `.sops.yaml` above each of `files`.
pub(crate) fn secret_rules<'a>(
    db: &dyn Db,
    project: Project,
    files: impl Iterator<Item = &'a VfsPath>,
) -> SecretRules {
    let mut rules = SecretRules::default();
    let paths = project.files(db).iter().filter(|path| path.file_name() == "secrets.nix");
    let all: Vec<(SourceFile, &Vec<AgenixRule>)> = paths
        .map(|path| nixscope_db::source(db, path))
        .map(|file| (file, agenix_rules(db, project, file)))
        .collect();
    // A part of another file's rules names its files from there.
    let is_part = |file: SourceFile| {
        let mut others = all.iter().filter(|(other, _)| *other != file).flat_map(|(_, rules)| rules.iter());
        others.any(|rule| rule.place.is_some_and(|place| place.source == file))
    };
    for (file, own) in &all {
        let is_part = is_part(*file);
        let is_there = |rule: &&AgenixRule| nixscope_db::kind(db, &rule.file) != EntryKind::Missing;
        rules.agenix.extend(own.iter().filter(|rule| !is_part || is_there(rule)).cloned());
    }
    for file in files {
        let Some(config) = sops_config(db, project.root(db), file) else { continue };
        if rules.sops.iter().all(|(known, _)| *known != config) {
            rules.sops.push((config, sops_rules(db, config).clone()));
        }
    }
    rules.sops.sort_by(|a, b| a.0.path(db).cmp(b.0.path(db)));
    rules
}

/// Who can decrypt a declared secret, sorted by name.
///
/// The configuration itself says so for secrix and agenix-rekey, `secrets.nix` for agenix; a sops file
/// says it itself, and where it is not there the rule that would make it does. Empty where nothing is
/// known. A key that is some host's own is called by the host's name.
pub fn recipients_of(db: &dyn Db, fleet: &FleetIndex, secret: &SecretDeclaration) -> Vec<Recipient> {
    let mut found = secret.recipients.clone();
    if let Some(file) = &secret.file {
        match secret.backend {
            SecretBackend::Agenix => {
                let rules = fleet.secret_rules.agenix.iter().filter(|rule| rule.file == *file);
                found.extend(rules.flat_map(|rule| rule.recipients.iter().cloned()));
            }
            SecretBackend::Sops | SecretBackend::Clan => found.extend(sops_recipients(db, fleet, file)),
            SecretBackend::Secrix | SecretBackend::Systemd => {}
        }
    }
    for recipient in &mut found {
        if let Some(host) = host_of_key(fleet, recipient) {
            recipient.name = Some(host);
        }
    }
    found.sort_by(|a, b| (a.label(), &a.key).cmp(&(b.label(), &b.key)));
    found.dedup_by(|a, b| a.key == b.key);
    found
}

/// The recipients in a sops file's metadata, called as its rules call them; else those of its rule.
fn sops_recipients(db: &dyn Db, fleet: &FleetIndex, file: &VfsPath) -> Vec<Recipient> {
    let named = |key: &Recipient| {
        let rules = fleet.secret_rules.sops.iter().flat_map(|(_, rules)| rules);
        rules.flat_map(|rule| &rule.recipients).find(|it| it.key == key.key && it.name.is_some()).cloned()
    };
    let own = &super::encrypted::encrypted_file(db, nixscope_db::source(db, file)).recipients;
    if !own.is_empty() {
        return own.iter().map(|it| named(it).unwrap_or_else(|| it.clone())).collect();
    }
    let mut directories: Vec<&SourceFile> =
        fleet.secret_rules.sops.iter().map(|(config, _)| config).collect();
    directories.retain(|config| config.path(db).parent().is_some_and(|it| file.starts_with(&it)));
    let nearest = directories.into_iter().max_by_key(|config| config.path(db).as_str().len());
    let rule = nearest.and_then(|config| sops_rule(db, *config, file));
    rule.map(|rule| rule.recipients.clone()).unwrap_or_default()
}

/// The host whose own key this is, as the host's configuration says.
fn host_of_key(fleet: &FleetIndex, recipient: &Recipient) -> Option<SmolStr> {
    let owner =
        fleet.hosts.iter().find(|(_, index)| index.public_keys.iter().any(|key| recipient.is_key(key)));
    owner.map(|(host, _)| host.name.clone())
}
