//! Which keys are a host's own: what its configuration says, else what the repository calls by the host's name.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::recipients::Recipient;
use crate::index::{FleetIndex, SecretBackend};

/// The keys that the repository's rules name, for one tool: each once.
#[derive(Clone, Debug)]
pub struct NamedKeys {
    /// The words of a name, and the key.
    keys: Vec<(Vec<String>, SmolStr)>,
}

/// The keys that a host has itself, as far as the repository says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnKeys {
    /// The words of the host's name.
    host: Vec<String>,
    /// Its keys; empty where nothing says which they are.
    keys: Vec<SmolStr>,
}

/// Words that a repository puts before or behind a host's name to call its key.
const WORDS: &[&str] =
    &["host", "hosts", "server", "system", "machine", "nixos", "root", "key", "age", "ssh"];

impl NamedKeys {
    /// The keys that the rules of a tool name.
    pub fn of(fleet: &FleetIndex, backend: SecretBackend) -> NamedKeys {
        let mut named = NamedKeys { keys: Vec::new() };
        let mut known: FxHashSet<(&str, &str)> = FxHashSet::default();
        let (agenix, sops) = (&fleet.secret_rules.agenix, &fleet.secret_rules.sops);
        let of_agenix = agenix.iter().flat_map(|rule| &rule.recipients);
        let of_sops = sops.iter().flat_map(|(_, rules)| rules).flat_map(|rule| &rule.recipients);
        let recipients: Vec<&Recipient> = match backend {
            SecretBackend::Agenix => of_agenix.collect(),
            SecretBackend::Sops => of_sops.collect(),
            SecretBackend::Secrix | SecretBackend::Systemd | SecretBackend::Clan => Vec::new(),
        };
        for recipient in recipients {
            if let Some(name) = &recipient.name
                && known.insert((name, &recipient.key))
            {
                named.keys.push((words(name), recipient.key.clone()));
            }
        }
        named
    }

    /// The keys of a host: what its configuration says, and those that are called by its name.
    pub fn of_host(&self, fleet: &FleetIndex, host: &str) -> OwnKeys {
        let mut keys: Vec<SmolStr> = Vec::new();
        let configured = fleet.hosts.iter().filter(|(it, _)| it.name == host);
        for key in configured.flat_map(|(_, index)| &index.public_keys) {
            keys.extend(Recipient::parse(key, None, None).map(|it| it.key));
        }
        let host = words(host);
        for (name, key) in &self.keys {
            if is_key_name(name, &host) && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        OwnKeys { host, keys }
    }
}

impl OwnKeys {
    /// Whether some of recipients can be the host. None where that cannot be told: its keys are not known, or one of
    /// the recipients may be it under another name.
    pub fn are_among(&self, recipients: &[Recipient]) -> Option<bool> {
        if self.keys.is_empty() {
            return None;
        }
        if recipients.iter().any(|it| self.keys.contains(&it.key)) {
            return Some(true);
        }
        let others = recipients.iter().all(|it| {
            let is_key = it.key.starts_with("ssh-") || it.key.starts_with("age1") || is_fingerprint(&it.key);
            is_key && it.name.as_ref().is_some_and(|name| !may_name(name, &self.host))
        });
        (others && !recipients.is_empty()).then_some(false)
    }
}

/// The fingerprint of an OpenPGP key. Other recipients are keys in somebody's cloud, to which a host may have access.
fn is_fingerprint(key: &str) -> bool {
    key.len() >= 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn words(name: &str) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).map(String::from).collect()
}

/// Whether a name is what a repository calls a host's key: `web`, `host_web`, `root@web`.
fn is_key_name(mut name: &[String], host: &[String]) -> bool {
    if name.len() > host.len() && WORDS.contains(&name[0].as_str()) {
        name = &name[1..];
    }
    if name.len() > host.len() && WORDS.contains(&name[name.len() - 1].as_str()) {
        name = &name[..name.len() - 1];
    }
    name == host
}

/// Whether a name may be that of a key of the host. `alice@web` is alice's.
fn may_name(name: &str, host: &[String]) -> bool {
    if name.split_once('@').is_some_and(|(user, _)| user != "root") {
        return false;
    }
    !host.is_empty() && words(name).windows(host.len()).any(|part| part == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(name: &str, key: &str) -> Recipient {
        Recipient { name: (!name.is_empty()).then(|| name.into()), key: key.into(), place: None }
    }

    #[test]
    fn names_of_keys() {
        for name in ["web-1", "host_web_1", "root@web-1", "Web_1", "web-1-host", "server_web_1_key"] {
            assert!(is_key_name(&words(name), &words("web-1")), "{name}");
        }
        for name in ["web", "alice@web-1", "web-11", "alice_web_1", "old_web_1", "host"] {
            assert!(!is_key_name(&words(name), &words("web-1")), "{name}");
        }
        assert!(is_key_name(&words("host"), &words("host")));
    }

    #[test]
    fn silent_where_a_recipient_may_be_the_host() {
        let keys = OwnKeys { host: words("web"), keys: vec!["age1web".into()] };
        let alice = recipient("alice", "age1alice");
        assert_eq!(keys.are_among(&[alice.clone(), recipient("", "age1web")]), Some(true));
        assert_eq!(keys.are_among(std::slice::from_ref(&alice)), Some(false));
        assert_eq!(keys.are_among(&[alice.clone(), recipient("", "age1x")]), None);
        assert_eq!(keys.are_among(&[alice.clone(), recipient("web_backup", "age1x")]), None);
        assert_eq!(keys.are_among(&[recipient("alice@web", "ssh-ed25519 A")]), Some(false));
        assert_eq!(keys.are_among(&[recipient("cloud", "arn:aws:kms")]), None);
        assert_eq!(keys.are_among(&[]), None);
        let unknown = OwnKeys { host: words("web"), keys: Vec::new() };
        assert_eq!(unknown.are_among(&[alice]), None);
    }
}
