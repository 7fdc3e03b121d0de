//! What a secret's file shows without being decrypted: whether it is encrypted, for whom, and in a sops
//! file the names of its keys.
//!
//! **Invariant:** nothing of a file's values is kept; names, recipients and the kind of encryption are.

use nixscope_db::{Db, EntryKind, FileText, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use smol_str::SmolStr;

use super::recipients::Recipient;
use super::tree::{NodeId, Tree};

/// How a file is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encryption {
    /// There is no such file.
    Missing,
    /// age: by agenix, ragenix, agenix-rekey, secrix.
    Age,
    /// sops.
    Sops,
    /// OpenPGP.
    Pgp,
    /// git-crypt, locked; with the key it is plain text on disk.
    GitCrypt,
    /// Bytes that are no text; what they are is not known.
    Binary,
    /// Nothing in it.
    Empty,
    /// It can be read as it is.
    Plain,
}

/// What a secret's file shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EncryptedFile {
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Who can decrypt it, as the file itself says. age says so of no file; sops of all.
    pub recipients: Vec<Recipient>,
    /// The keys in a sops file, nested ones with `/` between, with their places in bytes (0 where not
    /// known). Empty for a binary one.
    pub keys: Vec<(SmolStr, u32)>,
}

impl EncryptedFile {
    /// Whether a sops file has a key, or something below it. None where its keys are not known.
    pub fn has_key(&self, key: &str) -> Option<bool> {
        if self.encryption != Encryption::Sops || self.keys.is_empty() {
            return None;
        }
        let below = |known: &str| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('/'));
        Some(self.keys.iter().any(|(known, _)| known == key || below(known)))
    }
}

/// What a file shows. Re-evaluated when the file changes.
#[salsa::tracked(returns(ref))]
pub fn encrypted_file(db: &dyn Db, source: SourceFile) -> EncryptedFile {
    let only = |encryption| EncryptedFile { encryption, recipients: Vec::new(), keys: Vec::new() };
    let text = match source.text(db) {
        FileText::Text(text) => text,
        FileText::Encrypted => return only(Encryption::GitCrypt),
        FileText::NotUtf8(_) | FileText::TooLarge(_) => return only(Encryption::Binary),
        FileText::Unreadable(_) => {
            let there = nixscope_db::kind(db, source.path(db)) == EntryKind::File;
            return only(if there { Encryption::Binary } else { Encryption::Missing });
        }
    };
    let start = text.trim_start();
    if start.is_empty() {
        only(Encryption::Empty)
    } else if start.starts_with("age-encryption.org/") || start.starts_with("-----BEGIN AGE ENCRYPTED FILE") {
        only(Encryption::Age)
    } else if start.starts_with("-----BEGIN PGP MESSAGE") {
        only(Encryption::Pgp)
    } else {
        sops_file(source.path(db), text).unwrap_or_else(|| only(Encryption::Plain))
    }
}

/// The mark of a value that sops has encrypted.
const SOPS_MARK: &str = "ENC[AES256_GCM";

/// What sops has written; none where it has not. Source: sops' `stores` packages.
fn sops_file(path: &VfsPath, text: &str) -> Option<EncryptedFile> {
    if !text.contains(SOPS_MARK) {
        return None;
    }
    let mut file = EncryptedFile { encryption: Encryption::Sops, recipients: Vec::new(), keys: Vec::new() };
    let json = || text.trim_start().starts_with('{').then(|| Tree::json(text)).flatten();
    let yaml = || {
        let ending = path.as_str().rsplit('.').next().unwrap_or("");
        let flat = matches!(ending, "env" | "ini" | "conf");
        (!flat).then(|| Tree::yaml(text)).flatten()
    };
    let tree = json().or_else(yaml);
    match tree.as_ref().and_then(|tree| Some((tree, tree.root()?))) {
        Some((tree, root)) => {
            let meta = tree.get(root, "sops");
            if let Some(meta) = meta {
                recipients(tree, meta, None, &mut file.recipients);
            }
            keys(tree, root, "", 0, &mut file.keys);
            // A binary file is one value under `data`.
            if matches!(file.keys.as_slice(), [(only, 0)] if only == "data") {
                file.keys.clear();
            }
        }
        None => flat(text, &mut file),
    }
    Some(file)
}

/// The keys of a mapping and of those in it.
fn keys(tree: &Tree, node: NodeId, prefix: &str, depth: u32, out: &mut Vec<(SmolStr, u32)>) {
    for (name, at, value) in tree.entries(node) {
        if depth == 0 && name == "sops" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if tree.entries(*value).is_empty() {
            out.push((path.into(), *at));
        } else {
            keys(tree, *value, &format!("{path}/"), depth + 1, out);
        }
    }
}

/// The lists of recipients in sops' metadata, and in a rule of `.sops.yaml`, with the name that each
/// entry has for its key.
const KEY_LISTS: &[(&str, &str)] = &[
    ("age", "recipient"),
    ("pgp", "fp"),
    ("kms", "arn"),
    ("gcp_kms", "resource_id"),
    ("azure_kv", "vault_url"),
    ("azure_keyvault", "vaultUrl"),
    ("hc_vault", "vault_address"),
    ("hc_vault_transit_uri", ""),
];

/// The recipients that a set of lists names: in a file's metadata, a key group, a creation rule.
/// With `source`, the recipients have places in it.
pub(super) fn recipients(tree: &Tree, node: NodeId, source: Option<SourceFile>, out: &mut Vec<Recipient>) {
    let place =
        |node| source.map(|source| SourcePlace { source, kind: PlaceKind::Offset(tree.offset(node)) });
    for (list, field) in KEY_LISTS {
        let Some(list) = tree.get(node, list) else { continue };
        if let Some(text) = tree.scalar(list) {
            // `age: key,key`, as old rules have it.
            let name = tree.anchor(list);
            out.extend(text.split(',').filter_map(|it| recipient(it, name, place(list))));
        }
        for item in tree.items(list) {
            let (node, name) = match tree.get(*item, field) {
                Some(node) => (node, tree.anchor(node)),
                None => (*item, tree.anchor(*item)),
            };
            // `- [*a, *b]`: a list in a list is joined, as sops does.
            for node in std::iter::once(node).chain(tree.items(node).iter().copied()) {
                let name = tree.anchor(node).or(name);
                out.extend(tree.scalar(node).and_then(|text| recipient(text, name, place(node))));
            }
        }
    }
    for group in tree.get(node, "key_groups").iter().flat_map(|groups| tree.items(*groups)) {
        recipients(tree, *group, source, out);
    }
    let mut seen: Vec<SmolStr> = Vec::new();
    out.retain(|it| {
        let new = !seen.contains(&it.key);
        seen.push(it.key.clone());
        new
    });
}

fn recipient(text: &str, name: Option<&str>, place: Option<SourcePlace>) -> Option<Recipient> {
    let nothing = matches!(text.trim(), "null" | "~");
    Recipient::parse(text, name.map(SmolStr::from), place).filter(|_| !nothing)
}

/// dotenv and INI: `KEY=value` under `[section]`s. The metadata's names are flat there:
/// `sops_age__list_0__map_recipient`.
fn flat(text: &str, file: &mut EncryptedFile) {
    let mut section = String::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let at = offset;
        offset += u32::try_from(line.len()).unwrap_or(0);
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_string();
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(['#', ';'])) else {
            continue;
        };
        let key = key.trim();
        let meta = match section.as_str() {
            "sops" => Some(key),
            "" => key.strip_prefix("sops_"),
            _ => None,
        };
        match meta {
            Some(name) => {
                let wanted = KEY_LISTS.iter().any(|(list, field)| {
                    name.starts_with(&format!("{list}__list_")) && name.ends_with(&format!("__map_{field}"))
                });
                if wanted {
                    file.recipients.extend(recipient(value.trim(), None, None));
                }
            }
            None if section.is_empty() => file.keys.push((key.into(), at)),
            None => file.keys.push((format!("{section}/{key}").into(), at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, text: &str) -> String {
        let Some(file) = sops_file(&VfsPath::new(name), text) else { return "not sops".into() };
        let keys: Vec<&str> = file.keys.iter().map(|(key, _)| key.as_str()).collect();
        let recipients: Vec<SmolStr> = file.recipients.iter().map(Recipient::label).collect();
        let debug = format!("{file:?}");
        assert!(!debug.contains("c2VjcmV0") && !debug.contains("ENC["), "a value was kept");
        format!("{} | {}", keys.join(" "), recipients.join(" "))
    }

    const VALUE: &str = "ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]";

    #[test]
    fn keys_and_recipients_of_every_format() {
        let yaml = format!(
            "db:\n    password: {VALUE}\n    users:\n        a: {VALUE}\ntoken: {VALUE}\nsops:\n    age:\n        - recipient: age1web\n          enc: |\n            x\n    pgp:\n        - fp: ABCD\n    mac: {VALUE}\n"
        );
        assert_eq!(shown("/s.yaml", &yaml), "db/password db/users/a token | age1web ABCD");
        let json = format!(
            "{{\n\t\"db\": {{\n\t\t\"password\": \"{VALUE}\"\n\t}},\n\t\"sops\": {{\"age\": [{{\"recipient\": \"age1web\"}}]}}\n}}"
        );
        assert_eq!(shown("/s.json", &json), "db/password | age1web");
        let binary = format!("{{\n\t\"data\": \"{VALUE}\",\n\t\"sops\": {{\"age\": null}}\n}}");
        assert_eq!(shown("/key.bin", &binary), " | ");
        let env = format!("TOKEN={VALUE}\n#{VALUE}\nsops_age__list_0__map_recipient=age1web\nsops_mac=x\n");
        assert_eq!(shown("/s.env", &env), "TOKEN | age1web");
        let ini = format!("[db]\npassword = {VALUE}\n[sops]\nage__list_0__map_recipient = age1web\n");
        assert_eq!(shown("/s.ini", &ini), "db/password | age1web");
        assert_eq!(shown("/s.yaml", "token: abc\n"), "not sops");
    }
}
